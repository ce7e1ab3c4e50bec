"""What each block is: title, abstract, heading, caption, back matter; and the tree of sections.

Owns the roles of blocks and the levels of headings. Text and order of blocks are given and stay as they are.
"""

import re
from collections.abc import Sequence

from litmine.reading.blocks import ABSTRACT_PART, LABEL, NUMBERED, Draft, Typography, is_reference_heading
from litmine.records import Kind, Section

MOST_HEADING_WORDS = 32
MOST_ABSTRACT_WORDS = 900
"""Prose in body type beyond this is the body, though no heading opened it."""
BIGGER = 1.07
"""Of the body's type size: larger type is a heading's."""

SMALLEST_HEADING = 0.85
"""Of the body's type size: bold lines of their own above the body's text, no smaller than this, are headings too."""

_ABSTRACT = re.compile(
    r"(?:simple |author |plain language |lay )?(?:abstract|summary)\b(?=\s*[:.\-–—|]|\s*$|\s+[A-Z])"
    r"|a\s?b\s?s\s?t\s?r\s?a\s?c\s?t\s*:?$",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(
    r"(?:key ?words?|index terms|abbreviations|highlights)\b\s*(?:[:.—–-]|and|$|(?=[A-Za-z]))", re.IGNORECASE
)
_BODY_START = re.compile(
    r"(?:1\.?|i\.?)?[\s|]*(?:introduction|background|main(?: text)?)\s*$|1\.?\s+[A-Z]\w+", re.IGNORECASE
)
_MAJOR = re.compile(
    r"(?:\d{1,2}\.?\s+)?(?:abstract|introduction|background|(?:materials?|patients|subjects) and methods|"
    r"methods?(?: and materials)?|"
    r"experimental (?:section|procedures)|results?(?: and discussion)?|discussion|conclusions?(?: and .{3,40})?|"
    r"concluding remarks|summary|perspectives?|future directions|references|bibliography|"
    r"(?:simple|author) summary|key ?words)\s*:?",
    re.IGNORECASE,
)
_EXPERIMENTAL = re.compile(
    r"(?:(?:materials?|patients|subjects) and )?methods|experimental|results|discussion", re.IGNORECASE
)
"""The parts of a research article, under which its other headings stand."""
_BACK_MATTER = re.compile(
    r"(?:authors?['’]? contributions?|contributors|credit author|funding|financial support|acknowledge?ments?|"
    r"(?:declaration of )?conflicts? of interests?|(?:declaration of )?competing (?:financial )?interests?|"
    r"(?:data|code|materials?) availability|data (?:and \w+ )?(?:access|availability)|availability of data|"
    r"ethic(?:s|al)|institutional review board|informed consent|consent (?:for|to)|"
    r"supplementa(?:ry|l)|supporting information|additional (?:files?|information)|abbreviations|publisher['’]s note|"
    r"disclaimer|disclosures?|authors?['’]? (?:details|information|affiliations?)|author list|declarations?|"
    r"(?:statement |declaration )?(?:on |of )?(?:the )?(?:use of )?(?:generative ai|artificial intelligence)|"
    r"sample availability|how to cite|peer[- ]review|open access|orcid|correspondence|pre-?publication history|"
    r"references)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"@|\bcorrespond|universit|\bdepartment\b|\binstitute\b|\bhospital\b|\breceived\b|\baccepted\b|©|copyright|\beditor"
    r"|\bcitation\b|https?://|\borcid\b|\bcompeting interest|\bfunding\b|these authors",
    re.IGNORECASE,
)


def is_back_matter(heading: str) -> bool:
    """Whether what stands under a heading is about the article (funding, contributions), not part of its argument."""
    return bool(_BACK_MATTER.match(_bare(heading)))


def assign_roles(drafts: list[Draft], typography: Typography) -> None:
    """Set the kind of every draft that is not a caption, table or reference yet, and the level of headings."""
    for i, draft in enumerate(drafts):
        if draft.kind is Kind.PARAGRAPH and _is_heading(drafts, i, typography):
            draft.kind = Kind.HEADING
    front = _front_matter_end(drafts, typography)
    title = _find_title(drafts[:front] or drafts[:3], typography)
    _label_front(drafts[:front], title)
    _set_levels([draft for draft in drafts if draft.kind is Kind.HEADING])
    _label_abstract_and_back(drafts, front, typography)


def _label_front(front: Sequence[Draft], title: Draft | None) -> None:
    """Before the body only the title, abstract headings and long unlabelled prose (an abstract) are more than matter
    about the article."""
    above: Draft | None = None
    for draft in front:
        if draft is title:
            draft.kind = Kind.TITLE
        elif draft.kind is Kind.HEADING and not _ABSTRACT.match(draft.text):
            draft.kind = Kind.OTHER
        elif draft.kind is Kind.PARAGRAPH:
            abstract = (
                _ABSTRACT.match(draft.text)
                or ABSTRACT_PART.match(draft.text)
                or (draft.n_words >= 60 and not ADDRESS.search(draft.text[:600]))
            )
            goes_on = (
                above is not None and _face(above) == _face(draft) and not above.text.rstrip().endswith((".", ":"))
            )
            draft.kind = Kind.ABSTRACT if abstract or goes_on else Kind.OTHER
        above = draft if draft.kind is Kind.ABSTRACT else None


def _label_abstract_and_back(drafts: Sequence[Draft], front: int, typography: Typography) -> None:
    """Abstracts under their own heading, keywords with them, and everything that stands behind the article proper."""
    in_abstract = in_back = False
    face: tuple[float, str] | None = None
    level = 0
    for i, draft in enumerate(drafts):
        if draft.kind is Kind.HEADING:
            if _BACK_MATTER.match(_bare(draft.text)):
                level = min(level, draft.level) if in_back else draft.level
                in_back = True
            elif draft.level <= level or _MAJOR.fullmatch(_bare(draft.text)):
                in_back = False
            in_abstract, face = bool(_ABSTRACT.match(draft.text)), None
            if in_abstract and i >= front:
                draft.kind = Kind.ABSTRACT  # a box within the body, which goes on behind it
        elif draft.kind in {Kind.PARAGRAPH, Kind.OTHER, Kind.ABSTRACT}:
            if _KEYWORDS.match(draft.text):
                draft.kind, in_abstract = Kind.ABSTRACT, False
            elif (
                in_abstract
                and draft.n_words >= 12
                and face in {None, _face(draft)}
                and not ADDRESS.search(draft.text[:40])
            ):
                draft.kind, face = Kind.ABSTRACT, _face(draft)
            elif i < front or draft.kind is not Kind.PARAGRAPH:
                continue
            elif in_back or _runs_in_back_matter(draft) or _is_note(draft, typography) or not _says_anything(draft):
                draft.kind = Kind.OTHER


def _runs_in_back_matter(draft: Draft) -> bool:
    match = _BACK_MATTER.match(draft.text)
    return bool(match) and ":" in draft.text[match.end() : match.end() + 30] if match else False


def _face(draft: Draft) -> tuple[float, str]:
    return round(draft.lines[0].size, 1), draft.lines[0].font


def _is_note(draft: Draft, typography: Typography) -> bool:
    """A footnote: few words in small type."""
    return draft.n_words < 60 and draft.lines[0].size < 0.9 * typography.body_size


def _says_anything(draft: Draft) -> bool:
    """Not a stray letter of a figure or a sign of a formula."""
    return sum(map(str.isalpha, draft.text)) >= 3


def _bare(text: str) -> str:
    return re.sub(r"^\d{1,2}(?:\.\d+)*\.?\s+", "", text).strip()


def _is_heading(drafts: Sequence[Draft], i: int, typography: Typography) -> bool:
    draft = drafts[i]
    lines = draft.lines
    if len(lines) > 5 or draft.n_words > MOST_HEADING_WORDS:
        return False
    text = draft.text.strip()
    numbered = NUMBERED.match(text)
    words = text[numbered.end() :] if numbered else text
    letters = sum(char.isalpha() for char in words)
    few = letters < 2 if numbered else letters < 3
    if few or letters < 0.4 * len(words):
        return False
    first = lines[0]
    bold = all(line.bold for line in lines) and not typography.body_bold
    italic = all(line.italic for line in lines)
    bigger = min(line.size for line in lines) >= BIGGER * typography.body_size
    smaller = first.size < 0.93 * typography.body_size
    if smaller and bold and first.size > SMALLEST_HEADING * typography.body_size:
        above_text = _precedes_prose(drafts, i, typography) or (i + 1 < len(drafts) and drafts[i + 1].lines[0].bold)
        smaller = not (_has_space(drafts, i, typography) and above_text)
    underlined = first.underlined
    capitals = text.isupper() and letters >= 4
    if _BACK_MATTER.fullmatch(text) and len(lines) == 1 and _differs_below(drafts, i):
        return True
    if LABEL.match(text) and not text.rstrip().endswith(":"):
        return False
    other_face = all(line.font != typography.body_font and not line.italic for line in lines)
    distinct = other_face and not smaller and draft.n_words <= 15 and _precedes_prose(drafts, i, typography)
    styled = bold or bigger or underlined or capitals or italic or distinct
    if is_reference_heading(text) or _MAJOR.fullmatch(text):
        return styled or first.font != typography.body_font or _stands_alone(drafts, i)
    if re.search(r"[,;]$", text) or (text.endswith(".") and not (numbered or _ends_heading_style(bold, draft))):
        return False
    if numbered and int(numbered[1].split(".")[0]) <= 30 and styled:
        return not smaller
    if not text[:1].isupper() and not numbered and not text[:1].isdigit():
        return (bigger or bold) and _in_title_case(text)
    if bigger or underlined or distinct:
        return True
    if bold or capitals:
        return not smaller or bool(_BACK_MATTER.match(text))
    return (
        italic
        and not smaller
        and draft.n_words <= 16
        and _stands_alone(drafts, i)
        and _has_space(drafts, i, typography)
    )


def _in_title_case(text: str) -> bool:
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 4]
    return len(long) >= 2 and sum(word[0].isupper() for word in long) >= 0.6 * len(long)


def _precedes_prose(drafts: Sequence[Draft], i: int, typography: Typography) -> bool:
    following = drafts[i + 1].lines[0] if i + 1 < len(drafts) else None
    return following is not None and following.font == typography.body_font and len(drafts[i].lines) <= 3


def _differs_below(drafts: Sequence[Draft], i: int) -> bool:
    """Set in another face than the block below it, in the same column."""
    line, below = drafts[i].lines[0], drafts[i + 1].lines[0] if i + 1 < len(drafts) else None
    return below is not None and below.font != line.font and (below.page, below.column) == (line.page, line.column)


def _ends_heading_style(bold: bool, draft: Draft) -> bool:
    return bold and draft.n_words <= 12 and ". " not in draft.text


def _stands_alone(drafts: Sequence[Draft], i: int) -> bool:
    return len(drafts[i].lines) <= 2 and i + 1 < len(drafts)


def _has_space(drafts: Sequence[Draft], i: int, typography: Typography) -> bool:
    if i == 0:
        return True
    above, line = drafts[i - 1].lines[-1], drafts[i].lines[0]
    if above.page != line.page or above.column != line.column:
        return True
    return line.base - above.base > 1.25 * typography.leading_of(line) or drafts[i - 1].kind is Kind.HEADING


def _front_matter_end(drafts: Sequence[Draft], typography: Typography) -> int:
    """Index of the first draft of the body: the introduction's heading, or else its first long paragraph."""
    seen_abstract = seen_keywords = False
    n_words = 0
    for i, draft in enumerate(drafts):
        text = draft.text.strip()
        if draft.lines[0].page > 3 or n_words > MOST_ABSTRACT_WORDS:
            break
        if draft.kind is Kind.HEADING:
            major = _MAJOR.fullmatch(text) and not _ABSTRACT.match(text) and not is_reference_heading(text)
            if _BODY_START.match(text) or major or (seen_abstract and seen_keywords and not _ABSTRACT.match(text)):
                return i
        elif _in_body_type(draft, typography):
            n_words += draft.n_words
        seen_abstract = seen_abstract or bool(_ABSTRACT.match(text))
        seen_keywords = seen_keywords or bool(_KEYWORDS.match(text))
    for i, draft in enumerate(drafts):
        prose = draft.kind is Kind.PARAGRAPH and draft.n_words > 40 and not _ABSTRACT.match(draft.text)
        if prose and _in_body_type(draft, typography) and not ADDRESS.search(draft.text[:200]):
            headed = (
                i > 1
                and drafts[i - 1].kind is Kind.HEADING
                and drafts[i - 1] is not _find_title(drafts[:i], typography)
            )
            return i - 1 if headed else i
    return 0


def _in_body_type(draft: Draft, typography: Typography) -> bool:
    return abs(draft.lines[0].size - typography.body_size) < 0.04 * typography.body_size


def _find_title(front: Sequence[Draft], typography: Typography) -> Draft | None:
    first_page = [draft for draft in front if draft.lines[0].page == 1 and draft.kind in {Kind.PARAGRAPH, Kind.HEADING}]
    named = [draft for draft in first_page if not _ABSTRACT.match(draft.text) and not _KEYWORDS.match(draft.text)]
    long = [draft for draft in named if draft.n_words >= 3] or [draft for draft in named if draft.n_words >= 1]
    if not long:
        return None
    title = max(long, key=lambda draft: round(draft.lines[0].size, 1))
    return title if title.lines[0].size > 1.05 * typography.body_size or title.lines[0].bold else None


def _set_levels(headings: Sequence[Draft]) -> None:
    """Numbered headings by their number; others by their style among the styles used."""
    by_style: dict[tuple[float, bool, bool, bool], int] = {}
    numbered = False
    for draft in headings:
        match = NUMBERED.match(draft.text)
        if match:
            numbered = True
            draft.level = match[1].count(".") + 1
            by_style.setdefault(_style(draft), draft.level)
    plain = [draft for draft in headings if not NUMBERED.match(draft.text)]
    if numbered:
        deepest = 1
        for draft in headings:
            if NUMBERED.match(draft.text):
                deepest = draft.level
            elif _is_major(draft.text) or _BACK_MATTER.match(draft.text):
                draft.level = 1
            else:
                draft.level = by_style.get(_style(draft), deepest + 1)
        return
    own = [draft for draft in plain if not _ABSTRACT.match(draft.text)]  # an abstract's heading often has its own style
    top = next((_style(draft) for draft in own if _is_major(draft.text)), None)
    styles = sorted({_style(draft) for draft in own}, reverse=True)
    if top in styles:
        styles = [top, *(style for style in styles if style != top and style < top)]
    last = next((_style(draft) for draft in reversed(plain) if is_reference_heading(draft.text)), None)
    shared = sum(_style(draft) == top and bool(_EXPERIMENTAL.match(draft.text)) for draft in plain) >= 2
    for draft in plain:
        draft.level = styles.index(_style(draft)) + 1 if _style(draft) in styles else 1
        if _is_major(draft.text) or (_style(draft) == last and _BACK_MATTER.match(draft.text)):
            draft.level = 1
        elif shared and _style(draft) == top and not _BACK_MATTER.match(draft.text):
            draft.level = 2  # headings of both levels look the same; the well-known ones are the upper


def _style(draft: Draft) -> tuple[float, bool, bool, bool]:
    line = draft.lines[0]
    return round(line.size * 2) / 2, _in_capitals(draft.text), line.bold, not line.italic


def _in_capitals(text: str) -> bool:
    """Set in capitals, which a short heading of nothing but acronyms is not."""
    return text.isupper() and any(len(word) >= 6 for word in re.findall(r"[^\W\d_]+", text))


def _is_major(text: str) -> bool:
    return bool(_MAJOR.fullmatch(text.strip())) or is_reference_heading(text)


def make_sections(drafts: Sequence[Draft], titles: Sequence[str]) -> list[Section]:
    """The section tree; sets `section` of every draft. `titles[i]` is the text of draft i."""
    sections = [Section("", 0, None)]
    current = 0
    for draft, title in zip(drafts, titles, strict=True):
        if draft.kind is Kind.HEADING:
            parent: int | None = current
            while parent is not None and sections[parent].level >= draft.level:
                parent = sections[parent].parent
            sections.append(Section(title, draft.level, parent if parent is not None else 0))
            current = len(sections) - 1
        draft.section = current
    return sections
