"""Drugs and genes in sentences written for these tests, and what holds for any text."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.lexicon.folding import word_set
from litmine.reading.citations.callouts import find_callouts
from litmine.records import Analysis, Block, Document, Kind, Mention, MentionType, Sentence
from litmine.training.annotated import read_annotated

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "entities.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="module")
def recogniser() -> EntityRecogniser:
    return EntityRecogniser()


def make_document(*paragraphs: str, kind: Kind = Kind.PARAGRAPH) -> Document:
    """A document of one block per paragraph."""
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(at, at + len(paragraph), kind, 0))
        at += len(paragraph) + 2
    text = "\n\n".join(paragraphs)
    return Document(
        "0" * 16, "made.txt", "0" * 64, "text/plain", text, blocks=tuple(blocks), callouts=tuple(find_callouts(text))
    )


def without_parse(document: Document) -> Analysis:
    """Each block as one sentence without tokens."""
    return Analysis(
        tuple(
            Sentence(i, block.start, block.end, document.text[block.start : block.end], block.kind, 0, i)
            for i, block in enumerate(document.blocks)
        )
    )


def described(mentions: tuple[Mention, ...]) -> list[str]:
    return [f"{m.text}={m.type}:{m.concept}" for m in mentions]


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[case[0][:50] for case in CASES])
def test_sentence(sentence: str, expected: str, analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(sentence)
    mentions = recogniser.recognise(document, analyser.analyse(document))
    assert described(mentions) == ([] if expected == "-" else expected.split(" | "))


def test_definition_holds_in_the_whole_document(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(
        "Breast cancer stem cells were measured by mass spectrometry (MS) after treatment.",
        "Epidermal growth factor receptor (EGFR) and temozolomide (TMZ) were studied.",
        "MS gave the same result, and EGFR was high after TMZ.",
    )
    mentions = recogniser.recognise(document, analyser.analyse(document))
    last = [m.text for m in mentions if m.start >= document.blocks[2].start]
    assert last == ["EGFR", "TMZ"]
    assert not any(m.text == "MS" for m in mentions)


def test_definition_by_a_longer_phrase_keeps_the_gene(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document("Tumors were estrogen receptor-positive (ER+) or HER2-low.", "Loss of ER was rare.")
    mentions = recogniser.recognise(document, analyser.analyse(document))
    assert [(m.text, m.concept) for m in mentions if m.start >= document.blocks[1].start] == [("ER", "ESR1")]


def test_definition_inside_a_class_means_the_target(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document("Estrogen receptor (ER) antagonists were stopped.", "Loss of ER was rare.")
    mentions = recogniser.recognise(document, analyser.analyse(document))
    assert described(mentions) == ["Estrogen receptor (ER) antagonists=Drug:er antagonist", "ER=Gene:ESR1"]


def test_regimen_is_no_drug(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(
        "Carboplatin and paclitaxel and sorafenib (CPS) were given to the first group.", "CPS was toxic."
    )
    mentions = recogniser.recognise(document, analyser.analyse(document))
    assert not any(m.text == "CPS" for m in mentions)


def test_defined_conjugate_is_a_drug_everywhere(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(
        "We built a ligand-based bispecific toxin conjugate (LBTC) for the pancreas.", "LBTC was well tolerated."
    )
    mentions = recogniser.recognise(document, analyser.analyse(document))
    assert [(m.text, m.type) for m in mentions if m.start >= document.blocks[1].start] == [("LBTC", MentionType.DRUG)]


def test_abbreviation_counts_only_beside_its_drug(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    with_drug = make_document("Gemcitabine is given first.", "GEM was then repeated.")
    without = make_document("GEM was repeated in the second arm.")
    found = described(recogniser.recognise(with_drug, analyser.analyse(with_drug)))
    assert found == ["Gemcitabine=Drug:gemcitabine", "GEM=Drug:gemcitabine"]
    assert recogniser.recognise(without, analyser.analyse(without)) == ()


def test_two_letter_name_needs_company(recogniser: EntityRecogniser) -> None:
    alone = make_document("GR and HH drafted the text.")
    together = make_document("The glucocorticoid receptor was lost.", "GR and HH drafted the text.")
    assert recogniser.recognise(alone, without_parse(alone)) == ()
    assert [m.text for m in recogniser.recognise(together, without_parse(together))] == [
        "glucocorticoid receptor",
        "GR",
    ]


@pytest.mark.parametrize("kind", [Kind.REFERENCE, Kind.TABLE, Kind.OTHER])
def test_other_kinds_are_left_alone(kind: Kind, recogniser: EntityRecogniser) -> None:
    document = make_document("Trastuzumab acts on HER2.", kind=kind)
    assert recogniser.recognise(document, without_parse(document)) == ()


def test_superscript_citation_run_into_a_name(recogniser: EntityRecogniser) -> None:
    plain = make_document("Expression of TNFAIP337 was high.")
    bracketed = make_document("Expression of TNFAIP337 was high [4].")
    assert described(recogniser.recognise(plain, without_parse(plain))) == ["TNFAIP337=Gene:TNFAIP3"]
    assert recogniser.recognise(bracketed, without_parse(bracketed)) == ()


def test_every_linked_mention_has_a_curie_of_a_known_registry(recogniser: EntityRecogniser) -> None:
    document = make_document("EGFR, PI3K, miR-21, olaparib, herceptin, JQ1, PARP inhibitors and BCR-ABL1 were named.")
    mentions = recogniser.recognise(document, without_parse(document))
    assert {m.curie.split(":")[0] for m in mentions if m.curie} <= {"hgnc", "fplx", "unii", "drugbank", "mesh", "chebi"}
    assert {m.text: m.curie for m in mentions}["EGFR"] == "hgnc:3236"
    assert {m.text: m.curie for m in mentions}["PI3K"] == "fplx:PI3K"


WORDS = st.sampled_from(
    sorted(
        word_set(
            "HER2 HER2+ PI3K/Akt p95HER2 trastuzumab T-DM1 inhibitors anti- miR-21 [3,4] [7–9] (GSI) and or BRCA1/2 "
            "κ Δ16 NF-κB - – / ( ) BCR -ABL1 PARPi 5-FU the of receptor tyrosine kinase CD44high/ @ ’s X é ﬁ"
        )
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "  ", "\u00a0"])), min_size=1, max_size=25))
def test_mentions_reproduce_the_text(recogniser: EntityRecogniser, words: list[tuple[str, str]]) -> None:
    document = make_document("".join(word + gap for word, gap in words).strip() or "x")
    mentions = recogniser.recognise(document, without_parse(document))
    at = 0
    for mention in mentions:
        assert document.text[mention.start : mention.end] == mention.text
        assert mention.start >= at and mention.end > mention.start
        assert not any(c.start < mention.end and mention.start < c.end for c in document.callouts)
        at = mention.end


@pytest.mark.slow
def test_accuracy_on_the_review(shared: Path, analyser: Analyser, recogniser: EntityRecogniser) -> None:
    annotated = read_annotated(shared / "annotation" / "trastuzumab-resistance")
    analysis = analyser.analyse(annotated.document, annotated.sentences)
    predicted = recogniser.recognise(annotated.document, analysis)
    for type_, bar in ((MentionType.DRUG, 0.96), (MentionType.GENE, 0.92)):
        gold = {(m.start, m.end): m.concept for m in annotated.mentions if m.type is type_}
        ours = {(m.start, m.end): m.concept for m in predicted if m.type is type_}
        both = gold.keys() & ours.keys()
        assert 2 * len(both) / (len(gold) + len(ours)) >= bar
        assert sum(gold[span] == ours[span] for span in both) / len(both) >= 0.95
