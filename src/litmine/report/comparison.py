"""The report of a comparison of two runs."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from litmine.comparison import MEANINGS, Comparison, ScoreDifference
from litmine.report.pages import write_page


def write_comparison(comparison: Comparison, differences: Sequence[ScoreDifference], target: Path) -> Path:
    """Write the comparison as one page to `target`."""
    return write_page(
        "comparison.html.j2",
        target,
        comparison=comparison,
        differences=differences,
        kinds=Counter(change.kind for change in comparison.changes),
        causes=Counter(change.cause for change in comparison.changes),
        meanings=MEANINGS,
    )
