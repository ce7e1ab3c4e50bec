"""Scores of triples: whole documents as sets of claims, single claims with their evidence, and their attributes.

Owns what makes two triples match. Pure functions of their arguments; the order of the triples makes no difference.

The headline is at **document level**: an article makes a set of claims, each told by its key (`LEVELS`), and a key
counts once however often the article repeats it. That is how the agreement of the annotators is stated. At **evidence
level** each repetition counts: two triples match, one to one, if their keys are equal and they share an evidence
sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litmine.records import Certainty, Polarity, Role, State
from litmine.scoring.counts import BOOTSTRAP, Pair, Resampling, Score, Unit, make_score
from litmine.scoring.matching import Edge, best_pairs

LEVELS: Mapping[str, tuple[str, ...]] = {
    "drug-gene": ("drug", "gene"),
    "drug-gene-mechanism": ("drug", "gene", "mechanism"),
    "with role": ("drug", "gene", "mechanism", "role"),
    "with all attributes": ("drug", "gene", "mechanism", "role", "state", "polarity", "certainty"),
}
"""The parts of a triple's key, compared as they are written."""

ATTRIBUTES = ("role", "state", "polarity", "certainty", "references")
EVIDENCE = "evidence"

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoredTriple:
    """A gold or predicted triple. `evidence` holds gold sentences, for predicted triples those that theirs are."""

    document: str
    paragraph: int
    drug: str
    gene: str
    mechanism: str
    role: Role
    state: State
    polarity: Polarity
    certainty: Certainty
    evidence: frozenset[int]
    references: frozenset[int]

    def key(self, level: str) -> Key:
        return (self.document, *(str(getattr(self, name)) for name in LEVELS[level]))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `n` matched triples `n_right` have this right."""

    n: int
    n_right: int

    @property
    def share(self) -> float:
        return self.n_right / self.n if self.n else 0.0


def score_triples(
    gold: Sequence[ScoredTriple],
    predicted: Sequence[ScoredTriple],
    resampling: Resampling = BOOTSTRAP,
) -> dict[str, Score]:
    """Level → score of the sets of keys, at document level. For the bootstrap a key lies where it stands first."""
    scores: dict[str, Score] = {}
    for level in LEVELS:
        golds, predictions = _first_units(gold, level), _first_units(predicted, level)
        position = {key: j for j, key in enumerate(predictions)}
        pairs = [(i, position[key]) for i, key in enumerate(golds) if key in position]
        scores[level] = make_score(list(golds.values()), list(predictions.values()), pairs, resampling)
    return scores


def _first_units(triples: Sequence[ScoredTriple], level: str) -> dict[Key, Unit]:
    units: dict[Key, Unit] = {}
    for triple in triples:
        key, unit = triple.key(level), (triple.document, triple.paragraph)
        units[key] = min(unit, units.get(key, unit))
    return units


def score_triples_by_evidence(
    gold: Sequence[ScoredTriple],
    predicted: Sequence[ScoredTriple],
    resampling: Resampling = BOOTSTRAP,
) -> dict[str, Score]:
    """Level → score of single triples that share key and an evidence sentence, at evidence level."""
    return {
        level: make_score(
            [(triple.document, triple.paragraph) for triple in gold],
            [(triple.document, triple.paragraph) for triple in predicted],
            match_triples(gold, predicted, level, share_evidence=True),
            resampling,
        )
        for level in LEVELS
    }


def score_attributes(gold: Sequence[ScoredTriple], predicted: Sequence[ScoredTriple]) -> dict[str, Accuracy]:
    """How often evidence is shared and each of `ATTRIBUTES` equal, among triples of equal drug, gene and mechanism.

    These are paired one to one, as many as can be, so that evidence and then attributes agree most.
    """
    pairs = match_triples(gold, predicted, "drug-gene-mechanism", share_evidence=False)
    right = {EVIDENCE: sum(bool(gold[i].evidence & predicted[j].evidence) for i, j in pairs)}
    for name in ATTRIBUTES:
        right[name] = sum(getattr(gold[i], name) == getattr(predicted[j], name) for i, j in pairs)
    return {name: Accuracy(len(pairs), n_right) for name, n_right in right.items()}


def match_triples(
    gold: Sequence[ScoredTriple], predicted: Sequence[ScoredTriple], level: str, share_evidence: bool
) -> list[Pair]:
    """Pairs of equal key, one to one: as many as can be, of these the ones that agree most.

    Agreement is counted over all pairs, in shared evidence first, then in each of `ATTRIBUTES` in turn, so that the
    counts do not depend on the order of the triples.
    """
    by_key: dict[Key, list[int]] = {}
    for j, triple in enumerate(predicted):
        by_key.setdefault(triple.key(level), []).append(j)
    edges: list[Edge] = []
    for i, triple in enumerate(gold):
        candidates = by_key.get(triple.key(level), [])
        for j in candidates:
            shared = bool(triple.evidence & predicted[j].evidence)
            if shared or not share_evidence:
                agreed = [shared, *(getattr(triple, name) == getattr(predicted[j], name) for name in ATTRIBUTES)]
                worth = 0
                for agrees in agreed:
                    worth = worth * (1 + len(candidates)) + agrees
                edges.append((i, j, worth))
    return best_pairs(edges)
