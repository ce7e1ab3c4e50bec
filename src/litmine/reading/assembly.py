"""Drafts of blocks to a `Document`: the text, its offsets, sections, references, callouts and places.

Owns all offsets. What it is given has its final order and kinds.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from litmine.reading.blocks import Draft
from litmine.reading.callouts import find_callouts, find_parenthesised_callouts, find_raised_callouts
from litmine.reading.geometry import Ints
from litmine.reading.glyphs import PageGlyphs
from litmine.reading.joining import JoinedText, Vocabulary, join_lines_to_text
from litmine.reading.references import find_doi, find_pmid, find_title, find_year, iter_dois
from litmine.reading.structure import make_sections
from litmine.records import Block, Callout, Document, Dropped, Glyphs, Kind, Reference, content_id

BLANK_LINE = "\n\n"
_NO_CALLOUTS = frozenset({Kind.REFERENCE, Kind.TITLE, Kind.OTHER})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from."""

    data: bytes
    path: Path
    media_type: str


def assemble(
    source: Source, pages: Sequence[PageGlyphs], drafts: Sequence[Draft], dropped: Sequence[Dropped]
) -> Document:
    """The document whose blocks are the drafts, in their order."""
    vocabulary = Vocabulary(line for draft in drafts for line in draft.lines)
    joined = [_text_of(draft, vocabulary) for draft in drafts]
    sections = make_sections(drafts, [block.text for block in joined])
    text = BLANK_LINE.join(block.text for block in joined)
    starts = np.cumsum([0, *(len(block.text) + len(BLANK_LINE) for block in joined)]).tolist()
    blocks = tuple(
        Block(start, start + len(block.text), draft.kind, draft.section)
        for start, block, draft in zip(starts, joined, drafts, strict=False)
    )
    references = tuple(
        _reference(draft.level, block, text)
        for draft, block in zip(drafts, blocks, strict=True)
        if draft.kind is Kind.REFERENCE
    )
    hyphens = _hyphens(drafts, joined)
    digest = content_id(source.data)
    title = next((text[b.start : b.end] for b in blocks if b.kind is Kind.TITLE), "")
    return Document(
        doc_id=digest[:16],
        path=str(source.path),
        sha256=digest,
        media_type=source.media_type,
        text=text,
        title=title,
        doi=_document_doi(pages),
        n_pages=len(pages),
        sections=tuple(sections),
        blocks=blocks,
        callouts=_callouts(text, blocks, references, joined),
        references=references,
        dropped=tuple(sorted((*dropped, *hyphens), key=lambda row: (row.page, row.reason))),
        glyphs=_glyphs(pages, joined),
    )


def _text_of(draft: Draft, vocabulary: Vocabulary) -> JoinedText:
    """Rows of a table stand on lines of their own, cells parted by tabs; all other lines are joined."""
    if not draft.rows:
        return join_lines_to_text(draft.lines, vocabulary)
    parts: list[tuple[str, JoinedText]] = []
    for row in draft.rows:
        filled = [cell for cell in row if cell]
        for i, cell in enumerate(filled):
            parts.append(("\t" if i else "\n", join_lines_to_text(cell, vocabulary)))
    texts: list[str] = []
    pages: list[Ints] = []
    glyphs: list[Ints] = []
    raised: list[Ints] = []
    n_hyphens = 0
    for i, (mark, cell_text) in enumerate(parts):
        if i:
            texts.append(mark)
            pages.append(np.zeros(1, dtype=np.int64))
            glyphs.append(np.full(1, -1, dtype=np.int64))
            raised.append(np.zeros(1, dtype=np.int64))
        texts.append(cell_text.text)
        pages.append(cell_text.page)
        glyphs.append(cell_text.glyph)
        raised.append(cell_text.raised)
        n_hyphens += cell_text.n_hyphens
    return JoinedText("".join(texts), np.concatenate(pages), np.concatenate(glyphs), np.concatenate(raised), n_hyphens)


def _hyphens(drafts: Sequence[Draft], joined: Sequence[JoinedText]) -> list[Dropped]:
    """Hyphens taken out at line ends, counted on the page on which the block starts."""
    counts: dict[int, int] = {}
    for draft, block in zip(drafts, joined, strict=True):
        if block.n_hyphens:
            page = draft.lines[0].page
            counts[page] = counts.get(page, 0) + block.n_hyphens
    return [Dropped(page, "hyphen at a line end", count) for page, count in sorted(counts.items())]


def _reference(number: int, block: Block, text: str) -> Reference:
    entry = text[block.start : block.end]
    return Reference(
        number=number,
        start=block.start,
        end=block.end,
        text=entry,
        doi=find_doi(entry),
        pmid=find_pmid(entry),
        title=find_title(entry),
        year=find_year(entry),
    )


def _callouts(
    text: str, blocks: Sequence[Block], references: Sequence[Reference], joined: Sequence[JoinedText]
) -> tuple[Callout, ...]:
    """Callouts of the body whose numbers exist, in the form (square or round brackets, superscript) that cites most
    of the references. A list without printed numbers is not cited by number."""
    known = {reference.number for reference in references}
    if known and not any(text[r.start : r.start + 8].lstrip(" [(").startswith(str(r.number)) for r in references):
        return ()
    forms: tuple[list[Callout], ...] = ([], [], [])
    for block, own in zip(blocks, joined, strict=True):
        if block.kind in _NO_CALLOUTS:
            continue
        entry = text[block.start : block.end]
        found = (find_callouts(entry), find_raised_callouts(entry, own.raised), find_parenthesised_callouts(entry))
        for form, callouts in zip(forms, found, strict=True):
            for callout in callouts:
                if not known or sum(number in known for number in callout.numbers) >= 0.6 * len(callout.numbers):
                    start, end = block.start + callout.start, block.start + callout.end
                    form.append(Callout(start, end, callout.numbers))
    if not known:
        return tuple(forms[0])
    cited = [len({number for callout in form for number in callout.numbers} & known) for form in forms]
    return tuple(forms[cited.index(max(cited))])


def _document_doi(pages: Sequence[PageGlyphs]) -> str | None:
    """The first DOI on the first two pages, furniture included, before any reference list; a DOI cut by a line end
    is taken from where it stands whole."""
    first: str | None = None
    for page in pages[:2]:
        codes = page.code.astype(np.uint32)
        text = np.where(page.space, 0x20, 0)
        spaced = np.column_stack((text, codes)).ravel()
        content = spaced[spaced > 0].astype(np.uint32).tobytes().decode("utf-32-le", "replace")
        for doi in iter_dois(content.partition("References ")[0]):
            first = first or doi
            if doi.startswith(first) and len(doi) > len(first):
                first = doi
    return first


def _glyphs(pages: Sequence[PageGlyphs], joined: Sequence[JoinedText]) -> Glyphs:
    """Page and displayed box of every character of the text."""
    offsets = np.cumsum([0, 0, *(len(page) for page in pages)])
    boxes = np.concatenate([np.zeros((0, 4)), *(page.display_boxes() for page in pages if len(page))])
    gap = np.zeros(len(BLANK_LINE), dtype=np.int64)
    number: list[Ints] = []
    place: list[Ints] = []
    for i, block in enumerate(joined):
        if i:
            number.append(gap)
            place.append(gap - 1)
        number.append(block.page)
        place.append(block.glyph)
    page = np.concatenate(number) if number else gap[:0]
    glyph = np.concatenate(place) if place else gap[:0]
    index = np.where(page > 0, offsets[page] + glyph, 0)
    own = boxes[index] if len(boxes) else np.zeros((len(index), 4))
    own = np.where((page > 0)[:, None], own, 0.0)
    x0, y0, x1, y1 = (array("f", own[:, i].astype(np.float32).tobytes()) for i in range(4))
    return Glyphs(array("i", page.astype(np.int32).tobytes()), x0, y0, x1, y1)
