"""Rows, columns and cells of a table whose lines and edges are known.

Owns putting the pieces of a table's lines together to cells, with the drawn cell around each where there is one. Where
a table stands on the page is for `tables`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.lines import Line
from litmine.reading.tables.columns import bars_at, find_bars, set_columns, set_drawn_columns
from litmine.reading.tables.pieces import FULL, Piece, base_rows, cut_at_white, cut_line
from litmine.reading.tables.rows import bands_are_rows, find_row_starts
from litmine.reading.tables.rules import TOLERANCE, Box, Edges, find_drawn_cells


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with text. `box` is its drawn box, or that of its lines, on the upright page."""

    row: int
    column: int
    lines: tuple[Line, ...]
    box: Box


def find_cells(lines: Sequence[Line], box: Box, edges: Edges, page: PageFrame) -> list[TableCell]:
    """The cells of a table by row and column; every line is in exactly one, except that a line which runs over
    several columns is cut between them."""
    edges = edges.within(box)
    bars = find_bars(edges, box)
    if len(bars) <= 2:
        pieces = [Piece(part) for part in cut_at_white(lines, box, edges, page)]
        return _by_text_rows(pieces, edges, box, set_columns(pieces, edges, box), page)
    cut = [part for line in lines for part in cut_line(line, bars_at(line, edges, bars), page)]
    pieces = [Piece(part) for part in cut_at_white(cut, box, edges, page)]
    drawn = find_drawn_cells(edges, box)
    set_drawn_columns(pieces, drawn, edges, bars)
    tops = sorted({round(cell[1]) for cell in drawn})
    if bands_are_rows(pieces, tops, box, len(bars) - 1):
        return _by_drawn_rows(pieces, tops, page)
    return _by_text_rows(pieces, edges, box, len(bars) - 1, page)


def _by_drawn_rows(pieces: Sequence[Piece], tops: Sequence[int], page: PageFrame) -> list[TableCell]:
    grouped: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        top = piece.box[1] if piece.box else (piece.line.y0 + piece.line.y1) / 2
        grouped.setdefault((bisect_right(tops, top + TOLERANCE), piece.column), []).append(piece)
    return _numbered(grouped, page)


def _by_text_rows(pieces: Sequence[Piece], edges: Edges, box: Box, n_columns: int, page: PageFrame) -> list[TableCell]:
    """Rows by rules where each row has its own, else by the distance of lines and the columns they fill."""
    rows = base_rows(pieces)
    full = edges.across[edges.across[:, 1] - edges.across[:, 0] >= FULL * (box[2] - box[0])]
    tops = sorted({round(y) for y in full[:, 2].tolist()})
    for row in rows:
        row.filled = {piece.column for piece in row.pieces}
        row.band = bisect_right(tops, row.base - 0.3 * row.size)
    single = bands_are_rows(pieces, tops, box, n_columns)
    starts = find_row_starts(rows, edges, box, n_columns, single)
    grouped: dict[tuple[int, int], list[Piece]] = {}
    number = -1
    for row, start in zip(rows, starts, strict=True):
        number += start
        for piece in row.pieces:
            grouped.setdefault((number, piece.column), []).append(piece)
    return _numbered(grouped, page)


def _numbered(grouped: dict[tuple[int, int], list[Piece]], page: PageFrame) -> list[TableCell]:
    """Cells by row and column, rows without text left out."""
    rows = {row: i for i, row in enumerate(sorted({row for row, _ in grouped}))}
    keys: dict[Box, set[tuple[int, int]]] = {}
    for key, pieces in grouped.items():
        for piece in pieces:
            if piece.box is not None:
                keys.setdefault(piece.box, set()).add(key)
    shared = {box for box, own in keys.items() if len(own) > 1}
    cells = []
    for (row, column), pieces in sorted(grouped.items(), key=lambda item: item[0]):
        lines = tuple(p.line for base in base_rows(pieces) for p in base.pieces)
        boxes = {piece.box for piece in pieces}
        drawn = boxes.pop() if len(boxes) == 1 else None
        drawn = None if drawn in shared else drawn
        cells.append(TableCell(rows[row], column, lines, drawn or _around(lines, page)))
    return cells


def _around(lines: Sequence[Line], page: PageFrame) -> Box:
    """The box of the glyphs of lines, raised and lowered ones too."""
    glyphs = np.concatenate([line.source[line.source >= 0] for line in lines])
    x0, y0 = page.box[glyphs, :2].min(axis=0).tolist()
    x1, y1 = page.box[glyphs, 2:].max(axis=0).tolist()
    return x0, y0, x1, y1
