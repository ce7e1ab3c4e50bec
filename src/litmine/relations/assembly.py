"""Triples of many documents put together: one claim for each drug, gene, mechanism and role.

Owns counting and ranking of evidence; adds no judgement of its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from litmine.records import UNSPECIFIED, Certainty, Polarity, Role, Triple


@dataclass(frozen=True, slots=True)
class Claim:
    """What the documents say together. `n_for` + `n_against` + `n_hedged` == `n_evidence`: a hedged triple is neither.

    `score` is the probability that at least one triple of the claim is right, were they independent.
    `best_evidence` names the highest-scored plain assertion (else the highest-scored triple) as "doc_id:sentence".
    `subsumed` is true of a claim without a mechanism where there is one of the same drug, gene and role with one.
    """

    drug: str
    gene: str
    mechanism: str
    role: Role
    n_documents: int
    n_evidence: int
    n_for: int
    n_against: int
    n_hedged: int
    score: float
    best_evidence: str
    subsumed: bool = False


def assemble_claims(triples: Mapping[str, Sequence[Triple]]) -> tuple[Claim, ...]:
    """Claims from the triples of each document id, the best supported first.

    Order does not depend on the order of documents or triples.
    """
    members: dict[tuple[str, str, str, Role], list[tuple[str, Triple]]] = {}
    for doc_id, found in triples.items():
        for triple in found:
            key = (triple.drug, triple.gene, triple.mechanism, triple.role)
            members.setdefault(key, []).append((doc_id, triple))
    refined = {(drug, gene, role) for drug, gene, mechanism, role in members if mechanism != UNSPECIFIED}
    claims = [_claim(key, found, refined) for key, found in members.items()]
    return tuple(sorted(claims, key=_rank))


def contradictions(claims: Iterable[Claim]) -> tuple[tuple[Claim, Claim], ...]:
    """Pairs of claims that give one gene opposite roles for one drug and mechanism, resistance first."""
    roles = {(c.drug, c.gene, c.mechanism, c.role): c for c in claims}
    return tuple(
        (claim, roles[drug, gene, mechanism, Role.SENSITIVITY])
        for (drug, gene, mechanism, role), claim in roles.items()
        if role is Role.RESISTANCE and (drug, gene, mechanism, Role.SENSITIVITY) in roles
    )


def _claim(
    key: tuple[str, str, str, Role], found: list[tuple[str, Triple]], refined: Collection[tuple[str, str, Role]]
) -> Claim:
    hedged = sum(t.certainty is Certainty.HEDGED for _, t in found)
    against = sum(t.certainty is Certainty.STATED and t.polarity is Polarity.NEGATED for _, t in found)
    doc_id, best = min(found, key=_evidence_rank)
    drug, gene, mechanism, role = key
    return Claim(
        drug=drug,
        gene=gene,
        mechanism=mechanism,
        role=role,
        n_documents=len({doc for doc, _ in found}),
        n_evidence=len(found),
        n_for=len(found) - hedged - against,
        n_against=against,
        n_hedged=hedged,
        score=1.0 - prod(sorted(1.0 - t.score for _, t in found)),
        best_evidence=f"{doc_id}:{best.evidence[0]}",
        subsumed=mechanism == UNSPECIFIED and (drug, gene, role) in refined,
    )


def _evidence_rank(item: tuple[str, Triple]) -> tuple[bool, bool, float, str, tuple[int, ...]]:
    doc_id, triple = item
    negated = triple.polarity is Polarity.NEGATED
    return (negated, triple.certainty is Certainty.HEDGED, -triple.score, doc_id, triple.evidence)


def _rank(claim: Claim) -> tuple[int, int, float, str, str, str, str]:
    return (
        -claim.n_documents,
        -claim.n_evidence,
        -claim.score,
        claim.drug,
        claim.gene,
        claim.mechanism,
        claim.role,
    )
