"""Plots as inline SVG: no script, no network, colours of the page, a description for those who do not see them.

Owns how a plot is drawn; the figures in it come from the caller, and stand in a table of the page as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

WIDTH = 360
ROW = 22
_LABELS = 150
_RIGHT = WIDTH - 40
SQUARE = 250


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
    marks: list[str] = []
    for i, row in enumerate(rows):
        y = ROW * i + ROW / 2
        marks.append(_text(0, y + 4, row.label))
        marks.append(f'<line class="axis" x1="{_LABELS}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>')
        if row.low is not None and row.high is not None:
            marks.append(f'<line class="whisker" x1="{_x(row.low)}" x2="{_x(row.high)}" y1="{y}" y2="{y}"/>')
        if row.ceiling is not None:
            marks.append(
                f'<line class="ceiling" x1="{_x(row.ceiling)}" x2="{_x(row.ceiling)}" y1="{y - 7}" y2="{y + 7}"/>'
            )
        marks.append(f'<circle class="mark" cx="{_x(row.value)}" cy="{y}" r="4.5"/>')
        marks.append(_text(WIDTH, y + 4, f"{row.value:.3f}", anchor="end"))
    told = "; ".join(f"{row.label} {row.value:.3f}" for row in rows)
    return _svg(marks, len(rows) * ROW, title, told)


def bars(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """A bar for each label, as long as its number."""
    most = max((n for _, n in rows), default=0) or 1
    marks: list[str] = []
    for i, (label, n) in enumerate(rows):
        y = ROW * i
        length = (_RIGHT - _LABELS) * n / most
        marks += [
            _text(0, y + 15, label),
            f'<rect class="mark" x="{_LABELS}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}"/>',
            _text(WIDTH, y + 15, str(n), anchor="end"),
        ]
    return _svg(marks, len(rows) * ROW, title, "; ".join(f"{label} {n}" for label, n in rows))


def waterfall(total: tuple[str, int], steps: Sequence[tuple[str, int]], left: str) -> Markup:
    """From the total down: what each step takes away, and what is left."""
    label, n_all = total
    scale = (_RIGHT - _LABELS) / (n_all or 1)
    rows = [(label, 0, n_all, "mark")]
    at = n_all
    for name, n in steps:
        at -= n
        rows.append((name, at, n, "lost"))
    rows.append((left, 0, at, "mark"))
    marks: list[str] = []
    for i, (name, start, n, style) in enumerate(rows):
        y = ROW * i
        sign = "−" if style == "lost" and n else ""
        marks += [
            _text(0, y + 15, name),
            f'<rect class="{style}" x="{_LABELS + start * scale:.1f}" y="{y + 3}"'
            f' width="{n * scale:.1f}" height="{ROW - 6}"/>',
            _text(WIDTH, y + 15, f"{sign}{n}", anchor="end"),
        ]
    told = "; ".join([f"{label} {n_all}", *(f"{name} lost {n}" for name, n in steps), f"{left} {at}"])
    return _svg(marks, len(rows) * ROW, "Where claims are lost", told)


def curve(points: Sequence[tuple[float, float]], here: tuple[float, float] | None) -> Markup:
    """Precision over recall, both from 0 to 1; `here` is (recall, precision) of the run."""
    marks = _square("recall", "precision")
    if points:
        path = " ".join(f"{_square_x(x):.1f},{_square_y(y):.1f}" for x, y in points)
        marks.append(f'<polyline class="line" points="{path}"/>')
    told = "no claims" if here is None else f"this run: precision {here[1]:.3f} at recall {here[0]:.3f}"
    if here is not None:
        marks.append(f'<circle class="mark" cx="{_square_x(here[0]):.1f}" cy="{_square_y(here[1]):.1f}" r="5"/>')
    return _svg(marks, SQUARE + 45, "Precision and recall", told)


def reliability(bins: Sequence[tuple[float, float, int]]) -> Markup:
    """(mean score, share right, number of claims): a dot for each bin, larger for more claims."""
    marks = _square("score", "share that is right")
    marks.append(
        f'<line class="axis" x1="{_square_x(0)}" y1="{_square_y(0)}" x2="{_square_x(1)}" y2="{_square_y(1)}"/>'
    )
    most = max((n for _, _, n in bins), default=1)
    for score, share, n in bins:
        radius = 3 + 6 * (n / most) ** 0.5
        marks.append(
            f'<circle class="mark" cx="{_square_x(score):.1f}" cy="{_square_y(share):.1f}" r="{radius:.1f}">'
            f"<title>{n} claims score {score:.2f}, {share:.2f} are right</title></circle>"
        )
    told = "; ".join(f"{n} claims of score {score:.2f}: {share:.2f} right" for score, share, n in bins)
    return _svg(marks, SQUARE + 45, "Calibration", told)


def network(edges: Sequence[tuple[str, str, int]], title: str) -> Markup:
    """Names left and right, joined by lines of a width that grows with the number; sides in order of their numbers."""
    left = _ranked((a, n) for a, _, n in edges)
    right = _ranked((b, n) for _, b, n in edges)
    height = ROW * max(len(left), len(right), 1)
    start, end = 95, WIDTH - 150
    y_left = {name: height * (i + 0.5) / len(left) for i, name in enumerate(left)}
    y_right = {name: height * (i + 0.5) / len(right) for i, name in enumerate(right)}
    most = max((n for _, _, n in edges), default=1)
    marks = [
        f'<line class="edge" x1="{start}" y1="{y_left[a]:.1f}" x2="{end}" y2="{y_right[b]:.1f}"'
        f' stroke-width="{1 + 6 * n / most:.1f}"><title>{escape(a)} – {escape(b)}: {n}</title></line>'
        for a, b, n in edges
    ]
    marks += [_text(start - 5, y + 4, name, anchor="end", most=15) for name, y in y_left.items()]
    marks += [_text(end + 5, y + 4, name, most=24) for name, y in y_right.items()]
    return _svg(marks, height, title, "; ".join(f"{a} – {b} {n}" for a, b, n in edges))


def _ranked(items: Iterable[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for name, n in items:
        totals[name] = totals.get(name, 0) + n
    return sorted(totals, key=lambda name: (-totals[name], name))


def _x(value: float) -> float:
    return round(_LABELS + (_RIGHT - _LABELS) * value, 1)


def _square_x(value: float) -> float:
    return 45 + SQUARE * value


def _square_y(value: float) -> float:
    return 10 + SQUARE * (1 - value)


def _square(x_name: str, y_name: str) -> list[str]:
    marks = [f'<rect class="axis" x="45" y="10" width="{SQUARE}" height="{SQUARE}"/>']
    for tick in (0.0, 0.5, 1.0):
        marks.append(_text(_square_x(tick), SQUARE + 24, f"{tick:g}", anchor="middle"))
        marks.append(_text(40, _square_y(tick) + 4, f"{tick:g}", anchor="end"))
    marks.append(_text(_square_x(0.5), SQUARE + 40, x_name, anchor="middle"))
    middle = _square_y(0.5)
    marks.append(f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{y_name}</text>')
    return marks


def _text(x: float, y: float, words: str, anchor: str = "start", most: int = 27) -> str:
    shown = words if len(words) <= most else words[: most - 1] + "…"
    full = f"<title>{escape(words)}</title>" if shown != words else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(shown)}{full}</text>'


def _svg(marks: Sequence[str], height: float, title: str, told: str) -> Markup:
    """`told` says in words what the plot shows."""
    label = escape(f"{title}. {told}.", quote=True)
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {max(height, ROW):g}" role="img" aria-label="{label}">{"".join(marks)}</svg>'
    )
