"""A run folder is scored from its tables and texts alone, and the scores are written beside them."""

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmine.errors import GoldError, StoreError
from litmine.gold.model import Gold
from litmine.gold.store import read_gold
from litmine.scoring.counts import NO_INTERVALS, Resampling
from litmine.scoring.runs import Scores, format_scores, score_run
from litmine.scoring.tables import SCHEMA
from litmine.scoring.triples import LEVELS
from litmine.tables import schema

ROOT = Path(__file__).parent.parent
ANNOTATIONS = ROOT / "annotations"
GOLD = read_gold(ANNOTATIONS / "sample")
HEADER = "A digest set for reading aloud.\n\n"
Rows = list[dict[str, Any]]


def _sample_sentences() -> list[str]:
    header, *lines = (ROOT / "corpora/sample/annotation/sentences.tsv").read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index("text")
    return [line.split("\t")[column] for line in lines]


def _perfect_rows(doc_id: str, gold: Gold, texts: list[str]) -> tuple[str, dict[str, Rows]]:
    """The text of a reading, and the rows that a run without a fault would have."""
    starts: list[int] = []
    text = HEADER
    for sentence in texts:
        starts.append(len(text))
        text += sentence + "\n"
    rows: dict[str, Rows] = {
        "documents": [{"doc_id": doc_id, "path": f"{doc_id}.pdf", "status": "done"}],
        "sentences": [
            {"doc_id": doc_id, "sentence": i, "start": starts[i], "end": starts[i] + len(sentence), "text": sentence}
            for i, sentence in enumerate(texts)
        ],
        "mentions": [
            {
                "doc_id": doc_id,
                "sentence": mention.sentence,
                "start": starts[mention.sentence] + mention.start,
                "end": starts[mention.sentence] + mention.end,
                "type": mention.type.value,
                "concept": mention.concept,
            }
            for mention in gold.mentions
        ],
        "triples": [
            {
                "doc_id": doc_id,
                "triple": i,
                "drug": triple.drug,
                "gene": triple.gene,
                "mechanism": triple.mechanism,
                "role": triple.role.value,
                "state": triple.state.value,
                "polarity": triple.polarity.value,
                "certainty": triple.certainty.value,
                "evidence": list(triple.evidence),
                "references": list(triple.references),
            }
            for i, triple in enumerate(gold.triples)
        ],
    }
    return text, rows


def _write_run(folder: Path, *readings: tuple[str, dict[str, Rows]]) -> Path:
    (folder / "text").mkdir(parents=True)
    for table in ("documents", "sentences", "mentions", "triples"):
        rows = [row for _, tables in readings for row in tables[table]]
        pq.write_table(pa.Table.from_pylist(rows, schema=schema(table)), folder / f"{table}.parquet")
    for text, tables in readings:
        (folder / "text" / f"{tables['documents'][0]['doc_id']}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def _score(run: Path, gold: Path = ANNOTATIONS / "sample") -> Scores:
    return score_run(run, gold, NO_INTERVALS)


@pytest.fixture
def perfect() -> tuple[str, dict[str, Rows]]:
    return _perfect_rows("aa", GOLD, _sample_sentences())


def test_a_run_without_a_fault_scores_one_everywhere(tmp_path: Path, perfect: tuple[str, dict[str, Rows]]) -> None:
    scores = _score(_write_run(tmp_path / "run", perfect))
    for rows in (*scores.mentions.values(), scores.triples, scores.triples_by_evidence):
        assert {score.f for score in rows.values()} == {1.0}
    assert {accuracy.share for accuracy in scores.attributes.values()} == {1.0}
    (document,) = scores.documents
    assert (document.gold, document.doc_id, document.path) == ("sample", "aa", "aa.pdf")
    assert document.n_mentions_found == document.n_mentions == len(GOLD.mentions)
    assert document.n_sentences_found == len(GOLD.sentences)
    assert document.n_mentions_outside == document.n_triples_outside == 0


def test_predictions_outside_annotated_sentences_are_counted_but_not_judged(
    tmp_path: Path, perfect: tuple[str, dict[str, Rows]]
) -> None:
    text, rows = perfect
    n_sentences = len(rows["sentences"])
    rows["sentences"].append({"doc_id": "aa", "sentence": n_sentences, "start": 0, "end": len(HEADER) - 2})
    rows["mentions"].append({**rows["mentions"][0], "start": 2, "end": 8, "sentence": n_sentences})
    rows["triples"].append({**rows["triples"][0], "gene": "XYZ", "evidence": [n_sentences]})
    scores = _score(_write_run(tmp_path / "run", (text, rows)))
    assert scores.mentions["strict"]["all"].precision == scores.triples["drug-gene"].precision == 1.0
    assert (scores.documents[0].n_mentions_outside, scores.documents[0].n_triples_outside) == (1, 1)


def test_wrong_and_missing_predictions_cost_precision_and_recall(
    tmp_path: Path, perfect: tuple[str, dict[str, Rows]]
) -> None:
    text, rows = perfect
    drug = next(row for row in rows["mentions"] if row["type"] == "Drug")
    drug["end"] -= 1
    drug["concept"] = None
    removed = rows["triples"].pop()
    rows["triples"].append({**removed, "gene": "XYZ"})
    rows["triples"][0]["references"] = [998]
    scores = _score(_write_run(tmp_path / "run", (text, rows)))
    n_drugs = sum(mention.type == "Drug" for mention in GOLD.mentions)
    for measure, n_matched in {"strict": n_drugs - 1, "relaxed": n_drugs, "relaxed+concept": n_drugs - 1}.items():
        assert scores.mentions[measure]["Drug"].n_matched == n_matched
    assert scores.triples_by_evidence["with all attributes"].n_matched == len(GOLD.triples) - 1
    assert scores.attributes["references"].n_right == len(GOLD.triples) - 2


def test_gold_that_the_reading_lost_counts_as_missed(tmp_path: Path, perfect: tuple[str, dict[str, Rows]]) -> None:
    text, rows = perfect
    cut = rows["sentences"][40]["start"]
    for table in ("sentences", "mentions"):
        rows[table] = [row for row in rows[table] if row["end"] <= cut]
    rows["triples"] = [row for row in rows["triples"] if max(row["evidence"]) < 40]
    scores = _score(_write_run(tmp_path / "run", (text[:cut], rows)))
    score = scores.mentions["strict"]["all"]
    assert (score.n_gold, score.n_predicted) == (len(GOLD.mentions), len(rows["mentions"]))
    assert score.precision == 1.0
    assert score.recall < 0.5
    assert scores.triples["drug-gene"].recall < 0.5


def test_a_gold_document_without_a_reading_is_missed_whole(
    tmp_path: Path, perfect: tuple[str, dict[str, Rows]]
) -> None:
    golds = tmp_path / "golds"
    golds.mkdir()
    for name in ("mechanisms.tsv", "sample", "mt2a-osteosarcoma"):
        (golds / name).symlink_to(ANNOTATIONS / name)
    other = read_gold(ANNOTATIONS / "mt2a-osteosarcoma")
    scores = _score(_write_run(tmp_path / "run", perfect), golds)
    assert [(document.gold, document.doc_id) for document in scores.documents] == [
        ("mt2a-osteosarcoma", None),
        ("sample", "aa"),
    ]
    score = scores.mentions["strict"]["all"]
    assert (score.n_gold, score.n_matched) == (len(GOLD.mentions) + len(other.mentions), len(GOLD.mentions))
    assert scores.triples_by_evidence["drug-gene"].n_gold == len(GOLD.triples) + len(other.triples)


def test_two_readings_of_one_article_are_scored_each(tmp_path: Path, perfect: tuple[str, dict[str, Rows]]) -> None:
    second = _perfect_rows("bb", GOLD, _sample_sentences())
    second[1]["mentions"].clear()
    unrelated = ("Nothing of the kind.", {**{name: [] for name in second[1]}, "documents": [{"doc_id": "cc"}]})
    scores = _score(_write_run(tmp_path / "run", perfect, second, unrelated))
    assert [document.doc_id for document in scores.documents] == ["aa", "bb"]
    assert scores.mentions["strict"]["all"].recall == 0.5
    assert scores.triples["drug-gene"].f == 1.0


def test_scores_are_written_and_printed(tmp_path: Path, perfect: tuple[str, dict[str, Rows]]) -> None:
    run = _write_run(tmp_path / "run", perfect)
    scores = score_run(run, ANNOTATIONS / "sample", Resampling(n=20))
    stored = json.loads((run / "scores.json").read_text(encoding="utf-8"))
    assert stored["format"] == 2
    assert stored["documents"][0]["n_mentions_found"] == len(GOLD.mentions)
    assert stored["mentions"]["strict"]["Drug"]["f"] == 1.0
    assert stored["triples"]["drug-gene"]["f_low"] == 1.0
    assert stored["attributes"]["role"] == {"n": len(GOLD.triples), "right": len(GOLD.triples), "share": 1.0}
    schema_file = files("litmine.scoring").joinpath(SCHEMA)
    jsonschema.validate(stored, json.loads(schema_file.read_text(encoding="utf-8")))
    with (run / "scores.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 4 * 4 + 3 + 2 * len(LEVELS)
    assert lines[0]["measure"] == "strict"
    assert float(lines[0]["recall"]) == 1.0
    printed = format_scores(scores)
    assert "sample in aa.pdf" in printed
    assert f"{len(GOLD.mentions)} of {len(GOLD.mentions)} gold mentions" in printed
    for level in LEVELS:
        assert f"  {level} " in printed
    assert max(map(len, printed.splitlines())) <= 110


@pytest.mark.parametrize(("trained_on", "seen"), [(["sample", "another"], True), (["another"], False)])
def test_a_score_on_an_article_that_the_weights_have_seen_says_so(
    tmp_path: Path, perfect: tuple[str, dict[str, Rows]], trained_on: list[str], seen: bool
) -> None:
    run = _write_run(tmp_path / "run", perfect)
    (run / "run.json").write_text(json.dumps({"trained_on": trained_on}))
    scores = _score(run)
    assert [document.seen_in_training for document in scores.documents] == [seen]
    assert ("CAUTION" in format_scores(scores)) is seen


def test_what_is_no_run_or_no_gold_is_refused(tmp_path: Path, perfect: tuple[str, dict[str, Rows]]) -> None:
    run = _write_run(tmp_path / "run", perfect)
    with pytest.raises(GoldError, match=r"document\.json is missing"):
        _score(run, tmp_path)
    (run / "triples.parquet").unlink()
    with pytest.raises(StoreError, match=r"triples\.parquet is missing"):
        _score(run)
