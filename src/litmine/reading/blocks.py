"""From lines in reading order to paragraphs, headings and captions as drafts of blocks.

Owns where a block starts and ends, by indentation, spacing and style, and whether a paragraph goes on after a break of
column or page. What a block means (abstract, back matter) is for `structure`. Lengths are relative to the type size.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from litmine.reading.geometry import percentile
from litmine.reading.layout import REFERENCE_HEADING
from litmine.reading.lines import CAPTION, RAISED, Line
from litmine.reading.tables.cells import TableCell
from litmine.records import Kind

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})(?:\.|\)|\s?[|│])?\s+(?=[^\W\d_]|\W?[A-Z0-9α-ω])")
LABEL = re.compile(
    r"(?:(?:simple |author )?(?:abstract|summary)|key ?words?|author contributions?|funding|acknowledge?ments?"
    r"|institutional review board statement|informed consent statement|data availability statement"
    r"|conflicts? of interests?|competing interests?|supplementary materials?|ethics statement|abbreviations"
    r"|publisher['’]s note|sample availability|disclaimer(?:/publisher['’]s note)?)\s*:",
    re.IGNORECASE,
)
"""A label that opens a paragraph of its own whatever the spacing."""
ABSTRACT_PART = re.compile(
    r"(?:background|introduction|objectives?|aims?|purpose|(?:materials? and |patients and )?methods|design|setting"
    r"|results|findings|(?:discussion|interpretation|conclusions?)(?: and \w+)?|significance)\s?:\s(?=[A-Z])",
    re.IGNORECASE,
)
"""A label that opens a part of a structured abstract."""
PARAGRAPH_GAP = 1.3
"""Of the usual distance of lines: more than this parts blocks."""
_ENUMERATED = re.compile(r"(?:\(?(\d{1,2})[.)]?|[*†‡§¶])\s?(?=[A-Z]|\S+\s)")
"""A number or sign at the head of an item."""
_UNMARKED_CAPTION = re.compile(r"[a-z]?\s[(\[\"“]?(?:[A-Z\dα-ωΑ-Ω]|[a-z]+[A-Z])")
_BOX = re.compile(r"(?:box|panel)\s?\d", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,4}(?:[,–-]\d{1,4})*")
_PANEL = re.compile(r"\(?[aA](?:[–-][B-Zb-z])?[).:,]\s")
_ABBREVIATED = re.compile(
    r"(?:\b(?:et al|figs?|vs|e\.g|i\.e|cf|refs?|eqs?|nos?|approx|ca)|(?:\b[A-Z]\.\s?)+[A-Z])\.$", re.I
)
_SENTENCE_ENDS = ".?!:\"'”’)]"
_ENDS_SENTENCE = re.compile(r"[.?!:][\"'”’)\]]*(?:\s?\[[\d,–\- ]+\])?$")


@dataclass(slots=True)
class Draft:
    """Lines that make one block. A table has its cells, and the draft of its caption where it has one."""

    lines: list[Line]
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    section: int = 0
    cells: list[TableCell] = field(default_factory=list)
    caption: "Draft | None" = None

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def n_words(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Typography:
    """What is usual in a document: size and weight of its body type, and the distance of lines by type size."""

    body_size: float
    body_bold: bool
    body_font: str
    leading: dict[float, float]

    def leading_of(self, line: Line) -> float:
        usual = self.leading.get(self.body_size, 1.2 * self.body_size) / self.body_size
        return self.leading.get(_rounded(line.size), usual * line.size)


def measure_typography(lines: Sequence[Line]) -> Typography:
    """Typography of the lines before the reference list (of all lines where there is none)."""
    end = next((i for i, line in enumerate(lines) if is_reference_heading(line.text)), len(lines))
    body = lines[:end] if sum(len(line.text) for line in lines[:end]) > 1000 else lines
    sizes: Counter[tuple[float, bool]] = Counter()
    fonts: Counter[str] = Counter()
    for line in body:
        sizes[_rounded(line.size), line.bold] += len(line.text)
    (size, bold), _ = sizes.most_common(1)[0]
    for line in body:
        if _rounded(line.size) == size:
            fonts[line.font] += len(line.text)
    steps: dict[float, list[float]] = {}
    for above, line in itertools.pairwise(lines):
        step = line.base - above.base
        if above.page == line.page and above.column == line.column and _alike(above, line) and 0.9 * line.size < step:
            steps.setdefault(_rounded(line.size), []).append(step)
    leading = {size: percentile(found, 35) for size, found in steps.items() if len(found) >= 3}
    leading = {size: min(step, 2.6 * size) for size, step in leading.items()}
    return Typography(size, bold, fonts.most_common(1)[0][0], leading)


def is_reference_heading(text: str) -> bool:
    return bool(REFERENCE_HEADING.fullmatch(text.strip()))


def make_drafts(lines: Sequence[Line], typography: Typography) -> list[Draft]:
    """Blocks of consecutive lines; every line is in exactly one."""
    drafts: list[Draft] = []
    for line, below in itertools.zip_longest(lines, lines[1:]):
        if drafts and _is_parted_citation(drafts[-1].lines[-1], line, typography):
            line.raised = np.ones_like(line.raised)
            drafts[-1].lines.append(line)
            continue
        if drafts and not (_starts_block(drafts[-1], line, typography) or _steps_in(drafts[-1].lines[-1], line, below)):
            drafts[-1].lines.append(line)
            continue
        drafts.append(Draft([line]))
        if is_caption_start(line, typography):
            drafts[-1].kind = Kind.CAPTION
    return drafts


def _is_parted_citation(above: Line, line: Line, typography: Typography) -> bool:
    """Superscript numbers alone on the last line of a paragraph, where the typesetter parted them from their word."""
    step = line.base - above.base
    return (
        line.page == above.page
        and line.column == above.column
        and line.size < 0.8 * above.size
        and 0 < step < typography.leading_of(above) - RAISED * above.size
        and bool(_NUMBERS.fullmatch(line.text))
        and _ends_with_stop(above)
    )


def is_caption_start(line: Line, typography: Typography) -> bool:
    """A line that opens a caption: label and number, set off by a mark, by weight or by size."""
    match = CAPTION.match(line.text)
    if not match:
        return False
    rest = line.text[match.end(2) :]
    set_off = match[3] in ".:|—–" or not rest.strip()
    styled = line.bold or abs(line.size - typography.body_size) > 0.04 * typography.body_size
    return set_off or (styled and bool(_UNMARKED_CAPTION.match(rest)))


def _starts_block(draft: Draft, line: Line, typography: Typography) -> bool:
    above = draft.lines[-1]
    if above.page != line.page or above.column != line.column:
        return True
    step = line.base - above.base
    leading = typography.leading_of(line)
    if step <= 0 or step > PARAGRAPH_GAP * max(leading, 1.05 * line.size) or not _alike(above, line):
        return True
    if ":" in line.text and (LABEL.match(line.text) or (ABSTRACT_PART.match(line.text) and _ends_with_stop(above))):
        return True
    if is_caption_start(line, typography):
        set_apart = line.bold != above.bold or step > 1.12 * leading
        if set_apart and (draft.kind is not Kind.CAPTION or step > 1.1 * leading):
            return True
    if above.underlined != line.underlined:
        return True
    width = max(line.right - line.left, line.size)
    above_full = above.x1 > above.right - max(2.0 * line.size, 0.08 * width)
    spaced = step > 1.12 * leading
    if draft.kind is Kind.CAPTION:
        return bool(spaced and above.bold != line.bold and not above_full)
    above_ends = _ends_with_stop(above)
    if not above_full and not above_ends:
        other_face = above.font != line.font and not (above.italic or line.italic)
        if other_face or _stands_out(above, typography) != _stands_out(line, typography):
            return True
    if line.raised[0] > 0 and not above_full and re.match(r"\d{1,2}\s?[A-Z]", line.text):
        return True
    if above.bold != line.bold or above.italic != line.italic:
        plain_run_on = above_full and not spaced and not NUMBERED.match(line.text)
        only_italic = above.bold == line.bold and not NUMBERED.match(draft.lines[0].text)
        if not plain_run_on and not (only_italic and not spaced and not above_ends and len(draft.lines) > 1):
            return True
    if NUMBERED.match(line.text) and (line.bold or line.italic) and not typography.body_bold and not above_full:
        return True
    display = line.size > 1.07 * typography.body_size or (line.bold and not typography.body_bold)
    if display and above.bold == line.bold:
        return False
    if _is_next_item(draft.lines[0], line):
        return True
    if _hangs(draft, line):
        return False
    indented = line.x0 > line.left + 0.7 * line.size and line.x0 < line.left + 4.5 * line.size
    above_flush = above.x0 < above.left + 0.45 * line.size
    if indented and above_flush and (len(draft.lines) > 1 or not above_full or above_ends):
        return True
    if not above_full and above_ends and line.x0 <= above.x0 + 0.5 * line.size and above.x1 < above.right - 0.2 * width:
        return True
    return bool(re.match(r"[•▪●◦■]\s?", line.text))


def _steps_in(above: Line, line: Line, below: Line | None) -> bool:
    """Whether a line is indented against its neighbours, the one above ending a sentence.

    Tells paragraphs where something wider than the text stands in its column, so that the column's edge is not its own.
    """
    if below is None or not line.page == above.page == below.page or not line.column == above.column == below.column:
        return False
    indent = line.x0 - above.x0
    return (
        0.7 * line.size < indent < 4.5 * line.size
        and abs(below.x0 - above.x0) < 0.3 * line.size
        and above.style == line.style == below.style
        and not _ENUMERATED.match(above.text)
        and _ends_with_stop(above)
    )


def _ends_with_stop(line: Line) -> bool:
    return line.text[-1] in _SENTENCE_ENDS and bool(_ENDS_SENTENCE.search(line.text))


def _is_next_item(first: Line, line: Line) -> bool:
    """Whether two lines open items of one list: numbered one after the other, at one edge."""
    one, other = _ENUMERATED.match(first.text), _ENUMERATED.match(line.text)
    if one is None or other is None or abs(line.x0 - first.x0) > 0.5 * line.size:
        return False
    return not other[1] or (bool(one[1]) and int(other[1]) == int(one[1]) + 1)


def _hangs(draft: Draft, line: Line) -> bool:
    """Whether the draft is an item of a list whose further lines, this one too, are set in."""
    first = draft.lines[0]
    if not _ENUMERATED.match(first.text):
        return False
    below = (*draft.lines[1:4], line)
    return all(first.x0 + 0.5 * first.size < other.x0 < first.x0 + 4.5 * first.size for other in below)


def _stands_out(line: Line, typography: Typography) -> bool:
    """Set in another upright face than the body, as the headings of journals are whose fonts tell no weight."""
    return line.font != typography.body_font and not line.italic


def _alike(above: Line, line: Line) -> bool:
    return abs(above.size - line.size) <= 0.06 * max(above.size, line.size)


@lru_cache(maxsize=512)
def _rounded(size: float) -> float:
    return max(0.25, round(size * 4) / 4)


def join_interrupted(drafts: list[Draft], typography: Typography) -> list[Draft]:
    """Paragraphs that break off at the end of a column or page, or before a float, with their continuation."""
    indents = _uses_indents(drafts)
    joined: list[Draft] = []
    unfinished: dict[Kind, Draft] = {}
    caption: Draft | None = None
    note: Draft | None = None
    box: Line | None = None
    for draft in drafts:
        if caption is not None and _continues_caption(caption, draft, typography):
            caption.lines.extend(draft.lines)
            continue
        if draft.kind is Kind.CAPTION:
            caption = draft
            box = draft.lines[-1] if _BOX.match(draft.text) else None
        elif draft.kind is Kind.PARAGRAPH and box is not None and _stands_in_box(box, draft.lines[0], typography):
            box = draft.lines[-1]
        elif draft.kind in {Kind.PARAGRAPH, Kind.ABSTRACT}:
            box = None
            earlier = unfinished.get(draft.kind)
            if earlier is not None and _continues(earlier, draft, typography, indents):
                earlier.lines.extend(draft.lines)
                continue
            if earlier is None or draft.kind is Kind.ABSTRACT or _in_body_type(draft, typography):
                unfinished[draft.kind] = draft
        elif draft.kind in {Kind.HEADING, Kind.TITLE, Kind.REFERENCE}:
            unfinished.clear()
        elif draft.kind is Kind.OTHER and note is not None and _continues_note(note, draft):
            note.lines.extend(draft.lines)
            continue
        note = draft if draft.kind is Kind.OTHER else note if draft.kind is Kind.CAPTION else None
        joined.append(draft)
    return joined


def _stands_in_box(above: Line, line: Line, typography: Typography) -> bool:
    """Whether a line below one of a box is in the box: close below it, and the column or the type is the box's."""
    below = line.page == above.page and (line.column == above.column or line.spanning)
    own = line.spanning or line.font != typography.body_font or line.size < 0.96 * typography.body_size
    return own and below and 0 < line.base - above.base < 3 * line.size


def _continues_note(note: Draft, draft: Draft) -> bool:
    """Back matter that breaks off within a sentence at the end of a column or page."""
    last, first = note.lines[-1], draft.lines[0]
    return (
        (last.page, last.column) != (first.page, first.column)
        and _alike(last, first)
        and last.x1 > last.right - 1.2 * last.size
        and first.text[:1].islower()
        and not _ends_sentence(last.text)
    )


def _ends_sentence(text: str) -> bool:
    return bool(_ENDS_SENTENCE.search(text)) and not _ABBREVIATED.search(text)


def _in_body_type(draft: Draft, typography: Typography) -> bool:
    return abs(draft.lines[0].size - typography.body_size) < 0.04 * typography.body_size


def _continues_caption(caption: Draft, draft: Draft, typography: Typography) -> bool:
    """The rest of a caption that broke off at the end of a page, in the caption's own type at the top of the next; or
    the panels below its title."""
    last, first = caption.lines[-1], draft.lines[0]
    return (
        draft.kind in {Kind.PARAGRAPH, Kind.OTHER}
        and first.page == last.page + 1
        and not _in_body_type(draft, typography)
        and _alike(last, first)
        and first.font == last.font
        and not _ENDS_SENTENCE.search(last.text)
    ) or (
        draft.kind in {Kind.PARAGRAPH, Kind.OTHER}
        and (first.page, first.column) == (last.page, last.column)
        and 0 < first.base - last.base < 1.6 * typography.leading_of(first)
        and _alike(last, first)
        and bool(_PANEL.match(first.text))
    )


def _uses_indents(drafts: Sequence[Draft]) -> bool:
    """Whether paragraphs that follow each other in a column are told apart by indents."""
    following = [
        line
        for above, draft in itertools.pairwise(drafts)
        if above.kind is draft.kind is Kind.PARAGRAPH and len(above.lines) >= 2 and len(draft.lines) >= 2
        for line in draft.lines[:1]
        if (above.lines[-1].page, above.lines[-1].column) == (line.page, line.column)
    ]
    indented = sum(line.x0 > line.left + 0.7 * line.size for line in following)
    return bool(following) and indented >= 0.6 * len(following)


def _continues(earlier: Draft, later: Draft, typography: Typography, indents: bool) -> bool:
    last, first = earlier.lines[-1], later.lines[0]
    if earlier.kind is not later.kind or not _alike(last, first):
        return False
    text, following = last.text, first.text
    broken = last.page != first.page or last.column != first.column
    if re.match(r"[•▪●◦■]", following):
        return False
    starts_low = following[:1].islower()
    ends = _ends_sentence(text)
    if not broken:
        step = first.base - last.base
        far = step > 2.2 * typography.leading_of(first)
        return not ends and (starts_low or far or text[-1:] in ",;-‐")
    if not ends:
        return True
    if text[-1] == ":" or (starts_low and not re.match(r"[a-z]\)", following)):
        return starts_low
    full = last.x1 > last.right - 1.2 * last.size
    flush = first.x0 < first.left + 0.45 * first.size
    return indents and full and flush
