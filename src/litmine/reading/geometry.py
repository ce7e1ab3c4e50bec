"""Boxes on a page: from PDF user space to the page as displayed, and quarter turns.

Owns the array types of reading. Boxes are rows of x0, y0, x1, y1 in points.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.signedinteger[Any]]
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


def percentile(values: Sequence[float], percent: float) -> float:
    """As `numpy.percentile`, for the few values of a page: many times faster."""
    ordered = sorted(values)
    at = percent / 100 * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def is_first(values: NDArray[Any]) -> Bools:
    """Where a value differs from the one before it; the first one always does."""
    first = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first
