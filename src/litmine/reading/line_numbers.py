"""Line numbers of manuscripts: on every line or every fifth, at either edge of a column, page by page or right through.

Owns telling them from other numbers at the edge of a text, by their even steps down the page and by their being on most
pages. Says only which characters of which lines they are. Lengths are in points.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litmine.reading.furniture import PageLines
from litmine.reading.lines import Line

FEWEST = 5
"""Numbered lines on a page that make a sequence."""
STEPS = frozenset({1, 2, 5, 10})
EVEN = 0.7
"""Of the steps from number to number down a column: so many are alike."""
COVERED = 0.5
"""Of the long lines beside a sequence: so many are counted by it, and of its numbers so many stand beside one."""
PAGES = 0.5
"""Of the pages with text: so many have a sequence where lines are numbered at all."""
_ALIGNED = 8.0
_REACH = 60.0
_LONG = 20
_HEAD, _TAIL = re.compile(r"\d{1,5}(?=\s|$)"), re.compile(r"(?<=\s)\d{1,5}$")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at the head or tail of a line; `edge` is the x at which it begins or ends."""

    line: Line
    start: int
    end: int
    value: int
    tail: bool
    edge: float


def find_line_numbers(pages: Sequence[PageLines]) -> dict[int, tuple[int, int]]:
    """Start and end of the line number in the text of each line (by `id`) that has one."""
    numbers = [_numbers(page) for page in pages]
    runs = [_runs(page, own) for page, own in zip(pages, numbers, strict=True)]
    texts = [sum(len(line.text) > _LONG for line in page.lines) for page in pages]
    full = [run for n_lines, run in zip(texts, runs, strict=True) if n_lines >= FEWEST]
    if not any(full) or sum(map(bool, full)) < PAGES * len(full):
        return {}
    counted = Counter((b.value - a.value) for run in runs for own in run for a, b in itertools.pairwise(own))
    step = counted.most_common(1)[0][0]
    edges = {(number.tail, number.edge) for run in runs for own in run for number in own}
    found: dict[int, tuple[int, int]] = {}
    last = 0
    for own, run in zip(numbers, runs, strict=True):
        line_numbers = [number for sequence in run for number in sequence]
        if not run:  # a short page
            wanted = {last + step, step}
            for number in own:
                at_edge = any(number.tail == tail and abs(number.edge - edge) < _ALIGNED for tail, edge in edges)
                if at_edge and number.value in wanted:
                    line_numbers.append(number)
                    wanted = {number.value + step}
        found.update((id(number.line), (number.start, number.end)) for number in line_numbers)
        last = max((number.value for number in line_numbers), default=last)
    return found


def _numbers(page: PageLines) -> list[_Number]:
    """All numbers at the edges of lines, from top to bottom."""
    found = []
    for line in sorted(page.lines, key=lambda line: line.base):
        head = _HEAD.match(line.text)
        if head:
            found.append(_Number(line, 0, head.end(), int(head[0]), False, line.x0))
        if head and head.end() == len(line.text):  # by itself, it may stand at either edge
            found.append(_Number(line, 0, head.end(), int(head[0]), True, line.x1))
        elif tail := _TAIL.search(line.text):
            found.append(_Number(line, tail.start(), tail.end(), int(tail[0]), True, line.x1))
    return [number for number in found if not number.line.raised[number.start]]


def _runs(page: PageLines, numbers: Iterable[_Number]) -> list[list[_Number]]:
    """Sequences of numbers with even steps, one below the other, each beside a text."""
    numbers = list(numbers)
    anchors = {(number.tail, round(number.edge / 4.0) * 4.0) for number in numbers}
    columns = [
        [number for number in numbers if number.tail == tail and abs(number.edge - edge) < _ALIGNED]
        for tail, edge in anchors
    ]
    runs: list[list[_Number]] = []
    taken: set[int] = set()
    for column in sorted(columns, key=len, reverse=True):
        own = [number for number in column if id(number.line) not in taken]
        steps = Counter(b.value - a.value for a, b in itertools.pairwise(own))
        if len(own) < FEWEST or not steps:
            continue
        step, count = steps.most_common(1)[0]
        if step not in STEPS or count < max(FEWEST - 1, EVEN * (len(own) - 1)):
            continue
        own = _in_step(own, step)
        if not _counts_text(page, own, step):
            continue
        runs.append(own)
        taken.update(id(number.line) for number in own)
    return runs


def _in_step(numbers: Sequence[_Number], step: int) -> list[_Number]:
    """The numbers that follow or precede a neighbour by one step."""
    near = [abs(b.value - a.value) == step for a, b in itertools.pairwise(numbers)]
    return [n for n, before, after in zip(numbers, [False, *near], [*near, False], strict=True) if before or after]


def _counts_text(page: PageLines, numbers: Sequence[_Number], step: int) -> bool:
    """Whether the numbers stand beside long lines and count at least half of them."""
    top, bottom = numbers[0].line.base - 1.0, numbers[-1].line.base + 1.0
    low, high = min(number.edge for number in numbers), max(number.edge for number in numbers)
    long = [line for line in page.lines if len(line.text) > _LONG and top <= line.base <= bottom]
    right = [line for line in long if low - 1.0 < line.x0 < high + _REACH]
    left = [line for line in long if low - _REACH < line.x1 < high + 1.0]
    for beside in (right, left):
        bases = sorted(line.base for line in beside)
        seconded = sum(
            bisect_right(bases, number.line.base + 3.0) > bisect_left(bases, number.line.base - 3.0)
            for number in numbers
        )
        if seconded >= COVERED * len(numbers) and len(numbers) * step >= COVERED * len(beside):
            return True
    return False
