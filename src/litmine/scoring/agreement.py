"""How well two layers of one gold document agree: the ceiling of what a machine can be asked for.

Owns the comparison of annotators; the measures are those by which runs are scored.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litmine.errors import GoldError
from litmine.gold.model import Gold, GoldTriple
from litmine.records import MentionType
from litmine.scoring.counts import BOOTSTRAP, Resampling, Score
from litmine.scoring.items import gold_mentions, gold_triples, places_in_gold
from litmine.scoring.mentions import ScoredMention, match_mentions, score_mentions
from litmine.scoring.triples import ScoredTriple, match_triples, score_triples, score_triples_by_evidence


@dataclass(frozen=True, slots=True)
class Agreement:
    """Scores of the second layer held against the first; F is the same the other way round."""

    mentions: dict[str, dict[str, Score]]
    triples: dict[str, Score]
    triples_by_evidence: dict[str, Score]
    kappas: dict[str, "Kappa"]
    disagreements: tuple["Disagreement", ...]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa (Cohen 1960) over `n` items that both annotators marked; None where both used one label only."""

    n: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What only one annotator marked, or both marked differently; `sentence` is the id of the gold sentence."""

    sentence: str
    layer: str
    first: str | None
    second: str | None


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
        kappas=_kappas(mentions, other_mentions, triples, other_triples),
        disagreements=(*_mention_disagreements(first, second), *_triple_disagreements(first, second)),
    )


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement of two labellings beyond what their label frequencies give by chance; None where chance is certain."""
    n = len(pairs)
    if not n:
        return None
    observed = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(left[label] * right[label] for label in left) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _kappas(
    mentions: Sequence[ScoredMention],
    other_mentions: Sequence[ScoredMention],
    triples: Sequence[ScoredTriple],
    other_triples: Sequence[ScoredTriple],
) -> dict[str, Kappa]:
    """Of concepts among mentions of equal span and type, of attributes among triples of equal key."""
    kappas: dict[str, Kappa] = {}
    matched = [(mentions[i], other_mentions[j]) for i, j in match_mentions(mentions, other_mentions, "strict")]
    for type_ in MentionType:
        labels = [(str(a.concept), str(b.concept)) for a, b in matched if a.type is type_]
        kappas[f"{type_} concept"] = Kappa(len(labels), cohen_kappa(labels))
    pairs = match_triples(triples, other_triples, "drug-gene-mechanism", share_evidence=False)
    for name in ("role", "state", "polarity", "certainty"):
        labels = [(str(getattr(triples[i], name)), str(getattr(other_triples[j], name))) for i, j in pairs]
        kappas[name] = Kappa(len(labels), cohen_kappa(labels))
    return kappas


def _mention_disagreements(first: Gold, second: Gold) -> Iterator[Disagreement]:
    sides = [{(m.sentence, m.start, m.end, m.type): m for m in gold.mentions} for gold in (first, second)]
    for place in sorted(sides[0].keys() | sides[1].keys()):
        one, other = (side.get(place) for side in sides)
        if one is not None and other is not None and one.concept == other.concept:
            continue
        told = [None if m is None else f"{m.type} “{m.text}” = {m.concept}" for m in (one, other)]
        yield Disagreement(first.sentences[place[0]].id, "mentions", told[0], told[1])


def _triple_disagreements(first: Gold, second: Gold) -> Iterator[Disagreement]:
    golds = first, second
    sides = [gold_triples(gold, gold.id) for gold in golds]
    pairs = match_triples(sides[0], sides[1], "drug-gene-mechanism", share_evidence=False)
    rows: list[tuple[int | None, int | None]] = [*pairs]
    rows += [(i, None) for i in set(range(len(sides[0]))) - {i for i, _ in pairs}]
    rows += [(None, j) for j in set(range(len(sides[1]))) - {j for _, j in pairs}]
    for i, j in sorted(rows, key=lambda row: (row[0] is None, row[0] or 0, row[1] or 0)):
        told = [None if k is None else _told(gold.triples[k]) for gold, k in zip(golds, (i, j), strict=True)]
        if told[0] != told[1]:
            shown = first.triples[i] if i is not None else second.triples[j or 0]
            yield Disagreement(first.sentences[shown.evidence[0]].id, "triples", told[0], told[1])


def _told(triple: GoldTriple) -> str:
    labels = f"{triple.role}, {triple.state}, {triple.polarity}, {triple.certainty}"
    return f"{triple.drug} – {triple.gene} – {triple.mechanism} ({labels})"
