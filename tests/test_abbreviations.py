"""Definitions of short forms, in sentences and lists written for these tests."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmine.abbreviations import is_list_of_abbreviations, iter_abbreviations, iter_listed
from litmine.records import Abbreviation

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "abbreviations.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def shown(text: str, found: list[Abbreviation]) -> str:
    return " | ".join(f"{text[a.short_start : a.short_end]}={text[a.long_start : a.long_end]}" for a in found) or "-"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:40] for case in CASES])
def test_definition(text: str, expected: str) -> None:
    assert shown(text, list(iter_abbreviations(text, 0, len(text)))) == expected


LISTS = [
    (
        "Abbreviations: ADC, antibody-drug conjugate; OS, overall survival; TGF-β, transforming growth factor beta.",
        "ADC=antibody-drug conjugate | OS=overall survival | TGF-β=transforming growth factor beta",
    ),
    (
        "Abbreviations: CR: complete response; ER: endoplasmic reticulum; MCL: mantle cell lymphoma",
        "CR=complete response | ER=endoplasmic reticulum | MCL=mantle cell lymphoma",
    ),
    (
        "PFS = progression-free survival, CI = confidence interval.",
        "PFS=progression-free survival | CI=confidence interval",
    ),
    (
        "Survival by arm. Bars show medians. HR, hazard ratio; NR, not reached.",
        "HR=hazard ratio | NR=not reached",
    ),
    ("NR – not reached; SD – stable disease", "NR=not reached | SD=stable disease"),
    ("Survival, by arm; response, by dose; HER2, positive in both.", "-"),
    ("Figure 2: tumors of mice; red: treated, blue: not.", "-"),
]


@pytest.mark.parametrize(("text", "expected"), LISTS, ids=[case[0][:30] for case in LISTS])
def test_list(text: str, expected: str) -> None:
    assert shown(text, list(iter_listed(text, 0, len(text), titled=False))) == expected


def test_bare_pairs_count_only_below_a_heading() -> None:
    text = "ICD Immunogenic cell death\nMET\tMacrophage extracellular trap"
    assert shown(text, list(iter_listed(text, 0, len(text), titled=False))) == "-"
    listed = list(iter_listed(text, 0, len(text), titled=True))
    assert shown(text, listed) == "ICD=Immunogenic cell death | MET=Macrophage extracellular trap"


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Abbreviations", True), ("List of abbreviations:", True), ("ABBREVIATIONS USED", True), ("Results", False)],
)
def test_heading_of_a_list(title: str, expected: bool) -> None:
    assert is_list_of_abbreviations(title) is expected


PIECES = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "; ",
        ", ",
        " ",
        "-",
        "κ",
        "β",
        "ADCC",
        "cell death",
        "hereafter ",
        "also known as ",
        "s",
        "1",
        "(",
        "ER+",
    ]
)


@given(st.lists(PIECES, max_size=30), st.integers(0, 5))
def test_spans_lie_inside_the_text_asked_for(pieces: list[str], cut: int) -> None:
    text = "".join(pieces)
    end = max(len(text) - cut, 0)
    start = min(cut, end)
    for found in [*iter_abbreviations(text, start, end), *iter_listed(text, start, end, titled=True)]:
        assert start <= found.short_start < found.short_end <= end
        assert start <= found.long_start < found.long_end <= end
        assert found.long_end <= found.short_start or found.short_end <= found.long_start
