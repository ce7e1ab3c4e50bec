"""What the short forms of a document mean, from the places where it introduces them.

Owns the reading of a definition "long form (SHORT)": a gene or drug under either name, or something else, after which
the short form is nowhere a gene or drug in this document.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from litmine.entities.spans import DEFINITION, DICTIONARY, Span
from litmine.lexicon.folding import fold
from litmine.lexicon.names import Name, NameList
from litmine.records import Abbreviation, MentionType

_GENE_HEAD = re.compile(
    r"(?:\b(?:receptors?|kinases?|factors?|proteins?|genes?|ligands?|antigens?|transporters?|integrins?|cyclins?|"
    r"chaperones?|homologs?|homologues?|oncogene|interleukin|chemokine|subunit|polypeptide|glycoprotein|[a-z]+ases?"
    r"|repeat|containing|binding|helicase|globulin|catenin|cadherin|mucin|complex|rna|phosphoprotein|enhancer|suppressor)"
    r"(?:[\s-](?:[\dIVX]+[A-Za-z]?|[αβγδεζηθκλμ]|alpha|beta|gamma|delta|epsilon|type \w+|[A-Z]|like))*)$",
    re.IGNORECASE,
)
_DRUG_HEAD = re.compile(
    r"\b(?:inhibitors?|conjugates?|antagonists?|blockers?|agonists?|degraders?|chimeras?|mimetics?|nanoparticles?"
    r"|analog(?:ue)?s?"
    r"|antibod(?:y|ies)|derivatives?|liposomes?|engagers?|agents?)$",
    re.IGNORECASE,
)
_NO_DRUG = re.compile(
    r"^(?:monoclonal |therapeutic |neutralizing |secondary |primary |specific )*"
    r"(?:antibod|agent|derivative|analog|nanopart|liposome)",
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


def read_definitions(
    text: str, abbreviations: Iterable[Abbreviation], found: Sequence[Span], genes: NameList
) -> tuple[dict[str, Meaning], list[Span]]:
    """Meanings by short form, and spans of the long forms that only their short form identifies.

    `found` are the spans recognised without definitions, ascending. Inside the name of a class of agents, as in
    "estrogen receptor (ER) antagonists", the short form means the target and not the class.
    """
    meanings: dict[str, Meaning] = {}
    added: list[Span] = []
    for abbreviation in abbreviations:
        short = text[abbreviation.short_start : abbreviation.short_end]
        start, end = abbreviation.long_start, abbreviation.long_end
        long = text[start:end]
        own = next((s for s in found if (s.start, s.end) == (abbreviation.short_start, abbreviation.short_end)), None)
        if own is not None and own.type is MentionType.DRUG and not short.isupper():
            continue
        if long.count("(") != long.count(")") or (short in meanings and meanings[short].type is not None):
            continue
        inside = [s for s in found if s.overlaps(start, end)]
        if sum(s.type is MentionType.DRUG for s in inside) > 1:
            meanings.setdefault(short, Meaning(None))
            continue
        last = next((s for s in inside if s.end >= end), None)
        if last is not None and last.start <= start and last.end > abbreviation.short_end:
            target = genes.get(fold(long))
            if target is not None:
                meanings.setdefault(short, Meaning(MentionType.GENE, target.concept, target.curie))
            continue
        share = (end - max(last.start, start)) / (end - start) if last is not None else 0.0
        if last is not None and (share == 1 or (share > 0.5 and not _NOT_GENE.search(long))):
            meanings[short] = Meaning(last.type, last.concept, last.curie)
            continue
        composed = last is not None and last.type is MentionType.DRUG
        if composed or (_DRUG_HEAD.search(long) and not _NO_DRUG.search(long)):
            concept = long.lower()
            concept = concept[:-1] if concept.endswith("s") else concept
            meanings[short] = Meaning(MentionType.DRUG, concept, None)
            added.append(Span(start, end, MentionType.DRUG, concept, None, 0.8, DEFINITION))
            continue
        known = gene_of_short(short, genes)
        other = bool(_NOT_GENE.search(long))
        if known is not None and _GENE_HEAD.search(long) and not other:
            meanings[short] = Meaning(MentionType.GENE, known.concept, known.curie)
            added.append(Span(start, end, MentionType.GENE, known.concept, known.curie, 0.9, DEFINITION))
            continue
        named = next((s for s in found if s.overlaps(abbreviation.short_start, abbreviation.short_end)), None)
        if known is not None and any(s.concept == known.concept for s in inside):
            meanings[short] = Meaning(MentionType.GENE, known.concept, known.curie)
            continue
        trusted = known is not None and known.curated and len(short) > 3
        distinct = not other and (trusted or any(c.isdigit() for c in short))
        if named is None or (named.weight == DICTIONARY and not distinct):
            meanings.setdefault(short, Meaning(None))
    for short, meaning in list(meanings.items()):
        if len(short) > 2 and short[-1] == "s" and short[-2].isupper():
            meanings.setdefault(short[:-1], meaning)
    return meanings, added


def gene_of_short(short: str, genes: NameList) -> Name | None:
    """The gene that a short form can stand for, its plural included."""
    name = genes.get(fold(short))
    if name is None and short.endswith("s"):
        name = genes.get(fold(short[:-1]))
    return name


def iter_uses(text: str, start: int, end: int, meanings: dict[str, Meaning]) -> Iterator[tuple[int, int, Meaning]]:
    """Every whole-word use of a defined short form in `text[start:end]`, plural "s" included."""
    for short, meaning in meanings.items():
        at = text.find(short, start, end)
        while at >= 0:
            stop = at + len(short)
            if short[-1] != "s" and stop < end and text[stop] == "s":
                stop += 1
            free_before = at == start or not text[at - 1].isalnum()
            free_after = stop >= end or not text[stop].isalnum()
            if free_before and free_after:
                yield at, stop, meaning
            at = text.find(short, stop, end)
