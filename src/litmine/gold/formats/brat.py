"""brat standoff (Stenetorp et al. 2012): NAME.txt with one sentence a line, NAME.ann with the mentions.

A concept is the annotator's note of its mention. brat knows no claims of a document, and no sentences: these stand
beside in NAME.triples.jsonl and NAME.sentences.tsv; without the latter each line is a paragraph's sentence.
"""

import json
import re
from pathlib import Path

from litmine.errors import GoldError
from litmine.gold.standoff import PARAGRAPH, Line, Marked, Standoff, read_type

CONFIGURATION = """[entities]
Drug
Gene
Mechanism

[relations]
<OVERLAP> Arg1:Mechanism, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
"""
_MENTION = re.compile(r"(T\d+)\t(\S+) (\d+) (\d+)\t.*")
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (T\d+)\t(.+)")


def write(standoff: Standoff, path: Path) -> None:
    """Write the .ann file at `path` and its companions beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = standoff.text
    lines: list[str] = []
    for number, mention in enumerate(standoff.mentions, 1):
        surface = text[mention.start : mention.end]
        lines.append(f"T{number}\t{mention.type} {mention.start} {mention.end}\t{surface}")
        lines.append(f"#{number}\tAnnotatorNotes T{number}\t{mention.concept}")
    _put(path, "\n".join(lines) + "\n")
    _put(path.with_suffix(".txt"), text + "\n")
    rows = ["id\tsection\tkind", *(f"{line.id}\t{line.section}\t{line.kind}" for line in standoff.lines)]
    _put(path.with_suffix(".sentences.tsv"), "\n".join(rows) + "\n")
    claims = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in standoff.triples)
    _put(path.with_suffix(".triples.jsonl"), claims)
    _put(path.with_suffix(".source.txt"), standoff.source + "\n")
    _put(path.with_name("annotation.conf"), CONFIGURATION)


def read(path: Path) -> Standoff:
    """Read the .ann file at `path` with its .txt and what else stands beside it.

    Raises GoldError where a file is missing, a mention is of another type, has several spans, or has no concept.
    """
    try:
        texts = path.with_suffix(".txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        annotations = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise GoldError(f"{path} is no brat annotation with its text: {error.filename} is missing.") from None
    sentences = path.with_suffix(".sentences.tsv")
    if sentences.exists():
        named = [line.split("\t") for line in sentences.read_text(encoding="utf-8").splitlines()[1:]]
        if len(named) != len(texts):
            raise GoldError(f"{sentences} names {len(named)} sentences, the text has {len(texts)} lines.")
    else:
        named = [[f"s{i}", "", PARAGRAPH] for i in range(len(texts))]
    places: dict[str, tuple[int, int, str]] = {}
    concepts: dict[str, str] = {}
    for number, line in enumerate(annotations, 1):
        if line.startswith("T"):
            found = _MENTION.fullmatch(line)
            if found is None:
                raise GoldError(f"{path}, line {number}: a mention has one span, a type and its text.")
            places[found[1]] = (int(found[3]), int(found[4]), found[2])
        elif note := _NOTE.fullmatch(line):
            concepts[note[1]] = note[2]
    mentions: list[Marked] = []
    for name, (start, end, type_) in places.items():
        if name not in concepts:
            raise GoldError(f"{path}: {name} has no concept; write it as the annotator's note of the mention.")
        mentions.append(Marked(start, end, read_type(type_, f"{path}, {name}"), concepts[name]))
    claims, source = path.with_suffix(".triples.jsonl"), path.with_suffix(".source.txt")
    return Standoff(
        id=path.stem,
        source=source.read_text(encoding="utf-8").strip() if source.exists() else "",
        lines=tuple(Line(name[0], name[1], name[2], text) for name, text in zip(named, texts, strict=True)),
        mentions=tuple(mentions),
        triples=tuple(
            json.loads(line) for line in (claims.read_text(encoding="utf-8").splitlines() if claims.exists() else ())
        ),
    )


def _put(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
