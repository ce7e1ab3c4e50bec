"""Which tokens of one sequence are which of another: a damaged, re-ordered, longer copy of it.

Owns the alignment of plain integer sequences; knows nothing of texts. Unique n-grams anchor the alignment (patience
diff, B. Cohen), a longest common subsequence fills the gaps, and what stands alone is taken back.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

UNMATCHED = -1
ANCHOR_LENGTHS = (4, 2)
"""Tokens of an anchor: the longer first, the shorter within what is left."""
FEW_CELLS = 4096
"""Gaps of up to this many pairs are filled by dynamic programming."""
WINDOW = 5
DRIFT = 3
"""A match is believed where most of the `WINDOW` tokens beside it match, shifted by no more than `DRIFT` against it."""
SHARE_OF_UNIT = 0.6
"""Of the tokens of a sentence that must match: of less, another passage merely ends or begins with the same words."""
SHORTEST_UNIT = 3
"""Tokens; a shorter sentence needs neighbours."""

Pair = tuple[int, int]


def match_tokens(a: Sequence[int], b: Sequence[int], units: Sequence[range] = ()) -> list[int]:
    """For every token of `a` the index of its equal in `b`, or `UNMATCHED`; no token of `b` is given twice.

    Within a moved block order is kept; blocks may stand in another order. A match has neighbours that confirm it, so a
    word that merely occurs elsewhere too is not matched. `units` are the sentences of `a`: much of one must match
    before any of it is believed, and one found whole, in its order between its neighbours, needs no other support.
    """
    matched = [UNMATCHED] * len(a)
    units = units or [range(len(a))]
    free = [True] * len(b)
    while True:
        left_a = _with_breaks([i for i in range(len(a)) if matched[i] == UNMATCHED])
        left_b = _with_breaks([j for j in range(len(b)) if free[j]])
        # Breaks become values that no other place has, so that nothing is matched across them.
        values_a = [a[i] if i >= 0 else -2 * n - 1 for n, i in enumerate(left_a)]
        values_b = [b[j] if j >= 0 else -2 * n - 2 for n, j in enumerate(left_b)]
        tried = list(matched)
        for x, y in _iter_ordered_pairs(values_a, values_b):
            tried[left_a[x]] = left_b[y]
        new: list[int] = []
        for unit in units:
            if sum(tried[i] != UNMATCHED for i in unit) < SHARE_OF_UNIT * len(unit):
                continue
            whole = _is_whole(tried, unit)
            new += (i for i in unit if tried[i] != matched[i] and (whole or _is_supported(tried, i, unit)))
        if not new:
            return matched
        for i in new:
            matched[i] = tried[i]
            free[tried[i]] = False


def _with_breaks(indices: list[int]) -> list[int]:
    """The indices with -1 wherever some are missing between two."""
    broken: list[int] = []
    for index in indices:
        if broken and broken[-1] + 1 != index:
            broken.append(-1)
        broken.append(index)
    return broken


def _is_supported(matched: Sequence[int], i: int, unit: range) -> bool:
    """Whether the tokens around agree, one of the same sentence among them."""
    left = range(max(0, i - WINDOW), i)
    right = range(i + 1, min(len(matched), i + WINDOW + 1))
    shift = matched[i] - i

    def agreeing(beside: range) -> list[int]:
        return [k for k in beside if matched[k] != UNMATCHED and abs(matched[k] - k - shift) <= DRIFT]

    in_left, in_right = agreeing(left), agreeing(right)
    if len(unit) > 1 and not any(k in unit for k in (*in_left, *in_right)):
        return False
    n_left, n_right = len(in_left), len(in_right)
    whole = n_left + n_right == len(left) + len(right)
    return whole or n_left >= WINDOW - 1 or n_right >= WINDOW - 1 or n_left + n_right >= WINDOW


def _is_whole(matched: Sequence[int], unit: range) -> bool:
    if len(unit) < SHORTEST_UNIT or matched[unit[0]] == UNMATCHED:
        return False
    if any(matched[i] != matched[unit[0]] + i - unit[0] for i in unit):
        return False
    before = matched[max(0, unit[0] - WINDOW) : unit[0]]
    after = [j for j in matched[unit[-1] + 1 : unit[-1] + 1 + WINDOW] if j != UNMATCHED]
    in_order = max(before, default=UNMATCHED) < matched[unit[0]]
    return in_order and all(matched[unit[-1]] < j for j in after)


def _iter_ordered_pairs(a: Sequence[int], b: Sequence[int]) -> Iterator[Pair]:
    """Pairs of equal values, ascending in both sequences within every region; regions in no order."""
    regions = [(0, len(a), 0, len(b))]
    while regions:
        a0, a1, b0, b1 = regions.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            yield a0, b0
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            yield a1, b1
        if (a1 - a0) * (b1 - b0) <= FEW_CELLS:
            for i, j in _common_subsequence(a[a0:a1], b[b0:b1]):
                yield a0 + i, b0 + j
            continue
        chain: list[Pair] = []
        for n in ANCHOR_LENGTHS:
            chain = _longest_chain(_anchors(a[a0:a1], b[b0:b1], n))
            if chain:
                break
        if not chain:
            continue
        at_a, at_b = a0, b0
        for i, j in chain:
            yield a0 + i, b0 + j
            regions.append((at_a, a0 + i, at_b, b0 + j))
            at_a, at_b = a0 + i + 1, b0 + j + 1
        regions.append((at_a, a1, at_b, b1))


def _anchors(a: Sequence[int], b: Sequence[int], n: int) -> list[Pair]:
    """Places in `a` and `b` of every n-gram that stands once in each, ascending in `a`."""
    in_b = _unique_ngrams(b, n)
    return [(i, in_b[ngram]) for ngram, i in _unique_ngrams(a, n).items() if ngram in in_b]


def _unique_ngrams(values: Sequence[int], n: int) -> dict[tuple[int, ...], int]:
    places: dict[tuple[int, ...], int] = {}
    repeated: set[tuple[int, ...]] = set()
    for i, ngram in enumerate(zip(*(values[k:] for k in range(n)), strict=False)):
        if ngram in places:
            repeated.add(ngram)
        places[ngram] = i
    return {ngram: i for ngram, i in places.items() if ngram not in repeated}


def _longest_chain(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest part of `pairs`, which ascend in the first number, that ascends in the second one too."""
    ends: list[int] = []  # the smallest end of a chain of each length
    tops: list[int] = []
    before = [UNMATCHED] * len(pairs)
    for k, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        if length:
            before[k] = tops[length - 1]
        ends[length : length + 1] = [j]
        tops[length : length + 1] = [k]
    chain: list[Pair] = []
    k = tops[-1] if tops else UNMATCHED
    while k != UNMATCHED:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]


def _common_subsequence(a: Sequence[int], b: Sequence[int]) -> list[Pair]:
    """A longest common subsequence (Wagner and Fischer 1974) as pairs of places."""
    if not a or not b:
        return []
    rows = [[0] * (len(b) + 1)]
    for x in reversed(a):
        below, row = rows[-1], [0] * (len(b) + 1)
        for j in range(len(b) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if x == b[j] else max(below[j], row[j + 1])
        rows.append(row)
    rows.reverse()
    pairs: list[Pair] = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return _closed_up(pairs, b)


def _closed_up(pairs: list[Pair], b: Sequence[int]) -> list[Pair]:
    """The same tokens of `a`, each beside the next one where an equal of it stands there and none before it."""
    for k in range(len(pairs) - 2, -1, -1):
        (i, j), (next_i, next_j) = pairs[k], pairs[k + 1]
        beside_last = k > 0 and pairs[k - 1] == (i - 1, j - 1)
        if next_i == i + 1 and b[next_j - 1] == b[j] and not beside_last:
            pairs[k] = (i, next_j - 1)
    return pairs
