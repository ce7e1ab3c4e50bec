"""Candidates: every (drug, gene, mechanism) that a passage might claim, before anything is scored.

A candidate is anchored in one sentence, the one that names the gene (or takes it from a sentence before). Owns where
drug, gene and mechanism may be taken from; whether the passage claims the triple is for the scorer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from litmine.records import UNSPECIFIED, Kind
from litmine.relations.knowledge import classes_of_gene
from litmine.relations.passages import Passages, Spot, token_gap

DRUG_REACH = 3
MECHANISM_REACH = 2
GENE_REACH = 2
"""How many sentences of the paragraph away a drug, a mechanism, or the gene of an anaphora may stand."""
TOKEN_REACH = 60
"""How many tokens from the gene, in its own sentence, a drug or a mechanism may stand: a longer run of words without a
full stop is a flattened table, where only the row tells what belongs together."""
MAX_DRUGS = 30
MAX_DRUGS_AROUND = 10
"""Drugs tried for one gene at one anchor, nearest first: from its own sentence, and altogether before those of other
sentences stop to be added."""


class Source(StrEnum):
    """Where a part of a candidate was taken from."""

    SENTENCE = "sentence"
    NEIGHBOUR = "neighbouring sentence"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TITLE = "title"
    TOPIC = "topic of the document"
    KNOWLEDGE = "what is known of the gene"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Pair:
    """A drug and a gene at the sentence `anchor`. Distances are in sentences, negative for earlier ones.

    `drug_spot` is the nearest mention within reach, None where the drug is taken from further away; `gene_spot` lies
    in the anchor unless the gene is taken from a sentence before.
    """

    drug: str
    gene: str
    anchor: int
    drug_source: Source
    drug_distance: int
    drug_spot: Spot | None
    gene_distance: int
    gene_spot: Spot


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A mechanism that a pair may work by; `spot` is its nearest mention, None where none is within reach."""

    mechanism: str
    source: Source
    distance: int
    spot: Spot | None


def iter_pairs(passages: Passages) -> Iterator[Pair]:
    """Every pair of every anchor, in reading order of anchors and genes."""
    for members in passages.blocks.values():
        for anchor in members:
            for gene_distance, gene_spot in _genes(passages, anchor):
                for source, distance, drug, spot in _drugs(passages, anchor, gene_spot):
                    yield Pair(drug, gene_spot.concept, anchor, source, distance, spot, gene_distance, gene_spot)


def mechanisms_of(passages: Passages, pair: Pair) -> list[Mechanism]:
    """Every mechanism class within reach of a pair, each once and from its nearest source; "unspecified" is last."""
    anchor = pair.anchor
    found: dict[str, Mechanism] = {}
    for spot in sorted(passages.mechanisms.get(anchor, ()), key=lambda s: _gap(s, pair.gene_spot)):
        if _within_reach(spot, pair.gene_spot):
            found.setdefault(spot.concept, Mechanism(spot.concept, Source.SENTENCE, 0, spot))
    for distance, other in passages.neighbours(anchor, MECHANISM_REACH):
        for spot in passages.mechanisms.get(other, ()):
            found.setdefault(spot.concept, Mechanism(spot.concept, Source.NEIGHBOUR, distance, spot))
    for concept in sorted(classes_of_gene(pair.gene) | passages.named_classes(anchor)):
        found.setdefault(concept, Mechanism(concept, Source.KNOWLEDGE, 0, None))
    for heading in passages.heading_chain(anchor)[:1]:
        for spot in passages.mechanisms.get(heading, ()):
            found.setdefault(spot.concept, Mechanism(spot.concept, Source.HEADING, 0, None))
    found[UNSPECIFIED] = Mechanism(UNSPECIFIED, Source.NONE, 0, None)
    return list(found.values())


def _genes(passages: Passages, anchor: int) -> Iterator[tuple[int, Spot]]:
    """(distance, mention) of each gene of the sentence, or, where it names none, of those just before it."""
    own = passages.genes.get(anchor)
    if own:
        seen: set[str] = set()
        for spot in own:
            if spot.concept not in seen:
                seen.add(spot.concept)
                yield 0, spot
        return
    if anchor not in passages.drugs and anchor not in passages.mechanisms:
        return
    if passages.sentences[anchor].kind is Kind.HEADING:
        return
    for distance, other in passages.neighbours(anchor, GENE_REACH):
        if distance < 0 and other in passages.genes:
            inherited: set[str] = set()
            for spot in passages.genes[other]:
                if spot.concept not in inherited:
                    inherited.add(spot.concept)
                    yield distance, spot
            return


def _drugs(passages: Passages, anchor: int, gene: Spot) -> Iterator[tuple[Source, int, str, Spot | None]]:
    """Each drug that the passage may be about, once, from the nearest place that names it."""
    seen: set[str] = set()
    for spot in sorted(passages.drugs.get(anchor, ()), key=lambda s: _gap(s, gene)):
        if spot.concept not in seen and len(seen) < MAX_DRUGS and _within_reach(spot, gene):
            seen.add(spot.concept)
            yield Source.SENTENCE, 0, spot.concept, spot
    for distance, other in passages.neighbours(anchor, DRUG_REACH):
        for spot in passages.drugs.get(other, ()):
            if spot.concept not in seen and len(seen) < MAX_DRUGS_AROUND:
                seen.add(spot.concept)
                yield Source.NEIGHBOUR, distance, spot.concept, spot
    for source, drug in _topics(passages, anchor):
        if drug not in seen:
            seen.add(drug)
            yield source, 0, drug, None


def _topics(passages: Passages, anchor: int) -> Iterator[tuple[Source, str]]:
    """The drugs a passage is about though none of its sentences near the anchor names them, nearest source first."""
    paragraph = passages.paragraph_drug(anchor)
    if paragraph is not None:
        yield Source.PARAGRAPH, paragraph
    for heading in passages.heading_chain(anchor):
        for spot in passages.drugs.get(heading, ()):
            yield Source.HEADING, spot.concept
    for drug in passages.topics:
        yield (Source.TITLE if drug in passages.title_drugs else Source.TOPIC), drug


def _within_reach(spot: Spot, gene: Spot) -> bool:
    return spot.sentence != gene.sentence or token_gap(spot, gene) <= TOKEN_REACH


def _gap(left: Spot, right: Spot) -> int:
    """Tokens between two mentions of one sentence; mentions of different sentences are told apart by offsets."""
    return token_gap(left, right) if left.sentence == right.sentence else abs(left.start - right.start)
