"""Prefect flow: score a run folder against a gold set.

    python flows/evaluate.py RUN --gold NAME [--fail-under triple.f=0.6]

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
from litmine.report.evaluation import write_evaluation
from litmine.report.mining import write_report
from litmine.scoring.gate import check_gates, read_gates
from litmine.scoring.runs import format_scores, score_run


@task(name="score run", cache_policy=NO_CACHE)
def score(run: Path, gold: str, fail_under: tuple[str, ...]) -> tuple[str, list[str]]:
    """Write scores and reports into the run folder; the table that people read, and the gates that are not reached."""
    gates = read_gates(fail_under)
    scores = score_run(run, find_gold(gold))
    write_report(run)
    write_evaluation(run)
    return format_scores(scores), check_gates(scores, gates)


@flow(name="evaluate")
def evaluate(run: Path, gold: str, fail_under: tuple[str, ...] = ()) -> int:
    """Score `run` against the gold set called `gold`; returns the exit code of `litmine evaluate`."""
    table, missed = score(run, gold, fail_under)
    print(table)
    for sentence in missed:
        print(f"evaluate: {sentence}.", file=sys.stderr)
    return int(bool(missed))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="RUN")
    parser.add_argument("--gold", required=True, metavar="NAME")
    parser.add_argument("--fail-under", action="append", default=[], metavar="NAME=NUMBER")
    options = parser.parse_args()
    try:
        return evaluate(options.folder, options.gold, tuple(options.fail_under))
    except LitmineError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
