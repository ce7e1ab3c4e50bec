"""Results of documents, addressed by content, and the run folder assembled from them.

A document's result lives in `<run>/.store/<doc_id>-<fingerprint>/`. It is written whole beside its place and renamed
into it, so a folder that exists is complete: what is there is never mined again, what broke off is.
"""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.errors import StoreError
from litmine.records import Triple
from litmine.relations.assembly import assemble_claims
from litmine.tables import (
    DONE,
    FAILED,
    PER_DOCUMENT,
    DocumentResult,
    Row,
    document_rows,
    read_triple,
    schema,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

STORE = ".store"
JUDGED = frozenset({"sentences", "mentions", "triples", "candidates"})
JUDGEMENTS = ("scores.json", "scores.csv", "losses.parquet", "evaluation.html")
"""What an evaluation writes into a run; it goes when a table that it judged is no longer what it was."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How mining one input ended, small enough to send between processes.

    `empty_pages` gave no text; those of them that are scans nobody read are `scanned_pages` as well.
    """

    doc_id: str
    path: str
    key: str
    status: str
    seconds: float
    n_pages: int
    n_mentions: int
    n_triples: int
    reused: bool
    detail: str = ""
    empty_pages: tuple[int, ...] = ()
    scanned_pages: tuple[int, ...] = ()
    in_scope: bool = True


def result_key(doc_id: str, fingerprint: str) -> str:
    return f"{doc_id}-{fingerprint}"


def find_outcome(run: Path, key: str, path: Path) -> Outcome | None:
    """The stored outcome under `key`, told for the file at `path`; None where there is none.

    A document of which any stage failed is never found, so that it is tried again.
    """
    file = run / STORE / key / "outcome.json"
    if not file.exists():
        return None
    stored = json.loads(file.read_text(encoding="utf-8"))
    if stored["status"] != DONE:
        return None
    pages = {name: tuple(stored[name]) for name in ("empty_pages", "scanned_pages")}
    return Outcome(**{**stored, **pages, "path": str(path), "reused": True})


def write_result(run: Path, result: DocumentResult, fingerprint: str) -> Outcome:
    """Store a document's rows and text; afterwards `find_outcome` finds them."""
    from litmine.reading.glyphs.ocr import SCANNED

    key = result_key(result.doc_id, fingerprint)
    rows = document_rows(result)
    outcome = Outcome(
        doc_id=result.doc_id,
        path=result.path,
        key=key,
        status=result.status,
        seconds=result.seconds,
        n_pages=result.document.n_pages if result.document else 0,
        n_mentions=len(result.mentions),
        n_triples=len(result.triples),
        reused=False,
        detail=result.failures[0].detail if result.failures else "",
        empty_pages=tuple(
            row["page"] for row in rows["reading"] if row["reason"] is None and row["page"] and not row["n_chars"]
        ),
        in_scope=result.in_scope,
        scanned_pages=tuple(row["page"] for row in rows["reading"] if row["reason"] == SCANNED),
    )
    store = run / STORE
    store.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f"{key}.", dir=store))
    for table, own in rows.items():
        _write_table(building / f"{table}.parquet", table, own)
    if result.document is not None:
        (building / "text.txt").write_text(result.document.text, encoding="utf-8", newline="")
    (building / "outcome.json").write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    place = store / key
    if place.exists():
        shutil.rmtree(place)
    building.rename(place)
    return outcome


def assemble_run(run: Path, outcomes: Sequence[Outcome], facts: dict[str, Any]) -> None:
    """Write the tables, texts and `run.json` of a run from stored results, in the order of `outcomes`.

    Every file is replaced whole; an evaluation of other tables goes. `facts` go into `run.json` beside the counts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folders = [run / STORE / outcome.key for outcome in outcomes]
    tables: dict[str, pa.Table] = {}
    for table in PER_DOCUMENT:
        parts = [
            _told_for(pq.read_table(folder / f"{table}.parquet"), outcome.path)
            for folder, outcome in zip(folders, outcomes, strict=True)
        ]
        tables[table] = pa.concat_tables([schema(table).empty_table(), *parts])
    tables["claims"] = pa.Table.from_pylist(_claim_rows(tables["triples"]), schema=schema("claims"))
    texts = run / "text"
    texts.mkdir(exist_ok=True)
    kept = {f"{outcome.doc_id}.txt" for outcome in outcomes}
    for stale in texts.glob("*.txt"):
        if stale.name not in kept:
            stale.unlink()
    for outcome, folder in zip(outcomes, folders, strict=True):
        if (folder / "text.txt").exists():
            shutil.copyfile(folder / "text.txt", texts / f"{outcome.doc_id}.txt")
    changed = [name for name, table_ in tables.items() if _replace(run / f"{name}.parquet", table_)]
    if not JUDGED.isdisjoint(changed):
        for name in JUDGEMENTS:
            (run / name).unlink(missing_ok=True)
    mentions = tables["mentions"].select(["type", "curie"]).to_pylist()
    unlinked = Counter(row["type"] for row in mentions if row["curie"] is None)
    dropped: Counter[str] = Counter()
    for row in tables["reading"].select(["reason", "n_chars_dropped"]).to_pylist():
        if row["n_chars_dropped"]:
            dropped[row["reason"]] += row["n_chars_dropped"]
    counts = {name: table_.num_rows for name, table_ in tables.items()} | {
        "documents_failed": sum(outcome.status == FAILED for outcome in outcomes),
        "documents_out_of_scope": sum(not outcome.in_scope for outcome in outcomes),
        "documents_reused": sum(outcome.reused for outcome in outcomes),
        "pages": sum(outcome.n_pages for outcome in outcomes),
        "mentions_unlinked": dict(sorted(unlinked.items())),
        "chars_dropped": dict(sorted(dropped.items())),
    }
    pages = {
        "pages_without_text": {o.path: o.empty_pages for o in outcomes if o.empty_pages},
        "pages_scanned_not_read": {o.path: o.scanned_pages for o in outcomes if o.scanned_pages},
    }
    write_json(run / "run.json", {**facts, **pages, "counts": counts})


def _told_for(table: "pa.Table", path: str) -> "pa.Table":
    """The same rows with `path`, where there is such a column: equal files at two places share one stored result."""
    import pyarrow as pa

    if "path" not in table.column_names:
        return table
    at = table.column_names.index("path")
    return table.set_column(at, "path", pa.array([path] * table.num_rows, pa.string()))


def _claim_rows(triples: "pa.Table") -> list[Row]:
    by_document: dict[str, list[Triple]] = {}
    for row in triples.to_pylist():
        by_document.setdefault(row["doc_id"], []).append(read_triple(row))
    return [asdict(claim) for claim in assemble_claims(by_document)]


def read_table(run: Path, table: str) -> "pd.DataFrame":
    """A table of a finished run. Raises StoreError where the folder is no run."""
    import pandas as pd

    file = run / f"{table}.parquet"
    if not file.exists():
        raise StoreError(f"{run} is not a finished run: {file.name} is missing. Make one with `litmine mine`.")
    return pd.read_parquet(file)


def read_run(run: Path) -> dict[str, Any]:
    """The contents of `run.json`. Raises StoreError where the folder is no run."""
    file = run / "run.json"
    if not file.exists():
        raise StoreError(f"{run} is not a finished run: run.json is missing. Make one with `litmine mine`.")
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return facts


def write_json(path: Path, value: object) -> None:
    """Replace `path` whole with `value` as indented JSON."""
    building = path.with_name(f".{path.name}.{os.getpid()}")
    building.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    building.replace(path)


def _write_table(path: Path, table: str, rows: Iterable[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema(table)), path)


def _replace(path: Path, table: Any) -> bool:
    """Whether the file has other contents now."""
    import pyarrow.parquet as pq

    building = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(table, building)
    changed = not path.exists() or path.read_bytes() != building.read_bytes()
    building.replace(path)
    return changed
