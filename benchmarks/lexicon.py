"""Measures the packaged lexicon: `python -m benchmarks.lexicon`.

Prints how fast it loads, how fast it is scanned for, how many names it holds by source, and how large it is, each
against its bar. Seconds are of the processor, so that other work on the machine counts for less. The text is made of
the public corpora below LITMINE_SHARED, or of the bundled sample, repeated, where there are none.
"""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from litmine.lexicon.names import DATA, Lexicon, make_lexicon
from litmine.lexicon.scanning import Scanner
from litmine.training.lexicon_usage import iter_drug_corpora, iter_gene_corpora

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "corpora" / "sample" / "digest.md"
LEAST_TEXT = 5_000_000
MOST_SECONDS, LEAST_SPEED, MOST_BYTES = 0.5, 2.0, 10_000_000
"""Bars: seconds to load, megabytes of UTF-8 a second, bytes as packaged."""
RUNS = 3


def iter_texts() -> Iterator[str]:
    """Texts without end."""
    corpora = Path(os.environ.get("LITMINE_SHARED", ROOT.parent / "shared")) / "training"
    while corpora.is_dir():
        for marked in iter_gene_corpora(corpora):
            yield marked.text
        for marked in iter_drug_corpora(corpora):
            yield marked.text
    while True:
        yield SAMPLE.read_text(encoding="utf-8")


def take_texts(size: int) -> list[str]:
    """The first texts of at least `size` bytes together; sentences on their own are set together as abstracts."""
    taken: list[str] = []
    total = 0
    texts = iter_texts()
    while total < size:
        text = next(texts)
        while len(text) < 1000:
            text += " ".join(islice(texts, 5))
        taken.append(text)
        total += len(text.encode())
    return taken


def load_seconds() -> float:
    """Seconds to load the lexicon and make it ready to scan for, the best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        gc.collect()
        started = time.process_time()
        lexicon = make_lexicon()
        Scanner(lexicon.genes, lexicon.drugs)
        best = min(best, time.process_time() - started)
    return best


def scan_speed(lexicon: Lexicon, texts: list[str]) -> tuple[float, int]:
    """Megabytes a second of a fresh scanner, the best of some runs, and the names it finds."""
    size = sum(len(text.encode()) for text in texts)
    best, hits = float("inf"), 0
    for _ in range(RUNS):
        scanner = Scanner(lexicon.genes, lexicon.drugs)
        started = time.process_time()
        hits = sum(len(found) for text in texts for found in scanner.scan(text).hits)
        best = min(best, time.process_time() - started)
    return size / 1e6 / best, hits


def report(what: str, value: str, bar: str, met: bool) -> bool:
    print(f"{what:28}{value:>14}   bar {bar:14}{'met' if met else 'NOT MET'}")
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.parse_args()
    lexicon = make_lexicon()
    texts = take_texts(LEAST_TEXT)
    seconds = load_seconds()
    speed, hits = scan_speed(lexicon, texts)
    size = sum(path.stat().st_size for path in DATA.iterdir())
    print(f"{sum(map(len, texts)):,} characters, {hits:,} names that may stand there")
    for names in (lexicon.genes, lexicon.drugs):
        counts = ", ".join(f"{source} {count:,}" for source, count in names.sizes().items())
        print(f"names of type {names.type}: {counts}")
    met = [
        report("load, s", f"{seconds:.2f}", f"< {MOST_SECONDS}", seconds < MOST_SECONDS),
        report("scan, MB/s", f"{speed:.2f}", f">= {LEAST_SPEED}", speed >= LEAST_SPEED),
        report("packaged, bytes", f"{size:,}", f"< {MOST_BYTES:,}", size < MOST_BYTES),
    ]
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
