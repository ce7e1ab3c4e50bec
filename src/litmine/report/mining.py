"""The report of a mining run: what was found, on what evidence, and what was lost on the way.

Reads a finished run folder; decides nothing about its contents.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from litmine.lexicon.mechanisms import read_classes
from litmine.relations.assembly import Claim, contradictions
from litmine.report import plots
from litmine.report.pages import records, write_page
from litmine.store import read_run, read_table

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
MOST_ROWS = 2000
"""Claims, and triples, that the page shows, the best first: with more a browser would be slow. The tables hold all."""
CROPS = "crops"
"""Folder of page pictures in a run."""
MATRIX_DRUGS = 10
NETWORK_GENES = 15
NETWORK_EDGES = 40
Piece = tuple[str, str]
"""Text and the CSS class that marks it: "Drug", "Gene", "Mechanism", or "" for plain text."""


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """One sentence of evidence, cut into pieces by the mentions in it."""

    pieces: tuple[Piece, ...]
    page: int | None
    section: str
    crop: str | None
    """Path of its picture from the run folder, where `litmine report --crops` has drawn it."""


def write_report(run: Path) -> Path:
    """Write `report.html` into a finished run folder, with the scores where `scores.json` lies there."""
    facts = read_run(run)
    documents = read_table(run, "documents")
    scores_file = run / "scores.json"
    classes = read_classes()
    claims = [
        {**claim, "group": classes[claim["mechanism"]].group if claim["mechanism"] in classes else ""}
        for claim in records(read_table(run, "claims"))
    ]
    triples = read_table(run, "triples").sort_values("score", ascending=False, kind="stable")
    return write_page(
        "mining.html.j2",
        run / "report.html",
        facts=facts,
        run=run,
        counts=facts["counts"],
        documents=records(documents),
        reading=_reading(run, documents, facts),
        failures=records(read_table(run, "failures")),
        claims=claims[:MOST_ROWS],
        n_left_out={"claims": len(claims[MOST_ROWS:]), "triples": len(triples[MOST_ROWS:])},
        contradictions=contradictions(Claim(**{f.name: claim[f.name] for f in fields(Claim)}) for claim in claims),
        matrix=_matrix(claims),
        plots={"groups": _groups_plot(claims), "network": _network_plot(claims)},
        triples=list(_triples(run, documents, triples[:MOST_ROWS])),
        scores=json.loads(scores_file.read_text(encoding="utf-8")) if scores_file.exists() else None,
    )


def _matrix(claims: Sequence[Row]) -> dict[str, Any]:
    """How many claims each mechanism has for each of the most frequent drugs, mechanisms group by group."""
    counts = Counter((c["group"], c["mechanism"], c["drug"]) for c in claims)
    drugs = [drug for drug, _ in Counter(c["drug"] for c in claims).most_common(MATRIX_DRUGS)]
    rows = [
        {"label": mechanism, "counts": [counts[group, mechanism, drug] for drug in drugs]}
        for group, mechanism in sorted({(c["group"], c["mechanism"]) for c in claims})
    ]
    return {"drugs": drugs, "rows": [row for row in rows if any(row["counts"])]}


def _groups_plot(claims: Sequence[Row]) -> Markup:
    groups = Counter(claim["group"] or "no mechanism named" for claim in claims)
    return plots.bars(groups.most_common(), "Claims by group of mechanisms")


def _network_plot(claims: Sequence[Row]) -> Markup:
    named = [claim for claim in claims if claim["group"]]
    genes = {gene for gene, _ in Counter(claim["gene"] for claim in named).most_common(NETWORK_GENES)}
    edges = Counter((claim["gene"], claim["mechanism"]) for claim in named if claim["gene"] in genes)
    return plots.network([(gene, mechanism, n) for (gene, mechanism), n in edges.most_common(NETWORK_EDGES)], "Genes")


def crop_name(doc_id: str, start: int, end: int) -> str:
    """The file of the picture of `text[start:end]`."""
    return f"{doc_id}-{start}-{end}.png"


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
    for document in records(documents):
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


def _triples(run: Path, documents: "pd.DataFrame", triples: "pd.DataFrame") -> Iterable[dict[str, Any]]:
    """The given rows of the triples table with document title, evidence sentences and cited references."""
    titles = {row["doc_id"]: row["title"] for row in records(documents)}
    sentences = {(row["doc_id"], row["sentence"]): row for row in records(read_table(run, "sentences"))}
    references = {(row["doc_id"], row["number"]): row["text"] for row in records(read_table(run, "references"))}
    mentions: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row in records(read_table(run, "mentions")):
        mentions.setdefault((row["doc_id"], row["sentence"]), []).append((row["start"], row["end"], row["type"]))
    crops = {f"{CROPS}/{file.name}" for file in (run / CROPS).glob("*.png")}
    for row in records(triples):
        doc_id = row["doc_id"]
        evidence = []
        for number in row["evidence"]:
            sentence = sentences[doc_id, number]
            offset = sentence["start"]
            spans = [(start - offset, end - offset, kind) for start, end, kind in mentions.get((doc_id, number), [])]
            pieces = cut_at_mentions(sentence["text"], spans)
            page = None if sentence["page"] is None else int(sentence["page"])
            crop = f"{CROPS}/{crop_name(doc_id, offset, sentence['end'])}"
            drawn = crop if crop in crops else None
            evidence.append(EvidenceSentence(pieces, page, sentence["section"], drawn))
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
