"""Finds and links the drugs and genes of a document.

Owns the order of the steps: names from the lists, forms that no list holds, drug classes, what the document itself
defines. The rules of each step live in their own modules. Mechanisms are found elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from litmine.entities.admission import admit
from litmine.entities.affixes import iter_affixed, iter_cited
from litmine.entities.cells import iter_cells
from litmine.entities.codes import iter_codes, iter_conjugates, iter_formulations
from litmine.entities.definitions import Meaning, Meanings, iter_uses, read_definitions
from litmine.entities.drug_classes import HEADS, iter_classes
from litmine.entities.guards import Context, Verdict, is_spelled, judge_drug, judge_gene, may_be_agent
from litmine.entities.joining import iter_fusions, with_series
from litmine.entities.ner import NoTagger, Tagger
from litmine.entities.noncoding import iter_noncoding
from litmine.entities.others import iter_cell_lines, iter_others
from litmine.entities.senses import Sense, sense_of
from litmine.entities.spans import CLASS, DEFINITION, DICTIONARY, TENTATIVE, Span, choose
from litmine.lexicon.folding import DASH, fold
from litmine.lexicon.names import Lexicon, Name, load_lexicon
from litmine.lexicon.scanning import Hit, Scanned, Scanner
from litmine.records import PROSE, Analysis, Document, Mention, MentionType, Sentence

_NEAR = 30
_GENERIC = re.compile(r"\s+(?:receptors?|proteins?|genes?|kinases?|mRNAs?|oncogenes?|proto-oncogenes?)$", re.IGNORECASE)
_RECOMBINANT = re.compile(r"r[Hh]u?(?=[A-Z])|[Rr]ecombinant\b")
_PHOSPHO = re.compile(rf"p[{DASH}]?(?=[A-Z])")
_PART = re.compile(r"\s+(?:adaptors?|adapters?|subunits?|members|inflammasomes?)$", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"[\s-](?:extracellular domain|ectodomain|ECD|intracellular domain|ICD|(?:carboxy|amino|C|N)-terminal fragments?)\b"
)
_FRAGMENT_OF = re.compile(r"\b(?:extracellular domain|ectodomain|intracellular domain|catalytic subunit) of (?:the )?$")
_LEVEL = re.compile(r"(?:low|high|hi|lo)\b")


class EntityRecogniser:
    """Recognises by lexicon and rules; holds no state between documents."""

    def __init__(self, lexicon: Lexicon | None = None, tagger: Tagger | None = None) -> None:
        """Without a tagger lists and rules alone decide."""
        self._lexicon = lexicon or load_lexicon()
        self._tagger = tagger or NoTagger()
        self._scanner = Scanner(self._lexicon.genes, self._lexicon.drugs)

    def recognise(self, document: Document, analysis: Analysis, proposals: Sequence[Span] = ()) -> tuple[Mention, ...]:
        """Drugs and genes in the sentences of `records.PROSE` and in cells of tables, outside callouts, ascending.

        None overlaps another. A short form means in the whole document what its definition says, until it is defined
        anew (Schwartz and Hearst, PSB 2003). Each cell is read by itself and belongs to the sentence it starts in.
        `proposals` are spans that a model suggests; they count where nothing else is found and no guard forbids it.
        """
        text = document.blank_callouts()
        sentences = [s for s in analysis.sentences if s.kind in PROSE]
        passages = [*sentences, *iter_cells(document, analysis.sentences)]
        lines = self._cell_lines(text, sentences)
        cited = not document.callouts
        first = [self._read(text, passage, cited, lines) for passage in passages]
        found = [span for spans in first for span in spans]
        tagged = self._tagger.propose(document, analysis, found)
        proposals = [*proposals, *admit(text, tagged, found, self._lexicon)]
        listed = [a for a in analysis.abbreviations if not any(s.start <= a.long_start < s.end for s in sentences)]
        defined = (span for a in listed for span in choose(self._names(text, a.long_start, a.long_end)))
        known = sorted([*found, *defined], key=lambda span: span.start)
        meanings, added = read_definitions(text, analysis.abbreviations, known, self._lexicon.genes)
        named = {span.concept for span in found if span.score > TENTATIVE}
        for short, (concept, curie) in self._lexicon.drugs.dependents.items():
            if concept in named and short not in meanings:
                meanings.add(short, Meaning(MentionType.DRUG, concept, curie))
        settled = self._settled(text, passages, found, meanings)
        mentions: list[Mention] = []
        for passage, spans in zip(passages, first, strict=True):
            sure = [s for s in spans if s.score > TENTATIVE or s.concept in named]
            spans = self._settle(text, passage, sure, meanings, added)
            spans = choose([*spans, *self._doubtful(text, passage, spans, settled)])
            spans += self._proposed(text, passage, spans, proposals, meanings, lines)
            mentions += (_mention(document, passage, span) for span in spans)
        return tuple(sorted(mentions, key=lambda mention: mention.start))

    def link(self, surface: str, type_: MentionType) -> tuple[str, str | None]:
        """Concept and CURIE of a name that is known to be a gene or drug; its own key, no CURIE, if none lists it."""
        names = self._lexicon.genes if type_ is MentionType.GENE else self._lexicon.drugs
        for form in (surface, _GENERIC.sub("", surface), surface.removesuffix("s")):
            key = fold(form)
            name = names.get(key)
            name = self._as_spelled(form, key, name) if name is not None else None
            if name is not None:
                return name.concept, name.curie
        bare = surface.removesuffix("s") if " " in surface else surface
        return (bare.upper().replace(" ", "_") if type_ is MentionType.GENE else bare.lower()), None

    def _cell_lines(self, text: str, sentences: Sequence[Sentence]) -> frozenset[str]:
        """Codes that the document names cells by; approved symbols and curated names are genes all the same."""
        found = set()
        for sentence in sentences:
            for start, end in iter_cell_lines(text, sentence.start, sentence.end):
                key = fold(text[start:end])
                names = (self._lexicon.genes.get(key), self._lexicon.drugs.get(key))
                if not any(name is not None and (name.curated or name.rank == 0) for name in names):
                    found.add(text[start:end])
        return frozenset(found)

    def _settled(
        self, text: str, passages: Sequence[Sentence], found: Sequence[Span], meanings: Meanings
    ) -> dict[str, Span]:
        """Surfaces that are a gene only by their context, and are so in at least half of their places."""
        accepted: dict[str, list[Span]] = {}
        for span in found:
            surface = text[span.start : span.end]
            if span.type is MentionType.GENE and span.weight == DICTIONARY and span.score > TENTATIVE:
                accepted.setdefault(surface, []).append(span)
        settled = {}
        for surface, spans in accepted.items():
            if len(surface) < 3 or not surface.isupper() or surface in meanings or self._gene_by_itself(surface):
                continue
            uses = sum(1 for p in passages for _ in re.finditer(rf"\b{re.escape(surface)}\b", text[p.start : p.end]))
            if 2 * len(spans) >= uses:
                settled[surface] = spans[0]
        return settled

    def _gene_by_itself(self, surface: str) -> bool:
        name = self._lexicon.genes.get(fold(surface))
        return name is not None and bool(judge_gene(surface, name, False, Context("", ""), self._lexicon))

    def _doubtful(
        self, text: str, passage: Sentence, found: Sequence[Span], settled: dict[str, Span]
    ) -> Iterator[Span]:
        """Further uses of surfaces that the document elsewhere shows to be a gene."""
        for surface, span in settled.items():
            for match in re.finditer(rf"(?<![\w-]){re.escape(surface)}(?![\w-])", text[passage.start : passage.end]):
                left, right = passage.start + match.start(), passage.start + match.end()
                context = _context(text, passage.start, passage.end, left, right)
                taken = any(s.overlaps(left, right) for s in found) or _in_any(
                    left, right, iter_others(text, passage.start, passage.end)
                )
                if not taken and sense_of(surface, context.before, context.after) is not Sense.OTHER:
                    yield replace(span, start=left, end=right, score=min(span.score, 0.8))

    def _proposed(
        self,
        text: str,
        passage: Sentence,
        found: Sequence[Span],
        proposals: Sequence[Span],
        meanings: Meanings,
        lines: frozenset[str],
    ) -> list[Span]:
        """The proposals that no span stands in the way of and no guard holds for something else, linked."""
        kept: list[Span] = []
        for span in proposals:
            if not passage.start <= span.start < span.end <= passage.end:
                continue
            surface = text[span.start : span.end]
            defined = meanings.at(surface, span.start) if surface in meanings else None
            if (
                any(s.overlaps(span.start, span.end) for s in (*found, *kept))
                or surface in lines
                or (defined is not None and defined.type is None)
                or not {fold(surface), fold(surface.removesuffix("s"))}.isdisjoint(self._lexicon.others)
                or _in_any(span.start, span.end, iter_others(text, passage.start, passage.end))
                or not self._allows(text, passage, span)
            ):
                continue
            if span.concept is None:
                concept, curie = self.link(surface, span.type)
                span = replace(span, concept=concept, curie=curie)
            kept.append(span)
        return kept

    def _allows(self, text: str, passage: Sentence, span: Span) -> bool:
        surface = text[span.start : span.end]
        context = _context(text, passage.start, passage.end, span.start, span.end)
        if span.type is MentionType.DRUG:
            return may_be_agent(surface, context, self._lexicon)
        return sense_of(surface, context.before, context.after) is not Sense.OTHER

    def _read(self, text: str, sentence: Sentence, cited: bool, lines: frozenset[str]) -> list[Span]:
        """What the sentence names by itself; `cited`: superscript citations may be run into words."""
        start, end = sentence.start, sentence.end
        spans = [*iter_noncoding(text, start, end, self._lexicon.genes), *iter_formulations(text, start, end)]
        spans += iter_fusions(text, start, end, self._lexicon)
        spans += iter_conjugates(text, start, end, self._lexicon.drugs)
        spans += self._names(text, start, end)
        spans += self._affixed(text, start, end, choose(spans))
        others = list(iter_others(text, start, end))
        spans = [s for s in spans if not _in_any(s.start, s.end, others)]
        spans = [s for s in spans if s.weight > DICTIONARY or text[s.start : s.end] not in lines]
        if cited:
            known = choose(spans)
            cited_names = iter_cited(text, start, end, self._named, lambda word: word in lines or self._is_known(word))
            spans += (s for s in cited_names if not any(s.overlaps(k.start, k.end) for k in known))
        spans = choose(spans)
        spans += (
            s
            for s in iter_codes(text, start, end)
            if not any(s.overlaps(k.start, k.end) for k in spans) and text[s.start : s.end] not in lines
        )
        spans = [with_series(text, end, span, self._lexicon.genes) for span in choose(spans)]
        return choose([*spans, *iter_classes(text, sentence, spans, self._lexicon.drugs)])

    def _names(self, text: str, start: int, end: int) -> Iterator[Span]:
        scanned = self._scanner.scan(text, start, end)
        at = 0
        while at < len(scanned.parts):
            hit, verdict = self._best(text, start, end, scanned, at)
            if hit is None:
                at += 1
                continue
            yield self._span(text, start, end, scanned, hit, verdict)
            at = hit.last + 1

    def _best(self, text: str, start: int, end: int, scanned: Scanned, at: int) -> tuple[Hit | None, Verdict]:
        """The longest name at an atom that is meant.

        Of two of one length the curated, then the gene; of a recombinant protein, which is given, the drug.
        """
        later = MentionType.GENE if _RECOMBINANT.match(text, scanned.parts[at].start) else MentionType.DRUG
        hits = sorted(scanned.hits[at], key=lambda hit: (-hit.last, not hit.name.curated, hit.name.type is later))
        for curated in hits:
            surface = text[scanned.start(curated) : scanned.end(curated)]
            name = self._as_spelled(surface, curated.key, curated.name, curated.plural)
            if name is None:
                continue
            hit = curated._replace(name=name)
            verdict = self._judge(text, start, end, scanned, hit)
            if verdict and not self._cuts_longer(text, scanned, hit):
                return hit, verdict
        return None, Verdict.NO

    def _as_spelled(self, surface: str, key: str, name: Name, plural: bool = False) -> Name | None:
        """The name; for a gene in other capitals than the curated ones, the gene whose symbol that is, if any."""
        if name.type is not MentionType.GENE or is_spelled(surface, name, plural):
            return name
        built = self._lexicon.genes.built(key)
        return built if built is not None and built.rank == 0 and not surface.islower() else None

    def _judge(self, text: str, start: int, end: int, scanned: Scanned, hit: Hit) -> Verdict:
        left, right = scanned.start(hit), scanned.end(hit)
        surface = text[left:right]
        context = _context(text, start, end, left, right)
        if hit.name.type is MentionType.GENE:
            if self._is_of_two_genes(surface) or (hit.name.rank > 1 and self._is_phosphorylated(surface)):
                return Verdict.NO
            return judge_gene(surface, hit.name, hit.plural, context, self._lexicon)
        if hit.name.curated and self._is_targeted_class(text, scanned, hit):
            return Verdict.NO
        return judge_drug(surface, hit.name, hit.plural, context, self._lexicon)

    def _is_of_two_genes(self, surface: str) -> bool:
        """Whether a name with a slash joins names that stand for different genes, as "YAP/TAZ" does."""
        if "/" not in surface:
            return False
        names = [self._lexicon.genes.get(fold(part)) for part in surface.split("/")]
        return None not in names and len({name.concept for name in names if name is not None}) > 1

    def _is_phosphorylated(self, surface: str) -> bool:
        """Whether an alias reads as the phosphorylated form of another gene or family, as "p-AKT" does."""
        form = _PHOSPHO.match(surface)
        return form is not None and self._lexicon.genes.get(fold(surface[form.end() :])) is not None

    def _is_targeted_class(self, text: str, scanned: Scanned, hit: Hit) -> bool:
        """Whether the hit is a class that begins with a gene; `drug_classes` finds it with all that is coordinated."""
        if scanned.parts[hit.last].key not in HEADS:
            return False
        genes = (h for h in scanned.hits[hit.first] if h.last < hit.last and h.name.type is MentionType.GENE)
        return any(self._judge(text, 0, len(text), scanned, h) for h in genes)

    def _cuts_longer(self, text: str, scanned: Scanned, hit: Hit) -> bool:
        """Whether a longer curated name starts inside the hit, as in "HER receptor tyrosine kinase"."""
        right = scanned.end(hit)
        length = right - scanned.start(hit)
        for first in range(hit.first + 1, hit.last + 1):
            for other in scanned.hits[first]:
                end = scanned.end(other)
                if end > right and other.name.curated and end - scanned.start(other) > length:
                    return True
        return False

    def _span(self, text: str, start: int, end: int, scanned: Scanned, hit: Hit, verdict: Verdict) -> Span:
        left, right = scanned.start(hit), scanned.end(hit)
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
        """Leave "receptor" out of "HER2 receptor", "adaptor" out of "SHC adaptor": the rest is a name of the same."""
        generic = (_PART if name.curated else _GENERIC).search(text, left, right)
        if generic:
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
        meanings: Meanings,
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
        if meanings.name_genes:
            kept = choose(kept)
            kept += iter_classes(text, sentence, kept, self._lexicon.drugs)
        return choose(kept)


def _context(text: str, start: int, end: int, left: int, right: int) -> Context:
    return Context(text[max(start, left - _NEAR) : left], text[right : min(end, right + _NEAR)])


def _in_any(start: int, end: int, places: Iterable[tuple[int, int]]) -> bool:
    return any(left < end and start < right for left, right in places)


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
