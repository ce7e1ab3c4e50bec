"""The network behind litmine's tagger: a spaCy component that marks genes and chemicals in tokenised sentences.

Owns the fine tokens, the features, the shape of the network and the way from probabilities to spans. Each type is
tagged by itself (one label of BIOES for each token), so that a corpus which annotates only one of them can be learned
from without teaching that the other is absent. The encoder is spaCy's (hash embeddings, Serrà and Karatzoglou 2017;
windows with maxout and residual connections); what the name lists say of a token enters as one more embedded feature.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.ml.featureextractor import FeatureExtractor
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from thinc.api import HashEmbed, Maxout, Model, Softmax, chain, concatenate, list2ragged, ragged2list, with_array

if TYPE_CHECKING:
    from spacy.training import Example
    from spacy.vocab import Vocab

TYPES = ("Gene", "Chemical")
NAME = "litmine_ner"
_TAGS = "OBIES"
_O, _B, _I, _E, _S = range(len(_TAGS))
_FOLLOWS = np.array([[after in "OBS" if tag in "OES" else after in "IE" for after in _TAGS] for tag in _TAGS])
_SURELY_NONE = 0.98
"""A token that is outside any name with this probability is not considered further."""
_FEATURES = ("NORM", "PREFIX", "SUFFIX", "SHAPE", "TAG", "ORTH")
_ROWS = (8000, 2500, 4000, 2500, 100)
_TAG_COLUMN, _ORTH_COLUMN = 4, 5
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_LONGEST = 60

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.uint64]
Marked = tuple[int, int, str]
"""Start, end and type of a span that the name lists know."""


def make_doc(
    vocab: "Vocab", text: str, start: int, end: int, marked: Iterable[Marked]
) -> tuple[Doc, list[tuple[int, int]]]:
    """The sentence `text[start:end]` in runs of letters, runs of digits and single signs, and the place of each token.

    The tag of a token says which of the spans in `marked` it begins or continues. Words of more than 60 letters are
    known by these alone.
    """
    found = list(_TOKEN.finditer(text, start, end))
    places = [match.span() for match in found]
    tags = [""] * len(found)
    at = {place[0]: i for i, place in enumerate(places)}
    for left, right, name in marked:
        i = at.get(left)
        prefix = "B-"
        while i is not None and i < len(places) and places[i][1] <= right:
            tags[i] = prefix + name
            prefix = "I-"
            i += 1
    spaces = [place[1] < after[0] for place, after in pairwise([*places, (end, end)])]
    return Doc(vocab, words=[match[0][:_LONGEST] for match in found], spaces=spaces, tags=tags), places


def make_model(width: int, depth: int, pieces: int) -> Model[list[Doc], list[Floats]]:
    """Docs to one row per token: the probabilities of the tags O, B, I, E, S for each of `TYPES`, side by side."""
    embedded: list[Model[Any, Any]] = [
        HashEmbed(width, rows, column=i, seed=8 + i, dropout=0.0) for i, rows in enumerate(_ROWS)
    ]
    mixed: Model[Any, Any] = chain(
        concatenate(*embedded), Maxout(width, width * len(_ROWS), nP=3, dropout=0.0, normalize=True)
    )
    heads: list[Model[Any, Any]] = [Softmax(len(_TAGS), width) for _ in TYPES]
    spread: Any = with_array
    model: Model[list[Doc], list[Floats]] = chain(
        FeatureExtractor(list(_FEATURES)),
        list2ragged(),
        spread(_once_per_word(mixed)),
        ragged2list(),
        MaxoutWindowEncoder(width, window_size=1, maxout_pieces=pieces, depth=depth),
        spread(concatenate(*heads)),
    )
    return model


def _once_per_word(layer: Model[Ints, Floats]) -> Model[Ints, Floats]:
    """At prediction the layer sees each kind of row once: an article repeats most of its words."""
    return Model("once_per_word", _forward_once, init=_initialise_once, layers=[layer])


def _forward_once(model: Model[Ints, Floats], rows: Ints, is_train: bool) -> tuple[Floats, Any]:
    layer = model.layers[0]
    if is_train or len(rows) < 2:
        return cast("tuple[Floats, Any]", layer(rows, is_train))
    keys = rows[:, _ORTH_COLUMN] * np.uint64(0x9E3779B97F4A7C15) + rows[:, _TAG_COLUMN]
    _, first, back = np.unique(keys, return_index=True, return_inverse=True)
    mixed, backward = layer(rows[first], is_train)
    return np.asarray(mixed[back], np.float32), backward


def _initialise_once(model: Model[Ints, Floats], X: Any = None, Y: Any = None) -> None:
    model.layers[0].initialize(X=X, Y=Y)


class NamePipe(TrainablePipe):  # type: ignore[misc]
    """Writes a group of spans for each of `TYPES` into `doc.spans`, their scores into the group's `attrs`.

    A document to learn from holds a group for each type that its annotators looked for; the others are masked.
    """

    def __init__(self, vocab: "Vocab", shape: tuple[int, int, int], name: str = NAME) -> None:
        """`shape`: width, depth and maxout pieces of the network."""
        self.vocab = vocab
        self.shape = shape
        self.model = make_model(*shape)
        self.name = name

    def predict(self, docs: Iterable[Doc]) -> list[Floats]:
        """One row of probabilities per token."""
        docs = list(docs)
        filled = [doc for doc in docs if len(doc)]
        rows = iter(self.model.predict(filled) if filled else ())
        return [next(rows) if len(doc) else np.zeros((0, len(TYPES) * len(_TAGS)), np.float32) for doc in docs]

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Floats]) -> None:
        for doc, rows in zip(docs, scores, strict=True):
            for number, type_ in enumerate(TYPES):
                found = list(iter_spans(rows[:, number * len(_TAGS) : (number + 1) * len(_TAGS)]))
                doc.spans[type_] = [Span(doc, first, last, label=type_) for first, last, _ in found]
                doc.spans[type_].attrs["scores"] = [score for _, _, score in found]

    def get_loss(self, examples: Iterable["Example"], scores: Sequence[Floats]) -> tuple[float, list[Floats]]:
        """Cross entropy and its gradient; types that were not annotated and tokens that a span cuts add nothing."""
        gradients: list[Floats] = []
        loss = 0.0
        for example, rows in zip(examples, scores, strict=True):
            gradient = np.zeros_like(rows)
            for number, type_ in enumerate(TYPES):
                if type_ in example.reference.spans:
                    columns = slice(number * len(_TAGS), (number + 1) * len(_TAGS))
                    truth = spell_tags(len(rows), example.reference.spans[type_])
                    gradient[:, columns] = rows[:, columns] - truth
                    loss -= float(np.log(np.maximum(rows[:, columns][truth > 0], 1e-9)).sum())
            gradients.append(gradient)
        return loss, gradients

    def initialize(self, get_examples: Any, *, nlp: Language | None = None) -> None:
        self.model.initialize(X=[example.predicted for example in get_examples()])

    def to_file(self, path: Any) -> None:
        """Write the network's shape and its parameters, in their own order, as half floats."""
        nodes = [(node, name) for node in self.model.walk() for name in node.param_names]
        arrays = {str(i): np.asarray(node.get_param(name), np.float16) for i, (node, name) in enumerate(nodes)}
        np.savez_compressed(path, shape=np.array(self.shape), **arrays)

    def from_file(self, path: Any) -> None:
        """Take the parameters that `to_file` wrote for a network of the same shape."""
        with np.load(path) as stored:
            slots = [(node, name) for node in self.model.walk() for name in node.param_names]
            for i, (node, name) in enumerate(slots):
                node.set_param(name, stored[str(i)].astype(np.float32))


@Language.factory(NAME, default_config={"width": 96, "depth": 4, "pieces": 3})
def make_pipe(nlp: Language, name: str, width: int, depth: int, pieces: int) -> NamePipe:
    """The component, not yet trained."""
    return NamePipe(nlp.vocab, (width, depth, pieces), name)


def spell_tags(n_tokens: int, spans: Iterable[Span]) -> Floats:
    """One-hot rows of O, B, I, E, S for spans that do not overlap."""
    tags = np.full(n_tokens, _O)
    for span in spans:
        tags[span.start : span.end] = _I
        tags[span.end - 1] = _E
        tags[span.start] = _S if span.end - span.start == 1 else _B
    return np.asarray(np.eye(len(_TAGS), dtype=np.float32)[tags])


def iter_spans(probabilities: Floats) -> Iterator[tuple[int, int, float]]:
    """First token, token after the last, and score of the spans in the most probable sequence of well-formed tags.

    The score is the geometric mean of the tags' probabilities. The sequence is sought (Viterbi 1967) within runs of
    tokens that may belong to a name.
    """
    possible = np.flatnonzero(probabilities[:, _O] < _SURELY_NONE)
    if not len(possible):
        return
    borders = [0, *(np.flatnonzero(np.diff(possible) > 1) + 1).tolist(), len(possible)]
    for begin, stop in pairwise(borders):
        first, last = int(possible[begin]), int(possible[stop - 1]) + 1
        logs = np.log(np.maximum(probabilities[first:last], 1e-9))
        opened = 0
        for i, tag in enumerate(_best_tags(logs)):
            if tag in (_B, _S):
                opened = i
            if tag in (_E, _S):
                own = [logs[k, t] for k, t in enumerate(_spell(i - opened + 1), start=opened)]
                yield first + opened, first + i + 1, float(np.exp(np.mean(own)))


def _spell(length: int) -> list[int]:
    return [_S] if length == 1 else [_B, *[_I] * (length - 2), _E]


def _best_tags(logs: Floats) -> list[int]:
    banned = np.where(_FOLLOWS, 0.0, -1e9)
    best = logs[0] + banned[_O]
    came_from: list[npt.NDArray[np.intp]] = []
    for row in logs[1:]:
        through = best[:, None] + banned
        came_from.append(through.argmax(axis=0))
        best = through.max(axis=0) + row
    tag = int((best + banned[:, _O]).argmax())
    tags = [tag]
    for back in reversed(came_from):
        tag = int(back[tag])
        tags.append(tag)
    return tags[::-1]
