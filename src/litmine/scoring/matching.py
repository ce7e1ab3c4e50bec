"""Optimal one-to-one matching: as many pairs as can be, whatever the order of the items.

Owns the assignment problem; knows nothing of mentions and triples.
"""

from collections.abc import Iterable, Sequence

from litmine.scoring.counts import Pair

Edge = tuple[int, int, int]
"""A pair that may be matched, with the worth (0 or more) of doing so."""


def best_pairs(edges: Iterable[Edge]) -> list[Pair]:
    """A maximum matching and, among all of these, one of the greatest worth; ascending.

    Each connected part is solved by itself with the Hungarian method (Kuhn 1955), in cubic time of its size.
    """
    worth: dict[Pair, int] = {}
    by_left: dict[int, list[int]] = {}
    by_right: dict[int, list[int]] = {}
    for i, j, w in edges:
        if (i, j) not in worth:
            by_left.setdefault(i, []).append(j)
            by_right.setdefault(j, []).append(i)
        worth[i, j] = w
    pairs: list[Pair] = []
    seen: set[int] = set()
    for first in by_left:
        if first in seen:
            continue
        if len(by_left[first]) == 1 and len(by_right[by_left[first][0]]) == 1:
            pairs.append((first, by_left[first][0]))
            continue
        left, right = _part(first, by_left, by_right)
        seen.update(left)
        enough = 1 + sum(worth[i, j] for i in left for j in by_left[i])
        gain = [[enough + worth[i, j] if (i, j) in worth else 0 for j in right] for i in left]
        pairs += ((left[a], right[b]) for a, b in _assign(gain) if gain[a][b])
    return sorted(pairs)


def _part(first: int, by_left: dict[int, list[int]], by_right: dict[int, list[int]]) -> tuple[list[int], list[int]]:
    """Everything connected with the left item `first`, each side ascending."""
    left, right = {first}, set[int]()
    waiting = [first]
    while waiting:
        for j in by_left[waiting.pop()]:
            if j not in right:
                right.add(j)
                new = [i for i in by_right[j] if i not in left]
                left.update(new)
                waiting += new
    return sorted(left), sorted(right)


def _assign(gain: Sequence[Sequence[int]]) -> list[Pair]:
    """Row and column of an assignment of greatest gain that covers the shorter side."""
    if len(gain) > len(gain[0]):
        return [(i, j) for j, i in _assign(list(zip(*gain, strict=True)))]
    n_rows, n_columns = len(gain), len(gain[0])
    row_price, column_price = [0] * (n_rows + 1), [0] * (n_columns + 1)
    row_of = [0] * (n_columns + 1)  # rows and columns count from 1, 0 is none
    for row in range(1, n_rows + 1):
        row_of[0] = row
        column = 0
        slack = [float("inf")] * (n_columns + 1)
        came_from = [0] * (n_columns + 1)
        used = [False] * (n_columns + 1)
        while row_of[column]:
            used[column] = True
            at, step, nearest = row_of[column], float("inf"), 0
            for j in range(1, n_columns + 1):
                if used[j]:
                    continue
                reduced = -gain[at - 1][j - 1] - row_price[at] - column_price[j]
                if reduced < slack[j]:
                    slack[j], came_from[j] = reduced, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(n_columns + 1):
                if used[j]:
                    row_price[row_of[j]] += int(step)
                    column_price[j] -= int(step)
                else:
                    slack[j] -= step
            column = nearest
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    return [(row_of[j] - 1, j - 1) for j in range(1, n_columns + 1) if row_of[j]]
