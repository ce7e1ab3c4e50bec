"""Whatever a curator hands over ends in a defined way: as text, or as one row of failures with a sentence."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from benchmarks.mutations import iter_endings, write_mutants
from litmine.errors import ReadingError
from litmine.reading import read_document
from litmine.runs import Inputs, Summary, mine_run
from litmine.settings import ReadingSettings, Settings
from litmine.store import read_table
from tests.conftest import SAMPLE_PDF
from tests.pdfs import blank_pages, prose

SLOW, WHOLE = "slow.pdf", "whole.pdf"


def write_pdf(
    path: Path, pages: list[bytes], font: bytes = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
) -> Path:
    """A PDF of content streams, written by hand so that it may hold what no library writes."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        font,
    ]
    for i, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    parts, at, starts = [b"%PDF-1.7\n"], 9, []
    for number, body in enumerate(objects, start=1):
        starts.append(at)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (count, table, count))
    path.write_bytes(b"".join((*parts, b"startxref\n%d\n%%%%EOF\n" % at)))
    return path


def line(text: str, x: float = 72, y: float = 700, size: float = 10) -> bytes:
    return b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (size, x, y, text.encode())


def crowded_page() -> bytes:
    """More than a million characters on one page."""
    words = [f"cell{i} drug{i} gene{i}" for i in range(997)]
    chance = random.Random(1)
    rows = (" ".join(chance.choices(words, k=32)) for _ in range(1900))
    return b"".join(line(row, 20, 830 - 0.42 * i, 2) for i, row in enumerate(rows))


def lock(path: Path, algorithm: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(SAMPLE_PDF))
    writer.encrypt("secret", algorithm=algorithm)
    writer.write(path)
    return path


def cut(path: Path) -> Path:
    data = SAMPLE_PDF.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    return path


def write(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


UNMAPPED_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType2 /BaseFont /Lost /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    b"/FontDescriptor << /Type /FontDescriptor /FontName /Lost /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
    b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>"
)


def unmapped(path: Path) -> Path:
    """Text in a font that does not say which characters its glyphs are."""
    rows = [bytes(random.Random(i).choices(range(3, 90), k=60)) for i in range(30)]
    coded = [b"".join(b"00%02X" % code for code in row) for row in rows]
    return write_pdf(
        path,
        [b"".join(b"BT /F1 8 Tf 1 0 0 1 60 %d Tm <%s> Tj ET\n" % (780 - 12 * i, row) for i, row in enumerate(coded))],
        UNMAPPED_FONT,
    )


MAKERS: Mapping[str, tuple[Callable[[Path], Path], str]] = {
    "empty.pdf": (write(b""), "is empty"),
    "zeros.pdf": (write(bytes(5000)), "is empty"),
    "truncated.pdf": (cut, "damaged or truncated"),
    "head.pdf": (write(b"%PDF-1.7\n"), "damaged or truncated"),
    "picture.pdf": (write(b"\x89PNG\r\n\x1a\n" + bytes(100)), "PNG picture"),
    "page.pdf": (write(b"<!doctype html><html><body>Please log in</body></html>"), "web page"),
    "letter.docx": (write(b"PK\x03\x04" + bytes(200)), "Word document"),
    "notes.doc": (write(b"\xd0\xcf\x11\xe0" + bytes(200)), "old Word"),
    "rc4.pdf": (lambda path: lock(path, "RC4-128"), "locked with a password"),
    "aes.pdf": (lambda path: lock(path, "AES-256"), "locked with a password"),
    "nopages.pdf": (lambda path: blank_pages(path, 0), "PDF without pages"),
    "unfinished.pdf": (lambda path: write_pdf(path, []), "PDF without pages"),
    "blank.pdf": (lambda path: write_pdf(path, [b" "] * 5000), "5,000 pages but no text"),
    "unmapped.pdf": (unmapped, "lack a Unicode map"),
    SLOW: (lambda path: write_pdf(path, [crowded_page()] * 40), "took longer than 4 seconds to read"),
}


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Path]:
    """All bad inputs in one run with a whole document, under a limit of four seconds for each."""
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _) in MAKERS.items():
        make(folder / name)
    rows = [f"Resistance to trastuzumab follows the loss of PTEN in line {i}." for i in range(20)]
    write_pdf(folder / WHOLE, [b"".join(line(row, y=700 - 14 * i) for i, row in enumerate(rows))])
    settings = Settings(reading=ReadingSettings(seconds=4))
    return mine_run(Inputs(tuple(sorted(folder.iterdir()))), folder / "run", settings), folder


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_each_bad_input_ends_as_a_failure_with_a_sentence(bad_run: tuple[Summary, Path], name: str) -> None:
    summary, folder = bad_run
    failures = read_table(summary.run, "failures").set_index("path")
    row = failures.loc[str(folder / name)]
    assert (row["stage"], row["error"]) == ("reading", "ReadingError")
    assert MAKERS[name][1] in row["detail"]
    assert row["detail"].endswith(".")


def test_the_whole_document_among_them_is_mined(bad_run: tuple[Summary, Path]) -> None:
    summary, folder = bad_run
    documents = read_table(summary.run, "documents").set_index("path")
    assert documents.loc[str(folder / WHOLE), "status"] == "done"
    assert set(documents[documents["status"] == "failed"].index) == {str(folder / name) for name in MAKERS}
    assert "trastuzumab" in set(read_table(summary.run, "mentions")["concept"])


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_locked_document_opens_with_its_password_only(tmp_path: Path, algorithm: str) -> None:
    path = lock(tmp_path / "locked.pdf", algorithm)
    with pytest.raises(ReadingError, match=r"locked with a password.*LITMINE_PASSWORD"):
        read_document(path)
    with pytest.raises(ReadingError, match="password given does not open it"):
        read_document(path, ReadingSettings(password="wrong"))
    assert read_document(path, ReadingSettings(password="secret")).text == read_document(SAMPLE_PDF).text


def test_five_thousand_pages_are_read_and_more_than_allowed_refused(tmp_path: Path) -> None:
    words, chance = prose("skin", 40).split(), random.Random(5)
    rows = [[" ".join(chance.choices(words, k=12)) for _ in range(10)] for _ in range(250)]
    filled = [b"".join(line(row, y=700 - 13 * i) for i, row in enumerate(page)) for page in rows]
    path = write_pdf(tmp_path / "long.pdf", [content for page in filled for content in (page, *[b" "] * 19)])
    document = read_document(path)
    assert document.n_pages == 5000
    assert all(row[0] in document.text for row in rows)
    with pytest.raises(ReadingError, match="5,000 pages, more than the 4,999"):
        read_document(path, ReadingSettings(max_pages=4_999))


def test_a_page_with_a_million_characters_is_read(tmp_path: Path) -> None:
    content = crowded_page()
    document = read_document(write_pdf(tmp_path / "crowded.pdf", [content]))
    n_shown = sum(char not in b" \n" for row in content.split(b"(")[1:] for char in row.partition(b")")[0])
    assert n_shown > 1_000_000
    assert document.glyphs is not None
    assert sum(page > 0 for page in document.glyphs.page) + sum(d.n_chars for d in document.dropped) == n_shown


def test_mutants_end_as_text_or_failure(tmp_path: Path) -> None:
    mutants = write_mutants([SAMPLE_PDF], 32, 7, tmp_path)
    endings = list(iter_endings(mutants, 2))
    assert {ending.mutant for ending in endings} == set(mutants)
    assert [ending for ending in endings if ending.end not in ("text", "failure")] == []
    assert {ending.end for ending in endings} == {"text", "failure"}
    assert all(ending.said.endswith(".") for ending in endings if ending.end == "failure")


def test_mutants_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    one, two = ([path.read_bytes() for path in write_mutants([SAMPLE_PDF], 8, 3, folder)] for folder in folders)
    assert one[:2] == two[:2]
    assert len(set(one)) == 8
    assert all(data != SAMPLE_PDF.read_bytes() for data in one)
