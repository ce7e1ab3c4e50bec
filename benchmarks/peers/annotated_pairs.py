"""Drug–gene pairs of the annotated documents on gold mentions: kindred, co-occurrence and litmine, each left out once.

Every system is trained on the other documents; its threshold is that of the best mean F on those, each scored by the
model that did not see it. Kindred gets the sentences as annotated, callouts blanked. Owns the comparison; scores are
`litmine.scoring`'s, at document level (sets of pairs) and at evidence level (pairs that share an evidence sentence).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.corpora import Entity, RelationText
from benchmarks.peers.folds import Split
from benchmarks.peers.judging import at_least, choose_threshold, f_of
from benchmarks.peers.kindred_client import DEFAULT, LOGISTIC, Answer, Kindred
from benchmarks.peers.predictive import COOCCURRENCE, KINDRED, KINDRED_TUNED, LITMINE
from litmine.records import UNSPECIFIED, Certainty, Mention, MentionType, Polarity, Role, State
from litmine.scoring.counts import Score
from litmine.scoring.triples import ScoredTriple, score_triples, score_triples_by_evidence
from litmine.training.annotated import AnnotatedDocument
from litmine.training.triples import Corpus
from litmine.training.triples_learning import ENOUGH_TRIPLES, fit_blend

RELATION, ROLES = "Claim", ("drug", "gene")
LEVEL = "drug-gene"
_TYPES = {MentionType.DRUG: "drug", MentionType.GENE: "gene"}

Claim = tuple[str, str, int]
"""Drug, gene and the sentence that links them."""
Found = list[set[Claim]]
"""Claims of each document."""
Ranked = list[dict[Claim, float]]


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores at document and at evidence level, and document-level F of each document."""

    by_document: Score
    by_evidence: Score
    each: tuple[float, ...]


def compare(corpus: Corpus, kindred: Kindred | None) -> dict[str, Found]:
    """What each system gives of each document, in the order of the corpus."""
    found = {COOCCURRENCE: [cooccurring(document) for document in corpus.documents]}
    if kindred:
        found |= kindred_claims(corpus, kindred)
    found[LITMINE] = chosen(corpus, litmine_claims(corpus))
    return found


def cooccurring(document: AnnotatedDocument) -> set[Claim]:
    """Every drug with every gene of the same sentence."""
    return {
        (drug.concept, gene.concept, sentence)
        for sentence, mentions in _by_sentence(document).items()
        for drug in mentions
        for gene in mentions
        if drug.type is MentionType.DRUG and gene.type is MentionType.GENE and drug.concept and gene.concept
    }


def sentence_texts(document: AnnotatedDocument) -> list[tuple[int, RelationText, dict[str, str]]]:
    """Sentence, text and concept of each entity id, of the sentences that name a drug and a gene.

    A drug and a gene are related there if a claim with this sentence among its evidence links them.
    """
    text = document.document.blank_callouts()
    claimed = {(t.drug, t.gene, sentence) for t in document.triples for sentence in t.evidence}
    texts: list[tuple[int, RelationText, dict[str, str]]] = []
    for sentence, mentions in _by_sentence(document).items():
        start, end = document.sentences[sentence]
        of_id = {f"T{i}": mention for i, mention in enumerate(mentions)}
        entities = tuple(Entity(i, _TYPES[m.type], m.start - start, m.end - start) for i, m in of_id.items())
        concepts = {i: str(m.concept) for i, m in of_id.items()}
        drugs, genes = ([e.id for e in entities if e.type == role] for role in ROLES)
        if drugs and genes:
            relations = frozenset(
                (d, g) for d in drugs for g in genes if (concepts[d], concepts[g], sentence) in claimed
            )
            name = f"{document.name} {sentence}"
            texts.append((sentence, RelationText(name, document.name, text[start:end], entities, relations), concepts))
    return texts


def _by_sentence(document: AnnotatedDocument) -> dict[int, list[Mention]]:
    """Linked drugs and genes of each sentence, sentences and mentions in reading order."""
    found: dict[int, list[Mention]] = {}
    for mention in sorted(document.mentions, key=lambda m: (m.sentence, m.start, m.end, m.type)):
        if mention.type in _TYPES and mention.concept is not None:
            found.setdefault(mention.sentence, []).append(mention)
    return found


def kindred_claims(corpus: Corpus, kindred: Kindred) -> dict[str, Found]:
    """Kindred's default classifier as it is, and its logistic one with the threshold chosen on other documents."""
    placed = [(i, *row) for i, document in enumerate(corpus.documents) for row in sentence_texts(document)]
    splits = [
        Split(
            tuple(k for k, row in enumerate(placed) if row[0] != out),
            tuple(k for k, row in enumerate(placed) if row[0] == out),
        )
        for out in range(len(corpus.documents))
    ]
    answers = kindred.answers([text for _, _, text, _ in placed], splits, RELATION, ROLES)

    def ranked(answer: Answer, classifier: str) -> dict[Claim, float]:
        best: dict[Claim, float] = {}
        for (k, (drug, gene)), score in answer[classifier].items():
            _, sentence, _, concepts = placed[k]
            claim = (concepts[drug], concepts[gene], sentence)
            best[claim] = max(score, best.get(claim, 0.0))
        return best

    return {
        KINDRED: [set(ranked(answer, DEFAULT)) for answer in answers],
        KINDRED_TUNED: chosen(corpus, [ranked(answer, LOGISTIC) for answer in answers]),
    }


def litmine_claims(corpus: Corpus) -> Ranked:
    """Probability of each candidate pair at its anchor, by litmine's pair model trained on the other documents."""
    examples = corpus.examples["gold"]
    ranked: Ranked = []
    for out, judged in enumerate(examples):
        others = [e for i, e in enumerate(examples) if i != out]
        model = fit_blend(
            np.vstack([e.pair_features for e in others]),
            np.concatenate([e.claimed for e in others]),
            np.concatenate([e.weights for e in others]),
            "pair",
        )
        best: dict[Claim, float] = {}
        for pair, score in zip(judged.pairs, model.probability(judged.pair_features), strict=True):
            claim = (pair.drug, pair.gene, pair.anchor)
            best[claim] = max(float(score), best.get(claim, 0.0))
        ranked.append(best)
    return ranked


def chosen(corpus: Corpus, ranked: Ranked) -> Found:
    """The claims of each document above the threshold that its other documents ask for, the large ones alone."""
    gold = [{(t.drug, t.gene) for t in document.triples} for document in corpus.documents]
    found: Found = []
    for out, scores in enumerate(ranked):
        others = [i for i, d in enumerate(corpus.documents) if i != out and len(d.triples) >= ENOUGH_TRIPLES]

        def mean_f(threshold: float, others: Sequence[int] = others) -> float:
            return float(np.mean([f_of(pairs_of(at_least(ranked[i], threshold)), gold[i]) for i in others]))

        threshold = choose_threshold(mean_f)
        found.append(at_least(scores, threshold))
    return found


def pairs_of(claims: Iterable[Claim]) -> set[tuple[str, str]]:
    return {(drug, gene) for drug, gene, _ in claims}


def score(corpus: Corpus, found: Mapping[str, Found]) -> dict[str, Scored]:
    """The scores of each system; gold claims that differ in mechanism alone count once."""
    blocks = [[sentence.block for sentence in analysis.sentences] for analysis in corpus.analyses]
    gold: list[ScoredTriple] = []
    for document, paragraphs in zip(corpus.documents, blocks, strict=True):
        claims = {(t.drug, t.gene, t.evidence) for t in document.triples}
        gold += [_triple(document.name, paragraphs, *claim) for claim in sorted(claims)]
    table: dict[str, Scored] = {}
    for system, claims_of in found.items():
        predicted = [
            _triple(document.name, paragraphs, drug, gene, (sentence,))
            for document, paragraphs, claims in zip(corpus.documents, blocks, claims_of, strict=True)
            for drug, gene, sentence in sorted(claims)
        ]
        each = [
            f_of(pairs_of(claims), {(t.drug, t.gene) for t in document.triples})
            for document, claims in zip(corpus.documents, claims_of, strict=True)
        ]
        table[system] = Scored(
            score_triples(gold, predicted)[LEVEL], score_triples_by_evidence(gold, predicted)[LEVEL], tuple(each)
        )
    return table


def _triple(document: str, paragraphs: Sequence[int], drug: str, gene: str, evidence: tuple[int, ...]) -> ScoredTriple:
    """A claim of drug and gene alone: what else a triple says is the same for all."""
    return ScoredTriple(
        document=document,
        paragraph=paragraphs[min(evidence)],
        drug=drug,
        gene=gene,
        mechanism=UNSPECIFIED,
        role=Role.ACTION,
        state=State.UNSPECIFIED,
        polarity=Polarity.ASSERTED,
        certainty=Certainty.STATED,
        evidence=frozenset(evidence),
        references=frozenset(),
    )
