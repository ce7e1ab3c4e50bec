"""How well two layers of one gold document agree: the ceiling of what a machine can be asked for.

Owns the comparison of annotators; the measures are those by which runs are scored.
"""

from dataclasses import dataclass

from litmine.errors import GoldError
from litmine.gold.model import Gold
from litmine.scoring.counts import BOOTSTRAP, Resampling, Score
from litmine.scoring.items import gold_mentions, gold_triples, places_in_gold
from litmine.scoring.mentions import score_mentions
from litmine.scoring.triples import score_triples, score_triples_by_evidence


@dataclass(frozen=True, slots=True)
class Agreement:
    """Scores of the second layer held against the first; F is the same the other way round."""

    mentions: dict[str, dict[str, Score]]
    triples: dict[str, Score]
    triples_by_evidence: dict[str, Score]


def score_agreement(first: Gold, second: Gold, resampling: Resampling = BOOTSTRAP) -> Agreement:
    """Agreement of two layers read from one folder. Raises GoldError where they are of different documents."""
    if first.sentences != second.sentences:
        raise GoldError(f"{first.id} and {second.id} are not layers of one document.")
    mentions, other_mentions = (gold_mentions(gold, gold.id, places_in_gold(gold)) for gold in (first, second))
    triples, other_triples = (gold_triples(gold, gold.id) for gold in (first, second))
    return Agreement(
        mentions=score_mentions(mentions, other_mentions, resampling),
        triples=score_triples(triples, other_triples, resampling),
        triples_by_evidence=score_triples_by_evidence(triples, other_triples, resampling),
    )
