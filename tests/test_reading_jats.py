"""JATS XML read to documents: what each element becomes, and that nothing is lost or read twice."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reading_jats import compare_documents
from litmine.errors import ReadingError
from litmine.gold.alignment import align
from litmine.gold.store import read_gold
from litmine.reading import read_document
from litmine.records import Document, Kind

REFS = "".join(
    f"<ref id='B{i}'><label>{i}</label>"
    f"<mixed-citation>First A{i}. A word on case {i}. Inv J 20{i:02};1:1.</mixed-citation></ref>"
    for i in range(1, 13)
)


def article(body: str, *, front: str = "", back: str = f"<ref-list>{REFS}</ref-list>", attributes: str = "") -> str:
    return (
        f"<article {attributes}><front><article-meta><title-group><article-title>A plain story</article-title>"
        f"</title-group>{front}</article-meta></front><body>{body}</body><back>{back}</back></article>"
    )


def read(tmp_path: Path, xml: str | bytes, name: str = "story.xml") -> Document:
    path = tmp_path / name
    path.write_bytes(xml if isinstance(xml, bytes) else xml.encode())
    return read_document(path)


def texts(document: Document, *kinds: Kind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind in kinds]


WHOLE = article(
    """
    <sec><label>1</label><title>Introduction</title>
      <p>Drugs work <xref ref-type="bibr" rid="B1">1</xref>.
         <list list-type="bullet"><list-item><p>One thing.</p></list-item>
           <list-item><p>Two things.</p></list-item></list>
         They stop working.</p>
      <sec><label>1.1</label><title>Why</title>
        <p>Cells change (<xref ref-type="fig" rid="f1">Figure 1</xref>).
          <fig id="f1"><label>Figure 1</label>
            <caption><title>Cells in a dish</title><p>They grow. And grow.</p></caption>
            <graphic href="x"><alt-text>A round picture</alt-text></graphic></fig></p>
      </sec>
      <boxed-text><label>Box 1</label><caption><title>In short</title></caption><p>All is well.</p></boxed-text>
    </sec>
    <sec><title>Funding</title><p>Nobody paid.</p></sec>
    """,
    front="""
    <article-id pub-id-type="doi">10.1000/PLAIN</article-id>
    <contrib-group><contrib contrib-type="author">
      <name><surname>Example</surname><given-names>Ann B.</given-names></name>
      <xref ref-type="aff" rid="a1">1</xref></contrib>
      <contrib contrib-type="author">
      <name name-style="eastern"><surname>Kim</surname><given-names>Sam</given-names></name>
      </contrib><contrib contrib-type="author"><collab>The Plain Group</collab></contrib>
      <contrib contrib-type="editor"><name><surname>Nobody</surname><given-names>Ed</given-names></name></contrib>
    </contrib-group>
    <aff id="a1"><label>1</label>House of Plain Things</aff>
    <pub-date><year>2020</year></pub-date>
    <abstract><sec><title>Aim</title><p>To tell it.</p></sec>
      <sec><title>Findings:</title><p>It is plain.</p></sec></abstract>
    <kwd-group><kwd>story</kwd><kwd>plain words</kwd></kwd-group>
    """,
    back=f"<ack><p>Thanks.</p></ack><ref-list>{REFS}</ref-list>",
)


def test_a_whole_article(tmp_path: Path) -> None:
    document = read(tmp_path, WHOLE, "story.nxml")
    assert document.media_type == "application/jats+xml"
    assert (document.title, document.doi, document.n_pages) == ("A plain story", "10.1000/plain", 0)
    assert document.authors == ("Ann B. Example", "Kim Sam", "The Plain Group")
    assert [(b.kind, document.text[b.start : b.end]) for b in document.blocks if b.kind is not Kind.REFERENCE] == [
        (Kind.TITLE, "A plain story"),
        (Kind.OTHER, "Ann B. Example, Kim Sam, The Plain Group"),
        (Kind.OTHER, "1 House of Plain Things"),
        (Kind.ABSTRACT, "Aim: To tell it."),
        (Kind.ABSTRACT, "Findings: It is plain."),
        (Kind.ABSTRACT, "Keywords: story; plain words"),
        (Kind.HEADING, "1 Introduction"),
        (Kind.PARAGRAPH, "Drugs work 1."),
        (Kind.PARAGRAPH, "One thing."),
        (Kind.PARAGRAPH, "Two things."),
        (Kind.PARAGRAPH, "They stop working."),
        (Kind.HEADING, "1.1 Why"),
        (Kind.PARAGRAPH, "Cells change (Figure 1)."),
        (Kind.CAPTION, "Figure 1. Cells in a dish. They grow. And grow."),
        (Kind.CAPTION, "Box 1. In short."),
        (Kind.PARAGRAPH, "All is well."),
        (Kind.HEADING, "Funding"),
        (Kind.OTHER, "Nobody paid."),
        (Kind.OTHER, "Thanks."),
        (Kind.HEADING, "References"),
    ]
    assert [(s.title, s.level, s.parent) for s in document.sections[1:]] == [
        ("1 Introduction", 1, 0),
        ("1.1 Why", 2, 1),
        ("Funding", 1, 0),
        ("References", 1, 0),
    ]
    sections = {document.text[b.start : b.end]: document.section_chain(b.section) for b in document.blocks}
    assert sections["They stop working."] == ("1 Introduction",)
    assert sections["All is well."] == ("1 Introduction",)
    assert sections["Thanks."] == ()
    (figure,) = document.figures
    assert figure.caption is not None and document.blocks[figure.caption].kind is Kind.CAPTION
    assert {row.reason: row.n_chars for row in document.dropped} == {
        "alternative text": len("Aroundpicture"),
        "metadata": len("10.1000/PLAIN20201NobodyEd"),
    }


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        ("p27<sup>Kip1</sup> and CO<sub>2</sub>", "p27Kip1 and CO2"),
        ("a\n   <italic>b</italic>\tc<bold>d</bold>", "a b cd"),
        ("&alpha;-catenin&nbsp;&lt;&thgr;&le;&#x3b2;", "α-catenin <θ≤β"),
        ("CD8<xref ref-type='fn' rid='n'>\n<sup>+</sup>\n</xref> cells", "CD8+ cells"),
        ("soft&shy;ly and zero&#x200b;width", "softly and zerowidth"),
        ("non&#x2011;small 5&#xb5;m e&#xfb03;cacy", "non-small 5μm efficacy"),
        ("at <ext-link href='u'>its site</ext-link><break/>now", "at its site now"),
        ("<![CDATA[a < b &alpha;]]> c", "a < b &alpha; c"),
        ("of <inline-formula><alternatives><tex-math>$x^2$</tex-math><mml:math xmlns:mml='m'> <mml:msup> "
         "<mml:mi>x</mml:mi> <mml:mn>2</mml:mn> </mml:msup> </mml:math></alternatives></inline-formula> is",
         "of x2 is"),
        ("half <inline-formula><math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>"
         "</inline-formula>", "half a/b+1"),
        ("so<disp-formula><label>(1)</label><math><mi>y</mi></math></disp-formula>holds", "so (1) y holds"),
    ],
)  # fmt: skip
def test_words_within_a_paragraph(tmp_path: Path, paragraph: str, text: str) -> None:
    document = read(tmp_path, "<!DOCTYPE article SYSTEM 'x.dtd'>" + article(f"<p>{paragraph}</p>"))
    assert texts(document, Kind.PARAGRAPH) == [text]


def test_raised_and_lowered_characters_are_known(tmp_path: Path) -> None:
    body = "<p>Ca<sup>2<italic>+</italic></sup> and CO<sub>2</sub></p><p>p27<sup>Kip1</sup></p>"
    document = read(tmp_path, article(body))
    assert [document.text[a:b] for a, b in document.superscripts] == ["2+", "Kip1"]
    assert [document.text[a:b] for a, b in document.subscripts] == ["2"]


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("was shown [{1}, {2}].", [("[1, 2]", (1, 2))]),
        ("was shown [{1}–{4},{9}].", [("[1–4,9]", (1, 2, 3, 4, 9))]),
        ("was shown [{1}–4].", [("[1–4]", (1, 2, 3, 4))]),
        ("was shown [{1}]–[{3}].", [("[1]–[3]", (1, 2, 3))]),
        ("was shown<sup>{1},{2}</sup>.", [("1,2", (1, 2))]),
        ("was shown<sup>{1}–{3}</sup>, and<sup>{5}</sup>", [("1–3", (1, 2, 3)), ("5", (5,))]),
        ("one [{1}], another ({2}; {3})", [("[1]", (1,)), ("(2; 3)", (2, 3))]),
        ("(reviewed in {4}) and (Figure 2, {5})", [("(reviewed in 4)", (4,)), ("5", (5,))]),
        ("<xref ref-type='bibr' rid='B2 B3 B4'>[2–4]</xref> it is", [("[2–4]", (2, 3, 4))]),
        ("<xref ref-type='bibr' rid='B2'>2–4</xref> it is", [("2–4", (2, 3, 4))]),
        ("in <xref ref-type='bibr' rid='B2'>First et al. (2002)</xref> it is", [("(2002)", (2,))]),
        ("so (<xref ref-type='bibr' rid='B2'>First et al., 2002</xref>; see also "
         "<xref ref-type='bibr' rid='B3'>First, 2003</xref>)",
         [("(First et al., 2002; see also First, 2003)", (2, 3))]),
        ("<xref ref-type='bibr' rid='B2'>First (2002)</xref> and <xref ref-type='bibr' rid='B3'>First (2003)</xref>",
         [("(2002)", (2,)), ("(2003)", (3,))]),
        ("a link to nothing [<xref ref-type='bibr' rid='X'>77</xref>]", []),
    ],
)  # fmt: skip
def test_callouts_from_cross_references(tmp_path: Path, marked: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    for i in range(1, 13):
        marked = marked.replace(f"{{{i}}}", f"<xref ref-type='bibr' rid='B{i}'>{i}</xref>")
    document = read(tmp_path, article(f"<p>Before it.</p><p>It {marked}</p>"))
    assert [(document.text[c.start : c.end], c.numbers) for c in document.callouts] == found


def test_callouts_from_text_where_nothing_is_marked(tmp_path: Path) -> None:
    document = read(tmp_path, article("<p>It was shown [2–4].</p>"))
    assert [c.numbers for c in document.callouts] == [(2, 3, 4)]


TABLE = """
<table-wrap id="t1"><label>Table 1</label><caption><p>Drugs and cells.</p></caption>
 <alternatives><graphic href="g"/><table><thead>
  <tr><th rowspan="2">Drug</th><th colspan="2">Cells</th></tr><tr><th>HeLa</th><th>A549</th></tr></thead>
  <tbody><tr><td>one<sup>a</sup></td><td/><td><p>dead</p><p>soon</p></td></tr>
  <tr><td rowspan="9">two</td><td>alive [<xref ref-type="bibr" rid="B3">3</xref>]</td></tr></tbody></table>
 </alternatives>
 <table-wrap-foot><fn><label>a</label><p>By mouth.</p></fn></table-wrap-foot></table-wrap>
"""


def test_tables_have_cells_with_rows_columns_and_spans(tmp_path: Path) -> None:
    document = read(tmp_path, article(f"<p>See it.{TABLE}</p>"))
    assert texts(document, Kind.CAPTION) == ["Table 1. Drugs and cells."]
    assert texts(document, Kind.TABLE) == ["Drug\tCells\nHeLa\tA549\nonea\tdead soon\ntwo\talive [3]"]
    (table,) = document.tables
    assert table.caption is not None and table.caption + 1 == table.block
    assert [(c.row, c.column, document.text[c.start : c.end]) for c in table.cells] == [
        (0, 0, "Drug"), (0, 1, "Cells"), (1, 1, "HeLa"), (1, 2, "A549"), (2, 0, "onea"), (2, 2, "dead soon"),
        (3, 0, "two"), (3, 1, "alive [3]"),
    ]  # fmt: skip
    assert [document.text[a:b] for a, b in document.superscripts] == ["a"]
    assert [document.text[c.start : c.end] for c in document.callouts] == ["[3]"]
    assert "a By mouth." in texts(document, Kind.OTHER)


def test_floats_at_the_end_belong_to_the_section_that_shows_them(tmp_path: Path) -> None:
    xml = article("<sec><title>Cells</title><p>As <xref ref-type='table' rid='t1'>Table 1</xref> shows.</p></sec>")
    document = read(tmp_path, xml.replace("</article>", f"<floats-group>{TABLE}</floats-group></article>"))
    captions = [block for block in document.blocks if block.kind is Kind.CAPTION]
    assert [document.section_chain(block.section) for block in captions] == [("Cells",)]
    assert len(document.tables) == 1


FIELDS = """
<ref id="r1"><label>1</label><element-citation publication-type="journal"><person-group><name><surname>Example</surname>
<given-names>A. B.</given-names></name><name><surname>Sample</surname><given-names>C.</given-names></name><etal/>
</person-group><article-title>What cells do</article-title><source>Inv. J.</source><year>2011a</year><volume>12</volume>
<issue>3</issue><fpage>4</fpage><lpage>9</lpage><pub-id pub-id-type="doi">10.1000/ABC</pub-id>
<pub-id pub-id-type="pmid">12345678</pub-id><pub-id pub-id-type="other">x-y-z</pub-id></element-citation></ref>
"""
PRINTED = """
<ref id="r1"><label>[1]</label><citation-alternatives><element-citation><article-title>What cells do</article-title>
<year>2011</year><pub-id pub-id-type="doi">10.1000/abc</pub-id></element-citation><mixed-citation>Example AB, et al.
What cells do. Inv J. 2011;12(3):4–9.<pub-id pub-id-type="pmid">12345678</pub-id></mixed-citation>
</citation-alternatives></ref>
"""
BOOK = """
<ref id="r1"><mixed-citation publication-type="book"><string-name><surname>Example</surname>
<given-names>A</given-names>
</string-name>. <source>The Book of Cells</source>. <year>1999</year>.</mixed-citation></ref>
"""


@pytest.mark.parametrize(
    ("ref", "text", "doi", "pmid", "title", "year"),
    [
        (FIELDS, "1. Example A. B., Sample C., et al. What cells do. Inv. J. 2011a; 12(3): 4–9. doi:10.1000/ABC. PMID: "
         "12345678", "10.1000/abc", "12345678", "What cells do", 2011),
        (PRINTED, "[1] Example AB, et al. What cells do. Inv J. 2011;12(3):4–9. PMID: 12345678", "10.1000/abc",
         "12345678", "What cells do", 2011),
        (BOOK, "Example A. The Book of Cells. 1999.", None, None, "The Book of Cells", 1999),
        ("<ref id='r1'><note><p>Unpublished.</p></note></ref>", "Unpublished.", None, None, None, None),
    ],
)  # fmt: skip
def test_entries_of_the_reference_list(
    tmp_path: Path, ref: str, text: str, doi: str | None, pmid: str | None, title: str | None, year: int | None
) -> None:
    document = read(tmp_path, article("<p>Said.</p>", back=f"<ref-list><title>Sources</title>{ref}</ref-list>"))
    (entry,) = document.references
    assert (entry.number, entry.text) == (1, text)
    assert (entry.doi, entry.pmid, entry.title, entry.year) == (doi, pmid, title, year)
    assert document.text[entry.start : entry.end] == text
    assert document.sections[-1].title == "Sources"


def test_unnumbered_entries_are_counted(tmp_path: Path) -> None:
    refs = "".join(f"<ref id='x{i}'><mixed-citation>Example {i}</mixed-citation></ref>" for i in (7, 8, 9))
    body = "<p>So (<xref ref-type='bibr' rid='x9'>Example, 2009</xref>).</p>"
    document = read(tmp_path, article(body, back=f"<ref-list>{refs}</ref-list>"))
    assert [r.number for r in document.references] == [1, 2, 3]
    assert [c.numbers for c in document.callouts] == [(3,)]


def test_sub_articles_are_left_out_and_counted(tmp_path: Path) -> None:
    xml = article("<p>Said.</p>").replace(
        "</article>", f"<sub-article><body><p>A review of it.</p></body><back>{REFS}</back></sub-article></article>"
    )
    document = read(tmp_path, xml)
    assert "A review of it." not in document.text
    assert len(document.references) == 12
    assert "article of its own" in {row.reason for row in document.dropped}


NAMESPACE = "https://jats.nlm.nih.gov/ns/archiving/1.3/"


@pytest.mark.parametrize(
    ("before", "behind", "attributes"),
    [
        ("<?xml version='1.0'?><pmc-articleset>", "</pmc-articleset>", ""),
        ("<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><GetRecord><record><metadata>",
         "</metadata></record></GetRecord></OAI-PMH>", f"xmlns='{NAMESPACE}'"),
        ("\ufeff<!-- by hand --><?xml-stylesheet href='x'?>\n", "", f"xmlns='{NAMESPACE}'"),
    ],
)  # fmt: skip
def test_wrapped_and_namespaced_articles(tmp_path: Path, before: str, behind: str, attributes: str) -> None:
    xml = before + article("<p>Said <italic>so</italic>.</p>", attributes=attributes) + behind
    assert texts(read(tmp_path, xml), Kind.PARAGRAPH) == ["Said so."]


def test_prefixed_elements_and_utf_16(tmp_path: Path) -> None:
    xml = article("<p>Naïve &beta;-cells.</p>", attributes=f"xmlns:j='{NAMESPACE}'")
    prefixed = xml.replace("</", "\0").replace("<", "<j:").replace("\0", "</j:")
    data = ("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE j:article SYSTEM 'a.dtd'>" + prefixed).encode("utf-16")
    assert texts(read(tmp_path, data, "download.bin"), Kind.PARAGRAPH) == ["Naïve β-cells."]


BOMB = "<!DOCTYPE article [<!ENTITY a0 'boom'>{}]>".format(
    "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<?xml version='1.0'?><note><p>x</p></note>", "no article in JATS"),
        ("<article><info/><section/></article>", "no article in JATS"),
        (article("<p>Cut here"), "not well-formed"),
        (article("<p>&unknown;</p>"), "not well-formed"),
        (article(""), "only the metadata of an article (A plain story)"),
        (f"<pmc-articleset>{article('<p>a</p>') * 2}</pmc-articleset>", "2 articles"),
        (article("<sec>" * 400 + "<p>x</p>" + "</sec>" * 400), "exhaust"),
        (article("<list><list-item>" * 110 + "<p>x</p>" + "</list-item></list>" * 110), "exhaust"),
        (BOMB + article("<p>&a11;</p>"), "exhaust"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, xml: str, message: str) -> None:
    with pytest.raises(ReadingError) as raised:
        read(tmp_path, xml)
    assert message in str(raised.value)
    assert "story.xml" in str(raised.value)


def test_web_pages_are_no_articles(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="web page"):
        read(tmp_path, "<?xml version='1.0'?><!DOCTYPE html><html><body><article><p>x</p></article></body></html>")


def test_entities_are_never_expanded_nor_files_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("never to be seen", encoding="utf-8")
    declared = f"<!DOCTYPE article [<!ENTITY own 'inner words'><!ENTITY file SYSTEM 'file://{secret}'>]>"
    document = read(tmp_path, declared + article("<p>One &own; two &file; three.</p>"))
    assert texts(document, Kind.PARAGRAPH) == ["One &own; two &file; three."]


def test_references_to_unknown_entities_stay_where_they_stand(tmp_path: Path) -> None:
    xml = "<!DOCTYPE article SYSTEM 'a.dtd'>" + article("<p>&x;&y;a<bold>b&x;</bold>&y;c<italic>d</italic>&x;</p>")
    assert texts(read(tmp_path, xml), Kind.PARAGRAPH) == ["&x;&y;ab&x;&y;cd&x;"]


WORDS = st.integers(0, 10**6).map(lambda n: f"w{n}x")
INLINE = st.sampled_from(["italic", "sup", "sub", "bold", "named-content", "ext-link"])
BLOCKS = st.sampled_from(
    """
    p sec list list-item disp-quote boxed-text def-list def-item def fig caption table-wrap fn ack statement label title
    tr td table disp-formula tex-math alternatives supplementary-material term verse-group speech
    """.split()  # noqa: SIM905
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(INLINE if draw(st.booleans()) else BLOCKS)
    return f"<{name}>{draw(contents(depth + 1))}</{name}>"


@st.composite
def contents(draw: st.DrawFn, depth: int = 0) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4 if depth < 4 else 0))):
        parts.append(draw(WORDS))
        parts.append(draw(st.sampled_from(["", " ", "\n "])))
        parts.append(draw(elements(depth)))
    return "".join([*parts, draw(WORDS)])


@settings(max_examples=40, deadline=None)
@given(abstract=contents(), body=contents())
def test_every_character_is_read_once_or_counted(
    tmp_path_factory: pytest.TempPathFactory, abstract: str, body: str
) -> None:
    xml = article(f"<p>{body}</p>", front=f"<abstract>{abstract}</abstract>")
    document = read(tmp_path_factory.getbasetemp(), xml)
    wanted = Counter(part for part in xml_words(f"{abstract} {body}"))
    got = Counter(xml_words(document.text))
    assert not got - wanted
    missing = sum(len(word) * count for word, count in (wanted - got).items())
    assert missing == sum(row.n_chars for row in document.dropped)
    for before, block in zip(document.blocks, document.blocks[1:], strict=False):
        assert document.text[before.end : block.start] == "\n\n"


def xml_words(text: str) -> list[str]:
    """The words that the strategies above make, wherever they stand."""
    import re

    return re.findall(r"w\d+x", text)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_damaged_articles_end_in_words(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    data = article("<p>Said.</p>").encode()
    at = len(noise) * len(data) // 301
    try:
        document = read(tmp_path_factory.getbasetemp(), data[:at] + noise + data[at:])
    except ReadingError as error:
        assert str(error)
    else:
        assert document.blocks


def test_pdf_and_jats_of_one_article_agree(shared: Path) -> None:
    (xml,) = (shared / "corpora" / "articles").glob("04_*.jats.xml")
    truth = read_document(xml)
    result = compare_documents(truth, read_document(xml.with_name(xml.name.replace(".jats.xml", ".pdf"))))
    assert result.token_f >= 0.985
    assert result.heading_f >= 0.95
    assert result.callout_f >= 0.95
    assert result.references_exact


@pytest.mark.parametrize(
    ("name", "prefix"), [("immunotherapy-pyroptosis", "T08"), ("gastric-ncrna", "T09")], ids=["springer", "frontiers"]
)
def test_gold_is_found_in_real_articles(shared: Path, name: str, prefix: str) -> None:
    (path,) = (shared / "corpora" / "jats").glob(f"{prefix}_*.xml")
    document = read_document(path)
    gold = read_gold(Path(__file__).parents[1] / "annotations" / name)
    placed = align(gold, document.text).mentions
    assert sum(span is not None for span in placed) >= 0.995 * len(placed)
    assert len(document.references) > 100
    assert {reference.number for reference in document.references} >= {n for c in document.callouts for n in c.numbers}
    assert os.sep not in document.title and len(document.authors) >= 4
