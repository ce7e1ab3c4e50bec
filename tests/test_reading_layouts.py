"""Reading of layouts that typesetters make: what each does to columns, numbers, headings and floats."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from litmine.reading import read_document
from litmine.records import Document, Kind
from tests.pdfs import BOLD, HEIGHT, REGULAR, Sheet, prose
from tests.test_reading import dropped, texts

COLUMN = 225.0


def story(seed: int, n_words: int) -> str:
    """Sentences of words drawn by chance, so that no two lines are alike."""
    draw = random.Random(seed)
    words = ["tumour", "cells", "drug", "growth", "signal", "under", "after", "strong", "mice", "bound", "lost", "kept"]
    sentences: list[str] = []
    while n_words > 0:
        length = min(n_words, draw.randint(7, 14))
        sentences.append(" ".join(draw.choice(words) for _ in range(length)).capitalize() + ".")
        n_words -= length
    return " ".join(sentences)


def wrapped(text: str, width: float, size: float = 10) -> list[str]:
    """The lines of a text, as many words on each as there is room for."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, REGULAR, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def prose_of(document: Document) -> str:
    return " ".join(texts(document, Kind.PARAGRAPH))


def spaced_out(sheet: Sheet, x: float, y: float, width: float, words: Sequence[str]) -> None:
    """A line justified by the spaces between its words, however wide they get."""
    gap = (width - sum(stringWidth(word, REGULAR, 10) for word in words)) / (len(words) - 1)
    for word in words:
        x = sheet.text(x, y, word) + gap


def test_wide_word_spaces_are_no_gutter(tmp_path: Path) -> None:
    """Lines of a few long words in a narrow justified column leave a river of white between ragged edges."""
    sheet = Sheet(tmp_path / "rivers.pdf")
    words = ["phosphatidylinositol", "dephosphorylation", "immunosuppressive", "gastroesophageal", "microenvironments"]
    expected = []
    y = 100.0
    for i in range(24):
        if i % 4 == 3:
            sheet.text(72, y, f"{words[i % 5]} {'of the cells ' * 5}and")
            expected.append(f"{words[i % 5]} {'of the cells ' * 5}and")
        else:
            ends = words[i % 5], words[(i + 2) % 5][: 6 + i % 7]
            spaced_out(sheet, 72, y, 290, [ends[0], f"{ends[1]}{'n' * (i % 3)} {i}"])
            expected.append(f"{ends[0]} {ends[1]}{'n' * (i % 3)} {i}")
        y += 12
    document = read_document(sheet.save())
    assert prose_of(document) == " ".join(expected)


def test_short_word_before_the_gutter_stays_in_its_column(tmp_path: Path) -> None:
    """A word at the end of a widely spaced line is nearer to the next column than to its own line's other words."""
    sheet = Sheet(tmp_path / "word.pdf")
    left, right = wrapped(prose("left", 9), COLUMN - 5), wrapped(prose("right", 9), COLUMN - 5)
    left[3] = "pyroptosis-associated signatures of a"
    for i, (one, other) in enumerate(zip(left[:16], right[:16], strict=True)):
        y = 100 + 12.0 * i
        if i == 3:
            sheet.text(60, y, one.removesuffix(" a"))
            sheet.text(60 + COLUMN - 10, y, "a")
        else:
            spaced_out(sheet, 60, y, COLUMN - 5, one.split())
        spaced_out(sheet, 60 + COLUMN + 8, y, COLUMN - 5, other.split())
    document = read_document(sheet.save())
    assert " ".join(left[:16]) in document.text
    assert " ".join(right[:16]) in document.text


def test_column_of_table_cells_beside_a_column_of_text(tmp_path: Path) -> None:
    """The cells of the right column start at many edges; the first of each row share one."""
    sheet = Sheet(tmp_path / "cells.pdf")
    left = wrapped(prose("left", 12), COLUMN - 5)[:24]
    for i, line in enumerate(left):
        y = 100 + 12.0 * i
        sheet.text(60, y, line)
        x = 310.0
        for word in ("interleukin", "inhibits", "receptors", "in colon", "cells"):
            sheet.text(x, y, word)
            x += 14 + stringWidth(word, REGULAR, 10)
    document = read_document(sheet.save())
    assert " ".join(left) in document.text


def test_heading_beside_a_line_of_the_other_column(tmp_path: Path) -> None:
    """What is a word space in the heading's large type is a gutter in that of the text."""
    sheet = Sheet(tmp_path / "beside.pdf")
    left, right = prose("left", 24), prose("right", 12)
    sheet.paragraph(60, 100, COLUMN, left, indent=0)
    y = sheet.paragraph(60 + COLUMN + 8, 100, COLUMN, right, indent=0)
    sheet.text(60 + COLUMN + 8, y + 10, "2 Another part", BOLD, 15)
    sheet.paragraph(60 + COLUMN + 8, y + 34, COLUMN, prose("last", 9), indent=0)
    document = read_document(sheet.save())
    assert [section.title for section in document.sections[1:]] == ["2 Another part"]
    assert texts(document, Kind.PARAGRAPH) == [left, right, prose("last", 9)]


def test_last_page_with_few_lines_keeps_the_columns_of_the_others(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "last.pdf")
    lines = wrapped(story(1, 2000), COLUMN)
    at = 0
    for length in (40, 40, 2):
        for x in (60, 60 + COLUMN + 15):
            sheet.lines(x, 100, lines[at : at + length])
            at += length
        sheet.next_page()
    document = read_document(sheet.save())
    assert prose_of(document) == " ".join(lines[:at])


def number_left(sheet: Sheet, column: int, i: int, y: float) -> None:
    sheet.text(60 + 260 * column - 18, y, str(i), size=6)


def number_outside(sheet: Sheet, column: int, i: int, y: float) -> None:
    sheet.text(36 if column == 0 else 552, y, str(i), size=6)


def number_every_fifth(sheet: Sheet, column: int, i: int, y: float) -> None:
    if i % 5 == 0:
        sheet.text(60 + 260 * column - 18, y, str(i), size=6)


@pytest.mark.parametrize("number", [number_left, number_outside, number_every_fifth])
@pytest.mark.parametrize("n_columns", [1, 2])
def test_line_numbers(tmp_path: Path, number: Callable[[Sheet, int, int, float], None], n_columns: int) -> None:
    """On each line or every fifth, at the left of each column or at the outer edges, right through the pages."""
    sheet = Sheet(tmp_path / "numbers.pdf")
    lines = wrapped(story(2, 1700), COLUMN)[: 92 * n_columns]
    for i, line in enumerate(lines):
        place = i % (42 * n_columns)
        column, row = divmod(place, 42)
        if i and place == 0:
            sheet.next_page()
        y = 100 + 14.0 * row
        sheet.text(60 + 260 * column, y, line)
        number(sheet, column, i + 1, y)
    document = read_document(sheet.save())
    assert prose_of(document) == " ".join(lines)
    assert dropped(document)["line number"] > 0


def test_section_numbers_beside_line_numbers_stay(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "sections.pdf")
    i = 0
    for section in range(1, 4):
        for text, font, size in [
            (f"{section} Part of the text", BOLD, 13.0),
            *((line, REGULAR, 10.0) for line in wrapped(prose(f"topic{section}", 8), 400)),
        ]:
            i += 1
            sheet.text(90, 90 + 18.0 * i, text, font, size)
            sheet.text(70, 90 + 18.0 * i, str(i), size=6)
    document = read_document(sheet.save())
    assert [section.title for section in document.sections[1:]] == [f"{n} Part of the text" for n in (1, 2, 3)]


def test_initial_belongs_to_the_first_line_beside_it(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "initial.pdf")
    lines = wrapped(prose("treated", 12)[1:], 380)
    assert lines[0].startswith("he ")
    sheet.text(72, 124, "T", size=34)
    for i, line in enumerate(lines):
        sheet.text(97 if i < 3 else 72, 102 + 12.0 * i, line)
    document = read_document(sheet.save())
    assert texts(document, Kind.PARAGRAPH) == [prose("treated", 12)]


def test_letterspaced_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "spaced.pdf")
    sheet.text(72, 70, "What drugs do to cells", BOLD, 18)
    x = 72.0
    for char in "2. Results of Trials":
        x = sheet.text(x, 100, char, BOLD, 11) + 3 if char != " " else x + 6
    sheet.paragraph(72, 124, 440, prose("spaced", 8), indent=0)
    document = read_document(sheet.save())
    assert [section.title for section in document.sections[1:]] == ["2. Results of Trials"]


def test_line_with_more_superscripts_than_letters(tmp_path: Path) -> None:
    """The size of such a line is that of its letters, and it goes on with the paragraph."""
    sheet = Sheet(tmp_path / "raised.pdf")
    y = sheet.paragraph(72, 100, 300, prose("cited", 4) + " So it grew with more dis-", indent=0)
    x = sheet.text(72, y, "ease.")
    sheet.text(x, y, "7,8,52,55,57–59", size=6.5, rise=3.5)
    sheet.paragraph(72, y + 12, 300, prose("later", 4), indent=12)
    (first, second) = texts(read_document(sheet.save()), Kind.PARAGRAPH)
    assert first.endswith("ease.7,8,52,55,57–59")
    assert second == prose("later", 4)


def test_superscript_alone_on_the_last_line(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "alone.pdf")
    y = sheet.paragraph(72, 100, 300, prose("cited", 4), indent=0)
    sheet.text(72, y, "72", size=6.5, rise=3.5)
    sheet.paragraph(72, y + 12, 300, prose("later", 4), indent=12)
    assert texts(read_document(sheet.save()), Kind.PARAGRAPH) == [prose("cited", 4) + "72", prose("later", 4)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["growth slowed\N{EM DASH}", "and then stopped"], "growth slowed\N{EM DASH}and then"),
        (["the change from adenoma-", "to-carcinoma is slow"], "adenoma-to-carcinoma is"),
        (["the change from adenoma-to-", "carcinoma is slow"], "adenoma-to-carcinoma is"),
        (["claudin is low, and claud-", "in-low models"], "and claudin-low models"),
        (["it binds neuregulin (NRG)-", "and integrin-linked kinases"], "(NRG)- and integrin-linked"),
        (["the micro-RNA hsa-", "miR-130 is high"], "hsa-miR-130 is"),
    ],
)
def test_line_ends(tmp_path: Path, lines: list[str], expected: str) -> None:
    sheet = Sheet(tmp_path / "ends.pdf")
    sheet.lines(72, 100, ["Some words stand before the case in question, and", *lines])
    assert expected in read_document(sheet.save()).text


def test_hyphens_of_a_text_without_divided_words_stay(tmp_path: Path) -> None:
    """Where all line-end hyphens stand between words, one word written without elsewhere proves nothing."""
    sheet = Sheet(tmp_path / "undivided.pdf")
    lines = ["an antitumor drug and an antitumor cell of the tumor", "are anti mouse; a well-", "known and anti-"]
    sheet.lines(72, 100, [*lines, "tumor drug for the well-known cell, as well as is known"])
    assert "a well-known and anti-tumor drug" in read_document(sheet.save()).text


@pytest.mark.parametrize("mark", ["", ".", ":", " |"])
def test_caption_set_off_by_its_size_alone(tmp_path: Path, mark: str) -> None:
    sheet = Sheet(tmp_path / "caption.pdf")
    sheet.paragraph(72, 100, 440, prose("first", 8), indent=0)
    sheet.text(72, 240, f"Fig. 1{mark} Growth of the cells under the drug, in days", size=8)
    sheet.paragraph(72, 280, 440, prose("second", 8), indent=0)
    document = read_document(sheet.save())
    assert texts(document, Kind.CAPTION) == [f"Fig. 1{mark} Growth of the cells under the drug, in days"]


def test_captions_among_references_do_not_end_the_list(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "floats.pdf")
    sheet.paragraph(72, 80, 440, prose("cited", 12), indent=0)
    sheet.text(72, 300, "References", BOLD, 12)
    entries = [f"[{n}] Sample A. Cells of batch {n} under a drug. J Invented {2000 + n};1:{n}." for n in range(1, 9)]
    sheet.lines(72, 320, entries[:4])
    sheet.next_page()
    sheet.text(72, 80, "Figure 2: Survival of the mice in both arms of the study.")
    sheet.lines(72, 130, entries[4:])
    document = read_document(sheet.save())
    assert [reference.text for reference in document.references] == entries
    assert texts(document, Kind.CAPTION) == ["Figure 2: Survival of the mice in both arms of the study."]


def test_reference_list_without_a_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "unheaded.pdf")
    sheet.text(72, 80, "1. Introduction", BOLD, 12)
    sheet.paragraph(72, 100, 440, prose("cited", 20) + " This was seen before [3].", indent=0)
    entries = [f"[{n}] Sample A. Cells of batch {n} under a drug. J Invented {2000 + n};1:{n}." for n in range(1, 13)]
    sheet.lines(72, 400, entries)
    document = read_document(sheet.save())
    assert [reference.text for reference in document.references] == entries
    assert [callout.numbers for callout in document.callouts] == [(3,)]


def test_doi_at_the_head_of_a_line_is_no_entry(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "doi.pdf")
    sheet.paragraph(72, 80, 440, prose("cited", 12), indent=0)
    sheet.text(72, 300, "References", BOLD, 12)
    y = 320.0
    for n in range(1, 13):
        y = sheet.lines(72, y, [f"{n}. Sample A. Cells of batch {n} under a drug. J Invented {2000 + n};1:{n}. doi:"])
        y = sheet.lines(86, y, [f"10.1016/j.invented.{n}"])
    document = read_document(sheet.save())
    assert [reference.number for reference in document.references] == list(range(1, 13))
    assert [reference.doi for reference in document.references] == [f"10.1016/j.invented.{n}" for n in range(1, 13)]


def test_number_at_the_end_of_a_column_is_no_page_number(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "bottom.pdf")
    for page in range(2):
        lines = wrapped(story(page, 800).replace(".", ""), 440)[:45]
        last = sheet.lines(72, HEIGHT - 70 - 12.0 * len(lines), [*lines, "0049"] if page else lines)
        sheet.text(290, last + 25, str(page + 1))
        sheet.next_page()
    document = read_document(sheet.save())
    assert prose_of(document).endswith("0049")
    assert dropped(document)["page number"] == 2


def test_page_number_far_from_the_edge(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "high.pdf")
    for page in range(4):
        sheet.paragraph(72, 140, 440, story(page, 500), indent=12)
        sheet.text(290, 718, str(page + 1))
        sheet.next_page()
    document = read_document(sheet.save())
    assert prose_of(document) == " ".join(story(page, 500) for page in range(4))


def test_watermark_across_upright_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "watermark.pdf")
    for page in range(3):
        sheet.paragraph(72, 100, 440, prose(f"page{page}", 50), indent=12)
        sheet.text(90, 363, "ACCEPTED MANUSCRIPT", size=36)
        sheet.next_page()
    document = read_document(sheet.save())
    assert "ACCEPTED" not in document.text
    assert dropped(document)["watermark"] == 3 * len("ACCEPTEDMANUSCRIPT")


@pytest.mark.parametrize(
    ("headings", "levels"),
    [
        (
            [("Abstract", 11), ("Introduction", 13), ("Routes of escape", 13), ("Efflux", 11.5), ("Conclusions", 13)],
            [1, 1, 2, 1],
        ),
        (
            [("Introduction", 12), ("Methods", 12), ("Cell culture", 12), ("Results", 12), ("Tumours shrink", 12)],
            [1, 1, 2, 1, 2],
        ),
    ],
    ids=["review", "research article in one style"],
)
def test_levels_of_headings_without_numbers(
    tmp_path: Path, headings: list[tuple[str, float]], levels: list[int]
) -> None:
    sheet = Sheet(tmp_path / "levels.pdf")
    sheet.text(72, 60, "What drugs do to cells of many kinds", BOLD, 18)
    y = 90.0
    for title, size in headings:
        sheet.text(72, y, title, BOLD, size)
        y = sheet.paragraph(72, y + 16, 440, prose(title.split()[0].lower(), 8), indent=0) + 14
    document = read_document(sheet.save())
    assert [section.level for section in document.sections[1:] if section.title != "Abstract"] == levels


def test_heading_with_a_bar_behind_its_number(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "bar.pdf")
    for i, title in enumerate(("1 | INTRODUCTION", "2 | ROUTES OF ESCAPE", "2.1 | Efflux of drugs")):
        sheet.text(72, 100 + 160 * i, title, BOLD, 10)
        sheet.paragraph(72, 116 + 160 * i, 440, prose(f"part{i}", 8), indent=0)
    document = read_document(sheet.save())
    assert [(section.title[:3], section.level) for section in document.sections[1:]] == [
        ("1 |", 1),
        ("2 |", 1),
        ("2.1", 2),
    ]


def test_box_across_the_columns_does_not_go_on_with_a_paragraph(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "box.pdf")
    lines = wrapped(story(3, 1700).replace(".", ""), COLUMN)
    sheet.lines(60, 100, lines[:50])
    sheet.lines(60 + COLUMN + 15, 100, lines[50:100])
    sheet.next_page()
    sheet.text(60, 80, "Box 1. What to know", BOLD)
    sheet.text(60, 98, "Panels like this one gather what stands apart from the text of a review and run across it all.")
    sheet.lines(60, 140, lines[100:120])
    sheet.lines(60 + COLUMN + 15, 140, lines[120:140])
    document = read_document(sheet.save())
    assert " ".join(lines[:140]) in texts(document, Kind.PARAGRAPH)


def test_text_of_narrow_columns_beside_a_figure_stays(tmp_path: Path) -> None:
    """Lines of four or five words are not the lettering of the figure next to them."""
    sheet = Sheet(tmp_path / "narrow.pdf")
    lines = wrapped(story(4, 900).replace(".", ""), 155)
    for i, x in enumerate((40, 208, 376)):
        own = lines[40 * i : 40 * i + 40]
        if i == 1:
            sheet.box(206, 90, 364, 180)
            sheet.text(208, 195, "Figure 1. Growth of the cells.", size=8)
            sheet.lines(x, 230, own[:28])
        else:
            sheet.lines(x, 100, own)
    document = read_document(sheet.save())
    assert prose_of(document) == " ".join([*lines[:68], *lines[80:120]])


def test_text_at_the_height_of_a_repeated_foot_stays(tmp_path: Path) -> None:
    """A foot on two of the pages does not make feet of the lines that stand as low on the others."""
    sheet = Sheet(tmp_path / "foot.pdf")
    for page in range(4):
        lines = wrapped(story(page, 1400).replace(".", ""), 440)[:60]
        if page < 2:
            sheet.lines(72, 100, lines[:52])
            sheet.text(72, 100 + 12 * 56.0, "Printed for the friends of old journals")
        else:
            sheet.lines(72, 100, lines)
        sheet.next_page()
    document = read_document(sheet.save())
    assert "friends" not in document.text
    assert " ".join(lines[50:60]) in document.text
