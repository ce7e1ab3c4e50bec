"""Scanned pages: told from others, named where they are not read, and read where text recognition is at hand."""

import io
import socket
import sys
from collections.abc import Callable
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from litmine.cli import main
from litmine.errors import ReadingError
from litmine.reading import read_document
from litmine.reading.glyphs.ocr import SCANNED, ScannedLine, is_scan, make_glyphs, type_sizes
from litmine.reading.glyphs.pages import iter_page_glyphs
from litmine.records import Document
from litmine.runs import Inputs, Summary, format_summary, mine_run
from litmine.settings import ReadingSettings
from litmine.store import read_run, read_table
from tests.conftest import SAMPLE_PDF
from tests.pdfs import blank_pages, prose

needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="needs the extra: pip install 'litmine[ocr]'")


def scan(source: Path, page: int, target: Path, stamp: str = "") -> Path:
    """A page as a scanner gives it: a grey picture, with a stamp in letters below where one is wanted."""
    with pypdfium2.PdfDocument(source) as pdf:
        picture = pdf[page].render(scale=170 / 72, grayscale=True).to_pil()
        width, height = pdf[page].get_size()
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=75)
    canvas = Canvas(str(target), pagesize=(width, height))
    canvas.drawImage(ImageReader(data), 0, 0, width, height)
    canvas.setFont("Times-Roman", 7)
    canvas.drawString(40, 12, stamp)
    canvas.save()
    return target


def bind(target: Path, *sources: tuple[Path, int]) -> Path:
    """One PDF of pages of others."""
    writer = PdfWriter()
    for path, page in sources:
        writer.add_page(PdfReader(path).pages[page])
    writer.write(target)
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    scan(SAMPLE_PDF, 0, folder / "scan.pdf")
    scan(SAMPLE_PDF, 0, folder / "stamped.pdf", "Downloaded from a library on a day in November by a guest of it")
    blank_pages(folder / "blank.pdf", 1)
    bind(folder / "mixed.pdf", (SAMPLE_PDF, 1), (folder / "scan.pdf", 0), (SAMPLE_PDF, 2), (folder / "blank.pdf", 0))
    return folder


def with_text_layer(folder: Path) -> Path:
    """A scan over which a library's own recognition has laid letters that nobody sees."""
    path = folder / "layer.pdf"
    with pypdfium2.PdfDocument(folder / "scan.pdf") as pdf:
        picture, (width, height) = pdf[0].render(scale=1).to_pil(), pdf[0].get_size()
    canvas = Canvas(str(path), pagesize=(width, height))
    canvas.drawImage(ImageReader(picture), 0, 0, width, height)
    text = canvas.beginText(60, 700)
    text.setTextRenderMode(3)
    for line in prose("hidden", 12).split(". "):
        text.textLine(line + ".")
    canvas.drawText(text)
    canvas.save()
    return path


def with_figure(folder: Path) -> Path:
    path = folder / "figure.pdf"
    noise = np.random.default_rng(1).integers(0, 255, (60, 90), dtype=np.uint8)
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.drawImage(ImageReader(Image.fromarray(noise)), 72, 72, 450, 560)
    for i, line in enumerate(prose("breast", 8).split(". ")):
        canvas.drawString(72, 780 - 14 * i, line)
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("make", "scanned"),
    [
        (lambda folder: folder / "scan.pdf", True),
        (lambda folder: folder / "stamped.pdf", True),
        (lambda folder: folder / "blank.pdf", False),
        (with_text_layer, False),
        (with_figure, False),
        (lambda folder: SAMPLE_PDF, False),
    ],
    ids=["scan", "scan with a stamp", "blank", "scan with a text layer", "text with a figure", "text"],
)
def test_scans_are_told_from_other_pages(folder: Path, make: Callable[[Path], Path], scanned: bool) -> None:
    with pypdfium2.PdfDocument(make(folder)) as pdf:
        assert is_scan(pdf, next(iter_page_glyphs(pdf))) is scanned


@pytest.mark.parametrize("name", ["scan.pdf", "stamped.pdf"])
def test_a_scanned_document_says_how_it_can_be_read(folder: Path, name: str) -> None:
    with pytest.raises(ReadingError, match=r"scanned.*pip install 'litmine\[ocr\]'.*--ocr"):
        read_document(folder / name)


def test_a_hidden_text_layer_is_read(folder: Path) -> None:
    assert "hidden cells of batch" in read_document(with_text_layer(folder)).text


def test_scanned_pages_among_others_are_named(folder: Path) -> None:
    summary = mine_run(Inputs((folder / "mixed.pdf",)), folder / "run")
    path = str(folder / "mixed.pdf")
    facts = read_run(summary.run)
    assert facts["pages_without_text"] == {path: [2, 4]}
    assert facts["pages_scanned_not_read"] == {path: [2]}
    rows = read_table(summary.run, "reading")
    assert rows[rows["reason"].isna()].set_index("page")["n_chars"].gt(0).to_dict() == {
        1: True,
        2: False,
        3: True,
        4: False,
    }
    assert rows[rows["reason"] == SCANNED]["page"].tolist() == [2]
    said = format_summary(summary)
    assert f"{path}: pages 2, 4; scanned, to be read with --ocr: page 2" in said
    report = (summary.run / "report.html").read_text(encoding="utf-8")
    assert "pages 2, 4" in report and "scanned: page 2" in report
    again: Summary = mine_run(Inputs((folder / "mixed.pdf",)), folder / "run")
    assert again.outcomes[0].reused
    assert format_summary(again).splitlines()[-4:-1] == said.splitlines()[-4:-1]


def test_without_the_extra_a_run_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    assert main(["mine", str(SAMPLE_PDF), "-o", str(tmp_path / "run"), "--ocr"]) == 2
    assert "rapidocr missing" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def words_in_order(truth: str, read: str) -> float:
    """Share of the words of `truth` that stand in `read` in the same order."""
    one, other = truth.split(), read.split()
    matched = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matched) / len(one)


@pytest.fixture(scope="module")
def recognised(folder: Path) -> Document:
    """The stamped scan, read while no connection can be made."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("text recognition must not use the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        return read_document(folder / "stamped.pdf", ReadingSettings(ocr=True))


@needs_ocr
@pytest.mark.slow
def test_a_scan_reads_like_the_page_it_was_made_of(folder: Path, recognised: Document) -> None:
    page = read_document(bind(folder / "page.pdf", (SAMPLE_PDF, 0)))
    assert words_in_order(page.text, recognised.text) >= 0.9
    assert recognised.title == page.title
    headings = {section.title for section in page.sections}
    assert len(headings & {section.title for section in recognised.sections}) >= 0.7 * len(headings)
    assert recognised.n_pages == 1


@needs_ocr
@pytest.mark.slow
def test_recognised_words_have_the_place_of_the_printed_ones(folder: Path, recognised: Document) -> None:
    page = read_document(bind(folder / "page.pdf", (SAMPLE_PDF, 0)))
    for word in ("osimertinib;", "p95HER2,", "KDM5A", "saracatinib"):
        at, printed_at = recognised.text.index(word), page.text.index(word)
        (place,) = recognised.places(at, at + len(word))
        (printed,) = page.places(printed_at, printed_at + len(word))
        assert place.page == printed.page
        for name in ("x0", "y0", "x1", "y1"):
            assert getattr(place, name) == pytest.approx(getattr(printed, name), abs=6)


def make_line(text: str, top: float, height: float, ink: float = 0.2) -> ScannedLine:
    n_glyphs = len(text.replace(" ", ""))
    steps = np.linspace(50.0, 50.0 + 5.0 * n_glyphs, n_glyphs + 1)
    return ScannedLine(
        text, 1.0, (50.0, top, float(steps[-1]), top + height), np.column_stack((steps[:-1], steps[1:])), ink
    )


def test_heights_that_differ_by_a_pixel_are_one_type_size() -> None:
    body = [make_line("body of the text " * 4, 20.0 * i, height) for i, height in enumerate([10.4, 10.8, 10.8, 11.5])]
    sizes = type_sizes([*body, make_line("A Title", 200.0, 20.0), make_line("small print here", 300.0, 8.3)])
    assert len(set(sizes[:4])) == 1
    assert sizes[4] > 1.5 * sizes[0] > 1.5 * sizes[5]
    assert type_sizes([]) == []


def test_lines_become_glyphs() -> None:
    lines = [
        make_line("HER2 binds", 100.0, 10.0),
        make_line("Heading", 60.0, 12.0, ink=0.4),
        make_line("and grows", 112.0, 10.0),
    ]
    glyphs = make_glyphs(3, 595.0, 842.0, lines, [8.0, 9.6, 8.0])
    assert "".join(map(chr, glyphs.code)) == "HeadingHER2bindsandgrows"
    assert np.flatnonzero(glyphs.space).tolist() == [0, 7, 11, 16, 19]
    bold = [glyphs.fonts[font].bold for font in glyphs.font]
    assert bold == [True] * 7 + [False] * 17
    assert (glyphs.box[:, 2] > glyphs.box[:, 0]).all() and (glyphs.box[:, 3] > glyphs.box[:, 1]).all()
    assert ((glyphs.base > glyphs.box[:, 1]) & (glyphs.base < glyphs.box[:, 3])).all()
    assert len(make_glyphs(1, 595.0, 842.0, [], [])) == 0
