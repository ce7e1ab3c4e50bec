"""What the scorer sees of a drug and a gene at a place: numbers that hold for any drug and any gene.

Names are masked: a feature may tell that the gene is a known target of the drug, never which drug or gene it is.
Owns the features' names and order; learns nothing.
"""

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from litmine.records import Kind
from litmine.relations.candidates import Pair, Source
from litmine.relations.cues import CUES
from litmine.relations.knowledge import (
    classes_of_gene,
    is_drug_class,
    is_noncoding_rna,
    is_target,
)
from litmine.relations.passages import Passages, Spot, token_gap

FAR = 60
"""Distance in tokens that stands for "not in one sentence"; longer ones count as this."""
NEAR = 3
"""Tokens on either side of a mention that describe it."""

_DEPENDENCIES = ("nsubj", "nsubjpass", "dobj", "pobj", "compound", "amod", "nmod", "appos", "conj", "ROOT")
LINK_CUES = (
    "resist",
    "sensitive",
    "inhibit",
    "activate",
    "raise",
    "lower",
    "alter",
    "restore",
    "bind",
    "predict",
    "cause",
    "combine",
    "deny",
    "doubt",
)
_HEADING_CUES = ("resist", "sensitive", "inhibit", "activate", "cause", "pathway", "alter")
_STATE_CUES = ("inhibit", "activate", "raise", "lower", "alter", "express", "disease", "pathway", "resist", "sensitive")
PAIR_FEATURES: tuple[str, ...] = (
    *(f"drug source: {source.value}" for source in Source if source not in {Source.KNOWLEDGE, Source.NONE}),
    "drug sentence distance",
    "drug before gene",
    "tokens between drug and gene",
    "drugs between",
    "genes between",
    "clause marks between",
    "drug rank by nearness",
    "gene rank by nearness",
    "dependency path length",
    "verbs on path",
    "conjunctions on path",
    "clauses crossed on path",
    "path known",
    "drugs in sentence",
    "genes in sentence",
    "mechanisms in sentence",
    "drugs within one sentence",
    "tokens in sentence",
    "gene sentence distance",
    "drug share of document",
    "gene share of document",
    "drug share of paragraph",
    "gene share of paragraph",
    "drug is topic",
    "drug is second topic",
    "drug in title",
    "gene in title",
    "drug in heading",
    "gene in heading",
    "drug in own heading",
    "sentences with both",
    "share of the gene's sentences with the drug",
    "drug is a class",
    "gene is target",
    "gene is target of another drug here",
    "gene is noncoding RNA",
    "gene has known classes",
    "gene known for classes here",
    "gene inside mechanism",
    "gene alone inside mechanism",
    "gene mentions in sentence",
    "gene coordinated",
    "gene first of coordination",
    "first mention of gene in paragraph",
    "position in paragraph",
    "callout in sentence",
    "callout in next sentence",
    "abstract",
    "heading",
    "caption",
    "title",
    "opens with back reference",
    "opens with continuation",
    "drug in sentence before",
    "drug is subject of sentence before",
    "gene in sentence before",
    "other gene in sentence before",
    "drug mentions in sentence",
    *(f"gene is {dep}" for dep in _DEPENDENCIES),
    *(f"drug is {dep}" for dep in _DEPENDENCIES),
    *(f"sentence: {cue}" for cue in CUES),
    *(f"around: {cue}" for cue in LINK_CUES),
    *(f"between: {cue}" for cue in LINK_CUES),
    *(f"path: {cue}" for cue in LINK_CUES),
    *(f"gene's governors: {cue}" for cue in LINK_CUES),
    *(f"before gene: {cue}" for cue in _STATE_CUES),
    *(f"after gene: {cue}" for cue in _STATE_CUES),
    *(f"before drug: {cue}" for cue in _STATE_CUES),
    *(f"after drug: {cue}" for cue in _STATE_CUES),
    *(f"headings: {cue}" for cue in _HEADING_CUES),
)

_BACK_REFERENCES = frozenset(
    {"this", "these", "it", "they", "such", "its", "their", "that", "those", "he", "she", "both"}
)
_CONTINUATION = re.compile(
    r"mechanistically|furthermore|moreover|additionally|consequently|thus|therefore|similarly|importantly|notably|"
    r"subsequently|specifically|likewise|further|turn|addition|also|thereby|hence|accordingly|same|indeed"
)
_CLAUSE_MARKS = frozenset({",", ";", ":", "whereas", "while", "although", "but", "however"})
_CLAUSAL = frozenset({"relcl", "advcl", "ccomp", "acl", "xcomp", "csubj"})


class PairFeatures:
    """Features of the pairs of one document; sentence-wise parts are computed once."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._around: dict[int, list[float]] = {}
        self._pair_parts: dict[tuple[int, str], list[float]] = {}

    @cached_property
    def _callout_sentences(self) -> frozenset[int]:
        callouts = iter(self._passages.document.callouts)
        callout = next(callouts, None)
        found: set[int] = set()
        for sentence in self._passages.sentences:
            while callout is not None and callout.start < sentence.end:
                if callout.start >= sentence.start:
                    found.add(sentence.index)
                callout = next(callouts, None)
        return frozenset(found)

    def rows(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float32]:
        """One row per pair, one column per name of `PAIR_FEATURES`."""
        rows = [self._pair(pair) for pair in pairs]
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(PAIR_FEATURES))

    def _pair(self, pair: Pair) -> list[float]:
        return [
            *(float(pair.drug_source is s) for s in Source if s not in {Source.KNOWLEDGE, Source.NONE}),
            *self._between(pair),
            *self._salience(pair),
            *self._gene_side(pair),
            *self._place(pair.anchor),
            *self._discourse(pair),
            *self._dependency(pair.gene_spot),
            *self._dependency(pair.drug_spot),
            *(min(self._passages.cue_counts(pair.anchor)[cue], 4) for cue in CUES),
            *self._neighbourhood(pair.anchor),
            *self._links(pair),
            *self._flanks(pair.gene_spot),
            *self._flanks(pair.drug_spot),
            *self._headings(pair.anchor),
        ]

    def _between(self, pair: Pair) -> list[float]:
        passages, drug, gene = self._passages, pair.drug_spot, pair.gene_spot
        drugs, genes = passages.drugs.get(pair.anchor, []), passages.genes.get(pair.anchor, [])
        near_drugs = {s.concept for s in drugs}
        for _, other in passages.neighbours(pair.anchor, 1):
            near_drugs.update(s.concept for s in passages.drugs.get(other, ()))
        counts = [
            len({s.concept for s in drugs}),
            len({s.concept for s in genes}),
            len({s.concept for s in passages.mechanisms.get(pair.anchor, ())}),
            len(near_drugs),
            len(passages.sentences[pair.anchor].tokens),
            pair.gene_distance,
        ]
        if drug is None or drug.sentence != gene.sentence:
            before = drug is not None and drug.start < gene.start
            return [pair.drug_distance, before, FAR, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, *counts]
        low, high = min(drug.last, gene.last), max(drug.first, gene.first)
        inner = passages.sentences[gene.sentence].tokens[low + 1 : high]
        gap = token_gap(drug, gene)
        path = passages.path(gene.sentence, gene.head, drug.head)
        tokens = passages.sentences[gene.sentence].tokens
        return [
            0,
            drug.start < gene.start,
            min(gap, FAR),
            sum(low < s.first and s.last < high for s in drugs),
            sum(low < s.first and s.last < high for s in genes),
            sum(token.lemma in _CLAUSE_MARKS for token in inner),
            len({s.concept for s in drugs if s.concept != drug.concept and token_gap(s, gene) < gap}),
            len({s.concept for s in genes if s.concept != gene.concept and token_gap(s, drug) < gap}),
            min(len(path), 20) if path else 20,
            sum(tokens[i].pos in {"VERB", "AUX"} for i in path),
            sum(tokens[i].dep == "conj" for i in path),
            sum(tokens[i].dep in _CLAUSAL for i in path),
            bool(path),
            *counts,
        ]

    def _salience(self, pair: Pair) -> list[float]:
        passages = self._passages
        block = passages.sentences[pair.anchor].block
        block_drugs, block_genes = passages.block_drugs[block], passages.block_genes[block]
        topics = passages.topics
        headings = passages.heading_chain(pair.anchor)
        heading_drugs = {s.concept for h in headings for s in passages.drugs.get(h, ())}
        heading_genes = {s.concept for h in headings for s in passages.genes.get(h, ())}
        own_drugs = {s.concept for h in headings[:1] for s in passages.drugs.get(h, ())}
        together = passages.drug_gene_sentences[pair.drug, pair.gene]
        return [
            share(passages.drug_counts, pair.drug),
            share(passages.gene_counts, pair.gene),
            share(block_drugs, pair.drug),
            share(block_genes, pair.gene),
            bool(topics) and topics[0] == pair.drug,
            pair.drug in topics[1:],
            pair.drug in passages.title_drugs,
            pair.gene in passages.title_genes,
            pair.drug in heading_drugs,
            pair.gene in heading_genes,
            pair.drug in own_drugs,
            min(together, 20),
            together / max(1, passages.gene_counts[pair.gene]),
            is_drug_class(pair.drug),
            is_target(pair.drug, pair.gene),
            any(is_target(s.concept, pair.gene) for s in passages.drugs.get(pair.anchor, ()) if s.concept != pair.drug),
        ]

    def _gene_side(self, pair: Pair) -> list[float]:
        key = (pair.anchor, pair.gene)
        if key not in self._pair_parts:
            passages, gene = self._passages, pair.gene_spot
            known = classes_of_gene(pair.gene)
            here = {s.concept for s in passages.mechanisms.get(pair.anchor, ())}
            around = [
                m for m in passages.mechanisms.get(gene.sentence, ()) if m.start <= gene.start and gene.end <= m.end
            ]
            genes = passages.genes.get(gene.sentence, ())
            tokens = passages.sentences[gene.sentence].tokens
            members = passages.blocks[passages.sentences[pair.anchor].block]
            first = next(i for i in members if any(s.concept == pair.gene for s in passages.genes.get(i, ())))
            self._pair_parts[key] = [
                is_noncoding_rna(pair.gene),
                bool(known),
                bool(known & here),
                bool(around),
                any(sum(m.start <= g.start and g.end <= m.end for g in genes) == 1 for m in around),
                sum(s.concept == pair.gene for s in genes),
                tokens[gene.head].dep == "conj",
                any(t.dep == "conj" and t.head == gene.head for t in tokens),
                first == gene.sentence,
                (pair.anchor - members[0]) / max(1, len(members) - 1),
            ]
        return self._pair_parts[key]

    def _place(self, anchor: int) -> list[float]:
        sentence = self._passages.sentences[anchor]
        following = [i for distance, i in self._passages.neighbours(anchor, 1) if distance > 0]
        return [
            anchor in self._callout_sentences,
            any(i in self._callout_sentences for i in following),
            sentence.kind is Kind.ABSTRACT,
            sentence.kind is Kind.HEADING,
            sentence.kind is Kind.CAPTION,
            anchor in self._passages.title_sentences,
        ]

    def _discourse(self, pair: Pair) -> list[float]:
        passages = self._passages
        tokens = passages.sentences[pair.anchor].tokens
        opening = [t.lemma for t in tokens[:4]]
        before = [i for distance, i in passages.neighbours(pair.anchor, 1) if distance < 0]
        drugs = [s for i in before for s in passages.drugs.get(i, ()) if s.concept == pair.drug]
        genes = {s.concept for i in before for s in passages.genes.get(i, ())}
        return [
            bool(tokens) and tokens[0].lemma in _BACK_REFERENCES,
            any(_CONTINUATION.fullmatch(word) for word in opening),
            bool(drugs),
            any(passages.sentences[s.sentence].tokens[s.head].dep in {"nsubj", "nsubjpass"} for s in drugs),
            pair.gene in genes,
            bool(genes - {pair.gene}),
            sum(s.concept == pair.drug for s in passages.drugs.get(pair.anchor, ())),
        ]

    def _dependency(self, spot: Spot | None) -> list[float]:
        if spot is None:
            return [0.0] * len(_DEPENDENCIES)
        label = self._passages.sentences[spot.sentence].tokens[spot.head].dep
        return [float(label == dependency) for dependency in _DEPENDENCIES]

    def _neighbourhood(self, anchor: int) -> list[float]:
        """Cues of the sentences directly before and after."""
        if anchor not in self._around:
            counts = [self._passages.cue_counts(i) for _, i in self._passages.neighbours(anchor, 1)]
            self._around[anchor] = [float(min(sum(c[cue] for c in counts), 4)) for cue in LINK_CUES]
        return self._around[anchor]

    def _links(self, pair: Pair) -> list[float]:
        passages, drug, gene = self._passages, pair.drug_spot, pair.gene_spot
        governors = passages.governing_cues(gene)
        between: set[str] = set()
        on_path: set[str] = set()
        if drug is not None and drug.sentence == gene.sentence:
            cues = passages.cues(gene.sentence)
            low, high = min(drug.last, gene.last), max(drug.first, gene.first)
            between.update(*cues[low + 1 : high])
            on_path.update(*(cues[i] for i in passages.path(gene.sentence, gene.head, drug.head)))
        return [float(cue in found) for found in (between, on_path, governors) for cue in LINK_CUES]

    def _flanks(self, spot: Spot | None) -> list[float]:
        if spot is None:
            return [0.0] * (2 * len(_STATE_CUES))
        cues = self._passages.cues(spot.sentence)
        before = frozenset().union(*cues[max(0, spot.first - NEAR) : spot.first])
        after = frozenset().union(*cues[spot.last + 1 : spot.last + 1 + NEAR])
        return [float(cue in found) for found in (before, after) for cue in _STATE_CUES]

    def _headings(self, anchor: int) -> list[float]:
        found: set[str] = set()
        for heading in self._passages.heading_chain(anchor)[:2]:
            found.update(self._passages.cue_counts(heading))
        return [float(cue in found) for cue in _HEADING_CUES]


def share(counts: dict[str, int], name: str) -> float:
    """The part of all counts that falls to `name`; 0 where nothing was counted."""
    total = sum(counts.values())
    return counts.get(name, 0) / total if total else 0.0
