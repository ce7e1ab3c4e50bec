"""How well and how fast PDFs are read: prints one table.

    python benchmarks/reading.py [--truth TEXT] [PDF ...]

Without arguments: the two settings of the trastuzumab review and the articles below LITMINE_SHARED (or ../shared).
A truth is a text file of the body, paragraphs parted by blank lines; for `X-onecol.pdf` it is `X.txt` beside it.
Token F, characters in order and order errors compare the body (title to conclusions, references left out) with it.
Speed is that of `read_document`; `ratio` divides it by that of pdfplumber's extract_text in the same run.
"""

import argparse
import logging
import os
import re
import time
import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from litmine.reading import read_document
from litmine.reading.blocks import NUMBERED
from litmine.reading.citations.callouts import find_callouts
from litmine.records import PROSE, Document

SHINGLE = 5
PLUMBER_PAGES = 4


@dataclass(frozen=True)
class Accuracy:
    """Shares are of the truth's characters or tokens; `broken` counts words split or glued."""

    in_order: float
    token_f: float
    order_errors: int
    broken: int
    n_tokens: int
    headings: tuple[int, int]
    callouts: tuple[int, int]
    differences: tuple[tuple[str, str], ...]


def body_of(document: Document) -> str:
    """Prose and keywords, without what stands behind the article and without references."""
    parts = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind in PROSE or text.lower().startswith("keywords"):
            parts.append(text)
    return "\n\n".join(parts)


def tokens_of(text: str) -> list[str]:
    """Words with compatibility forms replaced, and hyphens and dashes of one form."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub("[\u2010-\u2015\u2212]", "-", text).split()


def compare(truth: str, document: Document) -> Accuracy:
    """Accuracy of the document's body. What follows the last word of the truth counts as extra."""
    gold, read = tokens_of(truth), tokens_of(body_of(document))
    kept = 0
    broken = 0
    differences: list[tuple[str, str]] = []
    for a0, a1, b0, b1 in _segments(gold, read):
        for tag, i, j, k, m in SequenceMatcher(None, gold[a0:a1], read[b0:b1], autojunk=False).get_opcodes():
            left, right = gold[a0 + i : a0 + j], read[b0 + k : b0 + m]
            if tag == "equal":
                kept += sum(map(len, left))
                continue
            differences.append((" ".join(left), " ".join(right)))
            one, other = "".join(left), "".join(right)
            if one.replace("-", "") == other.replace("-", ""):
                broken += 1
            matcher = SequenceMatcher(None, one, other, autojunk=False)
            kept += sum(match.size for match in matcher.get_matching_blocks())
    common = sum((Counter(gold) & Counter(read)).values())
    headings = [line for line in truth.splitlines() if NUMBERED.match(line) and len(line) < 200 and line[-1] != "."]
    levels = {" ".join(tokens_of(s.title)): s.level for s in document.sections}
    right = sum(levels.get(" ".join(tokens_of(line))) == _level(line) for line in headings)
    return Accuracy(
        in_order=kept / sum(map(len, gold)),
        token_f=2 * common / (len(gold) + len(read)),
        order_errors=_order_errors(gold, read),
        broken=broken,
        n_tokens=len(gold),
        headings=(right, len(headings)),
        callouts=_callouts_found(truth, document),
        differences=tuple(differences),
    )


def _callouts_found(truth: str, document: Document) -> tuple[int, int]:
    """Callouts of the truth that are read with the same numbers and lead to entries of the list, and all of them."""
    known = {reference.number for reference in document.references}
    wanted = Counter(callout.numbers for callout in find_callouts(truth))
    read = Counter(callout.numbers for callout in document.callouts if known.issuperset(callout.numbers))
    return sum((wanted & read).values()), sum(wanted.values())


def _level(heading: str) -> int:
    number = NUMBERED.match(heading)
    return number[1].count(".") + 1 if number else 1


def _anchors(gold: list[str], read: list[str]) -> list[tuple[int, int]]:
    """Places of shingles that occur once in each, by their place in the truth."""
    found: list[dict[tuple[str, ...], int]] = []
    for tokens in (gold, read):
        shingles = [tuple(tokens[i : i + SHINGLE]) for i in range(len(tokens) - SHINGLE + 1)]
        counts = Counter(shingles)
        found.append({shingle: i for i, shingle in enumerate(shingles) if counts[shingle] == 1})
    return sorted((i, found[1][shingle]) for shingle, i in found[0].items() if shingle in found[1])


def _order_errors(gold: list[str], read: list[str]) -> int:
    return sum(later[1] < earlier[1] for earlier, later in pairwise(_anchors(gold, read)))


def _segments(gold: list[str], read: list[str]) -> list[tuple[int, int, int, int]]:
    """Stretches to be compared, cut at every tenth anchor of the longest ascending chain."""
    chain: list[tuple[int, int]] = []
    best: list[int] = []
    anchors = _anchors(gold, read)
    back: list[int] = []
    tails: list[int] = []
    for i, (_, place) in enumerate(anchors):
        at = bisect_left(best, place)
        best[at : at + 1] = [place]
        tails[at : at + 1] = [i]
        back.append(tails[at - 1] if at else -1)
    i = tails[-1] if tails else -1
    while i >= 0:
        chain.append(anchors[i])
        i = back[i]
    cuts = [(0, 0), *chain[::-1][::10], (len(gold), len(read))]
    return [(a[0], b[0], a[1], b[1]) for a, b in pairwise(cuts)]


def reading_rate(path: Path) -> float:
    """Pages a second of `read_document`, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        document = read_document(path)
        best = min(best, time.perf_counter() - began)
    return document.n_pages / best


def pdfplumber_rate(path: Path) -> float:
    """Pages a second of pdfplumber's extract_text over the first pages."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    with pdfplumber.open(path) as pdf:
        pages = pdf.pages[:PLUMBER_PAGES]
        began = time.perf_counter()
        for page in pages:
            page.extract_text()
            page.close()
        return len(pages) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", nargs="*", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--show", action="store_true", help="list every difference from the truth")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared")) / "corpora"
    paths = options.pdfs or [*sorted(shared.glob("*/review-*.pdf")), *sorted(shared.glob("articles/*.pdf"))]
    head = (
        "pdf",
        "in order",
        "token F",
        "order err",
        "broken",
        "headings",
        "refs",
        "callouts",
        "dropped",
        "pages/s",
        "ratio",
    )
    print(f"{head[0]:<26}" + "".join(f"{name:>11}" for name in head[1:]))
    read_document(paths[0])  # imports and first-call costs are not reading
    for path in paths:
        document, rate = read_document(path), reading_rate(path)
        truth = options.truth or path.with_name(path.stem.rpartition("-")[0] + ".txt")
        cells = ["-"] * 5
        accuracy = None
        if truth.exists():
            accuracy = compare(truth.read_text(encoding="utf-8"), document)
            cells = [
                f"{accuracy.in_order:.3%}",
                f"{accuracy.token_f:.4f}",
                str(accuracy.order_errors),
                f"{accuracy.broken}/{accuracy.n_tokens}",
                "{}/{}".format(*accuracy.headings),
            ]
        linked = "{}/{}".format(*accuracy.callouts) if accuracy else str(len(document.callouts))
        cells += [
            str(len(document.references)),
            linked,
            str(sum(row.n_chars for row in document.dropped)),
            f"{rate:.1f}",
            f"{rate / pdfplumber_rate(path):.1f}",
        ]
        print(f"{path.stem[:25]:<26}" + "".join(f"{cell:>11}" for cell in cells))
        if options.show and accuracy:
            for gold, read in accuracy.differences:
                print(f"    {gold[:120]!r} -> {read[:120]!r}")


if __name__ == "__main__":
    main()
