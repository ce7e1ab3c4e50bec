"""Code points as pdfium hands them over: pairs of surrogates, blanks, codes of private use.

Owns which glyphs are characters of the text at all. How a character is written there is for `characters`.
"""

import numpy as np

from litmine.reading.geometry import Bools, Ints

UNMAPPED = 0xFFFD
"""Stands for what a font draws without saying which character it is."""
_CORPORATE = {
    0xF001: 0xFB01,  # Apple's fi and fl
    0xF002: 0xFB02,
    **{0xF730 + digit: 0x30 + digit for digit in range(10)},  # old-style figures of Adobe's glyph list
    **{0xF700 + letter: letter - 0x20 for letter in range(0x61, 0x7B)},  # its small capitals
}


def paired(codes: Ints) -> Ints:
    """Surrogate pairs as one code point followed by a blank; a lone surrogate as the replacement character."""
    high, low = (codes >> 10) == 0x36, (codes >> 10) == 0x37
    first = np.flatnonzero(high[:-1] & low[1:])
    whole = np.where(high | low, UNMAPPED, codes)
    whole[first] = 0x10000 + ((codes[first] & 0x3FF) << 10) + (codes[first + 1] & 0x3FF)
    whole[first + 1] = 0x200B
    return whole


def is_blank(codes: Ints) -> Bools:
    """White space, control codes and joiners: what shows nothing."""
    blank: Bools = (
        ((codes <= 0x20) & (codes != 0x02))
        | ((codes >= 0x7F) & (codes <= 0xA0))
        | ((codes >= 0x2000) & (codes <= 0x200F))
        | ((codes >= 0x2028) & (codes <= 0x202F))
        | (codes == 0x3000)
        | (codes == 0xFEFF)
    )
    return blank


def public(codes: Ints) -> Ints:
    """The codes with those of private use replaced: by the character where lists of glyph names tell it, else
    unmapped."""
    private = np.flatnonzero((codes >= 0xE000) & (codes < 0xF900))
    if not len(private):
        return codes
    replaced = codes.copy()
    replaced[private] = [_CORPORATE.get(code, UNMAPPED) for code in codes[private].tolist()]
    return replaced
