"""Glyphs, ruling lines and pictures of PDF pages, fetched from pdfium into NumPy arrays.

Owns every call into pdfium below the document level. Knows nothing of lines, columns or meaning.
Coordinates leave here with the origin top left, y downwards, in points, of the page as displayed; a page whose text
stands on its side is turned upright first (`PageGlyphs.turn` says by how much, `display_boxes` undoes it).
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np

from litmine.reading.geometry import Bools, Floats, Ints, View, turn_boxes

MAX_OBJECTS = 40_000
"""Graphic objects looked at per page; a map with more is a picture all the same."""
LARGEST_CROP = 0.6
"""Of the page's area: a larger clipping box is the page's own."""
THIN = 2.5
"""A drawn box thinner than this many points is a ruling line."""


@dataclass(frozen=True, slots=True)
class Font:
    name: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """Visible glyphs of one page in the order of the content stream, in parallel arrays.

    `code` is a Unicode code point; `box` has columns x0, y0, x1, y1 and spans ascent to descent; `base` is the y of
    the baseline; `font` indexes `fonts`; `space` tells that white space or a line break precedes the glyph in the
    stream; `upright` is False for text at an angle to the rest of the page; `hidden` is True for what a clipping path
    cuts away, as where a figure was cropped from a manuscript's page. `rules` and `pictures` are boxes of ruling
    lines and of everything else drawn.
    """

    number: int
    width: float
    height: float
    code: Ints
    box: Floats
    base: Floats
    size: Floats
    font: Ints
    space: Bools
    upright: Bools
    hidden: Bools
    fonts: tuple[Font, ...]
    rules: Floats
    pictures: Floats
    turn: int = 0

    def __len__(self) -> int:
        return len(self.code)

    def display_boxes(self) -> Floats:
        """The boxes on the page as displayed."""
        return turn_boxes(self.box, (4 - self.turn) % 4, self.width, self.height)


def iter_page_glyphs(pdf: Any) -> Iterator[PageGlyphs]:
    """Every page of an open `pypdfium2.PdfDocument`, in order; a page pdfium cannot load comes without glyphs."""
    fetcher = _Fetcher()
    for index in range(len(pdf)):
        yield fetcher.fetch(pdf, index)


def _fast(function: Any, restype: Any, *argtypes: Any) -> Any:
    """The same C function without releasing the GIL and without per-argument conversion: a third of the cost."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(restype, *argtypes)(address)


class _Fetcher:
    """Holds the prototypes and what is known about fonts, which pages share."""

    def __init__(self) -> None:
        import pypdfium2.raw as raw

        pointer, integer = ctypes.c_void_p, ctypes.c_int
        self._raw = raw
        self._loose_box = _fast(raw.FPDFText_GetLooseCharBox, integer, pointer, integer, pointer)
        self._text_object = _fast(raw.FPDFText_GetTextObject, ctypes.c_size_t, pointer, integer)
        self._unicode = _fast(raw.FPDFText_GetUnicode, ctypes.c_uint, pointer, integer)
        self._matrix = _fast(raw.FPDFText_GetMatrix, integer, pointer, integer, pointer)
        self._size = _fast(raw.FPDFText_GetFontSize, ctypes.c_double, pointer, integer)
        self._origin = _fast(raw.FPDFText_GetCharOrigin, integer, pointer, integer, pointer, pointer)
        self._clip_path = _fast(raw.FPDFPageObj_GetClipPath, ctypes.c_size_t, pointer)
        self._font_of = _fast(raw.FPDFTextObj_GetFont, pointer, pointer)
        self._fonts: dict[tuple[str, int, int], int] = {}
        self._font_list: list[Font] = []

    def fetch(self, pdf: Any, index: int) -> PageGlyphs:
        raw = self._raw
        page = raw.FPDF_LoadPage(pdf, index)
        if not page:
            return _empty_page(index + 1)
        text_page = raw.FPDFText_LoadPage(page)
        try:
            view = View(raw, page)
            glyphs = self._glyphs(text_page, index + 1, view) if text_page else _empty_page(index + 1)
            rules, pictures = self._drawings(page, view)
            glyphs = replace(
                glyphs,
                width=view.width,
                height=view.height,
                rules=rules,
                pictures=pictures,
                fonts=tuple(self._font_list),
            )
            return _turned_upright(glyphs, view.directions)
        finally:
            if text_page:
                raw.FPDFText_ClosePage(text_page)
            raw.FPDF_ClosePage(page)

    def _glyphs(self, text_page: Any, number: int, view: "View") -> PageGlyphs:
        raw = self._raw
        count = raw.FPDFText_CountChars(text_page)
        if count <= 0:
            return _empty_page(number)
        handle = ctypes.cast(text_page, ctypes.c_void_p)
        codes = self._codes(text_page, handle, count)
        blank = _is_blank(codes)
        visible = np.flatnonzero(~blank)
        if not len(visible):
            return _empty_page(number)
        wanted = visible.tolist()
        buffer = np.zeros((len(wanted), 4), dtype=np.float32)
        at = buffer.ctypes.data
        for _ in map(self._loose_box, repeat(handle), wanted, range(at, at + 16 * len(wanted), 16)):
            pass
        owners = np.fromiter(map(self._text_object, repeat(handle), wanted), dtype=np.uint64, count=len(wanted))
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        lengths = np.diff(np.r_[starts, len(wanted)])
        *columns, clips = self._runs(
            handle, [wanted[start] for start in starts.tolist()], owners[starts].tolist(), view
        )
        size, base, font, view.directions = (np.repeat(column, lengths) for column in columns)
        left, top, right, bottom = buffer.astype(np.float64).T
        box = np.nan_to_num(view.boxes(left, bottom, right, top))
        before = np.concatenate(([0], np.cumsum(blank)))[visible]
        space = np.r_[True, before[1:] != before[:-1]]
        return PageGlyphs(
            number=number,
            width=view.width,
            height=view.height,
            code=codes[visible],
            box=box,
            base=base.astype(np.float64),
            size=size.astype(np.float64),
            font=font.astype(np.int64),
            space=space,
            upright=np.ones(len(visible), dtype=np.bool_),
            hidden=_hidden(box, np.repeat(clips, lengths, axis=0), view.width * view.height),
            fonts=(),
            rules=np.zeros((0, 4)),
            pictures=np.zeros((0, 4)),
        )

    def _codes(self, text_page: Any, handle: ctypes.c_void_p, count: int) -> Ints:
        """Code points by character index; the bulk text is used where it has one unit per character."""
        units = np.zeros(count + 1, dtype=np.uint16)
        written = self._raw.FPDFText_GetText(text_page, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)))
        surrogates = (units >= 0xD800) & (units < 0xE000)
        if written == count + 1 and not surrogates.any():
            return units[:count].astype(np.int64)
        codes = np.fromiter(map(self._unicode, repeat(handle), range(count)), dtype=np.int64, count=count)
        return _paired(codes)

    def _runs(
        self, handle: ctypes.c_void_p, chars: list[int], owners: list[int], view: "View"
    ) -> tuple[Floats, Floats, Ints, Ints, Floats]:
        """Size, baseline, font, reading direction (quarter turns, or -1 for any other angle) and clipping box of text
        objects.

        `chars` are their first characters.
        """
        count = len(chars)
        matrices = np.zeros((count, 6), dtype=np.float32)
        origins = np.zeros((count, 2), dtype=np.float64)
        matrix_at, origin_at = matrices.ctypes.data, origins.ctypes.data
        sizes = np.zeros(count)
        font_at: dict[int, int] = {}
        fonts = np.zeros(count, dtype=np.int64)
        clips = np.tile([-np.inf, -np.inf, np.inf, np.inf], (count, 1))
        for i, (char, owner) in enumerate(zip(chars, owners, strict=True)):
            self._matrix(handle, char, matrix_at + 24 * i)
            self._origin(handle, char, origin_at + 16 * i, origin_at + 16 * i + 8)
            sizes[i] = self._size(handle, char)
            face = (self._font_of(owner) or 0) if owner else 0
            if face not in font_at:
                font_at[face] = self._font(face)
            fonts[i] = font_at[face]
            if owner and (path := self._clip_path(owner)):
                clips[i] = self._clip_box(path)
        a, b, c, d = matrices[:, :4].astype(np.float64).T
        height = np.hypot(c, d)
        quarters = np.degrees(np.arctan2(b, a)) / 90.0
        nearest = np.rint(quarters)
        direction = np.where(np.abs(quarters - nearest) < 0.05, (nearest - view.rotation) % 4, -1).astype(np.int64)
        point = view.boxes(origins[:, 0], origins[:, 1], origins[:, 0], origins[:, 1])
        base = np.where(direction % 2 == 1, point[:, 0], point[:, 1])
        clips = view.boxes(*clips.T)
        # Mirrored text has negative sizes; damaged files have any.
        size = np.nan_to_num(np.abs(sizes * np.where(height > 0, height, 1.0))).clip(0.1, 2000.0)
        return size, np.nan_to_num(base), fonts, direction, clips

    def _clip_box(self, path: int) -> tuple[float, float, float, float]:
        """Bounds common to all parts of a clipping path, in user space: left, bottom, right, top."""
        raw = self._raw
        clip = ctypes.cast(path, raw.FPDF_CLIPPATH)
        left, bottom, right, top = -np.inf, -np.inf, np.inf, np.inf
        x, y = ctypes.c_float(), ctypes.c_float()
        for part in range(max(0, raw.FPDFClipPath_CountPaths(clip))):
            points = []
            for i in range(min(raw.FPDFClipPath_CountPathSegments(clip, part), 200)):
                segment = raw.FPDFClipPath_GetPathSegment(clip, part, i)
                if raw.FPDFPathSegment_GetPoint(segment, x, y):
                    points.append((x.value, y.value))
            if points:
                xs, ys = zip(*points, strict=True)
                left, bottom = max(left, min(xs)), max(bottom, min(ys))
                right, top = min(right, max(xs)), min(top, max(ys))
        return left, bottom, right, top

    def _font(self, face: int) -> int:
        raw = self._raw
        name, weight, flags = "", 0, 0
        if face:
            font = ctypes.cast(face, raw.FPDF_FONT)
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            whole = buffer.value.decode("utf-8", "replace")
            name = whole.partition("+")[2] or whole
            weight, flags = raw.FPDFFont_GetWeight(font), raw.FPDFFont_GetFlags(font)
        key = (name, weight, flags)
        if key not in self._fonts:
            self._fonts[key] = len(self._font_list)
            self._font_list.append(_make_font(name, weight, flags))
        return self._fonts[key]

    def _drawings(self, page: Any, view: "View") -> tuple[Floats, Floats]:
        raw = self._raw
        found: list[tuple[float, float, float, float]] = []
        edges = [ctypes.c_float() for _ in range(4)]
        area = view.width * view.height

        def collect(
            count: int, fetch: Any, parent: Any, shift: tuple[float, float, float, float, float, float]
        ) -> None:
            a, b, c, d, e, f = shift
            for i in range(min(count, MAX_OBJECTS)):
                thing = fetch(parent, i)
                kind = raw.FPDFPageObj_GetType(thing)
                if kind == raw.FPDF_PAGEOBJ_TEXT or not raw.FPDFPageObj_GetBounds(thing, *edges):
                    continue
                left, bottom, right, top = (edge.value for edge in edges)
                xs = (a * left + c * bottom + e, a * right + c * top + e)
                ys = (b * left + d * bottom + f, b * right + d * top + f)
                wide = (max(xs) - min(xs)) * (max(ys) - min(ys)) > 0.4 * area
                if kind == raw.FPDF_PAGEOBJ_FORM and wide:
                    matrix = raw.FS_MATRIX()
                    raw.FPDFPageObj_GetMatrix(thing, matrix)
                    inner = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                    collect(raw.FPDFFormObj_CountObjects(thing), raw.FPDFFormObj_GetObject, thing, inner)
                    continue
                if not wide:
                    found.append((min(xs), min(ys), max(xs), max(ys)))

        collect(raw.FPDFPage_CountObjects(page), raw.FPDFPage_GetObject, page, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
        if not found:
            return np.zeros((0, 4)), np.zeros((0, 4))
        boxes = view.boxes(*np.array(found).T)
        boxes[:, [0, 2]] = boxes[:, [0, 2]].clip(0.0, view.width)
        boxes[:, [1, 3]] = boxes[:, [1, 3]].clip(0.0, view.height)
        thickness = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        return boxes[thickness <= THIN], boxes[thickness > THIN]


def _turned_upright(page: PageGlyphs, directions: Ints) -> PageGlyphs:
    """Turn the page so that most of its text reads from left to right, and mark the rest as not upright."""
    if not len(page):
        return page
    counts = np.bincount(directions[directions >= 0], minlength=4)
    main = int(counts.argmax()) if counts.any() else 0
    upright = directions == main
    if main == 0:
        return replace(page, upright=upright)
    box = turn_boxes(page.box, main, page.width, page.height)
    swap = main % 2 == 1
    # Baselines of text on its side are x positions on the displayed page.
    along = page.height if main == 2 else page.width
    base = np.where(upright, (along - page.base) if main in (2, 3) else page.base, page.base)
    return replace(
        page,
        width=page.height if swap else page.width,
        height=page.width if swap else page.height,
        box=box,
        base=base,
        upright=upright,
        rules=turn_boxes(page.rules, main, page.width, page.height),
        pictures=turn_boxes(page.pictures, main, page.width, page.height),
        turn=main,
    )


def _hidden(box: Floats, clip: Floats, page_area: float) -> Bools:
    """Glyphs cut away by their clipping box, with all others of that box where it is a crop of part of the page.

    A figure cropped from a manuscript's page still holds the manuscript's text, under the figure or the journal's own.
    """
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    cut = (x < clip[:, 0] - 1) | (x > clip[:, 2] + 1) | (y < clip[:, 1] - 1) | (y > clip[:, 3] + 1)
    if not cut.any():
        return cut
    hidden: Bools = cut.copy()
    for crop in np.unique(clip[cut], axis=0):
        if (crop[2] - crop[0]) * (crop[3] - crop[1]) < LARGEST_CROP * page_area:
            hidden |= (clip == crop).all(axis=1)
    return hidden


def _paired(codes: Ints) -> Ints:
    """Surrogate pairs as one code point followed by a blank; a lone surrogate as the replacement character."""
    high, low = (codes >> 10) == 0x36, (codes >> 10) == 0x37
    first = np.flatnonzero(high[:-1] & low[1:])
    paired = np.where(high | low, 0xFFFD, codes)
    paired[first] = 0x10000 + ((codes[first] & 0x3FF) << 10) + (codes[first + 1] & 0x3FF)
    paired[first + 1] = 0x200B
    return paired


def _is_blank(codes: Ints) -> Bools:
    blank: Bools = (
        ((codes <= 0x20) & (codes != 0x02))
        | ((codes >= 0x7F) & (codes <= 0xA0))
        | ((codes >= 0x2000) & (codes <= 0x200F))
        | ((codes >= 0x2028) & (codes <= 0x202F))
        | (codes == 0x3000)
        | (codes == 0xFEFF)
    )
    return blank


_BOLD = re.compile(r"bold|black|heavy|demi|semibd|[-.]B$|[-.]BI$|Bd(?:It)?$|-Medi", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|[-.]I$|[-.]BI$|It$", re.IGNORECASE)


def _make_font(name: str, weight: int, flags: int) -> Font:
    return Font(name, bool(_BOLD.search(name)) or weight >= 600, bool(_ITALIC.search(name)) or bool(flags & 64))


def _empty_page(number: int) -> PageGlyphs:
    none, boxes = np.zeros(0), np.zeros((0, 4))
    integers, booleans = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return PageGlyphs(
        number, 0.0, 0.0, integers, boxes, none, none, integers, booleans, booleans, booleans, (), boxes, boxes
    )
