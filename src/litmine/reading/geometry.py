"""Boxes on a page: from PDF user space to the page as displayed, and quarter turns.

Owns the array types of reading. Boxes are rows of x0, y0, x1, y1 in points.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class View:
    """From PDF user space to the page as displayed."""

    def __init__(self, raw: Any, page: Any) -> None:
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, bounds)
        self.rotation: int = raw.FPDFPage_GetRotation(page)
        self.left, self.bottom = bounds.left, bounds.bottom
        self.across, self.up = bounds.right - bounds.left, bounds.top - bounds.bottom
        sideways = self.rotation % 2 == 1
        self.width, self.height = (self.up, self.across) if sideways else (self.across, self.up)
        self.directions: Ints = np.zeros(0, dtype=np.int64)

    def boxes(self, left: Floats, bottom: Floats, right: Floats, top: Floats) -> Floats:
        flat = np.column_stack(
            (left - self.left, self.up - (top - self.bottom), right - self.left, self.up - (bottom - self.bottom))
        )
        return turn_boxes(flat, self.rotation, self.across, self.up)


def turn_boxes(boxes: Floats, quarters: int, width: float, height: float) -> Floats:
    """Boxes after the page (`width` by `height` before) is turned clockwise by quarters of a circle."""
    x0, y0, x1, y1 = boxes.T
    if quarters % 4 == 1:
        return np.column_stack((height - y1, x0, height - y0, x1))
    if quarters % 4 == 2:
        return np.column_stack((width - x1, height - y1, width - x0, height - y0))
    if quarters % 4 == 3:
        return np.column_stack((y0, width - x1, y1, width - x0))
    return boxes
