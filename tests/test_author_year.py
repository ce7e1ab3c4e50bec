"""Callouts by author and year: which words are one, and to which entries they lead."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.reading import read_document
from litmine.reading.citations.author_year import CitedWorks, find_surnames
from litmine.reading.citations.references import read_entry
from litmine.records import Callout, Document

ENTRIES = (
    "Smith J, Jones B, Lee C. 2010. On cells that stay. Inv J 1:2.",
    "Jones AB, Lee C. 2011a. The first of two. Inv J 2:3.",
    "Jones AB, Lee C. 2011b. The second of two. Inv J 2:4.",
    "Smith J. 2012. Alone with cells. Inv J 3:5.",
    "van der Berg A, Núñez-García P. 2001. How drugs fail. Inv J 4:6.",
    "World Health Organization. 2012. A report on drugs. Geneva.",
    "O'Neil T, Müller K, et al. 1999. Words on words. Inv J 5:7.",
    "Carrillo Ostrava F, Bieber N, Neuhaus K. 2011. Pause and go. Inv J 6:8.",
    "Amberson D., D. C. Burk, and J. N. Strather, 2005 Methods for yeast. Inv. J. 7: 9.",
    "Okafor, C., & Late, D. (in press). What comes next. Inventions.",
    "Chen F, Tillman P. 2015. One way to see. Inv J 8:1.",
    "Chen F, Tillman P. 2015. Another way to see. Inv J 8:2.",
)
WORKS = CitedWorks([read_entry(i + 1, text).at(0) for i, text in enumerate(ENTRIES)])


def cited(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(text[c.start : c.end], c.numbers) for c in WORKS.find_callouts(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cells stay (Smith et al., 2010; Jones and Lee, 2011a, b).",
         [("(Smith et al., 2010; Jones and Lee, 2011a, b)", (1, 2, 3))]),
        ("Cells stay (reviewed in Jones & Lee 2011b).", [("(reviewed in Jones & Lee 2011b)", (3,))]),
        ("As Smith et al. (2010) saw, cells stay.", [("(2010)", (1,))]),
        ("Smith (2012) saw one; Smith et al. (2010) saw three.", [("(2012)", (4,)), ("(2010)", (1,))]),
        ("Smith and colleagues [2010] and Jones and Lee (2011a,b) agree.", [("[2010]", (1,)), ("(2011a,b)", (2, 3))]),
        ("It was seen by Jones and Lee (2011a–b).", [("(2011a–b)", (2, 3))]),
        ("It was seen by Jones and Lee (2011B) and by Smith et al. (2010A).", [("(2011B)", (3,)), ("(2010A)", (1,))]),
        ("Cells stay (Smith, 2012" + " reviewed in" * 40 + " x).", [("Smith, 2012", (4,))]),
        ("Smith's (2012) view", [("(2012)", (4,))]),
        ("It failed (van der Berg and Nunez-Garcia, 2001; Berg et al., 2001).",
         [("(van der Berg and Nunez-Garcia, 2001; Berg et al., 2001)", (5,))]),
        ("The World Health Organization (2012) and others (WHO, 2012) ask for more.",
         [("(2012)", (6,)), ("(WHO, 2012)", (6,))]),
        ("In words (O’Neil et al., 1999)", [("(O’Neil et al., 1999)", (7,))]),
        ("Pause (Carrillo Ostrava et al., 2011) or pause (Ostrava et al., 2011)",
         [("(Carrillo Ostrava et al., 2011)", (8,)), ("(Ostrava et al., 2011)", (8,))]),
        ("yeast (Amberson et al. 2005)", [("(Amberson et al. 2005)", (9,))]),
        ("soon (Okafor and Late, in press)", [("(Okafor and Late, in press)", (10,))]),
        ("(Chen and Tillman, 2015)", [("(Chen and Tillman, 2015)", (11, 12))]),
        ("(Chen and Tillman, 2015b)", [("(Chen and Tillman, 2015b)", (12,))]),
        ("(Figure 2; Smith et al., 2010)", [("Smith et al., 2010", (1,))]),
        ("(e.g., Smith et al. 2010, 2012)", [("(e.g., Smith et al. 2010, 2012)", (1, 4))]),
        ("(Smith et al., 2010, p. 12)", [("(Smith et al., 2010, p. 12)", (1,))]),
        ("(Smith et al. 2010; Nobody et al. 1980)", [("(Smith et al. 2010; Nobody et al. 1980)", (1,))]),
        ("It follows the way of Jones and Lee, 2011a.", [("Jones and Lee, 2011a", (2,))]),
        ("However, Smith et al. (2010) saw it (see also Jones and Lee, 2011a; but see Smith, 2012).",
         [("(2010)", (1,)), ("(see also Jones and Lee, 2011a; but see Smith, 2012)", (2, 4))]),
    ],
)  # fmt: skip
def test_callouts(text: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    assert cited(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Between 2010 and 2012 (January 2010 to March 2012) nothing grew.",
        "Smith lived in 2010, and 2012 cells died.",
        "The cell line CRL-2010 (Smith) was bought in (2010).",
        "Brown et al. (2010) are not in the list (Brown, 2010).",
        "Smith et al. (1987) are not in the list.",
        "Jonesy and Lee (2011a) are others.",
        "(2010)",
        "",
    ],
)
def test_what_is_no_callout(text: str) -> None:
    assert cited(text) == []


def test_a_capital_letter_tells_no_more_than_a_small_one() -> None:
    entries = ("Roe A, Smith B. 2010. One. Inv J 1:2.", "Roe A, Smith B. 2010. Another. Inv J 1:3.")
    references = [read_entry(i + 1, text).at(0) for i, text in enumerate(entries)]
    (callout,) = CitedWorks(references).find_callouts("So it is (Roe and Smith, 2010B).")
    assert callout.numbers == (2,)


@pytest.mark.parametrize(
    ("entry", "surnames", "truncated"),
    [
        (
            "12. Smith JA, de la Mata P, O'Neil T. A title that is long enough. Inv J 2010.",
            ("smith", "de la mata", "oneil"),
            False,
        ),
        ("Smith, J. A., & Jones-Roe, B. (2010). A title.", ("smith", "jones roe"), False),
        ("J. A. Smith and B. Jones, 2010, A title.", ("smith", "jones"), False),
        ("Smith, J.A.; Jones, B.; et al. 2010.", ("smith", "jones"), True),
        ("Łukasz K, Ångström Ø. 2001. A title", ("lukasz", "angstrom"), False),
        ("R Core Team, 2023 A language.", ("r core team",), False),
    ],
)
def test_surnames_of_entries(entry: str, surnames: tuple[str, ...], truncated: bool) -> None:
    found, breaks_off = find_surnames(entry)
    assert (found[: len(surnames)], breaks_off) == (surnames, truncated)


NAMES = st.sampled_from(["Smith", "Jones and Lee", "van der Berg", "Chen and Tillman", "Nobody", "WHO"])
PIECES = st.one_of(
    st.builds(
        "{}{} {}".format, NAMES, st.sampled_from(["", " et al.", ","]), st.sampled_from(["2010", "2011a, b", "99"])
    ),
    st.builds("{} et al. ({})".format, NAMES, st.integers(1990, 2020)),
    st.text(alphabet=" ()[];,.aZ0129&–-'", max_size=12),
)


@given(st.lists(PIECES, max_size=8).map("; ".join))
def test_callouts_are_in_order_apart_and_known(text: str) -> None:
    callouts: list[Callout] = list(WORKS.find_callouts(text))
    assert all(0 <= c.start < c.end <= len(text) for c in callouts)
    assert all(a.end <= b.start for a, b in pairwise(callouts))
    assert all(c.numbers == tuple(sorted(set(c.numbers))) and set(c.numbers) <= set(range(1, 13)) for c in callouts)
    assert all(any(char.isdigit() for char in text[c.start : c.end]) for c in callouts)


TEXT = """# A plain story

By Ann Example and Ben Sample

## Introduction

Cells stay (Smith et al., 2010), says Smith (2012).

## References

Smith J, Jones B, Lee C. 2010. On cells that stay. Inv J 1:2.

Smith J. 2012. Alone with cells. Inv J 3:5.
"""


def read(tmp_path: Path, name: str, text: str) -> Document:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def test_plain_text_and_jats_without_cross_references(tmp_path: Path) -> None:
    body = "<p>Cells stay (Smith et al., 2010), says Smith (2012).</p>"
    refs = "".join(f"<ref><mixed-citation>{ENTRIES[i]}</mixed-citation></ref>" for i in (0, 3))
    jats = f"<article><body>{body}</body><back><ref-list>{refs}</ref-list></back></article>"
    for document in (read(tmp_path, "story.md", TEXT), read(tmp_path, "story.xml", jats)):
        spans = [(document.text[c.start : c.end], c.numbers) for c in document.callouts]
        assert spans == [("(Smith et al., 2010)", (1,)), ("(2012)", (2,))]


@pytest.mark.slow
@pytest.mark.parametrize(("prefix", "n_callouts", "uncited"), [("11", 54, 0), ("18", 104, 2)])
def test_articles_that_cite_by_author_and_year(shared: Path, prefix: str, n_callouts: int, uncited: int) -> None:
    """Each callout was read with the entry it leads to; two entries of the second article are cited without a year."""
    (path,) = (shared / "corpora" / "articles").glob(f"{prefix}_*.pdf")
    document = read_document(path)
    assert abs(len(document.callouts) - n_callouts) <= 1
    used = {number for callout in document.callouts for number in callout.numbers}
    assert len({reference.number for reference in document.references} - used) == uncited
