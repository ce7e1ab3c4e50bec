"""A mining run: which files, in which processes, and the folder that comes of it.

Owns input discovery and what becomes of a document whose process died. The command line and the Prefect flows call
the same functions.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from litmine.errors import LitmineError, StoreError
from litmine.limits import GRACE_SECONDS, too_slow
from litmine.pipeline import STAGES, Pipeline, file_sha256, fingerprint, versions
from litmine.records import Failure
from litmine.settings import Settings
from litmine.store import Outcome, assemble_run, find_outcome, result_key, write_result
from litmine.tables import DONE, FAILED, DocumentResult
from litmine.workers import Death, iter_in_workers

DOCUMENT_SUFFIXES = frozenset(
    {
        ".pdf",
        ".xml",
        ".nxml",
        ".jats",
        ".doc",
        ".docx",
        ".odt",
        ".rtf",
        ".pages",
        ".epub",
        ".djvu",
        ".ps",
        ".xps",
        ".tif",
        ".tiff",
    }
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
    from litmine.report.mining import spell_pages

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
    outside = [outcome for outcome in outcomes if not outcome.in_scope]
    if outside:
        lines.append("not about cancer, so no triples were given ([relations] any_field = true gives them)")
    lines += [f"  {outcome.path}" for outcome in outside]
    empty = [outcome for outcome in outcomes if outcome.empty_pages]
    if empty:
        lines.append(f"no text on {sum(len(outcome.empty_pages) for outcome in empty)} pages")
    for outcome in empty:
        scans = (
            f"; scanned, to be read with --ocr: {spell_pages(outcome.scanned_pages)}" if outcome.scanned_pages else ""
        )
        lines.append(f"  {outcome.path}: {spell_pages(outcome.empty_pages)}{scans}")
    if summary.n_passed_over:
        lines.append(f"not mined  {summary.n_passed_over} files of the folders that are no documents")
    return "\n".join([*lines, f"report     {summary.run / 'report.html'}"])


def find_password() -> str | None:
    """The password of locked PDFs that the environment names, where arguments of a command could be seen by others."""
    return os.environ.get("LITMINE_PASSWORD")


def find_inputs(paths: Iterable[Path]) -> Inputs:
    """Files as they are given, folders searched with their subfolders for documents (hidden files left out).

    A path that does not exist is kept: it ends as a failure that says so. Raises LitmineError where nothing is found.
    """
    files: dict[Path, None] = {}
    passed_over = 0
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - `Path.is_dir` raises where it may not look
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
        raise LitmineError("There is no document in the folders given: litmine looks for PDF and JATS XML files there.")
    return Inputs(tuple(files), passed_over)


_pipelines: dict[tuple[str, Settings], Pipeline] = {}


def mine_file(
    path: Path, run: Path, settings: Settings, progress: Callable[[str], None] = lambda stage: None
) -> Outcome:
    """Mine one file and store its result, or find the stored result that still holds.

    For worker processes: reading is held to the limits of the settings, which can end the process. The stages are
    loaded once in a process. Never raises for a bad file.
    """
    settings_id = fingerprint(settings)
    stored = find_outcome(run, result_key(file_sha256(path)[:16], settings_id), path)
    if stored is not None:
        return stored
    key = (settings_id, settings)  # settings alone do not tell new weights, the fingerprint not another password
    if key not in _pipelines:
        _pipelines[key] = Pipeline(settings, limited=True)
    return write_result(run, _pipelines[key].mine(path, progress), settings_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do: `waiting` must be mined, `reused` still hold. Files of equal content are mined once."""

    inputs: Inputs
    copies: Mapping[str, tuple[Path, ...]]
    reused: tuple[Outcome, ...]
    waiting: tuple[Path, ...]


def plan_run(inputs: Inputs, run: Path, settings: Settings) -> Plan:
    """Sort the inputs into what is stored already and what must be mined; afterwards the run folder exists.

    Raises ReadingError where the settings ask for text recognition and it is not installed, and StoreError where the
    run folder cannot be made.
    """
    if settings.reading.ocr:
        from litmine.reading.glyphs.ocr import require_ocr

        require_ocr()
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The run folder {run} cannot be made: {error.strerror or error}.") from None
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
    mined = mine_waiting(plan.waiting, run, settings, on_event)
    for paths in plan.copies.values():
        for path in paths[1:]:
            on_event((str(path), ENDED))
    return finish_run(plan, mined, run, settings, began)


def mine_waiting(
    paths: Sequence[Path], run: Path, settings: Settings, on_event: Callable[[Event], None] = lambda event: None
) -> list[Outcome]:
    """Mine files in worker processes; each ends in an outcome, whatever happens to the process that holds it.

    A document whose process died is mined once more while no other is, as the others may have taken the memory; where
    it was ended for taking too long it is not.
    """
    mined: list[Outcome] = []
    crashed: list[Path] = []
    n_workers = settings.workers or os.cpu_count() or 1
    work = partial(mine_file, run=run, settings=settings)
    for waiting, n_at_once, last in ((paths, n_workers, False), (crashed, 1, True)):
        for path, result in iter_in_workers(work, waiting, n_at_once, lambda path, stage: on_event((str(path), stage))):
            if isinstance(result, Death):
                slow = _ran_out_of_time(result, settings)
                if not slow and not last:
                    crashed.append(path)
                    continue
                result = write_slow(path, run, settings) if slow else write_crash(path, run, settings, result.stage)
            mined.append(result)
            on_event((str(path), ENDED))
    return mined


def _ran_out_of_time(death: Death, settings: Settings) -> bool:
    """Whether the limit on reading ended the process, which leaves exit code 1."""
    late = death.seconds >= settings.reading.seconds + GRACE_SECONDS
    return death.stage == STAGES[0] and death.exit_code == 1 and late


def finish_run(plan: Plan, mined: Sequence[Outcome], run: Path, settings: Settings, began: float) -> Summary:
    """Assemble the run folder and its report. `began` is the `time.perf_counter()` at which the run started.

    Equal documents appear once, under the first one's path; the others are named in `run.json`. Where the document
    could not be read, each copy has its own row of `failures`.
    """
    from litmine.relations.scoring import chosen_model
    from litmine.report.mining import write_report

    # By path: a file that changed since the plan was made ended under another doc_id.
    by_path = {outcome.path: outcome for outcome in (*plan.reused, *mined)}
    outcomes: list[Outcome] = []
    copies: dict[str, str] = {}
    for paths in plan.copies.values():
        outcome = by_path[str(paths[0])]
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


def write_crash(path: Path, run: Path, settings: Settings, stage: str | None) -> Outcome:
    """Store that the process mining this document died; without a stage, before the first."""
    detail = (
        "The process that mined this document ended without a word, most likely out of memory or on a "
        "damaged file. The other documents are whole."
    )
    return _write_failure(path, run, settings, stage or STAGES[0], "WorkerCrash", detail)


def write_slow(path: Path, run: Path, settings: Settings) -> Outcome:
    """Store that the process mining this document was ended because reading did not come to an end."""
    return _write_failure(path, run, settings, STAGES[0], "ReadingError", too_slow(settings.reading.seconds))


def _write_failure(path: Path, run: Path, settings: Settings, stage: str, error: str, detail: str) -> Outcome:
    sha256 = file_sha256(path)
    failure = Failure(sha256[:16], str(path), stage, error, detail)
    result = DocumentResult(sha256[:16], str(path), sha256, 0.0, failures=(failure,))
    return write_result(run, result, fingerprint(settings))
