"""Trains the triple model and reports, document by document, how it does on documents it was not trained on.

    python -m litmine.training.triples --annotations DIR [--mentions gold|predicted|both] [--without NAME] [-o FILE]

For each annotated document a model is trained on the others (leave one document out) and scored on it; calibration and
threshold come from scores of the other documents, each by the model that did not see it. Only these figures are
reported. The model that is written is trained on all documents; `--without` sets one aside entirely, so that the
weights may be judged on it. Owns the report; fitting is in `triples_learning`.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litmine.errors import GoldError, LitmineError
from litmine.language import Analyser
from litmine.records import Analysis, Mention, Triple
from litmine.relations.extraction import TripleExtractor
from litmine.relations.scoring import Scored, TripleModel, score_candidates
from litmine.settings import RelationSettings
from litmine.training.annotated import AnnotatedDocument, read_annotated_folders
from litmine.training.triples_examples import Examples, candidate_recall, make_examples
from litmine.training.triples_learning import best_threshold, calibration, fit_model, recalibrated
from litmine.training.triples_templates import read_templates

LEVELS: Mapping[str, tuple[str, ...]] = {
    "drug-gene": ("drug", "gene"),
    "+mechanism": ("drug", "gene", "mechanism"),
    "+role": ("drug", "gene", "mechanism", "role"),
    "all": ("drug", "gene", "mechanism", "role", "state", "polarity", "certainty"),
}
READINGS = {"gold": ("gold",), "predicted": ("predicted",), "both": ("gold", "predicted")}


@dataclass(frozen=True)
class Corpus:
    """Annotated documents with their analyses, and examples from their gold and their predicted mentions."""

    documents: tuple[AnnotatedDocument, ...]
    analyses: tuple[Analysis, ...]
    mentions: Mapping[str, tuple[tuple[Mention, ...], ...]]
    examples: Mapping[str, tuple[Examples, ...]]
    templates: Examples


@dataclass(frozen=True)
class Left:
    """A left-out document: the model trained without it, calibrated and with its threshold, and the scores it gave."""

    examples: Examples
    model: TripleModel
    raw: Mapping[str, Sequence[Scored]]


def read_corpus(root: Path, readings: Sequence[str], without: Sequence[str] = ()) -> Corpus:
    """`readings` are of "gold" and "predicted"; predicted mentions come from the recognisers of `litmine.entities`.

    Raises GoldError where fewer than three documents are left, for calibration needs some that a model did not see.
    """
    documents = tuple(d for d in read_annotated_folders(root) if d.name not in without)
    if len(documents) < 3:
        raise GoldError(f"{root} holds {len(documents)} annotated documents to train on; at least three are needed.")
    analyser = Analyser()
    analyses = tuple(analyser.analyse(d.document, d.sentences) for d in documents)
    mentions = {"gold": tuple(d.mentions for d in documents)}
    if "predicted" in readings:
        predictor = MentionPredictor()
        mentions["predicted"] = tuple(predictor.predict(d, a) for d, a in zip(documents, analyses, strict=True))
    examples = {
        reading: tuple(make_examples(d, a, m) for d, a, m in zip(documents, analyses, found, strict=True))
        for reading, found in mentions.items()
        if reading in readings
    }
    plain = read_templates()
    templates = make_examples(plain, analyser.analyse(plain.document, plain.sentences), plain.mentions)
    return Corpus(documents, analyses, mentions, examples, templates)


class MentionPredictor:
    """The recognisers of `litmine.entities`, loaded once."""

    def __init__(self) -> None:
        from litmine.entities.mechanisms import MechanismRecogniser
        from litmine.entities.recognition import EntityRecogniser

        self._entities = EntityRecogniser()
        self._mechanisms = MechanismRecogniser()

    def predict(self, document: AnnotatedDocument, analysis: Analysis) -> tuple[Mention, ...]:
        entities = self._entities.recognise(document.document, analysis)
        return (*entities, *self._mechanisms.recognise(document.document, analysis, entities))


def leave_one_out(corpus: Corpus, train_on: Sequence[str], judge_by: str) -> list[Left]:
    """One model per document, trained on the `train_on` readings of the others; `judge_by` sets the threshold."""
    n = len(corpus.documents)
    models: list[TripleModel] = []
    raw: list[dict[str, list[Scored]]] = []
    for out in range(n):
        training = [corpus.examples[reading][i] for reading in train_on for i in range(n) if i != out]
        models.append(fit_model(training, corpus.templates))
        raw.append(
            {
                reading: score_candidates(examples[out].passages, models[out])
                for reading, examples in corpus.examples.items()
            }
        )
    judged = corpus.examples[judge_by]
    left: list[Left] = []
    for out in range(n):
        slope, intercept, threshold = settle(
            [(judged[i], raw[i][judge_by]) for i in range(n) if i != out],
        )
        model = replace(models[out], slope=slope, intercept=intercept, threshold=threshold)
        left.append(Left(judged[out], model, raw[out]))
    return left


def settle(scored: Sequence[tuple[Examples, Sequence[Scored]]]) -> tuple[float, float, float]:
    """Slope, intercept and threshold from uncalibrated scores of documents the models were not trained on."""
    slope, intercept = calibration(scored)
    by_name = {e.document.name: (e, recalibrated(found, slope, intercept)) for e, found in scored}
    return slope, intercept, best_threshold(by_name)


def key_scores(gold: Sequence[Triple], predicted: Sequence[Triple]) -> dict[str, float]:
    """F of the sets of keys that a document's triples have, per level."""
    scores: dict[str, float] = {}
    for level, names in LEVELS.items():
        wanted = {tuple(getattr(t, name) for name in names) for t in gold}
        found = {tuple(getattr(t, name) for name in names) for t in predicted}
        scores[level] = 2 * len(wanted & found) / max(1, len(wanted) + len(found))
    return scores


def report(corpus: Corpus, left: Sequence[Left], reading: str) -> str:
    """A table: per document candidate recall, threshold, triples and F at each level, then means."""
    head = f"{'left-out document (' + reading + ' mentions)':44s} pairs cands  thr  gold  pred"
    lines = [head + "".join(f" {level:>10s}" for level in LEVELS)]
    scores: list[dict[str, float]] = []
    for i, (document, analysis) in enumerate(zip(corpus.documents, corpus.analyses, strict=True)):
        model = left[i].model
        extractor = TripleExtractor(RelationSettings(threshold=model.threshold), model)
        predicted = extractor.extract(document.document, analysis, corpus.mentions[reading][i])
        pair_recall, recall = candidate_recall(corpus.examples[reading][i])
        scores.append(key_scores(document.triples, predicted))
        lines.append(
            f"{document.name:44s} {pair_recall:5.2f} {recall:5.2f} {model.threshold:4.2f} {len(document.triples):5d}"
            f" {len(predicted):5d}" + "".join(f" {scores[-1][level]:10.3f}" for level in LEVELS)
        )
    means = "".join(f" {sum(s[level] for s in scores) / len(scores):10.3f}" for level in LEVELS)
    return "\n".join([*lines, f"{'mean':70s}{means}"])


def train(corpus: Corpus, train_on: Sequence[str], left: Sequence[Left], judge_by: str) -> TripleModel:
    """The model of all documents, with the calibration and threshold that left-out documents ask for."""
    model = fit_model([e for reading in train_on for e in corpus.examples[reading]], corpus.templates)
    slope, intercept, threshold = settle([(item.examples, item.raw[judge_by]) for item in left])
    names = tuple(document.name for document in corpus.documents)
    return replace(model, slope=slope, intercept=intercept, threshold=threshold, trained_on=names)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m litmine.training.triples", description="Train the triple model.")
    parser.add_argument("--annotations", type=Path, required=True, help="folder of annotated documents")
    parser.add_argument("--mentions", choices=list(READINGS), default="both", help="mentions to train on")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="a document to set aside")
    parser.add_argument("-o", "--output", type=Path, help="where to write the weights of the model of all documents")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    train_on = READINGS[options.mentions]
    try:
        corpus = read_corpus(options.annotations, train_on, options.without)
    except LitmineError as error:
        print(error, file=sys.stderr)
        return 1
    judge_by = train_on[-1]
    left = leave_one_out(corpus, train_on, judge_by)
    for reading in train_on:
        print(report(corpus, left, reading), flush=True)
    if options.output is not None:
        data = train(corpus, train_on, left, judge_by).to_bytes()
        options.output.write_bytes(data)
        print(f"{options.output}: {len(data):,} bytes")
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
