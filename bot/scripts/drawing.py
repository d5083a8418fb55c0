"""Draws a script: sections as boxes with their first words, the ways between them as arrows, dead ends in red.

The layout is Sugiyama's (grandalf); SVG is written here, PNG by matplotlib from the same places.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from bot.scripts.tree import (
    Ask,
    Calendar,
    Condition,
    Draft,
    End,
    GoTo,
    HandOver,
    Homework,
    If,
    LeadOn,
    Plan,
    Rehearse,
    Remind,
    Run,
    Say,
    Script,
    Section,
    Step,
    Suggest,
    plain,
)

__all__ = ["Picture", "draw", "pictured"]

_WIDE: Final = 220
_LINE: Final = 17
_EDGE: Final = 34
_WORDS: Final = 30
_PAPER, _INK, _SOFT, _GOOD, _DEAD = "#fbf8f3", "#2c2a29", "#8a817a", "#e4efe6", "#fbe3e0"
_RED: Final = "#b3261e"


@dataclass(frozen=True)
class Box:
    """A section: centre, size, lines of text, whether it leads nowhere, and whether it ends."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    tall: float
    dead: bool
    ends: bool


@dataclass(frozen=True)
class Arrow:
    """A way from one box to another, with what leads there, and the gaps between boxes that it passes by."""

    here: str
    there: str
    label: str
    by: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Picture:
    """Boxes and arrows with their places."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in pixels."""
        points = [point[0] for arrow in self.arrows for point in self._way(arrow)]
        return (
            max([box.x + _WIDE / 2 for box in self.boxes] + points, default=0) + _EDGE,
            max((box.y + box.tall / 2 for box in self.boxes), default=0) + _EDGE,
        )

    def svg(self) -> str:
        """As SVG, with its text as text."""
        wide, tall = self.size
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{tall:.0f}" '
            f'viewBox="0 0 {wide:.0f} {tall:.0f}" font-family="Georgia, serif" font-size="13" role="img">',
            f"<title>{escape(self.title)}</title>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{_SOFT}"/></marker></defs>',
            f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
        ]
        for arrow in self.arrows:
            first, *others = self._way(arrow)
            path = f"M{first[0]:.0f} {first[1]:.0f}C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in others)
            parts.append(f'<path d="{path}" fill="none" stroke="{_SOFT}" marker-end="url(#tip)"/>')
        for arrow in self.arrows:
            if arrow.label:
                x, y = _middle(self._way(arrow))
                parts.append(
                    f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-size="11" fill="{_INK}" '
                    f'stroke="{_PAPER}" stroke-width="4" paint-order="stroke">{escape(arrow.label)}</text>'
                )
        for box in self.boxes:
            left, top = box.x - _WIDE / 2, box.y - box.tall / 2
            fill, line = _colours(box)
            parts.append(
                f'<rect x="{left:.0f}" y="{top:.0f}" width="{_WIDE}" height="{box.tall:.0f}" rx="10" '
                f'fill="{fill}" stroke="{line}"/>'
            )
            for number, text in enumerate(box.lines):
                weight = ' font-weight="bold"' if number == 0 else ""
                parts.append(
                    f'<text x="{left + 12:.0f}" y="{top + 22 + number * _LINE:.0f}" fill="{_INK}"{weight}>'
                    f"{escape(text)}</text>"
                )
        return "\n".join([*parts, "</svg>", ""])

    def png(self, file: Path) -> None:
        """As PNG, two pixels for one."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
        from matplotlib.path import Path as Curve

        wide, tall = self.size
        figure = Figure(figsize=(wide / 100, tall / 100), dpi=200, facecolor=_PAPER)
        FigureCanvasAgg(figure)
        axes: Any = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, wide)
        axes.set_ylim(tall, 0)
        axes.axis("off")
        for arrow in self.arrows:
            way = self._way(arrow)
            curve = Curve(way, [Curve.MOVETO, *[Curve.CURVE4] * (len(way) - 1)])
            axes.add_patch(FancyArrowPatch(path=curve, arrowstyle="-|>", mutation_scale=9, color=_SOFT, lw=0.8))
        for box in self.boxes:
            fill, line = _colours(box)
            left, top = box.x - _WIDE / 2, box.y - box.tall / 2
            shape = FancyBboxPatch(
                (left, top), _WIDE, box.tall, "round,pad=0,rounding_size=10", fc=fill, ec=line, lw=0.8
            )
            axes.add_patch(shape)
            for number, text in enumerate(box.lines):
                weight = "bold" if number == 0 else "normal"
                place = (left + 12, top + 22 + number * _LINE)
                axes.text(*place, text, fontsize=7.5, family="serif", weight=weight, color=_INK)
        for arrow in self.arrows:
            if arrow.label:
                x, y = _middle(self._way(arrow))
                under = {"fc": _PAPER, "ec": "none", "pad": 0.6, "alpha": 0.85}
                axes.text(x, y, arrow.label, fontsize=6.5, family="serif", ha="center", color=_INK, bbox=under)
        figure.savefig(file, format="png", facecolor=_PAPER)

    def _way(self, arrow: Arrow) -> list[tuple[float, float]]:
        """Start, and for each piece two points that bend it and its end; a way back goes round the side."""
        boxes = {box.name: box for box in self.boxes}
        here, there = boxes[arrow.here], boxes[arrow.there]
        if there.y > here.y:
            start, end = (here.x, here.y + here.tall / 2), (there.x, there.y - there.tall / 2)
            way = [start]
            for point in [*arrow.by, end]:
                half = (point[1] - way[-1][1]) / 2
                way += [(way[-1][0], way[-1][1] + half), (point[0], point[1] - half), point]
            return way
        start, end = (here.x + _WIDE / 2, here.y), (there.x + _WIDE / 2, there.y)
        out = max(start[0], end[0]) + 46
        return [start, (out, start[1]), (out, end[1]), end]


def _colours(box: Box) -> tuple[str, str]:
    if box.dead:
        return _DEAD, _RED
    return (_GOOD, "#5d8a66") if box.ends else ("#ffffff", _SOFT)


def _middle(way: list[tuple[float, float]]) -> tuple[float, float]:
    """A point of the curve, a little before its middle, where fewer labels meet."""
    at = 0.42
    weights = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
    x = sum(weight * point[0] for weight, point in zip(weights, way[:4], strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, way[:4], strict=True))
    return x, y


def draw(script: Script, file: Path) -> None:
    """Write a picture; the ending of the file's name says whether as SVG or as PNG."""
    picture = pictured(script)
    if file.suffix.lower() == ".png":
        picture.png(file)
    else:
        file.write_text(picture.svg(), encoding="utf-8")


def pictured(script: Script) -> Picture:
    """Where everything stands."""
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout

    names = {plain(section.name): section for section in script.sections}
    arrows: dict[tuple[str, str], list[str]] = {}
    for section in script.sections:
        for there, label in _ways(section.steps):
            if plain(there) in names:
                arrows.setdefault((plain(section.name), plain(there)), []).append(label)
    vertices = {name: Vertex(name) for name in names}
    texts = {name: _text(section) for name, section in names.items()}
    for name, vertex in vertices.items():
        vertex.view = _View(_WIDE, _tall(texts[name]))
    edges = [Edge(vertices[here], vertices[there]) for here, there in arrows if here != there]
    for edge in edges:
        edge.view = _Route()
    graph = Graph(list(vertices.values()), edges)
    left = 0.0
    places: dict[str, tuple[float, float]] = {}
    by: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    for part in graph.C:
        layout = SugiyamaLayout(part)
        layout.xspace, layout.yspace = 46, 66
        top = next(vertex for vertex in vertices.values() if vertex in part.sV)
        layout.init_all(roots=[top], inverted_edges=_ways_back(top, list(part.sV), list(part.sE)))
        layout.draw(4)
        here = {vertex.data: vertex.view.xy for vertex in part.sV}
        led = [x for edge in part.sE for x, _ in edge.view.points[1:-1]]
        least_x = min([x - _WIDE / 2 for x, _ in here.values()] + led)
        least_y = min(y - _tall(texts[name]) / 2 for name, (_, y) in here.items())
        for name, (x, y) in here.items():
            places[name] = (left + x - least_x + _EDGE, y - least_y + _EDGE)
        for edge in part.sE:
            inner = edge.view.points[1:-1]
            by[edge.v[0].data, edge.v[1].data] = tuple(
                (left + x - least_x + _EDGE, y - least_y + _EDGE) for x, y in inner
            )
        left = max(x for name, (x, _) in places.items() if name in here) + _WIDE / 2 + 20
    boxes = tuple(
        Box(name, texts[name], *places[name], _tall(texts[name]), _is_dead(section), _has_end(section.steps))
        for name, section in names.items()
    )
    drawn = tuple(
        Arrow(here, there, _label(labels), by.get((here, there), ())) for (here, there), labels in arrows.items()
    )
    return Picture(script.name, boxes, drawn)


def _ways_back(top: Any, vertices: list[Any], edges: list[Any]) -> list[Any]:
    """Edges that close a round or lead to the top; the layout needs them turned."""
    on: dict[Any, list[Any]] = {vertex: [] for vertex in vertices}
    for edge in edges:
        on[edge.v[0]].append(edge)
    back, done, path = [], set[int](), list[Any]()

    def visit(vertex: Any) -> None:
        path.append(vertex)
        for edge in on[vertex]:
            there = edge.v[1]
            if there in path or there is top:
                back.append(edge)
            elif id(there) not in done:
                visit(there)
        done.add(id(path.pop()))

    for vertex in [top, *vertices]:
        if id(vertex) not in done:
            visit(vertex)
    return back


class _View:
    """What the layout needs to know of a box, and where it puts it."""

    def __init__(self, wide: float, tall: float) -> None:
        self.w, self.h = wide, tall
        self.xy = (0.0, 0.0)


class _Route:
    """Where the layout leads an arrow through."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []

    def setpath(self, points: list[tuple[float, float]]) -> None:
        """Called by the layout."""
        self.points = list(points)


def _tall(lines: tuple[str, ...]) -> float:
    return 18 + _LINE * len(lines)


def _text(section: Section) -> tuple[str, ...]:
    """The name, the first words that are said, and what is done there."""
    first = next((step for step in section.steps if _words(step)), None)
    said = _words(first) if first else ""
    marks = [_mark(step) for step in section.steps if _mark(step)]
    wrapped = textwrap.wrap(said, _WORDS)
    lines = wrapped[:2]
    if len(wrapped) > 2:
        lines[-1] = f"{lines[-1][: _WORDS - 1]}…"
    # The last words stand last.
    both = (*marks[:3], *lines) if isinstance(first, End) else (*lines, *marks[:3])
    return (textwrap.shorten(section.name, _WORDS, placeholder="…"), *both)


def _words(step: Step) -> str:
    if isinstance(step, Say):
        return step.texts[0]
    return step.text if isinstance(step, (Ask, End)) else ""


def _mark(step: Step) -> str:
    if isinstance(step, Run):
        return f"runs {step.script}"[:_WORDS]
    if isinstance(step, Suggest):
        return f"suggests a {step.kind}"
    if isinstance(step, Homework):
        return textwrap.shorten(f"homework: {step.text}", _WORDS, placeholder="…")
    if isinstance(step, Remind):
        return f"later: {step.script}"[:_WORDS] if step.script else "a reminder"
    if isinstance(step, Calendar):
        return "a date for the calendar"
    if isinstance(step, LeadOn):
        return f"on to {step.to}"
    if isinstance(step, Plan):
        return textwrap.shorten(f"plan: {step.text}", _WORDS, placeholder="…")
    if isinstance(step, Rehearse):
        return "rehearses a bid"
    if isinstance(step, Draft):
        return "drafts a request"
    return "hand over to counsellor" if isinstance(step, HandOver) else ""


def _ways(steps: tuple[Step, ...], label: str = "") -> list[tuple[str, str]]:
    """(section, what leads there) of every jump."""
    found: list[tuple[str, str]] = []
    for step in steps:
        if isinstance(step, GoTo):
            found.append((step.section, label))
        elif isinstance(step, Ask):
            found += [(choice.go_to, choice.title) for choice in step.choices if choice.go_to]
        elif isinstance(step, If):
            found += _ways(step.then, _said(step.condition)) + _ways(step.otherwise, "otherwise")
    return found


def _said(condition: Condition) -> str:
    if condition.sort == "mentions":
        return f"mentions {condition.value}"
    more = {"is": "", "at least": " or more", "at most": " or less"}[condition.sort]
    return f"{condition.name.replace('_', ' ')} {condition.value}{more}"


def _label(labels: list[str]) -> str:
    named = [label for label in dict.fromkeys(labels) if label]
    # A plain way beside a named one: either leads there.
    return textwrap.shorten(" / ".join(named), 34, placeholder="…") if len(named) == len(set(labels)) else ""


def _has_end(steps: tuple[Step, ...]) -> bool:
    return any(
        isinstance(step, (End, LeadOn, Plan))
        or (isinstance(step, If) and (_has_end(step.then) or _has_end(step.otherwise)))
        for step in steps
    )


def _is_dead(section: Section) -> bool:
    """A section that leads nowhere and doesn't end."""
    return not _has_end(section.steps) and not _ways(section.steps)
