"""CIViCmine's Predictive relation (cancer, drug, gene), cross-validated by article: kindred, litmine, co-occurrence.

Every system sees the same folds and is judged by exact tuples of mentions. Thresholds are chosen, for every system
that has one, by cross-validation within the training part of a fold.
Owns the comparison and litmine's model of tuples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.arguments import ROLES, TupleFeatures, iter_candidates
from benchmarks.peers.corpora import RelationText
from benchmarks.peers.folds import Split, inner_folds, make_folds
from benchmarks.peers.judging import Floats, Item, at_least, choose_threshold, f_of
from benchmarks.peers.kindred_client import DEFAULT, LOGISTIC, Answer, Kindred
from litmine.relations.models import Linear

RELATION = "Predictive"
N_FOLDS = 5
SEED = 20_190_603
COOCCURRENCE, KINDRED, KINDRED_TUNED, LITMINE = (
    "same-sentence co-occurrence",
    "kindred, default (SVM)",
    "kindred, logistic, threshold tuned",
    "litmine",
)
STRENGTHS = (0.02, 0.05, 0.15)
"""Inverse strengths of the penalty; litmine's model is the mean of one linear model for each."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system gives on all texts, each by the model that did not see it; scores where it ranks candidates."""

    predicted: frozenset[Item]
    scores: dict[Item, float] | None = None


@dataclass(frozen=True)
class Candidates:
    """Every candidate of a corpus with its features and whether it is gold."""

    items: tuple[Item, ...]
    features: Floats
    right: Floats

    def rows(self, texts: Sequence[int]) -> list[int]:
        wanted = set(texts)
        return [i for i, (text, _) in enumerate(self.items) if text in wanted]


def make_candidates(texts: Sequence[RelationText]) -> Candidates:
    builder = TupleFeatures()
    found = [list(iter_candidates(text)) for text in texts]
    items = tuple((i, ids) for i, members in enumerate(found) for ids in members)
    rows = [builder.rows(text, members) for text, members in zip(texts, found, strict=True)]
    right = np.array([float(ids in texts[i].relations) for i, ids in items])
    return Candidates(items, np.vstack(rows), right)


def gold_items(texts: Sequence[RelationText]) -> frozenset[Item]:
    return frozenset((i, ids) for i, text in enumerate(texts) for ids in text.relations)


def compare(texts: Sequence[RelationText], kindred: Kindred | None, repeats: int) -> list[dict[str, Outcome]]:
    """One outcome per system for each of `repeats` ways to fold; the first is that of `SEED`."""
    groups = [text.group for text in texts]
    candidates = make_candidates(texts)
    folds = [make_folds(groups, N_FOLDS, SEED + repeat) for repeat in range(repeats)]
    inner = [[inner_folds(split, groups, N_FOLDS, SEED) for split in splits] for splits in folds]
    outer_answers = iter(kindred.answers(texts, [s for f in folds for s in f], RELATION, ROLES) if kindred else ())
    inner_splits = [split for nested in inner for splits in nested for split in splits]
    inner_answers = iter(kindred.answers(texts, inner_splits, RELATION, ROLES, (LOGISTIC,)) if kindred else ())
    gold = gold_items(texts)
    outcomes: list[dict[str, Outcome]] = []
    for outer, nested in zip(folds, inner, strict=True):
        found = {COOCCURRENCE: Outcome(frozenset(candidates.items))}
        if kindred:
            own = [next(outer_answers) for _ in outer]
            within = [[next(inner_answers) for _ in splits] for splits in nested]
            found |= kindred_outcomes(gold, own, within)
        found[LITMINE] = litmine_outcome(candidates, gold, outer, nested)
        outcomes.append(found)
    return outcomes


def kindred_outcomes(gold: frozenset[Item], own: list[Answer], within: list[list[Answer]]) -> dict[str, Outcome]:
    """`own` are the answers of the outer folds, `within` those of the folds inside each one's training part."""
    predicted: set[Item] = set()
    scores: dict[Item, float] = {}
    for answer, nested in zip(own, within, strict=True):
        known = {item: score for part in nested for item, score in part[LOGISTIC].items()}
        predicted |= at_least(answer[LOGISTIC], _tuned(known, gold, answer[LOGISTIC]))
        scores |= answer[LOGISTIC]
    default = frozenset(item for answer in own for item in answer[DEFAULT])
    return {KINDRED: Outcome(default), KINDRED_TUNED: Outcome(frozenset(predicted), scores)}


def litmine_outcome(
    candidates: Candidates, gold: frozenset[Item], outer: Sequence[Split], nested: Sequence[Sequence[Split]]
) -> Outcome:
    """Litmine's model of tuples, its threshold chosen anew within the training part of each fold."""
    predicted: set[Item] = set()
    scores: dict[Item, float] = {}
    for split, inner in zip(outer, nested, strict=True):
        known = {item: score for part in inner for item, score in _scored(candidates, part).items()}
        own = _scored(candidates, split)
        predicted |= at_least(own, _tuned(known, gold, own))
        scores |= own
    return Outcome(frozenset(predicted), scores)


def fit_linear(features: Floats, right: Floats, strength: float) -> Linear:
    """Logistic regression on standardised features, as litmine's pair model has one."""
    from sklearn.linear_model import LogisticRegression

    means, deviations = features.mean(axis=0), features.std(axis=0)
    deviations[deviations == 0] = 1.0
    fitted = LogisticRegression(C=strength, max_iter=500).fit((features - means) / deviations, right)
    return Linear(fitted.coef_[0] / deviations, means, float(fitted.intercept_[0]))


def _scored(candidates: Candidates, split: Split) -> dict[Item, float]:
    train, test = candidates.rows(split.train), candidates.rows(split.test)
    models = [fit_linear(candidates.features[train], candidates.right[train], strength) for strength in STRENGTHS]
    probabilities = np.mean([model.probability(candidates.features[test]) for model in models], axis=0)
    return {candidates.items[i]: float(p) for i, p in zip(test, probabilities, strict=True)}


def _tuned(known: dict[Item, float], gold: frozenset[Item], judged: dict[Item, float]) -> float:
    """The threshold of the best F on the training part; the gold of judged texts is not looked at."""
    hidden = {text for text, _ in judged}
    seen = {item for item in gold if item[0] not in hidden}
    return choose_threshold(lambda t: f_of(at_least(known, t), seen))
