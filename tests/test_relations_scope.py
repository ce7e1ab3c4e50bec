"""Documents that are not about cancer give no triples, unless they are asked for; short texts are trusted."""

from pathlib import Path

import pytest

from litmine.pipeline import Pipeline
from litmine.reading import read_document
from litmine.relations.scope import is_in_scope
from litmine.runs import Inputs, format_summary, mine_run
from litmine.settings import RelationSettings, Settings

CLAIM = "Overexpression of AXL confers resistance to gefitinib. "
FILLING = "The valves of the heart open and close with every beat, and the ventricles fill again. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CLAIM, True),
        (CLAIM + 80 * FILLING, False),
        (CLAIM + 80 * FILLING + 8 * "The tumours were small. ", True),
        (CLAIM + 80 * FILLING + 8 * "Acute myeloid leukaemia relapsed. ", True),
        (CLAIM + 80 * FILLING + 2 * "The tumours were small. ", False),
    ],
    ids=["short", "other field", "tumours", "leukaemia", "tumours in passing"],
)
def test_scope(text: str, expected: bool, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(text)
    assert is_in_scope(read_document(file)) is expected


def test_what_is_left_out_is_told_and_can_be_had(tmp_path: Path) -> None:
    file = tmp_path / "heart.txt"
    file.write_text("A review\n\n" + CLAIM + "\n\n" + 80 * FILLING)
    summary = mine_run(Inputs((file,)), tmp_path / "run", Settings(workers=1))
    (outcome,) = summary.outcomes
    assert (outcome.n_triples, outcome.in_scope) == (0, False)
    assert "not about cancer" in format_summary(summary)
    assert "not about cancer" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    settings = Settings(relations=RelationSettings(any_field=True))
    assert len(Pipeline(settings).mine(file).triples) == 1
