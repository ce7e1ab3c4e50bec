"""Mechanism mentions over the annotated documents: strict and relaxed P/R/F, class accuracy, counts per class.

Usage: python benchmarks/mechanisms.py FOLDER [--entities none|gold|ours] [--held-out] [--errors] [--only NAME ...]
FOLDER holds annotated documents (sentences.tsv, gold.mentions.jsonl); it defaults to $LITMINE_SHARED/annotation.
With --held-out every document is judged without the rows of the tuned lexicon file that are right in no document but
this one; the files that were written blind stay whole. F comes with its 95 % bootstrap interval over paragraphs.
"""

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from litmine.entities.mechanisms import MechanismRecogniser
from litmine.language import Analyser
from litmine.lexicon.mechanisms import TUNED_FILE, Row, load_mechanisms, read_classes
from litmine.records import Analysis, Document, Mention, MentionType
from litmine.scoring.counts import Pair, Score
from litmine.scoring.mentions import ALL, ScoredMention, match_mentions, score_mentions
from litmine.training.annotated import AnnotatedDocument, read_annotated_folders

REVIEW = "trastuzumab-resistance"


@dataclass(frozen=True, slots=True)
class Case:
    """An annotated document ready to be judged."""

    name: str
    document: Document
    analysis: Analysis
    entities: Sequence[Mention]
    gold: Sequence[Mention]

    def traced(self, recogniser: MechanismRecogniser) -> list[tuple[Mention, Row | None]]:
        return recogniser.trace(self.document, self.analysis, self.entities)

    def pairs(self, predicted: Sequence[Mention]) -> list[Pair]:
        """Gold and predicted mentions that overlap, as indices."""
        return match_mentions(self.scored(self.gold), self.scored(predicted), "relaxed")

    def scored(self, mentions: Sequence[Mention]) -> list[ScoredMention]:
        blocks = {sentence.index: sentence.block for sentence in self.analysis.sentences}
        return [ScoredMention(self.name, blocks[m.sentence], (m.start, m.end), m.type, m.concept) for m in mentions]


def make_case(annotated: AnnotatedDocument, analysis: Analysis, entities: Sequence[Mention]) -> Case:
    prose = {sentence.index for sentence in analysis.sentences}
    return Case(
        name=annotated.name,
        document=annotated.document,
        analysis=analysis,
        entities=entities,
        gold=[m for m in annotated.mentions if m.type is MentionType.MECHANISM and m.sentence in prose],
    )


def leave_one_out(
    documents: Sequence[AnnotatedDocument], analyses: Sequence[Analysis], entities: Sequence[Sequence[Mention]]
) -> list[tuple[Mention, ...]]:
    """The mechanisms of every document, each found without the rows of the tuned file that it alone bears out."""
    cases = [make_case(*parts) for parts in zip(documents, analyses, entities, strict=True)]
    owed = rows_owed_to(cases)
    return [
        MechanismRecogniser(load_mechanisms(owed[case.name])).recognise(case.document, case.analysis, case.entities)
        for case in cases
    ]


def entities_for(kind: str, annotated: AnnotatedDocument, analysis: Analysis) -> Sequence[Mention]:
    if kind == "gold":
        return [m for m in annotated.mentions if m.type is not MentionType.MECHANISM]
    if kind == "ours":
        from litmine.entities.recognition import EntityRecogniser

        return EntityRecogniser().recognise(annotated.document, analysis)
    return ()


def rows_owed_to(cases: Sequence[Case]) -> dict[str, frozenset[Row]]:
    """For each document the rows of the tuned file that find a gold mention in it and in no other."""
    recogniser = MechanismRecogniser()
    documents: dict[Row, set[str]] = defaultdict(set)
    for case in cases:
        traced = case.traced(recogniser)
        for _, j in case.pairs([mention for mention, _ in traced]):
            row = traced[j][1]
            if row is not None and row.file == TUNED_FILE:
                documents[row].add(case.name)
    return {case.name: frozenset(row for row, names in documents.items() if names == {case.name}) for case in cases}


def iter_errors(case: Case, predicted: Sequence[Mention], pairs: Sequence[Pair]) -> Iterator[tuple[int, str]]:
    """Where and what: missed, spurious, of the wrong extent, of the wrong class."""
    hit_gold, hit_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
    for kind, mentions, hit in (("missed", case.gold, hit_gold), ("spurious", predicted, hit_predicted)):
        for k, m in enumerate(mentions):
            if k not in hit:
                yield m.start, f"{kind:8} {m.sentence:4} {m.text}  [{m.concept}]"
    for i, j in pairs:
        g, p = case.gold[i], predicted[j]
        if (g.start, g.end) != (p.start, p.end):
            yield g.start, f"span     {g.sentence:4} {g.text} <> {p.text}  [{g.concept}]"
        if g.concept != p.concept:
            yield g.start, f"class    {g.sentence:4} {g.text}  [{g.concept} <> {p.concept}]"


def figures(score: Score) -> str:
    low, high = score.interval or (score.f, score.f)
    return f"{score.precision:9.3f}{score.recall:7.3f}{score.f:7.3f} [{low:.3f}-{high:.3f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("LITMINE_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "annotation")
    parser.add_argument("--entities", choices=["none", "gold", "ours"], default="gold")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()

    began = time.perf_counter()
    load_mechanisms()
    print(f"lexicon loaded in {time.perf_counter() - began:.3f} s; entities: {options.entities}")
    analyser = Analyser()
    cases: list[Case] = []
    for annotated in read_annotated_folders(options.folder):
        analysis = analyser.analyse(annotated.document, annotated.sentences)
        cases.append(make_case(annotated, analysis, entities_for(options.entities, annotated, analysis)))
    left_out = rows_owed_to(cases) if options.held_out else {}
    per_class: dict[str, Counter[str]] = {name: Counter() for name in read_classes()}
    f_scores: dict[str, tuple[float, float]] = {}
    heads = ("document", "rows out", "gold", "found", "P", "R", "F", "relaxed P", "R", "F", "class", "seconds")
    print("{:26}{:>9}{:>6}{:>6}{:>9}{:>7}{:>7}{:>25}{:>7}{:>7}{:>21}{:>9}".format(*heads))
    for case in cases:
        if options.only and case.name not in options.only:
            continue
        without = left_out.get(case.name, frozenset())
        recogniser = MechanismRecogniser(load_mechanisms(without))
        began = time.perf_counter()
        predicted = [mention for mention, _ in case.traced(recogniser)]
        seconds = time.perf_counter() - began
        scores = score_mentions(case.scored(case.gold), case.scored(predicted))
        strict, relaxed = scores["strict"][ALL], scores["relaxed"][ALL]
        f_scores[case.name] = strict.f, relaxed.f
        pairs = case.pairs(predicted)
        right = sum(case.gold[i].concept == predicted[j].concept for i, j in pairs)
        print(
            f"{case.name:26}{len(without):9}{strict.n_gold:6}{strict.n_predicted:6}"
            f"{figures(strict)}  {figures(relaxed)}{right / len(pairs) if pairs else 0:7.3f}{seconds:9.3f}"
        )
        for mention in case.gold:
            per_class[mention.concept or ""]["gold"] += 1
        for mention in predicted:
            per_class[mention.concept or ""]["found"] += 1
        for i, j in pairs:
            per_class[case.gold[i].concept or ""]["matched"] += 1
            per_class[case.gold[i].concept or ""]["right"] += case.gold[i].concept == predicted[j].concept
        if options.errors:
            for start, what in sorted(iter_errors(case, predicted, pairs)):
                around = case.document.text[max(0, start - 40) : start + 60].replace("\n", " ")
                print(f"  {what}   … {around} …")
    others = [scores for name, scores in f_scores.items() if name != REVIEW]
    for what, chosen in (("all", list(f_scores.values())), (f"all but {REVIEW}", others)):
        if chosen:
            strict_mean, relaxed_mean = (sum(column) / len(chosen) for column in zip(*chosen, strict=True))
            print(f"mean F of {what}: strict {strict_mean:.3f}, relaxed {relaxed_mean:.3f}")
    print(f"\n{'class':24}{'gold':>6}{'found':>7}{'matched':>9}{'right':>7}")
    for name, counts in per_class.items():
        print(f"{name:24}{counts['gold']:6}{counts['found']:7}{counts['matched']:9}{counts['right']:7}")


if __name__ == "__main__":
    main()
