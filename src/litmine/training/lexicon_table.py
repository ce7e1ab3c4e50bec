"""The table of names while it is built: which concept wins a name that several claim."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from litmine.lexicon.folding import fold
from litmine.lexicon.names import NO_CURIE


class Rank(IntEnum):
    """How good a claim to a name is; the lowest wins."""

    SYMBOL = 0
    FAMILY = 1
    ALIAS = 2
    FURTHER_ALIAS = 3
    FULL_NAME = 4


_FAR_BETTER = 5
"""Times as many texts must speak of one claimant for a name to be settled by that."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A concept's claim to a name; `flags` as `shape` gives them."""

    rank: Rank
    concept: str
    flags: str


@dataclass
class NameTable:
    """Concepts with their CURIEs, and by folded name every claim to it.

    `preferred` says by folded name which concept usage has shown to be meant, where several claim it; `known` in how
    many texts a concept is spoken of.
    """

    concepts: dict[str, str] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    preferred: dict[str, str] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def add_concept(self, concept: str, curie: str) -> None:
        self.concepts.setdefault(concept, curie)

    def add_name(self, name: str, concept: str, rank: Rank) -> None:
        key = fold(name)
        if is_name(name, key):
            self.claims.setdefault(key, []).append(Claim(rank, concept, shape(name)))

    def owner(self, name: str) -> str | None:
        """The concept that a name now belongs to."""
        claims = self.claims.get(fold(name))
        return self._winner(fold(name), claims)[0].concept if claims else None

    def rename(self, concepts: dict[str, str]) -> None:
        """Give the names of some concepts to others."""
        for claims in self.claims.values():
            claims[:] = [Claim(c.rank, concepts.get(c.concept, c.concept), c.flags) for c in claims]

    def _winner(self, key: str, claims: list[Claim]) -> tuple[Claim, bool]:
        """The best claim, and whether another concept claims the name with equal right.

        Of equal claims that wins whose symbol goes on from the name, as MT2A does from MT2; then the better known.
        """
        best = min(claims, key=lambda c: (c.rank, not _continues(c.concept, key), -self.known.get(c.concept, 0)))
        if best.rank <= Rank.FAMILY:
            return best, False
        for claim in claims:
            if claim.concept == self.preferred.get(key):
                return claim, False
        rivals = (c.concept for c in claims if c.rank == best.rank and c.concept != best.concept)
        return best, any(_FAR_BETTER * self.known.get(rival, 0) >= self.known.get(best.concept, 0) for rival in rivals)

    def iter_concepts(self) -> Iterator[tuple[str, str]]:
        """Concept and CURIE, or `NO_CURIE`, of those that own a name, sorted."""
        used = {self._winner(key, claims)[0].concept for key, claims in self.claims.items()}
        for concept in sorted(used):
            yield concept, self.concepts[concept] or NO_CURIE

    def iter_names(self) -> Iterator[tuple[str, str]]:
        """Folded name, and its flags and concept: the first flag is the rank, "?" marks an unsettled name; sorted."""
        for key in sorted(self.claims):
            best, unsettled = self._winner(key, self.claims[key])
            yield key, f"{best.rank.value}{best.flags}{'?' * unsettled}\t{best.concept}"


def _continues(concept: str, key: str) -> bool:
    """Whether a symbol is the name with a letter or number set after it."""
    return concept.lower().startswith(key) and len(concept) <= len(key) + 2


_WORDS = re.compile(r"[^\W\d_][\s-]+[^\W\d_]")


def shape(name: str) -> str:
    """Flags: "s" a symbol (its capitals or digits tell it from a word), "w" several words."""
    letters = [c for c in name if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    symbol = any(c.isdigit() for c in name) or upper > 1 or (upper == 1 and len(letters) < 4)
    words = bool(_WORDS.search(name))
    long_words = any(len(part) > 3 and part.islower() for part in re.split(r"[\s-]", name))
    return ("s" if symbol and not long_words else "") + ("w" if words else "")


def is_name(name: str, key: str) -> bool:
    """Whether a name can be sought in text at all: two characters, a letter, and not a formula."""
    return (
        2 <= len(key) <= 90
        and any(c.isalpha() for c in key)
        and key[0].isalnum()
        and name.count(",") <= 3
        and "\t" not in name
    )
