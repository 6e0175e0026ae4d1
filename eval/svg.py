"""Small plots as SVG text: bars with intervals, curves, histograms. No script, no font, no outside file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
LEFT = 150
RIGHT = 70
ROW = 24
PLOT = 260


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its interval, all in [0, 1]."""

    name: str
    value: float
    low: float
    high: float
    n: int


def bars(title: str, items: Sequence[Bar]) -> str:
    """Return horizontal bars from 0 to 1, each with its interval, value and number."""
    span = WIDTH - LEFT - RIGHT
    parts = []
    for place, item in enumerate(items):
        y = 10 + place * ROW
        middle = y + ROW / 2 - 2
        parts += [
            _text(LEFT - 8, middle + 4, f"{item.name} ({item.n})", "end"),
            f'<rect class="bar" x="{LEFT}" y="{y}" width="{span * item.value:.1f}" height="{ROW - 6}"/>',
            _line(LEFT + span * item.low, middle, LEFT + span * item.high, middle, "whisker"),
            _text(WIDTH - RIGHT + 8, middle + 4, f"{item.value:.3f}"),
        ]
    bottom = 10 + len(items) * ROW
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LEFT + span * tick
        parts += [_line(x, 6, x, bottom, "grid"), _text(x, bottom + 14, f"{tick:g}", "middle")]
    return _figure(title, "".join(parts), bottom + 24)


def curve(title: str, xs: Sequence[float], ys: Sequence[float], x_name: str, y_name: str) -> str:
    """Return a line through points with both axes from 0 to 1."""
    points = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in zip(xs, ys, strict=True))
    return _figure(title, _axes(x_name, y_name) + f'<polyline class="line" points="{points}"/>', PLOT + 60)


def histogram(
    title: str, series: Mapping[str, Sequence[float]], *, low: float, high: float, x_name: str, count: int = 24
) -> str:
    """Return one outline for each series: the share of its values by bin; values outside join the outer bins."""
    parts = [_axes(x_name, "share of peak", low, high)]
    for place, (name, values) in enumerate(series.items()):
        bins = [0] * count
        for value in values:
            position = int((value - low) / (high - low) * count) if high > low else 0
            bins[min(count - 1, max(0, position))] += 1
        most = max([*bins, 1])
        steps = [(edge / count, filled / most) for edge, filled in enumerate(bins)]
        points = " ".join(f"{_x(x):.1f},{_y(y):.1f} {_x(x + 1 / count):.1f},{_y(y):.1f}" for x, y in steps)
        parts.append(f'<polyline class="line series{place}" points="{points}"/>')
        parts.append(
            _text(
                WIDTH - RIGHT,
                PLOT + 46 - 16 * (len(series) - 1 - place),
                f"{name} ({len(values)})",
                "end",
                f"series{place}",
            )
        )
    return _figure(title, "".join(parts), PLOT + 60)


def _axes(x_name: str, y_name: str, low: float = 0.0, high: float = 1.0) -> str:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            _line(_x(tick), _y(0), _x(tick), _y(1), "grid"),
            _line(_x(0), _y(tick), _x(1), _y(tick), "grid"),
            _text(_x(tick), _y(0) + 16, f"{low + tick * (high - low):.3g}", "middle"),
            _text(_x(0) - 8, _y(tick) + 4, f"{tick:g}", "end"),
        ]
    parts += [_text(_x(0.5), _y(0) + 36, x_name, "middle"), _text(8, 20, y_name)]
    return "".join(parts)


def _x(value: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value


def _y(value: float) -> float:
    return 10 + PLOT * (1 - value)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _figure(title: str, content: str, height: float) -> str:
    name = escape(title)
    return (
        f'<figure><figcaption>{name}</figcaption><svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{name}">{content}</svg></figure>'
    )
