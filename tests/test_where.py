"""From a mention of a run back to the page: spans, sentences, boxes, and the picture with the mark."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from litmine.cli import main
from litmine.errors import ReadingError, StoreError
from litmine.runs import Inputs, Summary, mine_run
from litmine.store import read_run, read_table, write_json
from litmine.where import DOTS_PER_INCH, PEN, draw_spot, find_spot, format_spot
from tests.conftest import SAMPLE_PDF
from tests.pdfs import Sheet, prose


@pytest.fixture(scope="module")
def odd_run(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Two PDFs, one with a paragraph over a page break and one whose page lies on its side, and a text."""
    from pypdf import PdfReader, PdfWriter

    folder = tmp_path_factory.mktemp("where")
    long = Sheet(folder / "long.pdf")
    long.text(72, 60, "A Note on Cells", size=18)
    y = long.paragraph(72, 100, 450, prose("breast", 26))
    long.text(72, y, "In the end trastuzumab")
    long.next_page()
    long.paragraph(72, 72, 450, "resistance was seen in cells that had lost PTEN, and " + prose("lung", 6), indent=0)
    long.save()
    writer = PdfWriter(clone_from=PdfReader(SAMPLE_PDF))
    writer.pages[0].rotate(90)
    writer.write(folder / "turned.pdf")
    plain = folder / "plain.txt"
    plain.write_text(
        "Trastuzumab binds HER2.\n\nResistance to trastuzumab follows the loss of PTEN.\n" + prose("skin", 9)
    )
    return mine_run(Inputs((folder / "long.pdf", folder / "turned.pdf", plain)), folder / "run")


def doc_id_of(run: Path, name: str) -> str:
    documents = read_table(run, "documents")
    return str(documents[documents["path"].str.endswith(name)]["doc_id"].iloc[0])


def marked_share(picture: Image.Image) -> float:
    """Share of a picture that has the colour of the pen."""
    return float((np.asarray(picture) == PEN).all(axis=2).mean())


def test_every_mention_is_found_again(sample_run: Summary) -> None:
    for row in list(read_table(sample_run.run, "mentions").itertuples())[::40]:
        spot = find_spot(sample_run.run, f"{row.doc_id[:6]}:{row.mention}")
        assert (spot.start, spot.end, spot.text) == (row.start, row.end, row.text)
        assert spot.text in spot.sentence
        first = spot.places[0]
        assert (first.page, first.x0, first.y1) == (row.page, pytest.approx(row.x0), pytest.approx(row.y1))


def test_one_document_needs_no_name(sample_run: Summary) -> None:
    first = read_table(sample_run.run, "mentions").iloc[0]
    assert find_spot(sample_run.run, "0") == find_spot(sample_run.run, f"{first['start']}-{first['end']}")


def test_the_mark_is_as_large_as_the_mention(sample_run: Summary) -> None:
    spot = find_spot(sample_run.run, "0")
    (place,) = spot.places
    marked = np.argwhere((np.asarray(draw_spot(spot)) == PEN).all(axis=2))
    height, width = np.ptp(marked, axis=0) * 72 / DOTS_PER_INCH
    assert height == pytest.approx(place.y1 - place.y0, abs=2)
    assert width == pytest.approx(place.x1 - place.x0, abs=2)


def test_a_span_over_a_page_break_shows_both_pages(odd_run: Summary) -> None:
    doc_id = doc_id_of(odd_run.run, "long.pdf")
    text = (odd_run.run / "text" / f"{doc_id}.txt").read_text(encoding="utf-8")
    start = text.index("trastuzumab resistance was")
    spot = find_spot(odd_run.run, f"{doc_id}:{start}-{start + 22}")
    assert [place.page for place in spot.places] == [1, 2]
    assert "page 1, box" in format_spot(spot) and "page 2, box" in format_spot(spot)
    picture = np.asarray(draw_spot(spot))
    (rows,) = np.nonzero((picture == PEN).all(axis=2).any(axis=1))
    assert np.diff(rows).max() > 50, "marked lines of two pages stand apart"


def test_text_on_its_side_is_turned_to_be_read(odd_run: Summary, sample_run: Summary) -> None:
    doc_id = doc_id_of(odd_run.run, "turned.pdf")
    upright = draw_spot(find_spot(sample_run.run, "3"))
    turned = draw_spot(find_spot(odd_run.run, f"{doc_id}:3"))
    assert turned.width > turned.height
    assert turned.width == pytest.approx(upright.width, rel=0.1)
    assert marked_share(turned) == pytest.approx(marked_share(upright), rel=0.3)


def test_text_without_pages_is_told_by_its_offsets(
    odd_run: Summary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc_id = doc_id_of(odd_run.run, "plain.txt")
    assert main(["where", str(odd_run.run), f"{doc_id}:0-11", "-o", str(tmp_path / "crop.png")]) == 0
    said = capsys.readouterr().out
    assert "“Trastuzumab”" in said and "characters 0–11" in said and "Trastuzumab binds HER2." in said
    assert "no page to show" in said
    assert not (tmp_path / "crop.png").exists()
    with pytest.raises(ReadingError, match="no pages"):
        draw_spot(find_spot(odd_run.run, f"{doc_id}:0-11"))


def test_the_command_writes_a_picture(sample_run: Summary, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crop = tmp_path / "crop.png"
    assert main(["where", str(sample_run.run), "0", "-o", str(crop)]) == 0
    assert str(crop) in capsys.readouterr().out
    with Image.open(crop) as picture:
        assert picture.format == "PNG"
    assert main(["where", str(sample_run.run), "0", "-o", str(tmp_path / "none" / "crop.png")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mention_id", "said"),
    [
        ("first", "names no mention"),
        ("99999", r"has no mention 99999; its mentions are 0 to \d+"),
        ("ffffffffffff:1", "no document whose doc_id begins with"),
        ("9-3", "not in the text"),
        ("0-99999999", "not in the text"),
    ],
)
def test_what_is_not_there_is_said(sample_run: Summary, mention_id: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        find_spot(sample_run.run, mention_id)


def test_a_run_of_several_documents_needs_the_name(odd_run: Summary) -> None:
    with pytest.raises(StoreError, match="3 documents"):
        find_spot(odd_run.run, "0")


def test_a_run_with_settings_of_another_version_is_refused(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Trastuzumab binds HER2. " * 5)
    run = mine_run(Inputs((note,)), tmp_path / "run").run
    facts = read_run(run)
    facts["settings"]["reading"]["gone"] = 1
    write_json(run / "run.json", facts)
    with pytest.raises(StoreError, match="another version"):
        find_spot(run, "0")


def test_a_document_that_changed_is_refused(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Trastuzumab binds HER2. " * 5)
    run = mine_run(Inputs((note,)), tmp_path / "run").run
    (text,) = (run / "text").iterdir()
    text.write_text(text.read_text() + "?")
    with pytest.raises(ReadingError, match="read otherwise"):
        find_spot(run, "0")
    note.write_text("Trastuzumab binds HER3. " * 5)
    with pytest.raises(ReadingError, match="content has changed"):
        find_spot(run, "0")
    note.unlink()
    with pytest.raises(ReadingError, match="not any more"):
        find_spot(run, "0")
