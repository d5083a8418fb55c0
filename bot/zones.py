"""Wall clocks: what time it is where somebody lives, and when a time of day comes there next.

A zone is an IANA name ("Europe/Lisbon"). Moments are aware datetimes; the arithmetic is safe on the nights on which the
clocks change. A naive datetime stands for a clock that never changes (trials).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

__all__ = [
    "QUIET_FROM",
    "QUIET_UNTIL",
    "after",
    "days_named",
    "is_zone",
    "local",
    "machine_zone",
    "next_at",
    "next_on",
    "out_of_quiet_hours",
    "shown_zone",
    "still_at",
]

#: Between these two nobody is written to, by the person's own clock: most adults sleep, or lie beside their partner.
#: Only a time that the person named stands.
QUIET_FROM: Final = time(21, 30)
QUIET_UNTIL: Final = time(8, 0)
_DAY: Final = 86400
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: object) -> bool:
    """Whether it is the name of a zone."""
    return isinstance(name, str) and name in _names()


def machine_zone() -> str:
    """The zone of the machine that runs Toward; UTC where it names none."""
    import tzlocal

    name = tzlocal.get_localzone_name()
    return name if is_zone(name) else "UTC"


def shown_zone(zone: str) -> str:
    """A zone as one says it: "Lisbon", "Buenos Aires", "UTC+2"."""
    if not zone.startswith("Etc/GMT"):
        return zone.rpartition("/")[2].replace("_", " ")
    # Names like Etc/GMT-2 count the other way round.
    hours = -int(zone.removeprefix("Etc/GMT") or 0)
    return f"UTC{hours:+}" if hours else "UTC"


def local(now: float, zone: str) -> datetime:
    """The wall clock in a zone at `now` (seconds since 1970)."""
    return datetime.fromtimestamp(now, ZoneInfo(zone))


def after(moment: datetime, seconds: int) -> datetime:
    """So much later: whole days keep the time of day, also where a day in between has 23 hours; the rest is exact."""
    days, rest = divmod(seconds, _DAY)
    later = _existing(moment + timedelta(days=days))
    if later.tzinfo is None:
        return later + timedelta(seconds=rest)
    return datetime.fromtimestamp(later.timestamp() + rest, later.tzinfo)


def next_at(moment: datetime, at: str, seconds: int = 0) -> datetime:
    """When it is HH:MM, on the day that lies so many seconds ahead; the day after, where that has passed.

    A time that doesn't exist, because the clocks are put forward, is the first one after it; of a time that comes twice
    it is the first.
    """
    hour, minute = map(int, at.split(":"))
    day = after(moment, seconds)
    for days in range(3):
        wanted = day + timedelta(days=days)
        due = _existing(wanted.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0))
        if is_later(due, moment):
            return due
    raise AssertionError("a day of more than 48 hours")


def next_on(moment: datetime, days: Collection[int], at: str) -> datetime:
    """When it is HH:MM on one of these days of the week (0 is Monday) next; `days` must not be empty."""
    due = next_at(moment, at)
    while due.weekday() not in days:
        due = next_at(due, at)
    return due


def days_named(text: str) -> tuple[int, ...]:
    """The days of the week that a text names, 0 for Monday; all of them for "every day"; in their order, each once."""
    words = re.findall(r"[a-z]+", text.casefold())
    if {"day", "days", "daily"} & set(words):
        return tuple(range(7))
    if {"weekday", "weekdays"} & set(words):
        return tuple(range(5))
    if {"weekend", "weekends"} & set(words):
        return (5, 6)
    return tuple(number for number, day in enumerate(_WEEK) if day in words or f"{day}s" in words)


def is_later(one: datetime, other: datetime) -> bool:
    """Whether a moment comes after another; two wall clocks of one zone compare wrongly when the clocks change."""
    return one > other if one.tzinfo is None else one.timestamp() > other.timestamp()


def out_of_quiet_hours(moment: datetime) -> datetime:
    """The same moment, or the next morning where it falls into the quiet hours."""
    clock = moment.time()
    if QUIET_UNTIL <= clock < QUIET_FROM:
        return moment
    morning = moment + timedelta(days=1 if clock >= QUIET_FROM else 0)
    return _existing(morning.replace(hour=QUIET_UNTIL.hour, minute=QUIET_UNTIL.minute, second=0, microsecond=0, fold=0))


def still_at(due: float, old: str, new: str, now: float) -> float:
    """A moment that keeps its time of day when the person's zone changes; never before `now`."""
    kept = _existing(local(due, old).replace(tzinfo=ZoneInfo(new), fold=0))
    while kept.timestamp() <= now:
        kept = _existing(kept + timedelta(days=1))
    return kept.timestamp()


def _existing(moment: datetime) -> datetime:
    """A wall clock's reading, or the first one after the gap that it falls into when the clocks are put forward."""
    if moment.tzinfo is None:
        return moment
    # Within a gap the two readings lie around the change: the later one by the clock before, the earlier by that after.
    early, late = int(moment.replace(fold=1).timestamp()), int(moment.replace(fold=0).timestamp())
    if early >= late:
        return moment
    before = _offset(early, moment)
    while late - early > 1:
        middle = (early + late) // 2
        early, late = (middle, late) if _offset(middle, moment) == before else (early, middle)
    return datetime.fromtimestamp(late, moment.tzinfo)


def _offset(at: int, moment: datetime) -> timedelta | None:
    return datetime.fromtimestamp(at, timezone.utc).astimezone(moment.tzinfo).utcoffset()
