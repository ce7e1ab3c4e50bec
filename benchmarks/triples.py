"""Triples on documents that the model was not trained on: `python -m benchmarks.triples FOLDER [--errors NAME]`.

FOLDER holds one folder per annotated document. Each is scored by a model trained on the others, on gold and on
predicted mentions; beside it stands what same-sentence co-occurrence of gold mentions gives. F is that of the sets of
keys of a document.
"""

import argparse
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from litmine.records import Mention, MentionType, Triple
from litmine.relations.extraction import TripleExtractor, choose
from litmine.relations.scoring import Scored
from litmine.settings import RelationSettings
from litmine.training.triples import Corpus, Left, leave_one_out, read_corpus, report
from litmine.training.triples_learning import f_score, gold_keys, recalibrated

READINGS = ("gold", "predicted")
BINS = 5


def cooccurrence(mentions: Sequence[Mention]) -> set[tuple[str, str, str]]:
    """Every drug, gene and mechanism of one sentence."""
    by_sentence: dict[int, dict[MentionType, set[str]]] = {}
    for mention in mentions:
        if mention.concept is not None:
            kinds = by_sentence.setdefault(mention.sentence, {kind: set() for kind in MentionType})
            kinds[mention.type].add(mention.concept)
    return {
        (drug, gene, mechanism)
        for kinds in by_sentence.values()
        for drug in kinds[MentionType.DRUG]
        for gene in kinds[MentionType.GENE]
        for mechanism in kinds[MentionType.MECHANISM]
    }


def print_baseline(corpus: Corpus) -> None:
    print(f"{'same-sentence co-occurrence, gold mentions':44s} +mechanism")
    scores = []
    for document, examples in zip(corpus.documents, corpus.examples["gold"], strict=True):
        scores.append(f_score(cooccurrence(document.mentions), gold_keys(examples)))
        print(f"{document.name:44s} {scores[-1]:10.3f}")
    print(f"{'mean':44s} {sum(scores) / len(scores):10.3f}")


def print_calibration(corpus: Corpus, left: Sequence[Left], reading: str) -> None:
    """Claims of left-out documents by score: how many of those given are in the gold."""
    rows: list[tuple[float, bool]] = []
    for item, examples in zip(left, corpus.examples[reading], strict=True):
        gold = gold_keys(examples)
        kept = choose(recalibrated(item.raw[reading], item.model.slope, item.model.intercept), item.model.threshold)
        best: dict[tuple[str, str, str], float] = {}
        for c in kept:
            key = _key(c)
            best[key] = max(c.score, best.get(key, 0.0))
        rows += [(score, key in gold) for key, score in best.items()]
    rows.sort()
    print(f"distinct claims by score, {reading} mentions:  score  right      n")
    for i in range(BINS):
        part = rows[i * len(rows) // BINS : (i + 1) * len(rows) // BINS]
        score, right = (sum(row[k] for row in part) / max(1, len(part)) for k in (0, 1))
        print(f"{'':41s} {score:6.2f} {right:6.2f} {len(part):6d}")


def print_attributes(corpus: Corpus, left: Sequence[Left], reading: str) -> None:
    """Of extracted triples that share key and evidence with a gold one: how often each attribute is that one's."""
    names = ("role", "state", "polarity", "certainty", "references", "evidence")
    right = dict.fromkeys(names, 0)
    total = 0
    for i, (document, analysis) in enumerate(zip(corpus.documents, corpus.analyses, strict=True)):
        model = left[i].model
        extractor = TripleExtractor(RelationSettings(threshold=model.threshold), model)
        for triple in extractor.extract(document.document, analysis, corpus.mentions[reading][i]):
            same = [t for t in document.triples if _shares(t, triple)]
            if same:
                gold = max(same, key=lambda t: (t.role == triple.role, t.state == triple.state))
                total += 1
                for name in names:
                    right[name] += getattr(gold, name) == getattr(triple, name)
    print(f"attributes of {total} matched triples, {reading} mentions: ", end="")
    print(", ".join(f"{name} {count / max(1, total):.3f}" for name, count in right.items()))


def print_errors(corpus: Corpus, left: Sequence[Left], name: str) -> None:
    """False and missed claims of one document, on gold mentions, with the sentence of the best candidate."""
    i = next(i for i, d in enumerate(corpus.documents) if d.name == name)
    examples, model = corpus.examples["gold"][i], left[i].model
    candidates = recalibrated(left[i].raw["gold"], model.slope, model.intercept)
    best = {_key(c): c for c in sorted(candidates, key=lambda c: c.score)}
    gold, found = gold_keys(examples), {_key(c) for c in choose(candidates, model.threshold)}
    for label, keys in (("false", found - gold), ("missed", gold - found)):
        for key in sorted(keys, key=lambda k: -best[k].score if k in best else 0.0):
            scored = best.get(key)
            where = corpus.analyses[i].sentences[scored.pair.anchor].text if scored else "no candidate"
            print(f"{label:6s} {scored.score if scored else 0.0:.2f} {' | '.join(key)}: {where}")


def _key(scored: Scored) -> tuple[str, str, str]:
    return scored.pair.drug, scored.pair.gene, scored.mechanism.mechanism


def _shares(gold: Triple, triple: Triple) -> bool:
    same = (gold.drug, gold.gene, gold.mechanism) == (triple.drug, triple.gene, triple.mechanism)
    return same and not set(gold.evidence).isdisjoint(triple.evidence)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", metavar="NAME", help="also print every false and missed claim of a document")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    corpus = read_corpus(options.folder, READINGS)
    print_baseline(corpus)
    left = leave_one_out(corpus, READINGS, READINGS[-1])
    for reading in READINGS:
        print(report(corpus, left, reading))
        print_calibration(corpus, left, reading)
        print_attributes(corpus, left, reading)
    started = time.perf_counter()
    extractor = TripleExtractor()
    for document, analysis in zip(corpus.documents, corpus.analyses, strict=True):
        extractor.extract(document.document, analysis, document.mentions)
    n_tokens = sum(len(s.tokens) for a in corpus.analyses for s in a.sentences)
    print(f"{n_tokens / (time.perf_counter() - started):,.0f} tokens a second")
    if options.errors:
        print_errors(corpus, left, options.errors)


if __name__ == "__main__":
    main()
