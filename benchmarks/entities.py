"""Scores drugs and genes on gold sentences of annotated documents: `python benchmarks/entities.py FOLDER`.

FOLDER holds one folder per annotated document. Strict: same span and type. Relaxed: overlapping span of the same
type, matched one to one. Concept: share of strictly matched mentions with the gold's concept.

The curated names grew while these documents were read, so the plain figures flatter. `--held-out` judges each document
without the curated names that occur in no other of the documents: such a name counts only if the registries hold it, or
the lists of the field (`*_field.tsv`), which were written before any annotated document was opened. The tagger has seen
none of them in either case.
"""

import argparse
import time
from collections import Counter
from pathlib import Path

from litmine.entities.ner import make_tagger
from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.lexicon.folding import atoms, join
from litmine.lexicon.names import MOST_ATOMS, make_lexicon
from litmine.records import Mention, MentionType
from litmine.training.annotated import AnnotatedDocument, read_annotated_folders

TYPES = (MentionType.DRUG, MentionType.GENE)


def f_score(hits: int, predicted: int, gold: int) -> tuple[float, float, float]:
    precision = hits / predicted if predicted else 0.0
    recall = hits / gold if gold else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def overlap_pairs(gold: list[Mention], predicted: list[Mention]) -> int:
    """The most pairs of overlapping spans, each used once: both lists ascending and free of overlaps."""
    pairs, i, j = 0, 0, 0
    while i < len(gold) and j < len(predicted):
        if gold[i].start < predicted[j].end and predicted[j].start < gold[i].end:
            pairs, i, j = pairs + 1, i + 1, j + 1
        elif gold[i].end <= predicted[j].start:
            i += 1
        else:
            j += 1
    return pairs


def name_keys(text: str) -> set[str]:
    """The folded keys, in the singular too, of all runs of whole words that could be a name."""
    parts = atoms(text)
    keys: set[str] = set()
    for first, part in enumerate(parts):
        if part.opens:
            for last in range(first, min(first + MOST_ATOMS, len(parts))):
                if parts[last].closes:
                    key = join(parts[first : last + 1])
                    keys.update((key, key.removesuffix("s")))
    return keys


def make_recognisers(documents: list[AnnotatedDocument]) -> list[EntityRecogniser]:
    """For each document a recogniser without the curated names that occur in this document alone."""
    keys = [name_keys(annotated.document.text) for annotated in documents]
    times = Counter(key for found in keys for key in found)
    tagger = make_tagger()
    return [EntityRecogniser(make_lexicon({key for key in found if times[key] == 1}), tagger) for found in keys]


def report_errors(
    annotated: AnnotatedDocument, predicted: tuple[Mention, ...], errors: Counter[tuple[str, ...]]
) -> None:
    """Count what was missed, spurious, of the wrong extent or linked wrongly."""
    gold = [m for m in annotated.mentions if m.type in TYPES]
    spans = {(m.start, m.end, m.type): m for m in predicted}
    gold_spans = {(m.start, m.end, m.type) for m in gold}
    touched: set[tuple[int, int, MentionType]] = set()
    for m in gold:
        same = spans.get((m.start, m.end, m.type))
        if same is not None:
            if same.concept != m.concept:
                errors["concept", annotated.name, m.type, m.text, f"{same.concept} for {m.concept}"] += 1
            continue
        near = [p for p in predicted if p.start < m.end and m.start < p.end]
        touched.update((p.start, p.end, p.type) for p in near)
        if near:
            what = " + ".join(f"{p.text} ({p.type})" for p in near)
            errors["span", annotated.name, m.type, m.text, what] += 1
        else:
            errors["missed", annotated.name, m.type, m.text, str(m.concept)] += 1
    for key, m in spans.items():
        if key not in gold_spans and key not in touched:
            errors["spurious", annotated.name, m.type, m.text, str(m.concept)] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="print every error, grouped by kind")
    parser.add_argument(
        "--held-out", action="store_true", help="without the curated names that only the judged one has"
    )
    options = parser.parse_args()
    started = time.perf_counter()
    recogniser = EntityRecogniser(tagger=make_tagger())
    print(f"lexicon and tagger loaded in {time.perf_counter() - started:.2f} s")
    documents = list(read_annotated_folders(options.folder))
    recognisers = make_recognisers(documents) if options.held_out else [recogniser] * len(documents)
    analyser = Analyser()
    errors: Counter[tuple[str, ...]] = Counter()
    seconds, tokens = 0.0, 0
    print(f"{'document':26}{'type':6}{'gold':>6}{'P':>8}{'R':>8}{'F':>8}{'relaxed F':>11}{'concept':>9}")
    scores: dict[MentionType, list[float]] = {type_: [] for type_ in TYPES}
    for annotated, recogniser in zip(documents, recognisers, strict=True):
        analysis = analyser.analyse(annotated.document, annotated.sentences)
        tokens += sum(len(s.tokens) for s in analysis.sentences)
        started = time.perf_counter()
        predicted = recogniser.recognise(annotated.document, analysis)
        seconds += time.perf_counter() - started
        for type_ in TYPES:
            gold = sorted((m for m in annotated.mentions if m.type is type_), key=lambda m: m.start)
            ours = [m for m in predicted if m.type is type_]
            by_span = {(m.start, m.end): m for m in ours}
            matched = [(m, by_span[m.start, m.end]) for m in gold if (m.start, m.end) in by_span]
            p, r, f = f_score(len(matched), len(ours), len(gold))
            relaxed = f_score(overlap_pairs(gold, ours), len(ours), len(gold))[2]
            right = sum(a.concept == b.concept for a, b in matched) / len(matched) if matched else 0.0
            scores[type_].append(f)
            print(f"{annotated.name:26}{type_:6}{len(gold):6}{p:8.3f}{r:8.3f}{f:8.3f}{relaxed:11.3f}{right:9.3f}")
        report_errors(annotated, predicted, errors)
    for type_, values in scores.items():
        print(f"mean strict F {type_}: {sum(values) / len(values):.3f}")
    print(f"{tokens / seconds:,.0f} tokens/s")
    if options.errors:
        for (kind, name, type_, text, detail), n in sorted(errors.items()):
            print(f"{kind}\t{name}\t{type_}\t{n}\t{text}\t{detail}")


if __name__ == "__main__":
    main()
