"""Scores of triples: whole documents as sets of claims, single claims with their evidence, and their attributes.

Owns what makes two triples match. Pure functions of their arguments; the order of the triples makes no difference.

The headline is at **document level**: an article makes a set of claims, each told by its key (`LEVELS`), and a key
counts once however often the article repeats it. That is how the agreement of the annotators is stated. At **evidence
level** each repetition counts: two triples match, one to one, if their keys are equal and they share an evidence
sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from litmine.records import Certainty, Polarity, Role, State
from litmine.scoring.counts import BOOTSTRAP, Pair, Resampling, Score, make_score
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


_KEYS = {level: attrgetter("document", *names) for level, names in LEVELS.items()}


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
    score: float = 1.0

    def key(self, level: str) -> Key:
        """The document and the parts that `level` compares."""
        key: Key = _KEYS[level](self)
        return key


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


def _first_units(triples: Sequence[ScoredTriple], level: str) -> dict[Key, tuple[str, int]]:
    units: dict[Key, tuple[str, int]] = {}
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
    golds, predictions = _by_key(gold, level), _by_key(predicted, level)
    certain: list[Pair] = []
    edges: list[Edge] = []
    for key in golds.keys() & predictions.keys():
        rivals = predictions[key]
        alone = len(golds[key]) == len(rivals) == 1
        for i in golds[key]:
            for j in rivals:
                shared = not gold[i].evidence.isdisjoint(predicted[j].evidence)
                if share_evidence and not shared:
                    continue
                if alone:
                    certain.append((i, j))
                else:
                    edges.append((i, j, _worth(gold[i], predicted[j], shared, len(rivals))))
    return sorted([*certain, *best_pairs(edges)])


def _by_key(triples: Sequence[ScoredTriple], level: str) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = {}
    for i, triple in enumerate(triples):
        groups.setdefault(triple.key(level), []).append(i)
    return groups


def _worth(gold: ScoredTriple, predicted: ScoredTriple, shared: bool, n_rivals: int) -> int:
    """Agreement as one number: no number of later attributes outweighs an earlier one."""
    worth = int(shared)
    for name in ATTRIBUTES:
        worth = worth * (1 + n_rivals) + (getattr(gold, name) == getattr(predicted, name))
    return worth
