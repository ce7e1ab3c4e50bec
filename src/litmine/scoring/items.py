"""Gold as items that can be scored.

Owns the way from gold records to `ScoredMention` and `ScoredTriple`. The predicted ones are made by
`litmine.scoring.runs`, which knows the tables.
"""

from collections.abc import Sequence

from litmine.gold.model import Gold
from litmine.scoring.mentions import ScoredMention
from litmine.scoring.triples import ScoredTriple


def gold_mentions(gold: Gold, document: str, places: Sequence[tuple[int, int] | None]) -> list[ScoredMention]:
    """The mentions of `gold` at `places` of a reading called `document`; None where one was not found."""
    return [
        ScoredMention(
            document=document,
            paragraph=gold.sentences[mention.sentence].paragraph,
            place=place,
            type=mention.type,
            concept=mention.concept,
        )
        for mention, place in zip(gold.mentions, places, strict=True)
    ]


def gold_triples(gold: Gold, document: str) -> list[ScoredTriple]:
    """The triples of `gold` for a reading called `document`; a triple lies in the paragraph of its first evidence."""
    return [
        ScoredTriple(
            document=document,
            paragraph=gold.sentences[triple.evidence[0]].paragraph,
            drug=triple.drug,
            gene=triple.gene,
            mechanism=triple.mechanism,
            role=triple.role,
            state=triple.state,
            polarity=triple.polarity,
            certainty=triple.certainty,
            evidence=frozenset(triple.evidence),
            references=frozenset(triple.references),
        )
        for triple in gold.triples
    ]


def places_in_gold(gold: Gold) -> list[tuple[int, int]]:
    """The mentions' places if the sentences stood one after the other: what two layers of one document share."""
    starts = [0]
    for sentence in gold.sentences:
        starts.append(starts[-1] + sentence.length)
    return [(starts[m.sentence] + m.start, starts[m.sentence] + m.end) for m in gold.mentions]
