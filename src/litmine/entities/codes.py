"""Drugs that no list holds yet: development codes, nanoformulations, words with the stem of a nonproprietary name.

Owns the grammar of these (stems: WHO, "The use of stems in the selection of INN"). The concept is the name itself;
there is no CURIE.
"""

import re
from collections.abc import Iterator

from litmine.entities.spans import PATTERN, Span
from litmine.lexicon.folding import DASH, fold
from litmine.lexicon.names import NameList
from litmine.records import MentionType

_D = f"[{DASH}]"
_SPONSORS = (
    "ABBV|ABT|ACY|AGX|ALRN|AMG|APG|ARQ|ARRY|ARV|ASP|ASTX|AUY|AZD|BAY|BBI|BDC|BGB|BGJ|BIIB|BKM|BLU|BMN|BMS|BPI|BYL|CBL|CCS|CEP|CFI|CFT|CHIR|CPI|"
    "DCC|DS|DZD|EPZ|FCN|GDC|GNE|GSK|GW|HKI|HMPL|HSP|IBI|ICI|IDE|IMGN|IMMU|INCB|IPI|JAB|JDQ|JNJ|JSI|KPT|KRT|KU|LBH|LCL|LDK|LEE|LGK|"
    "LOXO|LSN|LY|MDV|MEDI|MGA|MGC|MGCD|MK|MLN|MRTX|NMS|NVL|NVP|ODM|ONC|ONO|ORIC|ORIN|OSI|OTX|PDR|PF|PHA|PLX|PRT|PTC|REGN|RMC|RXDX|"
    "SAR|SB|SCH|SEA|SGI|SGN|SGX|SHR|SKB|SKI|SNDX|SNS|STA|STM|TAK|TAS|TEW|TG|TPX|UCN|VX|WNT|XMT|YH|YKL|YM|ZEN|ZN"
)
_SPONSORS_HYPHENATED = "BI|CC|CH|CT|E|GS|HS|KO|M|NX|RG|RO|RP|SU|SY|VS|ZW"
_SPONSOR_CODE = re.compile(
    rf"\b(?:(?:{_SPONSORS})[{DASH} ]?\d{{3,8}}|(?:{_SPONSORS_HYPHENATED}){_D}\d{{3,8}})[a-zA-Z]?\b(?![{DASH}]?\w)"
)
_HEAD = (
    r"(?:inhibitors?|antagonists?|agonists?|degraders?|blockers?|mimetics?|activators?|inducers?|modulators?|compounds?|drugs?|agents?"
    r"|conjugates?|ADCs?|PROTACs?|TKIs?|molecules?|antibod(?:y|ies)|derivatives?|analog(?:ue)?s?|prodrugs?)"
)
_NAMED_CODE = re.compile(
    rf"\b{_HEAD}(?:,?\s|\s?\(|,\s(?:such as|namely|including|e\.g\.,?)\s|\s(?:such as|named|called|known as)\s)"
    rf"(?P<code>[A-Z]{{1,5}}{_D}?\d{{2,7}}[A-Za-z]?(?:{_D}\d{{1,4}})?)(?![\w{DASH}])"
)
_CODE_GIVEN = re.compile(
    rf"\b(?P<code>[A-Z]{{2,5}}{_D}?\d{{3,7}}[A-Za-z]?)(?=,? (?:an?|the) (?:[\w/{DASH}]+ ){{0,6}}{_HEAD}\b)"
)
_INN = re.compile(
    r"\b[A-Za-z]{2,16}(?:tinib|ciclib|parib|rafenib|metinib|lisib|sertib|zomib|degib|toclax|aclax|xaclax|rubicin|platin|taxel|tecan|citabine"
    r"|trexed|lutamide|estrant|estrat|zumab|ximab|tumab|limab|tamab|mumab|momab|sidenib|metostat|inostat|fenib|brutinib|terkib|rasib|siran|"
    r"limus|lidomide|leucel|tansine|vedotin|mafodotin|ozogamicin|govitecan|deruxtecan|tesirine)s?\b"
)
_PAYLOAD = (
    r"\s(?:vedotin|emtansine|deruxtecan|govitecan|mafodotin|soravtansine|ravtansine|tesirine|ozogamicin|duocarmazine|tirumotecan"
    r"|[a-z]{3,}(?:dotin|tansine|tecan|sirine|micin))\b"
)
_PAIR = re.compile(_PAYLOAD)
_CONJUGATE = re.compile(r"\b[A-Za-z][a-z]{3,}(?:mab|tug|bart|mig|ment|cept|tide)" + _PAYLOAD)
_NOT_CODE = re.compile(
    r"^(?:CD\d|IL\d|HLA|NCT\d{6,}|EGFR|HER\d|PD\d|HCC|NCI|SNU|MDA|SUM|MCF|OVCAR|UWB|MOLM|THP|COVID|SARS|rs\d)"
)
_SUBSTITUTION = re.compile(r"[A-Z]\d{2,4}[A-Z]")
_CELL_AFTER = re.compile(rf"[\s{DASH}](?:cells?|cell lines?|xenografts?|mice)\b")

_FORMULATION = re.compile(r"(?<![\w.@-])(?=\w*[A-Z])[\w-]*\w@[\w-]*[A-Z][\w-]*\b(?!\.[a-z]|@)")


def iter_formulations(text: str, start: int, end: int) -> Iterator[Span]:
    """Nanoformulations in the notation "cargo@carrier", which are one drug whatever their parts are called."""
    for match in _FORMULATION.finditer(text, start, end):
        yield _span(text, match.start(), match.end(), 0.8)


def iter_conjugates(text: str, start: int, end: int, drugs: NameList) -> Iterator[Span]:
    """Antibody and peptide conjugates by nonproprietary name, "…mab …dotin", that the list does not hold."""
    for match in _CONJUGATE.finditer(text, start, end):
        if drugs.get(fold(match[0])) is None:
            yield _span(text, match.start(), match.end(), 0.9)


def iter_codes(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of unlisted drugs in `text[start:end]`; the caller drops those that overlap known names."""
    for pattern, group in ((_SPONSOR_CODE, 0), (_NAMED_CODE, "code"), (_CODE_GIVEN, "code")):
        for match in pattern.finditer(text, start, end):
            left, right = match.span(group)
            if (
                not _NOT_CODE.match(text[left:right])
                and not _SUBSTITUTION.fullmatch(text[left:right])
                and not _CELL_AFTER.match(text, right, end)
            ):
                yield _span(text, left, right, 0.8)
    for match in _INN.finditer(text, start, end):
        second = _PAIR.match(text, match.end(), end)
        yield _span(text, match.start(), second.end() if second else match.end(), 0.9)


def _span(text: str, left: int, right: int, score: float) -> Span:
    concept = text[left:right].lower()
    if concept.endswith("s") and _INN.fullmatch(concept[:-1]):
        concept = concept[:-1]
    return Span(left, right, MentionType.DRUG, concept, None, score, PATTERN)
