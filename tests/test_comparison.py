"""Two runs compared: every claim is accounted for, and each difference has the cause that was made."""

import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from litmine.cli import main
from litmine.comparison import Cause, compare_runs, compare_scores, format_comparison
from litmine.errors import StoreError
from litmine.runs import Summary
from litmine.store import read_table

GOLD = Path(__file__).parent.parent / "annotations" / "sample"


@pytest.fixture
def other(sample_run: Summary, tmp_path: Path) -> Path:
    """A copy of the run, to be changed."""
    return Path(shutil.copytree(sample_run.run, tmp_path / "other", ignore=shutil.ignore_patterns(".store")))


def _write(run: Path, table: str, rows: pd.DataFrame) -> None:
    rows.to_parquet(run / f"{table}.parquet", index=False)


def test_a_run_is_like_itself(sample_run: Summary, other: Path) -> None:
    found = compare_runs(sample_run.run, other)
    assert found.changes == () and found.facts == ()
    assert found.n_same == len(read_table(other, "triples"))
    assert all(each.difference.p == 1.0 for each in compare_scores(sample_run.run, other, GOLD))


def test_claims_that_only_one_run_gives(sample_run: Summary, other: Path) -> None:
    triples = read_table(other, "triples")
    _write(other, "triples", triples[10:])
    found = compare_runs(sample_run.run, other)
    assert Counter(change.kind for change in found.changes) == {"vanished": 10}
    assert {change.cause for change in found.changes} == {Cause.SETTINGS}  # the candidates are there, scored the same
    back = compare_runs(other, sample_run.run)
    assert Counter(change.kind for change in back.changes) == {"appeared": 10}
    worse = {each.measure: each.difference for each in compare_scores(sample_run.run, other, GOLD)}["triple drug-gene"]
    assert worse.f_after < worse.f_before
    assert "10 vanished" in format_comparison(found)


def test_the_cause_is_the_first_difference(sample_run: Summary, other: Path) -> None:
    triples = read_table(other, "triples")
    first = triples.iloc[0]
    gone = triples.drop(triples.index[0])
    _write(other, "triples", gone)
    candidates = read_table(other, "candidates")
    same = (candidates["drug"] == first["drug"]) & (candidates["gene"] == first["gene"])
    _write(other, "candidates", candidates.assign(score=candidates["score"].where(~same, 0.01)))

    def cause() -> Cause:
        (change,) = [c for c in compare_runs(sample_run.run, other).changes if c.kind == "vanished"][:1]
        return change.cause

    assert cause() is Cause.MODEL
    mentions = read_table(other, "mentions")
    _write(other, "mentions", mentions[~mentions["sentence"].isin(list(first["evidence"]))])
    assert cause() is Cause.RECOGNITION
    sentences = read_table(other, "sentences")
    hit = sentences["sentence"].isin(list(first["evidence"]))
    _write(other, "sentences", sentences.assign(text=sentences["text"].where(~hit, sentences["text"] + "!")))
    assert cause() is Cause.READING
    documents = read_table(other, "documents")
    _write(other, "documents", documents.assign(path="renamed.pdf"))
    assert cause() is Cause.READING  # the same bytes, called otherwise
    for table in ("documents", "sentences", "mentions", "triples", "candidates"):
        _write(other, table, read_table(other, table).assign(doc_id="0123456789abcdef"))
    documents = read_table(other, "documents")
    _write(other, "documents", documents.assign(path="elsewhere.pdf"))
    found = compare_runs(sample_run.run, other)
    assert {change.cause for change in found.changes} == {Cause.DOCUMENT}
    assert found.only_before == ("digest.pdf",) and found.only_after == ("elsewhere.pdf",)


def test_changed_attributes_are_named(sample_run: Summary, other: Path) -> None:
    triples = read_table(other, "triples")
    turned = {"resistance": "sensitivity", "sensitivity": "action", "action": "resistance"}
    triples.loc[triples.index[3], "role"] = turned[triples["role"].iloc[3]]
    _write(other, "triples", triples)
    (change,) = compare_runs(sample_run.run, other).changes
    assert change.kind == "changed"
    assert change.detail == f"role {change.before['role']} → {change.after['role']}"  # type: ignore[index]


def test_the_command(sample_run: Summary, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["compare", str(sample_run.run), str(other), "--gold", str(GOLD), "-o", str(page)]) == 0
    assert "claims are alike, 0 changed" in capsys.readouterr().out
    assert "Scores against gold" in page.read_text(encoding="utf-8")
    with pytest.raises(StoreError):
        compare_runs(sample_run.run, tmp_path)


def test_the_gate_decides_the_exit_code(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(other), "--gold", "sample", "--fail-under", "drug-gene.f=0.1"]) == 0
    assert main(["evaluate", str(other), "--gold", "sample", "--fail-under", "drug-gene.f=0.999"]) == 1
    assert "below 0.999" in capsys.readouterr().err
    assert main(["evaluate", str(other), "--gold", "sample", "--fail-under", "nothing.f=0.5"]) == 2
