"""Sentences, tokens, parses and abbreviations of a document.

Owns the spaCy pipelines; what leaves is an `Analysis` of plain records. Callouts are blanked before spaCy sees the
text, so that "[7-9,12]" neither breaks a sentence nor becomes a token; offsets stay those of `Document.text`.
"""

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmine.abbreviations import (
    is_borne_out,
    is_list_of_abbreviations,
    iter_abbreviations,
    iter_listed,
    opens_list,
)
from litmine.attribute_rules import remember_attributes
from litmine.errors import SettingsError
from litmine.records import PROSE, Abbreviation, Analysis, Document, Kind, Sentence, Token
from litmine.settings import LanguageSettings

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

WHOLE = frozenset({Kind.TITLE, Kind.HEADING, Kind.REFERENCE})
"""Kinds whose blocks are one sentence each, however many full stops they hold."""


class Analyser:
    """Loads the models once; `analyse` may then be called for any number of documents."""

    def __init__(self, settings: LanguageSettings | None = None) -> None:
        import biosenter
        import spacy

        settings = settings or LanguageSettings()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # version notes of packaged models, harmless within 3.8
            self._splitter: Language = biosenter.load()
            try:
                self._parser: Language = spacy.load(settings.spacy_model, exclude=["ner"])
            except OSError:
                raise SettingsError(
                    f"The spaCy model {settings.spacy_model!r} is not installed; litmine never downloads one by itself."
                ) from None
        import scispacy.abbreviation  # noqa: F401  registers the component

        self._parser.add_pipe("abbreviation_detector")
        _split_at_slashes(self._parser)
        remember_attributes(self._parser)
        multiply_by_numpy(self._splitter)
        multiply_by_numpy(self._parser)

    def analyse(self, document: Document, sentences: tuple[tuple[int, int], ...] | None = None) -> Analysis:
        """Sentences of every block in reading order; tokens only for the kinds in `records.PROSE`.

        `sentences` gives boundaries that are already known (annotated text); each must lie within one block.
        """
        text = document.blank_callouts()
        spans = list(self._spans(document, text)) if sentences is None else list(_in_blocks(document, sentences))
        parsed = [i for i, (_, _, block) in enumerate(spans) if document.blocks[block].kind in PROSE]
        tokens: dict[int, tuple[Token, ...]] = {}
        detected: list[Abbreviation] = []
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W036\]")  # a sentence that defines no abbreviation
            docs = self._parser.pipe(text[spans[i][0] : spans[i][1]] for i in parsed)
            for i, doc in zip(parsed, docs, strict=True):
                tokens[i] = _tokens(doc, spans[i][0])
                detected += _detected(doc, spans[i][0])
        return Analysis(
            tuple(
                Sentence(
                    index=i,
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    kind=document.blocks[block].kind,
                    section=document.blocks[block].section,
                    block=block,
                    tokens=tokens.get(i, ()),
                )
                for i, (start, end, block) in enumerate(spans)
            ),
            tuple(_abbreviations(document, text, [spans[i][:2] for i in parsed], detected)),
        )

    def _spans(self, document: Document, text: str) -> Iterator[tuple[int, int, int]]:
        split = [i for i, block in enumerate(document.blocks) if block.kind not in WHOLE]
        docs = self._splitter.pipe(text[document.blocks[i].start : document.blocks[i].end] for i in split)
        boundaries = {
            i: [(span.start_char, span.end_char) for span in doc.sents] for i, doc in zip(split, docs, strict=True)
        }
        for i, block in enumerate(document.blocks):
            for start, end in boundaries.get(i, [(0, block.end - block.start)]):
                start, end = _trim(document.text, block.start + start, block.start + end)
                if start < end:
                    yield start, end, i


def _in_blocks(document: Document, sentences: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int, int]]:
    blocks = iter(enumerate(document.blocks))
    number, block = next(blocks)
    for start, end in sentences:
        while block.end < end:
            number, block = next(blocks)
        yield start, end, number


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def multiply_by_numpy(pipeline: "Language") -> None:
    """Let the networks of a pipeline multiply matrices by NumPy's BLAS, on current processors faster than BLIS."""
    from spacy.pipeline import TrainablePipe
    from thinc.api import NumpyOps

    by_numpy = NumpyOps(use_blis=False)
    for _, component in pipeline.pipeline:
        if isinstance(component, TrainablePipe) and hasattr(component.model, "walk"):
            for layer in component.model.walk():
                layer.ops = by_numpy


def _split_at_slashes(parser: "Language") -> None:
    """Make "HER2/HER3", "PI3K/Akt" and "HER2+" several tokens, as the annotation treats them."""
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_suffix_regex

    tokenizer = parser.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise SettingsError("The spaCy model chosen has no rule-based tokenizer; litmine cannot align its tokens.")
    defaults = parser.Defaults
    infixes = [*(defaults.infixes or ()), r"(?<=[\w+)])/(?=[\w(])"]
    suffixes = [*(defaults.suffixes or ()), r"(?<=[A-Za-z0-9])[+−]"]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search


def _tokens(doc: "Doc", offset: int) -> tuple[Token, ...]:
    """Tokens but for white space; what hangs on white space hangs on what that hangs on."""
    from spacy.attrs import DEP, HEAD, IDX, IS_SPACE, LEMMA, LENGTH, POS, TAG

    columns = doc.to_array([IDX, LENGTH, LEMMA, POS, TAG, DEP, HEAD, IS_SPACE]).astype("uint64")
    strings = doc.vocab.strings
    heads = (columns[:, 6].view("int64") + range(len(columns))).tolist()
    rows = columns.tolist()
    index: dict[int, int] = {}
    for i, row in enumerate(rows):
        if not row[7]:
            index[i] = len(index)

    def head(at: int) -> int:
        above = heads[at]
        while above not in index and heads[above] != above:
            above = heads[above]
        return index.get(above, index[at])

    return tuple(
        Token(
            start=offset + start,
            end=offset + start + length,
            lemma=strings[lemma].lower(),
            pos=strings[pos],
            tag=strings[tag],
            dep=strings[dep],
            head=head(i),
        )
        for i, (start, length, lemma, pos, tag, dep, _, is_space) in enumerate(rows)
        if not is_space
    )


_NOTES = frozenset({Kind.CAPTION, Kind.TABLE, Kind.OTHER, Kind.ABSTRACT})
"""Kinds whose blocks may hold a list of abbreviations; below a heading that announces one any kind may."""


def _abbreviations(
    document: Document, text: str, sentences: list[tuple[int, int]], detected: list[Abbreviation]
) -> list[Abbreviation]:
    """Definitions in running text and in lists, by place; each short form's place once.

    Those that scispaCy `detected` count for short forms that are found defined nowhere, if the letters bear them out.
    """
    found = [a for start, end in sentences for a in iter_abbreviations(text, start, end)]
    for block in document.blocks:
        titled = is_list_of_abbreviations(document.sections[block.section].title)
        announced = titled or opens_list(text, block.start, block.end)
        if block.kind in _NOTES or (announced and block.kind is not Kind.HEADING):
            found += iter_listed(text, block.start, block.end, titled)
    known = {text[a.short_start : a.short_end] for a in found}
    found += (a for a in detected if text[a.short_start : a.short_end] not in known and is_borne_out(text, a))
    return sorted({a.short_start: a for a in reversed(found)}.values(), key=lambda a: a.short_start)


def _detected(doc: "Doc", offset: int) -> Iterator[Abbreviation]:
    """Definitions found by Schwartz and Hearst's algorithm (PSB 2003) as scispaCy implements it.

    The detector also returns later uses of a short form; only the place of definition is kept.
    """
    for short in doc._.abbreviations:
        long = short._.long_form
        if short.start - long.end in (1, 2) or long.start - short.end in (1, 2):
            yield Abbreviation(
                offset + short.start_char, offset + short.end_char, offset + long.start_char, offset + long.end_char
            )
