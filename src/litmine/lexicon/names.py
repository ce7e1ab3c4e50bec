"""The name lists of genes and drugs, loaded once and looked up by folded key.

Owns reading the packaged files and merging the curated ones over the built ones. Whether a hit is meant as that gene or
drug in its sentence is for `litmine.entities` to decide.
"""

import gzip
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litmine.lexicon.folding import fold
from litmine.records import MentionType

DATA = Path(__file__).parent / "data"
MOST_ATOMS = 14
"""Names of more atoms (see `folding`) are not sought."""
NO_CURIE = "-"
"""Stands in the built lists for the CURIE of a concept that no registry holds."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for.

    `curated`: written by hand, trusted over the registries. `exact`: the spellings (hyphens and spaces aside) of which
    the text must use one, capitals included; empty where any will do. `symbol`: capitals or digits tell the name from a
    word. `words`: it may be written as several words; `solid`: as one. `rank`: 0 for an approved symbol or INN up to 4
    for a full name, as in the build. `ambiguous`: several genes claim it with equal right.
    """

    concept: str
    curie: str | None
    type: MentionType
    rank: int = 0
    symbol: bool = False
    words: bool = False
    ambiguous: bool = False
    solid: bool = False
    curated: bool = False
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """How often annotators of public corpora called a spelling a gene (or drug), and how often they did not."""

    named: int
    other: int


class NameList:
    """Names of one type by folded key."""

    def __init__(self, type_: MentionType, concepts: dict[str, str], names: dict[str, str]) -> None:
        self.type = type_
        self._concepts = concepts
        self._names = names
        self._curated: dict[str, Name] = {}
        self._field: dict[str, Name] = {}
        self.dependents: dict[str, tuple[str, str | None]] = {}
        """Abbreviations that count only in a document that names their concept in full: concept and CURIE."""

    def __len__(self) -> int:
        return len(self._names)

    def sizes(self) -> dict[str, int]:
        """Number of names by source."""
        return {"curated": len(self._curated), "field": len(self._field), "registries": len(self._names)}

    def get(self, key: str) -> Name | None:
        """What the name means: curated before the field's, the field's before the built."""
        return self._curated.get(key) or self._field.get(key) or self.built(key)

    def built(self, key: str) -> Name | None:
        """What the registries alone say."""
        raw = self._names.get(key)
        if raw is None:
            return None
        flags, _, concept = raw.partition("\t")
        return Name(
            concept,
            self._concepts.get(concept),
            self.type,
            rank=int(flags[0]),
            symbol="s" in flags,
            words="w" in flags,
            solid="w" not in flags,
            ambiguous="?" in flags,
        )

    def iter_keys(self) -> Iterator[str]:
        """Every folded name, those of several sources more than once; the built ones ascending."""
        yield from self._names
        yield from self._field
        yield from self._curated

    def iter_concepts(self) -> Iterator[tuple[str, str]]:
        """Every concept with its CURIE."""
        yield from self._concepts.items()

    def curie(self, concept: str) -> str | None:
        return self._concepts.get(concept)

    def has_concept(self, concept: str) -> bool:
        """Whether any list has the concept, under a registry's id or as what its own name stands for."""
        if concept in self._concepts:
            return True
        name = self.get(fold(concept))
        return name is not None and name.concept == concept

    def add_curated(self, concept: str, names: list[str], curie: str | None) -> None:
        """Names that hold over the built list. "=NAME" asks for the very capitals; "~NAME" is kept in `dependents`."""
        self._add_written(self._curated, concept, names, curie)

    def add_field(self, concept: str, names: list[str], curie: str | None) -> None:
        """Names, written as for `add_curated`, that hold over the built list but not over the curated names."""
        self._add_written(self._field, concept, names, curie)

    def _add_written(self, held_names: dict[str, Name], concept: str, names: list[str], curie: str | None) -> None:
        if curie:
            self._concepts[concept] = curie
        curie = self._concepts.get(concept) or self._borrowed_curie(concept, names)
        for name in names:
            if name.startswith("~"):
                self.dependents[name[1:]] = (concept, curie)
                continue
            bare = name.removeprefix("=")
            key = fold(bare)
            broken = " " in bare or "-" in bare
            held = held_names.get(key)
            same = held is not None and held.concept == concept
            held_names[key] = Name(
                concept,
                curie,
                self.type,
                symbol=any(c.isdigit() or c.isupper() for c in bare),
                words=broken or (same and held is not None and held.words),
                solid=not broken or (same and held is not None and held.solid),
                curated=True,
                exact=_exact_forms(held if same else None, bare, name != bare),
            )

    def _borrowed_curie(self, concept: str, names: list[str]) -> str | None:
        """For a drug whose concept the registries spell otherwise: the CURIE that they give to one of its names."""
        if self.type is MentionType.DRUG:
            for name in names:
                built = self._names.get(fold(name.lstrip("=~")))
                if built is not None:
                    curie = self._concepts[built.split("\t")[1]]
                    return self._concepts.setdefault(concept, curie)
        return None

    def drop(self, keys: Iterable[str], field: bool = False) -> None:
        """Forget built names that are errors of a registry or never the thing meant; with `field`, the field's too."""
        for names in (self._names, self._field) if field else (self._names,):
            for key in keys:
                names.pop(key, None)
                names.pop(key + "s", None)


def _exact_forms(held: Name | None, name: str, exact: bool) -> tuple[str, ...]:
    if not exact or (held is not None and not held.exact):
        return ()
    return (*held.exact, name) if held is not None else (name,)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that recognition looks up; usage by surface. `ordinary`: lower-case words that are mostly no names.

    `fusions`: pairs of symbols known to fuse. `others`: folded names of cell lines, terms and matter that are neither.
    `not_drugs`: kind of thing by folded name, for names that a registry of drugs holds and the field means otherwise.
    """

    genes: NameList
    drugs: NameList
    gene_usage: dict[str, Usage]
    drug_usage: dict[str, Usage]
    ordinary: frozenset[str]
    fusions: frozenset[tuple[str, str]]
    others: frozenset[str]
    not_drugs: dict[str, str]


@cache
def load_lexicon() -> Lexicon:
    """The packaged lexicon; loaded on the first call, shared by later ones."""
    return make_lexicon()


def make_lexicon(without: Set[str] = frozenset()) -> Lexicon:
    """The packaged lexicon less the curated names whose folded key is in `without`.

    Registries, usage and the names of the field (`*_field.tsv`, written without sight of any annotated document) stay
    whole. Where field and curated names disagree, the curated hold.
    """
    genes = read_built("genes", MentionType.GENE)
    drugs = read_built("drugs", MentionType.DRUG)
    for name_list, file in ((genes, "gene_field.tsv"), (drugs, "drug_field.tsv")):
        for concept, names, curie in _read_rows(file, 3):
            name_list.add_field(concept, names.split("|"), curie or None)
    others: set[str] = set()
    for file, curated in (("not_names.tsv", True), ("not_genes_field.tsv", False)):
        for scope, listed in _read_rows(file, 2):
            keys = [key for key in map(fold, listed.split("|")) if not curated or key not in without]
            others.update(keys)
            if scope in {"gene", "both"}:
                genes.drop(keys, field=curated)
            if scope in {"drug", "both"}:
                drugs.drop(keys, field=curated)
    for name_list, file in ((genes, "gene_names.tsv"), (drugs, "drug_names.tsv"), (drugs, "drug_classes.tsv")):
        for concept, names, curie in _read_rows(file, 3):
            kept = [name for name in names.split("|") if not without or fold(name.lstrip("=~")) not in without]
            name_list.add_curated(concept, kept, curie or None)
    gene_usage, drug_usage = _read_usage("gene_usage.tsv"), _read_usage("drug_usage.tsv")
    ordinary = frozenset(
        surface
        for usage in (gene_usage, drug_usage)
        for surface, counts in usage.items()
        if surface.islower() and counts.other > 3 * counts.named
    )
    fusions = frozenset((first, second) for first, second in _read_rows("fusions.tsv", 2))
    not_drugs = {fold(name): kind for kind, names in _read_rows("not_drugs_field.tsv", 2) for name in names.split("|")}
    return Lexicon(genes, drugs, gene_usage, drug_usage, ordinary, fusions, frozenset(others), not_drugs)


def read_built(label: str, type_: MentionType) -> NameList:
    """The list that `litmine.training.lexicon` built, nothing curated.

    The file holds four columns, each a block of lines: concepts, their CURIEs or `NO_CURIE`, folded names, their flags
    and concept.
    """
    text = gzip.decompress((DATA / f"{label}.tsv.gz").read_bytes()).decode("utf-8")
    concepts, curies, names, meanings = (column.split("\n") for column in text.split("\n\n"))
    known = {concept: curie for concept, curie in zip(concepts, curies, strict=True) if curie != NO_CURIE}
    return NameList(type_, known, dict(zip(names, meanings, strict=True)))


def _read_usage(file: str) -> dict[str, Usage]:
    return {surface: Usage(int(named), int(other)) for surface, named, other in _read_rows(file, 3)}


def _read_rows(file: str, columns: int) -> Iterator[tuple[str, ...]]:
    """Rows of a curated file, short ones filled up with ""; "#" begins a remark. None without the file."""
    path = DATA / file
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("\t")
            yield tuple(fields + [""] * (columns - len(fields)))[:columns]
