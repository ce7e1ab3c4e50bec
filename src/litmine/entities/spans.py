"""Candidate spans of one document and the choice among those that overlap."""

from collections.abc import Iterable
from dataclasses import dataclass

from litmine.records import MentionType


@dataclass(frozen=True, slots=True)
class Span:
    """A drug or gene that may be named at `start:end`; a higher `weight` wins over overlapping spans of less."""

    start: int
    end: int
    type: MentionType
    concept: str | None
    curie: str | None
    score: float
    weight: int

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


PROPOSAL, DICTIONARY, PATTERN, CLASS, DEFINITION = 0, 1, 2, 3, 4
"""Weights, from what a model proposes and a name in a list to a span that the document itself defines."""

TENTATIVE = 0.5
"""Score of a span that stays only where the document names the same concept in a surer way."""


def choose(spans: Iterable[Span]) -> list[Span]:
    """The spans kept, ascending and without overlaps: by weight, then length, then place."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.weight, s.start - s.end, s.start)):
        if not any(span.overlaps(other.start, other.end) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
