"""Prefect flow: score a run folder against a gold set.

    python flows/evaluate.py RUN --gold NAME

Writes the same scores as `litmine evaluate`: both call the same library functions.
"""

import os

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

import argparse
import sys
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from litmine.errors import LitmineError
from litmine.gold.store import find_gold
from litmine.report.mining import write_report
from litmine.scoring.runs import format_scores, score_run


@task(name="score run", cache_policy=NO_CACHE)
def score(run: Path, gold: str) -> str:
    """Write the scores into the run folder and return the table that people read."""
    table = format_scores(score_run(run, find_gold(gold)))
    write_report(run)
    return table


@flow(name="evaluate")
def evaluate(run: Path, gold: str) -> str:
    """Score `run` against the gold set called `gold`."""
    return score(run, gold)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="RUN")
    parser.add_argument("--gold", required=True, metavar="NAME")
    options = parser.parse_args()
    try:
        print(evaluate(options.folder, options.gold))
    except LitmineError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
