"""Plain text and Markdown to a `Document`.

Owns the conventions: blank lines part blocks, "#" lines and short numbered lines are headings, a heading "References"
opens the list. There are no pages and no places.
"""

import re
from pathlib import Path

from litmine.errors import ReadingError
from litmine.reading.authors import find_authors
from litmine.reading.blocks import NUMBERED, is_reference_heading
from litmine.reading.building import Builder
from litmine.reading.citations.references import find_doi, read_entry
from litmine.reading.lines import CAPTION
from litmine.reading.structure import ADDRESS
from litmine.records import Document, Kind

_MARKED = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ENTRY = re.compile(r"(?:^|\n)\s*(?=\[?\d{1,4}[\].)]\s+\S)")
_LABELLED = re.compile(r"(?:simple |author )?(?:abstract|summary)\s*[:.]", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(
    r"(?:(?:systematic|mini|narrative|invited|literature|scoping)[ -]?)?"
    r"(?:review|research|original|article|paper|communication|commentary|perspective|editorial|letter|opinion"
    r"|(?:case|brief|short) (?:report|communication))(?: (?:article|paper|research))?",
    re.IGNORECASE,
)
"""What journals print above the title."""
_KEYWORDS = re.compile(r"key ?words\b", re.IGNORECASE)
_ASIDE = re.compile(r"(?:doi|https?://)\b", re.IGNORECASE)


def read_plain(data: bytes, path: Path) -> Document:
    """The document of UTF-8 text, or of Latin-1 where it is not UTF-8.

    Raises ReadingError where it holds no letters.
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("latin-1")
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", content) if part.strip()]
    if not any(char.isalpha() for char in content):
        raise ReadingError(f"{path.name} holds no text.")
    markdown = path.suffix.lower() in {".md", ".markdown"}
    reading = _Reading()
    for part in paragraphs:
        reading.add(part.strip("\n"))
    return reading.builder.document(
        data,
        path,
        "text/markdown" if markdown else "text/plain",
        title=reading.title,
        authors=reading.authors,
        doi=find_doi("\n".join(paragraphs[:6])),
        callouts=reading.builder.find_callouts(),
    )


class _Reading:
    """Says what each paragraph is and adds it to the document."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.title = ""
        self.authors: tuple[str, ...] = ()
        self._listing = False
        self._title_depth = 0
        self._abstract = False
        self._behind_title = False
        self._in_front = True

    def add(self, part: str) -> None:
        marked = _MARKED.match(part.split("\n", 1)[0])
        if marked:
            self._add_heading(marked[2], len(marked[1]))
            _, _, rest = part.partition("\n")
            if rest.strip():
                self.add(rest)
            return
        flat = _flat(part)
        behind_title, self._behind_title = self._behind_title, False
        if self._listing and not is_reference_heading(flat):
            for entry in _ENTRY.split(part):
                if entry.strip():
                    self._add_reference(_flat(entry))
        elif not self.title and _ARTICLE_TYPE.fullmatch(flat):
            self.builder.add(flat, Kind.OTHER)
        elif not self.title and len(flat) < 300 and not _is_plain_heading(flat):
            self._add_title(flat)
        elif _is_plain_heading(flat):
            number = NUMBERED.match(flat)
            self._add_heading(flat, number[1].count(".") + 1 if number else 1)
        elif CAPTION.match(flat) and len(flat) < 1500:
            self.builder.add(flat, Kind.CAPTION)
        elif behind_title and (authors := find_authors(flat)):
            self.authors = authors
            self.builder.add(flat, Kind.OTHER)
        elif _ASIDE.match(flat) or (self._in_front and _is_address(flat)):
            self.builder.add(flat, Kind.OTHER)
        else:
            self._in_front = False
            self.builder.add(
                flat,
                Kind.ABSTRACT if self._abstract or _LABELLED.match(flat) or _KEYWORDS.match(flat) else Kind.PARAGRAPH,
            )

    def _add_title(self, text: str) -> None:
        self.title = text
        self._behind_title = True
        self.builder.add(text, Kind.TITLE)

    def _add_heading(self, text: str, depth: int) -> None:
        self._in_front = self._in_front and not self.title
        self._listing = is_reference_heading(text)
        self._abstract = bool(re.fullmatch(r"(?:simple |author )?(?:abstract|summary)", text, re.IGNORECASE))
        if depth == 1 and not self.title and not self._listing:
            self._title_depth = 1
            self._add_title(text)
            return
        number = NUMBERED.match(text)
        self.builder.add_heading(text, number[1].count(".") + 1 if number else max(1, depth - self._title_depth))

    def _add_reference(self, text: str) -> None:
        number = re.match(r"\[?(\d{1,4})[\].)]", text)
        self.builder.add_reference(read_entry(int(number[1]) if number else len(self.builder.references) + 1, text))


def _flat(part: str) -> str:
    return " ".join(part.split())


def _is_plain_heading(text: str) -> bool:
    if is_reference_heading(text):
        return True
    return bool(NUMBERED.match(text)) and len(text) < 160 and text[-1] not in ".,;"


def _is_address(text: str) -> bool:
    """An affiliation or a line of correspondence, which unlike prose is no sentence."""
    return len(text) < 500 and text[-1] not in ".?!" and bool(ADDRESS.search(text))
