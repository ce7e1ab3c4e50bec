"""Gold is found again in any reading of its article, and nothing is placed where it is not."""

import random
import re
import time
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmine.gold.alignment import Alignment, align, select_gold
from litmine.gold.fingerprints import normalise
from litmine.gold.model import Gold
from litmine.gold.sequences import UNMATCHED, match_tokens
from litmine.gold.store import read_gold, read_gold_set
from litmine.gold.surfaces import similarity

ROOT = Path(__file__).parent.parent
GOLD = read_gold(ROOT / "annotations" / "sample")
INSERTED = "Figure 7. Running matter of a page that names HER2, AKT and trastuzumab as well.\n\n"
Span = tuple[int, int]


def _sample_sentences() -> list[str]:
    header, *lines = (ROOT / "corpora/sample/annotation/sentences.tsv").read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index("text")
    return [line.split("\t")[column] for line in lines]


SENTENCES = _sample_sentences()


def _paragraphs() -> list[range]:
    """Sentence numbers of each paragraph."""
    numbers = [sentence.paragraph for sentence in GOLD.sentences]
    starts = [i for i, number in enumerate(numbers) if i == 0 or number != numbers[i - 1]]
    return [range(a, b) for a, b in pairwise([*starts, len(numbers)])]


def _lay_out(order: list[range], inserted_before: Collection[int] = ()) -> tuple[str, dict[int, int]]:
    """A text with the paragraphs in this order, and where each sentence starts in it."""
    parts: list[str] = []
    starts: dict[int, int] = {}
    at = 0
    for number, paragraph in enumerate(order):
        pieces = [INSERTED] if number in inserted_before else []
        at += sum(map(len, pieces))
        for i in paragraph:
            starts[i] = at
            gap = " " if i != paragraph[-1] else "\n\n"
            pieces.append(SENTENCES[i] + gap)
            at += len(pieces[-1])
        parts += pieces
    return "".join(parts), starts


def _true_spans(starts: dict[int, int]) -> list[Span | None]:
    return [
        (starts[m.sentence] + m.start, starts[m.sentence] + m.end) if m.sentence in starts else None
        for m in GOLD.mentions
    ]


def _damage(text: str, rng: random.Random, share: float) -> tuple[str, list[int]]:
    """`text` with a share of its words damaged, and for each old offset the new one."""
    parts: list[str] = []
    moved: list[int] = []
    at = 0
    for match in re.finditer(r"\w+|\W+", text):
        word = match[0]
        new = word
        if word[0].isalnum() and rng.random() < share:
            cut = rng.randrange(len(word))
            new = rng.choice(
                [
                    word[:cut] + "-\n" + word[cut:],
                    word[:cut] + " " + word[cut:],
                    word[:cut] + rng.choice("aeiou") + word[cut + 1 :],
                    word[:cut] + word[cut + 1 :],
                    word + word[-1],
                ]
            )
        moved += (at + round(k * len(new) / len(word)) for k in range(len(word)))
        parts.append(new)
        at += len(new)
    return "".join(parts), [*moved, at]


def test_every_mention_is_found_in_the_text_itself() -> None:
    text, starts = _lay_out(_paragraphs())
    assert list(align(GOLD, text).mentions) == _true_spans(starts)


def test_sentences_are_found_from_their_first_to_their_last_word() -> None:
    text, starts = _lay_out(_paragraphs())
    for i, pieces in enumerate(align(GOLD, text).sentences):
        (start, end), sentence = pieces[0], SENTENCES[i]
        assert len(pieces) == 1
        assert start - starts[i] == re.search(r"[^\W_]", sentence).start()  # type: ignore[union-attr]
        assert normalise(text[start:end]) == normalise(sentence)


def test_blocks_may_stand_in_another_order_with_others_between() -> None:
    paragraphs = _paragraphs()
    order = paragraphs[:6] + paragraphs[20:28] + paragraphs[6:20] + paragraphs[28:]
    text, starts = _lay_out(order, inserted_before={2, 9, 17, 30})
    assert list(align(GOLD, text).mentions) == _true_spans(starts)


def test_missing_paragraphs_are_missed_and_nothing_takes_their_place() -> None:
    paragraphs = _paragraphs()
    text, starts = _lay_out(paragraphs[:8] + paragraphs[16:], inserted_before={8})
    alignment = align(GOLD, text)
    assert list(alignment.mentions) == _true_spans(starts)
    assert not any(alignment.sentences[i] for paragraph in paragraphs[8:16] for i in paragraph)


def test_a_mention_cut_by_a_page_s_foot_is_not_placed_over_it() -> None:
    text, starts = _lay_out(_paragraphs())
    number, mention = next(
        (i, m) for i, m in enumerate(GOLD.mentions) if " " in m.text and "…" not in m.text and m.start > 20
    )
    space = starts[mention.sentence] + mention.start + mention.text.index(" ")
    place = align(GOLD, text[:space] + "\n\nThe litmine project 5\n\n" + text[space:]).mentions[number]
    assert place is None


def test_other_hyphenation_and_spelling_of_the_whole_text_lose_nothing() -> None:
    text, _ = _lay_out(_paragraphs())
    hyphenated = re.sub(r"([a-z]{4})([a-z]{4})", lambda m: f"{m[1]}-\n{m[2]}", text)
    respelt = text.upper().replace("-", "‐").replace(" ", "\n")
    assert None not in align(GOLD, respelt).mentions
    found = align(GOLD, hyphenated).mentions
    assert sum(place is not None for place in found) >= 0.9 * len(found)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(min_value=0))
def test_damaged_readings_keep_most_mentions_and_misplace_none(seed: int) -> None:
    rng = random.Random(seed)
    order = _paragraphs()
    for _ in range(4):
        order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    clean, starts = _lay_out(order, inserted_before={rng.randrange(len(order)) for _ in range(3)})
    text, moved = _damage(clean, rng, share=0.05)
    places = align(GOLD, text).mentions
    for mention, place, true in zip(GOLD.mentions, places, _true_spans(starts), strict=True):
        if place is not None:
            assert true is not None
            assert abs(place[0] - moved[true[0]]) <= 2
            assert abs(place[1] - moved[true[1]]) <= 2
            assert similarity(mention.text, text[slice(*place)]) >= 0.75
    assert sum(place is not None for place in places) >= 0.97 * len(places)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_texts_of_something_else_get_nothing(text: str) -> None:
    alignment = align(GOLD, text)
    assert not any(alignment.mentions)
    assert select_gold([GOLD], [text]) == [None]


_values = st.lists(st.integers(0, 30), max_size=80)


@given(_values, _values)
def test_matched_tokens_are_equal_and_given_once(a: list[int], b: list[int]) -> None:
    matched = match_tokens(a, b)
    given = [j for j in matched if j != UNMATCHED]
    assert len(matched) == len(a)
    assert len(given) == len(set(given))
    assert all(a[i] == b[j] for i, j in enumerate(matched) if j != UNMATCHED)


@given(_values)
def test_a_sequence_matches_itself(values: list[int]) -> None:
    assert match_tokens(values, values) == list(range(len(values)))


def test_long_sequences_with_a_moved_block_match_whole() -> None:
    values = random.Random(5).choices(range(4096), k=9000)
    order = [*range(3000), *range(5000, 9000), *range(3000, 5000)]
    matched = match_tokens(values, [values[i] for i in order])
    assert [order[j] for j in matched] == list(range(9000))


@pytest.mark.parametrize(
    ("span", "sentences"),
    [
        ((0, 100), {0}),
        ((0, 210), {0, 1}),
        ((0, 120), {0}),
        ((60, 90), {0}),
        ((95, 200), {1}),
        ((210, 240), set()),
        ((230, 330), {2}),
        ((300, 400), {2}),
    ],
)
def test_sentences_of_a_reading_are_gold_sentences_by_half_of_the_shorter(span: Span, sentences: set[int]) -> None:
    alignment = Alignment(mentions=(), sentences=(((0, 100),), ((101, 200),), ((250, 260), (300, 330)), ()))
    assert alignment.gold_sentences(*span) == sentences


def test_touched_sentences_share_at_least_a_character() -> None:
    alignment = Alignment(mentions=(), sentences=(((0, 100),), ((101, 200),)))
    assert alignment.touched(99, 102) == {0, 1}
    assert alignment.touched(100, 101) == set()
    assert alignment.touched(200, 300) == set()


def test_each_reading_gets_its_article() -> None:
    golds = read_gold_set(ROOT / "annotations")
    text, _ = _lay_out(_paragraphs())
    at = next(i for i, gold in enumerate(golds) if gold.id == "sample")
    assert select_gold(golds, [text, INSERTED, "", text[: len(text) // 2]]) == [at, None, None, at]
    assert select_gold([], [text]) == [None]


def _review(shared: Path) -> tuple[Gold, Path]:
    return read_gold(ROOT / "annotations" / "trastuzumab-resistance"), shared / "corpora" / "trastuzumab-resistance"


def test_the_review_is_found_in_its_clean_text_at_its_true_places(shared: Path) -> None:
    gold, folder = _review(shared)
    lines = (shared / "annotation" / gold.id / "sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]
    starts = [int(line.split("\t")[3]) for line in lines]
    began = time.perf_counter()
    alignment = align(gold, (folder / "review.txt").read_text(encoding="utf-8"))
    assert time.perf_counter() - began < 1
    expected = [(starts[m.sentence] + m.start, starts[m.sentence] + m.end) for m in gold.mentions]
    assert list(alignment.mentions) == expected


@pytest.mark.parametrize("name", ["review.md", "review-onecol.pdf", "review-twocol.pdf"])
def test_the_review_is_found_in_other_readings(shared: Path, name: str) -> None:
    import pypdfium2

    gold, folder = _review(shared)
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(folder / name) as pdf:
            text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    else:
        text = (folder / name).read_text(encoding="utf-8")
    alignment = align(gold, text)
    found = [
        (mention, text[slice(*place)])
        for mention, place in zip(gold.mentions, alignment.mentions, strict=True)
        if place is not None
    ]
    assert len(found) >= 0.995 * len(gold.mentions)
    assert all(similarity(mention.text, surface) >= 0.75 for mention, surface in found)
    assert all(alignment.sentences)
