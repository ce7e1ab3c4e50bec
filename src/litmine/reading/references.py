"""The reference list: where it ends, its entries, and what each entry says.

Owns splitting lines into entries and reading DOI, PMID, year and title from an entry's text.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from litmine.reading.lines import Line

_NUMBER = re.compile(r"\s?[\[(]?(\d{1,4})(?:[\])]\.?|[.):]|(?=\s))\s?(?=\S)")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\]>\"]+)", re.IGNORECASE)
_PMID = re.compile(r"\b(?:PMID|PubMed(?: ID)?):?\s?(\d{5,9})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)\d\d)(?=[a-z]?\b)")
_LONGEST_STEP = 3


def split_references(lines: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    """Entries as (number, lines). Lines before the first entry are left out; entries without printed numbers are
    counted from 1."""
    starts = _numbered_starts(lines)
    if len(starts) >= 2 or (len(starts) == 1 and starts[0][1] == 1):
        return _cut(lines, starts)
    return _cut(lines, [(at, i + 1) for i, at in enumerate(_hanging_starts(lines))])


def _cut(lines: Sequence[Line], starts: Sequence[tuple[int, int]]) -> list[tuple[int, list[Line]]]:
    ends = [at for at, _ in starts[1:]] + [len(lines)]
    return [(number, list(lines[at:end])) for (at, number), end in zip(starts, ends, strict=True)]


def _numbered_starts(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """(line, number) where lines open with numbers that count up, a number left out here and there allowed."""
    candidates = [(i, int(match[1])) for i, line in enumerate(lines) if (match := _NUMBER.match(line.text))]
    opening = next((k for k, (_, number) in enumerate(candidates) if number == 1), None)
    if opening is None:
        opening = next(
            (k for k, (_, n) in enumerate(candidates) if (candidates[k + 1 : k + 2] or [(0, 0)])[0][1] == n + 1), None
        )
    if opening is None:
        return []
    starts = [candidates[opening]]
    rest = candidates[opening + 1 :]
    for k, (at, number) in enumerate(rest):
        step = number - starts[-1][1]
        if step == 1 or (
            1 < step <= _LONGEST_STEP
            and not any(starts[-1][1] < later < number for _, later in rest[k + 1 : k + 8])
            and any(later == number + 1 for _, later in rest[k + 1 : k + 4])
        ):
            starts.append((at, number))
    return starts


def _hanging_starts(lines: Sequence[Line]) -> list[int]:
    """Lines that stick out to the left of those they open, or follow a wider gap."""
    lefts: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.page, line.column)
        lefts[key] = min(lefts.get(key, line.x0), line.x0)
    out = [line.x0 < lefts[line.page, line.column] + 0.5 * line.size for line in lines]
    if 0.1 * len(lines) <= sum(out) <= 0.85 * len(lines):
        return [i for i, sticks in enumerate(out) if sticks]
    steps = [
        round(b.base - a.base, 1) if a.page == b.page and a.column == b.column else 0.0
        for a, b in itertools.pairwise(lines)
    ]
    usual = Counter(step for step in steps if step > 0).most_common(1)
    if not usual:
        return [0] if lines else []
    starts = [0] + [i + 1 for i, step in enumerate(steps) if step > 1.2 * usual[0][0]]
    if len(starts) > 1:
        return starts
    short = [0]
    for i, line in enumerate(lines[:-1]):
        if line.text.rstrip().endswith(".") and line.x1 < line.right - 3 * line.size:
            short.append(i + 1)
    return short


def iter_dois(text: str) -> Iterator[str]:
    """Every DOI of a text, in lower case, without punctuation that follows it."""
    for match in _DOI.finditer(text):
        doi = match[1].rstrip(".,;:")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,;:")
        yield doi.lower()


def find_doi(text: str) -> str | None:
    """The first DOI of a text."""
    return next(iter_dois(text), None)


def find_pmid(text: str) -> str | None:
    match = _PMID.search(text)
    return match[1] if match else None


def find_year(text: str) -> int | None:
    """The year of publication: in brackets if anywhere, else the last one outside links and page ranges."""
    bare = re.sub(r"https?://\S+|\bdoi:?\s?\S+|\b10\.\d{4,9}/\S+", " ", text, flags=re.IGNORECASE)
    bracketed = re.search(r"\(\s?((?:19|20)\d\d)[a-z]?\s?\)", bare)
    if bracketed:
        return int(bracketed[1])
    years = [match for match in _YEAR.finditer(bare) if not re.search(r"[–-]\s?$", bare[: match.start()])]
    plain = [match for match in years if not re.match(r"[a-z]?\s?[–-]\d", bare[match.end() :])]
    return int((plain or years)[-1][1]) if years else None


def find_title(text: str) -> str | None:
    """The article title: quoted, or the first sentence after the authors that is mostly written small."""
    quoted = re.search(r"[“\"]([^”\"]{15,400})[”\"]", text)
    if quoted:
        return quoted[1].rstrip(",. ")
    body = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    for part in re.split(r"(?<=[^\s.A-Z][.?])\s+(?=[\[“\"(]?[A-Z0-9α-ω])|(?<=[A-Z]\.)\s+(?=[A-Z0-9][\w-]{2,}\s)", body):
        words = re.findall(r"[^\W\d_][\w'-]*", part)
        if len(words) >= 4 and sum(word[0].islower() for word in words) >= 0.45 * len(words):
            return re.sub(r"^.*?(?:et al\.?,?|\((?:19|20)\d\d[a-z]?\)[.,:]?)\s+", "", part).rstrip(". ")
    return None
