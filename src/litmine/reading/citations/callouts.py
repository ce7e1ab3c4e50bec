"""Citation callouts in running text: numbers, lists and ranges in square or round brackets, or
raised above the line.

Owns the grammar of a callout; whether its numbers exist in the reference list is for the caller.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmine.records import Callout

if TYPE_CHECKING:
    from litmine.reading.geometry import Bools, Ints

DASH = "-\u2010-\u2015\u2212"
"""Characters that join the ends of a range, for use at the head of a class of a pattern."""
_ITEM = rf"\d{{1,4}}(?:\s?[{DASH}]\s?\d{{1,4}})?"
_LISTED = re.compile(rf"{_ITEM}(?:\s?[,;]\s?{_ITEM})*")
_BRACKETED = re.compile(rf"\[\s?({_ITEM}(?:\s?[,;]\s?{_ITEM})*)\s?\]")
_PARENTHESISED = re.compile(rf"\((?:(?:reviewed in|see|refs?\.?|e\.g\.,?)\s)?({_ITEM}(?:\s?[,;]\s?{_ITEM})*)\)")
_LABELLED_NUMBER = re.compile(r"\b(?:fig(?:ure)?s?|tables?|eqs?|equations?|step|n|p)\.?\s?$", re.IGNORECASE)
_SPLIT = re.compile(r"\s?[,;]\s?")
_RANGE = re.compile(rf"\s?[{DASH}]\s?")
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


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a text that is nothing but numbers and ranges; none otherwise."""
    return expand_numbers(text) if _LISTED.fullmatch(text.strip()) else ()


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


_NO_CITED_WORD = re.compile(r"(?<![^\W_])(?:\d[\d.,]*|[kcmnμ]?m|[μmk]?g|s|h|min|Ca|Mg|Zn|Fe|Na|K)$")
"""What a raised number after it makes a power, an area or a charge, not a citation."""
LONGEST_WORD = 60
"""Characters looked at before a raised number."""


def find_spans(text: str, marked: "Bools") -> list[tuple[int, int]]:
    """Runs of marked characters of a text, over single spaces."""
    spans: list[tuple[int, int]] = []
    for at in marked.nonzero()[0].tolist():
        start, end = spans[-1] if spans else (-2, -2)
        if at == end or (at == end + 1 and text[end] == " "):
            spans[-1] = start, at + 1
        else:
            spans.append((at, at + 1))
    return spans


def find_raised_callouts(text: str, raised: "Ints") -> Iterator[Callout]:
    """Superscript numbers behind a word or a mark; `raised[i] > 0` where `text[i]` stands above the line."""
    for start, end in find_spans(text, raised > 0):
        match = _LISTED.fullmatch(text[start:end].rstrip(","))
        before = text[max(0, start - LONGEST_WORD) : start].rstrip()
        if match and before and not _NO_CITED_WORD.search(before):
            yield Callout(start, start + match.end(), expand_numbers(match[0]))


_LEAD_WORDS = (
    r"(?:(?:(?:as |recently |extensively |previously )*(?:reviewed|described|discussed|summari[sz]ed|reported|shown)"
    r"|elsewhere|see|also|but|e\.?g\.?|i\.?e\.?|cf\.?|for|an?|the|in|by|and|or|from|of|with|"
    r"(?:recent |other |detailed )?(?:reviews?|examples?|instance|details|discussion)|refs?\.?|references?|data|"
    r"adapted|modified|according to|among others|respectively|therein)\b\.?[\s,:;]*)*"
)
_LEAD = re.compile(rf"[(\[]\s*{_LEAD_WORDS}$", re.IGNORECASE)
_BETWEEN = re.compile(rf"[{DASH}\s,;&/]*{_LEAD_WORDS}[\s,;&]*", re.IGNORECASE)
_TRAIL = re.compile(
    rf"[\s,;:]*(?:pp?\.?\s?\d+(?:\s?[{DASH}]\s?\d+)?|{_LEAD_WORDS}|among others)[\s,;.]*[)\]]", re.IGNORECASE
)
LONGEST_BRACKET = 1500
"""Characters within which the bracket around a citation is sought."""
LONGEST_LEAD = 60
"""Characters of lead-in within a bracket ("reviewed in ...") that still belong to the citation."""


def join_citations(text: str, citations: Sequence[Callout]) -> Iterator[Callout]:
    """Citations of single works, in order of their start, as callouts: neighbours with nothing but punctuation and
    words such as "see also" between them become one, and brackets that hold nothing else belong to the span.

    A citation that has brackets of its own stands for itself. Callouts left without a number are not given.
    """
    group: list[Callout] = []
    for citation in citations:
        if group and not _joins(text, group[-1], citation):
            yield from _whole(text, group)
            group = []
        group.append(citation)
    yield from _whole(text, group)


def _joins(text: str, before: Callout, after: Callout) -> bool:
    if text[before.start : before.start + 1] in {"(", "["} or text[after.start : after.start + 1] in {"(", "["}:
        return False
    gap = text[before.end : after.start]
    if len(gap) > LONGEST_LEAD or not _BETWEEN.fullmatch(gap):
        return False
    return not any(char.isalpha() for char in gap) or is_enclosed(text, after.start)


def is_enclosed(text: str, at: int) -> bool:
    """Whether a bracket opened before `at` is still open there."""
    before = text[max(0, at - LONGEST_BRACKET) : at]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def _whole(text: str, group: Sequence[Callout]) -> Iterator[Callout]:
    numbers = tuple(sorted({number for citation in group for number in citation.numbers}))
    if not numbers:
        return
    start, end = group[0].start, group[-1].end
    opening = text.rfind("(", max(0, start - LONGEST_LEAD), start), text.rfind("[", max(0, start - LONGEST_LEAD), start)
    if max(opening) >= 0 and _LEAD.fullmatch(text[max(opening) : start]):
        closing = _TRAIL.match(text, end)
        if closing and (text[max(opening)] == "(") == (text[closing.end() - 1] == ")"):
            start, end = max(opening), closing.end()
    yield Callout(start, end, numbers)
