"""Names of authors below a title, and the fields of entries in the styles that journals use."""

from pathlib import Path

import pytest

from litmine.reading import read_document
from litmine.reading.authors import find_authors, find_front_authors
from litmine.reading.citations.references import find_title, find_year


def marked(text: str) -> tuple[str, list[int]]:
    """The text without "^", and where it stood between two of them."""
    plain, raised, inside = "", [], False
    for char in text:
        if char == "^":
            inside = not inside
        else:
            plain += char
            raised.append(int(inside))
    return plain, raised


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann B. Example ^1,2^, Ben Sample ^3^ and Chris O'Nobody ^1,*^",
         ("Ann B. Example", "Ben Sample", "Chris O'Nobody")),
        ("Ann Example1†, Ben Sample1,2* and Chris de la Roe3", ("Ann Example", "Ben Sample", "Chris de la Roe")),
        ("Ann Example, MD, PhD; Ben Sample, Jr.; Chris Roe, MSc", ("Ann Example", "Ben Sample Jr.", "Chris Roe")),
        ("Example A, Sample BC, van Roe D", ("Example A", "Sample BC", "van Roe D")),
        ("By Ann Example", ("Ann Example",)),
        ("Ann Example^*^", ("Ann Example",)),
        ("Indra Atwood^1^ & Jean-Luc Öberg^2^", ("Indra Atwood", "Jean-Luc Öberg")),
        ("Ann Example", ()),
        ("Review Article", ()),
        ("Department of Plain Things, House of Words", ()),
        ("Ann Example, Department of Plain Things", ()),
        ("Received 1 May 2020, Accepted 2 June 2020", ()),
        ("Breast Cancer, Drug Resistance and Gene Therapy", ()),
        ("Correspondence: ann@example.org", ()),
        ("Edited by: Ann Example, Ben Sample", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_lines_of_authors(line: str, names: tuple[str, ...]) -> None:
    assert find_authors(*marked(line)) == names


@pytest.mark.parametrize(
    ("blocks", "names"),
    [
        (("Ann Example", "Department of Plain Things, University of Words"), ("Ann Example",)),
        (("Ann Example", "It was a dark night."), ()),
        (("Review", "Ann Example, Ben Sample", "House 1, Street 2"), ("Ann Example", "Ben Sample")),
        (("Ann Example^1^", "Ben Sample^2^", "1 Department of Words"), ("Ann Example", "Ben Sample")),
        (("Department of Words", "Ann Example, Ben Sample"), ()),
        ((), ()),
    ],
)
def test_authors_among_the_blocks_below_a_title(blocks: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert find_front_authors([marked(block) for block in blocks]) == names


@pytest.mark.parametrize(
    ("entry", "title", "year"),
    [
        ("1. Example, A.B.; Sample, C.; et al. HER2 in Cells: A Review. Inv. J. 2019, 12, 3–9. [CrossRef]",
         "HER2 in Cells: A Review", 2019),
        ("2. Example AB, de Sample C, et al. Why drugs fail. Inv J. 2020;12(3):4–9.", "Why drugs fail", 2020),
        ("3. Example AB, Sample C Jr: Low doses. Inv J 1998, 7:1-2.", "Low doses", 1998),
        ("4. Example A, Sample B (2001) Why tumors come back? Inv Rev 98: 1975–1999.", "Why tumors come back?", 2001),
        ("Example A, Sample B. 2010. rosy is a gene of flies. Inv Genet 3:102.", "rosy is a gene of flies", 2010),
        ("Example A., B. C. Sample, and D. Roe, 2005 Methods in 2004. Inv. J. 7: 9.", "Methods in 2004", 2005),
        ("Example, A. B., & Sample, C. (2010). A model of 1999. Inv J, 12(3), 4–9.", "A model of 1999", 2010),
        ("5. Example, A. B. & Sample, C. Drugs and E. coli. Inv. J. 12, 34–56 (2012).", "Drugs and E. coli", 2012),
        ("[6] A. Example and B. Sample, “Light and cells that see,” Inv. Lett., vol. 3, p. 1, 2008.",
         "Light and cells that see", 2008),
        ("7. Example A. “Who knows” about it? A closer look. Inv J (2018) 8:287.", "“Who knows” about it?", 2018),
        ("8. Example J.M. t-Word activates cells. bioRxiv 2021.10.04.463034. 2022.", "t-Word activates cells", 2022),
        ("9. Facts on Drugs. Available online: https://facts.example.org (accessed on 8 May 2020).",
         "Facts on Drugs", None),
        ("10. Example A, Sample B. Inv. J. 2010, 12, 3.", None, 2010),
    ],
)  # fmt: skip
def test_titles_and_years_of_entries(entry: str, title: str | None, year: int | None) -> None:
    assert (find_title(entry), find_year(entry)) == (title, year)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prefix", "first", "last", "count"),
    [
        ("04", "Sang Seong Kim", "Sang Seong Kim", 1),
        ("06", "Indraneel Datta", "John B Kortbeek", 5),
        ("09", "Alaa Bawaneh", "Katherine L. Cook", 7),
        ("11", "Allison Coté", "Arjun Raj", 18),
        ("12", "Kayla E. A. Duval", "P. Jack Hoopes", 6),
        ("13", "Rami Makki", "Michèle Crozatier", 11),
        ("15", "He Hu", "Nicole F. Steinmetz", 2),
        ("18", "David F. Jordan", "Christian R. Landry", 5),
    ],
)
def test_authors_of_real_articles(shared: Path, prefix: str, first: str, last: str, count: int) -> None:
    (path,) = (shared / "corpora" / "articles").glob(f"{prefix}_*.pdf")
    authors = read_document(path).authors
    assert (authors[0], authors[-1], len(authors)) == (first, last, count)
