"""The reference list: where it ends, its entries, and what each entry says.

Owns splitting lines into entries and reading DOI, PMID, year and title from an entry's text.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from litmine.reading.blocks import Draft, Typography, is_caption_start, is_reference_heading, make_drafts
from litmine.reading.lines import Line
from litmine.records import Kind, Reference

_NUMBER = re.compile(r"(?!10\.\d{4,9}/)\s?[\[(]?(\d{1,4})(?:[\])]\.?|[.):]|(?=\s))\s?(?=\S)")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\]>\"]+)", re.IGNORECASE)
_PMID = re.compile(r"\b(?:PMID|PubMed(?: ID)?):?\s?(\d{5,9})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)\d\d)(?=[a-z]?\b)")
_NO_YEARS = re.compile(
    # Of text in lower case. Alternatives open with the letter they are known by, so that the engine can skip.
    r"https?://\S+|d(?<!\wd)oi:?\s?\S+|1(?<!\w1)(?:0\.\d{4,9}/\S+|\d{3}\.\d\d\.\d\d\S*)|2(?<!\w2)\d{3}\.\d\d\.\d\d\S*"
    r"|a(?<!\wa)ccessed\b[^.;)]*|r(?<!\wr)etrieved\b[^.;)]*|c(?<!\wc)ited\b[^.;)]*|u(?<!\wu)pdated\b[^.;)]*"
)
_BIG = r"[^\W\d_a-z]"
_SURNAME = rf"(?:[a-z]{{1,4}}[’'\s])*{_BIG}[\w’'´‐-]+(?:\s(?:[a-z]{{1,4}}\s)*{_BIG}[\w’'‐-]+){{0,3}}"
_INITIALS = rf"(?:{_BIG}[a-z]?\.(?:[\s‐-]{{0,2}}{_BIG}[a-z]?\.)*|{_BIG}{{1,4}}(?:[‐-]{_BIG}{{1,2}})?(?![^\W\d_]))"
_GENERATION = r"(?:,?\s(?:Jr|Sr|II|III|IV|2nd|3rd)\b\.?)?"
_NAME = rf"(?:{_SURNAME},?\s{_INITIALS}{_GENERATION}|{_INITIALS}\s{_SURNAME}{_GENERATION})"
AUTHOR_LIST = re.compile(
    rf"{_NAME}(?:(?:\s?[,;]\s?(?:and\s|&\s)?|\s(?:and|&)\s){_NAME})*(?:[,;.]{{0,2}}\s(?:et\sal|and\sothers)\b\.?)?"
    rf"(?:\s\(?eds?\.?\)?)?(?=[\s.,:;(]|$)"
)
"""The authors at the head of an entry."""
_SENTENCE_END = re.compile(
    r"\?(?=\s)|!(?=\s)|\.(?<!\s[A-Z]\.)(?<!\bvs\.)(?<!\bSt\.)(?=\s(?:[\[“\"(]?[A-Z0-9]|(?:bio|med|chem)Rxiv|eLife|iScience|mBio|npj\s))"
)
_YEAR_FIRST = re.compile(r"^[\s.,:;]*(?:(?:\((?:19|20)\d\d[a-z]?\)|(?:19|20)\d\d[a-z]?\b)[.,:;]?\s*)?")
_LONGEST_STEP = 3
_EARLIEST_LIST = 0.3
"""Of the lines of a document: a list without heading starts no earlier."""
_FEWEST_UNHEADED = 8
_LONGEST_ENTRY = 30
"""Lines of an entry, on average: numbers further apart are no numbers of entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of the list says, before it has its place in a document's text."""

    number: int
    text: str
    doi: str | None
    pmid: str | None
    title: str | None
    year: int | None

    def at(self, start: int) -> Reference:
        """The reference whose text starts at this offset."""
        return Reference(
            self.number, start, start + len(self.text), self.text, self.doi, self.pmid, self.title, self.year
        )


def read_entry(number: int, text: str) -> Entry:
    """An entry as far as its text alone tells."""
    return Entry(number, text, find_doi(text), find_pmid(text), find_title(text), find_year(text))


def find_reference_lines(lines: Sequence[Line], typography: Typography) -> tuple[int, int]:
    """Half-open range of the lines of the reference list, its heading left out; empty where there is no list."""
    headings = [i for i, line in enumerate(lines[:-1]) if is_reference_heading(line.text)]
    if not headings:
        return _unheaded_start(lines), len(lines)
    start = headings[-1] + 1
    style, size = lines[start - 1], lines[start].size
    distinct = style.bold or style.size > 1.05 * size
    for i in range(start + 1, len(lines)):
        line = lines[i]
        like_heading = line.bold == style.bold and abs(line.size - style.size) < 0.03 * style.size
        if like_heading and distinct and line.size >= 0.98 * size and not line.text[:1].isdigit():
            return start, i
    return start, len(lines)


def _unheaded_start(lines: Sequence[Line]) -> int:
    """Where a list begins that has no heading: numbered entries, most with a year, up to the end."""
    for at in range(len(lines) - 1, int(_EARLIEST_LIST * len(lines)), -1):
        number = _NUMBER.match(lines[at].text)
        if not number or int(number[1]) != 1:
            continue
        entries = _cut(lines[at:], _numbered_starts(lines[at:]))
        dated = sum(any(_YEAR.search(line.text) for line in own) for _, own in entries)
        if len(entries) >= _FEWEST_UNHEADED and len(lines) - at < 12 * len(entries) and dated > 0.6 * len(entries):
            return at
    return len(lines)


def part_captions(lines: Sequence[Line], typography: Typography) -> tuple[list[Line], list[Draft]]:
    """The lines of a reference list without the captions of floats that stand among them, and these captions."""
    if not any(is_caption_start(line, typography) for line in lines):
        return [*lines], []
    drafts = make_drafts(lines, typography)
    captions = [draft for draft in drafts if draft.kind is Kind.CAPTION]
    return [line for draft in drafts if draft.kind is not Kind.CAPTION for line in draft.lines], captions


def split_references(lines: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    """Entries as (number, lines). Lines before the first entry and behind the last are left out; entries without
    printed numbers are counted from 1."""
    starts = _numbered_starts(lines)
    if len(starts) * _LONGEST_ENTRY >= len(lines) and (len(starts) >= 2 or (starts and starts[0][1] == 1)):
        return _without_tail(_cut(lines, starts))
    return _cut(lines, [(at, i + 1) for i, at in enumerate(_hanging_starts(lines))])


def _cut(lines: Sequence[Line], starts: Sequence[tuple[int, int]]) -> list[tuple[int, list[Line]]]:
    ends = [at for at, _ in starts[1:]] + [len(lines)]
    return [(number, list(lines[at:end])) for (at, number), end in zip(starts, ends, strict=True)]


def _without_tail(entries: list[tuple[int, list[Line]]]) -> list[tuple[int, list[Line]]]:
    """The entries without what stands behind the last of them: set off by more space than entries are, or out at the
    numbers' edge where lines below a number are set in."""
    pairs = [(above, line) for _, own in entries[:-1] for above, line in itertools.pairwise(own)]
    pairs += [(one[-1], other[0]) for (_, one), (_, other) in itertools.pairwise(entries)]
    steps = [line.base - above.base for above, line in pairs if _in_one_column(above, line)]
    if len(entries) < 3 or not steps:
        return entries
    widest = float(np.percentile(steps, 95))
    below = [line.x0 - own[0].x0 for _, own in entries[:-1] for line in own[1:] if _in_one_column(own[0], line)]
    inset = float(np.percentile(below, 10)) if below else 0.0
    number, last = entries[-1]
    for i, (above, line) in enumerate(itertools.pairwise(last), start=1):
        step = line.base - above.base
        if not _in_one_column(above, line):
            foreign = abs(line.size - last[0].size) > 0.03 * last[0].size
        else:
            out = inset > line.size and line.x0 < last[0].x0 + 0.4 * inset and last[0].column == line.column
            foreign = step > 1.2 * widest or out
        if foreign:
            return [*entries[:-1], (number, last[:i])]
    return entries


def _in_one_column(above: Line, line: Line) -> bool:
    return (above.page, above.column) == (line.page, line.column)


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
    """The year of publication: right behind the authors, else in brackets, else the last one outside links, page
    ranges and dates of access."""
    names = AUTHOR_LIST.match(_unnumbered(text))
    behind = names and re.match(r"[\s.,:(]*((?:19|20)\d\d)[a-z]?\b(?![–-])", _unnumbered(text)[names.end() :])
    if behind:
        return int(behind[1])
    bare = _NO_YEARS.sub(" ", text.lower())
    bracketed = re.search(r"\(\s?((?:19|20)\d\d)[a-z]?\s?\)", bare)
    if bracketed:
        return int(bracketed[1])
    years = [m for m in _YEAR.finditer(bare) if not re.search(r"[–-]\s?$", bare[max(0, m.start() - 2) : m.start()])]
    plain = [m for m in years if not re.match(r"[a-z]?\s?[–-]\d", bare[m.end() : m.end() + 4])]
    return int((plain or years)[-1][1]) if years else None


def find_title(text: str) -> str | None:
    """The article title: quoted, or what stands between the authors (and their year) and the journal."""
    quoted = re.search(r"[“\"]([^”\"]{15,400})(?:[,.?!]\s?[”\"]|[”\"]\s?[,.])", text)
    if quoted:
        return quoted[1].rstrip(",. ")
    body = _unnumbered(text)
    names = AUTHOR_LIST.match(body)
    if names is None:
        return _find_small_sentence(body)
    rest = _YEAR_FIRST.sub("", body[names.end() :])
    end = _SENTENCE_END.search(rest)
    title = (rest[: end.end()] if end else rest).rstrip(". ")
    is_title = re.search(r"[^\W\d_]{4}", title) and not re.search(r"\b(?:19|20)\d\d\s?[,;:]\s?\d", title)
    return title if is_title else None


def _unnumbered(text: str) -> str:
    return _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text


def _find_small_sentence(body: str) -> str | None:
    """What stands before a link, or the first sentence that is mostly written small, where the authors are not told
    apart (bodies, full names)."""
    linked = re.match(r"(.{10,300}?)[.,]?\s(?:Available (?:online|from|at)\b|https?://)", body)
    if linked:
        return linked[1]
    for part in re.split(r"(?<=[^\s.A-Z][.?])\s+(?=[\[“\"(]?[A-Z0-9α-ω])|(?<=[A-Z]\.)\s+(?=[A-Z0-9][\w-]{2,}\s)", body):
        words = re.findall(r"[^\W\d_][\w'-]*", part)
        if len(words) >= 4 and sum(word[0].islower() for word in words) >= 0.45 * len(words):
            return re.sub(r"^.*?(?:et al\.?,?|\((?:19|20)\d\d[a-z]?\)[.,:]?)\s+", "", part).rstrip(". ")
    return None
