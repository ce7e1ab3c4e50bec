"""Gold together with its article's words, for tools that need both.

Owns the way from standoff without text to annotated text and back. The text is one sentence a line; offsets count
Unicode code points of it. What is made here holds the article's words: it stays outside the repository.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from litmine.errors import GoldError
from litmine.gold.alignment import align
from litmine.gold.importing import KINDS, import_annotated
from litmine.gold.model import Gold
from litmine.gold.rows import Row, layer_of, triple_row
from litmine.records import MentionType

PARAGRAPH = "para"
_NAMES = {kind: name for name, kind in reversed(KINDS.items())}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; `kind` is one of `litmine.gold.importing.KINDS`."""

    id: str
    section: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention; offsets count in the whole text, the lines joined by line feeds."""

    start: int
    end: int
    type: MentionType
    concept: str


@dataclass(frozen=True, slots=True)
class Standoff:
    """An annotated text. `triples` are rows as in `triples.jsonl`."""

    id: str
    source: str
    lines: tuple[Line, ...]
    mentions: tuple[Marked, ...]
    triples: tuple[Row, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def starts(self) -> list[int]:
        """Where each line begins."""
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.text) + 1
        return starts


@dataclass(frozen=True, slots=True)
class Losses:
    """Gold that a reading does not hold, and that is therefore not in the annotated text."""

    n_sentences: int
    n_mentions: int
    n_triples: int


def put_into_text(gold: Gold, reading: str) -> tuple[Standoff, Losses]:
    """The gold with the words of `reading`, any reading of the article; a triple stays while any evidence does.

    Raises GoldError where the reading is not of this article.
    """
    alignment = align(gold, reading)
    lines: list[Line] = []
    starts: dict[int, int] = {}
    at = 0
    for number, (sentence, pieces) in enumerate(zip(gold.sentences, alignment.sentences, strict=True)):
        if pieces:
            words = " ".join(reading[start:end] for start, end in pieces).replace("\n", " ").replace("\t", " ")
            lines.append(Line(sentence.id, sentence.section, _NAMES.get(sentence.kind, PARAGRAPH), words))
            starts[number] = at
            at += len(words) + 1
    if not lines:
        raise GoldError(f"The text is not a reading of {gold.id}: no sentence of it is there.")
    mentions: list[Marked] = []
    for mention, place in zip(gold.mentions, alignment.mentions, strict=True):
        offset = None if place is None else _offset(alignment.sentences[mention.sentence], place)
        if place is not None and offset is not None:
            start = starts[mention.sentence] + offset
            mentions.append(Marked(start, start + place[1] - place[0], mention.type, mention.concept))
    kept = {gold.sentences[number].id for number in starts}
    triples: list[Row] = []
    for triple in gold.triples:
        row = triple_row(triple, gold)
        row["evidence"] = [sentence for sentence in row["evidence"] if sentence in kept]
        if row["evidence"]:
            triples.append(row)
    lost = Losses(
        len(gold.sentences) - len(lines), len(gold.mentions) - len(mentions), len(gold.triples) - len(triples)
    )
    return Standoff(gold.id, gold.source, tuple(lines), tuple(sorted(mentions, key=_order)), tuple(triples)), lost


def take_from_text(standoff: Standoff, out: Path, doi: str | None = None) -> Gold:
    """Write annotated text as a gold document without text to `out`.

    Raises GoldError where a mention crosses a line, and for all that `import_annotated` refuses.
    """
    starts = standoff.starts()
    mentions: list[Row] = []
    for mention in standoff.mentions:
        number = _line_of(mention, starts)
        line = standoff.lines[number]
        start, end = mention.start - starts[number], mention.end - starts[number]
        if end > len(line.text):
            shown = standoff.text[mention.start : mention.end].replace("\n", "⏎")
            raise GoldError(f"The mention “{shown}” at {mention.start} crosses a line; sentences stand one a line.")
        mentions.append(
            {
                "sentence": line.id,
                "start": start,
                "end": end,
                "text": line.text[start:end],
                "layer": layer_of(mention.type).value,
                "type": mention.type.value,
                "concept": mention.concept,
            }
        )
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows = ["id\tsection\tkind\ttext", *("\t".join((s.id, s.section, s.kind, s.text)) for s in standoff.lines)]
        (folder / "sentences.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        (folder / "SOURCE.txt").write_text(standoff.source + "\n", encoding="utf-8")
        for file, found in (("gold.mentions.jsonl", mentions), ("gold.triples.jsonl", standoff.triples)):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
            (folder / file).write_text(text, encoding="utf-8")
        return import_annotated(folder, out, doi)


def read_type(written: str, where: str) -> MentionType:
    """A mention type by its name. Raises GoldError that says `where` it stands."""
    try:
        return MentionType(written)
    except ValueError:
        raise GoldError(f"{where}: {written} is no type of mention ({', '.join(MentionType)}).") from None


def _offset(pieces: Sequence[tuple[int, int]], place: tuple[int, int]) -> int | None:
    """Where a place of the reading lies in its sentence as it is written here; None where it crosses pieces."""
    at = 0
    for start, end in pieces:
        if start <= place[0] and place[1] <= end:
            return at + place[0] - start
        at += end - start + 1
    return None


def _line_of(mention: Marked, starts: Sequence[int]) -> int:
    return max(bisect_right(starts, mention.start) - 1, 0)


def _order(mention: Marked) -> tuple[int, int, str]:
    return mention.start, -mention.end, mention.type
