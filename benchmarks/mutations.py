"""How damaged PDFs end: reads seeded mutants of whole ones in worker processes with limits and prints one table.

    python -m benchmarks.mutations [--count 500] [--seed 1] [--keep FOLDER] [PDF ...]

Without arguments: mutants of the bundled sample and, where they are at hand, of the articles below LITMINE_SHARED (or
../shared). Each mutant ends as text, or as a failure in words; `crash` and `hang` count those that took their worker
with them, which a run tells as failures too. The exit code is 1 where one ended otherwise.
"""

import argparse
import io
import itertools
import logging
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from litmine.errors import ReadingError
from litmine.limits import GRACE_SECONDS, limit_reading
from litmine.reading import read_document
from litmine.workers import Death, iter_in_workers

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import PdfObject

SECONDS, MEGABYTES = 30.0, 2_000
ENDS = ("text", "failure", "error", "crash", "hang")
_OBJECT = re.compile(rb"(?<=\n)\d+ 0 obj(.*?)endobj", re.DOTALL)


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    """Up to 100 bytes replaced, one of them among the last, where the table of objects is."""
    damaged = bytearray(data)
    for at in [chance.randrange(len(data)) for _ in range(chance.randint(1, 99))]:
        damaged[at] = chance.randrange(256)
    damaged[-chance.randint(1, min(1000, len(data)))] = chance.randrange(256)
    return bytes(damaged)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    """The end lost, or a piece out of the middle."""
    start = chance.randrange(64, len(data))
    return data[:start] if chance.random() < 0.5 else data[:start] + data[start + chance.randint(1, 5_000) :]


def damage_streams(data: bytes, chance: random.Random) -> bytes:
    """Contents, fonts and maps damaged below their compression."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError
    from pypdf.generic import StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    streams = [thing for thing in _objects(writer) if isinstance(thing, StreamObject)]
    for stream in chance.sample(streams, min(len(streams), chance.randint(1, 4))):
        try:
            content = bytearray(stream.get_data())
            for at in [chance.randrange(len(content)) for _ in range(chance.randint(1, 20))] if content else ():
                content[at] = chance.randrange(256)
            stream.set_data(bytes(content))
        except (PyPdfError, NotImplementedError):
            continue  # a filter that pypdf does not write: left whole
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _objects(writer: "PdfWriter") -> Iterator["PdfObject | None"]:
    for number in itertools.count(1):
        try:
            yield writer.get_object(number)
        except IndexError:
            return


def swap_objects(data: bytes, chance: random.Random) -> bytes:
    """Objects in each other's place: pages where fonts are called for, streams where numbers are."""
    data = _unpacked(data)
    for _ in range(chance.randint(1, 3)):
        one, other = sorted(chance.sample(list(_OBJECT.finditer(data)), 2), key=lambda found: found.start())
        data = b"".join(
            (data[: one.start(1)], other[1], data[one.end(1) : other.start(1)], one[1], data[other.end(1) :])
        )
    return data


@cache
def _unpacked(data: bytes) -> bytes:
    """The same PDF with every object written out for itself."""
    from pypdf import PdfReader, PdfWriter

    target = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(data))).write(target)
    return target.getvalue()


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip_bytes, cut_off, damage_streams, swap_objects)


@dataclass(frozen=True, slots=True)
class Ending:
    """How reading a mutant ended, one of ENDS, and what was said."""

    mutation: str
    mutant: Path
    end: str
    said: str = ""


def write_mutants(sources: Sequence[Path], count: int, seed: int, folder: Path) -> list[Path]:
    """Mutant `i` is always the same for the same sources and seed; its name tells number, mutation and source."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it remarks on faults of the originals
    mutants = []
    for i in range(count):
        mutate = MUTATIONS[i % len(MUTATIONS)]
        source = sources[i // len(MUTATIONS) % len(sources)]
        mutant = folder / f"{i:04}.{mutate.__name__}.{source.stem}.pdf"
        mutant.write_bytes(mutate(source.read_bytes(), random.Random(f"{seed} {i}")))
        mutants.append(mutant)
    return mutants


def read_one(path: Path, *, seconds: float, progress: Callable[[str], None]) -> tuple[str, str]:
    """For a worker: reads a document under limits."""
    progress("reading")
    try:
        with limit_reading(seconds, MEGABYTES):
            document = read_document(path)
    except ReadingError as error:
        return "failure", str(error)
    except Exception as error:
        return "error", f"{type(error).__name__}: {error}"
    return "text", f"{len(document.text)} characters"


def iter_endings(mutants: Sequence[Path], n_workers: int, seconds: float = SECONDS) -> Iterator[Ending]:
    """How reading each mutant ends, as it comes."""
    for path, result in iter_in_workers(
        partial(read_one, seconds=seconds), mutants, n_workers, lambda path, stage: None
    ):
        mutation = path.name.split(".")[1]
        if isinstance(result, Death):
            end = "hang" if result.seconds > seconds + GRACE_SECONDS and result.exit_code == 1 else "crash"
            yield Ending(mutation, path, end, f"exit code {result.exit_code} after {result.seconds:.1f} s")
        else:
            yield Ending(mutation, path, *result)


def find_sources() -> list[Path]:
    root = Path(__file__).parents[1]
    shared = Path(os.environ.get("LITMINE_SHARED", root.parent / "shared")) / "corpora"
    return [root / "corpora" / "sample" / "digest.pdf", *sorted(shared.glob("*/*.pdf"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep mutants that end badly here")
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        mutants = write_mutants(options.pdfs or find_sources(), options.count, options.seed, Path(folder))
        for ending in iter_endings(mutants, options.workers):
            counts[ending.mutation, ending.end] += 1
            if ending.end not in ("text", "failure"):
                print(f"{ending.mutant.name}: {ending.end}, {ending.said}", file=sys.stderr)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    ending.mutant.rename(options.keep / ending.mutant.name)
    print(f"{'mutation':<16}" + "".join(f"{end:>9}" for end in ENDS))
    for name in (mutate.__name__ for mutate in MUTATIONS):
        print(f"{name.replace('_', ' '):<16}" + "".join(f"{counts[name, end]:>9}" for end in ENDS))
    totals = [sum(counts[mutate.__name__, end] for mutate in MUTATIONS) for end in ENDS]
    print(f"{'all':<16}" + "".join(f"{total:>9}" for total in totals))
    return int(sum(totals[2:]) > 0)


if __name__ == "__main__":
    sys.exit(main())
