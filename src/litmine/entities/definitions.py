"""What the short forms of a document mean, from the places where it introduces them.

Owns the reading of a definition "long form (SHORT)": a gene or drug under either name, or something else, after which
the short form is nowhere a gene or drug in this document.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from litmine.entities.spans import DEFINITION, DICTIONARY, TENTATIVE, Span
from litmine.lexicon.folding import fold
from litmine.lexicon.names import Name, NameList
from litmine.records import Abbreviation, MentionType

_GENE_HEAD = re.compile(
    r"(?:\b(?:receptors?|kinases?|factors?|proteins?|genes?|ligands?|antigens?|transporters?|integrins?|cyclins?|"
    r"chaperones?|homologs?|homologues?|oncogene|interleukin|chemokine|subunit|polypeptide|glycoprotein|[a-z]+ases?"
    r"|repeat|containing|binding|helicase|globulin|catenin|cadherin|mucin|complex|rna|phosphoprotein|enhancer|suppressor"
    r"|promoter|athanogene|adaptor|adapter|co-?activator|co-?repressor|activator|regulator|modulator|mediator|effector"
    r"|sensor|channel|exchanger|symporter|pump|tensin|homeobox|member|inhibitor of (?:apoptosis|metalloproteinases?))"
    r"(?:[\s-](?:[\dIVX]+[A-Za-z]?|[αβγδεζηθκλμ]|alpha|beta|gamma|delta|epsilon|type \w+|[A-Z]|like))*)$",
    re.IGNORECASE,
)
_DRUG_HEAD = re.compile(
    r"\b(?:inhibitors?|conjugates?|antagonists?|blockers?|agonists?|degraders?|chimeras?|mimetics?"
    r"|analog(?:ue)?s?|antibod(?:y|ies)|derivatives?|engagers?|agents?)$",
    re.IGNORECASE,
)
_NO_DRUG = re.compile(
    r"^(?:monoclonal |therapeutic |neutralizing |secondary |primary |specific )*"
    r"(?:antibod|agent|derivative|analog)",
    re.IGNORECASE,
)
_NOT_GENE = re.compile(
    r"\b(?:cells?|cancers?|carcinomas?|tumou?rs?|leuka?emias?|lymphomas?|disease|syndrome|response|survival|therapy|ratio"
    r"|interval|microscopy|chromatography|staining|assay|index|system|domain|mice|mouse|rate|time|score|analysis|imaging"
    r"|acid|membrane|reticulum|matrix|transition|cytotoxicity|phagocytosis|repair|recombination|element|region|mutation"
    r"|necrosis|apoptosis|signaling|pathway|acids|fibroblasts?|macrophages?|lymphocytes?|stress|species|reaction|sequencing"
    r"|inflammation|infection|failure|resistance|metastas[ei]s|growth|proliferation|progression|invasion)s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a short form stands for in one document; `type` is None where it is neither drug nor gene."""

    type: MentionType | None
    concept: str | None = None
    curie: str | None = None


class Meanings:
    """What the short forms of one document mean, and from which place on where one is defined anew."""

    def __init__(self) -> None:
        self._by_short: dict[str, list[tuple[int, Meaning]]] = {}

    def __contains__(self, short: str) -> bool:
        return short in self._by_short

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_short)

    @property
    def name_genes(self) -> bool:
        return any(m.type is MentionType.GENE for given in self._by_short.values() for _, m in given)

    def add(self, short: str, meaning: Meaning, at: int = 0, doubtful: bool = False) -> None:
        """From `at` on; before it, too, where nothing else is known. A doubtful meaning never replaces another."""
        given = self._by_short.setdefault(short, [])
        if given and (doubtful or given[-1][1] == meaning):
            return
        if given and given[-1][1].type is None and len(given) == 1:
            given.clear()
        given.append((at if given else 0, meaning))

    def at(self, short: str, place: int) -> Meaning:
        """The meaning of a known short form at a place of the text."""
        given = self._by_short[short]
        return next((meaning for start, meaning in reversed(given) if start <= place), given[0][1])


def read_definitions(
    text: str, abbreviations: Iterable[Abbreviation], found: Sequence[Span], genes: NameList
) -> tuple[Meanings, list[Span]]:
    """Meanings of short forms, and spans that only a definition shows: long forms, and whole names of classes.

    `found` are the spans recognised without definitions, ascending. Inside the name of a class of agents, as in
    "estrogen receptor (ER) antagonists", the short form means the target and not the class.
    """
    meanings = Meanings()
    added: list[Span] = []
    for abbreviation in abbreviations:
        short = text[abbreviation.short_start : abbreviation.short_end]
        own = next((s for s in found if (s.start, s.end) == (abbreviation.short_start, abbreviation.short_end)), None)
        if own is not None and own.type is MentionType.DRUG and not short.isupper():
            continue
        read = _read(text, abbreviation, found, genes)
        if read is None:
            continue
        added += read.added
        at = min(abbreviation.short_start, abbreviation.long_start)
        for form in (short, *_singular(short)):
            meanings.add(form, read.meaning, at, read.doubtful)
    return meanings, added


@dataclass(frozen=True, slots=True)
class _Read:
    meaning: Meaning
    added: tuple[Span, ...] = ()
    doubtful: bool = False


def _read(text: str, abbreviation: Abbreviation, found: Sequence[Span], genes: NameList) -> _Read | None:
    """What one definition says; None where it says nothing of its short form."""
    short = text[abbreviation.short_start : abbreviation.short_end]
    start, end = abbreviation.long_start, abbreviation.long_end
    long = text[start:end]
    inside = [s for s in found if s.overlaps(start, end) and (s.type is MentionType.GENE or s.score > TENTATIVE)]
    if sum(s.type is MentionType.DRUG for s in inside) > 1:
        return _Read(Meaning(None))
    if sum(s.start >= abbreviation.short_start and s.end <= abbreviation.short_end for s in found) > 1:
        return None
    last = next((s for s in inside if s.end >= end), None)
    if last is not None and start < abbreviation.short_start and last.end > abbreviation.short_end:
        target = genes.get(fold(long)) or gene_of_short(short, genes)
        whole = () if last.start <= start else (replace(last, start=start, weight=DEFINITION),)
        if target is None:
            return None
        return _Read(Meaning(MentionType.GENE, target.concept, target.curie), whole, doubtful=True)
    share = (end - max(last.start, start)) / (end - start) if last is not None else 0.0
    other = bool(_NOT_GENE.search(long))
    if last is not None and (share == 1 or (share > 0.5 and not other)):
        return _Read(Meaning(last.type, last.concept, last.curie))
    composed = last is not None and last.type is MentionType.DRUG and not other
    if composed or (_DRUG_HEAD.search(long) and not _NO_DRUG.search(long)):
        concept = long.lower()
        concept = concept[:-1] if concept.endswith("s") else concept
        span = Span(start, end, MentionType.DRUG, concept, None, 0.8, DEFINITION)
        return _Read(Meaning(MentionType.DRUG, concept), (span,))
    known = gene_of_short(short, genes)
    if known is not None and _GENE_HEAD.search(long) and not other:
        sure = known.curated or len(short) > 3 or any(c.isdigit() for c in short)
        concept, curie = (known.concept, known.curie) if sure else (short.upper(), None)
        span = Span(start, end, MentionType.GENE, concept, curie, 0.9, DEFINITION)
        return _Read(Meaning(MentionType.GENE, concept, curie), (span,))
    if known is not None and any(s.concept == known.concept for s in inside):
        return _Read(Meaning(MentionType.GENE, known.concept, known.curie))
    named = next((s for s in found if s.overlaps(abbreviation.short_start, abbreviation.short_end)), None)
    trusted = known is not None and known.curated and len(short) > 3
    distinct = not other and (trusted or any(c.isdigit() for c in short))
    if named is None or (named.weight == DICTIONARY and not distinct):
        return _Read(Meaning(None), doubtful=not other)
    return None


def _singular(short: str) -> tuple[str, ...]:
    return (short[:-1],) if len(short) > 2 and short[-1] == "s" and not short[-2].islower() else ()


def gene_of_short(short: str, genes: NameList) -> Name | None:
    """The gene that a short form can stand for, its plural included."""
    name = genes.get(fold(short))
    if name is None and short.endswith("s"):
        name = genes.get(fold(short[:-1]))
    return name


def iter_uses(text: str, start: int, end: int, meanings: Meanings) -> Iterator[tuple[int, int, Meaning]]:
    """Every whole-word use of a defined short form in `text[start:end]`, plural "s" included."""
    for short in meanings:
        at = text.find(short, start, end)
        while at >= 0:
            stop = at + len(short)
            if short[-1] != "s" and stop < end and text[stop] == "s":
                stop += 1
            free_before = at == start or not text[at - 1].isalnum()
            free_after = stop >= end or not text[stop].isalnum()
            if free_before and free_after:
                yield at, stop, meanings.at(short, at)
            at = text.find(short, stop, end)
