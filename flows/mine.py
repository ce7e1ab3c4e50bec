"""Prefect flow: mine documents into a run folder, one task per document in a process pool.

    python flows/mine.py INPUT… -o RUN [--config litmine.toml]

Writes the same tables as `litmine mine`: both call the same library functions. Results of documents are kept in the
run folder, addressed by content, so a repeated run mines only what is new; Prefect's own cache is not used.
"""

import os

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

import argparse
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner

from litmine.errors import LitmineError
from litmine.runs import find_inputs, find_password, finish_run, format_summary, mine_file, mine_waiting, plan_run
from litmine.settings import Settings, read_settings
from litmine.store import Outcome


@task(name="mine document", task_run_name="mine {path}", cache_policy=NO_CACHE)
def mine_document(path: Path, run: Path, settings: Settings) -> Outcome:
    """One document through every stage; its result lies in the run folder, its outcome comes back."""
    return mine_file(path, run, settings)


def outcome_of(future: PrefectFuture[Outcome]) -> Outcome | None:
    """The outcome that a task came to; None where its process died."""
    try:
        outcome = future.result(raise_on_failure=False)
    except BrokenProcessPool:
        return None
    return outcome if isinstance(outcome, Outcome) else None


@flow(name="mine", task_runner=ProcessPoolTaskRunner(max_workers=os.cpu_count()))
def mine(inputs: list[Path], run: Path, config: Path | None = None) -> int:
    """Mine files and folders into `run`; returns the exit code of `litmine mine`."""
    settings = read_settings(config)
    if password := find_password():
        settings = settings.model_copy(update={"reading": settings.reading.model_copy(update={"password": password})})
    began = time.perf_counter()
    plan = plan_run(find_inputs(inputs), run, settings)
    futures = {path: mine_document.submit(path, run, settings) for path in plan.waiting}
    mined = [outcome for future in futures.values() if (outcome := outcome_of(future)) is not None]
    ended = {outcome.path for outcome in mined}
    # A document that takes its process down takes the pool with it, and every task that had not ended.
    mined += mine_waiting([path for path in futures if str(path) not in ended], run, settings)
    summary = finish_run(plan, mined, run, settings, began)
    print(format_summary(summary))
    return summary.exit_code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="RUN")
    parser.add_argument("--config", type=Path, metavar="FILE")
    options = parser.parse_args()
    try:
        return mine(options.inputs, options.output, options.config)
    except LitmineError as error:
        print(f"mine: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
