"""Mechanism lexicon and recogniser, through their public functions."""

import csv
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.entities.mechanisms import MechanismRecogniser
from litmine.language import Analyser
from litmine.lexicon.mechanism_words import american, singular, split_words, text_keys
from litmine.lexicon.mechanisms import LexiconError, Row, load_mechanisms, read_classes, read_mechanisms
from litmine.reading.citations.callouts import find_callouts
from litmine.records import Analysis, Block, Document, Kind, Mention, MentionType, Sentence

CASES = Path(__file__).parent / "cases" / "mechanisms.tsv"


def make_document(*texts: str, kind: Kind = Kind.PARAGRAPH) -> Document:
    """One block for each text."""
    text = "\n\n".join(texts)
    blocks = []
    at = 0
    for part in texts:
        blocks.append(Block(at, at + len(part), kind, 0))
        at += len(part) + 2
    return Document("0", "", "", "text/plain", text, blocks=tuple(blocks), callouts=tuple(find_callouts(text)))


def analyse_plainly(document: Document) -> Analysis:
    """Sentences without tokens, one for each block: words must then be known by their form."""
    return Analysis(
        tuple(
            Sentence(i, block.start, block.end, document.text[block.start : block.end], block.kind, 0, i)
            for i, block in enumerate(document.blocks)
        )
    )


def entity(document: Document, text: str, type_: MentionType, concept: str, sentence: int = 0) -> Mention:
    start = document.text.index(text, document.blocks[sentence].start)
    return Mention(sentence, start, start + len(text), text, type_, concept)


def found(document: Document, *entities: Mention) -> list[tuple[str, str | None]]:
    mentions = MechanismRecogniser().recognise(document, analyse_plainly(document), entities)
    return [(mention.text, mention.concept) for mention in mentions]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def read_cases() -> list[tuple[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["expected"]) for row in csv.DictReader(stream, delimiter="\t")]


@pytest.mark.parametrize(("text", "expected"), read_cases())
def test_finds_mechanisms_of_every_field(analyser: Analyser, text: str, expected: str) -> None:
    document = make_document(text)
    analysis = analyser.analyse(document, ((0, len(text)),))
    mentions = MechanismRecogniser().recognise(document, analysis)
    assert "; ".join(f"{mention.text}={mention.concept}" for mention in mentions) == (expected or "")


def test_every_class_is_reachable_and_described() -> None:
    classes = read_classes()
    reachable = set()
    nodes, seen = [load_mechanisms().root], set()
    while nodes:
        node = nodes.pop()
        if id(node) not in seen:
            seen.add(id(node))
            reachable |= {name for _, name in node.ends}
            nodes.extend(following for targets in node.edges.values() for following in targets)
    assert len(classes) == 44
    assert set(classes) <= reachable
    assert all(row.group and row.label for row in classes.values())


def test_curie_is_the_class_table_s_cross_reference() -> None:
    document = make_document("Autophagy and epitope masking were seen.")
    mentions = MechanismRecogniser().recognise(document, analyse_plainly(document))
    assert [mention.curie for mention in mentions] == ["go:0006914", None]


def test_headings_and_captions_are_read_and_references_are_not() -> None:
    text = "Apoptosis and autophagy"
    assert len(found(make_document(text, kind=Kind.HEADING))) == 2
    assert len(found(make_document(text, kind=Kind.CAPTION))) == 2
    assert found(make_document(text, kind=Kind.REFERENCE)) == []
    assert found(make_document(text, kind=Kind.TABLE)) == []


def test_no_mention_reaches_across_a_callout() -> None:
    document = make_document("This is due to cell cycle [3,4] arrest.")
    assert found(document) == [("cell cycle", "cell_cycle")]


def test_spelling_hyphens_and_inflection_do_not_matter() -> None:
    texts = ("G1 cell-cycle arrest", "G₁ cell cycle arrest", "receptor heterodimerisation", "Wnt signalling pathways")
    for text in texts:
        assert [mention for mention, _ in found(make_document(text))] == [text]


def test_acronyms_match_as_written_only() -> None:
    assert found(make_document("ADCC was strong.")) == [("ADCC", "adcc")]
    assert found(make_document("The adcc file was read.")) == []


def test_a_process_inside_a_drug_s_name_is_no_mention() -> None:
    document = make_document("The autophagy modulating agent X1 was given.")
    drug = entity(document, "autophagy modulating agent X1", MentionType.DRUG, "x1")
    assert found(document) == [("autophagy", "autophagy")]
    assert found(document, drug) == []


def test_a_mechanism_may_hold_a_drug_and_genes() -> None:
    document = make_document("We saw binding of lapatinib to EGFR.")
    drug = entity(document, "lapatinib", MentionType.DRUG, "lapatinib")
    gene = entity(document, "EGFR", MentionType.GENE, "EGFR")
    assert found(document, drug, gene) == [("binding of lapatinib to EGFR", "target_binding")]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("PI3K/Akt and MAPK pathways", "pi3k_akt_mtor"),
        ("EGFR/MAPK signaling", "mapk_erk"),
        ("HER3 signaling", "other_signaling"),
        ("IL-6/JAK2/STAT3 axis", "jak_stat"),
        ("activation of STAT3", "jak_stat"),
        ("TGF-β (TGFB1) signaling", "hedgehog_hippo_tgfb"),
        ("EGFR, JNK, and ERK phosphorylation", "jnk_p38"),
    ],
)
def test_a_pathway_takes_the_class_of_its_first_telling_gene(text: str, concept: str) -> None:
    assert found(make_document(text)) == [(text, concept)]


def test_a_gene_s_concept_decides_where_its_name_is_unknown() -> None:
    document = make_document("The protein kinase Bα pathway was on.")
    gene = entity(document, "protein kinase Bα", MentionType.GENE, "AKT1")
    assert found(document, gene) == [("protein kinase Bα pathway", "pi3k_akt_mtor")]


def test_loss_of_a_gene_is_target_loss_only_where_a_drug_of_the_document_acts_on_it() -> None:
    sentence = "Loss of MET expression was common."
    document = make_document("Patients had capmatinib.", sentence)
    drug = entity(document, "capmatinib", MentionType.DRUG, "capmatinib")
    assert found(document, drug) == [("Loss of MET expression", "target_loss")]
    other = make_document("Patients had ibrutinib.", sentence)
    drug = entity(other, "ibrutinib", MentionType.DRUG, "ibrutinib")
    assert found(other, drug) == []


def test_a_bracketed_short_form_may_stand_inside_a_phrase() -> None:
    document = make_document("It raised regulatory T cell (Treg) infiltration.")
    assert found(document) == [("regulatory T cell (Treg) infiltration", "immune_suppression")]


def test_short_forms_defined_for_a_mechanism_are_found_everywhere(analyser: Analyser) -> None:
    document = make_document(
        "Cells with homologous recombination (HR) survive.", "HR was lost. The hazard ratio was low."
    )
    mentions = MechanismRecogniser().recognise(document, analyser.analyse(document))
    assert [(m.text, m.concept) for m in mentions] == [
        ("homologous recombination", "dna_repair"),
        ("HR", "dna_repair"),
        ("HR", "dna_repair"),
    ]


WORDS = [
    *("loss", "of", "HER2", "the", "amplification", "and", "apoptosis,", "PI3K", "/", "Akt", "-", "signaling"),
    *("(", "EMT", ")", "[12]", "activation", "STAT3", "G1", "arrest", "poly(ADP-ribose)", "β-catenin", "—", "T790M"),
    *("inhibitors", "NF-κB", "miR-21", "axis", ":", "CD8+", "T-cell", "infiltration"),
]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25), min_size=1, max_size=4))
def test_mentions_reproduce_the_text_and_never_overlap(sentences: list[list[str]]) -> None:
    document = make_document(*(" ".join(words) for words in sentences))
    mentions = MechanismRecogniser().recognise(document, analyse_plainly(document))
    at = 0
    for mention in mentions:
        block = document.blocks[mention.sentence]
        assert at <= mention.start < mention.end
        assert block.start <= mention.start and mention.end <= block.end
        assert document.text[mention.start : mention.end] == mention.text
        assert mention.concept in read_classes()
        assert not any(c.start < mention.end and mention.start < c.end for c in document.callouts)
        at = mention.end


@given(st.text(max_size=60))
def test_words_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for word in split_words(text):
        assert at <= word.start < word.end <= len(text)
        assert word.form
        at = word.end


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("G2/M-phase", ["G2", "M", "phase"]),
        ("down-regulation", ["downregulation"]),
        ("anti-PD-1", ["anti", "PD", "1"]),
        ("poly(ADP-ribose) polymerase", ["poly", "ADP", "ribose", "polymerase"]),
        ("NF-κB (p65)", ["NF", "kappaB", "(", "p65", ")"]),
        ("CD8+ T cells", ["CD8", "T", "cells"]),
        ("stress – hypoxia", ["stress", "—", "hypoxia"]),
        ("HER2:HSP90", ["HER2", "HSP90"]),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    assert [word.form for word in split_words(text)] == forms


def test_british_spellings_and_plurals_share_keys() -> None:
    assert american("signalling") == "signaling"
    assert american("dimerisation") == "dimerization"
    assert singular("pathways") == "pathway"
    assert singular("apoptosis") == "apoptosis"
    assert {"CSC", "csc"} & text_keys("CSCs")
    assert "tumor" in text_keys("tumours")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("no_such_class\tapoptosis", "no mechanism class no_such_class"),
        ("apoptosis\t(cell death", "bracket is not closed"),
        ("apoptosis\tcell)", "unexpected"),
        ("apoptosis\t<cell> death", "no slot <cell>"),
        ("apoptosis\t@deaths", "set @deaths"),
        ("apoptosis\t(programmed)?", "nothing at all"),
    ],
)
def test_a_faulty_lexicon_names_row_and_fault(tmp_path: Path, row: str, fault: str) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text(f"class\tpattern\n{row}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"lexicon\.tsv, row 2.*{fault}"):
        read_mechanisms(path)


def test_a_mention_is_traced_to_its_row_and_missed_without_it(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text("class\tpattern\nautophagy\tself eating\nautophagy\teating\n", encoding="utf-8")
    document = make_document("Self eating was seen.")
    analysis = analyse_plainly(document)

    def trace(*without: int) -> list[tuple[str, int]]:
        rows = frozenset(Row("lexicon.tsv", line) for line in without)
        recogniser = MechanismRecogniser(read_mechanisms(path, without=rows))
        return [(mention.text, row.line) for mention, row in recogniser.trace(document, analysis) if row]

    assert trace() == [("Self eating", 2)]
    assert trace(2) == [("eating", 3)]
    assert trace(2, 3) == []


def test_of_several_files_the_first_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "first.tsv", tmp_path / "second.tsv"
    first.write_text(
        "class\tpattern\n@way\tslow\nautophagy\t@way eating\n\ngene/other_signaling\t<gene> route\n", encoding="utf-8"
    )
    second.write_text(
        "# Written blind.\nclass\tpattern\n@way\tfast\napoptosis\tslow eating\n# bypass\nautophagy\t@way eating\n"
        "bypass_receptor\t<gene> route\n",
        encoding="utf-8",
    )
    document = make_document("Slow eating, fast eating, the KRAS route.")
    traced = MechanismRecogniser(read_mechanisms(first, second)).trace(document, analyse_plainly(document))
    assert [(mention.text, mention.concept, row) for mention, row in traced] == [
        ("Slow eating", "autophagy", Row("first.tsv", 3)),
        ("fast eating", "autophagy", Row("second.tsv", 6)),
        ("KRAS route", "mapk_erk", Row("first.tsv", 5)),
    ]


def test_no_pattern_stands_twice() -> None:
    lines = files("litmine.lexicon").joinpath("mechanisms.tsv").read_text(encoding="utf-8").splitlines()
    patterns = Counter(line.partition("\t")[2] for line in lines if not line.startswith("@"))
    assert [pattern for pattern, n in patterns.items() if n > 1] == []


def test_a_lexicon_of_one_s_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text("class\tpattern\n@kind\tslow fast\nautophagy\t@kind (cell)? eating\n", encoding="utf-8")
    document = make_document("Slow cell eating and fast eating, but no apoptosis.")
    mentions = MechanismRecogniser(read_mechanisms(path)).recognise(document, analyse_plainly(document))
    assert [mention.text for mention in mentions] == ["Slow cell eating", "fast eating"]
