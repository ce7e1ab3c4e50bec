"""What the scorer sees of a mechanism that a pair may work by; names are masked as in `features`.

Owns the features' names and order; learns nothing.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from litmine.records import UNSPECIFIED
from litmine.relations.candidates import Mechanism, Pair, Source
from litmine.relations.features import FAR, LINK_CUES, share
from litmine.relations.knowledge import classes_of_gene, is_target, mechanism_groups
from litmine.relations.passages import Passages, Spot, token_gap

_GROUPS = ("target", "signaling", "fate", "plasticity", "microenvironment", "metabolism", "immunity", "pharmacology")

MECHANISM_FEATURES: tuple[str, ...] = (
    "unspecified",
    *(f"mechanism source: {s.value}" for s in (Source.SENTENCE, Source.NEIGHBOUR, Source.KNOWLEDGE, Source.HEADING)),
    "mechanism sentence distance",
    "tokens gene to mechanism",
    "tokens drug to mechanism",
    "mechanism before gene",
    "mechanism before drug",
    "mechanism between",
    "gene-mechanism path length",
    "gene-mechanism verbs on path",
    "drug-mechanism path length",
    "gene inside this mechanism",
    "other gene inside this mechanism",
    "pair's drug names this mechanism's drug",
    "mechanism rank by nearness to gene",
    "mentions of class in sentence",
    "mentions of class within reach",
    "share of class in paragraph",
    "share of class in document",
    "classes in sentence",
    "classes within reach",
    "known for gene",
    "gene known for nothing",
    "known classes of gene",
    "gene known for another class here",
    "known for a gene inside a mechanism here",
    "class in heading",
    "class in outer headings",
    "sentences with gene and class",
    "share of gene's sentences with class",
    "sentences with drug and class",
    "gene nearest to mechanism",
    "genes nearer to mechanism",
    "class after resistance cue",
    *(f"group: {group}" for group in _GROUPS),
    "target group and gene is target",
    *(f"mechanism's governors: {cue}" for cue in LINK_CUES),
    *(f"gene to mechanism: {cue}" for cue in LINK_CUES),
)


class MechanismFeatures:
    """Features of the mechanisms of one document's pairs."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def rows(self, pair: Pair, mechanisms: Sequence[Mechanism]) -> npt.NDArray[np.float32]:
        """One row per mechanism of the pair, one column per name of `MECHANISM_FEATURES`."""
        rows = [self._mechanism(pair, mechanism, mechanisms) for mechanism in mechanisms]
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(MECHANISM_FEATURES))

    def _mechanism(self, pair: Pair, mechanism: Mechanism, rivals: Sequence[Mechanism]) -> list[float]:
        passages, spot, gene, drug = self._passages, mechanism.spot, pair.gene_spot, pair.drug_spot
        name = mechanism.mechanism
        known = classes_of_gene(pair.gene)
        here = passages.mechanisms.get(pair.anchor, ())
        reach = [s for _, i in passages.neighbours(pair.anchor, 2) for s in passages.mechanisms.get(i, ())]
        block = passages.sentences[pair.anchor].block
        headings = passages.heading_chain(pair.anchor)
        genes = passages.genes.get(spot.sentence, ()) if spot is not None else ()
        gene_gap = _gap_or_far(gene, spot)
        drug_gap = _gap_or_far(drug, spot)
        nearer = {g.concept for g in genes if spot and g.concept != pair.gene and token_gap(g, spot) < gene_gap}
        inside = {g.concept for g in genes if spot is not None and spot.start <= g.start and g.end <= spot.end}
        gene_path = self._path_of(gene, spot)
        drug_path = self._path_of(drug, spot)
        tokens = passages.sentences[gene.sentence].tokens
        group = mechanism_groups().get(name, "")
        target = is_target(pair.drug, pair.gene)
        low_high = sorted((gene.start, drug.start)) if drug is not None and drug.sentence == gene.sentence else None
        return [
            name == UNSPECIFIED,
            *(mechanism.source is s for s in (Source.SENTENCE, Source.NEIGHBOUR, Source.KNOWLEDGE, Source.HEADING)),
            mechanism.distance,
            gene_gap,
            drug_gap,
            spot is not None and spot.start < gene.start,
            spot is not None and drug is not None and spot.start < drug.start,
            spot is not None and low_high is not None and low_high[0] < spot.start < low_high[1],
            min(len(gene_path), 20) if gene_path else 20,
            sum(tokens[i].pos == "VERB" for i in gene_path),
            min(len(drug_path), 20) if drug_path else 20,
            pair.gene in inside,
            bool(inside - {pair.gene}),
            spot is not None and drug is not None and spot.start <= drug.start and drug.end <= spot.end,
            sum(r.mechanism != name and r.spot is not None and _gap_or_far(gene, r.spot) < gene_gap for r in rivals),
            sum(s.concept == name for s in here),
            sum(s.concept == name for s in reach),
            share(passages.block_mechanisms[block], name),
            share(passages.mechanism_counts, name),
            len({s.concept for s in here}),
            len({s.concept for s in reach} | {s.concept for s in here}),
            name in known,
            not known,
            len(known),
            any(s.concept in known for s in here if s.concept != name),
            name in passages.named_classes(pair.anchor),
            any(s.concept == name for h in headings[:1] for s in passages.mechanisms.get(h, ())),
            any(s.concept == name for h in headings[1:] for s in passages.mechanisms.get(h, ())),
            min(passages.gene_mechanism_sentences[pair.gene, name], 10),
            passages.gene_mechanism_sentences[pair.gene, name] / max(1, passages.gene_counts[pair.gene]),
            min(passages.drug_mechanism_sentences[pair.drug, name], 10),
            spot is not None and not nearer,
            len(nearer),
            spot is not None and self._follows(spot, "resist"),
            *(group == g for g in _GROUPS),
            group == "target" and target,
            *self._cue_row(passages.governing_cues(spot) if spot is not None else ()),
            *self._cue_row(self._inner(gene, spot)),
        ]

    def _path_of(self, left: Spot | None, right: Spot | None) -> tuple[int, ...]:
        if left is None or right is None or left.sentence != right.sentence:
            return ()
        return self._passages.path(left.sentence, left.head, right.head)

    def _inner(self, left: Spot, right: Spot | None) -> set[str]:
        if right is None or left.sentence != right.sentence:
            return set()
        low, high = min(left.last, right.last), max(left.first, right.first)
        return set().union(*self._passages.cues(left.sentence)[low + 1 : high])

    def _follows(self, spot: Spot, cue: str) -> bool:
        return any(cue in cues for cues in self._passages.cues(spot.sentence)[: spot.first])

    @staticmethod
    def _cue_row(found: Iterable[str]) -> list[float]:
        present = set(found)
        return [float(cue in present) for cue in LINK_CUES]


def _gap_or_far(left: Spot | None, right: Spot | None) -> int:
    if left is None or right is None or left.sentence != right.sentence:
        return FAR
    return min(token_gap(left, right), FAR)
