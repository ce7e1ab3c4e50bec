"""Lost and split spaces in a document, told without a truth.

What it sees: a token that no one writes but that falls into two known words (a lost space), and two tokens side by side
of which one is no word but which make a known one (a split word). A word that a second program reads on the same pages
is taken for a word. What it cannot see: a space lost where the result is a word too, faults inside numbers, formulas
and names that occur once, and faults that the second program shares. Its count is of suspects; who wants faults looks
at the page.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from litmine.records import PROSE, Document

COMMON = 4
"""Times a word occurs in the vocabulary to be known."""
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = frozenset("a i an as at be by do he if in is it no of on or so to up we us".split())  # noqa: SIM905


@dataclass(frozen=True)
class SpaceFaults:
    """Suspects with the words round them."""

    lost: tuple[str, ...]
    split: tuple[str, ...]
    n_words: int

    @property
    def per_thousand(self) -> float:
        return 1000 * (len(self.lost) + len(self.split)) / max(1, self.n_words)


def make_vocabulary(documents: Iterable[Document]) -> Counter[str]:
    """Words of the documents' text, in lower case, with their counts."""
    return Counter(word.lower() for document in documents for word in _WORD.findall(document.text))


def witness_words(path: Path) -> frozenset[str]:
    """Words that pdfplumber reads on the pages of a PDF, in lower case; the first parts of divided ones end in "-"."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    words: set[str] = set()
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            texts = [word["text"] for word in page.extract_words(x_tolerance_ratio=0.15)]
            page.close()
            words.update(part.lower() for text in texts for part in _WORD.findall(text))
            words.update(match[0].lower() for text in texts if (match := re.search(r"[^\W\d_]+-$", _plain(text))))
    return frozenset(words)


def count_space_faults(
    document: Document, vocabulary: Counter[str], witness: frozenset[str] = frozenset()
) -> SpaceFaults:
    """Suspects in the document's prose. `vocabulary` must count the words of this document too."""
    lost: list[str] = []
    split: list[str] = []
    n_words = 0
    for block in document.blocks:
        if block.kind not in PROSE:
            continue
        text = document.text[block.start : block.end]
        n_words += len(text.split())
        matches = list(_WORD.finditer(text))
        for match in matches:
            word = match[0].lower()
            if vocabulary[word] < COMMON and not _witnessed(word, witness) and _falls_apart(word, vocabulary):
                lost.append(text[max(0, match.start() - 20) : match.end() + 20])
        for one, other in pairwise(matches):
            if text[one.end() : other.start()] != " ":
                continue
            a, b = one[0].lower(), other[0].lower()
            rare = (vocabulary[a] < 2 and a not in witness) or (vocabulary[b] < 2 and b not in witness)
            if rare and (vocabulary[a + b] >= 2 or _witnessed(a + b, witness)):
                split.append(text[max(0, one.start() - 20) : other.end() + 20])
    return SpaceFaults(tuple(lost), tuple(split), n_words)


def _falls_apart(word: str, vocabulary: Counter[str]) -> bool:
    """Into two known words, neither a mere ending."""

    def known(part: str) -> bool:
        return part in _SHORT if len(part) < 3 else vocabulary[part] >= COMMON

    return any(known(word[:i]) and known(word[i:]) for i in range(1, len(word)))


def _witnessed(word: str, witness: frozenset[str]) -> bool:
    """Whether the other program reads the word, whole or divided at a line end."""
    return word in witness or any(f"{word[:i]}-" in witness and word[i:] in witness for i in range(1, len(word)))


def _plain(text: str) -> str:
    return re.sub("[\u00ad\u2010]", "-", text)
