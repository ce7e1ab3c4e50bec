"""Pictures on a page, and the lettering inside them that is not running text.

Owns grouping drawn objects into pictures and telling labels from prose that merely has a coloured ground.
"""

import itertools
import re
from collections.abc import Sequence

import numpy as np

from litmine.reading.glyphs import PageGlyphs
from litmine.reading.lines import CAPTION, Line

CELL = 5.0
"""Points per cell of the raster on which drawn objects are grouped."""
SMALLEST = 18.0
"""A group narrower or lower than this is an icon, a bullet or a sign of the text."""
_PANELS = re.compile(r"\(?[A-Za-z]\)?(?:\s+\(?[A-Za-z]\)?)*")
PROSE_WORDS = 6
PROSE_LINES = 3
"""A ground with at least this many lines of so many words is a box of text."""


def find_pictures(page: PageGlyphs) -> list[tuple[float, float, float, float]]:
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


def find_labels(lines: Sequence[Line], pictures: Sequence[tuple[float, float, float, float]]) -> list[Line]:
    """Lines inside pictures, except prose set on a ground."""
    labels: dict[int, Line] = {}
    for box in pictures:
        inside = [line for line in lines if _within(line, box) and not CAPTION.match(line.text)]
        prose = [line for line in inside if len(line.text.split()) >= PROSE_WORDS]
        if len(prose) >= PROSE_LINES or (prose and len(prose) >= 0.5 * len(inside)):
            continue
        labels.update((id(line), line) for line in inside)
        labels.update((id(line), line) for line in lines if _PANELS.fullmatch(line.text) and _beside(line, box))
    return list(labels.values())


def _beside(line: Line, box: tuple[float, float, float, float]) -> bool:
    reach = 5.0 * line.size
    across = box[0] - reach <= line.x0 and line.x1 <= box[2] + reach
    return across and box[1] - reach <= line.y0 and line.y1 <= box[3] + reach


def _within(line: Line, box: tuple[float, float, float, float]) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    wide = min(line.x1, box[2]) - max(line.x0, box[0]) >= 0.6 * line.width
    return box[0] <= x <= box[2] and box[1] <= y <= box[3] and wide


def _components(raster: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]") -> list[tuple[int, int, int, int]]:
    """Bounds of the connected groups of cells, by joining runs of neighbouring rows."""
    runs: list[tuple[int, int, int]] = []
    by_row: list[list[int]] = []
    for x in range(raster.shape[0]):
        edges = np.flatnonzero(np.diff(np.r_[False, raster[x], False].astype(np.int8)))
        by_row.append(list(range(len(runs), len(runs) + len(edges) // 2)))
        runs += [(x, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    parent = list(range(len(runs)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for above, below in itertools.pairwise(by_row):
        for i in above:
            for j in below:
                if runs[i][1] < runs[j][2] and runs[j][1] < runs[i][2]:
                    parent[root(i)] = root(j)
    bounds: dict[int, list[int]] = {}
    for i, (x, a, b) in enumerate(runs):
        box = bounds.setdefault(root(i), [x, a, x + 1, b])
        box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], a), max(box[2], x + 1), max(box[3], b)
    return [(a, b, c, d) for a, b, c, d in bounds.values()]
