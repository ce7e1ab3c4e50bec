"""Reading of PDFs: what ends up in the text, in which order, and what is dropped and counted."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from litmine.errors import ReadingError
from litmine.reading import read_document
from litmine.records import Document, Kind
from litmine.settings import ReadingSettings
from tests.pdfs import BOLD, ITALIC, Sheet, blank_pages, lock, prose


def texts(document: Document, kind: Kind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


def dropped(document: Document) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in document.dropped:
        counts[row.reason] += row.n_chars
    return counts


def check_invariants(document: Document) -> None:
    """What holds of every document read from a PDF without ligatures."""
    assert document.glyphs is not None
    for name in ("page", "x0", "y0", "x1", "y1"):
        assert len(getattr(document.glyphs, name)) == len(document.text)
    assert all(block.start < block.end for block in document.blocks)
    for block, following in pairwise(document.blocks):
        assert document.text[block.end : following.start] == "\n\n"
    assert document.blocks[0].start == 0
    assert document.blocks[-1].end == len(document.text)
    for reference in document.references:
        assert document.text[reference.start : reference.end] == reference.text
    for callout in document.callouts:
        assert document.text[callout.start] in "[("
    read = sum(page > 0 for page in document.glyphs.page)
    assert read + sum(row.n_chars for row in document.dropped) == count_visible(Path(document.path))


def count_visible(path: Path) -> int:
    """Characters that pdfium's own text of each page shows."""
    pdf = pypdfium2.PdfDocument(path)
    total = 0
    for page in pdf:
        text_page = page.get_textpage()
        total += sum(not char.isspace() for char in text_page.get_text_range())
        text_page.close()
        page.close()
    pdf.close()
    return total


@pytest.fixture
def two_columns(tmp_path: Path) -> Path:
    """Title and abstract across two columns; three pages with heads and feet; a float above the columns of page 2."""
    sheet = Sheet(tmp_path / "columns.pdf")
    words = prose("resistant", 60).split()
    cuts = [0, *(len(words) * i // 6 + 5 for i in range(1, 6)), len(words)]
    parts = [" ".join(words[a:b]) for a, b in pairwise(cuts)]
    for page in range(3):
        sheet.text(60, 40, "Journal of Invented Oncology 12, 345", ITALIC, 8)
        sheet.text(280, 810, str(page + 17), size=8)
        top = 80.0
        if page == 0:
            sheet.text(60, 90, "How cells learn to live with a drug", BOLD, 18)
            sheet.text(60, 112, "Ada Example and Ben Sample", size=10)
            top = sheet.paragraph(60, 140, 475, "Abstract: " + prose("early", 6), 9, 0)
            top += 20
        if page == 1:
            sheet.paragraph(
                60, 90, 475, "Figure 1. A drawing of the growth curves that stands across both columns.", 8, 0
            )
            top = 125
        for x, part in zip((60, 310), parts[2 * page : 2 * page + 2], strict=True):
            y = top
            if page == 0 and x == 60:
                sheet.text(x, y, "1. Introduction", BOLD, 11)
                y += 16
            sheet.paragraph(x, y, 225, part, indent=12 if (page, x) == (0, 60) else 0)
        sheet.next_page()
    return sheet.save()


def test_columns_are_read_one_after_the_other_as_one_paragraph(two_columns: Path) -> None:
    """The paragraph runs over ends of columns and pages and over the caption of a float."""
    document = read_document(two_columns)
    assert texts(document, Kind.PARAGRAPH) == [prose("resistant", 60)]
    check_invariants(document)


def test_front_matter_and_headings_are_told_apart(two_columns: Path) -> None:
    document = read_document(two_columns)
    assert document.title == "How cells learn to live with a drug"
    assert texts(document, Kind.TITLE) == [document.title]
    assert [t.split()[0] for t in texts(document, Kind.ABSTRACT)] == ["Abstract:"]
    assert [(s.title, s.level) for s in document.sections] == [("", 0), ("1. Introduction", 1)]
    assert texts(document, Kind.CAPTION) == [
        "Figure 1. A drawing of the growth curves that stands across both columns."
    ]


def test_heads_and_page_numbers_are_dropped_and_counted(two_columns: Path) -> None:
    document = read_document(two_columns)
    assert "Journal of Invented" not in document.text
    counts = dropped(document)
    assert counts["running head or foot"] == 3 * len("JournalofInventedOncology12,345")
    assert counts["page number"] == len("171819")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["the cells were treat-", "ed with care"], "the cells were treated with care"),
        (["tumors that are HER2-", "positive respond"], "tumors that are HER2-positive respond"),
        (["toxicity is antibody-", "dependent in mice"], "toxicity is antibody-dependent in mice"),
        (["we call it over-expression; over-", "expression is common"], "over-expression is common"),
        (["we call it overexpression; over-", "expression is common"], "; overexpression is common"),
        (["both homo-", "and heterodimers form"], "both homo- and heterodimers form"),
        (["doses of 10–", "20 mg were given"], "doses of 10–20 mg were given"),
        (["the PI3K/", "AKT pathway is active"], "the PI3K/AKT pathway is active"),
        (["a T-", "cell response was seen"], "a T-cell response was seen"),
        (["sensitive and -", "resistant lines differ"], "sensitive and -resistant lines differ"),
        (["no hyphen here", "at all is set"], "no hyphen here at all is set"),
    ],
)
def test_line_ends(tmp_path: Path, lines: list[str], expected: str) -> None:
    sheet = Sheet(tmp_path / "hyphens.pdf")
    sheet.lines(72, 100, ["Some words stand before the case in question, and", *lines])
    document = read_document(sheet.save())
    assert expected in document.text
    check_invariants(document)


def test_sidebar_is_dropped(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "sidebar.pdf")
    sheet.text(180, 80, "A study of nothing in particular", BOLD, 18)
    side = [
        "Citation: Example, A. A study",
        "of nothing. J. Inv. 2031, 1, 2.",
        "Received: 1 May 2031",
        "Copyright: 2031 by A.",
    ]
    sheet.lines(40, 400, side, size=7)
    sheet.paragraph(180, 120, 360, prose("patient", 30))
    document = read_document(sheet.save())
    assert "Citation" not in document.text
    assert dropped(document)["sidebar"] == len("".join(side).replace(" ", ""))
    assert "".join(texts(document, Kind.PARAGRAPH)) == prose("patient", 30)
    check_invariants(document)


def test_line_numbers_are_dropped(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "numbered.pdf")
    text = prose("numbered", 12).split()
    rows = [" ".join(text[i : i + 9]) for i in range(0, len(text), 9)]
    for i, row in enumerate(rows):
        sheet.text(50, 90 + 20 * i, f"{i + 1}", size=8)
        sheet.text(80, 90 + 20 * i, row)
    document = read_document(sheet.save())
    assert " ".join(document.text.split()) == prose("numbered", 12)
    assert dropped(document)["line number"] == sum(len(str(i + 1)) for i in range(len(rows)))
    check_invariants(document)


def test_lettering_of_a_figure_is_dropped(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "figure.pdf")
    y = sheet.paragraph(72, 90, 450, prose("left", 8))
    sheet.box(100, y + 10, 400, y + 110)
    sheet.box(120, y + 40, 180, y + 80)
    sheet.text(130, y + 60, "EGFR", size=7)
    sheet.text(250, y + 60, "PI3K axis", size=7)
    sheet.text(72, y + 130, "Figure 2. Two boxes.", size=8)
    sheet.turned(560, 500, "stamped in the margin")
    document = read_document(sheet.save())
    assert "EGFR" not in document.text
    assert dropped(document)["figure"] == len("EGFRPI3Kaxis")
    assert dropped(document)["turned text"] == len("stampedinthemargin")
    assert texts(document, Kind.CAPTION) == ["Figure 2. Two boxes."]
    check_invariants(document)


def test_tables_are_blocks_with_rows_and_cells(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "table.pdf")
    y = sheet.paragraph(72, 90, 450, prose("first", 8))
    sheet.text(72, y + 14, "Table 1. Doses given in the two arms.", size=8)
    rows = [("Arm", "Drug", "Dose"), ("A", "afatinib", "40 mg"), ("B", "neratinib", "240 mg"), ("C", "none", "0 mg")]
    sheet.rule(72, y + 20, 520)
    sheet.rule(72, y + 34, 520)
    for i, row in enumerate(rows):
        for x, cell in zip((80, 230, 400), row, strict=True):
            sheet.text(x, y + 30 + 14 * i, cell, size=8)
    sheet.rule(72, y + 80, 520)
    sheet.paragraph(72, y + 110, 450, prose("second", 8, start=9))
    document = read_document(sheet.save())
    assert texts(document, Kind.TABLE) == ["\n".join("\t".join(row) for row in rows)]
    assert texts(document, Kind.CAPTION) == ["Table 1. Doses given in the two arms."]
    assert texts(document, Kind.PARAGRAPH) == [prose("first", 8), prose("second", 8, start=9)]
    check_invariants(document)


def test_references_are_split_and_callouts_linked(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "references.pdf")
    y = sheet.paragraph(72, 90, 450, prose("cited", 8) + " This was seen before [1,3–4]. " + prose("cited", 4, start=9))
    sheet.text(72, y + 20, "References", BOLD, 12)
    entries = [
        [
            "1. Example, A.; Sample, B. Cells that live with a drug for a very long time and do not",
            "die of it. J. Inv. 2019, 1, 2–3.",
        ],
        ["2. Sample, B. A second look at the cells. Inv. Lett. 2020, 5, 1. doi:10.1234/abc.5"],
        ["3. Else, C. Nothing to add to what was known about it. Inv. Rev. 2021, 9, 12–", "15. PMID: 12345678"],
        ["4. Last, D. The end of the story of the drug. Inv. Rep. 2022, 4, 40–44."],
    ]
    y += 40
    for entry in entries:
        sheet.text(72, y, entry[0], size=8)
        for line in entry[1:]:
            y += 10
            sheet.text(86, y, line, size=8)
        y += 10
    document = read_document(sheet.save())
    assert [reference.number for reference in document.references] == [1, 2, 3, 4]
    assert [reference.year for reference in document.references] == [2019, 2020, 2021, 2022]
    assert document.references[1].doi == "10.1234/abc.5"
    assert document.references[2].pmid == "12345678"
    assert document.references[0].title == "Cells that live with a drug for a very long time and do not die of it"
    assert len(texts(document, Kind.REFERENCE)) == 4
    assert [(document.text[c.start : c.end], c.numbers) for c in document.callouts] == [("[1,3–4]", (1, 3, 4))]
    check_invariants(document)


def test_superscript_numbers_are_callouts_where_nothing_else_cites(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "raised.pdf")
    y = sheet.paragraph(72, 90, 450, prose("raised", 8))
    for number in (1, 2):
        end = sheet.text(72, y, f"A claim of group {number} was made")
        sheet.text(sheet.text(end, y, str(number), size=6, rise=4), y, " in its own time and is still believed today.")
        y += 12
    end = sheet.text(72, y, "The tumor grew to 20 mm")
    sheet.text(end, y, "2", size=6, rise=4)
    y = sheet.paragraph(72, y + 30, 450, prose("later", 8, start=10))
    sheet.text(72, y + 20, "References", BOLD, 12)
    sheet.lines(
        72,
        y + 40,
        ["1. First, A. What was said. J. Inv. 2001, 1, 1.", "2. Second, B. What was heard. J. Inv. 2002, 2, 2."],
        size=8,
    )
    document = read_document(sheet.save())
    assert [c.numbers for c in document.callouts] == [(1,), (2,)]
    assert all(document.text[c.start - 4 : c.start] == "made" for c in document.callouts)


def test_sections_form_a_tree(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "sections.pdf")
    sheet.text(72, 60, "An outline with three levels", BOLD, 18)
    y = 100.0
    for number, title, font in (
        ("1.", "Introduction", BOLD),
        ("2.", "Mechanisms", BOLD),
        ("2.1.", "Loss of the Target", ITALIC),
        ("2.1.1.", "By Cleavage", ITALIC),
        ("3.", "Conclusions", BOLD),
    ):
        sheet.text(72, y + 8, f"{number} {title}", font, 11)
        y = sheet.paragraph(72, y + 26, 450, prose(title.split()[0].lower(), 6))
    sheet.text(72, y + 8, "Author Contributions", BOLD, 11)
    sheet.paragraph(72, y + 26, 450, "All of the work was done by one person, who also wrote it up.")
    document = read_document(sheet.save())
    assert [(s.title, s.level, s.parent) for s in document.sections[1:]] == [
        ("1. Introduction", 1, 0),
        ("2. Mechanisms", 1, 0),
        ("2.1. Loss of the Target", 2, 2),
        ("2.1.1. By Cleavage", 3, 3),
        ("3. Conclusions", 1, 0),
        ("Author Contributions", 1, 0),
    ]
    assert texts(document, Kind.OTHER) == ["All of the work was done by one person, who also wrote it up."]
    check_invariants(document)


def test_places_lead_back_to_the_page(two_columns: Path) -> None:
    document = read_document(two_columns)
    pdf = pypdfium2.PdfDocument(two_columns)
    for word in ("alpha10", "gamma32", "delta53"):
        start = document.text.index(word)
        (place,) = document.places(start, start + len(word))
        page = pdf[place.page - 1]
        text_page = page.get_textpage()
        height = page.get_height()
        found = text_page.get_text_bounded(place.x0, height - place.y1, place.x1, height - place.y0)
        assert found.strip() == word
        text_page.close()
        page.close()
    pdf.close()


def test_landscape_page_reads_as_upright_ones(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    sheet = Sheet(tmp_path / "upright.pdf")
    sheet.paragraph(72, 90, 450, prose("turned", 10))
    source = sheet.save()
    writer = PdfWriter()
    page = PdfReader(source).pages[0]
    writer.add_page(page.rotate(90))
    writer.write(tmp_path / "turned.pdf")
    document = read_document(tmp_path / "turned.pdf")
    assert document.text == prose("turned", 10)
    assert document.glyphs is not None
    first, last = document.glyphs.y0[0], document.glyphs.y0[document.text.index(" ", 60) - 1]
    assert last - first > 200  # on the displayed page the line runs downwards
    assert document.glyphs.x0[0] > 700


def test_three_columns_with_a_list_balanced_below(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "three.pdf")
    words = prose("threefold", 45).split()
    cuts = [len(words) * i // 3 + (4 if 0 < i < 3 else 0) for i in range(4)]
    for x, (a, b) in zip((50, 220, 390), pairwise(cuts), strict=True):
        sheet.paragraph(x, 80, 150, " ".join(words[a:b]), indent=12 if a == 0 else 0, size=9)
    document = read_document(sheet.save())
    assert texts(document, Kind.PARAGRAPH) == [prose("threefold", 45)]
    check_invariants(document)


def test_references_balanced_over_two_columns_below_other_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "balanced.pdf")
    sheet.paragraph(60, 80, 225, prose("left", 10))
    y = sheet.paragraph(310, 80, 225, prose("right", 7, start=11), indent=0)
    sheet.text(310, y + 14, "Acknowledgements", BOLD, 11)
    sheet.paragraph(310, y + 30, 225, "Nobody is thanked here, for nobody helped with any of it.")
    sheet.text(60, 470, "References", BOLD, 11)
    for number in range(1, 21):
        x, row = (60, number) if number <= 10 else (310, number - 10)
        sheet.text(x, 480 + 12 * row, f"{number}. Example A. Word {number} on it. J Inv. 20{number + 10}; 1.", size=8)
    document = read_document(sheet.save())
    assert [reference.number for reference in document.references] == list(range(1, 21))
    assert [s.title for s in document.sections[1:]] == ["Acknowledgements", "References"]
    check_invariants(document)


def test_words_set_by_position_alone_keep_their_spaces(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "tight.pdf")
    x = 72.0
    for i, word in enumerate("in a tight line the words stand so close that it hurts".split()):  # noqa: SIM905
        x = sheet.text(x, 100, word if i % 4 == 3 else f"{word} ") + (1.9 if i % 4 == 3 else -0.6)
    document = read_document(sheet.save())
    assert document.text == "in a tight line the words stand so close that it hurts"


def test_text_that_a_clipping_path_hides_is_dropped(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "crop.pdf")
    y = sheet.paragraph(72, 90, 450, prose("seen", 8))
    sheet.cropped(100, y + 20, 300, y + 120, ["A window on an older page", *["with its old text"] * 12])
    document = read_document(sheet.save())
    hidden = dropped(document)["hidden"] // len("withitsoldtext")
    assert hidden >= 4
    assert document.text.count("with its old text") == 12 - hidden
    check_invariants(document)


@pytest.fixture
def simple(tmp_path: Path) -> Path:
    sheet = Sheet(tmp_path / "simple.pdf")
    sheet.paragraph(72, 90, 450, prose("simple", 10))
    return sheet.save()


def test_locked_pdf_opens_with_its_password_only(simple: Path, tmp_path: Path) -> None:
    locked = lock(simple, tmp_path / "locked.pdf", "sesame")
    assert read_document(locked, ReadingSettings(password="sesame")).text == prose("simple", 10)
    with pytest.raises(ReadingError, match=r"locked\.pdf is locked with a password"):
        read_document(locked)
    with pytest.raises(ReadingError, match="does not open it"):
        read_document(locked, ReadingSettings(password="simsalabim"))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.pdf", b"", "is empty"),
        ("zeros.pdf", bytes(500), "is empty"),
        ("report.pdf", b"PK\x03\x04" + b"[Content_Types].xml word/document.xml", "Word document"),
        ("sheet.pdf", b"PK\x03\x04" + b"xl/workbook.xml", "Excel workbook"),
        ("archive.pdf", b"PK\x03\x04" + b"something else", "ZIP archive"),
        ("page.pdf", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("data.pdf", b"<?xml version='1.0'?><article/>", "XML but no article"),
        ("photo.pdf", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("notes.pdf", b"only words, and no header at all", "plain text under another name"),
        ("noise.pdf", bytes(range(1, 255)) * 9, "unknown kind"),
        ("broken.pdf", b"%PDF-1.7\nnothing follows", "damaged or truncated"),
        ("blank.txt", b"  \n \t", "is empty"),
        ("dots.txt", b"... --- ...", "no text"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadingError, match=message) as caught:
        read_document(path)
    assert name in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="There is no file"):
        read_document(tmp_path / "nowhere.pdf")
    with pytest.raises(ReadingError, match="is a folder"):
        read_document(tmp_path)


def test_pages_without_text_are_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="3 pages but no text"):
        read_document(blank_pages(tmp_path / "scan.pdf", 3))


def test_too_many_pages(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="has 3 pages, more than the 2"):
        read_document(blank_pages(tmp_path / "long.pdf", 3), ReadingSettings(max_pages=2))


def test_no_pages(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"none\.pdf"):
        read_document(blank_pages(tmp_path / "none.pdf", 0))


def test_pdf_is_told_by_content_not_by_name(simple: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "article.download"
    renamed.write_bytes(b"\n\n" + simple.read_bytes())
    assert read_document(renamed).media_type == "application/pdf"


def test_damaged_files_end_as_text_or_as_reading_error(two_columns: Path, tmp_path: Path) -> None:
    source = two_columns.read_bytes()
    generator = random.Random(7)
    outcomes: Counter[str] = Counter()
    for i in range(60):
        data = bytearray(source)
        if i % 3 == 0:
            del data[generator.randrange(100, len(data)) :]
        for _ in range(generator.randrange(1, 40)):
            data[generator.randrange(9, len(data))] = generator.randrange(256)
        path = tmp_path / "mutant.pdf"
        path.write_bytes(bytes(data))
        try:
            document = read_document(path)
        except ReadingError as error:
            assert "mutant.pdf" in str(error)
            outcomes["error"] += 1
        else:
            assert document.glyphs is not None
            assert len(document.glyphs.page) == len(document.text)
            outcomes["text"] += 1
    assert outcomes["error"] and outcomes["text"]
