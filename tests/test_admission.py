"""Which proposals of a tagger become drugs and genes."""

import pytest

from litmine.entities.admission import admit
from litmine.entities.ner import CHEMICAL, GENE, NameKind, Proposal
from litmine.entities.spans import DICTIONARY, PROPOSAL, Span
from litmine.lexicon.names import load_lexicon
from litmine.records import MentionType


def proposals_for(text: str, surface: str, kind: NameKind, score: float) -> list[Proposal]:
    return [Proposal(at, at + len(surface), kind, score) for at in range(len(text)) if text.startswith(surface, at)]


@pytest.mark.parametrize(
    ("text", "surface", "kind", "score", "admitted"),
    [
        ("Cells were treated with XQ-551 twice.", "XQ-551", CHEMICAL, 0.7, 1),
        ("XQ-551 sensitizes cells; later XQ-551 alone.", "XQ-551", CHEMICAL, 0.7, 2),
        ("XQ-551 was found in soil.", "XQ-551", CHEMICAL, 0.9, 0),
        ("Cells were treated with XQ-551 twice.", "XQ-551", CHEMICAL, 0.5, 0),
        ("Cells were treated with glutathione twice.", "glutathione", CHEMICAL, 0.9, 0),
        ("Treatment with zorbimycin helped.", "zorbimycin", CHEMICAL, 0.9, 1),
        ("Treatment with subclone helped.", "subclone", CHEMICAL, 0.9, 0),
        ("Resistance to XY rose.", "XY", CHEMICAL, 0.9, 0),
        ("Loss of ZRBX5 matters.", "ZRBX5", GENE, 0.95, 1),
        ("Loss of ZRBX5 matters.", "ZRBX5", GENE, 0.8, 0),
        ("The receptor matters.", "receptor", GENE, 0.95, 0),
        ("Seen in Fig. 2 only.", "Fig. 2", GENE, 0.95, 0),
    ],
)
def test_admitted_on_surety_looks_and_use(text: str, surface: str, kind: NameKind, score: float, admitted: int) -> None:
    spans = list(admit(text, proposals_for(text, surface, kind, score), (), load_lexicon()))
    assert len(spans) == admitted
    for span in spans:
        assert text[span.start : span.end] == surface
        assert span.type is (MentionType.DRUG if kind is CHEMICAL else MentionType.GENE)
        assert (span.concept, span.weight) == (None, PROPOSAL)
        assert 0 < span.score < score


def test_what_lists_and_rules_found_is_left_alone() -> None:
    text = "Cells were treated with XQ-551 twice."
    found = Span(24, 26, MentionType.GENE, "XQ", None, 1.0, DICTIONARY)
    assert list(admit(text, proposals_for(text, "XQ-551", CHEMICAL, 0.9), [found], load_lexicon())) == []
