"""The comparison with peers: what all systems are given and judged by. Kindred itself is not needed here."""

import json
import os
import random
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers import annotated_pairs, predictive
from benchmarks.peers.arguments import FEATURES, ROLES, iter_candidates
from benchmarks.peers.corpora import Entity, RelationText, from_json, read_standoff, to_json
from benchmarks.peers.folds import inner_folds, make_folds
from benchmarks.peers.judging import choose_threshold, difference, f_of, judge, recall_at_precision
from benchmarks.peers.kindred_client import PYTHON_VARIABLE, find_kindred
from litmine.errors import GoldError, SettingsError
from litmine.scoring.counts import Resampling
from litmine.training.annotated import AnnotatedDocument, read_annotated

TEXT = "Loss of αKIN1 made glioma cells tolerate drugamab – and mimetinib."
FEW = Resampling(n=200)


def write_standoff(folder: Path, name: str, relation: str = "R1\tPredictive cancer:T3 drug:T2 gene:T1") -> None:
    words = {"T1": ("gene", "αKIN1"), "T2": ("drug", "drugamab"), "T3": ("cancer", "glioma")}
    rows = [
        f"{id_}\t{type_} {TEXT.index(word)} {TEXT.index(word) + len(word)}\t{word}"
        for id_, (type_, word) in words.items()
    ]
    (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (folder / f"{name}.a1").write_text("\n".join(rows), encoding="utf-8")
    (folder / f"{name}.a2").write_text(f"{relation}\nR9\tOther gene:T1 variant:T1\n", encoding="utf-8")


def test_standoff_becomes_texts_and_survives_json(tmp_path: Path) -> None:
    write_standoff(tmp_path, "b")
    write_standoff(tmp_path, "a", relation="R1\tPrognostic cancer:T3 gene:T1")
    (tmp_path / "b.json").write_text('{"pmid": 77}', encoding="utf-8")
    texts = read_standoff(tmp_path, "Predictive", ROLES)
    assert [(t.name, t.group) for t in texts] == [("a", "a"), ("b", "77")]
    assert [t.relations for t in texts] == [frozenset(), frozenset({("T3", "T2", "T1")})]
    assert [TEXT[e.start : e.end] for e in texts[1].entities] == ["αKIN1", "drugamab", "glioma"]
    assert from_json(json.loads(json.dumps(to_json(texts)))) == texts


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a.a1", "T1\tgene 0 4\tKIN1", "its span"),
        ("a.a2", "R1\tPredictive cancer:T3 gene:T1", "roles"),
    ],
)
def test_wrong_standoff_is_told(tmp_path: Path, file: str, content: str, message: str) -> None:
    write_standoff(tmp_path, "a")
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        read_standoff(tmp_path, "Predictive", ROLES)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no annotated texts"):
        read_standoff(tmp_path, "Predictive", ROLES)


GROUPS = st.lists(st.sampled_from("abcdefghij"), min_size=12, max_size=40)


@given(GROUPS, st.integers(2, 6), st.integers(0, 9))
def test_folds_part_articles_and_do_not_depend_on_order(groups: list[str], n: int, seed: int) -> None:
    folds = make_folds(groups, n, seed)
    assert sorted(i for split in folds for i in split.test) == list(range(len(groups)))
    for split in folds:
        assert sorted((*split.train, *split.test)) == list(range(len(groups)))
        assert not {groups[i] for i in split.train} & {groups[i] for i in split.test}
        for inner in inner_folds(split, groups, 3, seed):
            assert set(inner.train) | set(inner.test) == set(split.train)
            assert not {groups[i] for i in inner.train} & {groups[i] for i in inner.test}
    turned = make_folds(groups[::-1], n, seed)
    assert [{groups[::-1][i] for i in s.test} for s in turned] == [{groups[i] for i in s.test} for s in folds]


def test_folds_are_the_same_everywhere() -> None:
    assert [s.test for s in make_folds(list("abcdefg"), 3, 1)] == [s.test for s in make_folds(list("abcdefg"), 3, 1)]
    assert len({str(make_folds(list("abcdefg"), 3, seed)) for seed in range(20)}) > 1


@given(st.dictionaries(st.integers(0, 15), st.sampled_from([0.1, 0.3, 0.5, 0.7])), st.sets(st.integers(0, 15)))
def test_recall_at_precision_against_every_threshold(ranks: dict[int, float], right: set[int]) -> None:
    scores = {(text, ("T1",)): score for text, score in ranks.items()}
    gold = {(text, ("T1",)) for text in right}
    best = 0.0
    for threshold in set(scores.values()):
        kept = {item for item, score in scores.items() if score >= threshold}
        if len(kept & gold) / len(kept) >= 0.6:
            best = max(best, len(kept & gold) / len(gold) if gold else 0.0)
    assert recall_at_precision(scores, gold, 0.6) == pytest.approx(best)


@given(st.sets(st.tuples(st.integers(0, 8), st.sampled_from(["x", "y"]))), st.sets(st.integers(0, 17)))
def test_judged_figures_against_counting(gold_parts: set[tuple[int, str]], places: set[int]) -> None:
    gold = {(text, (id_,)) for text, id_ in gold_parts}
    predicted = {(place // 2, ("xy"[place % 2],)) for place in places}
    groups = [f"article {i // 2}" for i in range(9)]
    judged = judge(gold, predicted, groups, FEW)
    n_right = sum(item in gold for item in predicted)
    assert judged.score.precision == (n_right / len(predicted) if predicted else 0)
    assert judged.score.recall == (n_right / len(gold) if gold else 0)
    assert judged.score.f == pytest.approx(f_of(predicted, gold))
    assert 0 <= judged.precision[0] <= judged.precision[1] <= 1
    gain, (low, high) = difference(gold, predicted, predicted, groups, FEW)
    assert (gain, low, high) == (0, 0, 0)
    assert difference(gold, gold, predicted, groups, FEW)[0] == pytest.approx(
        (1 if gold else 0) - f_of(predicted, gold)
    )


def test_an_interval_of_the_difference_holds_it_and_needs_articles_not_tuples() -> None:
    groups = [f"article {i}" for i in range(40)]
    gold = {(i, ("a",)) for i in range(40)}
    ours, theirs = {(i, ("a",)) for i in range(30)}, {(i, ("a",)) for i in range(20)}
    gain, (low, high) = difference(gold, ours, theirs, groups, FEW)
    assert 0 < low < gain < high
    assert difference(gold, ours, theirs, ["one article"] * 40, FEW)[1] == pytest.approx((gain, gain))


def test_the_threshold_chosen_is_that_of_a_broad_peak() -> None:
    assert choose_threshold(lambda t: 1.0 if 0.3 <= t <= 0.5 else (2.0 if t == 0.9 else 0.0)) == pytest.approx(
        0.34, abs=0.05
    )


def make_tuples(rng: random.Random, n: int) -> list[RelationText]:
    """Texts whose second gene is no argument."""
    texts = []
    for i in range(n):
        entities = (Entity("T1", "cancer", 0, 3), Entity("T2", "drug", 4, 7), Entity("T3", "gene", 8, 11))
        if rng.random() < 0.5:
            entities = (*entities, Entity("T4", "gene", 12, 15))
        texts.append(
            RelationText(str(i), f"article {i // 2}", "aaa bbb ccc ddd", entities, frozenset({("T1", "T2", "T3")}))
        )
    return texts


def test_candidates_are_every_tuple_of_the_text() -> None:
    text = next(t for t in make_tuples(random.Random(1), 20) if len(t.entities) == 4)
    types = {e.id: e.type for e in text.entities}
    brute = {c for c in combinations(sorted(types), 3) if [types[i] for i in c] == list(ROLES)}
    assert set(iter_candidates(text)) == brute == {("T1", "T2", "T3"), ("T1", "T2", "T4")}


def test_litmine_learns_what_tells_tuples_apart_and_every_text_is_judged_once() -> None:
    texts = make_tuples(random.Random(4), 60)
    items = tuple((i, ids) for i, text in enumerate(texts) for ids in iter_candidates(text))
    right = np.array([float(ids in texts[i].relations) for i, ids in items])
    noise = np.random.default_rng(1).normal(size=(len(items), 4))
    candidates = predictive.Candidates(items, np.column_stack([right + noise[:, 0] / 10, noise]), right)
    groups = [text.group for text in texts]
    outer = make_folds(groups, 3, 1)
    nested = [inner_folds(split, groups, 3, 1) for split in outer]
    gold = predictive.gold_items(texts)
    outcome = predictive.litmine_outcome(candidates, gold, outer, nested)
    assert outcome.scores is not None and set(outcome.scores) == set(items)
    assert f_of(outcome.predicted, gold) > 0.95
    assert recall_at_precision(outcome.scores, gold, 0.9) > 0.95


def test_kindreds_threshold_comes_from_inner_folds_alone() -> None:
    gold = frozenset({(0, ("a",)), (1, ("a",)), (2, ("a",))})
    inner = [{"logistic": {(1, ("a",)): 0.8, (2, ("a",)): 0.8, (1, ("b",)): 0.6, (2, ("b",)): 0.6}}]
    own = [{"svm": {(0, ("b",)): 1.0}, "logistic": {(0, ("a",)): 0.75, (0, ("b",)): 0.55}}]
    found = predictive.kindred_outcomes(gold, own, [inner])
    assert found[predictive.KINDRED].predicted == {(0, ("b",))}
    assert found[predictive.KINDRED_TUNED].predicted == {(0, ("a",))}
    assert found[predictive.KINDRED_TUNED].scores == own[0]["logistic"]


@pytest.fixture(scope="module")
def annotated() -> AnnotatedDocument:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared")) / "annotation"
    folder = shared / "mt2a-osteosarcoma"
    if not folder.exists():
        pytest.skip("needs the annotated documents (LITMINE_SHARED)")
    return read_annotated(folder)


def test_sentences_given_to_kindred_hold_what_the_document_says(annotated: AnnotatedDocument) -> None:
    concepts_of = {(m.start, m.end, str(m.type).lower()): m.concept for m in annotated.mentions}
    claimed = {(t.drug, t.gene, sentence) for t in annotated.triples for sentence in t.evidence}
    together = annotated_pairs.cooccurring(annotated)
    related: set[tuple[str, str, int]] = set()
    named: set[tuple[str, str, int]] = set()
    for sentence, text, concepts in annotated_pairs.sentence_texts(annotated):
        offset = annotated.sentences[sentence][0]
        for e in text.entities:
            assert concepts_of[e.start + offset, e.end + offset, e.type] == concepts[e.id]
        related |= {(concepts[d], concepts[g], sentence) for d, g in text.relations}
        named |= {
            (concepts[d.id], concepts[g.id], sentence)
            for d in text.entities
            for g in text.entities
            if (d.type, g.type) == ("drug", "gene")
        }
    assert named == together
    assert related == together & claimed


@pytest.mark.parametrize("python", [None, Path("/nowhere/python"), Path(sys.executable)])
def test_kindred_that_is_not_there_is_told_with_what_to_do(
    python: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PYTHON_VARIABLE, raising=False)
    with pytest.raises(SettingsError, match=r"kindred|no Python at"):
        find_kindred(python)


@pytest.mark.slow
def test_features_look_at_the_tuple_not_at_its_names() -> None:
    from benchmarks.peers.arguments import TupleFeatures

    def text(cancer: str, drug: str, gene: str) -> RelationText:
        words = f"Resistance to {drug} in {cancer} cells follows from {gene} amplification."
        spans = [(words.index(w), words.index(w) + len(w)) for w in (cancer, drug, gene, "amplification")]
        types = (*ROLES, "variant")
        entities = tuple(Entity(t[0], t, *span) for t, span in zip(types, spans, strict=True))
        return RelationText("x", "x", words, entities, frozenset())

    builder = TupleFeatures()
    rows = [
        builder.rows(text(*names), [("c", "d", "g")])[0]
        for names in (("glioma", "gefitinib", "MET"), ("glioma", "erlotinib", "AXL"), ("glioma", "cisplatin", "copper"))
    ]
    assert all(len(row) == len(FEATURES) for row in rows)
    np.testing.assert_array_equal(rows[0], rows[1])
    linked = FEATURES.index("gene linked")
    assert (rows[0][linked], rows[2][linked]) == (1, 0)
    assert rows[0][FEATURES.index("variant beside gene")] == 1
    assert builder.rows(text("glioma", "gefitinib", "MET"), []).shape == (0, len(FEATURES))
