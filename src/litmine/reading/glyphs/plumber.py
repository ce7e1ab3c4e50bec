"""The slow reference reader: the glyphs of PDF pages as pdfplumber (pdfminer) interprets them.

Owns every call that opens a PDF with pdfplumber. Gives what `glyphs` gives from pdfium, so that the same layout follows
and the two interpreters check each other. pdfminer knows no clipping: what a clipping path hides is shown here.
"""

import io
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from litmine.errors import ReadingError
from litmine.reading.geometry import Bools, Floats, Ints, is_first
from litmine.reading.glyphs.codes import UNMAPPED, is_blank, public
from litmine.reading.glyphs.drawings import is_ground, rules_and_pictures
from litmine.reading.glyphs.pages import Font, PageGlyphs, empty_page, make_font, turned_upright

SPACE = 0.1
"""Of the type size: a wider gap between characters in a row stands for a space."""
LEAST_SPACE = 0.03
"""Of the type size: a space that takes less room is none."""


def iter_plumbed_glyphs(data: bytes, password: str | None, path: Path, n_pages: int) -> Iterator[PageGlyphs]:
    """Every page of a PDF held in memory, in order.

    Raises ReadingError where pdfplumber cannot open the file, finds other than `n_pages` pages in it, or cannot
    interpret one.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # remarks on colours and fonts that concern no reader
    fonts: dict[str, int] = {}
    try:
        with pdfplumber.open(io.BytesIO(data), password=password or "") as pdf:
            if len(pdf.pages) != n_pages:
                raise ReadingError(f"{path.name} is damaged: pdfplumber finds {len(pdf.pages)} of its {n_pages} pages.")
            for page in pdf.pages:
                yield _page_glyphs(page, fonts)
                page.close()
    except (GeneratorExit, ReadingError):
        raise
    except Exception as error:  # pdfminer raises whatever a damaged structure leads it to
        raise ReadingError(
            f"{path.name} cannot be read by pdfplumber ({type(error).__name__}). Read it with pdfium, as is usual."
        ) from error


def _page_glyphs(page: Any, fonts: dict[str, int]) -> PageGlyphs:
    x0, y0, x1, y1 = page.cropbox
    rules, pictures = _drawings(page)
    shown = [(char, code) for char in page.chars for code in _codes(char["text"])]
    codes = np.array([code for _, code in shown], dtype=np.int64)
    visible = np.flatnonzero(~is_blank(codes)) if len(codes) else codes
    if not len(visible):
        return empty_page(page.page_number)
    chars = [char for char, _ in shown]
    directions = np.array([_direction(char["matrix"]) for char in chars], dtype=np.int64)
    box, sizes = _boxes(chars, directions)
    base = _baselines(chars, directions, sizes, page)
    for char in chars:
        fonts.setdefault(char["fontname"], len(fonts))
    shift = np.array([x0, y0, x0, y0])
    glyphs = PageGlyphs(
        number=page.page_number,
        width=float(x1 - x0),
        height=float(y1 - y0),
        code=public(codes[visible]),
        box=box[visible] - shift,
        base=base[visible],
        size=sizes[visible].clip(0.1, 2000.0),
        font=np.array([fonts[chars[i]["fontname"]] for i in visible.tolist()], dtype=np.int64),
        space=is_first(np.cumsum(is_blank(codes))[visible]),
        upright=np.ones(len(visible), dtype=np.bool_),
        hidden=np.zeros(len(visible), dtype=np.bool_),
        fonts=tuple(_font(name) for name in fonts),
        rules=rules,
        pictures=pictures,
    )
    upright = turned_upright(glyphs, directions[visible])
    return replace(upright, space=_spaces(upright))


def _codes(text: str) -> list[int]:
    """Code points of what a glyph stands for; pdfminer writes "(cid:7)" for what its font does not name.

    Some fonts call their hyphen a hyphen and a soft one.
    """
    if text.startswith("(cid:"):
        return [UNMAPPED]
    return [ord(char) for char in (text.replace("\xad", "") or text)]


def _font(name: str) -> Font:
    return make_font(name.partition("+")[2] or name, 0, 0)


def _direction(matrix: Sequence[float]) -> int:
    """Reading direction on the displayed page in quarter turns, -1 for any other angle."""
    quarters = np.degrees(np.arctan2(matrix[1], matrix[0])) / 90.0
    nearest = round(float(quarters))
    return nearest % 4 if abs(quarters - nearest) < 0.05 else -1


def _boxes(chars: Sequence[Any], directions: Ints) -> tuple[Floats, Floats]:
    """Boxes and type sizes; characters that one glyph stands for share its box."""
    box = np.array([(c["x0"], c["top"], c["x1"], c["bottom"]) for c in chars], dtype=np.float64)
    across, down = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    sizes = np.where(directions % 2 == 1, across, down)
    starts = [0, *(i for i in range(1, len(chars)) if chars[i] is not chars[i - 1]), len(chars)]
    for start, end in pairwise(starts):
        if end - start > 1:
            edges = np.linspace(box[start, 0], box[start, 2], end - start + 1)
            box[start:end, 0], box[start:end, 2] = edges[:-1], edges[1:]
    return box, sizes


def _baselines(chars: Sequence[Any], directions: Ints, sizes: Floats, page: Any) -> Floats:
    """Baselines on the displayed page: x for text on its side, else y.

    A character's matrix leaves text rise out, its box does not; the descent between the two is the same for most
    characters of a font.
    """
    descents: dict[str, Counter[float]] = {}
    for char, size in zip(chars, sizes.tolist(), strict=True):
        depth = (char["matrix"][5] - char["y0"]) / max(size, 0.1)
        descents.setdefault(char["fontname"], Counter())[round(depth, 2)] += 1
    usual = {name: counts.most_common(1)[0][0] for name, counts in descents.items()}
    left, top = page.cropbox[:2]
    base = [
        char["matrix"][4] + page.mediabox[0] - left
        if direction % 2
        else char["bottom"] - usual[char["fontname"]] * size - top
        for char, direction, size in zip(chars, directions.tolist(), sizes.tolist(), strict=True)
    ]
    return np.array(base, dtype=np.float64)


def _spaces(page: PageGlyphs) -> Bools:
    """Which glyphs follow white space: a gap as wide as a space, a break of the line, or a space that takes room."""
    box, base = page.box, page.base
    gap = np.r_[np.inf, box[1:, 0] - box[:-1, 2]]
    unit = np.r_[1.0, np.maximum(page.size[1:], page.size[:-1])]
    apart = np.abs(np.diff(base, prepend=base[:1])) > 0.6 * unit
    level: Bools = (gap > SPACE * unit) | (gap < -unit) | apart | (page.space & (gap > LEAST_SPACE * unit))
    return np.where(page.upright, level, page.space)


def _drawings(page: Any) -> tuple[Floats, Floats]:
    x0, y0, x1, y1 = page.cropbox
    width, height = float(x1 - x0), float(y1 - y0)
    found = [
        (thing["x0"] - x0, thing["top"] - y0, thing["x1"] - x0, thing["bottom"] - y0)
        for kind, things in (
            (False, page.lines),
            (False, page.rects),
            (False, page.curves),
            (True, page.images),
        )
        for thing in things
        if not is_ground(thing["x1"] - thing["x0"], thing["bottom"] - thing["top"], width * height, kind)
    ]
    return rules_and_pictures(np.array(found, dtype=np.float64).reshape(-1, 4), width, height)
