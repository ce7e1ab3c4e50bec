"""From the lines of a block to its text: line-end hyphens, spaces between lines, and the glyph of every character.

Owns the decision whether a hyphen at a line end belongs to the word. The document itself is asked first: does it write
the word with or without a hyphen elsewhere?
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.geometry import Ints
from litmine.reading.lines import Line

HYPHENS = "-\u2010"
_COMPOUND = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)*")
_HYPHEN = re.compile(rf"([{HYPHENS}])")
_LAST_WORD = re.compile(rf"([^\W_]+)[{HYPHENS}]$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_LINKED = re.compile(rf"[^\W_]([{HYPHENS}])(?:of|the|and|to)\1$", re.IGNORECASE)
"""A linking word between hyphens, as in "adenoma-to-carcinoma"."""
_LINKING = re.compile(rf"(?:of|the|and|to|in|by|on)([{HYPHENS}])[^\W_]")
_CITATION = re.compile(r"[\d,–-]+(?=[\s.,;:)]|$)")
_URL_TAIL = re.compile(r"(?:https?://|www\.|doi\.org/|doi:\s?|\b10\.\d{4,9}/)\S*$", re.IGNORECASE)
_URL_REST = re.compile(r"\d|[./?=&#%~_][^\W_]")

_SECOND_PARTS = frozenset(
    """
    activated alpha amplified associated based beta binding blind bound coated conjugated containing deficient
    dependent derived dose driven drug enriched expressing fold free gamma gated grade high independent induced
    inhibiting insensitive intolerant kappa knockdown knockout label like linked loaded low mediated mutant mutated
    naive naïve negative null old organizing overexpressing positive presenting primed producing promoting rate
    refractory regulated related release resistant responsive rich risk sensitive sided silenced specific stage
    stimulated targeted targeting term tolerant transfected transformed treated wide year zero
    """.split()  # noqa: SIM905
)
"""Words that follow a hyphen in compounds of this field far more often than they end a divided word."""
_FIRST_PARTS = frozenset(
    """
    all anti auto bi bio co cell counter cross de dose down drug end ever extra first full gain half head high hyper
    hypo immuno inter intra large late life long loss low macro meta micro mid mono multi near neo non off on one open
    over para phospho poly post pre pro progression pseudo radio re second self semi short single small so stem sub
    super three time trans tri tumor tumour two ultra un under up wall well wide wild
    """.split()  # noqa: SIM905
)
"""Words and prefixes that some documents set off with a hyphen and others do not."""
_NO_GLYPH = np.full(1, -1, dtype=np.int32)
_LEVEL = np.zeros(1, dtype=np.int8)
_LINES_AT_ONCE = 5_000
_SUSPENDING = frozenset({"and", "or", "to"})


@dataclass(frozen=True, slots=True)
class JoinedText:
    """A block's text. `page` and `glyph` name the glyph of each character (page 0 where reading put it in);
    `hyphens` gives the page of each hyphen taken out at a line end."""

    text: str
    page: Ints
    glyph: Ints
    raised: Ints
    hyphens: tuple[int, ...]


class Vocabulary:
    """How a document writes its words, counted over all lines but their divided ends."""

    def __init__(self, lines: Iterable[Line]) -> None:
        words: Counter[str] = Counter()
        compounds: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        bodies: list[str] = []
        ending: Counter[str] = Counter()
        breaks: list[tuple[str, str]] = []
        first: str | None = None
        for line in lines:
            text = line.text
            begin = 0
            if first is not None and (start := _FIRST_WORD.match(text)):
                breaks.append((first.lower(), start[0].lower()))
                begin = start.end()
            divided = _LAST_WORD.search(text, text.rfind(" ") + 1) if text[-1] in HYPHENS else None
            first = divided[1] if divided else None
            if divided:
                ending[text[-1]] += 1
                bodies.append(text[begin : text.rfind(" ") + 1])
            else:
                bodies.append(text[begin:] if begin else text)
        for at in range(0, len(bodies), _LINES_AT_ONCE):
            found = Counter(_COMPOUND.findall("\n".join(bodies[at : at + _LINES_AT_ONCE]).lower()))
            words.update({word: count for word, count in found.items() if word.isalnum()})
            for compound, count in found.items():
                if compound.isalnum():
                    continue
                parts = _HYPHEN.split(compound)
                for word in parts[::2]:
                    words[word] += count
                for left, mark, right in zip(parts[::4], parts[1::4], parts[2::4], strict=False):
                    compounds[f"{left}-{right}"] += count
                    inside[mark] += count
        self._words, self._compounds = words, compounds
        self._soft = {mark for mark, count in ending.items() if count >= 5 and inside[mark] <= 0.02 * count}
        self._hard = {mark for mark in HYPHENS if self._soft and mark not in self._soft}
        # Both ways of writing a compound are in use; only of a divided word the parts are no words.
        n_joined = sum(words[a + b] > compounds[f"{a}-{b}"] and not (words[a] and words[b]) for a, b in breaks)
        n_parted = sum(words[a + b] < compounds[f"{a}-{b}"] for a, b in breaks)
        self._divides_words = n_joined > 0.1 * (n_joined + n_parted) or not n_parted
        self._sets_off: dict[str, bool] = {}

    def keeps_hyphen(self, first: str, mark: str, second: str) -> bool:
        """Whether `first` and `second`, parted by `mark` at a line end, are written with a hyphen."""
        if mark in self._soft:
            return False
        if mark in self._hard:
            return True
        if not self._divides_words:
            return True
        joined = self._words[(first + second).lower()]
        parted = self._compounds[f"{first}-{second}".lower()]
        if joined != parted:
            return parted > joined
        plain = second.islower() and first.isalpha() and len(first) > 1 and (first.islower() or first.istitle())
        if not plain:
            return True
        first, second = first.lower(), second.lower()
        if second in _SECOND_PARTS and len(first) > 2:
            return True
        if first in _FIRST_PARTS and self._words[second] > 0:
            return self._hyphenates(first)
        seen = min(self._words[first], self._words[second])
        shorter = min(len(first), len(second))
        return (seen >= 2 and shorter >= 4) or (seen >= 1 and shorter >= 6)

    def knows(self, word: str) -> bool:
        return self._words[word.lower()] > 0

    def _hyphenates(self, prefix: str) -> bool:
        """Whether the document mostly sets this first part off from what follows."""
        if prefix not in self._sets_off:
            parted = sum(compound.startswith(f"{prefix}-") for compound in self._compounds)
            solid = sum(
                word.startswith(prefix) and len(word) >= len(prefix) + 4 and self._words[word[len(prefix) :]] > 0
                for word in list(self._words)
            )
            self._sets_off[prefix] = parted > solid
        return self._sets_off[prefix]


def join_lines_to_text(lines: Sequence[Line], vocabulary: Vocabulary) -> JoinedText:
    """The text of consecutive lines as one paragraph."""
    texts: list[str] = []
    pages: list[int] = []
    lengths: list[int] = []
    glyphs: list[Ints] = []
    raised: list[Ints] = []
    hyphens: list[int] = []
    for i, line in enumerate(lines):
        text, own, lift = line.text, line.source, line.raised
        between = ""
        if i + 1 < len(lines):
            following = lines[i + 1]
            drop, between = _at_line_end(text, int(lift[-1]), following.text, vocabulary)
            if between and following.raised[0] > 0 and text[-1] != "," and _CITATION.match(following.text):
                between = ""  # parted from its word by the typesetter
            if drop:
                text, own, lift = text[:-1], own[:-1], lift[:-1]
                hyphens.append(line.page)
        texts += (text, between)
        pages.append(line.page)
        lengths.append(len(text) + len(between))
        glyphs.append(own)
        raised.append(lift)
        if between:
            glyphs.append(_NO_GLYPH)
            raised.append(_LEVEL)
    glyph = np.concatenate(glyphs)
    page = np.where(glyph >= 0, np.repeat(np.array(pages, dtype=np.int32), lengths), 0)
    return JoinedText("".join(texts), page, glyph, np.concatenate(raised), tuple(hyphens))


def _at_line_end(text: str, raised: int, following: str, vocabulary: Vocabulary) -> tuple[bool, str]:
    """Whether the last character goes, and what stands between this line and the next."""
    last, tail = text[-1:], text[text.rfind(" ") + 1 :]
    if raised and last in HYPHENS:  # a superscript minus
        return False, " "
    if last in HYPHENS and last:
        first, second = _LAST_WORD.search(tail), _FIRST_WORD.match(following)
        if first is None or second is None:
            suspended = text[-2:-1] in ")]" and second is not None and second[0] in _SUSPENDING
            hangs = text[-2:-1] == " " and not (second and second[0] in _SECOND_PARTS)
            return False, " " if hangs or suspended else ""
        linking = _LINKING.match(following)
        if second[0] in _SUSPENDING and not linking and not vocabulary.knows(first[1] + second[0]):
            return False, " "
        if _URL_TAIL.search(tail):
            return False, ""
        linking = linking or _LINKED.search(tail)
        if linking and linking[1] == last and not vocabulary.knows(first[1] + second[0]):
            return False, ""
        return not vocabulary.keeps_hyphen(first[1], last, second[0]), ""
    if last in "–—/" and last and text[-2:-1] != " ":
        return False, ""
    if following[:1] == "—" and following[1:2] != " ":
        return False, ""
    if (last in "/._=?&%" or _URL_REST.match(following)) and _URL_TAIL.search(tail):
        return False, ""
    if tail.endswith(("http:", "https:")) and following.startswith("//"):
        return False, ""
    return False, " "
