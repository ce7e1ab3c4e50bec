"""Fonts of Greek letters and mathematical signs that pass them off as Latin letters and digits.

Typesetting systems of the 1990s and 2000s kept signs under the keys of a typewriter: "m" for μ, "6" for ±, "." for >.
Their PDFs say what the keys say, so that "5 μm" comes out as "5 mm" and "p < 0.05" as "p , 0.05". Owns telling such
fonts by the shapes of their glyphs or by name, and what their codes stand for.
"""

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmine.reading.geometry import Ints

MOST_CODES = 14
"""A font that shows more different characters on a page is one of text."""
_SYMBOL = re.compile(r"symbol(?:mt|ps|std|set)?(?:[-,]|$)|standardsym|mtsy|euclidsymbol", re.IGNORECASE)
_MATHEMATICAL_PI = re.compile(r"math(?:ematical)?-?pi|greekwithmathpi", re.IGNORECASE)
_TEX_SIGNS = re.compile(r"(?:cmb?|tx|px|ntx|mathpazo|lmmath)sy", re.IGNORECASE)
_PRIVATE = 0xF000

# Adobe's Symbol encoding, and the Greek keyboard that Mathematical Pi follows; both by the Latin letters.
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SYMBOL_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_PI_GREEK = "αβψδεφγηιξκλμνοπςρστθωΩχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΣΡΣΤΘΩΩΧΥΖ"
_SYMBOL_SIGNS = dict(
    zip(b"\x2d\xa2\xa3\xb0\xb1\xb2\xb3\xb4\xb7\xb8\xb9\xba\xbb\xae\xd7", "−′≤°±″≥×•÷≠≡≈→⋅", strict=True)
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A glyph's outline, in type sizes from the baseline: its bounds, its contours, whether all its lines are straight,
    and how wide it is at its top."""

    left: float
    low: float
    right: float
    high: float
    contours: int
    straight: bool
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.high - self.low


def _is_angle(shape: _Shape) -> bool:
    return shape.straight and shape.contours == 1 and min(shape.width, shape.height) > 0.3


def _is_plus(shape: _Shape) -> bool:
    return shape.straight and shape.contours == 1 and 0.35 < shape.height < 0.68 and shape.width > 0.8 * shape.height


def _descends(shape: _Shape) -> bool:
    return shape.low < -0.12


_SIGNS: dict[str, list[tuple[str, Callable[[_Shape], bool]]]] = {
    ".": [(">", _is_angle)],
    ",": [("<", _is_angle)],
    "1": [("+", _is_plus)],
    "2": [("−", lambda shape: shape.straight and shape.height < 0.15 and shape.width > 0.3)],
    "3": [("×", lambda shape: shape.straight and shape.contours == 1 and shape.height < 0.68)],
    "5": [("=", lambda shape: shape.straight and shape.contours == 2 and shape.height < 0.45)],
    "6": [
        ("×", lambda shape: shape.straight and shape.contours == 1),
        ("±", lambda shape: shape.straight and shape.contours == 2),
    ],
    "8": [("°", lambda shape: shape.contours == 2 and shape.low > 0.25)],
    "9": [("′", lambda shape: shape.contours == 1 and shape.low > 0.25)],
    "$": [("≥", lambda shape: shape.straight and shape.contours == 2)],
    "u": [("°", lambda shape: shape.contours == 2 and shape.low > 0.25)],
}
"""What a glyph that does not look like its character is, by the character it claims to be."""
_GREEK: dict[str, Callable[[_Shape], bool]] = {
    "m": _descends,
    "b": _descends,
    "D": lambda shape: shape.straight and shape.contours == 2 and shape.top < 0.35 * shape.width,
    "G": lambda shape: shape.straight and shape.contours == 1 and shape.height > 0.5,
}
"""Shapes by which a font of Greek letters gives itself away."""


class PiFonts:
    """What has been found out about the fonts of a document; `raw` is pdfium's raw API."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._of_text: set[int] = set()
        self._greek: dict[int, bool] = {}
        self._known: dict[tuple[int, int], int] = {}

    def read(self, code: Ints, font: Ints, faces: dict[int, tuple[int, str]]) -> Ints:
        """The code points that the glyphs of a page show; `faces` has pdfium's handle and the name of each font."""
        meant = code
        for number in np.flatnonzero(np.bincount(font)).tolist():
            if number in self._of_text:
                continue
            own = np.flatnonzero(font == number)
            shown = np.unique(code[own]).tolist()
            face, name = faces[number]
            if len(shown) > MOST_CODES and not _SYMBOL.match(name):
                self._of_text.add(number)
                continue
            for one in shown:
                sign = self._sign(number, face, name, one)
                if sign != one:
                    meant = code.copy() if meant is code else meant
                    meant[own[code[own] == one]] = sign
        return meant

    def _sign(self, number: int, face: int, name: str, code: int) -> int:
        key = (number, code)
        if key not in self._known:
            self._known[key] = ord(self._find(number, face, name, code) or chr(code))
        return self._known[key]

    def _find(self, number: int, face: int, name: str, code: int) -> str | None:
        if _SYMBOL.match(name):
            low = code - _PRIVATE if 0x20 <= code - _PRIVATE <= 0xFF else code
            if chr(low) in _LATIN:
                return _SYMBOL_GREEK[_LATIN.index(chr(low))]
            if low != code:
                return _SYMBOL_SIGNS.get(low, chr(low))
            return None
        char = chr(code)
        if _TEX_SIGNS.match(name):
            return "′" if char == "0" else None
        if _MATHEMATICAL_PI.search(name):
            return _PI_GREEK[_LATIN.index(char)] if char in _LATIN else _SIGNS.get(char, [(char, _descends)])[0][0]
        if char in _SIGNS and (shape := self._shape(face, code)):
            for sign, looks_so in _SIGNS[char]:
                if looks_so(shape):
                    return sign
        if char in _LATIN and self._is_greek(number, face):
            return _PI_GREEK[_LATIN.index(char)]
        return None

    def _is_greek(self, number: int, face: int) -> bool:
        if number not in self._greek:
            shapes = ((self._shape(face, ord(char)), looks_so) for char, looks_so in _GREEK.items())
            self._greek[number] = any(shape is not None and looks_so(shape) for shape, looks_so in shapes)
        return self._greek[number]

    def _shape(self, face: int, code: int) -> _Shape | None:
        raw = self._raw
        path = raw.FPDFFont_GetGlyphPath(ctypes.cast(face, raw.FPDF_FONT), code, 1000.0) if face else None
        count = raw.FPDFGlyphPath_CountGlyphSegments(path) if path else 0
        if count < 3:
            return None
        points: list[tuple[float, float]] = []
        kinds: list[int] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for i in range(count):
            segment = raw.FPDFGlyphPath_GetGlyphPathSegment(path, i)
            if raw.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
                kinds.append(raw.FPDFPathSegment_GetType(segment))
        xs, ys = zip(*points, strict=True)
        high = max(ys)
        at_top = [px for px, py in points if py > high - 0.02]
        return _Shape(
            left=min(xs),
            low=min(ys),
            right=max(xs),
            high=high,
            contours=kinds.count(raw.FPDF_SEGMENT_MOVETO),
            straight=raw.FPDF_SEGMENT_BEZIERTO not in kinds,
            top=max(at_top) - min(at_top),
        )
