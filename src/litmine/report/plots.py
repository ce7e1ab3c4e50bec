"""Plots as inline SVG, drawn by matplotlib: no network, the page's colours, a description for screen readers.

Owns what is drawn; the figures come from the caller, and stand in a table of the page as well. matplotlib writes fixed
colours: ours are names that are put in their place afterwards, so that the plots follow light and dark.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.0
"""Inches; a page shows 72 pixels of them at least."""
ROW = 0.3
INK, SOFT, LINE, MARK, BAD = "#010101", "#010102", "#010103", "#010104", "#010105"
_VARIABLES = {INK: "var(--ink)", SOFT: "var(--soft)", LINE: "var(--line)", MARK: "var(--link)", BAD: "var(--bad)"}
_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "litmine",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,
}
_numbers = count()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure from 0 to 1 with its interval and what people reach, where these are known."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    ceiling: float | None = None


def estimates(rows: Sequence[Estimate], title: str) -> Markup:
    """A dot with whiskers for each row, and a stroke for the ceiling."""
    told = "; ".join(f"{row.label} {row.value:.3f}" for row in rows)
    with _drawing(len(rows)) as (figure, axes):
        for y, row in enumerate(rows):
            axes.axhline(y, color=LINE, linewidth=0.8, zorder=0)
            if row.low is not None and row.high is not None:
                axes.plot([row.low, row.high], [y, y], color=INK, linewidth=1.5, clip_on=False)
            if row.ceiling is not None:
                axes.plot([row.ceiling] * 2, [y - 0.35, y + 0.35], color=BAD, linewidth=2, clip_on=False)
            axes.plot([row.value], [y], "o", color=MARK, markersize=7, clip_on=False)
        _rows(axes, [(row.label, f"{row.value:.3f}") for row in rows], 1.0)
        return _svg(figure, title, told)


def bars(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """A bar for each label, as long as its number."""
    with _drawing(len(rows)) as (figure, axes):
        axes.barh(range(len(rows)), [n for _, n in rows], color=MARK, height=0.7)
        _rows(axes, [(label, str(n)) for label, n in rows], max((n for _, n in rows), default=1))
        return _svg(figure, title, "; ".join(f"{label} {n}" for label, n in rows))


def waterfall(total: tuple[str, int], steps: Sequence[tuple[str, int]], left: str) -> Markup:
    """From the total down: what each step takes away, and what is left."""
    label, n_all = total
    rows, starts, at = [(label, str(n_all))], [0], n_all
    for name, n in steps:
        at -= n
        rows.append((name, f"−{n}" if n else "0"))
        starts.append(at)
    lengths = [n_all, *(n for _, n in steps), at]
    with _drawing(len(steps) + 2) as (figure, axes):
        colours = [MARK, *[BAD] * len(steps), MARK]
        axes.barh(range(len(lengths)), lengths, left=[*starts, 0], color=colours, height=0.7)
        _rows(axes, [*rows, (left, str(at))], n_all or 1)
        told = "; ".join([f"{label} {n_all}", *(f"{name} lost {n}" for name, n in steps), f"{left} {at}"])
        return _svg(figure, "Where claims are lost", told)


def curve(points: Sequence[tuple[float, float]], here: tuple[float, float] | None) -> Markup:
    """Precision over recall, both from 0 to 1; `here` is (recall, precision) of the run."""
    told = "no claims" if here is None else f"this run: precision {here[1]:.3f} at recall {here[0]:.3f}"
    with _square("recall", "precision") as (figure, axes):
        axes.plot([x for x, _ in points], [y for _, y in points], color=MARK, linewidth=2)
        if here is not None:
            axes.plot([here[0]], [here[1]], "o", color=MARK, markersize=9)
        return _svg(figure, "Precision and recall", told)


def reliability(bins: Sequence[tuple[float, float, int]]) -> Markup:
    """(mean score, share right, number of claims): a dot for each bin, larger for more claims."""
    most = max((n for _, _, n in bins), default=1)
    told = "; ".join(f"{n} claims of score {score:.2f}: {share:.2f} right" for score, share, n in bins)
    with _square("score", "share that is right") as (figure, axes):
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1)
        for score, share, n in bins:
            axes.plot([score], [share], "o", color=MARK, markersize=5 + 9 * (n / most) ** 0.5, clip_on=False)
        return _svg(figure, "Calibration", told)


def network(edges: Sequence[tuple[str, str, int]], title: str) -> Markup:
    """Names left and right, joined by lines of a width that grows with the number; sides in order of their numbers."""
    left, right = _ranked((a, n) for a, _, n in edges), _ranked((b, n) for _, b, n in edges)
    n_rows = max(len(left), len(right), 1)
    y_left = {name: n_rows * (i + 0.5) / len(left) for i, name in enumerate(left)}
    y_right = {name: n_rows * (i + 0.5) / len(right) for i, name in enumerate(right)}
    most = max((n for _, _, n in edges), default=1)
    with _drawing(n_rows) as (figure, axes):
        for a, b, n in edges:
            axes.plot([0.28, 0.58], [y_left[a], y_right[b]], color=SOFT, alpha=0.45, linewidth=1 + 5 * n / most)
        for name, y in y_left.items():
            axes.text(0.27, y, _short(name, 15), ha="right", va="center")
        for name, y in y_right.items():
            axes.text(0.59, y, _short(name, 24), va="center")
        axes.set(xlim=(0, 1), ylim=(n_rows, 0))
        axes.set_axis_off()
        axes.set_position((0, 0, 1, 1))
        return _svg(figure, title, "; ".join(f"{a} – {b} {n}" for a, b, n in edges))


class _drawing:
    """A figure of `n_rows` rows under our settings, which end with the block."""

    def __init__(self, n_rows: int, size: tuple[float, float] | None = None) -> None:
        self._size = size or (WIDTH, ROW * max(n_rows, 1))

    def __enter__(self) -> "tuple[Figure, Axes]":
        import matplotlib
        from matplotlib.figure import Figure

        self._settings = matplotlib.rc_context(cast(Any, _SETTINGS))
        self._settings.__enter__()
        figure = Figure(figsize=self._size)
        return figure, figure.add_axes((0.0, 0.0, 1.0, 1.0))

    def __exit__(self, *error: object) -> None:
        self._settings.__exit__(None, None, None)


class _square(_drawing):
    """Axes from 0 to 1 both ways."""

    def __init__(self, x_name: str, y_name: str) -> None:
        super().__init__(1, (WIDTH, 0.86 * WIDTH))
        self._names = x_name, y_name

    def __enter__(self) -> "tuple[Figure, Axes]":
        figure, axes = super().__enter__()
        axes.set_position((0.14, 0.15, 0.7, 0.7 / 0.86))
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        axes.set_xlabel(self._names[0])
        axes.set_ylabel(self._names[1])
        return figure, axes


def _rows(axes: "Axes", labels: Sequence[tuple[str, str]], most: float) -> None:
    """Names left and figures right of what is drawn, first row on top."""
    axes.set_position((0.42, 0, 0.44, 1))
    axes.set(xlim=(0, most or 1), ylim=(max(len(labels), 1) - 0.5, -0.5))
    axes.set_axis_off()
    for y, (label, figure) in enumerate(labels):
        axes.text(-0.95, y, _short(label, 27), transform=axes.get_yaxis_transform(), va="center")
        axes.text(1.3, y, figure, transform=axes.get_yaxis_transform(), va="center", ha="right")


def _ranked(items: Iterable[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for name, n in items:
        totals[name] = totals.get(name, 0) + n
    return sorted(totals, key=lambda name: (-totals[name], name))


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _svg(figure: "Figure", title: str, told: str) -> Markup:
    """`told` says in words what the plot shows."""
    stream = StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    prefix = f"plot{next(_numbers)}-"
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}", text)
    view = re.search(r'viewBox="([^"]*)"', text)
    assert view is not None
    label = escape(f"{title}. {told}.", quote=True)
    opening = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{view[1]}" role="img" aria-label="{label}">'
    return Markup(opening + text[text.index(">") + 1 :])
