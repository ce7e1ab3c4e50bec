"""Genes inside words that no list holds: variants, mutations set on, phospho forms, "CD44high", "PARPi".

Owns the grammar of what may be attached to a gene's name. Works on single words that the lists left alone.
"""

import re
from collections.abc import Callable, Iterator

from litmine.entities.spans import CLASS, PATTERN, Span
from litmine.lexicon.folding import DASH
from litmine.lexicon.names import Name
from litmine.records import MentionType

_D = f"[{DASH}]"
WORD = re.compile(rf"[^\W_](?:[\w+{DASH}∆Δ/]*\w)?")
_DELETION = re.compile(r"^(?P<gene>[A-Za-z][\w-]{2,}?)[Δ∆](?P<rest>[A-Za-z]{0,3}\d+(?:[+-]\d+)?\w*)$")
_MUTATION = re.compile(r"^(?P<gene>[A-Z][A-Z0-9]{2,}?)(?P<rest>[ACDEFGHIKLMNPQRSTVWY]\d{2,4}[ACDEFGHIKLMNPQRSTVWY]?)$")
_REARRANGED = re.compile(rf"^(?P<gene>[A-Z][A-Z0-9]{{2,}}?){_D}?(?P<rest>(?:ITD|PTD|TKD|KDD)+s?\+?)$")
_LEVEL = re.compile(r"^(?P<gene>[A-Z][A-Z0-9-]*\d[A-Z]?)(?P<rest>low|high|hi|lo|dim|bright|neg|pos)$")
_FORM = re.compile(rf"^(?P<form>[pthsmcv]|sh|si|phospho|pro){_D}?(?P<gene>[A-Z].*|mTOR|p\d\d\w*|c{_D}\w+)$")
_INHIBITOR = re.compile(rf"^(?P<gene>[A-Za-z][\w/{DASH}]*[A-Z0-9α-ω])i(?:s)?$")
_FORMS = (_DELETION, _MUTATION, _REARRANGED, _LEVEL, _FORM)
_CITED = re.compile(r"\b[A-Za-z][A-Za-z0-9]*[A-Za-z0-9]\d\b")
_REAGENTS = frozenset({"sh", "si"})
_CUT = re.compile(rf"[{DASH}/+−]")

Class = Callable[[str], tuple[str, str | None]]
"""The settled concept and CURIE of a class of agents such as "parp inhibitor"."""
Lookup = Callable[[str], Name | None]
"""The gene that a bare name stands for, guards applied; None where there is none."""


def iter_affixed(text: str, start: int, end: int, lookup: Lookup, settle: Class) -> Iterator[Span]:
    """Spans of words, or parts of hyphenated words, in `text[start:end]`: a gene's name with something attached."""
    for word in WORD.finditer(text, start, end):
        if word[0].islower() or len(word[0]) < 4:
            continue
        taken = word.start()
        for left, right in _pieces(word):
            span = _read(text[left:right], left, lookup, settle) if left >= taken else None
            if span is not None:
                yield span
                taken = span.end


def _pieces(word: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The word and its parts between hyphens and slashes: by place, from each place the longest first."""
    cuts = [word.start(), *(word.start() + m.end() for m in _CUT.finditer(word[0])), word.end() + 1]
    for i, start in enumerate(cuts):
        for end in reversed(cuts[i + 1 :]):
            yield start, end - 1


def _read(surface: str, at: int, lookup: Lookup, settle: Class) -> Span | None:
    if len(surface) < 4 or surface.islower() or lookup(surface) is not None:
        return None
    end = at + len(surface)
    inhibitor = _INHIBITOR.match(surface)
    if inhibitor and _is_target(inhibitor["gene"], lookup):
        concept, curie = settle(f"{inhibitor['gene'].lower()} inhibitor")
        return Span(at, end, MentionType.DRUG, concept, curie, 0.95, CLASS)
    for form in _FORMS:
        match = form.match(surface)
        name = lookup(match["gene"]) if match else None
        if match and name is not None and match.groupdict().get("form") not in _REAGENTS:
            return Span(at, end, MentionType.GENE, name.concept, name.curie, 0.9, PATTERN)
    return None


def iter_cited(text: str, start: int, end: int, lookup: Lookup, known: Callable[[str], bool]) -> Iterator[Span]:
    """Names with a superscript citation run into them ("TNFAIP337" for TNFAIP3 and reference 37).

    Only for documents without bracketed callouts; `lookup` gives genes and drugs, `known` tells words that are a name
    of anything as they stand.
    """
    for word in _CITED.finditer(text, start, end):
        if known(word[0]):
            continue
        for digits in (2, 1):
            stem = word[0][:-digits]
            name = lookup(stem) if len(stem) > 2 and word[0][-digits:].isdigit() else None
            if name is not None and word[0][-digits] != "0":
                yield Span(word.start(), word.end(), name.type, name.concept, name.curie, 0.7, PATTERN)
                break


def _is_target(target: str, lookup: Lookup) -> bool:
    """Whether a target, perhaps several joined by slashes ("CDK4/6", "BCR-ABL/Src"), is a gene."""
    first, _, _ = target.partition("/")
    return lookup(target) is not None or ("/" in target and lookup(first) is not None)
