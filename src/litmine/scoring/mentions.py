"""Scores of mentions: strict and relaxed, with and without concept, for each type.

Owns what makes two mentions match. A pure function of its arguments; the order of the mentions makes no difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from litmine.records import MentionType
from litmine.scoring.counts import BOOTSTRAP, Pair, Resampling, Score, Unit, make_score
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
    """Two mentions of one document match if their places do and, where asked for, their types and concepts.

    Without types an entity still matches no mechanism: the layers overlap by intent.
    """

    exact: bool
    concept: bool
    typed: bool = True


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
    golds, predictions = _indices_by_type(gold), _indices_by_type(predicted)
    numbers: dict[tuple[str, int], int] = {}  # of paragraphs: counted faster than their names
    units = [[numbers.setdefault((m.document, m.paragraph), len(numbers)) for m in side] for side in (gold, predicted)]
    documents = _by_document(gold), _by_document(predicted)
    scores: dict[str, dict[str, Score]] = {}
    for measure, wanted in MEASURES.items():
        pairs = list(_iter_matches(gold, predicted, *documents, wanted))
        scores[measure] = {
            name: _score_of(units[0], units[1], golds[name], predictions[name], pairs, resampling)
            for name in (*map(str, MentionType), ALL)
        }
    return scores


def score_modes(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    resampling: Resampling = BOOTSTRAP,
) -> dict[str, Score]:
    """The modes of SemEval 2013 task 9, over all types (Segura-Bedmar et al. 2013).

    "boundary": the same span, of whatever entity type. "partial": as that, and spans that overlap count for half.
    "type": spans that overlap, of the same type. Strict is among `score_mentions`, as is type ("relaxed").
    """
    golds, predictions = ([(m.document, m.paragraph) for m in side] for side in (gold, predicted))
    documents = _by_document(gold), _by_document(predicted)
    same = list(_iter_matches(gold, predicted, *documents, _Measure(exact=True, concept=False, typed=False)))
    taken = {i for i, _ in same}, {j for _, j in same}
    golds_left, predictions_left = (
        {name: [i for i in indices if i not in used] for name, indices in side.items()}
        for side, used in zip(documents, taken, strict=True)
    )
    any_type = _Measure(exact=False, concept=False, typed=False)
    overlapping = list(_iter_matches(gold, predicted, golds_left, predictions_left, any_type))
    n_gold, n_predicted = len(gold), len(predicted)
    # Every item twice, so that half a match is one pair.
    halves = [*same, *overlapping, *((i + n_gold, j + n_predicted) for i, j in same)]
    partial = make_score(golds * 2, predictions * 2, halves, resampling)
    typed = list(_iter_matches(gold, predicted, *documents, MEASURES["relaxed"]))
    return {
        "boundary": make_score(golds, predictions, same, resampling),
        "partial": Score(n_gold, n_predicted, partial.n_matched / 2, partial.interval),
        "type": make_score(golds, predictions, typed, resampling),
    }


def match_mentions(gold: Sequence[ScoredMention], predicted: Sequence[ScoredMention], measure: str) -> list[Pair]:
    """The pairs that `score_mentions` counts; among matchings of equal number that of the longest overlaps."""
    return sorted(_iter_matches(gold, predicted, _by_document(gold), _by_document(predicted), MEASURES[measure]))


def _iter_matches(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    golds: Mapping[str, Sequence[int]],
    predictions: Mapping[str, Sequence[int]],
    wanted: _Measure,
) -> Iterator[Pair]:
    for document in golds.keys() & predictions.keys():
        yield from _match_document(gold, predicted, golds[document], predictions[document], wanted)


def _by_document(mentions: Sequence[ScoredMention]) -> dict[str, list[int]]:
    indices: dict[str, list[int]] = {}
    for i, mention in enumerate(mentions):
        if mention.place is not None:
            indices.setdefault(mention.document, []).append(i)
    return indices


def _match_document(
    gold: Sequence[ScoredMention],
    predicted: Sequence[ScoredMention],
    golds: Sequence[int],
    predictions: Sequence[int],
    wanted: _Measure,
) -> Iterable[Pair]:
    def grouped(mentions: Sequence[ScoredMention], indices: Sequence[int]) -> dict[tuple[object, ...], list[int]]:
        groups: dict[tuple[object, ...], list[int]] = {}
        for i in indices:
            mention = mentions[i]
            place = mention.place if wanted.exact else None
            kind: object = mention.type if wanted.typed else mention.type is MentionType.MECHANISM
            groups.setdefault((kind, place, mention.concept if wanted.concept else None), []).append(i)
        return groups

    left, right = grouped(gold, golds), grouped(predicted, predictions)
    both = [key for key in left.keys() & right.keys() if not wanted.concept or key[2] is not None]
    if wanted.exact:  # within a group any gold matches any predicted mention
        return [pair for key in both for pair in zip(left[key], right[key], strict=False)]
    edges: list[Edge] = []
    for key in both:
        edges += _overlaps(gold, predicted, left[key], right[key])
    return best_pairs(edges)


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


def _score_of(
    gold: Sequence[Unit],
    predicted: Sequence[Unit],
    golds: Sequence[int],
    predictions: Sequence[int],
    pairs: Sequence[Pair],
    resampling: Resampling,
) -> Score:
    """The score of the mentions of one type, given by their indices; matched mentions are of one type."""
    if len(golds) == len(gold) and len(predictions) == len(predicted):
        return make_score(gold, predicted, pairs, resampling)
    at_gold = {i: n for n, i in enumerate(golds)}
    at_predicted = {j: n for n, j in enumerate(predictions)}
    return make_score(
        [gold[i] for i in golds],
        [predicted[j] for j in predictions],
        [(at_gold[i], at_predicted[j]) for i, j in pairs if i in at_gold],
        resampling,
    )


def _indices_by_type(mentions: Sequence[ScoredMention]) -> dict[str, list[int]]:
    indices: dict[str, list[int]] = {str(name): [] for name in MentionType}
    for i, mention in enumerate(mentions):
        indices[mention.type].append(i)
    return {**indices, ALL: list(range(len(mentions)))}
