"""Whether a document is about cancer at all: elsewhere the weights, which have seen nothing else, would invent claims.

Owns the words and the limit. Measured on articles at hand: those about cancer have 16 and more of these words in 1,000,
those about other things less than one.
"""

import re
from collections import Counter

from litmine.records import Document

LEAST_WORDS = 1000
"""A shorter text says too little about its field, and is taken to be in scope."""
LEAST_TUMOUR_WORDS = 3.0
"""In 1,000 words."""
_TUMOUR = re.compile(
    r"\b(?:cancer(?:s|ous)?|tumou?rs?|tumou?ral|\w*carcinom\w+|\w*leuka?emi\w+|\w*lymphom\w+|\w*myelom\w+|\w*melanom\w+|"
    r"\w*sarcom\w+|\w*gliom\w+|\w*glioblastom\w+|\w*blastomas?|\w*adenomas?|neoplas\w+|malignan\w+|metasta\w+|oncolog\w+|"
    r"chemotherap\w+|anti-?neoplas\w+|NSCLC|SCLC|[AC]ML|[AC]LL)\b",
    re.IGNORECASE,
)


def is_in_scope(document: Document) -> bool:
    """False of a text of `LEAST_WORDS` words and more that hardly speaks of tumours."""
    words = Counter(document.text.split())
    n_words = words.total()
    if n_words < LEAST_WORDS:
        return True
    n_of_tumours = sum(n * len(_TUMOUR.findall(word)) for word, n in words.items())
    return 1000 * n_of_tumours >= LEAST_TUMOUR_WORDS * n_words
