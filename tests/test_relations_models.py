"""The NumPy evaluators give what scikit-learn gives, and weights survive storage."""

import dataclasses
import json
from io import BytesIO

import numpy as np
import pytest

from litmine.errors import StoreError
from litmine.relations.models import LEAF, Blend, Linear, Trees
from litmine.relations.scoring import TripleModel, calibrated, mechanism_shares, shipped_model


def random_problem(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    features = np.round(random.normal(size=(400, 7)), 1)
    labels = (features[:, 0] * features[:, 1] + random.normal(size=400) > 0).astype(float)
    return features, labels


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_blend_is_the_mean_of_scikit_learns_probabilities(seed: int) -> None:
    pytest.importorskip("sklearn")
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    from litmine.training.triples_learning import export_trees

    features, labels = random_problem(seed)
    trees = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, random_state=seed).fit(features, labels)
    linear = LogisticRegression(C=0.1).fit(features, labels)
    means = features.mean(axis=0)
    centred = Linear(linear.coef_[0], means, float(linear.intercept_[0] + linear.coef_[0] @ means))
    unseen = np.random.default_rng(seed + 10).normal(size=(3_000, 7))
    expected = (trees.predict_proba(unseen)[:, 1] + linear.predict_proba(unseen)[:, 1]) / 2
    assert np.allclose(Blend(centred, export_trees(trees)).probability(unseen), expected, rtol=0, atol=1e-12)


def stump() -> Trees:
    """One tree: the first feature up to 0.5 lowers the log odds by 1, above it raises them by 2."""
    return Trees(
        feature=np.array([0, LEAF, LEAF], dtype=np.int32),
        threshold=np.array([0.5, 0.0, 0.0]),
        left=np.array([1, 0, 0], dtype=np.int32),
        right=np.array([2, 0, 0], dtype=np.int32),
        value=np.array([0.0, -1.0, 2.0]),
        roots=np.array([0], dtype=np.int32),
        baseline=0.0,
    )


def test_trees_go_left_at_the_threshold_itself() -> None:
    found = stump().probability(np.array([[0.5], [0.51]]))
    assert np.allclose(np.log(found / (1 - found)), [-1.0, 2.0])


def test_no_rows_give_no_probabilities() -> None:
    assert stump().probability(np.zeros((0, 1))).shape == (0,)


def test_contributions_add_up_to_the_log_odds() -> None:
    linear = Linear(np.array([2.0, -1.0]), np.array([0.5, 0.0]), intercept=0.25)
    row = np.array([[1.5, 3.0]])
    probability = linear.probability(row)
    assert np.allclose(linear.contributions(row).sum() + 0.25, np.log(probability / (1 - probability)))


def test_stored_weights_are_the_same_weights() -> None:
    model = shipped_model()
    data = model.to_bytes()
    again = TripleModel.from_bytes(data)
    assert again.to_bytes() == data
    assert (again.threshold, again.slope, again.intercept) == (model.threshold, model.slope, model.intercept)
    features = np.random.default_rng(0).integers(0, 3, size=(20, len(model.pair.linear.means)))
    assert np.array_equal(again.pair.probability(features), model.pair.probability(features))


def test_shipped_weights_are_usable_and_small() -> None:
    model = shipped_model()
    assert 0 < model.threshold < 1
    assert model.slope > 0
    assert set(model.attributes) == {"role", "state", "polarity", "certainty"}
    assert len(model.to_bytes()) < 400_000


def test_weights_for_other_features_are_refused() -> None:
    with np.load(BytesIO(shipped_model().to_bytes()), allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    header = json.loads(str(arrays["header"]))
    header["features"]["pair"].append("a feature of another version")
    stream = BytesIO()
    np.savez_compressed(stream, **{**arrays, "header": np.asarray(json.dumps(header))})
    with pytest.raises(StoreError, match="Train them again"):
        TripleModel.from_bytes(stream.getvalue())


def test_calibration_keeps_the_order_of_scores() -> None:
    raw = np.linspace(0, 1, 50)
    assert np.all(np.diff(calibrated(raw, 0.8, -0.3)[1:-1]) > 0)
    assert np.allclose(calibrated(raw, 1.0, 0.0)[1:-1], raw[1:-1])


def test_mechanism_shares_of_a_pair_sum_to_one_unless_all_are_unlikely() -> None:
    sure, unsure = mechanism_shares(np.array([0.6, 0.2, 0.02]), [2, 1])
    assert np.allclose(sure, [0.75, 0.25])
    assert unsure[0] < 0.1


def test_model_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        shipped_model().threshold = 0.0  # type: ignore[misc]
