"""How likely a passage claims a candidate: the pair's probability times the mechanism's share, calibrated.

Owns the shipped weights (`triples.npz`), the calibration and the threshold stored in them. Training is in
`litmine.training.triples`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from litmine.errors import StoreError
from litmine.relations.attributes import ATTRIBUTE_FEATURES
from litmine.relations.candidates import Mechanism, Pair, iter_pairs, mechanisms_of
from litmine.relations.features import PAIR_FEATURES, PairFeatures
from litmine.relations.mechanism_features import MECHANISM_FEATURES, MechanismFeatures
from litmine.relations.models import Blend, Floats
from litmine.relations.passages import Passages
from litmine.settings import RelationSettings

UNLIKELY = 0.03
"""Pairs below this probability are not looked at further."""
SMALLEST_TOTAL = 0.3
"""Mechanism probabilities of a pair are divided by their sum, but by no less than this."""


@dataclass(frozen=True)
class Labelled:
    """One classifier for each label of an attribute; the label of the highest probability wins."""

    labels: tuple[str, ...]
    blends: tuple[Blend, ...]

    def predict(self, features: npt.ArrayLike) -> list[str]:
        scores = np.stack([blend.probability(features) for blend in self.blends])
        return [self.labels[i] for i in scores.argmax(axis=0)]


@dataclass(frozen=True)
class TripleModel:
    """Everything learned. `slope` and `intercept` calibrate log odds; triples below `threshold` are not given.

    `trained_on` names the annotated documents that the model has seen: its scores on them say little.
    """

    pair: Blend
    mechanism: Blend
    attributes: Mapping[str, Labelled]
    slope: float
    intercept: float
    threshold: float
    trained_on: tuple[str, ...] = ()

    def calibrate(self, raw: Floats) -> Floats:
        return calibrated(raw, self.slope, self.intercept)

    def to_bytes(self) -> bytes:
        """An .npz of arrays and one JSON text; the same model gives the same bytes."""
        arrays = {**self.pair.arrays("pair"), **self.mechanism.arrays("mechanism")}
        for name, labelled in self.attributes.items():
            for label, blend in zip(labelled.labels, labelled.blends, strict=True):
                arrays |= blend.arrays(f"{name}/{label}")
        header = {
            "slope": self.slope,
            "intercept": self.intercept,
            "threshold": self.threshold,
            "trained_on": self.trained_on,
            "attributes": {name: labelled.labels for name, labelled in self.attributes.items()},
            "features": _feature_names(),
        }
        compact = {key: _compact(value) for key, value in arrays.items()}
        stream = BytesIO()
        np.savez_compressed(stream, header=np.asarray(json.dumps(header)), **compact)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "TripleModel":
        """Raises StoreError where the weights were trained for other features than this version computes."""
        with np.load(BytesIO(data), allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        header = json.loads(str(arrays["header"]))
        if header["features"] != _feature_names():
            raise StoreError(
                "The weights of the triple model were trained for other features than this version computes. "
                "Train them again with: python -m litmine.training.triples"
            )
        return cls(
            pair=Blend.from_arrays(arrays, "pair"),
            mechanism=Blend.from_arrays(arrays, "mechanism"),
            attributes={
                name: Labelled(tuple(labels), tuple(Blend.from_arrays(arrays, f"{name}/{label}") for label in labels))
                for name, labels in header["attributes"].items()
            },
            slope=header["slope"],
            intercept=header["intercept"],
            threshold=header["threshold"],
            trained_on=tuple(header["trained_on"]),
        )


@dataclass(frozen=True)
class Scored:
    """A candidate with its calibrated probability; `features` are those of pair and mechanism together."""

    pair: Pair
    mechanism: Mechanism
    score: float
    pair_score: float
    pair_features: npt.NDArray[np.float32]


@dataclass(frozen=True)
class ScoredPairs:
    """Every pair of a document with its features and its probability."""

    pairs: list[Pair]
    features: npt.NDArray[np.float32]
    probabilities: Floats

    def likely(self) -> list[int]:
        return [i for i, probability in enumerate(self.probabilities) if probability >= UNLIKELY]


def score_pairs(passages: Passages, model: TripleModel) -> ScoredPairs:
    """Every pair of the document, in the order of `iter_pairs`."""
    pairs = list(iter_pairs(passages))
    features = PairFeatures(passages).rows(pairs)
    return ScoredPairs(pairs, features, model.pair.probability(features))


def score_candidates(passages: Passages, model: TripleModel, scored: ScoredPairs | None = None) -> list[Scored]:
    """Every candidate of the document whose pair is not unlikely, in the order of `iter_pairs`."""
    scored = scored or score_pairs(passages, model)
    likely = scored.likely()
    if not likely:
        return []
    mechanisms = [mechanisms_of(passages, scored.pairs[i]) for i in likely]
    builder = MechanismFeatures(passages)
    rows = [join(scored.features[i], builder.rows(scored.pairs[i], m)) for i, m in zip(likely, mechanisms, strict=True)]
    shares = mechanism_shares(model.mechanism.probability(np.vstack(rows)), [len(m) for m in mechanisms])
    found: list[Scored] = []
    for i, members, share in zip(likely, mechanisms, shares, strict=True):
        probability, features = float(scored.probabilities[i]), scored.features[i]
        for mechanism, score in zip(members, model.calibrate(probability * share), strict=True):
            found.append(Scored(scored.pairs[i], mechanism, float(score), probability, features))
    return found


def join(pair: npt.NDArray[np.float32], mechanisms: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The rows that the mechanism model sees: the pair's features before those of each of its mechanisms."""
    return np.hstack([np.repeat(pair[None, :], len(mechanisms), axis=0), mechanisms])


def mechanism_shares(probabilities: Floats, sizes: Sequence[int]) -> list[Floats]:
    """Probabilities cut into one array per pair, in each divided by its sum."""
    parts = np.split(probabilities, np.cumsum(sizes)[:-1])
    return [part / max(float(part.sum()), SMALLEST_TOTAL) for part in parts]


def calibrated(raw: Floats, slope: float, intercept: float) -> Floats:
    """Platt scaling (Platt 1999) on log odds."""
    clipped = np.clip(raw, 1e-6, 1 - 1e-6)
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * np.log(clipped / (1 - clipped)) + intercept))))


@cache
def shipped_model() -> TripleModel:
    """The weights that litmine carries."""
    return TripleModel.from_bytes(files("litmine.relations").joinpath("triples.npz").read_bytes())


def chosen_model(settings: RelationSettings) -> TripleModel:
    """The weights that the settings name, or those that litmine carries."""
    return shipped_model() if settings.weights is None else read_model(settings.weights)


def read_model(path: Path) -> TripleModel:
    """Weights that training wrote; raises StoreError where the file is missing, is none, or is of another version."""
    try:
        return TripleModel.from_bytes(path.read_bytes())
    except FileNotFoundError:
        raise StoreError(f"There are no weights at {path}.") from None
    except (ValueError, KeyError, BadZipFile):
        raise StoreError(f"{path} does not hold weights of litmine's triple model.") from None


def _feature_names() -> dict[str, list[str]]:
    return {
        "pair": list(PAIR_FEATURES),
        "mechanism": list(MECHANISM_FEATURES),
        "attributes": list(ATTRIBUTE_FEATURES),
    }


def _compact(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Integers in the smallest type that holds them; floats stay as they are, for thresholds must be exact."""
    if np.issubdtype(values.dtype, np.integer) and values.size:
        return values.astype(np.min_scalar_type(int(min(values.min(), -1))) if values.max() < 128 else np.int32)
    return values
