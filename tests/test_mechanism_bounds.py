"""Borders of mechanism mentions that the parse of a sentence decides."""

import pytest

from litmine.entities.mechanism_bounds import Phrases
from litmine.entities.mechanisms import MechanismRecogniser
from litmine.language import Analyser
from litmine.lexicon.mechanism_words import split_words
from tests.test_mechanisms import analyse_plainly, make_document


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def phrases_of(analyser: Analyser, text: str) -> tuple[Phrases, list[str]]:
    document = make_document(text)
    words = list(split_words(text))
    return Phrases(words, analyser.analyse(document, ((0, len(text)),)).sentences[0].tokens), [w.form for w in words]


@pytest.mark.parametrize(
    ("text", "reading", "widened"),
    [
        ("Changes of glucose and lipid metabolism were seen.", "lipid metabolism", "glucose and lipid metabolism"),
        ("It slows HR and NHEJ repair.", "NHEJ repair", "HR and NHEJ repair"),
        ("We saw infiltration of lymphocytes and macrophages.", "infiltration of lymphocytes", None),
        ("We saw apoptosis and tumor shrinkage.", "apoptosis", "apoptosis"),
        ("It causes accumulation of lipids and resistance.", "accumulation of lipids", "accumulation of lipids"),
        ("Loss of adhesion, autophagy and lipid metabolism matter.", "lipid metabolism", "lipid metabolism"),
    ],
)
def test_a_reading_takes_in_members_of_its_list(
    analyser: Analyser, text: str, reading: str, widened: str | None
) -> None:
    phrases, forms = phrases_of(analyser, text)
    part = reading.split()
    first = next(i for i in range(len(forms)) if forms[i : i + len(part)] == part)
    begin, end = phrases.widened(first, first + len(part))
    wanted = "infiltration of lymphocytes and macrophages" if widened is None else widened
    assert " ".join(forms[begin:end]) == wanted


def test_a_sentence_without_tokens_leaves_a_reading_as_it_is() -> None:
    words = list(split_words("glucose and lipid metabolism"))
    assert Phrases(words, ()).widened(2, 4) == (2, 4)


def test_two_processes_in_one_phrase_are_one_mention_of_the_first_class(analyser: Analyser) -> None:
    text = "Cells show defects in the autophagy and apoptosis pathways."
    document = make_document(text)
    analysis = analyser.analyse(document, ((0, len(text)),))
    mentions = MechanismRecogniser().recognise(document, analysis)
    assert [(m.text, m.concept) for m in mentions] == [("autophagy and apoptosis pathways", "autophagy")]


def test_no_mention_ends_in_a_bracketed_short_form() -> None:
    document = make_document("We saw activation of epidermal growth factor receptor (EGFR) again.")
    mentions = MechanismRecogniser().recognise(document, analyse_plainly(document))
    assert mentions
    assert not any(mention.text.endswith(")") for mention in mentions)
