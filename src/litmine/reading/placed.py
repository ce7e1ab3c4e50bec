"""The lines of a page as arrays, for questions of where they stand.

Owns nothing but the look-up.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from litmine.reading.geometry import Bools, Floats, Ints
from litmine.reading.lines import CAPTION, Line
from litmine.reading.tables.rules import Box

PROSE_WORDS = 6
"""A line of so many words may be prose."""
FLUSH_LINES = 8
"""So many lines flush left below each other are prose, with more than three words each on average."""
LOOSE = 1.9
"""Type sizes between the lines of a paragraph at most."""


class PlacedLines:
    """Lines by their baseline, with boxes (`box`), centres (`x`, `y`), which are `wordy`, which of these stand close
    below each other as in a `paragraph`, and which open a `caption`."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = sorted(lines, key=lambda line: line.base)
        self.box: Floats = np.array([(x.x0, x.y0, x.x1, x.y1) for x in self.lines], dtype=np.float64).reshape(-1, 4)
        self.x = (self.box[:, 0] + self.box[:, 2]) / 2
        self.y = (self.box[:, 1] + self.box[:, 3]) / 2
        self.wordy: Bools = np.array([x.text.count(" ") >= PROSE_WORDS - 1 for x in self.lines], dtype=np.bool_)
        self.paragraph = self._find_paragraphs()
        self.caption: Bools = np.zeros(len(self.lines), dtype=np.bool_)
        for i, line in enumerate(self.lines):
            if line.text[:1].isalpha() and CAPTION.match(line.text) and not self._runs_on(i):
                self.caption[i] = True

    def held(self, box: Box, slack: float = 0.0) -> Bools:
        """Which lines have their centre in a box."""
        held: Bools = (self.x >= box[0] - 2 * slack) & (self.x <= box[2] + 2 * slack)
        return held & (self.y >= box[1] - slack) & (self.y <= box[3] + slack)

    def within(self, box: Box) -> Ints:
        """Indices of the lines in a box, of which at least three fifths stand in it."""
        shared = np.minimum(self.box[:, 2], box[2]) - np.maximum(self.box[:, 0], box[0])
        return np.flatnonzero(self.held(box) & (shared >= 0.6 * (self.box[:, 2] - self.box[:, 0])))

    def between(self, x0: float, x1: float, top: float, bottom: float) -> Ints:
        """Indices of the lines that stand at these heights and cross these columns."""
        chosen = (self.y > top) & (self.y < bottom) & (self.box[:, 0] < x1) & (self.box[:, 2] > x0)
        return np.flatnonzero(chosen)

    def take(self, chosen: Ints | Bools) -> list[Line]:
        """The lines of indices, or of a mask."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return [self.lines[i] for i in places.tolist()]

    def _find_paragraphs(self) -> Bools:
        found: set[int] = set()
        wordy = np.flatnonzero(self.wordy).tolist()
        for at, i in enumerate(wordy):
            line = self.lines[i]
            for j in wordy[at + 1 : at + 8]:
                below = self.lines[j]
                near = 0.5 * line.size < below.base - line.base < LOOSE * line.size
                if near and abs(below.x0 - line.x0) < 3 * line.size and abs(below.size - line.size) < 0.1 * line.size:
                    found |= {i, j}
        found.update(*self._flush_runs())
        return np.array([i in found for i in range(len(self.lines))], dtype=np.bool_)

    def _flush_runs(self) -> Iterator[list[int]]:
        """Many lines of a few words close below each other at one left edge, as text stands in a narrow column."""
        edges: dict[tuple[int, int], list[int]] = {}
        for i, line in enumerate(self.lines):
            edges.setdefault((round(line.x0), round(4 * line.size)), []).append(i)
        for column in edges.values():
            runs = [[column[0]]]
            for above, i in itertools.pairwise(column):
                if self.lines[i].base - self.lines[above].base < LOOSE * self.lines[i].size:
                    runs[-1].append(i)
                else:
                    runs.append([i])
            for run in runs:
                if len(run) >= FLUSH_LINES and sum(self.lines[i].text.count(" ") + 1 for i in run) > 3 * len(run):
                    yield run

    def _runs_on(self, i: int) -> bool:
        """Whether a line that begins like a caption goes on with the sentence of the line above."""
        line = self.lines[i]
        for above in reversed(self.lines[max(0, i - 12) : i]):
            step = line.base - above.base
            if step > LOOSE * line.size:
                break
            over = min(above.x1, line.x1) - max(above.x0, line.x0) > 0
            if step > 0.5 * line.size and over:
                alike = abs(above.size - line.size) < 0.03 * line.size and above.bold == line.bold
                return alike and above.text[-1:] not in ".:;?!" and above.width > 0.6 * line.width
        return False


def by_baseline(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines on one baseline together, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.base):
        if rows and abs(line.base - rows[-1][0].base) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
