"""The report of an evaluation: how good a run is, where claims are lost, what its scores are worth, every error.

Reads `scores.json` and `losses.parquet` of a scored run; computes no figure of its own.
"""

import json
from pathlib import Path
from typing import Any

from litmine.errors import StoreError
from litmine.report import plots
from litmine.report.pages import records, write_page
from litmine.scoring.losses import MEANINGS
from litmine.store import read_run, read_table

_CONFUSIONS = 25
MOST_ROWS = 3000
"""Errors that the page shows; `losses.parquet` holds all."""


def write_evaluation(run: Path) -> Path:
    """Write `evaluation.html` into a scored run folder. Raises StoreError where the run is not scored."""
    file = run / "scores.json"
    if not file.exists():
        raise StoreError(f"{run} is not scored. Score it with `litmine evaluate {run} --gold NAME`.")
    scores: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    losses = records(read_table(run, "losses"))
    ceiling = {row["measure"]: row["f"] for row in scores["ceiling"]}
    whole = scores["triples"]["drug-gene-mechanism"]
    points = [(point["recall"], point["precision"]) for point in scores["curves"]["precision_recall"]]
    lost = scores["losses"] or {"missed": {}, "spurious": {}}
    return write_page(
        "evaluation.html.j2",
        run / "evaluation.html",
        facts=read_run(run),
        scores=scores,
        losses=losses[:MOST_ROWS],
        n_left_out=len(losses[MOST_ROWS:]),
        sections=_sections(scores["by_section"]),
        causes=sorted({row["stage_or_kind"] for row in losses}, key=list(MEANINGS).index),
        meanings=MEANINGS,
        confusion=[row for row in scores["confusion"] if row["gold"] != row["predicted"]][:_CONFUSIONS],
        plots={
            "triples": plots.estimates(_estimates(scores["triples"], ceiling, ""), "F of claims"),
            "mentions": plots.estimates(_estimates(scores["mentions"]["strict"], ceiling, " strict"), "F of mentions"),
            "waterfall": plots.waterfall(
                ("gold claims", scores["triples"]["with role"]["gold"]), list(lost["missed"].items()), "given"
            ),
            "wrong": plots.bars(list(lost["spurious"].items()), "Wrong claims"),
            "curve": plots.curve(points, (whole["recall"], whole["precision"]) if whole["predicted"] else None),
            "reliability": plots.reliability(
                [(each["mean_score"], each["share_right"], each["n"]) for each in scores["curves"]["calibration"]]
            ),
        },
    )


def _sections(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """F of each measure in each section, for the sections that hold gold claims."""
    measures = ["Drug strict", "Gene strict", "Mechanism strict", "drug-gene", "drug-gene-mechanism", "with role"]
    found = {(row["section"], row["measure"]): row for row in rows}
    names = [row["section"] for row in rows if row["measure"] == "drug-gene" and row["gold"]]
    return {
        "measures": measures,
        "rows": [(name, found[name, "drug-gene"]["gold"], [found.get((name, m)) for m in measures]) for name in names],
    }


def _estimates(rows: dict[str, dict[str, Any]], ceiling: dict[str, float], suffix: str) -> list[plots.Estimate]:
    return [
        plots.Estimate(name, score["f"], score["f_low"], score["f_high"], ceiling.get(name + suffix))
        for name, score in rows.items()
    ]
