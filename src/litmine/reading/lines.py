"""From glyphs to lines: which glyphs stand on one line of one column, in which order, with which spaces.

Owns joining glyphs to lines, the characters they stand for (ligatures spelled out, forms of compatibility replaced),
and the style of a line. Columns, order of lines and meaning are for others. Lengths are relative to the type size.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from litmine.reading.characters import character_form
from litmine.reading.geometry import Bools, Floats, Ints, is_first
from litmine.reading.glyphs.pages import Font, PageGlyphs

WIDEST_SPACE = 1.2
"""A gap of more type sizes than this ends a line fragment even where the content stream goes on."""
JOINING_GAP = 0.6
"""Fragments apart in the stream but this close on one baseline are one line, in sizes of the smaller type."""
WORD_GAP = 0.15
"""A wider gap between fragments joined into one line stands for a space."""
MOST_PIECES = 20_000
"""Runs of glyphs that follow each other; a page with more is a drawing made of letters."""
_ROWS_AT_ONCE, _PAIRS_AT_ONCE = 64, 1_000_000
LOST_SPACE = 0.26
"""A gap this wide within a run stands for a space that the stream lacks."""
NARROWEST_SPACE = 0.1
"""The least gap that may stand for a lost space where all the spaces of the line are narrow."""
LEAST_SPACE = 0.06
"""A space of the stream beside a superscript or subscript that takes less room than this is none."""
NO_SPACE = 0.01
"""A space of the stream before a glyph of another font that takes less room than this is none."""
RAISED, LOWERED = 0.18, -0.08
"""A smaller glyph whose baseline is this far above (below) the line's is a superscript (subscript)."""
INITIAL = 2.0
"""Times the type size beside it: a single capital larger than this is an initial, and a line of its own."""
MOST_SPACES = 0.45
"""Of the glyphs of a line: with more spaces than this its letters are set apart, not its words."""
LETTERSPACING = 0.12
"""A space in letterspaced type is wider by this than the gaps between letters."""
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
    underlined: bool = False

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

    Every kept glyph is in exactly one line; a page of more than `MOST_PIECES` scattered pieces has no lines.
    """
    chosen = np.flatnonzero(keep)
    if not len(chosen):
        return []
    piece = _pieces(page, chosen)
    if piece[-1] >= MOST_PIECES:
        return []
    line_of_piece = _joined(page, chosen, piece)
    return _build(page, chosen, piece, line_of_piece)


def _pieces(page: PageGlyphs, chosen: Ints) -> Ints:
    """Number of the run of neighbours in the stream, on one line and without a wide gap, per chosen glyph."""
    x0, y0, x1, y1 = np.ascontiguousarray(page.box.take(chosen, axis=0).T)
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
    code = page.code[chosen][:-1]
    alone = np.append(True, size[:-2] < 0.9 * size[1:-1]) if len(size) > 1 else np.zeros(0, dtype=np.bool_)
    together &= ~((size[:-1] > INITIAL * size[1:]) & alone & (code >= ord("A")) & (code <= ord("Z")))
    return np.append(0, np.cumsum(~together))


def _joined(page: PageGlyphs, chosen: Ints, piece: Ints) -> Ints:
    """Line number per piece: pieces side by side on one baseline, with no more than a space between, share one."""
    starts = np.flatnonzero(is_first(piece))
    count = len(starts)
    box = page.box.take(chosen, axis=0)
    x0, y0 = np.minimum.reduceat(box[:, 0], starts), np.minimum.reduceat(box[:, 1], starts)
    x1, y1 = np.maximum.reduceat(box[:, 2], starts), np.maximum.reduceat(box[:, 3], starts)
    size = np.maximum.reduceat(page.size[chosen], starts)
    base = page.base[chosen[starts]]
    for at in np.flatnonzero(page.size[chosen][starts] < 0.95 * size).tolist():
        own = chosen[starts[at] : starts[at + 1] if at + 1 < count else None]
        base[at] = page.base[own[page.size[own].argmax()]]
    height = y1 - y0
    single = np.diff(np.append(starts, len(piece))) == 1
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = np.argsort(y0, kind="stable")
    tops = y0[order]
    at = behind = 0
    while (at := behind) < count:
        behind = min(count, at + _ROWS_AT_ONCE)
        reach = int(np.searchsorted(tops, y1[order[at:behind]].max()))
        behind = min(behind, at + max(1, _PAIRS_AT_ONCE // max(1, reach - at)))
        rows, others = order[at:behind, None], order[at:reach]
        overlap = np.minimum(y1[rows], y1[others]) - np.maximum(y0[rows], y0[others])
        smaller = np.minimum(height[rows], height[others])
        unit = np.maximum(size[rows], size[others])
        gap = np.maximum(x0[others] - x1[rows], x0[rows] - x1[others])
        tight = JOINING_GAP * np.minimum(size[rows], size[others])
        near = (overlap > 0.4 * smaller) & (gap < tight) & (gap > -0.45 * unit)
        near &= np.arange(len(rows))[:, None] < np.arange(len(others))
        for row, other in np.argwhere(near).tolist():
            i, j = int(rows[row, 0]), int(others[other])
            larger = max(size[i], size[j])
            if abs(size[i] - size[j]) < 0.12 * larger:
                level = abs(base[i] - base[j]) < 0.2 * larger
            elif single[i if size[i] > size[j] else j] and larger > INITIAL * min(size[i], size[j]):
                level = False
            else:
                level = overlap[row, other] > 0.6 * smaller[row, other]
            if level:
                parent[root(j)] = root(i)
    roots = np.array([root(i) for i in range(count)])
    numbers: Ints = np.unique(roots, return_inverse=True)[1]
    return numbers


def _build(page: PageGlyphs, chosen: Ints, piece: Ints, line_of_piece: Ints) -> list[Line]:
    starts = np.flatnonzero(is_first(piece))
    pieces = np.lexsort((page.box[chosen[starts], 0], line_of_piece))
    lengths = np.diff(starts, append=len(piece))[pieces]
    run = np.repeat(pieces, lengths)
    order = np.arange(len(piece)) + np.repeat(starts[pieces] - np.cumsum(lengths) + lengths, lengths)
    glyph, line = chosen[order], line_of_piece[run]
    new_line = is_first(line)
    same_run = ~is_first(run)
    box = page.box.take(glyph, axis=0)
    size, base, font = (values.take(glyph) for values in (page.size, page.base, page.font))
    gap = np.zeros(len(glyph))
    gap[1:] = box[1:, 0] - box[:-1, 2]
    wide = gap > np.where(same_run, LOST_SPACE, WORD_GAP) * size
    # pdfium puts a space between a word and its raised or lowered figure; a true one takes room.
    unit = 0.05 * size[1:]
    shifted = np.zeros(len(glyph), dtype=np.bool_)
    shifted[1:] = (np.abs(np.diff(size)) > unit) | (np.abs(np.diff(base)) > unit)
    space = (same_run & page.space[glyph] & (~shifted | (gap > LEAST_SPACE * size))) | wide
    space &= ~new_line
    space[1:] &= wide[1:] | (gap[1:] > NO_SPACE * size[1:]) | (font[1:] == font[:-1])
    _restore_spaces(space, same_run & ~shifted, gap / size, line)
    code = page.code[glyph]
    _close_up_letters(space, gap / size, line, code)

    forms, lengths = _forms(code)
    source = np.repeat(np.arange(len(glyph), dtype=np.int32), lengths)
    before = space[source] & is_first(source)
    at = np.arange(len(source)) + np.cumsum(before)
    total = len(source) + int(np.count_nonzero(before))
    place = np.full(total, -1, dtype=np.int32)
    place[at] = source
    codes = np.full(total, 0x20, dtype=np.uint32)
    codes[at] = forms
    text = codes.tobytes().decode("utf-32-le")
    sources = np.full(total, -1, dtype=np.int32)
    sources[at] = glyph[source]

    starts = np.flatnonzero(new_line)
    # A space stands behind its line's first glyph, so that lines start at glyphs.
    bounds = [*at[np.searchsorted(source, starts)].tolist(), total]
    lows, highs = np.minimum.reduceat(box, starts).tolist(), np.maximum.reduceat(box, starts).tolist()
    one_size, one_base, one_font = (
        np.minimum.reduceat(values, starts) == np.maximum.reduceat(values, starts) for values in (size, base, font)
    )
    one_level, one_face = (one_size & one_base).tolist(), one_font.tolist()
    ends = [*starts[1:].tolist(), len(glyph)]
    sizes, bases, faces = size[starts].tolist(), base[starts].tolist(), font[starts].tolist()
    lines = []
    for k, (i, j) in enumerate(zip(starts.tolist(), ends, strict=True)):
        a, b = bounds[k], bounds[k + 1]
        low, high = lows[k], highs[k]
        if one_level[k]:
            face = page.fonts[faces[k]] if one_face[k] else _usual_face(font[i:j], page.fonts)
            style = _Style(sizes[k], bases[k], low[1], high[3], face)
            level = _on_line(b - a)
        else:
            style, raised = _mixed_style(box[i:j], size[i:j], base[i:j], font[i:j], page.fonts, code[i:j])
            own = place[a:b]
            level = np.where(own >= 0, raised[np.maximum(own - i, 0)], 0) if raised.any() else _on_line(b - a)
        lines.append(
            Line(
                page=page.number,
                text=text[a:b],
                source=sources[a:b],
                raised=level,
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


@lru_cache(maxsize=512)
def _on_line(length: int) -> NDArray[np.int8]:
    """Characters neither raised nor lowered; lines share them."""
    level = np.zeros(length, dtype=np.int8)
    level.flags.writeable = False
    return level


def _restore_spaces(space: Bools, candidate: Bools, gap: Floats, line: Ints) -> None:
    """Mark gaps as spaces that are as wide as the line's other spaces, where letters otherwise stand close.

    Words set apart by position alone come without spaces, and in tight lines their gaps are narrow. `gap` is in type
    sizes.
    """
    suspects = np.flatnonzero(candidate & ~space & (gap > NARROWEST_SPACE))
    for number in np.unique(line[suspects]).tolist():
        own = slice(*np.searchsorted(line, (number, number + 1)).tolist())
        spaced, gaps = space[own], gap[own]
        known = gaps[spaced]
        letters = gaps[~spaced & (gaps <= NARROWEST_SPACE)]
        if len(known) < 3 or len(letters) < 10 or float(np.percentile(letters, 90)) > 0.5 * NARROWEST_SPACE:
            continue
        mine = suspects[line[suspects] == number]
        space[mine[gap[mine] > 0.7 * float(np.median(known))]] = True


def _close_up_letters(space: Bools, gap: Floats, line: Ints, code: Ints) -> None:
    """Leave only the spaces between words in lines of letterspaced type. `gap` is in type sizes."""
    letter = _is_letter(code | 0x20, "az")
    spaces, glyphs, letters = (np.bincount(line, weights) for weights in (space, None, letter))
    spread = (spaces > MOST_SPACES * glyphs) & (glyphs >= 6) & (letters > MOST * glyphs)
    for number in np.flatnonzero(spread).tolist():
        first, end = np.searchsorted(line, (number, number + 1)).tolist()
        own = slice(first + 1, end)
        space[own] = gap[own] > float(np.median(gap[own])) + LETTERSPACING


class _Style(NamedTuple):
    """What most of a line's glyphs have in common; `top` and `bottom` leave superscripts and subscripts out."""

    size: float
    base: float
    top: float
    bottom: float
    font: Font


def _mixed_style(
    box: Floats, size: Floats, base: Floats, font: Ints, fonts: Sequence[Font], code: Ints
) -> tuple[_Style, NDArray[np.int8]]:
    """The style of a line in several sizes or levels; with the glyphs that are raised (1) or lowered (-1).

    In small capitals the size is that of the large ones.
    """
    usual = _mode(size)
    larger = size > 1.15 * usual
    if larger.any():
        lift = _median(base[larger]) - _median(base[np.abs(size - usual) <= 0.1])
        capitals = not _is_letter(code[larger], "az").any() and _is_letter(code[~larger] | 0x20, "az").sum() > 3
        if lift > RAISED * usual or (capitals and abs(lift) < 0.1 * usual and size.max() < 1.6 * usual):
            usual = _mode(size[larger])
    regular = np.abs(size - usual) <= max(0.15 * usual, 0.1)
    level = _median(base[regular])
    above = level - base
    small = size < 0.9 * usual
    lifted = ((above > RAISED * usual) & small).astype(np.int8) - ((above < LOWERED * usual) & small)
    top, bottom = float(box[regular, 1].min()), float(box[regular, 3].max())
    return _Style(usual, level, top, bottom, _usual_face(font[regular], fonts)), lifted


def _usual_face(font: Ints, fonts: Sequence[Font]) -> Font:
    """The most frequent font's name, and the weight and slope of most glyphs."""
    numbers, counts = np.unique(font, return_counts=True)
    used = [(n, fonts[f]) for f, n in zip(numbers.tolist(), counts.tolist(), strict=True)]
    return Font(
        max(used, key=lambda item: item[0])[1].name,
        sum(n for n, own in used if own.bold) > MOST * len(font),
        sum(n for n, own in used if own.italic) > MOST * len(font),
    )


def _is_letter(code: Ints, ends: str) -> Bools:
    return (code >= ord(ends[0])) & (code <= ord(ends[1]))


def _median(values: Floats) -> float:
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2


def _mode(values: Floats) -> float:
    """The most frequent value, to a tenth; the larger of two as frequent."""
    tenths = np.bincount((values * 10 + 0.5).astype(np.int64))
    return float(len(tenths) - 1 - tenths[::-1].argmax()) / 10


def _forms(codes: Ints) -> tuple[Ints, Ints]:
    """What each code point stands for in the text, and how many characters that is."""
    lengths = np.ones(len(codes), dtype=np.int64)
    unusual = np.unique(codes[(codes > 0x7E) | (codes < 0x20)]).tolist()
    replaced = {code: form for code in unusual if (form := character_form(code)) != chr(code)}
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
