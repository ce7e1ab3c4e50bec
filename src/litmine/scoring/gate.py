"""Scores that a run must reach: `triple.f=0.6`, for use in continuous integration.

Owns how a figure is named on the command line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litmine.errors import GateError
from litmine.scoring.runs import Scores

FIGURES = ("precision", "recall", "f")
_LEVELS = {
    "drug-gene": "drug-gene",
    "triple": "drug-gene-mechanism",
    "role": "with role",
    "all": "with all attributes",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """The figure called `name` must be at least `least`."""

    name: str
    least: float


def read_gates(written: Sequence[str]) -> tuple[Gate, ...]:
    """Gates as they are given on the command line. Raises GateError where one has no number from 0 to 1."""
    gates = []
    for text in written:
        name, _, number = text.partition("=")
        try:
            least = float(number)
        except ValueError:
            raise GateError(f"--fail-under {text}: write NAME=NUMBER, such as triple.f=0.6.") from None
        if not 0 <= least <= 1:
            raise GateError(f"--fail-under {text}: the number must lie between 0 and 1.")
        gates.append(Gate(name, least))
    return tuple(gates)


def figures(scores: Scores) -> dict[str, float]:
    """Every figure that a gate can name.

    `LEVEL.FIGURE` and `LEVEL.evidence.FIGURE` with the levels drug-gene, triple, role and all; `TYPE.MEASURE.FIGURE`
    with Drug, Gene, Mechanism or mentions, such as `Gene.strict.recall`; `attribute.NAME` with the share of matched
    triples that have it right.
    """
    return dict(_iter_figures(scores))


def _iter_figures(scores: Scores) -> Iterator[tuple[str, float]]:
    named = [(name, scores.triples[level]) for name, level in _LEVELS.items()]
    named += [(f"{name}.evidence", scores.triples_by_evidence[level]) for name, level in _LEVELS.items()]
    for measure, rows in scores.mentions.items():
        named += [(f"{'mentions' if type_ == 'all' else type_}.{measure}", score) for type_, score in rows.items()]
    named += [(f"mentions.{mode}", score) for mode, score in scores.modes.items()]
    for name, score in named:
        for figure in FIGURES:
            yield f"{name}.{figure}", getattr(score, figure)
    for name, accuracy in scores.attributes.items():
        yield f"attribute.{name}", accuracy.share


def check_gates(scores: Scores, gates: Sequence[Gate]) -> list[str]:
    """A sentence for each gate that is not reached. Raises GateError for a figure that does not exist."""
    known = figures(scores)
    for gate in gates:
        if gate.name not in known:
            raise GateError(f"--fail-under {gate.name}: there is no such figure. There are: {', '.join(known)}.")
    return [
        f"{gate.name} is {known[gate.name]:.3f}, below {gate.least:g}"
        for gate in gates
        if known[gate.name] < gate.least
    ]
