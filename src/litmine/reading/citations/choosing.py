"""Which callouts a document has: of the forms in which articles cite, the one that cites most of its references.

Owns the choice alone; the grammar of numbers is `callouts`, that of names and years `author_year`.
"""

from collections.abc import Iterable, Iterator, Sequence

from litmine.reading.citations.author_year import CitedWorks
from litmine.reading.citations.callouts import find_callouts, find_parenthesised_callouts, find_raised_callouts
from litmine.reading.geometry import Ints
from litmine.records import Block, Callout, Kind, Reference

NO_CALLOUTS = frozenset({Kind.REFERENCE, Kind.TITLE, Kind.OTHER})
"""Kinds of block in which brackets and raised numbers mean other things."""
ENOUGH_KNOWN = 0.6
"""Of a callout's numbers: fewer in the reference list make it something else."""
ENOUGH_CITED = 0.5
"""Of the references: where numbers cite as many, names with years are not sought."""


def find_cited(
    texts: Sequence[str], blocks: Sequence[Block], references: Sequence[Reference], raised: Sequence[Ints | None]
) -> tuple[Callout, ...]:
    """Callouts of the body, in order, with numbers of the reference list where there is one.

    `texts[i]` is the text of `blocks[i]`, and `raised[i]` is above 0 where its characters stand above the line. The
    forms are square brackets, superscripts, round brackets, and authors with years; a list without printed numbers is
    cited by author and year only. Without a list, whatever stands in square brackets is taken.
    """
    prose = [i for i, block in enumerate(blocks) if block.kind not in NO_CALLOUTS]
    known = {reference.number for reference in references}
    forms: list[list[Callout]] = [[], [], [], []]
    if not known or _is_numbered(references):
        for i in prose:
            own = raised[i]
            found = (
                find_callouts(texts[i]),
                find_raised_callouts(texts[i], own) if own is not None and own.any() else (),
                find_parenthesised_callouts(texts[i]),
            )
            for form, callouts in zip(forms, found, strict=False):
                form += _placed(callouts, blocks[i].start, known)
    if not known:
        return tuple(forms[0])
    if max(_count_cited(form, known) for form in forms) < ENOUGH_CITED * len(known):
        works = CitedWorks(references)
        for i in prose:
            forms[3] += _placed(works.find_callouts(texts[i]), blocks[i].start, known)
    return tuple(max(forms, key=lambda form: _count_cited(form, known)))


def _count_cited(callouts: Iterable[Callout], known: set[int]) -> int:
    return len({number for callout in callouts for number in callout.numbers} & known)


def _placed(callouts: Iterable[Callout], start: int, known: set[int]) -> Iterator[Callout]:
    for callout in callouts:
        if not known or sum(number in known for number in callout.numbers) >= ENOUGH_KNOWN * len(callout.numbers):
            yield Callout(start + callout.start, start + callout.end, callout.numbers)


def _is_numbered(references: Sequence[Reference]) -> bool:
    return any(reference.text[:8].lstrip(" [(").startswith(str(reference.number)) for reference in references)
