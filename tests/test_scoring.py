"""The scorer says what its definitions say: held against oracles, against properties, and against known agreement."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmine.errors import GoldError
from litmine.gold.store import read_gold
from litmine.records import UNSPECIFIED, Certainty, MentionType, Polarity, Role, State
from litmine.scoring.agreement import score_agreement
from litmine.scoring.baseline import cooccurring, score_cooccurrence
from litmine.scoring.counts import NO_INTERVALS, Resampling, Score, f_interval
from litmine.scoring.matching import best_pairs
from litmine.scoring.mentions import ALL, MEASURES, ScoredMention, match_mentions, score_mentions
from litmine.scoring.triples import (
    LEVELS,
    ScoredTriple,
    match_triples,
    score_attributes,
    score_triples,
    score_triples_by_evidence,
)
from tests import oracles

REVIEW = Path(__file__).parent.parent / "annotations" / "trastuzumab-resistance"


def _mention(
    start: int,
    end: int,
    type_: MentionType = MentionType.GENE,
    concept: str | None = "ERBB2",
    document: str = "d",
    paragraph: int = 0,
) -> ScoredMention:
    return ScoredMention(document, paragraph, (start, end), type_, concept)


def _triple(
    drug: str = "lapatinib",
    gene: str = "ERBB2",
    mechanism: str = "apoptosis",
    evidence: Sequence[int] = (1,),
    references: Sequence[int] = (),
    role: Role = Role.ACTION,
    state: State = State.UP,
    polarity: Polarity = Polarity.ASSERTED,
    certainty: Certainty = Certainty.STATED,
    document: str = "d",
    paragraph: int = 0,
) -> ScoredTriple:
    return ScoredTriple(
        document,
        paragraph,
        drug,
        gene,
        mechanism,
        role,
        state,
        polarity,
        certainty,
        frozenset(evidence),
        frozenset(references),
    )


_places = st.builds(lambda start, length: (start, start + length), st.integers(0, 12), st.integers(1, 5))
_mentions = st.lists(
    st.builds(
        ScoredMention,
        document=st.sampled_from("de"),
        paragraph=st.integers(0, 2),
        place=st.none() | _places,
        type=st.sampled_from([MentionType.GENE, MentionType.DRUG]),
        concept=st.sampled_from(["A", "B", None]),
    ),
    max_size=5,
)
_triples = st.lists(
    st.builds(
        ScoredTriple,
        document=st.sampled_from("de"),
        paragraph=st.integers(0, 2),
        drug=st.just("x"),
        gene=st.sampled_from("GH"),
        mechanism=st.sampled_from(["wnt", UNSPECIFIED]),
        role=st.sampled_from(list(Role)[:2]),
        state=st.sampled_from(list(State)[:2]),
        polarity=st.sampled_from(Polarity),
        certainty=st.sampled_from(Certainty),
        evidence=st.frozensets(st.integers(0, 3), max_size=2),
        references=st.frozensets(st.integers(1, 2), max_size=1),
    ),
    max_size=5,
)


def _placed(mentions: list[ScoredMention]) -> list[ScoredMention]:
    return [mention for mention in mentions if mention.place is not None]


def _counts(score: Score) -> tuple[int, int, int]:
    return score.n_gold, score.n_predicted, score.n_matched


# Mentions


@given(_mentions, _mentions)
def test_mention_scores_equal_the_oracles(gold: list[ScoredMention], predicted: list[ScoredMention]) -> None:
    scores = score_mentions(gold, predicted, NO_INTERVALS)
    for measure in MEASURES:
        concept = measure.endswith("concept")
        count = oracles.strict_matches if measure.startswith("strict") else oracles.relaxed_matches
        for type_ in (*MentionType, ALL):
            golds = [m for m in gold if type_ in (ALL, m.type)]
            predictions = [m for m in predicted if type_ in (ALL, m.type)]
            expected = len(golds), len(predictions), count(golds, predictions, concept)
            assert _counts(scores[measure][type_]) == expected
            assert scores[measure][type_].f == pytest.approx(oracles.f1(expected[2], *expected[:2]))


@given(_mentions, _mentions)
def test_swapping_gold_and_predicted_swaps_precision_and_recall(
    gold: list[ScoredMention], predicted: list[ScoredMention]
) -> None:
    one, other = score_mentions(gold, predicted, NO_INTERVALS), score_mentions(predicted, gold, NO_INTERVALS)
    for measure in MEASURES:
        a, b = one[measure][ALL], other[measure][ALL]
        assert (a.precision, a.recall, a.f) == (b.recall, b.precision, b.f)
        assert 0 <= a.precision <= 1 and 0 <= a.recall <= 1
        assert min(a.precision, a.recall) <= a.f <= max(a.precision, a.recall)


@given(_mentions, _mentions, st.randoms(use_true_random=False))
def test_the_order_of_mentions_makes_no_difference(
    gold: list[ScoredMention], predicted: list[ScoredMention], rng: random.Random
) -> None:
    few = Resampling(n=20)
    before = score_mentions(gold, predicted, few)
    rng.shuffle(gold)
    rng.shuffle(predicted)
    after = score_mentions(gold, predicted, few)
    for measure, rows in before.items():
        assert {name: _counts(score) for name, score in rows.items()} == {
            name: _counts(score) for name, score in after[measure].items()
        }
    assert before["strict"] == after["strict"] or _has_equal_spans(gold) or _has_equal_spans(predicted)


def _has_equal_spans(mentions: list[ScoredMention]) -> bool:
    """Then it is undecided which of them is matched, and with it in which paragraph."""
    return len({(m.document, m.place, m.type) for m in mentions}) < len(mentions)


@given(_mentions)
def test_the_gold_itself_is_perfect(gold: list[ScoredMention]) -> None:
    placed = [mention for mention in _placed(gold) if mention.concept]
    for rows in score_mentions(placed, placed, NO_INTERVALS).values():
        assert rows[ALL].f == (1.0 if placed else 0.0)


@given(_mentions, _mentions, st.data())
def test_one_more_right_mention_never_lowers_recall(
    gold: list[ScoredMention], predicted: list[ScoredMention], data: st.DataObject
) -> None:
    placed = _placed(gold)
    if not placed:
        return
    more = [*predicted, data.draw(st.sampled_from(placed))]
    before, after = score_mentions(gold, predicted, NO_INTERVALS), score_mentions(gold, more, NO_INTERVALS)
    for measure in MEASURES:
        assert after[measure][ALL].recall >= before[measure][ALL].recall


def test_relaxed_matching_is_not_greedy() -> None:
    gold = [_mention(0, 10), _mention(10, 20)]
    predicted = [_mention(8, 18), _mention(0, 9)]
    assert match_mentions(gold, predicted, "relaxed") == [(0, 1), (1, 0)]
    assert match_mentions(gold, predicted, "strict") == []


def test_among_equal_numbers_the_longest_overlap_is_matched() -> None:
    assert match_mentions([_mention(0, 10)], [_mention(8, 12), _mention(2, 9)], "relaxed") == [(0, 1)]


@pytest.mark.parametrize(
    "other",
    [
        _mention(10, 14),
        _mention(0, 4, type_=MentionType.DRUG),
        _mention(0, 4, document="e"),
    ],
)
def test_what_does_not_match_at_all(other: ScoredMention) -> None:
    assert match_mentions([_mention(0, 4)], [other], "relaxed") == []


def test_unlinked_mentions_match_no_concept() -> None:
    gold, predicted = [_mention(0, 4, concept=None)], [_mention(0, 4, concept=None)]
    assert match_mentions(gold, predicted, "strict") == [(0, 0)]
    assert match_mentions(gold, predicted, "strict+concept") == []


def test_gold_that_was_not_found_is_missed() -> None:
    gold = [_mention(0, 4), replace(_mention(6, 9), place=None)]
    score = score_mentions(gold, [_mention(0, 4)], NO_INTERVALS)["relaxed"]["Gene"]
    assert _counts(score) == (2, 1, 1)


# Triples


@settings(deadline=None)
@given(_triples, _triples)
def test_triple_scores_equal_the_oracles(gold: list[ScoredTriple], predicted: list[ScoredTriple]) -> None:
    scores, by_evidence = (
        score_triples(gold, predicted, NO_INTERVALS),
        score_triples_by_evidence(gold, predicted, NO_INTERVALS),
    )
    for number, level in enumerate(LEVELS):
        assert _counts(scores[level]) == oracles.document_counts(gold, predicted, number)
        matched = oracles.evidence_matches(gold, predicted, number)
        assert _counts(by_evidence[level]) == (len(gold), len(predicted), matched)
    accuracies = score_attributes(gold, predicted).values()
    n, *right = oracles.attribute_counts(gold, predicted)
    assert [accuracy.n_right for accuracy in accuracies] == right
    assert {accuracy.n for accuracy in accuracies} == {n}


@given(_triples, _triples, st.randoms(use_true_random=False))
def test_triple_scores_are_symmetric_and_know_no_order(
    gold: list[ScoredTriple], predicted: list[ScoredTriple], rng: random.Random
) -> None:
    one, other = score_triples(gold, predicted), score_triples(predicted, gold)
    shuffled = score_triples(rng.sample(gold, len(gold)), rng.sample(predicted, len(predicted)))
    assert shuffled == one
    for level in LEVELS:
        assert (one[level].precision, one[level].recall) == (other[level].recall, other[level].precision)


@given(_triples, _triples, st.data())
def test_one_more_right_triple_never_lowers_recall(
    gold: list[ScoredTriple], predicted: list[ScoredTriple], data: st.DataObject
) -> None:
    if not gold:
        return
    more = [*predicted, data.draw(st.sampled_from(gold))]
    for score in (score_triples, score_triples_by_evidence):
        before, after = score(gold, predicted, NO_INTERVALS), score(gold, more, NO_INTERVALS)
        assert all(after[level].recall >= before[level].recall for level in LEVELS)


@given(_triples)
def test_the_gold_triples_themselves_are_perfect(gold: list[ScoredTriple]) -> None:
    told = [triple for triple in gold if triple.evidence]
    for score in (score_triples, score_triples_by_evidence):
        assert {each.f for each in score(told, told, NO_INTERVALS).values()} == {1.0 if told else 0.0}
    assert {accuracy.share for accuracy in score_attributes(told, told).values()} == {1.0 if told else 0.0}


def test_a_claim_told_twice_counts_once_in_a_document_and_twice_by_evidence() -> None:
    gold = [_triple(evidence=[1]), _triple(evidence=[9])]
    predicted = [_triple(evidence=[1, 2])]
    assert _counts(score_triples(gold, predicted)["with all attributes"]) == (1, 1, 1)
    assert _counts(score_triples_by_evidence(gold, predicted)["drug-gene"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("other", "n_levels"),
    [
        (_triple(gene="EGFR"), 0),
        (_triple(document="e"), 0),
        (_triple(mechanism="wnt"), 1),
        (_triple(role=Role.RESISTANCE), 2),
        (_triple(state=State.DOWN), 3),
        (_triple(polarity=Polarity.NEGATED), 3),
        (_triple(certainty=Certainty.HEDGED), 3),
        (_triple(references=[4]), 4),
    ],
)
def test_levels_ask_for_more_and_more(other: ScoredTriple, n_levels: int) -> None:
    for score in (score_triples, score_triples_by_evidence):
        matched = [each.n_matched for each in score([_triple()], [other], NO_INTERVALS).values()]
        assert matched == [1] * n_levels + [0] * (4 - n_levels)


def test_pairs_are_chosen_so_that_evidence_and_attributes_agree() -> None:
    gold = [_triple(evidence=[1]), _triple(evidence=[5], role=Role.RESISTANCE)]
    predicted = [_triple(evidence=[5], role=Role.RESISTANCE), _triple(evidence=[1])]
    assert match_triples(gold, predicted, "drug-gene-mechanism", share_evidence=False) == [(0, 1), (1, 0)]


# Matching and intervals


_edges = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 3), max_size=12)


@settings(deadline=None)
@given(_edges)
def test_matching_is_the_best_of_all(worth: dict[tuple[int, int], int]) -> None:
    pairs = best_pairs((i, j, w) for (i, j), w in worth.items())
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    best = max(
        (len(every), sum(worth[pair] for pair in every))
        for every in oracles.iter_matchings(5, 5, lambda i, j: (i, j) in worth)
    )
    assert (len(pairs), sum(worth[pair] for pair in pairs)) == best


_units = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12)


def _items(rows: list[tuple[int, int, int]]) -> tuple[list[tuple[str, int]], ...]:
    """Items of units that have this many matched, only gold, and only predicted ones."""
    gold = [("d", unit) for unit, (matched, missed, _) in enumerate(rows) for _ in range(matched + missed)]
    predicted = [("d", unit) for unit, (matched, _, spurious) in enumerate(rows) for _ in range(matched + spurious)]
    return gold, predicted


def _interval(rows: list[tuple[int, int, int]], resampling: Resampling) -> tuple[float, float] | None:
    gold, predicted = _items(rows)
    pairs: list[tuple[int, int]] = []
    for unit, (matched, _, _) in enumerate(rows):
        pairs += ((gold.index(("d", unit)) + k, predicted.index(("d", unit)) + k) for k in range(matched))
    return f_interval(gold, predicted, pairs, resampling)


@given(_units)
def test_intervals_lie_within_bounds_and_are_repeatable(rows: list[tuple[int, int, int]]) -> None:
    resampling = Resampling(n=50)
    interval = _interval(rows, resampling)
    assert interval == _interval(rows, resampling)
    if any(map(any, rows)):
        assert interval is not None
        assert 0 <= interval[0] <= interval[1] <= 1
    else:
        assert interval is None


@pytest.mark.parametrize("seed", range(4))
def test_intervals_equal_the_oracle_s(seed: int) -> None:
    rng = random.Random(seed)
    rows = [(rng.randrange(8), rng.randrange(3), rng.randrange(4)) for _ in range(40)]
    resampling = Resampling(n=4000, seed=seed)
    counts = [
        (matched + missed, matched + spurious, matched)
        for matched, missed, spurious in rows
        if any((matched, missed, spurious))
    ]
    expected = oracles.bca_interval(counts, n=4000, seed=seed + 100, level=0.95)
    assert _interval(rows, resampling) == pytest.approx(expected, abs=0.01)


def test_intervals_are_wider_at_a_higher_level_and_none_when_not_asked_for() -> None:
    rows = [(k % 4, k % 3, k % 2) for k in range(30)]
    narrow, wide = _interval(rows, Resampling(level=0.5)), _interval(rows, Resampling(level=0.99))
    assert narrow is not None
    assert wide is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert _interval(rows, NO_INTERVALS) is None


def test_a_perfect_score_has_a_perfect_interval() -> None:
    assert _interval([(3, 0, 0), (2, 0, 0)], Resampling(n=50)) == (1.0, 1.0)


# What is known of the review


def test_the_agreement_of_the_review_s_annotators_is_reproduced() -> None:
    agreement = score_agreement(read_gold(REVIEW, "annotator-A"), read_gold(REVIEW, "annotator-B"), NO_INTERVALS)
    strict = agreement.mentions["strict"]
    assert {type_: round(strict[type_].f, 3) for type_ in MentionType} == {
        "Drug": 0.997,
        "Gene": 0.992,
        "Mechanism": 0.891,
    }
    assert {level: round(score.f, 3) for level, score in agreement.triples.items()} == {
        "drug-gene": 0.900,
        "drug-gene-mechanism": 0.900,
        "with role": 0.891,
        "with all attributes": 0.846,
    }


def test_layers_of_different_documents_have_no_agreement() -> None:
    with pytest.raises(GoldError, match="not layers of one document"):
        score_agreement(read_gold(REVIEW), read_gold(REVIEW.parent / "sample"))


def test_cooccurrence_on_the_review_s_gold_mentions_is_reproduced() -> None:
    scores = score_cooccurrence(read_gold(REVIEW), NO_INTERVALS)
    assert {level: round(score.f, 2) for level, score in scores.items()} == {
        "drug-gene": 0.73,
        "drug-gene-mechanism": 0.55,
    }


def test_cooccurrence_combines_what_stands_in_one_sentence() -> None:
    mentions = [
        (0, MentionType.DRUG, "lapatinib"),
        (0, MentionType.GENE, "ERBB2"),
        (0, MentionType.GENE, "EGFR"),
        (1, MentionType.DRUG, "lapatinib"),
        (1, MentionType.GENE, "PTEN"),
        (1, MentionType.MECHANISM, "pi3k_akt_mtor"),
        (2, MentionType.GENE, "SRC"),
        (2, MentionType.MECHANISM, "src"),
    ]
    pairs = cooccurring(mentions, "d", [0, 0, 1], with_mechanism=False)
    triples = cooccurring(mentions, "d", [0, 0, 1], with_mechanism=True)
    assert [(t.drug, t.gene, t.mechanism) for t in pairs] == [
        ("lapatinib", "EGFR", UNSPECIFIED),
        ("lapatinib", "ERBB2", UNSPECIFIED),
        ("lapatinib", "PTEN", UNSPECIFIED),
    ]
    assert [(t.drug, t.gene, t.mechanism, set(t.evidence)) for t in triples] == [
        ("lapatinib", "PTEN", "pi3k_akt_mtor", {1})
    ]
