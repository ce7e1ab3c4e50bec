"""spaCy's attribute ruler, asked about each kind of token only once.

The ruler of a packaged English model tries some 180 rules on every token, nearly all of them about a token by itself:
its tag, its lower form, its label in the parse. What they find for one token holds for all with the same three.
Owns that shortcut; which rules there are, and what they set, stays the model's.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc

Match = tuple[int, int, int, int]
"""Number of a rule, its key in the string store, first token, token after the last."""

_TELL_THE_KIND = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})
_MOST_KINDS = 100_000
"""Kinds kept before they are asked about anew: long runs do not grow without end."""


def remember_attributes(parser: "Language") -> None:
    """Afterwards the pipeline's attribute ruler, if it has one, sets the same annotations in less time.

    Nothing changes where a rule looks at anything but tag, lower form, label in the parse and white space.
    """
    from spacy.pipeline import AttributeRuler

    for _, component in parser.pipeline:
        if isinstance(component, AttributeRuler):
            patterns = [pattern for rule in _patterns(component) for pattern in rule]
            if all(_TELL_THE_KIND.issuperset(token) for pattern in patterns for token in pattern):
                component.match = _Remembering(component).match  # type: ignore[method-assign]


class _Remembering:
    def __init__(self, ruler: "AttributeRuler") -> None:
        from spacy.matcher import Matcher

        self._ruler = ruler
        self._strings = ruler.vocab.strings
        self._kinds: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self._longer = Matcher(ruler.vocab)
        for number, rule in enumerate(_patterns(ruler)):
            longer = [pattern for pattern in rule if len(pattern) > 1]
            if longer:
                self._longer.add(str(number), longer)

    def match(self, doc: "Doc") -> list[Match]:
        """What the ruler's own `match` gives: every rule that holds, in the order of the rules."""
        found = [*self._of_single_tokens(doc), *self._numbered(self._longer(doc, allow_missing=True))]
        return sorted(found)

    def _of_single_tokens(self, doc: "Doc") -> Iterator[Match]:
        from spacy.attrs import DEP, LOWER, TAG

        if len(self._kinds) > _MOST_KINDS:
            self._kinds.clear()
        for i, kind in enumerate(map(tuple, doc.to_array([LOWER, TAG, DEP]).tolist())):
            rules = self._kinds.get(kind)
            if rules is None:
                matches = self._ruler.matcher(doc[i : i + 1], allow_missing=True)
                rules = self._kinds[kind] = [(number, key) for number, key, *_ in self._numbered(matches)]
            for number, key in rules:
                yield number, key, i, i + 1

    def _numbered(self, matches: list[tuple[int, int, int]]) -> Iterator[Match]:
        return ((int(self._strings[key]), key, start, end) for key, start, end in matches)


def _patterns(ruler: "AttributeRuler") -> list[list[list[dict[str, Any]]]]:
    """The patterns of each rule, by its number; a pattern is a list of tokens."""
    return [cast(list[list[dict[str, Any]]], rule["patterns"]) for rule in ruler.patterns]
