"""Scores as files and as a table for the terminal.

Owns the shape of `scores.json` and `scores.csv` and what people see first. Computes nothing.
"""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.scoring.breakdown import macro
from litmine.scoring.counts import Score
from litmine.scoring.curves import Point, average_precision, expected_calibration_error
from litmine.scoring.errors import ErrorKind, count_errors
from litmine.scoring.losses import MEANINGS, Loss, count_losses
from litmine.scoring.mentions import ScoredMention

if TYPE_CHECKING:
    from litmine.scoring.loading import Items
    from litmine.scoring.runs import Scores

FORMAT = 2
SCHEMA = "scores.schema.json"
"""Beside this module: the JSON schema of `scores.json`."""
_MOST_ERRORS = 60
_TITLES = {
    "mentions": "Mentions",
    "modes": "Mentions of all types, other ways to count",
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
        "modes": _figures(scores.modes),
        "macro": {measure: {"f": value, "n_documents": n} for measure, (value, n) in macro(scores.parts).items()},
        **{
            f"by_{of}": [
                {of: part.part, "measure": part.measure, **_figure(part.score)}
                for part in scores.parts
                if part.of == of
            ]
            for of in ("document", "section", "class")
        },
        "confusion": [{"gold": wanted, "predicted": given, "n": n} for (wanted, given), n in scores.confusion.items()],
        "curves": {
            "precision_recall": [asdict(point) for point in _thinned(scores.curve)],
            "average_precision": average_precision(scores.curve),
            "calibration": [asdict(each) for each in scores.bins],
            "expected_calibration_error": expected_calibration_error(scores.bins),
        },
        "ceiling": [asdict(ceiling) for ceiling in scores.ceilings],
        "losses": None if scores.losses is None else count_losses(scores.losses),
        "mention_errors": count_errors(scores.mention_errors),
        "frequent_errors": [
            {"type": type_, "kind": kind, "gold": wanted, "predicted": found, "n": n}
            for (type_, kind, wanted, found), n in _frequent(scores)
        ],
    }


def _thinned(points: Sequence[Point]) -> list[Point]:
    """The last point of each hundredth of the threshold."""
    return list({int(point.threshold * 100): point for point in points}.values())


def write_losses(losses: Sequence[Loss], items: "Items", folder: Path) -> None:
    """Replace `losses.parquet` in `folder`: one row for each missed gold claim and each wrong claim that was given."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    strings = ("document", "gold", "side", "stage_or_kind", "section", "drug", "gene", "mechanism", "role")
    predicted = ("predicted_drug", "predicted_gene", "predicted_mechanism", "predicted_role")
    schema = pa.schema(
        [(name, pa.string()) for name in (*strings, *predicted, "text")]
        + [("score", pa.float64()), ("sentences", pa.list_(pa.int32()))]
    )
    table = pa.Table.from_pylist([_loss_row(loss, items) for loss in losses], schema=schema)
    building = folder / f".losses.parquet.{os.getpid()}"
    pq.write_table(table, building)
    building.replace(folder / "losses.parquet")


def _loss_row(loss: Loss, items: "Items") -> dict[str, Any]:
    shown = loss.gold if loss.missed else loss.predicted
    assert shown is not None
    found = [items.readings[shown.document, s] for s in sorted(shown.evidence) if (shown.document, s) in items.readings]
    row: dict[str, Any] = {
        "document": shown.document,
        "gold": items.gold_triple_ids[loss.number] if loss.missed else None,
        "side": "missed" if loss.missed else "spurious",
        "stage_or_kind": str(loss.cause),
        "section": items.sections.get((shown.document, shown.paragraph)),
        "text": " … ".join(words for words, _ in found) or None,
        "sentences": sorted({number for _, numbers in found for number in numbers}),
        "score": loss.score,
    }
    for prefix, triple in (("", loss.gold), ("predicted_", loss.predicted)):
        for name in ("drug", "gene", "mechanism", "role"):
            row[prefix + name] = str(getattr(triple, name)) if triple else None
    return row


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
        counts = f"{score.n_gold:>7}{score.n_predicted:>7}{score.n_matched:>7g}"
        figures = f"{score.precision:>7.3f}{score.recall:>7.3f}{score.f:>7.3f}"
        interval = f"  {score.interval[0]:.3f}–{score.interval[1]:.3f}" if score.interval else ""
        lines.append(f"  {measure + (f', {of}' if of else ''):<38}{counts}{figures}{interval}")
    lines += ["", f"{'Of triples with the right drug, gene and mechanism':<54}{'right':>7}{'share':>7}"]
    for name, accuracy in scores.attributes.items():
        lines.append(f"  {name:<38}{'':>7}{accuracy.n:>7}{accuracy.n_right:>7}{accuracy.share:>7.3f}")
    if scores.losses is not None:
        losses = count_losses(scores.losses)
        for heading, side in (
            ("Gold claims not given, by the stage that lost them", "missed"),
            ("Wrong claims", "spurious"),
        ):
            lines += ["", heading]
            told = [f"  {cause:<38}{n:>7}  {MEANINGS[cause]}" for cause, n in losses[side].items() if n]
            lines += told or ["  none"]
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
    for mode, score in scores.modes.items():
        yield "modes", mode, "", score
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
