"""The mirror of weeks: every answer is one dot where it was given; few answers get no line, and nobody gets a mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from bot.memory.weeks import Noted, Weeks
from bot.pictures.canvas import Canvas, Picture
from bot.pictures.lettering import balanced
from bot.pictures.words import words_on

__all__ = ["SHOWN", "weeks_picture"]

#: Weeks on the picture, at most and at least.
SHOWN: Final = 8
_LEAST: Final = 4
#: Fewer answers than these get no line between them: it would look like a direction.
_LINE_FROM: Final = 4
#: Two answers further apart than so many days are not joined.
_NEAR: Final = timedelta(days=14)
_SCALES: Final = {"closeness": (0, 10), "seen": (0, 10), "loneliness": (3, 9)}
_TONES: Final = {
    "closeness": "#c2683c",
    "seen": "#2f7f8f",
    "loneliness": "#7d6a9e",
    "made": "#c2683c",
    "toward": "#3f7f95",
    "missed": "#3f7f95",
    "talk": "#5d9456",
    "plan": "#a9c78f",
}
_PAPER, _INK, _FAINT, _RULE, _BAND = "#fbf5ec", "#3a2f2a", "#75665b", "#e4d6c1", "#f5ebdc"

_WIDTH: Final = 720.0
_LEFT, _RIGHT = 40.0, 680.0
_PANEL: Final = 150.0
_DOT: Final = 8.0
_ROW: Final = 23.0
#: Marks of one week that stand above each other, at most; more are told as a number.
_STACK: Final = 6


def weeks_picture(weeks: Weeks) -> Picture | None:
    """The last weeks as a picture; None where nothing was noted in them."""
    weeks = weeks.last(SHOWN)
    return _Sheet(weeks).drawn() if weeks else None


class _Sheet:
    def __init__(self, weeks: Weeks) -> None:
        self.weeks = weeks
        self.words = words_on("weeks")
        self.sheet = Canvas(_WIDTH)
        this_monday = weeks.until - timedelta(days=weeks.until.weekday())
        self.count = max(_LEAST, (this_monday - weeks.since).days // 7 + 1)
        self.first = this_monday - timedelta(weeks=self.count - 1)
        self.told: list[str] = []

    def drawn(self) -> Picture:
        self.sheet.lines([self.words["title"]], _WIDTH / 2, 56, 38.0, anchor="middle", fill=_INK, font_weight="bold")
        self.sheet.lines([self.words["under_title"]], _WIDTH / 2, 100, 24.0, anchor="middle", fill=_FAINT)
        y = 158.0
        for what in _SCALES:
            if noted := self.weeks.notes.get(what):
                y = self._scale(what, noted, y)
        if noted := self.weeks.notes.get("reach"):
            y = self._marks("reach", ("made", "toward", "missed"), noted, y)
        if noted := self.weeks.notes.get("kept"):
            y = self._marks("kept", ("talk", "plan"), noted, y)
        y = self._dates(y)
        if self._few():
            lines = balanced(self.words["few"], 24.0, _WIDTH - 80, 2)
            self.sheet.lines(lines, _WIDTH / 2, y + 20, 24.0, anchor="middle", fill=_FAINT, font_style="italic")
            y += 20 + 31 * len(lines)
            self.told.append(self.words["few"])
        alt = " ".join([f"{self.words['title']}.", *self.told])
        return self.sheet.picture(y + 16, self.words["title"], alt, _PAPER)

    def _few(self) -> bool:
        """Whether there is a scale, and none with answers enough for a line."""
        counts = [len(self.weeks.notes.get(what, [])) for what in _SCALES]
        return 0 < max(counts) < _LINE_FROM

    # -- scales ----------------------------------------------------------------------------------------------------

    def _scale(self, what: str, noted: Sequence[Noted], y: float) -> float:
        low, high = _SCALES[what]
        top = self._label(self.words[what], y, self.words.get(f"{what}_note", ""))
        bottom = top + _PANEL
        self._bands(top - 12, bottom + 12)
        for value, side in ((high, "high"), (low, "low")):
            at = bottom - (value - low) / (high - low) * _PANEL
            self.sheet.add("path", d=f"M {_LEFT:.0f} {at:.0f} H {_RIGHT:.0f}", stroke=_RULE, stroke_width=2)
            # Beside the rule, on the side where no dot can be.
            beside = at + (-14.0 if side == "high" else 14.0)
            self.sheet.lines([f"{value}  {self.words[f'{what}_{side}']}"], _LEFT, beside, 19.0, fill=_FAINT)
        places = [
            (one, self._x(one), bottom - (float(one.value) - low) / (high - low) * _PANEL)
            for one in noted
            if low <= one.value <= high
        ]
        if len(places) >= _LINE_FROM:
            for (one, x, at), (other, to_x, to_y) in pairwise(places):
                if other.at.date() - one.at.date() <= _NEAR:
                    self.sheet.add(
                        "path",
                        d=f"M {x:.1f} {at:.1f} L {to_x:.1f} {to_y:.1f}",
                        stroke=_TONES[what],
                        stroke_width=3,
                        stroke_opacity=0.35,
                    )
        for _, x, at in places:
            self.sheet.add("circle", cx=x, cy=at, r=_DOT, fill=_TONES[what], fill_opacity=0.85)
        self.told.append(self._in_words(what, [one for one, _, _ in places]))
        return bottom + 66

    def _in_words(self, what: str, noted: Sequence[Noted]) -> str:
        low, high = _SCALES[what]
        about = f"; {self.words[f'{what}_note']}" if f"{what}_note" in self.words else ""
        ends = f"{low} {self.words[f'{what}_low']}, {high} {self.words[f'{what}_high']}{about}"
        answers = ", ".join(f"{_day(one.at.date())}: {one.value}" for one in noted)
        return f"{self.words[what]} ({ends}). {answers}."

    # -- marks -----------------------------------------------------------------------------------------------------

    def _marks(self, what: str, sorts: Sequence[str], noted: Sequence[Noted], y: float) -> float:
        """A column of marks for each week, with what they mean beside them."""
        # What came back of one's own reaches isn't shown: that would be a mark for the partner.
        noted = [Noted(one.at, "made") if one.value == "met" else one for one in noted]
        sorts = [sort for sort in sorts if any(one.value == sort for one in noted)]
        by_week = {
            week: [one.value for one in group] for week, group in groupby(noted, key=lambda one: self._week(one))
        }
        top = self._label(self.words[what], y)
        for number, sort in enumerate(sorts):
            at = top - 4 + number * 30
            self._mark(sort, _LEFT + 10, at)
            self.sheet.lines([self.words[sort]], _LEFT + 30, at, 22.0, fill=_INK)
        top += len(sorts) * 30
        highest = max(min(values.count(sort), _STACK) for values in by_week.values() for sort in sorts)
        bottom = top + highest * _ROW
        self._bands(top - 12, bottom + 12)
        for week, values in by_week.items():
            middle = self._x_of_week(week)
            for number, sort in enumerate(sorts):
                x = middle + (number - (len(sorts) - 1) / 2) * min(24.0, self._wide() / 3.4)
                self._stack(sort, x, bottom, values.count(sort))
            counted = ", ".join(f"{self.words[sort]} {values.count(sort)}" for sort in sorts if sort in values)
            self.told.append(f"{self.words[what]}, {_day(self.first + timedelta(weeks=week))}: {counted}.")
        return bottom + 54

    def _stack(self, sort: str, x: float, bottom: float, count: int) -> None:
        for number in range(min(count, _STACK)):
            at = bottom - number * _ROW - 6
            if number == _STACK - 1 and count > _STACK:
                self.sheet.lines([f"{count}"], x, at, 19.0, anchor="middle", fill=_INK)
            else:
                self._mark(sort, x, at)

    def _mark(self, sort: str, x: float, y: float) -> None:
        """Filled, or a ring for what was missed: told apart without colours, too."""
        tone = _TONES[sort]
        if sort == "missed":
            self.sheet.add("circle", cx=x, cy=y, r=_DOT - 1.5, fill=_PAPER, stroke=tone, stroke_width=3)
        elif sort == "toward":
            self.sheet.add("rect", x=x - 8, y=y - 8, width=16, height=16, rx=4, fill=tone)
        elif sort in ("talk", "plan"):
            leaf = "M -10 6 C -9 -8 0 -11 10 -10 C 11 2 3 9 -10 6 Z"
            self.sheet.add("path", d=leaf, transform=f"translate({x:.1f} {y:.1f})", fill=tone)
        else:
            self.sheet.add("circle", cx=x, cy=y, r=_DOT, fill=tone)

    # -- the sheet -------------------------------------------------------------------------------------------------

    def _label(self, text: str, y: float, note: str = "") -> float:
        self.sheet.lines([text], _LEFT, y, 25.0, fill=_INK, font_weight="bold")
        if note:
            y += 30
            self.sheet.lines([note], _LEFT, y, 21.0, fill=_FAINT, font_style="italic")
        return y + 46

    def _bands(self, top: float, bottom: float) -> None:
        """Every other week is shaded, so that one sees where a week ends."""
        for week in range(self.count % 2, self.count, 2):
            x = self._x_of_week(week) - self._wide() / 2
            self.sheet.add("rect", x=x, y=top, width=self._wide(), height=bottom - top, fill=_BAND)

    def _dates(self, y: float) -> float:
        every = 1 if self.count <= 5 else 2
        for week in range((self.count - 1) % every, self.count, every):
            monday = self.first + timedelta(weeks=week)
            self.sheet.lines([_day(monday)], self._x_of_week(week), y - 22, 20.0, anchor="middle", fill=_FAINT)
        return y + 12

    def _wide(self) -> float:
        return (_RIGHT - _LEFT) / self.count

    def _x_of_week(self, week: int) -> float:
        return _LEFT + (week + 0.5) * self._wide()

    def _week(self, one: Noted) -> int:
        return (one.at.date() - self.first).days // 7

    def _x(self, one: Noted) -> float:
        """Where a moment lies."""
        days = (one.at.date() - self.first).days + (one.at.hour + one.at.minute / 60) / 24
        return _LEFT + days / 7 * self._wide()


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
