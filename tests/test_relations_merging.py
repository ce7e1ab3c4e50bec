"""Repeated claims of a document are given once."""

from hypothesis import given
from hypothesis import strategies as st

from litmine.records import Certainty, Level, Polarity, Role, State, Triple
from litmine.relations.extraction import merged


def triple(evidence: tuple[int, ...], score: float, mechanism: str = "apoptosis", refs: tuple[int, ...] = ()) -> Triple:
    return Triple(
        "d", "G", mechanism, Role.ACTION, State.UP, Polarity.ASSERTED, Certainty.STATED, Level.REVIEW, score,
        evidence, refs, "",
    )  # fmt: skip


def test_merging_keeps_the_best_of_overlapping_claims_and_its_references() -> None:
    best, same = triple((1,), 0.9, refs=(2,)), triple((1,), 0.8, refs=(5,))
    wider, apart = triple((0, 1), 0.7, refs=(9,)), triple((4,), 0.3)
    found = merged([wider, apart, same, best])
    assert [(t.evidence, t.score, t.references) for t in found] == [((1,), 0.9, (2, 5)), ((4,), 0.3, ())]


claims = st.lists(
    st.builds(
        triple,
        st.sets(st.integers(0, 6), min_size=1, max_size=2).map(lambda s: tuple(sorted(s))),
        st.floats(0, 1),
        st.sampled_from(["apoptosis", "emt"]),
    ),
    max_size=8,
)


@given(claims)
def test_merged_claims_do_not_overlap_and_merging_again_changes_nothing(found: list[Triple]) -> None:
    once = merged(found)
    assert merged(once) == once
    for i, a in enumerate(once):
        for b in once[:i]:
            assert a.mechanism != b.mechanism or not set(a.evidence) & set(b.evidence)
