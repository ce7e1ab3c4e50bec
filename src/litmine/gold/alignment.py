"""Finds a gold document again in any reading of its article.

Owns the way from token fingerprints to places in a text: sentences, mentions, and which gold document belongs to which
reading. What cannot be placed for certain is left out, never guessed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from litmine.gold.fingerprints import Token, iter_tokens
from litmine.gold.model import Gold, GoldMention
from litmine.gold.sequences import UNMATCHED, match_tokens
from litmine.gold.surfaces import similarity, surface_parts

Span = tuple[int, int]

ENOUGH_SIMILAR = 0.75
"""A damaged mention is placed where the words beside it are found and so much of it is left (edit distance)."""
FARTHEST_NEIGHBOUR = 8
"""Tokens beside a damaged mention within which a neighbour that was found is looked for."""
FARTHEST_MOVED = 1
"""Tokens by which a damaged mention may lie off the place that the nearer of its neighbours gives it."""
LONGEST_INSERTION = 12
"""More tokens than this between two words of a sentence cut it in pieces: a figure or a page's foot stands there."""
SELECTED_SHARE = 0.3
"""A reading belongs to a gold document if it holds so much of its 4-grams."""
_N = 4


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where gold lies in a reading.

    `mentions[i]` is the span of `gold.mentions[i]`, or None where it was not found. `sentences[i]` are the pieces of
    `gold.sentences[i]` in order, most often one, none where it was not found.
    """

    mentions: tuple[Span | None, ...]
    sentences: tuple[tuple[Span, ...], ...]
    _pieces: tuple[tuple[int, int, int], ...] = field(init=False, repr=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        pieces = sorted((start, end, i) for i, spans in enumerate(self.sentences) for start, end in spans)
        object.__setattr__(self, "_pieces", tuple(pieces))
        object.__setattr__(self, "_starts", tuple(start for start, _, _ in pieces))
        object.__setattr__(self, "_longest", max((end - start for start, end, _ in pieces), default=0))

    def touched(self, start: int, end: int) -> frozenset[int]:
        """The gold sentences that any of `text[start:end]` belongs to."""
        return frozenset(sentence for sentence, _ in self._iter_overlaps(start, end))

    def gold_sentences(self, start: int, end: int) -> frozenset[int]:
        """The gold sentences that a sentence of the reading is: they share half of the shorter one's characters."""
        shared: dict[int, int] = {}
        for sentence, n_chars in self._iter_overlaps(start, end):
            shared[sentence] = shared.get(sentence, 0) + n_chars
        return frozenset(
            sentence
            for sentence, n_chars in shared.items()
            if 2 * n_chars >= min(end - start, sum(b - a for a, b in self.sentences[sentence]))
        )

    def _iter_overlaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = bisect_right(self._starts, start - self._longest)
        while at < len(self._pieces) and self._pieces[at][0] < end:
            piece_start, piece_end, sentence = self._pieces[at]
            n_chars = min(end, piece_end) - max(start, piece_start)
            if n_chars > 0:
                yield sentence, n_chars
            at += 1


def align(gold: Gold, text: str) -> Alignment:
    """Place every sentence and mention of `gold` in `text`, a reading of the same article.

    A placed mention has the surface of the gold up to spelling, hyphenation and line breaks, or, where words beside it
    pin it down, up to a damage of a quarter. Other order of blocks, missing and inserted passages are allowed.
    """
    return _Aligner(gold, text).align()


def select_gold(golds: Sequence[Gold], texts: Sequence[str]) -> list[int | None]:
    """For each text the index of the gold document that it is a reading of, or None.

    Two readings of one article get the same gold document.
    """
    wanted = [_ngrams([token for sentence in gold.sentences for token in sentence.tokens]) for gold in golds]
    chosen: list[int | None] = []
    for text in texts:
        held = _ngrams(list(iter_tokens(text)))
        shares = [len(ngrams & held) / max(1, len(ngrams)) for ngrams in wanted]
        best = max(range(len(golds)), key=shares.__getitem__, default=None)
        chosen.append(best if best is not None and shares[best] >= SELECTED_SHARE else None)
    return chosen


def _ngrams(tokens: Sequence[Token]) -> set[tuple[int, ...]]:
    hashes = [token.hash for token in tokens]
    return set(zip(*(hashes[k:] for k in range(_N)), strict=False))


class _Aligner:
    """The tokens of gold and reading, numbered over the whole document, and how they match."""

    def __init__(self, gold: Gold, text: str) -> None:
        self.gold = gold
        self.text = text
        self.read = list(iter_tokens(text))
        self.first = [0]
        """Number of each sentence's first token; one more entry at the end."""
        hashes: list[int] = []
        for sentence in gold.sentences:
            hashes += (token.hash for token in sentence.tokens)
            self.first.append(len(hashes))
        sentences = [range(a, b) for a, b in pairwise(self.first)]
        self.matched = match_tokens(hashes, [token.hash for token in self.read], sentences)
        self.taken = {j for j in self.matched if j != UNMATCHED}

    def align(self) -> Alignment:
        return Alignment(
            mentions=tuple(self._place(mention) for mention in self.gold.mentions),
            sentences=tuple(tuple(self._pieces(i)) for i in range(len(self.gold.sentences))),
        )

    def _pieces(self, sentence: int) -> Iterator[Span]:
        first, last = self.first[sentence], self.first[sentence + 1] - 1
        found = [(i, self.matched[i]) for i in range(first, last + 1) if self.matched[i] != UNMATCHED]
        if not found:
            return
        groups = [[found[0]]]
        for before, after in pairwise(found):
            inserted = (after[1] - before[1]) - (after[0] - before[0])
            if after[1] > before[1] and inserted <= LONGEST_INSERTION:
                groups[-1].append(after)
            else:
                groups.append([after])
        bounds = [[group[0][1], group[-1][1]] for group in groups]
        bounds[0][0] = self._widen(bounds[0][0], -1, found[0][0] - first)
        bounds[-1][1] = self._widen(bounds[-1][1], +1, last - found[-1][0])
        for left, right in bounds:
            yield self.read[left].start, self.read[right].end

    def _widen(self, j: int, step: int, n_tokens: int) -> int:
        """Go over as many unmatched tokens of the reading as the sentence has unmatched ones at that end."""
        for _ in range(n_tokens):
            if not 0 <= j + step < len(self.read) or j + step in self.taken:
                break
            j += step
        return j

    def _place(self, mention: GoldMention) -> Span | None:
        tokens = self.gold.sentences[mention.sentence].tokens
        t0 = bisect_right([token.end for token in tokens], mention.start)
        t1 = bisect_left([token.start for token in tokens], mention.end)
        if t0 >= t1:
            return None
        outline = _Outline(mention, tokens[t0], tokens[t1 - 1])
        i0, i1 = self.first[mention.sentence] + t0, self.first[mention.sentence] + t1
        j0 = self.matched[i0]
        if j0 != UNMATCHED and self.matched[i0:i1] == list(range(j0, j0 + i1 - i0)):
            span = outline.fit(self.text, self.read[j0], self.read[j0 + i1 - i0 - 1])
            if similarity(mention.text, self.text[span[0] : span[1]]) == 1.0:
                return span
        return self._search(mention, outline, i0, i1)

    def _search(self, mention: GoldMention, outline: "_Outline", i0: int, i1: int) -> Span | None:
        """The one stretch between the mention's neighbours that is most like it, if it is like enough."""
        sentence = range(self.first[mention.sentence], self.first[mention.sentence + 1])
        if all(self.matched[i] == UNMATCHED for i in sentence):
            return None
        before, after = self._neighbour(i0 - 1, -1), self._neighbour(i1, +1)
        required = ENOUGH_SIMILAR
        if before is None or after is None or self.matched[before] >= self.matched[after]:
            # At the edge of a moved block: only a neighbour of the same sentence tells where the mention is.
            before = before if before in sentence else None
            after = after if after in sentence and before is None else None
            required = 1.0
        n_tokens = i1 - i0
        reach = n_tokens + FARTHEST_NEIGHBOUR
        if before is not None:
            low = self.matched[before] + 1
            high = self.matched[after] if after is not None else min(len(self.read), low + reach)
        elif after is not None:
            high = self.matched[after]
            low = max(0, high - reach)
        else:
            return None
        if high - low > reach + LONGEST_INSERTION:
            return None
        ranked: list[tuple[tuple[float, int, int], int, Span]] = []
        for x in range(low, high):
            for y in range(x + 1, min(high, x + n_tokens + 3) + 1):
                span = outline.fit(self.text, self.read[x], self.read[y - 1])
                like = similarity(mention.text, self.text[span[0] : span[1]])
                if like >= required:
                    moved = []
                    if before is not None:
                        moved.append(abs(x - self.matched[before] - (i0 - before)))
                    if after is not None:
                        moved.append(abs(self.matched[after] - y - (after - i1)))
                    rank = (-like, abs(y - x - n_tokens), sum(moved))
                    ranked.append((rank, min(moved), span))
        ranked.sort()
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        _, nearest, span = ranked[0]
        return span if nearest <= FARTHEST_MOVED else None

    def _neighbour(self, i: int, step: int) -> int | None:
        for k in range(i, i + step * FARTHEST_NEIGHBOUR, step):
            if 0 <= k < len(self.matched) and self.matched[k] != UNMATCHED:
                return k
        return None


class _Outline:
    """How a mention's ends lie on its first and last token: cut within a token, or reaching over punctuation."""

    def __init__(self, mention: GoldMention, first: Token, last: Token) -> None:
        head, tail = surface_parts(mention.text)
        self._cut_start = max(0, mention.start - first.start)
        self._cut_end = max(0, last.end - mention.end)
        self._before = head[: max(0, first.start - mention.start)]
        after = max(0, mention.end - last.end)
        self._after = (tail or head)[-after:] if after else ""

    def fit(self, text: str, first: Token, last: Token) -> Span:
        """The mention's span if it lay on these tokens of the reading."""
        start, end = first.start + self._cut_start, last.end - self._cut_end
        if self._before and text[:start].endswith(self._before):
            start -= len(self._before)
        if self._after and text.startswith(self._after, end):
            end += len(self._after)
        return start, end
