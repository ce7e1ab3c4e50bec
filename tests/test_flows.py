import importlib.util
import os
import subprocess
import sys
import types
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pandas as pd
import pytest
import yaml

from litmine.runs import Summary, fingerprint
from litmine.settings import Settings
from litmine.store import read_table
from litmine.tables import COLUMNS
from tests.conftest import ROOT, SAMPLE_PDF


@pytest.fixture(scope="module")
def flow_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample mined by the flow itself, on Prefect's own temporary server."""
    folder = tmp_path_factory.mktemp("flow")
    run = folder / "run"
    environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "PREFECT_LOGGING_LEVEL": "WARNING"}
    command = [sys.executable, "flows/mine.py", str(SAMPLE_PDF), str(folder / "nowhere.pdf"), "-o", str(run)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "documents  2" in done.stdout
    return run


@pytest.mark.slow
def test_the_flow_writes_the_tables_of_the_command_line(flow_run: Path, sample_run: Summary) -> None:
    for table in set(COLUMNS) - {"documents", "failures"}:
        pd.testing.assert_frame_equal(read_table(flow_run, table), read_table(sample_run.run, table))
    assert read_table(flow_run, "documents")["status"].tolist() == ["done", "failed"]
    assert read_table(flow_run, "failures")["stage"].tolist() == ["reading"]


@pytest.mark.slow
def test_the_evaluation_flow_writes_scores(flow_run: Path) -> None:
    environment = {**os.environ, "PREFECT_HOME": str(flow_run.parent / "prefect"), "PREFECT_LOGGING_LEVEL": "WARNING"}
    command = [sys.executable, "flows/evaluate.py", str(flow_run), "--gold", "annotations/sample"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "drug-gene" in done.stdout
    assert (flow_run / "scores.json").exists()


def load_flow(name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "flows" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_task_gives_the_outcome_of_the_library(sample_run: Summary) -> None:
    task = load_flow("mine").mine_document
    outcome = task.fn(SAMPLE_PDF, sample_run.run, Settings())
    assert outcome.reused
    assert outcome.key.endswith(fingerprint(Settings()))


class _Future:
    """Stands for the future of a task: gives or raises what it holds."""

    def __init__(self, ending: object) -> None:
        self.ending = ending

    def result(self, raise_on_failure: bool) -> object:
        if isinstance(self.ending, BrokenProcessPool):
            raise self.ending
        return self.ending


def test_a_task_whose_process_died_has_no_outcome(sample_run: Summary) -> None:
    outcome_of = load_flow("mine").outcome_of
    (outcome,) = sample_run.outcomes
    assert outcome_of(_Future(outcome)) is outcome
    assert outcome_of(_Future(BrokenProcessPool("a process died"))) is None
    assert outcome_of(_Future(RuntimeError("the state of a task that crashed"))) is None


def test_telemetry_is_off_before_prefect_is_imported() -> None:
    for name in ("mine", "evaluate"):
        lines = (ROOT / "flows" / f"{name}.py").read_text(encoding="utf-8").splitlines()
        off = next(i for i, line in enumerate(lines) if "DO_NOT_TRACK" in line)
        assert off < next(i for i, line in enumerate(lines) if line.startswith("from prefect"))


def test_every_deployment_names_a_flow_and_a_schedule() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert deployments
    for deployment in deployments:
        file, name = deployment["entrypoint"].split(":")
        flow = getattr(load_flow(Path(file).stem), name)
        assert set(deployment["parameters"]) <= set(flow.parameters.properties)
        assert deployment["schedules"]
