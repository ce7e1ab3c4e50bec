"""Every bar of entity recognition, measured and judged: prints one table.

    make bench-entities          (python -m benchmarks.entity_bars)

Needs the annotated documents, the training corpora and the articles below LITMINE_SHARED (or ../shared). Each annotated
document is judged without what was owed to it: no curated name or mechanism pattern that only this document has (those
of the files written before any annotated document was opened stay), no weights that saw it. The tagger has seen none of
them. Intervals are 95 %: BCa bootstrap over paragraphs (abstracts for BioRED); for means, over documents. The exit code
is 1 where a bar is missed.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import lexicon
from benchmarks.biored import score_biored
from benchmarks.entities import make_recognisers
from benchmarks.mechanisms import leave_one_out
from litmine.entities.mechanisms import MechanismRecogniser
from litmine.entities.ner import make_tagger
from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.lexicon.names import DATA, load_lexicon
from litmine.reading import read_document
from litmine.records import PROSE, Mention, MentionType
from litmine.scoring.counts import Score
from litmine.scoring.errors import find_errors
from litmine.scoring.mentions import ScoredMention, score_mentions
from litmine.training.annotated import AnnotatedDocument, read_annotated_folders

REVIEW = "trastuzumab-resistance"
FOREIGN = "06_"
"""Beginning of the name of an article that has nothing to do with drug resistance."""
REAL_GENES = frozenset({"APC", "antithrombin", "D-dimer", "fibrinogen", "prothrombin", "thrombin", "factor V"})
"""Gene products that the foreign article does name, judged by reading it; every other Gene mention in it is false."""
_LOADING = """
import spacy, time
from litmine.pipeline import Pipeline
began = time.perf_counter()
Pipeline()
print(time.perf_counter() - began)
"""
_PEAK = """
import re, sys
from pathlib import Path
from litmine.pipeline import Pipeline
Pipeline().mine(Path(sys.argv[1]))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""
"""The high-water mark of the process itself; getrusage would count what its parent held."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked, what was measured, its interval; `least` is false where the figure must stay below."""

    what: str
    asked: float
    measured: float
    interval: tuple[float, float] | None = None
    least: bool = True

    @property
    def met(self) -> bool:
        return self.measured >= self.asked if self.least else self.measured <= self.asked


@dataclass(frozen=True, slots=True)
class Judged:
    """A document's gold and what was found without anything owed to it."""

    name: str
    gold: tuple[ScoredMention, ...]
    predicted: tuple[ScoredMention, ...]
    text: str


def judge(documents: Sequence[AnnotatedDocument]) -> Iterator[Judged]:
    analyser = Analyser()
    analyses = [analyser.analyse(d.document, d.sentences) for d in documents]
    entities = [
        recogniser.recognise(d.document, analysis)
        for d, analysis, recogniser in zip(documents, analyses, make_recognisers(list(documents)), strict=True)
    ]
    mechanisms = leave_one_out(documents, analyses, entities)
    for document, analysis, own, processes in zip(documents, analyses, entities, mechanisms, strict=True):
        blocks = [sentence.block for sentence in analysis.sentences]
        gold = tuple(_scored(document.name, blocks, m) for m in document.mentions)
        predicted = tuple(_scored(document.name, blocks, m) for m in (*own, *processes))
        yield Judged(document.name, gold, predicted, document.document.text)


def _scored(name: str, blocks: Sequence[int], mention: Mention) -> ScoredMention:
    return ScoredMention(name, blocks[mention.sentence], (mention.start, mention.end), mention.type, mention.concept)


def review_bars(judged: Judged) -> Iterator[Bar]:
    scores = score_mentions(judged.gold, judged.predicted)
    for type_, measure, asked in (
        ("Drug", "strict", 0.96),
        ("Gene", "strict", 0.92),
        ("Mechanism", "strict", 0.70),
        ("Mechanism", "relaxed", 0.86),
    ):
        score = scores[measure][type_]
        yield Bar(f"review: {type_} {measure} F", asked, score.f, score.interval)
    for type_, asked in (("Drug", 0.97), ("Gene", 0.95), ("Mechanism", 0.88)):
        matched, right = scores["relaxed"][type_], scores["relaxed+concept"][type_]
        share = right.n_matched / max(1, matched.n_matched)
        yield Bar(f"review: {type_} concept right", asked, share, _wilson(right.n_matched, matched.n_matched))


def _wilson(right: int, n: int) -> tuple[float, float]:
    """Interval of a share (Wilson 1927)."""
    z, p = 1.96, right / max(1, n)
    middle, half = p + z * z / (2 * n), z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def other_bars(judged: Sequence[Judged]) -> Iterator[Bar]:
    for type_, measure, asked in (("Drug", "strict", 0.80), ("Gene", "strict", 0.86), ("Mechanism", "relaxed", 0.78)):
        values = np.array([score_mentions(j.gold, j.predicted)[measure][type_].f for j in judged])
        means = np.random.default_rng(0).choice(values, (10_000, len(values))).mean(axis=1)
        low, high = np.quantile(means, (0.025, 0.975))
        yield Bar(f"others, mean: {type_} {measure} F", asked, float(values.mean()), (float(low), float(high)))


def biored_bars(corpora: Path) -> Iterator[Bar]:
    for type_, score in score_biored(corpora, make_tagger()).items():
        yield Bar(f"BioRED Dev: {type_} strict F", 0.84, score.f, score.interval)


def foreign_bar(pdf: Path) -> Bar:
    document = read_document(pdf)
    analysis = Analyser().analyse(document)
    mentions = EntityRecogniser(tagger=make_tagger()).recognise(document, analysis)
    false = Counter(m.text for m in mentions if m.type is MentionType.GENE and m.text not in REAL_GENES)
    words = sum(len(s.text.split()) for s in analysis.sentences if s.kind in PROSE)
    print(f"{pdf.name}: {words} words of prose; Gene mentions taken as false: {dict(false)}")
    return Bar("article 06: false genes in 1,000 words", 2, 1000 * sum(false.values()) / words, least=False)


def speed_bars(documents: Sequence[AnnotatedDocument]) -> Iterator[Bar]:
    analyser, entities, mechanisms = Analyser(), EntityRecogniser(tagger=make_tagger()), MechanismRecogniser()
    analyses = [analyser.analyse(d.document, d.sentences) for d in documents]
    entities.recognise(documents[0].document, analyses[0])
    tokens = sum(len(s.tokens) for analysis in analyses for s in analysis.sentences)
    speeds = []
    for _ in range(3):
        began = time.process_time()
        for document, analysis in zip(documents, analyses, strict=True):
            found = entities.recognise(document.document, analysis)
            mechanisms.recognise(document.document, analysis, found)
        speeds.append(tokens / (time.process_time() - began))
    yield Bar("entity stage: tokens a second on one core", 10_000, sorted(speeds)[1])


def lexicon_bars() -> Iterator[Bar]:
    speed, _ = lexicon.scan_speed(load_lexicon(), lexicon.take_texts(lexicon.LEAST_TEXT))
    yield Bar("lexicon: loaded, seconds", lexicon.MOST_SECONDS, lexicon.load_seconds(), least=False)
    yield Bar("lexicon: scanned, MB a second", lexicon.LEAST_SPEED, speed)
    yield Bar("lexicon: packaged, MB", 10, sum(f.stat().st_size for f in DATA.iterdir()) / 1e6, least=False)


def cost_bars(pdf: Path) -> Iterator[Bar]:
    loads = [float(_run(_LOADING)) for _ in range(3)]
    yield Bar("all models loaded, seconds", 2, sorted(loads)[1], least=False)
    yield Bar("peak memory mining the review, MB", 800, float(_run(_PEAK, str(pdf))), least=False)
    import litmine

    package = Path(litmine.__file__).parent
    data = sum(f.stat().st_size for f in package.rglob("*") if f.suffix in {".npz", ".gz", ".tsv"})
    yield Bar("weights and lexicons in the wheel, MB", 40, data / 1e6, least=False)


def _run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def print_errors(judged: Sequence[Judged]) -> None:
    """The review's errors and those of all others, by type, kind and cause."""
    counts: dict[bool, Counter[tuple[str, str, str]]] = {True: Counter(), False: Counter()}
    for j in judged:
        for error in find_errors(j.gold, j.predicted, {j.name: j.text}):
            counts[j.name == REVIEW][error.type, str(error.kind), error.cause] += 1
    print(f"\n{'Errors in mentions':52}{'review':>8}{'others':>8}")
    for key in sorted(counts[True].keys() | counts[False].keys()):
        print(f"  {key[0]:10}{key[1]:15}{key[2]:35}{counts[True][key]:>8}{counts[False][key]:>8}")


def print_bars(bars: Sequence[Bar]) -> None:
    print(f"\n{'bar':46}{'asked':>10}{'measured':>10}  95 %")
    for bar in bars:
        asked = f"{'≥' if bar.least else '≤'} {bar.asked:g}"
        measured = f"{bar.measured:,.0f}" if bar.measured > 100 else f"{bar.measured:.3f}"
        interval = f"{bar.interval[0]:.3f}–{bar.interval[1]:.3f}" if bar.interval else ""
        print(f"{bar.what:46}{asked:>10}{measured:>10}  {interval:13} {'met' if bar.met else 'MISSED'}")


def print_documents(judged: Sequence[Judged]) -> None:
    def cell(score: Score) -> str:
        return f"{score.f:9.3f}"

    print(f"\n{'left-out document':26}{'Drug':>9}{'Gene':>9}{'Mech str':>9}{'Mech rel':>9}")
    for j in judged:
        scores = score_mentions(j.gold, j.predicted)
        cells = (
            scores["strict"]["Drug"],
            scores["strict"]["Gene"],
            *(scores[m]["Mechanism"] for m in ("strict", "relaxed")),
        )
        print(f"{j.name:26}" + "".join(map(cell, cells)))


def main() -> int:
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    documents = read_annotated_folders(shared / "annotation")
    if not documents:
        print(f"There are no annotated documents below {shared}: set LITMINE_SHARED to the folder with the articles.")
        return 1
    judged = list(judge(documents))
    review = next(j for j in judged if j.name == REVIEW)
    bars = [
        *review_bars(review),
        *other_bars([j for j in judged if j.name != REVIEW]),
        *biored_bars(shared / "training"),
        foreign_bar(next((shared / "corpora" / "articles").glob(f"{FOREIGN}*.pdf"))),
        *lexicon_bars(),
        *speed_bars(documents),
        *cost_bars(shared / "corpora" / REVIEW / "review-onecol.pdf"),
    ]
    print_documents(judged)
    print_errors(judged)
    print_bars(bars)
    return int(not all(bar.met for bar in bars))


if __name__ == "__main__":
    sys.exit(main())
