"""Blocks, sections, tables and references in the order they are added, for sources without pages.

Owns their offsets and the section tree. Text, kinds and order are the reader's.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from litmine.reading.citations.choosing import find_cited
from litmine.reading.citations.references import Entry
from litmine.reading.geometry import Ints
from litmine.records import (
    Block,
    Callout,
    Cell,
    Document,
    Dropped,
    Figure,
    Kind,
    Reference,
    Section,
    Table,
    content_id,
)

BLANK_LINE = "\n\n"
Spans = Sequence[tuple[int, int]]


class Builder:
    """Grows a document block by block. `section` is the index of the section that blocks are added to."""

    def __init__(self) -> None:
        self.section = 0
        self.sections: list[Section] = [Section("", 0, None)]
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.tables: list[Table] = []
        self.figures: list[Figure] = []
        self._texts: list[str] = []
        self._superscripts: list[tuple[int, int]] = []
        self._subscripts: list[tuple[int, int]] = []
        self._raised: list[Spans] = []
        self._at = 0

    def add(self, text: str, kind: Kind, superscripts: Spans = (), subscripts: Spans = ()) -> int:
        """Index of the new block; the spans are within `text`."""
        start = self._at
        self.blocks.append(Block(start, start + len(text), kind, self.section))
        self._texts.append(text)
        self._raised.append(superscripts)
        self._superscripts += [(start + a, start + b) for a, b in superscripts]
        self._subscripts += [(start + a, start + b) for a, b in subscripts]
        self._at += len(text) + len(BLANK_LINE)
        return len(self.blocks) - 1

    def add_heading(self, text: str, level: int, superscripts: Spans = (), subscripts: Spans = ()) -> int:
        """Open a section below the last one of a lower level; blocks added from now on belong to it."""
        parent: int | None = self.section
        while parent is not None and self.sections[parent].level >= level:
            parent = self.sections[parent].parent
        self.sections.append(Section(text, level, parent or 0))
        self.section = len(self.sections) - 1
        return self.add(text, Kind.HEADING, superscripts, subscripts)

    def add_reference(self, entry: Entry, superscripts: Spans = (), subscripts: Spans = ()) -> int:
        index = self.add(entry.text, Kind.REFERENCE, superscripts, subscripts)
        self.references.append(entry.at(self.blocks[index].start))
        return index

    def add_table(self, block: int, caption: int | None, cells: Sequence[Cell]) -> None:
        """Record that a block is a table; the cells' offsets are within the block."""
        start = self.blocks[block].start
        placed = (Cell(cell.row, cell.column, start + cell.start, start + cell.end) for cell in cells)
        self.tables.append(Table(block, caption, tuple(placed)))

    def find_callouts(self) -> tuple[Callout, ...]:
        """The callouts that the text itself shows."""
        raised = [_levels(len(text), spans) for text, spans in zip(self._texts, self._raised, strict=True)]
        return find_cited(self._texts, self.blocks, self.references, raised)

    def document(
        self,
        data: bytes,
        path: Path,
        media_type: str,
        *,
        title: str,
        authors: Sequence[str],
        doi: str | None,
        callouts: Sequence[Callout],
        dropped: Counter[str] | None = None,
    ) -> Document:
        """The document of everything added; `dropped` counts by reason."""
        digest = content_id(data)
        return Document(
            doc_id=digest[:16],
            path=str(path),
            sha256=digest,
            media_type=media_type,
            text=BLANK_LINE.join(self._texts),
            title=title,
            authors=tuple(authors),
            doi=doi,
            sections=tuple(self.sections),
            blocks=tuple(self.blocks),
            callouts=tuple(callouts),
            references=tuple(self.references),
            tables=tuple(self.tables),
            figures=tuple(self.figures),
            superscripts=tuple(self._superscripts),
            subscripts=tuple(self._subscripts),
            dropped=tuple(Dropped(0, reason, count) for reason, count in sorted((dropped or {}).items()) if count),
        )


def _levels(length: int, superscripts: Spans) -> Ints | None:
    if not superscripts:
        return None
    raised = np.zeros(length, dtype=np.int64)
    for a, b in superscripts:
        raised[a:b] = 1
    return raised
