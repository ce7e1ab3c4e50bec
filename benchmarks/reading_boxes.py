"""How many words stand where the document says: reads the characters inside their boxes back from the page.

    python -m benchmarks.reading_boxes [PDF ...]

Without arguments: the PDFs below LITMINE_SHARED (or ../shared) and the sample. The characters come from pdfium one by
one with the bounds of their ink, a path that reading itself does not take; what a clipping path cuts away is left out.
A word agrees where its letters and digits are those whose middle lies in one of its boxes. White space, marks, hyphens
and compatibility forms are left aside, and a Greek letter or sign may stand on the page as a letter or digit of a font
that draws it so.
"""

import argparse
import ctypes
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from litmine.reading import read_document
from litmine.records import Document

_FINE = 100
"""Device units per point."""
_Bounds = tuple[float, float, float, float]
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class PageInk:
    """The characters of a page and the middle of each, in points from the top left of the page as displayed."""

    codes: "np.ndarray[tuple[int], np.dtype[np.uint32]]"
    x: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    y: "np.ndarray[tuple[int], np.dtype[np.float64]]"

    def inside(self, x0: float, y0: float, x1: float, y1: float) -> str:
        own = (self.x > x0) & (self.x < x1) & (self.y > y0) & (self.y < y1)
        return self.codes[own].tobytes().decode("utf-32-le", "replace")


def _window(raw: Any, owner: Any) -> _Bounds:
    """What the clipping path of an object leaves to be seen: left, bottom, right and top."""
    left, bottom, right, top = -inf, -inf, inf, inf
    path = raw.FPDFPageObj_GetClipPath(owner) if owner else None
    x, y = ctypes.c_float(), ctypes.c_float()
    for part in range(raw.FPDFClipPath_CountPaths(path) if path else 0):
        points = []
        for i in range(raw.FPDFClipPath_CountPathSegments(path, part)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(path, part, i), x, y)
            points.append((x.value, y.value))
        xs, ys = zip(*points, strict=True) if points else ((-inf, inf), (-inf, inf))
        left, bottom, right, top = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return left, bottom, right, top


def iter_ink(path: Path) -> Iterator[PageInk]:
    """Every page of a PDF, in order."""
    import pypdfium2
    import pypdfium2.raw as raw

    edges = [ctypes.c_double() for _ in range(4)]
    across, down = ctypes.c_int(), ctypes.c_int()
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text_page = page.get_textpage()
            width, height = page.get_size()
            rows: list[tuple[int, float, float]] = []
            windows: dict[int, _Bounds] = {}
            for i in range(raw.FPDFText_CountChars(text_page)):
                raw.FPDFText_GetCharBox(text_page, i, *edges)
                left, right, bottom, top = (edge.value for edge in edges)
                x, y = (left + right) / 2, (bottom + top) / 2
                owner = raw.FPDFText_GetTextObject(text_page, i)
                address = ctypes.cast(owner, ctypes.c_void_p).value or 0
                if address not in windows:
                    windows[address] = _window(raw, owner)
                x0, y0, x1, y1 = windows[address]
                if not (x0 <= x <= x1 and y0 <= y <= y1):
                    continue
                size = round(width * _FINE), round(height * _FINE)
                raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
                code = raw.FPDFText_GetUnicode(text_page, i)
                rows.append((0xFFFD if 0xD800 <= code < 0xE000 else code, across.value / _FINE, down.value / _FINE))
            text_page.close()
            page.close()
            codes, xs, ys = np.array(rows).reshape(-1, 3).T
            yield PageInk(codes.astype(np.uint32), xs, ys)


def read_back(document: Document, pages: list[PageInk], start: int, end: int) -> str:
    """What stands on the pages inside the boxes of a span."""
    places = document.places(start, end)
    return "".join(pages[place.page - 1].inside(place.x0, place.y0, place.x1, place.y1) for place in places)


def agree(text: str, read: str) -> bool:
    """Whether what was read back is the text."""
    return re.fullmatch("".join(_pattern(text)), _inked(read)) is not None


def is_overprinted(text: str, read: str) -> bool:
    """Whether the text stands there with more that is printed over or under it."""
    return not agree(text, read) and re.search(r"\w*".join(_pattern(text)), _inked(read)) is not None


def _pattern(text: str) -> list[str]:
    """What each character may stand on the page as."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return [
        char if char.isascii() and char.isalnum() else r"\w" if char.isalnum() else r"\w?"
        for char in plain
        if not unicodedata.combining(char)
    ]


def _inked(read: str) -> str:
    """Letters and digits; what the page's font gives no sign for counts as one."""
    read = re.sub("\ufffd+|\u2206", "x", read)
    return "".join(char for char in unicodedata.normalize("NFKD", read.casefold()) if char.isalnum())


def compare_words(document: Document, pages: list[PageInk]) -> Iterator[tuple[str, str]]:
    """Every word with letters or digits, and what stands in its boxes."""
    for match in _WORD.finditer(document.text):
        if any(char.isalnum() for char in match[0]):
            yield match[0], read_back(document, pages, *match.span())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="list the words that do not agree")
    options = parser.parse_args()
    root = Path(__file__).parents[1]
    shared = Path(os.environ.get("LITMINE_SHARED", root.parent / "shared")) / "corpora"
    found: Iterable[Path] = chain(*(sorted(shared.glob(p)) for p in ("*/review-*.pdf", "articles/*.pdf")))
    print(f"{'pdf':<26}{'words':>9}{'agree':>10}{'overprinted':>13}")
    for path in options.pdfs or [*found, root / "corpora" / "sample" / "digest.pdf"]:
        pairs = [*compare_words(read_document(path), list(iter_ink(path)))]
        wrong = [pair for pair in pairs if not agree(*pair)]
        share = 1 - len(wrong) / max(1, len(pairs))
        print(f"{path.stem[:25]:<26}{len(pairs):>9,}{share:>10.3%}{sum(is_overprinted(*pair) for pair in wrong):>13}")
        for word, read in wrong if options.show else ():
            print(f"    {word[:60]!r} {read[:60]!r}")


if __name__ == "__main__":
    main()
