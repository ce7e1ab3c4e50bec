"""Ruling lines and pictures drawn on a page.

Owns which graphic objects count, and taking the lines of a grid that is one object apart. Boxes leave here with the
origin top left, in points, of the page as displayed.
"""

import ctypes
from typing import Any

import numpy as np

from litmine.reading.geometry import Floats, View

MAX_OBJECTS = 40_000
"""Graphic objects looked at per page; a map with more is a picture all the same."""
THIN = 2.5
"""A drawn box thinner than this many points is a ruling line."""
GROUND, FULL_PAGE = 0.4, 0.9
"""Of the page's area: a larger shape is the ground of the text, a larger image a scan or a background."""
LEAST_GRID = (60.0, 20.0)
"""Width and height in points of a path that may be the lines of a table."""
MOST_SEGMENTS = 600
"""Of such a path."""

_Matrix = tuple[float, float, float, float, float, float]
_Bounds = tuple[float, float, float, float]


def find_drawings(raw: Any, page: Any, view: View) -> tuple[Floats, Floats]:
    """Boxes of the ruling lines of a page, and of everything else drawn on it but text and grounds."""
    found: list[_Bounds] = []
    edges = [ctypes.c_float() for _ in range(4)]
    area = view.width * view.height

    def collect(count: int, fetch: Any, parent: Any, shift: _Matrix) -> None:
        for i in range(min(count, MAX_OBJECTS)):
            thing = fetch(parent, i)
            kind = raw.FPDFPageObj_GetType(thing)
            if kind == raw.FPDF_PAGEOBJ_TEXT or not raw.FPDFPageObj_GetBounds(thing, *edges):
                continue
            left, bottom, right, top = (edge.value for edge in edges)
            box = _around(_moved(left, bottom, shift), _moved(right, top, shift))
            across, up = box[2] - box[0], box[3] - box[1]
            ground = is_ground(across, up, area, kind == raw.FPDF_PAGEOBJ_IMAGE)
            if kind == raw.FPDF_PAGEOBJ_FORM and ground:
                inner = _matrix_of(raw, thing)
                collect(raw.FPDFFormObj_CountObjects(thing), raw.FPDFFormObj_GetObject, thing, inner)
                continue
            if kind == raw.FPDF_PAGEOBJ_PATH and across > LEAST_GRID[0] and up > LEAST_GRID[1]:
                found.extend(_grid_lines(raw, thing, shift))
            if not ground:
                found.append(box)

    collect(raw.FPDFPage_CountObjects(page), raw.FPDFPage_GetObject, page, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    if not found:
        return np.zeros((0, 4)), np.zeros((0, 4))
    return rules_and_pictures(view.boxes(*np.array(found).T), view.width, view.height)


def rules_and_pictures(boxes: Floats, width: float, height: float) -> tuple[Floats, Floats]:
    """Thin boxes and the others, cut to the page."""
    boxes[:, [0, 2]] = boxes[:, [0, 2]].clip(0.0, width)
    boxes[:, [1, 3]] = boxes[:, [1, 3]].clip(0.0, height)
    thickness = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    return boxes[thickness <= THIN], boxes[thickness > THIN]


def is_ground(width: float, height: float, page_area: float, is_image: bool) -> bool:
    """Whether a drawn box is so large that it lies under the text rather than beside it."""
    return width * height > (FULL_PAGE if is_image else GROUND) * page_area


def _grid_lines(raw: Any, path: Any, shift: _Matrix) -> list[_Bounds]:
    """The lines of a path of several parts, all of them level or upright; none of any other path."""
    count = raw.FPDFPath_CountSegments(path)
    if not 4 <= count <= MOST_SEGMENTS:
        return []
    own = _matrix_of(raw, path)
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[_Bounds] = []
    start = at = (0.0, 0.0)
    n_parts = 0
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(*_moved(x.value, y.value, own), shift)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            n_parts += 1
            start = at = point
            continue
        ends = [point, start] if raw.FPDFPathSegment_GetClose(segment) else [point]
        for end in ends:
            if kind != raw.FPDF_SEGMENT_LINETO or min(abs(end[0] - at[0]), abs(end[1] - at[1])) > 0.5:
                return []
            if at != end:
                lines.append(_around(at, end))
            at = end
    return lines if n_parts > 1 else []


def _matrix_of(raw: Any, thing: Any) -> _Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _moved(x: float, y: float, shift: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = shift
    return a * x + c * y + e, b * x + d * y + f


def _around(one: tuple[float, float], other: tuple[float, float]) -> _Bounds:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
