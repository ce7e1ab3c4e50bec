"""Words as lexicon patterns see them, the same way in a lexicon and in running text.

Owns what counts as one word, and which spellings of a word are the same. Hyphens, slashes and plus signs separate
words and are not words themselves ("G2/M-phase" is three words), but a hyphen after a prefix is no border
("down-regulation").
Knows nothing of patterns, mentions or spaCy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ω": "omega", "Δ": "Delta", "Α": "A", "Β": "B",
}  # fmt: skip
_SPELLED = str.maketrans(_GREEK | dict(zip("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789", strict=True)))
_DASH = "-\u2010\u2011\u2012\u2013\u2212"
_PREFIX = (
    "anti|auto|bi|co|cross|cyto|de|dis|dys|down|hetero|homo|hyper|hypo|im|inter|intra|mal|mis|mono|multi|neo|non|over|"
    "poly|post|pre|pro|re|sub|super|trans|un|up"
)
_WORD = re.compile(rf"(?:\b(?i:{_PREFIX})[{_DASH}](?=[a-z]{{3}}))?[^\W_]+|(?!:\w)[^{_DASH}\s\w/+⁺⁻′'’*®™•·]")
_GLUED_CITATION = re.compile(r"([A-Za-z]?[a-z]{4,})\d{1,3}$")
"""A word with a superscript citation that has come down to the line ("signaling32")."""
_PREFIXED = re.compile(rf"[{_DASH}]")
_SPACED_DASH = re.compile(rf"(?<=\s)[{_DASH}\u2014](?=\s)|\u2014")
_REMEMBERED = 20_000
"""Words whose keys are kept for the next time they are met."""
_AMERICAN = (
    (re.compile(r"(?<=[a-z]l)l(?=(?:ed|ing|er|ers)$)"), ""),
    (re.compile(r"our(?=s?$|al$|igenic$|oid)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=ation|ed$|ing$|es?$)"), "iz"),
    (re.compile(r"^oestr"), "estr"),
    (re.compile(r"aem(?=i)"), "em"),
    (re.compile(r"^haem"), "hem"),
    (re.compile(r"programme"), "program"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a punctuation mark at `text[start:end]`.

    `form` is its spelling with Greek letters written out and digits on the line.
    """

    start: int
    end: int
    form: str

    @property
    def is_punctuation(self) -> bool:
        return not self.form[0].isalnum()


def split_words(text: str) -> Iterator[Word]:
    """The words of `text` in order.

    A bracket inside a chemical name ("poly(ADP-ribose)") is no word; a dash between spaces is the word "—".
    """
    chemical: list[bool] = []
    dashes = [match.start() for match in _SPACED_DASH.finditer(text)]
    for match in _WORD.finditer(text):
        start, end = match.span()
        while dashes and dashes[0] < start:
            at = dashes.pop(0)
            yield Word(at, at + 1, "—")
        form = match[0]
        if form in "([":
            chemical.append(start > 0 and text[start - 1].isalnum())
            if chemical[-1]:
                continue
        elif form in ")]" and chemical and chemical.pop():
            continue
        if not form.isalnum() and len(form) > 1:
            form = _PREFIXED.sub("", form)
        yield Word(start, end, form.translate(_SPELLED))


def is_acronym(form: str) -> bool:
    """Whether case matters: at least two capitals ("ADCC", "mTORC1", "PI3K")."""
    return sum(map(str.isupper, form)) > 1


@lru_cache(maxsize=_REMEMBERED)
def american(form: str) -> str:
    """The lower-case American spelling of a word: "signalling" and "tumours" give "signaling" and "tumors"."""
    form = form.lower()
    for british, replacement in _AMERICAN:
        form = british.sub(replacement, form)
    return form


def singular(form: str) -> str:
    """A plural noun without its ending, by the regular rules only; other words unchanged."""
    if len(form) < 4 or not form.endswith("s") or form.endswith(("ss", "us")):
        return form
    if form.endswith("sis"):
        return form
    if form.endswith("ies"):
        return form[:-3] + "y"
    if form.endswith(("sses", "xes", "ches", "shes")):
        return form[:-2]
    return form[:-1]


def pattern_key(form: str) -> str:
    """The key by which a lexicon's word is found."""
    return form if is_acronym(form) else american(form)


@lru_cache(maxsize=_REMEMBERED)
def text_keys(form: str, lemma: str | None = None) -> frozenset[str]:
    """Every key under which a word of running text answers: as it stands, without case, American, singular, lemma."""
    spelled = american(form)
    keys = {form, form.lower(), spelled, singular(spelled)}
    if len(form) > 3 and form.endswith("s") and is_acronym(form[:-1]):
        keys.add(form[:-1])
    if lemma:
        keys.add(american(lemma))
    if glued := _GLUED_CITATION.match(form):
        keys |= text_keys(glued[1])
    return frozenset(keys)
