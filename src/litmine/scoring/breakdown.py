"""The same figures for each document, section and mechanism class, and their mean over documents.

Owns how items are divided. Every item has one part, so the counts of the parts add up to those of the whole.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from litmine.records import MentionType
from litmine.scoring.counts import NO_INTERVALS, Resampling, Score
from litmine.scoring.loading import Items
from litmine.scoring.mentions import ALL, ScoredMention, score_mentions
from litmine.scoring.triples import ScoredTriple, score_triples

Item = TypeVar("Item", ScoredMention, ScoredTriple)


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of one part; `of` says what the parts are: document, section or class."""

    of: str
    part: str
    measure: str
    score: Score


def score_parts(items: Items, resampling: Resampling = NO_INTERVALS) -> Iterator[PartScore]:
    """Documents with intervals; sections and classes without, for most hold too little to draw from."""

    def section(item: ScoredMention | ScoredTriple) -> str:
        return items.sections.get((item.document, item.paragraph), "")

    yield from _parts(items, "document", lambda item: item.document.split("/")[0], resampling)
    yield from _parts(items, "section", section, NO_INTERVALS)
    yield from _classes(items)


def macro(parts: Iterable[PartScore]) -> dict[str, tuple[float, int]]:
    """Measure → mean F over the documents that have gold or predicted items of it, and how many these are."""
    values: dict[str, list[float]] = {}
    for part in parts:
        if part.of == "document" and (part.score.n_gold or part.score.n_predicted):
            values.setdefault(part.measure, []).append(part.score.f)
    return {measure: (sum(found) / len(found), len(found)) for measure, found in values.items()}


def _parts(
    items: Items, of: str, part_of: Callable[[ScoredMention | ScoredTriple], str], resampling: Resampling
) -> Iterator[PartScore]:
    gold_mentions, mentions = _divided(items.gold_mentions, part_of), _divided(items.mentions, part_of)
    gold_triples, triples = _divided(items.gold_triples, part_of), _divided(items.triples, part_of)
    for part in sorted(gold_mentions.keys() | mentions.keys() | gold_triples.keys() | triples.keys()):
        found = score_mentions(gold_mentions.get(part, []), mentions.get(part, []), resampling)
        for measure in ("strict", "relaxed"):
            for type_, score in found[measure].items():
                if type_ != ALL and (score.n_gold or score.n_predicted):
                    yield PartScore(of, part, f"{type_} {measure}", score)
        for level, score in score_triples(gold_triples.get(part, []), triples.get(part, []), resampling).items():
            if score.n_gold or score.n_predicted:
                yield PartScore(of, part, level, score)


def _classes(items: Items) -> Iterator[PartScore]:
    wanted, given = (
        _divided([m for m in side if m.type is MentionType.MECHANISM], lambda m: m.concept or "")
        for side in (items.gold_mentions, items.mentions)
    )
    gold_triples = _divided(items.gold_triples, lambda t: t.mechanism)
    triples = _divided(items.triples, lambda t: t.mechanism)
    for name in sorted(wanted.keys() | given.keys() | gold_triples.keys() | triples.keys()):
        found = score_mentions(wanted.get(name, []), given.get(name, []), NO_INTERVALS)
        for measure in ("strict", "relaxed"):
            score = found[measure][MentionType.MECHANISM]
            if score.n_gold or score.n_predicted:
                yield PartScore("class", name, f"Mechanism {measure}", score)
        level = "drug-gene-mechanism"
        score = score_triples(gold_triples.get(name, []), triples.get(name, []), NO_INTERVALS)[level]
        if score.n_gold or score.n_predicted:
            yield PartScore("class", name, level, score)


def _divided(items: Sequence[Item], part_of: Callable[[Item], str]) -> dict[str, list[Item]]:
    parts: dict[str, list[Item]] = {}
    for item in items:
        parts.setdefault(part_of(item), []).append(item)
    return parts
