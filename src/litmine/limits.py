"""Limits on the time and memory that reading one document may take.

For processes whose end costs nothing but the document at hand. What holds where:

* Linux: Python code that takes too long is broken off with a ReadingError. C code that does not come back within
  `GRACE_SECONDS` more takes the process with it. Memory asked for beyond the limit is refused.
* macOS: the same without the limit on memory, which its kernel does not keep.
* Windows: no limit on memory, and whatever takes too long takes the process with it, a grace later.
"""

import faulthandler
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from litmine.errors import ReadingError

GRACE_SECONDS = 5.0
"""Between breaking off reading and ending the process, for code that does not hear the first."""

_USAGE = Path("/proc/self/statm")
_restart: Callable[[], None] | None = None


@contextmanager
def limit_reading(seconds: float, megabytes: int) -> Iterator[None]:
    """Hold what runs inside to `seconds` and to `megabytes` beside the memory held already.

    Raises ReadingError where a limit is reached; ends the process where only that helps. Outside the main thread only
    the latter is left. Afterwards nothing is limited.
    """
    try:
        with _limit_memory(megabytes), _limit_time(seconds):
            yield
    except MemoryError:
        raise ReadingError(
            f"This document needed more than {megabytes:,} MB of memory to be read and was given up "
            "(setting reading.megabytes)."
        ) from None


def too_slow(seconds: float) -> str:
    """What people are told of a document that ran into the limit on time."""
    return (
        f"This document took longer than {seconds:g} seconds to read and was given up (setting reading.seconds). "
        "The other documents are whole."
    )


def restart_time() -> None:
    """Let the time of `limit_reading` begin anew, before a step that is long by nature; without limits do nothing."""
    if _restart is not None:
        _restart()


@contextmanager
def _limit_time(seconds: float) -> Iterator[None]:
    global _restart
    soft = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    running = True

    def give_up(number: int, frame: FrameType | None) -> None:
        if running:
            raise ReadingError(too_slow(seconds))

    with Path(os.devnull).open("w") as nowhere:  # where faulthandler writes the stack

        def start() -> None:
            faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=nowhere)
            if soft:
                # again every second: an error raised in a destructor or callback is lost
                signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)

        before = signal.signal(signal.SIGALRM, give_up) if soft else None
        try:
            _restart = start
            start()
            yield
        finally:
            running = False
            if soft:
                signal.setitimer(signal.ITIMER_REAL, 0.0)
                signal.signal(signal.SIGALRM, before)
            faulthandler.cancel_dump_traceback_later()
            _restart = None


@contextmanager
def _limit_memory(megabytes: int) -> Iterator[None]:
    if not _USAGE.exists():
        yield
        return
    import resource

    held = int(_USAGE.read_text().split()[5]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [held + megabytes * 2**20, *(bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
