"""The triples of one document: the entry point of the relation stage.

Owns the order of the steps (candidates, scores, choice, attributes, evidence); each step is a module of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from litmine.records import (
    UNSPECIFIED,
    Analysis,
    Candidate,
    Certainty,
    Document,
    Mention,
    Polarity,
    Role,
    State,
    Triple,
)
from litmine.relations.attributes import AttributeReader
from litmine.relations.evidence import evidence_of, explanation_of, references_of
from litmine.relations.passages import Passages
from litmine.relations.scope import is_in_scope
from litmine.relations.scoring import (
    Scored,
    ScoredPairs,
    TripleModel,
    chosen_model,
    score_candidates,
    score_pairs,
)
from litmine.settings import RelationSettings


class TripleExtractor:
    """Loads the weights once; `extract` may then be called for any number of documents.

    `model` takes the place of the weights that the settings name or litmine carries.
    """

    def __init__(self, settings: RelationSettings | None = None, model: TripleModel | None = None) -> None:
        settings = settings or RelationSettings()
        self._model = model or chosen_model(settings)
        self._any_field = settings.any_field
        self.threshold = self._model.threshold if settings.threshold is None else settings.threshold

    def extract(self, document: Document, analysis: Analysis, mentions: Sequence[Mention]) -> tuple[Triple, ...]:
        """Triples of the document in reading order of their evidence, then by drug, gene and mechanism.

        `mentions` are all of the document's; those without a concept are passed over. Of claims with the same key and
        overlapping evidence only the highest-scored is given.
        """
        return self.extract_with_candidates(document, analysis, mentions)[0]

    def extract_with_candidates(
        self, document: Document, analysis: Analysis, mentions: Sequence[Mention]
    ) -> tuple[tuple[Triple, ...], tuple[Candidate, ...]]:
        """The triples of `extract`, and everything that they were chosen from.

        Of a document outside the field (`litmine.relations.scope`) there are candidates, but no triples.
        """
        passages = Passages(document, analysis, mentions)
        pairs = score_pairs(passages, self._model)
        scored = score_candidates(passages, self._model, pairs)
        chosen = choose(scored, self.threshold) if self._any_field or is_in_scope(document) else []
        return self._triples(passages, chosen), _candidates(pairs, scored)

    def _triples(self, passages: Passages, chosen: Sequence[Scored]) -> tuple[Triple, ...]:
        if not chosen:
            return ()
        reader = AttributeReader(passages)
        evidence = [evidence_of(scored) for scored in chosen]
        features = np.vstack([reader.features(s.pair, s.mechanism, e) for s, e in zip(chosen, evidence, strict=True)])
        labels = {name: model.predict(features) for name, model in self._model.attributes.items()}
        for i, scored in enumerate(chosen):
            plain = reader.turned_round(scored.pair)
            if plain is not None:
                labels["role"][i], labels["state"][i] = plain
        triples = [
            Triple(
                drug=scored.pair.drug,
                gene=scored.pair.gene,
                mechanism=scored.mechanism.mechanism,
                role=Role(labels["role"][i]),
                state=State(labels["state"][i]),
                polarity=Polarity(labels["polarity"][i]),
                certainty=Certainty(labels["certainty"][i]),
                level=reader.level(scored.pair.anchor, evidence[i]),
                score=round(scored.score, 4),
                evidence=evidence[i],
                references=references_of(passages, scored, evidence[i]),
                explanation=explanation_of(passages, scored, self._model.pair.linear),
            )
            for i, scored in enumerate(chosen)
        ]
        return merged(triples)


def _candidates(pairs: ScoredPairs, scored: Iterable[Scored]) -> tuple[Candidate, ...]:
    """Each drug, gene and mechanism once for each anchor, with its best score; then pairs that were too unlikely."""
    best: dict[tuple[str, str, str | None, int], float] = {}
    for candidate in scored:
        key = (candidate.pair.drug, candidate.pair.gene, candidate.mechanism.mechanism, candidate.pair.anchor)
        best[key] = max(candidate.score, best.get(key, 0.0))
    for i in set(range(len(pairs.pairs))) - set(pairs.likely()):
        pair = pairs.pairs[i]
        best.setdefault((pair.drug, pair.gene, None, pair.anchor), float(pairs.probabilities[i]))
    return tuple(Candidate(*key, round(score, 4)) for key, score in best.items())


def choose(candidates: Iterable[Scored], threshold: float) -> list[Scored]:
    """Candidates at or above the threshold; "unspecified" only where no named mechanism of the pair is."""
    kept = [c for c in candidates if c.score >= threshold]
    named = {(c.pair.drug, c.pair.gene, c.pair.anchor) for c in kept if c.mechanism.mechanism != UNSPECIFIED}
    return [
        c
        for c in kept
        if c.mechanism.mechanism != UNSPECIFIED or (c.pair.drug, c.pair.gene, c.pair.anchor) not in named
    ]


def merged(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Triples without repeats: of those with the same drug, gene and mechanism and overlapping evidence the best stays.

    References of the others are added where the evidence is the same.
    """
    kept: list[Triple] = []
    of_key: dict[tuple[str, str, str], list[int]] = {}
    for triple in sorted(triples, key=lambda t: (-t.score, t.evidence, t.drug, t.gene, t.mechanism)):
        places = of_key.setdefault((triple.drug, triple.gene, triple.mechanism), [])
        same = next((i for i in places if not set(kept[i].evidence).isdisjoint(triple.evidence)), None)
        if same is None:
            places.append(len(kept))
            kept.append(triple)
        elif kept[same].evidence == triple.evidence:
            references = tuple(sorted({*kept[same].references, *triple.references}))
            kept[same] = replace(kept[same], references=references)
    return tuple(sorted(kept, key=lambda t: (t.evidence, t.drug, t.gene, t.mechanism)))
