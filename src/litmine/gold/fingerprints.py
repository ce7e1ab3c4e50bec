"""Tokens of a text and their fingerprints: what gold keeps of an article instead of its words.

Owns normalisation, tokenisation and the compact encoding in `document.json`. A fingerprint is short on purpose:
with the article at hand it finds the sentence again; alone it stands for many words at once.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

HASH_BITS = 12
LONGEST = 63
"""Six bits each hold the gap before a token and its length; a longer run of letters is cut into several tokens."""

_WORD = re.compile(rf"[^\W_∆](?:[^\W_]|[∆\u00ad\u0300-\u036f]){{0,{LONGEST - 1}}}|∆")
_LOOKALIKES = str.maketrans({"ß": "beta", "ɑ": "α", "ɣ": "γ", "ϕ": "φ", "∆": "δ"})


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters and digits with its fingerprint; punctuation and spaces are not fingerprinted."""

    start: int
    end: int
    hash: int


@lru_cache(maxsize=1 << 16)
def normalise(text: str) -> str:
    """Letters and digits of `text` in one spelling: compatibility forms and case folded, Greek letters by name.

    Dashes, spaces, line breaks and other punctuation vanish, so that hyphenation makes no difference.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).casefold())
    return "".join(_letter(character) for character in folded)


def _letter(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    name = unicodedata.name(character, "")
    if name.startswith("GREEK SMALL LETTER "):
        greek = name.removeprefix("GREEK SMALL LETTER ").removeprefix("FINAL ").split()[0].lower()
        return "lambda" if greek == "lamda" else greek
    return character if character.isalnum() else ""


@lru_cache(maxsize=1 << 16)
def fingerprint(word: str) -> int:
    """The first `HASH_BITS` bits of BLAKE2b over the normalised word."""
    digest = blake2b(normalise(word).encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") >> (16 - HASH_BITS)


def iter_tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` in order, with offsets into it."""
    for match in _WORD.finditer(text):
        yield Token(match.start(), match.end(), fingerprint(match[0]))


def encode_tokens(tokens: Iterable[Token]) -> str:
    """Base64 of three bytes a token: six bits gap since the last one, six bits length, twelve bits fingerprint.

    A gap longer than 63 is carried by entries of length 0.
    """
    packed = bytearray()
    at = 0
    for token in tokens:
        gap = token.start - at
        while gap > LONGEST:
            packed += (LONGEST << 18).to_bytes(3, "big")
            gap -= LONGEST
        packed += (gap << 18 | (token.end - token.start) << 12 | token.hash).to_bytes(3, "big")
        at = token.end
    return base64.b64encode(packed).decode("ascii")


def decode_tokens(encoded: str) -> tuple[Token, ...]:
    """The tokens that `encode_tokens` was given. Raises ValueError where `encoded` is no such string."""
    try:
        packed = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if len(packed) % 3:
        raise ValueError("it does not hold three bytes for each token")
    tokens: list[Token] = []
    at = 0
    for i in range(0, len(packed), 3):
        entry = int.from_bytes(packed[i : i + 3], "big")
        at += entry >> 18
        length = entry >> 12 & LONGEST
        if length:
            tokens.append(Token(at, at + length, entry & (1 << HASH_BITS) - 1))
            at += length
    return tuple(tokens)
