"""PubAnnotation JSON (Kim and Wang 2012): text, denotations, and attributes of these.

Sentences are denotations of the type Sentence. The form has relations of two only: claims stand in a field of their
own, `triples`, which PubAnnotation passes over.
"""

import json
from pathlib import Path
from typing import Any

from litmine.errors import GoldError
from litmine.gold.standoff import PARAGRAPH, Line, Marked, Standoff, read_type

SENTENCE = "Sentence"


def write(standoff: Standoff, path: Path) -> None:
    """Write one document to `path`."""
    denotations: list[dict[str, Any]] = []
    attributes: list[dict[str, Any]] = []

    def add(name: str, start: int, end: int, type_: str, labels: dict[str, str]) -> None:
        denotations.append({"id": name, "span": {"begin": start, "end": end}, "obj": type_})
        for label, value in labels.items():
            attributes.append({"id": f"A{len(attributes) + 1}", "subj": name, "pred": label, "obj": value})

    for line, start in zip(standoff.lines, standoff.starts(), strict=True):
        add(f"S-{line.id}", start, start + len(line.text), SENTENCE, {"section": line.section, "kind": line.kind})
    for number, mention in enumerate(standoff.mentions, 1):
        add(f"T{number}", mention.start, mention.end, str(mention.type), {"concept": mention.concept})
    document = {
        "sourcedb": "litmine",
        "sourceid": standoff.id,
        "source": standoff.source,
        "text": standoff.text,
        "denotations": denotations,
        "attributes": attributes,
        "triples": standoff.triples,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def read(path: Path) -> Standoff:
    """Read the document at `path`; without denotations of sentences each line of the text is one.

    Raises GoldError where it is of another form or a mention has no concept.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        text, denotations = document["text"], document.get("denotations", [])
        labels: dict[str, dict[str, str]] = {}
        for attribute in document.get("attributes", []):
            labels.setdefault(attribute["subj"], {})[attribute["pred"]] = attribute["obj"]
        places = [(d["id"], d["span"]["begin"], d["span"]["end"], d["obj"]) for d in denotations]
    except FileNotFoundError:
        raise GoldError(f"{path} does not exist.") from None
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise GoldError(f"{path} is no PubAnnotation document: {error}.") from None
    lines: list[Line] = []
    mentions: list[Marked] = []
    for name, start, end, type_ in places:
        own = labels.get(name, {})
        if type_ == SENTENCE:
            words = text[start:end]
            lines.append(Line(name.removeprefix("S-"), own.get("section", ""), own.get("kind", PARAGRAPH), words))
        elif "concept" not in own:
            raise GoldError(f"{path}: {name} has no concept; give it as an attribute of that name.")
        else:
            mentions.append(Marked(start, end, read_type(type_, f"{path}, {name}"), own["concept"]))
    if not lines:
        lines = [Line(f"s{i}", "", PARAGRAPH, words) for i, words in enumerate(text.split("\n"))]
    found = Standoff(
        str(document.get("sourceid", path.stem)),
        document.get("source", ""),
        tuple(lines),
        tuple(mentions),
        tuple(document.get("triples", ())),
    )
    if found.text != text:
        raise GoldError(f"{path}: the sentences do not cover the text, one a line.")
    return found
