"""What a person notes about their weeks: closeness, loneliness, small reaches, what was kept. Nothing scores a partner.

One remembered thing, sealed like all others, and only of somebody who agreed to be remembered. Times are kept to the
minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot import zones
from bot.memory.turn import Turn
from bot.memory.zone import zone_used

__all__ = ["SORTS", "WEEKS", "Noted", "Reaches", "Weeks", "note", "weeks_of"]

#: Under this key they are remembered.
WEEKS: Final = "weeks"
#: What can be noted: numbers; words for reaches (one's own "made" and "met", the partner's "toward" and "missed"); and
#: words for what was kept ("talk", "plan").
SORTS: Final = ("closeness", "seen", "loneliness", "reach", "kept")
#: A year of several notes a day; older ones are dropped.
_MOST: Final = 400
_MINUTE: Final = 60
#: So many reaches that were not met, and none that was.
_ALONE: Final = 4


@dataclass(frozen=True)
class Noted:
    """One thing noted: when, by the person's own clock, and what."""

    at: datetime
    value: Any


@dataclass(frozen=True)
class Reaches:
    """Small reaches of some days.

    Attributes:
        made: by the person, whatever came back: to count that would be to mark the partner.
        alone: whether there were many of them and none was met; then it is time to give less (rule 11).
        turned: the partner's, to which the person turned.
        missed: the partner's that went by, were turned away from, or met with a sharp word.
    """

    made: int = 0
    turned: int = 0
    missed: int = 0
    alone: bool = False

    @property
    def noticed(self) -> int:
        """The partner's reaches that were seen, in time or later."""
        return self.turned + self.missed


@dataclass(frozen=True)
class Weeks:
    """Some weeks as the person noted them, oldest first.

    Attributes:
        until: the person's own today.
        notes: by what was noted; what has none is missing.
    """

    until: date
    notes: Mapping[str, Sequence[Noted]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.notes.values())

    @property
    def since(self) -> date:
        """The Monday of the first week in which something was noted."""
        first = min((noted[0].at.date() for noted in self.notes.values() if noted), default=self.until)
        return first - timedelta(days=first.weekday())

    def last(self, weeks: int) -> Weeks:
        """The current week and those before it, so many in all."""
        begin = self.until - timedelta(days=self.until.weekday(), weeks=weeks - 1)
        kept = {what: [one for one in noted if one.at.date() >= begin] for what, noted in self.notes.items()}
        return Weeks(self.until, {what: noted for what, noted in kept.items() if noted})

    def reaches(self, since: date) -> Reaches:
        """Small reaches from a day on."""
        found = [one.value for one in self.notes.get("reach", []) if one.at.date() >= since]
        made, met = found.count("made"), found.count("met")
        return Reaches(made + met, found.count("toward"), found.count("missed"), made >= _ALONE and not met)


def note(turn: Turn, what: str, value: Any) -> None:
    """Note something now, of somebody who agreed to be remembered."""
    if not turn.consented:
        return
    kept: dict[str, list[list[Any]]] = turn.recall(WEEKS) or {}
    at = int(turn.now) // _MINUTE * _MINUTE
    turn.remember(WEEKS, {**kept, what: [*kept.get(what, []), [at, value]][-_MOST:]})


def weeks_of(turn: Turn, also: Iterable[tuple[str, Any]] = ()) -> Weeks:
    """All that the person noted, and what is about to be noted."""
    kept: dict[str, list[list[Any]]] = dict(turn.recall(WEEKS) or {})
    for what, value in also:
        kept[what] = [*kept.get(what, []), [turn.now, value]]
    zone = zone_used(turn)
    notes: dict[str, Sequence[Noted]] = {
        what: [Noted(zones.local(float(at), zone), value) for at, value in kept[what]]
        for what in SORTS
        if kept.get(what)
    }
    return Weeks(zones.local(turn.now, zone).date(), notes)
