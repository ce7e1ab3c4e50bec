"""Agents that a sentence speaks of without naming one."""

import pytest

from litmine.language import Analyser
from litmine.records import Block, Document, Kind, Mention, MentionType
from litmine.relations.candidates import iter_pairs
from litmine.relations.implied import implied_class, iter_checkpoint_blockade
from litmine.relations.passages import Passages

CLASSES = ("parp inhibitor", "anti-pd-l1 antibody", "egfr inhibitor", "gefitinib")


@pytest.mark.parametrize(
    ("sentence", "name", "gene", "expected"),
    [
        ("Cells resisted PARP inhibition.", "PARP", "PARP", "parp inhibitor"),
        ("Inhibition of PARP killed them.", "PARP", "PARP1", "parp inhibitor"),
        ("They were spared under EGFR blockade.", "EGFR", "EGFR", "egfr inhibitor"),
        ("This limits anti-PD-L1 therapy.", "PD-L1", "CD274", "anti-pd-l1 antibody"),
        ("This limits anti-PD-L1 monotherapies.", "PD-L1", "CD274", "anti-pd-l1 antibody"),
        ("Stained with anti-PD-L1 at noon.", "PD-L1", "CD274", None),
        ("PD-L1 blockade failed.", "PD-L1", "CD274", None),
        ("PARP levels fell.", "PARP", "PARP", None),
        ("KRAS inhibition was tried.", "KRAS", "KRAS", None),
    ],
)
def test_class_that_the_words_around_a_gene_speak_of(sentence: str, name: str, gene: str, expected: str | None) -> None:
    start = sentence.index(name)
    assert implied_class(sentence, start, start + len(name), gene, CLASSES) == expected


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("Resistance to immune checkpoint blockade is common.", ["immune checkpoint blockade"]),
        ("Checkpoint inhibition and ICB both fail.", ["Checkpoint inhibition", "ICB"]),
        ("The cell cycle checkpoint was blocked; the icb gene is bacterial.", []),
    ],
)
def test_checkpoint_blockade(sentence: str, phrases: list[str]) -> None:
    assert [sentence[start:end] for start, end in iter_checkpoint_blockade(sentence)] == phrases


def pairs_of(*paragraphs: str) -> set[tuple[str, str, int]]:
    """Candidate pairs with their anchors, where every "PARP inhibitor" is a drug and "PARP" and "SLFN11" are genes."""
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    blocks = tuple(Block(s, s + len(p), Kind.PARAGRAPH, 0) for s, p in zip(starts, paragraphs, strict=True))
    document = Document(doc_id="d", path="d.txt", sha256="", media_type="text/plain", text=text, blocks=blocks)
    analysis = Analyser().analyse(document)
    names = {
        "PARP inhibitors": (MentionType.DRUG, "parp inhibitor"),
        "PARP ": (MentionType.GENE, "PARP"),
        "SLFN11": (MentionType.GENE, "SLFN11"),
    }
    mentions = [
        Mention(s.index, at, at + len(name.strip()), name.strip(), kind, concept)
        for s in analysis.sentences
        for name, (kind, concept) in names.items()
        if (at := text.find(name, s.start, s.end)) >= 0
        and not (kind is MentionType.GENE and text.startswith("PARP inhibitors", at))
    ]
    return {(p.drug, p.gene, p.anchor) for p in iter_pairs(Passages(document, analysis, mentions))}


def test_inhibition_of_a_target_stands_for_the_class_that_the_document_names() -> None:
    named, unnamed = "PARP inhibitors kill tumours.", "Loss of SLFN11 protects cells from PARP inhibition."
    assert ("parp inhibitor", "SLFN11", 1) in pairs_of(named, unnamed)
    assert pairs_of(unnamed) == set()
