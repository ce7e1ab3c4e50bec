"""Gene names made of several: fusion genes, and slash series ("BRCA1/2", "SMAD2/3/4").

Owns these two forms only. Genes joined by a hyphen are a fusion where the pair is a known one; other pairs are
partners of a complex and stay two mentions.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from litmine.entities.spans import PATTERN, Span
from litmine.lexicon.folding import DASH, fold
from litmine.lexicon.names import Lexicon, NameList
from litmine.records import MentionType

_PAIR = re.compile(rf"\b(?P<first>[^\W_][\w]{{1,9}})(?P<joint>::|[{DASH}/:])(?P<second>[^\W_]\w{{1,9}})\b")
_MORE = re.compile(rf"(?:/[1-9]\d?[A-Z]?(?![\w]))+|[–-][2-9](?![\w{DASH}]|\.\d)")
_STEM = re.compile(rf"[{DASH}\s]?\d+[A-Z]?(?:/\d+[A-Z]?)*$")


def iter_fusions(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Span]:
    """Fusion genes: "A::B" of any two genes, "A-B" and "A/B" of pairs known to fuse; concept "A-B" in symbols."""
    for match in _PAIR.finditer(text, start, end):
        first, second = (lexicon.genes.get(fold(match[part])) for part in ("first", "second"))
        if first is None or second is None:
            continue
        if match["joint"] == "::" or (first.concept, second.concept) in lexicon.fusions:
            concept = f"{first.concept}-{second.concept}"
            curie = lexicon.genes.curie(concept)
            yield Span(match.start(), match.end(), MentionType.GENE, concept, curie, 0.95, PATTERN)


def with_series(text: str, end: int, span: Span, genes: NameList) -> Span:
    """The span with "/2" taken into "BRCA1" or "-3" into "FGFR1", and the family as its concept.

    Unchanged where the names in the series have no family.
    """
    if span.type is not MentionType.GENE or not text[span.end - 1].isdigit():
        return span
    more = _MORE.match(text, span.end, end)
    if not more:
        return span
    stem = _STEM.sub("", text[span.start : span.end])
    family = genes.get(fold(stem)) if len(stem) > 2 else None
    if family is None or (family.rank > 1 and not family.curated) or family.concept[-1:].isdigit():
        return span
    return replace(span, end=more.end(), concept=family.concept, curie=family.curie, weight=PATTERN)
