"""The cells of a document's tables as passages to be read one by one.

Owns how a cell becomes a sentence: which cells may name anything, their bounds, the sentence they belong to, and tokens
cut without a parser.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from litmine.records import Cell, Document, Kind, Sentence, Table, Token

_WORD = re.compile(r"\w+|[^\w\s]")
_NO_NAMES = re.compile(
    r"\b(?:grants?|funders?|funding|authors?|identifiers?|source|vendors?|suppliers?|manufacturers?|compan(?:y|ies)"
    r"|cat(?:alog(?:ue)?)?\.? ?(?:no|num|#)\w*|RRID|accession|sequences?|primers?|ref(?:erence|fence)?s?|NCT\w*"
    r"|trial (?:ID|name|number)|doi|pmid|years?|country|p[- ]values?)\b",
    re.IGNORECASE,
)
"""Heads of columns that hold codes, people and numbers."""
_NAMES = re.compile(
    r"\b(?:genes?|proteins?|targets?|drugs?|agents?|compounds?|inhibitors?|treatments?)\b", re.IGNORECASE
)
_NO_NAMES_ROW = re.compile(r"(?:cell lines?|strains?|software|organism|funders?)\b", re.IGNORECASE)


def iter_cells(document: Document, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Each cell that can name something, with the index of the sentence of its table in which it starts."""
    starts = [sentence.start for sentence in sentences]
    for table in document.tables:
        for cell in _telling(document.text, table):
            at = bisect_right(starts, cell.start) - 1
            if at < 0 or sentences[at].kind is not Kind.TABLE:
                continue
            holder = sentences[at]
            yield Sentence(
                index=holder.index,
                start=cell.start,
                end=cell.end,
                text=document.text[cell.start : cell.end],
                kind=Kind.TABLE,
                section=holder.section,
                block=holder.block,
                tokens=_tokens(document.text, cell.start, cell.end),
            )


def _telling(text: str, table: Table) -> Iterator[Cell]:
    """Cells with letters, but for columns of codes or people and rows of cell lines, strains and the like."""
    columns = {
        c.column
        for c in table.cells
        if c.row == 0 and _NO_NAMES.search(text, c.start, c.end) and not _NAMES.search(text, c.start, c.end)
    }
    rows = {c.row for c in table.cells if c.column == 0 and c.row and _NO_NAMES_ROW.match(text, c.start, c.end)}
    for cell in table.cells:
        coded = cell.row > 0 and (cell.column in columns or cell.row in rows)
        if not coded and any(c.isalpha() for c in text[cell.start : cell.end]):
            yield cell


def _tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    """Words and marks, each a noun that heads itself: enough for names whose words only have to follow each other."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    return tuple(
        Token(left, right, text[left:right].lower(), "NOUN", "NN", "dep", i) for i, (left, right) in enumerate(words)
    )
