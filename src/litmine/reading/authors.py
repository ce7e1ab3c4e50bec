"""Authors as the line below a title names them.

Owns telling a list of persons from everything else that stands between title and abstract. Wrong authors are worse than
none: a line that is not all names gives nothing.
"""

import re
from collections.abc import Sequence

from litmine.reading.geometry import Ints

_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le ten ter zu zur el al bin ibn af y e st san".split()  # noqa: SIM905
)
_DEGREES = frozenset(
    """
    md phd msc mph bsc ba ma mba mbbs mbchb frcp frcs frcpath facs facp facr dphil dsc drph dvm dds dmd pharmd rn edd
    ms bs mmed mrcp mphil mtech bpharm mpharm fmedsci frs esq mr mrs ms dr prof professor
    """.split()  # noqa: SIM905
)
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NO_NAME = re.compile(
    r"\b(?:universit|department|institut|hospital|facult|laborator|division|clinic|corresp|academ|foundation|societ|"
    r"(?:school|college|cent(?:er|re)|research|reviews?|article|report|letter|editors?|edited|original|open access|"
    r"abstract|summary|introduction|background|received|accepted|published|revised|volume|issue|journal|copyright|"
    r"licen[cs]e|citation|medicine|sciences?|biology|oncology|cancer|therapy|diseases?|cells?|drugs?|genes?|proteins?|"
    r"project|group|team|consortium|the|of|for|in|on|with|from|to|by|at|is|are|usa|uk|china|germany|france|italy|spain|"
    r"japan|canada|india|korea|australia|brazil|states|kingdom|street|road)\b)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\d*†‡§¶‖#¤☆✉®©|^]+")
_MARK = r"[\d*†‡§¶‖#¤☆✉|]+[a-z]?"
_GLUED_MARKS = re.compile(rf"(?<=[^\W\d_])(?:{_MARK}(?:,\s?)?)+|(?<=\s){_MARK}(?=[\s,;]|$)")
_LEAD = re.compile(r"^(?:by|authors?\s?:)\s+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"@|\bcorrespond|universit|\bdepartment\b|\binstitut|\bhospital\b|\bschool of\b|\bcollege\b|\be-?mail\b",
    re.IGNORECASE,
)
LONGEST_NAME = 6
"""Words."""


def find_authors(text: str, raised: "Sequence[int] | Ints | None" = None) -> tuple[str, ...]:
    """The names of a text that holds nothing but names and their marks, in order; none otherwise.

    `raised[i]` is not 0 where `text[i]` is a mark above the line. Degrees are left out. One name alone, without marks,
    counts only behind "by" or "authors:".
    """
    lead = _LEAD.match(text)
    shown = [
        "\0" if raised is not None and raised[i] > 0 and not char.isspace() else char for i, char in enumerate(text)
    ]
    bare = "".join(shown)[lead.end() if lead else 0 :]
    marked = "\0" in bare or bool(_MARKS.search(bare))
    bare = re.sub(r"\0[\0\s,;]*", "\0", bare)
    bare = _GLUED_MARKS.sub("\0", bare)
    names: list[str] = []
    for piece in re.split(r"\0|[,;]|\s(?:and|&)\s|^(?:and|&)\s", bare):
        words = piece.replace("\0", " ").split()
        while words and words[0].lower() in {"and", "&"}:
            words.pop(0)
        if not any(char.isalpha() for word in words for char in word):
            if any(char.isdigit() for word in words for char in word):
                return ()
            continue
        title = [word for word in words if re.sub(r"\W", "", word).lower() not in _DEGREES]
        if not title:
            continue
        if len(title) == 1 and names and re.sub(r"\W", "", title[0]).lower() in _GENERATIONS:
            names[-1] += f" {title[0]}"
            continue
        if not _is_name(title):
            return ()
        names.append(" ".join(title).strip(" *"))
    return tuple(names) if len(names) > 1 or marked or lead else ()


def find_front_authors(blocks: "Sequence[tuple[str, Sequence[int] | Ints | None]]") -> tuple[str, ...]:
    """The authors among the blocks between title and abstract, each given as text and raised characters.

    They stand in the first block that is a list of names and in those that go on with it. One name alone is an author
    where an address follows.
    """
    authors: tuple[str, ...] = ()
    for i, (text, raised) in enumerate(blocks):
        names = find_authors(text, raised)
        if authors and not names:
            return authors
        authors += names
        following = blocks[i + 1][0] if i + 1 < len(blocks) else ""
        if not names and _is_lone_name(text) and _ADDRESS.search(following[:300]):
            return (" ".join(text.split()),)
        if not names and _ADDRESS.search(text):
            return ()
    return authors


def _is_lone_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and _is_name(words)


def _is_name(words: Sequence[str]) -> bool:
    if not 2 <= len(words) <= LONGEST_NAME or _NO_NAME.search(" ".join(words)):
        return False
    return all(_is_name_word(word) for word in words) and any(len(re.sub(r"\W", "", word)) > 1 for word in words)


def _is_name_word(word: str) -> bool:
    if word.lower() in _PARTICLES:
        return True
    letters = re.sub(r"[.'’‘‐-]", "", word)
    return letters.isalpha() and (word[0].isupper() or bool(re.match(r"[dl]['’][^\W\d_a-z]", word)))
