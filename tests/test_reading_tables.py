"""Tables of PDFs: which are found, their rows, columns and cells, and where these stand in the text and on the page."""

from collections.abc import Sequence
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litmine.reading import read_document
from litmine.records import Document, Kind, Table
from tests.pdfs import Sheet, Span, draw_table, prose, turn_pages

Known = set[tuple[int, int, str]]
STYLES = ("booktabs", "rows", "grid", "columns", "shaded", "plain")

RESPONSE: list[list[str | Span]] = [
    ["Arm", "Patients", "Response", "Months"],
    ["Trastuzumab", "112", "45 (40%)", "8.1"],
    ["Lapatinib", "98", "31 (32%)", "6.4"],
    ["Pertuzumab", "120", "", "9.9"],
    ["Neratinib", "64", "20 (31%)", ""],
]
MECHANISMS: list[list[str | Span]] = [
    ["Drug", "Gene", "What the cells do", "Source"],
    ["Gefitinib", "MET", "Gain of copies of a\nreceptor that takes over\nthe pathway", "Study A"],
    ["Imatinib", "ABL1", "Point mutations", "Study B"],
    ["Olaparib", "BRCA1,\nBRCA2", "Reversion that restores\nthe reading frame", "Study C"],
    ["Erlotinib", "EGFR", "Second mutation", "Study D"],
]
GROUPED: list[list[str | Span]] = [
    ["", ("Parent line", 2), ("Resistant line", 2)],
    ["Drug", "Dose", "Error", "Dose", "Error"],
    ["Afatinib", "0.8", "0.1", "4.4", "0.6"],
    ["Erlotinib", "12.1", "1.1", "340", "12.9"],
    ["Gefitinib", "15.3", "0.9", "512", "33.0"],
]
SECTIONS: list[list[str | Span]] = [
    ["Characteristic", "Responders", "Others", "P"],
    [("Age", 4)],
    ["Under 50", "12", "14", "0.55"],
    ["50 and over", "28", "24", ""],
    [("Earlier lines of therapy for spread disease", 4)],
    ["None", "22", "8", "0.002"],
    ["One or more", "18", "30", ""],
]
TABLES = {
    "response": (RESPONSE, (90, 70, 80, 70), 1),
    "mechanisms": (MECHANISMS, (80, 60, 110, 70), 1),
    "grouped": (GROUPED, (80, 60, 60, 60, 60), 2),
    "sections": (SECTIONS, (90, 80, 70, 60), 1),
}


def known_cells(rows: Sequence[Sequence[str | Span]]) -> Known:
    """Row, column and text of every cell that is not empty."""
    known: Known = set()
    for i, row in enumerate(rows):
        at = 0
        for cell in row:
            text, span = cell if isinstance(cell, tuple) else (cell, 1)
            if text:
                known.add((i, at, text.replace("\n", " ")))
            at += span
    return known


def cells_of(document: Document, table: Table) -> Known:
    return {(cell.row, cell.column, document.text[cell.start : cell.end]) for cell in table.cells}


def caption_of(document: Document, table: Table) -> str | None:
    if table.caption is None:
        return None
    block = document.blocks[table.caption]
    assert block.kind is Kind.CAPTION
    return document.text[block.start : block.end]


def check_places(document: Document) -> None:
    """Cells stand in their block, in order, apart; and on the page around the glyphs of their text."""
    for table in document.tables:
        block = document.blocks[table.block]
        assert block.kind is Kind.TABLE
        at = block.start
        for cell in table.cells:
            assert at <= cell.start < cell.end <= block.end
            assert document.text[at : cell.start] in {"", "\t", "\n"}
            at = cell.end
            assert cell.place is not None
            for place in document.places(cell.start, cell.end):
                assert place.page == cell.place.page
                assert cell.place.x0 - 1 <= place.x0 and place.x1 <= cell.place.x1 + 1
                assert cell.place.y0 - 1 <= place.y0 and place.y1 <= cell.place.y1 + 1
        assert at == block.end


def write_article(
    path: Path,
    rows: Sequence[Sequence[str | Span]],
    widths: Sequence[float],
    style: str,
    head: int = 1,
    left: float = 72,
) -> Path:
    """Prose, a captioned table with a note below it, and more prose."""
    sheet = Sheet(path)
    y = sheet.paragraph(72, 72, 450, prose("first", 5))
    sheet.text(left, y + 14, "Table 1. What the two arms of the trial came to.", size=8.5)
    bottom = draw_table(sheet, left, y + 20, widths, rows, style, head)
    sheet.text(left, bottom + 14, "A dagger would mark values below the limit of the assay.", size=7)
    sheet.paragraph(72, bottom + 40, 450, prose("second", 6))
    return sheet.save()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", TABLES)
def test_rows_columns_and_cells(tmp_path: Path, name: str, style: str) -> None:
    rows, widths, head = TABLES[name]
    document = read_document(write_article(tmp_path / "table.pdf", rows, widths, style, head))
    (table,) = document.tables
    assert cells_of(document, table) == known_cells(rows)
    assert caption_of(document, table) == "Table 1. What the two arms of the trial came to."
    check_places(document)
    prose_text = [document.text[b.start : b.end] for b in document.blocks if b.kind is not Kind.TABLE]
    assert any("A dagger would mark" in text for text in prose_text)
    assert sum("batch" in text for text in prose_text) == 2


WORDS = st.sampled_from(["EGFR", "ERBB2", "loss", "gain 2", "0.05", "12 (3%)", "imatinib", "Cell line A", "n.d.", "+"])


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(), n_rows=st.integers(3, 9), n_columns=st.integers(2, 6), style=st.sampled_from(["booktabs", "grid"])
)
def test_any_table_of_words_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, n_rows: int, n_columns: int, style: str
) -> None:
    """Whatever the cells hold and whichever beyond the first row and column are empty."""
    rows: list[list[str | Span]] = [[f"Head {j}" for j in range(n_columns)]]
    for i in range(n_rows):
        empty = data.draw(st.sets(st.integers(1, n_columns - 1), max_size=max(0, n_columns - 2)))
        rows.append([f"Item {i}", *("" if j in empty else data.draw(WORDS) for j in range(1, n_columns))])
    path = tmp_path_factory.mktemp("words") / "table.pdf"
    document = read_document(write_article(path, rows, [70] * n_columns, style))
    (table,) = document.tables
    assert cells_of(document, table) == known_cells(rows)
    check_places(document)


def test_drawn_cells_are_those_that_pdfplumber_finds_itself(tmp_path: Path) -> None:
    path = write_article(tmp_path / "grid.pdf", RESPONSE, (90, 70, 80, 70), "grid")
    (table,) = read_document(path).tables
    with pdfplumber.open(path) as pdf:
        (found,) = pdf.pages[0].find_tables()
    for cell in table.cells:
        assert cell.place is not None
        box = (cell.place.x0, cell.place.y0, cell.place.x1, cell.place.y1)
        assert any(box == pytest.approx(other, abs=1) for other in found.cells)


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("style", ["booktabs", "grid"])
def test_places_on_pages_that_are_displayed_turned(tmp_path: Path, style: str, degrees: int) -> None:
    upright = write_article(tmp_path / "upright.pdf", RESPONSE, (90, 70, 80, 70), style)
    document = read_document(turn_pages(upright, tmp_path / "turned.pdf", degrees))
    (table,) = document.tables
    assert cells_of(document, table) == known_cells(RESPONSE)
    check_places(document)


def test_table_in_one_column_of_two(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "columns.pdf")
    sheet.paragraph(320, 72, 220, prose("right", 24))
    y = sheet.paragraph(60, 72, 220, prose("left", 8))
    sheet.text(60, y + 14, "Table 2. Doses of the two lines.", size=8.5)
    rows: list[list[str | Span]] = [["Line", "Dose"], ["Alpha", "10"], ["Beta", "20"], ["Gamma", "30"]]
    bottom = draw_table(sheet, 60, y + 20, (110, 110), rows)
    sheet.paragraph(60, bottom + 24, 220, prose("late", 6))
    document = read_document(sheet.save())
    (table,) = document.tables
    assert cells_of(document, table) == known_cells(rows)
    right = next(b for b in document.blocks if "right cells of batch" in document.text[b.start : b.end])
    assert document.text[right.start : right.end] == prose("right", 24)


def test_two_tables_keep_to_their_captions(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "two.pdf")
    y = sheet.paragraph(72, 72, 450, prose("first", 4))
    for number in (1, 2):
        sheet.text(72, y + 16, f"Table {number}. Counts in round {number} of the trial.", size=8.5)
        rows = [["Line", "Count"], *([f"Line {number}{i}", f"{number}{i}"] for i in range(4))]
        y = draw_table(sheet, 72, y + 22, (150, 100), rows)
    document = read_document(sheet.save())
    assert [caption_of(document, table) for table in document.tables] == [
        "Table 1. Counts in round 1 of the trial.",
        "Table 2. Counts in round 2 of the trial.",
    ]
    assert all(len(table.cells) == 10 for table in document.tables)


def test_caption_below_a_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "below.pdf")
    y = sheet.paragraph(72, 72, 450, prose("first", 4))
    bottom = draw_table(sheet, 72, y + 20, (90, 70, 80, 70), RESPONSE)
    sheet.text(72, bottom + 14, "Table 1. Named at its foot.", size=8.5)
    sheet.paragraph(72, bottom + 40, 450, prose("second", 4))
    document = read_document(sheet.save())
    (table,) = document.tables
    assert caption_of(document, table) == "Table 1. Named at its foot."
    assert cells_of(document, table) == known_cells(RESPONSE)


def test_table_that_goes_on_has_the_caption_of_its_beginning(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "long.pdf")
    y = sheet.paragraph(72, 72, 450, prose("first", 4))
    sheet.text(72, y + 14, "Table 1. Lines of both pages.", size=8.5)
    rows = [["Line", "Count", "Note"], *([f"Line {i}", str(i * i + 3), f"note {i}"] for i in range(12))]
    draw_table(sheet, 72, y + 20, (150, 100, 100), rows)
    sheet.next_page()
    sheet.text(72, 72, "Table 1. Cont.", size=8.5)
    bottom = draw_table(sheet, 72, 80, (150, 100, 100), rows)
    sheet.paragraph(72, bottom + 40, 450, prose("second", 6))
    document = read_document(sheet.save())
    assert [caption_of(document, table) for table in document.tables] == 2 * ["Table 1. Lines of both pages."]
    assert [table.cells[0].place.page for table in document.tables if table.cells[0].place] == [1, 2]


@pytest.mark.parametrize(("style", "found"), [("grid", True), ("rows", True), ("plain", False), ("booktabs", False)])
def test_without_a_caption_only_a_clear_grid_is_a_table(tmp_path: Path, style: str, found: bool) -> None:
    sheet = Sheet(tmp_path / "bare.pdf")
    y = sheet.paragraph(72, 72, 450, prose("first", 4))
    rows: list[list[str | Span]] = [["Line", "Count"], *([f"Line {i}", str(17 * i)] for i in range(5))]
    bottom = draw_table(sheet, 72, y + 20, (150, 100), rows, style)
    sheet.paragraph(72, bottom + 40, 450, prose("second", 6))
    document = read_document(sheet.save())
    assert [table.caption for table in document.tables] == ([None] if found else [])
    if found:
        assert cells_of(document, document.tables[0]) == known_cells(rows)
        kinds = [block.kind for block in document.blocks]
        assert kinds.index(Kind.TABLE) == 1


def test_prose_that_mentions_a_table_is_no_caption(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "mention.pdf")
    lines = ["All the rounds of the trial and what the lines did in them are listed with their doses in", "Table 1."]
    y = sheet.lines(
        72, 72, [lines[0], f"{lines[1]} Cells of the first batch answered and those of the second did not."]
    )
    sheet.rule(72, y + 10, 500)
    y = sheet.paragraph(72, y + 30, 430, prose("late", 8))
    sheet.rule(72, y + 4, 500)
    document = read_document(sheet.save())
    assert document.tables == ()
    assert not any(block.kind is Kind.TABLE for block in document.blocks)


def test_column_of_years_is_not_taken_for_line_numbers(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "years.pdf")
    sheet.text(72, 80, "Table 1. Studies by year.", size=8.5)
    rows: list[list[str | Span]] = [["Study", "Year", "Effect"]]
    rows += [[f"Group {chr(65 + i)}", str(2010 + i), "resistance"] for i in range(9)]
    draw_table(sheet, 72, 86, (120, 80, 120), rows)
    document = read_document(sheet.save())
    (table,) = document.tables
    assert cells_of(document, table) == known_cells(rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prefix", "shapes"), [("11", [(2, 5), (13, 5), (19, 3), (3, 5)]), ("12", [(22, 7), (5, 6), (7, 2)])]
)
def test_tables_of_articles(shared: Path, prefix: str, shapes: list[tuple[int, int]]) -> None:
    (path,) = (shared / "corpora" / "articles").glob(f"{prefix}_*.pdf")
    document = read_document(path)
    check_places(document)
    found = [
        (len({cell.row for cell in table.cells}), len({cell.column for cell in table.cells}))
        for table in document.tables
    ]
    assert found == shapes
