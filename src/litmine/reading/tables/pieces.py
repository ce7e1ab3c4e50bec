"""The pieces of a table: its lines, cut where they run over several columns, and the rows of pieces on one baseline.

Owns where a line is cut. Which piece stands in which column and row of the table is for `columns` and `rows`. Lengths
are relative to the type size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from litmine.reading.geometry import Bools, Floats
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.lines import Line
from litmine.reading.tables.rules import TOLERANCE, Box, Edges

GAP = 0.5
"""White space this wide between words may part two cells."""
TIGHT = 0.4
"""White space this wide parts two columns where it runs down the table."""
FULL = 0.85
"""Of the table's width: a longer rule parts rows, a shorter one belongs to the header cell above it."""
FEWEST_BANDS = 3
"""Fewer bands between rules say nothing about rows."""


@dataclass(slots=True)
class Piece:
    """A line, or the part of it that stands in one column."""

    line: Line
    column: int = 0
    box: Box | None = None


@dataclass(slots=True)
class Row:
    """Pieces on one baseline; `band` counts the rules above it."""

    pieces: list[Piece]
    band: int = 0
    filled: set[int] = field(default_factory=set)

    @property
    def base(self) -> float:
        return self.pieces[0].line.base

    @property
    def size(self) -> float:
        return max(piece.line.size for piece in self.pieces)


def base_rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces on one baseline together, from top to bottom."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: piece.line.base):
        line = piece.line
        if rows and abs(rows[-1].base - line.base) < 0.4 * max(line.size, rows[-1].size):
            rows[-1].pieces.append(piece)
        else:
            rows.append(Row([piece]))
    for row in rows:
        row.pieces.sort(key=lambda piece: piece.line.x0)
    return rows


def cut_line(line: Line, places: Sequence[float], page: PageFrame) -> list[Line]:
    """The line cut at the spaces nearest to the x positions; whole where there is no space at them."""
    cuts = []
    for place in places:
        at = _space_at(line, place, page)
        if at is not None:
            cuts.append(at)
    parts, start = [], 0
    for cut in [*sorted(set(cuts)), len(line.text)]:
        if line.text[start:cut].strip():
            parts.append(_part(line, start, cut, page))
        start = cut
    return parts


def _part(line: Line, start: int, end: int, page: PageFrame) -> Line:
    if start == 0 and end == len(line.text):
        return line
    while start < end and line.text[start] == " ":
        start += 1
    while end > start and line.text[end - 1] == " ":
        end -= 1
    own = line.source[start:end]
    boxes = page.box[own[own >= 0]]
    return replace(
        line,
        text=line.text[start:end],
        source=own,
        raised=line.raised[start:end],
        x0=float(boxes[:, 0].min()),
        x1=float(boxes[:, 2].max()),
        underlined=line.underlined,
    )


def gaps_of(line: Line, page: PageFrame) -> list[tuple[int, float, float]]:
    """Index, left and right end of each space in a line."""
    at = np.flatnonzero(line.source < 0)
    at = at[(at > 0) & (at < len(line.source) - 1)]
    at = at[(line.source[at - 1] >= 0) & (line.source[at + 1] >= 0)]
    left, right = page.box[line.source[at - 1], 2], page.box[line.source[at + 1], 0]
    return list(zip(at.tolist(), left.tolist(), right.tolist(), strict=True))


def _space_at(line: Line, x: float, page: PageFrame) -> int | None:
    slack = 0.3 * line.size
    for at, left, right in gaps_of(line, page):
        if left - slack <= x <= right + slack:
            return at
    return None


def cut_at_white(lines: Sequence[Line], box: Box, edges: Edges, page: PageFrame) -> list[Line]:
    """Lines cut where white space runs down through (nearly) all rows of the table, and where most of its rules are
    drawn in pieces that meet."""
    joints = _joints(edges, box)
    starts = np.sort(np.array([line.x0 for line in lines]))
    lines = [part for line in lines for part in cut_line(line, _true_joints(line, joints, starts, page), page)]
    rows = base_rows([Piece(line) for line in lines])
    wide = [(line, gap) for line in lines for gap in gaps_of(line, page) if gap[2] - gap[1] >= TIGHT * line.size]
    if not wide or len(rows) < 2:
        return list(lines)
    width = int(box[2] - box[0]) + 2
    inked = np.zeros((len(rows), width), dtype=np.bool_)
    for i, row in enumerate(rows):
        for piece in row.pieces:
            ends = [piece.line.x0, *(x for _, left, right in gaps_of(piece.line, page) for x in (left, right))]
            ends.append(piece.line.x1)
            for a, b in zip(ends[::2], ends[1::2], strict=True):
                inked[i, max(0, int(a - box[0])) : max(0, int(np.ceil(b - box[0])))] = True
    white: Bools = inked.sum(axis=0) <= 0.1 * len(rows)
    cuts: dict[int, list[float]] = {}
    for line, (_, left, right) in wide:
        a, b = int(np.ceil(left - box[0])), int(right - box[0])
        strip = np.flatnonzero(white[max(a, 0) : max(b, 0)])
        reach = int(3 * line.size)
        before, behind = (
            inked[:, max(0, a - reach) : max(a, 0)].any(axis=1),
            inked[:, max(b, 0) : b + reach].any(axis=1),
        )
        apart = right - left >= GAP * line.size or int((before & behind).sum()) >= max(2.0, 0.4 * len(rows))
        if len(strip) >= 0.8 * TIGHT * line.size and apart:
            cuts.setdefault(id(line), []).append((left + right) / 2)
    return [part for line in lines for part in cut_line(line, cuts.get(id(line), []), page)]


def _joints(edges: Edges, box: Box) -> list[float]:
    """The x at which the pieces of most of the rules over the table's width meet: edges of columns."""
    full = edges.across[:, 1] - edges.across[:, 0] >= FULL * (box[2] - box[0])
    heights = edges.across[full, 2]
    if len(heights) < FEWEST_BANDS:
        return []
    counts: dict[int, set[int]] = {}
    for x, y in edges.joints.tolist():
        near = np.flatnonzero(np.abs(heights - y) < TOLERANCE)
        if len(near):
            counts.setdefault(round(x), set()).add(int(near[0]))
    return [float(x) for x, own in sorted(counts.items()) if len(own) > 0.6 * len(heights)]


def _true_joints(line: Line, joints: Sequence[float], starts: Floats, page: PageFrame) -> list[float]:
    """The joints at which a line has a wide space, or one behind which it goes on where other lines begin."""
    slack = 0.3 * line.size
    found = []
    gaps = gaps_of(line, page) if joints else []
    usual = float(np.median([right - left for _, left, right in gaps])) if len(gaps) > 1 else 0.0
    for _, left, right in gaps:
        alike = np.searchsorted(starts, right + 1.0) - np.searchsorted(starts, right - 1.0)
        if right - left >= GAP * line.size or (alike >= 2 and right - left > 1.1 * usual):
            found += [x for x in joints if left - slack <= x <= right + slack]
    return found
