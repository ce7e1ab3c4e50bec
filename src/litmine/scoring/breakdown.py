"""The same figures for each document, section and mechanism class, and their mean over documents.

Owns how items are divided. Items are matched once, over everything; each has one part, so the counts of gold and
predicted items of the parts add up to those of the whole. A pair counts where both of its items are of the part.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from litmine.records import MentionType
from litmine.scoring.counts import NO_INTERVALS, Pair, Resampling, Score, make_score
from litmine.scoring.loading import Items
from litmine.scoring.mentions import ScoredMention
from litmine.scoring.triples import LEVELS, Key, ScoredTriple

MOST_INTERVALS = 100
"""Of more documents than these the single ones get no interval: it would take longer than all the rest."""
CLAIM = "drug-gene-mechanism"
Item = ScoredMention | ScoredTriple


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of one part; `of` says what the parts are: document, section or class."""

    of: str
    part: str
    measure: str
    score: Score


@dataclass(frozen=True, slots=True)
class _Matched:
    """What one measure compares, and which of it matched."""

    measure: str
    gold: Sequence[Item]
    predicted: Sequence[Item]
    pairs: Sequence[Pair]


def score_parts(
    items: Items, pairs: Mapping[str, Sequence[Pair]], resampling: Resampling = NO_INTERVALS
) -> Iterator[PartScore]:
    """Documents with intervals; sections and classes without, for most hold too little to draw from.

    `pairs` are the mentions that match, by measure ("strict", "relaxed").
    """

    def document(item: Item) -> str:
        return item.document.split("/")[0]

    def section(item: Item) -> str:
        return items.sections.get((item.document, item.paragraph), "")

    def mechanism(item: Item) -> str:
        return item.mechanism if isinstance(item, ScoredTriple) else item.concept or ""

    matched = [*_mentions(items, pairs), *_claims(items)]
    few = len({*map(document, items.gold_mentions), *map(document, items.gold_triples)}) <= MOST_INTERVALS
    by_class = [m for m in matched if m.measure == CLAIM or m.measure.startswith(MentionType.MECHANISM)]
    yield from _divided("document", matched, document, resampling if few else NO_INTERVALS)
    yield from _divided("section", matched, section, NO_INTERVALS)
    yield from _divided("class", by_class, mechanism, NO_INTERVALS)


def macro(parts: Iterable[PartScore]) -> dict[str, tuple[float, int]]:
    """Measure → mean F over the documents that have gold or predicted items of it, and how many these are."""
    values: dict[str, list[float]] = {}
    for part in parts:
        if part.of == "document":
            values.setdefault(part.measure, []).append(part.score.f)
    return {measure: (sum(found) / len(found), len(found)) for measure, found in values.items()}


def _mentions(items: Items, pairs: Mapping[str, Sequence[Pair]]) -> Iterator[_Matched]:
    for type_ in MentionType:
        golds = [i for i, m in enumerate(items.gold_mentions) if m.type is type_]
        predictions = [j for j, m in enumerate(items.mentions) if m.type is type_]
        at_gold, at_predicted = ({k: n for n, k in enumerate(side)} for side in (golds, predictions))
        for measure, found in pairs.items():
            yield _Matched(
                f"{type_} {measure}",
                [items.gold_mentions[i] for i in golds],
                [items.mentions[j] for j in predictions],
                [(at_gold[i], at_predicted[j]) for i, j in found if i in at_gold],
            )


def _claims(items: Items) -> Iterator[_Matched]:
    """Claims at document level, each where it stands first."""
    for level in LEVELS:
        gold, predicted = _firsts(items.gold_triples, level), _firsts(items.triples, level)
        position = {key: j for j, key in enumerate(predicted)}
        pairs = [(i, position[key]) for i, key in enumerate(gold) if key in position]
        yield _Matched(level, list(gold.values()), list(predicted.values()), pairs)


def _firsts(triples: Sequence[ScoredTriple], level: str) -> dict[Key, ScoredTriple]:
    firsts: dict[Key, ScoredTriple] = {}
    for triple in triples:
        first = firsts.setdefault(triple.key(level), triple)
        if triple.paragraph < first.paragraph:
            firsts[triple.key(level)] = triple
    return firsts


def _divided(
    of: str, matched: Iterable[_Matched], part_of: Callable[[Item], str], resampling: Resampling
) -> Iterator[PartScore]:
    scores: list[PartScore] = []
    for each in matched:
        golds, predictions = _indices(each.gold, part_of), _indices(each.predicted, part_of)
        pairs: dict[str, list[Pair]] = {}
        for i, j in each.pairs:
            part, at = golds[i]
            if predictions[j][0] == part:
                pairs.setdefault(part, []).append((at, predictions[j][1]))
        units = [_units(items, numbers) for items, numbers in ((each.gold, golds), (each.predicted, predictions))]
        for part in units[0].keys() | units[1].keys():
            score = make_score(units[0].get(part, []), units[1].get(part, []), pairs.get(part, []), resampling)
            scores.append(PartScore(of, part, each.measure, score))
    order = {measure: n for n, measure in enumerate(dict.fromkeys(score.measure for score in scores))}
    yield from sorted(scores, key=lambda score: (score.part, order[score.measure]))


def _indices(items: Sequence[Item], part_of: Callable[[Item], str]) -> list[tuple[str, int]]:
    """The part of each item and its number in it."""
    sizes: dict[str, int] = {}
    found: list[tuple[str, int]] = []
    for item in items:
        part = part_of(item)
        found.append((part, sizes.get(part, 0)))
        sizes[part] = found[-1][1] + 1
    return found


def _units(items: Sequence[Item], numbers: Sequence[tuple[str, int]]) -> dict[str, list[tuple[str, int]]]:
    units: dict[str, list[tuple[str, int]]] = {}
    for item, (part, _) in zip(items, numbers, strict=True):
        units.setdefault(part, []).append((item.document, item.paragraph))
    return units
