"""Shared fixtures: the sample, mined once a session, and the folder of annotated articles where it is at hand."""

import os
from pathlib import Path

import pytest

from litmine.runs import Inputs, Summary, mine_run

ROOT = Path(__file__).parent.parent
SAMPLE_PDF = ROOT / "corpora" / "sample" / "digest.pdf"


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The bundled sample, mined from its PDF as `make mine` does."""
    return mine_run(Inputs((SAMPLE_PDF,)), tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with articles and annotations that cannot be in the repository."""
    folder = Path(os.environ.get("LITMINE_SHARED", ROOT.parent / "shared"))
    if not (folder / "annotation").is_dir():
        pytest.skip("needs the articles, which are not in the repository: set LITMINE_SHARED to their folder")
    return folder
