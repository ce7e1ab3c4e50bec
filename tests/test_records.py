from array import array

import pytest

from litmine.records import Callout, Document, Glyphs, Place, Section

LINE = 10.0


def set_in_lines(*lines: tuple[int, str]) -> Document:
    """A document whose characters are 1 point wide; each line is (page, text), 10 points below the one before."""
    pages, x0, y0 = array("H"), array("f"), array("f")
    for number, (page, line) in enumerate(lines):
        for column, _ in enumerate(line):
            pages.append(page)
            x0.append(column)
            y0.append(number * LINE)
    x1, y1 = array("f", (x + 1 for x in x0)), array("f", (y + 8 for y in y0))
    text = "".join(line for _, line in lines)
    return Document("", "", "", "", text, glyphs=Glyphs(pages, x0, y0, x1, y1))


@pytest.mark.parametrize(
    ("start", "end", "places"),
    [
        (0, 3, [Place(1, 0, 0, 3, 8)]),
        (2, 6, [Place(1, 2, 0, 4, 8), Place(1, 0, 10, 2, 18)]),
        (6, 9, [Place(1, 2, 10, 4, 18), Place(2, 0, 20, 1, 28)]),
    ],
    ids=["within a line", "over a line break", "over a page break"],
)
def test_places_give_one_box_per_line(start: int, end: int, places: list[Place]) -> None:
    document = set_in_lines((1, "abcd"), (1, "efgh"), (2, "ijkl"))
    assert list(document.places(start, end)) == places


@pytest.mark.parametrize("step", [5.0, -5.0], ids=["downwards", "upwards"])
def test_places_of_lines_set_sideways(step: float) -> None:
    tops = [100 + step * i for i in (0, 1, 2, 0, 1)]
    lefts = [50.0, 50.0, 50.0, 62.0, 62.0]
    x0, y0 = array("f", lefts), array("f", tops)
    x1, y1 = array("f", (x + 10 for x in lefts)), array("f", (y + 5 for y in tops))
    document = Document("", "", "", "", "abcde", glyphs=Glyphs(array("H", [1] * 5), x0, y0, x1, y1))
    first, second = sorted((100.0, 100 + 2 * step)), sorted((100.0, 100 + step))
    assert list(document.places(0, 5)) == [
        Place(1, 50, first[0], 60, first[1] + 5),
        Place(1, 62, second[0], 72, second[1] + 5),
    ]


def test_places_pass_over_characters_that_reading_put_in() -> None:
    document = set_in_lines((1, "ab"), (0, " "), (1, "cd"))
    assert [place.page for place in document.places(0, 5)] == [1, 1]


def test_a_document_without_glyphs_has_no_places() -> None:
    assert list(Document("", "", "", "", "abc").places(0, 3)) == []


def test_section_chain_runs_from_the_outermost_heading() -> None:
    sections = (Section("", 0, None), Section("3. Resistance", 1, 0), Section("3.1. Signaling", 2, 1))
    document = Document("", "", "", "", "", sections=sections)
    assert document.section_chain(2) == ("3. Resistance", "3.1. Signaling")
    assert document.section_chain(0) == ()


def test_blanking_callouts_keeps_every_offset() -> None:
    text = "Seen [7–9,12] twice [3]."
    document = Document("", "", "", "", text, callouts=(Callout(5, 13, (7, 8, 9, 12)), Callout(20, 23, (3,))))
    assert document.blank_callouts() == "Seen          twice    ."
    assert len(document.blank_callouts()) == len(text)
