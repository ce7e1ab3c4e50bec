"""Reads annotated documents whose text is at hand (sentences.tsv, gold.mentions.jsonl, gold.triples.jsonl).

This is the form in which annotators deliver. It carries article text, so it stays outside the repository; lexicons and
models are tuned on it, and `litmine.gold` turns it into standoff.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmine.errors import GoldError
from litmine.gold.importing import KINDS
from litmine.reading.citations.callouts import find_callouts
from litmine.records import (
    Block,
    Certainty,
    Document,
    Kind,
    Level,
    Mention,
    MentionType,
    Polarity,
    Role,
    Section,
    State,
    Triple,
    content_id,
)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its gold. `sentences[i]` is the span of the sentence that annotators call `sentence_ids[i]`.

    Mentions carry sentence indices and offsets into `document.text`; evidence of triples holds sentence indices.
    """

    name: str
    document: Document
    sentences: tuple[tuple[int, int], ...]
    sentence_ids: tuple[str, ...]
    mentions: tuple[Mention, ...]
    triples: tuple[Triple, ...]


def read_annotated(folder: Path, layer: str = "gold") -> AnnotatedDocument:
    """Read one annotated document; `layer` is "gold" or an annotator ("annotator-A").

    Sentences that follow each other in one section form one block, unless offsets show a paragraph break between them.
    Raises GoldError where a file is missing.
    """
    try:
        lines = (folder / "sentences.tsv").read_text(encoding="utf-8").splitlines()
        mentions = _read_jsonl(folder / f"{layer}.mentions.jsonl")
        triples = _read_jsonl(folder / f"{layer}.triples.jsonl")
    except FileNotFoundError as error:
        raise GoldError(f"{folder} is not an annotated document: {error.filename} is missing.") from None
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]

    parts: list[str] = []
    sections: list[Section] = [Section("", 0, None)]
    blocks: list[Block] = []
    spans: list[tuple[int, int]] = []
    at = 0
    previous: dict[str, str] = {}
    for number, row in enumerate(rows):
        kind = Kind.TITLE if number == 0 and row["section"] != "Abstract" else KINDS[row["kind"]]
        if kind is Kind.HEADING:
            level = _heading_level(row["text"])
            parent = max((i for i, s in enumerate(sections) if s.level < level), default=0)
            sections.append(Section(row["text"], level, parent))
        follows = (
            bool(previous)
            and kind in {Kind.PARAGRAPH, Kind.ABSTRACT}
            and previous["kind"] == row["kind"]
            and previous["section"] == row["section"]
            and ("start" not in row or int(row["start"]) - int(previous["end"]) < 2)
        )
        if parts:
            gap = " " if follows else "\n\n"
            parts.append(gap)
            at += len(gap)
        start, end = at, at + len(row["text"])
        parts.append(row["text"])
        at = end
        if follows:
            block = blocks.pop()
            blocks.append(Block(block.start, end, block.kind, block.section))
        else:
            blocks.append(Block(start, end, kind, len(sections) - 1))
        spans.append((start, end))
        previous = row

    text = "".join(parts)
    digest = content_id(text.encode())
    index = {row["id"]: i for i, row in enumerate(rows)}
    document = Document(
        doc_id=digest[:16],
        path=str(folder),
        sha256=digest,
        media_type="text/plain",
        text=text,
        title=_title(rows),
        sections=tuple(sections),
        blocks=tuple(blocks),
        callouts=tuple(find_callouts(text)),
    )
    return AnnotatedDocument(
        name=folder.name,
        document=document,
        sentences=tuple(spans),
        sentence_ids=tuple(index),
        mentions=tuple(_mentions(mentions, index, spans)),
        triples=tuple(_triples(triples, index)),
    )


def _title(rows: list[dict[str, str]]) -> str:
    for row in rows[:3]:
        if row["text"].startswith("Title: "):
            return row["text"].removeprefix("Title: ").rstrip(".")
    return rows[0]["text"]


def read_annotated_folders(root: Path) -> list[AnnotatedDocument]:
    """Every annotated document below `root`, by name."""
    return [read_annotated(folder.parent) for folder in sorted(root.glob("*/sentences.tsv"))]


def _heading_level(heading: str) -> int:
    number = re.match(r"(\d+(?:\.\d+)*)\.?\s", heading)
    return number[1].count(".") + 1 if number else 1


def _read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _mentions(rows: list[dict[str, Any]], index: dict[str, int], spans: list[tuple[int, int]]) -> Iterable[Mention]:
    for row in rows:
        sentence = index[row["sentence"]]
        offset = spans[sentence][0]
        yield Mention(
            sentence=sentence,
            start=offset + row["start"],
            end=offset + row["end"],
            text=row["text"],
            type=MentionType(row["type"]),
            concept=row["concept"],
        )


def _triples(rows: list[dict[str, Any]], index: dict[str, int]) -> Iterable[Triple]:
    for row in rows:
        yield Triple(
            drug=row["drug"],
            gene=row["gene"],
            mechanism=row["mechanism"],
            role=Role(row["role"]),
            state=State(row["state"]),
            polarity=Polarity(row["polarity"]),
            certainty=Certainty(row["certainty"]),
            level=Level.REVIEW,
            score=1.0,
            evidence=tuple(sorted(index[s] for s in row["evidence"])),
            references=tuple(sorted(row["refs"])),
            explanation="",
        )
