"""Callouts from the cross-references of JATS.

Owns turning `xref` elements of a text into callouts with the spans and numbers that the other readers give: brackets
included, ranges spelled out, of names with years only the bracketed year.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from litmine.reading.citations.callouts import DASH, LONGEST_RANGE, find_callouts, join_citations, read_numbers
from litmine.reading.jats.markup import Citation
from litmine.records import Callout

_NARRATIVE = re.compile(
    r".*?[^\W\d_][^\d(\[]*(?=[(\[]\s?(?:1[89]|20)\d\d[a-z]?(?:\s?[,;]\s?[\da-z]+)*\s?[)\]]$)", re.DOTALL
)
_RANGE = re.compile(rf"[\])]?\s?[{DASH}]\s?[\[(]?")


def find_marked_callouts(text: str, citations: Sequence[Citation], numbers: Mapping[str, int]) -> Iterator[Callout]:
    """Callouts of a text in order; `numbers` gives the entry that each id points to."""
    known = set(numbers.values())
    marked: list[Callout] = []
    for citation in sorted(citations, key=lambda item: (item.start, item.end)):
        inner = text[citation.start : citation.end]
        cited = {numbers[name] for name in citation.ids if name in numbers}
        printed = read_numbers(inner.strip("()[]"))
        if cited and cited <= set(printed):
            cited |= known & set(printed)
        narrative = _NARRATIVE.match(inner)
        start = citation.start + (narrative.end() if narrative else 0)
        if cited and marked and _RANGE.fullmatch(text[marked[-1].end : start]):
            earlier = marked.pop()
            first, last = max(earlier.numbers), min(cited)
            if 0 < last - first <= LONGEST_RANGE:
                cited |= known & set(range(first, last))
            start, cited = earlier.start, cited | set(earlier.numbers)
        if cited:
            marked.append(Callout(start, max(start, citation.end), tuple(sorted(cited))))
    shown = list(find_callouts(text))
    for callout in join_citations(text, marked):
        if callout.start == callout.end:
            continue
        around = next((c for c in shown if c.start <= callout.start and callout.end <= c.end), None)
        if around is not None and set(callout.numbers) & set(around.numbers):
            extra = known & set(around.numbers)
            yield Callout(around.start, around.end, tuple(sorted({*callout.numbers, *extra})))
        else:
            yield callout
