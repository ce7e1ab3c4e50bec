"""MicroRNAs, long non-coding, circular and Piwi-interacting RNAs by the grammar of their names.

Owns the forms; a list could never hold them. A microRNA's concept is its HGNC stem ("miR-30b-5p" is MIR30B). Where
HGNC knows only numbered loci (MIR125B1, MIR125B2) there is no CURIE, for the text does not say which one is meant.
"""

import re
from collections.abc import Iterator

from litmine.entities.spans import PATTERN, Span
from litmine.lexicon.folding import DASH, fold
from litmine.lexicon.names import NameList
from litmine.records import MentionType

_D = f"[{DASH}]"
_MIRNA = re.compile(
    rf"\b(?:(?:hsa|mmu|rno){_D}?)?(?:onco|anti|pre|pri)?{_D}?(?:[mM]iR|mir|MIR|Mir|[mM]iRNA|[mM]icroRNA)s?"
    rf"[{DASH} ]{{0,2}}(?P<number>\d{{1,5}}[a-z]{{0,2}})"
    rf"(?P<more>(?:/(?:[a-z]|\d{{1,4}}[a-z]?)(?=[\s/{DASH}]|\b)){{0,3}})(?P<arm>(?:{_D}\d)?(?:{_D}[35]p)?\*?)(?![\w])"
)
_LET7 = re.compile(rf"\b(?:(?:hsa|mmu){_D})?(?:miR{_D})?[Ll]et{_D}?7(?P<letter>[a-i])?(?:{_D}[35]p)?(?!\w)")
_CIRCULAR = re.compile(
    rf"\b(?:[Hh]sa_circ_\d{{4,7}}|[Hh]sa_circ[A-Z][A-Z0-9]+|[Cc]irc_?(?!RNAs?\b)(?:RNA)?[{DASH}_]?"
    rf"(?:\d{{5,7}}|[A-Z][A-Z0-9]{{2,}}\w*))"
    rf"|\b[A-Z][A-Z0-9]+{_D}circ\b"
)
_LONG = re.compile(
    rf"\b(?:[Ll][Ii][Nn][Cc](?:RNA)?[{DASH} ]?\d{{4,6}}|LOC\d{{5,9}}|(?:RP|CT[A-D])\d*{_D}\d+[A-Z]\d+\.\d+"
    r"|A[CLPF]\d{6}\.\d+"
    rf"|[A-Z][A-Z0-9]{{2,}}(?:{_D}[A-Z0-9]+)?{_D}(?:AS|IT|OT|DT)\d?|SNHG\d+|[Ll]inc{_D}[A-Z][A-Za-z0-9]+"
    rf"|(?:pir|piR){_D}(?:hsa{_D})?\d[\d,]{{2,7}}\d)(?!\w)"
)


def iter_noncoding(text: str, start: int, end: int, genes: NameList) -> Iterator[Span]:
    """Spans in `text[start:end]`, in no order; none overlaps another of its own form."""
    for match in _MIRNA.finditer(text, start, end):
        concept = "MIR" + match["number"].upper()
        if match["more"][1:2].isalpha():
            concept = "MIR" + match["number"].rstrip("abcdefghijklmnopqrstuvwxyz")
        yield _span(match, concept, genes.curie(concept))
    for match in _LET7.finditer(text, start, end):
        letter = (match["letter"] or "").upper()
        concept = f"MIRLET7{letter}"
        yield _span(match, concept, genes.curie(concept) or ("fplx:MIRLET7" if not letter else None))
    for match in _CIRCULAR.finditer(text, start, end):
        yield _span(match, match[0].upper(), None)
    for match in _LONG.finditer(text, start, end):
        known = genes.get(fold(match[0]))
        concept = known.concept if known else match[0].upper().replace(",", "")
        yield _span(match, concept, known.curie if known else None)


def _span(match: re.Match[str], concept: str, curie: str | None) -> Span:
    return Span(match.start(), match.end(), MentionType.GENE, concept, curie, 1.0 if curie else 0.8, PATTERN)
