"""Turns annotated documents whose text is at hand into standoff without text.

Owns the reading of the annotators' form: `sentences.tsv`, `SOURCE.txt`, `<layer>.mentions.jsonl` and
`<layer>.triples.jsonl`. Everything about the article's words ends here.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmine.errors import GoldError, LitmineError
from litmine.gold.fingerprints import iter_tokens
from litmine.gold.model import Gold, GoldMention, GoldSentence
from litmine.gold.rows import MentionReader, TripleReader
from litmine.gold.store import (
    GOLD,
    raise_problems,
    read_gold,
    read_mechanism_classes,
    read_records,
    write_gold,
)
from litmine.gold.surfaces import elide
from litmine.records import Kind

KINDS = {
    "title": Kind.TITLE,
    "abstract": Kind.ABSTRACT,
    "summary": Kind.ABSTRACT,
    "heading": Kind.HEADING,
    "para": Kind.PARAGRAPH,
    "caption": Kind.CAPTION,
    "keywords": Kind.ABSTRACT,
}
SECTION_WORDS = 5
"""A section is told by the first words of its heading: a heading that states a claim is a sentence of the article."""
_DOI = re.compile(r"\bdoi:\s*(10\.\d{4,9}/\S+?)\.?(?=\s|$)", re.IGNORECASE)
_LICENCE = re.compile(r"CC0|CC BY(?:-[A-Z]{2})*(?: \d\.\d)?|MIT|licence not checked")

Row = dict[str, str]


def import_annotated(folder: Path, out: Path, doi: str | None = None) -> Gold:
    """Write the document in `folder` with all its layers to `out` as standoff; returns the adjudicated gold.

    `mechanisms.tsv` must lie in `out` or the folder above. Raises GoldError where a file is missing or a row breaks a
    rule of the format.
    """
    try:
        rows = _read_sentence_rows(folder / "sentences.tsv")
        source = (folder / "SOURCE.txt").read_text(encoding="utf-8").split("\n")[0]
    except FileNotFoundError as error:
        raise GoldError(f"{folder} is not an annotated document: {error.filename} is missing.") from None
    layers = sorted(file.name.removesuffix(".mentions.jsonl") for file in folder.glob("*.mentions.jsonl"))
    if GOLD not in layers:
        raise GoldError(f"{folder} is not an annotated document: gold.mentions.jsonl is missing.")
    found_doi, licence = _DOI.search(source), _LICENCE.search(source)
    document = Gold(
        id=out.resolve().name,
        title=_title(rows),
        doi=doi or (found_doi[1] if found_doi else None),
        licence=licence[0] if licence else "not stated",
        source=source.strip(),
        sentences=tuple(_sentences(rows)),
        mentions=(),
        triples=(),
    )
    classes = read_mechanism_classes(out)
    texts = [row["text"] for row in rows]
    for layer in layers:
        mention_reader = _ExactMentions(MentionReader(document.sentences, classes), texts)
        triple_reader = TripleReader(document.sentences, classes)
        problems: list[str] = []
        mentions = read_records(folder / f"{layer}.mentions.jsonl", mention_reader.read, problems)
        triples = read_records(folder / f"{layer}.triples.jsonl", triple_reader.read, problems)
        raise_problems(problems)
        write_gold(replace(document, mentions=tuple(mentions), triples=tuple(triples)), out, layer)
    return read_gold(out)


def _read_sentence_rows(file: Path) -> list[Row]:
    lines = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    names = lines[0].split("\t")
    if not {"id", "section", "kind", "text"} <= set(names):
        raise GoldError(f"{file}: the first line must name the columns id, section, kind and text.")
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(names):
            raise GoldError(f"{file}, line {number}: {len(cells)} columns where {len(names)} are named.")
        row = dict(zip(names, cells, strict=True))
        if row["kind"] not in KINDS:
            raise GoldError(f"{file}, line {number}: {row['kind']} is no kind ({', '.join(KINDS)}).")
        rows.append(row)
    return rows


def _title(rows: Sequence[Row]) -> str:
    for row in rows[:3]:
        if row["text"].startswith("Title: "):
            return row["text"].removeprefix("Title: ").rstrip(".")
    return rows[0]["text"]


def _sentences(rows: Sequence[Row]) -> list[GoldSentence]:
    """Running text of one kind and section is one paragraph unless offsets show a break of more than a space."""
    sentences: list[GoldSentence] = []
    paragraph = -1
    for number, row in enumerate(rows):
        kind = Kind.TITLE if number == 0 and row["section"] != "Abstract" else KINDS[row["kind"]]
        before = rows[number - 1]
        follows = (
            number > 0
            and kind in {Kind.PARAGRAPH, Kind.ABSTRACT}
            and (before["kind"], before["section"]) == (row["kind"], row["section"])
            and ("start" not in row or int(row["start"]) - int(before["end"]) < 2)
        )
        paragraph += not follows
        words = row["section"].split()
        section = " ".join(words[:SECTION_WORDS]) + (" …" if len(words) > SECTION_WORDS else "")
        tokens = tuple(iter_tokens(row["text"]))
        sentences.append(GoldSentence(row["id"], section, kind, paragraph, len(row["text"]), tokens))
    return sentences


class _ExactMentions:
    """Reads mention rows as `MentionReader` does, holds them against the text, and elides long surfaces."""

    def __init__(self, reader: MentionReader, texts: Sequence[str]) -> None:
        self._reader = reader
        self._texts = texts

    def read(self, row: Any) -> GoldMention:
        mention = self._reader.read(row)
        if self._texts[mention.sentence][mention.start : mention.end] != mention.text:
            raise ValueError(f"“{mention.text}” is not what stands at {mention.start} to {mention.end}")
        return replace(mention, text=elide(mention.text))


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m litmine.gold.importing FOLDER -o annotations/NAME`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m litmine.gold.importing", description=__doc__)
    parser.add_argument("folder", type=Path, help="annotated document with its text")
    parser.add_argument("-o", "--output", required=True, type=Path, help="folder to write, below annotations/")
    parser.add_argument("--doi", help="where SOURCE.txt does not give it")
    options = parser.parse_args(arguments)
    try:
        gold = import_annotated(options.folder, options.output, options.doi)
    except LitmineError as error:
        print(error, file=sys.stderr)
        return 1
    counts = f"{len(gold.sentences)} sentences, {len(gold.mentions)} mentions, {len(gold.triples)} triples"
    print(f"{gold.id}: {counts} (licence: {gold.licence})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
