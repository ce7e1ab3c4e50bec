"""Judges sets of tuples and ranked tuples against gold, the same way for every system.

Owns thresholds chosen on texts that the judged model was not trained on, recall at a precision, and intervals of
precision, recall and differences; F and its interval are `litmine.scoring`'s.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from litmine.scoring.counts import BOOTSTRAP, Resampling, Score, Unit, make_score

Item = tuple[int, tuple[str, ...]]
"""Index of a text and ids of its entities: an exact tuple."""
Scores = Mapping[Item, float]
Interval = tuple[float, float]
Floats = npt.NDArray[np.float64]
T = TypeVar("T")

THRESHOLDS = np.round(np.arange(0.05, 0.951, 0.01), 2)
SMOOTHED = 9
"""Neighbouring thresholds whose F is averaged: the curve of a small corpus is rough, and its peak is chance."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A system's answer on all texts: its score and the intervals of precision and recall."""

    score: Score
    precision: Interval
    recall: Interval


def choose_threshold(f_at: Callable[[float], float]) -> float:
    """The threshold of the best F after smoothing; the lowest of equals."""
    values = np.array([f_at(float(t)) for t in THRESHOLDS])
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    smooth = np.convolve(padded, np.ones(SMOOTHED) / SMOOTHED, mode="valid")
    return float(THRESHOLDS[int(np.argmax(np.round(smooth, 9)))])


def at_least(scores: Mapping[T, float], threshold: float) -> set[T]:
    return {item for item, score in scores.items() if score >= threshold}


def f_of(predicted: Collection[T], gold: Collection[T]) -> float:
    """F of two sets; 0 where both are empty."""
    both = len(set(predicted) & set(gold))
    return 2 * both / (len(predicted) + len(gold)) if predicted or gold else 0.0


def recall_at_precision(scores: Scores, gold: Collection[Item], precision: float) -> float:
    """The greatest share of gold among items above a threshold of which at least `precision` are gold."""
    best = n_right = n = 0
    ranked = sorted(scores.items(), key=lambda row: -row[1])
    for place, (item, score) in enumerate(ranked):
        n, n_right = n + 1, n_right + (item in gold)
        ends_tie = place + 1 == len(ranked) or ranked[place + 1][1] < score
        if ends_tie and n_right >= precision * n:
            best = n_right
    return best / len(gold) if gold else 0.0


def judge(
    gold: Collection[Item], predicted: Collection[Item], groups: Sequence[str], resampling: Resampling = BOOTSTRAP
) -> Judged:
    """Exact tuples; what is drawn for the intervals are articles (`groups`), not tuples."""
    golds, predictions = sorted(gold), sorted(predicted)
    position = {item: j for j, item in enumerate(predictions)}
    pairs = [(i, position[item]) for i, item in enumerate(golds) if item in position]
    units: list[list[Unit]] = [[(groups[text], 0) for text, _ in each] for each in (golds, predictions)]
    draws = _draws(_counts(gold, predicted, groups), resampling)
    return Judged(
        make_score(units[0], units[1], pairs, resampling),
        _interval(_ratio(draws[:, 2], draws[:, 1]), resampling),
        _interval(_ratio(draws[:, 2], draws[:, 0]), resampling),
    )


def difference(
    gold: Collection[Item],
    ours: Collection[Item],
    theirs: Collection[Item],
    groups: Sequence[str],
    resampling: Resampling = BOOTSTRAP,
) -> tuple[float, Interval]:
    """F of ours less F of theirs, and its interval: both are judged on the same draws of articles."""
    samples = [_f(_draws(_counts(gold, each, groups), resampling)) for each in (ours, theirs)]
    return f_of(ours, gold) - f_of(theirs, gold), _interval(samples[0] - samples[1], resampling)


def _counts(gold: Collection[Item], predicted: Collection[Item], groups: Sequence[str]) -> Floats:
    """Gold, predicted and matched tuples of every article, by name."""
    place = {name: i for i, name in enumerate(sorted(set(groups)))}
    counts = np.zeros((len(place), 3))
    for column, items in enumerate((gold, predicted, set(gold) & set(predicted))):
        for text, _ in items:
            counts[place[groups[text]], column] += 1
    return counts


def _draws(counts: Floats, resampling: Resampling) -> Floats:
    rng = np.random.default_rng(resampling.seed)
    weights = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=resampling.n)
    return np.asarray(weights @ counts, dtype=np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def _f(draws: Floats) -> Floats:
    return _ratio(2 * draws[:, 2], draws[:, 0] + draws[:, 1])


def _interval(samples: Floats, resampling: Resampling) -> Interval:
    tail = (1 - resampling.level) / 2
    return float(np.quantile(samples, tail)), float(np.quantile(samples, 1 - tail))
