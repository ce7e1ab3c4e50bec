"""Makes tiny PDFs for the tests of reading. Every sentence in them is written for the tests."""

from collections.abc import Sequence
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
