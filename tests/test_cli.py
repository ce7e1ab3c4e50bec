import subprocess
import sys
import time
from pathlib import Path

import pytest

from litmine.cli import main
from litmine.runs import Summary
from litmine.store import read_run
from tests.conftest import ROOT, SAMPLE_PDF
from tests.pdfs import lock


def test_help_answers_at_once() -> None:
    def seconds() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "litmine.cli", "--help"], check=True, capture_output=True)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(3)) < 0.5


def test_help_loads_nothing_heavy() -> None:
    heavy = ("spacy", "pandas", "pyarrow", "pydantic")
    code = f"import sys, litmine.cli as c; c.make_parser(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_mine_prints_a_summary_and_scores(
    sample_run: Summary, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code = main(["mine", str(SAMPLE_PDF), "-o", str(sample_run.run), "--gold", "annotations/sample"])
    out = capsys.readouterr().out
    assert code == 0
    for word in ("documents  1", "pages/s", "mentions", "triples", "failures   0", "report", "Drug", "drug-gene"):
        assert word in out
    assert (sample_run.run / "scores.json").exists()


def test_mine_of_failures_alone_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    assert main(["mine", str(empty), "-o", str(tmp_path / "run")]) == 1
    assert "is empty" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mine", "{tmp}", "-o", "{tmp}/run"], "no document"),
        (["mine", "x.pdf", "-o", "{tmp}/run", "--config", "{tmp}/none.toml"], "no settings file"),
        (["mine", "x.pdf", "-o", "{tmp}/run", "--gold", "nothing"], "nothing"),
        (["mine", "x.pdf", "-o", "{root}/pyproject.toml"], "cannot be made"),
        (["mine", "x.pdf", "-o", "{root}/pyproject.toml/run"], "cannot be made"),
        (["evaluate", "{tmp}", "--gold", "{root}/annotations/sample"], "not a finished run"),
    ],
    ids=["empty folder", "no settings", "no gold", "file as run", "run in a file", "no run"],
)
def test_what_cannot_start_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    filled = [argument.format(tmp=tmp_path, root=ROOT) for argument in arguments]
    assert main(filled) == 2
    error = capsys.readouterr().err
    assert error.startswith("litmine: ")
    assert said in error


@pytest.mark.parametrize("number", ["-1", "two"])
def test_a_number_of_workers_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], number: str) -> None:
    with pytest.raises(SystemExit):
        main(["mine", "x.pdf", "-o", "run", f"--workers={number}"])
    assert "no number of worker processes" in capsys.readouterr().err


def test_the_password_comes_from_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = lock(SAMPLE_PDF, tmp_path / "locked.pdf", "hunter2")
    arguments = ["mine", str(locked), "-o", str(tmp_path / "run"), "--quiet"]
    assert main(arguments) == 1
    assert "LITMINE_PASSWORD" in capsys.readouterr().out
    monkeypatch.setenv("LITMINE_PASSWORD", "hunter2")
    assert main(arguments) == 0
    assert main(["where", str(tmp_path / "run"), "0", "-o", str(tmp_path / "crop.png")]) == 0
    assert not any(b"hunter2" in file.read_bytes() for file in (tmp_path / "run").rglob("*") if file.is_file())


def test_the_reader_is_chosen_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    assert main(["mine", str(SAMPLE_PDF), "-o", str(run), "--reader", "pdfplumber", "--quiet"]) == 0
    assert read_run(run)["settings"]["reading"]["reader"] == "pdfplumber"
    with pytest.raises(SystemExit):
        main(["mine", str(SAMPLE_PDF), "-o", str(run), "--reader", "word"])
    assert "invalid choice" in capsys.readouterr().err
