"""Triples of several documents become claims, whatever the order they come in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.records import Certainty, Level, Polarity, Role, State, Triple
from litmine.relations.assembly import assemble_claims, contradictions


def triple(
    role: Role = Role.RESISTANCE,
    polarity: Polarity = Polarity.ASSERTED,
    certainty: Certainty = Certainty.STATED,
    score: float = 0.5,
    sentence: int = 3,
    gene: str = "AXL",
) -> Triple:
    return Triple(
        "gefitinib", gene, "bypass_receptor", role, State.UP, polarity, certainty, Level.REVIEW, score,
        (sentence, sentence + 1), (), "",
    )  # fmt: skip


def test_evidence_for_against_and_hedged_is_counted_apart() -> None:
    (claim,) = assemble_claims(
        {
            "a": [triple(), triple(polarity=Polarity.NEGATED, sentence=9)],
            "b": [triple(certainty=Certainty.HEDGED), triple(Role.RESISTANCE, Polarity.NEGATED, Certainty.HEDGED)],
        }
    )
    assert (claim.n_documents, claim.n_evidence) == (2, 4)
    assert (claim.n_for, claim.n_against, claim.n_hedged) == (1, 1, 2)


def test_best_evidence_is_the_best_plain_assertion() -> None:
    (claim,) = assemble_claims(
        {
            "a": [triple(score=0.99, certainty=Certainty.HEDGED), triple(score=0.4, sentence=7)],
            "b": [triple(score=0.6, sentence=5), triple(score=0.95, polarity=Polarity.NEGATED)],
        }
    )
    assert claim.best_evidence == "b:5"


def test_score_is_that_of_at_least_one_being_right() -> None:
    (claim,) = assemble_claims({"a": [triple(score=0.5), triple(score=0.8, sentence=9)]})
    assert claim.score == pytest.approx(0.9)


def test_roles_are_claims_of_their_own_and_contradict_each_other() -> None:
    claims = assemble_claims({"a": [triple(), triple(Role.SENSITIVITY), triple(Role.ACTION, gene="MET")]})
    assert len(claims) == 3
    ((against, in_favour),) = contradictions(claims)
    assert (against.role, in_favour.role) == (Role.RESISTANCE, Role.SENSITIVITY)


def test_a_claim_without_mechanism_is_subsumed_by_one_with() -> None:
    plain = replace(triple(), mechanism="unspecified")
    other_role = replace(triple(Role.ACTION), mechanism="unspecified")
    claims = assemble_claims({"a": [triple()], "b": [plain, other_role]})
    assert {(c.mechanism, c.role): c.subsumed for c in claims} == {
        ("bypass_receptor", Role.RESISTANCE): False,
        ("unspecified", Role.RESISTANCE): True,
        ("unspecified", Role.ACTION): False,
    }


def test_no_triples_make_no_claims() -> None:
    assert assemble_claims({"a": []}) == ()


triples = st.builds(
    triple,
    st.sampled_from(Role),
    st.sampled_from(Polarity),
    st.sampled_from(Certainty),
    st.floats(0, 1),
    st.integers(0, 20),
    st.sampled_from(["AXL", "MET"]),
)


@given(st.dictionaries(st.sampled_from("abc"), st.lists(triples, max_size=5)))
def test_claims_do_not_depend_on_order_and_count_everything_once(found: dict[str, list[Triple]]) -> None:
    claims = assemble_claims(found)
    assert claims == assemble_claims({doc: found[doc][::-1] for doc in reversed(list(found))})
    assert sum(c.n_evidence for c in claims) == sum(map(len, found.values()))
    for claim in claims:
        assert claim.n_for + claim.n_against + claim.n_hedged == claim.n_evidence
        assert 0 <= claim.score <= 1
