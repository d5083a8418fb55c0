"""The bars of a run as one SVG picture: a panel for each question, Toward beside the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from xml.sax.saxutils import escape

from benchmarks.figures import Figures, Load

__all__ = ["draw"]

_LESS, _MORE = "less is better", "more is better"
_OURS, _BASELINE, _INK, _FAINT = "#1f6f6a", "#d0a46c", "#222222", "#666666"
#: Sizes in pixels: a panel, the space around it, the legend above all, the highest bar, the widest bar.
_WIDTH, _HEIGHT, _GAP, _TOP, _BAR, _WIDEST = 310, 250, 30, 60, 150, 56
_COLUMNS = 3


@dataclass(frozen=True)
class _Panel:
    """One question: a pair of bars for each label, on a scale of its own that begins at nought."""

    title: str
    direction: str
    labels: Sequence[str]
    ours: Sequence[float]
    baseline: Sequence[float]


def draw(ours: Figures, baseline: Figures) -> str:
    """Return the picture as SVG text."""
    panels = _panels(ours, baseline)
    wide = _COLUMNS * (_WIDTH + _GAP) + _GAP
    high = _TOP + -(-len(panels) // _COLUMNS) * (_HEIGHT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
        ' font-family="Helvetica, Arial, sans-serif">',
        f"<title>{escape(ours.name)} beside {escape(baseline.name)}, measured in one run</title>",
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
        *_legend(ours.name, f"{baseline.name}, default configuration"),
    ]
    for place, panel in enumerate(panels):
        row, column = divmod(place, _COLUMNS)
        x, y = _GAP + column * (_WIDTH + _GAP), _TOP + row * (_HEIGHT + _GAP)
        parts += [f'<g transform="translate({x} {y})">', *_drawn(panel), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panels(ours: Figures, baseline: Figures) -> list[_Panel]:
    pairs = [(load, baseline.load(load.people)) for load in ours.loads]
    people = ["1 person" if load.people == 1 else f"{load.people} people" for load in ours.loads]

    def of_loads(title: str, direction: str, read: Callable[[Load], float]) -> _Panel:
        return _Panel(
            title, direction, people, [read(mine) for mine, _ in pairs], [read(theirs) for _, theirs in pairs]
        )

    def of_both(title: str, labels: Sequence[str], read: Callable[[Figures], list[float]]) -> _Panel:
        return _Panel(title, _LESS, labels, read(ours), read(baseline))

    return [
        of_both("Seconds until the first answer", ["start"], lambda one: [median(one.start_seconds)]),
        of_both("Memory (MB)", ["after start", "after load"], lambda one: [one.memory_start_mb, one.memory_load_mb]),
        of_both("One long conversation (ms)", ["10th turn", "500th turn"], lambda one: [one.early_ms, one.late_ms]),
        of_loads("Answers a second", _MORE, lambda load: load.per_second),
        of_loads("Half are answered within (ms)", _LESS, lambda load: load.p50_ms),
        of_loads("95 % are answered within (ms)", _LESS, lambda load: load.p95_ms),
    ]


def _legend(ours: str, baseline: str) -> Iterator[str]:
    for x, color, name in ((_GAP, _OURS, ours), (_GAP + 110, _BASELINE, baseline)):
        yield f'<rect x="{x}" y="20" width="14" height="14" fill="{color}"/>'
        yield _text(x + 20, 32, name, 14)


def _drawn(panel: _Panel) -> Iterator[str]:
    yield _text(0, 12, panel.title, 14, weight="bold")
    yield _text(0, 30, panel.direction, 11, color=_FAINT)
    most = max(*panel.ours, *panel.baseline)
    step = _WIDTH / len(panel.labels)
    bar = min(_WIDEST, step * 0.4)
    floor = _HEIGHT - 30
    for place, (label, *pair) in enumerate(zip(panel.labels, panel.ours, panel.baseline, strict=True)):
        middle = step * (place + 0.5)
        for left, value, color in zip((middle - bar, middle), pair, (_OURS, _BASELINE), strict=True):
            height = _BAR * value / most
            yield (
                f'<rect x="{left + 1:.1f}" y="{floor - height:.1f}" width="{bar - 2:.1f}" height="{height:.1f}"'
                f' fill="{color}"/>'
            )
            yield _text(left + bar / 2, floor - height - 5, _number(value), 11, anchor="middle")
        yield _text(middle, floor + 17, label, 12, anchor="middle")
    yield f'<line x1="0" y1="{floor}" x2="{_WIDTH}" y2="{floor}" stroke="{_FAINT}"/>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _text(
    x: float, y: float, words: str, size: int, *, anchor: str = "start", color: str = _INK, weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )
