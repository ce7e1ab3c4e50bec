import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from litmine.errors import LitmineError, StoreError
from litmine.runs import ENDED, STAGES, Inputs, Summary, find_inputs, finish_run, mine_run, mine_waiting, plan_run
from litmine.settings import Settings
from litmine.store import STORE, read_run, read_table
from litmine.tables import COLUMNS, schema
from tests.conftest import SAMPLE_PDF


class DeadlyPath(type(Path())):  # type: ignore[misc]
    """Ends the process that unpickles it: a worker that dies without a word."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


def _open_once(path: str) -> Path:
    mark = Path(os.environ[DiesOnce.MARK])
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return Path(path)


class DiesOnce(type(Path())):  # type: ignore[misc]
    """Ends the first process that unpickles it."""

    MARK = "LITMINE_TEST_DIES_ONCE"

    def __reduce__(self) -> Any:
        return _open_once, (str(self),)


def make_bad_inputs(folder: Path) -> dict[str, Path]:
    """One of each kind of input that a curator gets wrong."""
    from pypdf import PdfReader, PdfWriter

    data = SAMPLE_PDF.read_bytes()
    files = {
        "damaged": (folder / "damaged.pdf", data[: len(data) // 3]),
        "empty": (folder / "empty.pdf", b""),
        "word": (folder / "review.docx", b"PK\x03\x04" + bytes(200)),
    }
    for path, content in files.values():
        path.write_bytes(content)
    locked = folder / "locked.pdf"
    writer = PdfWriter(clone_from=PdfReader(SAMPLE_PDF))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(locked)
    return {name: path for name, (path, _) in files.items()} | {"locked": locked, "missing": folder / "nowhere.pdf"}


@pytest.fixture(scope="module")
def mixed_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, dict[str, Path], list[tuple[str, str]]]:
    """A good document among bad ones, and one that kills its worker; with the events of the run."""
    folder = tmp_path_factory.mktemp("mixed")
    bad = make_bad_inputs(folder)
    deadly = folder / "deadly.pdf"
    deadly.write_bytes(SAMPLE_PDF.read_bytes() + b"\n%")
    bad["deadly"] = DeadlyPath(deadly)
    events: list[tuple[str, str]] = []
    summary = mine_run(Inputs((SAMPLE_PDF, *bad.values())), folder / "run", on_event=events.append)
    return summary, bad, events


def test_tables_have_exactly_the_columns_of_the_contract(sample_run: Summary) -> None:
    for table in COLUMNS:
        assert pq.read_schema(sample_run.run / f"{table}.parquet").equals(schema(table)), table


def test_offsets_give_the_text_of_every_row(sample_run: Summary) -> None:
    for table in ("sentences", "mentions"):
        rows = read_table(sample_run.run, table)
        assert len(rows) > 0
        for row in rows.itertuples():
            text = (sample_run.run / "text" / f"{row.doc_id}.txt").read_bytes().decode()
            assert text[row.start : row.end] == row.text


def test_mentions_have_a_box_on_their_page(sample_run: Summary) -> None:
    mentions = read_table(sample_run.run, "mentions")
    assert mentions["page"].between(1, sample_run.n_pages).all()
    assert ((mentions["x1"] > mentions["x0"]) & (mentions["y1"] > mentions["y0"])).all()


def test_evidence_and_references_of_triples_exist(sample_run: Summary) -> None:
    sentences = set(read_table(sample_run.run, "sentences")["sentence"])
    numbers = set(read_table(sample_run.run, "references")["number"])
    for row in read_table(sample_run.run, "triples").itertuples():
        assert len(row.evidence) > 0
        assert set(row.evidence) <= sentences
        assert set(row.references) <= numbers


def test_counts_of_the_run_are_those_of_its_tables(sample_run: Summary) -> None:
    counts = read_run(sample_run.run)["counts"]
    assert {table: counts[table] for table in COLUMNS} == {t: len(read_table(sample_run.run, t)) for t in COLUMNS}
    mentions = read_table(sample_run.run, "mentions")
    unlinked = mentions[mentions["curie"].isna()]
    assert counts["mentions_unlinked"] == unlinked.groupby("type").size().to_dict()
    assert counts["chars_dropped"]["running head or foot"] > 0
    reading = read_table(sample_run.run, "reading")
    by_reason = reading[reading["n_chars_dropped"] > 0].groupby("reason")["n_chars_dropped"].sum()
    assert counts["chars_dropped"] == by_reason.to_dict()
    assert set(reading[reading["reason"].isna()]["page"]) == set(range(1, sample_run.n_pages + 1))
    assert sum(counts["chars_dropped"].values()) == read_table(sample_run.run, "documents")["n_chars_dropped"].sum()


def test_bad_documents_become_failures_and_the_rest_is_whole(
    mixed_run: tuple[Summary, dict[str, Path], Any], sample_run: Summary
) -> None:
    summary, bad, _ = mixed_run
    failures = read_table(summary.run, "failures").set_index("path")
    assert set(failures.index) == {str(path) for path in bad.values()}
    assert (failures["stage"] == "reading").all()
    assert summary.exit_code == 0
    for table in ("sentences", "mentions", "triples"):
        pd.testing.assert_frame_equal(read_table(summary.run, table), read_table(sample_run.run, table))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("damaged", "damaged"),
        ("empty", "empty"),
        ("word", "Word"),
        ("locked", "password"),
        ("missing", "no file"),
        ("deadly", "ended without a word"),
    ],
)
def test_each_failure_says_what_is_wrong(mixed_run: tuple[Summary, dict[str, Path], Any], name: str, said: str) -> None:
    summary, bad, _ = mixed_run
    failures = read_table(summary.run, "failures").set_index("path")
    detail = failures.loc[str(bad[name]), "detail"]
    assert said in detail
    assert detail.endswith(".")


def test_every_document_is_seen_to_end(mixed_run: tuple[Summary, dict[str, Path], list[tuple[str, str]]]) -> None:
    _, bad, events = mixed_run
    seen = [stage for path, stage in events if path == str(SAMPLE_PDF)]
    assert seen == [*STAGES, ENDED], "the death of another's worker does not touch it"
    ended = [path for path, stage in events if stage == ENDED]
    assert sorted(ended) == sorted(map(str, (SAMPLE_PDF, *bad.values())))


def test_a_run_of_failures_alone_ends_with_one(tmp_path: Path) -> None:
    summary = mine_run(Inputs((tmp_path / "nowhere.pdf",)), tmp_path / "run")
    assert summary.exit_code == 1
    assert len(read_table(summary.run, "failures")) == 1
    assert (summary.run / "report.html").exists()


def test_what_is_done_is_not_mined_again(sample_run: Summary) -> None:
    before = {table: read_table(sample_run.run, table) for table in ("documents", "triples", "claims")}
    again = mine_run(Inputs((SAMPLE_PDF,)), sample_run.run)
    assert [outcome.reused for outcome in again.outcomes] == [True]
    for table, rows in before.items():
        pd.testing.assert_frame_equal(read_table(sample_run.run, table), rows)


def test_other_settings_are_mined_anew(sample_run: Summary) -> None:
    changed = Settings.model_validate({"relations": {"threshold": 0.99}})
    assert plan_run(Inputs((SAMPLE_PDF,)), sample_run.run, changed).waiting == (SAMPLE_PDF,)
    for settings in ({"workers": 7}, {"reading": {"seconds": 7, "megabytes": 700, "password": "hunter2"}}):
        same = Settings.model_validate(settings)
        assert plan_run(Inputs((SAMPLE_PDF,)), sample_run.run, same).waiting == ()


def test_a_document_whose_process_died_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the kernel ends a process because all together took too much memory."""
    once = DiesOnce(tmp_path / "once.txt")
    once.write_text("Resistance to trastuzumab follows the loss of PTEN. " * 4)
    monkeypatch.setenv(DiesOnce.MARK, str(tmp_path / "tried"))
    summary = mine_run(Inputs((once,)), tmp_path / "run")
    assert (tmp_path / "tried").exists()
    assert summary.n_failed == 0


def test_a_file_that_goes_while_others_are_mined_is_a_failure(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Trastuzumab binds HER2.")
    plan = plan_run(Inputs((note,)), tmp_path / "run", Settings())
    note.unlink()
    mined = mine_waiting(plan.waiting, tmp_path / "run", Settings())
    (outcome,) = finish_run(plan, mined, tmp_path / "run", Settings(), 0.0).outcomes
    assert "There is no file" in outcome.detail


def test_an_unfinished_result_is_mined_again(sample_run: Summary, tmp_path: Path) -> None:
    stored = next((sample_run.run / STORE).glob("*/outcome.json"))
    half = tmp_path / STORE / f"{stored.parent.name}.abcdef"
    half.mkdir(parents=True)
    (half / "outcome.json").write_text(stored.read_text())
    assert plan_run(Inputs((SAMPLE_PDF,)), tmp_path, Settings()).waiting == (SAMPLE_PDF,)


def test_equal_documents_are_mined_once_and_named(sample_run: Summary, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(SAMPLE_PDF.read_bytes())
    summary = mine_run(Inputs((SAMPLE_PDF, copy)), sample_run.run)
    assert read_table(summary.run, "documents")["path"].tolist() == [str(SAMPLE_PDF)]
    assert read_run(summary.run)["copies"] == {str(copy): str(SAMPLE_PDF)}


def test_folders_are_searched_for_documents(tmp_path: Path) -> None:
    for name in ("b.pdf", "sub/a.PDF", "sub/notes.csv", ".hidden/c.pdf", "d.docx", "e.nxml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    inputs = find_inputs([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in inputs.files] == [
        "b.pdf",
        "d.docx",
        "e.nxml",
        "sub/a.PDF",
    ]
    assert inputs.n_passed_over == 1


def test_a_path_that_cannot_be_looked_at_is_kept() -> None:
    path = Path("x" * 300)
    assert find_inputs([path]).files == (path,)


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LitmineError, match="no document"):
        find_inputs([tmp_path])


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a finished run"):
        read_table(tmp_path, "triples")


def test_the_password_is_not_written_down(tmp_path: Path) -> None:
    settings = Settings.model_validate({"reading": {"password": "hunter2"}})
    mine_run(Inputs((tmp_path / "nowhere.pdf",)), tmp_path / "run", settings)
    assert "hunter2" not in json.dumps(read_run(tmp_path / "run"))
