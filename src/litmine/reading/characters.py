"""The forms of characters that the text uses: ligatures spelled out, look-alikes of one sign made one.

Owns the table alone; whether a character belongs to the text at all is for the readers.
"""

import unicodedata

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


def character_form(code: int) -> str:
    """What a code point is written as in the text: one or several characters."""
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


class _Forms(dict[int, str]):
    def __missing__(self, code: int) -> str:
        form = chr(code) if chr(code).isspace() else character_form(code)
        self[code] = form
        return form


CHARACTER_FORMS = _Forms()
"""For `str.translate`: every character in its form, white space as it is."""
