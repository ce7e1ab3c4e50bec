"""Where on which page every character of a document stands.

Owns gathering pages and boxes block by block, so that what was known of lines can be let go.
"""

from array import array
from dataclasses import replace

import numpy as np

from litmine.reading.geometry import Ints
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.joining import JoinedText
from litmine.records import Glyphs

BATCH = 200_000
"""Characters whose boxes are gathered in one go."""


class Placing:
    """Takes the blocks of a document in their order; `gap` characters without a place stand between two of them.

    The boxes of `pages` are let go as soon as no block to come stands on them.
    """

    def __init__(self, pages: list[PageFrame], gap: int) -> None:
        self._pages = pages
        self._gap = np.zeros(gap, dtype=np.int32)
        self._page: list[Ints] = []
        self._glyph: list[Ints] = []
        self._n_waiting = 0
        self._begun = False
        self._n_released = 0
        self._glyphs = Glyphs(
            array("H" if len(pages) < 1 << 16 else "i"), array("f"), array("f"), array("f"), array("f")
        )

    def add(self, block: JoinedText, next_page: int) -> None:
        """Blocks to come stand on `next_page` or behind it."""
        if self._begun:
            self._page.append(self._gap)
            self._glyph.append(self._gap)
        self._begun = True
        self._page.append(block.page)
        self._glyph.append(block.glyph)
        self._n_waiting += len(block.text)
        if self._n_waiting > BATCH:
            self._place()
            for i in range(self._n_released, next_page - 1):
                self._pages[i] = replace(self._pages[i], box=np.zeros((0, 4), dtype=np.float32))
            self._n_released = max(self._n_released, next_page - 1)

    def finish(self) -> Glyphs:
        """Page and displayed box of every character so far."""
        self._place()
        return self._glyphs

    def _place(self) -> None:
        if not self._page:
            return
        page, glyph = np.concatenate(self._page).astype(np.int32), np.concatenate(self._glyph)
        self._page, self._glyph, self._n_waiting = [], [], 0
        own = page > 0
        first, last = int(page[own].min(initial=len(self._pages))), int(page.max())
        near = self._pages[first - 1 : last]
        offsets = np.cumsum([0, *(len(one) for one in near)])
        shown = np.concatenate([one.display_boxes() for one in near])
        boxes = shown.take(np.where(own, offsets.take(page - first, mode="clip") + glyph, 0), axis=0)
        boxes[~own] = 0.0
        self._glyphs.page.frombytes(page.astype(self._glyphs.page.typecode).tobytes())
        edges = self._glyphs.x0, self._glyphs.y0, self._glyphs.x1, self._glyphs.y1
        for edge, values in zip(edges, np.ascontiguousarray(boxes.T), strict=True):
            edge.frombytes(values.tobytes())
