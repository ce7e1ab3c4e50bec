"""Annotated texts in the forms of other tools, each with a writer and a reader.

Owns the list of forms. What a form cannot say is kept beside it in fields or files of its own, so that each of them
gives back what was written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from litmine.gold.standoff import Standoff


@dataclass(frozen=True, slots=True)
class Form:
    """`write(standoff, path)` and `read(path)`; `path` is a file with `suffix`, or a folder where that is empty."""

    title: str
    module: str
    suffix: str

    def write(self, standoff: Standoff, path: Path) -> None:
        cast(Callable[[Standoff, Path], None], import_module(self.module).write)(standoff, path)

    def read(self, path: Path) -> Standoff:
        """Raises GoldError where the file is missing or not of this form."""
        return cast(Callable[[Path], Standoff], import_module(self.module).read)(path)


FORMS = {
    "brat": Form("brat standoff (.ann and .txt)", "litmine.gold.formats.brat", ".ann"),
    "bioc": Form("BioC JSON (extra `exchange`)", "litmine.gold.formats.bioc_collection", ".json"),
    "bioc-xml": Form("BioC XML (the same)", "litmine.gold.formats.bioc_collection", ".xml"),
    "pubannotation": Form("PubAnnotation JSON", "litmine.gold.formats.pubannotation", ".json"),
    "tsv": Form("a folder of tab-separated tables", "litmine.gold.formats.tables", ""),
}
