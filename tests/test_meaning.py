"""What names mean in their sentence and document: genes or drugs, or cells, diseases, stains, trials and words."""

from pathlib import Path

import pytest

from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.records import Mention
from tests.test_entities import make_document

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "meaning.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="module")
def recogniser() -> EntityRecogniser:
    return EntityRecogniser()


def shown(mentions: tuple[Mention, ...]) -> str:
    return " | ".join(f"{m.text}={m.concept}" for m in mentions) or "-"


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[case[0][:50] for case in CASES])
def test_sentence(sentence: str, expected: str, analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(sentence)
    assert shown(recogniser.recognise(document, analyser.analyse(document))) == expected
