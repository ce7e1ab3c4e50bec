"""Scores as files and as a table for the terminal.

Owns the shape of `scores.json` and `scores.csv` and what people see first. Computes nothing.
"""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.scoring.counts import Score
from litmine.scoring.errors import ErrorKind, count_errors
from litmine.scoring.mentions import ScoredMention

if TYPE_CHECKING:
    from litmine.scoring.runs import Scores

FORMAT = 1
_MOST_ERRORS = 60
_TITLES = {
    "mentions": "Mentions",
    "triples": "Triples, each claim of an article once",
    "triples_by_evidence": "Triples, each with its evidence",
}
_COLUMNS = ("part", "measure", "of", "gold", "predicted", "matched", "precision", "recall", "f", "f_low", "f_high")

Line = tuple[str, str, str, Score]
"""Part, measure, what of, score."""


def scores_as_json(scores: "Scores") -> dict[str, Any]:
    """The contents of `scores.json`: the fields of `Scores`, every score with its counts, figures and interval of F."""
    return {
        "format": FORMAT,
        "documents": [asdict(document) for document in scores.documents],
        "mentions": {measure: _figures(rows) for measure, rows in scores.mentions.items()},
        "triples": _figures(scores.triples),
        "triples_by_evidence": _figures(scores.triples_by_evidence),
        "attributes": {
            name: {"n": accuracy.n, "right": accuracy.n_right, "share": accuracy.share}
            for name, accuracy in scores.attributes.items()
        },
        "mention_errors": count_errors(scores.mention_errors),
        "frequent_errors": [
            {"type": type_, "kind": kind, "gold": wanted, "predicted": found, "n": n}
            for (type_, kind, wanted, found), n in _frequent(scores)
        ],
    }


def _frequent(scores: "Scores") -> list[tuple[tuple[str, str, str | None, str | None], int]]:
    """The errors that occur most often, as surfaces; concepts where these are at fault."""

    def spelled(mention: ScoredMention | None, kind: str) -> str | None:
        if mention is None:
            return None
        surface = scores.texts[mention.document][slice(*mention.place)] if mention.place else None
        return f"{surface} = {mention.concept}" if kind == ErrorKind.WRONG_CONCEPT else surface

    errors = scores.mention_errors
    counts = Counter((e.type, str(e.kind), spelled(e.gold, e.kind), spelled(e.predicted, e.kind)) for e in errors)
    return counts.most_common(_MOST_ERRORS)


def write_scores(scores: "Scores", folder: Path) -> None:
    """Replace `scores.json` and `scores.csv` in `folder`."""
    _replace(folder / "scores.json", json.dumps(scores_as_json(scores), indent=2, ensure_ascii=False) + "\n")
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for part, measure, of, score in _lines(scores):
        writer.writerow((part, measure, of, *_figure(score).values()))
    _replace(folder / "scores.csv", table.getvalue())


def format_scores(scores: "Scores") -> str:
    """A table of fixed width: how gold was found, then every score, then the attributes of matched triples."""
    lines = [*_document_lines(scores)]
    title = ""
    for part, measure, of, score in _lines(scores):
        if title != _TITLES[part]:
            title = _TITLES[part]
            lines += ["", f"{title:<40}{'gold':>7}{'found':>7}{'right':>7}{'P':>7}{'R':>7}{'F':>7}  95 % of F"]
        counts = f"{score.n_gold:>7}{score.n_predicted:>7}{score.n_matched:>7}"
        figures = f"{score.precision:>7.3f}{score.recall:>7.3f}{score.f:>7.3f}"
        interval = f"  {score.interval[0]:.3f}–{score.interval[1]:.3f}" if score.interval else ""
        lines.append(f"  {measure + (f', {of}' if of else ''):<38}{counts}{figures}{interval}")
    lines += ["", f"{'Of triples with the right drug, gene and mechanism':<54}{'right':>7}{'share':>7}"]
    for name, accuracy in scores.attributes.items():
        lines.append(f"  {name:<38}{'':>7}{accuracy.n:>7}{accuracy.n_right:>7}{accuracy.share:>7.3f}")
    return "\n".join(lines)


def _document_lines(scores: "Scores") -> Iterator[str]:
    for document in scores.documents:
        if document.doc_id is None:
            yield f"{document.gold}: no document of the run is this article; all of it counts as missed."
            continue
        yield f"{document.gold} in {document.path}"
        yield (
            f"  {document.n_mentions_found} of {document.n_mentions} gold mentions and "
            f"{document.n_sentences_found} of {document.n_sentences} sentences found in the text"
        )
        yield (
            f"  not judged, outside annotated sentences: {document.n_mentions_outside} mentions, "
            f"{document.n_triples_outside} triples"
        )
        if document.seen_in_training:
            yield "  CAUTION: the triple weights of this run were trained on this article; its triple scores flatter."


def _lines(scores: "Scores") -> Iterator[Line]:
    for measure, rows in scores.mentions.items():
        for type_, score in rows.items():
            yield "mentions", measure, type_, score
    for level, score in scores.triples.items():
        yield "triples", level, "", score
    for level, score in scores.triples_by_evidence.items():
        yield "triples_by_evidence", level, "", score


def _figures(rows: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    return {name: _figure(score) for name, score in rows.items()}


def _figure(score: Score) -> dict[str, Any]:
    low, high = score.interval or (None, None)
    return {
        "gold": score.n_gold,
        "predicted": score.n_predicted,
        "matched": score.n_matched,
        "precision": score.precision,
        "recall": score.recall,
        "f": score.f,
        "f_low": low,
        "f_high": high,
    }


def _replace(file: Path, text: str) -> None:
    building = file.with_name(f".{file.name}.{os.getpid()}")
    building.write_text(text, encoding="utf-8", newline="\n")
    building.replace(file)
