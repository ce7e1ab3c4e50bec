"""Examples for training: labels, mirroring, templates, and the reach of the candidates on annotated articles."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from litmine.language import Analyser
from litmine.relations.attributes import ATTRIBUTE_FEATURES, RESPONSE_FEATURES
from litmine.training.annotated import read_annotated_folders
from litmine.training.triples import key_scores, main
from litmine.training.triples_examples import candidate_recall, make_examples, mirrored
from litmine.training.triples_templates import read_templates

CASES = Path(__file__).parent / "cases"


def test_response_features_come_in_opposed_pairs() -> None:
    assert ATTRIBUTE_FEATURES[: len(RESPONSE_FEATURES)] == RESPONSE_FEATURES
    for less, more in zip(RESPONSE_FEATURES[::2], RESPONSE_FEATURES[1::2], strict=True):
        assert less.removesuffix("less") == more.removesuffix("more")


@given(
    arrays(np.float64, (3, len(ATTRIBUTE_FEATURES)), elements=st.integers(0, 3).map(float)),
    st.lists(st.sampled_from(["resistance", "sensitivity", "action"]), min_size=3, max_size=3),
)
def test_mirroring_twice_gives_the_examples_back(features: np.ndarray, labels: list[str]) -> None:
    once, turned = mirrored(features, labels)
    assert [a == b for a, b in zip(labels, turned, strict=True)] == [label == "action" for label in labels]
    twice, back = mirrored(once, turned)
    assert back == labels
    assert np.array_equal(twice, features)


def test_templates_are_whole_and_not_the_sentences_of_the_tests() -> None:
    templates = read_templates()
    text = templates.document.text
    assert all(text[m.start : m.end] == m.text for m in templates.mentions)
    assert len(templates.mentions) == 2 * len(templates.triples)
    sentences = [text[start:end] for start, end in templates.sentences]
    assert len(set(sentences)) == len(sentences)
    with (CASES / "attributes.tsv").open(encoding="utf-8") as table:
        tested = {row["sentence"] for row in csv.DictReader(table, delimiter="\t")}
    with (Path(read_templates.__code__.co_filename).parent / "triples_templates.tsv").open(encoding="utf-8") as table:
        assert tested.isdisjoint(row["sentence"] for row in csv.DictReader(table, delimiter="\t"))


def test_every_template_becomes_one_claimed_pair() -> None:
    templates = read_templates()
    analysis = Analyser().analyse(templates.document, templates.sentences)
    examples = make_examples(templates, analysis, templates.mentions)
    own = [claimed for pair, claimed in zip(examples.pairs, examples.claimed, strict=True) if pair.gene_distance == 0]
    assert own == [1.0] * len(templates.triples)
    assert len(examples.attribute_features) == len(templates.triples)
    assert candidate_recall(examples) == (1.0, 1.0)


def test_scores_are_those_of_sets_of_keys() -> None:
    gold = read_templates().triples
    assert key_scores(gold, gold) == dict.fromkeys(("drug-gene", "+mechanism", "+role", "all"), 1.0)
    by_half = key_scores(gold, [t for t in gold if t.role == "resistance"])
    assert by_half["drug-gene"] == 1.0
    assert by_half["+role"] == pytest.approx(2 * 1 / (3 + 1))
    assert key_scores(gold, ())["drug-gene"] == 0.0


def test_training_needs_annotated_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--annotations", str(tmp_path), "--mentions", "gold"]) == 1
    assert "at least three are needed" in capsys.readouterr().err


@pytest.mark.slow
def test_candidates_reach_the_gold_of_annotated_articles(shared: Path) -> None:
    analyser = Analyser()
    reached = total = 0.0
    for document in read_annotated_folders(shared / "annotation"):
        analysis = analyser.analyse(document.document, document.sentences)
        _, recall = candidate_recall(make_examples(document, analysis, document.mentions))
        n = len({(t.drug, t.gene, t.mechanism) for t in document.triples})
        reached, total = reached + recall * n, total + n
    assert reached / total >= 0.93
