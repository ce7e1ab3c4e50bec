"""Reading of real articles, which are not in the repository: accuracy on the review, sanity on hard layouts."""

from pathlib import Path

import pytest

from benchmarks.reading import compare
from litmine.reading import read_document
from litmine.records import Kind
from tests.test_reading import texts

LAYOUTS = ("onecol", "twocol")


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_review_is_read_whole_and_in_order(shared: Path, layout: str) -> None:
    folder = shared / "corpora" / "trastuzumab-resistance"
    document = read_document(folder / f"review-{layout}.pdf")
    accuracy = compare((folder / "review.txt").read_text(encoding="utf-8"), document)
    assert accuracy.in_order >= 0.999
    assert accuracy.token_f >= 0.997
    assert accuracy.order_errors == 0
    assert accuracy.broken <= accuracy.n_tokens / 5000
    assert accuracy.headings[0] == accuracy.headings[1] > 10
    assert [reference.number for reference in document.references] == list(range(1, 229))
    assert accuracy.callouts[0] >= 0.99 * accuracy.callouts[1] > 150


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prefix", "n_references", "n_headings", "furniture"),
    [
        ("04", 44, 9, "Mediators of Inflammation"),
        ("09", 65, 20, "FOR PEER REVIEW"),
        ("12", 23, 20, "frontiersin.org |"),
        ("13", 71, 20, "PLoS Biology | www"),
        ("15", 45, 14, "Cancers 2021, 13, 2909"),
        ("18", 84, 25, "not certified by peer review"),
    ],
)
def test_articles_of_hard_layouts(
    shared: Path, prefix: str, n_references: int, n_headings: int, furniture: str
) -> None:
    (path,) = (shared / "corpora" / "articles").glob(f"{prefix}_*.pdf")
    document = read_document(path)
    assert len(document.references) == n_references
    assert len(document.sections) > n_headings
    assert all(furniture not in text for text in texts(document, Kind.PARAGRAPH))
    assert document.title
    assert document.glyphs is not None
    assert len(document.glyphs.page) == len(document.text)
