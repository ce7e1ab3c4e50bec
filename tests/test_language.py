import warnings

import pytest
import spacy

from litmine.attribute_rules import remember_attributes
from litmine.language import Analyser
from litmine.reading.citations.callouts import find_callouts
from litmine.records import Analysis, Block, Document, Kind
from litmine.settings import LanguageSettings


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def make_document(*blocks: tuple[Kind, str]) -> Document:
    text, placed = "", []
    for kind, part in blocks:
        text += "\n\n" if text else ""
        placed.append(Block(len(text), len(text) + len(part), kind, 0))
        text += part
    return Document("", "", "", "", text, blocks=tuple(placed), callouts=tuple(find_callouts(text)))


def texts(analysis: Analysis) -> list[str]:
    return [sentence.text for sentence in analysis.sentences]


def test_sentences_end_behind_their_callout(analyser: Analyser) -> None:
    document = make_document(
        (Kind.PARAGRAPH, "Loss of PTEN lowers response (Fig. 2A) [3–5]. Smith et al. saw none [6].")
    )
    assert texts(analyser.analyse(document)) == [
        "Loss of PTEN lowers response (Fig. 2A) [3–5].",
        "Smith et al. saw none [6].",
    ]


def test_a_heading_is_one_sentence(analyser: Analyser) -> None:
    document = make_document((Kind.HEADING, "2.1. Signaling. And More"), (Kind.PARAGRAPH, "It is active."))
    analysis = analyser.analyse(document)
    assert texts(analysis) == ["2.1. Signaling. And More", "It is active."]
    assert [sentence.block for sentence in analysis.sentences] == [0, 1]


def test_tokens_carry_offsets_into_the_document(analyser: Analyser) -> None:
    document = make_document(
        (Kind.TITLE, "A title"), (Kind.PARAGRAPH, "HER2+ cells activate PI3K/Akt signaling [1] strongly. They grow.")
    )
    analysis = analyser.analyse(document)
    words = [[document.text[t.start : t.end] for t in s.tokens] for s in analysis.sentences]
    assert words[1][:7] == ["HER2", "+", "cells", "activate", "PI3K", "/", "Akt"]
    assert "[" not in words[1]
    for sentence in analysis.sentences:
        assert document.text[sentence.start : sentence.end] == sentence.text
        assert all(sentence.start <= t.start < t.end <= sentence.end for t in sentence.tokens)
        assert all(0 <= t.head < len(sentence.tokens) for t in sentence.tokens)
    verb = next(t for t in analysis.sentences[1].tokens if t.lemma == "activate")
    assert (verb.pos, verb.dep) == ("VERB", "ROOT")


def test_references_are_not_parsed(analyser: Analyser) -> None:
    document = make_document((Kind.REFERENCE, "1. Smith, J. A study. J. Stud. 2010, 1, 2."))
    assert [s.tokens for s in analyser.analyse(document).sentences] == [()]


def test_abbreviations_are_found_where_they_are_introduced(analyser: Analyser) -> None:
    text = "Gamma-secretase inhibitor (GSI) blocks Notch. GSI is toxic."
    analysis = analyser.analyse(make_document((Kind.PARAGRAPH, text)))
    found = [(text[a.short_start : a.short_end], text[a.long_start : a.long_end]) for a in analysis.abbreviations]
    assert found == [("GSI", "Gamma-secretase inhibitor")]


def test_known_boundaries_are_kept(analyser: Analyser) -> None:
    document = make_document((Kind.PARAGRAPH, "One part; another part."), (Kind.PARAGRAPH, "The end."))
    analysis = analyser.analyse(document, ((0, 9), (10, 23), (25, 33)))
    assert texts(analysis) == ["One part;", "another part.", "The end."]
    assert [s.block for s in analysis.sentences] == [0, 0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Loss of PTEN lowered the response to trastuzumab, which was lost in HER2-low cells.",
        "I ain't gonna stop; let's go, c'mon, y'all gotta see  this that these 've been given.",
        "There are cells that there were not, e.g. those we've been treating.",
        "",
    ],
)
def test_remembered_attributes_are_those_of_the_ruler(text: str) -> None:
    model = LanguageSettings().spacy_model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, remembering = (spacy.load(model, exclude=["ner"]) for _ in range(2))
    remember_attributes(remembering)
    for _ in range(2):  # the second time every kind of token is known
        expected, found = plain(text), remembering(text)
        attributes = [(t.text, t.pos_, t.lemma_, t.tag_, str(t.morph)) for t in found]
        assert attributes == [(t.text, t.pos_, t.lemma_, t.tag_, str(t.morph)) for t in expected]


def test_a_ruler_that_looks_further_is_left_alone() -> None:
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("attribute_ruler")
    ruler.add([[{"SHAPE": "XXXX"}]], {"LEMMA": "name"})  # type: ignore[attr-defined]
    remember_attributes(pipeline)
    assert "match" not in vars(ruler)
    assert pipeline("PTEN is")[0].lemma_ == "name"
