"""Where a mechanism's phrase begins and ends beyond what a pattern covers: shared heads and lists, read off the parse.

Owns the adjustment of a reading's borders; which readings there are is the recogniser's business. A border moves only
along the parse of the sentence, never across a callout or other punctuation.
"""

from collections.abc import Sequence

from litmine.lexicon.mechanism_words import Word
from litmine.records import Token

_LINKS = frozenset({"and", "or"})
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_NOUNS = frozenset({"NOUN", "PROPN"})
_PROCESS_ENDINGS = ("tion", "sion", "sis", "ment", "ing", "response")
"""A noun with one of these names a process of its own: it is no further thing that the phrase's process happens to."""
_OUTCOMES = frozenset({"resistance", "sensitivity", "survival", "growth", "proliferation", "metastasis", "progression"})
_CHANGES = frozenset({"loss", "gain", "deletion", "mutation", "deficiency", "amplification", "overexpression"})
"""What happens to a gene is a phrase of its own beside another: "XBP1 loss and NF-κB activation"."""
_LONGEST = 4
"""Words that a further member of a list may have."""


class Phrases:
    """The words of one sentence with their tokens; a sentence without tokens leaves every reading as it is."""

    def __init__(self, words: Sequence[Word], tokens: Sequence[Token]) -> None:
        self._words = words
        self._tokens = tokens
        self._token_of: list[int] = []
        self._first_word: dict[int, int] = {}
        at = 0
        for i, word in enumerate(words):
            while at + 1 < len(tokens) and tokens[at].end <= word.start:
                at += 1
            self._token_of.append(at)
            self._first_word.setdefault(at, i)

    def widened(self, first: int, last: int) -> tuple[int, int]:
        """Words `first` to `last` (exclusive) with the members of a list that share the phrase's head.

        "lipid metabolism" of "glucose and lipid metabolism" and "infiltration of NK cells" of "infiltration of NK cells
        and macrophages" take the other member in.
        """
        if not self._tokens:
            return first, last
        return self._left(first, last), self._right(first, last)

    def _left(self, first: int, last: int) -> int:
        """Where the phrase begins if its first word is joined to a modifier of the same head."""
        if first < 2 or self._words[first - 1].form not in _LINKS:
            return first
        inner = {self._token_of[i] for i in range(first, last)}
        before = self._token_of[first - 2]
        token = self._tokens[before]
        if (
            token.pos not in _NOUNS | {"ADJ"}
            or token.lemma in _OUTCOMES | _CHANGES
            or token.dep not in _MODIFIERS
            or token.head not in inner
        ):
            return first
        begin = first - 2
        while (
            begin > 0
            and first - begin <= _LONGEST
            and not self._words[begin - 1].is_punctuation
            and (self._token_of[begin - 1] == before or self._depends(self._token_of[begin - 1], before))
        ):
            begin -= 1
        return begin

    def _right(self, first: int, last: int) -> int:
        """Where the phrase ends if the noun it ends in, after a preposition, has another beside it."""
        if last + 1 >= len(self._words) or self._words[last].form not in _LINKS:
            return last
        inner = range(self._token_of[first], self._token_of[last - 1] + 1)
        end = self._token_of[last - 1]
        if not any(self._tokens[i].dep in {"case", "prep"} or self._tokens[i].pos == "ADP" for i in inner):
            return last
        for at in range(last + 1, min(last + 1 + _LONGEST, len(self._words))):
            if self._words[at].is_punctuation or self._words[at].form == "other":
                break
            token = self._tokens[self._token_of[at]]
            if token.dep == "conj" and token.head == end and token.pos in _NOUNS:
                process = token.lemma in _OUTCOMES or token.lemma.endswith(_PROCESS_ENDINGS)
                goes_on = self._is_noun(at + 1) or self._is_slash(at + 1)
                return last if process or goes_on else at + 1
        return last

    def _is_noun(self, word: int) -> bool:
        return (
            word < len(self._words)
            and not self._words[word].is_punctuation
            and self._tokens[self._token_of[word]].pos in _NOUNS
        )

    def _is_slash(self, word: int) -> bool:
        return word < len(self._words) and self._words[word].form == "/"

    def _depends(self, token: int, head: int) -> bool:
        return self._tokens[token].head == head and self._tokens[token].dep in _MODIFIERS
