"""Curves, parts, significance and gates say what their definitions say."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from litmine.errors import GateError
from litmine.records import MentionType
from litmine.scoring.breakdown import macro, score_parts
from litmine.scoring.counts import NO_INTERVALS
from litmine.scoring.curves import (
    average_precision,
    calibration,
    expected_calibration_error,
    precision_recall,
)
from litmine.scoring.gate import check_gates, figures, read_gates
from litmine.scoring.loading import Items, outermost
from litmine.scoring.mentions import ScoredMention, match_mentions
from litmine.scoring.runs import score_items
from litmine.scoring.significance import compare_counts

_scores = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=20)


@given(_scores)
def test_average_precision_is_that_of_scikit_learn(found: list[tuple[float, bool]]) -> None:
    scores = {(str(i),): score for i, (score, _) in enumerate(found)}
    gold = {(str(i),) for i, (_, right) in enumerate(found) if right}
    points = precision_recall(scores, gold)
    assert [p.threshold for p in points] == sorted({score for score, _ in found}, reverse=True)
    if gold:
        labels, values = [right for _, right in found], [score for score, _ in found]
        assert average_precision(points) == pytest.approx(average_precision_score(labels, values))
        assert points[-1].recall == 1.0


def test_gold_that_is_no_candidate_lowers_recall() -> None:
    points = precision_recall({("a",): 0.9, ("b",): 0.4}, {("a",), ("c",)})
    assert [(p.precision, p.recall) for p in points] == [(1.0, 0.5), (0.5, 0.5)]
    assert precision_recall({}, {("a",)}) == []


@given(_scores)
def test_every_claim_is_in_one_bin(found: list[tuple[float, bool]]) -> None:
    scores = {(str(i),): score for i, (score, _) in enumerate(found)}
    bins = calibration(scores, {(str(i),) for i, (_, right) in enumerate(found) if right})
    assert sum(each.n for each in bins) == len(scores)
    assert all(each.low - 1e-9 <= each.mean_score <= each.high + 1e-9 for each in bins)
    assert 0 <= expected_calibration_error(bins) <= 1


def test_honest_scores_have_no_error() -> None:
    scores = {(str(i),): 0.25 for i in range(4)}
    assert expected_calibration_error(calibration(scores, {("0",)})) == 0
    assert expected_calibration_error(calibration(scores, set(scores))) == 0.75
    assert expected_calibration_error([]) == 0


def _f(rows: list[tuple[int, int, int]]) -> float:
    n_gold, n_predicted, n_matched = (sum(row[k] for row in rows) for k in range(3))
    return 2 * n_matched / (n_gold + n_predicted) if n_gold + n_predicted else 0.0


_counts = st.tuples(st.integers(1, 4), st.integers(0, 4)).flatmap(
    lambda c: st.tuples(st.just(c[0]), st.just(c[1]), st.integers(0, min(c)))
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_counts, _counts), min_size=1, max_size=7))
def test_p_values_are_those_of_every_exchange(units: list[tuple[tuple[int, int, int], tuple[int, int, int]]]) -> None:
    before = {i: a for i, (a, _) in enumerate(units)}
    after = {i: (a[0], b[1], min(b[2], a[0])) for i, (a, b) in enumerate(units)}
    found = compare_counts(before, after, n=20_000)
    a, b = list(before.values()), list(after.values())
    observed = abs(_f(b) - _f(a))
    as_great = [
        abs(_f([y if s else x for x, y, s in zip(a, b, swaps, strict=True)])
            - _f([x if s else y for x, y, s in zip(a, b, swaps, strict=True)])) >= observed - 1e-12
        for swaps in product([False, True], repeat=len(a))
    ]  # fmt: skip
    assert (found.f_before, found.f_after) == pytest.approx((_f(a), _f(b)))
    assert found.p == pytest.approx(sum(as_great) / len(as_great), abs=0.02)


def test_equal_runs_do_not_differ() -> None:
    same = dict.fromkeys(range(40), (3, 3, 2))
    assert compare_counts(same, same).p == 1.0
    better = dict.fromkeys(range(40), (3, 3, 3))
    assert compare_counts(same, better).p < 0.001
    assert compare_counts({}, {}).p == 1.0


def _items() -> Items:
    def mention(document: str, paragraph: int, start: int) -> ScoredMention:
        return ScoredMention(document, paragraph, (start, start + 4), MentionType.GENE, "TP53")

    items = Items()
    items.gold_mentions = [mention("a/1", 0, 0), mention("a/1", 1, 10), mention("b/2", 0, 0)]
    items.mentions = [mention("a/1", 0, 0), mention("b/2", 0, 5)]
    items.sections = {("a/1", 0): "Introduction", ("a/1", 1): "Results", ("b/2", 0): "Introduction"}
    items.texts = {"a/1": "x" * 20, "b/2": "x" * 20}
    return items


def test_parts_add_up_to_the_whole() -> None:
    items = _items()
    pairs = {m: match_mentions(items.gold_mentions, items.mentions, m) for m in ("strict", "relaxed")}
    parts = [part for part in score_parts(items, pairs, NO_INTERVALS) if part.measure == "Gene strict"]
    for of in ("document", "section"):
        own = [part.score for part in parts if part.of == of]
        assert (sum(s.n_gold for s in own), sum(s.n_predicted for s in own), sum(s.n_matched for s in own)) == (3, 2, 1)
    assert {part.part for part in parts if part.of == "section"} == {"Introduction", "Results"}
    assert macro(parts)["Gene strict"] == (pytest.approx((2 / 3 + 0) / 2), 2)


@pytest.mark.parametrize(("section", "chapter"), [("3.2.1", "3"), ("12", "12"), ("Results", "Results"), ("", "")])
def test_numbered_sections_belong_to_their_chapter(section: str, chapter: str) -> None:
    assert outermost(section) == chapter


def test_gates() -> None:
    scores = score_items(_items(), resampling=NO_INTERVALS)
    assert figures(scores)["Gene.strict.recall"] == pytest.approx(1 / 3)
    assert check_gates(scores, read_gates(["Gene.strict.recall=0.3", "triple.f=0"])) == []
    assert check_gates(scores, read_gates(["Gene.strict.f=0.9"])) == ["Gene.strict.f is 0.400, below 0.9"]
    for written in ("triple.f", "triple.f=x", "triple.f=2", "triple.f=nan"):
        with pytest.raises(GateError):
            read_gates([written])
    with pytest.raises(GateError, match=r"no such figure.*triple\.f"):
        check_gates(scores, read_gates(["tripel.f=0.5"]))
