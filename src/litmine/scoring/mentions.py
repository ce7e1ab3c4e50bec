"""Scores of mentions: strict and relaxed, with and without concept, for each type.

Owns what makes two mentions match. A pure function of its arguments; the order of the mentions makes no difference.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from litmine.records import MentionType
from litmine.scoring.counts import BOOTSTRAP, Pair, Resampling, Score, make_score
from litmine.scoring.matching import Edge, best_pairs

ALL = "all"
"""The row over all types (micro average)."""


@dataclass(frozen=True, slots=True)
class ScoredMention:
    """A gold or predicted mention. `place` is None for gold that was not found in the reading: it counts as missed."""

    document: str
    paragraph: int
    place: tuple[int, int] | None
    type: MentionType
    concept: str | None


@dataclass(frozen=True, slots=True)
class _Measure:
    """Two mentions of one document and type match if their places do, and, where asked for, their concepts."""

    exact: bool
    concept: bool


MEASURES = {
    "strict": _Measure(exact=True, concept=False),
    "relaxed": _Measure(exact=False, concept=False),
    "strict+concept": _Measure(exact=True, concept=True),
    "relaxed+concept": _Measure(exact=False, concept=True),
}
"""Strict: the same span. Relaxed: at least one character shared."""


def score_mentions(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    resampling: Resampling = BOOTSTRAP,
) -> dict[str, dict[str, Score]]:
    """Measure → type or `ALL` → score. Each mention is matched once at most, and as many are matched as can be."""
    return {name: _by_type(gold, predicted, match_mentions(gold, predicted, name), resampling) for name in MEASURES}


def match_mentions(gold: Sequence[ScoredMention], predicted: Sequence[ScoredMention], measure: str) -> list[Pair]:
    """The pairs that `score_mentions` counts; among matchings of equal number that of the longest overlaps."""
    wanted = MEASURES[measure]

    def group(mention: ScoredMention) -> tuple[object, ...]:
        place = mention.place if wanted.exact else None
        return (mention.document, mention.type, place, mention.concept if wanted.concept else None)

    golds, predictions = _grouped(gold, group), _grouped(predicted, group)
    if wanted.concept:
        golds = {key: members for key, members in golds.items() if key[3] is not None}
    edges: list[Edge] = []
    for key in golds.keys() & predictions.keys():
        if wanted.exact:
            edges += ((i, j, 0) for i in golds[key] for j in predictions[key])
        else:
            edges += _overlaps(gold, predicted, golds[key], predictions[key])
    return best_pairs(edges)


def _grouped(
    mentions: Sequence[ScoredMention], group: Callable[[ScoredMention], tuple[object, ...]]
) -> dict[tuple[object, ...], list[int]]:
    groups: dict[tuple[object, ...], list[int]] = {}
    for i, mention in enumerate(mentions):
        if mention.place is not None:
            groups.setdefault(group(mention), []).append(i)
    return groups


def _overlaps(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    golds: Sequence[int],
    predictions: Sequence[int],
) -> Iterator[Edge]:
    """Every overlapping pair with the characters shared, found in one sweep from left to right."""
    spans = [(gold[i].place, 0, i) for i in golds] + [(predicted[j].place, 1, j) for j in predictions]
    placed = sorted((place, side, k) for place, side, k in spans if place is not None)
    opened: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for (start, end), side, k in placed:
        other = opened[1 - side]
        other[:] = [(k2, end2) for k2, end2 in other if end2 > start]
        for k2, end2 in other:
            n_chars = min(end, end2) - start
            if n_chars > 0:
                yield (k, k2, n_chars) if side == 0 else (k2, k, n_chars)
        opened[side].append((k, end))


def _by_type(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    pairs: Sequence[Pair],
    resampling: Resampling,
) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for name in (*MentionType, ALL):
        at_gold = {i: n for n, i in enumerate(_indices(gold, name))}
        at_predicted = {j: n for n, j in enumerate(_indices(predicted, name))}
        scores[str(name)] = make_score(
            [(gold[i].document, gold[i].paragraph) for i in at_gold],
            [(predicted[j].document, predicted[j].paragraph) for j in at_predicted],
            [(at_gold[i], at_predicted[j]) for i, j in pairs if i in at_gold],
            resampling,
        )
    return scores


def _indices(mentions: Sequence[ScoredMention], name: str) -> list[int]:
    return [i for i, mention in enumerate(mentions) if name in (ALL, mention.type)]
