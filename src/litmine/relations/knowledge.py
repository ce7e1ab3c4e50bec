"""What the field knows of genes and drugs before a text is read: the mechanisms a gene works in, the targets of a drug.

Owns two small tables written for litmine (`gene_mechanisms.tsv`, `drug_targets.tsv`). They name candidates and are
features of the scorer; they never make a triple on their own.
"""

import re
from functools import cache
from importlib.resources import files

_MICRO_RNA = re.compile(r"(?:MIR|LET)-?\d+[A-Z]?\d*|MIRLET\d+[A-Z]?\d*")
_LONG_RNA = re.compile(r"LINC\d+|.+-(?:AS|IT|OT)\d+|SNHG\d+|HSA_CIRC_?\d+|CIRC[A-Z0-9]+|LOC\d+|RP\d+-.+|PIR-.+")
_CLASS_WORDS = re.compile(
    r"\b(?:inhibitors?|antagonists?|agonists?|antibod(?:y|ies)|blockers?|degraders?|activators?|mimetics?|targeted|"
    r"neutralizing|agents?|drugs?|kinase|tyrosine|selective|bispecific)\b"
)
_NAME_PARTS = re.compile(r"[\s/,;()]+|-(?=targeted|neutralizing|directed)|\b(?:and|or)\b|\banti-")


def _rows(name: str) -> list[list[str]]:
    lines = files("litmine.relations").joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@cache
def mechanism_groups() -> dict[str, str]:
    """The group ("target", "signaling", ...) of every mechanism class, in the order of the guidelines."""
    return {mechanism: group for mechanism, group, _ in _rows("gene_mechanisms.tsv")}


@cache
def _classes() -> dict[str, frozenset[str]]:
    classes: dict[str, set[str]] = {}
    for mechanism, _, genes in _rows("gene_mechanisms.tsv"):
        for gene in genes.split():
            classes.setdefault(gene, set()).add(mechanism)
    return {gene: frozenset(found) for gene, found in classes.items()}


@cache
def _targets() -> dict[str, frozenset[str]]:
    targets: dict[str, set[str]] = {}
    for gene, drugs in _rows("drug_targets.tsv"):
        for drug in drugs.split("; "):
            targets.setdefault(drug, set()).add(gene)
    return {drug: frozenset(found) for drug, found in targets.items()}


@cache
def is_noncoding_rna(gene: str) -> bool:
    return bool(_MICRO_RNA.fullmatch(gene) or _LONG_RNA.fullmatch(gene))


@cache
def classes_of_gene(gene: str) -> frozenset[str]:
    """Mechanism classes that the gene is known to work in; empty where nothing is known."""
    known = _classes().get(gene, frozenset())
    return known | {"noncoding_rna"} if is_noncoding_rna(gene) else known


@cache
def is_drug_class(drug: str) -> bool:
    """Whether the drug is a class of agents ("parp inhibitor") and not one agent."""
    return bool(_CLASS_WORDS.search(drug))


@cache
def targets_of_drug(drug: str) -> frozenset[str]:
    """Known targets, and those that the name of a drug class spells out, as upper-case symbols or words."""
    known = _targets().get(drug, frozenset())
    if not is_drug_class(drug):
        return known
    parts = {part.upper() for part in _NAME_PARTS.split(drug) if part and not _CLASS_WORDS.fullmatch(part)}
    return known | parts | {part.replace("-", "") for part in parts}


_MEMBER = re.compile(r"(?<=[A-Z]{3})\d{1,2}[A-Z]?$")
"""The number of a family's member: PARP1 is a target of what targets PARP."""
_SYNONYMS = {
    "ERBB2": ("HER2", "HER-2", "ERBB"),
    "EGFR": ("HER1", "ERBB"),
    "PDCD1": ("PD-1", "PD1"),
    "CD274": ("PD-L1", "PDL1"),
    "CTLA4": ("CTLA-4",),
    "ESR1": ("ER", "ESTROGEN"),
    "FLT3": ("FLT3-ITD",),
    "MTOR": ("MTORC1",),
}


@cache
def is_target(drug: str, gene: str) -> bool:
    """Whether the gene is a target of the drug, by knowledge or by the drug's name."""
    targets = targets_of_drug(drug)
    names = {gene, gene.replace("-", ""), _MEMBER.sub("", gene), *_SYNONYMS.get(gene, ())}
    return not names.isdisjoint(targets)
