"""Agents that a sentence speaks of but does not name: "PARP inhibition", "anti-PD-L1 therapy", "checkpoint blockade".

The guidelines leave such phrases out of the mentions, but a claim may be about the agents they speak of. Owns the
phrases and the choice of the class of agents; whether the sentence claims anything is for the scorer.
"""

import re
from collections.abc import Iterable, Iterator

from litmine.relations.knowledge import is_target

CHECKPOINT_INHIBITOR = "immune checkpoint inhibitor"
_BLOCKED_BEFORE = re.compile(r"\b(?:blockade|inhibition) of (?:the )?$", re.I)
_BLOCKED_AFTER = re.compile(r"[\s-]*(?:inhibition|blockade)\b", re.I)
_ANTI = re.compile(r"\banti[\s-]*$", re.I)
_THERAPY = re.compile(r"[\s-]*(?:(?:immuno|mono)?therap(?:y|ies)|treatment|blockade)\b", re.I)
_CHECKPOINT = re.compile(
    r"\b(?:(?:immune[\s-]+)?checkpoint[\s-]+(?:blockade|inhibition|immunotherap(?:y|ies))|(?-i:ICB))\b", re.I
)
_REACH = 25


def implied_class(sentence: str, start: int, end: int, gene: str, drugs: Iterable[str]) -> str | None:
    """The class of agents that the words around a gene speak of: the first of `drugs` that is one and acts on the gene.

    `start` and `end` are offsets of the gene in the sentence. None where the words speak of no treatment, or the
    document names no such class: blocking a gene may then be an experiment.
    """
    before, after = sentence[max(0, start - _REACH) : start], sentence[end : end + _REACH]
    anti = bool(_ANTI.search(before) and _THERAPY.match(after))
    if not anti and not _BLOCKED_AFTER.match(after) and not _BLOCKED_BEFORE.search(before):
        return None
    return next((drug for drug in drugs if _is_class(drug, anti) and is_target(drug, gene)), None)


def iter_checkpoint_blockade(sentence: str) -> Iterator[tuple[int, int]]:
    """Offsets of phrases that speak of blocking immune checkpoints and name no agent."""
    for match in _CHECKPOINT.finditer(sentence):
        yield match.span()


def _is_class(drug: str, anti: bool) -> bool:
    return drug.endswith("inhibitor") or (anti and drug.startswith("anti-"))
