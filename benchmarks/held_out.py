"""What to expect of an article that nothing was made for: `python -m benchmarks.held_out [FOLDER]`.

FOLDER holds the annotated documents (default: annotation below LITMINE_SHARED or ../shared). Each is judged without the
triple weights that saw it, without the curated names that occur in no other of them, and without the mechanism patterns
that are right in no other; what was written before any annotated document was opened stays. Rules and features were
still chosen with all of them in view. Drug and Gene strict F, Mechanism relaxed F, triples as sets of keys of the
article; sentences as annotated.
"""

import argparse
import os
import warnings
from pathlib import Path

from benchmarks.entities import make_recognisers
from benchmarks.mechanisms import leave_one_out as mechanisms_left_out
from litmine.records import Mention
from litmine.relations.extraction import TripleExtractor
from litmine.scoring.counts import NO_INTERVALS
from litmine.scoring.mentions import ScoredMention, score_mentions
from litmine.settings import RelationSettings
from litmine.training.triples import LEVELS, key_scores, leave_one_out, read_corpus

READINGS = ("gold", "predicted")
MENTION_MEASURES = (("Drug", "strict"), ("Gene", "strict"), ("Mechanism", "relaxed"))


def mention_scores(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> list[float]:
    """F of each of MENTION_MEASURES."""
    scored = [[ScoredMention("", 0, (m.start, m.end), m.type, m.concept) for m in each] for each in (gold, predicted)]
    scores = score_mentions(*scored, NO_INTERVALS)
    return [scores[measure][type_].f for type_, measure in MENTION_MEASURES]


def main() -> None:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "annotation")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    corpus = read_corpus(options.folder, READINGS)
    left = leave_one_out(corpus, READINGS, READINGS[-1])
    entities = [
        recogniser.recognise(d.document, analysis)
        for d, analysis, recogniser in zip(
            corpus.documents, corpus.analyses, make_recognisers(list(corpus.documents)), strict=True
        )
    ]
    mechanisms = mechanisms_left_out(corpus.documents, corpus.analyses, entities)
    names = [*(type_ for type_, _ in MENTION_MEASURES), *LEVELS]
    print(f"{'left-out document':26}" + "".join(f"{name:>11}" for name in names))
    table: list[list[float]] = []
    for document, analysis, own, processes, item in zip(
        corpus.documents, corpus.analyses, entities, mechanisms, left, strict=True
    ):
        mentions = (*own, *processes)
        extractor = TripleExtractor(RelationSettings(threshold=item.model.threshold), item.model)
        triples = extractor.extract(document.document, analysis, mentions)
        table.append([*mention_scores(document.mentions, mentions), *key_scores(document.triples, triples).values()])
        print(f"{document.name:26}" + "".join(f"{value:11.3f}" for value in table[-1]), flush=True)
    print(f"{'mean':26}" + "".join(f"{sum(column) / len(column):11.3f}" for column in zip(*table, strict=True)))


if __name__ == "__main__":
    main()
