"""Citation callouts in running text: bracketed numbers, lists and ranges.

Owns the grammar of a callout; whether its numbers exist in the reference list is for the caller.
"""

import re
from collections.abc import Iterator

from litmine.records import Callout

_DASH = "-\u2010-\u2015\u2212"
_ITEM = rf"\d{{1,4}}(?:\s?[{_DASH}]\s?\d{{1,4}})?"
_BRACKETED = re.compile(rf"\[\s?({_ITEM}(?:\s?[,;]\s?{_ITEM})*)\s?\]")
_SPLIT = re.compile(r"\s?[,;]\s?")
_RANGE = re.compile(rf"\s?[{_DASH}]\s?")
LONGEST_RANGE = 60
"""A longer range is a typing error or no citation; only its ends are taken."""


def expand_numbers(inner: str) -> tuple[int, ...]:
    """The numbers a callout names, ascending and without repeats: "7-9,12" gives (7, 8, 9, 12)."""
    numbers: set[int] = set()
    for item in _SPLIT.split(inner.strip()):
        ends = [int(part) for part in _RANGE.split(item)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= LONGEST_RANGE:
            numbers.update(range(ends[0], ends[1] + 1))
        else:
            numbers.update(ends)
    return tuple(sorted(numbers))


def find_callouts(text: str) -> Iterator[Callout]:
    """Bracketed callouts in order of their start."""
    for match in _BRACKETED.finditer(text):
        yield Callout(match.start(), match.end(), expand_numbers(match[1]))
