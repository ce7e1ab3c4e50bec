"""Rows of a table: by its rules where each row has its own, else by the distance of lines and the columns they fill.

Owns which lines start a row. Lengths are relative to the type size.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from litmine.reading.lines import Line
from litmine.reading.tables.pieces import FEWEST_BANDS, Piece, Row, base_rows
from litmine.reading.tables.rules import TOLERANCE, Box, Edges

LEADING = 1.5
"""Lines further apart than this are not one cell's."""
SPACED = 1.12
"""Rows stand this much further apart than the lines of a cell where the distance tells them."""
_OPEN_END = re.compile(r"(?:[-–—/,;:&+=(]|\b(?:and|or|of|the|with|for|to|in|by|vs\.?))$")
_GOES_ON = re.compile(r"[a-zα-ω)\]%–/&]|\(|\d+[)\]]|or\b|and\b")


def bands_are_rows(pieces: Sequence[Piece], tops: Sequence[float], box: Box, n_columns: int) -> bool:
    """Whether each band between rules holds one row: many bands, of few lines each that fill the first column."""
    tops = [top for top in tops if top < box[3] - TOLERANCE]
    if len(tops) < FEWEST_BANDS:
        return False
    bands: dict[int, list[set[int]]] = {}
    for row in base_rows(pieces):
        band = bisect_right(tops, row.base - 0.3 * row.size)
        bands.setdefault(band, []).append({piece.column for piece in row.pieces})
    if len(bands) < FEWEST_BANDS:
        return False
    starts = [
        sum(0 in columns and len(columns) > max(0.5 * n_columns, 0.89 * max(map(len, lines))) for columns in lines)
        for lines in bands.values()
    ]
    usual = sorted(map(len, bands.values()))[len(bands) // 2]
    return max(starts) <= 3 and sum(count > 1 for count in starts) <= 0.5 * len(bands) and usual <= 5


def find_row_starts(rows: Sequence[Row], edges: Edges, box: Box, n_columns: int, single: bool) -> list[bool]:
    """For each line of the table whether it starts a row."""
    steps = [
        (b.base - a.base) / max(a.size, b.size) if a.band == b.band else np.inf for a, b in itertools.pairwise(rows)
    ]
    threshold = None if single else _row_distance(rows, steps)
    right = [
        max((p.line.x1 for row in rows for p in row.pieces if p.column == column and len(row.pieces) > 1), default=0.0)
        for column in range(n_columns)
    ]
    has_header = len({row.band for row in rows}) > 1
    starts = [True]
    group = [rows[0]]
    for i, row in enumerate(rows[1:], start=1):
        step = steps[i - 1]
        if row.band != group[-1].band:
            start = True
        elif single:
            start = _ruled_between(group[-1], row, edges) or _starts_anew(group, row, step, right)
        elif has_header and row.band == rows[0].band:
            start = step > LEADING or _ruled_between(group[-1], row, edges) or _spans_below(group[-1], row)
        elif threshold is not None:
            start = step > threshold
        else:
            following = rows[i + 1] if i + 1 < len(rows) else None
            start = step > LEADING or not _continues(group, row, following, n_columns, right)
        starts.append(start)
        group = [row] if start else [*group, row]
    return starts


def _row_distance(rows: Sequence[Row], steps: Sequence[float]) -> float | None:
    """The distance beyond which a line starts a row, where the lines of a cell stand closer than rows do."""
    found = sorted(step for step in steps if step < 6)
    splits = [(b - a, (a + b) / 2) for a, b in itertools.pairwise(found) if b > SPACED * a and a < LEADING and b > 1.1]
    for _, threshold in sorted(splits, reverse=True):
        if _makes_rows(rows, steps, threshold):
            return threshold
    return None


def _makes_rows(rows: Sequence[Row], steps: Sequence[float], threshold: float) -> bool:
    """Whether lines closer than a threshold complete each other to rows: each fills some of the columns, together they
    fill more, and few but the first have something in the first column."""
    groups: list[list[Row]] = [[rows[0]]]
    for row, step in zip(rows[1:], steps, strict=True):
        if step > threshold:
            groups.append([row])
        else:
            groups[-1].append(row)
    several = [group for group in groups if len(group) > 1]
    if not several or len(groups) < 3:
        return False
    together = np.mean([len(set().union(*(row.filled for row in group))) for group in several])
    alone = np.mean([len(row.filled) for group in several for row in group])
    first = np.mean([sum(0 in row.filled for row in group) for group in several])
    return bool(together >= 1.25 * alone and first <= 1.7)


def _starts_anew(group: Sequence[Row], row: Row, step: float, right: Sequence[float]) -> bool:
    """Whether a line in the band of a row is a row of its own: far below, or under cells whose text had not come to the
    end of their lines."""
    above: dict[int, Line] = {piece.column: piece.line for own in group for piece in own.pieces}
    shared = [p for p in row.pieces if p.column in above]
    short = [p for p in shared if not _is_full(above[p.column], p.line, right[p.column])]
    short = [p for p in short if not _reads_on(above[p.column], p.line)]
    return len(row.filled) > 1 and (step > LEADING or (len(short) > 1 and len(short) > 0.5 * len(shared)))


def _ruled_between(above: Row, below: Row, edges: Edges) -> bool:
    return any(above.base - 0.1 * above.size < y < below.base - 0.5 * below.size for y in edges.across[:, 2].tolist())


def _spans_below(above: Row, below: Row) -> bool:
    """Whether a piece stands over several of the next line, as a heading over columns does."""
    for piece in above.pieces:
        under = [p for p in below.pieces if min(p.line.x1, piece.line.x1) > max(p.line.x0, piece.line.x0)]
        if len({p.column for p in under}) > 1:
            return True
    return False


def _continues(group: Sequence[Row], row: Row, following: Row | None, n_columns: int, right: Sequence[float]) -> bool:
    """Whether a line goes on in the cells above it: it fills few of their columns, and reads on."""
    above: dict[int, Line] = {piece.column: piece.line for own in group for piece in own.pieces}
    filled = set(above)
    reads_on = all(p.column in above and _reads_on(above[p.column], p.line) for p in row.pieces)
    if row.filled == {0}:
        first = following.pieces[0] if following else row.pieces[0]
        heading = first.column == 0 and first.line.x0 > row.pieces[0].line.x0 + 0.7 * row.size
        return 0 in filled and reads_on and not heading
    if filled == {0} and 0 in row.filled:
        return _reads_on(above[0], row.pieces[0].line)
    if 0 in row.filled:
        return row.filled < filled and reads_on
    if not row.filled <= filled:
        return False
    full = all(_is_full(above[p.column], p.line, right[p.column]) for p in row.pieces)
    return reads_on or len(row.filled) <= max(1, n_columns // 3) or (full and len(row.filled) < n_columns - 1)


def _reads_on(above: Line, line: Line) -> bool:
    """Whether the text of two lines belongs together as a word, a phrase or a bracket does."""
    opened = above.text.count("(") > above.text.count(")") or above.text.count("[") > above.text.count("]")
    return opened or bool(_OPEN_END.search(above.text)) or bool(_GOES_ON.match(line.text))


def _is_full(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of a line had no room at the end of the line above."""
    first = line.text.partition(" ")[0]
    width = line.width * len(first) / max(len(line.text), 1)
    return above.x1 + 0.25 * line.size + width > right - 0.2 * line.size
