"""Every bar of gold and scoring, measured and judged: prints one table.

    make bench-evaluation          (python -m benchmarks.evaluation_bars)

Needs the review below LITMINE_SHARED (or ../shared) for the alignment; agreement and speed need only `annotations/`.
Damage: of 5 % of the tokens one character is changed, lost, doubled or parted from the rest. A mention is placed
wrongly if its span shares no character with the place where the undamaged text had it. The exit code is 1 where a bar
is missed.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.entity_bars import Bar, print_bars
from litmine.gold.alignment import align
from litmine.gold.store import read_gold
from litmine.reading import read_document
from litmine.scoring.agreement import score_agreement
from litmine.scoring.counts import NO_INTERVALS, Resampling
from litmine.scoring.items import gold_mentions, gold_triples, places_in_gold
from litmine.scoring.loading import Items as Evaluated
from litmine.scoring.losses import ScoredCandidate
from litmine.scoring.mentions import ScoredMention, score_mentions
from litmine.scoring.runs import score_items
from litmine.scoring.triples import ScoredTriple, score_attributes, score_triples, score_triples_by_evidence

REVIEW = "trastuzumab-resistance"
FOLDER = Path(__file__).parents[1] / "annotations" / REVIEW
READINGS = ("review-onecol.pdf", "review-twocol.pdf", "review.md", "review.txt")
MENTION_AGREEMENT = {"Drug": 0.997, "Gene": 0.992, "Mechanism": 0.891}
TRIPLE_AGREEMENT = {"drug-gene-mechanism": 0.900, "with role": 0.891, "with all attributes": 0.846}
DAMAGED_SHARE = 0.05
SEEDS = range(5)
N_DOCUMENTS = 1000
N_RESAMPLES = 2000
Items = tuple[list[ScoredMention], list[ScoredTriple]]
_SCORING = """
import re, sys, time
from pathlib import Path
from benchmarks import evaluation_bars
copies = evaluation_bars.make_copies(int(sys.argv[1]))
began = time.perf_counter()
getattr(evaluation_bars, sys.argv[2])(*copies)
print(time.perf_counter() - began, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""
"""In a process of its own, so that the high-water mark of memory is that of scoring."""


def agreement_bars() -> Iterator[Bar]:
    """Equal to the published figure to three decimals: the distance is at most half of the last."""
    layers = [read_gold(FOLDER, f"annotator-{name}") for name in "AB"]
    agreement = score_agreement(*layers, NO_INTERVALS)
    for type_, published in MENTION_AGREEMENT.items():
        off = abs(agreement.mentions["strict"][type_].f - published)
        yield Bar(f"agreement {type_} strict, distance from {published:.3f}", 0.0005, off, least=False)
    for level, published in TRIPLE_AGREEMENT.items():
        off = abs(agreement.triples[level].f - published)
        yield Bar(f"agreement {level}, distance from {published:.3f}", 0.0005, off, least=False)


def alignment_bars(folder: Path) -> Iterator[Bar]:
    gold = read_gold(FOLDER)
    for name in READINGS:
        text = read_document(folder / name).text
        places = align(gold, text).mentions
        yield Bar(f"gold mentions found in {name}", 0.995, sum(p is not None for p in places) / len(places))
        n_found = n_wrong = 0
        for seed in SEEDS:
            damaged, moved = damage(text, random.Random(seed))
            for place, true in zip(align(gold, damaged).mentions, places, strict=True):
                n_found += place is not None
                if place is not None and true is not None:
                    start, end = moved[true[0]], moved[true[1]]
                    n_wrong += min(place[1], end) <= max(place[0], start)
        n = len(places) * len(SEEDS)
        yield Bar(f"  with {DAMAGED_SHARE:.0%} of tokens damaged", 0.97, n_found / n)
        yield Bar("  placed wrongly", 0, n_wrong, least=False)


def damage(text: str, rng: random.Random) -> tuple[str, list[int]]:
    """`text` with tokens damaged, and for each offset of it (its length included) the new one."""
    parts: list[str] = []
    moved: list[int] = []
    at = 0
    for match in re.finditer(r"\w+|\W+", text):
        token = match[0]
        new = token
        if token[0].isalnum() and rng.random() < DAMAGED_SHARE:
            cut = rng.randrange(len(token))
            new = rng.choice(
                (
                    token[:cut] + rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") + token[cut + 1 :],
                    token[:cut] + token[cut + 1 :],
                    token[:cut] + token[cut] + token[cut:],
                    token[:cut] + " " + token[cut:],
                )
            )
        moved += (at + min(k, len(new)) for k in range(len(token)))
        parts.append(new)
        at += len(new)
    return "".join(parts), [*moved, at]


def make_copies(n_documents: int) -> tuple[Items, Items]:
    """The layers of annotators A and B of the review, as the items of `n_documents` documents."""
    names = [f"copy-{i}" for i in range(n_documents)]
    layers = []
    for annotator in "AB":
        gold = read_gold(FOLDER, f"annotator-{annotator}")
        mentions, triples = gold_mentions(gold, gold.id, places_in_gold(gold)), gold_triples(gold, gold.id)
        layers.append(
            (
                [replace(mention, document=name) for name in names for mention in mentions],
                [replace(triple, document=name) for name in names for triple in triples],
            )
        )
    return layers[0], layers[1]


def score_copies(first: Items, second: Items) -> None:
    """Every score of mentions and triples, each with its interval."""
    resampling = Resampling(n=N_RESAMPLES)
    score_mentions(first[0], second[0], resampling)
    score_triples(first[1], second[1], resampling)
    score_triples_by_evidence(first[1], second[1], resampling)
    score_attributes(first[1], second[1])


def evaluate_copies(first: Items, second: Items) -> None:
    """Everything that an evaluation computes: parts, modes, curves, losses and errors as well."""
    items = Evaluated(
        gold_mentions=first[0],
        mentions=second[0],
        gold_triples=first[1],
        triples=second[1],
        candidates=[ScoredCandidate(t.document, t.drug, t.gene, t.mechanism, t.evidence, t.score) for t in second[1]],
        texts={mention.document: "" for mention in first[0]},
    )
    score_items(items, resampling=Resampling(n=N_RESAMPLES))


def scoring_bars() -> Iterator[Bar]:
    seconds, megabytes = _measure(score_copies.__name__)
    yield Bar(f"seconds to score {N_DOCUMENTS:,} reviews", 60, seconds, least=False)
    yield Bar("peak memory, MB", 2000, megabytes, least=False)
    seconds, megabytes = _measure(evaluate_copies.__name__)
    print(f"The whole evaluation of them, with parts, losses and errors: {seconds:.0f} s, {megabytes:.0f} MB.")


def _measure(function: str) -> tuple[float, float]:
    printed = subprocess.run(
        [sys.executable, "-c", _SCORING, str(N_DOCUMENTS), function], capture_output=True, text=True, check=True
    ).stdout
    seconds, megabytes = (float(figure) for figure in printed.split())
    return seconds, megabytes


def main() -> int:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    bars = [*agreement_bars()]
    folder = shared / "corpora" / REVIEW
    if folder.is_dir():
        bars += alignment_bars(folder)
    else:
        print(f"The review is not below {shared}: alignment was NOT measured.")
    bars += scoring_bars()
    print_bars(bars)
    return int(not all(bar.met for bar in bars) or not folder.is_dir())


if __name__ == "__main__":
    sys.exit(main())
