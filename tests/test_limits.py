"""Limits on the reading of one document, each reached for real."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import pytest

from litmine import limits
from litmine.errors import ReadingError
from litmine.limits import limit_reading, restart_time
from litmine.workers import Death, iter_in_workers

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps a limit on memory")


def spin(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_python_code_that_takes_too_long_is_broken_off() -> None:
    began = time.monotonic()
    with pytest.raises(ReadingError, match=r"longer than 0\.05 seconds"), limit_reading(0.05, 1000):
        spin(10)
    assert time.monotonic() - began < 2


def test_an_error_that_is_swallowed_comes_again() -> None:
    with pytest.raises(ReadingError), limit_reading(0.05, 1000):
        try:
            spin(10)
        except ReadingError:
            spin(10)


def test_the_time_can_begin_anew() -> None:
    with limit_reading(0.4, 1000):
        for _ in range(4):
            spin(0.2)
            restart_time()


def test_nothing_is_limited_afterwards() -> None:
    import resource

    handler, bound = signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_DATA)
    with limit_reading(0.05, 100):
        assert sys.platform == "darwin" or resource.getrlimit(resource.RLIMIT_DATA) != bound
    assert resource.getrlimit(resource.RLIMIT_DATA) == bound
    assert signal.getsignal(signal.SIGALRM) == handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    restart_time()
    time.sleep(0.1)


@linux
def test_memory_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ReadingError, match="more than 100 MB"), limit_reading(10, 100):
        bytearray(4_000_000_000)  # more than the process may have freed and still hold
    assert len(bytearray(150_000_000)) == 150_000_000


def test_code_that_hears_nothing_takes_its_process_with_it() -> None:
    code = """
from collections import deque
from itertools import repeat
from litmine import limits
limits.GRACE_SECONDS = 0.1
with limits.limit_reading(0.1, 1000):
    deque(repeat(None), maxlen=0)  # C code without end that holds the interpreter
"""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert time.monotonic() - began < 10


def hang_or_answer(path: Path, *, progress: Callable[[str], None]) -> str:
    """What the hanging, the dying and the sound documents of the next test do in their worker."""
    progress("reading")
    if path.name == "hangs":
        limits.GRACE_SECONDS = 0.1
        with limits.limit_reading(0.1, 1000):
            deque(repeat(None), maxlen=0)
    if path.name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name == "raises":
        raise OSError("no space left")
    return path.name.upper()


def test_a_worker_that_dies_takes_only_its_document_with_it() -> None:
    names = ["a", "hangs", "b", "dies", "c", "d"]
    told: list[tuple[str, str]] = []
    paths = [Path(name) for name in names]
    found = iter_in_workers(hang_or_answer, paths, 2, lambda path, stage: told.append((path.name, stage)))
    results = {path.name: result for path, result in found}
    hung, died = results.pop("hangs"), results.pop("dies")
    assert results == {"a": "A", "b": "B", "c": "C", "d": "D"}
    assert isinstance(hung, Death) and (hung.stage, hung.exit_code) == ("reading", 1)
    assert 0.1 <= hung.seconds < 10  # it hangs for 0.2 s, told from when the parent hears of it
    assert isinstance(died, Death) and died.exit_code == -signal.SIGKILL
    assert sorted(told) == sorted((name, "reading") for name in names)


def test_an_error_of_the_work_itself_ends_it_all() -> None:
    with pytest.raises(OSError, match="no space left"):
        list(iter_in_workers(hang_or_answer, [Path("raises"), Path("b")], 1, lambda path, stage: None))
