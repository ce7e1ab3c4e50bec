"""Drugs that no list holds yet: codes, nanoformulations, metal complexes, words with the stem of a generic name.

Owns the grammar of these (stems: WHO, "The use of stems in the selection of INN"). The concept is the name itself;
there is no CURIE.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

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
    r"\b[A-Za-z]{2,16}(?:nib|ciclib|parib|lisib|sertib|zomib|degib|terkib|toclax|aclax|xaclax|rubicin|platin|taxel|tecan|citabine"
    r"|trexed|lutamide|estrant|estrat|mab|sidenib|stat|rasib|siran|ersen|mycin|micin|imod|vir|vastatin|conazole|oxacin|gliptin"
    r"|gliflozin|sartan|prazole|setron|xaban|coxib|relix|relin|limus|lidomide|leucel|repvec|turev|filgrastim|tansine|vedotin"
    r"|mafodotin|ozogamicin|govitecan|deruxtecan|tesirine)s?\b"
)
_STEM_ONLY = re.compile(
    r"(?:thermo|cryo|ha?emo|rheo|chemo|turbido|potentio|gyro|cyto|bacterio|photo|helio|auxo|homeo|aero|meta|pro|nico"
    r"|immunonib|im)(?:stat|mab|nib)s?|(?:scfv|multi|bi|anti|uni)mabs?|(?:pro|pre)?ghrelins?|sequestrants?|metavir",
    re.IGNORECASE,
)
"""Words with the letters of a stem that are no drug: instruments, kinds of antibody."""
_PAYLOAD = (
    r"\s(?:vedotin|emtansine|deruxtecan|govitecan|mafodotin|soravtansine|ravtansine|tesirine|ozogamicin|duocarmazine|tirumotecan"
    r"|[a-z]{3,}(?:dotin|tansine|tecan|sirine|micin))\b"
)
_PAIR = re.compile(_PAYLOAD)
_CONJUGATE = re.compile(r"\b[A-Za-z][a-z]{3,}(?:mab|tug|bart|mig|ment|cept|tide)" + _PAYLOAD)
_NOT_CODE = re.compile(
    r"^(?:[A-Z]{2}50$|CD-?\d|IL-?\d|HLA|NCT\d{6,}|EGFR|HER\d|PD\d$|HCC|NCI|SNU|MDA|SUM|MCF|OVCAR|UWB|MOLM|THP|COVID|SARS|rs\d)"
)
_SUBSTITUTION = re.compile(r"[A-Z]\d{2,4}[A-Z]")
_LABEL_BEFORE = re.compile(
    r"\b(?:[Ff]igs?\.?|[Ff]igures?|[Tt]ables?|[Pp]anels?|[Ss]cheme|[Pp]hase|[Gg]rade|[Ss]tage)\s$"
)
_CELL_AFTER = re.compile(rf"[\s{DASH}](?:cells?|cell lines?|xenografts?|mice)\b")

_FORMULATION = re.compile(r"(?<![\w.@-])(?=[\w-]*[A-Z])[\w-]*\w@[\w-]*[A-Z][\w-]*\b(?!\.[a-z]|@)")

_METAL = (
    r"gold|silver|platinum|ruthenium|copper|iridium|osmium|rhenium|palladium|titanium|gallium|vanadium|antimony|organo[a-z]+"
    r"|Pt|Ru|Au|Cu|Ir|Os|Re|Pd"
)
_METAL_COMPLEX = re.compile(
    rf"(?<![\w{DASH}])(?:[A-Za-z][a-z]{{4,}}{_D})?(?:{_METAL})\s?\((?:I|II|III|IV|V)\){_D}?\s?"
    r"(?:(?:anticancer|prodrug|carbene|arene|polypyridyl)\s)?(?:complex(?:es)?|compounds?|prodrugs?|agents?)\b"
)
_DERIVATIVE = re.compile(
    rf"\b[A-Za-z][A-Za-z{DASH}]{{3,}}(?:ine|one|ol|ide|ane|ene|oid|ate|in|amide|acid)\s(?:derivative|analog(?:ue)?)\s"
    r"(?P<code>[A-Za-z]{1,4}-?\d{1,4}[A-Za-z]?|\d{1,4}[A-Za-z])(?![\w(])"
)

_CARRIED = re.compile(
    rf"(?<![\w{DASH}])(?!(?:[Dd]rug|[Ss]urface|[Tt]umou?r|[Ll]igand|[Aa]ntibody|[Pp]eptide|[Cc]argo|[Dd]ye|[Pp]rotein|non){_D})"
    rf"[\w{DASH}]*\w{_D}(?:loaded|bound|conjugated|encapsulated|encapsulating|coated|modified|functionali[sz]ed|decorated|carrying)"
    rf"(?:\s[a-z][\w{DASH}]*){{0,3}}\s(?:nano(?:particle|carrier|gel|sphere|capsule|rod|emulsion)s?|liposomes?|micelles?|NPs)\b"
)
_PARTICLES = re.compile(rf"(?<![\w{DASH}])(?=[\w{DASH}]*[A-Z][\w{DASH}]*[A-Z])[A-Za-z][\w@{DASH}]{{1,14}}\sNPs\b")
_CARRIER = re.compile(
    rf"(?:PLGA|PEG|PLA|PCL|PEI|PLL|PVP|PBS|SPIO|SPION|USPIO|MNP|MSN|AuNP|LNP|(?:Si|Ti|Ce|Mn)O2|ZnO|CuO|Fe\dO\d|DNA|RNA|{_D})+\sNPs"
)


def iter_formulations(text: str, start: int, end: int) -> Iterator[Span]:
    """Agents whose name is one whatever its parts are called.

    Nanoformulations ("cargo@carrier", "cargo-loaded liposomes", a code before "NPs"; not bare carriers), metal
    complexes with their oxidation state ("gold(I) complex"), coded derivatives ("quinoline derivative 7a").
    """
    for pattern in (_FORMULATION, _METAL_COMPLEX, _DERIVATIVE, _CARRIED, _PARTICLES):
        for match in pattern.finditer(text, start, end):
            if pattern is not _PARTICLES or not _CARRIER.fullmatch(match[0]):
                yield _span(text, match.start(), match.end(), 0.8)


def iter_conjugates(text: str, start: int, end: int, drugs: NameList) -> Iterator[Span]:
    """Antibody and peptide conjugates by nonproprietary name, "…mab …dotin", that the list does not hold."""
    for match in _CONJUGATE.finditer(text, start, end):
        if drugs.get(fold(match[0])) is None:
            yield _span(text, match.start(), match.end(), 0.9)


def iter_codes(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of unlisted drugs in `text[start:end]`; the caller drops those that overlap known names.

    A code that any place of the whole `text` introduces as a compound is one wherever it stands.
    """
    for match in _SPONSOR_CODE.finditer(text, start, end):
        if _is_code(text, match.start(), match.end()):
            yield _span(text, match.start(), match.end(), 0.8)
    uses = _uses(text)
    if uses is not None:
        for match in uses.finditer(text, start, end):
            if not _CELL_AFTER.match(text, match.end(), end) and not _LABEL_BEFORE.search(text, start, match.start()):
                yield _span(text, match.start(), match.end(), 0.8)
    for match in _INN.finditer(text, start, end):
        if _STEM_ONLY.fullmatch(match[0]):
            continue
        second = _PAIR.match(text, match.end(), end)
        yield _span(text, match.start(), second.end() if second else match.end(), 0.9)


@lru_cache(maxsize=4)
def _uses(text: str) -> re.Pattern[str] | None:
    """Finds the codes that the text introduces: "the inhibitor AB-123", "AB-123, a kinase inhibitor"."""
    codes = {
        match["code"]
        for pattern in (_NAMED_CODE, _CODE_GIVEN, _DERIVATIVE)
        for match in pattern.finditer(text)
        if _is_code(text, *match.span("code"))
    }
    if not codes:
        return None
    longest_first = sorted(codes, key=lambda code: (-len(code), code))
    return re.compile(rf"(?<![\w{DASH}.])(?:{'|'.join(map(re.escape, longest_first))})(?![\w{DASH}])")


def _is_code(text: str, left: int, right: int) -> bool:
    code = text[left:right]
    return not (_NOT_CODE.match(code) or _SUBSTITUTION.fullmatch(code) or _CELL_AFTER.match(text, right))


def _span(text: str, left: int, right: int, score: float) -> Span:
    concept = text[left:right].lower()
    if concept.endswith("complexes"):
        concept = concept[:-2]
    elif concept.endswith("s") and not concept.endswith(" nps") and (" " in concept or _INN.fullmatch(concept[:-1])):
        concept = concept[:-1]
    return Span(left, right, MentionType.DRUG, concept, None, score, PATTERN)
