"""From lines in reading order to paragraphs, headings and captions as drafts of blocks.

Owns where a block starts and ends, by indentation, spacing and style, and whether a paragraph goes on after a break of
column or page. What a block means (abstract, back matter) is for `structure`. Lengths are relative to the type size.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from litmine.reading.layout import REFERENCE_HEADING
from litmine.reading.lines import CAPTION, Line
from litmine.records import Kind

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})(?:\.|\))?\s+(?=[^\W\d_]|\W?[A-Z0-9α-ω])")
LABEL = re.compile(
    r"(?:(?:simple |author )?(?:abstract|summary)|key ?words?|author contributions?|funding|acknowledge?ments?"
    r"|institutional review board statement|informed consent statement|data availability statement"
    r"|conflicts? of interests?|competing interests?|supplementary materials?|ethics statement|abbreviations"
    r"|publisher['’]s note|sample availability|disclaimer(?:/publisher['’]s note)?)\s*:",
    re.IGNORECASE,
)
"""A label that opens a paragraph of its own whatever the spacing."""
PARAGRAPH_GAP = 1.3
"""Of the usual distance of lines: more than this parts blocks."""
_ENDS_SENTENCE = re.compile(r"[.?!:][\"'”’)\]]*(?:\s?\[[\d,–\- ]+\])?$")


@dataclass(slots=True)
class Draft:
    """Lines that make one block."""

    lines: list[Line]
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    section: int = 0
    rows: list[list[list[Line]]] = field(default_factory=list)

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
    leading = {size: float(np.percentile(found, 35)) for size, found in steps.items() if len(found) >= 3}
    leading = {size: min(step, 2.6 * size) for size, step in leading.items()}
    return Typography(size, bold, fonts.most_common(1)[0][0], leading)


def is_reference_heading(text: str) -> bool:
    return bool(REFERENCE_HEADING.fullmatch(text.strip()))


def make_drafts(lines: Sequence[Line], typography: Typography) -> list[Draft]:
    """Blocks of consecutive lines; every line is in exactly one."""
    drafts: list[Draft] = []
    for line in lines:
        if drafts and not _starts_block(drafts[-1], line, typography):
            drafts[-1].lines.append(line)
            continue
        drafts.append(Draft([line]))
        if is_caption_start(line, typography):
            drafts[-1].kind = Kind.CAPTION
    return drafts


def is_caption_start(line: Line, typography: Typography) -> bool:
    """A line that opens a caption: label and number, set off by a mark, by weight or by size."""
    match = CAPTION.match(line.text)
    if not match:
        return False
    set_off = match[3] in ".:|—–" or line.text[match.end(2) :].strip() == ""
    styled = line.bold or abs(line.size - typography.body_size) > 0.04 * typography.body_size
    return set_off or (styled and match[3] == " " and line.text[match.end() :][:1].isupper())


def _starts_block(draft: Draft, line: Line, typography: Typography) -> bool:
    above = draft.lines[-1]
    if above.page != line.page or above.column != line.column:
        return True
    step = line.base - above.base
    leading = typography.leading_of(line)
    if step <= 0 or step > PARAGRAPH_GAP * max(leading, 1.05 * line.size) or not _alike(above, line):
        return True
    if LABEL.match(line.text):
        return True
    if is_caption_start(line, typography):
        set_apart = line.bold != above.bold or step > 1.12 * leading
        if set_apart and (draft.kind is not Kind.CAPTION or step > 1.1 * leading):
            return True
    if ("underlined" in above.marks) != ("underlined" in line.marks):
        return True
    width = max(line.right - line.left, line.size)
    above_full = above.x1 > above.right - max(2.0 * line.size, 0.08 * width)
    spaced = step > 1.12 * leading
    if draft.kind is Kind.CAPTION:
        return bool(spaced and above.bold != line.bold and not above_full)
    above_ends = bool(_ENDS_SENTENCE.search(above.text))
    if _stands_out(above, typography) != _stands_out(line, typography) and not above_full and not above_ends:
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
    indented = line.x0 > line.left + 0.7 * line.size and line.x0 < line.left + 4.5 * line.size
    above_flush = above.x0 < above.left + 0.45 * line.size
    if indented and above_flush and (len(draft.lines) > 1 or not above_full or above_ends):
        return True
    if not above_full and above_ends and line.x0 <= above.x0 + 0.5 * line.size and above.x1 < above.right - 0.2 * width:
        return True
    return bool(re.match(r"[•▪●◦■]\s?", line.text))


def _stands_out(line: Line, typography: Typography) -> bool:
    """Set in another upright face than the body, as the headings of journals are whose fonts tell no weight."""
    return line.font != typography.body_font and not line.italic


def _alike(above: Line, line: Line) -> bool:
    return abs(above.size - line.size) <= 0.06 * max(above.size, line.size)


def _rounded(size: float) -> float:
    return round(size * 4) / 4


def join_interrupted(drafts: list[Draft], typography: Typography) -> list[Draft]:
    """Paragraphs that break off at the end of a column or page, or before a float, with their continuation."""
    indents = _uses_indents(drafts)
    joined: list[Draft] = []
    unfinished: dict[Kind, Draft] = {}
    caption: Draft | None = None
    for draft in drafts:
        if caption is not None and _continues_caption(caption, draft, typography):
            caption.lines.extend(draft.lines)
            continue
        if draft.kind is Kind.CAPTION:
            caption = draft
        elif draft.kind in {Kind.PARAGRAPH, Kind.ABSTRACT}:
            earlier = unfinished.get(draft.kind)
            if earlier is not None and _continues(earlier, draft, typography, indents):
                earlier.lines.extend(draft.lines)
                continue
            if earlier is None or draft.kind is Kind.ABSTRACT or _in_body_type(draft, typography):
                unfinished[draft.kind] = draft
        elif draft.kind in {Kind.HEADING, Kind.TITLE, Kind.REFERENCE}:
            unfinished.clear()
        joined.append(draft)
    return joined


def _in_body_type(draft: Draft, typography: Typography) -> bool:
    return abs(draft.lines[0].size - typography.body_size) < 0.04 * typography.body_size


def _continues_caption(caption: Draft, draft: Draft, typography: Typography) -> bool:
    """The rest of a caption that broke off at the end of a page, in the caption's own type at the top of the next."""
    last, first = caption.lines[-1], draft.lines[0]
    return (
        draft.kind in {Kind.PARAGRAPH, Kind.OTHER}
        and first.page == last.page + 1
        and not _in_body_type(draft, typography)
        and _alike(last, first)
        and first.font == last.font
        and not _ENDS_SENTENCE.search(last.text)
    )


def _uses_indents(drafts: Sequence[Draft]) -> bool:
    long = [draft for draft in drafts if draft.kind is Kind.PARAGRAPH and len(draft.lines) >= 4]
    indented = sum(draft.lines[0].x0 > draft.lines[0].left + 0.7 * draft.lines[0].size for draft in long)
    return bool(long) and indented >= 0.4 * len(long)


def _continues(earlier: Draft, later: Draft, typography: Typography, indents: bool) -> bool:
    last, first = earlier.lines[-1], later.lines[0]
    if earlier.kind is not later.kind or not _alike(last, first):
        return False
    text, following = last.text, first.text
    broken = last.page != first.page or last.column != first.column
    if re.match(r"[•▪●◦■]", following):
        return False
    starts_low = following[:1].islower()
    ends = bool(_ENDS_SENTENCE.search(text))
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
