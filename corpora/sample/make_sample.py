"""Makes the sample's text, annotation and PDF from `digest.marked.md`, the only file to edit by hand.

Run as `python corpora/sample/make_sample.py` (needs the dev extra). The source is Markdown with one sentence a line:

- `{Herceptin|trastuzumab}` marks a mention and its concept; marks nest. A class of `annotations/mechanisms.tsv` makes
  it a Mechanism, a concept without small letters a Gene, any other a Drug. `{PTEN}` and `{Apoptosis}` are their own
  concept, the latter in lower case.
- `> drug, gene, mechanism, role state` below a sentence is a triple whose evidence is that sentence and whose
  references are all that the evidence cites. Further fields: `negated`; `hedged`; `with +1`, `with -1` for evidence
  in a neighbouring sentence as well; `refs 7 9` where only some of the citations belong to the claim.
- A line that begins with `@` names the authors.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmine.errors import GoldError
from litmine.gold.importing import import_annotated
from litmine.reading.citations.callouts import find_callouts

HERE = Path(__file__).resolve().parent
ANNOTATIONS = HERE.parents[1] / "annotations"
SOURCE = HERE / "digest.marked.md"

_FIRST_WORDS = {"Abstract:": "abstract", "Keywords:": "keywords", "Figure": "caption"}
"""Paragraphs of another kind than running text, by their first word."""
_HEADING = re.compile(r"(#+) (.+)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)\. ")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`mentions` are (start, end, concept); `claims` the lines of triples below the sentence, without ">".

    `id` is empty where nothing is annotated: authors and references.
    """

    id: str
    text: str
    mentions: tuple[tuple[int, int, str], ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`kind` as in sentences.tsv, or "authors" or "reference"; `depth` is the number of "#" of a heading, else 0."""

    kind: str
    section: str
    depth: int
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def read_digest(source: Path = SOURCE) -> list[Paragraph]:
    """Every paragraph in reading order. Raises GoldError with the line at fault where the marks do not balance."""
    paragraphs: list[Paragraph] = []
    section = "title"
    number = 0
    for block in re.split(r"\n{2,}", source.read_text(encoding="utf-8").strip()):
        lines = block.split("\n")
        heading = _HEADING.fullmatch(lines[0])
        if section == "References":
            paragraphs += [Paragraph("reference", section, 0, (_sentence("", line, ()),)) for line in lines]
            continue
        if block.startswith("@"):
            paragraphs.append(Paragraph("authors", section, 0, (_sentence("", block[1:].strip(), ()),)))
            continue
        depth = 0
        if heading:
            depth, lines[0] = len(heading[1]), heading[2]
            kind = "title" if depth == 1 else "heading"
            found = _NUMBER.match(lines[0])
            section = found[1] if found else "title" if depth == 1 else lines[0]
        else:
            kind = _FIRST_WORDS.get(lines[0].split()[0], "para")
        sentences = []
        for line, claims in _with_claims(lines):
            name = "" if section == "References" else f"d{number:03}"
            sentences.append(_sentence(name, line, claims))
            number += 1
        where = kind if kind in {"abstract", "keywords"} else section
        paragraphs.append(Paragraph(kind, where, depth, tuple(sentences)))
    return paragraphs


def _with_claims(lines: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    starts = [i for i, line in enumerate(lines) if not line.startswith(">")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start], tuple(line[1:].strip() for line in lines[start + 1 : end])


def _sentence(name: str, marked: str, claims: tuple[str, ...]) -> Sentence:
    text = ""
    opened: list[int] = []
    mentions: list[tuple[int, int, str]] = []
    for part in re.findall(r"\{|\|[^{}|]+\}|\}|[^{}|]+", marked):
        if part == "{":
            opened.append(len(text))
        elif part.endswith("}"):
            if not opened:
                raise GoldError(f"A mark is closed that was not opened: {marked}")
            start = opened.pop()
            mentions.append((start, len(text), part[1:-1] if part != "}" else _own_concept(text[start:])))
        else:
            text += part
    if opened:
        raise GoldError(f"A mark is not closed: {marked}")
    return Sentence(name, text, tuple(sorted(mentions, key=lambda m: (m[0], -m[1]))), claims)


def _own_concept(surface: str) -> str:
    return surface if surface == surface.upper() else surface.lower()


def plain_text(paragraphs: list[Paragraph]) -> str:
    """The digest as Markdown without marks; every sentence stands in it as it does in the gold."""
    blocks = ""
    for before, paragraph in zip([None, *paragraphs], paragraphs, strict=False):
        in_list = before is not None and before.kind == paragraph.kind == "reference"
        blocks += "\n" if in_list else "\n\n"
        blocks += "#" * paragraph.depth + " " * (paragraph.depth > 0) + paragraph.text
    return blocks.strip() + "\n"


def annotation(paragraphs: list[Paragraph], text: str) -> dict[str, str]:
    """The annotators' files by name: sentences with offsets into `text`, mentions and triples.

    Raises GoldError where a line of a triple cannot be read.
    """
    classes = {line.split("\t")[0] for line in (ANNOTATIONS / "mechanisms.tsv").read_text("utf-8").splitlines()}
    rows = ["id\tsection\tkind\tstart\tend\ttext"]
    mentions: list[dict[str, Any]] = []
    annotated: list[Sentence] = []
    at = 0
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            if not sentence.id:
                continue
            at = text.index(sentence.text, at)
            place = f"{at}\t{at + len(sentence.text)}"
            rows.append(f"{sentence.id}\t{paragraph.section}\t{paragraph.kind}\t{place}\t{sentence.text}")
            at += len(sentence.text)
            mentions += [_mention(sentence, each, classes) for each in sentence.mentions]
            annotated.append(sentence)
    claims = [(i, claim) for i, sentence in enumerate(annotated) for claim in sentence.claims]
    triples = [{"id": f"t{i:03}"} | _triple(annotated, *claim) for i, claim in enumerate(claims)]
    return {
        "sentences.tsv": "\n".join(rows) + "\n",
        "gold.mentions.jsonl": _jsonl(mentions),
        "gold.triples.jsonl": _jsonl(triples),
    }


def _mention(sentence: Sentence, mention: tuple[int, int, str], classes: set[str]) -> dict[str, Any]:
    start, end, concept = mention
    kind = "Mechanism" if concept in classes else "Gene" if concept == concept.upper() else "Drug"
    return {
        "sentence": sentence.id,
        "start": start,
        "end": end,
        "text": sentence.text[start:end],
        "layer": "mechanism" if kind == "Mechanism" else "entity",
        "type": kind,
        "concept": concept,
    }


def _triple(sentences: list[Sentence], place: int, claim: str) -> dict[str, Any]:
    try:
        drug, gene, mechanism, role_and_state, *further = claim.split(", ")
        role, state = role_and_state.split()
    except ValueError:
        raise GoldError(f"{sentences[place].id}: this is no triple: {claim}") from None
    evidence = {place}
    only: set[int] | None = None
    for field in further:
        word, *values = field.split()
        if word == "with":
            evidence |= {place + int(value) for value in values}
        elif word == "refs":
            only = {int(value) for value in values}
        elif word not in {"negated", "hedged"}:
            raise GoldError(f"{sentences[place].id}: “{field}” says nothing about a triple: {claim}")
    cited = {n for i in evidence for callout in find_callouts(sentences[i].text) for n in callout.numbers}
    return {
        "drug": drug,
        "gene": gene,
        "mechanism": mechanism,
        "role": role,
        "state": state,
        "polarity": "negated" if "negated" in further else "asserted",
        "certainty": "hedged" if "hedged" in further else "stated",
        "evidence": [sentences[i].id for i in sorted(evidence)],
        "refs": sorted(cited if only is None else cited & only),
    }


def _jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    from make_pdf import make_pdf

    paragraphs = read_digest()
    text = plain_text(paragraphs)
    (HERE / "digest.md").write_text(text, encoding="utf-8")
    for name, content in annotation(paragraphs, text).items():
        (HERE / "annotation" / name).write_text(content, encoding="utf-8")
    (HERE / "digest.pdf").write_bytes(make_pdf(paragraphs))
    gold = import_annotated(HERE / "annotation", ANNOTATIONS / "sample")
    print(f"{len(gold.sentences)} sentences, {len(gold.mentions)} mentions, {len(gold.triples)} triples")


if __name__ == "__main__":
    main()
