"""Folds the many spellings of one name to one key: "NF-κB", "NF-kappa B" and "NFkappaB" are all "nfkappab".

Owns the grammar of spelling variants (case, hyphens, spaces, dashes, Greek letters, Roman numerals). It decides nothing
about what a name means. Text and lexicon pass through the same function, so no variant is ever listed.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "ϵ": "epsilon", "ß": "beta", "Δ": "delta", "Γ": "gamma", "Ω": "omega", "∆": "delta",
    "ɑ": "alpha", "Σ": "sigma", "Λ": "lambda", "Θ": "theta", "ϒ": "gamma", "ɣ": "gamma",
}  # fmt: skip
"""Greek letters and the look-alikes that typesetting puts in their place."""

DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\ufe63\uff0d"
DASH = "\\-" + DASHES[1:]
"""The dashes, ready to stand inside a regular expression's character class."""
_ROMAN = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10",
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
}  # fmt: skip
_GREEK_CLASS = "".join(GREEK)
_PIECE = re.compile(rf"[^\W\d_{_GREEK_CLASS}]+|\s+|\d+|[{_GREEK_CLASS}]|[^\w\s]|_")
_PREFIXED = re.compile(rf"[{DASH}][^\W\d_]{{2}}")
_DROPPED = frozenset(DASHES + "'’‘′®™")


def word_set(words: str) -> frozenset[str]:
    """The words of a text that lists them, as a set."""
    return frozenset(words.split())


class Atom(NamedTuple):
    """A run of letters, a run of digits, one Greek letter, or one other character; `key` is its folded form.

    `opens` and `closes` say whether a word starts before it and ends after it.
    """

    start: int
    end: int
    key: str
    opens: bool
    closes: bool


def atoms(text: str, start: int = 0, end: int | None = None) -> list[Atom]:
    """The atoms of `text[start:end]` in order; hyphens, dashes and apostrophes are left out."""
    end = len(text) if end is None else end
    out: list[Atom] = []
    new = tuple.__new__  # half the time of calling Atom
    to, in_word = start, False
    for raw in _PIECE.findall(text, start, end):
        at, to = to, to + len(raw)
        key = _plain(raw)
        opens, in_word = not in_word, raw[0].isalnum()
        if key:
            closes = to == end or not text[to].isalnum()
            if raw in _ROMAN and opens and closes and not _PREFIXED.match(text, to):
                key = _ROMAN[raw]
            out.append(new(Atom, (at, to, key, opens, closes)))
    return out


@lru_cache(maxsize=50_000)
def _plain(raw: str) -> str:
    """The key of a piece of text by itself; empty for white space and what else is left out."""
    if raw in _DROPPED or raw.isspace():
        return ""
    if raw in GREEK:
        return GREEK[raw]
    decomposed = unicodedata.normalize("NFKD", raw)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower() or raw


def join(parts: list[Atom]) -> str:
    """The key of consecutive atoms. Two runs of digits never flow together: "IL-1 2" is not "IL-12"."""
    out: list[str] = []
    for part in parts:
        if out and out[-1][-1].isdigit() and part.key[0].isdigit():
            out.append("-")
        out.append(part.key)
    return "".join(out)


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """The key under which a name is stored and looked up."""
    return join(atoms(name))
