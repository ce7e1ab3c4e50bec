"""Whether a name found in the text is meant as that gene or drug.

Owns every rule against false hits: case, ordinary words, annotators' usage, label words ("Table 1"), units. It looks
at the surface, the name and the neighbouring words, never at other mentions.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from litmine.entities.senses import Sense, sense_of
from litmine.lexicon.folding import DASH, fold, word_set
from litmine.lexicon.names import Lexicon, Name

_LABELS = word_set(
    """
    and or of in at to the a an on by with vs versus figure fig table type types group groups grade stage step
    phase day week month year line lines arm level exon intron codon class cohort case patient cycle dose part
    section lane panel model factor factors pnas cell nat rev hu j pH sample clone site score total mean at
    least approximately about than ci
    """
)
_BREAK = re.compile(r"(?<=[^\W\d_])\s+(?=[^\W\d_])")
_SPACE = re.compile(r"\s")
_SEPARATORS = re.compile(rf"[\s{DASH}]")
_GENE_BEFORE = re.compile(
    r"\b(?:genes?|proteins?|oncogene|kinase|receptor|mutant|mutated|phosphorylated|phospho|total|anti|wild-?type"
    r"|(?:expression|overexpression|loss|levels|mutations?|knockdown|inhibition) of|mutations? in)[\s-]$",
    re.IGNORECASE,
)
_GENE_AFTER = re.compile(
    r"[\s-]{1,2}(?:gene|genes|protein|proteins|mRNA|mRNAs|expression|overexpression|amplification|amplified|mutations?|mutant"
    r"|mutated|kinase|receptors?|signal(?:l)?ing|pathway|axis|knockdown|knockout|silencing|phosphorylation|inhibitors?"
    r"|inhibition|deletion|deficient|deficiency|null|positive|negative|transcription|promoter|oncogene|levels?"
    r"|activation|activity|locus|exon \d+|alterations?|fusions?|rearrangements?|overexpressing"
    r"|transcripts?|loss|driven|dependent|mediated)\b"
    r"|\+|[\s-]{1,2}\(?(?:p\.)?[ACDEFGHIKLMNPQRSTVWY]\d{2,4}[ACDEFGHIKLMNPQRSTVWYX*]?\b|[\s]?[−-](?:negative|positive|[/,;)])"
)
_AUTHOR_AFTER = re.compile(r"\s+(?:et al|and (?:colleagues|co-?workers|associates))\b")
_RESIDUE = re.compile(r"[ACDEFGHIKLMNPQRSTVWY]\d{2,4}[ACDEFGHIKLMNPQRSTVWYX]?")
_PROTEIN_SITE = re.compile(r"[ACDEFGHIKLMNPQRSTVWY](?:\d{2,4}[ACDEFGHIKLMNPQRSTVWYX]|\d{2,3})")
_DESCRIPTION = re.compile(
    r"[\s-](?:cells?|antibod(?:y|ies)|inhibitors?|antagonists?|agonists?|blockers?|vaccines?)$", re.IGNORECASE
)
"""Ends of what registries list as a drug's name and is a kind of thing; `drug_classes` knows which are agents."""
_TITLE_CODE = re.compile(r"[A-Z][a-z]{1,4}\d{1,3}")
"""The look of an approved symbol of a mouse, or of a gene of yeast or fly that shares a human alias."""
_MEASURE = re.compile(r"[µμ]|pH\b")
_PANEL = re.compile(rf"S?\d{{1,2}}[A-Z]?|S\d{{1,2}}|[A-Z][{DASH}][A-Z]")
"""Labels of panels and of supplementary figures and tables."""
_ION = re.compile(r"(?:Ca|Mg|Zn|Fe|Cu|Mn|Ni|Co|Cd)\d?")
_CHARGE = re.compile(r"\s?\(?[\d⁰-⁹]?[+⁺]")
_CELL_AFTER = re.compile(
    r"[\s-]{1,2}(?:(?:[a-z]+\s)?(?:cancer|carcinoma|leuka?emia|lymphoma|melanoma|myeloma|glioma|sarcoma)\s)?cells?\b"
)
_FUNCTION_WORD = re.compile(r"\s(?:is|as|its|us|this|has|was)$")
"""Where "KRAS G12C is" reads as a plural of "KRAS G12Ci"."""
_GIVEN_BEFORE = re.compile(
    r"(?:\b(?:treat(?:ed|ment|ing)|supplement(?:ed|ation|ing)?|incubat(?:ed|ion)|administ(?:ered|ration|ering)|pretreat(?:ed|ment)"
    r"|inject(?:ed|ions?)|dosed|given|received|receiving|exposed to|exposure to|infus(?:ed|ions?)|therapy)"
    r"(?:\s(?:of|with|by|the|oral|exogenous|intravenous|dietary|high-dose))*"
    r"|\b(?:exogenous|synthetic|dietary|high-dose|\d ?[mµμn]M|mg))\s$"
)
_GIVEN_AFTER = re.compile(
    r"[\s-]+(?:(?:treatment|treated|supplement\w*|administration|therapy|injections?|infusions?|agonists?|analog(?:ue)?s?)\b"
    r"|(?:was|were) (?:given|administered|injected|added)"
    r"|\(?\d+(?:\.\d+)? ?(?:[mµμ]?g\b|[mµμn]M\b)|at \d+(?:\.\d+)? ?[mµμ]?g/)"
)


class Verdict(IntEnum):
    """MAYBE: only where the document names the same thing in a surer way too."""

    NO = 0
    MAYBE = 1
    YES = 2


def _verdict(meant: bool) -> Verdict:
    return Verdict.YES if meant else Verdict.NO


@dataclass(frozen=True, slots=True)
class Context:
    """What stands directly before and after a hit."""

    before: str
    after: str

    @property
    def gives_agent(self) -> bool:
        """Whether the words around speak of something given to cells, animals or patients."""
        return bool(_GIVEN_BEFORE.search(self.before) or _GIVEN_AFTER.match(self.after))

    @property
    def speaks_of_gene(self) -> bool:
        return bool(_GENE_BEFORE.search(self.before) or _GENE_AFTER.match(self.after))


def is_spelled(surface: str, name: Name, plural: bool) -> bool:
    """Whether the text uses one of the spellings that the name asks for; hyphens and spaces aside."""
    if not name.exact:
        return True
    bare = _SEPARATORS.sub("", surface)
    return (bare[:-1] if plural else bare) in {_SEPARATORS.sub("", form) for form in name.exact}


def judge_gene(surface: str, name: Name, plural: bool, context: Context, lexicon: Lexicon) -> Verdict:
    """Whether a hit in the list of genes is one, judged without the rest of the document."""
    if not is_spelled(surface, name, plural):
        return Verdict.NO
    if not _is_unbroken(surface, name) or _AUTHOR_AFTER.match(context.after):
        return Verdict.NO
    sense = sense_of(surface, context.before, context.after)
    if sense is not Sense.UNKNOWN:
        return _verdict(sense is Sense.GENE)
    if len(surface) < 3:
        return _judge_shortest(surface, name, context, lexicon)
    if _ION.fullmatch(surface) and _CHARGE.match(context.after):
        return Verdict.NO
    if name.curated:
        return Verdict.YES
    if "/" in surface or _MEASURE.match(surface) or _PANEL.fullmatch(surface):
        return Verdict.NO
    if plural and len(surface) < 4:
        return Verdict.NO
    usage = lexicon.gene_usage.get(surface)
    if usage is not None and usage.other > usage.named and not (_is_marker(surface) or context.speaks_of_gene):
        return Verdict.NO
    trusted = usage is not None and usage.named > 1 and usage.named >= 3 * usage.other
    if name.rank and _RESIDUE.fullmatch(surface):
        return _verdict(trusted)
    if surface.isalpha() and not name.words:
        return _judge_word(surface, name, trusted, context, lexicon)
    if name.rank > 1 and _TITLE_CODE.fullmatch(surface) and not (trusted or context.speaks_of_gene):
        return Verdict.MAYBE
    if name.rank == 3 and len(surface) < 4:
        return _verdict(trusted or context.speaks_of_gene)
    return _verdict(not (surface.islower() and name.symbol and name.rank == 3 and not trusted))


def _judge_shortest(surface: str, name: Name, context: Context, lexicon: Lexicon) -> Verdict:
    """Two characters are initials as often as a gene."""
    if context.speaks_of_gene and (
        name.curated or (name.rank < 3 and not any(c.islower() for c in surface) and surface[0].isalpha())
    ):
        return Verdict.YES
    usage = lexicon.gene_usage.get(surface)
    known = usage is not None and usage.named > 1 and usage.named >= 3 * usage.other
    return Verdict.MAYBE if name.curated or (known and surface.isupper()) else Verdict.NO


def _judge_word(surface: str, name: Name, trusted: bool, context: Context, lexicon: Lexicon) -> Verdict:
    """For surfaces of letters only, where words and abbreviations lurk."""
    key = surface.lower()
    if surface.islower():
        return _verdict(trusted or (not name.symbol and key not in lexicon.ordinary and len(surface) > 4))
    if surface.istitle():
        if key in lexicon.ordinary:
            return _verdict(trusted and context.speaks_of_gene)
        if not name.symbol:
            return _verdict(trusted or len(surface) > 4)
        if trusted or context.speaks_of_gene:
            return Verdict.YES
        return Verdict.MAYBE if name.rank == 0 else Verdict.NO
    if name.ambiguous or name.rank >= 3 or (len(surface) == 3 and name.rank > 0):
        return _verdict(trusted or context.speaks_of_gene)
    return Verdict.YES


def _is_marker(surface: str) -> bool:
    return surface.startswith("CD") and surface[2:3].isdigit()


def _is_unbroken(surface: str, name: Name) -> bool:
    """Whether the gaps in the surface are such as the name has."""
    if not _SPACE.search(surface):
        return name.solid or not surface.isalpha() or sum(c.isupper() for c in surface) > 1
    if name.words:
        return True
    first, *others = surface.split()
    if any(other.isalpha() and other.islower() for other in others):
        return False
    if _BREAK.search(surface) or first.lower() in _LABELS:
        return False
    return len(first) > 4 if first.islower() else len(first) > 1


def may_be_agent(surface: str, context: Context, lexicon: Lexicon) -> bool:
    """False for matter of the body and the bench: the one is an agent only where the text gives it, the other never."""
    kind = lexicon.not_drugs.get(fold(surface))
    return kind is None or (kind.startswith("given") and context.gives_agent)


def judge_drug(surface: str, name: Name, plural: bool, context: Context, lexicon: Lexicon) -> Verdict:
    """Whether a hit in the list of drugs is one, judged without the rest of the document."""
    if not is_spelled(surface, name, plural):
        return Verdict.NO
    if not _is_unbroken(surface, name) or (plural and _FUNCTION_WORD.search(surface)):
        return Verdict.NO
    if name.curated:
        return Verdict.YES
    if not may_be_agent(surface, context, lexicon):
        return Verdict.NO
    if _PROTEIN_SITE.fullmatch(surface) or " (" in surface:
        return Verdict.NO
    if _DESCRIPTION.search(surface) or surface.lower() in lexicon.ordinary:
        return Verdict.NO
    if " " in surface and surface.split()[0].lower() in _LABELS:
        return Verdict.NO
    usage = lexicon.drug_usage.get(surface)
    if usage is not None and usage.other > usage.named:
        return Verdict.NO
    if any(c.isdigit() for c in surface):
        if not any(c.isupper() for c in surface) and name.symbol and len(surface) < 8:
            return Verdict.NO
        return _verdict(not _CELL_AFTER.match(context.after) or len(surface) > 7)
    if (_BREAK.search(surface) and not name.words) or len(surface) < 5:
        return Verdict.NO
    return Verdict.MAYBE if name.rank == 3 else Verdict.YES
