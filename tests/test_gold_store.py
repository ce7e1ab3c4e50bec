"""Gold on disk: what is written is read back, what contradicts itself is refused with file and line."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.errors import GoldError
from litmine.gold.fingerprints import Token, decode_tokens, encode_tokens, fingerprint, iter_tokens, normalise
from litmine.gold.importing import import_annotated, main
from litmine.gold.store import find_gold, read_gold, read_gold_set, write_gold
from litmine.gold.surfaces import elide, similarity
from litmine.records import Kind, MentionType

ROOT = Path(__file__).parent.parent
ANNOTATIONS = ROOT / "annotations"

SENTENCES = [
    ("a0", "Front", "title", "Why lapatinib stops working"),
    ("a1", "1. Causes", "heading", "1. Causes"),
    ("a2", "1. Causes", "para", "Loss of PTEN keeps PI3K signaling on under lapatinib [3]."),
    ("a3", "1. Causes", "para", "IL-6 did not."),
]
MENTIONS = [
    ("a0", 4, 13, "lapatinib", "entity", "Drug", "lapatinib"),
    ("a2", 8, 12, "PTEN", "entity", "Gene", "PTEN"),
    ("a2", 0, 12, "Loss of PTEN", "mechanism", "Mechanism", "pi3k_akt_mtor"),
    ("a2", 19, 33, "PI3K signaling", "mechanism", "Mechanism", "pi3k_akt_mtor"),
    ("a3", 0, 4, "IL-6", "entity", "Gene", "IL6"),
]
TRIPLE = {
    "id": "t0",
    "drug": "lapatinib",
    "gene": "PTEN",
    "mechanism": "pi3k_akt_mtor",
    "role": "resistance",
    "state": "down",
    "polarity": "asserted",
    "certainty": "stated",
    "evidence": ["a2"],
    "refs": [3],
}
MENTION_FIELDS = ("sentence", "start", "end", "text", "layer", "type", "concept")
Rows = list[dict[str, Any]]


def _write_jsonl(file: Path, rows: Rows) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """A document as annotators deliver it."""
    folder = tmp_path / "delivered"
    folder.mkdir()
    lines = ["id\tsection\tkind\ttext", *("\t".join(row) for row in SENTENCES)]
    (folder / "sentences.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "SOURCE.txt").write_text("Someone. Why lapatinib stops. doi:10.1234/lap.5. CC BY 4.0.\nA note.\n")
    rows = [dict(zip(MENTION_FIELDS, mention, strict=True)) for mention in MENTIONS]
    _write_jsonl(folder / "gold.mentions.jsonl", rows)
    _write_jsonl(folder / "gold.triples.jsonl", [TRIPLE])
    return folder


@pytest.fixture
def gold_folder(annotated: Path, tmp_path: Path) -> Path:
    (tmp_path / "mechanisms.tsv").write_bytes((ANNOTATIONS / "mechanisms.tsv").read_bytes())
    out = tmp_path / "lapatinib"
    import_annotated(annotated, out)
    return out


def test_an_imported_document_holds_its_facts_and_none_of_its_words(gold_folder: Path) -> None:
    gold = read_gold(gold_folder)
    assert (gold.id, gold.title, gold.doi) == ("lapatinib", "Why lapatinib stops working", "10.1234/lap.5")
    assert (gold.licence, gold.source) == ("CC BY 4.0", "Someone. Why lapatinib stops. doi:10.1234/lap.5. CC BY 4.0.")
    kinds = [sentence.kind for sentence in gold.sentences]
    assert kinds == [Kind.TITLE, Kind.HEADING, Kind.PARAGRAPH, Kind.PARAGRAPH]
    assert [sentence.paragraph for sentence in gold.sentences] == [0, 1, 2, 2]
    assert gold.mentions[1].text == "PTEN"
    assert gold.mentions[1].type is MentionType.GENE
    assert (gold.triples[0].evidence, gold.triples[0].references) == ((2,), (3,))
    for word in ("keeps", "under", "not"):
        assert not any(word in file.read_text(encoding="utf-8") for file in gold_folder.iterdir())


def test_what_is_written_is_read_back(gold_folder: Path, tmp_path: Path) -> None:
    gold = read_gold(gold_folder)
    copy = tmp_path / "copy"
    write_gold(gold, copy)
    assert read_gold(copy) == gold
    for file in gold_folder.iterdir():
        assert (copy / file.name).read_bytes() == file.read_bytes()


def test_annotators_are_layers_of_the_same_document(annotated: Path, tmp_path: Path, gold_folder: Path) -> None:
    for records in ("mentions", "triples"):
        (annotated / f"annotator-A.{records}.jsonl").write_text("")
    import_annotated(annotated, gold_folder)
    assert read_gold(gold_folder, "annotator-A").mentions == ()
    assert len(read_gold(gold_folder).mentions) == len(MENTIONS)


Change = Callable[[Rows], object]


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("mentions.jsonl", lambda r: r[1].update(end=400), "line 2: 8 to 400 is no span of a sentence of 57"),
        ("mentions.jsonl", lambda r: r[1].update(start=12), "line 2: 12 to 12 is no span"),
        ("mentions.jsonl", lambda r: r[1].update(text="PTFN"), "line 2: “PTFN” is not what stands at 8 to 12"),
        ("mentions.jsonl", lambda r: r[1].update(text="PTENs"), "line 2: “PTENs” is not what stands"),
        ("mentions.jsonl", lambda r: r[1].update(start=13, end=18, text="keens"), "line 2: “keens” is not what"),
        ("mentions.jsonl", lambda r: r[1].update(sentence="a9"), "line 2: document.json has no sentence a9"),
        (
            "mentions.jsonl",
            lambda r: r[1].update(type="Protein"),
            "line 2: Protein is not one of Drug, Gene",
        ),
        ("mentions.jsonl", lambda r: r[1].update(layer="mechanism"), "line 2: Gene belongs into the layer entity"),
        ("mentions.jsonl", lambda r: r[1].update(concept=""), "line 2: the field concept is empty"),
        ("mentions.jsonl", lambda r: r[1].update(start="8"), "line 2: the field start is of the wrong kind"),
        ("mentions.jsonl", lambda r: r[1].pop("end"), "line 2: the field end is missing"),
        ("mentions.jsonl", lambda r: r[1].update(note="?"), "line 2: the field note is not known"),
        ("mentions.jsonl", lambda r: r[2].update(concept="growth"), "line 3: growth is no class of mechanisms.tsv"),
        ("mentions.jsonl", lambda r: r.append(r[1]), "line 6: “PTEN” is annotated here already as Gene"),
        (
            "mentions.jsonl",
            lambda r: r.append({**r[1], "start": 5, "text": "of PTEN"}),
            "line 6: “of PTEN” overlaps “PTEN” in the entity layer",
        ),
        ("triples.jsonl", lambda r: r[0].update(evidence=["a7"]), "line 1: document.json has no sentence a7"),
        ("triples.jsonl", lambda r: r[0].update(evidence=[]), "line 1: it has no evidence"),
        ("triples.jsonl", lambda r: r[0].update(mechanism="x"), "line 1: x is no class of mechanisms.tsv"),
        (
            "triples.jsonl",
            lambda r: r[0].update(role="cause"),
            "line 1: cause is not one of resistance",
        ),
        ("triples.jsonl", lambda r: r[0].update(refs=["3"]), "line 1: refs must be citation numbers"),
        ("triples.jsonl", lambda r: r.append(r[0]), "line 2: the id t0 is taken already"),
        ("triples.jsonl", lambda r: r.append({**r[0], "id": "t1"}), "line 2: it repeats t0"),
    ],
)
def test_broken_rows_are_refused_with_file_and_line(gold_folder: Path, file: str, change: Change, message: str) -> None:
    path = gold_folder / file
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    _write_jsonl(path, rows)
    with pytest.raises(GoldError) as raised:
        read_gold(gold_folder)
    assert f"{path}, {message}" in str(raised.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(format=2), "format 2 is not known"),
        (lambda d: d.update(title=None), "the field title is of the wrong kind"),
        (lambda d: d["sentences"][2].update(id="a1"), "sentence 3: the id a1 is taken already"),
        (lambda d: d["sentences"][2].update(tokens="AA"), "sentence 3: its tokens cannot be decoded"),
        (lambda d: d["sentences"][2].update(length=20), "sentence 3: its tokens reach beyond its length of 20"),
        (lambda d: d["sentences"][2].update(kind="poem"), "sentence 3: poem is not one of title, abstract"),
    ],
)
def test_a_broken_document_is_refused(gold_folder: Path, change: Callable[[Any], object], message: str) -> None:
    path = gold_folder / "document.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(GoldError, match=r"document\.json") as raised:
        read_gold(gold_folder)
    assert message in str(raised.value)


def test_all_problems_are_told_at_once_up_to_a_screenful(gold_folder: Path) -> None:
    path = gold_folder / "mentions.jsonl"
    path.write_text("{\n" * 30, encoding="utf-8")
    with pytest.raises(GoldError) as raised:
        read_gold(gold_folder)
    lines = str(raised.value).split("\n")
    assert len(lines) == 21
    assert "line 20: it is not JSON" in lines[19]
    assert lines[20] == "... and 10 more."


@pytest.mark.parametrize("missing", ["document.json", "mentions.jsonl", "triples.jsonl"])
def test_missing_files_are_named(gold_folder: Path, missing: str) -> None:
    (gold_folder / missing).unlink()
    with pytest.raises(GoldError, match=missing):
        read_gold(gold_folder)


def test_without_the_class_table_nothing_is_read(gold_folder: Path) -> None:
    (gold_folder.parent / "mechanisms.tsv").unlink()
    with pytest.raises(GoldError, match=r"mechanisms\.tsv, is missing"):
        read_gold(gold_folder)


def test_the_importer_refuses_what_does_not_reproduce_the_text(
    annotated: Path, gold_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = annotated / "gold.mentions.jsonl"
    file.write_text(file.read_text().replace('"IL-6"', '"IL 6"'))
    assert main([str(annotated), "-o", str(gold_folder)]) == 1
    assert "gold.mentions.jsonl, line 5: “IL 6” is not what stands at 0 to 4" in capsys.readouterr().err


def test_the_importer_tells_what_it_wrote(
    annotated: Path, gold_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(annotated), "-o", str(gold_folder), "--doi", "10.9/x"]) == 0
    assert capsys.readouterr().out == "lapatinib: 4 sentences, 5 mentions, 1 triples (licence: CC BY 4.0)\n"
    assert read_gold(gold_folder).doi == "10.9/x"


def test_gold_is_found_by_name_and_by_path(gold_folder: Path) -> None:
    assert find_gold(str(gold_folder)) == gold_folder
    assert find_gold("trastuzumab-resistance").name == "trastuzumab-resistance"
    with pytest.raises(GoldError, match=r"no gold set trastuzumabb.*trastuzumab-resistance"):
        find_gold("trastuzumabb")


def test_a_folder_of_documents_is_a_gold_set(gold_folder: Path) -> None:
    assert [gold.id for gold in read_gold_set(gold_folder.parent)] == ["lapatinib"]
    assert [gold.id for gold in read_gold_set(gold_folder)] == ["lapatinib"]


def test_the_bundled_gold_is_valid() -> None:
    golds = {gold.id: gold for gold in read_gold_set(ANNOTATIONS)}
    review = golds["trastuzumab-resistance"]
    assert (len(review.sentences), len(review.mentions), len(review.triples)) == (383, 1399, 340)
    for layer in ("annotator-A", "annotator-B"):
        assert read_gold(ANNOTATIONS / review.id, layer).sentences == review.sentences


def test_the_bundled_gold_tells_no_passage_of_an_article() -> None:
    for gold in read_gold_set(ANNOTATIONS):
        for mention in gold.mentions:
            assert len(list(iter_tokens(mention.text))) <= 8
        for sentence in gold.sentences:
            assert len(sentence.section.split()) <= 9


_tokens = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 63), st.integers(0, 4095)), max_size=20)


@given(_tokens)
def test_tokens_survive_their_encoding(rows: list[tuple[int, int, int]]) -> None:
    tokens: list[Token] = []
    for gap, length, hash_ in rows:
        start = (tokens[-1].end if tokens else 0) + gap
        tokens.append(Token(start, start + length, hash_))
    assert decode_tokens(encode_tokens(tokens)) == tuple(tokens)


@given(st.text(max_size=200))
def test_tokens_cover_the_letters_and_digits_of_any_text(text: str) -> None:
    tokens = list(iter_tokens(text))
    assert all(0 < token.end - token.start <= 63 for token in tokens)
    assert all(before.end <= after.start for before, after in pairwise(tokens))
    ends, starts = [0, *(token.end for token in tokens)], [*(token.start for token in tokens), len(text)]
    left = "".join(text[a:b] for a, b in zip(ends, starts, strict=True))
    assert not any(character.isalnum() for character in left)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NF-κB", "NFkappaB"),
        ("HER2Δ16", "her2∆16"),
        ("TGF-β1", "TGF‐ß1"),
        ("ﬁbroblast", "fibroblast"),
        ("PIP₂", "PIP2"),
        ("resis-\ntance", "resistance"),
        ("µ", "μ"),
        ("λ", "lambda"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)
    assert similarity(one, other) == 1.0


def test_different_names_are_different() -> None:
    assert normalise("HER2") != normalise("HER3")
    assert fingerprint("trastuzumab") != fingerprint("pertuzumab")
    assert similarity("HER2", "HER3") == 0.75


LONG = "transition of the cells from one state to a quite different state of life"


def test_long_surfaces_keep_their_ends_only() -> None:
    kept = elide(LONG)
    assert kept == "transition of the … state of life"
    assert similarity(kept, LONG) == 1.0
    assert similarity(kept, LONG.replace("transition", "tranzition")) > 0.9
    assert similarity(kept, "transition of the") < 0.75
    assert elide("loss of HER2 amplification") == "loss of HER2 amplification"
