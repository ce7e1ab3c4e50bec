"""The values that cross stage borders, and the labels of the annotation guidelines.

Owns no behaviour beyond lookups. Imports nothing but the standard library; no spaCy object is ever held.
All offsets are half-open, in Unicode code points, into `Document.text`.
"""

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a block of text is."""

    TITLE = "title"
    ABSTRACT = "abstract"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    TABLE = "table"
    REFERENCE = "reference"
    OTHER = "other"


PROSE = frozenset({Kind.TITLE, Kind.ABSTRACT, Kind.HEADING, Kind.PARAGRAPH, Kind.CAPTION})
"""Kinds in which mentions and triples are sought."""


class Layer(StrEnum):
    ENTITY = "entity"
    MECHANISM = "mechanism"


class MentionType(StrEnum):
    DRUG = "Drug"
    GENE = "Gene"
    MECHANISM = "Mechanism"


class Role(StrEnum):
    RESISTANCE = "resistance"
    SENSITIVITY = "sensitivity"
    ACTION = "action"


class State(StrEnum):
    UP = "up"
    DOWN = "down"
    ALTERED = "altered"
    UNSPECIFIED = "unspecified"


class Polarity(StrEnum):
    ASSERTED = "asserted"
    NEGATED = "negated"


class Certainty(StrEnum):
    STATED = "stated"
    HEDGED = "hedged"


class Level(StrEnum):
    """The kind of study that a claim rests on."""

    CLINICAL = "clinical"
    IN_VIVO = "in_vivo"
    IN_VITRO = "in_vitro"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `Document.sections[0]` is the front matter, level 0, title ""."""

    title: str
    level: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption, table or reference: the unit within which claims are sought."""

    start: int
    end: int
    kind: Kind
    section: int


@dataclass(frozen=True, slots=True)
class Callout:
    """A citation in running text, brackets included in the span, ranges spelled out in `numbers`."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list. `start` and `end` span the entry in the document's text."""

    number: int
    start: int
    end: int
    text: str
    doi: str | None = None
    pmid: str | None = None
    title: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Characters of a page that are not part of the text, and why ("running head", "sidebar", ...)."""

    page: int
    reason: str
    n_chars: int


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page: pages count from 1; PDF points, origin top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: `start` and `end` span its text in the document, `place` is its box on the page.

    Rows and columns count from 0; `place` is None where the source has no pages.
    """

    row: int
    column: int
    start: int
    end: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the index of its block, that of its caption's block where it has one, and its cells by row."""

    block: int
    caption: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on a page with the index of its caption's block; either may be missing, never both."""

    caption: int | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Page and box of every character of a text, in parallel arrays as long as the text.

    Characters that reading put in (spaces at line ends, blank lines) have page 0.
    """

    page: "array[int]"
    x0: "array[float]"
    y0: "array[float]"
    x1: "array[float]"
    y1: "array[float]"


@dataclass(frozen=True, slots=True)
class Document:
    """One reading-order text and everything known about it, as offsets into that text.

    `doc_id` is the first 16 hex digits of the SHA-256 of the file's bytes. Blocks follow each other in reading
    order, do not overlap, and are separated in `text` by a blank line ("\\n\\n"). References are part of the text.
    `authors` are names as printed, in order. `superscripts` and `subscripts` are spans of raised and lowered
    characters, ascending.
    """

    doc_id: str
    path: str
    sha256: str
    media_type: str
    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    doi: str | None = None
    n_pages: int = 0
    sections: tuple[Section, ...] = (Section("", 0, None),)
    blocks: tuple[Block, ...] = ()
    callouts: tuple[Callout, ...] = ()
    references: tuple[Reference, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    superscripts: tuple[tuple[int, int], ...] = ()
    subscripts: tuple[tuple[int, int], ...] = ()
    dropped: tuple[Dropped, ...] = ()
    glyphs: Glyphs | None = field(default=None, repr=False)

    def blank_callouts(self) -> str:
        """The text, as long as before, with every callout overwritten by spaces."""
        parts: list[str] = []
        at = 0
        for callout in self.callouts:
            parts += [self.text[at : callout.start], " " * (callout.end - callout.start)]
            at = callout.end
        return "".join([*parts, self.text[at:]])

    def section_chain(self, section: int) -> tuple[str, ...]:
        """Titles from the outermost section to `section`, without the front matter."""
        titles: list[str] = []
        at: int | None = section
        while at is not None:
            titles.append(self.sections[at].title)
            at = self.sections[at].parent
        return tuple(title for title in reversed(titles) if title)

    def places(self, start: int, end: int) -> Iterator[Place]:
        """One box per run of characters on one line of one page, in reading order; nothing without glyphs.

        Lines may run along the page or, as on tables set sideways, up or down.
        """
        glyphs = self.glyphs
        if glyphs is None:
            return
        run: _Run | None = None
        for i in range(start, end):
            if not glyphs.page[i]:
                continue
            place = Place(glyphs.page[i], glyphs.x0[i], glyphs.y0[i], glyphs.x1[i], glyphs.y1[i])
            if run is not None and not run.take(place):
                yield run.whole
                run = None
            run = run or _Run(place)
        if run is not None:
            yield run.whole


class _Run:
    """The box of characters on one line so far; which way the line goes is known from the second on."""

    def __init__(self, first: Place) -> None:
        self.whole = self._last = first
        self._level: bool | None = None

    def take(self, place: Place) -> bool:
        """Grow by the next character, unless it stands on another line."""
        whole, last = self.whole, self._last
        if place.page != whole.page:
            return False
        level = self._level
        if level is None:
            level = abs(place.x0 + place.x1 - last.x0 - last.x1) >= abs(place.y0 + place.y1 - last.y0 - last.y1)
        if level:
            same_line = place.y0 < whole.y1 and place.y1 > whole.y0 and place.x1 >= whole.x0
        else:
            gap = max(place.y0 - whole.y1, whole.y0 - place.y1)
            same_line = place.x0 < whole.x1 and place.x1 > whole.x0 and gap < place.x1 - place.x0
        if same_line:
            self.whole = Place(
                whole.page,
                min(whole.x0, place.x0),
                min(whole.y0, place.y0),
                max(whole.x1, place.x1),
                max(whole.y1, place.y1),
            )
            self._last, self._level = place, level
        return same_line


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence. `head` is the index of its syntactic head in the sentence; the root heads itself.

    Labels are those of spaCy's English models: `pos` universal, `tag` Penn Treebank, `dep` ClearNLP.
    """

    start: int
    end: int
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """`index` counts in reading order over the document; `block` is the index of its block."""

    index: int
    start: int
    end: int
    text: str
    kind: Kind
    section: int
    block: int
    tokens: tuple[Token, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and the long form that the document introduces it with; both spans in the text."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the language stage adds to a document."""

    sentences: tuple[Sentence, ...]
    abbreviations: tuple[Abbreviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug, gene or mechanism named in the text: `document.text[start:end] == text`.

    `concept` is the key of the annotation guidelines (HGNC symbol or family name; INN in lower case; mechanism
    class); `curie` its registry id. Both are None where the mention could not be linked.
    """

    sentence: int
    start: int
    end: int
    text: str
    type: MentionType
    concept: str | None
    curie: str | None = None
    score: float = 1.0

    @property
    def layer(self) -> Layer:
        return Layer.MECHANISM if self.type is MentionType.MECHANISM else Layer.ENTITY


UNSPECIFIED = "unspecified"
"""The mechanism of a triple whose text names none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A drug, gene and mechanism that a passage might claim, whether it was given as a triple or not.

    `sentence` is where it is anchored. `mechanism` is None, and `score` that of the pair alone, where the pair was too
    unlikely for its mechanisms to be looked at.
    """

    drug: str
    gene: str
    mechanism: str | None
    sentence: int
    score: float


@dataclass(frozen=True, slots=True)
class Triple:
    """A claim of one document; `evidence` holds sentence indices, `references` citation numbers, both ascending."""

    drug: str
    gene: str
    mechanism: str
    role: Role
    state: State
    polarity: Polarity
    certainty: Certainty
    level: Level
    score: float
    evidence: tuple[int, ...]
    references: tuple[int, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A document, or a stage of one, that gave no result."""

    doc_id: str
    path: str
    stage: str
    error: str
    detail: str


def content_id(data: bytes) -> str:
    """SHA-256 of `data` as 64 hex digits; the first 16 are a document's id."""
    return hashlib.sha256(data).hexdigest()
