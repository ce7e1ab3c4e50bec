"""Mechanism mentions over the annotated documents: strict and relaxed P/R/F, class accuracy, counts per class.

Usage: python benchmarks/mechanisms.py FOLDER [--entities none|gold|ours] [--errors] [--only NAME ...] [--skip NAME ...]
FOLDER holds annotated documents (sentences.tsv, gold.mentions.jsonl); it defaults to $LITMINE_SHARED/annotation.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from litmine.entities.mechanisms import MechanismRecogniser
from litmine.language import Analyser
from litmine.lexicon.mechanisms import read_classes
from litmine.records import Analysis, Document, Mention, MentionType
from litmine.training.annotated import AnnotatedDocument, read_annotated_folders


def match(gold: Sequence[Mention], predicted: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """A largest one-to-one set of overlapping pairs (augmenting paths; exact spans are tried first)."""
    edges = {
        i: sorted(
            (j for j, p in enumerate(predicted) if g.start < p.end and p.start < g.end),
            key=lambda j: abs(predicted[j].start - g.start) + abs(predicted[j].end - g.end),
        )
        for i, g in enumerate(gold)
    }
    owner: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or place(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in sorted(edges, key=lambda i: edges[i] == []):
        place(i, set())
    return [(gold[i], predicted[j]) for j, i in owner.items()]


def f_score(hits: int, n_gold: int, n_predicted: int) -> tuple[float, float, float]:
    precision = hits / n_predicted if n_predicted else 0.0
    recall = hits / n_gold if n_gold else 0.0
    return precision, recall, 2 * hits / (n_gold + n_predicted) if n_gold + n_predicted else 0.0


def entities_for(kind: str, annotated: AnnotatedDocument, analysis: Analysis) -> Sequence[Mention]:
    if kind == "gold":
        return [m for m in annotated.mentions if m.type is not MentionType.MECHANISM]
    if kind == "ours":
        from litmine.entities.recognition import EntityRecogniser

        return EntityRecogniser().recognise(annotated.document, analysis)
    return ()


def print_errors(
    document: Document, gold: Sequence[Mention], predicted: Sequence[Mention], pairs: list[tuple[Mention, Mention]]
) -> None:
    hit_gold = {id(g) for g, _ in pairs}
    hit_predicted = {id(p) for _, p in pairs}
    rows = [(g.start, "missed", g.text, g.concept or "", g.sentence) for g in gold if id(g) not in hit_gold]
    rows += [
        (p.start, "spurious", p.text, p.concept or "", p.sentence) for p in predicted if id(p) not in hit_predicted
    ]
    for g, p in pairs:
        if (g.start, g.end) != (p.start, p.end):
            rows.append((g.start, "span", f"{g.text} <> {p.text}", g.concept or "", g.sentence))
        if g.concept != p.concept:
            rows.append((g.start, "class", g.text, f"{g.concept} <> {p.concept}", g.sentence))
    for start, kind, text, concept, sentence in sorted(rows):
        around = document.text[max(0, start - 40) : start + 60].replace("\n", " ")
        print(f"  {kind:8} {sentence:4} {text}  [{concept}]   … {around} …")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("LITMINE_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "annotation")
    parser.add_argument("--entities", choices=["none", "gold", "ours"], default="gold")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--skip", nargs="*", default=[])
    arguments = parser.parse_args()

    began = time.perf_counter()
    recogniser = MechanismRecogniser()
    loaded = time.perf_counter() - began
    analyser = Analyser()
    per_class: dict[str, Counter[str]] = {name: Counter() for name in read_classes()}
    heads = ("document", "gold", "found", "P", "R", "F", "relaxed P", "R", "F", "class", "seconds")
    print(f"lexicon loaded in {loaded:.3f} s; entities: {arguments.entities}")
    print("{:26}{:>6}{:>6}{:>7}{:>7}{:>7}{:>11}{:>7}{:>7}{:>7}{:>9}".format(*heads))
    relaxed_scores: dict[str, float] = {}
    for annotated in read_annotated_folders(arguments.folder):
        if annotated.name in arguments.skip or (arguments.only and annotated.name not in arguments.only):
            continue
        analysis = analyser.analyse(annotated.document, annotated.sentences)
        entities = entities_for(arguments.entities, annotated, analysis)
        began = time.perf_counter()
        predicted = recogniser.recognise(annotated.document, analysis, entities)
        seconds = time.perf_counter() - began
        prose = {s.index for s in analysis.sentences}
        gold = [m for m in annotated.mentions if m.type is MentionType.MECHANISM and m.sentence in prose]
        pairs = match(gold, predicted)
        exact = len({(m.start, m.end) for m in gold} & {(m.start, m.end) for m in predicted})
        strict = f_score(exact, len(gold), len(predicted))
        relaxed = f_score(len(pairs), len(gold), len(predicted))
        relaxed_scores[annotated.name] = relaxed[2]
        right = sum(g.concept == p.concept for g, p in pairs)
        print(
            f"{annotated.name:26}{len(gold):6}{len(predicted):6}"
            + "".join(f"{x:7.3f}" for x in strict)
            + f"{relaxed[0]:11.3f}{relaxed[1]:7.3f}{relaxed[2]:7.3f}"
            + f"{right / len(pairs) if pairs else 0:7.3f}{seconds:9.3f}"
        )
        for g in gold:
            per_class[g.concept or ""]["gold"] += 1
        for p in predicted:
            per_class[p.concept or ""]["found"] += 1
        for g, p in pairs:
            per_class[g.concept or ""]["matched"] += 1
            per_class[g.concept or ""]["right"] += g.concept == p.concept
        if arguments.errors:
            print_errors(annotated.document, gold, predicted, pairs)
    if len(relaxed_scores) > 1:
        others = [f for name, f in relaxed_scores.items() if name != "trastuzumab-resistance"]
        print(f"mean relaxed F without the trastuzumab review: {sum(others) / len(others):.3f}")
    print(f"\n{'class':24}{'gold':>6}{'found':>7}{'matched':>9}{'right':>7}")
    for name, counts in per_class.items():
        print(f"{name:24}{counts['gold']:6}{counts['found']:7}{counts['matched']:9}{counts['right']:7}")


if __name__ == "__main__":
    main()
