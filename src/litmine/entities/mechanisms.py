"""Finds mechanism mentions: phrases of the lexicon, patterns around genes, and short forms defined in the text.

Owns which of several readings of a phrase is kept. The phrases themselves are in `litmine.lexicon.mechanisms`;
genes and drugs are found elsewhere and come in as mentions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from litmine.entities.mechanism_bounds import Phrases
from litmine.entities.mechanism_context import SentenceReader, SentenceWords, list_class
from litmine.lexicon.folding import word_set
from litmine.lexicon.mechanisms import BY_GENE, NOT_A_MECHANISM, MechanismLexicon, Row, load_mechanisms
from litmine.records import PROSE, Analysis, Document, Mention, MentionType

_AGENTS = frozenset(
    {
        "inhibitor",
        "antagonist",
        "agonist",
        "blocker",
        "activator",
        "inducer",
        "modulator",
        "degrader",
        "agent",
        "drug",
        "antibody",
        "enhancer",
        "sensitizer",
        "suppressor",
        "mimetic",
        "analog",
        "analogue",
        "compound",
    }
)
"""Nouns that turn the process before them into a class of drugs ("autophagy inhibitor")."""

_NEVER_LAST = word_set("a an and by for from in into of on or the their through to via with")
"""Words with which no name of a process ends, whatever a pattern leaves open there."""

_PATHWAY_HEADS = frozenset({"signaling", "signal", "pathway", "axis", "cascade"})
"""After a gene these belong to it: "activation of the ERK pathway" is no activation of ERK, but a pathway."""

_GENE_CHANGES = frozenset({"amplification", "mutation", "overexpression", "deletion", "activation", "phosphorylation"})
"""After a list of genes these belong to its last member: "loss of RB and cyclin E amplification" is two things."""

_TURNED = word_set("activation reactivation inhibition induction suppression blockade stimulation")
"""What is done to a pathway; it stays outside the pathway's name."""

_LOSSES = frozenset({"loss", "deletion", "deficiency"})

_CHANGES = frozenset(
    {"abolish", "alter", "attenuate", "block", "change", "decrease", "deplete", "derepress", "diminish", "downregulate"}
    | {"drive", "elevate", "enhance", "fall", "increase", "induce", "inhibit", "limit", "lose", "lower", "maintain"}
    | {"mediate", "modulate", "promote", "raise", "reduce", "regulate", "repress", "restore", "rise", "stimulate"}
    | {"suppress", "sustain", "trigger", "upregulate", "weaken"}
    | {"decreased", "elevated", "enhanced", "increased", "reduced"}
)
"""Words that make "HER2 expression" an effect or a cause, where alone it only tells what a tumor is like."""
_TARGET_EXPRESSION = "target_expression"
_CHANGE_BEFORE, _CHANGE_AFTER = 5, 3
_AMOUNTS = frozenset({"expression", "level", "density"})

_SHORT_FORM = -1
"""The rank of a short form that the text defines."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A reading of words `first` to `last` (exclusive) of a sentence; of two alike the lower `rank` is taken."""

    first: int
    last: int
    start: int
    end: int
    rank: int
    concept: str


class MechanismRecogniser:
    """Marks mechanism mentions in documents; holds no state of any document."""

    def __init__(self, lexicon: MechanismLexicon | None = None) -> None:
        self._lexicon = lexicon or load_mechanisms()

    def recognise(
        self, document: Document, analysis: Analysis, entities: Sequence[Mention] = ()
    ) -> tuple[Mention, ...]:
        """Mechanism mentions in the document's prose, by position; no two overlap, none reaches across a callout.

        `entities` are the document's drug and gene mentions. Without them genes are known by the gene table and by
        their looks. A process named inside a drug's name is not a mention.
        """
        return tuple(mention for mention, _ in self.trace(document, analysis, entities))

    def trace(
        self, document: Document, analysis: Analysis, entities: Sequence[Mention] = ()
    ) -> list[tuple[Mention, Row | None]]:
        """As `recognise`; each mention with the lexicon row that found it, None for a short form the text defines."""
        sentences = [sentence for sentence in analysis.sentences if sentence.kind in PROSE]
        reader = SentenceReader(self._lexicon, sentences, document.callouts, entities)
        names: dict[int, list[Mention]] = {}
        for mention in entities:
            names.setdefault(mention.sentence, []).append(mention)
        read = [reader.read(sentence) for sentence in sentences]
        found = {
            sentence.index: self._pick(list(self._candidates(words)), names.get(sentence.index, ()))
            for sentence, words in zip(sentences, read, strict=True)
        }
        short_forms = self._short_forms(document, analysis, found)
        mentions: list[tuple[Mention, Row | None]] = []
        for sentence, words in zip(sentences, read, strict=True):
            chosen = found[sentence.index]
            if short_forms:
                candidates = [*chosen, *_short_form_candidates(words, short_forms)]
                chosen = self._pick(candidates, names.get(sentence.index, ()))
            chosen = _widened(chosen, words, Phrases(words.words, sentence.tokens))
            mentions.extend((self._mention(c, sentence.index, document), self._row(c)) for c in chosen)
        return sorted(mentions, key=lambda traced: (traced[0].start, traced[0].end))

    def _row(self, candidate: _Candidate) -> Row | None:
        return None if candidate.rank == _SHORT_FORM else self._lexicon.rows[candidate.rank]

    def _mention(self, candidate: _Candidate, sentence: int, document: Document) -> Mention:
        return Mention(
            sentence=sentence,
            start=candidate.start,
            end=candidate.end,
            text=document.text[candidate.start : candidate.end],
            type=MentionType.MECHANISM,
            concept=candidate.concept,
            curie=self._lexicon.classes[candidate.concept].curie,
        )

    def _candidates(self, words: SentenceWords) -> Iterator[_Candidate]:
        for first in range(len(words.words)):
            if words.words[first].is_punctuation:
                continue
            for last, rank, name in self._lexicon.matches(words.keys, first, words.slots, words.asides):
                ending = words.words[last - 1].form
                if ending == ")" or ending in _NEVER_LAST or _is_changed_pathway(words, first, last):
                    continue
                if self._follows_loss(words, first) or (last < len(words.words) and self._goes_on(words, last)):
                    continue
                if name == _TARGET_EXPRESSION and self._is_unchanged_amount(words, first, last):
                    continue
                yield _Candidate(
                    first,
                    last,
                    words.words[first].start,
                    words.words[last - 1].end,
                    rank,
                    _class_of(name, words, first, last),
                )

    @staticmethod
    def _follows_loss(words: SentenceWords, first: int) -> bool:
        """Whether a gene at word `first` belongs to a loss before it ("loss of PTEN and AKT activation")."""
        return (
            first > 1
            and first in words.genes
            and words.words[first - 1].form == "of"
            and (not _LOSSES.isdisjoint(words.keys[first - 2]))
        )

    @staticmethod
    def _is_unchanged_amount(words: SentenceWords, first: int, last: int) -> bool:
        """Whether words `first` to `last` name an amount ("HER2 expression") with no word of change near them."""
        around = words.keys[max(0, first - _CHANGE_BEFORE) : last + _CHANGE_AFTER]
        own = words.keys[first:last]
        return any(not _AMOUNTS.isdisjoint(keys) for keys in own) and all(_CHANGES.isdisjoint(k) for k in around)

    @staticmethod
    def _goes_on(words: SentenceWords, last: int) -> bool:
        """Whether the word after a reading shows it to be part of another name or phrase."""
        following = words.keys[last]
        if not _AGENTS.isdisjoint(following):
            return True
        if not any(unit.end == last for units in words.genes.values() for unit in units):
            return False
        belongs = _PATHWAY_HEADS | _GENE_CHANGES
        return not belongs.isdisjoint(following) or words.list_goes_on(last)

    @staticmethod
    def _pick(candidates: Sequence[_Candidate], names: Sequence[Mention]) -> list[_Candidate]:
        """The longest candidates that neither overlap each other nor part of the name of a drug or gene."""
        chosen: list[_Candidate] = []
        for candidate in sorted(candidates, key=lambda c: (c.first - c.last, c.first, c.rank)):
            if any(candidate.first < other.last and other.first < candidate.last for other in chosen):
                continue
            if not any(_spoils(candidate, name) for name in names):
                chosen.append(candidate)
        return [candidate for candidate in chosen if candidate.concept != NOT_A_MECHANISM]

    @staticmethod
    def _short_forms(document: Document, analysis: Analysis, found: dict[int, list[_Candidate]]) -> dict[str, str]:
        """Abbreviations that the document defines for a mechanism, with its class."""
        by_end = {c.end: c for candidates in found.values() for c in candidates}
        forms: dict[str, str] = {}
        for abbreviation in analysis.abbreviations:
            long = by_end.get(abbreviation.long_end)
            short = document.text[abbreviation.short_start : abbreviation.short_end]
            if long and abs(long.start - abbreviation.long_start) <= 4 and sum(map(str.isupper, short)) > 1:
                forms[short] = long.concept
        return forms


def _is_changed_pathway(words: SentenceWords, first: int, last: int) -> bool:
    """Whether a word of change stands before the name of a pathway ("activation of the AKT pathway")."""
    return (
        last - first > 2
        and words.words[first + 1].form == "of"
        and not _TURNED.isdisjoint(words.keys[first])
        and not _PATHWAY_HEADS.isdisjoint(words.keys[last - 1])
    )


def _class_of(name: str, words: SentenceWords, first: int, last: int) -> str:
    """The class of a match: the pattern's own, or that of the genes in it."""
    if not name.startswith(BY_GENE):
        return name
    units = [unit for i in range(first, last) for unit in words.genes.get(i, ()) if unit.end <= last]
    return list_class(units, name.removeprefix(BY_GENE))


def _spoils(candidate: _Candidate, name: Mention) -> bool:
    """Whether a reading cuts a name in two, or lies within that of a drug."""
    if candidate.end <= name.start or name.end <= candidate.start:
        return False
    if candidate.start <= name.start and name.end <= candidate.end:
        return name.type is MentionType.DRUG and (name.start, name.end) == (candidate.start, candidate.end)
    within = name.start <= candidate.start and candidate.end <= name.end
    return name.type is MentionType.DRUG or not within


def _widened(chosen: list[_Candidate], words: SentenceWords, phrases: Phrases) -> list[_Candidate]:
    """The candidates with the other members of their lists; one that is such a member itself is taken in.

    Two processes in one phrase are one mention of the first one's class, as the annotation guidelines have it.
    """
    kept: list[_Candidate] = []
    for candidate in sorted(chosen, key=lambda c: c.first):
        first, last = phrases.widened(candidate.first, candidate.last)
        members = [other for other in kept if first < other.last]
        if any(other.first < first or other.last - other.first > 1 for other in members):
            first, members = candidate.first, []
        if any(candidate.last <= other.first < last for other in chosen):
            last = candidate.last
        kept = [other for other in kept if other not in members]
        concept = members[0].concept if members else candidate.concept
        start, end = words.words[first].start, words.words[last - 1].end
        kept.append(replace(candidate, first=first, last=last, start=start, end=end, concept=concept))
    return kept


def _short_form_candidates(words: SentenceWords, short_forms: dict[str, str]) -> Iterator[_Candidate]:
    for i, word in enumerate(words.words):
        concept = short_forms.get(word.form)
        if concept is not None:
            yield _Candidate(i, i + 1, word.start, word.end, _SHORT_FORM, concept)
