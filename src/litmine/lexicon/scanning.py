"""Finds every place of a text where a name of a list might stand, longest first.

Owns word boundaries and plurals. Whether a candidate is meant is decided by the caller, who is offered the shorter
names at the same place when a longer one is turned down.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from litmine.lexicon.folding import Atom, join
from litmine.lexicon.names import MOST_ATOMS, Name, NameList

_STOPS = frozenset(';:!?"“”=<>|')


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at atoms `first` to `last` (inclusive); `plural` where a plural "s" was taken off to find it."""

    first: int
    last: int
    key: str
    name: Name
    plural: bool = False


def hits_at(text: str, parts: list[Atom], first: int, names: NameList) -> Iterator[Hit]:
    """The names that start at an atom, from the longest to the shortest."""
    if not parts[first].opens or not parts[first].key[0].isalnum():
        return
    found: list[Hit] = []
    key = ""
    for last in range(first, min(first + MOST_ATOMS, len(parts))):
        part = parts[last]
        if part.key in _STOPS or (last > first and not _adjacent(text, parts[last - 1], part)):
            break
        key = join(parts[first : last + 1]) if key and key[-1].isdigit() else key + part.key
        if not part.closes:
            continue
        name = names.get(key)
        if name is not None:
            found.append(Hit(first, last, key, name))
            continue
        for singular in _singulars(key):
            name = names.get(singular)
            if name is not None and len(singular) > 2:
                found.append(Hit(first, last, singular, name, plural=True))
                break
    yield from reversed(found)


def _adjacent(text: str, before: Atom, after: Atom) -> bool:
    """Whether only a hyphen or one gap separates two atoms."""
    return after.start - before.end <= 3 and "\n" not in text[before.end : after.start]


def _singulars(key: str) -> Iterator[str]:
    if key.endswith("ies"):
        yield key[:-3] + "y"
    if key.endswith("s") and not key.endswith("ss"):
        yield key[:-1]
