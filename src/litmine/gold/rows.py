"""Rows of the gold files to records and back, with every check that a row must pass.

Owns the fields of `document.json`, `mentions.jsonl` and `triples.jsonl`. Readers raise ValueError with the rest of a
sentence that begins with file and line; files themselves are for `litmine.gold.store`.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from litmine.gold.fingerprints import Token, decode_tokens, encode_tokens, iter_tokens
from litmine.gold.model import Gold, GoldMention, GoldSentence, GoldTriple
from litmine.gold.surfaces import surface_parts
from litmine.records import UNSPECIFIED, Certainty, Kind, Layer, MentionType, Polarity, Role, State

Row = dict[str, Any]
Label = TypeVar("Label", bound=StrEnum)

DOCUMENT_FIELDS = {
    "format": int,
    "id": str,
    "title": str,
    "doi": (str, type(None)),
    "licence": str,
    "source": str,
    "sentences": list,
}
_SENTENCE_FIELDS = {"id": str, "section": str, "kind": str, "paragraph": int, "length": int, "tokens": str}
_MENTION_FIELDS = {
    "sentence": str,
    "start": int,
    "end": int,
    "text": str,
    "layer": str,
    "type": str,
    "concept": str,
}
_TRIPLE_FIELDS = {
    "id": str,
    "drug": str,
    "gene": str,
    "mechanism": str,
    "role": str,
    "state": str,
    "polarity": str,
    "certainty": str,
    "evidence": list,
    "refs": list,
}
_NEVER_EMPTY = {"id", "concept", "drug", "gene", "mechanism", "text"}


def require_fields(row: Any, fields: dict[str, Any]) -> None:
    """Raises ValueError unless `row` is an object with exactly these fields, each of its kind."""
    if not isinstance(row, dict):
        raise ValueError("it is not a JSON object")
    if missing := fields.keys() - row.keys():
        raise ValueError(f"the field {min(missing)} is missing")
    if unknown := row.keys() - fields.keys():
        raise ValueError(f"the field {min(unknown)} is not known")
    for name, kind in fields.items():
        if not isinstance(row[name], kind) or isinstance(row[name], bool):
            raise ValueError(f"the field {name} is of the wrong kind: {json.dumps(row[name])}")
        if row[name] == "" and name in _NEVER_EMPTY:
            raise ValueError(f"the field {name} is empty")


def layer_of(type_: MentionType) -> Layer:
    """The layer in which mentions of a type are annotated."""
    return Layer.MECHANISM if type_ is MentionType.MECHANISM else Layer.ENTITY


def read_sentence(row: Any) -> GoldSentence:
    """A sentence of `document.json`."""
    require_fields(row, _SENTENCE_FIELDS)
    try:
        tokens = decode_tokens(row["tokens"])
    except ValueError as error:
        raise ValueError(f"its tokens cannot be decoded: {error}") from None
    if tokens and tokens[-1].end > row["length"]:
        raise ValueError(f"its tokens reach beyond its length of {row['length']}")
    return GoldSentence(
        id=row["id"],
        section=row["section"],
        kind=_label(Kind, row["kind"]),
        paragraph=row["paragraph"],
        length=row["length"],
        tokens=tokens,
    )


class MentionReader:
    """Reads the rows of one `mentions.jsonl` in order; remembers them to see overlaps and repeats."""

    def __init__(self, sentences: Sequence[GoldSentence], classes: frozenset[str]) -> None:
        self._sentences = sentences
        self._index = {sentence.id: i for i, sentence in enumerate(sentences)}
        self._classes = classes
        self._entities: dict[int, list[GoldMention]] = {}
        self._seen: set[tuple[int, int, int, MentionType]] = set()

    def read(self, row: Any) -> GoldMention:
        require_fields(row, _MENTION_FIELDS)
        sentence = _known_sentence(row["sentence"], self._index)
        mention = GoldMention(
            sentence=sentence,
            start=row["start"],
            end=row["end"],
            text=row["text"],
            type=_label(MentionType, row["type"]),
            concept=row["concept"],
        )
        if row["layer"] != layer_of(mention.type):
            raise ValueError(f"{mention.type} belongs into the layer {layer_of(mention.type)}")
        if mention.type is MentionType.MECHANISM and mention.concept not in self._classes:
            raise ValueError(f"{mention.concept} is no class of mechanisms.tsv")
        length = self._sentences[sentence].length
        if not 0 <= mention.start < mention.end <= length:
            raise ValueError(f"{mention.start} to {mention.end} is no span of a sentence of {length} characters")
        if not _reproduces(mention, self._sentences[sentence].tokens):
            raise ValueError(f"“{mention.text}” is not what stands at {mention.start} to {mention.end}")
        self._remember(mention)
        return mention

    def _remember(self, mention: GoldMention) -> None:
        place = (mention.sentence, mention.start, mention.end, mention.type)
        if place in self._seen:
            raise ValueError(f"“{mention.text}” is annotated here already as {mention.type}")
        self._seen.add(place)
        if layer_of(mention.type) is Layer.MECHANISM:
            return
        earlier = self._entities.setdefault(mention.sentence, [])
        for other in earlier:
            if other.start < mention.end and mention.start < other.end:
                raise ValueError(f"“{mention.text}” overlaps “{other.text}” in the entity layer")
        earlier.append(mention)


def _reproduces(mention: GoldMention, tokens: Sequence[Token]) -> bool:
    """Whether the surface has the fingerprints of the sentence's tokens at the mention's place."""
    head, tail = surface_parts(mention.text)
    if not tail and len(head) != mention.end - mention.start:
        return False
    inside = {
        (token.start, token.end): token.hash
        for token in tokens
        if mention.start <= token.start and token.end <= mention.end
    }
    found = {
        (offset + token.start, offset + token.end): token.hash
        for part, offset in ((head, mention.start), (tail, mention.end - len(tail)))
        for token in iter_tokens(part)
    }
    if tail:
        return all(inside.get(place) == hash_ for place, hash_ in found.items())
    return all(found.get(place) == hash_ for place, hash_ in inside.items())


class TripleReader:
    """Reads the rows of one `triples.jsonl` in order; remembers them to see repeats."""

    def __init__(self, sentences: Sequence[GoldSentence], classes: frozenset[str]) -> None:
        self._index = {sentence.id: i for i, sentence in enumerate(sentences)}
        self._classes = classes | {UNSPECIFIED}
        self._ids: set[str] = set()
        self._seen: dict[str, str] = {}

    def read(self, row: Any) -> GoldTriple:
        require_fields(row, _TRIPLE_FIELDS)
        if row["mechanism"] not in self._classes:
            raise ValueError(f"{row['mechanism']} is no class of mechanisms.tsv")
        if not row["evidence"]:
            raise ValueError("it has no evidence")
        if not all(type(number) is int and number > 0 for number in row["refs"]):
            raise ValueError(f"refs must be citation numbers: {json.dumps(row['refs'])}")
        triple = GoldTriple(
            id=row["id"],
            drug=row["drug"],
            gene=row["gene"],
            mechanism=row["mechanism"],
            role=_label(Role, row["role"]),
            state=_label(State, row["state"]),
            polarity=_label(Polarity, row["polarity"]),
            certainty=_label(Certainty, row["certainty"]),
            evidence=tuple(sorted({_known_sentence(name, self._index) for name in row["evidence"]})),
            references=tuple(sorted(set(row["refs"]))),
        )
        if triple.id in self._ids:
            raise ValueError(f"the id {triple.id} is taken already")
        self._ids.add(triple.id)
        content = json.dumps({**row, "id": ""}, sort_keys=True)
        if content in self._seen:
            raise ValueError(f"it repeats {self._seen[content]}")
        self._seen[content] = triple.id
        return triple


def _label(labels: type[Label], value: str) -> Label:
    if value not in list(labels):
        raise ValueError(f"{value} is not one of {', '.join(labels)}")
    return labels(value)


def _known_sentence(name: Any, index: dict[str, int]) -> int:
    if not isinstance(name, str) or name not in index:
        raise ValueError(f"document.json has no sentence {name}")
    return index[name]


def sentence_row(sentence: GoldSentence) -> Row:
    """What `read_sentence` reads."""
    return {
        "id": sentence.id,
        "section": sentence.section,
        "kind": sentence.kind.value,
        "paragraph": sentence.paragraph,
        "length": sentence.length,
        "tokens": encode_tokens(sentence.tokens),
    }


def mention_row(mention: GoldMention, gold: Gold) -> Row:
    """What `MentionReader` reads."""
    return {
        "sentence": gold.sentences[mention.sentence].id,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "layer": layer_of(mention.type).value,
        "type": mention.type.value,
        "concept": mention.concept,
    }


def triple_row(triple: GoldTriple, gold: Gold) -> Row:
    """What `TripleReader` reads."""
    return {
        "id": triple.id,
        "drug": triple.drug,
        "gene": triple.gene,
        "mechanism": triple.mechanism,
        "role": triple.role.value,
        "state": triple.state.value,
        "polarity": triple.polarity.value,
        "certainty": triple.certainty.value,
        "evidence": [gold.sentences[sentence].id for sentence in triple.evidence],
        "refs": list(triple.references),
    }
