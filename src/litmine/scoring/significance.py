"""Is the difference of two runs more than chance? Paired approximate randomisation over paragraphs.

After Noreen (1989) and Yeh (2000): were the runs equally good, then which of them gave the output of a paragraph would
make no difference, so outputs are exchanged paragraph by paragraph at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from litmine.scoring.counts import Unit, f_of_counts

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
    observed = abs(float(f_of_counts(total_b) - f_of_counts(total_a)))
    rng = np.random.default_rng(seed)
    n_as_great = 0
    for start in range(0, n, _AT_ONCE):
        swapped = rng.integers(0, 2, size=(min(_AT_ONCE, n - start), len(gap)))
        moved = swapped @ gap
        n_as_great += int(
            np.sum(np.abs(f_of_counts(total_b - moved) - f_of_counts(total_a + moved)) >= observed - 1e-12)
        )
    return Difference(float(f_of_counts(total_a)), float(f_of_counts(total_b)), (1 + n_as_great) / (1 + n))
