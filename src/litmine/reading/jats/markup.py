"""XML to text: parsing without risk, and the words of mixed content.

Owns safe parsing (no network, no DTD, no expansion of entities), white space, raised and lowered characters, formulas,
and the count of characters left out. What an element means for the article is for `document` and `blocks`.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any, TypeAlias

from litmine.errors import ReadingError
from litmine.reading.characters import CHARACTER_FORMS

Element: TypeAlias = Any
"""An lxml element; lxml carries no types."""

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9.]{0,31});")
_GREEK = {
    entity: letter
    for names, letters in (
        (
            "agr bgr ggr dgr egr zgr eegr thgr igr kgr lgr mgr "
            "ngr xgr ogr pgr rgr sgr sfgr tgr ugr phgr khgr psgr ohgr",
            "αβγδεζηθικλμνξοπρσςτυφχψω",
        ),
        (
            "Agr Bgr Ggr Dgr Egr Zgr EEgr THgr Igr Kgr Lgr Mgr Ngr Xgr Ogr Pgr Rgr Sgr Tgr Ugr PHgr KHgr PSgr OHgr",
            "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
        ),
    )
    for entity, letter in zip(names.split(), letters, strict=True)
}
"""The Greek letters of ISO 8879, which HTML does not name so."""
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})

LEFT_OUT = {
    "tex-math": "formula source",
    "annotation": "formula source",
    "annotation-xml": "formula source",
    "alt-text": "alternative text",
    "long-desc": "alternative text",
    "object-id": "metadata",
    "permissions": "metadata",
    "institution-id": "metadata",
    "sec-meta": "metadata",
    "processing-meta": "metadata",
    "index-term": "index term",
    "glyph-data": "picture of a character",
    "sub-article": "article of its own",
    "response": "article of its own",
}
"""Elements whose text no reader of the article sees, and why."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_INLINE = frozenset({"xref", "sup", "sub", "italic", "bold", "ext-link", "string-name", "person-group"})
_MATH_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_MATH_LEVELS = {"msup": (0, 1), "msub": (0, -1), "msubsup": (0, -1, 1)}


def parse_xml(data: bytes, name: str) -> Element:
    """The outermost element, without comments and processing instructions and with tags free of namespaces.

    Named characters of HTML and of ISO's Greek letters are replaced whether or not a DTD declares them; references to
    other entities stay in the text as they are written. Raises ReadingError where the XML is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_with_characters(data), parser)
    except etree.XMLSyntaxError as error:
        message = str(error.msg)
        if "amplification" in message or "Excessive depth" in message or "Resource limit" in message:
            raise ReadingError(exhausting(name)) from None
        line = error.position[0]
        raise ReadingError(f"{name} is not well-formed XML (line {line}: {message}). Fetch the file again.") from None
    for parent in dict.fromkeys(entity.getparent() for entity in root.iter(etree.Entity)):
        _write_out_entities(parent)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def exhausting(name: str) -> str:
    """What people are told of a file that no honest tool made."""
    return (
        f"{name} is XML built to exhaust a reader (entities or elements nested without measure); "
        "litmine does not read it."
    )


def _with_characters(data: bytes) -> bytes:
    """Named characters as numbers everywhere but in CDATA; UTF-16 as UTF-8."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", "replace")
        data = re.sub(r"""^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", r"\1", text).encode()
    parts = data.split(b"<![CDATA[")
    written = [_ENTITY.sub(_as_number, parts[0])]
    for part in parts[1:]:
        literal, end, rest = part.partition(b"]]>")
        written += [b"<![CDATA[", literal, end, _ENTITY.sub(_as_number, rest)]
    return b"".join(written)


def _as_number(match: "re.Match[bytes]") -> bytes:
    name = match[1].decode("ascii")
    characters = None if name in _XML_ENTITIES else html5.get(f"{name};") or _GREEK.get(name)
    return "".join(f"&#{ord(char)};" for char in characters).encode() if characters else match[0]


def _write_out_entities(parent: Element) -> None:
    """Put references among an element's children, "&name;", into the text around them."""
    from lxml import etree

    before, words = None, [parent.text or ""]
    for child in [*parent, None]:
        if child is not None and child.tag is etree.Entity:
            words += [child.text, child.tail or ""]
            child.tail = None
            parent.remove(child)
            continue
        if before is None:
            parent.text = "".join(words)
        else:
            before.tail = "".join(words)
        if child is not None:
            before, words = child, [child.tail or ""]


@dataclass(frozen=True, slots=True)
class Citation:
    """A cross-reference to entries of the reference list: its span in the text around it, and the entries' ids."""

    start: int
    end: int
    ids: tuple[str, ...]


class Run:
    """Text that grows piece by piece: white space collapsed as a browser does, raised characters remembered."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = False
        self.superscripts: list[tuple[int, int]] = []
        self.subscripts: list[tuple[int, int]] = []
        self.citations: list[Citation] = []

    def __len__(self) -> int:
        return self._length

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def tail(self) -> str:
        """The last words, enough to see what mark they end with."""
        return "".join(self._parts[-8:])

    def add(self, raw: str, level: int = 0) -> None:
        """Append text; `level` is 1 for superscripts, -1 for subscripts."""
        shown = _INVISIBLE.sub("", raw).translate(CHARACTER_FORMS)
        words = shown.split()
        if not words:
            self._space = self._space or bool(shown)
            return
        if (self._space or shown[0].isspace()) and self._parts and self._parts[-1] not in "\t\n":
            self._put(" ")
        for i, word in enumerate(words):
            if i:
                self._put(" ")
            if level:
                spans = self.superscripts if level > 0 else self.subscripts
                joins = spans and spans[-1][1] == self._length
                start = spans.pop()[0] if joins else self._length
                spans.append((start, self._length + len(word)))
            self._put(word)
        self._space = shown[-1].isspace()

    def part(self) -> None:
        """What follows is set apart by white space."""
        self._space = True

    def append(self, other: "Run") -> None:
        """Append another run as it is."""
        start = self._length
        self._put(other.text)
        self._space = False
        self.superscripts += [(start + a, start + b) for a, b in other.superscripts]
        self.subscripts += [(start + a, start + b) for a, b in other.subscripts]
        self.citations += [Citation(start + c.start, start + c.end, c.ids) for c in other.citations]

    def stop(self) -> None:
        """End what stands so far with a full stop where it has no mark of its own."""
        if self._parts and not re.search(r"[.?!:;,|–—-][\"'”’)\]]*$", self.tail):
            self._put(".")
        self._space = True

    def clear(self) -> None:
        """Start anew."""
        self._parts, self._length, self._space = [], 0, False
        self.superscripts, self.subscripts, self.citations = [], [], []

    def break_off(self, mark: str) -> None:
        """Append a tab or a line break."""
        self._put(mark)
        self._space = False

    def mark(self) -> tuple[int, int]:
        """The present end, for `cite`."""
        return len(self._parts), self._length

    def cite(self, mark: tuple[int, int], ids: tuple[str, ...]) -> None:
        """What was added since the mark points to entries of the reference list."""
        part, start = mark
        spaced = part < len(self._parts) and self._parts[part] == " "
        self.citations.append(Citation(start + spaced, self._length, ids))

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


OnBlock: TypeAlias = Callable[[Run, Element], None]


class MixedContent:
    """Reads the words of elements into runs; paragraphs end at elements whose names are in `blocks`.

    `dropped` counts the visible characters left out, by reason.
    """

    def __init__(self, blocks: Container[str]) -> None:
        self._blocks = blocks
        self.dropped: Counter[str] = Counter()

    def drop(self, element: Element, reason: str) -> None:
        self.dropped[reason] += n_visible(element)

    def drop_between(self, element: Element) -> None:
        """Count text that stands between the children of an element where none belongs."""
        stray = (element.text, *(child.tail for child in element))
        self.dropped["between elements"] += sum(len(word) for text in stray for word in (text or "").split())

    def gather(self, element: Element) -> Run:
        """All of an element's words in one run; blocks inside it are set apart by spaces."""
        run = Run()
        self.read(run, element)
        return run

    def read(
        self, run: Run, element: Element, level: int = 0, on_block: OnBlock | None = None, skip: Container[str] = ()
    ) -> None:
        """Append an element's content to a run, children of the names in `skip` left out.

        Blocks inside it are handed to `on_block` where it is given, with the run as it is so far.
        """
        self._add(run, element.text, level)
        for child in element:
            if child.tag not in skip:
                self.read_child(run, child, level, on_block)
            self._add(run, child.tail, level)

    def read_child(self, run: Run, child: Element, level: int = 0, on_block: OnBlock | None = None) -> None:
        """Append one child of mixed content, its tail left out."""
        name = child.tag
        if name in _INLINE:
            _trim_line_breaks(child)
        if name in LEFT_OUT:
            self.drop(child, LEFT_OUT[name])
        elif name in self._blocks:
            if on_block is not None:
                on_block(run, child)
                return
            run.part()
            self.read(run, child, level)
            run.part()
        elif name.endswith("alternatives"):
            for chosen in self.choose(child):
                self.read_child(run, chosen, level, on_block)
        elif name == "math":
            self._read_math(run, child, level)
        elif name == "break":
            run.part()
        elif name == "disp-formula":
            run.part()
            self.read(run, child, level, on_block)
            run.part()
        elif name == "xref" and child.get("ref-type") in {"bibr", "ref"}:
            mark = run.mark()
            self.read(run, child, level)
            run.cite(mark, tuple((child.get("rid") or "").split()))
        elif name == "label":
            self.read(run, child, level, on_block)
            run.part()
        else:
            self.read(run, child, {"sup": 1, "sub": -1}.get(name, level), on_block)

    def choose(self, alternatives: Element) -> Iterator[Element]:
        """The first form that has words; the source of formulas and further forms are left out."""
        self.drop_between(alternatives)
        chosen = None
        for form in alternatives:
            if form.tag in LEFT_OUT:
                self.drop(form, LEFT_OUT[form.tag])
            elif chosen is None and n_visible(form):
                chosen = form
            else:
                self.drop(form, "alternative form")
        if chosen is not None:
            yield chosen

    def _add(self, run: Run, raw: str | None, level: int = 0) -> None:
        if raw:
            self.dropped["invisible character"] += len(_INVISIBLE.findall(raw))
            run.add(raw, level)

    def _read_math(self, run: Run, element: Element, level: int) -> None:
        """MathML, in which white space between elements means nothing."""
        name = element.tag
        if name in LEFT_OUT:
            self.drop(element, LEFT_OUT[name])
        elif name in _MATH_TOKENS:
            words = "".join(element.itertext())
            self._add(run, words if name == "mtext" else words.strip(), level)
        elif name in {"mspace", "mtr"}:
            run.part()
            for child in element:
                self._read_math(run, child, level)
        else:
            levels = _MATH_LEVELS.get(name, ())
            self._add(run, (element.text or "").strip(), level)
            for i, child in enumerate(element):
                if i and name == "mfrac":
                    run.add("/", level)
                self._read_math(run, child, (levels[i] if i < len(levels) else 0) or level)
                self._add(run, (child.tail or "").strip(), level)


def n_visible(element: Element) -> int:
    """Characters of an element's text that are not white space."""
    return sum(map(len, "".join(element.itertext()).split()))


def _trim_line_breaks(inline: Element) -> None:
    """Take out line breaks at the inner edges of an element, which the layout of the file put there."""
    if not len(inline):
        return
    last = inline[-1]
    if inline.text and "\n" in inline.text and not inline.text.strip():
        inline.text = None
    if last.tail and "\n" in last.tail and not last.tail.strip():
        last.tail = None
