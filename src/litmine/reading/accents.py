"""Letters with accents that are drawn as two glyphs, one over the other: one character each.

Owns finding the letter under an accent by their places on the page; old fonts and TeX set "e" and "´" for "é".
"""

import unicodedata
from dataclasses import replace

import numpy as np

from litmine.reading.geometry import Bools
from litmine.reading.glyphs.pages import PageGlyphs

_MARKS = {
    0x60: 0x300,
    0xB4: 0x301,
    0x2C6: 0x302,
    0x2DC: 0x303,
    0xAF: 0x304,
    0x2D8: 0x306,
    0x2D9: 0x307,
    0xA8: 0x308,
    0x2DA: 0x30A,
    0x2DD: 0x30B,
    0x2C7: 0x30C,
    0xB8: 0x327,
    0x2DB: 0x328,
}
"""Combining marks by the accents that stand for themselves."""
_DOTLESS = {0x131: "i", 0x237: "j"}
MOST_ACCENTS = 5_000
"""A page with more of them does not use them as accents."""
REACH = 150
"""Glyphs of the stream, to either side of an accent, among which its letter is sought."""
NARROWEST_SPACE = 0.1
"""Of the type size: a narrower gap before or behind an accented letter is none."""
_WIDTH = 0.36
"""Of a letter's width: so near its middle an accent stands."""


def with_accents(page: PageGlyphs) -> PageGlyphs:
    """The page with every accent that stands over or under a letter made part of it; all others stay."""
    rare = np.flatnonzero((page.code > 0x7E) | (page.code == 0x60))
    accents = rare[np.isin(page.code[rare], [*_MARKS, *_MARKS.values()])]
    if not 0 < len(accents) <= MOST_ACCENTS:
        return page
    middle = (page.box[:, 0] + page.box[:, 2]) / 2
    width = page.box[:, 2] - page.box[:, 0]
    code = page.code.copy()
    gone: list[int] = []
    letters: list[int] = []
    for at in accents.tolist():
        first = max(0, at - REACH)
        own = slice(first, at + REACH)
        near = np.abs(middle[own] - middle[at]) < _WIDTH * width[own] + 0.02 * page.size[at]
        near &= np.abs(page.base[own] - page.base[at]) < 0.6 * page.size[at]
        mark = chr(_MARKS.get(int(page.code[at]), int(page.code[at])))
        for letter in sorted((first + np.flatnonzero(near)).tolist(), key=lambda i: abs(middle[i] - middle[at])):
            whole = unicodedata.normalize("NFC", _DOTLESS.get(int(code[letter]), chr(int(code[letter]))) + mark)
            if letter != at and len(whole) == 1:
                code[letter] = ord(whole)
                gone.append(at)
                letters.append(letter)
                break
    if not gone:
        return page
    kept = np.ones(len(page), dtype=np.bool_)
    kept[gone] = False
    space = page.space.copy()
    for letter in letters:
        # The stream has a space or a jump where the accent was drawn; a true space takes room.
        for left, right in ((_beside(kept, letter, -1), letter), (letter, _beside(kept, letter, 1))):
            level = abs(page.base[right] - page.base[left]) < 0.2 * page.size[letter]
            if level and abs(page.box[right, 0] - page.box[left, 2]) < NARROWEST_SPACE * page.size[letter]:
                space[right] = False
    return replace(
        page,
        code=code[kept],
        box=page.box[kept],
        base=page.base[kept],
        size=page.size[kept],
        font=page.font[kept],
        space=space[kept],
        upright=page.upright[kept],
        hidden=page.hidden[kept],
    )


def _beside(kept: Bools, at: int, step: int) -> int:
    """The next glyph that is kept, in the stream before or behind; the glyph itself where there is none."""
    other = at + step
    while 0 <= other < len(kept) and not kept[other]:
        other += step
    return other if 0 <= other < len(kept) else at
