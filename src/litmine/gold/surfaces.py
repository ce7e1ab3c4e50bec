"""Surfaces of gold mentions as the repository keeps them, and how like a stretch of text is to one.

A surface of more than eight words is kept by its first and last words only, so that no passage of an article is stored.
"""

from litmine.gold.fingerprints import iter_tokens, normalise

LONGEST_KEPT = 8
"""Words; a longer surface is elided."""
ELLIPSIS = " … "
_KEPT_AT_EACH_END = 3


def elide(surface: str) -> str:
    """`surface`, or its first and last three words around an ellipsis where it has more than eight."""
    tokens = list(iter_tokens(surface))
    if len(tokens) <= LONGEST_KEPT:
        return surface
    head = surface[: tokens[_KEPT_AT_EACH_END - 1].end]
    return f"{head}{ELLIPSIS}{surface[tokens[-_KEPT_AT_EACH_END].start :]}"


def surface_parts(surface: str) -> tuple[str, str]:
    """What is known of the beginning and of the end of the mention: two parts of an elided surface, else ("x", "")."""
    head, _, tail = surface.partition(ELLIPSIS)
    return head, tail


def similarity(surface: str, text: str) -> float:
    """1.0 where `text` is `surface` up to spelling (see `normalise`), 0.0 where nothing agrees.

    One minus the edit distance (Levenshtein) of the normalised forms over the longer one's length. Of an elided surface
    only the two known parts are compared, at the beginning and the end of `text`.
    """
    head, tail = (normalise(part) for part in surface_parts(surface))
    found = normalise(text)
    if tail:
        if len(found) < len(head) + len(tail):
            return 0.0
        found = found[: len(head)] + found[-len(tail) :]
    known = head + tail
    if known == found:
        return 1.0
    return 1.0 - _edit_distance(known, found) / max(len(known), len(found))


def _edit_distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]
