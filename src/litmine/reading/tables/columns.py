"""Columns of a table: by its vertical lines where it has them, else by the white space between its pieces.

Owns the column of every piece; one that stands over several columns takes the leftmost. Lengths are relative to the
type size.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.lines import Line
from litmine.reading.tables.pieces import FULL, Piece, Row, base_rows
from litmine.reading.tables.rules import TOLERANCE, Box, Edges


def find_bars(edges: Edges, box: Box) -> list[float]:
    """The x of vertical lines, the table's own sides included."""
    bars = [box[0]]
    for x in sorted(edges.down[:, 2].tolist()):
        if x > bars[-1] + 2 * TOLERANCE and x < box[2] - 2 * TOLERANCE:
            bars.append(x)
    return [*bars, box[2]]


def bars_at(line: Line, edges: Edges, bars: Sequence[float]) -> list[float]:
    """The bars inside the table that are drawn at the height of a line."""
    y = (line.y0 + line.y1) / 2
    drawn = edges.down[(edges.down[:, 0] <= y) & (edges.down[:, 1] >= y), 2].tolist()
    return [bar for bar in bars[1:-1] if any(abs(bar - x) <= 2 * TOLERANCE for x in drawn)]


def set_drawn_columns(pieces: list[Piece], drawn: Sequence[Box], edges: Edges, bars: Sequence[float]) -> None:
    """Column of each piece by the bar to its left, and the drawn cell around it.

    Where only the header is drawn in boxes, or every other row, its bars hold for the rest of the table.
    """
    rows = base_rows(pieces)
    centre = {id(p): ((p.line.x0 + p.line.x1) / 2, (p.line.y0 + p.line.y1) / 2) for p in pieces}
    around: dict[int, Box] = {}
    for x0, y0, x1, y1 in sorted(drawn, key=lambda cell: (cell[0] - cell[2]) * (cell[3] - cell[1])):
        own = [[p for p in row.pieces if x0 <= centre[id(p)][0] <= x1 and y0 <= centre[id(p)][1] <= y1] for row in rows]
        if any(len({sum(bar <= centre[id(p)][0] for bar in bars) for p in row}) > 1 for row in own):
            continue  # no cell: the lines between its columns are not drawn
        around.update((id(p), (x0, y0, x1, y1)) for row in own for p in row)
    for row in rows:
        for piece in row.pieces:
            x = centre[id(piece)][0]
            cell = around.get(id(piece))
            local = [bar for bar in bars_at(piece.line, edges, bars) if bar <= x]
            if cell is not None:
                left = cell[0]
                piece.box = cell
            elif local and not any(p is not piece and local[-1] <= p.line.x0 < x for p in row.pieces):
                left = local[-1]
            else:
                left = max(bar for bar in bars if bar <= max(x, bars[0]))
            piece.column = sum(bar <= left + TOLERANCE for bar in bars[1:-1])
    _set_group_headings(rows, list(itertools.pairwise(bars)))


def set_columns(pieces: list[Piece], edges: Edges, box: Box) -> int:
    """Column of each piece, and how many there are.

    The narrowest pieces make the columns; a wider one over several that stand side by side elsewhere is a heading over
    these, and takes the leftmost.
    """
    rows = base_rows(pieces)
    row_of = {id(piece): i for i, row in enumerate(rows) for piece in row.pieces}
    clusters: list[_Column] = []
    spanners: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.line.width):
        hit = [c for c in clusters if c.meets(piece.line)]
        if any(a.rows & b.rows for i, a in enumerate(hit) for b in hit[i + 1 :]):
            spanners.append(piece)
            continue
        column = _Column(piece.line.x0, piece.line.x1, {row_of[id(piece)]}, [piece])
        for other in hit:
            column.take(other)
        clusters = [c for c in clusters if c not in hit] + [column]
    clusters.sort(key=lambda c: c.x0)
    spanners = _merge_spanned(clusters, spanners, row_of)
    _merge_sparse(clusters)
    for number, cluster in enumerate(clusters):
        for piece in cluster.pieces:
            piece.column = number
    for piece in spanners:
        x0 = piece.line.x0 + 0.2 * piece.line.size
        piece.column = next((i for i, c in enumerate(clusters) if c.x1 > x0), len(clusters) - 1)
    _set_group_headings(rows, _rooms(rows, clusters, box[2]))
    _set_spans(rows, clusters, edges, box)
    return len(clusters)


@dataclass(slots=True, eq=False)
class _Column:
    x0: float
    x1: float
    rows: set[int]
    pieces: list[Piece]

    def meets(self, line: Line) -> bool:
        return min(self.x1, line.x1) - max(self.x0, line.x0) > min(0.2 * line.size, 0.5 * line.width)

    def take(self, other: "_Column") -> None:
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.rows |= other.rows
        self.pieces += other.pieces


def _merge_spanned(clusters: list[_Column], spanners: Sequence[Piece], row_of: dict[int, int]) -> list[Piece]:
    """Put together neighbours that more lines run across than keep apart: words of one column, set wide. Returns the
    pieces that still span several."""
    i = 0
    while i + 1 < len(clusters):
        a, b = clusters[i], clusters[i + 1]
        over = [piece for piece in spanners if a.meets(piece.line) and b.meets(piece.line)]
        if len(over) > len(a.rows & b.rows):
            a.take(b)
            del clusters[i + 1]
        else:
            i += 1
    left = []
    for piece in spanners:
        hit = [c for c in clusters if c.meets(piece.line)]
        if len(hit) == 1:
            hit[0].take(_Column(piece.line.x0, piece.line.x1, {row_of[id(piece)]}, [piece]))
        else:
            left.append(piece)
    return left


def _merge_sparse(clusters: list[_Column]) -> None:
    """A column of few rows, none of which its neighbour fills, is that neighbour's ragged edge; so is one of a single
    row without a heading."""
    i = 0
    while i + 1 < len(clusters):
        a, b = clusters[i], clusters[i + 1]
        few = min(len(a.rows), len(b.rows)) <= max(1, 0.15 * max(len(a.rows), len(b.rows)))
        size = a.pieces[0].line.size
        lone = len(b.rows) == 1 and len(a.rows) > 3 and 0 not in b.rows
        if ((few and not a.rows & b.rows) or lone) and b.x0 - a.x1 < 3 * size:
            a.take(b)
            del clusters[i + 1]
        else:
            i += 1


def _set_group_headings(rows: Sequence[Row], rooms: Sequence[tuple[float, float]]) -> None:
    """Headings centred over groups of columns, in a first line that leaves most columns of the next without one, start
    at the first column of their group. `rooms` are the ends of the columns."""
    count = len(rooms)
    if len(rows) < 3 or count < 3:
        return
    pieces = [piece for piece in rows[0].pieces if piece.column > 0]
    below = {piece.column for piece in rows[1].pieces}
    if not pieces or len(pieces) > (count - 1) / 2 or len(pieces) > 6 or not below >= set(range(1, count)):
        return
    under = {p.column: p.line for p in rows[1].pieces}
    if any(p.box for p in pieces) or all(abs(p.line.x0 - under[p.column].x0) < 0.4 * p.line.size for p in pieces):
        return
    best, cost = None, 0.8 * rows[0].size * len(pieces)
    for cuts in itertools.combinations(range(2, count), len(pieces) - 1):
        starts = [1, *cuts, count]
        centres = [rooms[a][0] + rooms[b - 1][1] for a, b in itertools.pairwise(starts)]
        off = sum(abs(x - p.line.x0 - p.line.x1) / 2 for x, p in zip(centres, pieces, strict=True))
        if off < cost:
            best, cost = starts, off
    for piece, start in zip(pieces, best or (), strict=False):
        piece.column = start


def _rooms(rows: Sequence[Row], clusters: Sequence[_Column], right: float) -> list[tuple[float, float]]:
    """Left and right ends of columns, by the side to which most of their text is set; `right` is where the table
    ends."""
    bounds = [(c.x0, c.x1) for c in clusters]
    for number in range(len(clusters)):
        own = [piece.line for row in rows[1:] for piece in row.pieces if piece.column == number]
        if own:
            bounds[number] = (min(line.x0 for line in own), max(line.x1 for line in own))
    others = [piece for row in rows[1:] for piece in row.pieces if piece.column > 0]
    left = sum(p.line.x0 - bounds[p.column][0] for p in others)
    right_hand = sum(bounds[p.column][1] - p.line.x1 for p in others)
    centred = sum(abs(p.line.x0 + p.line.x1 - sum(bounds[p.column])) / 2 for p in others)
    if centred <= min(left, right_hand) or len(bounds) < 3:
        return bounds
    if left <= right_hand:
        starts = [x0 for x0, _ in bounds]
        end = max(right, starts[-1] + float(np.median(np.diff(starts[1:]))))
        return list(zip(starts, [*starts[1:], end], strict=True))
    ends = [x1 for _, x1 in bounds]
    return list(zip([bounds[0][0], *ends[:-1]], ends, strict=True))


def _set_spans(rows: Sequence[Row], clusters: Sequence[_Column], edges: Edges, box: Box) -> None:
    """A heading alone over a rule that covers several columns starts at the first of these."""
    partial = list(_partial_rules(edges, box))
    for row in rows if partial else ():
        for piece in row.pieces:
            line = piece.line
            for x0, x1, y in partial:
                if not -0.1 * line.size < y - line.base < 1.2 * line.size or line.x0 < x0 - 2 or line.x1 > x1 + 2:
                    continue
                alone = not any(p is not piece and p.line.x0 < x1 and p.line.x1 > x0 for p in row.pieces)
                under = [i for i, c in enumerate(clusters) if x0 - 2 <= (c.x0 + c.x1) / 2 <= x1 + 2]
                if alone and len(under) > 1:
                    piece.column = under[0]


def _partial_rules(edges: Edges, box: Box) -> Iterator[tuple[float, float, float]]:
    """Rules that do not cross the whole table, cut where their pieces meet."""
    for x0, x1, y in edges.across.tolist():
        if x1 - x0 < FULL * (box[2] - box[0]):
            near = np.abs(edges.joints[:, 1] - y) < TOLERANCE
            cuts = [x for x in edges.joints[near, 0].tolist() if x0 + TOLERANCE < x < x1 - TOLERANCE]
            ends = [x0, *sorted(cuts), x1]
            yield from ((a, b, y) for a, b in itertools.pairwise(ends))
