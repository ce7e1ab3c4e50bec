"""Where a text says what a short form stands for.

Owns the grammar of definitions: "long (SHORT)", "SHORT (long)", "(SHORT, long)", "long, hereafter SHORT", and the lists
of back matter, captions and table notes. Knows nothing of genes or drugs, nor what a short form then means.
"""

import re
from collections.abc import Iterator

from litmine.abbreviations.fitting import LEAST_PER_LETTER, LEAST_SHORT_FIRST, Fit, fit_long_form
from litmine.lexicon.folding import DASH
from litmine.records import Abbreviation

_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,200})[)\]]")
_TOKEN = rf"[^\W_](?:[\w/.+@&{DASH}]*[\w+−])?"
_SHORT = re.compile(rf"{_TOKEN}(?: (?:[IVX]+|[A-Z0-9]{{1,3}}|[a-z]+))?")
_LAST_TOKEN = re.compile(rf"(?<![\w{DASH}]){_TOKEN}\s?$")
_CUE = (
    r"(?:(?:is|are|was|were|also|or|and|now|often|commonly|sometimes|here(?:after|in)?|henceforth|hence|hereinafter"
    r"|subsequently|previously|formerly|the|so-called|further|simply)\s+){0,4}"
    r"(?:abbreviated(?:\s+(?:as|to))?|referred\s+to\s+as|known\s+as|termed|called|named|denoted(?:\s+(?:as|by))?"
    r"|designated(?:\s+as)?|aka|a\.k\.a\.|hereafter|hereinafter|henceforth|short\s+for|i\.e\.|or|formerly"
    r"|the so-called)"
)
_LEADING_CUE = re.compile(rf"{_CUE}[,:]?\s+(?:the\s+)?['\"“‘]?", re.IGNORECASE)
_ALIAS_CUE = re.compile(
    r"(?:also|otherwise|previously|formerly|now|commonly) (?:known as|called|termed|named)\s+", re.IGNORECASE
)
_OPEN_CUE = re.compile(
    r",?\s(?:(?:is|are|also|commonly|often|usually)\s){0,2}(?:abbreviated(?:\s(?:as|to))?"
    r"|here(?:in)?after(?:\s(?:called|termed|referred to as))?|henceforth(?:\scalled)?"
    r"|referred to(?: here(?:in)?| hereafter)? as|termed|known as|called|acronym:?)\s(?:the\s)?['\"“‘]?(?P<short>"
    + _TOKEN
    + r")"
)
_STANDS_FOR = re.compile(
    r"(?P<short>"
    + _TOKEN
    + r")['\"”’]?,?\s(?:stands for|is short for|short for|an? (?:abbreviation|acronym) (?:for|of)|denotes"
    r"|abbreviates)\s(?:the\s)?(?P<long>[^,;:.()\[\]]{4,90})"
)
_LISTED = re.compile(
    rf"(?:(?<=[;.,:])\s+|^)(?P<short>{_TOKEN})\s*(?:[,:=]|\s[–—-])\s*"
    r"(?P<long>[^\W_][^;:=.()]{2,100}?)(?=\s*(?:[;.]|$))",
    re.MULTILINE,
)
_LISTED_BY_COMMA = re.compile(
    rf"(?:(?<=[;.,])\s+|^)(?P<short>{_TOKEN})\s*(?:[:=]|\s[–—-]\s)\s*"
    r"(?P<long>[^\W_][^;:=,.()]{2,100}?)(?=\s*(?:[;,.]|$))",
    re.MULTILINE,
)
_PAIR = re.compile(rf"^(?P<short>{_TOKEN})(?:\s*[:=,\t]\s*|\s+)(?P<long>[^\W_].{{2,120}}?)['.;,]?$")
_LIST_TITLE = re.compile(
    r"(?:list of )?(?:non-?standard )?(?:abbreviations?|acronyms)(?: (?:used|list))?\s*[:.—–]?\s*", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")
_NOT_SHORT = re.compile(
    r"(?:figs?|figures?|tables?|refs?|panels?|boxs?|eqs?|sections?|supplementa\w*|see|e\.?g\.?|i\.?e\.?|vs|and|or|not"
    r"|the|right|left|top|bottom|red|blue|green|black|white|grey|gray|data|upper|lower|usa|uk|china|germany|inc|ltd|co"
    r"|no|yes|day|week)\b"
    r"|[ivx]+$|[\d.,%]+$|[np]\s?[=<>]|\d+\s?(?:%|mg|[µμ]?[MmgLl]|nM|mM|kDa|Gy|h|min|s|d|days?|weeks?|mm|cm)\b|[A-Za-z]$",
    re.IGNORECASE,
)


def iter_abbreviations(text: str, start: int, end: int) -> Iterator[Abbreviation]:
    """The definitions in the running text `text[start:end]` (a sentence), by place; none twice."""
    found = [*_bracketed(text, start, end), *_unbracketed(text, start, end)]
    seen: set[int] = set()
    for each in sorted(found, key=lambda a: (a.short_start, a.long_start)):
        if each.short_start not in seen:
            seen.add(each.short_start)
            yield each


def iter_listed(text: str, start: int, end: int, titled: bool) -> Iterator[Abbreviation]:
    """The entries of lists such as "ADC, antibody-drug conjugate; OS, overall survival" in a block.

    `titled`: the block stands under a heading that announces abbreviations, so that bare pairs ("OS overall survival")
    count too. Elsewhere (captions, table notes) only entries with a mark between short and long form do.
    """
    yield from sorted(_listed(text, start, end, titled), key=lambda a: a.short_start)


def _listed(text: str, start: int, end: int, titled: bool) -> Iterator[Abbreviation]:
    title = _LIST_TITLE.match(text, start, end)
    if title:
        start, titled = title.end(), True
    seen: set[int] = set()
    for pattern in (_LISTED, _LISTED_BY_COMMA):
        for match in pattern.finditer(text[start:end]):
            yield from _entry(text, start, match, seen)
    if titled:
        at = start
        for line in text[start:end].split("\n"):
            pair = _PAIR.match(line)
            if pair:
                yield from _entry(text, at, pair, seen)
            at += len(line) + 1


def is_list_of_abbreviations(title: str) -> bool:
    """Whether a heading announces a list of abbreviations."""
    return _LIST_TITLE.fullmatch(title.strip()) is not None


def opens_list(text: str, start: int, end: int) -> bool:
    """Whether a block begins with the title of such a list, as "Abbreviations: ADC, ..." does."""
    title = _LIST_TITLE.match(text, start, end)
    return title is not None and title[0].rstrip()[-1] in ":.—–"


def _entry(text: str, offset: int, match: re.Match[str], seen: set[int]) -> Iterator[Abbreviation]:
    at = offset + match.start("short")
    if at in seen or not _looks_short(match["short"]):
        return
    fit = fit_long_form(text, match["short"], offset + match.start("long"), offset + match.end("long"), anchored=True)
    if fit is not None and fit.quality >= LEAST_PER_LETTER:
        seen.add(at)
        yield _record(at, match["short"], fit)


def _record(at: int, short: str, fit: Fit) -> Abbreviation:
    return Abbreviation(at, at + len(short), fit.start, fit.end)


def _bracketed(text: str, start: int, end: int) -> Iterator[Abbreviation]:
    for bracket in _BRACKET.finditer(text, start, end):
        left, right = bracket.span(1)
        parts = list(_parts(text, left, right))
        first = parts[0]
        short = _short_in(text, *first)
        found = None
        if short is not None:
            found = _before(text, start, bracket.start(), *short)
            if found is None and len(parts) > 1:
                found = _inside(text, short, parts[1])
        if found is None:
            found = _short_first(text, start, bracket.start(), left, right)
        if found is None and len(parts) > 1:
            last = _short_in(text, *parts[1])
            found = _before(text, parts[0][0], parts[0][1], *last) if last is not None else None
        if found is not None:
            yield found


def _parts(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    """What stands between commas and semicolons of a bracket, the blanks around left out."""
    at = left
    for mark in [*re.finditer(r"[;,](?=\s|$)", text[left:right]), None]:
        stop = right if mark is None else left + mark.start()
        a, b = at, stop
        while a < b and text[a].isspace():
            a += 1
        while a < b and text[b - 1].isspace():
            b -= 1
        yield a, b
        at = stop + 1


def _short_in(text: str, left: int, right: int) -> tuple[int, str] | None:
    """The short form that a part of a bracket is, cues such as "hereafter" and quotes taken off."""
    cue = _LEADING_CUE.match(text, left, right)
    if cue:
        left = cue.end()
    while right > left and text[right - 1] in "'\"”’.+−":
        right -= 1
    while left < right and text[left] in "'\"“‘":
        left += 1
    short = text[left:right]
    return (left, short) if _SHORT.fullmatch(short) and _looks_short(short) else None


def _looks_short(short: str) -> bool:
    if not 2 <= len(short) <= 16 or _NOT_SHORT.match(short) or sum(c.isalpha() for c in short) < 1:
        return False
    first = short.split(" ")[0]
    if first.islower():
        return len(short) <= 3
    if first.istitle() and first.isalpha() and len(first) > 5:
        return False
    return sum(c.isalnum() for c in short) >= 2


def _before(text: str, start: int, stop: int, at: int, short: str) -> Abbreviation | None:
    """The long form that ends at `stop`."""
    while stop > start and text[stop - 1] in " \u00a0'\"”’":
        stop -= 1
    left = _window(text, start, stop, len(short))
    short, stop = _without_shared_tail(text, short, left, stop)
    fit = fit_long_form(text, short, left, stop)
    return _record(at, short, fit) if fit is not None and fit.quality >= LEAST_PER_LETTER else None


def _without_shared_tail(text: str, short: str, left: int, stop: int) -> tuple[str, int]:
    """ "natural killer cells (NK cells)" defines "NK"."""
    head, _, tail = short.partition(" ")
    if tail.islower():
        last = _WORD.findall(text[left:stop])[-1:] or [""]
        if last[0].rstrip("s") == tail.rstrip("s"):
            return head, left + len(text[left:stop][: -len(last[0])].rstrip())
    return short, stop


def _window(text: str, start: int, stop: int, letters: int) -> int:
    """Where a long form of so many letters can begin at the earliest."""
    left = start
    depth = 0
    words = 0
    i = stop
    while i > start:
        c = text[i - 1]
        if c in ")]":
            depth += 1
        elif c in "([":
            if depth == 0:
                left = i
                break
            depth -= 1
            closing = text.find(")" if c == "(" else "]", i, stop) + 1
            if depth == 0 and text[i - 2 : i - 1].isspace() and text[closing : closing + 1].isspace():
                left = closing
                break
        elif depth == 0 and (c == ";" or (c in ".:!?" and text[i : i + 1].isspace())):
            left = i
            break
        elif c.isspace() and i < stop and not text[i].isspace():
            words += 1
            if words > max(min(letters + 6, letters * 2 + 2), 4):
                left = i
                break
        i -= 1
    return left


def _inside(text: str, short: tuple[int, str], part: tuple[int, int]) -> Abbreviation | None:
    """ "(EMT, epithelial–mesenchymal transition)" and "(ADCC; also called antibody-dependent ...)"."""
    left, right = part
    cue = _LEADING_CUE.match(text, left, right)
    fit = fit_long_form(text, short[1], cue.end() if cue else left, right, anchored=True)
    return _record(*short, fit) if fit is not None and fit.quality >= LEAST_SHORT_FIRST else None


def _short_first(text: str, start: int, opening: int, left: int, right: int) -> Abbreviation | None:
    """ "EMT (epithelial–mesenchymal transition)", "p38 (also known as ...)"."""
    token = _LAST_TOKEN.search(text, max(start, opening - 24), opening)
    if token is None:
        return None
    short = token[0].rstrip()
    if not _looks_short(short) or short.islower():
        return None
    alias = _ALIAS_CUE.match(text, left, right)
    cue = alias or _LEADING_CUE.match(text, left, right)
    left = cue.end() if cue else left
    stop = next(_parts(text, left, right))[1]
    if short.istitle() and short.isalpha() and " " in text[left:stop]:
        return None
    fit = fit_long_form(text, short, left, stop, anchored=True)
    if fit is not None and fit.quality >= LEAST_SHORT_FIRST:
        return _record(token.start(), short, fit)
    if alias and " " in text[left:stop] and not short.islower() and not short.istitle():
        return Abbreviation(token.start(), token.start() + len(short), left, stop)
    return None


def _unbracketed(text: str, start: int, end: int) -> Iterator[Abbreviation]:
    for match in _OPEN_CUE.finditer(text, start, end):
        short = match["short"].rstrip(".+−")
        if _looks_short(short) and not short.islower() and not (short.istitle() and short.isalpha()):
            found = _before(text, start, match.start(), match.start("short"), short)
            if found is not None:
                yield found
    for match in _STANDS_FOR.finditer(text, start, end):
        if _looks_short(match["short"]) and not match["short"].islower():
            fit = fit_long_form(text, match["short"], match.start("long"), match.end("long"), anchored=True)
            if fit is not None and fit.quality >= LEAST_PER_LETTER:
                yield _record(match.start("short"), match["short"], fit)
