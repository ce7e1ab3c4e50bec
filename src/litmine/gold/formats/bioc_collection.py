"""BioC (Comeau et al. 2013) in JSON or, where the file is called .xml, in XML.

A passage for each sentence, mentions as annotations, claims as relations. A relation has its labels as infons; its
nodes are the first mentions of drug, gene and mechanism in its evidence, where there are any. Passages of other makers
are taken as sentences as they are.
"""

import json
from pathlib import Path
from typing import Any

from lxml.etree import XMLSyntaxError

from litmine.errors import GoldError
from litmine.gold.rows import Row
from litmine.gold.standoff import PARAGRAPH, Line, Marked, Standoff, read_type

XML = ".xml"
_LABELS = ("drug", "gene", "mechanism", "role", "state", "polarity", "certainty")


def _library() -> Any:
    try:
        import bioc
        import bioc.biocjson
        import bioc.biocxml
    except ImportError:
        raise GoldError("BioC needs the package bioc. Install it with: pip install 'litmine[exchange]'") from None
    return bioc


def write(standoff: Standoff, path: Path) -> None:
    """Write one collection of one document to `path`."""
    bioc = _library()
    collection = bioc.BioCCollection()
    collection.source = "litmine"
    document = bioc.BioCDocument()
    document.id = standoff.id
    document.infons["source"] = standoff.source
    collection.add_document(document)
    found: dict[tuple[str, str], str] = {}
    starts = standoff.starts()
    for line, start in zip(standoff.lines, starts, strict=True):
        passage = bioc.BioCPassage.of_text(line.text, start)
        passage.infons |= {"type": line.kind, "section": line.section, "sentence": line.id}
        for number, mention in enumerate(standoff.mentions):
            if start <= mention.start < start + len(line.text) + 1:
                annotation = bioc.BioCAnnotation()
                annotation.id = f"T{number + 1}"
                annotation.text = standoff.text[mention.start : mention.end]
                annotation.infons |= {"type": str(mention.type), "identifier": mention.concept}
                annotation.add_location(bioc.BioCLocation(mention.start, mention.end - mention.start))
                passage.add_annotation(annotation)
                found.setdefault((line.id, mention.concept), annotation.id)
        document.add_passage(passage)
    for row in standoff.triples:
        relation = bioc.BioCRelation()
        relation.id = row["id"]
        relation.infons |= {name: row[name] for name in _LABELS}
        relation.infons |= {"evidence": " ".join(row["evidence"]), "refs": " ".join(map(str, row["refs"]))}
        for part in ("drug", "gene", "mechanism"):
            nodes = (found.get((sentence, row[part])) for sentence in row["evidence"])
            if (node := next((each for each in nodes if each), None)) is not None:
                relation.add_node(bioc.BioCNode(node, part))
        document.add_relation(relation)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == XML:
            bioc.biocxml.dump(collection, file)
        else:
            bioc.biocjson.dump(collection, file, ensure_ascii=False, indent=1)


def read(path: Path) -> Standoff:
    """Read the first document of the collection at `path`. Raises GoldError where it is none."""
    bioc = _library()
    try:
        if path.suffix == XML:
            document = bioc.biocxml.loads(path.read_text(encoding="utf-8")).documents[0]
        else:
            document = bioc.biocjson.loads(path.read_text(encoding="utf-8")).documents[0]
    except FileNotFoundError:
        raise GoldError(f"{path} does not exist.") from None
    except (json.JSONDecodeError, KeyError, IndexError, TypeError, XMLSyntaxError) as error:
        raise GoldError(f"{path} is no BioC collection: {error}.") from None
    lines: list[Line] = []
    mentions: list[Marked] = []
    at = 0
    for number, passage in enumerate(document.passages):
        infons = passage.infons
        text = passage.text.replace("\n", " ").replace("\t", " ")
        kind = infons.get("type") or PARAGRAPH
        lines.append(Line(infons.get("sentence", f"s{number}"), infons.get("section") or "", kind, text))
        for annotation in passage.annotations:
            if len(annotation.locations) != 1 or "identifier" not in annotation.infons:
                raise GoldError(f"{path}, annotation {annotation.id}: it must have one location and an identifier.")
            place = annotation.locations[0]
            start = at + place.offset - passage.offset
            type_ = read_type(annotation.infons.get("type", ""), f"{path}, annotation {annotation.id}")
            mentions.append(Marked(start, start + place.length, type_, annotation.infons["identifier"]))
        at += len(text) + 1
    return Standoff(
        id=document.id,
        source=document.infons.get("source") or "",
        lines=tuple(lines),
        mentions=tuple(mentions),
        triples=tuple(_row(relation, path) for relation in document.relations),
    )


def _row(relation: Any, path: Path) -> Row:
    infons = relation.infons
    missing = [name for name in (*_LABELS, "evidence") if name not in infons]
    if missing:
        raise GoldError(f"{path}, relation {relation.id}: the infon {missing[0]} is missing.")
    refs = [int(number) for number in (infons.get("refs") or "").split()]
    return {
        "id": relation.id,
        **{name: infons[name] for name in _LABELS},
        "evidence": infons["evidence"].split(),
        "refs": refs,
    }
