from pathlib import Path

import pytest

from litmine.errors import SettingsError
from litmine.settings import Settings, read_settings


def test_without_a_file_the_defaults_hold() -> None:
    assert read_settings(None) == Settings()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "litmine.toml"
    file.write_text("workers = 3\n[relations]\nthreshold = 0.7\n")
    settings = read_settings(file)
    assert (settings.workers, settings.relations.threshold) == (3, 0.7)
    assert settings.reading == Settings().reading


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[relations]\ntreshold = 0.5\n", "relations.treshold"),
        ("[relations]\nthreshold = 7\n", "relations.threshold"),
        ("workers = \n", "not valid TOML"),
    ],
    ids=["unknown name", "impossible value", "no TOML"],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "litmine.toml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=named):
        read_settings(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        read_settings(tmp_path / "nowhere.toml")


def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# Einstellungen für später".encode("latin-1"))
    for path in (tmp_path, latin):
        with pytest.raises(SettingsError, match=f"{path.name} cannot be read"):
            read_settings(path)
