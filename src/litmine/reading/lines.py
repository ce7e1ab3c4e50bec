"""From glyphs to lines: which glyphs stand on one line of one column, in which order, with which spaces.

Owns joining glyphs to lines, the characters they stand for (ligatures spelled out, forms of compatibility replaced),
and the style of a line. Columns, order of lines and meaning are for others. Lengths are relative to the type size.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from litmine.reading.geometry import Bools, Floats, Ints
from litmine.reading.glyphs import Font, PageGlyphs

WIDEST_SPACE = 1.2
"""A gap of more type sizes than this ends a line fragment even where the content stream goes on."""
JOINING_GAP = 0.6
"""Fragments apart in the stream but this close on one baseline are one line."""
WORD_GAP = 0.15
"""A wider gap between fragments joined into one line stands for a space."""
_ROWS_AT_ONCE = 256
LOST_SPACE = 0.26
"""A gap this wide within a run stands for a space that the stream lacks."""
NARROWEST_SPACE = 0.1
"""The least gap that may stand for a lost space where all the spaces of the line are narrow."""
LEAST_SPACE = 0.06
"""A space of the stream beside a superscript or subscript that takes less room than this is none."""
RAISED, LOWERED = 0.18, -0.08
"""A smaller glyph whose baseline is this far above (below) the line's is a superscript (subscript)."""
MOST = 0.6
"""Of a line's glyphs: more than this in bold make it bold."""
CAPTION = re.compile(
    r"(?:supplementa(?:ry|l)\s|extended data\s|additional\s|supporting\s)?"
    r"(figure|fig\.?|table|scheme|box|chart|video|movie|plate)\s?(?:s|supplement\s)?(\d{1,3}|[ivx]{1,4}\b)[a-z]?\s?(.)",
    re.IGNORECASE,
)
"""The label that opens a caption; what follows decides whether it is one."""


@dataclass(slots=True)
class Line:
    """A line of one column. `source[i]` is the glyph of `text[i]` on the page, -1 for a space between glyphs.

    `raised` is +1 for superscript, -1 for subscript characters. `left` and `right` are the edges of the column, set by
    the layout; `number` orders the columns of a page.
    """

    page: int
    text: str
    source: Ints
    raised: Ints
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool
    italic: bool
    font: str
    left: float = 0.0
    right: float = 0.0
    column: int = -1
    spanning: bool = False
    marks: set[str] = field(default_factory=set)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def n_glyphs(self) -> int:
        own = self.source[self.source >= 0]
        return 1 + int(np.count_nonzero(own[1:] != own[:-1])) if len(own) else 0

    @property
    def style(self) -> tuple[float, bool, bool]:
        return round(self.size * 4) / 4, self.bold, self.italic


def find_lines(page: PageGlyphs, keep: Bools) -> list[Line]:
    """Line fragments of the glyphs where `keep` holds, in the order of the content stream.

    Every kept glyph is in exactly one line.
    """
    chosen = np.flatnonzero(keep)
    if not len(chosen):
        return []
    piece = _pieces(page, chosen)
    line_of_piece = _joined(page, chosen, piece)
    return _build(page, chosen, piece, line_of_piece)


def _pieces(page: PageGlyphs, chosen: Ints) -> Ints:
    """Number of the run of neighbours in the stream, on one line and without a wide gap, per chosen glyph."""
    x0, y0, x1, y1 = page.box[chosen].T
    size = page.size[chosen]
    height = np.maximum(y1 - y0, 0.01)
    overlap = np.minimum(y1[1:], y1[:-1]) - np.maximum(y0[1:], y0[:-1])
    together = overlap > 0.3 * np.minimum(height[1:], height[:-1])
    gap = x0[1:] - x1[:-1]
    unit = np.maximum(size[1:], size[:-1])
    # Of a ligature that stands for two characters the first has the whole width: compare left edges too.
    forward = (gap > -0.9 * unit) | (x0[1:] > x0[:-1] - 0.2 * unit)
    together &= (gap < WIDEST_SPACE * unit) & forward
    same_size = np.abs(size[1:] - size[:-1]) < 0.1 * unit
    base = page.base[chosen]
    together &= ~(same_size & (np.abs(base[1:] - base[:-1]) > 0.55 * unit))
    numbers: Ints = np.r_[0, np.cumsum(~together)]
    return numbers


def _joined(page: PageGlyphs, chosen: Ints, piece: Ints) -> Ints:
    """Line number per piece: pieces side by side on one baseline, with no more than a space between, share one."""
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    count = len(starts)
    box = page.box[chosen]
    x0, y0 = np.minimum.reduceat(box[:, 0], starts), np.minimum.reduceat(box[:, 1], starts)
    x1, y1 = np.maximum.reduceat(box[:, 2], starts), np.maximum.reduceat(box[:, 3], starts)
    size = np.maximum.reduceat(page.size[chosen], starts)
    base = page.base[chosen][starts]
    height = y1 - y0
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = np.argsort(y0, kind="stable")
    tops = y0[order]
    for at in range(0, count, _ROWS_AT_ONCE):
        rows = order[at : at + _ROWS_AT_ONCE, None]
        others = order[at : int(np.searchsorted(tops, y1[rows].max()))]
        overlap = np.minimum(y1[rows], y1[others]) - np.maximum(y0[rows], y0[others])
        smaller = np.minimum(height[rows], height[others])
        unit = np.maximum(size[rows], size[others])
        gap = np.maximum(x0[others] - x1[rows], x0[rows] - x1[others])
        near = (overlap > 0.4 * smaller) & (gap < JOINING_GAP * unit) & (gap > -0.45 * unit)
        near &= np.arange(len(rows))[:, None] < np.arange(len(others))
        for row, other in np.argwhere(near).tolist():
            i, j = int(rows[row, 0]), int(others[other])
            larger = max(size[i], size[j])
            if abs(size[i] - size[j]) < 0.12 * larger:
                level = abs(base[i] - base[j]) < 0.2 * larger
            else:
                level = overlap[row, other] > 0.6 * smaller[row, other]
            if level:
                parent[root(j)] = root(i)
    roots = np.array([root(i) for i in range(count)])
    numbers: Ints = np.unique(roots, return_inverse=True)[1]
    return numbers


def _build(page: PageGlyphs, chosen: Ints, piece: Ints, line_of_piece: Ints) -> list[Line]:
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    piece_x = page.box[chosen][starts, 0]
    line = line_of_piece[piece]
    order = np.lexsort((np.arange(len(chosen)), piece_x[piece], line))
    glyph, line, run = chosen[order], line[order], piece[order]
    new_line = np.r_[True, line[1:] != line[:-1]]
    same_run = np.r_[False, run[1:] == run[:-1]]
    box, size = page.box[glyph], page.size[glyph]
    gap = np.r_[0.0, box[1:, 0] - box[:-1, 2]]
    wide = gap > np.where(same_run, LOST_SPACE, WORD_GAP) * size
    # pdfium puts a space between a word and its raised or lowered figure; a true one takes room.
    base = page.base[glyph]
    unit = 0.05 * size[1:]
    shifted = np.r_[False, (np.abs(np.diff(size)) > unit) | (np.abs(np.diff(base)) > unit)]
    space = (same_run & page.space[glyph] & (~shifted | (gap > LEAST_SPACE * size))) | wide
    space &= ~new_line
    _restore_spaces(space, same_run & ~shifted, gap / size, line)

    forms, lengths = _forms(page.code[glyph])
    source = np.repeat(np.arange(len(glyph)), lengths)
    before = space[source] & np.r_[True, source[1:] != source[:-1]]
    at = np.arange(len(source)) + np.cumsum(before)
    total = len(source) + int(before.sum())
    place = np.full(total, -1, dtype=np.int64)
    place[at] = source
    codes = np.full(total, 0x20, dtype=np.uint32)
    codes[at] = forms
    text = codes.tobytes().decode("utf-32-le")
    line_at = np.empty(total, dtype=np.int64)
    line_at[at] = line[source]
    line_at[place < 0] = line[source[before]]

    bounds = np.flatnonzero(np.r_[True, line_at[1:] != line_at[:-1], True]).tolist()
    starts = np.flatnonzero(new_line)
    font = page.font[glyph]
    lows, highs = np.minimum.reduceat(box, starts).tolist(), np.maximum.reduceat(box, starts).tolist()
    one_style = np.ones(len(starts), dtype=np.bool_)
    for values in (size, base, font):
        one_style &= np.minimum.reduceat(values, starts) == np.maximum.reduceat(values, starts)
    sources = np.where(place >= 0, glyph[place], -1)
    level = np.zeros(total, dtype=np.int64)
    ends = [*starts[1:].tolist(), len(glyph)]
    lines = []
    for k, (i, j) in enumerate(zip(starts.tolist(), ends, strict=True)):
        a, b = bounds[k], bounds[k + 1]
        low, high = lows[k], highs[k]
        if one_style[k]:
            style = _Style(float(size[i]), float(base[i]), low[1], high[3], page.fonts[int(font[i])], level[a:b])
        else:
            style = _mixed_style(page, glyph[i:j], np.where(place[a:b] >= 0, place[a:b] - i, -1))
        lines.append(
            Line(
                page=page.number,
                text=text[a:b],
                source=sources[a:b],
                raised=style.raised,
                x0=low[0],
                y0=style.top,
                x1=high[2],
                y1=style.bottom,
                base=style.base,
                size=style.size,
                bold=style.font.bold,
                italic=style.font.italic,
                font=style.font.name,
            )
        )
    return lines


def _restore_spaces(space: Bools, candidate: Bools, gap: Floats, line: Ints) -> None:
    """Mark gaps as spaces that are as wide as the line's other spaces, where letters otherwise stand close.

    Words set apart by position alone come without spaces, and in tight lines their gaps are narrow. `gap` is in type
    sizes.
    """
    suspects = np.flatnonzero(candidate & ~space & (gap > NARROWEST_SPACE))
    for number in np.unique(line[suspects]).tolist():
        own = line == number
        known = gap[own & space]
        letters = gap[own & ~space & (gap <= NARROWEST_SPACE)]
        if len(known) < 3 or len(letters) < 10 or float(np.percentile(letters, 90)) > 0.5 * NARROWEST_SPACE:
            continue
        mine = suspects[line[suspects] == number]
        space[mine[gap[mine] > 0.7 * float(np.median(known))]] = True


@dataclass(frozen=True, slots=True)
class _Style:
    """What most of a line's glyphs have in common; `top` and `bottom` leave superscripts and subscripts out."""

    size: float
    base: float
    top: float
    bottom: float
    font: Font
    raised: Ints


def _mixed_style(page: PageGlyphs, glyph: Ints, own: Ints) -> _Style:
    """The style of a line in several sizes, faces or levels; `own` indexes `glyph` for each character."""
    box, size, base, font = page.box[glyph], page.size[glyph], page.base[glyph], page.font[glyph]
    usual = _mode(size)
    regular = np.abs(size - usual) <= max(0.15 * usual, 0.1)
    level = float(np.median(base[regular]))
    lift = (level - base) / usual
    off_line = np.where(lift > RAISED, 1, np.where(lift < LOWERED, -1, 0))
    counts = np.bincount(font[regular]).tolist()
    total = int(regular.sum())
    bold = sum(n for f, n in enumerate(counts) if n and page.fonts[f].bold)
    italic = sum(n for f, n in enumerate(counts) if n and page.fonts[f].italic)
    face = page.fonts[counts.index(max(counts))].name
    return _Style(
        size=usual,
        base=level,
        top=float(box[regular, 1].min()),
        bottom=float(box[regular, 3].max()),
        font=Font(face, bold > MOST * total, italic > MOST * total),
        raised=np.where(own >= 0, np.where(size < 0.9 * usual, off_line, 0)[own], 0),
    )


def _mode(values: Floats) -> float:
    """The most frequent value, to a tenth; the larger of two as frequent."""
    tenths = np.bincount((values * 10 + 0.5).astype(np.int64))
    return float(len(tenths) - 1 - tenths[::-1].argmax()) / 10


_REPLACED = {
    0xFFFE: "-",  # pdfium's mark for a hyphen at a line end
    0x02: "-",
    0x00AD: "-",
    0x2011: "-",
    0x02DA: "°",
    0x25E6: "°",
    0x2126: "Ω",
    0x00B5: "μ",
    0x2206: "Δ",
}


def _forms(codes: Ints) -> tuple[Ints, Ints]:
    """What each code point stands for in the text, and how many characters that is."""
    lengths = np.ones(len(codes), dtype=np.int64)
    unusual = np.unique(codes[(codes > 0x7E) | (codes < 0x20)]).tolist()
    replaced = {code: form for code in unusual if (form := _form(code)) != chr(code)}
    if not replaced:
        return codes, lengths
    for code, form in replaced.items():
        lengths[codes == code] = len(form)
    spelled = np.repeat(codes, lengths)
    ends = np.cumsum(lengths)
    for code, form in replaced.items():
        where = np.flatnonzero(codes == code)
        for k, char in enumerate(form):
            spelled[ends[where] - len(form) + k] = ord(char)
    return spelled, lengths


def _form(code: int) -> str:
    if code in _REPLACED:
        return _REPLACED[code]
    char = chr(code)
    ligature = 0xFB00 <= code <= 0xFB06
    styled_letter = 0x1D400 <= code <= 0x1D7FF
    full_width = 0xFF01 <= code <= 0xFF5E
    if ligature or styled_letter or full_width:
        return unicodedata.normalize("NFKC", char)
    if code < 0x20 or unicodedata.category(char) in {"Cn", "Cs"}:
        return "\ufffd"
    return char
