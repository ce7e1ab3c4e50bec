"""Columns and reading order of the lines of one page.

Owns gutters, lines that span them, and the edges of columns. Expects furniture, figure labels and tables to be gone.
A gutter is found where lines stand side by side; lines that cross it cut the page into bands, and within a band the
left column is read before the right one. Columns may themselves hold gutters.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from litmine.reading.geometry import percentile
from litmine.reading.lines import Line

NARROWEST_COLUMN = 0.15
"""Of the width of the text: narrower columns are labels, numbers or bullets."""
FEWEST_ROWS = 4.0
"""Line heights over which lines must stand side by side, with no line across between them."""
DEEPEST = 3
REFERENCE_HEADING = re.compile(
    r"(?=[A-Z\d])(?i:(?:\d{1,2}\.?\s+)?(?:references(?: and notes| cited)?|bibliography|literature cited|literature"
    r"|works cited|r\s?e\s?f\s?e\s?r\s?e\s?n\s?c\s?e\s?s):?)"
)
MOST_LINES = 3_000
"""A page with more is no prose; a gutter is not sought."""
_X, _Y = 2.0, 2.0  # points per cell of the raster in which gutters are sought
_NEAREST_FIRST = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6)
_FEWEST_ALIGNED = 0.5
"""Of the lines to the right of a gutter: so many share its two most frequent left edges."""
_ENUMERATOR = re.compile(
    r"[\[(]?\d{1,4}(?:\.\d{1,2})*[\].):]{0,2}|[\[(]?(?:[A-Za-z]|[ivxIVX]{1,4})[\].):]{1,2}|\W{1,2}"
)
_ENUMERATOR_WIDTH = 3.5  # type sizes


def find_gutters(pages: Sequence[list[Line]]) -> list[float | None]:
    """The gutter of each page: its own, or where too few lines tell, that of most pages if its lines stand so."""
    prepared = [_with_enumerators(lines) for lines in pages]
    gutters = [find_gutter(lines) for lines in prepared]
    known = [gutter for gutter in gutters if gutter is not None]
    if len(known) < max(2, 0.3 * len(pages)):
        return gutters
    usual = float(np.median(known))
    edges = [
        min(line.x0 for line in lines if line.x0 >= gutter - 1)
        for lines, gutter in zip(prepared, gutters, strict=True)
        if gutter is not None and abs(gutter - usual) < 10.0
    ]
    if len(edges) < 0.5 * len(known):
        return gutters
    edge = float(np.median(edges))
    return [
        usual if gutter is None and _stand_beside(lines, usual, edge) else gutter
        for lines, gutter in zip(prepared, gutters, strict=True)
    ]


def _stand_beside(lines: Sequence[Line], gutter: float, edge: float) -> bool:
    """Whether lines stand side by side at a gutter, the right ones at the edge of the right column, and none across."""
    right = [line for line in lines if line.x0 >= gutter - 1]
    left = [line for line in lines if line.x1 <= gutter + 1]
    return (
        len(right) + len(left) == len(lines)
        and len(left) > 0
        and any(abs(line.x0 - edge) < 2.0 for line in right)
        and any(min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5 * a.height for a in left for b in right)
    )


def order_lines(lines: list[Line], gutter: float | None = None) -> list[Line]:
    """The lines in reading order, each with its column's number and edges; fragments of one row are joined.

    `gutter` is where the page as a whole is parted, as far as that is known.
    """
    if not lines:
        return []
    lines = _with_enumerators(lines)
    regions: list[tuple[int, bool, list[Line]]] = []
    _split(lines, (), {(): 0}, regions, spanning=False, gutter=gutter)
    _set_edges(regions)
    return [line for _, _, region in regions for line in region]


def join_lines(parts: list[Line]) -> Line:
    """One line from fragments of one row, in the order given, with spaces between."""
    if len(parts) == 1:
        return parts[0]
    first = max(parts, key=lambda part: len(part.text))
    gap = np.array([-1], dtype=np.int64)
    flat = np.array([0], dtype=np.int64)
    sources, raised = [parts[0].source], [parts[0].raised]
    for part in parts[1:]:
        sources += [gap, part.source]
        raised += [flat, part.raised]
    return Line(
        page=first.page,
        text=" ".join(part.text for part in parts),
        source=np.concatenate(sources),
        raised=np.concatenate(raised),
        x0=min(part.x0 for part in parts),
        y0=min(part.y0 for part in parts),
        x1=max(part.x1 for part in parts),
        y1=max(part.y1 for part in parts),
        base=first.base,
        size=first.size,
        bold=first.bold,
        italic=first.italic,
        font=first.font,
        underlined=any(part.underlined for part in parts),
    )


def _with_enumerators(lines: list[Line]) -> list[Line]:
    """Join a list number or bullet with the text to its right, so that no gutter is seen between them."""
    kept: list[Line] = []
    joined: dict[int, Line] = {}
    ordered = sorted(lines, key=lambda line: line.base)
    bases = [line.base for line in ordered]
    for line in lines:
        if line.width < _ENUMERATOR_WIDTH * line.size and _ENUMERATOR.fullmatch(line.text):
            row = ordered[bisect_left(bases, line.base - 0.3 * line.size) : bisect_right(bases, line.base + line.size)]
            reach = min((line.x0 - other.x1 for other in row if other.x1 <= line.x0), default=np.inf)
            near = [
                other
                for other in row
                if other is not line
                and 0 < other.x0 - line.x1 < min(3 * other.size, reach)
                and len(other.text) > 12
                and other.base - line.base < (0.3 if other.size < 1.15 * line.size else 0.8) * line.size
            ]
            if near:
                target = min(near, key=lambda other: other.x0)
                if id(target) not in joined:
                    joined[id(target)] = line
                    continue
        kept.append(line)
    return [join_lines([joined[id(line)], line]) if id(line) in joined else line for line in kept]


def _split(
    lines: list[Line],
    path: tuple[int, ...],
    numbers: dict[tuple[int, ...], int],
    regions: list[tuple[int, bool, list[Line]]],
    spanning: bool,
    gutter: float | None = None,
) -> None:
    if not lines:
        return
    number = numbers.setdefault(path, len(numbers))
    if gutter is None and not spanning and len(path) < DEEPEST:
        gutter = find_gutter(lines)
    if gutter is None:
        regions.append((number, spanning or not path, _rows(lines)))
        return
    cut = _balanced_below(lines, gutter)
    if cut is not None:
        for part in ([x for x in lines if x.y1 <= cut + 1], [x for x in lines if x.y1 > cut + 1]):
            _split(part, path, numbers, regions, spanning)
        return
    across = _spanning(lines, gutter)
    for is_across, band in _bands(lines, across):
        if is_across:
            _split(band, (*path, 0), numbers, regions, spanning=True)
        else:
            _split([line for line in band if line.x0 + line.x1 < 2 * gutter], (*path, 1), numbers, regions, False)
            _split([line for line in band if line.x0 + line.x1 >= 2 * gutter], (*path, 2), numbers, regions, False)


def find_gutter(lines: list[Line]) -> float | None:
    """The x at which most lines stand side by side, or None where they follow one below the other."""
    if not 4 <= len(lines) <= MOST_LINES:
        return None
    x0, y0, x1, y1 = np.array([(line.x0, line.y0, line.x1, line.y1) for line in lines]).T
    x_min, y_min, x_max, y_max = float(x0.min()), float(y0.min()), float(x1.max()), float(y1.max())
    nx, ny = int((x_max - x_min) / _X) + 2, int((y_max - y_min) / _Y) + 2
    if nx * ny > 4_000_000:
        return None
    starts, ends = np.ceil((x0 - x_min) / _X).astype(np.int64), ((x1 - x_min) / _X).astype(np.int64)
    rows = [*zip(((y0 - y_min) / _Y).astype(np.int64).tolist(), ((y1 - y_min) / _Y).astype(np.int64) + 1, strict=True)]
    first_end, last_start = np.full(ny, nx), np.full(ny, -1)
    for i in np.argsort(-ends).tolist():
        first_end[slice(*rows[i])] = ends[i]
    for i in np.argsort(starts).tolist():
        last_start[slice(*rows[i])] = starts[i]
    height = float(np.median(y1 - y0))
    parted = np.flatnonzero(first_end <= last_start)
    if len(parted) * _Y < FEWEST_ROWS * height:
        return None
    cross = np.zeros((ny, nx), dtype=np.bool_)
    for (top, bottom), start, end in zip(rows, starts.tolist(), ends.tolist(), strict=True):
        cross[top:bottom, start + 1 : end] = True
    margin = int(NARROWEST_COLUMN * nx)
    columns = np.arange(margin, nx - margin)
    between = (first_end[parted, None] <= columns) & (columns <= last_start[parted, None])
    beside = np.count_nonzero(between & ~cross[parted, margin : nx - margin], axis=0)
    best = int(beside.max(initial=0))
    if best * _Y < FEWEST_ROWS * height:
        return None
    plateau = margin + np.flatnonzero(beside >= 0.97 * best)
    run = np.split(plateau, np.flatnonzero(np.diff(plateau) > 1) + 1)
    middle = float(max(run, key=len).mean())
    gutter = x_min + middle * _X
    at_gutter = (first_end <= int(middle)) & (int(middle) <= last_start)
    stretches = np.split(at_gutter, np.flatnonzero(cross[:, int(middle)]))
    if max(np.count_nonzero(stretch) for stretch in stretches) * _Y < FEWEST_ROWS * height:
        return None
    narrowest = NARROWEST_COLUMN * (x_max - x_min)
    for side in ([x for x in lines if x.x1 <= gutter + 1], [x for x in lines if x.x0 >= gutter - 1]):
        if not side or max(x.x1 for x in side) - min(x.x0 for x in side) < narrowest:
            return None
    return gutter if _aligned(lines, gutter) else None


def _aligned(lines: Sequence[Line], gutter: float) -> bool:
    """Whether what comes next to the right of a gutter, beside something to the left, shares one or two left edges.

    Wide word spaces of a justified column that lie one below the other by chance make ragged edges.
    """
    left = np.array([(line.y0, line.y1) for line in lines if line.x1 <= gutter + 1]).reshape(-1, 2).T
    right = [line for line in lines if line.x0 >= gutter - 1]
    starts = np.array([line.x0 for line in right])
    tops, bottoms = np.array([(line.y0, line.y1) for line in right]).reshape(-1, 2).T
    rows = 0.3 * (bottoms - tops)[:, None]
    level = np.minimum(bottoms[:, None], bottoms) - np.maximum(tops[:, None], tops) > rows
    beside = (np.minimum(bottoms[:, None], left[1]) - np.maximum(tops[:, None], left[0]) > rows).any(axis=1)
    beside &= ~(level & (starts < starts[:, None])).any(axis=1)
    if not beside.any():
        return True
    starts = starts[beside]
    size = float(np.median([line.size for line in right]))
    near = np.abs(starts[:, None] - starts) < 0.15 * size + 0.5
    first = near[near.sum(axis=1).argmax()]
    others = near[:, ~first].sum(axis=1) * ~first
    aligned = int(first.sum() + others.max(initial=0))
    return aligned > _FEWEST_ALIGNED * len(starts) and int(first.sum()) >= min(3, len(starts))


def _balanced_below(lines: list[Line], gutter: float) -> float | None:
    """Where a reference list fills both columns below a heading in the left one: the y that parts it from the rest.

    Told by a gap in the right column beside the heading, with the type of the list below it.
    """
    right = sorted((line for line in lines if line.x0 >= gutter - 1), key=lambda line: line.base)
    for heading in lines:
        if heading.x1 > gutter or not REFERENCE_HEADING.fullmatch(heading.text.strip()):
            continue
        below = [line for line in right if line.y0 > heading.y0 - 0.5 * heading.size]
        above = [line for line in right if line.y0 <= heading.y0 - 0.5 * heading.size]
        if not below or not above or not any(x.x1 < gutter and x.base > heading.base for x in lines):
            continue
        gap = below[0].y0 - above[-1].y1
        entry = min((x for x in lines if x.x1 < gutter and x.base > heading.base), key=lambda x: x.base)
        if gap > 1.2 * heading.size and abs(below[0].size - entry.size) < 0.03 * entry.size:
            return max(above[-1].y1, heading.y0 - 1.0)
    return None


def _spanning(lines: list[Line], gutter: float) -> set[int]:
    """Ids of lines that cross the gutter, with the short lines that end or continue their paragraphs."""
    across = {id(line) for line in lines if line.x0 < gutter - 1 and line.x1 > gutter + 1}
    ordered = sorted(lines, key=lambda line: line.base)
    on_right = [line.x0 >= gutter - 1 for line in ordered]
    for i, line in enumerate(ordered):
        if id(line) in across:
            continue
        least = 0.3 * line.height
        for step in _NEAREST_FIRST:
            if 0 <= i + step < len(ordered) and on_right[i + step] != on_right[i]:
                other = ordered[i + step]
                if min(other.y1, line.y1) - max(other.y0, line.y0) > least and id(other) not in across:
                    break
        else:
            _span_as_above(line, ordered[max(0, i - 4) : i], across)
    return across


def _span_as_above(line: Line, before: Sequence[Line], across: set[int]) -> None:
    """Add a line that goes on below a spanning one in its type to those that span."""
    for above in reversed(before):
        close = 0 < line.base - above.base < 1.75 * line.size
        alike = abs(above.size - line.size) < 0.06 * line.size and above.bold == line.bold
        aligned = abs(above.x0 - line.x0) < 2 * line.size or (
            abs(above.x0 + above.x1 - line.x0 - line.x1) < 2 * line.size
        )
        if id(above) in across and close and alike and aligned:
            across.add(id(line))
            return


def _bands(lines: list[Line], across: set[int]) -> list[tuple[bool, list[Line]]]:
    """Runs of spanning and of column lines from top to bottom."""
    bands: list[tuple[bool, list[Line]]] = []
    for line in sorted(lines, key=lambda line: line.y0 + line.y1):
        is_across = id(line) in across
        if bands and bands[-1][0] == is_across:
            bands[-1][1].append(line)
        else:
            bands.append((is_across, [line]))
    return bands


def _rows(lines: list[Line]) -> list[Line]:
    """Top to bottom; fragments on one baseline are joined from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.base):
        if rows and abs(rows[-1][0].base - line.base) < 0.35 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [join_lines(sorted(row, key=lambda line: line.x0)) for row in rows]


def _set_edges(regions: list[tuple[int, bool, list[Line]]]) -> None:
    columns: dict[int, list[Line]] = {}
    for number, _, region in regions:
        columns.setdefault(number, []).extend(region)
    for lines in columns.values():
        widest = max(line.width for line in lines)
        long = [line for line in lines if line.width > 0.5 * widest]
        left = percentile([line.x0 for line in long], 10)
        right = percentile([line.x1 for line in long], 90)
        for line in lines:
            line.left, line.right = left, max(right, left + line.size)
    for number, spanning, region in regions:
        for line in region:
            line.column, line.spanning = number, spanning
