"""The tables of a run folder: their columns, and how records become rows.

Owns the public output contract. Columns may be added, never renamed. Knows nothing of files and folders.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from litmine.records import (
    Analysis,
    Candidate,
    Certainty,
    Document,
    Failure,
    Level,
    Mention,
    Place,
    Polarity,
    Role,
    State,
    Triple,
)

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "documents": {
        "doc_id": "string",
        "path": "string",
        "sha256": "string",
        "media_type": "string",
        "title": "string",
        "authors": "list<string>",
        "doi": "string",
        "n_pages": "int32",
        "n_chars": "int64",
        "n_chars_dropped": "int64",
        "in_scope": "bool",
        "status": "string",
        "seconds": "float64",
    },
    "sentences": {
        "doc_id": "string",
        "sentence": "int32",
        "start": "int64",
        "end": "int64",
        "section": "string",
        "kind": "string",
        "page": "int32",
        "text": "string",
    },
    "mentions": {
        "doc_id": "string",
        "mention": "int32",
        "sentence": "int32",
        "start": "int64",
        "end": "int64",
        "text": "string",
        "layer": "string",
        "type": "string",
        "concept": "string",
        "curie": "string",
        "score": "float64",
        "table": "int32",
        "row": "int32",
        "column": "int32",
        "page": "int32",
        "x0": "float64",
        "y0": "float64",
        "x1": "float64",
        "y1": "float64",
    },
    "triples": {
        "doc_id": "string",
        "triple": "int32",
        "drug": "string",
        "gene": "string",
        "mechanism": "string",
        "role": "string",
        "state": "string",
        "polarity": "string",
        "certainty": "string",
        "level": "string",
        "score": "float64",
        "evidence": "list<int32>",
        "references": "list<int32>",
        "explanation": "string",
    },
    "candidates": {
        "doc_id": "string",
        "drug": "string",
        "gene": "string",
        "mechanism": "string",
        "sentence": "int32",
        "score": "float64",
    },
    "claims": {
        "drug": "string",
        "gene": "string",
        "mechanism": "string",
        "role": "string",
        "n_documents": "int32",
        "n_evidence": "int32",
        "n_for": "int32",
        "n_against": "int32",
        "n_hedged": "int32",
        "score": "float64",
        "best_evidence": "string",
        "subsumed": "bool",
    },
    "references": {
        "doc_id": "string",
        "number": "int32",
        "text": "string",
        "doi": "string",
        "pmid": "string",
        "title": "string",
        "year": "int32",
    },
    "tables": {
        "doc_id": "string",
        "table": "int32",
        "caption": "string",
        "row": "int32",
        "column": "int32",
        "start": "int64",
        "end": "int64",
        "text": "string",
        "page": "int32",
        "x0": "float64",
        "y0": "float64",
        "x1": "float64",
        "y1": "float64",
    },
    "figures": {
        "doc_id": "string",
        "figure": "int32",
        "caption": "string",
        "page": "int32",
        "x0": "float64",
        "y0": "float64",
        "x1": "float64",
        "y1": "float64",
    },
    "reading": {
        "doc_id": "string",
        "page": "int32",
        "reason": "string",
        "n_chars": "int64",
        "n_chars_dropped": "int64",
    },
    "failures": {
        "doc_id": "string",
        "path": "string",
        "stage": "string",
        "error": "string",
        "detail": "string",
    },
}
"""Table → column → type, in the order in which they are written."""

PER_DOCUMENT = tuple(table for table in COLUMNS if table != "claims")
"""The tables that one document contributes rows to; `claims` is assembled over all."""

DONE, PARTIAL, FAILED = "done", "partial", "failed"
"""Values of `documents.status`: every stage ran; a later stage failed, what came before is kept; nothing was read."""


def schema(table: str) -> "pa.Schema":
    """The Arrow schema of a table."""
    import pyarrow as pa

    types = {
        "bool": pa.bool_(),
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "list<int32>": pa.list_(pa.int32()),
        "list<string>": pa.list_(pa.string()),
    }
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS[table].items()])


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What mining one file gave. Without `document` reading failed and `failures` says why.

    `in_scope` is false of a document that is not about cancer, so that no triples were given.
    """

    doc_id: str
    path: str
    sha256: str
    seconds: float
    document: Document | None = None
    analysis: Analysis = field(default_factory=lambda: Analysis(()))
    mentions: tuple[Mention, ...] = ()
    triples: tuple[Triple, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    failures: tuple[Failure, ...] = ()
    in_scope: bool = True

    @property
    def status(self) -> str:
        if self.document is None:
            return FAILED
        return PARTIAL if self.failures else DONE


def document_rows(result: DocumentResult) -> dict[str, list[Row]]:
    """The rows of one document for every table in PER_DOCUMENT."""
    document = result.document
    rows: dict[str, list[Row]] = {table: [] for table in PER_DOCUMENT}
    rows["documents"].append(
        {
            "doc_id": result.doc_id,
            "path": result.path,
            "sha256": result.sha256,
            "media_type": document.media_type if document else None,
            "title": document.title if document else None,
            "authors": list(document.authors) if document else [],
            "doi": document.doi if document else None,
            "n_pages": document.n_pages if document else 0,
            "n_chars": len(document.text) if document else 0,
            "n_chars_dropped": sum(d.n_chars for d in document.dropped) if document else 0,
            "in_scope": result.in_scope,
            "status": result.status,
            "seconds": result.seconds,
        }
    )
    rows["failures"] = [
        {"doc_id": f.doc_id, "path": f.path, "stage": f.stage, "error": f.error, "detail": f.detail}
        for f in result.failures
    ]
    if document is None:
        return rows
    rows["sentences"] = [
        {
            "doc_id": result.doc_id,
            "sentence": sentence.index,
            "start": sentence.start,
            "end": sentence.end,
            "section": " > ".join(document.section_chain(sentence.section)),
            "kind": sentence.kind.value,
            "page": _page(document, sentence.start, sentence.end),
            "text": sentence.text,
        }
        for sentence in result.analysis.sentences
    ]
    rows["mentions"] = _mention_rows(result.doc_id, document, result.mentions)
    rows["triples"] = [_triple_row(result.doc_id, i, triple) for i, triple in enumerate(result.triples)]
    rows["candidates"] = [
        {
            "doc_id": result.doc_id,
            "drug": candidate.drug,
            "gene": candidate.gene,
            "mechanism": candidate.mechanism,
            "sentence": candidate.sentence,
            "score": candidate.score,
        }
        for candidate in result.candidates
    ]
    rows["references"] = [
        {
            "doc_id": result.doc_id,
            "number": reference.number,
            "text": reference.text,
            "doi": reference.doi,
            "pmid": reference.pmid,
            "title": reference.title,
            "year": reference.year,
        }
        for reference in document.references
    ]
    rows["tables"] = list(_cell_rows(result.doc_id, document))
    rows["figures"] = [
        {"doc_id": result.doc_id, "figure": i, "caption": _block_text(document, figure.caption), **_box(figure.place)}
        for i, figure in enumerate(document.figures)
    ]
    rows["reading"] = list(_reading_rows(result.doc_id, document))
    return rows


def _cell_rows(doc_id: str, document: Document) -> Iterator[Row]:
    for i, table in enumerate(document.tables):
        caption = _block_text(document, table.caption)
        for cell in table.cells:
            yield {
                "doc_id": doc_id,
                "table": i,
                "caption": caption,
                "row": cell.row,
                "column": cell.column,
                "start": cell.start,
                "end": cell.end,
                "text": document.text[cell.start : cell.end],
                **_box(cell.place),
            }


def _reading_rows(doc_id: str, document: Document) -> Iterator[Row]:
    """For every page what was read of it (without a reason), then what was dropped, reason by reason.

    A document without pages has rows of no page.
    """
    dropped: dict[int, Counter[str]] = {}
    for drop in document.dropped:
        dropped.setdefault(drop.page, Counter())[drop.reason] += drop.n_chars
    read: Mapping[int, int] = {0: len(document.text)} if document.glyphs is None else Counter(document.glyphs.page)
    for number in range(1, document.n_pages + 1) if document.glyphs is not None else (0,):
        page = number or None
        yield {"doc_id": doc_id, "page": page, "reason": None, "n_chars": read.get(number, 0), "n_chars_dropped": 0}
        for reason, count in sorted(dropped.get(number, {}).items()):
            yield {"doc_id": doc_id, "page": page, "reason": reason, "n_chars": 0, "n_chars_dropped": count}


def _block_text(document: Document, block: int | None) -> str | None:
    return None if block is None else document.text[document.blocks[block].start : document.blocks[block].end]


def _box(place: Place | None) -> Row:
    if place is None:
        return {"page": None, "x0": None, "y0": None, "x1": None, "y1": None}
    return {"page": place.page, "x0": place.x0, "y0": place.y0, "x1": place.x1, "y1": place.y1}


def _page(document: Document, start: int, end: int) -> int | None:
    place = next(document.places(start, end), None)
    return place.page if place else None


def _mention_rows(doc_id: str, document: Document, mentions: Sequence[Mention]) -> list[Row]:
    rows: list[Row] = []
    cells = sorted((c.start, c.end, i, c.row, c.column) for i, table in enumerate(document.tables) for c in table.cells)
    for number, mention in enumerate(mentions):
        at = bisect(cells, (mention.start + 1,)) - 1
        inside = at >= 0 and mention.end <= cells[at][1]
        table, row, column = cells[at][2:] if inside else (None, None, None)
        place = next(document.places(mention.start, mention.end), None)
        rows.append(
            {
                "doc_id": doc_id,
                "mention": number,
                "sentence": mention.sentence,
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "layer": mention.layer.value,
                "type": mention.type.value,
                "concept": mention.concept,
                "curie": mention.curie,
                "score": mention.score,
                "table": table,
                "row": row,
                "column": column,
                **_box(place),
            }
        )
    return rows


def _triple_row(doc_id: str, number: int, triple: Triple) -> Row:
    return {
        "doc_id": doc_id,
        "triple": number,
        "drug": triple.drug,
        "gene": triple.gene,
        "mechanism": triple.mechanism,
        "role": triple.role.value,
        "state": triple.state.value,
        "polarity": triple.polarity.value,
        "certainty": triple.certainty.value,
        "level": triple.level.value,
        "score": triple.score,
        "evidence": list(triple.evidence),
        "references": list(triple.references),
        "explanation": triple.explanation,
    }


def read_triple(row: Row) -> Triple:
    """The record that a row of the triples table was made from."""
    return Triple(
        drug=row["drug"],
        gene=row["gene"],
        mechanism=row["mechanism"],
        role=Role(row["role"]),
        state=State(row["state"]),
        polarity=Polarity(row["polarity"]),
        certainty=Certainty(row["certainty"]),
        level=Level(row["level"]),
        score=row["score"],
        evidence=tuple(row["evidence"]),
        references=tuple(row["references"]),
        explanation=row["explanation"],
    )
