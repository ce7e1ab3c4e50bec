"""What stands on a page and is not part of the article: running heads and feet, page numbers, sidebars.

Owns telling such lines by repetition, position and size, never by a journal's name. Says only which lines and why;
counting and dropping are the caller's. Lengths are relative to the page or the type size.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.layout import find_gutter
from litmine.reading.lines import Line

MARGIN = 0.13
"""Of the page's height: heads and feet stand no further from its edge."""
WIDE_MARGIN = 0.2
"""So far from the edge a page's first or last row can be a head or foot, if it is repeated at one height."""
OUTERMOST_ROWS = 5
WATERMARK_SIZE = 1.8
"""Times the usual type size."""
SAME_HEIGHT = 3.0
"""Points between baselines on different pages that count as one height."""
MOST_SIDE_LINES = 200
"""A sidebar is not so long."""

RUNNING = "running head or foot"
PAGE_NUMBER = "page number"
LINE_NUMBER = "line number"
SIDEBAR = "sidebar"
STAMP = "stamp"
WATERMARK = "watermark"
IMPRINT = "imprint"

_PAGE_NUMBER = re.compile(
    r"(?:page\s|p\.\s?)?[eEsS]?\d{1,6}(?:\s?(?:of|/)\s?\d{1,5})?|[ivxl]{1,6}|[-–|]\s?\d+\s?[-–|]", re.I
)
_HAS_WORDS = re.compile(r"[^\W\d_]{2}")
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
    found.update(dict.fromkeys(_watermarks(pages), WATERMARK))
    edges = {page.number: _edge_rows(page) for page in pages}
    repeated = _repeated(pages, edges)
    heights: dict[tuple[int, int], set[int]] = defaultdict(set)
    for page in pages:
        for line in edges[page.number]:
            repeats = _stands_repeated(line, repeated) and (_HAS_WORDS.search(line.text) or _stands_apart(page, line))
            if _PAGE_NUMBER.fullmatch(line.text.strip()) and (
                repeats or (_in_margin(page, line) and _stands_apart(page, line))
            ):
                found.setdefault(id(line), PAGE_NUMBER)
            elif repeats:
                found.setdefault(id(line), RUNNING)
                heights[_row(line)].add(page.number)
    needed = max(2, 0.4 * len(pages))
    usual = {(y + d, size) for (y, size), on in heights.items() if len(on) >= needed for d in (-1, 0, 1)}
    for page in pages:
        heads = [line for line in page.lines if id(line) in found or _row(line) in usual]
        for line in edges[page.number]:
            at_usual_row = _row(line) in usual and _stands_apart(page, line, heads)
            if id(line) not in found and (at_usual_row or _is_foot(page, line)):
                found[id(line)] = RUNNING if at_usual_row else IMPRINT
    _spread(pages, edges, found)
    return found


def _watermarks(pages: Sequence[PageLines]) -> list[int]:
    """Ids of the lines in very large type that stand at one place on most pages, whatever the text around them."""
    sizes = [line.size for page in pages for line in page.lines]
    if not sizes:
        return []
    least = WATERMARK_SIZE * float(np.median(sizes))
    places: dict[tuple[str, int, int], dict[int, int]] = defaultdict(dict)
    for page in pages:
        for line in page.lines:
            if line.size > least:
                places[line.text, round(line.x0 / SAME_HEIGHT), round(line.base / SAME_HEIGHT)][page.number] = id(line)
    needed = max(2, 0.5 * len(pages))
    return [mark for on in places.values() if len(on) >= needed for mark in on.values()]


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


def _stands_apart(page: PageLines, line: Line, heads: Sequence[Line] = ()) -> bool:
    """With no line of the text next to it: above, below, or to the right of it as to that of a list number.

    `heads` are no lines of the text.
    """
    own = {id(head) for head in heads}
    for other in page.lines:
        step = abs(other.base - line.base) / line.size
        if step >= 1.7 or id(other) in own:
            continue
        above_or_below = step > 0.5 and line.x0 < other.x1 and other.x0 < line.x1
        to_the_right = step < 0.1 and 0 < other.x0 - line.x1 < 2 * line.size
        if abs(other.size - line.size) < 0.1 * line.size and (above_or_below or to_the_right):
            return False
    return True


def _in_margin(page: PageLines, line: Line, margin: float = MARGIN) -> bool:
    return line.y1 < margin * page.height or line.y0 > (1 - margin) * page.height


def _edge_rows(page: PageLines) -> list[Line]:
    """Lines of the outermost rows at top and bottom that stand within the margins."""
    chosen: list[Line] = []
    for ordered in (
        sorted(page.lines, key=lambda line: line.y0),
        sorted(page.lines, key=lambda line: -line.y1),
    ):
        rows: list[float] = []
        for line in ordered:
            if not rows or abs(line.base - rows[-1]) > 0.4 * line.size:
                rows.append(line.base)
            if not _in_margin(page, line, MARGIN if len(rows) > 1 else WIDE_MARGIN):
                break
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
    if len(outside) <= MOST_SIDE_LINES:
        outside = [line for line in outside if not _is_enumerator(line, lines)]
    if _is_side_matter(outside, needed=1):
        return outside
    if not _is_side_matter([line for line in lines if line.size < 0.93 * body_size], needed=2):
        return []
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
        start, end = min(line.x0 for line in small), max(line.x1 for line in small)
        within = [line for line in strip if top <= line.y0 <= bottom and line.x0 < end and line.x1 > start]
        if end - start < 0.33 * across and len(small) >= 0.9 * len(within) and _is_side_matter(small, needed=2):
            return within
    return []


def _is_enumerator(line: Line, lines: Sequence[Line]) -> bool:
    """A number or sign that hangs out to the left of the line it belongs to, as before an affiliation."""
    return len(line.text) <= 3 and any(
        0 < other.x0 - line.x1 < 3 * other.size
        and min(other.y1, line.y1) - max(other.y0, line.y0) > 0.3 * line.height
        and len(other.text) > 12
        for other in lines
    )


def _is_side_matter(strip: list[Line], needed: int) -> bool:
    return len(strip) >= 3 and sum(bool(_SIDE_MATTER.match(line.text)) for line in strip) >= needed
