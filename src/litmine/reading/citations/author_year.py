"""Callouts by author and year, resolved to entries of the reference list.

"(Smith et al., 2010; Jones and Lee, 2011a, b)" is one callout; of "Smith et al. (2010)" only the bracketed year is, so
that the sentence keeps its subject. Owns reading names in text and at the head of entries. What cannot be resolved is
no callout.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litmine.reading.citations.callouts import is_enclosed, join_citations
from litmine.reading.citations.references import AUTHOR_LIST
from litmine.records import Callout, Reference

_YEAR = r"(?:1[89]|20)\d\d"
_LATER = r"(?:in press|forthcoming|submitted)"
_LETTERED = rf"{_YEAR}[a-z](?:\s?[,&/–-]\s?[a-z]\b)*"
_YEARS = re.compile(
    rf"(?<![\w.–-])(?:{_LETTERED}|{_YEAR}|{_LATER})(?![\w–-])"
    rf"(?:\s?[,&]\s?(?:and\s)?(?:{_LETTERED}|{_YEAR}|{_LATER})(?![\w–-]))*",
    re.IGNORECASE,
)
_ONE_YEAR = re.compile(rf"({_YEAR})([a-z](?:\s?[,&/–-]\s?[a-z]\b)*)?|{_LATER}", re.IGNORECASE)
_PAGES = re.compile(r"(?:\s?[,:]\s?(?:pp?\.?\s?)?\d{1,4}(?:\s?[–-]\s?\d{1,4})?)?\s?[)\]]")
_ET_AL = re.compile(
    r"[\s,]*(?:\bet\.?\s?al\b\.?|(?:\band|&)\s(?:colleagues|co-?workers|others|collaborators)\b)(?:['’]s?)?[\s,]*$",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le ten ter zu zur el al bin ibn af op 't".split()  # noqa: SIM905
)
_JOINS = frozenset({"and", "&", "et", "und", "y", "e"})
_WITHIN_BODIES = frozenset({"of", "for", "on", "the", "in"})
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s‐-]?){1,4}")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "eds", "ed", "editors", "editor"})
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "ð": "d", "þ": "th"})
LONGEST_NAMES = 160
"""Characters before a year in which its authors are sought."""
FARTHEST_YEAR = 25
"""Characters between authors and a year that goes with them; more is a title."""
LONGEST_HEAD = 400
"""Characters of an entry in which its authors are sought."""


@dataclass(frozen=True, slots=True)
class _Work:
    """An entry as it is cited: folded surnames in order; `letter` tells it from others of the year."""

    number: int
    surnames: tuple[str, ...]
    truncated: bool
    letter: str


@dataclass(frozen=True, slots=True)
class _Names:
    """Authors before a year: where the first one starts, and their words; `others` for "et al."."""

    authors: tuple[tuple[tuple[int, str], ...], ...]
    others: bool


class CitedWorks:
    """The reference list, by year."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._by_year: dict[str, list[_Work]] = {}
        for reference in references:
            surnames, truncated = find_surnames(reference.text)
            if not surnames:
                continue
            years = {str(reference.year)} if reference.year else set()
            first = re.search(rf"(?<!\d){_YEAR}(?!\d)", reference.text)
            years |= {first[0]} if first else set()
            if not years or re.search(_LATER, reference.text, re.IGNORECASE):
                years.add("")
            for year in years:
                letter = re.search(rf"(?<!\d){year}([A-Za-z])\b", reference.text) if year else None
                work = _Work(reference.number, surnames, truncated, letter[1].lower() if letter else "")
                self._by_year.setdefault(year, []).append(work)

    def find_callouts(self, text: str) -> Iterator[Callout]:
        """Callouts whose works are in the list, in order of their start."""
        return join_citations(text, list(self._citations(text)))

    def _citations(self, text: str) -> Iterator[Callout]:
        """Each author's years; those in brackets that lead nowhere without numbers, so that they part no neighbours."""
        last = 0
        for years in _YEARS.finditer(text):
            floor = max(last, years.start() - LONGEST_NAMES)
            before = text[floor : years.start()].rstrip()
            bracketed = before.endswith(("(", "["))
            closing = _PAGES.match(text, years.end())
            if bracketed and not closing:
                continue
            names = _names_before(before.rstrip("([ "), floor)
            if names is None:
                continue
            numbers, start = self._resolve(names, years[0])
            if bracketed and closing:
                start, end = floor + len(before) - 1, closing.end()
            else:
                end = years.end()
            enclosed = is_enclosed(text, start)
            if numbers and (bracketed or enclosed or names.others or len(names.authors) > 1):
                yield Callout(start, end, numbers)
                last = end
            elif not numbers and not bracketed and enclosed:
                yield Callout(start, end, ())
                last = end

    def _resolve(self, names: _Names, years: str) -> tuple[tuple[int, ...], int]:
        """Numbers of the works of these authors in these years, and where their names start."""
        for k in range(len(names.authors)):
            first = names.authors[k]
            for word in range(len(first)):
                authors = (first[word:], *names.authors[k + 1 :])
                cited = [" ".join(part for _, part in author) for author in authors]
                numbers: list[int] = []
                for match in _ONE_YEAR.finditer(years):
                    numbers += self._works(cited, names.others, match[1] or "", match[2] or "")
                if numbers:
                    return tuple(sorted(set(numbers))), first[word][0]
        return (), names.authors[0][0][0]

    def _works(self, cited: Sequence[str], others: bool, year: str, letters: str) -> Iterator[int]:
        ranked: dict[int, list[_Work]] = {}
        for work in self._by_year.get(year, ()):
            misfit = _misfit(work, cited, others)
            if misfit is not None:
                ranked.setdefault(misfit, []).append(work)
        if not ranked:
            return
        best = ranked[min(ranked)]
        if not letters:
            yield from (work.number for work in best)
            return
        every = [work for misfit in sorted(ranked) for work in ranked[misfit]]
        for letter in _spelled_out(letters):
            own = [work for work in every if work.letter == letter]
            unmarked = [work for work in best if not work.letter]
            if own:
                yield own[0].number
            elif unmarked:
                yield unmarked[min(ord(letter) - ord("a"), len(unmarked) - 1)].number


def find_surnames(entry: str) -> tuple[tuple[str, ...], bool]:
    """Folded surnames at the head of an entry, in order, and whether the list breaks off with "et al.".

    Behind the authors other words may follow where nothing tells that they end.
    """
    head = re.sub(r"^\s?[\[(]?\d{1,4}[\])]?[.):]?\s+", "", entry[:LONGEST_HEAD])
    end = re.search(rf"[(,.\s]\s?(?<!\d){_YEAR}[a-z]?(?!\d)|\b{_LATER}", head)
    listed = AUTHOR_LIST.match(head)
    if end and not (listed and end.start() > listed.end() + FARTHEST_YEAR):
        head = head[: end.start()]
    elif listed:
        head = listed[0]
    cut = re.search(r"\bet\.?\s?al\b|[“\"]|:\s", head)
    truncated = bool(cut) and cut is not None and cut[0].startswith("et")
    head = head[: cut.start()] if cut else head
    surnames: list[str] = []
    for piece in re.split(r"\s?[,;]\s?|\s(?:and|&)\s|(?<=[^\W\d_]{3})\.\s", head):
        surname = fold(_without_initials(piece.strip(" .&").removeprefix("and ")))
        initials = bool(surnames) and bool(_INITIALS.fullmatch(piece.strip()))
        if surname and not initials and surname not in _SUFFIXES and any(char.isalpha() for char in surname):
            surnames.append(surname)
    return tuple(surnames), truncated


def _without_initials(name: str) -> str:
    words = name.split()
    while len(words) > 1 and _INITIALS.fullmatch(words[-1]) and len(words[-1].replace(".", "")) <= 4:
        words.pop()
    while len(words) > 1 and re.fullmatch(r"(?:[^\W\d_a-z]\.[‐-]?)+", words[0]):
        words.pop(0)
    return " ".join(words)


def fold(name: str) -> str:
    """A name without case, accents, apostrophes and hyphens."""
    bare = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    bare = re.sub(r"[\u0300-\u036f'’‘`´¨ˆ˜.]", "", bare)
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


def _misfit(work: _Work, cited: Sequence[str], others: bool) -> int | None:
    """How badly names fit a work: 0 where number and names of authors agree; None where the names differ."""
    if not all(_is_name(surname, name) for surname, name in zip(work.surnames, cited, strict=False)):
        return None
    if len(cited) > len(work.surnames):
        return None if not work.truncated else 1
    several = len(work.surnames) > len(cited) or work.truncated
    return int(others != several)


def _is_name(surname: str, cited: str) -> bool:
    """Whether a surname of the list may be cited so: whole, without particles or one half of a double name."""
    name = fold(_without_initials(cited))
    if not name:
        return False
    if surname == name or surname.startswith(f"{name} ") or surname.endswith(f" {name}"):
        return name not in _PARTICLES
    own, given = surname.split(), name.split()
    if len(given) > len(own) and own == given[-len(own) :]:
        return all(word in _PARTICLES for word in given[: -len(own)])
    return cited.isupper() and "".join(word[0] for word in own if word not in _WITHIN_BODIES | _JOINS) == name


def _names_before(before: str, offset: int) -> _Names | None:
    """The authors that a text ends with; `offset` is that of the text."""
    others = _ET_AL.search(before)
    rest = before[: others.start()] if others else re.sub(r"['’]s?$", "", before.rstrip(" ,"))
    authors: list[list[tuple[int, str]]] = [[]]
    following_is_joined = False
    for token in reversed(list(re.finditer(r"[^\s(\[;:]+|[(\[;:]", rest))):
        word = token[0]
        if word in "([;:":
            break
        bare = word.rstrip(",")
        if bare in _JOINS and authors[-1] and not following_is_joined:
            authors.append([])
            following_is_joined = True
            continue
        if word.endswith(",") and authors[-1]:
            authors.append([])
        if _INITIALS.fullmatch(bare) and "." in bare:
            continue
        if not _is_name_word(bare, bool(authors[-1])):
            break
        authors[-1].insert(0, (offset + token.start(), bare.rstrip(".")))
        following_is_joined = False
    found = [tuple(_without_small_head(author)) for author in reversed(authors)]
    while found and not found[0]:
        found.pop(0)
    if not found or not all(found):
        return None
    return _Names(tuple(found), bool(others))


def _is_name_word(word: str, inside: bool) -> bool:
    letters = word.lstrip("'’‘\"“")
    if not letters or any(char.isdigit() for char in letters):
        return False
    if letters.lower() in _PARTICLES or (inside and letters in _WITHIN_BODIES):
        return inside
    return letters[0].isupper() or bool(re.match(r"(?:[dl]['’]|al-|el-)[^\W\d_a-z]", letters))


def _without_small_head(author: list[tuple[int, str]]) -> list[tuple[int, str]]:
    while author and author[0][1] in _WITHIN_BODIES:
        author = author[1:]
    return author


def _spelled_out(letters: str) -> Iterator[str]:
    """ "a, b" gives a and b, "a–c" gives a, b and c."""
    for item in re.split(r"\s?[,&/]\s?", letters.lower()):
        ends = re.split(r"\s?[–-]\s?", item)
        for code in range(ord(ends[0]), ord(ends[-1]) + 1):
            yield chr(code)
