"""The values of a gold set: sentences without their words, mentions and triples.

Owns no behaviour. Files are for `litmine.gold.store`, their checks for `litmine.gold.rows`.
"""

from dataclasses import dataclass, field

from litmine.gold.fingerprints import Token
from litmine.records import Certainty, Kind, MentionType, Polarity, Role, State


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence that annotators read: `length` in characters, token offsets counted from its start.

    `paragraph` numbers the article's paragraphs, headings and captions in reading order.
    """

    id: str
    section: str
    kind: Kind
    paragraph: int
    length: int
    tokens: tuple[Token, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoldMention:
    """`sentence` is an index into `Gold.sentences`; offsets count from the sentence's start.

    `text` is the surface, elided in the middle where it is long (`litmine.gold.surfaces`).
    """

    sentence: int
    start: int
    end: int
    text: str
    type: MentionType
    concept: str


@dataclass(frozen=True, slots=True)
class GoldTriple:
    """A claim; `evidence` holds indices into `Gold.sentences`, `references` citation numbers, both ascending."""

    id: str
    drug: str
    gene: str
    mechanism: str
    role: Role
    state: State
    polarity: Polarity
    certainty: Certainty
    evidence: tuple[int, ...]
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated article."""

    id: str
    title: str
    doi: str | None
    licence: str
    source: str
    sentences: tuple[GoldSentence, ...] = field(repr=False)
    mentions: tuple[GoldMention, ...] = field(repr=False)
    triples: tuple[GoldTriple, ...] = field(repr=False)
