"""Kinds and causes of errors in mentions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.records import MentionType
from litmine.scoring.errors import ErrorKind, count_errors, find_errors
from litmine.scoring.mentions import ScoredMention, match_mentions

TEXT = "HER2 and PTEN loss; HER2 again, lapatinib, EGF receptor, DM1."
TEXTS = {"d": TEXT}


def mention(surface: str, type_: str, concept: str | None, nth: int = 0) -> ScoredMention:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(surface, start + 1)
    return ScoredMention("d", 0, (start, start + len(surface)), MentionType(type_), concept)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([mention("PTEN", "Gene", "PTEN")], [mention("PTEN", "Gene", "PTEN")], []),
        ([mention("PTEN", "Gene", "PTEN")], [], [("missed", "this surface is never found")]),
        ([ScoredMention("d", 0, None, MentionType.GENE, "X")], [], [("missed", "not in the text as read")]),
        (
            [mention("HER2", "Gene", "ERBB2"), mention("HER2", "Gene", "ERBB2", 1)],
            [mention("HER2", "Gene", "ERBB2")],
            [("missed", "this surface is found elsewhere")],
        ),
        ([], [mention("loss", "Gene", "LOSS")], [("spurious", "this surface is never right")]),
        (
            [mention("HER2", "Gene", "ERBB2")],
            [mention("HER2", "Gene", "ERBB2"), mention("HER2", "Gene", "ERBB2", 1)],
            [("spurious", "this surface is right elsewhere")],
        ),
        ([mention("EGF receptor", "Gene", "EGFR")], [mention("EGF", "Gene", "EGF")], [("wrong span", "too short")]),
        ([mention("PTEN", "Gene", "PTEN")], [mention("PTEN loss", "Gene", "PTEN")], [("wrong span", "too long")]),
        ([mention("and PTEN", "Gene", "P")], [mention("PTEN loss", "Gene", "P")], [("wrong span", "shifted")]),
        ([mention("DM1", "Drug", "mertansine")], [mention("DM1", "Gene", "DMPK")], [("wrong type", "called Gene")]),
        ([mention("HER2", "Gene", "ERBB2")], [mention("HER2", "Gene", None)], [("wrong concept", "not linked")]),
        (
            [mention("HER2", "Gene", "ERBB")],
            [mention("HER2", "Gene", "ERBB2")],
            [("wrong concept", "family and member confused")],
        ),
        (
            [mention("PTEN loss", "Mechanism", "pi3k_akt_mtor")],
            [mention("PTEN loss", "Mechanism", "target_loss")],
            [("wrong concept", "another concept")],
        ),
        (
            [mention("PTEN loss", "Mechanism", "pi3k_akt_mtor")],
            [mention("PTEN", "Gene", "PTEN")],
            [("missed", "this surface is never found"), ("spurious", "this surface is never right")],
        ),
    ],
)
def test_kinds_and_causes(
    gold: list[ScoredMention], predicted: list[ScoredMention], expected: list[tuple[str, str]]
) -> None:
    assert [(str(e.kind), e.cause) for e in find_errors(gold, predicted, TEXTS)] == expected


PLACES = st.integers(0, 50).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, start + 8)))
MENTIONS = st.lists(
    st.builds(
        ScoredMention,
        st.just("d"),
        st.just(0),
        PLACES,
        st.sampled_from(list(MentionType)),
        st.sampled_from(["A", "AB", "C", None]),
    ),
    max_size=8,
)


@given(MENTIONS, MENTIONS)
def test_every_mention_is_right_or_has_one_error(gold: list[ScoredMention], predicted: list[ScoredMention]) -> None:
    errors = find_errors(gold, predicted, TEXTS)
    exact = len(match_mentions(gold, predicted, "strict"))
    wrong_concept = sum(e.kind is ErrorKind.WRONG_CONCEPT for e in errors)
    assert sum(e.gold is not None for e in errors) == len(gold) - exact + wrong_concept
    assert sum(e.predicted is not None for e in errors) == len(predicted) - exact + wrong_concept
    counted = count_errors(errors)
    assert sum(n for kinds in counted.values() for causes in kinds.values() for n in causes.values()) == len(errors)
