"""PDF bytes to a `Document`: opens the file and runs the parts of reading one after the other.

Owns the order of the steps, the account of what was dropped, and the errors a curator sees for files that cannot be
read. Each step is a module of its own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from litmine.errors import ReadingError
from litmine.reading.accents import with_accents
from litmine.reading.assembly import Source, assemble
from litmine.reading.blocks import (
    Draft,
    Typography,
    is_reference_heading,
    join_interrupted,
    make_drafts,
    measure_typography,
)
from litmine.reading.citations.references import find_reference_lines, part_captions, split_references
from litmine.reading.figures import (
    FigureRegion,
    find_figures,
    find_labels,
    find_large_pictures,
    find_pictures,
    overlap,
    with_captions,
)
from litmine.reading.furniture import (
    LINE_NUMBER,
    SIDEBAR,
    PageLines,
    find_furniture,
    find_sidebar,
)
from litmine.reading.glyphs.ocr import INSTALL, SCANNED, UNSURE, is_scan, read_scans
from litmine.reading.glyphs.pages import PageFrame, PageGlyphs, iter_page_glyphs
from litmine.reading.initials import attach_initials
from litmine.reading.layout import find_gutters, order_lines
from litmine.reading.line_numbers import find_line_numbers
from litmine.reading.lines import Line, find_lines
from litmine.reading.structure import assign_roles
from litmine.reading.tables.regions import TableRegion, find_tables, place_tables
from litmine.records import Document, Dropped, Kind
from litmine.settings import ReadingSettings

MEDIA_TYPE = "application/pdf"
FEWEST_CHARACTERS = 20
"""A PDF with fewer visible characters a page, on average, has no text to read."""
MOSTLY = 0.5
"""Of the characters of a page: when more than these are without a Unicode map, none of these is read."""
NO_MAP = "no Unicode map"
SCATTERED = "scattered letters"
FRONT_PAGES = 2
"""Pages on which an article's own DOI stands."""


@dataclass(slots=True)
class _Page:
    glyphs: PageFrame
    lines: list[Line]
    dropped: Counter[str] = field(default_factory=Counter)
    tables: list[TableRegion] = field(default_factory=list)
    figures: list[FigureRegion] = field(default_factory=list)

    def drop(self, lines: Sequence[Line], reason: str) -> None:
        if not lines:
            return
        gone = {id(line) for line in lines}
        self.dropped[reason] += sum(line.n_glyphs for line in lines)
        self.lines = [line for line in self.lines if id(line) not in gone]


def read_pdf(data: bytes, path: Path, settings: ReadingSettings) -> Document:
    """The document of a PDF held in memory.

    Raises ReadingError where the file is damaged, locked, too long, or holds no text.
    """
    pdf = _open(data, path, settings)
    try:
        pages: list[_Page] = []
        front: list[str] = []
        scans: list[int] = []
        unmapped: list[int] = []
        for glyphs in map(with_accents, _iter_glyphs(pdf, data, path, settings)):
            if len(front) < FRONT_PAGES:
                front.append(glyphs.stream_text())
            page = _find_page_lines(glyphs)
            if is_scan(pdf, glyphs):
                scans.append(glyphs.number)
            elif page.dropped[NO_MAP]:
                unmapped.append(glyphs.number)
            pages.append(page)
        pictures = sorted((*scans, *unmapped))
        for glyphs, n_unsure in read_scans(pdf, pictures) if settings.ocr and pictures else ():
            if glyphs.number <= len(front):
                front[glyphs.number - 1] = glyphs.stream_text()
            pages[glyphs.number - 1] = page = _find_page_lines(glyphs)
            page.dropped[UNSURE] += n_unsure
    finally:
        pdf.close()
    _check_text(pages, () if settings.ocr else scans, path)
    _drop_line_numbers(pages)
    _drop_furniture(pages)
    body = _body_of_pages(pages)
    for page in pages:
        page.drop(find_sidebar(page.lines, *body), SIDEBAR)
        _set_floats_apart(page, body[0])
    ordered: list[Line] = []
    for page, gutter in zip(pages, find_gutters([page.lines for page in pages]), strict=True):
        ordered += order_lines(page.lines, gutter)
        page.lines = []
    drafts = _make_drafts(ordered, [table for page in pages for table in page.tables])
    del ordered
    if not drafts:
        reasons = sorted({reason for page in pages for reason, count in page.dropped.items() if count})
        raise ReadingError(f"{path.name} has no running text; what its pages show is left out: {', '.join(reasons)}.")
    dropped = [
        Dropped(page.glyphs.number, reason, count)
        for page in pages
        for reason, count in sorted(page.dropped.items())
        if count
    ]
    dropped += [Dropped(number, SCANNED, 0) for number in scans if not settings.ocr]
    figures = with_captions([figure for page in pages for figure in page.figures], drafts)
    frames = [page.glyphs for page in pages]
    del page, pages
    return assemble(Source(data, path, MEDIA_TYPE, tuple(front)), frames, drafts, dropped, figures)


def _open(data: bytes, path: Path, settings: ReadingSettings) -> Any:
    import pypdfium2
    import pypdfium2.raw as raw

    raw.FPDF_LoadDocument(b"", None)  # leaves FPDF_ERR_FILE as the last error: a PDF without pages sets none
    try:
        pdf = pypdfium2.PdfDocument(data, password=settings.password)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            if settings.password is None:
                message = (
                    f"{path.name} is locked with a password. Give it in the environment variable LITMINE_PASSWORD "
                    "or in the settings as reading.password."
                )
            else:
                message = f"{path.name} is locked, and the password given does not open it."
            raise ReadingError(message) from None
        if error.err_code == raw.FPDF_ERR_FILE:
            raise ReadingError(f"{path.name} is a PDF without pages; it is damaged or was never finished.") from None
        raise ReadingError(
            f"{path.name} is a damaged or truncated PDF and cannot be opened. Fetch the file again."
        ) from None
    if count > settings.max_pages:
        pdf.close()
        raise ReadingError(
            f"{path.name} has {count:,} pages, more than the {settings.max_pages:,} that litmine reads "
            "(setting reading.max_pages)."
        )
    return pdf


def _iter_glyphs(pdf: Any, data: bytes, path: Path, settings: ReadingSettings) -> Iterator[PageGlyphs]:
    if settings.reader == "pdfium":
        return iter_page_glyphs(pdf)
    from litmine.reading.glyphs.plumber import iter_plumbed_glyphs

    return iter_plumbed_glyphs(data, settings.password, path, len(pdf))


def _check_text(pages: Sequence[_Page], unread_scans: Sequence[int], path: Path) -> None:
    what = "1 page" if len(pages) == 1 else f"{len(pages):,} pages"
    if sum(page.dropped[NO_MAP] for page in pages) > MOSTLY * sum(len(page.glyphs) for page in pages):
        raise ReadingError(
            f"{path.name} has {what} in fonts that do not say which characters they draw (they lack a Unicode map): "
            f"what can be read is gibberish. Text recognition may read the pages as pictures. {INSTALL}"
        )
    n_glyphs = sum(len(page.glyphs) for page in pages if page.glyphs.number not in unread_scans)
    if n_glyphs >= FEWEST_CHARACTERS * min(len(pages), 5):
        return
    if unread_scans:
        raise ReadingError(
            f"{path.name} has {what} but hardly any text: it is scanned, and needs text recognition. {INSTALL}"
        )
    raise ReadingError(f"{path.name} has {what} but no text, and no pictures that could be scanned pages.")


def _find_page_lines(glyphs: PageGlyphs) -> _Page:
    """Lines of the upright text on the page; the rest is counted."""
    if not len(glyphs):
        return _Page(glyphs.frame(), [])
    x, y = (glyphs.box[:, 0] + glyphs.box[:, 2]) / 2, (glyphs.box[:, 1] + glyphs.box[:, 3]) / 2
    inside = (x >= 0) & (x <= glyphs.width) & (y >= 0) & (y <= glyphs.height)
    shown = inside & ~glyphs.hidden
    lost = shown & glyphs.unmapped
    if lost.sum() > MOSTLY * shown.sum():
        shown &= ~lost
    else:
        lost[:] = False
    kept = glyphs.upright & shown
    page = _Page(glyphs.frame(), attach_initials(find_lines(glyphs, kept)))
    if not page.lines:
        page.dropped[SCATTERED] += int(kept.sum())
    page.dropped["turned text"] += int((~glyphs.upright & shown).sum())
    page.dropped[NO_MAP] += int(lost.sum())
    page.dropped["hidden"] += int((inside & glyphs.hidden).sum())
    page.dropped["outside the page"] += int((~inside).sum())
    _mark_underlined(page)
    return page


def _mark_underlined(page: _Page) -> None:
    rules = page.glyphs.rules
    if not len(rules) or len(rules) > 200:
        return
    x0, x1, base, size = np.array([(x.x0, x.x1, x.base, x.size) for x in page.lines]).reshape(-1, 4).T[:, :, None]
    below = rules[:, 1] - base
    covered = np.minimum(rules[:, 2], x1) - np.maximum(rules[:, 0], x0)
    tight = (rules[:, 2] - rules[:, 0]) < 1.1 * (x1 - x0) + size
    under = (below > -0.05 * size) & (below < 0.4 * size) & (covered > 0.85 * (x1 - x0)) & tight
    for at in np.flatnonzero(under.any(axis=1)).tolist():
        page.lines[at].underlined = True


def _drop_line_numbers(pages: Sequence[_Page]) -> None:
    """Before all else, so that the first and last of a page are not taken for page numbers."""
    numbers = find_line_numbers([_view(page) for page in pages])
    if not numbers:
        return
    for page in pages:
        kept: list[Line] = []
        for line in page.lines:
            start, end = numbers.get(id(line), (0, 0))
            page.dropped[LINE_NUMBER] += int((line.source[start:end] >= 0).sum())
            if start == end:
                kept.append(line)
            elif line.text[:start].strip() or line.text[end:].strip():
                kept.append(_without_number(line, start, end, page.glyphs))
        page.lines = kept


def _drop_furniture(pages: Sequence[_Page]) -> None:
    found = find_furniture([_view(page) for page in pages])
    for page in pages:
        for reason in sorted({found[id(line)] for line in page.lines if id(line) in found}):
            page.drop([line for line in page.lines if found.get(id(line)) == reason], reason)


def _view(page: _Page) -> PageLines:
    return PageLines(page.glyphs.number, page.glyphs.width, page.glyphs.height, tuple(page.lines))


def _without_number(line: Line, start: int, end: int, page: PageFrame) -> Line:
    if start == 0:
        while line.text[end] == " ":
            end += 1
        kept = slice(end, None)
    else:
        kept = slice(0, start - 1)
    line.text, line.source, line.raised = line.text[kept], line.source[kept], line.raised[kept]
    own = line.source[line.source >= 0]
    line.x0, line.x1 = float(page.box[own, 0].min()), float(page.box[own, 2].max())
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


def _set_floats_apart(page: _Page, body_size: float) -> None:
    """Take tables and the lettering of figures out of the lines of a page.

    A grid without a caption is no table inside a figure, and what a table is drawn with is no figure.
    """
    pictures = find_pictures(page.glyphs)
    page.figures = find_figures(page.glyphs, pictures, page.lines)
    figures = [figure.box for figure in page.figures if figure.box]
    page.tables = find_tables(page.glyphs, page.lines, body_size, figures)
    inside = {id(line) for table in page.tables for line in table.lines}
    page.lines = [line for line in page.lines if id(line) not in inside]
    pictures = [box for box in pictures if not any(overlap(box, table.box) > 0.5 for table in page.tables)]
    page.drop(find_labels(page.lines, pictures, figures), "figure")
    taken = [*figures, *(table.box for table in page.tables)]
    page.figures += find_large_pictures(page.glyphs, pictures, page.lines, taken)


def _make_drafts(lines: list[Line], tables: Sequence[TableRegion]) -> list[Draft]:
    """Blocks in reading order: prose, captions with their tables, and one block per reference."""
    if not lines:
        return []
    typography = measure_typography(lines)
    at, end = find_reference_lines(lines, typography)
    drafts = make_drafts(lines[:at], typography)
    assign_roles(drafts, typography)
    drafts = join_interrupted(drafts, typography)
    listed, captions = part_captions(lines[at:end], typography)
    entries = split_references(listed) if listed else []
    first = next((i for i, line in enumerate(listed) if entries and line is entries[0][1][0]), len(listed))
    drafts += [Draft(listed[:first], Kind.OTHER)] if first else []
    drafts += [Draft(own, Kind.REFERENCE, level=number) for number, own in entries]
    drafts += captions
    rest = [*listed[first + sum(len(own) for _, own in entries) :], *lines[end:]]
    if rest:
        behind = make_drafts(rest, typography)
        assign_behind(behind, typography)
        drafts += join_interrupted(behind, typography)
    return place_tables(drafts, tables)


def assign_behind(drafts: list[Draft], typography: Typography) -> None:
    """What follows the reference list: captions stay captions, the rest is no part of the article proper."""
    for draft in drafts:
        if draft.kind is Kind.PARAGRAPH:
            draft.kind = Kind.OTHER
