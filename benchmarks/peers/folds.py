"""Folds by article, the same on every machine and for every system.

Owns the split; nothing here looks at text or relations.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Split:
    """Indices of the texts to train on and of those to judge by, ascending and disjoint."""

    train: tuple[int, ...]
    test: tuple[int, ...]


def make_folds(groups: Sequence[str], n: int, seed: int) -> list[Split]:
    """`n` splits whose test parts together are all texts, each once; texts of equal group are tested together.

    Depends on the groups and the seed, not on the order of the groups' first texts.
    """
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    part = {name: i % n for i, name in enumerate(names)}
    return [
        Split(
            tuple(i for i, group in enumerate(groups) if part[group] != fold),
            tuple(i for i, group in enumerate(groups) if part[group] == fold),
        )
        for fold in range(n)
    ]


def inner_folds(split: Split, groups: Sequence[str], n: int, seed: int) -> list[Split]:
    """Folds of the training part of a split, as indices into all texts."""
    inner = make_folds([groups[i] for i in split.train], n, seed)
    return [Split(tuple(split.train[i] for i in s.train), tuple(split.train[i] for i in s.test)) for s in inner]
