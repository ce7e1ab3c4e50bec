"""Texts with entities and n-ary relations as every system of the comparison is given them, and where they come from.

Owns the plain form (`RelationText`), its JSON, and the reading of BioNLP-ST standoff. Knows no system that is compared.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litmine.errors import GoldError


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing: half-open span in code points of its text, `id` unique in it."""

    id: str
    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RelationText:
    """A text with its entities and the gold tuples of one relation: ids of entities, one per role, roles by name.

    Texts of one `group` come from one article and are never parted by folds.
    """

    name: str
    group: str
    text: str
    entities: tuple[Entity, ...]
    relations: frozenset[tuple[str, ...]]


def read_standoff(folder: Path, relation: str, roles: Sequence[str]) -> list[RelationText]:
    """The texts of a folder of .txt, .a1 and .a2 files, by name, with the tuples of `relation` in the order of `roles`.

    The article is the `pmid` of the .json file beside a text, or the text alone where there is none. Raises GoldError
    where the folder holds no texts, a span does not match its words, or a relation lacks a role.
    """
    texts = [_read_text(file, relation, roles) for file in sorted(folder.glob("*.txt"))]
    if not texts:
        raise GoldError(f"{folder} holds no annotated texts (.txt with .a1 and .a2).")
    return texts


def _read_text(file: Path, relation: str, roles: Sequence[str]) -> RelationText:
    text = file.read_text(encoding="utf-8")
    entities = tuple(_entity(line, text, file) for line in _lines(file.with_suffix(".a1"), "T"))
    tuples = [_tuple(line, roles, file) for line in _lines(file.with_suffix(".a2"), "R") if _type(line) == relation]
    article = file.with_suffix(".json")
    pmid = json.loads(article.read_text(encoding="utf-8")).get("pmid") if article.exists() else None
    return RelationText(file.stem, str(pmid) if pmid else file.stem, text, entities, frozenset(tuples))


def _lines(file: Path, first: str) -> Iterable[str]:
    return (line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(first))


def _type(line: str) -> str:
    return line.split("\t")[1].split(" ")[0]


def _entity(line: str, text: str, file: Path) -> Entity:
    id_, place, words = line.split("\t")
    type_, start, end = place.split(" ")
    entity = Entity(id_, type_, int(start), int(end))
    if text[entity.start : entity.end] != words:
        raise GoldError(f"{file}: {id_} says {words!r}, its span {text[entity.start : entity.end]!r}.")
    return entity


def _tuple(line: str, roles: Sequence[str], file: Path) -> tuple[str, ...]:
    arguments = dict(argument.split(":") for argument in line.split("\t")[1].split(" ")[1:])
    if sorted(arguments) != sorted(roles):
        raise GoldError(f"{file}: {line.split(chr(9))[0]} has the roles {', '.join(arguments)}.")
    return tuple(arguments[role] for role in roles)


def to_json(texts: Sequence[RelationText]) -> list[dict[str, Any]]:
    """Plain lists and dictionaries from which `from_json` makes equal texts."""
    return [
        {
            "name": text.name,
            "group": text.group,
            "text": text.text,
            "entities": [[e.id, e.type, e.start, e.end] for e in text.entities],
            "relations": sorted(text.relations),
        }
        for text in texts
    ]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[RelationText]:
    return [
        RelationText(
            row["name"],
            row["group"],
            row["text"],
            tuple(Entity(*values) for values in row["entities"]),
            frozenset(tuple(ids) for ids in row["relations"]),
        )
        for row in rows
    ]
