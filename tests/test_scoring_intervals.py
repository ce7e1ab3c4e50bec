"""Intervals of F are those that SciPy's BCa bootstrap gives for the same paragraphs."""

import numpy as np
import pytest
from scipy import stats

from litmine.scoring.counts import Resampling, f_interval

N_RESAMPLES = 40_000
CLOSE = 0.006
"""Two bootstraps of this many samples differ by chance by less; far out in the tails they differ by more."""

CASES = {
    "one paragraph of nine bad": [
        (91, 103, 89), (83, 87, 79), (71, 82, 67), (107, 95, 94), (97, 98, 83), (59, 61, 53), (88, 79, 71),
        (76, 73, 70), (127, 31, 2),
    ],
    "mostly missed": [
        (53, 11, 7), (61, 5, 1), (43, 17, 3), (47, 33, 29), (31, 3, 0), (57, 29, 13), (71, 14, 11), (29, 2, 1),
        (67, 19, 17), (41, 23, 5),
    ],
    "mostly spurious": [
        (13, 97, 11), (4, 43, 2), (23, 86, 19), (14, 61, 9), (37, 39, 31), (7, 59, 3), (19, 29, 6), (22, 94, 21),
        (3, 67, 1), (11, 31, 8),
    ],
    "few values that tie": [(1, 1, 1), (1, 1, 0), (1, 1, 1), (1, 1, 1), (1, 1, 0), (1, 1, 1), (1, 1, 1)],
    "many paragraphs": [(k % 7 + 1, k % 5 + 1, min(k % 7 + 1, k % 5 + 1) * (k % 3 > 0)) for k in range(60)],
}  # fmt: skip


def _items(counts: list[tuple[int, int, int]]) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    """Gold, predicted and matched items whose counts per paragraph are `counts`."""
    gold: list[str] = []
    predicted: list[str] = []
    pairs: list[tuple[int, int]] = []
    for paragraph, (n_gold, n_predicted, n_matched) in enumerate(counts):
        pairs += ((len(gold) + k, len(predicted) + k) for k in range(n_matched))
        gold += [f"p{paragraph}"] * n_gold
        predicted += [f"p{paragraph}"] * n_predicted
    return gold, predicted, pairs


def _scipy_interval(counts: list[tuple[int, int, int]], level: float) -> tuple[float, float]:
    columns = tuple(np.array(counts, dtype=float).T)

    def f(gold: np.ndarray, predicted: np.ndarray, matched: np.ndarray, axis: int) -> np.ndarray:
        return 2 * matched.sum(axis=axis) / (gold.sum(axis=axis) + predicted.sum(axis=axis))

    interval = stats.bootstrap(
        columns, f, n_resamples=N_RESAMPLES, paired=True, confidence_level=level, method="BCa", vectorized=True,
        rng=np.random.default_rng(5) ,
    ).confidence_interval  # fmt: skip
    return interval.low, interval.high


@pytest.mark.parametrize("level", [0.8, 0.5])
@pytest.mark.parametrize("counts", CASES.values(), ids=CASES.keys())
def test_the_interval_is_scipys_bca_interval(counts: list[tuple[int, int, int]], level: float) -> None:
    ours = f_interval(*_items(counts), Resampling(n=N_RESAMPLES, level=level))
    assert ours == pytest.approx(_scipy_interval(counts, level), abs=CLOSE)


def test_the_correction_is_at_work() -> None:
    """Where F is skewed the interval is not that of plain percentiles, else the oracle would say little."""
    counts = CASES["one paragraph of nine bad"]
    table = np.array(counts, dtype=float)
    draws = np.random.default_rng(1).integers(len(table), size=(N_RESAMPLES, len(table)))
    sums = table[draws].sum(axis=1)
    low, high = np.quantile(2 * sums[:, 2] / (sums[:, 0] + sums[:, 1]), [0.025, 0.975])
    ours = f_interval(*_items(counts), Resampling(n=N_RESAMPLES))
    assert ours is not None
    assert max(abs(ours[0] - low), abs(ours[1] - high)) > 3 * CLOSE
