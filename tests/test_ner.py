"""The tagger: offsets, masks, odd input, and the choice among taggers."""

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example

from litmine.entities.ner import CHEMICAL, GENE, NameTagger, NoTagger, PackageTagger, Proposal, make_tagger
from litmine.entities.ner_model import NamePipe, iter_spans, make_doc, spell_tags
from litmine.errors import SettingsError
from litmine.language import Analyser
from litmine.records import Analysis, Block, Document, Kind, Sentence
from litmine.training.ner import Course, Shape, iter_examples, make_untrained, rename, train
from litmine.training.ner_abstracts import BOTH, Abstract

WORDS = st.sampled_from(["EGFR", "gefitinib", "TGF-β1", "(NCT-547)", "é", "😀", "x" * 200, "µM", "α", "__", "3,5", "-"])


def make_document(*paragraphs: str) -> Document:
    text = "\n\n".join(paragraphs)
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(at, at + len(paragraph), Kind.PARAGRAPH, 0))
        at += len(paragraph) + 2
    return Document("0" * 16, "x", "0" * 64, "text/plain", text, blocks=tuple(blocks))


def make_analysis(document: Document) -> Analysis:
    """One sentence per block, no tokens: the tagger needs none."""
    return Analysis(
        tuple(
            Sentence(i, b.start, b.end, document.text[b.start : b.end], b.kind, b.section, i, ())
            for i, b in enumerate(document.blocks)
        )
    )


@pytest.fixture(scope="module")
def tagger() -> NameTagger:
    return NameTagger()


@given(st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_proposals_lie_in_sentences_in_order_and_without_overlap(tagger: NameTagger, paragraphs: list[str]) -> None:
    document = make_document(*paragraphs)
    proposals = tagger.propose(document, make_analysis(document), ())
    assert proposals == tagger.propose(document, make_analysis(document), ())
    for proposal in proposals:
        assert any(b.start <= proposal.start < proposal.end <= b.end for b in document.blocks)
        surface = document.text[proposal.start : proposal.end]
        assert surface == surface.strip()
        assert 0 < proposal.score <= 1
    for type_ in (GENE, CHEMICAL):
        own = [p for p in proposals if p.type == type_]
        assert all(a.end <= b.start for a, b in pairwise(own))


@given(st.lists(WORDS, max_size=12).map(" ".join))
@settings(deadline=None)
def test_tokens_lie_where_they_say(text: str) -> None:
    doc, places = make_doc(spacy.blank("en").vocab, text, 0, len(text), ())
    assert [token.text for token in doc] == [text[start : min(end, start + 60)] for start, end in places]
    assert all(left[1] <= right[0] for left, right in pairwise(places))


def test_known_spans_become_tags() -> None:
    text = "loss of TGF-β1 and PTEN"
    doc, _ = make_doc(spacy.blank("en").vocab, text, 0, len(text), [(8, 14, "Gene"), (19, 23, "Gene")])
    assert [(t.text, t.tag_) for t in doc if t.tag_] == [
        ("TGF", "B-Gene"), ("-", "I-Gene"), ("β", "I-Gene"), ("1", "I-Gene"), ("PTEN", "B-Gene"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cells were treated with zorifenib, a new EGFR inhibitor.", {("zorifenib", CHEMICAL), ("EGFR", GENE)}),
        ("Knockdown of TRIM99 restored sensitivity to paclitaxel.", {("TRIM99", GENE), ("paclitaxel", CHEMICAL)}),
        ("Patients were followed for five years at two hospitals.", set()),
    ],
)
def test_names_that_no_list_holds(tagger: NameTagger, text: str, expected: set[tuple[str, str]]) -> None:
    document = make_document(text)
    found = {(text[p.start : p.end], p.type) for p in tagger.propose(document, make_analysis(document), ())}
    assert expected <= found
    assert bool(found) == bool(expected)


def test_a_name_is_found_wherever_the_document_repeats_it(tagger: NameTagger) -> None:
    document = make_document(
        "Cells were treated with zorifenib, a new EGFR inhibitor.",
        "Mice were treated with zorifenib, another kinase inhibitor.",
        "(zorifenib)",
    )
    found = [p for p in tagger.propose(document, make_analysis(document), ()) if p.type == CHEMICAL]
    assert [document.text[p.start : p.end] for p in found] == ["zorifenib"] * 3


@given(st.integers(0, 1000))
@settings(deadline=None)
def test_a_chemical_is_renamed_throughout_and_its_spans_move_along(seed: int) -> None:
    text = "Cisplatin kills; cisplatin and PTEN, cisplatin-treated."
    spans = ((0, 9, CHEMICAL), (17, 26, CHEMICAL), (31, 35, GENE), (37, 46, CHEMICAL))
    again = rename(Abstract("1", text, spans, BOTH), random.Random(seed))
    assert again is not None
    surfaces = [again.text[start:end] for start, end, _ in again.spans]
    assert surfaces[2] == "PTEN"
    assert surfaces.count(surfaces[1]) == 2 or surfaces[1] == surfaces[3] == "cisplatin"
    assert {"cisplatin", "Cisplatin"} - set(surfaces)
    assert again.types == BOTH
    assert rename(Abstract("1", "No chemical", (), BOTH), random.Random(seed)) is None


def test_callouts_and_nothing_at_all(tagger: NameTagger) -> None:
    assert tagger.propose(make_document(""), Analysis(()), ()) == []
    document = make_document("x" * 10_000, "   ")
    tagger.propose(document, make_analysis(document), ())


def random_pipe() -> NamePipe:
    pipe = NamePipe(spacy.blank("en").vocab, (16, 1, 2))
    doc = Doc(pipe.vocab, words=["a", "b"])
    pipe.initialize(lambda: [Example(doc, doc.copy())])
    return pipe


def test_a_type_that_was_not_looked_for_teaches_nothing() -> None:
    pipe = random_pipe()
    doc = Doc(pipe.vocab, words=["PTEN", "loss", "of", "TP53"])
    reference = doc.copy()
    reference.spans[str(GENE)] = [Span(reference, 0, 1, label=str(GENE))]
    loss, gradients = pipe.get_loss([Example(doc, reference)], pipe.predict([doc]))
    assert loss > 0
    assert np.abs(gradients[0][:, :5]).sum() > 0
    assert np.abs(gradients[0][:, 5:]).sum() == 0
    reference.spans[str(CHEMICAL)] = []
    _, gradients = pipe.get_loss([Example(doc, reference)], pipe.predict([doc]))
    assert np.abs(gradients[0][:, 5:]).sum() > 0


def test_weights_survive_the_disk(tmp_path: Path) -> None:
    pipe, other = random_pipe(), random_pipe()
    doc = Doc(pipe.vocab, words=["PTEN", "loss"])
    pipe.to_file(tmp_path / "names.npz")
    other.from_file(tmp_path / "names.npz")
    np.testing.assert_allclose(other.predict([doc])[0], pipe.predict([doc])[0], atol=0.01)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=5))
@settings(deadline=None)
def test_certain_tags_give_back_their_spans(gaps: list[tuple[int, int]]) -> None:
    doc = Doc(spacy.blank("en").vocab, words=["w"] * 40)
    spans, at = [], 0
    for gap, length in gaps:
        spans.append(Span(doc, at + gap, at + gap + length, label=str(GENE)))
        at += gap + length
    found = list(iter_spans(spell_tags(40, spans)))
    assert [(first, last) for first, last, _ in found] == [(s.start, s.end) for s in spans]
    assert all(score == pytest.approx(1) for _, _, score in found)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_any_probabilities_give_well_formed_spans(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = chance.dirichlet(np.full(5, 0.3), size=15).astype(np.float32)
    found = list(iter_spans(rows))
    assert all(first < last for first, last, _ in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_a_spacy_package_may_take_its_place(tmp_path: Path) -> None:
    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GENE_OR_GENE_PRODUCT", "pattern": "PTEN"}, {"label": "CANCER", "pattern": "glioma"}])
    language.to_disk(tmp_path / "model")
    document = make_document("In glioma, PTEN is lost.")
    found = make_tagger(str(tmp_path / "model")).propose(document, make_analysis(document), ())
    assert found == [Proposal(11, 15, GENE, 1.0)]


def test_packages_that_are_missing_or_of_no_use(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not installed"):
        make_tagger("en_ner_no_such_package")
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(SettingsError, match="neither genes nor chemicals"):
        PackageTagger(str(tmp_path / "blank"))


def test_none_proposes_nothing() -> None:
    document = make_document("PTEN is lost.")
    tagger = make_tagger("none")
    assert isinstance(tagger, NoTagger)
    assert tagger.propose(document, Analyser().analyse(document), ()) == []


def test_training_learns_what_was_looked_for_and_nothing_else() -> None:
    texts = ["Cells took zorbifel daily.", "Mice took marvanib daily."]
    abstracts = [
        Abstract(str(i), text, ((text.index("took ") + 5, text.index(" daily"), CHEMICAL),), frozenset({CHEMICAL}))
        for i, text in enumerate(texts)
    ]
    pipe = make_untrained(Shape(width=32, depth=1))
    examples = list(iter_examples(abstracts, pipe.vocab))
    assert all(CHEMICAL in e.reference.spans and GENE not in e.reference.spans for e in examples)
    pipe.initialize(lambda: examples)
    losses = list(train(pipe, examples, Course(40, 0.01, 0.0, 2), random.Random(0)))
    assert losses[-1] < 0.2 * losses[0]
    doc = pipe(examples[0].predicted.copy())
    assert [str(span) for span in doc.spans[CHEMICAL]] == ["zorbifel"]
