"""What to expect of an article that nothing was made for: `python -m benchmarks.held_out [FOLDER]`.

FOLDER holds the annotated documents (default: annotation below LITMINE_SHARED or ../shared). Each is judged without the
triple weights that saw it, without the curated names that occur in no other of them, and without the mechanism patterns
that are right in no other. This is strict: a name or pattern of the whole field goes too where only one document has
it. Rules and features were still chosen with all of them in view. Drug and Gene strict F, Mechanism relaxed F, triples
as sets of keys of the article; sentences as annotated.
"""

import argparse
import os
import warnings
from pathlib import Path

from benchmarks.entities import make_recognisers
from benchmarks.mechanisms import Case, rows_owed_to
from litmine.entities.mechanisms import MechanismRecogniser
from litmine.lexicon.mechanisms import load_mechanisms
from litmine.records import Mention, MentionType
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
    entity_recognisers = make_recognisers(list(corpus.documents))
    rows = rows_owed_to(
        [
            Case(d.name, d.document, a, mentions, [m for m in d.mentions if m.type is MentionType.MECHANISM])
            for d, a, mentions in zip(
                corpus.documents,
                corpus.analyses,
                ([m for m in d.mentions if m.type is not MentionType.MECHANISM] for d in corpus.documents),
                strict=True,
            )
        ]
    )
    names = [*(type_ for type_, _ in MENTION_MEASURES), *LEVELS]
    print(f"{'left-out document':26}" + "".join(f"{name:>11}" for name in names))
    table: list[list[float]] = []
    for document, analysis, recogniser, item in zip(
        corpus.documents, corpus.analyses, entity_recognisers, left, strict=True
    ):
        entities = recogniser.recognise(document.document, analysis)
        mechanisms = MechanismRecogniser(load_mechanisms(without=rows[document.name]))
        mentions = (*entities, *mechanisms.recognise(document.document, analysis, entities))
        extractor = TripleExtractor(RelationSettings(threshold=item.model.threshold), item.model)
        triples = extractor.extract(document.document, analysis, mentions)
        table.append([*mention_scores(document.mentions, mentions), *key_scores(document.triples, triples).values()])
        print(f"{document.name:26}" + "".join(f"{value:11.3f}" for value in table[-1]), flush=True)
    print(f"{'mean':26}" + "".join(f"{sum(column) / len(column):11.3f}" for column in zip(*table, strict=True)))


if __name__ == "__main__":
    main()
