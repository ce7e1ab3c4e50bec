"""Stretches of text that look like names and are none: histone marks, cell lines, makers' names, reagents, scans.

Owns the grammar of these; whatever drug or gene a list sees inside them is not meant. Words that mean a gene in one
place and something else in another are for `senses`.
"""

import re
from collections.abc import Iterator

from litmine.lexicon.folding import DASH

_D = f"[{DASH}]"
_MAKERS = (
    "Leica|Zeiss|Olympus|Nikon|Illumina|Agilent|Beckman(?: Coulter)?|Bio-?Rad|BioRad|Amersham|Molecular Devices"
    r"|Applied Biosystems|Thermo(?: Fisher)?(?: Scientific)?|Invitrogen|Addgene|Promega|Qiagen|QIAGEN|Nanodrop|ATCC"
)
_OTHER = re.compile(
    rf"\b(?:H(?:1|2A|2B|3|4)(?:\.\d)?[KRSTY]\d{{1,3}}(?:me[123]?|ac|ub\d?|ph|la|cr|bhb)?(?![A-Z\d])"
    rf"|(?:{_MAKERS})[,;:]?\s(?:LSM\s?\d+|[A-Z]{{1,4}}{_D}?\d{{1,4}}(?:\.\d+)?)\b"
    r"|[A-Z][A-Za-z]{2,}(?=\s(?:Biosciences?|Biotech\w*|Biosystems|BioLabs|Biolabs|Technologies|Technology|Pharma\w*"
    r"|Therapeutics|Inc\b|Ltd\b|GmbH|Corporation|Scientific))"
    rf"|MDA{_D}?MB{_D}?\d+|SK{_D}?(?:BR|OV|MEL|N|HEP|LU|MES){_D}?(?:\d+|[A-Z]{{2}})|NCI{_D}?H\d+|OVCAR{_D}?\d+|SU{_D}?DHL{_D}?\d+"
    rf"|OCI{_D}?(?:AML|L[Yy]){_D}?\d+|SNU{_D}?\d+|HCC\d{{2,4}}|MKN{_D}?\d+|KYSE{_D}?\d+|COLO{_D}?\d+|SW\d{{3,4}}|PaTu{_D}?\d+"
    rf"|M[Ii][Aa][ {DASH}]?Pa[Cc]a{_D}?2?|RPMI{_D}?\d+|KMS{_D}?\d+|NALM{_D}?\d|MOLM{_D}?\d+|UM{_D}(?:SCC|UC){_D}?\w+"
    rf"|BxPC{_D}?3|AsPC{_D}?1|PANC{_D}1|Capan{_D}?\d|WM\d{{3}}"
    r"|Ig[GAMED]\d?[a-c]?(?:/G?\d[a-c]?)*\b|NADP?[H+]?(?!\w)|m(?:6A|5C|1A|7G)\b|MS[123]\b|TM\d{1,2}\b"
    r"|p[A-Z][\w.-]+(?=\s(?:plasmids?|vectors?))|att[PBLR]\b|[βX]-[Gg]al\b"
    r"|Src [Hh]omology(?:[ -]\d)?|[Ff]ibronectin(?: type)? III|[Bb]ovine serum albumin|phospho[ -][STY]\d+\b"
    r"|Proteinase K|RNase A|DNase I|T4 (?:DNA )?ligase|Taq(?: polymerase)?"
    r"|(?:[Ss]pearman|[Pp]earson|[Kk]endall)(?:['’]s)?(?: correlation)?(?: coefficient)?,? (?:rho|tau|r)\b"
    r"|CAT scan\w*|c[AG]MP\b|NCT\d{6,}|[A-Z]{2}_\d{6,}(?:\.\d)?|GSE\d{3,}|PRJ[A-Z]{2}\d+"
    r"|(?:PubMed|PMC|PMID|UniProt|PDB)(?: (?:ID|accession))?:? \w+"
    r"|(?:C57BL|BALB|FVB|NOD|SCID|NSG|DBA)(?:/\w+)*(?!\w)"
    rf"|[A-Z][A-Za-z]* ?(?:Mini|Midi|Maxi|Detection|Assay|Purification|Isolation|Extraction|Plus)\s[Kk]it\b"
    rf"|(?<=Fig\. )S?\d+[A-Za-z]\b|(?<=Figure )S?\d+[A-Za-z]\b|(?<=Table )S?\d+[A-Za-z]\b)"
)
_CELL_LINE = re.compile(
    rf"(?<![\w{DASH}/])(?P<name>(?=[\w{DASH}]*[A-Z])(?=[\w{DASH}]*\d)[A-Za-z\d]+(?:{_D}[A-Z\d]+){{0,2}})"
    rf"(?=(?:{_D}[A-Za-z]{{1,4}})?\s(?:[a-z]+\s(?:cancer|carcinoma|melanoma|glioma|leuka?emia|lymphoma|sarcoma)\s)?"
    r"(?:cells?\b(?! (?:surface|cycle|death|type|marker|line of))|cell lines?\b|xenografts?\b))"
)


def iter_others(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of `text[start:end]` in which nothing is a drug or gene, by place."""
    for match in _OTHER.finditer(text, start, end):
        yield match.span()


def iter_cell_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of codes that cells are named by ("H1975 cells"); the caller knows which of them are genes all the same."""
    for match in _CELL_LINE.finditer(text, start, end):
        yield match.span("name")
