"""Slow second implementations of every metric, from its definition alone. They share no code with the scorer."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import NormalDist, mean

from litmine.scoring.mentions import ScoredMention
from litmine.scoring.triples import ScoredTriple

Pairs = tuple[tuple[int, int], ...]


def iter_matchings(n_left: int, n_right: int, allowed: Callable[[int, int], bool], left: int = 0) -> Iterator[Pairs]:
    """Every one-to-one matching of allowed pairs, by trying all of them."""
    if left == n_left:
        yield ()
        return
    for rest in iter_matchings(n_left, n_right, allowed, left + 1):
        yield rest
        taken = {j for _, j in rest}
        for j in range(n_right):
            if j not in taken and allowed(left, j):
                yield ((left, j), *rest)


def most_pairs(n_left: int, n_right: int, allowed: Callable[[int, int], bool]) -> int:
    return max(len(pairs) for pairs in iter_matchings(n_left, n_right, allowed))


def f1(n_matched: int, n_gold: int, n_predicted: int) -> float:
    precision = n_matched / n_predicted if n_predicted else 0.0
    recall = n_matched / n_gold if n_gold else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def strict_matches(gold: Iterable[ScoredMention], predicted: Iterable[ScoredMention], concept: bool) -> int:
    """Equal tuples, counted as often as both have them."""

    def tuples(mentions: Iterable[ScoredMention]) -> "Counter[tuple[object, ...]]":
        return Counter(
            (m.document, m.place, m.type, *([m.concept] if concept else []))
            for m in mentions
            if m.place is not None and not (concept and m.concept is None)
        )

    return (tuples(gold) & tuples(predicted)).total()


def relaxed_matches(gold: Sequence[ScoredMention], predicted: Sequence[ScoredMention], concept: bool) -> int:
    """The most pairs of equal document and type whose sets of characters meet."""

    def allowed(i: int, j: int) -> bool:
        g, p = gold[i], predicted[j]
        if g.place is None or p.place is None or (g.document, g.type) != (p.document, p.type):
            return False
        if concept and (g.concept is None or g.concept != p.concept):
            return False
        return bool(set(range(*g.place)) & set(range(*p.place)))

    return most_pairs(len(gold), len(predicted), allowed)


def keys(triples: Iterable[ScoredTriple], level: int) -> list[tuple[str, ...]]:
    """Levels 0 to 3: drug-gene, with mechanism, with role, with all attributes."""
    n_parts = (3, 4, 5, 8)[level]
    return [
        (t.document, t.drug, t.gene, t.mechanism, t.role, t.state, t.polarity, t.certainty)[:n_parts] for t in triples
    ]


def document_counts(
    gold: Sequence[ScoredTriple], predicted: Sequence[ScoredTriple], level: int
) -> tuple[int, int, int]:
    """Gold, predicted and matched keys as sets."""
    golds, predictions = set(keys(gold, level)), set(keys(predicted, level))
    return len(golds), len(predictions), len(golds & predictions)


def evidence_matches(gold: Sequence[ScoredTriple], predicted: Sequence[ScoredTriple], level: int) -> int:
    """The most pairs of equal keys that share an evidence sentence."""
    golds, predictions = keys(gold, level), keys(predicted, level)
    return most_pairs(
        len(gold),
        len(predicted),
        lambda i, j: golds[i] == predictions[j] and bool(gold[i].evidence & predicted[j].evidence),
    )


def attribute_counts(gold: Sequence[ScoredTriple], predicted: Sequence[ScoredTriple]) -> tuple[int, ...]:
    """Pairs of equal drug, gene and mechanism, then how many of them agree in evidence, role, state, polarity,
    certainty and references: the greatest such tuple over all matchings."""
    golds, predictions = keys(gold, 1), keys(predicted, 1)

    def counts(pairs: Pairs) -> tuple[int, ...]:
        chosen = [(gold[i], predicted[j]) for i, j in pairs]
        return (
            len(pairs),
            sum(bool(g.evidence & p.evidence) for g, p in chosen),
            sum(g.role == p.role for g, p in chosen),
            sum(g.state == p.state for g, p in chosen),
            sum(g.polarity == p.polarity for g, p in chosen),
            sum(g.certainty == p.certainty for g, p in chosen),
            sum(g.references == p.references for g, p in chosen),
        )

    matchings = iter_matchings(len(gold), len(predicted), lambda i, j: golds[i] == predictions[j])
    return max(counts(pairs) for pairs in matchings)


def bca_interval(rows: Sequence[tuple[int, int, int]], n: int, seed: int, level: float) -> tuple[float, float]:
    """The interval of F over units with (gold, predicted, matched) counts, drawing units one by one (Efron 1987)."""

    def f(chosen: Sequence[tuple[int, int, int]]) -> float:
        n_gold, n_predicted, n_matched = (sum(row[k] for row in chosen) for k in range(3))
        return f1(n_matched, n_gold, n_predicted)

    rng = random.Random(seed)
    samples = sorted(f(rng.choices(rows, k=len(rows))) for _ in range(n))
    estimate = f(rows)
    normal = NormalDist()
    below = mean((sample < estimate) + (sample == estimate) / 2 for sample in samples)
    z0 = normal.inv_cdf(min(max(below, 0.5 / n), 1 - 0.5 / n))
    without = [f([*rows[:k], *rows[k + 1 :]]) for k in range(len(rows))]
    deviations = [mean(without) - value for value in without]
    spread = sum(d**2 for d in deviations)
    acceleration = sum(d**3 for d in deviations) / (6 * spread**1.5) if spread else 0.0

    def quantile(share: float) -> float:
        z = z0 + normal.inv_cdf(share)
        return samples[round((n - 1) * normal.cdf(z0 + z / (1 - acceleration * z)))]

    return quantile((1 - level) / 2), quantile((1 + level) / 2)
