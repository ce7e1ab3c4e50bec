"""pdfium's functions called for many characters or objects at a time.

Owns the foreign calls that are made once per glyph or object, where the call itself costs more than what it does.
Knows nothing of what the numbers mean.
"""

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOM = 1024
"""Items fetched in one go."""
STRIDE = 8
"""Text objects are asked for at every so many characters first, and between them only where they differ."""


class Handle(ctypes.c_void_p):
    """A pointer that stays an object when a function returns it, and is passed on as it is."""


class _Room:
    """Scratch of as many cells as are fetched in one go; a cell is a C array that functions write to."""

    def __init__(self, kind: Any, width: int) -> None:
        memory = (kind * width * ROOM)()
        self.cells: list[Any] = list(memory)
        self.values: NDArray[Any] = np.frombuffer(memory, dtype=np.dtype(kind)).reshape(ROOM, width)


def _direct(function: Any, restype: Any) -> Any:
    """The same C function without conversion of arguments and with the interpreter's lock held: a third of the cost.

    Arguments must be integers that fit a C int, or ctypes objects.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(restype)(address)


class Bulk:
    """The functions, and the scratch they share; one thread at a time."""

    def __init__(self, raw: Any) -> None:
        integer, address = ctypes.c_int, ctypes.c_size_t
        self._loose_box = _direct(raw.FPDFText_GetLooseCharBox, integer)
        self._text_object = _direct(raw.FPDFText_GetTextObject, address)
        self._unicode = _direct(raw.FPDFText_GetUnicode, ctypes.c_uint)
        self._unmapped = _direct(raw.FPDFText_HasUnicodeMapError, integer)
        self._matrix = _direct(raw.FPDFText_GetMatrix, integer)
        self._size = _direct(raw.FPDFText_GetFontSize, ctypes.c_double)
        self._origin = _direct(raw.FPDFText_GetCharOrigin, integer)
        self._font = _direct(raw.FPDFTextObj_GetFont, address)
        self._clip_path = _direct(raw.FPDFPageObj_GetClipPath, Handle)
        self._clip_parts = _direct(raw.FPDFClipPath_CountPaths, integer)
        self._kind = _direct(raw.FPDFPageObj_GetType, integer)
        self._quads = _Room(ctypes.c_float, 4)
        self._matrices = _Room(ctypes.c_float, 6)
        self._xs, self._ys = _Room(ctypes.c_double, 1), _Room(ctypes.c_double, 1)

    def boxes(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.float32]:
        """Left, top, right, bottom of each character, from descent to ascent."""
        return self._written(self._loose_box, text_page, chars, self._quads)[0]

    def matrices(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.float32]:
        return self._written(self._matrix, text_page, chars, self._matrices)[0]

    def origins(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.float64]:
        return np.concatenate(self._written(self._origin, text_page, chars, self._xs, self._ys), axis=1)

    def sizes(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.float64]:
        """Font sizes before the text's matrix is applied."""
        return _returned(self._size, text_page, chars, np.float64)

    def codes(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.int64]:
        """UTF-16 code units, or the font's own code where it does not say which character that is."""
        return _returned(self._unicode, text_page, chars, np.int64)

    def unmapped(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.bool_]:
        """Whether the font does not say which character its code stands for."""
        return _returned(self._unmapped, text_page, chars, np.int64).astype(np.bool_)

    def owners(self, text_page: Any, chars: Sequence[int]) -> NDArray[np.uint64]:
        """Addresses of the characters' text objects; those of one object follow each other."""
        some = _returned(self._text_object, text_page, chars[::STRIDE], np.uint64)
        owners = np.repeat(some, STRIDE)[: len(chars)]
        change = np.flatnonzero(np.append(some[1:] != some[:-1], True))
        between = (change[:, None] * STRIDE + np.arange(1, STRIDE)).ravel()
        between = between[between < len(chars)]
        owners[between] = _returned(self._text_object, text_page, np.asarray(chars)[between].tolist(), np.uint64)
        return owners

    def fonts(self, objects: Iterable[int]) -> list[int]:
        """Addresses of the fonts of text objects, 0 where there is none."""
        return [self._font(Handle(owner)) if owner else 0 for owner in objects]

    def clip_paths(self, objects: Sequence[int]) -> list[tuple[int, Handle, int]]:
        """Of the objects that have a clipping path: index, path, number of its parts."""
        found = []
        for i, owner in enumerate(objects):
            path = self._clip_path(Handle(owner)) if owner else None
            if path and (parts := self._clip_parts(path)) > 0:
                found.append((i, path, parts))
        return found

    def kinds(self, objects: Iterable[Any]) -> list[int]:
        return list(map(self._kind, objects))

    @staticmethod
    def _written(function: Any, parent: Any, items: Sequence[int], *rooms: _Room) -> list[NDArray[Any]]:
        """What the function writes for each item into the cells it is given; zeros where it fails."""
        whole = [np.empty((len(items), room.values.shape[1]), dtype=room.values.dtype) for room in rooms]
        for at in range(0, len(items), ROOM):
            part = items[at : at + ROOM]
            for room in rooms:
                room.values[: len(part)] = 0
            deque(map(function, repeat(parent), part, *(room.cells for room in rooms)), maxlen=0)
            for values, room in zip(whole, rooms, strict=True):
                values[at : at + len(part)] = room.values[: len(part)]
        return whole


def _returned(function: Any, parent: Any, items: Sequence[int], dtype: Any) -> NDArray[Any]:
    return np.fromiter(map(function, repeat(parent), items), dtype=dtype, count=len(items))
