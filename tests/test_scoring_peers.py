"""Span scores equal those of seqeval and nervaluate, where their definitions and ours are the same."""

import itertools
import random

import pytest
from nervaluate import Evaluator
from seqeval.metrics.v1 import precision_recall_fscore_support
from seqeval.scheme import IOB2

from litmine.records import MentionType
from litmine.scoring.counts import NO_INTERVALS
from litmine.scoring.mentions import ALL, ScoredMention, score_mentions, score_modes

N_TOKENS = 12
TYPES = (MentionType.DRUG, MentionType.GENE)


def _spans(rng: random.Random, document: str) -> list[ScoredMention]:
    """Mentions that do not overlap, as tags of one layer cannot."""
    found: list[ScoredMention] = []
    at = 0
    while at < N_TOKENS:
        end = min(N_TOKENS, at + rng.randint(1, 3))
        if rng.random() < 0.5:
            found.append(ScoredMention(document, 0, (at, end), rng.choice(TYPES), None))
        at = end
    return found


def _tags(mentions: list[ScoredMention]) -> list[str]:
    tags = ["O"] * N_TOKENS
    for mention in mentions:
        assert mention.place is not None
        start, end = mention.place
        tags[start:end] = [f"B-{mention.type}", *[f"I-{mention.type}"] * (end - start - 1)]
    return tags


def _documents(seed: int) -> tuple[list[list[ScoredMention]], list[list[ScoredMention]]]:
    rng = random.Random(seed)
    names = [f"d{i}" for i in range(6)]
    return [_spans(rng, name) for name in names], [_spans(rng, name) for name in names]


def _joined(documents: list[list[ScoredMention]]) -> list[ScoredMention]:
    return list(itertools.chain.from_iterable(documents))


@pytest.mark.parametrize("seed", range(25))
def test_strict_scores_are_those_of_seqeval(seed: int) -> None:
    gold, predicted = _documents(seed)
    ours = score_mentions(_joined(gold), _joined(predicted), NO_INTERVALS)["strict"]
    tags = [[_tags(d) for d in side] for side in (gold, predicted)]
    options = {"scheme": IOB2, "zero_division": 0}
    theirs = precision_recall_fscore_support(*tags, average="micro", **options)
    assert (ours[ALL].precision, ours[ALL].recall, ours[ALL].f) == pytest.approx(theirs[:3])
    by_type = precision_recall_fscore_support(*tags, average=None, **options)
    assert [ours[t].f for t in TYPES] == pytest.approx(list(by_type[2]))


def _chains(gold: list[list[ScoredMention]], predicted: list[list[ScoredMention]]) -> bool:
    """Whether a mention overlaps two of the other side: there a greedy matching may go wrong."""

    def overlaps(one: ScoredMention, other: ScoredMention) -> bool:
        assert one.place and other.place
        return one.place[0] < other.place[1] and other.place[0] < one.place[1]

    return any(
        sum(overlaps(one, other) for other in others) > 1
        for left, right in zip(gold, predicted, strict=True)
        for side, others in ((left, right), (right, left))
        for one in side
    )


def test_modes_are_those_of_nervaluate_where_greedy_is_right() -> None:
    n_compared = 0
    for seed in range(400):
        gold, predicted = _documents(seed)
        kept = [i for i in range(len(gold)) if not _chains([gold[i]], [predicted[i]])]
        gold, predicted = [gold[i] for i in kept], [predicted[i] for i in kept]
        if not _joined(gold) or not _joined(predicted):
            continue
        n_compared += 1
        evaluator = Evaluator(
            [_tags(d) for d in gold], [_tags(d) for d in predicted], tags=[str(t) for t in TYPES], loader="list"
        )
        theirs = evaluator.evaluate()["overall"]
        modes = score_modes(_joined(gold), _joined(predicted), NO_INTERVALS)
        strict = score_mentions(_joined(gold), _joined(predicted), NO_INTERVALS)["strict"][ALL]
        for name, ours in (("strict", strict), ("exact", modes["boundary"]), ("partial", modes["partial"])):
            assert (ours.precision, ours.recall) == pytest.approx((theirs[name].precision, theirs[name].recall)), name
        assert modes["type"].recall == pytest.approx(theirs["ent_type"].recall)
    assert n_compared > 50
