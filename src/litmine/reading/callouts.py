"""Citation callouts in running text: numbers, lists and ranges in square or round brackets, or
raised above the line.

Owns the grammar of a callout; whether its numbers exist in the reference list is for the caller.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmine.records import Callout

if TYPE_CHECKING:
    from litmine.reading.geometry import Ints

_DASH = "-\u2010-\u2015\u2212"
_ITEM = rf"\d{{1,4}}(?:\s?[{_DASH}]\s?\d{{1,4}})?"
_BRACKETED = re.compile(rf"\[\s?({_ITEM}(?:\s?[,;]\s?{_ITEM})*)\s?\]")
_PARENTHESISED = re.compile(rf"\((?:(?:reviewed in|see|refs?\.?|e\.g\.,?)\s)?({_ITEM}(?:\s?[,;]\s?{_ITEM})*)\)")
_LABELLED_NUMBER = re.compile(r"\b(?:fig(?:ure)?s?|tables?|eqs?|equations?|step|n|p)\.?\s?$", re.IGNORECASE)
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
    """Callouts in square brackets, in order of their start."""
    for match in _BRACKETED.finditer(text):
        yield Callout(match.start(), match.end(), expand_numbers(match[1]))


def find_parenthesised_callouts(text: str) -> Iterator[Callout]:
    """Numbers in round brackets, set off from the word before; whether the document cites so is for the caller."""
    for match in _PARENTHESISED.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if before.endswith(" ") and not _LABELLED_NUMBER.search(before.rstrip()):
            yield Callout(match.start(), match.end(), expand_numbers(match[1]))


_RAISED = re.compile(rf"{_ITEM}(?:\s?[,;]\s?{_ITEM})*")
_NO_CITED_WORD = re.compile(r"(?<![^\W_])(?:\d[\d.,]*|[kcmnμ]?m|[μmk]?g|s|h|min|Ca|Mg|Zn|Fe|Na|K)$")
"""What a raised number after it makes a power, an area or a charge, not a citation."""


def find_raised_callouts(text: str, raised: "Sequence[int] | Ints") -> Iterator[Callout]:
    """Superscript numbers behind a word or a mark; `raised[i] > 0` where `text[i]` stands above the line."""
    at = 0
    while at < len(text):
        if raised[at] <= 0:
            at += 1
            continue
        start = at
        while at < len(text) and (raised[at] > 0 or (text[at] == " " and at + 1 < len(text) and raised[at + 1] > 0)):
            at += 1
        match = _RAISED.fullmatch(text[start:at].rstrip(","))
        before = text[:start].rstrip()
        if match and before and not _NO_CITED_WORD.search(before):
            yield Callout(start, start + match.end(), expand_numbers(match[0]))
