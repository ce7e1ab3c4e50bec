"""Glyphs, ruling lines and pictures of PDF pages, fetched from pdfium into NumPy arrays.

Owns every call into pdfium below the document level. Knows nothing of lines, columns or meaning.
Coordinates leave here with the origin top left, y downwards, in points, of the page as displayed; a page whose text
stands on its side is turned upright first (`PageGlyphs.turn` says by how much, `display_boxes` undoes it).
"""

import ctypes
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from litmine.reading.geometry import Bools, Floats, Ints, View, is_first, turn_boxes
from litmine.reading.glyphs.bulk import Bulk, Handle
from litmine.reading.glyphs.codes import UNMAPPED, is_blank, paired, public
from litmine.reading.glyphs.drawings import find_drawings
from litmine.reading.glyphs.pi_fonts import PiFonts

LARGEST_CROP = 0.6
"""Of the page's area: a larger clipping box is the page's own."""


@dataclass(frozen=True, slots=True)
class Font:
    name: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """What is kept of a page while the rest of the document is read: its size, where its glyphs stand, in the order
    of the content stream, and what is drawn on it.

    `box` has columns x0, y0, x1, y1 and spans ascent to descent; `rules` and `pictures` are boxes of ruling lines and
    of everything else drawn.
    """

    number: int
    width: float
    height: float
    box: Floats
    rules: Floats
    pictures: Floats
    turn: int = 0

    def __len__(self) -> int:
        return len(self.box)

    def display_boxes(self) -> Floats:
        """The boxes on the page as displayed."""
        return turn_boxes(self.box, (4 - self.turn) % 4, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGlyphs(PageFrame):
    """Visible glyphs of one page in the order of the content stream, in parallel arrays.

    `code` is a Unicode code point; `base` is the y of the baseline; `font` indexes `fonts`; `space` tells that white
    space or a line break precedes the glyph in the stream; `upright` is False for text at an angle to the rest of the
    page; `hidden` is True for what a clipping path cuts away, as where a figure was cropped from a manuscript's page.
    """

    code: Ints
    base: Floats
    size: Floats
    font: Ints
    space: Bools
    upright: Bools
    hidden: Bools
    fonts: tuple[Font, ...]

    @property
    def unmapped(self) -> Bools:
        """Glyphs of which the font does not say which characters they are."""
        unmapped: Bools = self.code == UNMAPPED
        return unmapped

    def frame(self) -> PageFrame:
        """The page without its characters, in a third of the memory."""
        return PageFrame(
            number=self.number,
            width=self.width,
            height=self.height,
            box=_apart(self.box),
            rules=self.rules.astype(np.float32),
            pictures=self.pictures.astype(np.float32),
            turn=self.turn,
        )

    def stream_text(self) -> str:
        """The characters in the order of the content stream, with its spaces."""
        spaced = np.column_stack((np.where(self.space, 0x20, 0), self.code)).ravel()
        return spaced[spaced > 0].astype(np.uint32).tobytes().decode("utf-32-le", "replace")


def _apart(boxes: Floats) -> Floats:
    """A copy in memory of its own, which the system has back as soon as the boxes are let go."""
    if not len(boxes):
        return boxes.astype(np.float32)
    memory = mmap.mmap(-1, 4 * boxes.size)
    own = np.frombuffer(memory, dtype=np.float32).reshape(boxes.shape)
    own[:] = boxes
    return own


@dataclass(frozen=True, slots=True)
class _Runs:
    """Of text objects: type size, baseline, font, reading direction (quarter turns, or -1 for any other angle), and
    clipping boxes where any of them has one."""

    size: Floats
    base: Floats
    font: Ints
    direction: Ints
    clips: Floats | None


def iter_page_glyphs(pdf: Any) -> Iterator[PageGlyphs]:
    """Every page of an open `pypdfium2.PdfDocument`, in order; a page pdfium cannot load comes without glyphs."""
    fetcher = _Fetcher()
    for index in range(len(pdf)):
        yield fetcher.fetch(pdf, index)


class _Fetcher:
    """Holds the functions and what is known about fonts, which pages share."""

    def __init__(self) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._bulk = Bulk(raw)
        self._fonts: dict[tuple[str, int, int], int] = {}
        self._font_list: list[Font] = []
        self._mapped: Bools = np.zeros((16, 0x10000), dtype=np.bool_)
        self._faces: dict[int, tuple[int, str]] = {}
        self._pi_fonts = PiFonts(raw)

    def fetch(self, pdf: Any, index: int) -> PageGlyphs:
        raw = self._raw
        page = raw.FPDF_LoadPage(pdf, index)
        if not page:
            return empty_page(index + 1)
        text_page = raw.FPDFText_LoadPage(page)
        try:
            view = View(raw, page)
            glyphs = self._glyphs(text_page, index + 1, view) if text_page else empty_page(index + 1)
            rules, pictures = find_drawings(raw, page, view)
            glyphs = replace(
                glyphs,
                width=view.width,
                height=view.height,
                rules=rules,
                pictures=pictures,
                fonts=tuple(self._font_list),
            )
            return turned_upright(glyphs, view.directions)
        finally:
            if text_page:
                raw.FPDFText_ClosePage(text_page)
            raw.FPDF_ClosePage(page)

    def _glyphs(self, text_page: Any, number: int, view: "View") -> PageGlyphs:
        count = self._raw.FPDFText_CountChars(text_page)
        if count <= 0:
            return empty_page(number)
        codes = self._codes(text_page, count)
        controls = np.flatnonzero((codes < 0x20) & (codes != 0x0D) & (codes != 0x0A))
        codes[controls[self._bulk.unmapped(text_page, controls.tolist())]] = UNMAPPED
        blank = is_blank(codes)
        visible = np.flatnonzero(~blank)
        if not len(visible):
            return empty_page(number)
        wanted = visible.tolist()
        left, top, right, bottom = self._bulk.boxes(text_page, wanted).astype(np.float64).T
        box = view.boxes(left, bottom, right, top)
        if not np.isfinite(box).all():
            box = np.nan_to_num(box)
        owners = self._bulk.owners(text_page, wanted)
        starts = np.flatnonzero(is_first(owners))
        lengths = np.diff(starts, append=len(wanted))
        runs = self._runs(text_page, visible[starts].tolist(), owners[starts].tolist(), view)
        font = np.repeat(runs.font, lengths)
        view.directions = np.repeat(runs.direction, lengths)
        codes = codes[visible]
        codes[self._unmapped(text_page, visible, codes, font, starts)] = UNMAPPED
        before = np.cumsum(blank)[visible]
        return PageGlyphs(
            number=number,
            width=view.width,
            height=view.height,
            code=public(self._pi_fonts.read(codes, font, self._faces)),
            box=box,
            base=np.repeat(runs.base, lengths),
            size=np.repeat(runs.size, lengths),
            font=font,
            space=is_first(before),
            upright=np.ones(len(visible), dtype=np.bool_),
            hidden=_hidden(box, runs.clips, lengths, view.width * view.height),
            fonts=(),
            rules=np.zeros((0, 4)),
            pictures=np.zeros((0, 4)),
        )

    def _codes(self, text_page: Any, count: int) -> Ints:
        """Code points by character index; the bulk text is used where it has one unit per character."""
        units = np.zeros(count + 1, dtype=np.uint16)
        written = self._raw.FPDFText_GetText(text_page, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)))
        surrogates = (units >= 0xD800) & (units < 0xE000)
        if written == count + 1 and not surrogates.any():
            return units[:count].astype(np.int64)
        return paired(self._bulk.codes(text_page, range(count)))

    def _unmapped(self, text_page: Any, chars: Ints, codes: Ints, font: Ints, starts: Ints) -> Bools:
        """Which characters their font does not name.

        Asked for where a code is met for the first time in a font, and for all characters of a font that does not
        name the first one of a run.
        """
        silent = self._bulk.unmapped(text_page, chars[starts].tolist())
        low = codes & 0xFFFF
        asked = ~self._mapped[font, low]
        if silent.any():
            asked |= np.isin(font, font[starts[silent]])
        unmapped = np.zeros(len(chars), dtype=np.bool_)
        if asked.any():
            at = np.flatnonzero(asked)
            unmapped[at] = self._bulk.unmapped(text_page, chars[at].tolist())
            self._mapped[font[asked & ~unmapped], low[asked & ~unmapped]] = True
        return unmapped

    def _runs(self, text_page: Any, chars: list[int], owners: list[int], view: "View") -> "_Runs":
        """What is common to the characters of each text object; `chars` are the first ones."""
        bulk = self._bulk
        a, b, c, d = bulk.matrices(text_page, chars)[:, :4].astype(np.float64).T
        x, y = bulk.origins(text_page, chars).T
        faces = bulk.fonts(owners)
        known = {face: self._font(face) for face in set(faces)}
        clips: Floats | None = None
        boxes: dict[tuple[int, ...], tuple[float, float, float, float]] = {}
        for i, path, parts in bulk.clip_paths(owners):
            if clips is None:
                clips = np.tile([-np.inf, -np.inf, np.inf, np.inf], (len(chars), 1))
            clips[i] = self._clip_box(path, parts, boxes)
        height = np.hypot(c, d)
        quarters = np.degrees(np.arctan2(b, a)) / 90.0
        nearest = np.rint(quarters)
        direction = np.where(np.abs(quarters - nearest) < 0.05, (nearest - view.rotation) % 4, -1).astype(np.int64)
        point = view.boxes(x, y, x, y)
        base = np.where(direction % 2 == 1, point[:, 0], point[:, 1])
        # Mirrored text has negative sizes; damaged files have any.
        size = np.abs(bulk.sizes(text_page, chars) * np.where(height > 0, height, 1.0))
        return _Runs(
            size=np.nan_to_num(size).clip(0.1, 2000.0),
            base=np.nan_to_num(base),
            font=np.array([known[face] for face in faces], dtype=np.int64),
            direction=direction,
            clips=None if clips is None else view.boxes(*clips.T),
        )

    def _clip_box(
        self, path: Handle, parts: int, known: dict[tuple[int, ...], tuple[float, float, float, float]]
    ) -> tuple[float, float, float, float]:
        """Bounds common to all parts of a clipping path, in user space: left, bottom, right, top.

        Objects share the points of their paths, so that `known` of a page need hold few.
        """
        raw = self._raw
        clip = ctypes.cast(path, raw.FPDF_CLIPPATH)
        firsts = [raw.FPDFClipPath_GetPathSegment(clip, part, 0) for part in range(parts)]
        key = tuple(ctypes.cast(first, ctypes.c_void_p).value or 0 for first in firsts)
        if key not in known:
            known[key] = self._bounds(clip, parts)
        return known[key]

    def _bounds(self, clip: Any, parts: int) -> tuple[float, float, float, float]:
        raw = self._raw
        left, bottom, right, top = -np.inf, -np.inf, np.inf, np.inf
        x, y = ctypes.c_float(), ctypes.c_float()
        for part in range(parts):
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
            self._font_list.append(make_font(name, weight, flags))
            if len(self._font_list) > len(self._mapped):
                self._mapped = np.concatenate((self._mapped, np.zeros_like(self._mapped)))
        self._faces[self._fonts[key]] = (face, name)
        return self._fonts[key]


def turned_upright(page: PageGlyphs, directions: Ints) -> PageGlyphs:
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


def _hidden(box: Floats, clips: Floats | None, lengths: Ints, page_area: float) -> Bools:
    """Glyphs cut away by their clipping box, with all others of that box where it is a crop of part of the page.

    A figure cropped from a manuscript's page still holds the manuscript's text, under the figure or the journal's own.
    """
    if clips is None:
        return np.zeros(len(box), dtype=np.bool_)
    clip = np.repeat(clips, lengths, axis=0)
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    cut = (x < clip[:, 0] - 1) | (x > clip[:, 2] + 1) | (y < clip[:, 1] - 1) | (y > clip[:, 3] + 1)
    if not cut.any():
        return cut
    hidden: Bools = cut.copy()
    for crop in np.unique(clip[cut], axis=0):
        if (crop[2] - crop[0]) * (crop[3] - crop[1]) < LARGEST_CROP * page_area:
            hidden |= (clip == crop).all(axis=1)
    return hidden


_BOLD = re.compile(r"bold|black|heavy|demi|semibd|[-.]B$|[-.]BI$|Bd(?:It)?$|-Medi", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|[-.]I$|[-.]BI$|It$", re.IGNORECASE)


def make_font(name: str, weight: int, flags: int) -> Font:
    return Font(name, bool(_BOLD.search(name)) or weight >= 600, bool(_ITALIC.search(name)) or bool(flags & 64))


def empty_page(number: int) -> PageGlyphs:
    none, boxes = np.zeros(0), np.zeros((0, 4))
    integers, booleans = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return PageGlyphs(
        number=number,
        width=0.0,
        height=0.0,
        box=boxes,
        rules=boxes,
        pictures=boxes,
        code=integers,
        base=none,
        size=none,
        font=integers,
        space=booleans,
        upright=booleans,
        hidden=booleans,
        fonts=(),
    )
