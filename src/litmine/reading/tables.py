"""Tables: where they stand on a page, and their rows and cells.

Owns finding a table's region (its caption and the ruling lines or the rows side by side below it) and asking pdfplumber
for its cells. pdfplumber is slow, so it sees only pages on which a caption says that there is a table.
"""

import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from litmine.reading.blocks import Draft
from litmine.reading.geometry import Floats
from litmine.reading.glyphs import THIN, PageGlyphs
from litmine.reading.lines import Line
from litmine.records import Kind

_CAPTION = re.compile(
    r"table\s?(?:s\s?)?(?:\d{1,2}|[ivx]{1,4})\b\s?(?:[.:|—–]|$|\(?continued|(?=[A-Z]))", re.IGNORECASE
)
SHORTEST_RULE = 0.3
"""Of the caption's column: a shorter rule bounds no table."""
_BOX = tuple[float, float, float, float]


@dataclass(slots=True)
class TableRegion:
    """A table without its caption: `rows[r][c]` holds the lines of a cell."""

    page: int
    box: _BOX
    caption: Line
    lines: list[Line]
    rows: list[list[list[Line]]] = field(default_factory=list)


def find_tables(
    pages: Sequence[tuple[PageGlyphs, list[Line]]], body_size: float, data: bytes, password: str | None
) -> list[list[TableRegion]]:
    """The tables of each page, with rows and cells."""
    found = [_regions(glyphs, lines, body_size) for glyphs, lines in pages]
    if any(found):
        import pdfplumber

        logging.getLogger("pdfminer").setLevel(logging.ERROR)  # remarks on colours and fonts that concern no reader
        with pdfplumber.open(io.BytesIO(data), password=password or "") as pdf:
            for (glyphs, _), regions in zip(pages, found, strict=True):
                for region in regions:
                    cells = [] if glyphs.turn else _cells(pdf.pages[glyphs.number - 1], region.box)
                    region.rows = _rows(region.lines, cells)
                if regions:
                    pdf.pages[glyphs.number - 1].close()
    return found


def place_tables(drafts: list[Draft], tables: Sequence[TableRegion]) -> list[Draft]:
    """The drafts with a block for each table behind the caption it belongs to."""
    by_caption: dict[int, list[TableRegion]] = {}
    for table in tables:
        by_caption.setdefault(id(table.caption), []).append(table)
    placed: list[Draft] = []
    for draft in drafts:
        placed.append(draft)
        for line in draft.lines:
            for table in by_caption.pop(id(line), []):
                placed.append(_draft(table))
    for left in by_caption.values():
        placed += [_draft(table) for table in left]
    return placed


def _draft(table: TableRegion) -> Draft:
    lines = [line for row in table.rows for cell in row for line in cell]
    return Draft(lines, Kind.TABLE, rows=table.rows)


def _regions(glyphs: PageGlyphs, lines: list[Line], body_size: float) -> list[TableRegion]:
    captions = [line for line in lines if _CAPTION.match(line.text)]
    regions: list[TableRegion] = []
    taken: set[int] = set()
    for caption in captions:
        box = _ruled_box(glyphs, lines, caption, body_size) or _unruled_box(lines, caption)
        if box is None:
            continue
        inside = [
            line
            for line in lines
            if id(line) not in taken
            and line is not caption
            and box[0] - 2 <= (line.x0 + line.x1) / 2 <= box[2] + 2
            and box[1] - 1 <= (line.y0 + line.y1) / 2 <= box[3] + 1
        ]
        if len(inside) >= 4:
            taken.update(id(line) for line in inside)
            regions.append(TableRegion(glyphs.number, box, caption, inside))
    return regions


def _ruled_box(glyphs: PageGlyphs, lines: Sequence[Line], caption: Line, body_size: float) -> _BOX | None:
    """From the first to the last of the horizontal rules below the caption (or above it) that belong together."""
    rules = glyphs.rules
    if not len(rules):
        return None
    flat = _whole_rules(rules[rules[:, 3] - rules[:, 1] <= THIN])
    flat = flat[flat[:, 2] - flat[:, 0] > 40]
    if not len(flat):
        return None
    near = flat[(flat[:, 0] < caption.x1) & (flat[:, 2] > caption.x0 - 3)]
    below = near[near[:, 1] > caption.y0 - 2.0]
    tops = np.sort(below[:, 1])
    if not len(tops) or tops[0] - caption.y1 > 8 * caption.size:
        return None
    left, right = float(below[below[:, 1] <= tops[0] + 1, 0].min()), float(below[below[:, 1] <= tops[0] + 1, 2].max())
    if right - left < SHORTEST_RULE * max(caption.width, 100.0):
        return None
    last = float(tops[0])
    for top in tops[1:].tolist():
        own = below[np.abs(below[:, 1] - top) < 1]
        if own[:, 0].min() < left - 6 or own[:, 2].max() > right + 6:
            break
        between = [line for line in lines if last - 1 < line.base < top + 1 and line.x0 < right and line.x1 > left]
        if _is_prose(between, right - left, body_size):
            break
        last = top
    if last - tops[0] < 2 * caption.size:
        return None
    return left, float(tops[0]), right, last


def _whole_rules(rules: Floats) -> Floats:
    """Rules drawn in pieces (one per cell, say) put together."""
    whole: list[list[float]] = []
    for x0, y0, x1, y1 in sorted(rules.tolist(), key=lambda rule: (round(rule[1]), rule[0])):
        if whole and abs(whole[-1][1] - y0) < 1.0 and x0 <= whole[-1][2] + 3.0:
            whole[-1][2] = max(whole[-1][2], x1)
        else:
            whole.append([x0, y0, x1, y1])
    return np.array(whole).reshape(-1, 4)


def _is_prose(lines: Sequence[Line], width: float, body_size: float) -> bool:
    """Lines that fill the width, or many wordy lines in the body's type."""
    wordy = [line for line in lines if len(line.text.split()) >= 7]
    full = sum(line.width > 0.75 * width for line in wordy)
    in_body_type = sum(abs(line.size - body_size) < 0.03 * body_size for line in wordy)
    return (full >= 3 and full > 0.5 * len(lines)) or (in_body_type >= 6 and in_body_type > 0.4 * len(lines))


def _unruled_box(lines: Sequence[Line], caption: Line) -> _BOX | None:
    """The rows below a caption as long as each holds several fragments side by side."""
    below = sorted(
        (line for line in lines if line.base > caption.base + 0.5 * caption.size), key=lambda line: line.base
    )
    rows: list[list[Line]] = []
    for line in below:
        if rows and abs(line.base - rows[-1][0].base) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    table: list[list[Line]] = []
    started = False
    for row in rows:
        own = [line for line in row if len(line.text) < 60]
        several = len(own) >= 3 and len(own) == len(row)
        if several:
            started = True
            table.append(row)
        elif (started and len(own) < len(row)) or (
            started and table and row[0].base - table[-1][0].base > 2.2 * row[0].size
        ):
            break
        elif started:
            table.append(row)
        elif row[0].base - caption.base > 9 * caption.size:
            return None
    flat = [line for row in table for line in row]
    if sum(len(row) >= 3 for row in table) < 3:
        return None
    return (
        min(line.x0 for line in flat),
        min(line.y0 for line in flat),
        max(line.x1 for line in flat),
        max(line.y1 for line in flat),
    )


def _cells(page: Any, box: _BOX) -> list[list[_BOX]]:
    """Cell boxes by row as pdfplumber finds them: between drawn lines, else between aligned words."""
    x0, top, x1, bottom = page.bbox
    inner = (
        max(x0, box[0] + x0 - 3),
        max(top, box[1] + top - 3),
        min(x1, box[2] + x0 + 3),
        min(bottom, box[3] + top + 3),
    )
    if inner[2] - inner[0] < 10 or inner[3] - inner[1] < 10:
        return []
    cropped = page.crop(inner)
    best: list[list[_BOX]] = []
    for vertical, horizontal in (("lines", "lines"), ("text", "lines"), ("text", "text")):
        tables = cropped.find_tables({"vertical_strategy": vertical, "horizontal_strategy": horizontal})
        rows = [
            [(c[0] - x0, c[1] - top, c[2] - x0, c[3] - top) for c in row.cells if c]
            for table in tables
            for row in table.rows
        ]
        columns = max((len(row) for row in rows), default=0)
        if columns >= 2 and len(rows) >= 2:
            return rows
        if len(rows) > len(best):
            best = rows
    return best


def _rows(lines: Sequence[Line], cells: Sequence[Sequence[_BOX]]) -> list[list[list[Line]]]:
    """Every line in one cell; lines in none of the cells make rows of their own by their height."""
    rest = list(lines)
    placed: list[tuple[float, list[list[Line]]]] = []
    for row in cells:
        filled: list[list[Line]] = []
        for cell in row:
            own = [line for line in rest if _centre_in(line, cell)]
            if own:
                taken = {id(line) for line in own}
                rest = [line for line in rest if id(line) not in taken]
                filled.append(sorted(own, key=lambda line: (round(line.base / max(line.size, 1)), line.x0)))
        if filled:
            placed.append((min(line.base for cell_lines in filled for line in cell_lines), filled))
    by_height: list[list[Line]] = []
    for line in sorted(rest, key=lambda line: line.base):
        if by_height and abs(by_height[-1][0].base - line.base) < 0.4 * line.size:
            by_height[-1].append(line)
        else:
            by_height.append([line])
    placed += [(row[0].base, [[line] for line in sorted(row, key=lambda line: line.x0)]) for row in by_height]
    return [row for _, row in sorted(placed, key=lambda item: item[0])]


def _centre_in(line: Line, box: _BOX) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
