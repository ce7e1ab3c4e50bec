"""A folder of tab-separated tables: sentences.tsv, mentions.tsv, triples.tsv, and source.txt.

Offsets of mentions count from the start of their sentence. Lists are joined by spaces.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from litmine.errors import GoldError
from litmine.gold.rows import Row
from litmine.gold.standoff import Line, Marked, Standoff, read_type

_SENTENCES = ("id", "section", "kind", "text")
_MENTIONS = ("sentence", "start", "end", "text", "type", "concept")
_TRIPLES = ("id", "drug", "gene", "mechanism", "role", "state", "polarity", "certainty", "evidence", "refs")


def write(standoff: Standoff, path: Path) -> None:
    """Write the tables into the folder `path`."""
    path.mkdir(parents=True, exist_ok=True)
    starts = standoff.starts()
    _write(path / "sentences.tsv", _SENTENCES, ((s.id, s.section, s.kind, s.text) for s in standoff.lines))
    mentions: list[tuple[object, ...]] = []
    for line, start in zip(standoff.lines, starts, strict=True):
        for m in standoff.mentions:
            if start <= m.start < start + len(line.text) + 1:
                place = m.start - start, m.end - start
                mentions.append((line.id, *place, line.text[slice(*place)], m.type, m.concept))
    _write(path / "mentions.tsv", _MENTIONS, mentions)
    joined = (
        {**row, "evidence": " ".join(row["evidence"]), "refs": " ".join(map(str, row["refs"]))}
        for row in standoff.triples
    )
    _write(path / "triples.tsv", _TRIPLES, ([row[name] for name in _TRIPLES] for row in joined))
    (path / "source.txt").write_text(standoff.source + "\n", encoding="utf-8")


def read(path: Path) -> Standoff:
    """Read the tables of the folder `path`. Raises GoldError with file and line."""
    lines = tuple(Line(*(row[name] for name in _SENTENCES)) for row in _read(path / "sentences.tsv", _SENTENCES))
    bare = Standoff(path.resolve().name, "", lines, (), ())
    starts = dict(zip((line.id for line in lines), bare.starts(), strict=True))
    mentions: list[Marked] = []
    for number, row in enumerate(_read(path / "mentions.tsv", _MENTIONS), 2):
        where = f"{path / 'mentions.tsv'}, line {number}"
        if row["sentence"] not in starts:
            raise GoldError(f"{where}: there is no sentence {row['sentence']}.")
        start = starts[row["sentence"]]
        first, last = _number(row["start"], where), _number(row["end"], where)
        mentions.append(Marked(start + first, start + last, read_type(row["type"], where), row["concept"]))
    triples: list[Row] = []
    for number, row in enumerate(_read(path / "triples.tsv", _TRIPLES), 2):
        where = f"{path / 'triples.tsv'}, line {number}"
        refs = [_number(each, where) for each in row["refs"].split()]
        triples.append({**row, "evidence": row["evidence"].split(), "refs": refs})
    source = path / "source.txt"
    return Standoff(
        bare.id,
        source.read_text(encoding="utf-8").strip() if source.exists() else "",
        lines,
        tuple(mentions),
        tuple(triples),
    )


def _write(file: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, "excel-tab", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
        writer.writerow(names)
        writer.writerows(rows)


def _read(file: Path, names: Sequence[str]) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, dialect="excel-tab", quoting=csv.QUOTE_NONE, escapechar="\\")
            rows = list(reader)
    except FileNotFoundError:
        raise GoldError(f"{file} is missing.") from None
    if set(reader.fieldnames or ()) != set(names):
        raise GoldError(f"{file}: the first line must name the columns {', '.join(names)}.")
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise GoldError(f"{file}, line {number}: it has not {len(names)} columns.")
    return rows


def _number(written: str, where: str) -> int:
    if not written.isdecimal():
        raise GoldError(f"{where}: {written!r} is no number.")
    return int(written)
