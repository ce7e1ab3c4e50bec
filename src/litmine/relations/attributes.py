"""Role, state, polarity, certainty and level of a claim.

Owns the features of the four learned attributes and the cues of the level of evidence. The turning-round rule of the
guidelines (blocking the gene restores response: resistance, up) holds by itself where the sentence is plain, and is a
feature elsewhere.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from litmine.records import UNSPECIFIED, Kind, Level, Role, State
from litmine.relations.candidates import Mechanism, Pair, Source
from litmine.relations.knowledge import is_noncoding_rna, is_target, mechanism_groups
from litmine.relations.passages import Passages, Spot, ancestors
from litmine.relations.response import STATE_WORDS, Response, agency_of, is_handled, response_of, states_of

_CONTEXT_CUES = (
    "restore",
    "combine",
    "inhibit",
    "activate",
    "raise",
    "lower",
    "alter",
    "bind",
    "treat",
    "predict",
    "outcome",
)
_GROUPS = ("target", "signaling", "fate", "immunity", "regulation")
_SIDES = ("less", "more")
_WAYS_OF_ESCAPE = frozenset(
    {"target_loss", "target_variant", "target_masking", "target_stability", "bypass_receptor", "stemness", "emt",
     "lineage_change", "stroma_matrix", "drug_efflux", "drug_metabolism", "immune_suppression"}
)  # fmt: skip
"""Classes of which reviews speak as what a tumour does against a drug."""
_WAYS_OF_ACTING = frozenset(
    {"target_binding", "receptor_dimerization", "adcc", "adcp", "complement", "apoptosis", "cell_cycle"}
)
"""Classes of which they speak as what a drug does to a tumour."""
_STRONG_DENIALS = frozenset({"not", "no", "n't", "neither", "nor", "never", "fail", "unable", "cannot", "without"})
_MODALS = frozenset({"may", "might", "could", "can", "would", "should"})
_STRONG_DOUBTS = frozenset(
    {"may", "might", "could", "possibly", "suggest", "propose", "likely", "potentially", "hypothesize"}
)
_ACTION_WORDS = frozenset({"action", "effect", "activity", "function", "mode"})
_NEAR = 2
"""Words between a drug's name and the word that says what cells are to it."""
_MODEL_ORDER = (("clinic", Level.CLINICAL), ("animal", Level.IN_VIVO), ("culture", Level.IN_VITRO))

RESPONSE_FEATURES: tuple[str, ...] = tuple(
    f"{where} {side}"
    for where in ("evidence", "anchor", "neighbours", "headings", "outer headings or title", "nearest to gene is",
                  "nearest to drug is", "balance:", "experiment and", "absence and", "presence and", "outlived:",
                  "outlived, anchor:", "outlived, around:", "cells of the evidence are called",
                  "cells are called, to the drug,")
    for side in _SIDES
)  # fmt: skip
"""Come in pairs that change places when resistance and sensitivity do; training mirrors its examples by them."""

ATTRIBUTE_FEATURES: tuple[str, ...] = (
    *RESPONSE_FEATURES,
    "response balanced",
    "vague words of response",
    *(f"gene: {name}" for name in STATE_WORDS),
    "gene: no state word",
    *(f"mechanism: {name}" for name in STATE_WORDS),
    "drug acts on gene",
    "gene acts",
    "drug lowers gene",
    "drug raises gene",
    "words between lower gene",
    "words between raise gene",
    "gene is target",
    "gene is noncoding RNA",
    "drug in sentence",
    "drug before gene",
    "gene from sentence before",
    "heading speaks of action",
    "sentence is a heading",
    "several sentences",
    "unspecified",
    "target variant",
    "target loss",
    "way of escape",
    "way of acting",
    *(f"group: {group}" for group in _GROUPS),
    *(f"sentence: {cue}" for cue in _CONTEXT_CUES),
    "denials in sentence",
    "denial above gene",
    "denial above drug",
    "denial above mechanism",
    "denial between",
    "denied directly",
    "instead of gene",
    "contrast in sentence",
    "doubts in sentence",
    "doubts in other evidence",
    "strong doubt in sentence",
    "doubt above gene",
    "doubt above drug",
    "doubt above mechanism",
    "doubt before gene",
    "modal on main verb",
    "doubt opens sentence",
)


class AttributeReader:
    """Features of the attributes of one document's claims; what is said of a sentence is read once."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._responses: dict[int, Response] = {}

    def features(self, pair: Pair, mechanism: Mechanism, evidence: Sequence[int]) -> npt.NDArray[np.float64]:
        """One value per name of `ATTRIBUTE_FEATURES`; `evidence` are the sentences that carry the claim."""
        passages = self._passages
        row = [
            *self._response_features(pair, evidence),
            *self._roles(pair, mechanism, evidence),
            *(float(min(passages.cue_counts(pair.anchor)[cue], 3)) for cue in _CONTEXT_CUES),
            *self._denial(pair, mechanism),
            *self._doubt(pair, mechanism, evidence),
        ]
        return np.asarray(row, dtype=np.float64)

    def turned_round(self, pair: Pair) -> tuple[Role, State] | None:
        """Role and state where the turning-round rule of the guidelines plainly holds, else None.

        An experiment that takes the gene away, in a sentence that speaks of more response, or of less, but not of
        both. What the drug does to its own target is its action.
        """
        response = self._response(pair.anchor)
        if pair.gene_distance or bool(response.less) == bool(response.more):
            return None
        if is_target(pair.drug, pair.gene) or agency_of(self._passages, pair.drug_spot, pair.gene_spot).drug_acts:
            return None
        if not is_handled(self._passages, pair.gene_spot, pair.drug_spot):
            return None
        return (Role.SENSITIVITY if response.less else Role.RESISTANCE), State.UP

    def level(self, anchor: int, evidence: Sequence[int]) -> Level:
        """The kind of study that the evidence, or else the sentences around it, speaks of; review where none does."""
        around = [i for _, i in self._passages.neighbours(anchor, 1)]
        for members in (evidence, around):
            for cue, level in _MODEL_ORDER:
                if any(self._passages.cue_counts(i)[cue] for i in members):
                    return level
        return Level.REVIEW

    def _response(self, sentence: int) -> Response:
        if sentence not in self._responses:
            self._responses[sentence] = response_of(self._passages.sentences[sentence])
        return self._responses[sentence]

    def _response_features(self, pair: Pair, evidence: Sequence[int]) -> list[float]:
        passages = self._passages
        chain = passages.heading_chain(pair.anchor)
        groups = (
            evidence,
            (pair.anchor,),
            [i for _, i in passages.neighbours(pair.anchor, 1)],
            chain[:1],
            [*chain[1:], *sorted(passages.title_sentences)],
        )
        counts = [
            (sum(len(self._response(i).less) for i in group), sum(len(self._response(i).more) for i in group))
            for group in groups
        ]
        counts[-1] = (min(counts[-1][0], 1), min(counts[-1][1], 1))
        here = self._response(pair.gene_spot.sentence)
        near_gene = here.nearest(pair.gene_spot.head)
        drug = pair.drug_spot
        near_drug = self._response(drug.sentence).nearest(drug.head) if drug is not None else 0
        less, more = counts[0]
        balance = (less > more) - (less < more)
        states = states_of(passages, pair.gene_spot, drug)
        agency = agency_of(passages, drug, pair.gene_spot)
        experiment = "experiment" in states and not agency.drug_acts
        absence = "absence" in states and not experiment
        presence = "presence" in states and not experiment and not absence
        paired = [
            *counts,
            *((sign > 0, sign < 0) for sign in (near_gene, near_drug, balance)),
            *((state and balance > 0, state and balance < 0) for state in (experiment, absence, presence)),
            *(self._outlived(group) for group in groups[:3]),
            self._models(evidence),
            self._models_of(pair.drug_spot),
        ]
        return [
            *(float(value) for pair_of_values in paired for value in pair_of_values),
            balance == 0,
            sum(self._response(i).vague for i in evidence),
        ]

    def _models(self, sentences: Sequence[int]) -> tuple[bool, bool]:
        """Whether the sentences speak of resistant cells, and of sensitive ones."""
        found = [self._response(i) for i in sentences]
        return any(r.resistant_models for r in found), any(r.sensitive_models for r in found)

    def _models_of(self, drug: Spot | None) -> tuple[bool, bool]:
        """Whether the drug's name stands right before or behind such a word: "X-resistant", "resistant to X"."""
        if drug is None:
            return False, False
        here = self._response(drug.sentence)
        near = range(drug.first - _NEAR, drug.last + _NEAR + 1)
        return any(i in near for i in here.resistant_models), any(i in near for i in here.sensitive_models)

    def _outlived(self, sentences: Sequence[int]) -> tuple[int, int]:
        """Words of outliving a treatment, and of dying of it."""
        found = [self._response(i) for i in sentences]
        return min(sum(r.escapes for r in found), 2), min(sum(r.kills for r in found), 2)

    def _roles(self, pair: Pair, mechanism: Mechanism, evidence: Sequence[int]) -> list[float]:
        passages, gene, drug = self._passages, pair.gene_spot, pair.drug_spot
        gene_states = states_of(passages, gene, drug)
        states = states_of(passages, mechanism.spot) if mechanism.spot is not None else frozenset()
        agency = agency_of(passages, drug, gene)
        together = drug is not None and drug.sentence == gene.sentence
        headings = passages.heading_chain(pair.anchor)
        group = mechanism_groups().get(mechanism.mechanism)
        return [
            *(name in gene_states for name in STATE_WORDS),
            not gene_states,
            *(name in states for name in STATE_WORDS),
            agency.drug_acts,
            agency.gene_acts,
            agency.drug_acts and agency.effect < 0,
            agency.drug_acts and agency.effect > 0,
            agency.effect < 0,
            agency.effect > 0,
            is_target(pair.drug, pair.gene),
            is_noncoding_rna(pair.gene),
            pair.drug_source is Source.SENTENCE,
            together and drug is not None and drug.start < gene.start,
            pair.gene_distance != 0,
            any(t.lemma in _ACTION_WORDS for h in headings for t in passages.sentences[h].tokens),
            passages.sentences[pair.anchor].kind is Kind.HEADING,
            len(evidence) > 1,
            mechanism.mechanism == UNSPECIFIED,
            mechanism.mechanism == "target_variant",
            mechanism.mechanism == "target_loss",
            mechanism.mechanism in _WAYS_OF_ESCAPE,
            mechanism.mechanism in _WAYS_OF_ACTING,
            *(group == name for name in _GROUPS),
        ]

    def _denial(self, pair: Pair, mechanism: Mechanism) -> list[float]:
        passages, gene, drug = self._passages, pair.gene_spot, pair.drug_spot
        lemmas = [t.lemma for t in passages.sentences[gene.sentence].tokens]
        between: list[str] = []
        if drug is not None and drug.sentence == gene.sentence:
            between = lemmas[min(drug.last, gene.last) + 1 : max(drug.first, gene.first)]
        before = lemmas[max(0, gene.first - 2) : gene.first]
        return [
            sum(word in _STRONG_DENIALS for word in lemmas),
            self._above(gene, _STRONG_DENIALS),
            self._above(drug, _STRONG_DENIALS),
            self._above(mechanism.spot, _STRONG_DENIALS),
            any(word in _STRONG_DENIALS for word in between),
            any(word in {"not", "no", "nor"} for word in before),
            "rather" in before or "instead" in before,
            any(word in {"but", "however", "although", "whereas", "while"} for word in lemmas),
        ]

    def _doubt(self, pair: Pair, mechanism: Mechanism, evidence: Sequence[int]) -> list[float]:
        passages, gene = self._passages, pair.gene_spot
        sentence = passages.sentences[pair.anchor]
        doubts = [i for i, cues in enumerate(passages.cues(pair.anchor)) if "doubt" in cues]
        words = frozenset(sentence.tokens[i].lemma for i in doubts)
        root = next((i for i, t in enumerate(sentence.tokens) if t.dep == "ROOT"), 0)
        return [
            len(doubts),
            sum(passages.cue_counts(i)["doubt"] for i in evidence if i != pair.anchor),
            not words.isdisjoint(_STRONG_DOUBTS),
            self._above(gene, words),
            self._above(pair.drug_spot, words),
            self._above(mechanism.spot, words),
            gene.sentence == pair.anchor and any(i < gene.first for i in doubts),
            any(t.head == root and t.lemma in _MODALS for t in sentence.tokens),
            any(i < 4 for i in doubts),
        ]

    def _above(self, spot: Spot | None, words: frozenset[str]) -> bool:
        """Whether one of the words stands above a mention in the parse, or hangs on a word that does."""
        if spot is None or not words:
            return False
        sentence = self._passages.sentences[spot.sentence]
        chain = set(ancestors(sentence, spot.head))
        return any(
            token.lemma in words
            and (i in chain or (token.head in chain and token.dep in {"neg", "aux", "advmod", "det", "acomp"}))
            for i, token in enumerate(sentence.tokens)
        )
