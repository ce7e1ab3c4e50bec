"""Drawn lines of a page as edges of tables, and the cells between them.

Owns joining pieces of lines and the call of pdfplumber's table finder, which works on edges that are already known, so
that no page is interpreted twice. Which edges belong to a table is for `tables`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from litmine.reading.geometry import Bools, Floats
from litmine.reading.glyphs.pages import PageFrame

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points."""

TOLERANCE = 3.0
"""Points between ends that still meet, and between lines that still are one."""
MOST_EDGES = 4_000
"""A page with more is a drawing, not a table."""
MOST_CROSSINGS = 2_500
"""A grid with more would take seconds."""
_SMALLEST_CELL = 6.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Horizontal edges as rows of x0, x1, y, by y; vertical ones as rows of y0, y1, x, by x.

    `joints` are x and y of the points at which pieces of horizontal edges meet.
    """

    across: Floats
    down: Floats
    joints: Floats

    def within(self, box: Box) -> "Edges":
        """The parts of edges inside a box (with some tolerance)."""
        x0, y0, x1, y1 = box
        inside = (self.joints[:, 0] > x0) & (self.joints[:, 0] < x1)
        inside &= (self.joints[:, 1] > y0 - TOLERANCE) & (self.joints[:, 1] < y1 + TOLERANCE)
        return Edges(_clipped(self.across, x0, x1, y0, y1), _clipped(self.down, y0, y1, x0, x1), self.joints[inside])


def find_edges(page: PageFrame) -> Edges:
    """Ruling lines, and the sides of drawn boxes; none where the page is full of drawings."""
    thin, boxes = page.rules, page.pictures
    sides = boxes[(boxes[:, 2] - boxes[:, 0] > 2 * _SMALLEST_CELL) & (boxes[:, 3] - boxes[:, 1] > _SMALLEST_CELL)]
    if len(thin) + 4 * len(sides) > MOST_EDGES:
        sides = sides[:0]
    if len(thin) > MOST_EDGES:
        thin = thin[:0]
    flat = thin[:, 2] - thin[:, 0] >= thin[:, 3] - thin[:, 1]
    rules, bars = thin[flat], thin[~flat]
    across = np.concatenate(
        (
            np.column_stack((rules[:, 0], rules[:, 2], (rules[:, 1] + rules[:, 3]) / 2)),
            sides[:, [0, 2, 1]],
            sides[:, [0, 2, 3]],
        )
    )
    down = np.concatenate(
        (
            np.column_stack((bars[:, 1], bars[:, 3], (bars[:, 0] + bars[:, 2]) / 2)),
            sides[:, [1, 3, 0]],
            sides[:, [1, 3, 2]],
        )
    )
    whole, joints = _joined(across)
    return Edges(whole, _joined(down)[0], joints)


def find_drawn_cells(edges: Edges, box: Box) -> list[Box]:
    """Cells that pdfplumber finds between the edges inside a box, whose own sides count as drawn."""
    inner = edges.within(box)
    x0, y0, x1, y1 = box
    across = np.concatenate((inner.across, [[x0, x1, y0], [x0, x1, y1]]))
    down = np.concatenate((inner.down, [[y0, y1, x0], [y0, y1, x1]]))
    if len(across) * len(down) > 4 * MOST_CROSSINGS:
        return []
    from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges

    drawn = [_edge(a, y, b, y, "h") for a, b, y in across.tolist()]
    drawn += [_edge(x, a, x, b, "v") for a, b, x in down.tolist()]
    whole = merge_edges(drawn, *(TOLERANCE,) * 4)
    crossings = edges_to_intersections(whole, TOLERANCE, TOLERANCE)
    if len(crossings) > MOST_CROSSINGS:
        return []
    cells: list[Box] = [(float(a), float(b), float(c), float(d)) for a, b, c, d in intersections_to_cells(crossings)]
    return cells


def _edge(x0: float, top: float, x1: float, bottom: float, orientation: str) -> dict[str, Any]:
    """An edge as pdfplumber describes it."""
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
    }


def _clipped(edges: Floats, start: float, end: float, low: float, high: float) -> Floats:
    near: Bools = (edges[:, 2] >= low - TOLERANCE) & (edges[:, 2] <= high + TOLERANCE)
    near &= (edges[:, 0] < end) & (edges[:, 1] > start)
    inside = edges[near]
    inside[:, :2] = inside[:, :2].clip(start, end)
    return inside


def _joined(edges: Floats) -> tuple[Floats, Floats]:
    """Edges drawn in pieces (one per cell, say) or twice put together, by their height; and where pieces met."""
    joints: list[tuple[float, float]] = []
    if not len(edges):
        return edges.reshape(-1, 3), np.zeros((0, 2))
    edges = edges[np.argsort(edges[:, 2], kind="stable")]
    level = np.cumsum(np.r_[0, np.diff(edges[:, 2]) > 1.0])
    edges = edges[np.lexsort((edges[:, 0], level))]
    level.sort()
    whole: list[list[float]] = []
    last = -1
    for number, (start, end, height) in zip(level.tolist(), edges.tolist(), strict=True):
        if number == last and start <= whole[-1][1] + TOLERANCE:
            if start >= whole[-1][1] - TOLERANCE:
                joints.append((start, height))
            whole[-1][1] = max(whole[-1][1], end)
        else:
            whole.append([start, end, height])
            last = number
    return np.array(whole), np.array(joints).reshape(-1, 2)
