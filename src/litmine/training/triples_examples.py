"""Training examples for the triple model: candidates of annotated documents with what the gold says of them.

Owns labels and weights of examples; learns nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from litmine.records import Analysis, Mention, Triple
from litmine.relations.attributes import RESPONSE_FEATURES, AttributeReader
from litmine.relations.candidates import Pair, iter_pairs, mechanisms_of
from litmine.relations.features import PairFeatures
from litmine.relations.mechanism_features import MechanismFeatures
from litmine.relations.passages import Passages
from litmine.relations.scoring import join
from litmine.training.annotated import AnnotatedDocument

CLAIMED_ELSEWHERE = 0.3
"""Weight of a negative whose drug and gene the document links in other sentences."""

_OPPOSITE = {"resistance": "sensitivity", "sensitivity": "resistance"}

Matrix = npt.NDArray[np.float64]
MakeMentions = Callable[[AnnotatedDocument, Analysis], Sequence[Mention]]


@dataclass(frozen=True)
class Examples:
    """Everything that one reading of one annotated document teaches.

    `pairs` runs parallel to the rows of `pair_features`, `claimed` and `weights`. Mechanisms are those of the claimed
    pairs. `attributes` maps the attribute's name to the gold label of each row of `attribute_features`.
    """

    document: AnnotatedDocument
    passages: Passages
    pairs: tuple[Pair, ...]
    pair_features: Matrix
    claimed: Matrix
    weights: Matrix
    mechanism_features: Matrix
    named: Matrix
    attribute_features: Matrix
    attributes: dict[str, list[str]]


def make_examples(document: AnnotatedDocument, analysis: Analysis, mentions: Sequence[Mention]) -> Examples:
    passages = Passages(document.document, analysis, mentions)
    builder = MechanismFeatures(passages)
    pairs = tuple(iter_pairs(passages))
    gold: dict[tuple[str, str], list[Triple]] = {}
    for triple in document.triples:
        gold.setdefault((triple.drug, triple.gene), []).append(triple)
    here = [[t for t in gold.get((p.drug, p.gene), ()) if p.anchor in t.evidence] for p in pairs]
    features = PairFeatures(passages).rows(pairs)
    claimed = np.array([float(bool(triples)) for triples in here])
    elsewhere = np.array([(p.drug, p.gene) in gold for p in pairs], dtype=bool)
    rows: list[npt.NDArray[np.float32]] = []
    named: list[bool] = []
    reader = AttributeReader(passages)
    attribute_rows: list[Matrix] = []
    attributes: dict[str, list[str]] = {"role": [], "state": [], "polarity": [], "certainty": []}
    for i, (pair, triples) in enumerate(zip(pairs, here, strict=True)):
        if not triples:
            continue
        mechanisms = mechanisms_of(passages, pair)
        rows.append(join(features[i], builder.rows(pair, mechanisms)))
        by_mechanism = {t.mechanism: t for t in reversed(triples)}
        named += [m.mechanism in by_mechanism for m in mechanisms]
        for mechanism in mechanisms:
            claim = by_mechanism.get(mechanism.mechanism)
            if claim is not None:
                attribute_rows.append(reader.features(pair, mechanism, claim.evidence))
                for name, labels in attributes.items():
                    labels.append(str(getattr(claim, name)))
    return Examples(
        document=document,
        passages=passages,
        pairs=pairs,
        pair_features=features.astype(np.float64),
        claimed=claimed,
        weights=np.where(elsewhere & (claimed == 0), CLAIMED_ELSEWHERE, 1.0),
        mechanism_features=np.vstack(rows).astype(np.float64) if rows else np.zeros((0, 0)),
        named=np.array(named, dtype=np.float64),
        attribute_features=np.vstack(attribute_rows) if attribute_rows else np.zeros((0, 0)),
        attributes=attributes,
    )


def mirrored(features: Matrix, labels: Sequence[str]) -> tuple[Matrix, list[str]]:
    """The same examples with resistance and sensitivity changed for each other, in the features and in the labels.

    What tells the role is then learned from both sides, not from which of the two the training documents happen to
    be about.
    """
    turned = features.copy()
    n = len(RESPONSE_FEATURES)
    turned[:, 0:n:2], turned[:, 1:n:2] = features[:, 1:n:2], features[:, 0:n:2]
    return turned, [_OPPOSITE.get(label, label) for label in labels]


def candidate_recall(examples: Examples) -> tuple[float, float]:
    """Shares of the gold's distinct (drug, gene) and (drug, gene, mechanism) that are candidates."""
    found = {
        (pair.drug, pair.gene, m.mechanism) for pair in examples.pairs for m in mechanisms_of(examples.passages, pair)
    }
    gold = {(t.drug, t.gene, t.mechanism) for t in examples.document.triples}
    pairs = {key[:2] for key in gold}
    return len(pairs & {key[:2] for key in found}) / len(pairs), len(gold & found) / len(gold)
