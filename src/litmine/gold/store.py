"""Gold sets on disk: standoff annotation without the article's text.

Owns the folders and files of `annotations/` (described in its README). The fields and their checks are those of
`litmine.gold.rows`; where a gold sentence lies in a reading of the article is for `litmine.gold.alignment`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from litmine.errors import GoldError
from litmine.gold.model import Gold, GoldSentence
from litmine.gold.rows import (
    DOCUMENT_FIELDS,
    MentionReader,
    Row,
    TripleReader,
    mention_row,
    read_sentence,
    require_fields,
    sentence_row,
    triple_row,
)

FORMAT = 1
GOLD = "gold"
"""The adjudicated layer; other layers are those of single annotators."""
PROBLEMS_SHOWN = 20

Record = TypeVar("Record")


def find_gold(name: str) -> Path:
    """The folder of a gold set, given as a path or as a name below `annotations/`.

    `annotations/` is looked for in the working directory, then in the checkout that litmine runs from.
    Raises GoldError that lists the known names.
    """
    roots = [Path("annotations"), Path(__file__).resolve().parents[3] / "annotations"]
    for folder in (Path(name), *(root / name for root in roots)):
        if any(document_folders(folder)):
            return folder
    known = sorted({path.parent.name for root in roots for path in root.glob("*/document.json")})
    hint = f"Known gold sets: {', '.join(known)}." if known else "There is no annotations folder here."
    raise GoldError(f"There is no gold set {name}. {hint}")


def read_gold_set(folder: Path) -> tuple[Gold, ...]:
    """The gold document in `folder`, or those in its subfolders by name. Raises GoldError as `read_gold` does."""
    folders = list(document_folders(folder))
    if not folders:
        raise GoldError(f"{folder} holds no gold document: document.json is missing.")
    return tuple(read_gold(each) for each in folders)


def document_folders(folder: Path) -> Iterator[Path]:
    """`folder` where it is a gold document, else its subfolders that are, by name."""
    if (folder / "document.json").exists():
        yield folder
    else:
        yield from sorted(file.parent for file in folder.glob("*/document.json"))


def layers_of(folder: Path) -> list[str]:
    """The layers of a gold document, the adjudicated one first."""
    others = sorted(file.name.removesuffix(".mentions.jsonl") for file in folder.glob("*.mentions.jsonl"))
    return [GOLD, *others]


def read_gold(folder: Path, layer: str = GOLD) -> Gold:
    """One gold document, checked; `layer` names an annotator ("annotator-A") instead of the adjudicated gold.

    Afterwards every offset lies in its sentence and the surface has the fingerprints that stand there, every class and
    evidence sentence exists, entity mentions do not overlap, and nothing is told twice. Raises GoldError that lists
    what breaks this, with file and line.
    """
    header, sentences = _read_document(folder / "document.json")
    classes = read_mechanism_classes(folder)
    problems: list[str] = []
    mentions = read_records(_layer_file(folder, layer, "mentions"), MentionReader(sentences, classes).read, problems)
    triples = read_records(_layer_file(folder, layer, "triples"), TripleReader(sentences, classes).read, problems)
    raise_problems(problems)
    return Gold(
        id=header["id"],
        title=header["title"],
        doi=header["doi"],
        licence=header["licence"],
        source=header["source"],
        sentences=sentences,
        mentions=tuple(mentions),
        triples=tuple(triples),
    )


def write_gold(gold: Gold, folder: Path, layer: str = GOLD) -> None:
    """Write one gold document so that `read_gold` gives it back."""
    folder.mkdir(parents=True, exist_ok=True)
    header = {
        "format": FORMAT,
        "id": gold.id,
        "title": gold.title,
        "doi": gold.doi,
        "licence": gold.licence,
        "source": gold.source,
    }
    opening = json.dumps(header, indent=1, ensure_ascii=False).removesuffix("\n}")
    sentences = ",\n".join("  " + _line(sentence_row(sentence)) for sentence in gold.sentences)
    _write(folder / "document.json", f'{opening},\n "sentences": [\n{sentences}\n ]\n}}\n')
    _write_rows(_layer_file(folder, layer, "mentions"), (mention_row(each, gold) for each in gold.mentions))
    _write_rows(_layer_file(folder, layer, "triples"), (triple_row(each, gold) for each in gold.triples))


def read_mechanism_classes(folder: Path) -> frozenset[str]:
    """The class ids of `mechanisms.tsv` in the gold document's folder or in the one above. Raises GoldError."""
    for file in (folder / "mechanisms.tsv", folder.resolve().parent / "mechanisms.tsv"):
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines()[1:]
            return frozenset(line.split("\t")[0] for line in lines if line)
    raise GoldError(f"The table of mechanism classes, mechanisms.tsv, is missing in {folder} and the folder above.")


def _layer_file(folder: Path, layer: str, records: str) -> Path:
    return folder / (f"{records}.jsonl" if layer == GOLD else f"{layer}.{records}.jsonl")


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _write_rows(file: Path, rows: Iterable[Row]) -> None:
    _write(file, "".join(_line(row) + "\n" for row in rows))


def _read_document(file: Path) -> tuple[Row, tuple[GoldSentence, ...]]:
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GoldError(f"{file.parent} holds no gold document: document.json is missing.") from None
    except ValueError as error:
        raise GoldError(f"{file} is not JSON: {error}.") from None
    try:
        require_fields(row, DOCUMENT_FIELDS)
        if row["format"] != FORMAT:
            raise ValueError(f"format {row['format']} is not known; this litmine reads format {FORMAT}")
    except ValueError as error:
        raise GoldError(f"{file}: {error}.") from None
    sentences: dict[str, GoldSentence] = {}
    for number, entry in enumerate(row["sentences"], 1):
        try:
            sentence = read_sentence(entry)
            if sentence.id in sentences:
                raise ValueError(f"the id {sentence.id} is taken already")
        except ValueError as error:
            raise GoldError(f"{file}, sentence {number}: {error}.") from None
        sentences[sentence.id] = sentence
    return row, tuple(sentences.values())


def read_records(file: Path, read: Callable[[Any], Record], problems: list[str]) -> list[Record]:
    """The records that `read` makes of each line; what it refuses is told in `problems`, with file and line."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise GoldError(f"{file.parent} is not a whole gold document: {file.name} is missing.") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{file} is not UTF-8 text: {error}.") from None
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(read(json.loads(line)))
        except json.JSONDecodeError as error:
            problems.append(f"{file}, line {number}: it is not JSON: {error}.")
        except ValueError as error:
            problems.append(f"{file}, line {number}: {error}.")
    return records


def raise_problems(problems: list[str]) -> None:
    """Raises GoldError with the first `PROBLEMS_SHOWN` of them, if there are any."""
    if problems:
        more = [f"... and {len(problems) - PROBLEMS_SHOWN} more."] if len(problems) > PROBLEMS_SHOWN else []
        raise GoldError("\n".join(problems[:PROBLEMS_SHOWN] + more))
