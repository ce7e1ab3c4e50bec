"""Entries of the reference list of JATS: their words as printed, and their fields from the mark-up.

Owns `ref` elements only; where the list stands and what cites it is for others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from litmine.reading.citations.references import Entry, find_doi, read_entry
from litmine.reading.jats.markup import Element, MixedContent, Run, n_visible

_CITATIONS = frozenset({"element-citation", "mixed-citation", "nlm-citation", "citation"})
_LABEL = re.compile(r"[\[(]?(\d{1,4})[\])]?[.:]?")
_PRINTED_IDS = {"doi": "doi:", "pmid": "PMID:", "pmcid": "PMCID:", "pmc": "PMC"}
_NAMED = re.compile(r"(?:doi|pmid|pmcid|pmc|doi\.org|pubmed)\W*$", re.IGNORECASE)
_TITLES = ("article-title", "chapter-title", "data-title", "part-title", "trans-title", "source")
_PEOPLE = frozenset({"name", "string-name", "collab", "etal", "anonymous", "person-group"})
_BEFORE = {"volume": "; ", "issue": "(", "fpage": ": ", "lpage": "–", "elocation-id": ": ", "page-range": ": "}
"""What parts the fields of an entry whose mark-up leaves punctuation to the typesetter."""


@dataclass(frozen=True, slots=True)
class ListedWork:
    """An entry and its words with raised characters."""

    entry: Entry
    run: Run


def number_references(references: list[Element]) -> dict[int, int]:
    """The number of each `ref` by its place: the printed one where all have one, otherwise counted from 1."""
    labels = [_LABEL.fullmatch((ref.findtext("label") or "").strip()) for ref in references]
    printed = [int(label[1]) for label in labels if label]
    if len(printed) == len(references) == len(set(printed)):
        return dict(enumerate(printed))
    return {i: i + 1 for i in range(len(references))}


def map_ids(references: list[Element], numbers: Mapping[int, int]) -> dict[str, int]:
    """The number that each id inside the list stands for."""
    return {
        element.get("id"): numbers[i]
        for i, ref in enumerate(references)
        for element in ref.iter()
        if element.get("id") and (element is ref or element.tag in _CITATIONS)
    }


def read_reference(ref: Element, number: int, content: MixedContent) -> ListedWork:
    """One entry, its label in front. Further forms of the same citation and unprinted ids are counted as dropped."""
    run = Run()
    label = " ".join((ref.findtext("label") or "").split())
    if label:
        run.add(label if not label.isdigit() else f"{label}.")
        run.part()
    content.drop_between(ref)
    fields = _fields(ref)
    for child in ref:
        if child.tag == "citation-alternatives":
            forms = [form for form in child if form.tag in _CITATIONS]
            content.drop_between(child)
            chosen = next((form for form in forms if form.tag == "mixed-citation"), forms[0] if forms else None)
            for form in child:
                if form is chosen:
                    _read_citation(run, form, content)
                else:
                    content.drop(form, "alternative form")
        elif child.tag in _CITATIONS:
            _read_citation(run, child, content)
        elif child.tag != "label":
            content.read_child(run, child)
        run.part()
    text = run.text
    told = read_entry(number, text)
    entry = Entry(
        number,
        text,
        fields.doi or told.doi,
        fields.pmid or told.pmid,
        fields.title or told.title,
        fields.year or told.year,
    )
    return ListedWork(entry, run)


@dataclass(frozen=True, slots=True)
class _Fields:
    doi: str | None
    pmid: str | None
    title: str | None
    year: int | None


def _fields(ref: Element) -> _Fields:
    """What the mark-up of the first citation says, further forms of it included."""
    citations = [element for element in ref.iter() if element.tag in _CITATIONS]
    first = citations[0].getparent() if citations and citations[0].getparent().tag.endswith("alternatives") else None
    own = citations if first is not None else citations[:1]
    found: dict[str, str] = {}
    for citation in own:
        for element in citation.iter():
            words = " ".join("".join(element.itertext()).split())
            name = f"id:{element.get('pub-id-type')}" if element.tag == "pub-id" else element.tag
            if words:
                found.setdefault(name, words)
    title = next((found[name] for name in _TITLES if name in found and _is_title(name, own[0])), None)
    year = re.search(r"(?:1[5-9]|20)\d\d", found.get("year", ""))
    pmid = re.search(r"\d{1,9}", found.get("id:pmid", ""))
    return _Fields(
        doi=find_doi(found.get("id:doi", "")),
        pmid=pmid[0] if pmid else None,
        title=title.rstrip(". ") if title else None,
        year=int(year[0]) if year else None,
    )


def _is_title(name: str, citation: Element) -> bool:
    """A source is the title of what is cited unless it is a journal that names no article."""
    kind = citation.get("publication-type") or citation.get("citation-type") or ""
    return name != "source" or kind not in {"journal", ""}


def _read_citation(run: Run, citation: Element, content: MixedContent) -> None:
    punctuated = any((child.tail or "").strip() for child in citation) or bool((citation.text or "").strip())
    if punctuated or not len(citation):
        _read_printed(run, citation, content)
    else:
        _read_fields(run, citation, content)


def _read_printed(run: Run, element: Element, content: MixedContent) -> None:
    """A citation whose punctuation stands in the file; ids that are glued to it are set apart and named."""
    run.add(element.text or "")
    for child in element:
        if child.tag == "pub-id":
            _read_id(run, child, content)
        elif child.tag == "person-group" and not _is_punctuated(child):
            _read_people(run, child, content)
        else:
            content.read_child(run, child)
        run.add(child.tail or "")


def _read_fields(run: Run, citation: Element, content: MixedContent) -> None:
    """A citation without punctuation: authors, title, source, and numbers as lists of references write them."""
    people = False
    for child in citation:
        name = child.tag
        if name == "pub-id":
            _read_id(run, child, content)
            continue
        if not n_visible(child) and name != "etal" and child.find(".//etal") is None:
            continue
        if name in _PEOPLE:
            _join(run, ", " if people else ". ")
            _read_people(run, child, content) if name == "person-group" else _read_person(run, child, content)
            people = True
            continue
        people = False
        mark = _BEFORE.get(name, ". ")
        run.add(mark) if name in _BEFORE else _join(run, mark)
        content.read_child(run, child)
        if name == "issue":
            run.add(")")


def _join(run: Run, mark: str) -> None:
    """Punctuation and a space, but nothing at the beginning and no second full stop."""
    end = run.tail[-1:]
    if end and end not in ".?!:":
        run.add(mark)
    run.part()


def _is_punctuated(group: Element) -> bool:
    return any((child.tail or "").strip() for child in group)


def _read_people(run: Run, group: Element, content: MixedContent) -> None:
    content_before = len(run)
    for person in group:
        if len(run) > content_before:
            run.add(", ")
        _read_person(run, person, content, behind=group.tail if person is group[-1] else person.tail)


def _read_person(run: Run, person: Element, content: MixedContent, behind: str | None = None) -> None:
    if person.tag == "etal" and not n_visible(person):
        run.add("et al" if behind and behind.lstrip().startswith(".") else "et al.")
        return
    if person.tag != "name":
        content.read_child(run, person)
        return
    parts = [element for name in ("surname", "given-names", "prefix", "suffix") for element in person.findall(name)]
    for i, element in enumerate(parts):
        if i:
            run.part()
        content.read_child(run, element)


def _read_id(run: Run, element: Element, content: MixedContent) -> None:
    """A DOI or PubMed number with its name; ids of other registries are not printed."""
    label = _PRINTED_IDS.get(element.get("pub-id-type") or "")
    if label is None:
        content.drop(element, "identifier")
        return
    if not _NAMED.search(run.tail):
        run.stop()
        run.add(label)
        if not label.endswith("doi:"):
            run.part()
    content.read_child(run, element)
