"""Large initials (drop caps): joins each to the word it begins.

Owns telling an initial from other large letters, by its size and by the lines of text beside it. Lengths are relative
to the type size.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from litmine.reading.lines import INITIAL, Line

FARTHEST = 1.5
"""Type sizes between an initial and the text beside it, at most."""
FEWEST_LINES = 2


def attach_initials(lines: list[Line]) -> list[Line]:
    """The lines, with each large initial at the head of the first of the lines beside it.

    All these lines start where the initial does, so that they do not look indented.
    """
    initials = [line for line in lines if len(line.text) == 1 and line.text.isupper()]
    if not initials:
        return lines
    joined: dict[int, Line] = {}
    gone: set[int] = set()
    for initial in initials:
        beside = [line for line in lines if _stands_beside(initial, line) and id(line) not in joined]
        if len(beside) < FEWEST_LINES:
            continue
        first = min(beside, key=lambda line: line.base)
        own = [line for line in beside if abs(line.x0 - first.x0) < first.size]
        if len(own) < FEWEST_LINES:
            continue
        gone.add(id(initial))
        joined[id(first)] = _with_initial(initial, first, lines)
        for line in own:
            line.x0 = initial.x0
    return [joined.get(id(line), line) for line in lines if id(line) not in gone]


def _stands_beside(initial: Line, line: Line) -> bool:
    middle = (line.y0 + line.y1) / 2
    return (
        initial.size > INITIAL * line.size
        and initial.y0 - 0.5 * line.size < middle < initial.y1
        and middle < initial.base + 0.3 * line.size
        and -0.3 * line.size < line.x0 - initial.x1 < FARTHEST * line.size
    )


def _with_initial(initial: Line, first: Line, lines: Sequence[Line]) -> Line:
    word = first.text.split(" ", 1)[0]
    known = {other for line in lines if line is not first for other in line.text.split()}
    parted = initial.text in "AI" and len(word) > 1 and word.isalpha() and word in known
    gap = " " if parted else ""
    between = np.full(len(gap), -1, dtype=first.source.dtype)
    return replace(
        first,
        text=initial.text + gap + first.text,
        source=np.concatenate((initial.source, between, first.source)),
        raised=np.concatenate((initial.raised * 0, np.zeros(len(gap), dtype=first.raised.dtype), first.raised)),
        x0=initial.x0,
    )
