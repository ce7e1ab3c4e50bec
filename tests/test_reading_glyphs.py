"""Glyphs: which characters they are, where they stand, and that pages with very many of them are read in time."""

import ctypes
import random
import time
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading_boxes import agree, compare_words, iter_ink, read_back
from litmine.errors import ReadingError
from litmine.reading import placing, read_document
from litmine.reading.glyphs.bulk import Bulk
from litmine.records import Document
from tests.conftest import SAMPLE_PDF
from tests.pdfs import HELVETICA, NAMELESS, Sheet, numbers_of_glyphs, prose, write_raw

REAL = ["trastuzumab-resistance/review-twocol.pdf", "articles/13_*.pdf", "articles/15_*.pdf"]
"""Some of what `python -m benchmarks.reading_boxes` looks at."""


@pytest.fixture(scope="module")
def sample() -> Document:
    return read_document(SAMPLE_PDF)


@pytest.fixture(scope="module")
def sample_ink() -> list:
    return list(iter_ink(SAMPLE_PDF))


def test_every_word_stands_in_its_boxes(sample: Document, sample_ink: list) -> None:
    assert [pair for pair in compare_words(sample, sample_ink) if not agree(*pair)] == []


@given(st.data())
def test_what_stands_in_the_boxes_of_any_span_is_its_text(
    sample: Document, sample_ink: list, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(sample.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(sample.text), start + 80)))
    assert agree(sample.text[start:end], read_back(sample, sample_ink, start, end))


def test_words_of_real_articles_stand_in_their_boxes(shared: Path) -> None:
    paths = [path for pattern in REAL for path in sorted((shared / "corpora").glob(pattern))]
    shares = {}
    for path in paths:
        pairs = [*compare_words(read_document(path), list(iter_ink(path)))]
        shares[path.stem] = sum(agree(*pair) for pair in pairs) / len(pairs)
    assert shares
    assert {stem: share for stem, share in shares.items() if share < 0.999} == {}


def test_characters_fetched_at_once_are_those_fetched_one_by_one() -> None:
    pdf = pypdfium2.PdfDocument(SAMPLE_PDF)
    page = raw.FPDF_LoadPage(pdf, 0)
    text_page = raw.FPDFText_LoadPage(page)
    chars = [i for i in range(raw.FPDFText_CountChars(text_page)) if raw.FPDFText_GetTextObject(text_page, i)]
    edges, box = raw.FS_RECTF(), []
    owners = []
    for i in chars:
        raw.FPDFText_GetLooseCharBox(text_page, i, edges)
        box.append((edges.left, edges.top, edges.right, edges.bottom))
        owners.append(ctypes.cast(raw.FPDFText_GetTextObject(text_page, i), ctypes.c_void_p).value)
    bulk = Bulk(raw)
    assert len(set(owners)) > 20
    assert bulk.owners(text_page, chars).tolist() == owners
    np.testing.assert_array_equal(bulk.boxes(text_page, chars), np.array(box, dtype=np.float32))
    raw.FPDFText_ClosePage(text_page)
    raw.FPDF_ClosePage(page)
    pdf.close()


def test_boxes_gathered_in_many_batches_are_the_same(sample: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "BATCH", 300)
    assert read_document(SAMPLE_PDF).glyphs == sample.glyphs


def test_raised_and_lowered_text_is_known(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "raised.pdf")
    y = sheet.lines(60, 90, ["Cells that have lost their brakes divide without end and do not answer."] * 4)
    at = sheet.text(60, y, "The inhibitor p27")
    at = sheet.text(at, y, "Kip1", size=6, rise=4)
    at = sheet.text(at, y, " needs Ca")
    at = sheet.text(at, y, "2+", size=6, rise=4)
    at = sheet.text(at, y, " and H")
    at = sheet.text(at, y, "2", size=6, rise=-2)
    sheet.text(at, y, "O to work in all of the cells.")
    document = read_document(sheet.save())
    assert "p27Kip1 needs Ca2+ and H2O" in document.text
    assert [document.text[a:b] for a, b in document.superscripts] == ["Kip1", "2+"]
    assert [document.text[a:b] for a, b in document.subscripts] == ["2"]


def test_raised_callouts_lie_within_superscripts(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "cited.pdf")
    y = sheet.paragraph(60, 90, 475, prose("quiet", 8))
    at = sheet.text(60, y, "These cells answered the drug late")
    at = sheet.text(at, y, "1, 2", size=6, rise=4)
    y = sheet.paragraph(60, y + 12, 475, prose("loud", 8, 20))
    sheet.text(60, y + 20, "References", "Times-Bold", 12)
    sheet.text(60, y + 40, "1. Example A, Sample B. Cells that wait for a drug. J Invent 2001;1:1-9.")
    sheet.text(60, y + 52, "2. Sample B, Example A. Drugs that wait for a cell. J Invent 2002;2:1-9.")
    document = read_document(sheet.save())
    (callout,) = document.callouts
    assert callout.numbers == (1, 2)
    assert any(a <= callout.start and callout.end <= b for a, b in document.superscripts)


ACCENTED = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding /Differences"
    " [127 /dieresis 1 /acute 2 /grave 3 /circumflex 4 /caron 5 /cedilla 6 /ring 7 /tilde 8 /dotlessi] >> >>"
)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (r"[(The M)-111(\177)444(uller cells of the eye)] TJ", "The Müller cells of the eye"),
        (r"[(They met Andr)-111(\001)444(e and Gar)-83(\005)416(con)] TJ", "They met André and Garçon"),
        (r"[(The plain of Garc)28(\001)305(\010a was dry)] TJ", "The plain of García was dry"),
        (r"[(He is called Dvo)0(\004)333(r)-111(\001)444(ak in Prague)] TJ", "He is called Dvořák in Prague"),
        (r"[(The letter first: o)444.5(\177)-111(ver the line)] TJ", "The letter first: över the line"),
        (
            r"(The ) Tj 20.5 2 Td (\177) Tj -1.2 -2 Td (Arzte of this town met here) Tj",
            "The Ärzte of this town met here",
        ),
        (r"(An accent \001 alone stays as it is) Tj", "An accent ´ alone stays as it is"),
    ],
)
def test_accents_drawn_apart_join_their_letters(shown: str, text: str, tmp_path: Path) -> None:
    content = f"BT /F1 10 Tf 72 700 Td {shown} ET"
    document = read_document(write_raw(tmp_path / "accents.pdf", content, F1=ACCENTED))
    assert document.text == text
    assert document.glyphs is not None
    assert sum(page > 0 for page in document.glyphs.page) == len(text.replace(" ", ""))


def lines_of(font: str, y: float, texts: list[str]) -> str:
    return "".join(f"BT /{font} 10 Tf 72 {y - 12 * i} Td {text} Tj ET\n" for i, text in enumerate(texts))


PLAIN = ["(The drug was given to cells that did not answer it any more.)"] * 10


def test_fonts_without_a_unicode_map_are_refused(tmp_path: Path) -> None:
    gibberish = lines_of("F1", 700, [numbers_of_glyphs("Nobody can tell which letters are drawn here")] * 10)
    path = write_raw(tmp_path / "nameless.pdf", gibberish, F1=NAMELESS)
    with pytest.raises(ReadingError, match=r"nameless\.pdf has 1 page in fonts .* lack a Unicode map.*--ocr"):
        read_document(path)


def test_a_few_unmapped_characters_are_kept_as_such(tmp_path: Path) -> None:
    mixed = (
        lines_of("F2", 700, PLAIN) + f"BT /F2 10 Tf 72 560 Td (a sign: ) Tj /F1 10 Tf {numbers_of_glyphs('xy')} Tj ET"
    )
    document = read_document(write_raw(tmp_path / "sign.pdf", mixed, F1=NAMELESS, F2=HELVETICA))
    assert document.text.endswith("a sign: \ufffd\ufffd")
    assert document.text.count("did not answer") == 10


def test_an_unmapped_page_among_others_is_left_out_and_counted(tmp_path: Path) -> None:
    good, more = lines_of("F2", 700, PLAIN * 3), lines_of("F2", 640, PLAIN * 3)
    lost = lines_of("F1", 700, [numbers_of_glyphs("Nobodycantell")] * 5)
    document = read_document(write_raw(tmp_path / "page.pdf", good, lost, more, F1=NAMELESS, F2=HELVETICA))
    assert "\ufffd" not in document.text
    assert document.text.count("did not answer") == document.text.count("The drug") == 60
    assert [(row.page, row.n_chars) for row in document.dropped if row.reason == "no Unicode map"] == [(2, 65)]


def test_a_page_of_a_million_characters_is_read(tmp_path: Path) -> None:
    line = " ".join(["alpha", "beta", "gamma", "delta", "epsilon"] * 4)[:93]
    rows = (f"1 0 0 1 20 {820 - 0.08 * i:.2f} Tm ({line} {i:06}) Tj\n" for i in range(10_000))
    content = "BT /F1 1 Tf\n" + "".join(rows) + "ET"
    began = time.process_time()
    document = read_document(write_raw(tmp_path / "million.pdf", content, F1=HELVETICA))
    assert time.process_time() - began < 30
    assert len(document.text) > 900_000


def test_letters_strewn_over_a_page_are_left_out_and_counted(tmp_path: Path) -> None:
    randomly = random.Random(5)
    strewn = "BT /F1 5 Tf\n" + "".join(
        f"1 0 0 1 {randomly.uniform(20, 570):.1f} {randomly.uniform(20, 820):.1f} Tm ({randomly.choice('abcdef')}) Tj\n"
        for _ in range(60_000)
    )
    path = write_raw(tmp_path / "strewn.pdf", lines_of("F1", 700, PLAIN * 3), strewn + "ET", F1=HELVETICA)
    document = read_document(path)
    assert document.text.count("did not answer") == 30
    (row,) = [row for row in document.dropped if row.page == 2]
    assert row.reason == "scattered letters"
    assert row.n_chars > 50_000
    only = write_raw(tmp_path / "only.pdf", strewn + "ET", F1=HELVETICA)
    with pytest.raises(ReadingError, match=r"no running text.*scattered letters"):
        read_document(only)


def test_a_span_of_a_turned_page_is_placed_on_the_page_as_displayed(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "turned.pdf")
    for i in range(12):
        sheet.turned(100 + 14 * i, 700, f"Line {i} of a page whose lines all run upwards from its foot.")
    path = sheet.save()
    document, ink = read_document(path), list(iter_ink(path))
    assert [pair for pair in compare_words(document, ink) if not agree(*pair)] == []
