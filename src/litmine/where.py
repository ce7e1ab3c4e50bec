"""Where in the document a mention stands: a picture of its lines with the mention marked.

Reads a finished run and the document again; both must still be what they were. Owns how mentions are named by people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from litmine.errors import ReadingError, StoreError
from litmine.records import Document, Place
from litmine.settings import ReadingSettings
from litmine.store import read_run, read_table

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH = 150
PEN = (255, 226, 77)
CONTEXT_LINES = 4
"""Shown above and below the marked lines, in heights of theirs."""
MARGIN = 10.0
"""Points around what is shown."""
LEAST_WIDTH, LEAST_HEIGHT = 240.0, 80.0
"""Points that are shown at least."""
_MENTION_ID = re.compile(r"(?:(?P<document>[0-9a-f]+):)?(?P<number>\d+)(?:-(?P<end>\d+))?")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A span of a document's text, the sentence it stands in where it stands in one, and its boxes on the pages."""

    document: Document
    start: int
    end: int
    sentence: str
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]


def find_spot(run: Path, mention_id: str, password: str | None = None) -> Spot:
    """The spot that people call DOCUMENT:NUMBER or DOCUMENT:START-END.

    DOCUMENT is a doc_id or the beginning of one, and may be left out where the run has one document. NUMBER is the
    column `mention` of the table mentions; START and END are offsets into the text. Raises StoreError where the run
    has no such mention, and ReadingError where the document is not there, not what it was, or read otherwise today.
    """
    named = _MENTION_ID.fullmatch(mention_id)
    if named is None:
        raise StoreError(
            f"{mention_id!r} names no mention. Write DOCUMENT:NUMBER (columns doc_id and mention of the table "
            "mentions) or DOCUMENT:START-END."
        )
    documents = read_table(run, "documents")
    doc_id = _find_document(documents["doc_id"].tolist(), named["document"])
    start, end = int(named["number"]), int(named["end"] or 0)
    if named["end"] is None:
        start, end = _find_mention(run, doc_id, start)
    path = Path(documents.loc[documents["doc_id"] == doc_id, "path"].iloc[0])
    document = read_again(run, doc_id, path, password)
    if not 0 <= start < end <= len(document.text):
        raise StoreError(f"Characters {start}-{end} are not in the text, which has {len(document.text):,} characters.")
    sentences = read_table(run, "sentences")
    around = sentences[(sentences["doc_id"] == doc_id) & (sentences["start"] < end) & (sentences["end"] > start)]
    return Spot(document, start, end, " ".join(around["text"]), tuple(document.places(start, end)))


def _find_document(doc_ids: Sequence[str], beginning: str | None) -> str:
    if beginning is None and len(doc_ids) > 1:
        raise StoreError(
            f"The run has {len(doc_ids)} documents: write DOCUMENT:NUMBER, with a doc_id or its beginning."
        )
    found = [doc_id for doc_id in doc_ids if doc_id.startswith(beginning or "")]
    if not found:
        raise StoreError(f"The run has no document whose doc_id begins with {beginning}.")
    if len(set(found)) > 1:
        raise StoreError(f"Several documents begin with {beginning}: {', '.join(found)}. Write more of the doc_id.")
    return found[0]


def _find_mention(run: Path, doc_id: str, number: int) -> tuple[int, int]:
    mentions = read_table(run, "mentions")
    own = mentions[mentions["doc_id"] == doc_id]
    row = own[own["mention"] == number]
    if row.empty:
        numbers = f"0 to {len(own) - 1}" if len(own) else "none"
        raise StoreError(f"Document {doc_id} has no mention {number}; its mentions are {numbers}.")
    return int(row["start"].iloc[0]), int(row["end"].iloc[0])


def read_again(run: Path, doc_id: str, path: Path, password: str | None) -> Document:
    """The document that the run mined from `path`. Raises ReadingError where it is not there or not what it was."""
    from litmine.reading import read_document

    text = run / "text" / f"{doc_id}.txt"
    if not text.exists():
        raise StoreError(f"{path} was not read in this run; the table failures says why.")
    if not path.exists():
        raise ReadingError(
            f"The document was mined from {path}, where it is not any more. A path that is not absolute is sought "
            "from the folder of the command."
        )
    document = read_document(path, _reading_settings(run, password))
    if document.doc_id != doc_id:
        raise ReadingError(f"{path} is not the file that was mined: its content has changed. Mine it again.")
    if document.text != text.read_bytes().decode("utf-8"):
        raise ReadingError(
            f"{path} is read otherwise today than in this run, by another version of litmine or of its packages. "
            "Mine it again."
        )
    return document


def _reading_settings(run: Path, password: str | None) -> ReadingSettings:
    try:
        settings = ReadingSettings.model_validate(read_run(run)["settings"]["reading"])
    except ValidationError:
        raise StoreError(f"{run} was made by another version of litmine, with other settings. Mine it again.") from None
    return settings.model_copy(update={"password": password})


def format_spot(spot: Spot) -> str:
    """Lines that say where a spot is: offsets, sentence, and each box on its page in points from the top left."""
    lines = [
        f"“{spot.text}”",
        f"characters {spot.start}–{spot.end} of {spot.document.path}",
        *([f"sentence   {spot.sentence}"] if spot.sentence else []),
    ]
    if spot.document.glyphs is None:
        return "\n".join([*lines, f"There is no page to show: the document is {spot.document.media_type}."])
    return "\n".join(
        [*lines, *(f"page {p.page}, box {p.x0:.1f} {p.y0:.1f} {p.x1:.1f} {p.y1:.1f}" for p in spot.places)]
    )


def draw_spot(spot: Spot, password: str | None = None) -> "Image":
    """The lines around a spot with the spot marked; below each other where it runs on in another column or page.

    Text on its side is turned to be read. Raises ReadingError where the document has no pages, or the spot no place.
    """
    import pypdfium2

    if spot.document.glyphs is None:
        raise ReadingError(f"{spot.document.path} has no pages to show.")
    if not spot.places:
        raise ReadingError(f"Characters {spot.start}-{spot.end} have no place on a page: reading put them in.")
    direction = _direction(spot)
    pdf = pypdfium2.PdfDocument(spot.document.path, password=password)
    try:
        return _stack([_draw(pdf, spot, group, direction) for group in _grouped(spot.places, direction)])
    finally:
        pdf.close()


def _direction(spot: Spot) -> str:
    """Which way the text runs on the displayed page: "right", "up" or "down"."""
    glyphs = spot.document.glyphs
    assert glyphs is not None
    near = [i for i in range(max(0, spot.start - 20), min(spot.end + 20, len(glyphs.page))) if glyphs.page[i]]
    steps = [(glyphs.x0[j] - glyphs.x0[i], glyphs.y0[j] - glyphs.y0[i]) for i, j in pairwise(near) if j == i + 1]
    across, down = (median(step) for step in zip(*steps, strict=True)) if steps else (1.0, 0.0)
    if abs(across) >= abs(down):
        return "right"
    return "down" if down > 0 else "up"


def _in_reading_frame(place: Place, direction: str) -> Box:
    """The box with x along the lines and y across them."""
    if direction == "right":
        return place.x0, place.y0, place.x1, place.y1
    return place.y0, place.x0, place.y1, place.x1


def _grouped(places: Sequence[Place], direction: str) -> list[list[Place]]:
    """Places that follow each other closely enough to be shown in one crop."""
    groups: list[list[Place]] = []
    for place in places:
        before = groups[-1][-1] if groups else None
        _, y0, _, y1 = _in_reading_frame(place, direction)
        reach = 3 * (y1 - y0)
        if before and before.page == place.page and abs(y0 - _in_reading_frame(before, direction)[1]) < reach:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _draw(pdf: Any, spot: Spot, group: Sequence[Place], direction: str) -> "Image":
    from PIL import Image, ImageChops, ImageDraw

    scale = DOTS_PER_INCH / 72
    page = pdf[group[0].page - 1]
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", picture.size, "white")
    for p in group:
        ImageDraw.Draw(marks).rectangle((p.x0 * scale - 1, p.y0 * scale - 1, p.x1 * scale + 1, p.y1 * scale + 1), PEN)
    x0, y0, x1, y1 = _around(spot, group, direction, *page.get_size())
    shown = ImageChops.multiply(picture, marks).crop(
        (int(x0 * scale), int(y0 * scale), int(x1 * scale), int(y1 * scale))
    )
    if direction == "right":
        return shown
    return shown.transpose(Image.Transpose.ROTATE_90 if direction == "down" else Image.Transpose.ROTATE_270)


def _around(spot: Spot, group: Sequence[Place], direction: str, width: float, height: float) -> Box:
    """What is shown of the page as displayed: the width of the column and some lines."""
    marked = [_in_reading_frame(place, direction) for place in group]
    x0, y0 = min(box[0] for box in marked), min(box[1] for box in marked)
    x1, y1 = max(box[2] for box in marked), max(box[3] for box in marked)
    context = CONTEXT_LINES * min(box[3] - box[1] for box in marked)
    column = (x0, x1)
    for block in spot.document.blocks:
        if block.start < spot.end and block.end > spot.start:
            for place in spot.document.places(block.start, block.end):
                left, top, right, bottom = _in_reading_frame(place, direction)
                if place.page == group[0].page and bottom > y0 - context and top < y1 + context:
                    beside = direction != "right" or (left < x1 and right > x0)
                    column = (min(column[0], left), max(column[1], right)) if beside else column
    along = max(MARGIN, (LEAST_WIDTH - (column[1] - column[0])) / 2)
    across = max(MARGIN, context, (LEAST_HEIGHT - (y1 - y0)) / 2)
    left, top, right, bottom = column[0] - along, y0 - across, column[1] + along, y1 + across
    if direction != "right":
        left, top, right, bottom = top, left, bottom, right
    return max(0.0, left), max(0.0, top), min(width, right), min(height, bottom)


def _stack(parts: Sequence["Image"]) -> "Image":
    from PIL import Image

    gap = DOTS_PER_INCH // 12
    size = (max(part.width for part in parts), sum(part.height + gap for part in parts) - gap)
    whole = Image.new("RGB", size, (128, 128, 128))
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height + gap
    return whole
