"""Where each gold claim was lost, and what kind of error each wrong claim is.

Owns the stages and kinds. A claim is its drug, gene, mechanism and role; every gold claim that was not given has
exactly one stage, every given claim that is not gold exactly one kind. A pure function of its arguments.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

from litmine.records import UNSPECIFIED, MentionType
from litmine.scoring.counts import Pair
from litmine.scoring.mentions import ScoredMention, match_mentions
from litmine.scoring.triples import Key, ScoredTriple

Item = TypeVar("Item")


class Stage(StrEnum):
    """The first stage at which a gold claim was lost, in the order of the pipeline."""

    UNREAD = "unread"
    MENTION = "mention"
    LINKING = "linking"
    CANDIDATE = "candidate"
    SCORER = "scorer"
    CLASS = "class"
    ROLE = "role"


class Wrong(StrEnum):
    """What is wrong with a given claim, the least first."""

    ROLE = "wrong role"
    CLASS = "wrong mechanism"
    ENTITY = "drug or gene not in gold"
    DRUG = "wrong drug"
    GENE = "wrong gene"
    UNCLAIMED = "not claimed"


MEANINGS: Mapping[str, str] = {
    Stage.UNREAD: "no sentence of its evidence is in the text as read",
    Stage.MENTION: "its drug, gene or mechanism was not found in the paragraph",
    Stage.LINKING: "found, but as another concept",
    Stage.CANDIDATE: "drug and gene were never put together at its evidence",
    Stage.SCORER: "put together, but no claim of drug and gene was given",
    Stage.CLASS: "drug and gene were given, with another mechanism",
    Stage.ROLE: "drug, gene and mechanism were given, with another role",
    Wrong.ROLE: "drug, gene and mechanism are a gold claim with another role",
    Wrong.CLASS: "drug and gene are a gold claim with another mechanism",
    Wrong.ENTITY: "the annotators marked no such drug or gene anywhere",
    Wrong.DRUG: "the same evidence claims gene and mechanism for another drug",
    Wrong.GENE: "the same evidence claims drug and mechanism for another gene",
    Wrong.UNCLAIMED: "drug and gene are in the text, but not related so",
}


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate of a run; `evidence` are the gold sentences that its anchor is, `mechanism` None for a mere pair."""

    document: str
    drug: str
    gene: str
    mechanism: str | None
    evidence: frozenset[int]
    score: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A missed gold claim (`gold` alone, or with the given claim that took its place) or a wrong given one.

    `number` is the index of the claim among the triples that `find_losses` was given: of `gold` for a missed claim, of
    `predicted` for a wrong one.
    """

    cause: Stage | Wrong
    number: int
    gold: ScoredTriple | None
    predicted: ScoredTriple | None
    score: float | None

    @property
    def missed(self) -> bool:
        return isinstance(self.cause, Stage)


def find_losses(
    gold: Sequence[ScoredTriple],
    predicted: Sequence[ScoredTriple],
    gold_mentions: Sequence[ScoredMention],
    mentions: Sequence[ScoredMention],
    candidates: Sequence[ScoredCandidate],
    read: Collection[tuple[str, int]],
    overlapping: Sequence[Pair] | None = None,
) -> list[Loss]:
    """Every loss, missed claims first, in the order of the triples; a claim that is repeated counts once.

    `read` are the (document, gold sentence) that were found in the text, `overlapping` the pairs of mentions that match
    by the measure "relaxed", where they are known already. A missed claim's `score` is the best of its
    candidates, None where there was none.
    """
    if overlapping is None:
        overlapping = match_mentions(gold_mentions, mentions, "relaxed")
    overlapped = {id(gold_mentions[i]) for i, _ in overlapping}
    found = _Found(gold, predicted, gold_mentions, mentions, candidates, read, overlapped)
    return [*found.iter_missed(), *found.iter_wrong()]


def count_losses(losses: Iterable[Loss]) -> dict[str, dict[str, int]]:
    """ "missed" → stage → number and "spurious" → kind → number, every stage and kind named."""
    counts = Counter(loss.cause for loss in losses)
    return {
        "missed": {str(stage): counts[stage] for stage in Stage},
        "spurious": {str(kind): counts[kind] for kind in Wrong},
    }


class _Found:
    """Look-ups over what was given and what was wanted."""

    def __init__(
        self,
        gold: Sequence[ScoredTriple],
        predicted: Sequence[ScoredTriple],
        gold_mentions: Sequence[ScoredMention],
        mentions: Sequence[ScoredMention],
        candidates: Sequence[ScoredCandidate],
        read: Collection[tuple[str, int]],
        overlapped: Collection[int],
    ) -> None:
        self._gold, self._predicted = gold, predicted
        self._read = set(read)
        self._gold_keys = {level: _by_key(gold, level) for level in _LEVELS}
        self._keys = {level: _by_key(predicted, level) for level in _LEVELS}
        self._wanted = _grouped(gold_mentions, lambda m: (m.document, m.type, m.concept))
        self._given = _grouped(mentions, lambda m: (m.document, m.type, m.concept))
        self._overlapped = overlapped
        self._partners = _grouped(gold, lambda t: (t.document, Wrong.DRUG, t.gene, t.mechanism))
        self._partners |= _grouped(gold, lambda t: (t.document, Wrong.GENE, t.drug, t.mechanism))
        self._candidates = _grouped(candidates, lambda c: (c.document, c.drug, c.gene))

    def iter_missed(self) -> Iterator[Loss]:
        for key, numbers in self._gold_keys["with role"].items():
            if key in self._keys["with role"]:
                continue
            triple = self._gold[numbers[0]]
            near = (
                (stage, self._keys[level].get(triple.key(level), ()))
                for stage, level in ((Stage.ROLE, "drug-gene-mechanism"), (Stage.CLASS, "drug-gene"))
            )
            stage, rivals = next(((stage, rivals) for stage, rivals in near if rivals), (None, ()))
            instead = max((self._predicted[j] for j in rivals), key=partial(_likeness, triple), default=None)
            if stage is None:
                stage = max((self._stage(self._gold[i]) for i in numbers), key=_ORDER.__getitem__)
            yield Loss(stage, numbers[0], triple, instead, self._score(triple))

    def iter_wrong(self) -> Iterator[Loss]:
        for key, numbers in self._keys["with role"].items():
            if key not in self._gold_keys["with role"]:
                triple = max((self._predicted[j] for j in numbers), key=lambda t: t.score)
                kind, instead = self._kind(triple)
                yield Loss(kind, numbers[0], instead, triple, triple.score)

    def _stage(self, triple: ScoredTriple) -> Stage:
        if not any((triple.document, sentence) in self._read for sentence in triple.evidence):
            return Stage.UNREAD
        for type_, concept in _parts(triple):
            if (lost := self._lost_mention(triple, type_, concept)) is not None:
                return lost
        pairs = self._candidates.get((triple.document, triple.drug, triple.gene), ())
        return Stage.SCORER if any(c.evidence & triple.evidence for c in pairs) else Stage.CANDIDATE

    def _lost_mention(self, triple: ScoredTriple, type_: MentionType, concept: str) -> Stage | None:
        """Where none of the concept's mentions of the paragraph (of the document, where it has none) is right."""
        key = (triple.document, type_, concept)
        wanted = self._wanted.get(key, ())
        near = [m for m in wanted if m.paragraph == triple.paragraph] or wanted
        given = self._given.get(key, ())
        if not near or any(m.paragraph == n.paragraph for m in given for n in near):
            return None
        return Stage.LINKING if any(id(m) in self._overlapped for m in near) else Stage.MENTION

    def _score(self, triple: ScoredTriple) -> float | None:
        pairs = self._candidates.get((triple.document, triple.drug, triple.gene), ())
        return max((c.score for c in pairs if c.mechanism == triple.mechanism), default=None)

    def _kind(self, triple: ScoredTriple) -> tuple[Wrong, ScoredTriple | None]:
        for kind, level in ((Wrong.ROLE, "drug-gene-mechanism"), (Wrong.CLASS, "drug-gene")):
            rivals = self._gold_keys[level].get(triple.key(level), ())
            if rivals:
                return kind, max((self._gold[i] for i in rivals), key=lambda t: _likeness(triple, t))
        for type_, concept in _parts(triple)[:2]:
            if (triple.document, type_, concept) not in self._wanted:
                return Wrong.ENTITY, None
        for kind, partner in ((Wrong.DRUG, triple.gene), (Wrong.GENE, triple.drug)):
            for other in self._partners.get((triple.document, kind, partner, triple.mechanism), ()):
                if other.evidence & triple.evidence:
                    return kind, other
        return Wrong.UNCLAIMED, None


_LEVELS = ("drug-gene", "drug-gene-mechanism", "with role")
_ORDER = {stage: n for n, stage in enumerate(Stage)}


def _by_key(triples: Sequence[ScoredTriple], level: str) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = {}
    for i, triple in enumerate(triples):
        groups.setdefault(triple.key(level), []).append(i)
    return groups


def _grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> dict[Hashable, list[Item]]:
    groups: dict[Hashable, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _parts(triple: ScoredTriple) -> list[tuple[MentionType, str]]:
    parts = [(MentionType.DRUG, triple.drug), (MentionType.GENE, triple.gene)]
    if triple.mechanism != UNSPECIFIED:
        parts.append((MentionType.MECHANISM, triple.mechanism))
    return parts


def _likeness(one: ScoredTriple, other: ScoredTriple) -> tuple[bool, bool, float]:
    return (bool(one.evidence & other.evidence), one.role == other.role, other.score)
