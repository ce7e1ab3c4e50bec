"""JATS XML, as PubMed Central and Europe PMC serve it, to a `Document`.

Owns finding the article in the file, its front matter (title, authors, DOI, abstracts, keywords) and the errors a
curator sees. Body and back matter are `blocks`'.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from litmine.errors import ReadingError
from litmine.reading.citations.references import find_doi
from litmine.reading.jats.blocks import BlockReader
from litmine.reading.jats.markup import LEFT_OUT, Element, Run, exhausting, n_visible, parse_xml
from litmine.records import Document, Kind

MEDIA_TYPE = "application/jats+xml"


def read_jats(data: bytes, path: Path) -> Document:
    """The document of an article in JATS, alone or wrapped as repositories deliver it.

    Every visible character of the article is in the text or counted in `dropped`; there are no pages and no places.
    Raises ReadingError where the file is not well-formed, not JATS, holds several articles, or has no body.
    """
    root = parse_xml(data, path.name)
    article = _find_article(root, path)
    body = article.find("body")
    if body is None or not n_visible(body):
        title = article.findtext(".//article-title")
        what = f" ({' '.join(title.split())[:100]})" if title and title.strip() else ""
        raise ReadingError(
            f"{path.name} holds only the metadata of an article{what}, not its text. Fetch the full text; "
            "some publishers allow no XML of it, then take the PDF."
        )
    try:
        return _read_article(article, data, path)
    except RecursionError:
        raise ReadingError(exhausting(path.name)) from None


def _find_article(root: Element, path: Path) -> Element:
    articles = [root] if root.tag == "article" else [e for e in root.iter("article") if e.find("front") is not None]
    if not articles or not any(articles[0].find(part) is not None for part in ("front", "body")):
        raise ReadingError(
            f"{path.name} is XML but no article in JATS, the format of PubMed Central: its outermost element is "
            f"<{root.tag}>."
        )
    if len(articles) > 1:
        raise ReadingError(f"{path.name} holds {len(articles)} articles; save each in a file of its own.")
    return articles[0]


def _read_article(article: Element, data: bytes, path: Path) -> Document:
    blocks = BlockReader(article)
    front = _FrontMatter(blocks)
    for part in article:
        if part.tag == "front":
            front.read(part)
        elif part.tag == "body":
            blocks.read_flow(part)
            for group in article.iterchildren("floats-group"):
                blocks.read_floats_group(group)
        elif part.tag == "back":
            blocks.read_as(part, Kind.OTHER)
        elif part.tag in LEFT_OUT:
            blocks.content.drop(part, LEFT_OUT[part.tag])
        elif part.tag != "floats-group":
            blocks.content.drop(part, "metadata")
    return blocks.builder.document(
        data,
        path,
        MEDIA_TYPE,
        title=front.title,
        authors=front.authors,
        doi=front.doi,
        callouts=blocks.callouts(),
        dropped=blocks.content.dropped,
    )


class _FrontMatter:
    """Adds what is printed of the front matter and counts the rest."""

    def __init__(self, blocks: BlockReader) -> None:
        self._blocks = blocks
        self._content = blocks.content
        self.title = ""
        self.authors: tuple[str, ...] = ()
        self.doi: str | None = None

    def read(self, front: Element) -> None:
        for part in front:
            if part.tag != "article-meta":
                self._content.drop(part, "metadata")
                continue
            for child in part:
                self._read_child(child)

    def _read_child(self, child: Element) -> None:
        if child.tag == "title-group":
            self.title = self._read_title(child)
        elif child.tag == "contrib-group":
            self.authors += self._read_authors(child)
        elif child.tag in {"abstract", "trans-abstract"}:
            self._read_abstract(child)
        elif child.tag == "kwd-group":
            self._read_keywords(child)
        elif child.tag in {"aff", "aff-alternatives", "author-notes"}:
            self._blocks.read_as(child, Kind.OTHER)
        elif child.tag == "funding-group":
            self._read_funding(child)
        else:
            if child.tag == "article-id" and child.get("pub-id-type") == "doi":
                self.doi = self.doi or find_doi(child.text or "")
            self._content.drop(child, "metadata")

    def _read_title(self, group: Element) -> str:
        """Title and subtitle without the marks of footnotes; other titles are metadata."""
        run = Run()
        for child in group:
            if child.tag in {"article-title", "subtitle"}:
                if len(run):
                    run.add("" if re.search(r"[?!:.]$", run.tail) else ":")
                    run.part()
                for mark in list(child.iter("xref", "fn")):
                    self._take_out(mark)
                self._content.read(run, child)
            else:
                self._content.drop(child, "metadata")
        self._blocks.add(run, Kind.TITLE)
        return run.text

    def _take_out(self, mark: Element) -> None:
        """Remove an element, but not what follows it."""
        self._content.drop(mark, "footnote mark")
        mark.clear(keep_tail=True)

    def _read_authors(self, group: Element) -> tuple[str, ...]:
        """Names as printed, on one line; affiliations behind them; the rest of a group is metadata."""
        seen = n_visible(group)
        names = []
        for contributor in group.iterchildren("contrib"):
            if (contributor.get("contrib-type") or "author") == "author":
                name = _name_of(contributor)
                names += [name] if name else []
        run = Run()
        run.add(", ".join(names))
        self._blocks.add(run, Kind.OTHER)
        seen -= sum(len("".join(name.split())) for name in names)
        for affiliation in group.iter("aff"):
            seen -= n_visible(affiliation)
            self._blocks.read_as(affiliation, Kind.OTHER)
        self._content.dropped["metadata"] += max(seen, 0)
        return tuple(names)

    def _read_abstract(self, abstract: Element) -> None:
        """An abstract under its heading; titles of its parts run into their text. Translations are kept apart."""
        section = self._blocks.builder.section
        self._blocks.read_heading(abstract, 1)
        self._blocks.read_abstract(abstract, Kind.ABSTRACT if abstract.tag == "abstract" else Kind.OTHER)
        self._blocks.builder.section = section

    def _read_keywords(self, group: Element) -> None:
        run = self._blocks.heading(group)
        if not len(run):
            run.add("Keywords")
        run.add("" if run.tail.endswith(":") else ":")
        run.part()
        empty = len(run)
        for child in group:
            if child.tag in {"label", "title"}:
                continue
            if len(run) > empty:
                run.add(";")
            run.part()
            self._content.read_child(run, child)
        if len(run) > empty:
            self._blocks.add(run, Kind.ABSTRACT if group.get("kwd-group-type") != "abbreviations" else Kind.OTHER)

    def _read_funding(self, group: Element) -> None:
        for child in group:
            if child.tag == "funding-statement":
                self._blocks.read_as(child, Kind.OTHER)
            else:
                self._content.drop(child, "metadata")


def _name_of(contributor: Element) -> str:
    """The printed name of a person or group."""
    for element in contributor.iter("name", "string-name", "collab"):
        if element.tag == "collab":
            words = [element.text or "", *(f"{''.join(e.itertext())}{e.tail or ''}" for e in _plain_parts(element))]
        elif element.find("surname") is None and element.find("given-names") is None:
            words = ["".join(element.itertext())]
        else:
            order = ("prefix", "given-names", "surname", "suffix")
            if element.get("name-style") == "eastern":
                order = ("prefix", "surname", "given-names", "suffix")
            words = [" ".join(element.findtext(part) or "" for part in order if element.find(part) is not None)]
        return " ".join("".join(words).split())
    return ""


def _plain_parts(collab: Element) -> Iterator[Element]:
    return (part for part in collab if part.tag not in {"contrib-group", "contrib", "aff", "xref"})
