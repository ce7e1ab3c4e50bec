"""Whether passages that follow each other on the page follow each other in the text: prints one line per article.

    python -m benchmarks.reading_pairs [--show]

The pairs in `reading_pairs.tsv` were made by hand from pictures of the pages; `reading_furniture.tsv` quotes what
stands on the pages and must not stand in prose. Articles lie below LITMINE_SHARED (or ../shared).
"""

import argparse
import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from litmine.reading import read_document
from litmine.records import PROSE, Document, Kind

HERE = Path(__file__).parent
_FLOATS = frozenset({Kind.CAPTION, Kind.TABLE, Kind.OTHER, Kind.ABSTRACT})
_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Pair:
    """Two passages that follow each other. `through` opens the headings between them; `beside_float` tells that a
    float printed between two whole paragraphs may stand there too."""

    article: str
    page: int
    first: str
    second: str
    through: str = ""
    beside_float: bool = False


@dataclass(frozen=True)
class _Squeezed:
    """A text without white space and hyphens, compatibility forms replaced, and where each character comes from."""

    text: str
    origin: list[int]

    def places(self, words: str) -> list[tuple[int, int]]:
        """Spans of the original text that say the words."""
        wanted = _squeeze(words).text
        found = []
        at = self.text.find(wanted)
        while at >= 0:
            found.append((self.origin[at], self.origin[at + len(wanted) - 1] + 1))
            at = self.text.find(wanted, at + 1)
        return found


def _squeeze(text: str) -> _Squeezed:
    chars: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text.translate(_ALIKE)):
        for form in unicodedata.normalize("NFKC", char):
            if not form.isspace() and unicodedata.category(form) != "Pd" and form not in "\u00ad\u2212":
                chars.append(form)
                origin.append(i)
    return _Squeezed("".join(chars), origin)


def read_pairs(path: Path = HERE / "reading_pairs.tsv") -> list[Pair]:
    """The pairs of a file, in its order."""
    return [
        Pair(row["article"], int(row["page"]), row["first"], row["second"], row["through"], row["float"] == "yes")
        for row in _rows(path)
    ]


def read_furniture(path: Path = HERE / "reading_furniture.tsv") -> dict[str, list[str]]:
    """Regular expressions by article."""
    found: dict[str, list[str]] = {}
    for row in _rows(path):
        found.setdefault(row["article"], []).append(row["pattern"])
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def check_pairs(document: Document, pairs: Iterable[Pair]) -> list[tuple[Pair, str]]:
    """The pairs that do not hold, each with the reason.

    A pair holds when the second passage follows the first in prose with nothing between them but white space,
    callouts and the headings named; floats and notes only where the pair says so, and then not inside a block.
    """
    squeezed = _squeeze(document.text)
    failures = []
    for pair in pairs:
        if reason := _failure(document, squeezed, pair):
            failures.append((pair, reason))
    return failures


def _failure(document: Document, squeezed: _Squeezed, pair: Pair) -> str | None:
    firsts = [span for span in squeezed.places(pair.first) if _kind(document, span[0]) in PROSE]
    if len(firsts) != 1:
        return f"the first passage stands {len(firsts)} times in the prose"
    end = firsts[0][1]
    follow = [span for span in squeezed.places(pair.second) if span[0] >= end and _kind(document, span[0]) in PROSE]
    if not follow:
        return "the second passage does not stand behind the first"
    start = follow[0][0]
    between, headings = [], []
    text = document.blank_callouts()
    for block in document.blocks:
        a, b = max(block.start, end), min(block.end, start)
        if a >= b:
            continue
        whole = a == block.start and b == block.end
        if block.kind is Kind.HEADING and whole:
            headings.append(text[a:b])
        elif not (pair.beside_float and whole and block.kind in _FLOATS):
            between.append(text[a:b])
    if _squeeze(" ".join(between)).text:
        return f"between them stands {' '.join(' '.join(between).split())[:80]!r}"
    if not _squeeze(" ".join(headings)).text.startswith(_squeeze(pair.through).text) or bool(headings) != bool(
        pair.through
    ):
        return f"between them stand the headings {headings}"
    return None


def _kind(document: Document, offset: int) -> Kind | None:
    return next((block.kind for block in document.blocks if block.start <= offset < block.end), None)


def find_furniture(document: Document, patterns: Sequence[str]) -> list[str]:
    """What the patterns match in the document's prose."""
    return [
        match[0]
        for block in document.blocks
        if block.kind in PROSE
        for pattern in patterns
        for match in re.finditer(pattern, document.text[block.start : block.end])
    ]


def main() -> None:
    from benchmarks.reading_spaces import count_space_faults, make_vocabulary, witness_words

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list pairs that fail, furniture and doubtful spaces")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", HERE.parents[1] / "shared")) / "corpora" / "articles"
    pairs, furniture = read_pairs(), read_furniture()
    paths = sorted(shared.glob("*.pdf"))
    documents = {path: read_document(path) for path in paths}
    vocabulary = make_vocabulary(documents.values())
    print(f"{'pdf':<28}{'pairs':>8}{'furniture':>11}{'lost':>6}{'split':>7}{'words':>8}{'per 1000':>10}")
    for path, document in documents.items():
        own = [pair for pair in pairs if path.name.startswith(pair.article)]
        failures = check_pairs(document, own)
        found = find_furniture(document, furniture.get(path.name[:2], []))
        spaces = count_space_faults(document, vocabulary, witness_words(path))
        print(
            f"{path.stem[:27]:<28}{f'{len(own) - len(failures)}/{len(own)}':>8}{len(found):>11}{len(spaces.lost):>6}"
            f"{len(spaces.split):>7}{spaces.n_words:>8}{spaces.per_thousand:>10.2f}"
        )
        if options.show:
            for pair, reason in failures:
                print(f"    page {pair.page}: {pair.first!r} -> {pair.second!r}: {reason}")
            for text in found:
                print(f"    furniture {text!r}")
            print(f"    lost {spaces.lost}\n    split {spaces.split}")


if __name__ == "__main__":
    main()
