"""How well the words of a long form begin with the letters of a short form.

Owns the alignment of letters, words that a short form leaves out, Greek letters and plurals. After Schwartz and Hearst
(PSB 2003); instead of the shortest long form that holds the letters it takes the one whose words they begin.
"""

import re
from dataclasses import dataclass

from litmine.lexicon.folding import DASH, GREEK, word_set
from litmine.records import Abbreviation

LEAST_PER_LETTER = 1.25
"""Quality of a fit from which a short form behind its long form is believed."""
LEAST_SHORT_FIRST = 1.6
"""The same where the short form stands first, which other brackets do too."""
_LEAST_IN_ONE_WORD = 1.0
_STOP = word_set("a an and as at by for from in of on or the to with via per de")
_SPARE = word_set(
    """
    cell cells patient patients tumor tumors tumour tumours mice positive negative derived fed kda pathway buffer
    """
)
"""Words behind a long form that its short form leaves out and that are no part of the name."""
_INITIAL, _RUN, _INSIDE = 3.0, 2.0, 0.5
_SKIPPED, _SKIPPED_STOP, _UNOPENED = -1.6, -0.3, -2.5
_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ed|ete|ble|ent|ant)$")
_PAST_BRACKET = re.compile(r"[)\]][,;]")


@dataclass(frozen=True, slots=True)
class Fit:
    """A long form and how well a short form's letters begin its words (per letter, at most 3)."""

    start: int
    end: int
    quality: float


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character of a long form, lower case; a Greek letter is spelled out, all its letters at its place."""

    char: str
    at: int
    word: int
    first: bool


def _letters(text: str, start: int, end: int) -> tuple[list[_Letter], list[tuple[int, int]]]:
    """The letters and digits of `text[start:end]` and its words; digits and Greek letters are words of their own."""
    letters: list[_Letter] = []
    words: list[tuple[int, int]] = []
    kind = ""
    for at in range(start, end):
        c = text[at]
        now = "" if not c.isalnum() else "g" if c in GREEK else "d" if c.isdigit() else "a"
        if now and (now != kind or now == "g"):
            words.append((at, at + 1))
        elif now:
            words[-1] = (words[-1][0], at + 1)
        if now:
            opens = words[-1][0] == at
            for i, char in enumerate(GREEK.get(c, c.lower())):
                letters.append(_Letter(char, at, len(words) - 1, opens and i == 0))
        kind = now
    return letters, words


def fit_long_form(text: str, short: str, start: int, end: int, anchored: bool = False) -> Fit | None:
    """The part of `text[start:end]` that the short form stands for best.

    It ends at `end`, one word less where that word gives no letter. `anchored`: it begins at `start`.
    """
    while start < end and not (text[start].isalnum()):
        start += 1
    wanted = _wanted(short)
    long = text[start:end]
    if len(wanted) < 2 or not long:
        return None
    bare = short.rstrip("s") if short[-2:-1].isupper() else short
    if re.search(rf"(?<![^\W_]){re.escape(bare)}(?![^\W_])", long):
        return None
    letters, words = _letters(text, start, end)
    stops = [text[a:b].lower() in _STOP for a, b in words]
    best = _align(wanted, letters, words, stops, anchored)
    if best is None and wanted[-1].isdigit() and any(text[a:b] == wanted[-1] for a, b in words):
        best = _align(wanted.rstrip("0123456789"), letters, words, stops, anchored) if len(wanted) > 3 else None
    if best is None:
        return _permuted(text, short, wanted, words, stops, anchored)
    score, first, last = best
    a, b = words[letters[first].word][0], words[letters[last].word][1]
    whole = _whole_end(text, b, words, letters[last].word)
    if whole is None:
        return None
    b = whole
    a = start if anchored else _whole_start(text, a, start)
    if b - a <= len(short) or text[a:b].count("(") != text[a:b].count(")") or _PAST_BRACKET.search(text, a, b):
        return None
    quality = score / len(wanted)
    in_one_word = letters[first].word == letters[last].word
    if in_one_word and quality < _RUN and _ADJECTIVE.search(text, a, b):
        return None
    if in_one_word and quality >= _LEAST_IN_ONE_WORD and b - a > 2 * len(short) - 2:
        quality = max(quality, LEAST_PER_LETTER)
    if short.islower() and quality < _INITIAL - 0.1:
        return None
    return Fit(a, b, quality)


def is_borne_out(text: str, found: Abbreviation) -> bool:
    """Whether the letters of a short form, found defined by other means, begin the words of all of its long form."""
    short = text[found.short_start : found.short_end]
    fit = fit_long_form(text, short, found.long_start, found.long_end, anchored=True)
    return fit is not None and fit.quality >= LEAST_PER_LETTER and fit.end == found.long_end


def _wanted(short: str) -> str:
    """The letters and digits to be found, in lower case, Greek spelled out, without a plural's "s"."""
    bare = short[:-1] if short[-1] == "s" and short[-2:-1].isalnum() and not short[-2:-1].islower() else short
    return "".join(GREEK.get(c, c.lower()) for c in bare if c.isalnum())


def _align(
    wanted: str, letters: list[_Letter], words: list[tuple[int, int]], stops: list[bool], anchored: bool
) -> tuple[float, int, int] | None:
    """The best way to find the letters in order: score, first and last letter used.

    Letters that begin words count most; words without a letter, between or behind, cost.
    """
    costs = [0.0]
    for stop in stops:
        costs.append(costs[-1] + (_SKIPPED_STOP if stop else _SKIPPED))
    scores: dict[int, tuple[float, int]] = {
        i: (_INITIAL, i)
        for i, letter in enumerate(letters)
        if letter.char == wanted[0] and letter.first and (not anchored or letter.word == 0)
    }
    for char in wanted[1:]:
        following: dict[int, tuple[float, int]] = {}
        for i, letter in enumerate(letters):
            if letter.char != char:
                continue
            best: tuple[float, int] | None = None
            for j, (score, first) in scores.items():
                if j >= i:
                    continue
                before = letters[j].word
                if letter.first:
                    gain = _INITIAL
                elif j == i - 1:
                    gain = _RUN
                else:
                    gain = _INSIDE if letter.word == before else _UNOPENED
                total = score + gain + (costs[letter.word] - costs[before + 1] if letter.word > before else 0.0)
                if best is None or total > best[0]:
                    best = (total, first)
            if best is not None:
                following[i] = best
        scores = following
    n = len(words)
    ends = [(score + costs[n] - costs[letters[i].word + 1], first, i) for i, (score, first) in scores.items()]
    return max(ends, key=lambda e: (e[0], e[1]), default=None)


def _whole_end(text: str, stop: int, words: list[tuple[int, int]], last: int) -> int | None:
    """The end of the long form whose last letter stands in word `last`; a spare last word is left out.

    None where more than two words would stand between it and the short form.
    """
    behind = words[last + 1 :]
    if not behind:
        return stop
    if len(behind) == 1 and text[behind[0][0] : behind[0][1]].lower() in _SPARE:
        return stop
    return behind[-1][1] if len(behind) < 3 else None


def _whole_start(text: str, at: int, start: int) -> int:
    """Take in what is joined to the first word and no word itself: "5-", "β2-", "N-"."""
    prefix = re.search(rf"(?:(?<=\s)|^)(?:[\d,'′]+[{DASH}]|[^\W\d_]\d?[{DASH}]){{1,3}}$", text[start:at])
    return start + prefix.start() if prefix else at


def _permuted(
    text: str, short: str, wanted: str, words: list[tuple[int, int]], stops: list[bool], anchored: bool
) -> Fit | None:
    """Initials in another order, as for "mean fluorescence intensity (MIF)"; all words of the long form give one."""
    if not 3 <= len(wanted) <= 6 or not short.rstrip("s").isupper():
        return None
    content = [word for word, stop in zip(words, stops, strict=True) if not stop][-len(wanted) :]
    if len(content) < len(wanted) or sorted(text[a].lower() for a, _ in content) != sorted(wanted):
        return None
    if anchored and content[0] != words[0]:
        return None
    return Fit(content[0][0], words[-1][1], 2.0)
