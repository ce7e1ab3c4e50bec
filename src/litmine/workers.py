"""Worker processes, each with one document at a time.

Owns who holds which document. Knows nothing of mining: what is done with a document comes as a function. A worker that
dies takes down the document that it held and no other.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Work(Protocol[T_co]):
    """Called in a worker, with a function that it tells the name of each stage that begins. Must be picklable."""

    def __call__(self, path: Path, *, progress: Callable[[str], None]) -> T_co: ...


@dataclass(frozen=True, slots=True)
class Death:
    """The process that held a document ended: in which stage (None before the first), how long after that began, and
    with which exit code (negative: the signal that ended it)."""

    stage: str | None
    seconds: float
    exit_code: int | None


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: "Connection[Path, tuple[str, Any]]"
    path: Path
    stage: str | None = None
    since: float = 0.0

    def begin(self, path: Path) -> None:
        self.path, self.stage, self.since = path, None, time.monotonic()
        with suppress(OSError):  # died meanwhile: seen as the end of its pipe
            self.pipe.send(path)

    def bury(self) -> Death:
        self.process.join(timeout=10)  # what closes its pipe is at its end, or is killed
        return Death(self.stage, time.monotonic() - self.since, self.process.exitcode)

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def iter_in_workers(
    work: Work[T], paths: Sequence[Path], n_workers: int, on_stage: Callable[[Path, str], None]
) -> Iterator[tuple[Path, T | Death]]:
    """What `work` gave for each path, as it comes, or the death of the process that held it.

    `on_stage` hears of each stage as it begins. An error that `work` raises is raised here, and all workers end.
    """
    waiting = deque(paths)
    workers: list[_Worker] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < n_workers:
                workers.append(_start_worker(work, waiting.popleft()))
            ready = wait([worker.pipe for worker in workers])
            for worker in [worker for worker in workers if worker.pipe in ready]:
                path = worker.path
                try:
                    word, value = worker.pipe.recv()
                except (EOFError, OSError):
                    word, value = "death", worker.bury()
                if word == "stage":
                    worker.stage, worker.since = value, time.monotonic()
                    on_stage(path, value)
                elif word == "error":
                    raise value
                else:
                    if word == "result" and waiting:
                        worker.begin(waiting.popleft())
                    else:
                        workers.remove(worker)
                        worker.end()
                    yield path, value
    finally:
        for worker in workers:
            worker.end()


def _start_worker(work: Work[T], path: Path) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()
    worker = _Worker(process, ours, path)
    worker.begin(path)
    return worker


def _serve(work: Work[T], pipe: "Connection[tuple[str, Any], Path]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C ends
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported: each worker has one core
    with suppress(EOFError):
        while True:
            path = pipe.recv()
            try:
                pipe.send(("result", work(path, progress=lambda stage: pipe.send(("stage", stage)))))
            except Exception as error:
                pipe.send(("error", error))
