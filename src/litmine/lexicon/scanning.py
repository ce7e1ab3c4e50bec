"""Finds every place of a text where a name of a list might stand, longest first.

Owns word boundaries and plurals. Whether a candidate is meant is decided by the caller, who is offered the shorter
names at the same place when a longer one is turned down.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from litmine.lexicon.folding import Atom, atoms
from litmine.lexicon.names import MOST_ATOMS, Name, NameList

_STOPS = frozenset(';:!?"“”=<>|')
_HEAD = 7
_PLURAL_HEAD = _HEAD + 2
"""Characters by which most keys of text are told to begin no name; in a plural, "ies" for "y", two more."""
_MOST_KEPT = 200_000
"""Keys whose answer a scanner keeps at hand; texts repeat themselves."""


class Hit(NamedTuple):
    """A name at atoms `first` to `last` (inclusive); `plural` where a plural "s" was taken off to find it."""

    first: int
    last: int
    key: str
    name: Name
    plural: bool = False


class Scanned(NamedTuple):
    """A stretch of text: its atoms, and for each the names that start there.

    From the longest to the shortest, those of the same length in the order of the scanner's lists.
    """

    parts: list[Atom]
    hits: list[Sequence[Hit]]

    def start(self, hit: Hit) -> int:
        """Where in the text a hit starts."""
        return self.parts[hit.first].start

    def end(self, hit: Hit) -> int:
        return self.parts[hit.last].end


class _Sought(NamedTuple):
    """What the lists know of a key of text: the names (with key, and whether in the plural), and if more may follow."""

    names: tuple[tuple[str, Name, bool], ...]
    goes_on: bool


_NOTHING = _Sought((), False)
_BEGINS = _Sought((), True)


class Scanner:
    """Seeks the names of some lists, which must not change any more; keeps what it found out about a key of text."""

    def __init__(self, *lists: NameList) -> None:
        self._lists = lists
        self._keys = sorted(chain.from_iterable(names.iter_keys() for names in lists))
        self._heads = {key[:_HEAD] for key in self._keys}
        self._sought: dict[str, _Sought] = {}

    def scan(self, text: str, start: int = 0, end: int | None = None) -> Scanned:
        """The atoms of `text[start:end]` and the names that start at each.

        At each atom it goes on only while some name begins as the text does.
        """
        parts = atoms(text, start, end)
        count = len(parts)
        known, heads = self._sought.get, self._heads
        found: list[Sequence[Hit]] = []
        for first, (_, before, key, opens, closes) in enumerate(parts):
            if not opens or (len(key) > _PLURAL_HEAD and key[:_HEAD] not in heads):
                sought = _NOTHING
            else:
                sought = known(key) or self._seek(key)
            if sought is _NOTHING:
                found.append(())
                continue
            hits = [Hit(first, first, *name) for name in reversed(sought.names)] if closes and sought.names else []
            last = first + 1
            while sought.goes_on and last < count and last - first < MOST_ATOMS:
                at, to, more, _, closes = parts[last]
                if more in _STOPS or at - before > 3 or (at > before and "\n" in text[before:at]):
                    break
                key += f"-{more}" if key[-1].isdigit() and more[0].isdigit() else more
                if len(key) > _PLURAL_HEAD and key[:_HEAD] not in heads:
                    break
                sought = known(key) or self._seek(key)
                if closes and sought.names:
                    hits += [Hit(first, last, *name) for name in reversed(sought.names)]
                before = to
                last += 1
            hits.reverse()
            found.append(hits)
        return Scanned(parts, found)

    def _seek(self, key: str) -> _Sought:
        if len(self._sought) >= _MOST_KEPT:
            self._sought.clear()
        sought = self._sought[key] = self._ask(key)
        return sought

    def _ask(self, key: str) -> _Sought:
        if not key[0].isalnum():
            return _NOTHING
        after = bisect_left(self._keys, key + "\0")
        is_name = after > 0 and self._keys[after - 1] == key
        goes_on = is_name or (after < len(self._keys) and self._keys[after].startswith(key))
        if not is_name and key[-1] != "s":
            return _BEGINS if goes_on else _NOTHING
        names = tuple(found for names in self._lists if (found := _name(names, key)) is not None)
        return _Sought(names, goes_on) if names or goes_on else _NOTHING


def _name(names: NameList, key: str) -> tuple[str, Name, bool] | None:
    """The name that a key of text stands for, as it is or in the singular."""
    name = names.get(key)
    if name is not None:
        return key, name, False
    for singular in _singulars(key):
        name = names.get(singular)
        if name is not None and len(singular) > 2:
            return singular, name, True
    return None


def _singulars(key: str) -> Iterator[str]:
    if key.endswith("ies"):
        yield key[:-3] + "y"
    if key.endswith("s") and not key.endswith("ss"):
        yield key[:-1]
