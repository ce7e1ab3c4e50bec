"""Drafts of blocks to a `Document`: the text, its offsets, sections, references, callouts and places.

Owns all offsets. What it is given has its final order and kinds.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from litmine.reading.authors import find_front_authors
from litmine.reading.blocks import Draft
from litmine.reading.citations.callouts import find_spans
from litmine.reading.citations.choosing import find_cited
from litmine.reading.citations.references import find_doi, iter_dois, read_entry
from litmine.reading.figures import FigureRegion
from litmine.reading.floats import join_cells_to_text, make_figures, make_tables
from litmine.reading.geometry import Ints
from litmine.reading.glyphs.pages import PageFrame
from litmine.reading.joining import Vocabulary, join_lines_to_text
from litmine.reading.placing import Placing
from litmine.reading.structure import make_sections
from litmine.records import Block, Document, Dropped, Kind, content_id

BLANK_LINE = "\n\n"
_PART = re.compile(r"\.[gst]\d{3}")
_HOW_TO_CITE = re.compile(r"(?:doi|cite this|how to cite|citation)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from; `front` holds the text of its first pages, furniture included."""

    data: bytes
    path: Path
    media_type: str
    front: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block's text; `raised` is 1 for superscript and -1 for subscript characters.

    `hyphens` gives the page of each hyphen taken out at a line end.
    """

    text: str
    raised: Ints
    hyphens: tuple[int, ...]


def assemble(
    source: Source,
    pages: list[PageFrame],
    drafts: Sequence[Draft],
    dropped: Sequence[Dropped],
    figures: Sequence[tuple[Draft | None, FigureRegion]] = (),
) -> Document:
    """The document whose blocks are the drafts, in their order; figures come with the drafts of their captions.

    Afterwards the drafts have no lines and the pages no boxes: those of a long document take much room.
    """
    vocabulary = Vocabulary(line for draft in drafts for line in draft.lines)
    spans: dict[int, list[tuple[int, int]]] = {}
    joined: list[BlockText] = []
    placing = Placing(pages, len(BLANK_LINE))
    firsts = [min((line.page for line in draft.lines), default=len(pages)) for draft in reversed(drafts)]
    to_come = [*[*itertools.accumulate(firsts, min)][-2::-1], len(pages)]
    for i, draft in enumerate(drafts):
        if draft.cells:
            own, spans[i] = join_cells_to_text(draft.cells, vocabulary)
        else:
            own = join_lines_to_text(draft.lines, vocabulary)
        placing.add(own, to_come[i])
        joined.append(BlockText(own.text, own.raised, own.hyphens))
        draft.lines.clear()
    glyphs = placing.finish()
    sections = make_sections(drafts, [block.text for block in joined])
    text = BLANK_LINE.join(block.text for block in joined)
    starts = np.cumsum([0, *(len(block.text) + len(BLANK_LINE) for block in joined)]).tolist()
    blocks = tuple(
        Block(start, start + len(block.text), draft.kind, draft.section)
        for start, block, draft in zip(starts, joined, drafts, strict=False)
    )
    references = tuple(
        read_entry(draft.level, text[block.start : block.end]).at(block.start)
        for draft, block in zip(drafts, blocks, strict=True)
        if draft.kind is Kind.REFERENCE
    )
    hyphens = _hyphens(joined)
    digest = content_id(source.data)
    title = next((text[b.start : b.end] for b in blocks if b.kind is Kind.TITLE), "")
    return Document(
        doc_id=digest[:16],
        path=str(source.path),
        sha256=digest,
        media_type=source.media_type,
        text=text,
        title=title,
        authors=_authors(drafts, joined),
        doi=_document_doi(source.front) or _doi_behind(text, blocks),
        n_pages=len(pages),
        sections=tuple(sections),
        blocks=blocks,
        callouts=find_cited([block.text for block in joined], blocks, references, [block.raised for block in joined]),
        references=references,
        tables=make_tables(drafts, blocks, spans, pages),
        figures=make_figures(figures, drafts, pages),
        superscripts=_spans(blocks, joined, 1),
        subscripts=_spans(blocks, joined, -1),
        dropped=tuple(sorted((*dropped, *hyphens), key=lambda row: (row.page, row.reason))),
        glyphs=glyphs,
    )


def _spans(blocks: Sequence[Block], joined: Sequence[BlockText], level: int) -> tuple[tuple[int, int], ...]:
    """Spans of the text's characters that are raised (level 1) or lowered (level -1)."""
    return tuple(
        (block.start + start, block.start + end)
        for block, own in zip(blocks, joined, strict=True)
        for start, end in find_spans(own.text, own.raised == level)
    )


def _hyphens(joined: Sequence[BlockText]) -> list[Dropped]:
    """Hyphens taken out at line ends, counted on the page on which they stand."""
    counts = Counter(page for block in joined for page in block.hyphens)
    return [Dropped(page, "hyphen at a line end", count) for page, count in sorted(counts.items())]


def _authors(drafts: Sequence[Draft], joined: Sequence[BlockText]) -> tuple[str, ...]:
    """Names between title and abstract."""
    title = next((i for i, draft in enumerate(drafts) if draft.kind is Kind.TITLE), None)
    if title is None:
        return ()
    behind = itertools.takewhile(lambda i: drafts[i].kind is Kind.OTHER, range(title + 1, len(drafts)))
    return find_front_authors([(joined[i].text, joined[i].raised) for i in behind])


def _document_doi(front: Sequence[str]) -> str | None:
    """The first DOI before any reference list; a DOI cut by a line end is taken from where it stands whole.

    Figures and tables of a journal may have DOIs of their own, which are the article's with a part's number behind it.
    """
    first: str | None = None
    for content in front:
        for doi in iter_dois(content.partition("References ")[0]):
            first = first or doi
            if doi.startswith(first) and len(doi) > len(first) and not _PART.fullmatch(doi[len(first) :]):
                first = doi
    return first


def _doi_behind(text: str, blocks: Sequence[Block]) -> str | None:
    """The article's DOI from a note behind the reference list that says how to cite it."""
    for block in reversed(blocks):
        if block.kind is Kind.REFERENCE:
            break
        note = text[block.start : block.end]
        if _HOW_TO_CITE.match(note):
            return find_doi(note)
    return None
