"""`litmine doctor`: what is there, what would be used, what is missing."""

from pathlib import Path

import pytest

from litmine.cli import main
from litmine.doctor import examine, format_findings
from litmine.settings import EntitySettings, LanguageSettings, ReadingSettings, Settings


def test_everything_that_a_default_run_needs_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert "Ready to mine." in printed
    for part in ("parser", "names", "tagger (ner)", "mechanisms", "triples"):
        assert any(part in line and "would be used" in line for line in printed.splitlines())
    assert "en_core_web_sm" in printed


@pytest.mark.parametrize(
    ("settings", "topic", "says"),
    [
        (Settings(entities=EntitySettings(ner="en_ner_no_such")), "tagger (ner)", "not installed"),
        (Settings(language=LanguageSettings(spacy_model="no_such_model")), "parser", "not installed"),
    ],
)
def test_what_is_missing_is_a_fault(settings: Settings, topic: str, says: str) -> None:
    findings = examine(settings)
    faults = [finding for finding in findings if finding.fault]
    assert [fault.topic for fault in faults] == [topic]
    assert says in faults[0].text
    assert "1 fault(s): a run could not start." in format_findings(findings)


def test_a_choice_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "litmine.toml"
    config.write_text('[entities]\nner = "none"\n[reading]\nreader = "pdfplumber"\n')
    assert main(["doctor", "--config", str(config)]) == 0
    printed = capsys.readouterr().out
    assert "none (would be used" in printed
    assert "pdfplumber (would be used" in printed


def test_ocr_is_a_fault_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litmine.doctor.installed_version", lambda package: "absent")
    for asked in (False, True):
        findings = {f.topic: f for f in examine(Settings(reading=ReadingSettings(ocr=asked)))}
        assert findings["OCR"].fault is asked
