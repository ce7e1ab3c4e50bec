"""The bars of the first release, measured on the trastuzumab review in both settings: prints one table.

    python -m benchmarks.first_light [--weights FILE] [--keep FOLDER]

Each PDF is mined by the command line in a fresh process. By default the triple model is trained first on the other
annotated documents, so that the review is unseen by it; `--weights` takes weights that were trained before, and
`--shipped` those that litmine carries, which have seen the review. The lexicons are the shipped ones in any case.
The articles are not in the repository: LITMINE_SHARED names their folder (default ../shared).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading import compare
from litmine.gold.store import find_gold, read_gold
from litmine.reading import read_document
from litmine.scoring.agreement import score_agreement
from litmine.scoring.baseline import score_cooccurrence
from litmine.scoring.counts import Score
from litmine.scoring.runs import score_run
from litmine.store import read_table

REVIEW = "trastuzumab-resistance"
SAMPLING_SECONDS = 0.05


@dataclass(frozen=True)
class Bar:
    """A figure and the bound that the release promises, if any; `least` is false where it must stay below the bound."""

    name: str
    bound: float | None
    figure: float
    interval: tuple[float, float] | None = None
    least: bool = True

    @property
    def held(self) -> bool:
        if self.bound is None:
            return True
        return self.figure >= self.bound if self.least else self.figure <= self.bound


@dataclass(frozen=True)
class ColdRun:
    """A command line run in a fresh process. `peak_mb` is the largest sum over its processes of memory held."""

    seconds: float
    peak_mb: float


def mine_cold(pdf: Path, run: Path, weights: Path | None) -> ColdRun:
    """Mine one PDF with `litmine mine` and nothing stored."""
    command = [sys.executable, "-m", "litmine.cli", "mine", str(pdf), "-o", str(run), "--quiet"]
    if weights is not None:
        config = run.with_suffix(".toml")
        config.write_text(f'[relations]\nweights = "{weights.resolve()}"\n')
        command += ["--config", str(config)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_megabytes(process.pid)))
        time.sleep(SAMPLING_SECONDS)
    if process.returncode:
        raise SystemExit(f"litmine mine {pdf} ended with {process.returncode}")
    return ColdRun(time.perf_counter() - began, peak)


def _megabytes(session: int) -> Iterator[float]:
    """Proportional set size of each process of a session, from Linux's /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                rollup = stat.with_name("smaps_rollup").read_text()
                yield int(rollup.split("\nPss:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            continue  # ended while we looked


def wrong_offsets(run: Path) -> int:
    """Mentions whose offsets do not give their text."""
    texts = {file.stem: file.read_bytes().decode() for file in (run / "text").glob("*.txt")}
    rows = read_table(run, "mentions").itertuples()
    return sum(texts[row.doc_id][row.start : row.end] != row.text for row in rows)


def measure(pdf: Path, truth: Path, run: Path, weights: Path | None) -> list[Bar]:
    """The bars of one setting of the review; afterwards `run` holds the run and its scores."""
    cold = mine_cold(pdf, run, weights)
    read = compare(truth.read_text(encoding="utf-8"), read_document(pdf))
    scores = score_run(run, find_gold(REVIEW))
    return [
        Bar("body characters read in order", 0.98, read.in_order),
        Bar("mentions with wrong offsets", 0, wrong_offsets(run), least=False),
        _score_bar("Drug, strict F", 0.92, scores.mentions["strict"]["Drug"]),
        _score_bar("Gene, strict F", 0.82, scores.mentions["strict"]["Gene"]),
        _score_bar("Mechanism, relaxed F", 0.75, scores.mentions["relaxed"]["Mechanism"]),
        _score_bar("drug-gene F", 0.68, scores.triples["drug-gene"]),
        _score_bar("drug-gene-mechanism F", 0.48, scores.triples["drug-gene-mechanism"]),
        _score_bar("drug-gene-mechanism, role F", None, scores.triples["with role"]),
        _score_bar("with all attributes F", None, scores.triples["with all attributes"]),
        Bar("seconds from a cold start", 25, cold.seconds, least=False),
        Bar("peak memory, MB", 1200, cold.peak_mb, least=False),
    ]


def _score_bar(name: str, bound: float | None, score: Score) -> Bar:
    return Bar(name, bound, score.f, score.interval)


def print_bars(title: str, bars: Sequence[Bar]) -> None:
    print(f"\n{title:<34}{'bar':>8}{'measured':>10}  95 %")
    for bar in bars:
        bound = "" if bar.bound is None else f"{'≥' if bar.least else '≤'} {bar.bound:g}"
        verdict = "" if bar.bound is None else "held" if bar.held else "MISSED"
        interval = f"{bar.interval[0]:.3f}–{bar.interval[1]:.3f}" if bar.interval else ""
        print(f"  {bar.name:<32}{bound:>8}{bar.figure:>10.3f}  {interval:<12} {verdict}".rstrip())


def print_ceilings() -> None:
    """What naive co-occurrence on gold mentions and two annotators reach, by the same scorer."""
    folder = find_gold(REVIEW)
    naive = score_cooccurrence(read_gold(folder))
    people = score_agreement(read_gold(folder, "annotator-A"), read_gold(folder, "annotator-B"))
    print("\nFor comparison                     drug-gene  drug-gene-mechanism")
    for name, scores in (("same sentence, gold mentions", naive), ("two annotators", people.triples)):
        print(f"  {name:<32}{scores['drug-gene'].f:>10.3f}{scores['drug-gene-mechanism'].f:>21.3f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--shipped", action="store_true", help="use the weights that litmine carries")
    chosen.add_argument("--weights", type=Path, metavar="FILE", help="use these weights")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the run folders here")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    articles = shared / "corpora" / REVIEW
    pdfs = sorted(articles.glob("review-*.pdf"))
    if not pdfs:
        print(f"There are no PDFs of the review below {shared}: set LITMINE_SHARED to the folder with the articles.")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        weights = options.weights
        if weights is None and not options.shipped:
            weights = folder / f"without-{REVIEW}.npz"
            train = ["--annotations", str(shared / "annotation"), "--without", REVIEW, "-o", str(weights)]
            subprocess.run([sys.executable, "-m", "litmine.training.triples", *train], check=True)
        held = True
        for pdf in pdfs:
            bars = measure(pdf, articles / "review.txt", folder / pdf.stem, weights)
            print_bars(pdf.name, bars)
            held &= all(bar.held for bar in bars)
    print_ceilings()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
