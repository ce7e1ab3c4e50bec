"""Candidates, attributes, evidence and extraction of triples, on short texts written for these tests."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from litmine.language import Analyser
from litmine.reading.citations.callouts import find_callouts
from litmine.records import (
    UNSPECIFIED,
    Analysis,
    Block,
    Document,
    Kind,
    Level,
    Mention,
    MentionType,
    Role,
    Section,
    State,
)
from litmine.relations.attributes import ATTRIBUTE_FEATURES, AttributeReader
from litmine.relations.candidates import Source, iter_pairs, mechanisms_of
from litmine.relations.evidence import evidence_of, references_of
from litmine.relations.extraction import TripleExtractor, choose
from litmine.relations.features import PAIR_FEATURES, PairFeatures
from litmine.relations.knowledge import classes_of_gene, is_target
from litmine.relations.mechanism_features import MECHANISM_FEATURES, MechanismFeatures
from litmine.relations.passages import Passages
from litmine.relations.response import response_of
from litmine.relations.scoring import Scored, score_candidates, shipped_model
from litmine.settings import RelationSettings

DRUGS = {
    "lapatinib": "lapatinib",
    "Lapatinib": "lapatinib",
    "cetuximab": "cetuximab",
    "gefitinib": "gefitinib",
    "cisplatin": "cisplatin",
}
GENES = {"PTEN": "PTEN", "AXL": "AXL", "MET": "MET", "ABCB1": "ABCB1", "KRAS": "KRAS", "PI3K": "PI3K", "MAPK": "MAPK"}
MECHANISMS = {
    "PI3K signaling": "pi3k_akt_mtor",
    "PI3K and MAPK pathways": "pi3k_akt_mtor",
    "drug efflux": "drug_efflux",
    "apoptosis": "apoptosis",
    "bypass signaling": "bypass_receptor",
}
CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@dataclass(frozen=True)
class Text:
    document: Document
    analysis: Analysis
    mentions: tuple[Mention, ...]

    @property
    def passages(self) -> Passages:
        return Passages(self.document, self.analysis, self.mentions)


def make_text(analyser: Analyser, *blocks: tuple[Kind, str], title: str = "") -> Text:
    """A document of these blocks, each heading opening a section, with every known name as a mention."""
    text = "\n\n".join(content for _, content in blocks)
    sections = [Section("", 0, None)]
    spans: list[Block] = []
    at = 0
    for kind, content in blocks:
        if kind is Kind.HEADING:
            sections.append(Section(content, 1, 0))
        spans.append(Block(at, at + len(content), kind, len(sections) - 1))
        at += len(content) + 2
    document = Document(
        doc_id="d",
        path="d.txt",
        sha256="d",
        media_type="text/plain",
        text=text,
        title=title,
        sections=tuple(sections),
        blocks=tuple(spans),
        callouts=tuple(find_callouts(text)),
    )
    analysis = analyser.analyse(document)
    mentions = [
        Mention(s.index, s.start + m.start(), s.start + m.end(), m[0], kind, names[m[0]])
        for kind, names in (
            (MentionType.DRUG, DRUGS),
            (MentionType.GENE, GENES),
            (MentionType.MECHANISM, MECHANISMS),
        )
        for s in analysis.sentences
        for m in re.finditer("|".join(sorted(map(re.escape, names), key=len, reverse=True)), s.text)
    ]
    return Text(document, analysis, tuple(mentions))


def sources(text: Text, gene: str) -> dict[str, tuple[Source, int]]:
    pairs = [p for p in iter_pairs(text.passages) if p.gene == gene and p.gene_distance == 0]
    return {p.drug: (p.drug_source, p.drug_distance) for p in pairs}


def test_drug_from_the_sentence_comes_before_all_others(analyser: Analyser) -> None:
    text = make_text(
        analyser,
        (Kind.HEADING, "Resistance to cetuximab"),
        (Kind.PARAGRAPH, "AXL confers resistance to gefitinib. Cells were kept for a week."),
    )
    assert sources(text, "AXL") == {"gefitinib": (Source.SENTENCE, 0), "cetuximab": (Source.HEADING, 0)}


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("Tumors escaped from gefitinib. AXL was raised in them.", (Source.NEIGHBOUR, -1)),
        ("AXL was raised in them. They had escaped from gefitinib.", (Source.NEIGHBOUR, 1)),
        (
            "We gave gefitinib. It was noon. It was dark. It was late. It was cold. AXL was raised.",
            (Source.PARAGRAPH, 0),
        ),
    ],
)
def test_drug_left_unsaid_is_taken_from_the_paragraph(
    analyser: Analyser, paragraph: str, expected: tuple[Source, int]
) -> None:
    assert sources(make_text(analyser, (Kind.PARAGRAPH, paragraph)), "AXL")["gefitinib"] == expected


def test_drug_named_nowhere_near_is_taken_from_the_title(analyser: Analyser) -> None:
    text = make_text(
        analyser,
        (Kind.TITLE, "How tumors escape from cetuximab"),
        (Kind.PARAGRAPH, "AXL was raised in most tumors."),
    )
    assert sources(text, "AXL") == {"cetuximab": (Source.TITLE, 0)}


def test_topics_are_the_drugs_the_document_is_about(analyser: Analyser) -> None:
    text = make_text(
        analyser,
        (Kind.TITLE, "How tumors escape from cetuximab"),
        (Kind.PARAGRAPH, "We compared it with gefitinib and gefitinib with cisplatin."),
    )
    assert text.passages.topics == ("cetuximab",)
    assert text.passages.title_drugs == {"cetuximab"}


def test_gene_of_an_anaphora_comes_from_the_sentence_before(analyser: Analyser) -> None:
    text = make_text(
        analyser, (Kind.PARAGRAPH, "AXL is a receptor. Blocking this receptor restored the response to gefitinib.")
    )
    inherited = [p for p in iter_pairs(text.passages) if p.anchor == 1]
    assert [(p.gene, p.gene_distance, p.drug_source) for p in inherited] == [("AXL", -1, Source.SENTENCE)]


def test_no_candidate_crosses_into_another_paragraph(analyser: Analyser) -> None:
    text = make_text(
        analyser, (Kind.PARAGRAPH, "Gene AXL was raised."), (Kind.PARAGRAPH, "Blocking apoptosis spared the cells.")
    )
    assert list(iter_pairs(text.passages)) == []


def test_a_flattened_table_does_not_join_its_far_cells(analyser: Analyser) -> None:
    filler = " ".join(f"cell {i} |" for i in range(40))
    text = make_text(analyser, (Kind.PARAGRAPH, f"| gefitinib | AXL | {filler} | cisplatin | MET |"))
    pairs = {(p.drug, p.gene) for p in iter_pairs(text.passages) if p.drug_source is Source.SENTENCE}
    assert pairs == {("gefitinib", "AXL"), ("cisplatin", "MET")}


def test_mechanisms_come_from_sentence_neighbours_knowledge_and_heading(analyser: Analyser) -> None:
    text = make_text(
        analyser,
        (Kind.HEADING, "Drug transport and drug efflux"),
        (Kind.PARAGRAPH, "Loss of PTEN causes resistance to cetuximab. Then apoptosis is suppressed."),
    )
    pair = next(p for p in iter_pairs(text.passages) if p.gene == "PTEN")
    found = {m.mechanism: (m.source, m.distance) for m in mechanisms_of(text.passages, pair)}
    assert found == {
        "apoptosis": (Source.NEIGHBOUR, 1),
        "pi3k_akt_mtor": (Source.KNOWLEDGE, 0),
        "drug_efflux": (Source.HEADING, 0),
        UNSPECIFIED: (Source.NONE, 0),
    }


def test_one_phrase_naming_two_pathways_gives_both(analyser: Analyser) -> None:
    text = make_text(analyser, (Kind.PARAGRAPH, "MET activates the PI3K and MAPK pathways under gefitinib."))
    pair = next(p for p in iter_pairs(text.passages) if p.gene == "MET")
    assert {"pi3k_akt_mtor", "mapk_erk"} <= {m.mechanism for m in mechanisms_of(text.passages, pair)}


@pytest.mark.parametrize(
    ("drug", "gene", "expected"),
    [
        ("parp inhibitor", "PARP1", True),
        ("parp inhibitor", "BRCA1", False),
        ("anti-her2 antibody", "ERBB2", True),
        ("pd-1 inhibitor", "PDCD1", True),
        ("cetuximab", "EGFR", True),
        ("cetuximab", "MET", False),
        ("cisplatin", "TP53", False),
    ],
)
def test_targets_of_drugs(drug: str, gene: str, expected: bool) -> None:
    assert is_target(drug, gene) is expected


def test_what_is_known_of_genes() -> None:
    assert "pi3k_akt_mtor" in classes_of_gene("PTEN")
    assert classes_of_gene("MIR4321") == {"noncoding_rna"}
    assert classes_of_gene("NOSUCHGENE") == frozenset()


def test_features_have_one_column_per_name_and_mask_names(analyser: Analyser) -> None:
    sentence = "Loss of {} causes resistance to {} in patients [3]."
    rows = []
    for gene, drug in (("KRAS", "gefitinib"), ("MAPK", "cisplatin")):
        passages = make_text(analyser, (Kind.PARAGRAPH, sentence.format(gene, drug))).passages
        pair = next(iter_pairs(passages))
        mechanism = mechanisms_of(passages, pair)[-1]
        rows.append(PairFeatures(passages).rows([pair])[0].tolist())
        assert len(rows[-1]) == len(PAIR_FEATURES)
        assert MechanismFeatures(passages).rows(pair, [mechanism]).shape == (1, len(MECHANISM_FEATURES))
        assert AttributeReader(passages).features(pair, mechanism, (0,)).shape == (len(ATTRIBUTE_FEATURES),)
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    ("sentence", "less", "more"),
    [
        ("The cells were resistant.", 1, 0),
        ("The drug restored sensitivity.", 0, 1),
        ("This overcame resistance in mice.", 0, 1),
        ("Patients showed a poor response.", 1, 0),
        ("It reduced the sensitivity of the cells.", 1, 0),
        ("Loss of the gene caused resistance.", 1, 0),
        ("Loss of sensitivity was seen.", 1, 0),
        ("Sensitivity decreased after a week.", 1, 0),
        ("The cells were less sensitive.", 1, 0),
        ("Resistant cells were grown.", 0, 0),
        ("It restored the effect of the drug.", 0, 1),
        ("The gene blocked the action of the drug.", 1, 0),
        ("The effect was seen in mice.", 0, 0),
        ("The weather was fine.", 0, 0),
    ],
)
def test_words_of_response_are_turned_round(analyser: Analyser, sentence: str, less: int, more: int) -> None:
    found = response_of(make_text(analyser, (Kind.PARAGRAPH, sentence)).analysis.sentences[0])
    assert (len(found.less), len(found.more)) == (less, more)


@pytest.mark.parametrize(
    ("sentence", "escapes", "kills"),
    [
        ("The gene protects cells from the drug.", 1, 0),
        ("Tumors that relapsed had survived the drug.", 2, 0),
        ("The drug killed the cells.", 0, 1),
        ("The cells were grown.", 0, 0),
    ],
)
def test_words_of_outliving_a_treatment_are_counted(
    analyser: Analyser, sentence: str, escapes: int, kills: int
) -> None:
    found = response_of(make_text(analyser, (Kind.PARAGRAPH, sentence)).analysis.sentences[0])
    assert (found.escapes, found.kills) == (escapes, kills)


def _attribute_cases() -> list[dict[str, str]]:
    with (CASES / "attributes.tsv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


@pytest.mark.parametrize("case", _attribute_cases(), ids=lambda case: case["sentence"][:40])
def test_attributes_of_plain_sentences(analyser: Analyser, case: dict[str, str]) -> None:
    text = make_text(analyser, (Kind.PARAGRAPH, case["sentence"].format(gene="AXL", drug="cisplatin")))
    (triple,) = TripleExtractor(RelationSettings(threshold=0.05)).extract(
        text.document, text.analysis, [m for m in text.mentions if m.type is not MentionType.MECHANISM]
    )[:1]
    found = {name: str(getattr(triple, name)) for name in ("role", "state", "polarity", "certainty")}
    assert found == {name: case[name] for name in found}


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        ("In a trial, AXL marked patients who escaped from cetuximab.", Level.CLINICAL),
        ("In xenografts AXL blunted the effect of cetuximab.", Level.IN_VIVO),
        ("In cultured cells AXL blunted the effect of cetuximab.", Level.IN_VITRO),
        ("AXL blunts the effect of cetuximab.", Level.REVIEW),
    ],
)
def test_level_of_evidence(analyser: Analyser, sentence: str, level: Level) -> None:
    passages = make_text(analyser, (Kind.PARAGRAPH, sentence)).passages
    assert AttributeReader(passages).level(0, (0,)) is level


def scored(passages: Passages, drug: str, gene: str, mechanism: str = UNSPECIFIED, score: float = 0.5) -> Scored:
    pair = next(p for p in iter_pairs(passages) if (p.drug, p.gene) == (drug, gene))
    chosen = next(m for m in mechanisms_of(passages, pair) if m.mechanism == mechanism)
    return Scored(pair, chosen, score, score, PairFeatures(passages).rows([pair])[0])


def test_evidence_is_the_gene_and_what_names_the_drug_beside_it(analyser: Analyser) -> None:
    passages = make_text(
        analyser,
        (Kind.PARAGRAPH, "Tumors escaped from gefitinib. AXL was raised in them. Then apoptosis was suppressed."),
    ).passages
    assert evidence_of(scored(passages, "gefitinib", "AXL")) == (0, 1)
    assert evidence_of(scored(passages, "gefitinib", "AXL", "apoptosis")) == (0, 1, 2)


def test_evidence_needs_no_second_sentence_where_one_says_all(analyser: Analyser) -> None:
    passages = make_text(
        analyser, (Kind.PARAGRAPH, "We gave cisplatin. AXL blunts gefitinib through PI3K signaling. So it goes.")
    ).passages
    assert evidence_of(scored(passages, "gefitinib", "AXL", "pi3k_akt_mtor")) == (1,)


@pytest.mark.parametrize(("gene", "references"), [("AXL", (4,)), ("MET", (7, 8, 9))])
def test_each_finding_of_a_sentence_keeps_its_own_citation(
    analyser: Analyser, gene: str, references: tuple[int, ...]
) -> None:
    passages = make_text(
        analyser, (Kind.PARAGRAPH, "Gefitinib fails: AXL blunts gefitinib [4], and MET does so in mice [7–9].")
    ).passages
    claim = scored(passages, "gefitinib", gene)
    assert references_of(passages, claim, evidence_of(claim)) == references


def test_unspecified_gives_way_to_a_named_mechanism_of_the_same_pair(analyser: Analyser) -> None:
    passages = make_text(analyser, (Kind.PARAGRAPH, "ABCB1 defeats cisplatin by drug efflux.")).passages
    named = scored(passages, "cisplatin", "ABCB1", "drug_efflux", 0.6)
    bare = scored(passages, "cisplatin", "ABCB1", UNSPECIFIED, 0.7)
    assert choose([bare, named], 0.5) == [named]
    assert choose([bare, named], 0.65) == [bare]


REVIEW = (
    (Kind.TITLE, "Resistance to cetuximab"),
    (
        Kind.PARAGRAPH,
        "Loss of PTEN caused resistance to cetuximab through PI3K signaling [1]. AXL was not involved. "
        "Amplification of MET conferred resistance to cetuximab by bypass signaling [2,3].",
    ),
    (Kind.HEADING, "Transport"),
    (Kind.PARAGRAPH, "ABCB1 drives drug efflux. The weather is of no concern here."),
)


def test_extract_finds_the_plain_claims_of_a_text(analyser: Analyser) -> None:
    text = make_text(analyser, *REVIEW)
    triples = TripleExtractor().extract(text.document, text.analysis, text.mentions)
    found = {(t.gene, t.mechanism): t for t in triples if t.drug == "cetuximab"}
    pten = found["PTEN", "pi3k_akt_mtor"]
    assert (pten.role, pten.state, pten.evidence, pten.references) == (Role.RESISTANCE, State.DOWN, (1,), (1,))
    assert found["MET", "bypass_receptor"].references == (2, 3)
    assert "PI3K signaling" in pten.explanation


def test_extract_does_not_depend_on_the_order_of_mentions(analyser: Analyser) -> None:
    text = make_text(analyser, *REVIEW)
    extractor = TripleExtractor()
    forward = extractor.extract(text.document, text.analysis, text.mentions)
    assert forward == extractor.extract(text.document, text.analysis, text.mentions[::-1])
    assert list(forward) == sorted(forward, key=lambda t: (t.evidence, t.drug, t.gene, t.mechanism))


def test_threshold_of_the_settings_holds(analyser: Analyser) -> None:
    text = make_text(analyser, *REVIEW)
    strict = TripleExtractor(RelationSettings(threshold=0.8)).extract(text.document, text.analysis, text.mentions)
    loose = TripleExtractor(RelationSettings(threshold=0.1)).extract(text.document, text.analysis, text.mentions)
    assert strict
    assert all(t.score >= 0.8 for t in strict)
    assert len(loose) > len(strict)
    assert TripleExtractor().threshold == shipped_model().threshold


def test_text_without_drugs_or_without_mentions_gives_nothing(analyser: Analyser) -> None:
    text = make_text(analyser, (Kind.PARAGRAPH, "PTEN restrains PI3K signaling."))
    assert TripleExtractor().extract(text.document, text.analysis, text.mentions) == ()
    assert TripleExtractor().extract(text.document, text.analysis, ()) == ()


def test_mentions_without_a_concept_are_passed_over(analyser: Analyser) -> None:
    text = make_text(analyser, (Kind.PARAGRAPH, "AXL blunts gefitinib."))
    unlinked = [Mention(m.sentence, m.start, m.end, m.text, m.type, None) for m in text.mentions]
    assert score_candidates(Passages(text.document, text.analysis, unlinked), shipped_model()) == []
