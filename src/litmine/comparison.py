"""What differs between two runs, claim by claim, and which step of the pipeline made the difference.

Owns how claims of two runs are paired and how a difference is attributed: to the first thing on the way from document
to claim that is not the same in both. Reads finished run folders; writes nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from litmine.records import Certainty, Polarity, Role, State
from litmine.scoring.counts import count_units
from litmine.scoring.loading import Items, load_items
from litmine.scoring.mentions import MEASURES, ScoredMention, match_mentions
from litmine.scoring.significance import Difference, compare_counts
from litmine.scoring.triples import ATTRIBUTES, LEVELS, ScoredTriple, match_triples
from litmine.store import read_run, read_table

Row = dict[str, Any]
SAME_SCORE = 1e-3


class Cause(StrEnum):
    """The first difference on the way from document to claim."""

    DOCUMENT = "document"
    READING = "reading"
    RECOGNITION = "recognition"
    MODEL = "model"
    SETTINGS = "settings"


MEANINGS: Mapping[Cause, str] = {
    Cause.DOCUMENT: "the other run has no such document",
    Cause.READING: "the sentences of its evidence read differently",
    Cause.RECOGNITION: "other drugs, genes or mechanisms were found in its evidence",
    Cause.MODEL: "the same text and mentions were scored differently",
    Cause.SETTINGS: "the same score, held against another threshold",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A claim that only one run gives, or that both give with other attributes. `before` and `after` are rows of the
    triples table with `evidence` in words; `detail` says what differs."""

    document: str
    cause: Cause
    detail: str
    before: Row | None
    after: Row | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "appeared"
        return "vanished" if self.after is None else "changed"

    @property
    def shown(self) -> Row:
        row = self.after or self.before
        assert row is not None
        return row


@dataclass(frozen=True, slots=True)
class Comparison:
    """`n_same` claims are alike in both. `facts` are (name, before, after) of versions and settings that differ."""

    before: Path
    after: Path
    n_same: int
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str, str], ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    measure: str
    difference: Difference


class _Run:
    """The tables of one run, by document; a document is called by the name of its file."""

    def __init__(self, folder: Path) -> None:
        self.facts = read_run(folder)
        names: dict[str, str] = {}
        for row in read_table(folder, "documents").to_dict("records"):
            name = Path(row["path"]).name
            names[row["doc_id"]] = name if name not in names.values() else row["path"]
        self.documents = {name: doc_id for doc_id, name in names.items()}
        self.sentences = {(r["doc_id"], r["sentence"]): r for r in read_table(folder, "sentences").to_dict("records")}
        self.texts = {doc_id: set[str]() for doc_id in names}
        for row in self.sentences.values():
            self.texts[row["doc_id"]].add(row["text"])
        self._mentions: dict[tuple[str, str], Counter[tuple[Any, ...]]] = {}
        for row in read_table(folder, "mentions").to_dict("records"):
            sentence = self.sentences.get((row["doc_id"], row["sentence"]))
            if sentence is not None:
                place = (row["start"] - sentence["start"], row["end"] - sentence["start"])
                found = self._mentions.setdefault((row["doc_id"], sentence["text"]), Counter())
                found[*place, row["type"], row["concept"]] += 1
        self.triples: dict[str, list[Row]] = {doc_id: [] for doc_id in names}
        for row in read_table(folder, "triples").to_dict("records"):
            row["evidence"] = [self.sentences[row["doc_id"], number]["text"] for number in row["evidence"]]
            row["references"] = [int(number) for number in row["references"]]
            self.triples[row["doc_id"]].append({str(name): value for name, value in row.items()})
        self._scores: dict[tuple[str, ...], float] = {}
        if (folder / "candidates.parquet").exists():
            for row in read_table(folder, "candidates").to_dict("records"):
                anchor = self.sentences[row["doc_id"], row["sentence"]]["text"]
                key = (row["doc_id"], row["drug"], row["gene"], row["mechanism"] or "", anchor)
                self._scores[key] = max(row["score"], self._scores.get(key, 0.0))

    def mentions(self, doc_id: str, sentence: str) -> "Counter[tuple[Any, ...]]":
        return self._mentions.get((doc_id, sentence), Counter())

    def scores(self, doc_id: str, triple: Row) -> list[float]:
        """The scores that the run gave a claim at its evidence, given or not."""
        claim = (doc_id, triple["drug"], triple["gene"], triple["mechanism"])
        found = (self._scores.get((*claim, text)) for text in triple["evidence"])
        return [score for score in found if score is not None]


def compare_runs(before: Path, after: Path) -> Comparison:
    """Pair the claims of two finished runs, file by file. Raises StoreError where a folder is no finished run.

    Files are paired by their bytes, else by name. Claims of equal drug, gene and mechanism are paired one to one so
    that evidence and then attributes agree most.
    """
    runs = _Run(before), _Run(after)
    changes: list[Change] = []
    n_same = 0
    documents = list(_paired_documents(*runs))
    for name, *sides in documents:
        triples = [run.triples[doc_id] if doc_id else [] for run, doc_id in zip(runs, sides, strict=True)]
        pairs = _pairs(name, *triples)
        for i, j in pairs:
            change = _changed(name, runs, sides, triples[0][i], triples[1][j])
            if change is None:
                n_same += 1
            else:
                changes.append(change)
        for number in (0, 1):
            paired = {pair[number] for pair in pairs}
            for k, triple in enumerate(triples[number]):
                if k not in paired:
                    changes.append(_one_sided(name, runs, sides, triple, number))
    return Comparison(
        before=before,
        after=after,
        n_same=n_same,
        changes=tuple(changes),
        facts=tuple(_facts(runs[0].facts, runs[1].facts)),
        only_before=tuple(name for name, _, after_id in documents if after_id is None),
        only_after=tuple(name for name, before_id, _ in documents if before_id is None),
    )


def _paired_documents(before: _Run, after: _Run) -> Iterator[tuple[str, str | None, str | None]]:
    """(name, id in one run, id in the other): the same bytes first, whatever they are called, then the same name."""
    names = {doc_id: name for run in (after, before) for name, doc_id in run.documents.items()}
    same = before.triples.keys() & after.triples.keys()
    pairs: list[tuple[str, str | None, str | None]] = [(names[doc_id], doc_id, doc_id) for doc_id in same]
    left, right = (
        {name: doc_id for name, doc_id in run.documents.items() if doc_id not in same} for run in (before, after)
    )
    pairs += [(name, left.get(name), right.get(name)) for name in left.keys() | right.keys()]
    yield from sorted(pairs, key=lambda pair: pair[0])


def compare_scores(before: Path, after: Path, gold: Path) -> tuple[ScoreDifference, ...]:
    """F of both runs against the same gold, with p-values of the differences (`litmine.scoring.significance`)."""
    items = load_items(before, gold), load_items(after, gold)
    found: list[ScoreDifference] = []
    for measure in ("strict", "relaxed", "strict+concept"):
        assert measure in MEASURES
        for type_ in ("Drug", "Gene", "Mechanism"):
            a, b = (_mention_counts(each, type_, measure) for each in items)
            found.append(ScoreDifference(f"{type_} {measure}", compare_counts(a, b)))
    for level in LEVELS:
        a, b = (_triple_counts(each, level) for each in items)
        found.append(ScoreDifference(f"triple {level}", compare_counts(a, b)))
    return tuple(found)


def format_comparison(comparison: Comparison, differences: Sequence[ScoreDifference] = ()) -> str:
    """The comparison as text: what differs in general, then scores, then every claim that differs."""
    lines = [f"{comparison.before} → {comparison.after}"]
    lines += [f"  {name}: {before} → {after}" for name, before, after in comparison.facts]
    lines += [f"  only in the first run: {name}" for name in comparison.only_before]
    lines += [f"  only in the second run: {name}" for name in comparison.only_after]
    kinds = Counter(change.kind for change in comparison.changes)
    lines.append(
        f"{comparison.n_same} claims are alike, {kinds['changed']} changed, {kinds['appeared']} appeared, "
        f"{kinds['vanished']} vanished."
    )
    causes = Counter(change.cause for change in comparison.changes)
    lines += [f"  {causes[cause]:>5} by {cause}: {MEANINGS[cause]}" for cause in Cause if causes[cause]]
    if differences:
        lines += ["", f"{'F against gold':<32}{'before':>8}{'after':>8}{'change':>9}{'p':>8}"]
        for each in differences:
            d = each.difference
            lines.append(
                f"  {each.measure:<30}{d.f_before:>8.3f}{d.f_after:>8.3f}{d.f_after - d.f_before:>+9.3f}{d.p:>8.4f}"
            )
    document = None
    for change in sorted(comparison.changes, key=lambda c: (c.document, c.kind, c.cause)):
        if change.document != document:
            document = change.document
            lines += ["", document]
        row = change.shown
        claim = f"{row['drug']} – {row['gene']} – {row['mechanism']} ({row['role']})"
        lines.append(f"  {change.kind:<9} {claim}; {change.cause}: {change.detail}")
    return "\n".join(lines)


def _pairs(document: str, before: Sequence[Row], after: Sequence[Row]) -> list[tuple[int, int]]:
    numbers: dict[str, int] = {}
    sides = [
        [
            ScoredTriple(
                document=document,
                paragraph=0,
                drug=row["drug"],
                gene=row["gene"],
                mechanism=row["mechanism"],
                role=Role(row["role"]),
                state=State(row["state"]),
                polarity=Polarity(row["polarity"]),
                certainty=Certainty(row["certainty"]),
                evidence=frozenset(numbers.setdefault(text, len(numbers)) for text in row["evidence"]),
                references=frozenset(row["references"]),
            )
            for row in rows
        ]
        for rows in (before, after)
    ]
    return match_triples(sides[0], sides[1], "drug-gene-mechanism", share_evidence=False)


def _changed(
    document: str, runs: tuple[_Run, _Run], sides: Sequence[str | None], before: Row, after: Row
) -> Change | None:
    names = [name for name in (*ATTRIBUTES, "evidence") if before[name] != after[name]]
    if not names:
        return None
    details = [
        name if name in {"evidence", "references"} else f"{name} {before[name]} → {after[name]}" for name in names
    ]
    cause = _first_difference(runs, sides, [*before["evidence"], *after["evidence"]]) or Cause.MODEL
    return Change(document, cause, ", ".join(details), before, after)


def _one_sided(document: str, runs: tuple[_Run, _Run], sides: Sequence[str | None], triple: Row, number: int) -> Change:
    """`number` is the run that has the claim."""
    given = {"before" if number == 0 else "after": triple}
    rows = {"before": given.get("before"), "after": given.get("after")}
    other = sides[1 - number]
    if other is None:
        return Change(document, Cause.DOCUMENT, MEANINGS[Cause.DOCUMENT], **rows)
    cause = _first_difference(runs, sides, triple["evidence"])
    if cause is not None:
        return Change(document, cause, MEANINGS[cause], **rows)
    scores = runs[1 - number].scores(other, triple)
    if not scores:
        return Change(document, Cause.MODEL, "the other run did not consider it", **rows)
    score = min(scores, key=lambda score: abs(score - triple["score"]))
    if abs(score - triple["score"]) < SAME_SCORE:
        return Change(document, Cause.SETTINGS, f"its score is {score:.2f} in both", **rows)
    before, after = (triple["score"], score) if number == 0 else (score, triple["score"])
    return Change(document, Cause.MODEL, f"score {before:.2f} → {after:.2f}", **rows)


def _first_difference(runs: tuple[_Run, _Run], sides: Sequence[str | None], evidence: Iterable[str]) -> Cause | None:
    before, after = sides
    assert before is not None and after is not None
    texts = list(evidence)
    if any(text not in runs[0].texts[before] or text not in runs[1].texts[after] for text in texts):
        return Cause.READING
    if any(runs[0].mentions(before, text) != runs[1].mentions(after, text) for text in texts):
        return Cause.RECOGNITION
    return None


def _facts(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    for part in ("versions", "settings"):
        left, right = _flat(before.get(part, {})), _flat(after.get(part, {}))
        for name in sorted(left.keys() | right.keys()):
            if left.get(name) != right.get(name):
                yield name, left.get(name, "absent"), right.get(name, "absent")
    if before.get("fingerprint") != after.get("fingerprint"):
        yield "code, lexicons, weights and settings", str(before.get("fingerprint")), str(after.get("fingerprint"))


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            found |= _flat(inner, f"{prefix}{name}.")
        else:
            found[prefix + name] = json.dumps(inner) if not isinstance(inner, str) else inner
    return found


def _unit(item: ScoredMention | ScoredTriple) -> tuple[str, int]:
    """The paragraph in the gold document, whatever the reading is called."""
    return item.document.split("/")[0], item.paragraph


def _mention_counts(items: Items, type_: str, measure: str) -> dict[Any, tuple[int, int, int]]:
    wanted = [m for m in items.gold_mentions if m.type == type_]
    given = [m for m in items.mentions if m.type == type_]
    pairs = match_mentions(wanted, given, measure)
    return count_units([_unit(m) for m in wanted], [_unit(m) for m in given], pairs)


def _triple_counts(items: Items, level: str) -> dict[Any, tuple[int, int, int]]:
    """As at document level: each key once, where it stands first."""
    firsts = [dict[Any, tuple[str, int]](), dict[Any, tuple[str, int]]()]
    for first, triples in zip(firsts, (items.gold_triples, items.triples), strict=True):
        for triple in triples:
            key, unit = triple.key(level), _unit(triple)
            first[key] = min(unit, first.get(key, unit))
    at = {key: j for j, key in enumerate(firsts[1])}
    pairs = [(i, at[key]) for i, key in enumerate(firsts[0]) if key in at]
    return count_units(list(firsts[0].values()), list(firsts[1].values()), pairs)
