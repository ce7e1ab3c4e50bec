"""Litmine's view of a tuple of foreign entities (cancer, drug, gene): numbers that hold for any names.

Tokens, parse, mentions and knowledge are litmine's own (`Analyser`, `EntityRecogniser`, `Passages`); litmine has no
cancers, nor variants: in `Passages` a cancer stands where drugs do, a variant where mechanisms do. Owns the features.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations, product
from math import log1p

import numpy as np
import numpy.typing as npt

from benchmarks.peers.corpora import Entity, RelationText
from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.records import Block, Document, Kind, Mention, MentionType, content_id
from litmine.relations.knowledge import is_drug_class, is_target
from litmine.relations.passages import Passages, Spot, token_gap

ROLES = ("cancer", "drug", "gene")
VARIANT = "variant"
FAR = 20
"""Path length, or tokens to the nearest variant, that stands for "none"."""
ADJACENT = 2
_PLACES = {
    "cancer": MentionType.DRUG,
    "drug": MentionType.DRUG,
    "gene": MentionType.GENE,
    VARIANT: MentionType.MECHANISM,
}
_PART_OF_NAME = frozenset({"receptor", "pathway", "inhibitor", "antagonist", "factor", "tki", "tkis"})
_AIM = re.compile(
    r"to (?:investigate|evaluate|examine|determine|assess|explore|study)\b|(?:this|the) (?:study|research|aim)\b", re.I
)
_PAIRS = tuple(f"{left}–{right}" for left, right in combinations(ROLES, 2))
FEATURES: tuple[str, ...] = (
    *(f"{role} {what}" for role in ("drug", "gene") for what in ("recognised", "linked", "recognised as another type")),
    "gene is target of drug",
    "drug is a class",
    "drug and gene overlap",
    "gene directly before drug",
    "characters of gene",
    "gene begins a longer name",
    "drug begins a longer name",
    *(f"{pair}: {what}" for pair in _PAIRS for what in ("gap", "path")),
    *(f"other {role} nearer to the {other}" for role, other in permutations(ROLES, 2)),
    "tokens spanned",
    "cancers in text",
    "drugs in text",
    "gap of gene and variant",
    "variant beside gene",
    "tokens in text",
    "text states an aim",
)
"""Few, for the corpus is small: of trigger words, order and clause marks none made cross-validated tuples better."""

Candidate = tuple[str, ...]


def iter_candidates(text: RelationText) -> Iterator[Candidate]:
    """Every cancer with every drug and every gene of the text, as ids in the order of `ROLES`."""
    yield from product(*([e.id for e in text.entities if e.type == role] for role in ROLES))


class TupleFeatures:
    """Loads litmine's models once; `rows` may then be called for any number of texts."""

    def __init__(self) -> None:
        self._analyser = Analyser()
        self._recogniser = EntityRecogniser()

    def rows(self, text: RelationText, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        """One row per candidate, one column per name of `FEATURES`; the text is taken as one sentence."""
        if not candidates:
            return np.zeros((0, len(FEATURES)))
        document = make_document(text.text)
        analysis = self._analyser.analyse(document, ((0, len(text.text)),))
        recognised = self._recogniser.recognise(document, analysis)
        view = _TextView(text, Passages(document, analysis, tuple(_mentions(text))), recognised)
        return np.array([view.row(candidate) for candidate in candidates], dtype=np.float64)


def make_document(text: str) -> Document:
    """A document of one paragraph."""
    digest = content_id(text.encode())
    block = Block(0, len(text), Kind.PARAGRAPH, 0)
    return Document(digest[:16], "", digest, "text/plain", text, blocks=(block,))


def _mentions(text: RelationText) -> Iterator[Mention]:
    for e in text.entities:
        if e.type in _PLACES:
            yield Mention(0, e.start, e.end, text.text[e.start : e.end], _PLACES[e.type], e.id)


class _TextView:
    """What the candidates of one text share."""

    def __init__(self, text: RelationText, passages: Passages, recognised: Sequence[Mention]) -> None:
        self._recognised = recognised
        self._text = text.text
        self._entities = {e.id: e for e in text.entities}
        self._passages = passages
        self._tokens = passages.sentences[0].tokens
        kinds = (passages.drugs, passages.genes, passages.mechanisms)
        self._spots = {spot.concept: spot for spots in kinds for spot in spots.get(0, ())}
        self._of_type: dict[str, list[Entity]] = {role: [] for role in (*ROLES, VARIANT)}
        for entity in text.entities:
            self._of_type.setdefault(entity.type, []).append(entity)

    def row(self, candidate: Candidate) -> list[float]:
        entities = dict(zip(ROLES, (self._entities[id_] for id_ in candidate), strict=True))
        spots = {role: self._spots[entity.id] for role, entity in entities.items()}
        drug, gene = spots["drug"], spots["gene"]
        drug_concept, *drug_seen = self._seen(entities["drug"], MentionType.DRUG)
        gene_concept, *gene_seen = self._seen(entities["gene"], MentionType.GENE)
        drug_name = drug_concept or self._words(entities["drug"])
        values = [
            *drug_seen,
            *gene_seen,
            gene_concept is not None and is_target(drug_name, gene_concept),
            is_drug_class(drug_name),
            drug.start < gene.end and gene.start < drug.end,
            0 <= drug.first - gene.last <= ADJACENT,
            gene.end - gene.start,
            self._begins_name(gene),
            self._begins_name(drug),
            *(value for pair in combinations(spots.values(), 2) for value in self._between(*pair)),
            *(self._nearer(role, spots[role], spots[other]) for role, other in permutations(ROLES, 2)),
            max(s.last for s in spots.values()) - min(s.first for s in spots.values()),
            len(self._of_type["cancer"]),
            len(self._of_type["drug"]),
            *self._variant(gene),
            len(self._tokens),
            _AIM.match(self._text) is not None,
        ]
        return [float(value) for value in values]

    def _words(self, entity: Entity) -> str:
        return self._text[entity.start : entity.end].lower()

    def _seen(self, entity: Entity, wanted: MentionType) -> tuple[str | None, float, bool, bool]:
        """Concept that litmine links, how well its mention fits the entity, whether linked, whether of another type."""
        touching = [m for m in self._recognised if m.start < entity.end and entity.start < m.end]
        same = [m for m in touching if m.type is wanted]
        concept = next((m.concept for m in same if m.concept is not None), None)
        fits = (
            (min(m.end, entity.end) - max(m.start, entity.start))
            / (max(m.end, entity.end) - min(m.start, entity.start))
            for m in same
        )
        return concept, max(fits, default=0.0), concept is not None, len(same) < len(touching)

    def _begins_name(self, spot: Spot) -> bool:
        after = spot.last + 1
        return after < len(self._tokens) and self._tokens[after].lemma in _PART_OF_NAME

    def _between(self, left: Spot, right: Spot) -> tuple[float, int]:
        path = self._passages.path(0, left.head, right.head)
        return log1p(token_gap(left, right)), min(len(path) or FAR, FAR)

    def _nearer(self, role: str, spot: Spot, other: Spot) -> int:
        """How many mentions of the role stand nearer to the other argument than the candidate's own."""
        own = token_gap(spot, other)
        return sum(token_gap(self._spots[e.id], other) < own for e in self._of_type[role])

    def _variant(self, gene: Spot) -> tuple[int, bool]:
        gap = min((token_gap(self._spots[e.id], gene) for e in self._of_type[VARIANT]), default=FAR)
        return min(gap, FAR), gap <= ADJACENT
