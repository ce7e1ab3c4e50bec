"""Progress of a run on a terminal: a bar for each document in work and one for all.

Writes to standard error. Where that is no terminal, one line per finished document is written instead.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from litmine.pipeline import STAGES
from litmine.runs import ENDED, Event


@contextmanager
def show_progress(n_documents: int, quiet: bool = False) -> Iterator[Callable[[Event], None]]:
    """Gives the function to be called with each event of a run."""
    if quiet:
        yield lambda event: None
    elif sys.stderr.isatty():
        with _bars(n_documents) as on_event:
            yield on_event
    else:
        yield _line_printer(n_documents)


def _line_printer(n_documents: int) -> Callable[[Event], None]:
    n_ended = 0

    def on_event(event: Event) -> None:
        nonlocal n_ended
        path, stage = event
        if stage == ENDED:
            n_ended += 1
            print(f"[{n_ended}/{n_documents}] {path}", file=sys.stderr, flush=True)

    return on_event


@contextmanager
def _bars(n_documents: int) -> Iterator[Callable[[Event], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[stage]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        overall = progress.add_task("all documents", total=n_documents, stage=f"0/{n_documents}")
        bars: dict[str, TaskID] = {}

        def on_event(event: Event) -> None:
            path, stage = event
            if path not in bars:
                bars[path] = progress.add_task(Path(path).name, total=len(STAGES), stage="")
            if stage == ENDED:
                progress.update(bars[path], completed=len(STAGES), stage=ENDED)
                progress.advance(overall)
                n_ended = int(progress.tasks[0].completed)
                progress.update(overall, stage=f"{n_ended}/{n_documents}")
                if n_documents > 8:
                    progress.remove_task(bars[path])
            else:
                progress.update(bars[path], completed=STAGES.index(stage), stage=stage)

        yield on_event
