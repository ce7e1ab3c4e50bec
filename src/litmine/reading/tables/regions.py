"""Tables: where they stand on a page, and the blocks they make.

Owns finding a table's region: the rules (or shaded rows) that lie above each other with rows of cells between them, or
rows side by side below a caption. A region without a caption counts only where it is a clear grid. Cells are for
`cells`. Lengths are relative to the type size.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from litmine.reading.blocks import Draft
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.layout import find_gutter
from litmine.reading.lines import CAPTION, Line
from litmine.reading.placed import PlacedLines, by_baseline
from litmine.reading.tables.cells import TableCell, find_cells
from litmine.reading.tables.rules import Box, find_edges
from litmine.reading.tables.stacks import Stack, TablePage, find_stacks, is_clear_grid, is_glued, touch, whole_box
from litmine.records import Kind

_CAPTION = re.compile(
    r"(?:supplementa(?:ry|l)\s|extended data\s|additional\s|supporting\s|appendix\s)?"
    r"(?P<label>table\s?(?:s\s?)?(?:[a-z]?\d{1,2}|[ivx]{1,4})\b)\s?"
    r"(?:[.:|—–]?\s?(?P<rest>\(?cont(?:inued|d)?\b)|[.:|—–]|$|(?=[A-Z]))",
    re.IGNORECASE,
)
REACH = 8.0
"""Type sizes between a caption and its table."""
MOST_TABLES = 20
"""Captions looked at per page."""
FEWEST_LINES, MOST_LINES = 4, 5_000
"""Of a table."""
FEWEST_RULES = 4
"""On a page that may have a table without a caption."""


@dataclass(slots=True)
class TableRegion:
    """A table without its caption; `box` and those of its cells are on the upright page."""

    page: int
    box: Box
    caption: Line | None
    lines: list[Line]
    cells: list[TableCell] = field(default_factory=list)


def find_tables(
    frame: PageFrame, lines: Sequence[Line], body_size: float, figures: Sequence[Box] = ()
) -> list[TableRegion]:
    """The tables of a page, with their cells, from top to bottom; no line is in two of them.

    A grid without a caption is passed over where it is part of one of the `figures`.
    """
    named = any(_CAPTION.match(line.text) for line in lines)
    if not named and len(frame.rules) < FEWEST_RULES and len(frame.pictures) < FEWEST_RULES:
        return []
    page = TablePage(frame, PlacedLines(lines), find_edges(frame), body_size)
    regions: list[TableRegion] = []
    free = np.ones(len(lines), dtype=np.bool_)
    for stack, caption in _stacks_with_captions(page):
        box = whole_box(stack, page)
        if caption is None and any(touch(box, figure) for figure in figures):
            continue
        inside = page.lines.held(box, slack=1.0) & free
        if not FEWEST_LINES <= int(inside.sum()) <= MOST_LINES:
            continue
        own = [line for line in page.lines.take(inside) if line is not caption]
        cells = find_cells(own, box, page.edges, frame)
        if len({cell.column for cell in cells}) < 2 or len({cell.row for cell in cells}) < 2:
            continue
        free &= ~inside
        regions.append(TableRegion(frame.number, box, caption, own, cells))
    return sorted(regions, key=lambda region: region.box[1])


def place_tables(drafts: Sequence[Draft], tables: Sequence[TableRegion]) -> list[Draft]:
    """The drafts with a block for each table: behind its caption, or behind what stands above it on its page.

    A table that goes on has the caption of its beginning.
    """
    draft_of = {id(line): i for i, draft in enumerate(drafts) for line in draft.lines}
    bare = [table for table in tables if table.caption is None or id(table.caption) not in draft_of]
    above = _drafts_above(drafts, bare)
    behind: dict[int, list[Draft]] = {}
    begun: dict[str, Draft] = {}
    for table in tables:
        lines = [line for cell in table.cells for line in cell.lines]
        at = above[id(table)] if id(table) in above else draft_of[id(table.caption)]
        caption: Draft | None = None
        if table.caption is not None and (match := _CAPTION.match(table.caption.text)):
            label = match["label"].lower()
            if id(table) not in above and drafts[at].kind is Kind.CAPTION and not match["rest"]:
                begun.setdefault(label, drafts[at])
                caption = drafts[at]
            else:
                caption = begun.get(label)
        behind.setdefault(at, []).append(Draft(lines, Kind.TABLE, cells=table.cells, caption=caption))
    placed = behind.get(-1, [])
    for i, draft in enumerate(drafts):
        placed.append(draft)
        placed += behind.get(i, [])
    return placed


def _drafts_above(drafts: Sequence[Draft], tables: Sequence[TableRegion]) -> dict[int, int]:
    """Index, by `id` of each table, of the draft that ends last above it on its page, else of the last on any page
    before; -1 where there is none."""
    found: dict[int, int] = {}
    by_page: dict[int, list[TableRegion]] = {}
    for table in tables:
        by_page.setdefault(table.page, []).append(table)
        found[id(table)] = -1
    lowest: dict[int, float] = {}
    last_of_page: dict[int, int] = {}
    for i, draft in enumerate(drafts):
        if draft.kind is Kind.REFERENCE:
            continue
        line = draft.lines[-1]
        last_of_page[line.page] = i
        for table in by_page.get(line.page, ()):
            over = line.x0 < table.box[2] and line.x1 > table.box[0]
            if over and lowest.get(id(table), -1.0) <= line.base < table.box[1] + line.size:
                lowest[id(table)] = line.base
                found[id(table)] = i
    for table in tables:
        if found[id(table)] < 0:
            earlier = [i for page, i in last_of_page.items() if page < table.page]
            found[id(table)] = max(earlier, default=-1)
    return found


def _stacks_with_captions(page: TablePage) -> Iterator[tuple[Stack, Line | None]]:
    """Regions that may be tables, those with captions first."""
    free = list(find_stacks(page))
    captions = [line for line in page.lines.take(page.lines.caption) if _CAPTION.match(line.text)]
    for caption in captions[:MOST_TABLES]:
        best = _stack_of(caption, free)
        if best is not None:
            free.remove(best)
            yield best, caption
        elif (box := _unruled_box(page, caption)) is not None:
            yield Stack(box, [], []), caption
    for stack in free:
        if is_clear_grid(stack, page.edges):
            yield stack, None


def _stack_of(caption: Line, stacks: Sequence[Stack]) -> Stack | None:
    """The nearest stack of rules below the caption, else just above it."""
    best, nearest = None, REACH * caption.size
    for stack in stacks:
        x0, y0, x1, y1 = stack.box
        if min(x1, caption.x1) - max(x0 - 3, caption.x0) <= 0:
            continue
        below, above = y0 - caption.y1, caption.y0 - y1
        distance = below if below > -2.0 - caption.height else 2.0 * above if above > -2.0 else np.inf
        if distance < nearest:
            best, nearest = stack, distance
    return best


def _unruled_box(page: TablePage, caption: Line) -> Box | None:
    """The rows below a caption, as long as they hold pieces side by side that stand in columns.

    Of the rows over the page's width and those in the caption's column, the ones that go further.
    """
    lines = page.lines.lines
    below = lines[bisect_right(lines, caption.base + 0.5 * caption.size, key=lambda line: line.base) :]
    found = _rows_of_cells(page, caption, below)
    gutter = find_gutter(lines)
    beside: list[list[Line]] = []
    if gutter is not None and caption.x1 < gutter:
        beside = _rows_of_cells(page, caption, [line for line in below if line.x1 < gutter + 2])
    elif gutter is not None and caption.x0 > gutter:
        beside = _rows_of_cells(page, caption, [line for line in below if line.x0 > gutter - 2])
    flat = [line for row in max(found, beside, key=len) for line in row]
    if not flat:
        return None
    return (
        min(line.x0 for line in flat),
        min(line.y0 for line in flat),
        max(line.x1 for line in flat),
        max(line.y1 for line in flat),
    )


def _rows_of_cells(page: TablePage, caption: Line, below: Sequence[Line]) -> list[list[Line]]:
    """Rows of pieces below a caption up to the first that is none; none at all where they stand in no columns."""
    rows = by_baseline(below[:MOST_LINES])
    table: list[list[Line]] = []
    for i, row in enumerate(rows):
        size = row[0].size
        apart = [line for line in row if len(line.text.split()) < 7 and abs(line.size - size) < 0.05 * size]
        if not table:
            if row[0].base - caption.base > REACH * caption.size:
                return []
            if len(apart) == len(row) and (len(row) > 1 or (len(below) > 1 and is_glued(row[0], page.frame))):
                table.append(row)
            continue
        far = row[0].base - table[-1][0].base > 2.4 * size
        other = abs(size - table[0][0].size) > 0.08 * size or bool(CAPTION.match(row[0].text))
        if far or other:
            break
        if len(row) == 1 and len(row[0].text) > 40:  # prose, unless it is a heading over the rows that follow
            following = rows[i + 1] if i + 1 < len(rows) else row
            width = max(line.x1 for r in table for line in r) - min(line.x0 for r in table for line in r)
            if row[0].width > 0.7 * width and (len(following) < 2 or following[0].base - row[0].base > 2.4 * size):
                break
        table.append(row)
    while table and len(table[-1]) == 1 and not _stands_under(table[-1][0], table[:-1]):
        table.pop()
    several = [row for row in table if len(row) > 1]
    return table if len(several) >= 3 and _in_columns(several) else []


def _stands_under(line: Line, rows: Sequence[Sequence[Line]]) -> bool:
    """Whether a line stands in a column other than the first."""
    left = min((x.x0 for row in rows for x in row), default=line.x0)
    centre = line.x0 + line.x1
    return line.x0 > left + 2 * line.size and any(
        abs(x.x0 - line.x0) < 2 or abs(x.x0 + x.x1 - centre) < 3 for row in rows for x in row
    )


def _in_columns(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether most pieces begin, end or are centred where pieces of other rows are."""
    flat = [line for row in rows for line in row]
    for places in ([x.x0 for x in flat], [x.x1 for x in flat], [(x.x0 + x.x1) / 2 for x in flat]):
        at = np.sort(np.array(places))
        near = np.searchsorted(at, at + 1.5, "right") - np.searchsorted(at, at - 1.5, "left")
        if int((near >= max(3, 0.4 * len(rows))).sum()) >= 0.6 * len(flat):
            return True
    return False
