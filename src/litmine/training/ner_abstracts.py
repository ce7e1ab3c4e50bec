"""The public corpora from which the tagger of genes and chemicals learns: where they lie and what they annotate.

Each corpus says which types its annotators looked for; the others are unknown there, not absent. Left out: JNLPBA,
BC2GM and bionlp13-cg (share-alike or unclear terms for weights), CIViCmine (only the arguments of claims are marked),
tmVar and BioID (no complete annotation of genes).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litmine.entities.ner import CHEMICAL, GENE

BIORED_TRAIN, BIORED_DEV = "biored/Train.PubTator", "biored/Dev.PubTator"
BOTH = frozenset({GENE, CHEMICAL})
_TYPES = {
    "GeneOrGeneProduct": GENE,
    "Gene": GENE,
    "FamilyName": GENE,
    "GENE-Y": GENE,
    "GENE-N": GENE,
    "ChemicalEntity": CHEMICAL,
    "Chemical": CHEMICAL,
    "CHEMICAL": CHEMICAL,
}
_PUBTATOR = {
    "pubtator/BC5CDR_TrainDev.PubTator": frozenset({CHEMICAL}),
    "pubtator/NLMgene_Train.PubTator": frozenset({GENE}),
    "pubtator/GNormPlus_Train.PubTator": frozenset({GENE}),
}
_DRUGPROT = "drugprot/drugprot_training_abstracts_RECOVERED.tsv", "drugprot/drugprot_training_entities.tsv"


@dataclass(frozen=True, slots=True)
class Abstract:
    """A title and abstract, the spans (start, end, type) in it, and the types that were looked for."""

    pmid: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    types: frozenset[str]


def read_biored(folder: Path, part: str) -> list[Abstract]:
    """BioRED (Luo and others, Brief Bioinform 2022): `part` is BIORED_TRAIN or BIORED_DEV."""
    return list(_read_pubtator(folder / part, BOTH))


def read_others(folder: Path, without: frozenset[str]) -> list[Abstract]:
    """BC5CDR, NLM-Gene, GNormPlus and the part of DrugProt whose text is at hand, less the PMIDs `without`."""
    found = [a for name, types in _PUBTATOR.items() for a in _read_pubtator(folder / name, types)]
    found += _read_drugprot(*(folder / name for name in _DRUGPROT))
    return [abstract for abstract in found if abstract.pmid not in without]


def _read_pubtator(path: Path, types: frozenset[str]) -> Iterator[Abstract]:
    titles: dict[str, str] = {}
    bodies: dict[str, str] = {}
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if written := re.match(r"(\w+)\|([ta])\|(.*)", line):
            (titles if written[2] == "t" else bodies)[written[1]] = written[3]
            continue
        fields = line.split("\t")
        if len(fields) > 4 and fields[1].isdigit() and fields[4] in _TYPES:
            spans.setdefault(fields[0], []).append((int(fields[1]), int(fields[2]), _TYPES[fields[4]]))
    for pmid, title in titles.items():
        own = tuple(span for span in sorted(set(spans.get(pmid, ()))) if span[2] in types)
        yield Abstract(pmid, f"{title} {bodies.get(pmid, '')}", own, types)


def _read_drugprot(abstracts: Path, entities: Path) -> list[Abstract]:
    spans: dict[str, set[tuple[int, int, str]]] = {}
    for line in entities.read_text(encoding="utf-8").split("\n"):
        fields = line.split("\t")
        if len(fields) == 6 and fields[2] in _TYPES:
            spans.setdefault(fields[0], set()).add((int(fields[3]), int(fields[4]), _TYPES[fields[2]]))
    rows = (line.split("\t") for line in abstracts.read_text(encoding="utf-8").split("\n"))
    return [
        Abstract(row[0], f"{row[1]} {row[2]}", tuple(sorted(spans.get(row[0], ()))), BOTH)
        for row in rows
        if len(row) == 3
    ]
