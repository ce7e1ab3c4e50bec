"""What the score of a claim is worth: precision and recall at every threshold, and calibration.

Owns the curves; which claims there are is for the caller. Claims are told by their keys, each with its best score.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby

from litmine.scoring.triples import Key

N_BINS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """Precision and recall of the claims that score at least `threshold`."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The `n` claims that score at least `low` and less than `high` (the last bin holds 1.0 too)."""

    low: float
    high: float
    n: int
    mean_score: float
    share_right: float


def precision_recall(scores: Mapping[Key, float], gold: Collection[Key]) -> list[Point]:
    """One point for each score that occurs, from the highest down; claims of equal score come in together."""
    wanted = set(gold)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    points: list[Point] = []
    n_given = n_right = 0
    for score, group in groupby(ranked, key=lambda item: item[1]):
        keys = [key for key, _ in group]
        n_given += len(keys)
        n_right += sum(key in wanted for key in keys)
        points.append(Point(score, n_right / n_given, n_right / len(wanted) if wanted else 0.0))
    return points


def average_precision(points: Collection[Point]) -> float:
    """The area below the curve of steps, up to the recall it reaches."""
    area = before = 0.0
    for point in points:
        area += point.precision * (point.recall - before)
        before = point.recall
    return area


def calibration(scores: Mapping[Key, float], gold: Collection[Key], n_bins: int = N_BINS) -> list[Bin]:
    """Bins of equal width that hold a claim, ascending."""
    wanted = set(gold)
    members: dict[int, list[tuple[float, bool]]] = {}
    for key, score in scores.items():
        members.setdefault(min(int(score * n_bins), n_bins - 1), []).append((score, key in wanted))
    return [
        Bin(
            low=number / n_bins,
            high=(number + 1) / n_bins,
            n=len(found),
            mean_score=sum(score for score, _ in found) / len(found),
            share_right=sum(right for _, right in found) / len(found),
        )
        for number, found in sorted(members.items())
    ]


def expected_calibration_error(bins: Collection[Bin]) -> float:
    """How far scores are off the share that is right, over all claims (Naeini et al. 2015)."""
    n = sum(each.n for each in bins)
    return sum(each.n * abs(each.mean_score - each.share_right) for each in bins) / n if n else 0.0
