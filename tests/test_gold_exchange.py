"""Gold goes out to other tools with its text and comes back the same; what cannot be read is refused in words."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from litmine.cli import main
from litmine.errors import GoldError
from litmine.gold.formats import FORMS
from litmine.gold.standoff import Line, Marked, Standoff, put_into_text, take_from_text
from litmine.gold.store import read_gold
from litmine.records import MentionType
from litmine.scoring.agreement import cohen_kappa, score_agreement
from litmine.scoring.counts import NO_INTERVALS

ROOT = Path(__file__).parent.parent
ANNOTATIONS = ROOT / "annotations"
SAMPLE = read_gold(ANNOTATIONS / "sample")


TRIPLE: dict[str, Any] = {
    "id": "t0",
    "drug": "",
    "gene": "",
    "mechanism": "unspecified",
    "role": "action",
    "state": "up",
    "polarity": "asserted",
    "certainty": "stated",
    "evidence": [],
    "refs": [3, 4],
}


def _sample_text() -> str:
    header, *lines = (ROOT / "corpora/sample/annotation/sentences.tsv").read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index("text")
    return "\n".join(line.split("\t")[column] for line in lines)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "mechanisms.tsv").write_bytes((ANNOTATIONS / "mechanisms.tsv").read_bytes())
    return tmp_path / "back"


def _path(form: str, folder: Path) -> Path:
    return folder / f"written{FORMS[form].suffix}"


@pytest.mark.parametrize("form", FORMS)
def test_gold_comes_back_as_it_went(form: str, out: Path) -> None:
    standoff, lost = put_into_text(SAMPLE, "Front matter.\n" + _sample_text())
    assert (lost.n_sentences, lost.n_mentions, lost.n_triples) == (0, 0, 0)
    path = _path(form, out.parent / "ex")
    FORMS[form].write(standoff, path)
    back = take_from_text(FORMS[form].read(path), out, SAMPLE.doi)
    assert {(m.sentence, m.start, m.end, m.text, m.type, m.concept) for m in back.mentions} == {
        (m.sentence, m.start, m.end, m.text, m.type, m.concept) for m in SAMPLE.mentions
    }
    assert back.triples == SAMPLE.triples
    assert [(s.id, s.tokens) for s in back.sentences] == [(s.id, s.tokens) for s in SAMPLE.sentences]


@pytest.mark.parametrize("form", FORMS)
def test_awkward_text_comes_back(form: str, tmp_path: Path) -> None:
    lines = (Line("a", "1. β", "para", 'A "quoted" \\ 5\'-FU, α–β; 𝛼'), Line("b", "", "heading", "x"))
    standoff = Standoff("d", "by us, MIT", lines, (Marked(11, 16, MentionType.DRUG, "5-FU"),), ())
    path = _path(form, tmp_path)
    FORMS[form].write(standoff, path)
    assert FORMS[form].read(path).lines == lines
    assert FORMS[form].read(path).mentions == standoff.mentions


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_there_is_told(form: str, tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"missing|does not exist"):
        FORMS[form].read(_path(form, tmp_path))


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("bioc", "{", "is no BioC collection"),
        ("bioc", '{"documents": []}', "is no BioC collection"),
        ("pubannotation", "[]", "is no PubAnnotation document"),
        ("pubannotation", '{"text": "x", "denotations": [{"id": "T1"}]}', "is no PubAnnotation document"),
        (
            "pubannotation",
            '{"text": "x", "denotations": [{"id": "T1", "span": {"begin": 0, "end": 1}, "obj": "Drug"}]}',
            "T1 has no concept",
        ),
    ],
)
def test_files_of_another_form_are_refused(form: str, text: str, message: str, tmp_path: Path) -> None:
    path = _path(form, tmp_path)
    path.write_text(text)
    with pytest.raises(GoldError, match=message):
        FORMS[form].read(path)


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ("T1\tDrug 0 4\tText\n", "T1 has no concept"),
        ("T1\tDrug 0 2;3 4\tTe t\n", "line 1: a mention has one span"),
        ("T1\tDisease 0 4\tText\n#1\tAnnotatorNotes T1\tx\n", "Disease is no type"),
    ],
)
def test_brat_annotations_that_are_no_gold_are_refused(annotations: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("Text\n")
    (tmp_path / "d.ann").write_text(annotations)
    with pytest.raises(GoldError, match=message):
        FORMS["brat"].read(tmp_path / "d.ann")


def test_a_mention_over_two_lines_is_refused(out: Path) -> None:
    lines = (Line("a", "", "para", "one"), Line("b", "", "para", "two"))
    standoff = Standoff("d", "", lines, (Marked(2, 5, MentionType.DRUG, "x"),), ())
    with pytest.raises(GoldError, match="crosses a line"):
        take_from_text(standoff, out)


_words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_sentences = st.lists(st.lists(_words, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(_sentences, st.data())
def test_round_trips_lose_nothing(form: str, sentences: list[str], data: st.DataObject) -> None:
    lines = tuple(Line(f"s{i}", f"{i}.", "para", words) for i, words in enumerate(sentences))
    bare = Standoff("d", "by us", lines, (), ())
    marked: list[Marked] = []
    for line, start in zip(lines, bare.starts(), strict=True):
        a, b = sorted(data.draw(st.lists(st.integers(0, len(line.text)), min_size=2, max_size=2, unique=True)))
        marked.append(Marked(start + a, start + b, data.draw(st.sampled_from(list(MentionType))), data.draw(_words)))
    row = {**TRIPLE, "evidence": ["s0"], "drug": data.draw(_words), "gene": data.draw(_words)}
    standoff = replace(bare, mentions=tuple(marked), triples=(row,))
    with TemporaryDirectory() as name:
        path = _path(form, Path(name))
        FORMS[form].write(standoff, path)
        back = FORMS[form].read(path)
    assert (back.lines, back.triples, back.source) == (standoff.lines, standoff.triples, standoff.source)
    assert set(back.mentions) == set(standoff.mentions)


def test_a_text_of_another_article_is_refused() -> None:
    with pytest.raises(GoldError, match="not a reading of sample"):
        put_into_text(SAMPLE, "Nothing of the kind.")


def test_a_text_with_gaps_gives_what_it_holds() -> None:
    half = "\n".join(_sample_text().split("\n")[:60])
    standoff, lost = put_into_text(SAMPLE, half)
    assert len(standoff.lines) + lost.n_sentences == len(SAMPLE.sentences)
    assert len(standoff.mentions) + lost.n_mentions == len(SAMPLE.mentions)
    assert len(standoff.triples) + lost.n_triples == len(SAMPLE.triples)
    assert min(lost.n_sentences, lost.n_mentions, lost.n_triples) > 0
    held = {line.id for line in standoff.lines}
    assert all(set(row["evidence"]) <= held for row in standoff.triples)


def test_the_commands(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "text.txt"
    text.write_text(_sample_text(), encoding="utf-8")
    target = str(tmp_path / "r.ann")
    assert main(["gold", "export", "sample", "--text", str(text), "--to", "brat", "-o", target]) == 0
    assert main(["gold", "import", target, "--from", "brat", "-o", str(out), "--source", "By us, MIT."]) == 0
    assert main(["gold", "validate", str(out)]) == 0
    assert main(["gold", "stats", str(out)]) == 0
    assert f"{len(SAMPLE.mentions)} mentions" in capsys.readouterr().out
    assert read_gold(out).licence == "MIT"
    assert main(["gold", "agree", "trastuzumab-resistance", "annotator-A", "annotator-B", "--list"]) == 0
    told = capsys.readouterr().out
    assert "triple with all attributes, by document" in told
    assert "nothing" in told.split("disagreements")[1]


def test_validate_names_file_and_line_of_every_fault(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    standoff, _ = put_into_text(SAMPLE, _sample_text())
    take_from_text(standoff, out)
    file = out / "mentions.jsonl"
    rows = file.read_text(encoding="utf-8").splitlines()
    rows[4] = json.dumps({**json.loads(rows[4]), "concept": "", "start": 1})
    rows.append(rows[0])
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert main(["gold", "validate", str(out)]) == 1
    told = capsys.readouterr().err
    assert f"{file}, line 5" in told
    assert f"{file}, line {len(rows)}" in told


def test_concepts_that_no_list_has_are_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gold", "validate", "sample"]) == 0
    told = capsys.readouterr().out
    assert "trastuzumbab" not in told and "inhibitor" not in told
    standoff, _ = put_into_text(SAMPLE, _sample_text())
    drugs = [m for m in standoff.mentions if m.type is MentionType.DRUG]
    wrong = replace(drugs[0], concept="trastuzumbab")
    take_from_text(replace(standoff, mentions=(wrong, *standoff.mentions[1:])), out)
    assert main(["gold", "validate", str(out)]) == 0
    assert "Drug concepts that no list here has, rare or misspelt" in (told := capsys.readouterr().out)
    assert "trastuzumbab" in told


def test_a_layer_agrees_with_itself() -> None:
    found = score_agreement(SAMPLE, SAMPLE, NO_INTERVALS)
    assert found.disagreements == ()
    assert all(score.f == 1.0 for score in found.triples.values())
    assert {kappa.value for kappa in found.kappas.values()} <= {1.0, None}


def test_disagreements_are_all_told() -> None:
    folder = ANNOTATIONS / "trastuzumab-resistance"
    first, second = (read_gold(folder, f"annotator-{name}") for name in "AB")
    found = score_agreement(first, second, NO_INTERVALS)
    strict = found.mentions["strict+concept"]["all"]
    n_mentions = sum(d.layer == "mentions" for d in found.disagreements)
    both = sum(d.layer == "mentions" and d.first is not None and d.second is not None for d in found.disagreements)
    assert n_mentions + both == strict.n_gold + strict.n_predicted - 2 * strict.n_matched


_label = st.sampled_from("abc")


@given(st.lists(st.tuples(_label, _label), min_size=1, max_size=30))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    ours = cohen_kappa(pairs)
    if ours is None:
        assert len({label for pair in pairs for label in pair}) == 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


def test_every_gold_file_has_the_documented_shape() -> None:
    schema: dict[str, Any] = json.loads((ANNOTATIONS / "gold.schema.json").read_text(encoding="utf-8"))
    n_checked = 0
    for file in sorted(ANNOTATIONS.glob("*/*.json*")):
        kind = "document" if file.name == "document.json" else file.stem.split(".")[-1].removesuffix("s")
        validator = jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{kind}"})
        text = file.read_text(encoding="utf-8")
        for row in [json.loads(text)] if kind == "document" else map(json.loads, text.splitlines()):
            validator.validate(row)
            n_checked += 1
    assert n_checked > 5000
