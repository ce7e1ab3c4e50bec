"""Parts of reading that work on plain strings, and the reader of plain text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.reading import read_document
from litmine.reading.citations.callouts import (
    expand_numbers,
    find_callouts,
    find_parenthesised_callouts,
    find_raised_callouts,
)
from litmine.reading.citations.references import find_doi, find_pmid, find_title, find_year
from litmine.records import Kind


@pytest.mark.parametrize(
    ("inner", "numbers"),
    [
        ("7", (7,)),
        ("7-9,12", (7, 8, 9, 12)),
        ("12; 7–9", (7, 8, 9, 12)),
        ("3, 3, 1", (1, 3)),
        ("5−6", (5, 6)),
        ("10-2", (2, 10)),
        ("1-500", (1, 500)),
    ],
)
def test_expand_numbers(inner: str, numbers: tuple[int, ...]) -> None:
    assert expand_numbers(inner) == numbers


@given(st.sets(st.integers(1, 400), min_size=1, max_size=30))
def test_expand_numbers_undoes_any_list(numbers: set[int]) -> None:
    assert expand_numbers(",".join(map(str, numbers))) == tuple(sorted(numbers))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as shown [7–9,12].", [(7, 8, 9, 12)]),
        ("two [1], and [2, 3]", [(1,), (2, 3)]),
        ("a residue [Ser85] or a range [a-b]", []),
    ],
)
def test_bracketed_callouts(text: str, found: list[tuple[int, ...]]) -> None:
    callouts = list(find_callouts(text))
    assert [c.numbers for c in callouts] == found
    assert all(text[c.start] == "[" and text[c.end - 1] == "]" for c in callouts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as described (11), and again (15, 16).", [(11,), (15, 16)]),
        ("in Figure (2) and Table (3)", []),
        ("the function f(2) of mice", []),
        ("reviewed elsewhere (reviewed in 4–6)", [(4, 5, 6)]),
    ],
)
def test_parenthesised_callouts(text: str, found: list[tuple[int, ...]]) -> None:
    assert [c.numbers for c in find_parenthesised_callouts(text)] == found


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("was resistant^1,2^ to it", [(1, 2)]),
        ("the end of it.^3–5^ Then", [(3, 4, 5)]),
        ("an area of 20 mm^2^ grew", []),
        ("10^6^ cells and CD44^+^ cells", []),
        ("p27^Kip1^ levels", []),
        ("shedding of HER2^16,17^ and of p95^18^", [(16, 17), (18,)]),
    ],
)
def test_raised_callouts(marked: str, found: list[tuple[int, ...]]) -> None:
    raised: list[int] = []
    inside = False
    for char in marked:
        if char == "^":
            inside = not inside
        else:
            raised.append(int(inside))
    assert [c.numbers for c in find_raised_callouts(marked.replace("^", ""), np.array(raised))] == found


@pytest.mark.parametrize(
    ("entry", "doi", "pmid", "year", "title"),
    [
        (
            "12. Example, A.B.; Sample, C. Cells that forget the drug they met. J. Inv. 2019, 12, 3–9. [CrossRef]",
            None,
            None,
            2019,
            "Cells that forget the drug they met",
        ),
        (
            "[3] A. Example and B. Sample, “Light and the cells that see it,” Invented Letters, vol. 3, 2008.",
            None,
            None,
            2008,
            "Light and the cells that see it",
        ),
        (
            "4. Example A, Sample B (2001) Why tumors come back after a year. Inv Rev 98: 1975–1999. 10.1000/XY.(9).",
            "10.1000/xy.(9)",
            None,
            2001,
            "Why tumors come back after a year",
        ),
        (
            "5. Example AB, Sample C: The dose and what it does to cells. Inv J 1998, 7:1-2. PMID: 9876543.",
            None,
            "9876543",
            1998,
            None,
        ),
        ("6. Nobody", None, None, None, None),
    ],
)
def test_fields_of_references(
    entry: str, doi: str | None, pmid: str | None, year: int | None, title: str | None
) -> None:
    assert (find_doi(entry), find_pmid(entry), find_year(entry)) == (doi, pmid, year)
    if title is not None:
        assert find_title(entry) == title


MARKDOWN = """# A plain story of a drug

Abstract: This is what the story says in short.

## 1. Introduction

The drug works
on most cells [1]. Not on all [2,3].

### 1.1. The rest

They live on.

Figure 1. Nothing to see.

## References

1. First, A. A first word on it. J. Inv. 2001, 1, 1.
2. Second, B. A second word on it. J. Inv. 2002, 2, 2. doi:10.1000/2

3. Third, C. A third word on it. J. Inv. 2003, 3, 3.
"""


@pytest.mark.parametrize(("name", "media_type"), [("story.md", "text/markdown"), ("story.txt", "text/plain")])
def test_plain_text_gives_the_same_kind_of_document(tmp_path: Path, name: str, media_type: str) -> None:
    path = tmp_path / name
    path.write_text(MARKDOWN, encoding="utf-8")
    document = read_document(path)
    assert document.media_type == media_type
    assert document.title == "A plain story of a drug"
    assert [(b.kind, document.text[b.start : b.end].split()[0]) for b in document.blocks] == [
        (Kind.TITLE, "A"),
        (Kind.ABSTRACT, "Abstract:"),
        (Kind.HEADING, "1."),
        (Kind.PARAGRAPH, "The"),
        (Kind.HEADING, "1.1."),
        (Kind.PARAGRAPH, "They"),
        (Kind.CAPTION, "Figure"),
        (Kind.HEADING, "References"),
        (Kind.REFERENCE, "1."),
        (Kind.REFERENCE, "2."),
        (Kind.REFERENCE, "3."),
    ]
    assert [(s.title, s.level, s.parent) for s in document.sections[1:]] == [
        ("1. Introduction", 1, 0),
        ("1.1. The rest", 2, 1),
        ("References", 1, 0),
    ]
    assert [c.numbers for c in document.callouts] == [(1,), (2, 3)]
    assert [r.number for r in document.references] == [1, 2, 3]
    assert document.references[1].doi == "10.1000/2"
    assert "The drug works on most cells" in document.text


def test_matter_about_the_article_is_no_prose(tmp_path: Path) -> None:
    path = tmp_path / "front.md"
    path.write_text(
        "Review\n\nA plain story of a drug\n\nAda Byron and Max Stone *\n\nDepartment of Tales, Old Town\n\n"
        "* Correspondence: ada@tales.org\n\nThe drug works on most cells of the department.\n",
        encoding="utf-8",
    )
    document = read_document(path)
    assert document.title == "A plain story of a drug"
    assert document.authors == ("Ada Byron", "Max Stone")
    assert [block.kind for block in document.blocks] == [
        Kind.OTHER,
        Kind.TITLE,
        Kind.OTHER,
        Kind.OTHER,
        Kind.OTHER,
        Kind.PARAGRAPH,
    ]


def test_latin_1_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("Ein Titel\n\nDie naïve Zelle lebt.".encode("latin-1"))
    assert "naïve" in read_document(path).text
