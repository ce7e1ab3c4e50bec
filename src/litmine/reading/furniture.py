"""What stands on a page and is not part of the article: running heads and feet, page and line numbers, sidebars.

Owns telling such lines by repetition, position and size, never by a journal's name. Says only which lines and why;
counting and dropping are the caller's. Lengths are relative to the page or the type size.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.layout import find_gutter
from litmine.reading.lines import Line

MARGIN = 0.13
"""Of the page's height: heads and feet stand no further from its edge."""
OUTERMOST_ROWS = 5
SAME_HEIGHT = 3.0
"""Points between baselines on different pages that count as one height."""
LINE_NUMBERS = 5
"""Fewest numbered lines on a page that make a sequence of line numbers."""

RUNNING = "running head or foot"
PAGE_NUMBER = "page number"
LINE_NUMBER = "line number"
SIDEBAR = "sidebar"
STAMP = "stamp"
IMPRINT = "imprint"

_PAGE_NUMBER = re.compile(
    r"(?:page\s|p\.\s?)?[eEsS]?\d{1,6}(?:\s?(?:of|/)\s?\d{1,5})?|[ivxl]{1,6}|[-–|]\s?\d+\s?[-–|]", re.I
)
_STAMP = re.compile(
    r"\bdownloaded from\b|\bdownloaded by\b|preprint doi:|not certified by peer review|\ball rights reserved\b"
    r"|this version posted|made available under a|\bguest \(guest\)",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"https?://|www\.|\bdoi\b|©|\(c\) ?\d{4}|copyright|\bissn\b|\bvol(?:ume|\.)? ?\d|\blicen[sc]e|(?:19|20)\d\d, \d+, ",
    re.IGNORECASE,
)
_SIDE_MATTER = re.compile(
    r"^(?:citation|academic editors?|received|accepted|revised|published|publisher.s note|copyright|edited by"
    r"|reviewed by|open access|\*?correspondence|specialty section|competing interests?|funding|keywords"
    r"|reviewing editors?|editors?|how to cite|check for|article history|sent for review|preprint posted"
    r"|author contributions)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page and the size of that page."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


def find_furniture(pages: Sequence[PageLines]) -> dict[int, str]:
    """Reason by `id` of each line that is a running head or foot, a page number or a stamp."""
    found: dict[int, str] = {}
    for page in pages:
        for line in page.lines:
            if _in_margin(page, line) and _STAMP.search(line.text):
                found[id(line)] = STAMP
    edges = {page.number: _edge_rows(page) for page in pages}
    repeated = _repeated(pages, edges)
    heights: dict[tuple[int, int], set[int]] = defaultdict(set)
    for page in pages:
        for line in edges[page.number]:
            if _PAGE_NUMBER.fullmatch(line.text.strip()):
                found.setdefault(id(line), PAGE_NUMBER)
            elif _stands_repeated(line, repeated):
                found.setdefault(id(line), RUNNING)
                heights[_row(line)].add(page.number)
    usual = {row for row, on in heights.items() if len(on) >= max(2, 0.4 * len(pages))}
    for page in pages:
        for line in edges[page.number]:
            height, size = _row(line)
            at_usual_row = any((height + d, size) in usual for d in (-1, 0, 1))
            if id(line) not in found and (at_usual_row or _is_foot(page, line)):
                found[id(line)] = RUNNING if at_usual_row else IMPRINT
    _spread(pages, edges, found)
    return found


def _spread(pages: Sequence[PageLines], edges: dict[int, list[Line]], found: dict[int, str]) -> None:
    """Stamps and feet of several lines: an outer line next to a found one, of its size, goes with it."""
    for page in pages:
        rows = sorted(edges[page.number], key=lambda line: line.base)
        for ordered in (rows, rows[::-1]):
            for near, line in itertools.pairwise(ordered):
                if id(near) in found and found[id(near)] in {STAMP, IMPRINT} and id(line) not in found:
                    gap = abs(line.base - near.base)
                    if gap < 1.7 * near.size and abs(line.size - near.size) < 0.05 * near.size:
                        found[id(line)] = found[id(near)]


def _in_margin(page: PageLines, line: Line) -> bool:
    return line.y1 < MARGIN * page.height or line.y0 > (1 - MARGIN) * page.height


def _edge_rows(page: PageLines) -> list[Line]:
    """Lines of the outermost rows at top and bottom that stand within the margins."""
    chosen: list[Line] = []
    for ordered in (
        sorted(page.lines, key=lambda line: line.y0),
        sorted(page.lines, key=lambda line: -line.y1),
    ):
        rows: list[float] = []
        for line in ordered:
            if not _in_margin(page, line):
                break
            if not rows or abs(line.base - rows[-1]) > 0.4 * line.size:
                rows.append(line.base)
            if len(rows) > OUTERMOST_ROWS:
                break
            chosen.append(line)
    return chosen


def _row(line: Line) -> tuple[int, int]:
    """Height on the page, and type size, as running heads share them."""
    return round(line.base), round(4 * line.size)


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\W+", " ", line.text)).strip().lower()


def _repeated(pages: Sequence[PageLines], edges: dict[int, list[Line]]) -> dict[str, list[float]]:
    """Texts (numbers apart) that stand at one height on several pages, with those heights."""
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for page in pages:
        for line in edges[page.number]:
            if key := _key(line):
                places[key].append((page.number, line.base))
    needed = 2 if len(pages) < 8 else 3
    repeated: dict[str, list[float]] = {}
    for key, found in places.items():
        heights = [
            base for _, base in found if len({n for n, other in found if abs(other - base) <= SAME_HEIGHT}) >= needed
        ]
        if heights:
            repeated[key] = heights
    return repeated


def _stands_repeated(line: Line, repeated: dict[str, list[float]]) -> bool:
    return any(abs(line.base - height) <= SAME_HEIGHT for height in repeated.get(_key(line), ()))


def _is_foot(page: PageLines, line: Line) -> bool:
    """An imprint that stands apart below everything else, once (mostly on the first page)."""
    if line.y0 < (1 - MARGIN) * page.height or not _FOOT.search(line.text):
        return False
    usual = float(np.median([other.size for other in page.lines]))
    if line.y0 < (1 - 0.75 * MARGIN) * page.height and line.size > 0.9 * usual:
        return False
    above = [
        other.y1
        for other in page.lines
        if other.y1 < line.y0 + 0.3 * line.height and other.x1 > line.x0 and other.x0 < line.x1
    ]
    return not above or line.y0 - max(above) > 0.9 * line.size


def find_line_numbers(page: PageLines) -> dict[int, int]:
    """How many leading characters of which lines (by `id`) are line numbers.

    A line that is nothing but its number has all of them. Numbers must grow by one step down the page and stand in one
    column beside the text.
    """
    numbered: list[tuple[float, int, float, Line, int]] = []
    for line in page.lines:
        head = re.match(r"\d{1,5}(?=\s|$)", line.text)
        if head:
            last = line.source[head.end() - 1]
            if last >= 0:
                numbered.append((line.base, int(head[0]), line.x0, line, head.end()))
    if len(numbered) < LINE_NUMBERS:
        return {}
    numbered.sort(key=lambda row: row[0])
    best: list[tuple[float, int, float, Line, int]] = []
    for anchor in {round(row[2] / 4) for row in numbered}:
        column = [row for row in numbered if abs(row[2] / 4 - anchor) <= 2.5]
        steps = Counter(b[1] - a[1] for a, b in itertools.pairwise(column))
        if not steps:
            continue
        step, count = steps.most_common(1)[0]
        if (
            step in {1, 5}
            and count >= LINE_NUMBERS - 1
            and count >= 0.7 * (len(column) - 1)
            and len(column) > len(best)
        ):
            best = column
    if len(best) < max(LINE_NUMBERS, 0.5 * len({round(line.base) for line in page.lines if len(line.text) > 20})):
        return {}
    return {id(row[3]): row[4] for row in best}


def find_sidebar(lines: Sequence[Line], body_size: float, body_left: float, body_right: float) -> list[Line]:
    """Lines of a narrow strip beside the main text of a page, in smaller type, that hold matter about the article.

    `body_left` and `body_right` are the edges of the main text of the document. A strip within them is found where a
    gutter sets off a narrow column.
    """
    outside = [
        line
        for line in lines
        if (line.x1 < body_left + 0.5 * body_size or line.x0 > body_right - 0.5 * body_size)
        and line.size < 0.97 * body_size
    ]
    if _is_side_matter(outside, needed=1):
        return outside
    gutter = find_gutter(list(lines))
    if gutter is None:
        return []
    across = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    for side, other in ((True, False), (False, True)):
        strip = [line for line in lines if (line.x1 <= gutter + 1 if side else line.x0 >= gutter - 1)]
        main = [line for line in lines if (line.x1 <= gutter + 1 if other else line.x0 >= gutter - 1)]
        small = [line for line in strip if line.size < 0.93 * body_size]
        if not small or not main:
            continue
        top, bottom = min(line.y0 for line in small), max(line.y1 for line in small)
        width = max(line.x1 for line in small) - min(line.x0 for line in small)
        within = [line for line in strip if top <= line.y0 <= bottom]
        if width < 0.33 * across and len(small) >= 0.9 * len(within) and _is_side_matter(small, needed=2):
            return within
    return []


def _is_side_matter(strip: list[Line], needed: int) -> bool:
    return len(strip) >= 3 and sum(bool(_SIDE_MATTER.match(line.text)) for line in strip) >= needed
