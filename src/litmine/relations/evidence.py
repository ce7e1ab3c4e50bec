"""Which sentences carry a claim, which citations belong to it, and why it was made, in words.

Owns no scores; reads the candidate and the text.
"""

from collections.abc import Sequence

import numpy as np

from litmine.records import UNSPECIFIED, Callout
from litmine.relations.candidates import Source
from litmine.relations.features import PAIR_FEATURES
from litmine.relations.models import Linear
from litmine.relations.passages import Passages, Spot, ancestors
from litmine.relations.scoring import Scored

DRUG_DISTANCES = frozenset({-1, 1, 2})
MECHANISM_DISTANCES = frozenset({1})
"""Sentence distances at which annotators count the sentence that names the drug, or the mechanism, as evidence."""
REASONS = 3


def evidence_of(scored: Scored) -> tuple[int, ...]:
    """The sentence of the gene, and near it the ones that name drug and mechanism where it names none."""
    pair, mechanism = scored.pair, scored.mechanism
    found = {pair.anchor}
    if pair.drug_spot is not None and pair.drug_distance in DRUG_DISTANCES:
        found.add(pair.drug_spot.sentence)
    if mechanism.spot is not None and mechanism.distance in MECHANISM_DISTANCES:
        found.add(mechanism.spot.sentence)
    return tuple(sorted(found))


def references_of(passages: Passages, scored: Scored, evidence: Sequence[int]) -> tuple[int, ...]:
    """Citation numbers of the evidence that belong to the claim, ascending.

    Where a sentence cites several times, each finding is followed by its own citation: the first one after the gene
    counts (in other sentences than the gene's, after drug or mechanism), or the last of the sentence.
    """
    spots = (scored.pair.gene_spot, scored.mechanism.spot, scored.pair.drug_spot)
    numbers: set[int] = set()
    for index in evidence:
        callouts = callouts_in(passages, index)
        if len(callouts) > 1:
            spot = next((s for s in spots if s is not None and s.sentence == index), None)
            callouts = [_callout_of(callouts, spot)] if spot is not None else callouts
        numbers.update(n for callout in callouts for n in callout.numbers)
    return tuple(sorted(numbers))


def callouts_in(passages: Passages, index: int) -> list[Callout]:
    sentence = passages.sentences[index]
    return [c for c in passages.document.callouts if sentence.start <= c.start < sentence.end]


def explanation_of(passages: Passages, scored: Scored, linear: Linear) -> str:
    """One line: where each part was taken from, the words that link them, and what moved the score most."""
    pair, mechanism = scored.pair, scored.mechanism
    parts = [
        f"drug from the {pair.drug_source.value}{_distance(pair.drug_distance)}",
        f"gene from the sentence{_distance(pair.gene_distance)}",
    ]
    if mechanism.mechanism == UNSPECIFIED:
        parts.append("no mechanism named")
    elif mechanism.spot is None:
        parts.append(f"mechanism from {_article(mechanism.source)}{mechanism.source.value}")
    else:
        quoted = passages.document.text[mechanism.spot.start : mechanism.spot.end]
        parts.append(f"mechanism named “{quoted}”{_distance(mechanism.distance)}")
    words = trigger_words(passages, pair.drug_spot, pair.gene_spot)
    if words:
        parts.append(f"linked by “{' … '.join(words)}”")
    parts.append(f"score {scored.score:.2f}: {_reasons(scored, linear)}")
    return "; ".join(parts)


def trigger_words(passages: Passages, drug: Spot | None, gene: Spot) -> list[str]:
    """Verbs and words of change between drug and gene in the parse, in text order, or those above the gene."""
    sentence = passages.sentences[gene.sentence]
    if drug is not None and drug.sentence == gene.sentence:
        path = set(passages.path(gene.sentence, gene.head, drug.head))
    else:
        path = set(ancestors(sentence, gene.head)[1:])
    cues = passages.cues(gene.sentence)
    covered = {i for spot in (drug, gene) if spot is not None for i in range(spot.first, spot.last + 1)}
    chosen = [
        token
        for i, token in enumerate(sentence.tokens)
        if i in path - covered and (token.pos == "VERB" or (token.pos == "NOUN" and cues[i]))
    ]
    return [passages.document.text[token.start : token.end] for token in chosen]


def _callout_of(callouts: Sequence[Callout], spot: Spot) -> Callout:
    return next((c for c in callouts if c.start >= spot.end), callouts[-1])


def _distance(distance: int) -> str:
    if not distance:
        return ""
    return f" ({abs(distance)} {'before' if distance < 0 else 'after'})"


def _article(source: Source) -> str:
    return "" if source is Source.KNOWLEDGE else "the "


def _reasons(scored: Scored, linear: Linear) -> str:
    contributions = linear.contributions(scored.pair_features.astype(np.float64))
    order = np.argsort(-np.abs(contributions), kind="stable")[:REASONS]
    return ", ".join(f"{PAIR_FEATURES[i]} {contributions[i]:+.1f}" for i in order)
