"""What co-occurrence alone would find: the floor that an extractor must beat.

Owns the baseline's predictions. They come from given mentions (most tellingly the gold's own), never from text.
"""

from collections.abc import Iterable

from litmine.gold.model import Gold
from litmine.records import UNSPECIFIED, Certainty, MentionType, Polarity, Role, State
from litmine.scoring.counts import BOOTSTRAP, Resampling, Score
from litmine.scoring.items import gold_triples
from litmine.scoring.triples import ScoredTriple, score_triples

SentenceMention = tuple[int, MentionType, str]
"""Sentence, type and concept of a mention."""


def score_cooccurrence(gold: Gold, resampling: Resampling = BOOTSTRAP) -> dict[str, Score]:
    """Document-level scores of co-occurrence in a sentence on the gold's own mentions.

    "drug-gene" predicts every drug with every gene of its sentence, "drug-gene-mechanism" every combination of all
    three.
    """
    mentions = [(mention.sentence, mention.type, mention.concept) for mention in gold.mentions]
    paragraphs = [sentence.paragraph for sentence in gold.sentences]
    golds = gold_triples(gold, gold.id)
    pairs = cooccurring(mentions, gold.id, paragraphs, with_mechanism=False)
    triples = cooccurring(mentions, gold.id, paragraphs, with_mechanism=True)
    return {
        "drug-gene": score_triples(golds, pairs, resampling)["drug-gene"],
        "drug-gene-mechanism": score_triples(golds, triples, resampling)["drug-gene-mechanism"],
    }


def cooccurring(
    mentions: Iterable[SentenceMention], document: str, paragraphs: list[int], with_mechanism: bool
) -> list[ScoredTriple]:
    """Every drug with every gene, and with every mechanism where asked for, of the same sentence.

    Without mechanism the class is `UNSPECIFIED`. The attributes are the most frequent ones of annotated reviews.
    """
    by_sentence: dict[int, dict[MentionType, set[str]]] = {}
    for sentence, type_, concept in mentions:
        concepts = by_sentence.setdefault(sentence, {each: set() for each in MentionType})
        concepts[type_].add(concept)
    return [
        ScoredTriple(
            document=document,
            paragraph=paragraphs[sentence],
            drug=drug,
            gene=gene,
            mechanism=mechanism,
            role=Role.ACTION,
            state=State.UNSPECIFIED,
            polarity=Polarity.ASSERTED,
            certainty=Certainty.STATED,
            evidence=frozenset({sentence}),
            references=frozenset(),
        )
        for sentence, concepts in sorted(by_sentence.items())
        for drug in sorted(concepts[MentionType.DRUG])
        for gene in sorted(concepts[MentionType.GENE])
        for mechanism in (sorted(concepts[MentionType.MECHANISM]) if with_mechanism else [UNSPECIFIED])
    ]
