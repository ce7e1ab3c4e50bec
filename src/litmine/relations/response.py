"""What a sentence says of the response to a drug, of a gene's state, and of who acts on whom.

Owns the readings that role and state are made from: "knockdown of X restored sensitivity" is an experiment that lowers
the gene and a response that rises. Decides no label itself; that is `attributes`.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from litmine.records import Sentence
from litmine.relations.cues import cues_of
from litmine.relations.passages import Passages, Spot, ancestors

REACH = 5
"""Steps up the parse from a word of response within which a turning word changes its sign."""
_MODIFIERS = frozenset({"amod", "advmod", "compound", "nmod", "det", "npadvmod"})
_GOVERNED = frozenset(
    {"dobj", "pobj", "prep", "nsubj", "nsubjpass", "conj", "compound", "nmod", "amod", "attr", "acomp", "oprd", "poss"}
)

_RESISTANCE = re.compile(
    r"(?:chemo|radio|multidrug|cross|non)?-?resist\w*|refractor\w*|insensitiv\w*|non-?respon\w+|unrespons\w*|desensiti\w+|"
    r"ineffective\w*|toleran\w+|non-?sensitive|mdr|escap\w*|evad\w*|evasion|withst\w+|relaps\w*|outliv\w*"
)
_SENSITIVITY = re.compile(
    r"(?:chemo|radio|hyper|re|photo)?-?sensiti[sz]?\w*|responsive\w*|response|respond|responder|susceptib\w*|vulnerab\w*|"
    r"synergi\w*|synergy|potentiat\w*|efficacy|effective\w*|efficien\w*|benefit|lethality|lethal|cytotoxicity|activity|"
    r"brcaness|anti-?tumou?r"
)
_VAGUE = re.compile(r"activity|efficien\w*|effective\w*|efficacy|benefit|anti-?tumou?r|cytotoxicity")
_TURNING = re.compile(
    r"revers\w*|overcom\w*|overc\w+|abrogat\w*|abolish\w*|reduc\w*|decreas\w*|diminish\w*|attenuat\w*|"
    r"eliminat\w*|alleviat\w*|circumvent\w*|block\w*|inhibit\w*|suppress\w*|prevent\w*|lower\w*|low|less|poor|"
    r"poorer|limit\w*|modest|impair\w*|lack\w*|loss|lose|weak\w*|hamper\w*|counteract\w*|escape|worse|compromis\w*|minimal|"
    r"hinder\w*|avoid\w*|delay\w*|interfer\w*|insufficient|little|fail\w*|against|blunt\w*|dampen\w*|mitigat\w*|curb\w*|"
    r"curtail\w*|restrict\w*|undermin\w*|negat\w*|lessen\w*|offset\w*|nullif\w*|absent|absence|defeat\w*|bypass\w*|"
    r"thwart\w*|imped\w*|shorten\w*|narrow\w*|forfeit\w*|neutrali\w*|antagoni\w*|disrupt\w*|erod\w*|deplet\w*"
)
_ESCAPE = re.compile(
    r"protect\w*|shield\w*|evad\w*|evasion|escap\w*|surviv\w*|outliv\w*|outlast\w*|withst\w+|persist\w*|tolerat\w*|"
    r"progress\w*|relaps\w*|recur\w*|fail\w*|blunt\w*|dampen\w*|bypass\w*|compensat\w*|rescu\w*|acquir\w*|adapt\w*|"
    r"spare|unaffected|regrow\w*|outgrow\w*|counter\w*"
)
_KILLING = re.compile(
    r"kill\w*|eradicat\w*|regress\w*|shrink\w*|shrinkage|remission|cure\w*|lethal\w*|addict\w*|dependen\w*|hinge|"
    r"re-?sensiti\w*|synthetic-lethal\w*|collapse|succumb|vulnerab\w*"
)
_CHANGED = re.compile(
    r"restor\w*|enhanc\w*|potentiat\w*|augment\w*|improv\w*|increas\w*|boost\w*|regain\w*|rescu\w*|strengthen\w*|amplif\w*|"
    r"raise|deepen\w*|prolong\w*|widen\w*"
)
"""Verbs that say of an effect or an action that it became more; `_TURNING` says that it became less."""
_DENIALS = frozenset({"not", "no", "n't", "never", "without", "neither", "nor", "hardly", "barely", "rarely"})
"""They turn a word of response that they stand on themselves: "did not respond", "no benefit"."""
_EFFECTS = frozenset(
    {"effect", "action", "apoptosis", "death", "killing", "toxicity", "lysis", "adcc", "adcp", "cdc", "phagocytosis"}
    | {"pyroptosis", "ferroptosis", "arrest"}
)
_EXPERIMENT = re.compile(
    r"knock-?\w*|silenc\w*|si?h?rnas?|inhibit\w*|block\w*|suppress\w*|target\w*|antagoni\w*|deplet\w*|neutrali\w*|"
    r"abrogat\w*|co-?(?:inhibit|target|block)\w*|blockade|crispr\w*|ablat\w*|degrader|antisense|interfer\w*"
)
_ABSENCE = re.compile(
    r"loss|lose|lost|lack\w*|absen\w*|deficien\w*|delet\w*|low\w*|reduc\w*|decreas\w*|down-?\w*regulat\w*|downmodulat\w*|"
    r"inactivat\w*|null|haploinsuff\w*|diminish\w*|negativ\w*|disrupt\w*|sponge|insufficien\w*|impair\w*|defect\w*|repress\w*|degrad\w*|decline"
)
_PRESENCE = re.compile(
    r"over-?express|forced|ectopic|exogenous|re-?express\w*|up-?regulat\w*|increas\w*|elevat\w*|high\w*|amplif\w*|activat\w*|accumulat\w*|induc\w*|gain|enrich\w*|"
    r"express\w*|enhanc\w*|stimulat\w*|promot\w*|positiv\w*|presence|hyperactiv\w*|overactiv\w*|restor\w*|trigger\w*|reactivat\w*"
)
_ALTERED = re.compile(
    r"mutat\w*|mutant\w*|variant\w*|polymorphi\w*|splic\w*|truncat\w*|rearrang\w*|translocat\w*|isoform\w*|heterogen\w*|"
    r"alter\w*|aberra\w*|deregulat\w*|dysregulat\w*|mislocali\w*|itd|allele\w*|revertant|reversion|genotype\w*|modulat\w*"
)
STATE_WORDS = {"experiment": _EXPERIMENT, "absence": _ABSENCE, "presence": _PRESENCE, "altered": _ALTERED}
_MODELS = frozenset({"cell", "line", "tumor", "tumour", "cancer", "patient", "xenograft", "clone", "model", "disease"})


@dataclass(frozen=True, slots=True)
class Response:
    """What a sentence says of response: tokens that speak of less of it, of more, and how many only name cells.

    `less` and `more` hold token indices; `vague` those of them that speak of activity or efficacy and may mean no
    response of patients or cells at all. `resistant_models` and `sensitive_models` hold the tokens of words that only
    say which cells, such as the "resistant" of "resistant cells".
    `escapes` and `kills` count words of outliving a treatment and of dying of it, whatever stands around them.
    """

    less: tuple[int, ...] = ()
    more: tuple[int, ...] = ()
    vague: int = 0
    resistant_models: tuple[int, ...] = ()
    sensitive_models: tuple[int, ...] = ()
    escapes: int = 0
    kills: int = 0

    def nearest(self, token: int) -> int:
        """+1 where the word of response nearest to a token speaks of less, -1 of more, 0 where there is none."""
        signed = [(abs(i - token), sign) for sign, found in ((1, self.less), (-1, self.more)) for i in found]
        return min(signed)[1] if signed else 0


def response_of(sentence: Sentence) -> Response:
    """Words of resistance and response, each turned round where a turning word governs or modifies it."""
    less: list[int] = []
    more: list[int] = []
    models: dict[bool, list[int]] = {True: [], False: []}
    vague = escapes = kills = 0
    for i, token in enumerate(sentence.tokens):
        resist, sensitive = _kind(token.lemma)
        if _KILLING.fullmatch(token.lemma):
            turned = _is_turned(sentence, i)
            kills += not turned
            escapes += turned
        else:
            escapes += bool(_ESCAPE.fullmatch(token.lemma))
        if token.lemma in _EFFECTS and _is_changed(sentence, i):
            sensitive = True
        if not resist and not sensitive:
            continue
        if _describes_model(sentence, i):
            models[resist].append(i)
            continue
        vague += bool(_VAGUE.fullmatch(token.lemma))
        (less if resist != _is_turned(sentence, i) else more).append(i)
    return Response(tuple(less), tuple(more), vague, tuple(models[True]), tuple(models[False]), escapes, kills)


@cache
def _kind(lemma: str) -> tuple[bool, bool]:
    parts = [lemma, *lemma.split("-")]
    resist = any(_RESISTANCE.fullmatch(p) for p in parts)
    return resist, not resist and any(_SENSITIVITY.fullmatch(p) for p in parts)


@cache
def _turns(lemma: str) -> bool:
    return bool(_TURNING.fullmatch(lemma))


def _describes_model(sentence: Sentence, token: int) -> bool:
    """ "trastuzumab-resistant cells": the word says which cells, not what happens to them."""
    here = sentence.tokens[token]
    if here.lemma.endswith(("resistance", "sensitivity", "sensitize", "sensitise", "sensitized", "sensitised")):
        return False
    return here.dep in {"amod", "compound"} and any(t.lemma in _MODELS for t in sentence.tokens[token + 1 : token + 5])


def _is_changed(sentence: Sentence, token: int) -> bool:
    """Whether a verb or participle says of an effect that it grew or waned: "restored the effect of X"."""
    head = sentence.tokens[sentence.tokens[token].head]
    if sentence.tokens[token].dep in {"dobj", "nsubjpass"} and head.pos == "VERB":
        return bool(_CHANGED.fullmatch(head.lemma)) or _turns(head.lemma)
    return any(
        t.head == token and t.dep == "amod" and (_CHANGED.fullmatch(t.lemma) or _turns(t.lemma))
        for t in sentence.tokens
    )


def _is_turned(sentence: Sentence, token: int) -> bool:
    """Whether an odd number of turning words modifies a word of response or governs it up to the first verb.

    A verb governs its object and what hangs on that, and its subject only where it has no object: "sensitivity fell".
    """
    tokens = sentence.tokens
    turns = sum(t.head == token and t.dep in _MODIFIERS and _turns(t.lemma) for t in tokens)
    turns += any(t.head == token and t.lemma in _DENIALS for t in tokens)
    at = token
    for _ in range(REACH):
        head = tokens[at].head
        if head == at or tokens[at].dep not in _GOVERNED:
            break
        is_verb = tokens[head].pos == "VERB"
        if tokens[at].dep == "nsubj" and is_verb and any(t.head == head and t.dep == "dobj" for t in tokens):
            break
        if tokens[at].dep != "conj":
            turns += _turns(tokens[head].lemma)
        if is_verb and tokens[at].dep != "conj":
            break
        at = head
    return turns % 2 == 1


@cache
def _states(lemma: str) -> frozenset[str]:
    found = {name for name, pattern in STATE_WORDS.items() if pattern.fullmatch(lemma)}
    if "-" in lemma.strip("-"):
        found |= {n for part in lemma.split("-") if part for n, p in STATE_WORDS.items() if p.fullmatch(part)}
    return frozenset(found)


def states_of(passages: Passages, spot: Spot, drug: Spot | None = None, reach: int = 3) -> frozenset[str]:
    """State words next to a gene, and above it in the parse up to its first verb, that say what becomes of the gene.

    A verb whose subject the gene is says what the gene does to something else, and does not count: "X suppresses Y".
    What another gene does, or `drug` itself, is no experiment: there Y is merely low.
    """
    sentence = passages.sentences[spot.sentence]
    tokens = sentence.tokens
    chain = ancestors(sentence, spot.head)
    done_by_gene = {
        head
        for child, head in pairwise(chain)
        if tokens[child].dep == "nsubj" and tokens[head].pos in {"VERB", "AUX"} and tokens[head].tag != "VBN"
    }
    before, after = range(max(0, spot.first - reach), spot.first), range(spot.last + 1, spot.last + 1 + reach)
    near = {i for i in (*before, *after) if i < len(tokens) and not _acts_for_another(sentence, i, spot)}
    verb = next((n for n, i in enumerate(chain[1:]) if tokens[i].pos == "VERB"), 3)
    doers = {s.head for s in passages.genes.get(spot.sentence, ()) if s.concept != spot.concept}
    if drug is not None and drug.sentence == spot.sentence:
        doers |= {s.head for s in passages.drugs[drug.sentence] if s.concept == drug.concept}
    found = set(_states(sentence.text[spot.start - sentence.start : spot.end - sentence.start].lower()))
    for i in {*near, *chain[1 : min(verb, 3) + 2]} - done_by_gene:
        states = _states(tokens[i].lemma)
        if "experiment" in states and not doers.isdisjoint(_doers_of(sentence, i)):
            states = states - {"experiment"} | {"absence"}
        found |= states
    return frozenset(found)


def _doers_of(sentence: Sentence, token: int) -> set[int]:
    """Subjects of a verb, or of the verb it depends on, and agents of a passive one."""
    tokens = sentence.tokens
    found: set[int] = set()
    at = token
    for _ in range(REACH):
        if tokens[at].pos in {"VERB", "AUX"}:
            children = [i for i, t in enumerate(tokens) if t.head == at]
            found |= {i for i in children if tokens[i].dep == "nsubj"}
            by = {i for i in children if tokens[i].dep == "agent"}
            found |= {i for i, t in enumerate(tokens) if t.head in by and t.dep == "pobj"}
        if found or tokens[at].dep not in {"advcl", "xcomp", "conj", "acl", "pcomp", "prep"}:
            break
        at = tokens[at].head
    return found


def _acts_for_another(sentence: Sentence, token: int, spot: Spot) -> bool:
    """Whether a finite verb near the gene belongs to it as its doer: the gene stands before it as an active subject."""
    here = sentence.tokens[token]
    return token > spot.last and here.tag in {"VBZ", "VBP", "VBD", "VB", "VBG"}


def is_handled(passages: Passages, gene: Spot, drug: Spot | None) -> bool:
    """Whether an experiment is done on the gene itself: "knockdown of X", "X inhibition", "when X was silenced"."""
    tokens = passages.sentences[gene.sentence].tokens
    at = gene.head
    while tokens[at].dep == "conj" and tokens[at].head != at:
        at = tokens[at].head
    head = tokens[at].head
    over = tokens[head].head if tokens[at].dep == "pobj" and tokens[head].lemma == "of" else head
    governed = tokens[at].dep in {"compound", "nmod", "amod", "dobj", "nsubjpass", "pobj"}
    followed = gene.last + 1 < len(tokens) and tokens[gene.last + 1].pos == "NOUN"
    words = ([over] if governed else []) + ([gene.last + 1] if followed else [])
    worked = any("experiment" in _states(tokens[i].lemma) for i in words)
    return worked and "experiment" in states_of(passages, gene, drug)


@dataclass(frozen=True, slots=True)
class Agency:
    """Whether, in the parse, the drug acts on the gene or the gene on the drug's effect.

    `effect` is what the words between them do to the gene: -1 lower, +1 raise ("blocks the loss of" raises), 0 neither.
    """

    drug_acts: bool = False
    gene_acts: bool = False
    effect: int = 0


_LOWERING = frozenset({"inhibit", "lower"})
_RAISING = frozenset({"activate", "raise"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def agency_of(passages: Passages, drug: Spot | None, gene: Spot) -> Agency:
    """Read from subjects, objects and agents of the verbs between the two; nothing in different sentences."""
    if drug is None or drug.sentence != gene.sentence:
        return Agency()
    sentence = passages.sentences[gene.sentence]
    path = passages.path(gene.sentence, drug.head, gene.head)
    acting = any(sentence.tokens[i].pos in {"VERB", "AUX"} for i in path)
    drug_first = _is_subject(sentence, path) or _is_agent(sentence, drug)
    gene_first = _is_subject(sentence, path[::-1]) or _is_agent(sentence, gene)
    cues = [cues_of(sentence.tokens[i].lemma) for i in path]
    lowering = sum(not c.isdisjoint(_LOWERING) for c in cues)
    raising = any(not c.isdisjoint(_RAISING) for c in cues)
    return Agency(
        drug_acts=acting and drug_first and not gene_first,
        gene_acts=acting and gene_first and not drug_first,
        effect=-1 if lowering % 2 else int(lowering > 0 or raising),
    )


def _is_subject(sentence: Sentence, path: tuple[int, ...]) -> bool:
    """Whether the way from its first token up to the first verb of the path passes an active subject."""
    for child in path:
        label = sentence.tokens[child].dep
        if label in _SUBJECTS:
            return label == "nsubj"
        if sentence.tokens[child].pos == "VERB":
            return False
    return False


def _is_agent(sentence: Sentence, spot: Spot) -> bool:
    """ "by trastuzumab", "trastuzumab-induced", "trastuzumab treatment"."""
    tokens = sentence.tokens
    before = tokens[spot.first - 1].lemma if spot.first else ""
    after = " ".join(t.lemma for t in tokens[spot.last + 1 : spot.last + 3])
    return before in {"by", "with"} or bool(
        re.match(r"-? ?(?:induc|mediat|treat|trigger|driv|stimulat|dependent)", after)
    )
