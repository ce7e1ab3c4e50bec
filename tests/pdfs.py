"""Makes tiny PDFs for the tests of reading. Every sentence in them is written for the tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
REGULAR, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"


class Sheet:
    """A PDF page by page. Positions are points from the top left; `y` is a baseline."""

    def __init__(self, path: Path, width: float = WIDTH, height: float = HEIGHT) -> None:
        self.path = path
        self.height = height
        self._canvas = Canvas(str(path), pagesize=(width, height))

    def text(self, x: float, y: float, text: str, font: str = REGULAR, size: float = 10, rise: float = 0) -> float:
        """Draws one line; returns the x at its end."""
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, self.height - y + rise, text)
        return x + float(stringWidth(text, font, size))

    def lines(self, x: float, y: float, lines: Sequence[str], font: str = REGULAR, size: float = 10) -> float:
        """Draws lines below each other; returns the next baseline."""
        for line in lines:
            self.text(x, y, line, font, size)
            y += 1.2 * size
        return y

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float = 10, indent: float = 12, font: str = REGULAR
    ) -> float:
        """Sets justified text; returns the next baseline."""
        line: list[str] = []
        offset = indent
        words = text.split()
        for i, word in enumerate(words):
            line.append(word)
            following = " ".join([*line, words[i + 1]]) if i + 1 < len(words) else None
            room = width - offset
            if following is None:
                self.text(x + offset, y, " ".join(line), font, size)
            elif stringWidth(following, font, size) > room:
                gap = (room - stringWidth("".join(line), font, size)) / max(1, len(line) - 1)
                at = x + offset
                for piece in line:
                    self.text(at, y, piece, font, size)
                    at += stringWidth(piece, font, size) + gap
                line, offset = [], 0.0
            else:
                continue
            y += 1.2 * size
        return y

    def rule(self, x0: float, y: float, x1: float) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x0, self.height - y, x1, self.height - y)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0)

    def cropped(self, x0: float, y0: float, x1: float, y1: float, lines: Sequence[str]) -> None:
        """Lines from the top of a window down and past its end, of which only the window shows."""
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(x0, self.height - y1, x1 - x0, y1 - y0)
        self._canvas.clipPath(path, stroke=0)
        self.lines(x0 + 5, y0 + 12, lines)
        self._canvas.restoreState()

    def turned(self, x: float, y: float, text: str) -> None:
        """Text that reads upwards."""
        self._canvas.saveState()
        self._canvas.translate(x, self.height - y)
        self._canvas.rotate(90)
        self._canvas.setFont(REGULAR, 9)
        self._canvas.drawString(0, 0, text)
        self._canvas.restoreState()

    def next_page(self) -> None:
        self._canvas.showPage()

    def save(self) -> Path:
        self._canvas.showPage()
        self._canvas.save()
        return self.path


def prose(topic: str, n_sentences: int, start: int = 1) -> str:
    """Numbered sentences on a topic, each different from the others, so that order can be checked."""
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "kappa", "lambda", "sigma"]
    return " ".join(
        f"The {topic} cells of batch {words[i % 10]}{i} answered the drug of round {i} "
        f"with a weaker {words[(i + 3) % 10]} signal."
        for i in range(start, start + n_sentences)
    )


def lock(source: Path, target: Path, password: str) -> Path:
    """A copy that needs the password to open."""
    writer = PdfWriter()
    for page in PdfReader(source).pages:
        writer.add_page(page)
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(target)
    return target


def blank_pages(target: Path, count: int) -> Path:
    """Pages with nothing on them, as a scan without text has."""
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(200, 200)
    writer.write(target)
    return target


_OUTLINES: dict[str, list[list[tuple[int, int]]]] = {
    "μ": [
        [
            (60, -200),
            (60, 480),
            (140, 480),
            (140, 60),
            (420, 60),
            (420, 480),
            (500, 480),
            (500, 0),
            (140, 0),
            (140, -200),
        ]
    ],
    "β": [[(60, -200), (60, 700), (400, 700), (400, 0), (140, 0), (140, -200)]],
    "Δ": [[(20, 0), (290, 700), (310, 700), (580, 0)], [(120, 50), (480, 50), (300, 560)]],
    ">": [[(60, 100), (60, 160), (480, 300), (60, 440), (60, 500), (560, 330), (560, 270)]],
    "′": [[(60, 450), (120, 700), (200, 700), (120, 450)]],
    "−": [[(60, 270), (60, 330), (560, 330), (560, 270)]],
    "±": [
        [(60, 0), (60, 60), (560, 60), (560, 0)],
        [
            (60, 330),
            (60, 390),
            (280, 390),
            (280, 600),
            (340, 600),
            (340, 390),
            (560, 390),
            (560, 330),
            (340, 330),
            (340, 120),
            (280, 120),
            (280, 330),
        ],
    ],
    "×": [
        [
            (60, 100),
            (260, 300),
            (60, 500),
            (110, 550),
            (310, 350),
            (510, 550),
            (560, 500),
            (360, 300),
            (560, 100),
            (510, 50),
            (310, 250),
            (110, 50),
        ]
    ],
    "=": [[(60, 180), (60, 240), (560, 240), (560, 180)], [(60, 360), (60, 420), (560, 420), (560, 360)]],
    "°": [[(60, 400), (60, 680), (340, 680), (340, 400)], [(120, 460), (280, 460), (280, 620), (120, 620)]],
}
"""Signs in a thousandth of the type size, outer contours clockwise."""


def draw_picture(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draws a grey raster picture on the page."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    image = ImageReader(Image.new("RGB", (8, 8), (230, 230, 230)))
    sheet._canvas.drawImage(image, x0, sheet.height - y1, x1 - x0, y1 - y0)


def add_font(name: str, path: Path) -> str:
    """Makes a TrueType font known by a name."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont(name, str(path)))
    return name


def write_sign_font(path: Path, signs: Mapping[str, str]) -> Path:
    """A TrueType font that has the drawings of signs under other characters, as old typesetting systems did."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = {char: f"c{ord(char)}" for char in signs}
    glyphs = {}
    for name, contours in [(".notdef", []), *((names[char], _OUTLINES[sign]) for char, sign in signs.items())]:
        pen = TTGlyphPen(None)
        for contour in contours:
            pen.moveTo(contour[0])
            for point in contour[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (620, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable(
        {"familyName": "Signs", "styleName": "Regular", "psName": "AdvP" + "".join(f"{ord(char):X}" for char in signs)}
    )
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


Span = tuple[str, int]
"""The text of a cell and the number of columns that it spans."""


def draw_table(
    sheet: Sheet,
    x: float,
    y: float,
    widths: Sequence[float],
    rows: Sequence[Sequence[str | Span]],
    style: str = "booktabs",
    head: int = 1,
    size: float = 8,
) -> float:
    """Sets a table with its top at `y`; returns the height at which it ends.

    Lines of a cell are parted by line feeds. Styles: booktabs (three rules), rows (a rule below each row), grid,
    columns (upright lines only, with a frame), shaded (every other row on a ground) and plain.
    """
    lefts = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
    leading, pad = 1.15 * size, 3.0
    top = y
    for number, row in enumerate(rows):
        lines = [str(cell[0] if isinstance(cell, tuple) else cell).split("\n") for cell in row]
        bottom = top + 2 * pad + leading * max(map(len, lines))
        if style == "shaded" and number % 2 == 0:
            sheet._canvas.setFillGray(0.9)
            sheet._canvas.rect(x, sheet.height - bottom, lefts[-1] - x, bottom - top, stroke=0, fill=1)
            sheet._canvas.setFillGray(0.0)
        at = 0
        for cell, own in zip(row, lines, strict=True):
            span = cell[1] if isinstance(cell, tuple) else 1
            left, right = lefts[at], lefts[at + span]
            for i, line in enumerate(own):
                width = float(stringWidth(line, REGULAR, size))
                start = (left + right - width) / 2 if span > 1 and number < head else left + pad
                sheet.text(start, top + pad + 0.8 * size + i * leading, line, size=size)
            if style == "grid":
                sheet.box(left, top, right, bottom)
            elif style == "columns":
                sheet._canvas.line(left, sheet.height - top, left, sheet.height - bottom)
            elif style == "booktabs" and span > 1 and number < head:
                sheet.rule(left + pad, bottom, right - pad)
            at += span
        if style == "rows" or (style in {"booktabs", "columns"} and number in {head - 1, len(rows) - 1}):
            sheet.rule(x, bottom, lefts[-1])
        if style in {"rows", "booktabs", "columns"} and number == 0:
            sheet.rule(x, top, lefts[-1])
        top = bottom
    if style == "columns":
        sheet._canvas.line(lefts[-1], sheet.height - y, lefts[-1], sheet.height - top)
    return top


def turn_pages(source: Path, target: Path, degrees: int) -> Path:
    """A copy whose pages are displayed turned clockwise."""
    writer = PdfWriter()
    for page in PdfReader(source).pages:
        writer.add_page(page).rotate(degrees)
    writer.write(target)
    return target


HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
NAMELESS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Nameless /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    " /Subtype /CIDFontType2 /BaseFont /Nameless /DW 500 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
    " /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Nameless /Flags 4 /Ascent 800"
    " /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>"
)
"""A font without a Unicode map: its codes are numbers of glyphs."""


def numbers_of_glyphs(text: str) -> str:
    """A string operand in NAMELESS, with the numbers that TrueType fonts commonly give to Latin letters."""
    return "<" + "".join(f"{ord(char) - 29:04X}" for char in text) + ">"


def write_raw(path: Path, *contents: str, **fonts: str) -> Path:
    """A PDF whose pages have content streams and fonts as they are given."""
    resources = " ".join(f"/{name} {font}" for name, font in fonts.items())
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(len(contents)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>"]
    for i, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH:g} {HEIGHT:g}] /Contents {4 + 2 * i} 0 R"
            f" /Resources << /Font << {resources} >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)
    return path
