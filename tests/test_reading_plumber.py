"""The slow reference reader against the fast one: two interpreters of PDF, one layout."""

from collections import Counter
from pathlib import Path

import pytest

from litmine.errors import ReadingError
from litmine.reading import read_document
from litmine.records import Document, Kind
from litmine.settings import ReadingSettings
from tests.conftest import SAMPLE_PDF
from tests.pdfs import Sheet, draw_picture, draw_table, lock, prose, turn_pages

PLUMBER = ReadingSettings(reader="pdfplumber")


def both(path: Path) -> tuple[Document, Document]:
    return read_document(path), read_document(path, PLUMBER)


def shared_words(fast: Document, slow: Document) -> tuple[float, float]:
    """Of the words of each, the share that the other has too."""
    one, other = Counter(fast.text.split()), Counter(slow.text.split())
    common = sum((one & other).values())
    return common / one.total(), common / other.total()


def test_sample_is_read_alike() -> None:
    fast, slow = both(SAMPLE_PDF)
    assert min(shared_words(fast, slow)) >= 0.999
    assert [slow.sections, slow.title, slow.doi] == [fast.sections, fast.title, fast.doi]
    assert [(r.number, r.doi) for r in slow.references] == [(r.number, r.doi) for r in fast.references]
    assert [callout.numbers for callout in slow.callouts] == [callout.numbers for callout in fast.callouts]


def write_two_columns(path: Path) -> Path:
    sheet = Sheet(path)
    sheet.paragraph(60, 72, 220, prose("left", 12))
    sheet.paragraph(320, 72, 220, prose("right", 12))
    sheet.turned(40, 600, "Printed up the margin")
    return sheet.save()


def write_floats(path: Path) -> Path:
    sheet = Sheet(path)
    y = sheet.paragraph(72, 72, 450, prose("first", 5))
    draw_picture(sheet, 80, y + 20, 330, y + 100)
    sheet.text(72, y + 114, "Figure 1. Growth of the lines.", size=8)
    sheet.text(72, y + 140, "Table 1. Doses of the lines.", size=8)
    rows = [["Line", "Dose", "Effect"], *([f"Line {i}", str(i * 3), "growth"] for i in range(5))]
    draw_table(sheet, 72, y + 146, (120, 90, 90), rows, "grid")
    return sheet.save()


def write_raised(path: Path) -> Path:
    sheet = Sheet(path)
    y = sheet.paragraph(72, 72, 450, prose("first", 5))
    for i in range(6):
        x = sheet.text(72, y + 14 * i, f"Line {i} of the cells grew more slowly than before")
        x = sheet.text(x, y + 14 * i, f"{i + 1}", size=6.5, rise=3.5)
        sheet.text(x, y + 14 * i, " and kept its receptor for the rest of the trial.")
    return sheet.save()


def write_small_capitals_and_signs(path: Path) -> Path:
    sheet = Sheet(path)
    sheet.paragraph(
        72, 72, 450, "Fifty—or more—cells per µl answered to 5 ± 2 nM of the drug; naïve ones did not. " * 8
    )
    return sheet.save()


@pytest.mark.parametrize(
    "write", [write_two_columns, write_floats, write_raised, write_small_capitals_and_signs], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("degrees", [0, 90, 270])
def test_layouts_are_read_alike(tmp_path: Path, write: "pytest.FixtureRequest", degrees: int) -> None:
    path = write(tmp_path / "upright.pdf")  # type: ignore[operator]
    fast, slow = both(turn_pages(path, tmp_path / "page.pdf", degrees) if degrees else path)
    assert slow.text == fast.text
    assert slow.blocks == fast.blocks
    assert slow.superscripts == fast.superscripts
    assert slow.dropped == fast.dropped
    assert [(t.block, t.caption, len(t.cells)) for t in slow.tables] == [
        (t.block, t.caption, len(t.cells)) for t in fast.tables
    ]
    for one, other in zip(fast.figures, slow.figures, strict=True):
        assert one.caption == other.caption
        assert one.place is not None and other.place is not None
        assert (other.place.x0, other.place.y1) == pytest.approx((one.place.x0, one.place.y1), abs=1)


def test_characters_stand_at_the_same_places(tmp_path: Path) -> None:
    fast, slow = both(write_raised(tmp_path / "page.pdf"))
    assert fast.glyphs is not None and slow.glyphs is not None
    assert list(slow.glyphs.page) == list(fast.glyphs.page)
    assert list(slow.glyphs.x0) == pytest.approx(list(fast.glyphs.x0), abs=0.5)
    middles = [[(a + b) / 2 for a, b in zip(d.y0, d.y1, strict=True)] for d in (fast.glyphs, slow.glyphs)]
    assert middles[1] == pytest.approx(middles[0], abs=2)


def test_locked_file_opens_with_its_password(tmp_path: Path) -> None:
    path = lock(write_raised(tmp_path / "open.pdf"), tmp_path / "locked.pdf", "secret")
    with pytest.raises(ReadingError, match="locked"):
        read_document(path, PLUMBER)
    document = read_document(path, ReadingSettings(reader="pdfplumber", password="secret"))
    assert "kept its receptor" in document.text


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_cut_file_is_read_or_refused(tmp_path: Path, share: float) -> None:
    data = SAMPLE_PDF.read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: int(share * len(data))])
    try:
        document = read_document(path, PLUMBER)
    except ReadingError as error:
        assert path.name in str(error)
    else:
        assert any(block.kind is Kind.PARAGRAPH for block in document.blocks)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "clipped", "share"),
    [
        ("trastuzumab-resistance/review-onecol", False, 0.999),
        ("trastuzumab-resistance/review-twocol", False, 0.999),
        ("articles/04_*", False, 0.995),
        ("articles/06_*", False, 0.995),
        ("articles/09_*", True, 0.995),
        ("articles/11_*", False, 0.995),
        ("articles/12_*", False, 0.995),
        ("articles/13_*", False, 0.985),  # signs of fonts that lie about their characters are mended by the fast reader
        ("articles/15_*", True, 0.995),
        ("articles/18_*", False, 0.995),
    ],
)
def test_articles_are_read_alike(shared: Path, name: str, clipped: bool, share: float) -> None:
    """pdfminer shows the text that clipping hides, so that of clipped articles it has more."""
    (path,) = (shared / "corpora").glob(f"{name}.pdf")
    fast, slow = both(path)
    of_fast, of_slow = shared_words(fast, slow)
    assert of_fast >= share
    assert of_slow >= share or clipped
    assert len(slow.references) == len(fast.references)
