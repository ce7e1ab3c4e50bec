"""PDF bytes to a `Document`: opens the file and runs the parts of reading one after the other.

Owns the order of the steps, the account of what was dropped, and the errors a curator sees for files that cannot be
read. Each step is a module of its own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from litmine.errors import ReadingError
from litmine.reading.assembly import Source, assemble
from litmine.reading.blocks import (
    Draft,
    Typography,
    is_caption_start,
    is_reference_heading,
    join_interrupted,
    make_drafts,
    measure_typography,
)
from litmine.reading.figures import find_labels, find_pictures
from litmine.reading.furniture import (
    LINE_NUMBER,
    SIDEBAR,
    PageLines,
    find_furniture,
    find_line_numbers,
    find_sidebar,
)
from litmine.reading.glyphs import PageGlyphs, iter_page_glyphs
from litmine.reading.layout import order_lines
from litmine.reading.lines import Line, find_lines
from litmine.reading.references import split_references
from litmine.reading.structure import assign_roles
from litmine.reading.tables import TableRegion, find_tables, place_tables
from litmine.records import Document, Dropped, Kind
from litmine.settings import ReadingSettings

MEDIA_TYPE = "application/pdf"
FEWEST_CHARACTERS = 20
"""A PDF with fewer visible characters a page, on average, has no text to read."""


@dataclass(slots=True)
class _Page:
    glyphs: PageGlyphs
    lines: list[Line]
    dropped: Counter[str] = field(default_factory=Counter)
    tables: list[TableRegion] = field(default_factory=list)

    def drop(self, lines: Sequence[Line], reason: str) -> None:
        gone = {id(line) for line in lines}
        self.dropped[reason] += sum(line.n_glyphs for line in lines)
        self.lines = [line for line in self.lines if id(line) not in gone]


def read_pdf(data: bytes, path: Path, settings: ReadingSettings) -> Document:
    """The document of a PDF held in memory.

    Raises ReadingError where the file is damaged, locked, too long, or holds no text.
    """
    pdf = _open(data, path, settings)
    try:
        pages = [_find_page_lines(glyphs) for glyphs in iter_page_glyphs(pdf)]
    finally:
        pdf.close()
    _check_text(pages, path)
    _drop_furniture(pages)
    body = _body_of_pages(pages)
    for page in pages:
        page.drop(find_sidebar(page.lines, *body), SIDEBAR)
        _set_figures_apart(page)
    page_tables = find_tables([(page.glyphs, page.lines) for page in pages], body[0], data, settings.password)
    for page, tables in zip(pages, page_tables, strict=True):
        page.tables = tables
        inside = {id(line) for table in tables for line in table.lines}
        page.lines = [line for line in page.lines if id(line) not in inside]
    ordered = [line for page in pages for line in order_lines(page.lines)]
    drafts = _make_drafts(ordered, [table for page in pages for table in page.tables])
    dropped = [
        Dropped(page.glyphs.number, reason, count)
        for page in pages
        for reason, count in sorted(page.dropped.items())
        if count
    ]
    return assemble(Source(data, path, MEDIA_TYPE), [page.glyphs for page in pages], drafts, dropped)


def _open(data: bytes, path: Path, settings: ReadingSettings) -> Any:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        pdf = pypdfium2.PdfDocument(data, password=settings.password)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            if settings.password is None:
                message = f"{path.name} is locked with a password. Give it in the settings as reading.password."
            else:
                message = f"{path.name} is locked, and the password given does not open it."
            raise ReadingError(message) from None
        raise ReadingError(
            f"{path.name} is a damaged or truncated PDF and cannot be opened. Fetch the file again."
        ) from None
    if count == 0:
        pdf.close()
        raise ReadingError(f"{path.name} is a PDF without pages; it is damaged or was never finished.")
    if count > settings.max_pages:
        pdf.close()
        raise ReadingError(
            f"{path.name} has {count:,} pages, more than the {settings.max_pages:,} that litmine reads "
            "(setting reading.max_pages)."
        )
    return pdf


def _check_text(pages: Sequence[_Page], path: Path) -> None:
    if sum(len(page.glyphs) for page in pages) >= FEWEST_CHARACTERS * min(len(pages), 5):
        return
    what = "1 page" if len(pages) == 1 else f"{len(pages):,} pages"
    raise ReadingError(
        f"{path.name} has {what} but no text: it seems to be scanned. Run it through text recognition (OCR) first."
    )


def _find_page_lines(glyphs: PageGlyphs) -> _Page:
    """Lines of the upright text on the page; the rest is counted."""
    if not len(glyphs):
        return _Page(glyphs, [])
    x, y = (glyphs.box[:, 0] + glyphs.box[:, 2]) / 2, (glyphs.box[:, 1] + glyphs.box[:, 3]) / 2
    inside = (x >= 0) & (x <= glyphs.width) & (y >= 0) & (y <= glyphs.height)
    shown = inside & ~glyphs.hidden
    page = _Page(glyphs, find_lines(glyphs, glyphs.upright & shown))
    page.dropped["turned text"] += int((~glyphs.upright & shown).sum())
    page.dropped["hidden"] += int((inside & glyphs.hidden).sum())
    page.dropped["outside the page"] += int((~inside).sum())
    _mark_underlined(page)
    return page


def _mark_underlined(page: _Page) -> None:
    rules = page.glyphs.rules
    if not len(rules) or len(rules) > 200:
        return
    for line in page.lines:
        below = rules[:, 1] - line.base
        covered = np.minimum(rules[:, 2], line.x1) - np.maximum(rules[:, 0], line.x0)
        tight = (rules[:, 2] - rules[:, 0]) < 1.1 * line.width + line.size
        if bool(
            ((below > -0.05 * line.size) & (below < 0.4 * line.size) & (covered > 0.85 * line.width) & tight).any()
        ):
            line.marks.add("underlined")


def _drop_furniture(pages: Sequence[_Page]) -> None:
    """Line numbers first, so that the first and last of a page are not taken for page numbers."""
    for page in pages:
        numbers = find_line_numbers(_view(page))
        kept: list[Line] = []
        for line in page.lines:
            width = numbers.get(id(line), 0)
            page.dropped[LINE_NUMBER] += int((line.source[:width] >= 0).sum())
            if not width:
                kept.append(line)
            elif line.text[width:].strip():
                kept.append(_without_head(line, width, page.glyphs))
        page.lines = kept
    found = find_furniture([_view(page) for page in pages])
    for page in pages:
        for reason in sorted({found[id(line)] for line in page.lines if id(line) in found}):
            page.drop([line for line in page.lines if found.get(id(line)) == reason], reason)


def _view(page: _Page) -> PageLines:
    return PageLines(page.glyphs.number, page.glyphs.width, page.glyphs.height, tuple(page.lines))


def _without_head(line: Line, width: int, glyphs: PageGlyphs) -> Line:
    while line.text[width] == " ":
        width += 1
    line.text, line.source, line.raised = line.text[width:], line.source[width:], line.raised[width:]
    own = line.source[line.source >= 0]
    line.x0 = float(glyphs.box[own, 0].min())
    sizes, counts = np.unique(glyphs.size[own].round(1), return_counts=True)
    line.size = float(sizes[counts.argmax()])
    main = own[np.abs(glyphs.size[own] - line.size) < 0.15 * line.size]
    line.y0, line.y1 = float(glyphs.box[main, 1].min()), float(glyphs.box[main, 3].max())
    line.base = float(np.median(glyphs.base[main]))
    return line


def _body_of_pages(pages: Sequence[_Page]) -> tuple[float, float, float]:
    """Type size, left and right edge of the main text."""
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            if is_reference_heading(line.text):
                break
            weights[round(line.size * 4) / 4] += len(line.text)
        else:
            continue
        break
    size = weights.most_common(1)[0][0] if weights else 10.0
    body = [line for page in pages for line in page.lines if abs(line.size - size) < 0.3 and len(line.text) > 25]
    if not body:
        return size, 0.0, float("inf")
    return (
        size,
        float(np.percentile([line.x0 for line in body], 3)),
        float(np.percentile([line.x1 for line in body], 97)),
    )


def _set_figures_apart(page: _Page) -> None:
    page.drop(find_labels(page.lines, find_pictures(page.glyphs)), "figure")


def _make_drafts(lines: list[Line], tables: Sequence[TableRegion]) -> list[Draft]:
    """Blocks in reading order: prose, captions with their tables, and one block per reference."""
    if not lines:
        return []
    typography = measure_typography(lines)
    at, end = _reference_lines(lines, typography)
    drafts = make_drafts(lines[:at], typography)
    assign_roles(drafts, typography)
    drafts = join_interrupted(drafts, typography)
    listed = lines[at:end]
    entries = split_references(listed) if listed else []
    if listed:
        taken = sum(len(own) for _, own in entries)
        before = listed[: len(listed) - taken]
        drafts += [Draft(before, Kind.OTHER)] if before else []
        drafts += [Draft(own, Kind.REFERENCE, level=number) for number, own in entries]
    if end < len(lines):
        behind = make_drafts(lines[end:], typography)
        assign_behind(behind, typography)
        drafts += join_interrupted(behind, typography)
    return place_tables(drafts, tables)


def assign_behind(drafts: list[Draft], typography: Typography) -> None:
    """What follows the reference list: captions stay captions, the rest is no part of the article proper."""
    for draft in drafts:
        if draft.kind is Kind.PARAGRAPH:
            draft.kind = Kind.OTHER


def _reference_lines(lines: list[Line], typography: Typography) -> tuple[int, int]:
    """Half-open range of the lines of the reference list, its heading left out."""
    headings = [i for i, line in enumerate(lines) if is_reference_heading(line.text)]
    if not headings:
        return len(lines), len(lines)
    heading = headings[-1]
    start = heading + 1
    style = lines[heading]
    if start >= len(lines):
        return len(lines), len(lines)
    size = lines[start].size
    for i in range(start, len(lines)):
        line = lines[i]
        like_heading = line.bold == style.bold and abs(line.size - style.size) < 0.03 * style.size
        distinct = style.bold or style.size > 1.05 * size
        if i > start and like_heading and distinct and line.size >= 0.98 * size and not line.text[:1].isdigit():
            return start, i
        if is_caption_start(line, typography) and line.bold:
            return start, i
    return start, len(lines)
