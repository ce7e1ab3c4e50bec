"""Scores a mining run against gold and writes what was found beside its tables.

Owns which figures an evaluation has. What is compared with what is for `litmine.scoring.loading`, the shape of the
files for `litmine.scoring.tables`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from litmine.gold.store import read_gold, read_gold_set
from litmine.records import MentionType
from litmine.scoring.agreement import score_agreement
from litmine.scoring.breakdown import PartScore, score_parts
from litmine.scoring.counts import BOOTSTRAP, NO_INTERVALS, Pair, Resampling, Score
from litmine.scoring.curves import Bin, Point, calibration, precision_recall
from litmine.scoring.errors import MentionError, find_errors
from litmine.scoring.loading import DocumentCounts, Items, load_items
from litmine.scoring.losses import Loss, find_losses
from litmine.scoring.mentions import match_mentions, score_mentions, score_modes
from litmine.scoring.tables import format_scores, write_losses, write_scores
from litmine.scoring.triples import (
    Accuracy,
    Key,
    score_attributes,
    score_triples,
    score_triples_by_evidence,
)

__all__ = ["DocumentCounts", "Scores", "format_scores", "score_items", "score_run"]

ANNOTATORS = ("annotator-A", "annotator-B")
"""The layers whose agreement is the ceiling, where a gold document has them."""
LEAST_SCORE = 0.05
"""Claims that score less are not in the calibration: there are thousands, and nobody would take them for claims."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How well two annotators of a gold document agree: F of a measure."""

    gold: str
    measure: str
    f: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything an evaluation found. Triples are at document level, `triples_by_evidence` at evidence level.

    `confusion` counts mechanisms by (gold class, given class) where spans overlap, None for what was not found or is
    not in the gold. `curve` and `bins` are over the candidates of the run, claims without a role. `losses` are None
    for a run that kept no candidates.
    """

    documents: tuple[DocumentCounts, ...]
    mentions: Mapping[str, Mapping[str, Score]]
    modes: Mapping[str, Score]
    triples: Mapping[str, Score]
    triples_by_evidence: Mapping[str, Score]
    attributes: Mapping[str, Accuracy]
    parts: tuple[PartScore, ...] = ()
    confusion: Mapping[tuple[str | None, str | None], int] = field(default_factory=dict)
    curve: tuple[Point, ...] = ()
    bins: tuple[Bin, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    losses: tuple[Loss, ...] | None = None
    mention_errors: tuple[MentionError, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Text of each document that the errors name."""


def score_run(run_folder: Path, gold_folder: Path, resampling: Resampling = BOOTSTRAP) -> Scores:
    """Score a finished run; afterwards `scores.json`, `scores.csv` and `losses.parquet` lie in its folder.

    `gold_folder` holds one gold document or several in subfolders. A gold document of which the run holds two readings
    is scored for each. Raises GoldError where the gold is not valid, StoreError where the run is not finished.
    """
    items = load_items(run_folder, gold_folder)
    scores = score_items(items, tuple(_ceilings(gold_folder)), resampling)
    write_scores(scores, run_folder)
    write_losses(scores.losses or (), items, run_folder)
    return scores


def score_items(items: Items, ceilings: tuple[Ceiling, ...] = (), resampling: Resampling = BOOTSTRAP) -> Scores:
    """Every figure of `Scores` from what a run gave and what the gold wants; writes nothing."""
    claimed = {triple.key("drug-gene-mechanism") for triple in items.gold_triples}
    scored = dict(_candidate_scores(items))
    curve = precision_recall(scored, claimed)
    pairs = {m: match_mentions(items.gold_mentions, items.mentions, m) for m in ("strict", "relaxed")}
    return Scores(
        documents=tuple(items.counts),
        mentions=score_mentions(items.gold_mentions, items.mentions, resampling),
        modes=score_modes(items.gold_mentions, items.mentions, resampling),
        triples=score_triples(items.gold_triples, items.triples, resampling),
        triples_by_evidence=score_triples_by_evidence(items.gold_triples, items.triples, resampling),
        attributes=score_attributes(items.gold_triples, items.triples),
        parts=tuple(score_parts(items, pairs, resampling)),
        confusion=_confusion(items, pairs["relaxed"]),
        curve=tuple(curve),
        bins=tuple(calibration({k: s for k, s in scored.items() if s >= LEAST_SCORE}, claimed)),
        ceilings=ceilings,
        losses=_losses(items, pairs["relaxed"]),
        mention_errors=tuple(find_errors(items.gold_mentions, items.mentions, items.texts)),
        texts=items.texts,
    )


def _losses(items: Items, overlapping: Sequence[Pair]) -> tuple[Loss, ...] | None:
    if not items.candidates and items.triples:
        return None
    return tuple(
        find_losses(
            items.gold_triples,
            items.triples,
            items.gold_mentions,
            items.mentions,
            items.candidates,
            items.readings.keys(),
            overlapping,
        )
    )


def _candidate_scores(items: Items) -> Iterator[tuple[Key, float]]:
    """Each claim that the run considered, with the best score of its candidates."""
    ranked = sorted((c for c in items.candidates if c.mechanism is not None), key=lambda c: c.score)
    for candidate in ranked:  # later ones overwrite
        yield (candidate.document, candidate.drug, candidate.gene, str(candidate.mechanism)), candidate.score


def _confusion(items: Items, overlapping: Sequence[Pair]) -> dict[tuple[str | None, str | None], int]:
    pairs = [(i, j) for i, j in overlapping if items.gold_mentions[i].type is MentionType.MECHANISM]
    found, right = {i for i, _ in pairs}, {j for _, j in pairs}
    counts: Counter[tuple[str | None, str | None]] = Counter(
        (items.gold_mentions[i].concept, items.mentions[j].concept) for i, j in pairs
    )
    for sides, taken, gold in ((items.gold_mentions, found, True), (items.mentions, right, False)):
        for k, mention in enumerate(sides):
            if mention.type is MentionType.MECHANISM and k not in taken:
                counts[(mention.concept, None) if gold else (None, mention.concept)] += 1
    return dict(counts.most_common())


def _ceilings(gold_folder: Path) -> Iterator[Ceiling]:
    for gold in read_gold_set(gold_folder):
        folder = gold_folder if (gold_folder / "document.json").exists() else gold_folder / gold.id
        if not all((folder / f"{layer}.mentions.jsonl").exists() for layer in ANNOTATORS):
            continue
        first, second = (read_gold(folder, layer) for layer in ANNOTATORS)
        agreement = score_agreement(first, second, NO_INTERVALS)
        for measure, rows in agreement.mentions.items():
            for type_, score in rows.items():
                yield Ceiling(gold.id, f"{type_} {measure}", score.f)
        for level, score in agreement.triples.items():
            yield Ceiling(gold.id, level, score.f)
