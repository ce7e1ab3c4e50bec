"""Figures of PDFs: which pictures belong to which caption, and what is left out of the text for their sake."""

from pathlib import Path

import pytest

from litmine.reading import read_document
from litmine.records import Document, Figure, Kind, Place
from tests.pdfs import Sheet, draw_picture, draw_table, prose, turn_pages

Box = tuple[float, float, float, float]


def box_of(figure: Figure) -> Box | None:
    return figure.place and (figure.place.x0, figure.place.y0, figure.place.x1, figure.place.y1)


def caption_of(document: Document, figure: Figure) -> str | None:
    if figure.caption is None:
        return None
    block = document.blocks[figure.caption]
    assert block.kind is Kind.CAPTION
    return document.text[block.start : block.end]


def start_article(path: Path) -> tuple[Sheet, float]:
    sheet = Sheet(path)
    return sheet, sheet.paragraph(72, 72, 450, prose("first", 5))


def test_panels_side_by_side_and_below_each_other_are_one_figure(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "panels.pdf")
    draw_picture(sheet, 80, y + 20, 230, y + 100)
    draw_picture(sheet, 260, y + 20, 400, y + 100)
    draw_picture(sheet, 80, y + 130, 400, y + 200)
    sheet.text(150, y + 118, "Days of treatment", size=7)
    sheet.lines(
        72, y + 220, ["Figure 1. Growth of the lines in three panels, of which", "the last shows all of them."], size=8
    )
    sheet.paragraph(72, y + 270, 450, prose("second", 5))
    document = read_document(sheet.save())
    (figure,) = document.figures
    assert box_of(figure) == pytest.approx((80, y + 20, 400, y + 200), abs=1)
    assert caption_of(document, figure) == (
        "Figure 1. Growth of the lines in three panels, of which the last shows all of them."
    )
    assert "Days of treatment" not in document.text


@pytest.mark.parametrize("label", ["Figure 2.", "Fig. 2.", "FIGURE 2 |", "Scheme 2.", "Supplementary Figure 2."])
def test_caption_above_the_picture(tmp_path: Path, label: str) -> None:
    sheet, y = start_article(tmp_path / "above.pdf")
    sheet.text(72, y + 16, f"{label} Growth of the lines.", size=8)
    draw_picture(sheet, 80, y + 26, 330, y + 120)
    sheet.paragraph(72, y + 150, 450, prose("second", 5))
    document = read_document(sheet.save())
    (figure,) = document.figures
    assert box_of(figure) == pytest.approx((80, y + 26, 330, y + 120), abs=1)
    assert caption_of(document, figure) == f"{label} Growth of the lines."


def test_each_picture_goes_to_its_own_caption(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "two.pdf")
    for number in (1, 2):
        draw_picture(sheet, 80, y + 20, 330, y + 100)
        sheet.text(72, y + 114, f"Figure {number}. Round {number} of the trial.", size=8)
        y += 130
    sheet.paragraph(72, y + 10, 450, prose("second", 5))
    document = read_document(sheet.save())
    first, second = document.figures
    assert (caption_of(document, first), caption_of(document, second)) == (
        "Figure 1. Round 1 of the trial.",
        "Figure 2. Round 2 of the trial.",
    )
    assert first.place is not None and second.place is not None
    assert first.place.y1 < second.place.y0


def test_pictures_of_two_columns_keep_apart(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "columns.pdf")
    for x, topic, number in ((60, "left", 1), (320, "right", 2)):
        y = sheet.paragraph(x, 72, 220, prose(topic, 8 if number == 1 else 10))
        draw_picture(sheet, x, y + 10, x + 200, y + 90)
        sheet.text(x, y + 104, f"Figure {number}. Cells on the {topic}.", size=8)
        sheet.paragraph(x, y + 130, 220, prose(f"{topic} late", 8))
    document = read_document(sheet.save())
    places = {caption_of(document, figure): figure.place for figure in document.figures}
    left, right = places["Figure 1. Cells on the left."], places["Figure 2. Cells on the right."]
    assert isinstance(left, Place) and isinstance(right, Place)
    assert left.x1 < 300 < right.x0


def test_caption_without_a_picture_has_no_place(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "listed.pdf")
    sheet.text(72, y + 20, "Figure 7. A drawing that the file does not hold.", size=8)
    sheet.paragraph(72, y + 50, 450, prose("second", 5))
    document = read_document(sheet.save())
    (figure,) = document.figures
    assert figure.place is None
    assert caption_of(document, figure) == "Figure 7. A drawing that the file does not hold."


@pytest.mark.parametrize(("width", "height", "found"), [(300, 200, True), (60, 60, False), (450, 40, False)])
def test_picture_without_a_caption_counts_if_large(tmp_path: Path, width: int, height: int, found: bool) -> None:
    sheet, y = start_article(tmp_path / "bare.pdf")
    draw_picture(sheet, 72, y + 20, 72 + width, y + 20 + height)
    sheet.paragraph(72, y + height + 50, 450, prose("second", 5))
    document = read_document(sheet.save())
    assert [figure.caption for figure in document.figures] == ([None] if found else [])


def test_ground_of_a_text_and_of_a_table_are_no_figures(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "grounds.pdf")
    draw_picture(sheet, 66, y + 10, 530, y + 160)
    y = sheet.paragraph(72, y + 24, 450, prose("boxed", 9))
    sheet.text(72, y + 40, "Table 1. Rows on grounds.", size=8)
    rows = [["Line", "Dose", "Effect"], *([f"Line {i}", str(i * 3), "growth"] for i in range(12))]
    draw_table(sheet, 72, y + 46, (200, 120, 120), rows, "shaded")
    document = read_document(sheet.save())
    assert document.figures == ()
    assert "The boxed cells of batch beta1 answered" in document.text
    assert len(document.tables) == 1


def test_words_of_a_flow_chart_are_lettering(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "flow.pdf")
    steps = [
        "Records found by searching three databases and lists",
        "Records left when doubles were taken out",
        "Studies that went into the review in the end",
    ]
    for i, step in enumerate(steps):
        top = y + 20 + 60 * i
        sheet.box(150, top, 400, top + 36)
        sheet.lines(160, top + 14, [step, f"(n = {900 - 300 * i})"], size=8)
    sheet.text(72, y + 210, "Figure 1. How studies were chosen.", size=8)
    sheet.paragraph(72, y + 240, 450, prose("second", 5))
    document = read_document(sheet.save())
    (figure,) = document.figures
    assert box_of(figure) == pytest.approx((150, y + 20, 400, y + 176), abs=1)
    assert "Records" not in document.text
    assert "second cells of batch beta1" in document.text


def test_places_on_pages_that_are_displayed_turned(tmp_path: Path) -> None:
    sheet, y = start_article(tmp_path / "upright.pdf")
    draw_picture(sheet, 80, y + 20, 330, y + 100)
    sheet.text(72, y + 114, "Figure 1. Turned with its page.", size=8)
    sheet.paragraph(72, y + 140, 450, prose("second", 5))
    document = read_document(turn_pages(sheet.save(), tmp_path / "turned.pdf", 90))
    (figure,) = document.figures
    assert box_of(figure) == pytest.approx((842 - y - 100, 80, 842 - y - 20, 330), abs=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prefix", "pages"),
    [
        ("04", []),
        ("06", []),
        ("09", [6, 7, 8, 9, 10, 11]),
        ("11", [4, 6, 10, 12, 14]),
        ("12", [3, 4, 5, 7, 8, 8]),
        ("13", [2, 4, 5, 6, 7, 7, 8]),
        ("15", [7, 9, 10, 11]),
        ("18", [27, 28, 29, 30]),
    ],
)
def test_figures_of_articles(shared: Path, prefix: str, pages: list[int]) -> None:
    (path,) = (shared / "corpora" / "articles").glob(f"{prefix}_*.pdf")
    document = read_document(path)
    placed = [figure for figure in document.figures if figure.place]
    assert [figure.place.page for figure in placed if figure.place] == pages
    for number, figure in enumerate(placed, start=1):
        caption = caption_of(document, figure)
        assert caption is not None
        assert caption.lower().startswith(f"figure {number}")
