"""Trains the tagger of genes and chemicals: `python -m litmine.training.ner CORPORA -o names.npz`.

CORPORA is the folder of the public corpora (see `ner_abstracts`). The network first learns from all of them, each
teaching only the types that its annotators looked for; then from BioRED alone, whose conventions it is to follow
(families and classes of agents are names, residues of a mutation are not chemicals). What lists and rules find is a
feature; at random it is withheld, so that the network also learns to do without, and some abstracts come a second time
with one of their chemicals under a code that nobody has heard of. BioRED's development part is never learned from:
abstracts with its PMIDs are left out of every corpus. Seeds are fixed; one core takes about a quarter of an hour.
"""

import argparse
import random
import re
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

from litmine.entities.ner import CHEMICAL
from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.records import Block, Document, Kind, content_id
from litmine.training.ner_abstracts import BIORED_DEV, BIORED_TRAIN, Abstract, read_biored, read_others

if TYPE_CHECKING:
    from spacy.training import Example
    from spacy.vocab import Vocab

    from litmine.entities.ner_model import NamePipe

SEED = 20220
WITHHELD = 0.15
"""Share of the spans known to lists and rules that training hides."""
RENAMED = 0.3
"""Share of the abstracts with chemicals that come again with one of them renamed."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the network."""

    width: int = 96
    depth: int = 3
    pieces: int = 2


@dataclass(frozen=True, slots=True)
class Course:
    """One round of training: passes over the sentences, step of Adam (averaged), dropout, sentences in a batch."""

    epochs: int
    step: float
    dropout: float
    batch: int


GENERAL = Course(epochs=3, step=0.001, dropout=0.25, batch=48)
FINAL = Course(epochs=3, step=0.0005, dropout=0.3, batch=32)


def make_document(abstract: Abstract) -> Document:
    """An abstract as a document of one block."""
    digest = content_id(abstract.text.encode())
    block = Block(0, len(abstract.text), Kind.ABSTRACT, 0)
    return Document(digest[:16], abstract.pmid, digest, "text/plain", abstract.text, blocks=(block,))


def rename(abstract: Abstract, chance: random.Random) -> Abstract | None:
    """The abstract with one of its chemicals called by a made-up code throughout; None where it has none to rename.

    Spans keep their type and move with the text. Only names that stand for themselves, in letters alone, are renamed.
    """
    text = abstract.text
    named = {text[start:end] for start, end, type_ in abstract.spans if type_ == CHEMICAL}
    eligible = sorted(name for name in named if name.isalpha() and len(name) > 4)
    if not eligible:
        return None
    old, letters = chance.choice(eligible), "".join(chance.choices(ascii_uppercase, k=chance.randint(1, 4)))
    code = f"{letters}{chance.choice(('', '-', '-'))}{chance.randint(1, 99_999)}{chance.choice(('', '', '', 'a', 'B'))}"
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    at = 0
    for match in re.finditer(rf"\b{re.escape(old)}\b", text):
        parts += (text[at : match.start()], code)
        shifts.append((match.start(), len(code) - len(old)))
        at = match.end()
    starts = [start for start, _ in shifts]

    def moved(place: int) -> int:
        return place + sum(shift for _, shift in shifts[: bisect_left(starts, place)])

    spans = tuple((moved(start), moved(end), type_) for start, end, type_ in abstract.spans)
    return Abstract(abstract.pmid, "".join((*parts, text[at:])), spans, abstract.types)


def _and_renamed(abstracts: Sequence[Abstract], chance: random.Random) -> Iterator[Abstract]:
    for abstract in abstracts:
        yield abstract
        again = rename(abstract, chance) if chance.random() < RENAMED else None
        if again is not None:
            yield again


def iter_examples(abstracts: Iterable[Abstract], vocab: "Vocab") -> Iterator["Example"]:
    """Each sentence with what lists and rules know of it, and the gold of the types that were looked for.

    Of gold spans that overlap the longer is kept; a span that begins or ends inside a token is left out.
    """
    from spacy.tokens import Span
    from spacy.training import Example

    from litmine.entities.ner_model import make_doc

    analyser, recogniser = Analyser(), EntityRecogniser()
    for abstract in abstracts:
        document = make_document(abstract)
        analysis = analyser.analyse(document)
        known = recogniser.recognise(document, analysis)
        for sentence in analysis.sentences:
            marked = [(m.start, m.end, str(m.type)) for m in known if m.sentence == sentence.index]
            doc, places = make_doc(vocab, abstract.text, sentence.start, sentence.end, marked)
            if not len(doc):
                continue
            reference = doc.copy()
            first = {start: i for i, (start, _) in enumerate(places)}
            last = {end: i for i, (_, end) in enumerate(places)}
            for type_ in sorted(map(str, abstract.types)):
                spans: list[Span] = []
                for start, end, name in sorted(abstract.spans, key=lambda s: (s[0], -s[1])):
                    if name == type_ and start in first and end in last:
                        i, j = first[start], last[end] + 1
                        if i < j and (not spans or spans[-1].end <= i):
                            spans.append(Span(reference, i, j, label=type_))
                reference.spans[type_] = spans
            yield Example(doc, reference)


def train(pipe: "NamePipe", examples: Sequence["Example"], course: Course, chance: random.Random) -> Iterator[float]:
    """Take the pipe through a course; yields the loss per sentence of each epoch. Afterwards it holds averages."""
    from thinc.api import Adam

    optimiser = Adam(course.step, use_averages=True, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0)
    order = list(examples)
    for _ in range(course.epochs):
        chance.shuffle(order)
        losses: dict[str, float] = {}
        for first in range(0, len(order), course.batch):
            batch = order[first : first + course.batch]
            for example in batch:
                _withhold(example, chance)
            pipe.update(batch, drop=course.dropout, sgd=optimiser, losses=losses)
        yield losses[pipe.name] / len(order)
    averages = optimiser.averages
    for node in pipe.model.walk():
        for name in node.param_names:
            if (node.id, name) in averages:
                node.set_param(name, averages[node.id, name])


def _withhold(example: "Example", chance: random.Random) -> None:
    """Hide what lists and rules know of a part of the names."""
    shown = True
    for token, full in zip(example.predicted, example.reference, strict=True):
        if full.tag_:
            if full.tag_.startswith("B-"):
                shown = chance.random() >= WITHHELD
            token.tag_ = full.tag_ if shown else ""


def make_untrained(shape: Shape) -> "NamePipe":
    import spacy
    from thinc.api import fix_random_seed

    from litmine.entities.ner_model import NamePipe

    fix_random_seed(SEED)
    return NamePipe(spacy.blank("en").vocab, (shape.width, shape.depth, shape.pieces))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path, help="weights to write")
    options = parser.parse_args()
    began = time.perf_counter()
    held_back = frozenset(a.pmid for a in read_biored(options.corpora, BIORED_DEV))
    biored = [a for a in read_biored(options.corpora, BIORED_TRAIN) if a.pmid not in held_back]
    others = read_others(options.corpora, held_back | {a.pmid for a in biored})
    pipe = make_untrained(Shape())
    chance = random.Random(SEED)
    own = list(iter_examples(_and_renamed(biored, chance), pipe.vocab))
    everything = [*own, *iter_examples(_and_renamed(others, chance), pipe.vocab)]
    print(f"{len(own)} sentences of BioRED, {len(everything) - len(own)} of the other corpora", flush=True)
    pipe.initialize(lambda: own[:500])
    for course, examples in ((GENERAL, everything), (FINAL, own)):
        for loss in train(pipe, examples, course, chance):
            print(f"{time.perf_counter() - began:6.0f} s  loss {loss:.3f} per sentence", flush=True)
    pipe.to_file(options.output)


if __name__ == "__main__":
    main()
