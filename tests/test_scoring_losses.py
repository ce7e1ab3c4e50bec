"""Every lost claim has one stage and every wrong claim one kind."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.records import Certainty, MentionType, Polarity, Role, State
from litmine.scoring.losses import (
    MEANINGS,
    Loss,
    ScoredCandidate,
    Stage,
    Wrong,
    count_losses,
    find_losses,
)
from litmine.scoring.mentions import ScoredMention
from litmine.scoring.triples import ScoredTriple

CLAIM = ScoredTriple(
    document="d",
    paragraph=0,
    drug="lapatinib",
    gene="ERBB2",
    mechanism="apoptosis",
    role=Role.RESISTANCE,
    state=State.UP,
    polarity=Polarity.ASSERTED,
    certainty=Certainty.STATED,
    evidence=frozenset({1}),
    references=frozenset(),
)


def _marked(triple: ScoredTriple) -> list[ScoredMention]:
    """A mention of each part, side by side."""
    parts = (
        (MentionType.DRUG, triple.drug),
        (MentionType.GENE, triple.gene),
        (MentionType.MECHANISM, triple.mechanism),
    )
    return [
        ScoredMention(triple.document, triple.paragraph, (10 * i, 10 * i + 5), type_, concept)
        for i, (type_, concept) in enumerate(parts)
    ]


GOLD_MENTIONS = _marked(CLAIM)
PAIR = ScoredCandidate("d", "lapatinib", "ERBB2", "apoptosis", frozenset({1}), 0.3)


def _losses(
    predicted: Sequence[ScoredTriple] = (),
    mentions: Sequence[ScoredMention] = GOLD_MENTIONS,
    candidates: Sequence[ScoredCandidate] = (PAIR,),
    read: Sequence[tuple[str, int]] = (("d", 1),),
) -> list[Loss]:
    return find_losses([CLAIM], predicted, GOLD_MENTIONS, mentions, candidates, read)


def _missed(losses: Sequence[Loss]) -> list[Stage | Wrong]:
    return [loss.cause for loss in losses if loss.missed]


def _wrong(losses: Sequence[Loss]) -> list[Stage | Wrong]:
    return [loss.cause for loss in losses if not loss.missed]


def test_a_claim_that_is_given_is_no_loss() -> None:
    assert _losses([CLAIM]) == []
    assert _losses([replace(CLAIM, state=State.DOWN, evidence=frozenset({7}))]) == []


@pytest.mark.parametrize(
    ("stage", "changes"),
    [
        (Stage.UNREAD, {"read": ()}),
        (Stage.MENTION, {"mentions": GOLD_MENTIONS[:1] + GOLD_MENTIONS[2:]}),
        (Stage.MENTION, {"mentions": GOLD_MENTIONS[:2]}),
        (Stage.LINKING, {"mentions": [GOLD_MENTIONS[0], replace(GOLD_MENTIONS[1], concept="EGFR"), GOLD_MENTIONS[2]]}),
        (Stage.CANDIDATE, {"candidates": ()}),
        (Stage.CANDIDATE, {"candidates": [replace(PAIR, evidence=frozenset({5}))]}),
        (Stage.SCORER, {}),
        (Stage.SCORER, {"candidates": [replace(PAIR, mechanism=None)]}),
        (Stage.CLASS, {"predicted": [replace(CLAIM, mechanism="emt")]}),
        (Stage.ROLE, {"predicted": [replace(CLAIM, role=Role.SENSITIVITY)]}),
        (Stage.ROLE, {"predicted": [replace(CLAIM, role=Role.ACTION), replace(CLAIM, mechanism="emt")]}),
    ],
)
def test_the_stage_that_lost_a_claim(stage: Stage, changes: dict[str, Sequence[object]]) -> None:
    assert _missed(_losses(**changes)) == [stage]  # type: ignore[arg-type]


def test_an_unspecified_mechanism_needs_no_mention() -> None:
    gold = replace(CLAIM, mechanism="unspecified")
    losses = find_losses([gold], [], GOLD_MENTIONS, GOLD_MENTIONS[:2], [PAIR], [("d", 1)])
    assert _missed(losses) == [Stage.SCORER]


def test_a_repeated_claim_got_as_far_as_its_best_repetition() -> None:
    again = replace(CLAIM, evidence=frozenset({2}))
    losses = find_losses([CLAIM, again], [], GOLD_MENTIONS, GOLD_MENTIONS, [PAIR], [("d", 1)])
    assert _missed(losses) == [Stage.SCORER]
    losses = find_losses([again, CLAIM], [], GOLD_MENTIONS, GOLD_MENTIONS, [], [("d", 1)])
    assert _missed(losses) == [Stage.CANDIDATE]


def test_a_drug_taken_from_elsewhere_is_looked_for_in_the_document() -> None:
    far = [replace(GOLD_MENTIONS[0], paragraph=9), *GOLD_MENTIONS[1:]]
    assert _missed(find_losses([CLAIM], [], far, far, [PAIR], [("d", 1)])) == [Stage.SCORER]
    assert _missed(find_losses([CLAIM], [], far, far[1:], [PAIR], [("d", 1)])) == [Stage.MENTION]


def test_what_took_a_claims_place_is_told_with_the_best_score() -> None:
    other = replace(CLAIM, mechanism="emt", score=0.7)
    (loss,) = [loss for loss in _losses([other]) if loss.missed]
    assert (loss.gold, loss.predicted, loss.score) == (CLAIM, other, PAIR.score)


@pytest.mark.parametrize(
    ("kind", "predicted"),
    [
        (Wrong.ROLE, replace(CLAIM, role=Role.SENSITIVITY)),
        (Wrong.CLASS, replace(CLAIM, mechanism="emt")),
        (Wrong.ENTITY, replace(CLAIM, gene="TP53")),
        (Wrong.ENTITY, replace(CLAIM, drug="aspirin")),
    ],
)
def test_what_is_wrong_with_a_claim(kind: Wrong, predicted: ScoredTriple) -> None:
    assert _wrong(_losses([predicted])) == [kind]


def test_wrong_partners_are_told_from_claims_of_nothing() -> None:
    marked = [*GOLD_MENTIONS, ScoredMention("d", 0, (50, 55), MentionType.GENE, "TP53")]
    marked.append(ScoredMention("d", 0, (60, 65), MentionType.DRUG, "aspirin"))
    for predicted, kind in (
        (replace(CLAIM, gene="TP53"), Wrong.GENE),
        (replace(CLAIM, drug="aspirin"), Wrong.DRUG),
        (replace(CLAIM, gene="TP53", evidence=frozenset({8})), Wrong.UNCLAIMED),
        (replace(CLAIM, gene="TP53", drug="aspirin"), Wrong.UNCLAIMED),
    ):
        assert _wrong(find_losses([CLAIM], [predicted], marked, marked, [], [])) == [kind]


_triples = st.lists(
    st.builds(
        lambda drug, gene, mechanism, role, sentence: replace(
            CLAIM, drug=drug, gene=gene, mechanism=mechanism, role=role, evidence=frozenset({sentence})
        ),
        st.sampled_from(["lapatinib", "aspirin"]),
        st.sampled_from(["ERBB2", "TP53"]),
        st.sampled_from(["apoptosis", "emt"]),
        st.sampled_from(list(Role)),
        st.integers(0, 2),
    ),
    max_size=8,
)


@given(_triples, _triples, st.lists(st.sampled_from(GOLD_MENTIONS)), st.booleans())
def test_losses_account_for_every_claim_once(
    gold: list[ScoredTriple], predicted: list[ScoredTriple], mentions: list[ScoredMention], read: bool
) -> None:
    sentences = [("d", i) for i in range(3)] if read else []
    losses = find_losses(gold, predicted, GOLD_MENTIONS, mentions, [PAIR], sentences)
    wanted, given_ = ({t.key("with role") for t in side} for side in (gold, predicted))
    assert sum(loss.missed for loss in losses) == len(wanted - given_)
    assert sum(not loss.missed for loss in losses) == len(given_ - wanted)
    counts = count_losses(losses)
    assert sum(counts["missed"].values()) + sum(counts["spurious"].values()) == len(losses)


def test_every_stage_and_kind_is_explained() -> None:
    assert set(MEANINGS) == {*Stage, *Wrong}
