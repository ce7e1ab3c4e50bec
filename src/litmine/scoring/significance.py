"""Is the difference of two runs more than chance? Paired approximate randomisation over paragraphs.

After Noreen (1989) and Yeh (2000): were the runs equally good, then which of them gave the output of a paragraph would
make no difference, so outputs are exchanged paragraph by paragraph at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmine.scoring.counts import Unit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Counts = Mapping[Unit, tuple[int, int, int]]
"""Unit → gold, predicted and matched items (`litmine.scoring.counts.count_units`)."""
N_SHUFFLES = 9999
SEED = 20221020
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """F of both runs, and how often chance alone makes as great a difference (two-sided)."""

    f_before: float
    f_after: float
    p: float


def compare_counts(before: Counts, after: Counts, n: int = N_SHUFFLES, seed: int = SEED) -> Difference:
    """Compare two runs held against the same gold; a unit that one of them lacks has no items there."""
    import numpy as np

    units = sorted(before.keys() | after.keys(), key=repr)
    a, b = (np.array([side.get(unit, (0, 0, 0)) for unit in units], float).reshape(-1, 3) for side in (before, after))
    differs = (a != b).any(axis=1)
    gap = (b - a)[differs]
    total_a, total_b = a.sum(axis=0), b.sum(axis=0)
    observed = abs(float(_f(total_b) - _f(total_a)))
    rng = np.random.default_rng(seed)
    n_as_great = 0
    for start in range(0, n, _AT_ONCE):
        swapped = rng.integers(0, 2, size=(min(_AT_ONCE, n - start), len(gap)))
        moved = swapped @ gap
        n_as_great += int(np.sum(np.abs(_f(total_b - moved) - _f(total_a + moved)) >= observed - 1e-12))
    return Difference(float(_f(total_a)), float(_f(total_b)), (1 + n_as_great) / (1 + n))


def _f(counts: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
    import numpy as np

    n_items = counts[..., 0] + counts[..., 1]
    return np.where(n_items > 0, 2 * counts[..., 2] / np.maximum(n_items, 1), 0.0)
