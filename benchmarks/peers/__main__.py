"""Litmine beside kindred (Lever and Jones, BioNLP 2017) and co-occurrence: `python -m benchmarks.peers`.

Prints one table: drug–gene pairs of the annotated documents, each left out once, on gold mentions; and the Predictive
relations of CIViCmine's training corpus (Lever et al., Genome Med 2019), cross-validated by article. Needs both below
LITMINE_SHARED, and the Python of an environment with kindred (requirements-kindred.txt beside this file).
"""

import argparse
import os
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers import annotated_pairs, predictive
from benchmarks.peers.arguments import ROLES
from benchmarks.peers.corpora import RelationText, read_standoff
from benchmarks.peers.judging import Item, difference, f_of, judge, recall_at_precision
from benchmarks.peers.kindred_client import PYTHON_VARIABLE, find_kindred
from benchmarks.peers.predictive import KINDRED, KINDRED_TUNED, LITMINE, Outcome
from litmine.errors import LitmineError
from litmine.scoring.counts import Score
from litmine.training.triples import Corpus, read_corpus

PRECISION = 0.90


def _figures(score: Score) -> str:
    low, high = score.interval or (0.0, 0.0)
    return f"{score.n_predicted:6}{score.precision:7.3f}{score.recall:7.3f}{score.f:7.3f} {low:.3f}–{high:.3f}"


def print_pairs(corpus: Corpus, found: Mapping[str, annotated_pairs.Found]) -> None:
    table = annotated_pairs.score(corpus, found)
    n = len(corpus.documents)
    n_gold = next(iter(table.values())).by_document.n_gold
    print(f"\nDrug–gene pairs of {n} left-out documents, gold mentions; document level, sets of pairs ({n_gold} gold)")
    print(f"{'':37} given      P      R      F  95 %          mean of documents")
    for system, row in table.items():
        print(f"{system:36}{_figures(row.by_document)}{sum(row.each) / n:14.3f}")
    n_gold = next(iter(table.values())).by_evidence.n_gold
    print(f"\nThe same, evidence level: a sentence of the evidence shared ({n_gold} gold)")
    print(f"{'':37} given      P      R      F  95 %")
    for system, row in table.items():
        print(f"{system:36}{_figures(row.by_evidence)}")


def print_predictive(texts: Sequence[RelationText], outcomes: Sequence[Mapping[str, Outcome]]) -> None:
    gold, groups = predictive.gold_items(texts), [text.group for text in texts]
    print(f"\nCIViCmine Predictive (cancer, drug, gene), {predictive.N_FOLDS} folds by article ({len(gold)} gold)")
    print(
        f"{'':37} given      P  95 %             R  95 %             F  95 %         R at P {PRECISION:.2f}"
        f"   mean F of {len(outcomes)} foldings"
    )
    for system, outcome in outcomes[0].items():
        judged = judge(gold, outcome.predicted, groups)
        score, mean = judged.score, sum(f_of(o[system].predicted, gold) for o in outcomes) / len(outcomes)
        parts = (
            (score.precision, judged.precision),
            (score.recall, judged.recall),
            (score.f, score.interval or (0.0, 0.0)),
        )
        figures = "".join(f"{value:7.3f} {low:.3f}–{high:.3f}" for value, (low, high) in parts)
        print(f"{system:36}{score.n_predicted:6}{figures}{_ranked(outcomes, system, gold)}{mean:14.3f}")
    for peer in (name for name in outcomes[0] if name != LITMINE):
        gain, (low, high) = difference(gold, outcomes[0][LITMINE].predicted, outcomes[0][peer].predicted, groups)
        print(f"litmine less {peer}: {gain:+.3f} ({low:+.3f} to {high:+.3f})")


def _ranked(outcomes: Sequence[Mapping[str, Outcome]], system: str, gold: frozenset[Item]) -> str:
    """Recall at the precision: of the first folding, and the mean of all."""
    recalls = [recall_at_precision(o[system].scores or {}, gold, PRECISION) for o in outcomes]
    if outcomes[0][system].scores is None:
        return f"{'–':>8}{'':9}"
    return f"{recalls[0]:8.2f} ({sum(recalls) / len(recalls):.2f})  "


def main() -> int:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[3] / "shared"))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--annotations", type=Path, default=shared / "annotation", help="annotated documents")
    parser.add_argument("--civicmine", type=Path, default=shared / "training" / "civicmine" / "training")
    parser.add_argument("--kindred-python", type=Path, help=f"Python that has kindred; else {PYTHON_VARIABLE}")
    parser.add_argument("--without-kindred", action="store_true", help="only co-occurrence and litmine")
    parser.add_argument("--foldings", type=int, default=3, help="ways to fold CIViCmine; the table is of the first")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    try:
        kindred = None if options.without_kindred else find_kindred(options.kindred_python)
        texts = read_standoff(options.civicmine, predictive.RELATION, ROLES)
        corpus = read_corpus(options.annotations, ("gold",))
        print_pairs(corpus, annotated_pairs.compare(corpus, kindred))
        print_predictive(texts, predictive.compare(texts, kindred, options.foldings))
    except LitmineError as error:
        print(error, file=sys.stderr)
        return 1
    if kindred:
        print(f"\n{KINDRED} and {KINDRED_TUNED} under {kindred.python}")
    print(f"{time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
