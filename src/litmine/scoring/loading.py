"""What a run gave and what the gold wants, as items that can be scored.

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
from litmine.scoring.items import gold_mentions, gold_triples
from litmine.scoring.losses import ScoredCandidate
from litmine.scoring.mentions import ScoredMention
from litmine.scoring.triples import ScoredTriple

Row = dict[str, Any]
GoldSentence = tuple[str, int]
"""Document and index of a gold sentence in it."""


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


@dataclass(slots=True)
class Items:
    """Everything of a run that is scored, over all gold documents.

    A document is called "GOLD/DOC_ID", or by its gold alone where the run has no reading of it. `sections` names the
    section of each (document, paragraph). `readings` has for each gold sentence that was found its words in the text as
    read, and the numbers of the run's sentences there.
    """

    counts: list[DocumentCounts] = field(default_factory=list)
    gold_mentions: list[ScoredMention] = field(default_factory=list)
    mentions: list[ScoredMention] = field(default_factory=list)
    gold_triples: list[ScoredTriple] = field(default_factory=list)
    gold_triple_ids: list[str] = field(default_factory=list)
    triples: list[ScoredTriple] = field(default_factory=list)
    candidates: list[ScoredCandidate] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    sections: dict[tuple[str, int], str] = field(default_factory=dict)
    readings: dict[GoldSentence, tuple[str, tuple[int, ...]]] = field(default_factory=dict)


def load_items(run_folder: Path, gold_folder: Path) -> Items:
    """Read a finished run and the gold beside it; `gold_folder` holds one gold document or several in subfolders.

    A gold document of which the run holds two readings comes twice. Raises GoldError where the gold is not valid,
    StoreError where the run is not finished.
    """
    golds = read_gold_set(gold_folder)
    tables = {name: _read_rows(run_folder, name) for name in ("documents", "sentences", "mentions", "triples")}
    has_candidates = (run_folder / "candidates.parquet").exists()  # runs of litmine 0.1 before November 2026 have none
    tables["candidates"] = _read_rows(run_folder, "candidates") if has_candidates else []
    texts: dict[str, str] = {}
    for row in tables["documents"]:
        text = run_folder / "text" / f"{row['doc_id']}.txt"
        if text.exists():
            with text.open(encoding="utf-8", newline="") as file:
                texts[row["doc_id"]] = file.read()
    by_document = {name: _grouped(rows) for name, rows in tables.items()}
    trained_on = _trained_on(run_folder)
    items = Items()
    chosen = dict(zip(texts, select_gold(golds, list(texts.values())), strict=True))
    for number, gold in enumerate(golds):
        doc_ids = [doc_id for doc_id, choice in chosen.items() if choice == number]
        if not doc_ids:
            _add_missing(items, gold)
        for doc_id in doc_ids:
            rows = {name: groups.get(doc_id, []) for name, groups in by_document.items()}
            items.texts[f"{gold.id}/{doc_id}"] = texts[doc_id]
            _add_reading(items, gold, align(gold, texts[doc_id]), doc_id, rows, gold.id in trained_on)
    return items


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


def _add_missing(items: Items, gold: Gold) -> None:
    items.counts.append(DocumentCounts(gold.id, None, None, len(gold.sentences), 0, len(gold.mentions), 0))
    items.gold_mentions += gold_mentions(gold, gold.id, [None] * len(gold.mentions))
    _add_gold_triples(items, gold, gold.id)
    items.texts[gold.id] = ""


def _add_gold_triples(items: Items, gold: Gold, document: str) -> None:
    items.gold_triples += gold_triples(gold, document)
    items.gold_triple_ids += [triple.id for triple in gold.triples]
    for sentence in gold.sentences:
        items.sections.setdefault((document, sentence.paragraph), outermost(sentence.section))


def outermost(section: str) -> str:
    """The section as it is named, of a numbered one the chapter: "3.2.1" lies in "3"."""
    number = section.split(".")[0]
    return number if number.isdecimal() else section


def _add_reading(
    items: Items,
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
    _add_gold_triples(items, gold, document)
    items.mentions += mentions
    items.triples += triples
    items.candidates += _candidates(alignment, document, rows["candidates"], rows["sentences"])
    for number, pieces in enumerate(alignment.sentences):
        if pieces:
            numbers = tuple(
                row["sentence"]
                for row in rows["sentences"]
                if any(row["start"] < end and start < row["end"] for start, end in pieces)
            )
            words = " ".join(items.texts[document][start:end] for start, end in pieces)
            items.readings[document, number] = (words, numbers)


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
                score=row.get("score", 1.0),
            )
        )
    return triples


def _candidates(
    alignment: Alignment, document: str, rows: Sequence[Row], sentences: Sequence[Row]
) -> list[ScoredCandidate]:
    """The run's candidates that are anchored in annotated sentences."""
    evidence = {row["sentence"]: alignment.gold_sentences(row["start"], row["end"]) for row in sentences}
    return [
        ScoredCandidate(document, row["drug"], row["gene"], row["mechanism"], evidence[row["sentence"]], row["score"])
        for row in rows
        if evidence.get(row["sentence"])
    ]
