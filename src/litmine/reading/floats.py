"""Tables and figures as records: the text of cells, their offsets and boxes, and the places of figures.

Owns nothing about where tables and figures are; that is for `tables`, `cells` and `figures`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from litmine.reading.blocks import Draft
from litmine.reading.figures import FigureRegion
from litmine.reading.geometry import turn_boxes
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.joining import JoinedText, Vocabulary, join_lines_to_text
from litmine.reading.tables.cells import TableCell
from litmine.reading.tables.rules import Box
from litmine.records import Block, Cell, Figure, Place, Table


def join_cells_to_text(cells: Sequence[TableCell], vocabulary: Vocabulary) -> tuple[JoinedText, list[tuple[int, int]]]:
    """The text of a table, rows on lines and cells parted by tabs, with start and end of each cell in it."""
    gap, flat = np.full(1, -1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    texts: list[str] = []
    parts: list[JoinedText] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for i, cell in enumerate(cells):
        if i:
            texts.append("\t" if cell.row == cells[i - 1].row else "\n")
            at += 1
            parts.append(JoinedText(texts[-1], flat, gap, flat, ()))
        own = join_lines_to_text(cell.lines, vocabulary)
        texts.append(own.text)
        parts.append(own)
        spans.append((at, at + len(own.text)))
        at += len(own.text)
    joined = JoinedText(
        "".join(texts),
        np.concatenate([part.page for part in parts]),
        np.concatenate([part.glyph for part in parts]),
        np.concatenate([part.raised for part in parts]),
        tuple(page for part in parts for page in part.hyphens),
    )
    return joined, spans


def make_tables(
    drafts: Sequence[Draft],
    blocks: Sequence[Block],
    spans: Mapping[int, Sequence[tuple[int, int]]],
    pages: Sequence[PageFrame],
) -> tuple[Table, ...]:
    """The tables of a document; `spans` gives for each table's block where in it the cells stand."""
    index = {id(draft): i for i, draft in enumerate(drafts)}
    tables = []
    for at, own in spans.items():
        draft, start = drafts[at], blocks[at].start
        caption = index.get(id(draft.caption)) if draft.caption else None
        cells = tuple(
            Cell(cell.row, cell.column, start + a, start + b, _place(pages[cell.lines[0].page - 1], cell.box))
            for cell, (a, b) in zip(draft.cells, own, strict=True)
        )
        tables.append(Table(at, caption, cells))
    return tuple(tables)


def make_figures(
    figures: Sequence[tuple[Draft | None, FigureRegion]], drafts: Sequence[Draft], pages: Sequence[PageFrame]
) -> tuple[Figure, ...]:
    """The figures of a document with the blocks of their captions."""
    index = {id(draft): i for i, draft in enumerate(drafts)}
    return tuple(
        Figure(
            None if caption is None else index[id(caption)],
            None if figure.box is None else _place(pages[figure.page - 1], figure.box),
        )
        for caption, figure in figures
    )


def _place(page: PageFrame, box: Box) -> Place:
    """A box of the upright page on the page as displayed."""
    shown = turn_boxes(np.array([box]), (4 - page.turn) % 4, page.width, page.height)
    x0, y0, x1, y1 = shown[0].tolist()
    return Place(page.number, x0, y0, x1, y1)
