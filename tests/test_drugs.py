"""Drugs by the names that the field uses, and agents that no list holds; every sentence is made up."""

from pathlib import Path

import pytest

from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.lexicon import names
from litmine.lexicon.folding import fold
from litmine.records import MentionType
from tests.test_entities import make_document

FIELD = Path(names.DATA) / "drug_field.tsv"


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="module")
def recogniser() -> EntityRecogniser:
    return EntityRecogniser()


def drugs(text: str, analyser: Analyser, recogniser: EntityRecogniser) -> dict[str, str | None]:
    document = make_document(text)
    found = recogniser.recognise(document, analyser.analyse(document))
    return {m.text: m.concept for m in found if m.type is MentionType.DRUG}


NAMED = [
    ("Cells were exposed to 5-aza-CdR for two days.", {"5-aza-CdR": "decitabine"}),
    ("Tumours relapsed on T-DXd.", {"T-DXd": "trastuzumab deruxtecan"}),
    ("We added ATRA to the medium.", {"ATRA": "tretinoin"}),
    ("The payload DM1 was set free.", {"DM1": "mertansine"}),
    ("SN-38 kills these cells.", {"SN-38": "sn-38"}),
    ("Mice were given PEG-IFN-α.", {"PEG-IFN-α": "pegylated interferon alfa"}),
    ("MAb 225 slowed the growth of the graft.", {"MAb 225": "225"}),
    ("Cell death followed BV6.", {"BV6": "bv6"}),
    ("Cross-linkers were toxic to them.", {"Cross-linkers": "cross-linker"}),
    ("Radiomimetics failed.", {"Radiomimetics": "radiomimetic"}),
]


@pytest.mark.parametrize(("text", "expected"), NAMED, ids=[case[0] for case in NAMED])
def test_names_of_the_field(
    text: str, expected: dict[str, str], analyser: Analyser, recogniser: EntityRecogniser
) -> None:
    assert drugs(text, analyser, recogniser) == expected


def test_an_abbreviation_counts_only_beside_its_drug(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    alone = drugs("GEM was given on day one.", analyser, recogniser)
    beside = drugs("Gemcitabine helped. GEM was given on day one.", analyser, recogniser)
    assert "GEM" not in alone
    assert beside["GEM"] == "gemcitabine"


UNLISTED = [
    ("stem", "The antibody quorilimab and voxatinib were added.", {"quorilimab", "voxatinib"}),
    ("stem of a class", "Fexiparib and tarolisib were added.", {"Fexiparib", "tarolisib"}),
    ("antibiotic", "Zorbamycin was added.", {"Zorbamycin"}),
    ("instrument", "The cryostat and the thermostat broke.", set()),
    ("hormone", "Ghrelins rose after the meal.", set()),
    ("code introduced", "We tested the kinase inhibitor QZ-4471.", {"QZ-4471"}),
    ("code of a patent", "QZ4471, a novel inhibitor, was tested.", {"QZ4471"}),
    ("half-maximal dose", "The inhibitor (IC50 of 3 nM) was weak.", set()),
    ("substitution", "The inhibitor T790M was not meant.", set()),
    ("trial", "The inhibitor NCT01234567 was not meant.", set()),
    ("derivative", "The quinoline derivative 7a was weak.", {"quinoline derivative 7a"}),
    ("metal", "A ruthenium(II) complex was stable.", {"ruthenium(II) complex"}),
    ("cargo", "5-FU@QrX was stable.", {"5-FU@QrX"}),
    ("loaded", "Curcumin-loaded liposomes were stable.", {"Curcumin-loaded liposomes"}),
    ("code of particles", "QrXC NPs were stable.", {"QrXC NPs"}),
    ("bare carrier", "PLGA-PEG NPs and lipid nanoparticles were stable.", set()),
    ("unnamed cargo", "Drug-loaded nanoparticles were stable.", set()),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in UNLISTED], ids=[case[0] for case in UNLISTED])
def test_agents_that_no_list_holds(
    text: str, expected: set[str], analyser: Analyser, recogniser: EntityRecogniser
) -> None:
    found = set(drugs(text, analyser, recogniser))
    assert {name for name in found if "inhibitor" not in name} == expected


def test_a_code_once_introduced_is_a_drug_in_every_sentence(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    text = "QZ-4471 was weak. We made the inhibitor QZ-4471. The results of QZ-4471 were poor."
    document = make_document(text)
    found = recogniser.recognise(document, analyser.analyse(document))
    assert [m.start for m in found if m.text == "QZ-4471"] == [0, text.index("QZ", 5), text.index("QZ", 60)]


CLASSES = [
    ("A TGFβR inhibitor was added.", "TGFβR inhibitor", "tgfbr inhibitor"),
    ("A BAG-1 inhibitor was added.", "BAG-1 inhibitor", "bag1 inhibitor"),
    ("A PD-L1 inhibitor was added.", "PD-L1 inhibitor", "pd-l1 inhibitor"),
    ("A MEK + AKT inhibitor was added.", "MEK + AKT inhibitor", "mek and akt inhibitor"),
    ("Alkylating or intercalating agents were used.", "Alkylating or intercalating agents", "alkylating agent"),
]


@pytest.mark.parametrize(("text", "surface", "concept"), CLASSES, ids=[case[0] for case in CLASSES])
def test_classes_by_target_or_use(
    text: str, surface: str, concept: str, analyser: Analyser, recogniser: EntityRecogniser
) -> None:
    assert drugs(text, analyser, recogniser).get(surface) == concept


def test_adjectives_that_name_no_class_stay_apart(analyser: Analyser, recogniser: EntityRecogniser) -> None:
    assert drugs("Potent and selective drugs were used.", analyser, recogniser) == {}


def test_the_field_list_gives_each_name_one_meaning() -> None:
    rows = [
        line.split("\t") for line in FIELD.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    meanings: dict[str, set[str]] = {}
    for concept, listed, _ in rows:
        for name in listed.split("|"):
            bare = name.lstrip("=~")
            meanings.setdefault(bare if name.startswith("~") else fold(bare), set()).add(concept)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}
    assert all(concept == concept.lower() for concept, _, _ in rows)
