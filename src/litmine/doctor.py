"""What is installed and what a run with given settings would use: the facts behind `litmine doctor`.

Loads each part once, as a run would, and changes nothing.
"""

import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

from litmine import __version__
from litmine.errors import LitmineError
from litmine.pipeline import installed_version, versions
from litmine.settings import Settings

PACKAGE = Path(__file__).parent
_SCISPACY = ("en_core_sci", "en_ner_")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination. `fault` is true where a run could not start for it."""

    topic: str
    text: str
    fault: bool = False


def examine(settings: Settings) -> list[Finding]:
    """What is there, what would be used, and what is missing, in the order in which a document meets it."""
    found = [Finding("litmine", f"{__version__} on Python {platform.python_version()}, {platform.platform()}")]
    found += (Finding(name, version) for name, version in versions().items() if name != "litmine")
    found += [_spacy_packages(), _data_size(), *_readers(settings), *_parts(settings)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return [*found, Finding("memory", f"{peak:.0f} MB at the peak with everything loaded")]


def format_findings(findings: list[Finding]) -> str:
    """One line each, the faults marked, and a verdict."""
    width = max(len(finding.topic) for finding in findings)
    lines = [f"{'✗' if f.fault else ' '} {f.topic:{width}}  {f.text}" for f in findings]
    faults = sum(finding.fault for finding in findings)
    return "\n".join([*lines, "", f"{faults} fault(s): a run could not start." if faults else "Ready to mine."])


def _spacy_packages() -> Finding:
    """Models of spaCy and scispaCy that could be chosen in the settings."""
    from spacy.util import get_installed_models

    packages = packages_distributions()
    models = sorted({*get_installed_models(), *(name for name in packages if name.startswith(_SCISPACY))})
    return Finding("spaCy models", ", ".join(models) or "none")


def _data_size() -> Finding:
    data = [file for file in PACKAGE.rglob("*") if file.suffix in {".gz", ".npz", ".tsv"} and file.is_file()]
    return Finding("weights, lexicons", f"{sum(file.stat().st_size for file in data) / 1e6:.1f} MB in the package")


def _readers(settings: Settings) -> Iterator[Finding]:
    yield Finding("reader", f"{settings.reading.reader} (would be used)")
    absent = installed_version("rapidocr") == "absent"
    state = "not installed (pip install 'litmine[ocr]')" if absent else "installed"
    yield Finding("OCR", f"{state}; {'on' if settings.reading.ocr else 'off'}", fault=absent and settings.reading.ocr)


def _parts(settings: Settings) -> Iterator[Finding]:
    """Every part loaded as a run would load it, with the seconds that it takes."""
    from litmine.entities.mechanisms import MechanismRecogniser
    from litmine.entities.ner import make_tagger
    from litmine.language import Analyser
    from litmine.lexicon.names import load_lexicon
    from litmine.relations.extraction import TripleExtractor

    parts: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("parser", settings.language.spacy_model, lambda: Analyser(settings.language)),
        ("names", "genes and drugs of the lexicon", load_lexicon),
        ("tagger (ner)", settings.entities.ner, lambda: make_tagger(settings.entities.ner)),
        ("mechanisms", "lexicon and span model", MechanismRecogniser),
        (
            "triples",
            str(settings.relations.weights or "the shipped weights"),
            lambda: TripleExtractor(settings.relations),
        ),
    )
    for topic, what, load in parts:
        began = time.perf_counter()
        try:
            load()
        except LitmineError as error:
            yield Finding(topic, str(error), fault=True)
        else:
            yield Finding(topic, f"{what} (would be used; loaded in {time.perf_counter() - began:.2f} s)")
