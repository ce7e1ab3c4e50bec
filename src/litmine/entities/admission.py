"""Which of a tagger's proposals are drugs or genes in the sense of the guidelines.

A tagger marks every chemical; a drug is one that is given as an agent. It also marks what it has never seen. So a
proposal is admitted on what the document says of its surface as a whole: how sure the tagger is of it, whether it looks
like a name, and, for a chemical, whether anything is treated with it. What lists and rules found stays untouched.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from litmine.entities.ner import NameKind, Proposal
from litmine.entities.spans import PROPOSAL, Span
from litmine.lexicon.folding import DASH, fold
from litmine.lexicon.names import Lexicon
from litmine.records import MentionType

SURE_GENE, SURE_DRUG = 0.9, 0.6
"""Least score of the surest place of a surface."""
_NEAR = 60
_GIVEN_BEFORE = re.compile(
    r"\b(?:treat(?:ed|ment|ing|s)?|combin(?:ed|ation|ing)|co-?administ\w+|administ\w+|dos(?:es?|ed|ing)|inject\w+"
    r"|expos(?:ed|ure)|sensitiv\w+|sensiti[sz]\w+|resistan\w+|respon\w+|refractory|toler\w+|cytotoxic\w*|therapy"
    r"|therapeutic|inhibitors?|antagonists?|agonists?|agents?|drugs?|compounds?|analog(?:ue)?s?|derivatives?|inducers?"
    r"|efficacy|effects?|induced by|received|receiving|given|addition|adding)"
    rf"(?: (?:the|a|an|to|with|of|by|and|or|using))*[\s(,{DASH}]+$",
    re.IGNORECASE,
)
_GIVEN_AFTER = re.compile(
    rf"^[\s{DASH},)]*(?:treat\w+|therapy|monotherapy|administration|injection|inhibitors?|sensitiv\w+|sensiti[sz]\w+"
    r"|resistan\w+|induced|mediated (?:death|killing|apoptosis|cytotoxicity)|exposure|combination|nanoparticles?"
    r"|conjugates?|dos(?:es?|ing)|group|(?:at )?\d[\d.,]*\s?(?:mg|[µμn]?M|[µμn]g|nmol|mmol)\b"
    r"|inhibited|suppressed|reduced|increased|induces|triggers?|activates)",
    re.IGNORECASE,
)
_WORDS = re.compile(rf"[a-z {DASH}]+")
_ENDING = re.compile(
    r"(?:mycin|cillin|micin|cycline|tinib|mab|azole|idine|amide|imide|amine|cyanate|thione|terol|statin|toxin|taxel"
    r"|rubicin|platin|phylline|oxacin|azine|icin|olone|poside|tecan|mustine|osides?|quinone|ciclib|parib|vir|trexate"
    r"|purine|uracil|leukin|parin|gliptin|glitazone|sartan|dipine|zepam|caine|fungin|bactam|penem|setron|nase|cyclin)s?$"
)
_LABEL = re.compile(
    r"^(?:Fig|Figs|Table|Tab|Box|Eq|Ref|Refs|Suppl|Mut|WT|ctrl|Ctrl|et)\b|^\W|^\d+$|[;:|]|^[A-Z]?\d{1,2}$"
)


def admit(text: str, proposals: Sequence[Proposal], found: Sequence[Span], lexicon: Lexicon) -> Iterator[Span]:
    """Spans, concept and CURIE yet unknown, for the proposals admitted; none overlaps a span of `found`."""
    taken = bytearray(len(text))
    for span in found:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    free: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if not any(taken[proposal.start : proposal.end]):
            free[text[proposal.start : proposal.end], proposal.type].append(proposal)
    for (surface, type_), places in free.items():
        if _LABEL.search(surface) or _is_known_otherwise(surface, type_, lexicon):
            continue
        score = max(place.score for place in places)
        if type_ == NameKind.GENE and score >= SURE_GENE and _looks_like_symbol(surface):
            yield from (_span(place, MentionType.GENE) for place in places)
        elif (
            type_ == NameKind.CHEMICAL and score >= SURE_DRUG and _looks_like_drug(surface) and _is_given(text, places)
        ):
            yield from (_span(place, MentionType.DRUG) for place in places)


def _span(place: Proposal, type_: MentionType) -> Span:
    return Span(place.start, place.end, type_, None, None, round(0.8 * place.score, 2), PROPOSAL)


def _is_known_otherwise(surface: str, type_: str, lexicon: Lexicon) -> bool:
    """Whether lists say that this is something else: matter, cells, a word, a name that guards turned down."""
    key = fold(surface)
    singular = key.removesuffix("s")
    if not {key, singular}.isdisjoint(lexicon.others) or surface.lower() in lexicon.ordinary:
        return True
    if type_ == NameKind.CHEMICAL and (key in lexicon.not_drugs or singular in lexicon.not_drugs):
        return True
    usage = (lexicon.gene_usage if type_ == NameKind.GENE else lexicon.drug_usage).get(surface)
    return usage is not None and usage.other > usage.named


def _looks_like_symbol(surface: str) -> bool:
    """Whether a gene's name holds capitals and more: a word in lower case is a word."""
    return (
        len(surface) > 2
        and any(c.isupper() for c in surface)
        and (" " not in surface or any(map(str.isdigit, surface)))
    )


def _looks_like_drug(surface: str) -> bool:
    """Whether the name has capitals or digits, or the ending of a substance."""
    if len(surface) < 3:
        return False
    head = surface.split()[-1]
    return not _WORDS.fullmatch(surface) or bool(_ENDING.search(head))


def _is_given(text: str, places: Sequence[Proposal]) -> bool:
    """Whether the document somewhere gives the substance, or tells of response to it."""
    for place in places:
        before, after = text[max(0, place.start - _NEAR) : place.start], text[place.end : place.end + _NEAR]
        if _GIVEN_BEFORE.search(before) or _GIVEN_AFTER.search(after):
            return True
    return False
