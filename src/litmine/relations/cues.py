"""Words that tell what a sentence says of a drug and a gene: resistance, loss, blocking, doubt, denial, kind of study.

Owns the classes of trigger lemmas; where they count, and how much, is for the features and attributes.
"""

import re
from functools import cache

CUE_PATTERNS = {
    "resist": r"(?:chemo|radio|multidrug|multi|cross|non)?-?(?:resist\w*)|refractor\w*|insensitiv\w*|non-?respon\w+|"
    r"unrespons\w*|desensiti\w+|escape|evade|evasion|toleran\w*|tolerate|circumvent|bypass|relapse\w*|recurren\w*|"
    r"non-?sensitive|refractoriness|mdr|ineffective\w*",
    "sensitive": r"(?:chemo|radio|hyper|re|photo)?-?sensiti[sz]?\w*|responsive\w*|respon[ds]\w*|responder|susceptib\w*|"
    r"vulnerab\w*|synergi\w*|synergy|potentiat\w*|efficac\w*|effective\w*|benefit\w*|lethality|lethal|cytotoxic\w*|"
    r"chemosensitivity|brcaness|vulnerability|additive",
    "inhibit": r"(?:co-?)?(?:inhibit\w*|block\w*|suppress\w*|antagoni\w*|target\w*|abrogat\w*|attenuat\w*|impair\w*|"
    r"disrupt\w*|abolish\w*|prevent\w*|neutrali[sz]\w*|interfer\w*|repress\w*|inactivat\w*|hinder|blockade|"
    r"antagonism|dampen|limit|mitigate|impede|restrict)",
    "activate": r"(?:hyper|re|trans|co|over)?-?(?:activat\w*|induc\w*|promot\w*|stimulat\w*|enhanc\w*|trigger\w*|"
    r"facilitat\w*|augment\w*|elicit\w*|driv\w+|drive|amplif\w*|boost\w*|engag\w*|mediat\w*|sustain\w*|recruit\w*)",
    "raise": r"(?:over-?express\w*|up-?regulat\w*|increas\w*|elevat\w*|high\w*|accumulat\w*|amplif\w*|gain|"
    r"overactiv\w*|enrich\w*|rise|abundan\w*|presence|positiv\w*|co-?express\w*|hyperactiv\w*|copious|excess\w*)",
    "lower": r"(?:down-?regulat\w*|decreas\w*|reduc\w*|low\w*|los[set]\w*|lack\w*|absen\w*|deficien\w*|delet\w*|"
    r"knock\w*|silenc\w*|deplet\w*|diminish\w*|lose|null|ablat\w*|degrad\w*|si?h?rna|crispr\w*|haploinsuff\w*|"
    r"negativ\w*|inactivat\w*|downmodulat\w*|minimi[sz]e|decline|eliminat\w*|knockdown|knockout|ko)",
    "alter": r"(?:mutat\w*|mutant\w*|variant\w*|polymorphi\w*|splic\w*|truncat\w*|rearrang\w*|translocat\w*|fusion\w*|"
    r"isoform\w*|heterogen\w*|alter\w*|aberra\w*|deregulat\w*|dysregulat\w*|mislocali\w*|shift|redistribut\w*|"
    r"relocali\w*|chimer\w*|itd|revers\w+-?mutat\w*|genotyp\w*|allele\w*|modif\w*|modulat\w*|lesion)",
    "restore": r"(?:re-?stor\w*|revers\w*|overc\w*|re-?sensiti[sz]\w*|rescu\w*|circumvent\w*|recover\w*|regain\w*|"
    r"re-?establish\w*|abrogat\w*|alleviat\w*)",
    "express": r"express\w*|level\w*|activit\w*|transcri\w*|mrna|protein|abundance",
    "combine": r"combin\w*|co-?administ\w*|co-?treat\w*|plus|together|dual|simultaneous\w*|concomitant\w*|synerg\w*",
    "bind": r"bind\w*|bound|interact\w*|complex\w*|associat\w*|dimer\w*|heterodimer\w*|recogni[sz]\w*|affinit\w*",
    "predict": r"predict\w*|biomarker\w*|marker\w*|correlat\w*|associat\w*|link\w*|relat\w*|indicat\w*|determin\w*",
    "cause": r"confer\w*|contribut\w*|lead|led|caus\w*|result\w*|due|through|via|by|thus|thereby|implicat\w*|role|"
    r"mechanism\w*|responsible|depend\w*|involv\w*|regulat\w*|mediat\w*|require\w*|essential|key",
    "outcome": r"prognos\w*|survival|outcome\w*|mortality|metasta\w*|invasi\w*|stage|grade|recurren\w*|dfs|pfs|os",
    "treat": r"treat\w*|therap\w*|administ\w*|dose|dosing|regimen\w*|monotherap\w*|adjuvant|neoadjuvant|exposure|"
    r"expose",
    "disease": r"cancer\w*|tumou?r\w*|carcinoma\w*|leuk\w*|lymphoma\w*|patient\w*|cell|line|xenograft\w*|case|model|"
    r"melanoma|glioma|adenocarcinoma|sarcoma|osteosarcoma|metastas\w*|blast|specimen|sample|mouse|mice|individual|"
    r"population|subtype|cohort|tissue",
    "pathway": r"pathway\w*|signal\w*|axis|axes|cascade\w*|route",
    "doubt": r"may|might|could|can|possibl\w*|potential\w*|suggest\w*|propos\w*|debat\w*|likely|unlikely|theoretic\w*|"
    r"hypothes\w*|appear|seem\w*|controvers\w*|unclear|unknown|speculat\w*|postulat\w*|putative\w*|presum\w*|perhaps|"
    r"probabl\w*|whether|conceivabl\w*",
    "deny": r"not|no|n't|neither|nor|without|fail\w*|unable|cannot|never|lack\w*|rather|despite|unaffected|absence",
    "clinic": r"patient\w*|clinic\w*|trial\w*|cohort\w*|phase|retrospective\w*|woman|women|responder\w*|enrol\w*|"
    r"randomi\w*",
    "animal": r"mouse|mice|murine|xenograft\w*|in-vivo|vivo|rat|rats|pdx|pdxs|orthotopic\w*|zebrafish|nude|"
    r"tumou?r-bearing",
    "culture": r"vitro|line|culture\w*|cultured|transfect\w*|spheroid\w*|mammosphere\w*|organoid\w*|clonogenic",
    "study": r"stud(?:y|ies)|show\w*|demonstrat\w*|report\w*|find|found|observ\w*|reveal\w*|identif\w*|et|al\.?|"
    r"confirm\w*|investigat\w*|evidence|data",
}
CUES = tuple(CUE_PATTERNS)
_COMPILED = {name: re.compile(pattern) for name, pattern in CUE_PATTERNS.items()}


@cache
def cues_of(word: str) -> frozenset[str]:
    """Classes of a lower-case lemma or word; both halves of a hyphenated word count."""
    found = {name for name, pattern in _COMPILED.items() if pattern.fullmatch(word)}
    if "-" in word.strip("-"):
        for part in word.split("-"):
            found |= cues_of(part) if part and part != word else set()
    return frozenset(found)
