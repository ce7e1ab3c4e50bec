"""How much is annotated, and what. Owns nothing but counting."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from litmine.gold.model import Gold
from litmine.records import MentionType

ATTRIBUTES = ("role", "state", "polarity", "certainty")


@dataclass(frozen=True, slots=True)
class GoldStatistics:
    """Counts over documents; `labels` are of triples (attribute → label → number), `classes` of mechanism mentions."""

    n_documents: int
    n_sentences: int
    n_mentions: dict[str, int]
    n_concepts: dict[str, int]
    n_triples: int
    n_claims: int
    n_cited: int
    labels: dict[str, dict[str, int]]
    classes: dict[str, int]


def count_gold(golds: Sequence[Gold]) -> GoldStatistics:
    """Counts over all of `golds`; `n_claims` are different drugs, genes and mechanisms of a document."""
    mentions = [(gold.id, mention) for gold in golds for mention in gold.mentions]
    triples = [(gold.id, triple) for gold in golds for triple in gold.triples]
    return GoldStatistics(
        n_documents=len(golds),
        n_sentences=sum(len(gold.sentences) for gold in golds),
        n_mentions={str(t): sum(m.type is t for _, m in mentions) for t in MentionType},
        n_concepts={str(t): len({m.concept for _, m in mentions if m.type is t}) for t in MentionType},
        n_triples=len(triples),
        n_claims=len({(gold, t.drug, t.gene, t.mechanism) for gold, t in triples}),
        n_cited=sum(bool(t.references) for _, t in triples),
        labels={name: dict(Counter(str(getattr(t, name)) for _, t in triples).most_common()) for name in ATTRIBUTES},
        classes=dict(Counter(m.concept for _, m in mentions if m.type is MentionType.MECHANISM).most_common()),
    )
