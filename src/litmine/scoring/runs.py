"""Scores a mining run against gold: reads its tables and texts, aligns, scores, writes `scores.json` and `scores.csv`.

Owns which predictions are held against which gold. Only what lies in annotated sentences can be right or wrong;
predictions elsewhere (front matter, passages that were not annotated) are counted apart. Gold that was not found in the
reading, and gold documents without a reading, count as missed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litmine.errors import StoreError
from litmine.gold.alignment import Alignment, align, select_gold
from litmine.gold.model import Gold
from litmine.gold.store import read_gold_set
from litmine.records import Certainty, MentionType, Polarity, Role, State
from litmine.scoring.counts import BOOTSTRAP, Resampling, Score
from litmine.scoring.errors import MentionError, find_errors
from litmine.scoring.items import gold_mentions, gold_triples
from litmine.scoring.mentions import ScoredMention, score_mentions
from litmine.scoring.tables import format_scores, write_scores
from litmine.scoring.triples import (
    Accuracy,
    ScoredTriple,
    score_attributes,
    score_triples,
    score_triples_by_evidence,
)

__all__ = ["DocumentCounts", "Scores", "format_scores", "score_run"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """How a gold document was found in a reading; `doc_id` is None where the run holds no reading of it.

    `n_mentions_outside` and `n_triples_outside` count the predictions that lie in no annotated sentence.
    `seen_in_training` is true where the triple weights of the run were trained on this very document.
    """

    gold: str
    doc_id: str | None
    path: str | None
    n_sentences: int
    n_sentences_found: int
    n_mentions: int
    n_mentions_found: int
    n_mentions_outside: int = 0
    n_triples_outside: int = 0
    seen_in_training: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything an evaluation found. Triples are at document level, `triples_by_evidence` at evidence level."""

    documents: tuple[DocumentCounts, ...]
    mentions: Mapping[str, Mapping[str, Score]]
    triples: Mapping[str, Score]
    triples_by_evidence: Mapping[str, Score]
    attributes: Mapping[str, Accuracy]
    mention_errors: tuple[MentionError, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Text of each document that the errors name."""


@dataclass(slots=True)
class _Items:
    counts: list[DocumentCounts] = field(default_factory=list)
    gold_mentions: list[ScoredMention] = field(default_factory=list)
    mentions: list[ScoredMention] = field(default_factory=list)
    gold_triples: list[ScoredTriple] = field(default_factory=list)
    triples: list[ScoredTriple] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def score_run(run_folder: Path, gold_folder: Path, resampling: Resampling = BOOTSTRAP) -> Scores:
    """Score a finished run; afterwards `scores.json` and `scores.csv` lie in its folder.

    `gold_folder` holds one gold document or several in subfolders. A gold document of which the run holds two readings
    is scored for each. Raises GoldError where the gold is not valid, StoreError where the run is not finished.
    """
    golds = read_gold_set(gold_folder)
    tables = {name: _read_rows(run_folder, name) for name in ("documents", "sentences", "mentions", "triples")}
    readings: dict[str, str] = {}
    for row in tables["documents"]:
        text = run_folder / "text" / f"{row['doc_id']}.txt"
        if text.exists():
            with text.open(encoding="utf-8", newline="") as file:
                readings[row["doc_id"]] = file.read()
    by_document = {name: _grouped(rows) for name, rows in tables.items()}
    trained_on = _trained_on(run_folder)
    items = _Items()
    chosen = dict(zip(readings, select_gold(golds, list(readings.values())), strict=True))
    for number, gold in enumerate(golds):
        doc_ids = [doc_id for doc_id, choice in chosen.items() if choice == number]
        if not doc_ids:
            _add_missing(items, gold)
            items.texts[gold.id] = ""
        for doc_id in doc_ids:
            rows = {name: groups.get(doc_id, []) for name, groups in by_document.items()}
            items.texts[f"{gold.id}/{doc_id}"] = readings[doc_id]
            _add_reading(items, gold, align(gold, readings[doc_id]), doc_id, rows, gold.id in trained_on)
    scores = Scores(
        documents=tuple(items.counts),
        mentions=score_mentions(items.gold_mentions, items.mentions, resampling),
        triples=score_triples(items.gold_triples, items.triples, resampling),
        triples_by_evidence=score_triples_by_evidence(items.gold_triples, items.triples, resampling),
        attributes=score_attributes(items.gold_triples, items.triples),
        mention_errors=tuple(find_errors(items.gold_mentions, items.mentions, items.texts)),
        texts=items.texts,
    )
    write_scores(scores, run_folder)
    return scores


def _trained_on(run_folder: Path) -> frozenset[str]:
    """The documents that the run says its weights have seen."""
    file = run_folder / "run.json"
    if not file.exists():
        return frozenset()
    return frozenset(json.loads(file.read_text(encoding="utf-8")).get("trained_on", ()))


def _read_rows(run_folder: Path, table: str) -> list[Row]:
    import pyarrow.parquet as pq

    file = run_folder / f"{table}.parquet"
    if not file.exists():
        raise StoreError(f"{run_folder} is not a finished run: {file.name} is missing. Make one with `litmine mine`.")
    rows: list[Row] = pq.read_table(file).to_pylist()
    return rows


def _grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["doc_id"], []).append(row)
    return groups


def _add_missing(items: _Items, gold: Gold) -> None:
    items.counts.append(DocumentCounts(gold.id, None, None, len(gold.sentences), 0, len(gold.mentions), 0))
    items.gold_mentions += gold_mentions(gold, gold.id, [None] * len(gold.mentions))
    items.gold_triples += gold_triples(gold, gold.id)


def _add_reading(
    items: _Items,
    gold: Gold,
    alignment: Alignment,
    doc_id: str,
    rows: Mapping[str, Sequence[Row]],
    seen_in_training: bool,
) -> None:
    document = f"{gold.id}/{doc_id}"
    mentions = list(_predicted_mentions(gold, alignment, document, rows["mentions"]))
    triples = list(_predicted_triples(gold, alignment, document, rows["triples"], rows["sentences"]))
    items.counts.append(
        DocumentCounts(
            gold=gold.id,
            doc_id=doc_id,
            path=rows["documents"][0]["path"],
            n_sentences=len(gold.sentences),
            n_sentences_found=sum(bool(pieces) for pieces in alignment.sentences),
            n_mentions=len(gold.mentions),
            n_mentions_found=sum(place is not None for place in alignment.mentions),
            n_mentions_outside=len(rows["mentions"]) - len(mentions),
            n_triples_outside=len(rows["triples"]) - len(triples),
            seen_in_training=seen_in_training,
        )
    )
    items.gold_mentions += gold_mentions(gold, document, alignment.mentions)
    items.gold_triples += gold_triples(gold, document)
    items.mentions += mentions
    items.triples += triples


def _predicted_mentions(gold: Gold, alignment: Alignment, document: str, rows: Sequence[Row]) -> list[ScoredMention]:
    """The run's mentions in annotated sentences."""
    mentions: list[ScoredMention] = []
    for row in rows:
        touched = alignment.touched(row["start"], row["end"])
        if touched:
            mentions.append(
                ScoredMention(
                    document=document,
                    paragraph=gold.sentences[min(touched)].paragraph,
                    place=(row["start"], row["end"]),
                    type=MentionType(row["type"]),
                    concept=row["concept"],
                )
            )
    return mentions


def _predicted_triples(
    gold: Gold, alignment: Alignment, document: str, rows: Sequence[Row], sentences: Sequence[Row]
) -> list[ScoredTriple]:
    """The run's triples with evidence in annotated sentences, their evidence told as gold sentences."""
    spans = {row["sentence"]: (row["start"], row["end"]) for row in sentences}
    triples: list[ScoredTriple] = []
    for row in rows:
        evidence = [spans[sentence] for sentence in row["evidence"]]
        touched = {sentence for start, end in evidence for sentence in alignment.touched(start, end)}
        if not touched:
            continue
        triples.append(
            ScoredTriple(
                document=document,
                paragraph=gold.sentences[min(touched)].paragraph,
                drug=row["drug"],
                gene=row["gene"],
                mechanism=row["mechanism"],
                role=Role(row["role"]),
                state=State(row["state"]),
                polarity=Polarity(row["polarity"]),
                certainty=Certainty(row["certainty"]),
                evidence=frozenset(s for start, end in evidence for s in alignment.gold_sentences(start, end)),
                references=frozenset(row["references"]),
            )
        )
    return triples
