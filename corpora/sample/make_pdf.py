"""Sets the sample digest as a journal page: A4, two columns under a full-width title and abstract.

Owns the look of `digest.pdf` only; what stands in it comes from `make_sample.py`. With one release of reportlab and
zlib the same digest always gives the same bytes (invariant mode). Latin text is in Bitstream Vera, which comes with
reportlab and has no Greek; Greek letters are taken from `fonts/`.
"""

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.lib.colors import black, grey, whitesmoke
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Set

if TYPE_CHECKING:
    from make_sample import Paragraph

FONTS = {"Body": "Vera.ttf", "Bold": "VeraBd.ttf", "Italic": "VeraIt.ttf"}
GREEK_FONT = Path(__file__).resolve().parent / "fonts" / "DejaVuSans-Greek.ttf"
RUNNING_HEAD = "How tumours outlive targeted drugs"
ROUTES = ("Altered target", "Bypass receptor", "New cell state", "Immune escape")
"""What stands in the boxes of Figure 1."""

WIDTH, HEIGHT = A4
MARGIN, HEAD, FOOT, GUTTER = 51.0, 62.0, 58.0, 17.0
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2

_BODY = ParagraphStyle("body", fontName="Body", fontSize=8.6, leading=11.6, alignment=TA_JUSTIFY, firstLineIndent=9)
_FLUSH = ParagraphStyle("flush", _BODY, firstLineIndent=0)
STYLES = {
    "title": ParagraphStyle("title", fontName="Bold", fontSize=16, leading=20, spaceAfter=6),
    "authors": ParagraphStyle("authors", fontName="Body", fontSize=9.5, leading=12, spaceAfter=9),
    "abstract": ParagraphStyle("abstract", _FLUSH, spaceAfter=5),
    "keywords": ParagraphStyle("keywords", _FLUSH, spaceAfter=12),
    "para": _BODY,
    "caption": ParagraphStyle("caption", fontName="Italic", fontSize=7.2, leading=9.2, spaceBefore=4, spaceAfter=9),
    "reference": ParagraphStyle(
        "reference", _FLUSH, fontSize=7.2, leading=9.3, alignment=TA_LEFT, leftIndent=16, firstLineIndent=-16
    ),
}
HEADINGS = {
    2: ParagraphStyle("section", fontName="Bold", fontSize=10, leading=12.5, spaceBefore=10, spaceAfter=3),
    3: ParagraphStyle("subsection", fontName="Bold", fontSize=8.8, leading=11.4, spaceBefore=7, spaceAfter=2),
}
ROOM = {2: 85.0, 3: 48.0}
"""A heading goes to the next column where less height than this is left, by depth."""

_WORD = re.compile(r"[A-Za-z]?[a-z]{6,}")
_VOWELS = "aeiouy"
_TOGETHER = re.compile("[bcfgp]l|[bcdfgpt]r|[cgpstw]h|ck|gn|qu|s[lt]")
"""Pairs of consonants that are not broken."""
_LABEL = re.compile(r"Abstract:|Keywords:|Figure \d+\.")
_GREEK = re.compile(r"[α-ω]+")
_SOFT_HYPHEN = "\u00ad"


def soft_hyphens(text: str) -> str:
    """Put a soft hyphen wherever a long word may be broken; DOIs stay whole.

    Vowel-consonant-vowel is broken before the consonant, and a pair of consonants between vowels in its middle unless
    it usually stays together; three letters at least stay on either line.
    """
    words = text.split(" ")
    return " ".join(
        word if word.startswith("doi:") or _GREEK.match(after) else _WORD.sub(_hyphenated, word)
        for word, after in zip(words, [*words[1:], ""], strict=True)
    )


def _hyphenated(match: re.Match[str]) -> str:
    word = match[0]
    shape = "".join("v" if letter in _VOWELS else "c" for letter in word.lower())
    breaks = [at for at in range(3, len(word) - 2) if _may_break(word, shape, at)]
    return _SOFT_HYPHEN.join(word[begin:end] for begin, end in pairwise([0, *breaks, len(word)]))


def _may_break(word: str, shape: str, at: int) -> bool:
    if shape[at - 2 : at + 2] == "vccv":
        return not _TOGETHER.match(word, at - 1)
    return shape[at - 1 : at + 2] == "vcv"


class Figure(Flowable):
    """A cell in the middle of a frame and the routes of escape in boxes around it."""

    _box_width, _box_height = 76.0, 24.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, 112.0
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        middle_x, middle_y = self.width / 2, self.height / 2
        canvas.setFont("Body", 7)
        canvas.setStrokeColor(grey)
        canvas.rect(0.5, 0.5, self.width - 1, self.height - 1)
        corners = [(x, y) for y in (self.height - 32, 8) for x in (8, self.width - self._box_width - 8)]
        for (x, y), route in zip(corners, ROUTES, strict=True):
            canvas.line(middle_x, middle_y, x + self._box_width / 2, y + self._box_height / 2)
            canvas.setFillColor(whitesmoke)
            canvas.roundRect(x, y, self._box_width, self._box_height, 4, fill=1)
            canvas.setFillColor(black)
            canvas.drawCentredString(x + self._box_width / 2, y + 9, route)
        canvas.setFillColor(whitesmoke)
        canvas.ellipse(middle_x - 38, middle_y - 15, middle_x + 38, middle_y + 15, fill=1)
        canvas.setFillColor(black)
        canvas.drawCentredString(middle_x, middle_y - 2.5, "Tumour cell")


def make_pdf(paragraphs: list["Paragraph"]) -> bytes:
    """The digest as PDF, on as many pages as it takes; its first paragraphs up to the keywords go over both columns."""
    _register_fonts()
    front = next(i for i, paragraph in enumerate(paragraphs) if paragraph.kind == "keywords") + 1
    above = [flowable for paragraph in paragraphs[:front] for flowable in _flowables(paragraph, "title")]
    height = sum(each.wrap(WIDTH - 2 * MARGIN, HEIGHT)[1] + each.getSpaceAfter() for each in above) + 2
    columns = []
    for before, paragraph in pairwise(paragraphs[front - 1 :]):
        columns += _flowables(paragraph, before.kind)

    page = BytesIO()
    document = BaseDocTemplate(
        page,
        pagesize=A4,
        title=paragraphs[0].text,
        author=paragraphs[1].text,
        invariant=1,
        pageTemplates=[
            PageTemplate("first", [_frame(0, WIDTH - 2 * MARGIN, 0, height), *_columns(height)], onPage=_decorate),
            PageTemplate("later", _columns(0), onPage=_decorate),
        ],
    )
    document.build([NextPageTemplate("later"), *above, FrameBreak(), *columns])
    return page.getvalue()


def _register_fonts() -> None:
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFont(TTFont("Greek", str(GREEK_FONT)))


def _frame(x: float, width: float, from_top: float, height: float) -> Frame:
    bottom = HEIGHT - HEAD - from_top - height
    return Frame(MARGIN + x, bottom, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _columns(from_top: float) -> list[Frame]:
    height = HEIGHT - HEAD - FOOT - from_top
    return [_frame(x, COLUMN, from_top, height) for x in (0, COLUMN + GUTTER)]


def _flowables(paragraph: "Paragraph", before: str) -> list[Flowable]:
    if paragraph.kind == "heading":
        return [CondPageBreak(ROOM[paragraph.depth]), Set(_markup(paragraph.text), HEADINGS[paragraph.depth])]
    style = _FLUSH if paragraph.kind == "para" and before != "para" else STYLES[paragraph.kind]
    found = _LABEL.match(paragraph.text)
    label = found[0] if found else ""
    text = paragraph.text.removeprefix(label)
    if paragraph.kind not in {"title", "authors"}:
        text = soft_hyphens(text)
    words = Set(f'<font name="Bold">{label}</font>{_markup(text)}', style)
    if paragraph.kind != "caption":
        return [words]
    return [Spacer(0, 6), KeepTogether([Figure(), words])]


def _markup(text: str) -> str:
    return _GREEK.sub(r'<font name="Greek">\g<0></font>', escape(text))


def _decorate(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont("Body", 7)
    canvas.drawString(MARGIN, HEIGHT - 40, RUNNING_HEAD)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 40, "litmine sample corpus")
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, HEIGHT - 45, WIDTH - MARGIN, HEIGHT - 45)
    canvas.drawString(MARGIN, 34, "Written for litmine, 2026")
    canvas.drawRightString(WIDTH - MARGIN, 34, str(document.page))
    canvas.restoreState()
