"""How well a PDF is read, judged by the publisher's JATS of the same article: prints one line a pair.

    python benchmarks/reading_jats.py [XML PDF]

Without arguments: every article below LITMINE_SHARED (or ../shared) that lies there both as X.jats.xml and X.pdf.
Tokens are those of the body (title to conclusions, captions and keywords included); headings count with their levels,
callouts by their numbers, in order. A reference is exact if number, year and title agree and no DOI is a wrong one;
many journals print none.
"""

import argparse
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks.reading import body_of, tokens_of
from litmine.reading import read_document
from litmine.records import Document, Reference


@dataclass(frozen=True)
class Comparison:
    """F-scores of one reading against another; `references` counts exact entries, all wanted and all read.

    The other fields list what differs, truth first.
    """

    token_f: float
    heading_f: float
    callout_f: float
    references: tuple[int, int, int]
    words: tuple[tuple[str, str], ...]
    headings: tuple[tuple[str, int], ...]
    callouts: tuple[tuple[str, str], ...]
    entries: tuple[tuple[str, str], ...]

    @property
    def references_exact(self) -> bool:
        exact, wanted, read = self.references
        return exact == wanted == read


def compare_documents(truth: Document, read: Document) -> Comparison:
    """How far `read` has the words, headings, references and callouts of `truth`, whatever the formats."""
    wanted, got = tokens_of(body_of(truth)), tokens_of(body_of(read))
    headings = [Counter((_letters(s.title), s.level) for s in d.sections[1:]) for d in (truth, read)]
    cited = [[callout.numbers for callout in d.callouts] for d in (truth, read)]
    matcher = SequenceMatcher(None, cited[0], cited[1], autojunk=False)
    in_order = sum(block.size for block in matcher.get_matching_blocks())
    numbered = {reference.number: reference for reference in read.references}
    pairs = [(reference, numbered.get(reference.number)) for reference in truth.references]
    wrong = [(a, b) for a, b in pairs if b is None or not _agree(a, b)]
    return Comparison(
        token_f=_f((Counter(wanted) & Counter(got)).total(), len(wanted), len(got)),
        heading_f=_f((headings[0] & headings[1]).total(), headings[0].total(), headings[1].total()),
        callout_f=_f(in_order, len(cited[0]), len(cited[1])),
        references=(len(pairs) - len(wrong), len(pairs), len(read.references)),
        words=tuple(_differences(wanted, got)),
        headings=tuple(((headings[0] - headings[1]) + (headings[1] - headings[0])).elements()),
        callouts=tuple(_differences([str(numbers) for numbers in cited[0]], [str(numbers) for numbers in cited[1]])),
        entries=tuple((a.text, b.text if b else "") for a, b in wrong),
    )


def find_twins(corpora: Path) -> list[tuple[Path, Path]]:
    """The articles that lie below a folder both as JATS and as PDF."""
    found = [(xml, xml.with_name(xml.name.removesuffix(".jats.xml") + ".pdf")) for xml in corpora.glob("*/*.jats.xml")]
    return sorted(pair for pair in found if pair[1].exists())


def _f(common: int, wanted: int, got: int) -> float:
    return 2 * common / (wanted + got) if wanted + got else 1.0


def _agree(truth: Reference, read: Reference) -> bool:
    same_title = truth.title is None or _letters(truth.title) == _letters(read.title or "")
    return truth.year == read.year and same_title and read.doi in {None, truth.doi}


def _letters(text: str) -> str:
    """Letters and digits alone: hyphens at line ends and quotation marks are no part of a comparison."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).lower())


def _differences(wanted: Sequence[str], got: Sequence[str]) -> list[tuple[str, str]]:
    codes = SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes()
    return [(" ".join(wanted[i:j]), " ".join(got[k:m])) for tag, i, j, k, m in codes if tag != "equal"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pair", nargs="*", type=Path, metavar="XML PDF")
    parser.add_argument("--show", action="store_true", help="list every difference")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared")) / "corpora"
    pairs = [tuple(options.pair)] if options.pair else find_twins(shared)
    print(f"{'article':<26}" + "".join(f"{name:>13}" for name in ("token F", "headings F", "callouts F", "references")))
    for xml, pdf in pairs:
        result = compare_documents(read_document(xml), read_document(pdf))
        cells = [f"{result.token_f:.4f}", f"{result.heading_f:.4f}", f"{result.callout_f:.4f}"]
        cells.append("{}/{}".format(*result.references))
        print(f"{pdf.stem[:25]:<26}" + "".join(f"{cell:>13}" for cell in cells))
        if options.show:
            for name in ("words", "headings", "callouts", "entries"):
                for difference in getattr(result, name):
                    print(f"    {name:<9} {difference}")


if __name__ == "__main__":
    main()
