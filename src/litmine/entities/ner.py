"""Taggers that propose genes and chemicals where no list need hold them: litmine's own, or a spaCy package of the user.

Owns loading, batching over a document and what one occurrence says about the others. What a proposal is worth beside
the lists and rules is for `litmine.entities.recognition` to decide.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from litmine.errors import SettingsError
from litmine.language import multiply_by_numpy
from litmine.records import PROSE, Analysis, Document, Sentence

if TYPE_CHECKING:
    from spacy.language import Language

    from litmine.entities.ner_model import NamePipe

WEIGHTS = Path(__file__).with_name("names.npz")
OWN, NONE = "litmine", "none"


class NameKind(StrEnum):
    """What a tagger marks."""

    GENE = "Gene"
    CHEMICAL = "Chemical"


GENE, CHEMICAL = NameKind
_REPEATED = 0.8
"""Share of its score that a name keeps where it was not seen for itself, only in another sentence of the document."""
_LEAST_TO_REPEAT = 0.6
_LABELS: dict[str, NameKind] = {
    **dict.fromkeys(("GENE", "GENE_OR_GENE_PRODUCT", "GGP", "PROTEIN", "DNA", "RNA", "GENE_OR_GENOME"), GENE),
    **dict.fromkeys(("CHEMICAL", "SIMPLE_CHEMICAL", "CHEBI", "DRUG", "CHEM"), CHEMICAL),
}
"""Labels of scispaCy's packages (bionlp13cg, craft, jnlpba, bc5cdr) and of others in use."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A gene or chemical that may stand at `start:end` of the document; `score` is between 0 and 1."""

    start: int
    end: int
    type: NameKind
    score: float


class Known(Protocol):
    """A span that lists and rules have found: a mention or a candidate."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def type(self) -> str: ...


class Tagger(Protocol):
    """Anything that proposes names."""

    def propose(self, document: Document, analysis: Analysis, known: Sequence[Known]) -> list[Proposal]:
        """Proposals in the sentences of `records.PROSE`, outside callouts, ascending; of one type none overlap."""
        ...


class NoTagger:
    """Proposes nothing: lists and rules alone."""

    def propose(self, document: Document, analysis: Analysis, known: Sequence[Known]) -> list[Proposal]:
        return []


class NameTagger:
    """litmine's own tagger, with the weights at `path` (made by `litmine.training.ner`)."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        import numpy as np
        import spacy

        from litmine.entities.ner_model import NAME

        with np.load(path) as stored:
            width, depth, pieces = (int(n) for n in stored["shape"])
        self._language = spacy.blank("en")
        shape = {"width": width, "depth": depth, "pieces": pieces}
        self._pipe = cast("NamePipe", self._language.add_pipe(NAME, config=shape))
        self._pipe.from_file(path)
        multiply_by_numpy(self._language)

    def propose(self, document: Document, analysis: Analysis, known: Sequence[Known]) -> list[Proposal]:
        from litmine.entities.ner_model import TYPES, make_doc

        text = document.blank_callouts()
        sentences = [s for s in analysis.sentences if s.kind in PROSE]
        docs, places = [], []
        for sentence, marked in zip(sentences, _by_sentence(sentences, known), strict=True):
            doc, own = make_doc(self._language.vocab, text, sentence.start, sentence.end, marked)
            docs.append(doc)
            places.append(own)
        found: list[Proposal] = []
        for doc, own in zip(self._pipe.pipe(docs, batch_size=128), places, strict=True):
            for type_ in TYPES:
                group = doc.spans[type_]
                for span, score in zip(group, group.attrs["scores"], strict=True):
                    found.append(Proposal(own[span.start][0], own[span.end - 1][1], NameKind(type_), score))
        return _repeat(text, sentences, _as_defined(text, analysis, found))


class PackageTagger:
    """The entity recogniser of an installed spaCy package (scispaCy's, or one on disk).

    Raises SettingsError where it is not installed or has no label that says gene or chemical. Its scores are 1.
    """

    def __init__(self, name: str) -> None:
        import spacy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # version notes of the package
            try:
                self._language: Language = spacy.load(name, exclude=["parser", "lemmatizer", "attribute_ruler"])
            except OSError:
                raise SettingsError(
                    f"The spaCy package {name!r} chosen as tagger is not installed; litmine never downloads one by "
                    f'itself. `litmine doctor` says what is there; "{OWN}" is always there.'
                ) from None
        labels = {label for pipe in self._language.pipe_names for label in self._language.pipe_labels.get(pipe, ())}
        self._labels = {label: _LABELS[label.upper()] for label in labels if label.upper() in _LABELS}
        if not self._labels:
            raise SettingsError(f"The spaCy package {name!r} recognises neither genes nor chemicals.")

    def propose(self, document: Document, analysis: Analysis, known: Sequence[Known]) -> list[Proposal]:
        text = document.blank_callouts()
        sentences = [s for s in analysis.sentences if s.kind in PROSE]
        found: list[Proposal] = []
        docs = self._language.pipe(text[s.start : s.end] for s in sentences)
        for sentence, doc in zip(sentences, docs, strict=True):
            for entity in doc.ents:
                if entity.label_ in self._labels:
                    start, end = sentence.start + entity.start_char, sentence.start + entity.end_char
                    found.append(Proposal(start, end, self._labels[entity.label_], 1.0))
        return sorted(found, key=lambda p: (p.start, p.end, p.type))


def make_tagger(name: str = OWN) -> Tagger:
    """litmine's own tagger ("litmine"), none ("none"), or that of an installed spaCy package.

    Raises SettingsError where the package is missing or of no use.
    """
    if name == OWN:
        return NameTagger()
    return NoTagger() if name == NONE else PackageTagger(name)


def _by_sentence(sentences: Sequence[Sentence], known: Iterable[Known]) -> Iterator[list[tuple[int, int, str]]]:
    waiting = sorted(((k.start, k.end, str(k.type)) for k in known), reverse=True)
    for sentence in sentences:
        own: list[tuple[int, int, str]] = []
        while waiting and waiting[-1][0] < sentence.end:
            marked = waiting.pop()
            if sentence.start <= marked[0]:
                own.append(marked)
        yield own


def _as_defined(text: str, analysis: Analysis, found: Sequence[Proposal]) -> list[Proposal]:
    """The proposals with every short form that the document defines taken for what its long form is, or for nothing."""
    by_end = {p.end: p for p in found}
    meanings: dict[str, Proposal | None] = {}
    for a in analysis.abbreviations:
        meanings.setdefault(text[a.short_start : a.short_end], by_end.get(a.long_end))
    kept: list[Proposal] = []
    for p in found:
        surface = text[p.start : p.end]
        if surface not in meanings:
            kept.append(p)
        elif (meaning := meanings[surface]) is not None:
            kept.append(Proposal(p.start, p.end, meaning.type, meaning.score))
    taken = {p.start for p in kept}
    for a in analysis.abbreviations:
        meaning = meanings[text[a.short_start : a.short_end]]
        if meaning is not None and a.short_start not in taken:
            kept.append(Proposal(a.short_start, a.short_end, meaning.type, meaning.score))
    return kept


def _repeat(text: str, sentences: Sequence[Sentence], found: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, and further places of the document where the same name stands with nothing proposed over it.

    Lower-case words must have been proposed more often than not to be taken everywhere.
    """
    scores: dict[tuple[str, NameKind], list[float]] = defaultdict(list)
    for p in found:
        scores[text[p.start : p.end], p.type].append(p.score)
    taken = bytearray(len(text))
    for p in found:
        taken[p.start : p.end] = b"\1" * (p.end - p.start)
    named = {
        (surface, type_): max(own)
        for (surface, type_), own in scores.items()
        if max(own) >= _LEAST_TO_REPEAT and len(surface) > 1
    }
    added: list[Proposal] = []
    if named:
        best: dict[str, tuple[float, NameKind]] = {}
        for (surface, type_), score in named.items():
            best[surface] = max(best.get(surface, (0.0, GENE)), (score, type_))
        ordered = sorted(best, key=len, reverse=True)
        places = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, ordered))})(?![^\W_])")
        free: dict[str, list[int]] = defaultdict(list)
        for sentence in sentences:
            for match in places.finditer(text, sentence.start, sentence.end):
                if not any(taken[match.start() : match.end()]):
                    free[match[0]].append(match.start())
        for surface, spots in free.items():
            score, type_ = best[surface]
            distinct = not surface.islower() and len(surface) > 2
            if distinct or len(spots) < len(scores[surface, type_]):
                added += (Proposal(at, at + len(surface), type_, score * _REPEATED) for at in spots)
    return sorted((*found, *added), key=lambda p: (p.start, p.end, p.type))
