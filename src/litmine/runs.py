"""A mining run: which files, in which processes, and the folder that comes of it.

Owns input discovery and the process pool. The command line and the Prefect flows call the same functions.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.errors import LitmineError
from litmine.pipeline import STAGES, Pipeline, file_sha256, fingerprint, versions
from litmine.records import Failure
from litmine.settings import Settings
from litmine.store import Outcome, assemble_run, find_outcome, result_key, write_result
from litmine.tables import DONE, FAILED, DocumentResult

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

DOCUMENT_SUFFIXES = frozenset(
    {".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".epub", ".djvu", ".ps", ".xps", ".tif", ".tiff"}
)
"""What is taken from a folder. Those that litmine cannot read end as failures, so that nobody misses them."""

Event = tuple[str, str]
"""(path, stage) as a stage begins, (path, ENDED) when a document has ended, well or not."""

ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a run, each once, in the order given; and how many files of the folders were no documents."""

    files: tuple[Path, ...]
    n_passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, for people."""

    run: Path
    outcomes: tuple[Outcome, ...]
    seconds: float
    n_passed_over: int = 0

    @property
    def n_failed(self) -> int:
        return sum(outcome.status == FAILED for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """1 where every document failed, else 0."""
        return int(self.n_failed == len(self.outcomes))

    @property
    def n_pages(self) -> int:
        return sum(outcome.n_pages for outcome in self.outcomes)


def format_summary(summary: Summary) -> str:
    """The lines that end a run: what it held, what it gave, what failed and why, and where the report is."""
    outcomes = summary.outcomes
    n_reused = sum(outcome.reused for outcome in outcomes)
    reused = f" ({n_reused} unchanged since the last run)" if n_reused else ""
    lines = [
        f"documents  {len(outcomes)}{reused}",
        f"pages      {summary.n_pages} in {summary.seconds:.1f} s ({summary.n_pages / summary.seconds:.1f} pages/s)",
        f"mentions   {sum(outcome.n_mentions for outcome in outcomes)}",
        f"triples    {sum(outcome.n_triples for outcome in outcomes)}",
        f"failures   {sum(outcome.status != DONE for outcome in outcomes)}",
        *(f"  {outcome.path}: {outcome.detail}" for outcome in outcomes if outcome.detail),
    ]
    if summary.n_passed_over:
        lines.append(f"not mined  {summary.n_passed_over} files of the folders that are no documents")
    return "\n".join([*lines, f"report     {summary.run / 'report.html'}"])


def find_inputs(paths: Iterable[Path]) -> Inputs:
    """Files as they are given, folders searched with their subfolders for documents (hidden files left out).

    A path that does not exist is kept: it ends as a failure that says so. Raises LitmineError where nothing is found.
    """
    files: dict[Path, None] = {}
    passed_over = 0
    for path in paths:
        if not path.is_dir():
            files[path] = None
            continue
        for file in sorted(path.rglob("*")):
            if not file.is_file() or any(part.startswith(".") for part in file.relative_to(path).parts):
                continue
            if file.suffix.lower() in DOCUMENT_SUFFIXES:
                files[file] = None
            else:
                passed_over += 1
    if not files:
        raise LitmineError("There is no document in the folders given: litmine looks for PDF files there.")
    return Inputs(tuple(files), passed_over)


_pipelines: dict[str, Pipeline] = {}


def mine_file(
    path: Path, run: Path, settings: Settings, progress: Callable[[str], None] = lambda stage: None
) -> Outcome:
    """Mine one file and store its result, or find the stored result that still holds.

    The stages are loaded once in a process. Never raises for a bad file.
    """
    settings_id = fingerprint(settings)
    stored = find_outcome(run, result_key(file_sha256(path)[:16], settings_id), path)
    if stored is not None:
        return stored
    if settings_id not in _pipelines:
        _pipelines[settings_id] = Pipeline(settings)
    return write_result(run, _pipelines[settings_id].mine(path, progress), settings_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do: `waiting` must be mined, `reused` still hold. Files of equal content are mined once."""

    inputs: Inputs
    copies: Mapping[str, tuple[Path, ...]]
    reused: tuple[Outcome, ...]
    waiting: tuple[Path, ...]


def plan_run(inputs: Inputs, run: Path, settings: Settings) -> Plan:
    """Sort the inputs into what is stored already and what must be mined; afterwards the run folder exists."""
    run.mkdir(parents=True, exist_ok=True)
    settings_id = fingerprint(settings)
    copies: dict[str, tuple[Path, ...]] = {}
    for path in inputs.files:
        doc_id = file_sha256(path)[:16]
        copies[doc_id] = (*copies.get(doc_id, ()), path)
    found = {doc_id: find_outcome(run, result_key(doc_id, settings_id), paths[0]) for doc_id, paths in copies.items()}
    return Plan(
        inputs,
        copies,
        reused=tuple(outcome for outcome in found.values() if outcome is not None),
        waiting=tuple(copies[doc_id][0] for doc_id, outcome in found.items() if outcome is None),
    )


def mine_run(
    inputs: Inputs,
    run: Path,
    settings: Settings | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
) -> Summary:
    """Mine every input in worker processes and assemble the run folder.

    A document that takes its worker down becomes a failure; the others are mined all the same.
    """
    settings = settings or Settings()
    began = time.perf_counter()
    plan = plan_run(inputs, run, settings)
    for outcome in plan.reused:
        on_event((outcome.path, ENDED))
    mined: list[Outcome] = []
    n_workers = min(len(plan.waiting), settings.workers or os.cpu_count() or 1)
    if plan.waiting:
        mined += _mine_in_pool(plan.waiting, n_workers, run, settings, on_event)
    ended = {outcome.path for outcome in mined}
    for path in plan.waiting:
        if str(path) not in ended:
            alone = list(_mine_in_pool([path], 1, run, settings, on_event))
            if not alone:
                on_event((str(path), ENDED))
            mined += alone or [write_crash(path, run, settings)]
    for paths in plan.copies.values():
        for path in paths[1:]:
            on_event((str(path), ENDED))
    return finish_run(plan, mined, run, settings, began)


def finish_run(plan: Plan, mined: Sequence[Outcome], run: Path, settings: Settings, began: float) -> Summary:
    """Assemble the run folder and its report. `began` is the `time.perf_counter()` at which the run started.

    Equal documents appear once, under the first one's path; the others are named in `run.json`. Where the document
    could not be read, each copy has its own row of `failures`.
    """
    from litmine.relations.scoring import chosen_model
    from litmine.report.mining import write_report

    by_id = {outcome.doc_id: outcome for outcome in (*plan.reused, *mined)}
    outcomes: list[Outcome] = []
    copies: dict[str, str] = {}
    for doc_id, paths in plan.copies.items():
        outcome = by_id[doc_id]
        outcomes.append(outcome)
        if outcome.status == FAILED:
            outcomes += (replace(outcome, path=str(path)) for path in paths[1:])
        else:
            copies |= {str(path): str(paths[0]) for path in paths[1:]}
    facts: dict[str, Any] = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "fingerprint": fingerprint(settings),
        "settings": settings.model_dump(mode="json", exclude={"reading": {"password"}}),
        "trained_on": list(chosen_model(settings.relations).trained_on),
        "inputs": [str(path) for path in plan.inputs.files],
        "copies": copies,
        "files_passed_over": plan.inputs.n_passed_over,
        "seconds": {outcome.path: outcome.seconds for outcome in outcomes},
    }
    assemble_run(run, outcomes, {**facts, "wall_seconds": time.perf_counter() - began})
    write_report(run)
    return Summary(run, tuple(outcomes), time.perf_counter() - began, plan.inputs.n_passed_over)


def _mine_in_pool(
    files: Sequence[Path],
    n_workers: int,
    run: Path,
    settings: Settings,
    on_event: Callable[[Event], None],
) -> Iterator[Outcome]:
    """Outcomes as they come; where a worker dies, those of the files that it and the others still held are missing."""
    context = multiprocessing.get_context("spawn")
    events: SimpleQueue[Event] = context.SimpleQueue()
    with ProcessPoolExecutor(n_workers, context, initializer=_start_worker, initargs=(events,)) as pool:
        pending = {pool.submit(_work, path, run, settings) for path in files}
        while pending:
            done, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            while not events.empty():
                on_event(events.get())
            for future in done:
                with suppress(BrokenProcessPool):
                    outcome = future.result()
                    on_event((outcome.path, ENDED))
                    yield outcome


_events: "SimpleQueue[Event] | None" = None


def _start_worker(events: "SimpleQueue[Event]") -> None:
    global _events
    _events = events


def _work(path: Path, run: Path, settings: Settings) -> Outcome:
    def tell(stage: str) -> None:
        if _events is not None:
            _events.put((str(path), stage))

    return mine_file(path, run, settings, tell)


def write_crash(path: Path, run: Path, settings: Settings) -> Outcome:
    """Store that the process mining this document died."""
    detail = (
        "The process that mined this document ended without a word, most likely out of memory or on a "
        "damaged file. The other documents are whole."
    )
    sha256 = file_sha256(path)
    failure = Failure(sha256[:16], str(path), STAGES[0], "WorkerCrash", detail)
    result = DocumentResult(sha256[:16], str(path), sha256, 0.0, failures=(failure,))
    return write_result(run, result, fingerprint(settings))
