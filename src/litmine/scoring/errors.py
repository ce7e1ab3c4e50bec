"""What kind of error each wrong or missing mention is, and what lies behind it as far as the text itself can tell.

Owns the kinds and causes. A pure function of gold, predictions and texts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litmine.records import MentionType
from litmine.scoring.matching import best_pairs
from litmine.scoring.mentions import ScoredMention, match_mentions


class ErrorKind(StrEnum):
    """Every gold or predicted mention that is not wholly right has exactly one."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    WRONG_SPAN = "wrong span"
    WRONG_TYPE = "wrong type"
    WRONG_CONCEPT = "wrong concept"


@dataclass(frozen=True, slots=True)
class MentionError:
    """An error and its cause; `gold` is None for what is spurious, `predicted` for what was missed."""

    kind: ErrorKind
    cause: str
    gold: ScoredMention | None
    predicted: ScoredMention | None

    @property
    def type(self) -> str:
        """The gold's type, or that of a spurious mention."""
        known = self.gold or self.predicted
        assert known is not None
        return str(known.type)


def find_errors(
    gold: Sequence[ScoredMention], predicted: Sequence[ScoredMention], texts: Mapping[str, str]
) -> list[MentionError]:
    """Every error, in the order of kinds and then of the mentions; `texts` gives the text of each document.

    A mention of the right span and type can only have the wrong concept. The others are matched by overlap, first
    within their type (wrong span), then between entity types (wrong type); what is left was missed or is spurious.
    """
    exact = match_mentions(gold, predicted, "strict")
    errors = [
        MentionError(ErrorKind.WRONG_CONCEPT, _concept_cause(gold[i], predicted[j]), gold[i], predicted[j])
        for i, j in exact
        if gold[i].concept != predicted[j].concept
    ]
    left, right = _others(gold, [i for i, _ in exact]), _others(predicted, [j for _, j in exact])
    found = {(m.document, m.type, _surface(m, texts)) for m in predicted}
    wanted = {(m.document, m.type, _surface(m, texts)) for m in gold}
    for kind, same_type in ((ErrorKind.WRONG_SPAN, True), (ErrorKind.WRONG_TYPE, False)):
        pairs = _overlapping(gold, predicted, left, right, same_type)
        for i, j in pairs:
            cause = _span_cause(gold[i], predicted[j]) if same_type else f"called {predicted[j].type}"
            errors.append(MentionError(kind, cause, gold[i], predicted[j]))
        left, right = left - {i for i, _ in pairs}, right - {j for _, j in pairs}
    for i in sorted(left):
        errors.append(MentionError(ErrorKind.MISSED, _missed_cause(gold[i], texts, found), gold[i], None))
    for j in sorted(right):
        known = (predicted[j].document, predicted[j].type, _surface(predicted[j], texts)) in wanted
        cause = "this surface is right elsewhere" if known else "this surface is never right"
        errors.append(MentionError(ErrorKind.SPURIOUS, cause, None, predicted[j]))
    return errors


def count_errors(errors: Sequence[MentionError]) -> dict[str, dict[str, dict[str, int]]]:
    """Type → kind → cause → number, the most frequent causes first."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for error in errors:
        counts.setdefault(error.type, {}).setdefault(error.kind, Counter())[error.cause] += 1
    return {
        type_: {kind: dict(causes.most_common()) for kind, causes in kinds.items()}
        for type_, kinds in sorted(counts.items())
    }


def _others(mentions: Sequence[ScoredMention], matched: Sequence[int]) -> set[int]:
    return set(range(len(mentions))) - set(matched)


def _surface(mention: ScoredMention, texts: Mapping[str, str]) -> str:
    return texts[mention.document][slice(*mention.place)].casefold() if mention.place else ""


def _overlapping(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    left: set[int],
    right: set[int],
    same_type: bool,
) -> list[tuple[int, int]]:
    """Pairs of mentions left over that share characters; between types only entities are compared."""
    by_document: dict[str, list[int]] = {}
    for j in sorted(right):
        by_document.setdefault(predicted[j].document, []).append(j)
    edges = []
    for i in sorted(left):
        place = gold[i].place
        for j in by_document.get(gold[i].document, ()) if place else ():
            other = predicted[j].place
            if place is None or other is None or (gold[i].type == predicted[j].type) != same_type:
                continue
            if not same_type and "Mechanism" in (gold[i].type, predicted[j].type):
                continue
            shared = min(place[1], other[1]) - max(place[0], other[0])
            if shared > 0:
                edges.append((i, j, shared))
    return best_pairs(edges)


def _span_cause(gold: ScoredMention, predicted: ScoredMention) -> str:
    assert gold.place is not None and predicted.place is not None
    before, after = gold.place[0] - predicted.place[0], predicted.place[1] - gold.place[1]
    if before >= 0 and after >= 0:
        return "too long"
    return "too short" if before <= 0 and after <= 0 else "shifted"


def _concept_cause(gold: ScoredMention, predicted: ScoredMention) -> str:
    if predicted.concept is None:
        return "not linked"
    if gold.concept is None:
        return "gold has no concept"
    first, second = gold.concept.casefold(), predicted.concept.casefold()
    if gold.type != "Mechanism" and (first.startswith(second) or second.startswith(first)):
        return "family and member confused" if gold.type == "Gene" else "a longer or shorter name of it"
    return "another concept"


def _missed_cause(gold: ScoredMention, texts: Mapping[str, str], found: set[tuple[str, MentionType, str]]) -> str:
    if gold.place is None:
        return "not in the text as read"
    known = (gold.document, gold.type, _surface(gold, texts)) in found
    return "this surface is found elsewhere" if known else "this surface is never found"
