"""A document as the relation stage sees it: mentions in their sentences, sentences in their paragraphs, topics.

Owns the question which drug a passage is about, and every look-up that candidates and features share. Decides nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from litmine.records import PROSE, Analysis, Document, Kind, Mention, MentionType, Sentence
from litmine.relations.cues import cues_of
from litmine.relations.implied import CHECKPOINT_INHIBITOR, implied_class, iter_checkpoint_blockade
from litmine.relations.knowledge import classes_of_gene, is_target

TITLE_WEIGHT = 12
HEADING_WEIGHT = 3
"""How many mentions in running text a mention in the title, or in a heading, counts for."""
MAX_TOPICS = 2
_PARTICLES = frozenset({"neg", "aux", "advmod", "acomp", "prt"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A linked mention with its place among the tokens of its sentence; tokens `first` to `last`, both included."""

    concept: str
    sentence: int
    start: int
    end: int
    first: int
    last: int
    head: int


class Passages:
    """Look-ups over one document. Sentences are addressed by their index; only prose is looked at."""

    def __init__(self, document: Document, analysis: Analysis, mentions: Sequence[Mention]) -> None:
        self.document = document
        self.sentences: tuple[Sentence, ...] = analysis.sentences
        self.drugs: dict[int, list[Spot]] = {}
        self.genes: dict[int, list[Spot]] = {}
        self.mechanisms: dict[int, list[Spot]] = {}
        by_type = {
            MentionType.DRUG: self.drugs,
            MentionType.GENE: self.genes,
            MentionType.MECHANISM: self.mechanisms,
        }
        for mention in sorted(mentions, key=lambda m: (m.start, m.end, m.type)):
            sentence = self.sentences[mention.sentence]
            if mention.concept is not None and sentence.kind in PROSE and sentence.tokens:
                spot = _spot(sentence, mention.start, mention.end, mention.concept)
                by_type[mention.type].setdefault(mention.sentence, []).append(spot)
        self._add_implied_drugs()
        self.blocks: dict[int, list[int]] = {}
        for sentence in self.sentences:
            if sentence.kind in PROSE:
                self.blocks.setdefault(sentence.block, []).append(sentence.index)
        self._headings = {s.section: s.index for s in reversed(self.sentences) if s.kind is Kind.HEADING}
        self._cues: dict[int, list[frozenset[str]]] = {}
        self._cue_counts: dict[int, Counter[str]] = {}
        self._paths: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._governing: dict[tuple[int, int], frozenset[str]] = {}

    def _add_implied_drugs(self) -> None:
        """Agents spoken of by what is done to their target, where the sentence names no drug that acts on it."""
        named = Counter(spot.concept for spots in self.drugs.values() for spot in spots)
        ranked = sorted(named, key=lambda drug: (-named[drug], drug))
        for sentence in self.sentences:
            if sentence.kind not in PROSE or not sentence.tokens:
                continue
            own = self.drugs.get(sentence.index, [])
            found: dict[str, tuple[int, int]] = {}
            for gene in self.genes.get(sentence.index, ()):
                start, end = gene.start - sentence.start, gene.end - sentence.start
                drug = implied_class(sentence.text, start, end, gene.concept, ranked)
                if drug is not None and not any(is_target(s.concept, gene.concept) for s in own):
                    found.setdefault(drug, (gene.start, gene.end))
            for start, end in iter_checkpoint_blockade(sentence.text):
                found.setdefault(CHECKPOINT_INHIBITOR, (sentence.start + start, sentence.start + end))
            for drug, (start, end) in found.items():
                if all(s.concept != drug and (s.end <= start or s.start >= end) for s in own):
                    spot = _spot(sentence, start, end, drug)
                    self.drugs[sentence.index] = own = sorted([*own, spot], key=lambda s: (s.start, s.end))

    def neighbours(self, sentence: int, reach: int) -> Iterable[tuple[int, int]]:
        """(distance, index) of sentences of the same block within `reach`, nearest first, earlier before later."""
        block = self.sentences[sentence].block
        for distance in range(1, reach + 1):
            for signed in (-distance, distance):
                other = sentence + signed
                if 0 <= other < len(self.sentences) and self.sentences[other].block == block:
                    yield signed, other

    def heading_chain(self, sentence: int) -> list[int]:
        """Indices of the headings above a sentence, innermost first; a heading is not above itself."""
        found: list[int] = []
        at: int | None = self.sentences[sentence].section
        while at is not None:
            heading = self._headings.get(at)
            if heading is not None and heading != sentence:
                found.append(heading)
            at = self.document.sections[at].parent
        return found

    def cues(self, sentence: int) -> list[frozenset[str]]:
        """Cue classes of every token; a mention's own tokens have none."""
        if sentence not in self._cues:
            found = [cues_of(token.lemma) for token in self.sentences[sentence].tokens]
            for spot in (*self.drugs.get(sentence, ()), *self.genes.get(sentence, ())):
                found[spot.first : spot.last + 1] = [frozenset()] * (spot.last + 1 - spot.first)
            self._cues[sentence] = found
        return self._cues[sentence]

    def cue_counts(self, sentence: int) -> Counter[str]:
        if sentence not in self._cue_counts:
            self._cue_counts[sentence] = Counter(cue for cues in self.cues(sentence) for cue in cues)
        return self._cue_counts[sentence]

    def path(self, sentence: int, source: int, target: int) -> tuple[int, ...]:
        """Tokens on the dependency path from `source` to `target`, both included; empty without a common ancestor."""
        key = (sentence, source, target)
        if key not in self._paths:
            self._paths[key] = _path(self.sentences[sentence], source, target)
        return self._paths[key]

    def governing_cues(self, spot: Spot) -> frozenset[str]:
        """Cues of the words above a mention in the parse, up to and including the first verb, and its particles."""
        key = (spot.sentence, spot.head)
        if key not in self._governing:
            sentence = self.sentences[spot.sentence]
            cues = self.cues(spot.sentence)
            found: set[str] = set()
            for token in ancestors(sentence, spot.head)[1:]:
                found |= cues[token]
                if sentence.tokens[token].pos == "VERB":
                    for child, other in enumerate(sentence.tokens):
                        if other.head == token and other.dep in _PARTICLES:
                            found |= cues[child]
                    break
            self._governing[key] = frozenset(found)
        return self._governing[key]

    @cached_property
    def title_sentences(self) -> frozenset[int]:
        title = self.document.title.casefold()
        return frozenset(
            s.index
            for s in self.sentences
            if s.kind is Kind.TITLE or (len(title) > 10 and s.kind in PROSE and title in s.text.casefold())
        )

    @cached_property
    def drug_counts(self) -> Counter[str]:
        return _counts(self.drugs)

    @cached_property
    def gene_counts(self) -> Counter[str]:
        return _counts(self.genes)

    @cached_property
    def mechanism_counts(self) -> Counter[str]:
        return _counts(self.mechanisms)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The drugs that the document is about, most salient first: title and headings weigh more than running text."""
        weights = Counter(self.drug_counts)
        for index, spots in self.drugs.items():
            if index in self.title_sentences:
                weight = TITLE_WEIGHT
            elif self.sentences[index].kind is Kind.HEADING:
                weight = HEADING_WEIGHT
            else:
                continue
            for concept in {spot.concept for spot in spots}:
                weights[concept] += weight
        ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        return tuple(drug for drug, weight in ranked[:MAX_TOPICS] if 3 * weight >= ranked[0][1])

    @cached_property
    def title_drugs(self) -> frozenset[str]:
        return frozenset(spot.concept for i in self.title_sentences for spot in self.drugs.get(i, ()))

    @cached_property
    def title_genes(self) -> frozenset[str]:
        return frozenset(spot.concept for i in self.title_sentences for spot in self.genes.get(i, ()))

    @cached_property
    def block_drugs(self) -> dict[int, Counter[str]]:
        return {block: _counts(self.drugs, members) for block, members in self.blocks.items()}

    @cached_property
    def block_genes(self) -> dict[int, Counter[str]]:
        return {block: _counts(self.genes, members) for block, members in self.blocks.items()}

    @cached_property
    def block_mechanisms(self) -> dict[int, Counter[str]]:
        return {block: _counts(self.mechanisms, members) for block, members in self.blocks.items()}

    @cached_property
    def drug_gene_sentences(self) -> Counter[tuple[str, str]]:
        """In how many sentences a drug and a gene stand together."""
        return _pairs(self.drugs, self.genes)

    @cached_property
    def gene_mechanism_sentences(self) -> Counter[tuple[str, str]]:
        return _pairs(self.genes, self.mechanisms)

    @cached_property
    def drug_mechanism_sentences(self) -> Counter[tuple[str, str]]:
        return _pairs(self.drugs, self.mechanisms)

    def paragraph_drug(self, sentence: int) -> str | None:
        """The drug most often named in the paragraph; of equals the one that the document names more often."""
        counts = self.block_drugs[self.sentences[sentence].block]
        return min(counts, key=lambda d: (-counts[d], -self.drug_counts[d], d)) if counts else None

    def named_classes(self, sentence: int) -> frozenset[str]:
        """Classes known of the genes that stand inside a mechanism's name: "PI3K and MAPK pathways" names two."""
        return frozenset(
            known
            for mechanism in self.mechanisms.get(sentence, ())
            for gene in self.genes.get(sentence, ())
            if mechanism.start <= gene.start and gene.end <= mechanism.end
            for known in classes_of_gene(gene.concept)
        )


def token_gap(left: Spot, right: Spot) -> int:
    """Steps from one mention to the other in tokens of their sentence; 0 where they overlap."""
    return max(0, left.first - right.last, right.first - left.last)


def _spot(sentence: Sentence, start: int, end: int, concept: str) -> Spot:
    tokens = sentence.tokens
    covered = [i for i, t in enumerate(tokens) if t.start < end and t.end > start]
    if not covered:
        covered = [min(range(len(tokens)), key=lambda i: abs(tokens[i].start - start))]
    inside = set(covered)
    head = next((i for i in reversed(covered) if tokens[i].head not in inside or tokens[i].head == i), covered[-1])
    return Spot(concept, sentence.index, start, end, covered[0], covered[-1], head)


def _path(sentence: Sentence, source: int, target: int) -> tuple[int, ...]:
    up = ancestors(sentence, source)
    down = ancestors(sentence, target)
    reached = {token: i for i, token in enumerate(down)}
    for i, token in enumerate(up):
        if token in reached:
            return (*up[: i + 1], *reversed(down[: reached[token]]))
    return ()


def ancestors(sentence: Sentence, token: int) -> list[int]:
    """A token, its syntactic head, that one's head, ... up to the root."""
    found = [token]
    while (head := sentence.tokens[found[-1]].head) not in found:
        found.append(head)
    return found


def _counts(spots: dict[int, list[Spot]], members: Iterable[int] | None = None) -> Counter[str]:
    indices = spots if members is None else members
    return Counter(spot.concept for i in indices for spot in spots.get(i, ()))


def _pairs(left: dict[int, list[Spot]], right: dict[int, list[Spot]]) -> Counter[tuple[str, str]]:
    return Counter(
        pair for i in left.keys() & right.keys() for pair in {(a.concept, b.concept) for a in left[i] for b in right[i]}
    )
