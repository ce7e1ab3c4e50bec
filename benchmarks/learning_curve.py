"""Would more annotation still help? The triple model trained on ever more documents, judged on one it has not seen.

    python -m benchmarks.learning_curve [--draws 3] [--jobs 2]      (make bench-curve)

For every annotated document and every number of training documents, models are trained on random sets of that many of
the others, from gold and predicted mentions, and score the document's candidates from predicted mentions. Printed are,
as means over documents with at least 20 triples: the area under the precision–recall curve of drug–gene–mechanism
claims (gold never proposed counts as missed), F at the one threshold that is best for that number of documents (so all
sizes are equally flattered), and how often role and state are right on the gold's claims. Intervals are 95 %, documents
drawn. The last lines say what the last document and the last doubling of triples were worth. Needs the annotated
documents below LITMINE_SHARED (or ../shared).
"""

import argparse
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from litmine.relations.scoring import score_candidates
from litmine.training.triples import Corpus, read_corpus
from litmine.training.triples_learning import ENOUGH_TRIPLES, SEED, THRESHOLDS, fit_model

READINGS = ("gold", "predicted")
FIGURES = ("area", "F", "role", "state")
N_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Lesson:
    """What to train on, and the document to judge, as indices of the corpus."""

    out: int
    training: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """`f` runs parallel to `THRESHOLDS` on the scale of uncalibrated scores; role and state are shares right."""

    lesson: Lesson
    n_triples: int
    area: float
    f: npt.NDArray[np.float64]
    role: float
    state: float


def make_lessons(n_documents: int, judged: Sequence[int], draws: int) -> list[Lesson]:
    """Each size of 1, 2, 4 … and all others, `draws` random sets of each but the last."""
    rng = np.random.default_rng(SEED)
    lessons: list[Lesson] = []
    for out in judged:
        others = [i for i in range(n_documents) if i != out]
        sizes = [2**k for k in range(10) if 2**k < len(others)]
        for size in sizes:
            lessons += (
                Lesson(out, tuple(sorted(rng.choice(others, size, replace=False).tolist()))) for _ in range(draws)
            )
        lessons.append(Lesson(out, tuple(others)))
    return lessons


def learn(corpus: Corpus, lesson: Lesson) -> Result | None:
    """None where the training documents hold too little to fit a model at all."""
    training = [corpus.examples[reading][i] for reading in READINGS for i in lesson.training]
    try:
        model = fit_model(training, corpus.templates)
    except ValueError:
        return None
    judged = corpus.examples["predicted"][lesson.out]
    best: dict[tuple[str, str, str], float] = {}
    for c in score_candidates(judged.passages, model):
        key = (c.pair.drug, c.pair.gene, c.mechanism.mechanism)
        best[key] = max(c.score, best.get(key, 0.0))
    triples = corpus.documents[lesson.out].triples
    gold = {(t.drug, t.gene, t.mechanism) for t in triples}
    told = corpus.examples["gold"][lesson.out]
    shares = {
        name: float(
            np.mean([a == b for a, b in zip(model.attributes[name].predict(told.attribute_features),
                                            told.attributes[name], strict=True)])
        )
        for name in ("role", "state")
    }  # fmt: skip
    return Result(
        lesson=lesson,
        n_triples=sum(len(corpus.documents[i].triples) for i in lesson.training),
        area=area_under(best, gold),
        f=np.array([f_at(best, gold, float(t)) for t in THRESHOLDS]),
        role=shares["role"],
        state=shares["state"],
    )


def area_under(scores: dict[tuple[str, str, str], float], gold: set[tuple[str, str, str]]) -> float:
    """Average precision, in which gold that was never proposed adds nothing."""
    right = np.array([key in gold for key in sorted(scores, key=lambda key: (-scores[key], key))], dtype=bool)
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    return float(precision[right].sum()) / len(gold)


def f_at(scores: dict[tuple[str, str, str], float], gold: set[tuple[str, str, str]], threshold: float) -> float:
    given = {key for key, score in scores.items() if score >= threshold}
    return 2 * len(given & gold) / (len(given) + len(gold))


_corpus: Corpus | None = None


def _learn(lesson: Lesson) -> Result | None:
    """In a worker, which has the corpus from the process that it was forked from."""
    assert _corpus is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return learn(_corpus, lesson)


def iter_rows(results: Sequence[Result]) -> Iterator[tuple[int, float, dict[str, tuple[float, float, float]]]]:
    """Number of documents, mean number of triples, and per figure its mean over documents with its interval."""
    rng = np.random.default_rng(SEED)
    for size in sorted({len(r.lesson.training) for r in results}):
        own = [r for r in results if len(r.lesson.training) == size]
        threshold = int(np.argmax(np.mean([r.f for r in own], axis=0)))
        by_document: dict[int, list[tuple[float, ...]]] = {}
        for r in own:
            by_document.setdefault(r.lesson.out, []).append((r.area, float(r.f[threshold]), r.role, r.state))
        means = np.array([np.mean(rows, axis=0) for rows in by_document.values()])
        drawn = means[rng.integers(len(means), size=(N_RESAMPLES, len(means)))].mean(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        figures = {name: (float(means[:, k].mean()), float(low[k]), float(high[k])) for k, name in enumerate(FIGURES)}
        yield size, float(np.mean([r.n_triples for r in own])), figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=3, help="random training sets of each size")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    if not (shared / "annotation").is_dir():
        print(f"There are no annotated documents below {shared}: set LITMINE_SHARED to the folder with the articles.")
        return 1
    warnings.simplefilter("ignore")
    global _corpus
    _corpus = read_corpus(shared / "annotation", READINGS)
    judged = [i for i, d in enumerate(_corpus.documents) if len(d.triples) >= ENOUGH_TRIPLES]
    lessons = make_lessons(len(_corpus.documents), judged, options.draws)
    from multiprocessing import get_context

    with ProcessPoolExecutor(options.jobs, mp_context=get_context("fork")) as pool:
        found = list(pool.map(_learn, lessons))
    results = [r for r in found if r is not None]
    print(f"{len(judged)} documents judged, {len(results)} models; {len(found) - len(results)} sets too small to fit")
    print(f"{'documents':>9s} {'triples':>8s}" + "".join(f"{name:>24s}" for name in FIGURES))
    rows = list(iter_rows(results))
    for size, n_triples, figures in rows:
        cells = "".join(f"{mean:10.3f} ({low:.3f}–{high:.3f})" for mean, low, high in figures.values())
        print(f"{size:9d} {n_triples:8.0f}" + cells)
    (_, few, before), (_, many, after) = rows[-2], rows[-1]
    doublings = np.log2(many / few)
    for name in FIGURES:
        print(f"{name}: {(after[name][0] - before[name][0]) / doublings:+.3f} for the last doubling of triples")
    return 0


if __name__ == "__main__":
    sys.exit(main())
