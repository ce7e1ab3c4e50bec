"""What a sentence holds besides words: its genes, drugs, variants, and which genes the document's drugs act on.

Owns how lists of genes ("PI3K/Akt and MAPK", "TGF-β (TGFB1)") are read as one, and what counts as a drug's target.
Knows no mechanism pattern.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from litmine.lexicon.mechanism_words import Word, is_acronym, pattern_key, split_words, text_keys
from litmine.lexicon.mechanisms import MechanismLexicon, name_key
from litmine.records import Callout, Mention, MentionType, Sentence

_MIRNA = re.compile(r"(?i)^(?:hsa)?(?:mir|mirna|microrna|let)$")
_MIRNA_CLOSED = re.compile(r"^(?i:mir|let)\d+[a-z]*$")
_VARIANT = re.compile(r"^[ACDEFGHIKLMNPQRSTVWY][1-9]\d{1,3}[ACDEFGHIKLMNPQRSTVWYX]$")
_GENE_LIKE = re.compile(r"^(?=(?:.*[A-Z0-9]){2})(?=.*[A-Z])[A-Za-z0-9]{2,10}$")
_LINKS = frozenset({"and", "or"})
_PLAIN_CLASSES = frozenset({"other_signaling", "bypass_receptor", "cytokine", "vascular", "stroma_matrix"})
"""Classes of genes that stand above a pathway; the first gene of another class in a list decides."""
_LONGEST_LIST = 6
_MIN_TARGET_SHARE = 0.15
"""A gene is a target of the document when the drugs against it make up this share of its targeted-drug mentions."""


@dataclass(frozen=True, slots=True)
class GeneUnit:
    """One gene name, words `start` to `end`."""

    start: int
    end: int
    mechanism: str | None
    is_target: bool


@dataclass(slots=True)
class SentenceWords:
    """The words of a sentence with all that patterns may ask about them. Offsets are into the document's text.

    `asides` are bracketed abbreviations, from the word "(" to the word after ")".
    """

    words: tuple[Word, ...]
    keys: tuple[frozenset[str], ...]
    resistance_variants: frozenset[str]
    genes: dict[int, list[GeneUnit]] = field(default_factory=dict)
    drugs: dict[int, list[int]] = field(default_factory=dict)
    asides: dict[int, int] = field(default_factory=dict)
    _lists: dict[int, list[tuple[int, tuple[GeneUnit, ...]]]] = field(default_factory=dict)

    def slots(self, kind: str, at: int) -> Iterable[int]:
        """The ends of what `kind` of thing starts at word `at`."""
        if at >= len(self.words):
            return ()
        if kind == "<gene>":
            return {end for end, _ in self.gene_lists(at)}
        if kind == "<target>":
            return {end for end, units in self.gene_lists(at) if units[0].is_target}
        if kind == "<drug>":
            return self.drugs.get(at, ())
        if kind == "<mirna>":
            return self._mirna(at)
        form = self.words[at].form
        known = form in self.resistance_variants if kind == "<mutation>" else _VARIANT.match(form)
        return (at + 1,) if known else ()

    def gene_lists(self, at: int) -> list[tuple[int, tuple[GeneUnit, ...]]]:
        """Every list of genes that starts at word `at`, shortest first, with its end."""
        if at not in self._lists:
            self._lists[at] = list(self._iter_gene_lists(at))
        return self._lists[at]

    def _iter_gene_lists(self, at: int) -> Iterator[tuple[int, tuple[GeneUnit, ...]]]:
        pending: list[tuple[int, tuple[GeneUnit, ...]]] = [(unit.end, (unit,)) for unit in self.genes.get(at, ())]
        while pending:
            end, units = pending.pop(0)
            yield end, units
            if len(units) > _LONGEST_LIST:
                continue
            if end < len(self.words) and self._joined(end) and self.words[end].form.isdigit():
                yield end + 1, units  # the "3" of "RIPK1/3"
            for following in self._continuations(end):
                pending.extend((unit.end, (*units, unit)) for unit in self.genes.get(following, ()))
            closed = self._bracketed(end)
            if closed is not None:
                pending.append((closed[0], (*units, closed[1])))

    def list_goes_on(self, end: int) -> bool:
        """Whether another gene follows after a slash or hyphen."""
        return end < len(self.words) and self._joined(end) and end in self.genes

    def _continuations(self, end: int) -> Iterator[int]:
        if end >= len(self.words):
            return
        if self._joined(end):
            yield end
        form = self.words[end].form
        if form in _LINKS:
            yield end + 1
        elif form == ",":
            if end + 1 < len(self.words) and self.words[end + 1].form in _LINKS:
                yield end + 2
            elif self._comma_list(end):
                yield end + 1

    def _joined(self, at: int) -> bool:
        """Whether a space, slash or hyphen is all that stands before word `at`."""
        return self.words[at].start - self.words[at - 1].end <= 1

    def _comma_list(self, comma: int) -> bool:
        """Whether the comma separates genes of a list that goes on to "and" or "or" and one more gene."""
        at = comma
        while at < len(self.words) and self.words[at].form == "," and self.genes.get(at + 1):
            at = max(unit.end for unit in self.genes[at + 1])
            while at < len(self.words) and self._joined(at) and self.genes.get(at):
                at = max(unit.end for unit in self.genes[at])
        if at < len(self.words) and self.words[at].form == ",":
            at += 1
        return at + 1 < len(self.words) and self.words[at].form in _LINKS and bool(self.genes.get(at + 1))

    def _bracketed(self, end: int) -> tuple[int, GeneUnit] | None:
        if end + 2 < len(self.words) and self.words[end].form == "(":
            for unit in self.genes.get(end + 1, ()):
                if unit.end < len(self.words) and self.words[unit.end].form == ")":
                    return unit.end + 1, unit
        return None

    def _mirna(self, at: int) -> list[int]:
        form = self.words[at].form
        if _MIRNA_CLOSED.match(form):
            return [at + 1]
        if not _MIRNA.match(form) or at + 1 >= len(self.words) or not self.words[at + 1].form[0].isdigit():
            return []
        ends = [at + 2]
        while ends[-1] < len(self.words) and self.words[ends[-1]].form in {"1", "2", "3", "3p", "5p"}:
            ends.append(ends[-1] + 1)
        return ends


def list_class(units: Sequence[GeneUnit], fallback: str) -> str:
    """The class of a list of genes: of the first that names a pathway.

    Where none does, that of the first with any class if `fallback` is a signaling class too, else `fallback`.
    """
    known = [unit.mechanism for unit in units if unit.mechanism]
    specific = next((name for name in known if name not in _PLAIN_CLASSES), None)
    if specific or fallback not in _PLAIN_CLASSES:
        return specific or fallback
    return known[0] if known else fallback


class SentenceReader:
    """Prepares the sentences of one document for matching."""

    def __init__(
        self,
        lexicon: MechanismLexicon,
        sentences: Sequence[Sentence],
        callouts: Sequence[Callout],
        entities: Sequence[Mention],
    ) -> None:
        self._lexicon = lexicon
        self._mentions: dict[int, list[Mention]] = defaultdict(list)
        for mention in entities:
            self._mentions[mention.sentence].append(mention)
        self._has_genes = any(mention.type is MentionType.GENE for mention in entities)
        self._has_drugs = any(mention.type is MentionType.DRUG for mention in entities)
        self._callouts = callouts
        self._longest_gene = max(map(len, lexicon.gene_classes))
        self._targets, self._target_names = self._find_targets(sentences, entities)

    def read(self, sentence: Sentence) -> SentenceWords:
        """The sentence's words; a callout is one punctuation word, so that no pattern reaches across it."""
        words = tuple(self._words(sentence))
        lemmas = {(token.start, token.end): token.lemma for token in sentence.tokens}
        sets = self._lexicon.sets
        keys = []
        for word in words:
            plain = text_keys(word.form, lemmas.get((word.start, word.end)))
            named = [name for key in plain if key in sets for name in sets[key]]
            keys.append(plain.union(named) if named else plain)
        read = SentenceWords(words, tuple(keys), self._lexicon.targets.variants)
        read.asides = {
            i: i + 3
            for i, word in enumerate(words[:-2])
            if word.form == "(" and words[i + 2].form == ")" and any(map(str.isupper, words[i + 1].form))
        }
        starts = {word.start: i for i, word in enumerate(words)}
        ends = {word.end: i + 1 for i, word in enumerate(words)}
        genes: dict[int, dict[int, GeneUnit]] = defaultdict(dict)
        for unit in self._known_genes(words):
            genes[unit.start][unit.end] = unit
        for mention in self._mentions.get(sentence.index, ()):
            start, end = starts.get(mention.start), ends.get(mention.end)
            if start is None or end is None:
                continue
            if mention.type is MentionType.DRUG:
                read.drugs.setdefault(start, []).append(end)
            elif mention.type is MentionType.GENE:
                genes[start][end] = self._unit(words, start, end, mention.concept)
        if not self._has_drugs:
            for i, (word, plain) in enumerate(zip(words, keys, strict=True)):
                if not word.is_punctuation and not self._lexicon.targets.of_drug.keys().isdisjoint(plain):
                    read.drugs[i] = [i + 1]
        read.genes = {start: list(units.values()) for start, units in genes.items()}
        return read

    def _words(self, sentence: Sentence) -> Iterator[Word]:
        at = sentence.start
        for callout in self._callouts:
            if callout.end <= at or callout.start >= sentence.end:
                continue
            yield from _shifted(sentence, at, callout.start)
            yield Word(callout.start, callout.end, "[]")
            at = callout.end
        yield from _shifted(sentence, at, sentence.end)

    def _known_genes(self, words: tuple[Word, ...]) -> Iterator[GeneUnit]:
        classes = self._lexicon.gene_classes
        names = [pattern_key(word.form) for word in words]
        for i, word in enumerate(words):
            found = False
            for end in range(i + 1, min(i + self._longest_gene, len(words)) + 1):
                name = tuple(names[i:end])
                if name in classes or name in self._target_names:
                    yield self._unit(words, i, end, None)
                    found = True
            if not found and not self._has_genes and _looks_like_gene(word.form):
                yield GeneUnit(i, i + 1, None, is_target=False)

    def _unit(self, words: tuple[Word, ...], start: int, end: int, concept: str | None) -> GeneUnit:
        classes = self._lexicon.gene_classes
        name = tuple(pattern_key(word.form) for word in words[start:end])
        mechanism = (classes.get(name_key(concept)) if concept else None) or classes.get(name)
        is_target = concept in self._targets or name in self._target_names
        return GeneUnit(start, end, mechanism, is_target)

    def _find_targets(
        self, sentences: Sequence[Sentence], entities: Sequence[Mention]
    ) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
        of_drug = self._lexicon.targets.of_drug
        hits: Counter[str] = Counter()
        if self._has_drugs:
            for mention in entities:
                if mention.type is MentionType.DRUG:
                    hits.update(self._targets_of(mention))
        else:
            for sentence in sentences:
                for token in sentence.tokens:
                    hits.update(of_drug.get(token.lemma, ()))
        least = _MIN_TARGET_SHARE * hits.total()
        targets = frozenset(gene for gene, n in hits.items() if n >= least)
        return targets, frozenset(name for gene in targets for name in self._lexicon.targets.names[gene])

    def _targets_of(self, drug: Mention) -> Sequence[str]:
        """The genes a drug acts on, by its concept or name, or as named in that of its class ("EGFR inhibitor")."""
        targets = self._lexicon.targets
        known = targets.of_drug.get((drug.concept or "").lower()) or targets.of_drug.get(drug.text.lower())
        if known:
            return known
        words = name_key(drug.text)
        return [gene for gene, names in targets.names.items() if any(_contains(words, name) for name in names)]


def _looks_like_gene(form: str) -> bool:
    return bool(_GENE_LIKE.match(form)) and is_acronym(form) and not _VARIANT.match(form)


def _contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _shifted(sentence: Sentence, start: int, end: int) -> Iterator[Word]:
    for word in split_words(sentence.text[start - sentence.start : end - sentence.start]):
        yield Word(start + word.start, start + word.end, word.form)
