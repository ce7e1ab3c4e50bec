"""What names mean in their sentence and document: genes or drugs, or cells, diseases, stains, trials and words."""

from pathlib import Path

import pytest

from litmine.entities.recognition import EntityRecogniser
from litmine.entities.spans import PROPOSAL, Span
from litmine.language import Analyser
from litmine.records import Block, Cell, Document, Kind, Mention, MentionType, Table
from tests.test_entities import make_document

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "meaning.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="module")
def recogniser() -> EntityRecogniser:
    return EntityRecogniser()


def shown(mentions: tuple[Mention, ...]) -> str:
    return " | ".join(f"{m.text}={m.concept}" for m in mentions) or "-"


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[case[0][:50] for case in CASES])
def test_sentence(sentence: str, expected: str, analyser: Analyser, recogniser: EntityRecogniser) -> None:
    document = make_document(sentence)
    assert shown(recogniser.recognise(document, analyser.analyse(document))) == expected


def read(analyser: Analyser, recogniser: EntityRecogniser, *paragraphs: str) -> list[str]:
    """For each paragraph its mentions as `shown` writes them."""
    document = make_document(*paragraphs)
    mentions = recogniser.recognise(document, analyser.analyse(document))
    return [shown(tuple(m for m in mentions if b.start <= m.start < b.end)) for b in document.blocks]


DOCUMENTS = [
    (
        "a definition holds before and after the place where it stands",
        ("ER was lost in the relapse.", "The endoplasmic reticulum (ER) swelled.", "ER-positive or not, ER was full."),
        ["-", "-", "-"],
    ),
    (
        "a name defined anew means the new thing from there on",
        (
            "Loss of estrogen receptor (ER) was seen. ER was scored.",
            "The endoplasmic reticulum (ER) swelled. ER was isolated.",
        ),
        ["estrogen receptor=ESR1 | ER=ESR1 | ER=ESR1", "-"],
    ),
    (
        "a list of abbreviations defines",
        ("The MET was counted.", "Abbreviations: MET, macrophage extracellular trap; OS, overall survival."),
        ["-", "-"],
    ),
    (
        "a list of abbreviations names a drug by what it stands for",
        ("MTX was given for a week.", "Abbreviations: MTX, methotrexate; OS, overall survival."),
        ["MTX=methotrexate", "MTX=methotrexate | methotrexate=methotrexate"],
    ),
    (
        "a gene shown by its context is one elsewhere, too",
        ("SET protein inhibits PP2A.", "Cells without SET died."),
        ["SET=SET | PP2A=PP2A", "SET=SET"],
    ),
    (
        "a code that names cells is no gene anywhere",
        ("We grew CA46 cells in serum.", "CA46 resists ibrutinib."),
        ["-", "ibrutinib=ibrutinib"],
    ),
    (
        "an approved symbol before the word cells stays a gene",
        ("CD8 cells and EGFR cells were sorted.",),
        ["CD8=CD8A | EGFR=EGFR"],
    ),
    (
        "two genes under one abbreviation stay two",
        ("Janus kinase/signal transducer and activator of transcription (JAK/STAT) signaling rose.", "JAK/STAT is on."),
        [
            "Janus kinase=JAK | signal transducer and activator of transcription=STAT | JAK=JAK | STAT=STAT",
            "JAK=JAK | STAT=STAT",
        ],
    ),
    (
        "a class whose target is defined inside it",
        ("Patients received a heat shock protein 90 (HSP90) inhibitor.", "HSP90 was degraded."),
        ["heat shock protein 90 (HSP90) inhibitor=hsp90 inhibitor", "HSP90=HSP90"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "paragraphs", "expected"), DOCUMENTS, ids=[d[0] for d in DOCUMENTS])
def test_document(
    name: str, paragraphs: tuple[str, ...], expected: list[str], analyser: Analyser, recogniser: EntityRecogniser
) -> None:
    assert read(analyser, recogniser, *paragraphs) == expected


def make_table(*rows: tuple[str, ...]) -> Document:
    """A document of one table, cells parted by tabs."""
    text = "\n".join("\t".join(row) for row in rows)
    cells, at = [], 0
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            cells.append(Cell(i, j, at, at + len(cell)))
            at += len(cell) + 1
    block = Block(0, len(text), Kind.TABLE, 0)
    return Document("0" * 16, "t", "0" * 64, "", text, blocks=(block,), tables=(Table(0, None, tuple(cells)),))


def test_cells_are_read_one_by_one(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    table = make_table(
        ("Gene", "Drug", "Source"),
        ("Kinase", "2 doses", "MET Labs"),
        ("EGFR T790M", "PI3K inhibitor", "EGFR"),
        ("Nuclear factor", "κB"),
    )
    mentions = recogniser.recognise(table, analyser.analyse(table))
    assert shown(mentions) == "EGFR=EGFR | PI3K inhibitor=pi3k inhibitor"
    cells = table.tables[0].cells
    assert all(any(c.start <= m.start and m.end <= c.end for c in cells) for m in mentions)


def test_a_column_of_drugs_and_their_makers_is_read(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    table = make_table(("Drug (company)", "Company"), ("olaparib", "Lapatinib Ltd"))
    assert [m.text for m in recogniser.recognise(table, analyser.analyse(table))] == ["olaparib"]


def test_rows_of_cell_lines_name_no_gene(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    table = make_table(("Resource", "Name"), ("Cell line (human)", "AKT1"), ("Antibody", "anti-AKT1 (rabbit)"))
    assert [m.text for m in recogniser.recognise(table, analyser.analyse(table))] == ["AKT1"]


def proposal(text: str, surface: str, type_: MentionType = MentionType.GENE) -> Span:
    start = text.index(surface)
    return Span(start, start + len(surface), type_, None, None, 0.7, PROPOSAL)


def test_proposals_fill_gaps_only(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    text = "Zorbin-7 and EGFR resist qarazol in H1975 cells; the endoplasmic reticulum (ER) stays, and ER too."
    document = make_document(text)
    proposals = [
        proposal(text, "Zorbin-7"),
        proposal(text, "EGFR resist"),
        proposal(text, "qarazol", MentionType.DRUG),
        proposal(text, "H1975"),
        proposal(text, "ER"),
    ]
    mentions = recogniser.recognise(document, analyser.analyse(document), proposals)
    assert shown(mentions) == "Zorbin-7=ZORBIN-7 | EGFR=EGFR | qarazol=qarazol"
    assert [m.score for m in mentions] == [0.7, 1.0, 0.7]
    assert [m.curie is None for m in mentions] == [True, False, True]


@pytest.mark.parametrize(
    ("surface", "type_", "expected"),
    [
        ("EGFR protein", MentionType.GENE, "EGFR"),
        ("Herceptin", MentionType.DRUG, "trastuzumab"),
        ("zorb ligase 3", MentionType.GENE, "ZORB_LIGASE_3"),
        ("zorb inhibitors", MentionType.DRUG, "zorb inhibitor"),
    ],
)
def test_link(surface: str, type_: MentionType, expected: str, recogniser: EntityRecogniser) -> None:
    concept, curie = recogniser.link(surface, type_)
    assert concept == expected
    assert (curie is None) is surface.startswith("zorb")
