"""The body and back matter of JATS as blocks: paragraphs, headings, lists, captions, tables, notes, references.

Owns what each element becomes and that nothing in mixed content is read twice or lost. Front matter is `document`'s;
words within a paragraph are `markup`'s; entries of the reference list `references`', callouts `xrefs`'.
"""

from collections.abc import Container

from litmine.reading.building import Builder
from litmine.reading.jats.markup import LEFT_OUT, Citation, Element, MixedContent, OnBlock, Run
from litmine.reading.jats.references import map_ids, number_references, read_reference
from litmine.reading.jats.tables import read_table
from litmine.reading.jats.xrefs import find_marked_callouts
from litmine.reading.structure import is_back_matter
from litmine.records import Callout, Figure, Kind

_SECTIONS = frozenset({"sec", "ack", "app", "app-group", "glossary", "notes", "bio", "fn-group", "ref-list"})
_FLOATS = frozenset({"fig", "table-wrap", "supplementary-material", "fn"})
"""What stands beside a paragraph though the mark-up has it inside: it follows the paragraph."""
_BOXES = frozenset({"boxed-text", "fig-group", "table-wrap-group"})
_TABLES = frozenset({"table", "array"})
_BLOCKS = frozenset(
    """
    p ref list list-item def-list def-item disp-quote verse-group verse-line statement speech table-wrap-foot
    disp-formula-group code preformat chem-struct-wrap sig-block title
    """.split()  # noqa: SIM905
)
_ALL_BLOCKS = _SECTIONS | _FLOATS | _BOXES | _TABLES | _BLOCKS
_NO_CALLOUTS = frozenset({Kind.TITLE, Kind.REFERENCE, Kind.OTHER})


class BlockReader:
    """Adds the blocks of one article to `builder`; `content` counts what is left out."""

    def __init__(self, article: Element) -> None:
        self._article = article
        self.builder = Builder()
        self.content = MixedContent(_ALL_BLOCKS)
        self._citations: list[tuple[int, str, list[Citation]]] = []
        self._kind = Kind.PARAGRAPH
        self._level = 0
        self._in_abstract = False
        self._section_of: dict[Element, int] = {}
        references = [ref for ref in article.iter("ref") if not any(e.tag in LEFT_OUT for e in ref.iterancestors())]
        numbers = number_references(references)
        self._number_of = {ref: numbers[i] for i, ref in enumerate(references)}
        self._number_by_id = map_ids(references, numbers)

    def callouts(self) -> tuple[Callout, ...]:
        """From the mark-up; from the text where the mark-up has none."""
        marked = [
            Callout(self.builder.blocks[block].start + c.start, self.builder.blocks[block].start + c.end, c.numbers)
            for block, text, citations in self._citations
            for c in find_marked_callouts(text, citations, self._number_by_id)
        ]
        return tuple(marked) or self.builder.find_callouts()

    def add(self, run: Run, kind: Kind) -> int | None:
        """Index of a block of the run's text; None where it has none."""
        if not len(run):
            return None
        block = self.builder.add(run.text, kind, run.superscripts, run.subscripts)
        self._note_citations(block, run)
        return block

    def _note_citations(self, block: int, run: Run) -> None:
        if run.citations and self.builder.blocks[block].kind not in _NO_CALLOUTS:
            self._citations.append((block, run.text, run.citations))

    def read_as(self, element: Element, kind: Kind) -> None:
        """An element, which may be a block itself, as blocks of a kind."""
        outer, self._kind = self._kind, kind
        run, behind = Run(), list[Element]()
        self.content.read_child(run, element, 0, self._on_block(behind))
        self._flush(run, behind)
        self._kind = outer

    def read_abstract(self, abstract: Element, kind: Kind) -> None:
        """What stands in an abstract, its own title apart, as blocks of a kind; titles of parts open their text."""
        outer, self._kind, self._in_abstract = self._kind, kind, True
        self.read_flow(abstract, skip={"label", "title"})
        self._kind, self._in_abstract = outer, False

    def read_flow(self, element: Element, skip: Container[str] = (), lead: Run | None = None) -> None:
        """What is in an element: words in paragraphs, blocks as blocks."""
        run, behind = lead or Run(), list[Element]()
        self.content.read(run, element, 0, self._on_block(behind, len(run)), skip)
        self._flush(run, behind)

    def _on_block(self, behind: list[Element], lead: int = 0) -> OnBlock:
        def read_block(run: Run, block: Element) -> None:
            if block.tag in _FLOATS:
                behind.append(block)
                run.part()
                return
            opens = block.tag == "p" and (0 < len(run) == lead or _follows_label(block, run))
            if opens:
                run.part()
            else:
                self._flush(run, behind)
            if block.tag == "p":
                self.content.read(run, block, 0, read_block)
                self._flush(run, behind)
            else:
                self._read_block(block)

        return read_block

    def _flush(self, run: Run, behind: list[Element]) -> None:
        """The run as a block, then what stood beside it."""
        self.add(run, self._kind)
        run.clear()
        floats, behind[:] = behind[:], []
        for element in floats:
            self._read_float(element)

    def _read_block(self, block: Element) -> None:
        if block.tag in _SECTIONS:
            self._read_section(block)
        elif block.tag in _TABLES:
            self._read_table(block, None)
        elif block.tag in _BOXES:
            self.add(self._caption(block), Kind.CAPTION)
            self.read_flow(block, skip={"label", "caption"})
        elif block.tag == "ref":
            work = read_reference(block, self._number_of[block], self.content)
            self.builder.add_reference(work.entry, work.run.superscripts, work.run.subscripts)
        elif block.tag == "table-wrap-foot":
            self._read_notes(block)
        else:
            self.read_flow(block)

    def _read_section(self, section: Element) -> None:
        if self._in_abstract:
            lead = self.heading(section)
            if len(lead) and not lead.tail.endswith((".", ":", "?")):
                lead.add(":")
            lead.part()
            self.read_flow(section, skip={"label", "title"}, lead=lead)
            return
        outer = self.builder.section, self._level, self._kind
        if self.read_heading(section, self._level + 1):
            self._level += 1
            self._section_of[section] = self.builder.section
            if self._kind is Kind.PARAGRAPH and is_back_matter(self.builder.sections[self.builder.section].title):
                self._kind = Kind.OTHER
        self.read_flow(section, skip={"label", "title"})
        self.builder.section, self._level, self._kind = outer

    def read_heading(self, section: Element, level: int) -> bool:
        """Open a section where the element has a title; a list of references always has one."""
        run = self.heading(section)
        if not len(run) and section.tag == "ref-list" and self._level == 0:
            run.add("References")
        if len(run):
            block = self.builder.add_heading(run.text, level, run.superscripts, run.subscripts)
            self._note_citations(block, run)
        return len(run) > 0

    def heading(self, element: Element) -> Run:
        """Label and title as one line; a label without a title heads nothing, but is kept in front of the text."""
        run = Run()
        for name in ("label", "title"):
            for child in element.iterchildren(name):
                if len(run):
                    run.part()
                self.content.read(run, child)
        return run

    def _read_float(self, element: Element) -> None:
        if element.tag == "fig":
            caption = self.add(self._caption(element, rest=True), Kind.CAPTION)
            if caption is not None:
                self.builder.figures.append(Figure(caption, None))
        elif element.tag == "table-wrap":
            self._read_table_wrap(element)
        elif element.tag == "fn":
            self._read_notes(element)
        else:
            self.add(self._caption(element, rest=True), Kind.OTHER)

    def read_floats_group(self, group: Element) -> None:
        """Figures and tables gathered at the end, each in the section that first points to it."""
        body = self._article.find("body")
        first: dict[str, Element] = {}
        for xref in body.iter("xref"):
            for name in (xref.get("rid") or "").split():
                first.setdefault(name, xref)
        for child in group:
            pointer = first.get(child.get("id") or "")
            around = pointer.iterancestors() if pointer is not None else ()
            outer = self.builder.section
            self.builder.section = next((self._section_of[e] for e in around if e in self._section_of), outer)
            self.read_as(child, Kind.PARAGRAPH)
            self.builder.section = outer

    def _caption(self, element: Element, rest: bool = False) -> Run:
        """Label, title and text of a caption as one run; with `rest`, all else that stands in the element."""
        run = Run()
        for label in element.iterchildren("label"):
            self.content.read_child(run, label)
            run.stop()
        for caption in element.iterchildren("caption"):
            run.add(caption.text or "")
            for part in caption:
                self.content.read_child(run, part)
                if part.tag == "title":
                    run.stop()
                run.add(part.tail or "")
            run.part()
        if rest:
            self.content.read(run, element, skip={"label", "caption"})
        return run

    def _read_table_wrap(self, wrap: Element) -> None:
        self.content.drop_between(wrap)
        caption = self.add(self._caption(wrap), Kind.CAPTION)
        forms = [f for child in wrap for f in (self.content.choose(child) if child.tag == "alternatives" else [child])]
        for form in forms:
            if form.tag in _TABLES:
                self._read_table(form, caption)
            elif form.tag not in {"label", "caption"}:
                self.read_as(form, Kind.OTHER)

    def _read_table(self, table: Element, caption: int | None) -> None:
        run, cells = read_table(table, self.content)
        block = self.add(run, Kind.TABLE)
        if block is not None:
            self.builder.add_table(block, caption, cells)

    def _read_notes(self, element: Element) -> None:
        outer, self._kind = self._kind, Kind.OTHER
        self.read_flow(element)
        self._kind = outer


def _follows_label(paragraph: Element, run: Run) -> bool:
    """Whether all that the run holds is what the paragraph is labelled with: a number, a term, a speaker."""
    if not len(run):
        return False
    parent = paragraph.getparent()
    if parent.tag in {"def", "speech"}:
        return paragraph.getprevious() is None or paragraph.getprevious().tag != "p"
    label = parent.findtext("label")
    return label is not None and run.text == " ".join(label.split())
