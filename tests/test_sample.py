"""The bundled sample is what its marked source makes, its gold keeps the guidelines, and the manifest is true."""

import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from litmine.errors import GoldError
from litmine.gold.store import read_gold
from litmine.reading.citations.callouts import find_callouts
from litmine.records import Certainty, Polarity, Role, State, content_id
from litmine.training.annotated import read_annotated

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "corpora" / "sample"
ANNOTATION = SAMPLE / "annotation"
CLASSES = {
    line.split("\t")[0] for line in (ROOT / "annotations" / "mechanisms.tsv").read_text("utf-8").splitlines()[1:]
}


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """The sample's script."""
    sys.path.insert(0, str(SAMPLE))
    import make_sample

    yield make_sample
    sys.path.remove(str(SAMPLE))


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ANNOTATION / name).read_text(encoding="utf-8").splitlines()]


def _sentences() -> dict[str, dict[str, str]]:
    header, *lines = (ANNOTATION / "sentences.tsv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]
    return {row["id"]: row for row in rows}


def _references() -> dict[int, str]:
    listed = (SAMPLE / "digest.md").read_text(encoding="utf-8").split("## References\n\n")[1]
    entries = [line.split(". ", 1) for line in listed.splitlines()]
    return {int(number): entry for number, entry in entries}


def _words(text: str) -> str:
    """Letters and digits only: line ends, hyphens and spaces tell nothing about which words were set."""
    return re.sub(r"[\W_]", "", text)


def _page_texts(pdf: Path | bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def test_text_and_annotation_are_what_the_marked_source_makes(script: ModuleType) -> None:
    paragraphs = script.read_digest()
    text = script.plain_text(paragraphs)
    assert (SAMPLE / "digest.md").read_bytes() == text.encode()
    for name, content in script.annotation(paragraphs, text).items():
        assert (ANNOTATION / name).read_bytes() == content.encode(), name


def test_standoff_is_what_the_annotation_makes(script: ModuleType, tmp_path: Path) -> None:
    shutil.copy(ROOT / "annotations" / "mechanisms.tsv", tmp_path)
    script.import_annotated(ANNOTATION, tmp_path / "sample")
    committed = ROOT / "annotations" / "sample"
    assert {file.name for file in committed.iterdir()} == {file.name for file in (tmp_path / "sample").iterdir()}
    for file in committed.iterdir():
        assert file.read_bytes() == (tmp_path / "sample" / file.name).read_bytes(), file.name


def test_pdf_is_what_the_marked_source_makes(script: ModuleType, tmp_path: Path) -> None:
    """Drawing orders are compared, as the bytes also hang on the release of zlib."""
    pytest.importorskip("reportlab", reason="needs the dev extra")
    pypdf = pytest.importorskip("pypdf", reason="needs the dev extra")
    from make_pdf import make_pdf

    paragraphs = script.read_digest()
    made = make_pdf(paragraphs)
    assert made == make_pdf(paragraphs)
    (tmp_path / "digest.pdf").write_bytes(made)
    drawn = [
        [page.get_contents().get_data() for page in pypdf.PdfReader(file).pages]
        for file in (SAMPLE / "digest.pdf", tmp_path / "digest.pdf")
    ]
    assert drawn[0] == drawn[1]


def test_pdf_holds_every_sentence_and_reference() -> None:
    pages = _page_texts(SAMPLE / "digest.pdf")
    assert len(pages) >= 2
    heads = "How tumours outlive targeted drugs litmine sample corpus", "Written for litmine, 2026"
    bodies = ""
    for number, page in enumerate(pages, 1):
        for furniture in (heads[0], f"{heads[1]} {number}"):
            assert furniture in page
            page = page.replace(furniture, "")
        bodies += page
    printed = _words(bodies)
    figure = _words("Altered target Bypass receptor New cell state Immune escape Tumour cell")
    texts = [row["text"] for row in _sentences().values()] + list(_references().values())
    missing = [text for text in texts if _words(text) not in printed.replace(figure, "")]
    assert missing == []


def test_sentences_stand_in_the_digest_where_they_say() -> None:
    text = (SAMPLE / "digest.md").read_text(encoding="utf-8")
    sentences = _sentences()
    assert len(sentences) >= 80
    for row in sentences.values():
        assert text[int(row["start"]) : int(row["end"])] == row["text"]


def test_mentions_keep_the_guidelines() -> None:
    sentences = _sentences()
    taken: dict[str, int] = {}
    for row in _rows("gold.mentions.jsonl"):
        assert sentences[row["sentence"]]["text"][row["start"] : row["end"]] == row["text"]
        if row["layer"] == "mechanism":
            assert row["concept"] in CLASSES
            continue
        assert row["concept"] == (row["concept"].lower() if row["type"] == "Drug" else row["concept"].upper())
        assert row["start"] >= taken.get(row["sentence"], 0), f"{row['sentence']}: entity mentions overlap"
        taken[row["sentence"]] = row["end"]


def test_every_occurrence_of_a_name_is_marked() -> None:
    mentions = _rows("gold.mentions.jsonl")
    concepts: dict[str, set[str]] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in mentions:
        concepts.setdefault(row["text"].lower(), set()).add(row["concept"])
        spans.setdefault(row["sentence"], []).append((row["start"], row["end"]))
    assert {name: found for name, found in concepts.items() if len(found) > 1} == {}
    name = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in sorted(concepts, key=len, reverse=True)))
    for row in _sentences().values():
        for match in name.finditer(row["text"].lower()):
            inside = (start <= match.start() and match.end() <= end for start, end in spans.get(row["id"], []))
            assert any(inside), f"{row['id']}: {match[0]} is not marked"


def test_triples_rest_on_sentences_mentions_and_references() -> None:
    sentences, references = _sentences(), _references()
    named = {row["concept"] for row in _rows("gold.mentions.jsonl")}
    for row in _rows("gold.triples.jsonl"):
        Role(row["role"]), State(row["state"]), Polarity(row["polarity"]), Certainty(row["certainty"])
        assert row["mechanism"] in CLASSES | {"unspecified"}
        assert {row["drug"], row["gene"]} <= named, row["id"]
        cited = {
            number
            for sentence in row["evidence"]
            for callout in find_callouts(sentences[sentence]["text"])
            for number in callout.numbers
        }
        assert set(row["refs"]) <= cited & set(references), row["id"]


def test_sample_shows_what_the_guidelines_tell_apart() -> None:
    triples = read_annotated(ANNOTATION).triples
    assert {triple.role for triple in triples} == set(Role)
    assert {triple.state for triple in triples} == set(State)
    assert {triple.polarity for triple in triples} == set(Polarity)
    assert {triple.certainty for triple in triples} == set(Certainty)
    assert {triple.mechanism for triple in triples} >= CLASSES
    assert any(len(triple.evidence) > 1 for triple in triples)


def test_references_are_cited_in_the_order_of_their_numbers() -> None:
    first: list[int] = []
    for row in _sentences().values():
        for callout in find_callouts(row["text"]):
            first += [number for number in callout.numbers if number not in first]
    assert first == list(_references())


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{PTEN is lost.", "not closed"),
        ("PTEN} is lost.", "not opened"),
        ("{PTEN} is lost.\n> trastuzumab, PTEN", "no triple"),
        ("{PTEN} is lost.\n> trastuzumab, PTEN, wnt, resistance down, perhaps", "perhaps"),
    ],
)
def test_faults_in_the_marked_source_are_named(script: ModuleType, tmp_path: Path, source: str, complaint: str) -> None:
    file = tmp_path / "digest.marked.md"
    file.write_text(f"# Title\n\n{source}\n", encoding="utf-8")
    with pytest.raises(GoldError, match=complaint):
        paragraphs = script.read_digest(file)
        script.annotation(paragraphs, script.plain_text(paragraphs))


def test_manifest_names_every_annotated_document_truly() -> None:
    documents = tomllib.loads((ROOT / "corpora" / "manifest.toml").read_text(encoding="utf-8"))["document"]
    assert {entry["annotation"] for entry in documents} == {
        file.parent.relative_to(ROOT).as_posix() for file in (ROOT / "annotations").glob("*/document.json")
    }
    for entry in documents:
        gold = read_gold(ROOT / entry["annotation"])
        assert (entry["title"], entry["licence"]) == (gold.title, gold.licence)
        assert gold.doi in {None, entry.get("doi")}
        assert ("sha256" in entry) == ("file" in entry)
        if "file" in entry:
            assert content_id((ROOT / entry["file"]).read_bytes()) == entry["sha256"]
