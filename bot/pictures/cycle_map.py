"""The cycle map: what goes round between two people, both halves side by side, and where it can turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.pictures.canvas import Canvas, Picture
from bot.pictures.lettering import ELLIPSIS, balanced, cleaned, is_right_to_left, width, wrapped
from bot.pictures.words import words_on

__all__ = ["PARTS", "cycle_map"]

#: The parts in the order in which they go round; what life adds stands beside.
PARTS: Final = ("moment", "felt", "did", "partner_felt", "partner_did", "life")
_WIDTH: Final = 720.0
_MARGIN: Final = 26.0
_GAP: Final = 36.0
_COLUMN: Final = (_WIDTH - 2 * _MARGIN - _GAP) / 2
#: From the edge to the card at the top, and to the ring behind the cards.
_SIDE: Final = 120.0
_RING_AT: Final = 66.0
_BEND: Final = 120.0
_PAD: Final = 22.0
_BODY: Final = 28.0
_LABEL: Final = 24.0
#: What bold letters of a label need, as if they were not bold.
_BOLD_LABEL: Final = _LABEL * 1.12
_LEADING: Final = 1.28
#: Between one row of cards and the next, where the ring and its arrows are seen.
_BETWEEN: Final = 62.0
_MOST_LINES: Final = {"moment": 4, "life": 4, "move": 3}
_LINES: Final = 6
#: Letters of a name that a label has room for.
_NAME: Final = 18

_PAPER: Final = "#fbf5ec"
_INK: Final = "#3a2f2a"
_FAINT: Final = "#75665b"
_RING: Final = "#dfae90"
_ARROW: Final = "#c07a55"
_LEAF: Final = "#5d9456"


@dataclass(frozen=True)
class _Look:
    fill: str
    edge: str
    label: str
    dashed: bool = False


_LOOKS: Final = {
    "moment": _Look("#ffffff", "#dccbb4", "#6b5844"),
    "felt": _Look("#fde8d8", "#e5a684", "#93451f"),
    "did": _Look("#fde8d8", "#e5a684", "#93451f"),
    "partner_felt": _Look("#f4f8fa", "#8fb0be", "#2c5768", dashed=True),
    "partner_did": _Look("#e1ecf1", "#8fb0be", "#2c5768"),
    "life": _Look("#f2e6d0", "#f2e6d0", "#6b5844"),
    "move": _Look("#e4f1df", "#8dba83", "#2b5d33"),
}


@dataclass(frozen=True)
class _Card:
    """A part of the map, with its words broken into lines."""

    part: str
    label: tuple[str, ...]
    tag: str
    lines: tuple[str, ...]
    left_open: bool

    @property
    def height(self) -> float:
        tag = _LABEL * 1.25 if self.tag else 0.0
        return 2 * _PAD - 13 + len(self.label) * _LABEL * _LEADING + tag + len(self.lines) * _BODY * _LEADING


def cycle_map(told: Mapping[str, str], partner: str, made_on: date) -> Picture | None:
    """The map of what somebody told.

    Args:
        told: words by part (see `PARTS`), and under "move" the small different move, where one is planned; a part that
            was left open is missing or empty.
        partner: what the partner is called; "your partner" and the like stand for no name.
        made_on: the day, for the foot of the picture.

    Returns:
        The picture, or None where nothing was told of the circle.
    """
    words = words_on("cycle_map")
    told = {part: cleaned(str(text)) for part, text in told.items() if cleaned(str(text))}
    if not any(part in told for part in PARTS[:-1]):
        return None
    named = words["unnamed"] if partner.split()[:1] in (["your"], []) else cleaned(partner)
    named = named if len(named) <= _NAME else f"{named[: _NAME - 1].rstrip()}{ELLIPSIS}"
    return _Map(told, {name: text.replace("{partner}", named) for name, text in words.items()}).drawn(made_on)


class _Map:
    def __init__(self, told: Mapping[str, str], words: Mapping[str, str]) -> None:
        self.told = told
        self.words = words
        self.sheet = Canvas(_WIDTH)

    def drawn(self, made_on: date) -> Picture:
        """Heights are known only when the words are broken into lines, so the places are found first."""
        right = _WIDTH - _MARGIN - _COLUMN
        moment, life = self._card("moment", _WIDTH - 2 * _SIDE), self._card("life", _WIDTH - 2 * _MARGIN)
        felt, did = self._card("felt"), self._card("did")
        guess, theirs = self._card("partner_felt"), self._card("partner_did")
        move = self._move()

        top = 150.0
        row_1 = top + moment.height + _BETWEEN
        row_2 = row_1 + max(felt.height, theirs.height) + _BETWEEN
        foot = row_2 + max(did.height, guess.height) + 72.0
        self._ring(top + moment.height / 2, foot)
        self._arrows(right, row_1, row_2, max(felt.height, theirs.height), foot)
        self._heading()
        self._place(moment, _SIDE, top, _WIDTH - 2 * _SIDE)
        self._place(felt, right, row_1, _COLUMN, max(felt.height, theirs.height))
        self._place(theirs, _MARGIN, row_1, _COLUMN, max(felt.height, theirs.height))
        self._place(did, right, row_2, _COLUMN, max(did.height, guess.height))
        self._place(guess, _MARGIN, row_2, _COLUMN, max(did.height, guess.height))
        bottom = self._turning(move, foot)
        if not life.left_open:
            self._place(life, _MARGIN, bottom + 26, _WIDTH - 2 * _MARGIN)
            bottom += 26 + life.height
        when = f"{made_on.day} {made_on:%B %Y}"
        self.sheet.lines([when], _WIDTH / 2, bottom + 34, 20.0, anchor="middle", fill=_FAINT)
        return self.sheet.picture(bottom + 62, self.words["title"], self._alt(), _PAPER)

    # -- cards -----------------------------------------------------------------------------------------------------

    def _card(self, part: str, room: float = _COLUMN) -> _Card:
        text = self.told.get(part, "")
        title = self.words[part]
        label = wrapped(title[:1].upper() + title[1:], _BOLD_LABEL, room - 1.25 * _PAD, 2)
        tag = self.words["guess"] if part == "partner_felt" else ""
        lines = wrapped(text, _BODY, room - 2 * _PAD, _MOST_LINES.get(part, _LINES)) or [self.words["open"]]
        return _Card(part, tuple(label), tag, tuple(lines), not text)

    def _move(self) -> _Card:
        label, text = self.words["move"], self.told.get("move", "")
        room = _WIDTH - 6 * _MARGIN - 2 * _PAD - 44
        if not text:
            return _Card("move", (), "", tuple(balanced(self.words["move_here"], _BODY, room, 2)), False)
        return _Card("move", (label,), "", tuple(balanced(text, _BODY, room, _MOST_LINES["move"])), False)

    def _place(self, card: _Card, x: float, y: float, wide: float, high: float = 0.0) -> None:
        look, high = _LOOKS[card.part], high or card.height
        dash = {"stroke_dasharray": "9 8"} if look.dashed else {}
        self.sheet.add(
            "rect", x=x, y=y, width=wide, height=high, rx=24, fill=look.fill, stroke=look.edge, stroke_width=2.5, **dash
        )
        at = y + _PAD + _LABEL / 2 - 3
        self.sheet.lines(card.label, x + _PAD, at, _LABEL, leading=_LEADING, fill=look.label, font_weight="bold")
        at += (len(card.label) - 1) * _LABEL * _LEADING
        if card.tag:
            at += _LABEL * 1.25
            self.sheet.lines([card.tag], x + _PAD, at, _LABEL - 1, fill=look.label, font_style="italic")
        at += _LABEL * 0.7 + _BODY * 0.65
        faint = {"fill": _FAINT, "font_style": "italic"} if card.left_open else {"fill": _INK}
        right_to_left = is_right_to_left(card.lines[0])
        self.sheet.lines(
            card.lines,
            x + wide - _PAD if right_to_left else x + _PAD,
            at,
            _BODY,
            leading=_LEADING,
            anchor="end" if right_to_left else "start",
            **faint,
        )

    # -- what goes round -------------------------------------------------------------------------------------------

    def _heading(self) -> None:
        middle = _WIDTH / 2
        size = 38.0
        while width(self.words["title"], size, bold=True) > _WIDTH - 2 * _MARGIN:
            size -= 1
        self.sheet.lines([self.words["title"]], middle, 58, size, anchor="middle", fill=_INK, font_weight="bold")
        under = wrapped(self.words["under_title"], 25.0, _WIDTH - 2 * _MARGIN, 1)
        self.sheet.lines(under, middle, 104, 25.0, anchor="middle", fill=_FAINT)

    def _ring(self, top: float, bottom: float) -> None:
        """Behind the cards: through the middle of both columns, and open below, where it can turn."""
        left, right, bend, middle = _RING_AT, _WIDTH - _RING_AT, _BEND, _WIDTH / 2
        path = (
            f"M {middle + 92:.0f} {bottom:.0f} H {right - bend:.0f} Q {right:.0f} {bottom:.0f} {right:.0f} "
            f"{bottom - bend:.0f} V {top + bend:.0f} Q {right:.0f} {top:.0f} {right - bend:.0f} {top:.0f} "
            f"H {left + bend:.0f} Q {left:.0f} {top:.0f} {left:.0f} {top + bend:.0f} V {bottom - bend:.0f} "
            f"Q {left:.0f} {bottom:.0f} {left + bend:.0f} {bottom:.0f} H {middle - 92:.0f}"
        )
        self.sheet.add("path", d=path, fill="none", stroke=_RING, stroke_width=11, stroke_linecap="round")

    def _arrows(self, right: float, row_1: float, row_2: float, high: float, foot: float) -> None:
        mine, theirs = _WIDTH - _RING_AT, _RING_AT
        self._arrow(mine, row_1 - _BETWEEN / 2, 90)
        self._arrow(mine, row_1 + high + _BETWEEN / 2, 90)
        self._arrow(theirs, row_1 - _BETWEEN / 2, -90)
        self._arrow(theirs, row_1 + high + _BETWEEN / 2, -90)
        self._arrow(_WIDTH / 2 + 140, foot, 180)
        self._arrow(_WIDTH / 2 - 140, foot, 180)

    def _arrow(self, x: float, y: float, turned: float) -> None:
        self.sheet.add(
            "path",
            d="M -10 -15 L 14 0 L -10 15",
            transform=f"translate({x:.0f} {y:.0f}) rotate({turned:.0f})",
            fill="none",
            stroke=_ARROW,
            stroke_width=7,
            stroke_linecap="round",
            stroke_linejoin="round",
        )

    def _turning(self, card: _Card, foot: float) -> float:
        """The leaf in the gap of the ring, and what could be different there; returns where it ends."""
        middle = _WIDTH / 2
        self._leaf(middle, foot)
        look = _LOOKS["move"]
        body = len(card.lines) * _BODY * _LEADING
        label = _LABEL * 1.4 if card.label else 0.0
        x, y, wide, high = 3 * _MARGIN, foot + 58, _WIDTH - 6 * _MARGIN, 2 * _PAD - 8 + label + body
        self.sheet.add("path", d=f"M {middle:.0f} {foot + 34:.0f} V {y:.0f}", stroke=look.edge, stroke_width=6)
        self.sheet.add(
            "rect", x=x, y=y, width=wide, height=high, rx=24, fill=look.fill, stroke=look.edge, stroke_width=2.5
        )
        at = y + _PAD - 4
        if card.label:
            self.sheet.lines(
                card.label, middle, at + _LABEL / 2, _LABEL, anchor="middle", fill=look.label, font_weight="bold"
            )
            at += label
        self.sheet.lines(
            card.lines, middle, at + _BODY * _LEADING / 2, _BODY, leading=_LEADING, anchor="middle", fill=_INK
        )
        return y + high

    def _leaf(self, x: float, y: float) -> None:
        self.sheet.add("circle", cx=x, cy=y, r=36, fill="#e4f1df", stroke="#8dba83", stroke_width=3)
        for side in (1, -1):
            self.sheet.add(
                "path",
                d="M 0 4 C 2 -12 12 -20 25 -21 C 26 -8 17 4 0 4 Z",
                transform=f"translate({x:.0f} {y:.0f}) scale({side} 1)",
                fill=_LEAF,
                fill_opacity=1.0 if side == 1 else 0.72,
            )
        self.sheet.add(
            "path", d=f"M {x:.0f} {y + 22:.0f} V {y + 2:.0f}", stroke=_LEAF, stroke_width=5, stroke_linecap="round"
        )

    # -- in words --------------------------------------------------------------------------------------------------

    def _alt(self) -> str:
        """All of it in words; nothing is shortened here."""
        told = []
        for part in PARTS[:-1]:
            tag = f" ({self.words['guess']})" if part == "partner_felt" else ""
            told.append(self._line(f"{self.words[part]}{tag}", self.told.get(part) or self.words["open"]))
            if part == "did":
                told.append(self._moved())
        told.append(self.words["again"])
        if "life" in self.told:
            told.append(self._line(self.words["life"], self.told["life"]))
        return " ".join([f"{self.words['title']}.", *told])

    def _moved(self) -> str:
        move = self.told.get("move")
        return self._line(self.words["move"], move) if move else self.words["move_here"]

    @staticmethod
    def _line(label: str, text: str) -> str:
        end = "" if text.endswith((".", "!", "?", "…")) else "."
        return f"{label[:1].upper()}{label[1:]}: {text}{end}"
