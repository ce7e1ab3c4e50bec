"""Scanned pages: which pages are pictures of text, and the glyphs that text recognition finds on them.

Owns every call into RapidOCR, which comes with the optional extra `ocr`, carries its weights and needs no network.
What leaves here are glyphs like those of any page, so that the same layout analysis follows.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from litmine.errors import ReadingError
from litmine.limits import restart_time
from litmine.reading.geometry import Floats
from litmine.reading.glyphs.pages import Font, PageGlyphs

SCANNED = "scanned page"
"""The reason under which a scanned page that was not read is accounted for; its characters cannot be counted."""
UNSURE = "unsure text recognition"
INSTALL = "Install the extra with `pip install 'litmine[ocr]'` and switch it on with --ocr (setting reading.ocr)."
MOST_GLYPHS = 200
"""A page with as many glyphs is text. Fewer may be a stamp on a scan ("Downloaded from …")."""
LEAST_COVER = 0.5
"""Of its area that the pictures of a scanned page cover."""
MOST_OBJECTS = 2_000
"""Objects of a page that are looked at: a scan has few."""
DOTS_PER_INCH = 200
LONGEST_SIDE = 4_000
"""Pixels: what is larger than a page is drawn coarser."""
SURE = 0.5
"""Lines recognised with a lower score are left out and counted."""
EMS = 1.25
"""Height of a recognised line's box in type sizes."""
DESCENT = 0.23
"""Of that height: what lies below the baseline."""
TALL = 1.5
"""A box this many times as high as wide holds text on its side."""
SAME_SIZE = 0.12
"""Lines whose heights differ by less than this share have one type size: boxes are exact to a pixel or two."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BOLD_INK = 1.35
"""A line with more ink than this many times the page's usual is bold; measured: bold 1.5 to 1.8, others up to 1.25."""
_FONTS = (Font("recognised", bold=False, italic=False), Font("recognised", bold=True, italic=False))


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A recognised line: its box and the left and right edges of its characters other than spaces, in points of the
    page, and the share of the box that is ink."""

    text: str
    score: float
    box: tuple[float, float, float, float]
    edges: Floats
    ink: float = 0.0

    @property
    def n_glyphs(self) -> int:
        return len(self.edges)

    @property
    def upright(self) -> bool:
        x0, y0, x1, y1 = self.box
        return self.n_glyphs < 3 or y1 - y0 < TALL * (x1 - x0)

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1] if self.upright else self.box[2] - self.box[0]


def require_ocr() -> None:
    """Raises ReadingError unless text recognition is installed."""
    missing = [name for name in ("rapidocr", "onnxruntime", "cv2") if find_spec(name) is None]
    if missing:
        raise ReadingError(f"Text recognition is asked for but not installed ({', '.join(missing)} missing). {INSTALL}")


def is_scan(pdf: Any, glyphs: PageGlyphs) -> bool:
    """Whether a page of a `pypdfium2.PdfDocument` is a picture of a page, at most with a stamp in letters."""
    import pypdfium2
    import pypdfium2.raw as raw

    if len(glyphs) >= MOST_GLYPHS:
        return False
    try:
        page = pdf[glyphs.number - 1]
    except pypdfium2.PdfiumError:
        return False
    edges = [ctypes.c_float() for _ in range(4)]
    covered = 0.0
    for i in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page, i)
        if _holds_image(thing, raw) and raw.FPDFPageObj_GetBounds(thing, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            covered += (right - left) * (top - bottom)
    width, height = page.get_size()
    return bool(covered >= LEAST_COVER * width * height)


def _holds_image(thing: Any, raw: Any, depth: int = 3) -> bool:
    kind = raw.FPDFPageObj_GetType(thing)
    if kind != raw.FPDF_PAGEOBJ_FORM or not depth:
        return bool(kind == raw.FPDF_PAGEOBJ_IMAGE)
    count = min(raw.FPDFFormObj_CountObjects(thing), MOST_OBJECTS)
    return any(_holds_image(raw.FPDFFormObj_GetObject(thing, i), raw, depth - 1) for i in range(count))


def read_scans(pdf: Any, numbers: Sequence[int]) -> Iterator[tuple[PageGlyphs, int]]:
    """The glyphs of scanned pages, each page with the count of characters left out because recognition was unsure.

    Raises ReadingError unless text recognition is installed.
    """
    require_ocr()
    pages = [_recognise(pdf[number - 1]) for number in numbers]
    sure = [[line for line in lines if line.score >= SURE] for lines in pages]
    sizes = iter(type_sizes([line for lines in sure for line in lines]))
    for number, lines, kept in zip(numbers, pages, sure, strict=True):
        unsure = sum(line.n_glyphs for line in lines if line.score < SURE)
        width, height = pdf.get_page_size(number - 1)
        yield make_glyphs(number, width, height, kept, [next(sizes) for _ in kept]), unsure


def _recognise(page: Any) -> list[ScannedLine]:
    """The lines of a `pypdfium2.PdfPage` as text recognition reads them, sure or not, in no order of meaning."""
    restart_time()  # a long scan takes minutes: each page has the time of a document
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(width, height))
    picture = np.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3])
    found = _engine()(picture, use_cls=False, return_word_box=True)
    if not found.txts:
        return []
    grey = picture.mean(axis=2, dtype=np.float32)
    return [
        _make_line(text, float(score), np.asarray(corners), [(word[0], word[2]) for word in words], scale, grey)
        for text, score, corners, words in zip(found.txts, found.scores, found.boxes, found.word_results, strict=True)
        if text.strip()
    ]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={"Global.log_level": "critical", "Global.max_side_len": LONGEST_SIDE, "Global.text_score": 0.0}
    )


def _make_line(
    text: str, score: float, corners: Floats, words: Sequence[tuple[str, Any]], scale: float, grey: Floats
) -> ScannedLine:
    """Corners are pixels and run from the top left clockwise; a slant is levelled out."""
    text = " ".join(text.translate(_FULL_WIDTH).split())
    ink = _ink(grey, corners)
    corners = corners / scale
    x0, x1 = float(corners[:, 0].min()), float(corners[:, 0].max())
    y0, y1 = float(corners[:2, 1].mean()), float(corners[2:, 1].mean())
    if y1 - y0 >= TALL * (x1 - x0):
        y0, y1 = float(corners[:, 1].min()), float(corners[:, 1].max())
    if "".join(word for word, _ in words).translate(_FULL_WIDTH) == text.replace(" ", ""):
        spans = [(len(word), np.asarray(place)[:, 0] / scale) for word, place in words]
        steps = [np.linspace(across.min(), across.max(), count + 1) for count, across in spans]
        edges = np.concatenate([np.column_stack((step[:-1], step[1:])) for step in steps])
    else:
        step = np.linspace(x0, x1, len(text) + 1)
        edges = np.column_stack((step[:-1], step[1:]))[[char != " " for char in text]]
    return ScannedLine(text, score, (x0, y0, x1, y1), edges, ink)


def _ink(grey: Floats, corners: Floats) -> float:
    """Share of a line's box that is ink, between the darkest and the lightest tone in it."""
    (x0, y0), (x1, y1) = corners.min(axis=0).clip(0).astype(int), corners.max(axis=0).astype(int)
    box = grey[y0:y1, x0:x1]
    if not box.size:
        return 0.0
    dark, light = np.percentile(box, (1, 80))
    slant = np.ptp(corners[:2, 1])
    share = ((light - box) / max(light - dark, 1.0)).clip(0, 1).mean()
    return float(share * (y1 - y0) / max(y1 - y0 - slant, 1.0))


def type_sizes(lines: Sequence[ScannedLine]) -> list[float]:
    """The type size of each line of a document, in points: heights that differ by a few pixels are one size."""
    if not lines:
        return []
    heights, at = np.unique(np.round([line.height for line in lines], 1), return_inverse=True)
    weights = np.bincount(at, [line.n_glyphs for line in lines]).astype(np.float64)
    near = np.abs(heights[:, None] - heights) < SAME_SIZE * heights
    sizes = np.zeros(len(heights))
    while (left := sizes == 0).any():
        group = left & near[:, int(np.where(left, (near & left[:, None]).T @ weights, -1.0).argmax())]
        running = np.cumsum(weights[group])
        sizes[group] = heights[group][np.searchsorted(running, running[-1] / 2)] / EMS
    return [round(size, 1) for size in sizes[at].tolist()]


def make_glyphs(
    number: int, width: float, height: float, lines: Sequence[ScannedLine], sizes: Sequence[float]
) -> PageGlyphs:
    """The page as glyphs: those of a line follow each other, evenly spread over their word."""
    # By the left edge, so that lines side by side are not neighbours in the stream.
    order = sorted(range(len(lines)), key=lambda i: (lines[i].box[0], lines[i].box[1]))
    chosen = [(lines[i], sizes[i]) for i in order]
    counts = [line.n_glyphs for line, _ in chosen]
    total = sum(counts)
    inks = np.repeat([line.ink for line in lines], [line.n_glyphs for line in lines])
    usual = float(np.median(inks)) if len(inks) else 0.0
    bold = np.array([line.ink > BOLD_INK * usual for line, _ in chosen], dtype=np.int64)
    vertical = np.repeat(np.array([(line.box[1], line.box[3]) for line, _ in chosen]).reshape(-1, 2), counts, axis=0)
    across = np.concatenate([np.zeros((0, 2)), *(line.edges for line, _ in chosen)])
    return PageGlyphs(
        number=number,
        width=width,
        height=height,
        code=np.array([ord(c) for line, _ in chosen for c in line.text if c != " "], dtype=np.int64),
        box=np.column_stack((across[:, 0], vertical[:, 0], across[:, 1], vertical[:, 1])),
        base=np.repeat(np.array([line.box[3] - DESCENT * line.height for line, _ in chosen]), counts),
        size=np.repeat(np.array([size for _, size in chosen]), counts),
        font=np.repeat(bold, counts),
        space=np.array([space for line, _ in chosen for space in _spaces(line.text)], dtype=np.bool_),
        upright=np.repeat(np.array([line.upright for line, _ in chosen], dtype=np.bool_), counts),
        hidden=np.zeros(total, dtype=np.bool_),
        fonts=_FONTS,
        rules=np.zeros((0, 4)),
        pictures=np.zeros((0, 4)),
    )


def _spaces(text: str) -> Iterator[bool]:
    for before, char in zip(" " + text, text, strict=False):
        if char != " ":
            yield before == " "
