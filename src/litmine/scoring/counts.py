"""Precision, recall and F from counts, with bootstrap intervals.

Owns the arithmetic of a score. What counts as a match is for `litmine.scoring.mentions` and `litmine.scoring.triples`.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Unit = Hashable
"""What the bootstrap draws: a paragraph of a document."""
Pair = tuple[int, int]
"""Index of a gold item and of the predicted item matched with it."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: `n` bootstrap samples of paragraphs, drawn with `seed`; none where `n` is 0."""

    n: int = 1000
    seed: int = 20221020
    level: float = 0.95


BOOTSTRAP = Resampling()
NO_INTERVALS = Resampling(n=0)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of items and the interval of F, None where none was asked for or nothing was counted.

    `n_matched` is whole but where halves count. Precision, recall and F are 0 where they are undefined.
    """

    n_gold: int
    n_predicted: int
    n_matched: float
    interval: tuple[float, float] | None = None

    @property
    def precision(self) -> float:
        return self.n_matched / self.n_predicted if self.n_predicted else 0.0

    @property
    def recall(self) -> float:
        return self.n_matched / self.n_gold if self.n_gold else 0.0

    @property
    def f(self) -> float:
        n_items = self.n_gold + self.n_predicted
        return 2 * self.n_matched / n_items if n_items else 0.0


def make_score(gold: Sequence[Unit], predicted: Sequence[Unit], pairs: Sequence[Pair], resampling: Resampling) -> Score:
    """The score of gold and predicted items, each given by its unit, of which `pairs` were matched one to one."""
    return Score(len(gold), len(predicted), len(pairs), f_interval(gold, predicted, pairs, resampling))


def f_interval(
    gold: Sequence[Unit], predicted: Sequence[Unit], pairs: Sequence[Pair], resampling: Resampling
) -> tuple[float, float] | None:
    """Bias-corrected accelerated (BCa) interval of F over units (Efron 1987); the same for any order of the items.

    A matched predicted item is drawn together with its gold item.
    """
    if not resampling.n or not (gold or predicted):
        return None
    import numpy as np

    counts = list(count_units(gold, predicted, pairs).values())
    # Units of equal counts are interchangeable, so it is enough to draw how many of each kind are in a sample.
    kinds = sorted(Counter(counts).items())
    table = np.array([kind for kind, _ in kinds], dtype=float)
    frequency = np.array([n for _, n in kinds])
    draws = np.random.default_rng(resampling.seed).multinomial(len(counts), frequency / len(counts), size=resampling.n)
    total = frequency @ table
    return _bca(
        estimate=float(f_of_counts(total)),
        samples=np.sort(f_of_counts(draws @ table)),
        left_out=f_of_counts(total - table),
        frequency=frequency,
        level=resampling.level,
    )


def count_units(
    gold: Sequence[Unit], predicted: Sequence[Unit], pairs: Sequence[Pair]
) -> dict[Unit, tuple[int, int, int]]:
    """Unit → gold, predicted and matched items; a matched predicted item belongs to the unit of its gold item."""
    drawn_with = list(predicted)
    for i, j in pairs:
        drawn_with[j] = gold[i]
    n_gold, n_predicted, n_matched = Counter(gold), Counter(drawn_with), Counter(gold[i] for i, _ in pairs)
    return {unit: (n_gold[unit], n_predicted[unit], n_matched[unit]) for unit in n_gold.keys() | n_predicted.keys()}


def f_of_counts(counts: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
    """F along the last axis, which holds gold, predicted and matched counts; 0 where nothing was counted."""
    import numpy as np

    n_items = counts[..., 0] + counts[..., 1]
    return np.where(n_items > 0, 2 * counts[..., 2] / np.maximum(n_items, 1), 0.0)


def _bca(
    estimate: float,
    samples: "npt.NDArray[np.float64]",
    left_out: "npt.NDArray[np.float64]",
    frequency: "npt.NDArray[np.int64]",
    level: float,
) -> tuple[float, float]:
    """`left_out` are the estimates without one unit of each kind (the jackknife), `frequency` the units of the kind."""
    import numpy as np

    if samples[0] == samples[-1]:
        return float(samples[0]), float(samples[-1])
    normal = NormalDist()
    below = (np.sum(samples < estimate) + np.sum(samples <= estimate)) / (2 * len(samples))
    bias = normal.inv_cdf(float(np.clip(below, 1 / (2 * len(samples)), 1 - 1 / (2 * len(samples)))))
    deviation = np.average(left_out, weights=frequency) - left_out
    spread = float(np.sum(frequency * deviation**2)) ** 1.5
    acceleration = float(np.sum(frequency * deviation**3)) / (6 * spread) if spread else 0.0

    def quantile(share: float) -> float:
        z = bias + normal.inv_cdf(share)
        return float(np.quantile(samples, normal.cdf(bias + z / (1 - acceleration * z))))

    return quantile((1 - level) / 2), quantile((1 + level) / 2)
