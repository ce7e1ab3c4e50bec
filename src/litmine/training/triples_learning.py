"""Fits the triple model to examples and turns scikit-learn's estimators into the arrays of `litmine.relations.models`.

Owns hyperparameters, calibration and the choice of the threshold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from litmine.relations.extraction import choose
from litmine.relations.models import LEAF, Blend, Linear, Trees
from litmine.relations.scoring import Labelled, Scored, TripleModel, calibrated
from litmine.training.triples_examples import Examples, Matrix, mirrored

SEED = 20_220_919
ENOUGH_TRIPLES = 20
"""Documents with fewer triples do not help to choose the threshold."""
THRESHOLDS = np.round(np.arange(0.10, 0.71, 0.01), 2)
SMOOTHED = 15
"""Neighbouring thresholds whose F is averaged: with few documents the curve is flat, and its peak is chance."""
_LINEAR = {"pair": 0.01, "mechanism": 0.01, "attribute": 0.03}
_TREES = {
    "pair": {"max_iter": 120, "learning_rate": 0.06, "max_leaf_nodes": 15, "min_samples_leaf": 40},
    "mechanism": {"max_iter": 150, "learning_rate": 0.06, "max_leaf_nodes": 15, "min_samples_leaf": 20},
    "attribute": {"max_iter": 60, "learning_rate": 0.08, "max_leaf_nodes": 7, "min_samples_leaf": 15},
}
_SMOOTHING = 0.3
"""A document's attribute examples weigh together as its number of them to the power of one minus this."""

TEMPLATE_WEIGHT = {"role": 2.0, "state": 2.0, "polarity": 1.0, "certainty": 1.0}
"""Of the written sentences beside annotated documents. Most of them were written for role and state."""

Key = tuple[str, str, str]


def fit_model(examples: Sequence[Examples], templates: Examples) -> TripleModel:
    """A model without calibration, its threshold 0.5. `templates` teach the attributes only."""
    pair = fit_blend(
        np.vstack([e.pair_features for e in examples]),
        np.concatenate([e.claimed for e in examples]),
        np.concatenate([e.weights for e in examples]),
        "pair",
    )
    taught = [e for e in examples if len(e.named)]
    named = np.concatenate([e.named for e in taught])
    mechanism = fit_blend(np.vstack([e.mechanism_features for e in taught]), named, np.ones(len(named)), "mechanism")
    with_attributes = [e for e in taught if len(e.attribute_features)]
    attributes = {name: _fit_attribute(with_attributes, templates, name) for name in templates.attributes}
    return TripleModel(pair, mechanism, attributes, slope=1.0, intercept=0.0, threshold=0.5)


def fit_blend(features: Matrix, labels: Matrix, weights: Matrix, kind: str) -> Blend:
    """`kind` names the hyperparameters: "pair", "mechanism" or "attribute"."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    means, deviations = features.mean(axis=0), features.std(axis=0)
    deviations[deviations == 0] = 1.0
    linear = LogisticRegression(C=_LINEAR[kind], max_iter=500)
    linear.fit((features - means) / deviations, labels, sample_weight=weights)
    trees = HistGradientBoostingClassifier(
        **_TREES[kind], l2_regularization=5.0, max_features=0.3, early_stopping=False, random_state=SEED
    )
    trees.fit(features, labels, sample_weight=weights)
    return Blend(Linear(linear.coef_[0] / deviations, means, float(linear.intercept_[0])), export_trees(trees))


def export_trees(estimator: Any) -> Trees:
    """The trees of a fitted binary HistGradientBoostingClassifier that saw no missing values, nor categories."""
    columns: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots: list[int] = []
    for (predictor,) in estimator._predictors:
        nodes = predictor.nodes
        offset = len(columns["feature"])
        roots.append(offset)
        leaf = nodes["is_leaf"].astype(bool)
        columns["feature"] += np.where(leaf, LEAF, nodes["feature_idx"].astype(np.int64)).tolist()
        columns["threshold"] += np.where(leaf, 0.0, nodes["num_threshold"]).tolist()
        columns["left"] += np.where(leaf, 0, nodes["left"].astype(np.int64) + offset).tolist()
        columns["right"] += np.where(leaf, 0, nodes["right"].astype(np.int64) + offset).tolist()
        columns["value"] += np.where(leaf, nodes["value"], 0.0).tolist()
    return Trees(
        feature=np.array(columns["feature"], dtype=np.int32),
        threshold=np.array(columns["threshold"], dtype=np.float64),
        left=np.array(columns["left"], dtype=np.int32),
        right=np.array(columns["right"], dtype=np.int32),
        value=np.array(columns["value"], dtype=np.float64),
        roots=np.array(roots, dtype=np.int32),
        baseline=float(np.ravel(estimator._baseline_prediction)[0]),
    )


def _fit_attribute(annotated: Sequence[Examples], templates: Examples, name: str) -> Labelled:
    examples = [*annotated, templates]
    features = np.vstack([e.attribute_features for e in examples])
    labels = [label for e in examples for label in e.attributes[name]]
    sizes = [len(e.attribute_features) for e in examples]
    weights = np.concatenate([np.full(size, size**-_SMOOTHING) for size in sizes])
    weights[-sizes[-1] :] *= TEMPLATE_WEIGHT[name]
    turned, turned_labels = mirrored(features, labels)
    features = np.vstack([features, turned])
    both = np.array([*labels, *turned_labels])
    weights = np.concatenate([weights, weights]) / weights.mean()
    names = tuple(sorted(set(both)))
    blends = tuple(fit_blend(features, (both == label).astype(np.float64), weights, "attribute") for label in names)
    return Labelled(names, blends)


def calibration(scored: Iterable[tuple[Examples, Sequence[Scored]]]) -> tuple[float, float]:
    """Slope and intercept of Platt scaling, from uncalibrated scores of documents the model was not trained on.

    What is calibrated is a document's claim by its best candidate: whether the gold has its drug, gene and mechanism.
    Each document weighs as much as its gold claims, not as its candidates, of which a flattened table has thousands.
    """
    from sklearn.linear_model import LogisticRegression

    log_odds: list[float] = []
    right: list[bool] = []
    weights: list[float] = []
    for examples, candidates in scored:
        gold = gold_keys(examples)
        best: dict[Key, float] = {}
        for c in candidates:
            key = (c.pair.drug, c.pair.gene, c.mechanism.mechanism)
            best[key] = max(c.score, best.get(key, 0.0))
        raw = np.clip(np.array(list(best.values())), 1e-6, 1 - 1e-6)
        log_odds += np.log(raw / (1 - raw)).tolist()
        right += [key in gold for key in best]
        weights += [len(gold) / max(1, len(best))] * len(best)
    fitted = LogisticRegression(C=1e6).fit(np.array(log_odds)[:, None], np.array(right), sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def recalibrated(candidates: Iterable[Scored], slope: float, intercept: float) -> list[Scored]:
    """The same candidates with the scores that the calibration makes of theirs."""
    found = list(candidates)
    scores = calibrated(np.array([c.score for c in found]), slope, intercept)
    return [replace(c, score=float(score)) for c, score in zip(found, scores, strict=True)]


def best_threshold(scored: Mapping[str, tuple[Examples, Sequence[Scored]]]) -> float:
    """The threshold of the best mean F of drug–gene–mechanism over documents with enough triples."""
    documents = [pair for pair in scored.values() if len(pair[0].document.triples) >= ENOUGH_TRIPLES]
    means = [np.mean([f_score(keys_of(choose(c, float(t))), gold_keys(e)) for e, c in documents]) for t in THRESHOLDS]
    padded = np.pad(means, SMOOTHED // 2, mode="edge")
    smooth = np.convolve(padded, np.ones(SMOOTHED) / SMOOTHED, mode="valid")
    return float(THRESHOLDS[int(np.argmax(smooth))])


def gold_keys(examples: Examples) -> set[Key]:
    return {(t.drug, t.gene, t.mechanism) for t in examples.document.triples}


def keys_of(chosen: Iterable[Scored]) -> set[Key]:
    return {(c.pair.drug, c.pair.gene, c.mechanism.mechanism) for c in chosen}


def f_score(predicted: set[Key], gold: set[Key]) -> float:
    return 2 * len(predicted & gold) / max(1, len(predicted) + len(gold))
