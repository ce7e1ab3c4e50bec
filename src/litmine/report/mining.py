"""The report of a mining run: what was found, on what evidence, and what was lost on the way.

Reads a finished run folder; decides nothing about its contents.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.store import read_run, read_table

if TYPE_CHECKING:
    import pandas as pd

Piece = tuple[str, str]
"""Text and the CSS class that marks it: "Drug", "Gene", "Mechanism", or "" for plain text."""


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """One sentence of evidence, cut into pieces by the mentions in it."""

    pieces: tuple[Piece, ...]
    page: int | None
    section: str


def write_report(run: Path) -> Path:
    """Write `report.html` into a finished run folder, with the scores where `scores.json` lies there."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("litmine.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    facts = read_run(run)
    documents = read_table(run, "documents")
    scores_file = run / "scores.json"
    page = environment.get_template("mining.html.j2").render(
        facts=facts,
        counts=facts["counts"],
        documents=_records(documents),
        reading=_reading(run, documents, facts),
        failures=_records(read_table(run, "failures")),
        claims=_records(read_table(run, "claims")),
        triples=list(_triples(run, documents)),
        scores=json.loads(scores_file.read_text(encoding="utf-8")) if scores_file.exists() else None,
    )
    target = run / "report.html"
    building = run / ".report.html.part"
    building.write_text(page, encoding="utf-8")
    building.replace(target)
    return target


def _records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries, missing values as None."""
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows


def spell_pages(pages: Sequence[int]) -> str:
    """Page numbers as people write them: "page 3", "pages 3, 7–9"."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return ("page " if len(pages) == 1 else "pages ") + ", ".join("–".join(map(str, run)) for run in runs)


def _reading(run: Path, documents: "pd.DataFrame", facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What was read of each document and what was left out, by reason; the pages that gave nothing, in words."""
    rows = read_table(run, "reading")
    found: list[dict[str, Any]] = []
    for document in _records(documents):
        own = rows[rows["doc_id"] == document["doc_id"]]
        if own.empty:
            continue
        left_out = own[own["n_chars_dropped"] > 0].groupby("reason")["n_chars_dropped"].sum()
        empty = facts["pages_without_text"].get(document["path"], [])
        scanned = facts["pages_scanned_not_read"].get(document["path"], [])
        found.append(
            {
                "title": document["title"],
                "path": document["path"],
                "n_pages": document["n_pages"],
                "n_chars": int(own["n_chars"].sum()),
                "left_out": sorted(left_out.items(), key=lambda item: -item[1]),
                "empty": spell_pages(empty) if empty else "",
                "scanned": spell_pages(scanned) if scanned else "",
            }
        )
    return found


def _triples(run: Path, documents: "pd.DataFrame") -> Iterable[dict[str, Any]]:
    """Rows of the triples table, best score first, with document title, evidence sentences and cited references."""
    titles = {row["doc_id"]: row["title"] for row in _records(documents)}
    sentences = {(row["doc_id"], row["sentence"]): row for row in _records(read_table(run, "sentences"))}
    references = {(row["doc_id"], row["number"]): row["text"] for row in _records(read_table(run, "references"))}
    mentions: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row in _records(read_table(run, "mentions")):
        mentions.setdefault((row["doc_id"], row["sentence"]), []).append((row["start"], row["end"], row["type"]))
    triples = read_table(run, "triples").sort_values("score", ascending=False, kind="stable")
    for row in _records(triples):
        doc_id = row["doc_id"]
        evidence = []
        for number in row["evidence"]:
            sentence = sentences[doc_id, number]
            offset = sentence["start"]
            spans = [(start - offset, end - offset, kind) for start, end, kind in mentions.get((doc_id, number), [])]
            pieces = cut_at_mentions(sentence["text"], spans)
            page = None if sentence["page"] is None else int(sentence["page"])
            evidence.append(EvidenceSentence(pieces, page, sentence["section"]))
        yield {
            **row,
            "document": titles[doc_id] or doc_id,
            "sentences": evidence,
            "cited": [(number, references.get((doc_id, number), "")) for number in row["references"]],
        }


def cut_at_mentions(text: str, spans: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """Cut a sentence into pieces, in order and without loss; joined they give `text` again.

    Spans are (start, end, type) within the sentence. An entity inside a mechanism keeps its own colour and the
    mechanism is marked around it.
    """
    kinds = [""] * len(text)
    ordered = sorted(spans, key=lambda span: span[2] != "Mechanism")
    for start, end, kind in ordered:
        kinds[start:end] = [kind] * (end - start)
    pieces: list[Piece] = []
    at = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or kinds[i] != kinds[at]:
            pieces.append((text[at:i], kinds[at]))
            at = i
    return tuple(pieces)
