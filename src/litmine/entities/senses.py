"""Names that mean a gene in one place and something else in another: "ER", "MET", "CHOP", "MAX".

Owns what their neighbouring words tell. A name without a row here has one sense, or is left to the other guards.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Sense(Enum):
    GENE = "gene"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Cues:
    """What stands behind or before a name, for its other meaning and for the gene; the other meaning is asked first."""

    other_after: re.Pattern[str] | None = None
    other_before: re.Pattern[str] | None = None
    gene_after: re.Pattern[str] | None = None
    gene_before: re.Pattern[str] | None = None


def _cues(other_after: str = "", other_before: str = "", gene_after: str = "", gene_before: str = "") -> _Cues:
    return _Cues(
        re.compile(other_after) if other_after else None,
        re.compile(f"(?:{other_before})$") if other_before else None,
        re.compile(gene_after) if gene_after else None,
        re.compile(f"(?:{gene_before})$") if gene_before else None,
    )


_AMONG = r"\s*(?:[,/&]|,? and|,? or)\s*"
_RESPONSES = "(?:CR|SD|PD|PR|ORR|NR)"
_HORMONAL = "(?:ER|PR|PgR|AR|HER-?2(?:/neu)?|Ki-?67)"
_STATUS = r"[\s-]*(?:\+|[−–](?![\w])|positiv|negativ|status|expression|α|β|alpha|low\b|high\b)"
_STUDY = r"[\s-]+(?:trials?|stud(?:y|ies)|cohort|consort\w+|database|dataset|score|criteria|tool|software)\b"
_CUES = {
    "ER": _cues(
        r"[\s-]+(?:stress|lumen|luminal|membranes?|chaperones?|calcium|Ca|homeostasis|proteins?|reten\w+|resident|phagy"
        r"|export|UPR|exit|translocon|associated degradation|Golgi|mitochondri\w+|localiz\w+|compartment|visits?)"
        r"|\s?/\s?(?:Golgi|SR|PM)\b|\s(?:to|and)\s(?:the\s)?Golgi",
        r"[Gg]olgi(?: apparatus)?(?: and |/|-)(?:the )?|\b(?:brought|admitted|presented|visit) to the |rough |smooth ",
        rf"{_STATUS}|{_AMONG}{_HORMONAL}\b",
        rf"\b{_HORMONAL}{_AMONG}",
    ),
    "PR": _cues(
        rf"{_AMONG}(?:CR|SD|PD|NR)\b|\s(?:in|was (?:reached|seen|achieved|observed)|according|per|by RECIST|rate)\b",
        rf"\b{_RESPONSES}{_AMONG}|\b(?:a|as|had|achieved|confirmed|best response was) ",
        rf"{_STATUS}|{_AMONG}(?:ER|HER-?2|AR)\b",
        rf"\b(?:ER|HER-?2|AR){_AMONG}",
    ),
    "AR": _cues(
        "",
        "",
        rf"{_STATUS}|[\s-]+(?:V7|splice|ligand|antagonis\w+|target\w*|axis|pathway|signal\w+|inhibit\w+)|{_AMONG}(?:ER|PR)\b",
        rf"\b(?:ER|PR){_AMONG}",
    ),
    "ubiquitin": _cues(
        r"[\s-]+(?:E3|ligases?|proteasom|like|conjugating|specific|dependent|mediated|system|chain|activating)"
    ),
    "CHOP": _cues(
        rf"[\s-]+(?:regimen|chemotherapy|like|based|therapy|plus|cycles?|alone|21|14)\b|{_AMONG}(?:R|G|O|mini)-",
        r"\b[RGO]-|\bPola-R-?|\bmini-?|\b(?:rituximab|cycles of)(?: plus| and|,)? ",
    ),
    "MET": _cues(
        r"[\s-]+(?:program|programme|process|transition|tumou?rs? sites?)|,? the reverse\b|\s?[-/–]\s?EMT\b"
        r"|(?: and| or| to) EMT\b",
        r"\bEMT(?:[-/–]| and | or | to )|\bunderg(?:o|oes|oing|one) (?:an? )?|\bunderwent |metastatic(?: \w+)? \(",
    ),
    "Met": _cues(r"[\s-]?\d{1,3}\b", r"\b(?:Ala|Arg|Asn|Asp|Ile|Leu|Lys|Ser|Thr|Val)\W{0,2}\d*|\d"),
    "cyclin": _cues(r"[\s-]+(?:dependent|independent)"),
    "BID": _cues(
        r"[\s-]+(?:dosing|dose|schedule|for \d+|on days?|\d|until|with food)",
        r"[mµμ]?[mµμ]?g\b[^.;]{0,12}|\b(?:daily|orally|given|administered|dosed|po|PO) ",
    ),
    "SET": _cues(
        r"\s(?:of|up)\b", r"\b(?:data|gene|training|test|validation) ", r"\s(?:protein|oncoprotein|domain|and PP2A)", ""
    ),
    "MAX": _cues(r"\s(?:was taken|value|intensity|score|of \d)|\s?[.=:]\s?\d", r"\b(?:[Cc]|SUV|t|T|V) ?|\bthe "),
    "CAT": _cues(r"\s(?:scan|reporter|assay)|[\s-]+No\b|\s?#"),
    "APC": _cues(
        r"(?:s\b)|[\s-]+(?:was|were) (?:counted|pulsed|loaded)"
        r"|[\s-]+(?:function|licensing|maturation|conjugat\w+|channel|Cy7)|[-/](?:C(?:dc|DC)20|Cdh1|C\b)",
        r"\b(?:professional|each|with|PE/|FITC/|anti-\w+) ?|T[ -]cells? and |allophycocyanin \(",
        r"[\s-]+(?:gene|mutat\w+|loss|delet\w+|truncat\w+|deficien\w+|Min|tumou?r suppressor|inactivat\w+)",
        r"\b(?:loss|mutations?|mutated|inactivation|deletion) (?:of|in) ",
    ),
    "KIT": _cues(r"\s(?:was used|from|\()", r"\b(?:[Aa]ssay|[Dd]etection|[Ee]xtraction|[Mm]ini|ELISA) "),
    "REST": _cues(r"\s(?:API|server|interface)"),
    "CAMP": _cues(r"\s(?:levels?|and cGMP|signal)"),
    "TRAP": _cues(r"\s(?:stain|assay|positive)"),
    "STAR": _cues(r"\s(?:align\w*|methods|protocols)|,? v?\d"),
    "MUSTANG": _cues(_STUDY),
    "IMPACT": _cues(rf"{_STUDY}|{_AMONG}[A-Z]{{4,}}"),
    "FOCUS": _cues(_STUDY),
    "TNT": _cues(_STUDY),
    "ATLAS": _cues(_STUDY),
}


def sense_of(surface: str, before: str, after: str) -> Sense:
    """What the words directly before and after a name say it means."""
    cues = _CUES.get(surface)
    if cues is None:
        return Sense.UNKNOWN
    if (cues.other_after and cues.other_after.match(after)) or (cues.other_before and cues.other_before.search(before)):
        return Sense.OTHER
    if (cues.gene_after and cues.gene_after.match(after)) or (cues.gene_before and cues.gene_before.search(before)):
        return Sense.GENE
    return Sense.UNKNOWN
