"""Small classifiers as plain arrays: a linear model, boosted trees, and the mean of the two.

Owns evaluation and storage, with NumPy only: weights made by one version of scikit-learn can be read for ever, and a
weights file holds numbers and text but no code. Training, and the export from scikit-learn, is in `litmine.training`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Arrays = Mapping[str, npt.NDArray[np.generic]]

LEAF = -1
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Linear:
    """Logistic regression; `means` centre the features, so that `contributions` tell what differs from the usual."""

    coefficients: Floats
    means: Floats
    intercept: float

    def contributions(self, features: Floats) -> Floats:
        """What each feature adds to the log odds, per row."""
        return (features - self.means) * self.coefficients

    def probability(self, features: Floats) -> Floats:
        return _sigmoid((features - self.means) @ self.coefficients + self.intercept)


@dataclass(frozen=True)
class Trees:
    """Boosted binary trees. Node i goes to `left[i]` where `features[feature[i]] <= threshold[i]`, else to `right[i]`.

    A leaf has feature `LEAF` and adds `value[i]` to the log odds; `roots` are the first nodes of the trees.
    """

    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    value: Floats
    roots: Integers
    baseline: float

    def probability(self, features: Floats) -> Floats:
        parts = [self._raw(features[i : i + ROWS_AT_ONCE]) for i in range(0, len(features), ROWS_AT_ONCE)]
        return _sigmoid(np.concatenate(parts)) if parts else np.zeros(0)

    def _raw(self, features: Floats) -> Floats:
        n_trees = len(self.roots)
        nodes = np.tile(self.roots, len(features))
        first = np.repeat(np.arange(len(features)) * features.shape[1], n_trees)
        flat = features.ravel()
        inner = np.flatnonzero(self.feature[nodes] != LEAF)
        while len(inner):
            at = nodes[inner]
            below = flat[first[inner] + self.feature[at]] <= self.threshold[at]
            at = np.where(below, self.left[at], self.right[at])
            nodes[inner] = at
            inner = inner[self.feature[at] != LEAF]
        total: Floats = self.value[nodes].reshape(-1, n_trees).sum(axis=1) + self.baseline
        return total


@dataclass(frozen=True)
class Blend:
    """The mean of the probabilities of a linear model and of trees."""

    linear: Linear
    trees: Trees

    def probability(self, features: npt.ArrayLike) -> Floats:
        """Of the positive class, per row of `features`."""
        rows = np.asarray(features, dtype=np.float64)
        return (self.linear.probability(rows) + self.trees.probability(rows)) / 2

    def arrays(self, name: str) -> dict[str, npt.NDArray[np.generic]]:
        """Everything needed to rebuild the blend, each array under a key that starts with `name`."""
        linear, trees = self.linear, self.trees
        return {
            f"{name}/coefficients": linear.coefficients,
            f"{name}/means": linear.means,
            f"{name}/intercept": np.asarray(linear.intercept),
            f"{name}/feature": trees.feature,
            f"{name}/threshold": trees.threshold,
            f"{name}/left": trees.left,
            f"{name}/right": trees.right,
            f"{name}/value": trees.value,
            f"{name}/roots": trees.roots,
            f"{name}/baseline": np.asarray(trees.baseline),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, name: str) -> "Blend":
        def floats(key: str) -> Floats:
            return np.asarray(arrays[f"{name}/{key}"], dtype=np.float64)

        def integers(key: str) -> Integers:
            return np.asarray(arrays[f"{name}/{key}"], dtype=np.int32)

        return cls(
            Linear(floats("coefficients"), floats("means"), float(floats("intercept"))),
            Trees(
                integers("feature"),
                floats("threshold"),
                integers("left"),
                integers("right"),
                floats("value"),
                integers("roots"),
                float(floats("baseline")),
            ),
        )


def _sigmoid(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)
