"""Finds and links the drugs and genes of a document.

Owns the order of the steps: names from the lists, forms that no list holds, drug classes, what the document itself
defines. The rules of each step live in their own modules. Mechanisms are found elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from litmine.entities.affixes import iter_affixed, iter_cited
from litmine.entities.codes import iter_codes, iter_conjugates, iter_formulations
from litmine.entities.definitions import Meaning, iter_uses, read_definitions
from litmine.entities.drug_classes import HEADS, iter_classes
from litmine.entities.guards import Context, Verdict, is_spelled, judge_drug, judge_gene
from litmine.entities.joining import iter_fusions, with_series
from litmine.entities.noncoding import iter_noncoding
from litmine.entities.spans import CLASS, DEFINITION, DICTIONARY, Span, choose
from litmine.lexicon.folding import Atom, atoms, fold
from litmine.lexicon.names import Lexicon, Name, load_lexicon
from litmine.lexicon.scanning import Hit, hits_at
from litmine.records import PROSE, Analysis, Document, Mention, MentionType, Sentence

_NEAR = 30
TENTATIVE = 0.5
"""Score of a span that stays only where the document names the same concept in a surer way."""
_GENERIC = re.compile(r"\s+(?:receptors?|proteins?|genes?|kinases?|mRNAs?|oncogenes?|proto-oncogenes?)$", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"[\s-](?:extracellular domain|ectodomain|ECD|intracellular domain|ICD|(?:carboxy|amino|C|N)-terminal fragments?)\b"
)
_FRAGMENT_OF = re.compile(r"\b(?:extracellular domain|ectodomain|intracellular domain|catalytic subunit) of (?:the )?$")
_LEVEL = re.compile(r"(?:low|high|hi|lo)\b")


class EntityRecogniser:
    """Recognises by lexicon and rules; holds no state between documents."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon()

    def recognise(self, document: Document, analysis: Analysis) -> tuple[Mention, ...]:
        """Drugs and genes in the sentences of `records.PROSE`, outside callouts, ascending and without overlaps.

        A short form means in the whole document what its definition says (Schwartz and Hearst, PSB 2003).
        """
        text = document.blank_callouts()
        sentences = [s for s in analysis.sentences if s.kind in PROSE]
        cited = not document.callouts
        first = {s.index: self._read(text, s, cited) for s in sentences}
        found = [span for s in sentences for span in first[s.index]]
        meanings, added = read_definitions(text, analysis.abbreviations, found, self._lexicon.genes)
        named = {span.concept for span in found if span.score > TENTATIVE}
        for short, (concept, curie) in self._lexicon.drugs.dependents.items():
            if concept in named:
                meanings.setdefault(short, Meaning(MentionType.DRUG, concept, curie))
        mentions: list[Mention] = []
        for sentence in sentences:
            sure = [s for s in first[sentence.index] if s.score > TENTATIVE or s.concept in named]
            spans = self._settle(text, sentence, sure, meanings, added)
            mentions += (_mention(document, sentence, span) for span in spans)
        return tuple(mentions)

    def _read(self, text: str, sentence: Sentence, cited: bool) -> list[Span]:
        """What the sentence names by itself; `cited`: superscript citations may be run into words."""
        start, end = sentence.start, sentence.end
        spans = [*iter_noncoding(text, start, end, self._lexicon.genes), *iter_formulations(text, start, end)]
        spans += iter_fusions(text, start, end, self._lexicon)
        spans += iter_conjugates(text, start, end, self._lexicon.drugs)
        spans += self._names(text, start, end)
        spans += self._affixed(text, start, end, choose(spans))
        if cited:
            known = choose(spans)
            cited_names = iter_cited(text, start, end, self._named, self._is_known)
            spans += (s for s in cited_names if not any(s.overlaps(k.start, k.end) for k in known))
        spans = choose(spans)
        spans += (s for s in iter_codes(text, start, end) if not any(s.overlaps(k.start, k.end) for k in spans))
        spans = [with_series(text, end, span, self._lexicon.genes) for span in choose(spans)]
        return choose([*spans, *iter_classes(text, sentence, spans, self._lexicon.drugs)])

    def _names(self, text: str, start: int, end: int) -> Iterator[Span]:
        parts = atoms(text, start, end)
        at = 0
        while at < len(parts):
            hit, verdict = self._best(text, start, end, parts, at)
            if hit is None:
                at += 1
                continue
            yield self._span(text, start, end, parts, hit, verdict)
            at = hit.last + 1

    def _best(self, text: str, start: int, end: int, parts: list[Atom], at: int) -> tuple[Hit | None, Verdict]:
        """The longest name at an atom that is meant; a gene before a drug of the same length unless that is curated."""
        hits = [*hits_at(text, parts, at, self._lexicon.genes), *hits_at(text, parts, at, self._lexicon.drugs)]
        hits.sort(key=lambda hit: (-hit.last, not hit.name.curated, hit.name.type is MentionType.DRUG))
        for curated in hits:
            surface = text[parts[curated.first].start : parts[curated.last].end]
            name = self._as_spelled(surface, curated.key, curated.name, curated.plural)
            if name is None:
                continue
            hit = replace(curated, name=name)
            verdict = self._judge(text, start, end, parts, hit)
            if verdict and not self._cuts_longer(text, parts, hit):
                return hit, verdict
        return None, Verdict.NO

    def _as_spelled(self, surface: str, key: str, name: Name, plural: bool = False) -> Name | None:
        """The name; for a gene in other capitals than the curated ones, the gene whose symbol that is, if any."""
        if name.type is not MentionType.GENE or is_spelled(surface, name, plural):
            return name
        built = self._lexicon.genes.built(key)
        return built if built is not None and built.rank == 0 and not surface.islower() else None

    def _judge(self, text: str, start: int, end: int, parts: list[Atom], hit: Hit) -> Verdict:
        left, right = parts[hit.first].start, parts[hit.last].end
        surface = text[left:right]
        context = Context(text[max(start, left - _NEAR) : left], text[right : min(end, right + _NEAR)])
        if hit.name.type is MentionType.GENE:
            return judge_gene(surface, hit.name, hit.plural, context, self._lexicon)
        if hit.name.curated and self._is_targeted_class(text, parts, hit):
            return Verdict.NO
        return judge_drug(surface, hit.name, hit.plural, context, self._lexicon)

    def _is_targeted_class(self, text: str, parts: list[Atom], hit: Hit) -> bool:
        """Whether the hit is a class that begins with a gene; `drug_classes` finds it with all that is coordinated."""
        if parts[hit.last].key not in HEADS:
            return False
        genes = hits_at(text, parts, hit.first, self._lexicon.genes)
        return any(h.last < hit.last and self._judge(text, 0, len(text), parts, h) for h in genes)

    def _cuts_longer(self, text: str, parts: list[Atom], hit: Hit) -> bool:
        """Whether a longer curated name starts inside the hit, as in "HER receptor tyrosine kinase"."""
        right = parts[hit.last].end
        length = right - parts[hit.first].start
        for first in range(hit.first + 1, hit.last + 1):
            for names in (self._lexicon.genes, self._lexicon.drugs):
                for other in hits_at(text, parts, first, names):
                    end = parts[other.last].end
                    if end > right and other.name.curated and end - parts[first].start > length:
                        return True
        return False

    def _span(self, text: str, start: int, end: int, parts: list[Atom], hit: Hit, verdict: Verdict) -> Span:
        left, right = parts[hit.first].start, parts[hit.last].end
        name = hit.name
        if text[left:right].endswith(("'s", "’s")):
            right -= 2
        if name.type is MentionType.GENE:
            right = self._without_generic(text, left, right, name)
            left, right = _with_fragment(text, start, end, left, right)
        score = 1.0 if name.curated or name.rank < 2 else 0.9 - 0.1 * (name.rank - 2)
        if verdict is Verdict.MAYBE:
            score = TENTATIVE
        return Span(left, right, name.type, name.concept, name.curie, score, DICTIONARY)

    def _without_generic(self, text: str, left: int, right: int, name: Name) -> int:
        """Leave "receptor" out of "HER2 receptor", where the rest is a name of the same gene."""
        generic = _GENERIC.search(text, left, right)
        if generic and not name.curated:
            bare = self._lexicon.genes.get(fold(text[left : generic.start()]))
            if bare is not None and bare.concept == name.concept and bare.symbol:
                return generic.start()
        return right

    def _affixed(self, text: str, start: int, end: int, found: list[Span]) -> Iterator[Span]:
        for span in iter_affixed(text, start, end, self._gene_named, self._drug_class):
            if not any(span.overlaps(s.start, s.end) and s.end - s.start >= span.end - span.start for s in found):
                yield span

    def _gene_named(self, surface: str) -> Name | None:
        key = fold(surface)
        name = self._lexicon.genes.get(key)
        name = self._as_spelled(surface, key, name) if name is not None else None
        if name is None or not judge_gene(surface, name, False, Context("", " gene"), self._lexicon):
            return None
        return name

    def _is_known(self, surface: str) -> bool:
        key = fold(surface)
        lexicon = self._lexicon
        return bool(lexicon.genes.get(key) or lexicon.drugs.get(key) or key in lexicon.others)

    def _named(self, surface: str) -> Name | None:
        """The gene or drug that a single word names beyond doubt."""
        drug = self._lexicon.drugs.get(fold(surface))
        gene = self._gene_named(surface)
        if gene is not None and (gene.rank == 0 or gene.curated or not gene.symbol):
            return gene
        if drug is not None and judge_drug(surface, drug, False, Context("", ""), self._lexicon) is Verdict.YES:
            return drug if len(surface) > 4 else None
        return None

    def _drug_class(self, concept: str) -> tuple[str, str | None]:
        """The settled concept and CURIE of a class of agents."""
        known = self._lexicon.drugs.get(fold(concept))
        return (known.concept, known.curie) if known is not None and known.curated else (concept, None)

    def _settle(
        self,
        text: str,
        sentence: Sentence,
        spans: list[Span],
        meanings: dict[str, Meaning],
        added: list[Span],
    ) -> list[Span]:
        """Apply the document's definitions to one sentence."""
        start, end = sentence.start, sentence.end
        kept = list(spans)
        kept += (span for span in added if start <= span.start < end)
        for left, right, meaning in iter_uses(text, start, end, meanings):
            if meaning.type is None:
                kept = [s for s in kept if s.weight >= CLASS or (s.start, s.end) != (left, right)]
            elif not any(s.weight == CLASS and s.start <= left and right <= s.end for s in kept):
                covering = [s for s in kept if s.overlaps(left, right) and s.end - s.start > right - left]
                if not covering:
                    kept.append(Span(left, right, meaning.type, meaning.concept, meaning.curie, 1.0, DEFINITION))
        if any(meaning.type is MentionType.GENE for meaning in meanings.values()):
            kept = choose(kept)
            kept += iter_classes(text, sentence, kept, self._lexicon.drugs)
        return choose(kept)


def _with_fragment(text: str, start: int, end: int, left: int, right: int) -> tuple[int, int]:
    """Take in the domain or fragment that a gene's name goes on to say."""
    level = _LEVEL.match(text, right, end)
    if level:
        right = level.end()
    fragment = _FRAGMENT.match(text, right, end)
    if fragment:
        return left, fragment.end()
    before = _FRAGMENT_OF.search(text, start, left)
    return (before.start(), right) if before else (left, right)


def _mention(document: Document, sentence: Sentence, span: Span) -> Mention:
    return Mention(
        sentence=sentence.index,
        start=span.start,
        end=span.end,
        text=document.text[span.start : span.end],
        type=span.type,
        concept=span.concept,
        curie=span.curie,
        score=round(span.score, 2),
    )
