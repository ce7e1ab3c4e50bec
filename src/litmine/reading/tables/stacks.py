"""Stacks of rules on a page with rows of cells between them, which are tables or parts of drawings.

Owns which rules belong together, and what stands between them: rows of cells, headings, or prose that ends the stack.
Lengths are relative to the type size.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.geometry import Floats
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.lines import Line
from litmine.reading.placed import PlacedLines, by_baseline
from litmine.reading.tables.pieces import GAP, gaps_of
from litmine.reading.tables.rules import Box, Edges, find_drawn_cells

SHORTEST_RULE = 40.0
"""Points: a shorter rule underlines a word."""
MOST_BANDS = 1_500
"""Bands between rules looked at per page."""
MOST_LINES = 300
"""Between two rules; more are no rows of a table."""
_MOST_CLASSES = 60


@dataclass(frozen=True, slots=True)
class TablePage:
    """What tables of a page are found by; `body_size` is the type size of the document's prose."""

    frame: PageFrame
    lines: PlacedLines
    edges: Edges
    body_size: float


@dataclass(slots=True, eq=False)
class Stack:
    """Rules above each other with text between. `n_rows` counts lines of several pieces, band by band."""

    box: Box
    n_rows: list[int]
    n_pieces: list[int]


def find_stacks(page: TablePage) -> Iterator[Stack]:
    """Runs of rules of one width with rows of cells between them; the widest first, none inside another."""
    across = page.edges.across
    rules = across[across[:, 1] - across[:, 0] > SHORTEST_RULE]
    found: list[Stack] = []
    n_bands = 0
    for x0, x1, tops in _classes(rules):
        n_bands += len(tops)
        if n_bands > MOST_BANDS:
            return
        for stack in _runs(page, x0, x1, tops):
            if not any(touch(stack.box, other.box) for other in found):
                found.append(stack)
                yield stack


def touch(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def _classes(rules: Floats) -> list[tuple[float, float, list[float]]]:
    """Left, right and heights of rules that begin and end alike, the widest and most numerous first."""
    classes: list[tuple[float, float, list[float]]] = []
    for x0, x1, y in rules.tolist():
        for left, right, tops in classes:
            if abs(left - x0) < 4 and abs(right - x1) < 4:
                tops.append(y)
                break
        else:
            if len(classes) < 4 * _MOST_CLASSES:
                classes.append((x0, x1, [y]))
    several = [entry for entry in classes if len(entry[2]) > 1]
    return sorted(several, key=lambda entry: (entry[0] - entry[1], -len(entry[2])))[:_MOST_CLASSES]


def _runs(page: TablePage, x0: float, x1: float, tops: Sequence[float]) -> Iterator[Stack]:
    """Bands of rows that follow each other, without the bands at their end that hold no row."""
    start: float | None = None
    end = 0.0
    rows: list[int] = []
    pieces: list[int] = []
    for top, bottom in itertools.pairwise(tops):
        n_rows, n_pieces, breaks = _judge(page, x0, x1, top, bottom)
        if breaks and start is not None:
            yield Stack((x0, start, x1, end), rows, pieces)
            start = None
        if n_rows:
            if start is None:
                start, rows, pieces = top, [], []
            end = bottom
            rows.append(n_rows)
            pieces.append(n_pieces)
    if start is not None:
        yield Stack((x0, start, x1, end), rows, pieces)


def _judge(page: TablePage, x0: float, x1: float, top: float, bottom: float) -> tuple[int, int, bool]:
    """Lines of several pieces in the band between two rules, their pieces, and whether the band ends a table."""
    chosen = page.lines.between(x0, x1, top, bottom)
    if not len(chosen):
        return 0, 0, bottom - top > 3 * page.body_size
    box = page.lines.box[chosen]
    outside = bool((box[:, 0] < x0 - 12).any() or (box[:, 2] > x1 + 12).any())
    if len(chosen) > MOST_LINES or outside or page.lines.caption[chosen].any():
        return 0, 0, True
    rows = by_baseline(page.lines.take(chosen))
    down = page.edges.down
    barred = (down[:, 2] > x0 + 8) & (down[:, 2] < x1 - 8) & (down[:, 0] < top + 4) & (down[:, 1] > bottom - 4)
    several = [row for row in rows if len(row) > 1 or is_glued(row[0], page.frame)]
    n_pieces = sum(map(len, several))
    if several and barred.any():
        return len(several), n_pieces, False
    if is_prose(rows, x1 - x0, page.body_size):
        return 0, 0, True
    return len(several), n_pieces, not several and len(rows) > 2


def is_glued(line: Line, page: PageFrame) -> bool:
    """Whether a space of a line is that between two cells: wide, and much wider than the narrowest."""
    widths = sorted(right - left for _, left, right in gaps_of(line, page)) if len(line.text) < 60 else []
    return bool(widths) and widths[-1] >= GAP * line.size and (len(widths) == 1 or widths[-1] > 1.5 * widths[0])


def is_prose(rows: Sequence[Sequence[Line]], width: float, body_size: float) -> bool:
    """Lines that fill the width, or many wordy lines in the body's type that stand in less than three columns."""
    lines = [line for row in rows for line in row]
    wordy = [line for line in lines if len(line.text.split()) >= 7]
    full = sum(line.width > 0.75 * width for line in wordy)
    in_body_type = sum(abs(line.size - body_size) < 0.03 * body_size for line in wordy)
    columns = sum(len(row) >= 3 for row in rows)
    if full >= 3 and full > 0.5 * len(rows):
        return True
    return in_body_type >= 6 and in_body_type > 0.4 * len(lines) and columns < 0.3 * len(rows)


def is_clear_grid(stack: Stack, edges: Edges) -> bool:
    """Cells drawn on all sides, most with text, or a rule below every row of three cells or more."""
    ruled = len(stack.n_rows) >= 2 and max(stack.n_rows) <= 4
    if ruled and (min(stack.n_pieces) >= 3 or (len(stack.n_rows) >= 4 and min(stack.n_pieces) >= 2)):
        return True
    inner = edges.within(stack.box).down[:, 2]
    if not ((inner > stack.box[0] + 8) & (inner < stack.box[2] - 8)).any():
        return False
    cells = find_drawn_cells(edges, stack.box)
    return len(cells) >= 6 and sum(stack.n_pieces) >= 0.6 * len(cells)


def whole_box(stack: Stack, page: TablePage) -> Box:
    """The region of a stack with the rows before its first and behind its last rule, as far as they are set alike.

    Where every other row is shaded the last row may have no rule below it, and where a table breaks it has none.
    """
    x0, y0, x1, y1 = stack.box
    if not stack.n_rows:
        return stack.box
    down = page.edges.down
    bars = down[(down[:, 2] > x0 - 4) & (down[:, 2] < x1 + 4)]
    bars = bars[(bars[:, 0] < y1 - 4) & (bars[:, 1] > y0 + 4)]
    if len(bars) > 1:  # the table's own sides and columns, where the first or last row has no rule
        y0, y1 = min(y0, float(np.sort(bars[:, 0])[1])), max(y1, float(np.sort(bars[:, 1])[-2]))
    inside = page.lines.take(page.lines.between(x0, x1, y0, y1))
    size = max(line.size for line in inside)
    bases = sorted({round(line.base, 1) for line in inside})
    pitch = 1.3 * max([b - a for a, b in itertools.pairwise(bases)], default=0.0)
    starts = np.array([(line.x0, line.x1, (line.x0 + line.x1) / 2) for line in inside])
    below = _like_rows(page, (x0, inside[-1].base, x1, inside[-1].base + 40 * size), pitch, starts)
    above = _like_rows(page, (x0, inside[0].base, x1, inside[0].base - 40 * size), pitch, starts)
    y1 = max([y1, *(line.y1 for row in below for line in row)])
    y0 = min([y0, *(line.y0 for row in above for line in row)])
    return x0, y0, x1, y1


def _like_rows(page: TablePage, reach: Box, pitch: float, starts: Floats) -> Iterator[list[Line]]:
    """Rows that go on from a baseline (the second value of `reach`) down or up to another as those of a table do."""
    x0, base, x1, end = reach
    low, high = min(base, end), max(base, end)
    near = page.lines.take(page.lines.between(x0, x1, low, high))
    rows = by_baseline([line for line in near if low < line.base < high])
    last = base
    for row in rows if end > base else reversed(rows):
        places = np.array([(line.x0, line.x1, (line.x0 + line.x1) / 2) for line in row])
        aligned = int((np.abs(places[:, None] - starts) < 2).any(axis=(1, 2)).sum())
        within = all(line.x0 > x0 - 12 and line.x1 < x1 + 12 for line in row)
        step = abs(row[0].base - last)
        if step > pitch or not within or len(row) < 2 or aligned < len(row) or is_prose([row], x1 - x0, 0.0):
            return
        if step > 0.4 * row[0].size:
            yield row
            last = row[0].base
