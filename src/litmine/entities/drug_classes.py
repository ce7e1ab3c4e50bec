"""Classes of agents named by their target: "PI3K inhibitor", "anti-PD-1 antibody", "HER2-targeted agents".

Owns the grammar of such names. Needs the genes and drugs of the sentence as spans; a gene inside a class is the
class's target and not annotated again.
"""

import re
from collections.abc import Iterator, Sequence

from litmine.entities.spans import CLASS, Span
from litmine.lexicon.folding import DASH, DASHES, GREEK, fold, word_set
from litmine.lexicon.names import NameList
from litmine.records import MentionType, Sentence, Token

_D = f"[{DASH}]"
HEADS = {
    "inhibitor": "inhibitor", "inhibitors": "inhibitor", "antagonist": "antagonist", "antagonists": "antagonist",
    "blocker": "blocker", "blockers": "blocker", "agonist": "agonist", "agonists": "agonist",
    "degrader": "degrader", "degraders": "degrader", "mimetic": "mimetic", "mimetics": "mimetic",
    "inducer": "inducer", "inducers": "inducer", "activator": "activator", "activators": "activator",
    "poison": "poison", "poisons": "poison", "modulator": "modulator", "modulators": "modulator",
    "stabilizer": "stabilizer", "stabilizers": "stabilizer",
    "tki": "tyrosine kinase inhibitor", "tkis": "tyrosine kinase inhibitor",
}  # fmt: skip
"""Nouns that name an agent by its effect on a target, with their singular."""

_TARGETS = word_set(
    """
    aromatase proteasome proteasomal checkpoint checkpoints angiogenesis glycolysis glycolytic autophagy
    respiration metabolism lipid apoptosis pyroptosis ferroptosis necroptosis microtubule tubulin mitotic
    spindle topoisomerase kinase kinases synthase synthases secretase protease proteases peptidase reductase
    polymerase deacetylase deacetylases methyltransferase methyltransferases demethylase demethylases
    transferase dehydrogenase oxidase cyclooxygenase lipoxygenase phosphatase phosphodiesterase hydroxylase
    helicase ligase esterase caspase caspases telomerase integrase carboxylase bromodomain epigenetic tyrosine
    serine multikinase hedgehog androgen estrogen oestrogen progesterone glucocorticoid aldosterone
    antiandrogen somatostatin hormone lhrh gnrh adrenergic muscarinic dopamine serotonin histamine opioid
    cannabinoid retinoid purine pyrimidine folate nucleoside thymidylate efflux pump glutaminase glutamine
    glutamate exosome transcription translation splicing spliceosome neddylation ubiquitination sumoylation
    palmitoylation farnesyltransferase pathway receptor growth vegf dna histone protein cholesterol ion
    potassium calcium sodium channel gap junction death necrosis invasion migration exocytosis endocytosis
    replication repair pump transporter cytokine chemokine complement fusion stemness senescence hypoxia
    """
)
"""Words other than genes that can name what an agent acts on."""
_STRONG = _TARGETS - word_set(
    """
    pathway receptor growth protein dna ion death necrosis invasion migration transcription translation
    hormone lipid replication repair fusion complement cytokine chemokine tyrosine serine pump transporter
    """
)
"""Targets that make a class by themselves; the others only beside a gene or one of these."""
_PROCESSES = word_set(
    """
    glycolysis respiration autophagy angiogenesis metabolism proteasome glutaminolysis lipogenesis translation
    """
)
_ADJECTIVES = word_set(
    """
    aerobic immune mutant metabolic mitochondrial nuclear epigenetic proteasomal glycolytic mitotic pan
    oxidative fatty hormonal adrenergic cyclic nucleoside monoamine carbonic xanthine ornithine sphingosine
    """
)
_ENDINGS = ("ase", "ases")
_LINKS = frozenset({"/", "+", "&", *DASHES, "–"})
_COORDINATORS = frozenset({"and", "or", ",", "and/or"})
_AGENTS = (
    r"(?:(?:humanized|human|murine|monoclonal|bispecific|neutrali[sz]ing|blocking|tyrosine|kinase|therapeutic|drug"
    rf"|specific|antagonistic|agonistic|targeted|radiolabel+ed|fusion)[\s{DASH}]+){{0,4}}"
    r"(?:antibod(?:y|ies)|mAbs?|drugs?|agents?|conjugates?|inhibitors?|TKIs?|ADCs?|immunotoxins?|nanobod(?:y|ies)|compounds?"
    r"|therapeutics|nanotherapeutics|immunoconjugates?|radioligands?)\b"
)
_AGENT = re.compile(rf"[\s{DASH}]+{_AGENTS}", re.IGNORECASE)
_MADE_FOR = re.compile(
    rf"(?:{_D}|\s)(?:target(?:ed|ing)|directed|neutrali[sz]ing|blocking|specific|stabili[sz]ing|degrading)\s+{_AGENTS}",
    re.IGNORECASE,
)
_ANTIBODY = re.compile(
    rf"[\s{DASH}]+(?:(?:monoclonal|bispecific|neutrali[sz]ing|blocking)\s+antibod(?:y|ies)|mAbs?)\b", re.IGNORECASE
)
_ANTI = re.compile(rf"\b[Aa]nti{_D}?$|(?<![\w{DASH}])α{_D}?$")
_ALONE = re.compile(
    r"\s*(?:$|[.,;:)]|\b(?:and|or|in|with|to|for|plus|alone|alongside|produced|was|were|is|efficacy|resistance)\b)"
)
_ENDOGENOUS = re.compile(r"\b(?:endogenous|natural(?:ly occurring)?|physiological|cellular)\s+$", re.IGNORECASE)
_RESPONSE = re.compile(r"\s+(?:immunity|responses?|titers?|levels|staining)\b")
_BODY_MADE = re.compile(r"\b(?:endogenous|circulating|serum|auto|titers? of)[\s\w-]{0,15}$", re.IGNORECASE)


def iter_classes(text: str, sentence: Sentence, found: Sequence[Span], drugs: NameList) -> Iterator[Span]:
    """Spans of drug classes in a sentence; `found` are its genes and drugs, ascending and without overlaps."""
    genes = [span for span in found if span.type is MentionType.GENE]
    for start, end, concept in (
        *_headed(text, sentence, found),
        *_conjugated(text, sentence, found),
        *_aimed(text, sentence, genes),
        *_followed(text, sentence, genes),
        *_targeted(text, sentence, genes),
        *_coordinated(text, sentence, drugs),
    ):
        if any(s.start <= start and end <= s.end and s.type is MentionType.DRUG for s in found):
            continue
        known = drugs.get(fold(concept)) or drugs.get(fold(text[start:end]).removesuffix("s"))
        if known is not None and known.curated:
            yield Span(start, end, MentionType.DRUG, known.concept, known.curie, 1.0, CLASS)
        else:
            yield Span(start, end, MentionType.DRUG, concept, None, 0.9, CLASS)


def _headed(text: str, sentence: Sentence, found: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """As in "PI3K inhibitor", "MEK and Akt inhibitors", "heat shock protein 90 (HSP90) inhibitor"."""
    tokens = sentence.tokens
    for at, head in enumerate(tokens):
        word = text[head.start : head.end].lower()
        if word not in HEADS:
            continue
        first = _leftmost(text, tokens, at, found)
        if first is None or _ENDOGENOUS.search(text, sentence.start, tokens[first].start):
            continue
        start = tokens[first].start
        inside = [s for s in found if s.overlaps(start, head.start) and s.type is MentionType.GENE]
        start = min([start, *(s.start for s in inside)])
        anti = _ANTI.search(text, max(sentence.start, start - 6), start)
        if anti:
            start = anti.start()
        target = _target_words(text, start, head.start, inside)
        yield start, head.end, f"{target} {HEADS[word]}"


def _leftmost(text: str, tokens: tuple[Token, ...], at: int, found: Sequence[Span]) -> int | None:
    """The first token of the target of the head at `at`; None where nothing before it names one."""
    first: int | None = None
    strong = False
    head = tokens[at].start
    i = at - 1
    while i >= 0:
        token = tokens[i]
        word = text[token.start : token.end]
        lower = word.lower()
        span = next((s for s in found if s.overlaps(token.start, token.end) and s.end <= head), None)
        if span is not None and span.type is MentionType.GENE:
            first, strong = i, True
        elif span is not None:
            break
        elif lower in _TARGETS or (lower.endswith(_ENDINGS) and token.pos in {"NOUN", "PROPN", "ADJ"}):
            first, strong = i, strong or lower in _STRONG or lower.endswith(_ENDINGS)
        elif (lower in _ADJECTIVES and first is not None) or lower in {"kda", "mutant"} or lower in _GREEK_NAMES:
            first = i
        elif word == ")":
            opening = _opening(text, tokens, i)
            if opening is None or opening == 0:
                break
            i = opening
        elif word in _LINKS:
            pass
        elif lower in _COORDINATORS and first is not None:
            if not _joins(text, tokens, i, found, strong):
                break
        elif first is None and _qualifies(text, tokens, i, found):
            pass
        elif word.isupper() and len(word) > 2 and first is None and token.pos in {"PROPN", "NOUN"}:
            first, strong = i, True
        else:
            break
        i -= 1
    return first if strong else None


_QUALIFIERS = frozenset({"dual", "selective", "specific"})


def _qualifies(text: str, tokens: tuple[Token, ...], at: int, found: Sequence[Span]) -> bool:
    """Whether a word between target and head leaves the target named: "telomerase template antagonist"."""
    token = tokens[at]
    if token.pos != "NOUN" and text[token.start : token.end].lower() not in _QUALIFIERS:
        return False
    before = at - 1
    if before > 0 and text[tokens[before].start : tokens[before].end] in _LINKS:
        before -= 1
    return before >= 0 and _is_gene(tokens[before], found)


def _is_gene(token: Token, found: Sequence[Span]) -> bool:
    return any(s.overlaps(token.start, token.end) and s.type is MentionType.GENE for s in found)


_GREEK_NAMES = frozenset(GREEK) | frozenset(GREEK.values())


def _opening(text: str, tokens: tuple[Token, ...], closing: int) -> int | None:
    """The bracket that a closing one ends, if it holds no more than an abbreviation."""
    for i in range(closing - 1, max(closing - 5, -1), -1):
        if text[tokens[i].start : tokens[i].end] == "(":
            return i
    return None


def _joins(text: str, tokens: tuple[Token, ...], at: int, found: Sequence[Span], strong: bool) -> bool:
    """Whether the coordinator at `at` joins two targets of one head ("MEK and Akt inhibitors")."""
    if at == 0 or not strong:
        return False
    before = tokens[at - 1]
    word = text[before.start : before.end].lower()
    if word in _PROCESSES:
        return True
    return _is_gene(before, found)


_JOINTS = frozenset({"/", "-", "–", "x", "×", " x ", " × ", " and ", " or "})


def _aimed(text: str, sentence: Sentence, genes: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """As in "anti-HER2 antibody", "HER2-targeted agents", "CHI3L1-neutralizing antibody", "anti-PD-L1"."""
    for i, gene in enumerate(genes):
        end = gene.end
        last = i
        while last + 1 < len(genes) and text[end : genes[last + 1].start] in _JOINTS:
            last += 1
            end = genes[last].end
        target = _target_words(text, gene.start, end, genes[i : last + 1])
        anti = _ANTI.search(text, max(sentence.start, gene.start - 6), gene.start)
        if anti:
            agent = _AGENT.match(text, end, sentence.end)
            if agent:
                if not _BODY_MADE.search(text, max(sentence.start, anti.start() - 30), anti.start()):
                    noun = _singular(agent[0].strip(f" {DASH}"))
                    yield anti.start(), agent.end(), f"anti-{target} {noun}"
            elif _ALONE.match(text, end, sentence.end):
                yield anti.start(), end, f"anti-{target} antibody"
            continue
        if i and genes[i - 1].end < gene.start and text[genes[i - 1].end : gene.start] in {"/", "-", "–"}:
            continue
        made_for = _MADE_FOR.match(text, end, sentence.end)
        if made_for and not _RESPONSE.match(text, made_for.end(), sentence.end):
            yield gene.start, made_for.end(), f"{target}{_singular(made_for[0])}"
            continue
        antibody = _ANTIBODY.match(text, end, sentence.end)
        if antibody:
            yield gene.start, antibody.end(), f"anti-{target} antibody"


_CONJUGATE = re.compile(rf"[\s{DASH}](?:[Dd]rug[\s{DASH}])?[Cc]onjugates?\b")


def _conjugated(text: str, sentence: Sentence, found: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """As in "trastuzumab drug conjugates"."""
    for span in found:
        match = _CONJUGATE.match(text, span.end, sentence.end)
        if match and span.type is MentionType.DRUG and span.concept:
            yield span.start, match.end(), f"{span.concept}{match[0].lower().removesuffix('s')}"


_TARGETED = re.compile(
    rf"\b[A-Za-z]{{3,}}{_D}(?:targeted|targeting|directed)\s+"
    r"(?:agents?|drugs?|compounds?|therapeutics|nanotherapeutics)\b"
)


def _targeted(text: str, sentence: Sentence, genes: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """As in "stroma-targeted agents"; those aimed at a gene are found by `_aimed`."""
    for match in _TARGETED.finditer(text, sentence.start, sentence.end):
        if not any(gene.overlaps(match.start(), match.end()) for gene in genes):
            yield match.start(), match.end(), _singular(match[0])


_COORDINATED = re.compile(
    rf"\b(?P<first>(?:[A-Za-z]+{_D})?[A-Za-z]{{4,}}) (?:and|or|and/or) (?:[A-Za-z]+{_D})?[A-Za-z]{{4,}}"
    r"(?:ed|ing|ive|ic|al|ar) (?P<head>agents?|drugs?|compounds?)\b"
)


def _coordinated(text: str, sentence: Sentence, drugs: NameList) -> Iterator[tuple[int, int, str]]:
    """As in "alkylating or intercalating agents": one span, of the first class, where that is a known class."""
    for match in _COORDINATED.finditer(text, sentence.start, sentence.end):
        heads = (match["head"].removesuffix("s"), "agent", "drug")
        known = (drugs.get(fold(f"{match['first']} {head}")) for head in heads)
        name = next((name for name in known if name is not None and (name.curated or name.rank == 0)), None)
        if name is not None:
            yield match.start(), match.end(), name.concept


_PLURAL_HEAD = re.compile(
    r"\b(?:small[- ]molecule )?(?P<head>inhibitors|antagonists|agonists|degraders|blockers)"
    r"\s+(?:of|targeting|against|directed against|specific (?:to|for))\s+(?:the\s+|both\s+)?"
    r"|\b(?P<one>kinase inhibitor|antibody)\s+(?:targeting|specific (?:to|for))\s+"
)


def _followed(text: str, sentence: Sentence, genes: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """As in "inhibitors of MEK and Akt", "antibody targeting KRAS"."""
    starts = {gene.start: i for i, gene in enumerate(genes)}
    for match in _PLURAL_HEAD.finditer(text, sentence.start, sentence.end):
        i = starts.get(match.end())
        if i is None:
            continue
        last = i
        while last + 1 < len(genes) and text[genes[last].end : genes[last + 1].start] in {"/", " and ", " or "}:
            last += 1
        target = _target_words(text, genes[i].start, genes[last].end, genes[i : last + 1])
        if match["one"] == "antibody":
            concept = f"anti-{target} antibody"
        else:
            concept = f"{target} {_singular(match['head'] or match['one'])}"
        yield match.start(), genes[last].end, concept


_BRACKET = re.compile(r"\s*\(([^()]{2,15})\)\s*")
_TRAILING = re.compile(rf"(?:[\s{DASH}]+|\b(?:{'|'.join(sorted(_QUALIFIERS))}))+$")


def _target_words(text: str, start: int, end: int, genes: Sequence[Span]) -> str:
    """The target as the concept spells it: short names for long ones, no bracketed abbreviation, lower case."""
    parts: list[str] = []
    at = start
    for gene in sorted(genes, key=lambda g: g.start):
        if gene.start < at or gene.end > end:
            continue
        surface = text[gene.start : gene.end]
        long = " " in surface and sum(c.islower() for c in surface) > 6
        parts += [text[at : gene.start], short_target(gene.concept) if long and gene.concept else _plain(surface, gene)]
        at = gene.end
    parts.append(text[at:end])
    joined = "".join(parts)
    bracket = _BRACKET.search(joined)
    if bracket:
        short = bracket[1]
        joined = short + " " + joined[bracket.end() :]
    joined = _TRAILING.sub("", joined).lower()
    for letter in ("γ", "β", "α"):
        joined = joined.replace(f"{letter}-secretase", f"{GREEK[letter]}-secretase")
    return re.sub(r"\s+", " ", re.sub(r"\s?\+\s", " and ", joined))


_HYPHENATED = re.compile(rf"(?:IL|PD|CTLA|BCL|NF|TGF|IFN|TNF|TIM|LAG|CD){_D}", re.IGNORECASE)
"""Targets that classes of agents are usually named by with their hyphen."""


def _plain(surface: str, gene: Span) -> str:
    """The target without the hyphen that its symbol does not have, and with letters for the Greek ones."""
    if gene.concept and fold(surface) == fold(gene.concept) and not _HYPHENATED.match(surface):
        surface = re.sub(_D, "", surface)
    return re.sub(r"(?<=[A-Z])[αβγ](?=[A-Z])", lambda greek: GREEK[greek[0]][0], surface)


_SHORT = {"ERBB2": "her2", "CD274": "pd-l1", "PDCD1": "pd-1", "CTLA4": "ctla-4", "PDCD1LG2": "pd-l2"}


def short_target(concept: str) -> str:
    """The name that classes of agents use for a gene."""
    return _SHORT.get(concept, concept.lower().replace("_", " "))


_NOUNS = {"antibodies": "antibody", "nanobodies": "nanobody", "mabs": "antibody", "mab": "antibody"}


def _singular(phrase: str) -> str:
    words = phrase.lower().replace("monoclonal antibod", "antibod").split(" ")
    last = words[-1]
    if last in _NOUNS:
        words[-1] = _NOUNS[last]
    elif last.endswith("s") and last != "therapeutics":
        words[-1] = last[:-1]
    return " ".join(words)
