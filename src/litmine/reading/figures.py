"""Pictures on a page, the figures they make with their captions, and lettering that is not running text.

Owns grouping drawn objects into pictures, telling labels from prose that merely has a coloured ground, and which
pictures are the panels of which figure. Lengths are relative to the type size or the page.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.blocks import Draft
from litmine.reading.geometry import Floats, Ints
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.lines import CAPTION, Line
from litmine.reading.placed import PROSE_WORDS, PlacedLines
from litmine.reading.tables.rules import Box
from litmine.records import Kind

CELL = 5.0
"""Points per cell of the raster on which drawn objects are grouped."""
SMALLEST = 18.0
"""A group narrower or lower than this is an icon, a bullet or a sign of the text."""
LARGE = 0.08
"""Of the page's area: a picture without a caption is a figure only if it is at least this large."""
NARROW = 0.12
"""Of the page's width or height: a picture without a caption that is narrower or lower is a banner."""
MARGIN = 0.08
"""Of the page's height: pictures that end within it are logos."""
_PANELS = re.compile(r"\(?[A-Za-z]\)?(?:\s+\(?[A-Za-z]\)?)*")
_NOT_FIGURES = frozenset({"table", "box", "video", "movie"})
PROSE_LINES = 3
"""A ground with at least this many lines of paragraphs is a box of text."""
MOST_FIGURES = 30
"""Captions looked at per page."""
NEIGHBOURS = 40
"""Lines before and behind, by height, among which a neighbour is sought."""


@dataclass(frozen=True, slots=True)
class FigureRegion:
    """A figure on the upright page; `line` opens its caption. Either is None where the page has only the other."""

    page: int
    box: Box | None
    line: Line | None


def find_figures(page: PageFrame, pictures: Sequence[Box], lines: Sequence[Line]) -> list[FigureRegion]:
    """The captioned figures of a page, panels put together.

    A picture belongs to the nearest caption below it, else above or beside it, with no prose between.
    """
    if not pictures or not any(_is_figure_caption(line) for line in lines):
        return []
    placed = PlacedLines(lines)
    captions = [line for line in placed.take(placed.caption) if _is_figure_caption(line)][:MOST_FIGURES]
    panels = [box for box in pictures if _may_be_panel(page, box, placed, captioned=True)]
    bounds = [_caption_box(caption, placed) for caption in captions]
    outside = np.ones(len(placed.lines), dtype=np.bool_)
    for box in (*panels, *bounds):
        outside &= ~placed.held(box)
    around = placed.take(outside & ~placed.paragraph)
    prose = placed.box[outside & (placed.paragraph | placed.caption)]
    own: dict[int, list[Box]] = {}
    rest: list[Box] = []
    for panel in panels:
        near = [(d, i) for i, bound in enumerate(bounds) if (d := _distance(panel, bound, prose)) is not None]
        if near:
            own.setdefault(min(near)[1], []).append(panel)
        else:
            rest.append(panel)
    found = []
    for i, boxes in sorted(own.items()):
        whole = _around(boxes)
        level = [box for box in rest if min(box[3], whole[3]) - max(box[1], whole[1]) > 0.5 * (box[3] - box[1])]
        text = outside & placed.paragraph
        beside = [box for box in level if not (text & placed.held(_around([whole, box]))).any()]
        x0, y0, x1, y1 = _around([*boxes, *beside])
        if y0 < bounds[i][1] < y1 and bounds[i][1] > (y0 + y1) / 2:  # a frame around picture and caption
            y1 = bounds[i][1]
        found.append(FigureRegion(page.number, _with_lettering((x0, y0, x1, y1), bounds[i], around), captions[i]))
    return found


def _with_lettering(box: Box, caption: Box, lines: Sequence[Line]) -> Box:
    """The box widened to the short lines at its sides and between it and its caption, and to letters of panels."""
    x0, y0, x1, y1 = box
    floor = caption[1] if caption[1] >= (y0 + y1) / 2 else y1
    for line in lines:
        if len(line.text.split()) >= PROSE_WORDS:
            continue
        y = (line.y0 + line.y1) / 2
        below = y1 - 1 < y < floor and min(line.x1, x1) > max(line.x0, x0)
        beside = y0 - line.size < y < y1 and line.x1 > x0 - 1.2 * line.size and line.x0 < x1 + 1.2 * line.size
        if below or beside or (_PANELS.fullmatch(line.text) and _beside(line, box)):
            x0, y0, x1, y1 = min(x0, line.x0), min(y0, line.y0), max(x1, line.x1), max(y1, min(line.y1, floor))
    return x0, y0, x1, y1


def find_large_pictures(
    page: PageFrame, pictures: Sequence[Box], lines: Sequence[Line], taken: Sequence[Box]
) -> list[FigureRegion]:
    """Large pictures without a caption, none of them in a region that is taken."""
    placed = PlacedLines(lines if pictures else ())
    return [
        FigureRegion(page.number, box, None)
        for box in pictures
        if (box[2] - box[0]) * (box[3] - box[1]) >= LARGE * page.width * page.height
        and box[2] - box[0] > NARROW * page.width
        and box[3] - box[1] > NARROW * page.height
        and _may_be_panel(page, box, placed, captioned=False)
        and not any(overlap(box, other) > 0.3 for other in taken)
    ]


def with_captions(figures: Sequence[FigureRegion], drafts: Sequence[Draft]) -> list[tuple[Draft | None, FigureRegion]]:
    """Figures with their captions' drafts, and the captions of figures that are not in the file, in reading order."""
    of_line = {id(figure.line): figure for figure in figures if figure.line is not None}
    found: list[tuple[Draft | None, FigureRegion]] = []
    for draft in drafts:
        if draft.kind is not Kind.CAPTION:
            continue
        figure = next((of_line.pop(id(line)) for line in draft.lines if id(line) in of_line), None)
        if figure is not None:
            found.append((draft, figure))
        elif _is_figure_caption(draft.lines[0]):
            found.append((draft, FigureRegion(draft.lines[0].page, None, draft.lines[0])))
    bare = [*of_line.values(), *(figure for figure in figures if figure.line is None)]
    return sorted([*found, *((None, figure) for figure in bare)], key=lambda pair: pair[1].page)


def overlap(box: Box, other: Box) -> float:
    """Share of the first box that the other covers."""
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return across * down / area if across > 0 and down > 0 and area > 0 else 0.0


def _is_figure_caption(line: Line) -> bool:
    match = CAPTION.match(line.text)
    if not match or match[1].lower() in _NOT_FIGURES:
        return False
    return match[3] in ".:|—–" or line.bold or line.text[match.end() - 1 :].strip() == "" or match[3].isspace()


def _may_be_panel(page: PageFrame, box: Box, lines: PlacedLines, captioned: bool) -> bool:
    """Neither a logo in the margin nor the ground of a text."""
    in_margin = box[3] < MARGIN * page.height or box[1] > (1 - MARGIN) * page.height
    if in_margin:
        return False
    inside = lines.within(box)
    if lines.caption[inside].any():  # a frame may hold the caption too
        inside = inside[lines.box[inside, 1] < lines.box[inside[lines.caption[inside]], 1].min()]
    return not _is_prose(lines, inside, captioned)


def _is_prose(lines: PlacedLines, chosen: Ints, captioned: bool) -> bool:
    """Whether lines on a ground are prose; under a caption they may be the words of a flow chart."""
    wordy, in_paragraphs = int(lines.wordy[chosen].sum()), int(lines.paragraph[chosen].sum())
    if captioned:
        return in_paragraphs >= PROSE_LINES and in_paragraphs >= 0.5 * len(chosen)
    return in_paragraphs >= PROSE_LINES or (wordy > 0 and wordy >= 0.5 * len(chosen))


def _caption_box(caption: Line, lines: PlacedLines) -> Box:
    """The caption's lines as far as they follow close below each other."""
    x0, y0, x1, y1 = caption.x0, caption.y0, caption.x1, caption.y1
    base = caption.base
    for i in range(bisect_right(lines.lines, base, key=lambda line: line.base), len(lines.lines)):
        line = lines.lines[i]
        if line.base - base > 1.6 * caption.size:
            break
        over = min(line.x1, x1) - max(line.x0, x0) > 0
        if not over or abs(line.size - caption.size) > 0.1 * caption.size:
            continue
        if lines.caption[i]:
            break
        x0, x1, y1, base = min(x0, line.x0), max(x1, line.x1), line.y1, line.base
    return x0, y0, x1, y1


def _distance(panel: Box, caption: Box, prose: Floats) -> float | None:
    """How far a caption is from a picture; None where they do not face each other or prose stands between."""
    across = min(panel[2], caption[2]) - max(panel[0], caption[0])
    down = min(panel[3], caption[3]) - max(panel[1], caption[1])
    if across > 0 and caption[1] >= (panel[1] + panel[3]) / 2:
        gap, between, cost = caption[1] - panel[3], (panel[3], caption[1]), 1.0
    elif across > 0 and caption[3] <= (panel[1] + panel[3]) / 2:
        gap, between, cost = panel[1] - caption[3], (caption[3], panel[1]), 2.0
    elif down > 0:
        return 3.0 * (max(panel[0], caption[0]) - min(panel[2], caption[2])) + 50.0
    else:
        return None
    left, right = max(panel[0], caption[0]), min(panel[2], caption[2])
    middle = (prose[:, 1] + prose[:, 3]) / 2
    blocked = (middle > between[0]) & (middle < between[1]) & (prose[:, 0] < right) & (prose[:, 2] > left)
    return None if blocked.any() else cost * max(gap, 0.0)


def _around(boxes: Sequence[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def find_pictures(page: PageFrame) -> list[Box]:
    """Boxes of groups of drawn objects that touch or nearly touch each other, rules included where they belong."""
    if not len(page.pictures) or page.width <= 0 or page.height <= 0:
        return []
    boxes = page.pictures
    if len(page.rules) > 12:  # axes, ticks and curves of a plot; a few rules are a table's or a head's
        boxes = np.concatenate((boxes, page.rules))
    nx, ny = int(page.width / CELL) + 3, int(page.height / CELL) + 3
    raster = np.zeros((nx, ny), dtype=np.bool_)
    cells = (boxes / CELL).astype(np.int64)
    for x0, y0, x1, y1 in np.unique(cells, axis=0).tolist():
        raster[max(0, x0) : x1 + 2, max(0, y0) : y1 + 2] = True
    found = []
    for x0, y0, x1, y1 in _components(raster):
        own = (cells[:, 0] >= x0) & (cells[:, 0] < x1) & (cells[:, 1] >= y0) & (cells[:, 1] < y1)
        left, top = boxes[own, :2].min(axis=0).tolist()
        right, bottom = boxes[own, 2:].max(axis=0).tolist()
        box = (left, top, right, bottom)
        if box[2] - box[0] > SMALLEST and box[3] - box[1] > SMALLEST:
            found.append(box)
    return found


def find_labels(lines: Sequence[Line], pictures: Sequence[Box], figures: Sequence[Box]) -> list[Line]:
    """Lines inside pictures and captioned figures, except prose set on a ground."""
    if not pictures and not figures:
        return []
    placed = PlacedLines(lines)
    letters = [line for line in placed.lines if len(line.text) < 24 and _PANELS.fullmatch(line.text)]
    letters = [line for line in letters if not _is_a_word(line, placed.lines)]
    labels: dict[int, Line] = {}
    for box, captioned in (*((box, False) for box in pictures), *((box, True) for box in figures)):
        inside = placed.within(box)
        inside = inside[~placed.caption[inside]]
        if _is_prose(placed, inside, captioned):
            continue
        own = set(inside.tolist())
        labels.update((id(placed.lines[i]), placed.lines[i]) for i in own if not _goes_on(i, own, placed.lines))
        labels.update((id(line), line) for line in letters if _beside(line, box))
    return list(labels.values())


def _goes_on(at: int, inside: set[int], lines: Sequence[Line]) -> bool:
    """Whether a line in a picture ends or opens a text that stands outside, as where a logo's frame cuts a title."""
    line = lines[at]
    return any(
        i not in inside
        and other.font == line.font
        and abs(other.size - line.size) < 0.02 * line.size
        and abs(other.x0 - line.x0) < 0.5 * line.size
        and abs(other.base - line.base) < 1.5 * line.size
        and len(other.text.split()) >= 4
        for i, other in enumerate(lines[max(0, at - NEIGHBOURS) : at + NEIGHBOURS], start=max(0, at - NEIGHBOURS))
    )


def _is_a_word(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the letter is a word of a line of text that is spaced out to the width of its column."""
    return any(
        abs(other.base - line.base) < 0.1 * line.size
        and abs(other.size - line.size) < 0.05 * line.size
        and len(other.text) > 12
        and 0 < max(other.x0 - line.x1, line.x0 - other.x1) < 3 * line.size
        for other in lines
    )


def _beside(line: Line, box: Box) -> bool:
    reach = 5.0 * line.size
    across = box[0] - reach <= line.x0 and line.x1 <= box[2] + reach
    return across and box[1] - reach <= line.y0 and line.y1 <= box[3] + reach


def _components(raster: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]") -> list[tuple[int, int, int, int]]:
    """Bounds of the connected groups of cells, by joining runs of neighbouring rows."""
    rows, ends = np.nonzero(np.diff(np.pad(raster, ((0, 0), (1, 1))).astype(np.int8), axis=1))
    runs = list(zip(rows[::2].tolist(), ends[::2].tolist(), ends[1::2].tolist(), strict=True))
    firsts = np.searchsorted(rows[::2], np.arange(raster.shape[0] + 1)).tolist()
    by_row = [range(a, b) for a, b in itertools.pairwise(firsts)]
    parent = list(range(len(runs)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for above, below in itertools.pairwise(by_row):
        i, j = 0, 0
        while i < len(above) and j < len(below):
            one, other = runs[above[i]], runs[below[j]]
            if one[1] < other[2] and other[1] < one[2]:
                parent[root(above[i])] = root(below[j])
            if one[2] < other[2]:
                i += 1
            else:
                j += 1
    bounds: dict[int, list[int]] = {}
    for i, (x, a, b) in enumerate(runs):
        box = bounds.setdefault(root(i), [x, a, x + 1, b])
        box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], a), max(box[2], x + 1), max(box[3], b)
    return [(a, b, c, d) for a, b, c, d in bounds.values()]
