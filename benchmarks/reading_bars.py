"""Every bar of reading, measured and judged: prints one table.

    make bench-reading          (python -m benchmarks.reading_bars)

Needs the articles below LITMINE_SHARED (or ../shared). Speed and its ratio to pdfplumber's extract_text are the medians
of paired runs; memory is the peak of a process of its own that reads a file of 1,000 pages. Of the words that are not
alone in their box, those behind a plus stand there with other print over them. The modules named in the last column
print the details. The exit code is 1 where a bar is missed.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import mutations, reading, reading_boxes, reading_jats, reading_pairs, reading_spaces
from litmine.reading import read_document

_PEAK = """
import resource, sys
from pathlib import Path
from litmine.reading import read_document
document = read_document(Path(sys.argv[1]))
assert document.n_pages == 1000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
N_MUTANTS = 500
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked and what was measured, in words, and whether it is met."""

    what: str
    asked: str
    measured: str
    met: bool
    module: str


def review_bars(folder: Path) -> Iterator[Bar]:
    truth = (folder / "review.txt").read_text(encoding="utf-8")
    for layout in ("onecol", "twocol"):
        document = read_document(folder / f"review-{layout}.pdf")
        found = reading.compare(truth, document)
        numbers = [reference.number for reference in document.references]
        linked, callouts = found.callouts
        for what, asked, measured, met in (
            ("token F", "0.997", f"{found.token_f:.4f}", found.token_f >= 0.997),
            ("order errors", "0", str(found.order_errors), found.order_errors == 0),
            (
                "broken words",
                "1 in 5,000",
                f"{found.broken} in {found.n_tokens}",
                found.broken * 5000 <= found.n_tokens,
            ),
            ("headings with level", "all", "{}/{}".format(*found.headings), found.headings[0] == found.headings[1] > 0),
            ("references split", "228", str(len(numbers)), numbers == list(range(1, 229))),
            ("callouts linked", "99 %", f"{linked}/{callouts}", linked >= 0.99 * callouts > 0),
        ):
            yield Bar(f"review-{layout}: {what}", asked, measured, met, "reading")


def jats_bars(folder: Path) -> Iterator[Bar]:
    for xml, pdf in reading_jats.find_twins(folder):
        found = reading_jats.compare_documents(read_document(xml), read_document(pdf))
        exact, wanted, read = found.references
        name = pdf.name[:2]
        yield Bar(f"{name}: token F", "0.985", f"{found.token_f:.4f}", found.token_f >= 0.985, "reading_jats")
        yield Bar(f"{name}: headings F", "0.95", f"{found.heading_f:.4f}", found.heading_f >= 0.95, "reading_jats")
        yield Bar(
            f"{name}: references exact", str(wanted), f"{exact} of {read}", found.references_exact, "reading_jats"
        )
        yield Bar(f"{name}: callouts F", "0.95", f"{found.callout_f:.4f}", found.callout_f >= 0.95, "reading_jats")


def article_bars(folder: Path) -> Iterator[Bar]:
    pairs, furniture = reading_pairs.read_pairs(), reading_pairs.read_furniture()
    documents = {path: read_document(path) for path in sorted(folder.glob("*.pdf"))}
    vocabulary = reading_spaces.make_vocabulary(documents.values())
    for path, document in documents.items():
        name = path.name[:2]
        own = [pair for pair in pairs if pair.article == name]
        if own:
            held = len(own) - len(reading_pairs.check_pairs(document, own))
            yield Bar(f"{name}: sentences that follow", "all", f"{held}/{len(own)}", held == len(own), "reading_pairs")
            found = len(reading_pairs.find_furniture(document, furniture[name]))
            yield Bar(f"{name}: furniture in prose", "0", str(found), found == 0, "reading_pairs")
        spaces = reading_spaces.count_space_faults(document, vocabulary, reading_spaces.witness_words(path))
        yield Bar(
            f"{name}: suspect spaces in 1,000 words",
            "1",
            f"{spaces.per_thousand:.2f}",
            spaces.per_thousand <= 1,
            "reading_pairs",
        )


def speed_bars(folder: Path) -> Iterator[Bar]:
    for layout in ("onecol", "twocol"):
        path = folder / f"review-{layout}.pdf"
        rates = [(reading.reading_rate(path), reading.pdfplumber_rate(path)) for _ in range(REPEATS)]
        own, ratio = median(rate for rate, _ in rates), median(rate / other for rate, other in rates)
        yield Bar(f"review-{layout}: pages a second", "40", f"{own:.0f}", own >= 40, "reading")
        yield Bar(f"review-{layout}: times pdfplumber", "12", f"{ratio:.1f}", ratio >= 12, "reading")


def memory_bar(source: Path) -> Bar:
    """Peak memory of a process that reads a PDF of 1,000 pages, the pages of `source` over and over."""
    from pypdf import PdfReader, PdfWriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thousand.pdf"
        writer, pages = PdfWriter(), PdfReader(source).pages
        for i in range(1000):
            writer.add_page(pages[i % len(pages)])
        writer.write(path)
        done = subprocess.run([sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True)
    peak = int(done.stdout)
    return Bar("1,000 pages: peak memory in MB", "500", str(peak), peak < 500, "reading_bars")


def box_bars(paths: list[Path]) -> Iterator[Bar]:
    for path in paths:
        pages = list(reading_boxes.iter_ink(path))
        pairs = list(reading_boxes.compare_words(read_document(path), pages))
        wrong = [pair for pair in pairs if not reading_boxes.agree(*pair)]
        covered = sum(reading_boxes.is_overprinted(*pair) for pair in wrong)
        measured = f"{len(wrong) - covered} of {len(pairs)}" + f", +{covered}" * bool(covered)
        met = len(wrong) == covered
        yield Bar(f"{path.stem[:14]}: words not in their box", "0", measured, met, "reading_boxes")


def mutation_bar() -> Bar:
    with tempfile.TemporaryDirectory() as folder:
        mutants = mutations.write_mutants(mutations.find_sources(), N_MUTANTS, 1, Path(folder))
        ends = [ending.end for ending in mutations.iter_endings(mutants, os.cpu_count() or 1)]
    well = sum(end in {"text", "failure"} for end in ends)
    return Bar(f"{N_MUTANTS} mutants: text or failure", str(N_MUTANTS), str(well), well == N_MUTANTS, "mutations")


def iter_bars(corpora: Path) -> Iterator[Bar]:
    """Every bar in turn, as it is measured."""
    review = corpora / "trastuzumab-resistance"
    yield from speed_bars(review)
    yield from review_bars(review)
    yield from jats_bars(corpora)
    yield from article_bars(corpora / "articles")
    yield memory_bar(review / "review-twocol.pdf")
    yield from box_bars([*sorted(review.glob("review-*.pdf")), *sorted((corpora / "articles").glob("*.pdf"))])
    yield mutation_bar()


def main() -> int:
    corpora = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared")) / "corpora"
    if not corpora.is_dir():
        print("The articles are not at hand: name their folder in LITMINE_SHARED.", file=sys.stderr)
        return 2
    missed = 0
    print(f"{'bar':<40}{'asked':>12}{'measured':>18}  {'met':<5}details")
    for bar in iter_bars(corpora):
        missed += not bar.met
        verdict = "yes" if bar.met else "NO"
        print(f"{bar.what:<40}{bar.asked:>12}{bar.measured:>18}  {verdict:<5}{bar.module}", flush=True)
    print(f"{missed} missed" if missed else "all met")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
