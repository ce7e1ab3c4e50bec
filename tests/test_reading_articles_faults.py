"""Faults of reading once seen in real articles, each on a page made for it."""

from pathlib import Path

import numpy as np
import pypdfium2.raw
import pytest

from benchmarks.reading_pairs import Pair, check_pairs, find_furniture, read_furniture, read_pairs
from benchmarks.reading_spaces import count_space_faults, make_vocabulary
from litmine.reading import read_document
from litmine.reading.glyphs.pi_fonts import PiFonts
from litmine.records import Document, Kind
from tests.pdfs import BOLD, ITALIC, Sheet, add_font, draw_picture, prose, write_sign_font
from tests.test_reading import texts

LEFT, RIGHT, COLUMN = 50.0, 310.0, 235.0


def paragraphs(document: Document) -> list[str]:
    return texts(document, Kind.PARAGRAPH)


def headings(document: Document) -> dict[str, int]:
    return {section.title: section.level for section in document.sections if section.title}


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "article.pdf")


def test_title_goes_on_where_the_frame_of_a_logo_covers_its_second_line(sheet: Sheet) -> None:
    draw_picture(sheet, 40, 40, 190, 142)
    sheet.text(60, 70, "Letters", BOLD, 24)
    sheet.lines(50, 115, ["Plasma Markers of Relapse in Lymphoma Treated", "With Antibodies"], BOLD, 18)
    sheet.text(50, 170, "1. Introduction", BOLD, 12)
    sheet.paragraph(50, 190, 480, prose("lymphoma", 12))
    document = read_document(sheet.save())
    assert document.title == "Plasma Markers of Relapse in Lymphoma Treated With Antibodies"
    assert "Letters" not in document.text


def test_numbers_of_affiliations_stay_when_they_hang_out_beside_a_sidebar(sheet: Sheet) -> None:
    sheet.text(50, 70, "Plasma Markers of Relapse in Lymphoma", BOLD, 18)
    for y, number, lines in (
        (120, "1", ["Department of Blood, Northern School of Medicine,", "Lakeside, Norway"]),
        (144, "2", ["Institute of Cells, Southern School of Medicine, Lakeside, Norway"]),
        (156, "*", ["Correspondence: nobody@lakeside.example"]),
    ):
        sheet.text(200, y - 3, number, size=6)
        sheet.lines(222, y, lines, size=9)
    for i, line in enumerate(
        ["Citation: Nobody, N. Plasma", "Markers of Relapse in", "Lymphoma. 2020, 1, 2.", "Received: 1 May 2020"]
    ):
        sheet.text(50, 400 + 10 * i, line, size=7)
    sheet.text(200, 250, "1. Introduction", BOLD, 10)
    sheet.paragraph(200, 270, 340, prose("lymphoma", 20))
    sheet.next_page()
    sheet.paragraph(200, 70, 340, prose("lymphoma", 20, 40))
    other = texts(read_document(sheet.save()), Kind.OTHER)
    assert "1 Department of Blood, Northern School of Medicine, Lakeside, Norway" in other
    assert "2 Institute of Cells, Southern School of Medicine, Lakeside, Norway" in other
    assert "* Correspondence: nobody@lakeside.example" in other
    assert not any("Received" in text for text in other)


def references(sheet: Sheet, y: float, count: int = 5) -> float:
    sheet.text(50, y, "References", BOLD, 12)
    y += 16
    for number in range(1, count + 1):
        sheet.text(50, y, f"{number}. Nobody N, Other O. The cells of batch {number} and how they answered", size=8)
        sheet.text(62, y + 10, f"the drugs of round {number}. J Made Up 20{number:02} {number}:1-9.", size=8)
        y += 20
    return y


@pytest.mark.parametrize("gap", [0, 14])
def test_last_reference_ends_before_the_notes_below_it(sheet: Sheet, gap: float) -> None:
    sheet.text(50, 60, "1. Introduction", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 12))
    y = references(sheet, y + 20)
    sheet.lines(50, y + gap, ["Conflict of Interest: NN holds shares in a firm that", "sells markers."], size=8)
    document = read_document(sheet.save())
    assert document.references[-1].text.endswith("J Made Up 2005 5:1-9.")
    assert texts(document, Kind.OTHER)[-1].startswith("Conflict of Interest")


def test_doi_in_a_note_behind_the_references_is_the_articles(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Introduction", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 12))
    for _ in range(3):
        sheet.next_page()
        y = sheet.paragraph(50, 60, 480, prose("lymphoma", 12))
    y = references(sheet, y + 20)
    sheet.lines(50, y + 20, ["doi:10.1234/made-up-5-77", "Cite this article as: Nobody N: Markers. 2020."], size=8)
    assert read_document(sheet.save()).doi == "10.1234/made-up-5-77"


def test_doi_of_a_figure_is_not_the_articles(sheet: Sheet) -> None:
    sheet.text(50, 60, "Citation: Nobody N (2020) Markers of Relapse. doi:10.1234/journal.pmade.1000", size=8)
    sheet.text(50, 100, "1. Introduction", BOLD, 12)
    y = sheet.paragraph(50, 120, 480, prose("lymphoma", 12))
    sheet.text(50, y + 40, "Figure 1. A made-up figure. doi:10.1234/journal.pmade.1000.g001", size=8)
    assert read_document(sheet.save()).doi == "10.1234/journal.pmade.1000"


def test_paragraphs_are_told_by_indent_below_a_caption_wider_than_the_text(sheet: Sheet) -> None:
    sheet.text(200, 70, "1. Results", BOLD, 12)
    sheet.paragraph(200, 90, 340, prose("lymphoma", 20), indent=0)
    sheet.next_page()
    caption = "Figure 1. Markers of the cells in many batches and rounds, each shown with the signal it gave at the end"
    for i in range(5):
        sheet.text(50, 70 + 10 * i, f"{caption} of day {i}" if i == 0 else f"{caption[11:]} of day {i}", size=8)
    y = sheet.paragraph(200, 150, 340, prose("myeloma", 6, 100), indent=0)
    y = sheet.paragraph(200, y, 340, prose("myeloma", 6, 200))
    sheet.paragraph(200, y, 340, prose("myeloma", 6, 300))
    document = read_document(sheet.save())
    starts = [text[:40] for text in paragraphs(document)]
    assert sum(start.startswith("The myeloma cells of batch") for start in starts) == 3


def test_flush_paragraph_at_the_top_of_a_column_goes_on_where_others_are_indented(sheet: Sheet) -> None:
    sheet.text(LEFT, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(LEFT, 80, COLUMN, prose("lymphoma", 4), indent=0)
    for start in (100, 200):
        y = sheet.paragraph(LEFT, y, COLUMN, prose("lymphoma", 4, start))
    line = "All of them, however, gave way to a marker in the end."
    sheet.text(2 * LEFT + COLUMN - sheet.text(LEFT, -50, line), y, line)
    sheet.text(RIGHT, 80, "These protein levels are shown in the second table.")
    y = 92.0
    for start in (400, 500):
        y = sheet.paragraph(RIGHT, y, COLUMN, prose("lymphoma", 4, start))
    sheet.paragraph(RIGHT, y, COLUMN, prose("lymphoma", 5, 600))
    document = read_document(sheet.save())
    assert "in the end. These protein levels" in " ".join(paragraphs(document))
    assert len(paragraphs(document)) == 7


def test_page_break_behind_et_al_ends_no_paragraph(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Discussion", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 8), indent=0)
    sheet.text(
        50, y + 12, "A mutation that raises the affinity of a pair made the cells of a batch grow less (Marles et al."
    )
    sheet.next_page()
    y = sheet.paragraph(50, 60, 480, "2004), which shows that a stronger pair may harm the signal.", indent=0)
    sheet.paragraph(50, y + 12, 480, prose("lymphoma", 8, 300), indent=0)
    document = read_document(sheet.save())
    assert any("(Marles et al. 2004), which shows" in text for text in paragraphs(document))


def test_back_matter_goes_on_in_the_next_column(sheet: Sheet) -> None:
    sheet.text(LEFT, 60, "1. Discussion", BOLD, 12)
    y = sheet.paragraph(LEFT, 80, COLUMN, prose("lymphoma", 8))
    sheet.text(LEFT, y + 14, "AUTHOR CONTRIBUTIONS", BOLD, 12)
    line = "NN made the cells and wrote the paper. OO: batch production and"
    sheet.text(2 * LEFT + COLUMN - sheet.text(LEFT, -50, line, size=8), y + 30, line, size=8)
    sheet.text(RIGHT, 60, "purification of the markers. Both read it.", size=8)
    sheet.text(RIGHT, 120, "FUNDING", BOLD, 12)
    sheet.paragraph(RIGHT, 136, COLUMN, prose("grant", 8), indent=0)
    other = texts(read_document(sheet.save()), Kind.OTHER)
    assert any("batch production and purification of the markers" in text for text in other)


def test_panels_below_the_title_of_a_caption_belong_to_it(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 8))
    end = sheet.text(50, y + 40, "Figure 1. Markers fall within a day")
    sheet.rule(50, y + 41.5, end)
    sheet.lines(50, y + 52, ["a) The signal of batch one, by round, with its control. b) The signal", "of batch two."])
    document = read_document(sheet.save())
    (caption,) = texts(document, Kind.CAPTION)
    assert caption.endswith("b) The signal of batch two.")


def test_parts_of_a_structured_abstract_are_paragraphs_of_it(sheet: Sheet) -> None:
    sheet.text(50, 60, "Plasma Markers of Relapse in Lymphoma", BOLD, 18)
    y = 100.0
    for part, sentence in (
        ("Background", "Lymphoma comes back in many of the patients who had been well after the first round."),
        ("Methods", "We measured markers of many kinds in plasma that was taken at each visit to the ward."),
        ("Results", "Three of the markers rose long before the relapse, and one of them fell at the same time."),
        ("Conclusions", "Markers in plasma may tell early which of the patients need another round of care."),
    ):
        end = sheet.text(50, y, f"{part}: ", BOLD)
        sheet.text(end, y, sentence)
        y += 12
    sheet.text(50, y + 20, "1. Introduction", BOLD, 12)
    sheet.paragraph(50, y + 40, 480, prose("lymphoma", 12))
    abstract = texts(read_document(sheet.save()), Kind.ABSTRACT)
    assert [text.partition(":")[0] for text in abstract] == ["Background", "Methods", "Results", "Conclusions"]


def test_levels_of_acronyms_summaries_and_the_list(sheet: Sheet) -> None:
    sheet.text(50, 50, "Plasma Markers of Relapse in Lymphoma", BOLD, 20)
    sheet.text(50, 75, "Keywords: lymphoma, relapse, markers in plasma")
    y = 100.0
    for title, size in (
        ("Abstract", 14),
        ("Summary", 14),
        ("Introduction", 14),
        ("Results", 14),
        ("HFRT", 11),
        ("HFRT and Markers", 11),
        ("Data availability", 14),
    ):
        sheet.text(50, y, title, BOLD, size)
        y = sheet.paragraph(50, y + 14, 480, prose(title.lower(), 4), indent=0) + 10
    sheet.text(50, y, "Literature cited", BOLD, 14)
    for i in range(4):
        sheet.text(50, y + 16 + 12 * i, f"{i + 1}. Nobody N. A paper on batch {i}. J Made Up 2001; {i}: 1-9.")
    document = read_document(sheet.save())
    assert headings(document) == {
        "Abstract": 1,
        "Summary": 1,
        "Introduction": 1,
        "Results": 1,
        "HFRT": 2,
        "HFRT and Markers": 2,
        "Data availability": 1,
        "Literature cited": 1,
    }
    assert len(texts(document, Kind.ABSTRACT)) == 3


def test_small_headings_of_back_matter_and_what_stands_below(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Discussion", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 12)) + 20
    for title, body in (
        ("Author details", "1Department of Blood, Northern School of Medicine."),
        ("Competing interests", "The authors declare that they have none."),
    ):
        sheet.text(50, y, title, "Helvetica", 8)
        sheet.text(50, y + 10, body, "Courier", 8)
        y += 24
    document = read_document(sheet.save())
    assert {"Author details", "Competing interests"} <= set(headings(document))
    assert "The authors declare that they have none." in texts(document, Kind.OTHER)


def test_everything_below_a_heading_of_back_matter_is_back_matter(sheet: Sheet) -> None:
    sheet.text(50, 60, "Discussion", BOLD, 14)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 12)) + 20
    sheet.text(50, y, "Additional information", BOLD, 14)
    for i, title in enumerate(("Author contributions", "Notes on markers")):
        sheet.text(50, y + 20 + 60 * i, title, BOLD, 11)
        sheet.paragraph(50, y + 34 + 60 * i, 480, prose("note", 2, 50 * i), indent=0)
    document = read_document(sheet.save())
    assert not any("note cells" in text for text in paragraphs(document))


def test_stray_letters_are_no_paragraphs(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 8))
    sheet.text(50, y + 40, "E")
    sheet.paragraph(50, y + 80, 480, prose("lymphoma", 8, 300))
    assert not any(text.split()[0] == "E" for text in paragraphs(read_document(sheet.save())))


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        ("are found at https:", "//www.example.org/files/12.", "at https://www.example.org/files/12."),
        ("are found at https://www.example.org/10", ".3390/s1.", "https://www.example.org/10.3390/s1."),
        ("are all of them gain-of-", "function mutants of the gene.", "gain-of-function mutants"),
    ],
)
def test_line_ends(sheet: Sheet, end: str, start: str, joined: str) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 6), indent=0)
    sheet.lines(
        50, y, [f"The made-up markers of the many batches and rounds that were measured on day one {end}", start]
    )
    assert joined in " ".join(paragraphs(read_document(sheet.save())))


def test_accents_drawn_over_letters(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 6))
    x = sheet.text(50, 300, "The work of Miesenb")
    sheet.text(x + 0.8, 300, "\u00a8")
    x = sheet.text(x, 300, "o")
    x = sheet.text(x, 300, "ck and of the Universit")
    end = sheet.text(x, 300, "e")
    sheet.text(x + 0.6, 300, "\u00b4")
    sheet.text(end, 300, " was read in full; it`s said.")
    text = read_document(sheet.save()).text
    assert "The work of Miesenböck and of the Université was read in full; it`s said." in text


def test_space_of_the_stream_that_takes_no_room_before_another_font(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 6))
    x = sheet.text(50, 300, "It binds ")
    sheet.text(x, 300, "α ", "Symbol")
    sheet.text(x + 6.31, 300, "-carboxy acids and ")
    x = sheet.text(200, 300, "then ")
    x = sheet.text(x, 300, "cis ", ITALIC)
    sheet.text(x, 300, "forms of them.")
    text = read_document(sheet.save()).text
    assert "α-carboxy acids" in text
    assert "then cis forms" in text


def test_raised_figure_that_opens_a_run_of_text(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 6))
    x = sheet.text(50, 300, "The p-value was 2.4x10")
    sheet.text(20, 330, "5")
    x = sheet.text(x, 300, "-6", size=6, rise=4)
    sheet.text(x, 300, " with sorbitol.")
    assert "2.4x10-6 with sorbitol" in read_document(sheet.save()).text


SIGNS = {"m": "μ", "b": "β", "D": "Δ", ".": ">", "9": "′", "2": "−", "6": "±", "3": "×", "5": "=", "u": "°"}


@pytest.mark.parametrize("signs", ["mb", "D", ".", "9", "2", "6", "3", "5", "u"])
def test_signs_that_pass_for_letters_and_digits(sheet: Sheet, tmp_path: Path, signs: str) -> None:
    pytest.importorskip("fontTools", reason="fonttools, of the extra dev, makes the font")
    font = add_font(f"Signs {signs}", write_sign_font(tmp_path / "signs.ttf", {sign: SIGNS[sign] for sign in signs}))
    sheet.text(50, 60, "1. Results", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 6))
    x = 50.0
    for sign in signs:
        x = sheet.text(x, 300, "ab", "Times-Roman")
        x = sheet.text(x, 300, sign, font)
    sheet.text(x, 300, "cd")
    wanted = "".join(f"ab{SIGNS[sign]}" for sign in signs) + "cd"
    assert wanted in read_document(sheet.save()).text


def test_text_fonts_keep_their_letters_and_digits(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    sheet.paragraph(50, 80, 480, prose("lymphoma", 6))
    for i, font in enumerate(("Helvetica", "Helvetica-Bold", "Courier", "Times-Italic")):
        sheet.text(50, 300 + 20 * i, "m b D . , 1 2 3 5 6 8 9 u $", font)
    text = read_document(sheet.save()).text
    assert text.count("m b D . , 1 2 3 5 6 8 9 u $") == 4


@pytest.mark.parametrize(
    ("name", "codes", "meant"),
    [
        ("SymbolMT", [0xF06D, 0xF0A3, 0xF031], "μ≤1"),
        ("Symbol", [ord("a"), ord("3"), ord("β")], "α3β"),
        ("MathematicalPi-One", [ord("."), ord("b")], ">β"),
        ("CMSY10", [ord("0"), ord("×")], "′×"),
        ("SymbolicaText", [ord("a"), ord("m")], "am"),
    ],
)
def test_fonts_of_signs_by_name(name: str, codes: list[int], meant: str) -> None:
    code = np.array(codes, dtype=np.int64)
    read = PiFonts(pypdfium2.raw).read(code, np.zeros(len(code), dtype=np.int64), {0: (0, name)})
    assert "".join(map(chr, read.tolist())) == meant


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (Pair("x", 1, "with no signal at all.", "The cells went on"), None),
        (Pair("x", 1, "with no signal at all.", "Nobody said so"), "does not stand behind"),
        (Pair("x", 1, "no such words here", "The cells went on"), "stands 0 times"),
        (Pair("x", 1, "The cells went on for-", "ever and ever."), None),
        (Pair("x", 1, "ever and ever.", "A last word."), "headings"),
        (Pair("x", 1, "ever and ever.", "A last word.", through="2. Dis"), None),
        (Pair("x", 1, "ever and ever.", "A last word.", through="3. Other"), "headings"),
        (Pair("x", 1, "The cells went", "ever and ever."), "between them stands 'on for"),
    ],
)
def test_pairs_hold_where_nothing_stands_between(sheet: Sheet, pair: Pair, reason: str | None) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, f"{prose('lymphoma', 5)} They ended with no signal at all.")
    y = sheet.paragraph(50, y, 480, "The cells went on for-ever and ever.")
    sheet.text(50, y + 20, "2. Discussion", BOLD, 12)
    sheet.paragraph(50, y + 40, 480, f"A last word. {prose('lymphoma', 5, 300)}")
    failures = check_pairs(read_document(sheet.save()), [pair])
    assert not failures if reason is None else reason in failures[0][1]


def test_lists_of_pairs_and_furniture_are_whole() -> None:
    pairs = read_pairs()
    for article in {pair.article for pair in pairs}:
        assert sum(pair.article == article for pair in pairs) >= 20
    assert all(len(pair.first.split()) <= 6 and len(pair.second.split()) <= 6 for pair in pairs)
    assert set(read_furniture()) == {pair.article for pair in pairs}


def test_furniture_and_doubtful_spaces_are_found(sheet: Sheet) -> None:
    sheet.text(50, 60, "1. Results", BOLD, 12)
    y = sheet.paragraph(50, 80, 480, prose("lymphoma", 12))
    sheet.paragraph(50, y, 480, "The lymphomacells of bat ch were read in the Journal of Nothing 12 of 18.")
    document = read_document(sheet.save())
    faults = count_space_faults(document, make_vocabulary([document, document]))
    assert find_furniture(document, [r"\b\d+ of 18\b"]) == ["12 of 18"]
    assert any("lymphomacells" in words for words in faults.lost)
    assert faults.n_words > 100
    assert not count_space_faults(document, make_vocabulary([document]), frozenset({"lymphomacells", "bat", "ch"})).lost


@pytest.mark.slow
@pytest.mark.parametrize("article", sorted({pair.article for pair in read_pairs()}))
def test_real_articles_are_read_in_order_and_without_furniture(shared: Path, article: str) -> None:
    (path,) = (shared / "corpora" / "articles").glob(f"{article}_*.pdf")
    document = read_document(path)
    assert not check_pairs(document, [pair for pair in read_pairs() if pair.article == article])
    assert not find_furniture(document, read_furniture()[article])
