"""Plain text and Markdown to a `Document`.

Owns the conventions: blank lines part blocks, "#" lines and short numbered lines are headings, a heading "References"
opens the list. There are no pages and no places.
"""

import re
from pathlib import Path

from litmine.errors import ReadingError
from litmine.reading.blocks import NUMBERED, is_reference_heading
from litmine.reading.callouts import find_callouts
from litmine.reading.lines import CAPTION
from litmine.reading.references import find_doi, find_pmid, find_title, find_year
from litmine.records import Block, Callout, Document, Kind, Reference, Section, content_id

_MARKED = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ENTRY = re.compile(r"(?:^|\n)\s*(?=\[?\d{1,4}[\].)]\s+\S)")
_LABELLED = re.compile(r"(?:simple |author )?(?:abstract|summary)\s*[:.]", re.IGNORECASE)
_ASIDE = re.compile(r"(?:key ?words|doi|https?://)\b", re.IGNORECASE)


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
    builder = _Builder()
    for part in paragraphs:
        builder.add(part.strip("\n"))
    digest = content_id(data)
    return Document(
        doc_id=digest[:16],
        path=str(path),
        sha256=digest,
        media_type="text/markdown" if markdown else "text/plain",
        text="\n\n".join(builder.texts),
        title=builder.title,
        doi=find_doi("\n".join(paragraphs[:6])),
        sections=tuple(builder.sections),
        blocks=tuple(builder.blocks),
        callouts=tuple(builder.callouts()),
        references=tuple(builder.references),
    )


class _Builder:
    """Blocks in the order they are added, with offsets into the text to be."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.blocks: list[Block] = []
        self.sections: list[Section] = [Section("", 0, None)]
        self.references: list[Reference] = []
        self.title = ""
        self._section = 0
        self._at = 0
        self._listing = False
        self._title_depth = 0
        self._abstract = False

    def add(self, part: str) -> None:
        marked = _MARKED.match(part.split("\n", 1)[0])
        if marked:
            self._add_heading(marked[2], len(marked[1]))
            _, _, rest = part.partition("\n")
            if rest.strip():
                self.add(rest)
            return
        flat = _flat(part)
        if self._listing and not is_reference_heading(flat):
            for entry in _ENTRY.split(part):
                if entry.strip():
                    self._add_reference(_flat(entry))
        elif not self.title and len(flat) < 300 and not _is_plain_heading(flat):
            self.title = flat
            self._add(flat, Kind.TITLE)
        elif _is_plain_heading(flat):
            number = NUMBERED.match(flat)
            self._add_heading(flat, number[1].count(".") + 1 if number else 1)
        elif CAPTION.match(flat) and len(flat) < 1500:
            self._add(flat, Kind.CAPTION)
        elif _ASIDE.match(flat):
            self._add(flat, Kind.OTHER)
        else:
            self._add(flat, Kind.ABSTRACT if self._abstract or _LABELLED.match(flat) else Kind.PARAGRAPH)

    def callouts(self) -> list[Callout]:
        known = {reference.number for reference in self.references}
        found = []
        for text, block in zip(self.texts, self.blocks, strict=True):
            if block.kind in {Kind.REFERENCE, Kind.TITLE, Kind.OTHER}:
                continue
            for callout in find_callouts(text):
                if not known or known.intersection(callout.numbers):
                    found.append(Callout(block.start + callout.start, block.start + callout.end, callout.numbers))
        return found

    def _add_heading(self, text: str, depth: int) -> None:
        self._listing = is_reference_heading(text)
        self._abstract = bool(re.fullmatch(r"(?:simple |author )?(?:abstract|summary)", text, re.IGNORECASE))
        if depth == 1 and not self.title and not self._listing:
            self.title, self._title_depth = text, 1
            self._add(text, Kind.TITLE)
            return
        number = NUMBERED.match(text)
        level = number[1].count(".") + 1 if number else max(1, depth - self._title_depth)
        parent: int | None = self._section
        while parent is not None and self.sections[parent].level >= level:
            parent = self.sections[parent].parent
        self.sections.append(Section(text, level, parent or 0))
        self._section = len(self.sections) - 1
        self._add(text, Kind.HEADING)

    def _add_reference(self, entry: str) -> None:
        number = re.match(r"\[?(\d{1,4})[\].)]", entry)
        self._add(entry, Kind.REFERENCE)
        block = self.blocks[-1]
        self.references.append(
            Reference(
                int(number[1]) if number else len(self.references) + 1,
                block.start,
                block.end,
                entry,
                find_doi(entry),
                find_pmid(entry),
                find_title(entry),
                find_year(entry),
            )
        )

    def _add(self, text: str, kind: Kind) -> None:
        self.blocks.append(Block(self._at, self._at + len(text), kind, self._section))
        self.texts.append(text)
        self._at += len(text) + 2


def _flat(part: str) -> str:
    return " ".join(part.split())


def _is_plain_heading(text: str) -> bool:
    if is_reference_heading(text):
        return True
    return bool(NUMBERED.match(text)) and len(text) < 160 and text[-1] not in ".,;"
