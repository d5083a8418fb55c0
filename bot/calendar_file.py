"""A date that comes each week, as a file for the person's own calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

from bot import zones

__all__ = ["weekly"]

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Who made the file, as calendars show it: it tells a bystander nothing.
_MADE_BY: Final = "-//Notes//EN"


def weekly(title: str, days: Sequence[int], at: str, minutes: int, moment: datetime) -> bytes:
    """The file.

    Args:
        title: all that others read of it.
        days: of the week, 0 for Monday; at least one.
        at: HH:MM by the person's clock.
        minutes: how long it takes.
        moment: the person's now; where it has no zone, the date goes by the clock of the device that opens it.
    """
    from icalendar import Alarm, Calendar, Event, vRecur  # a tenth of a second, which a start need not wait for

    first = zones.next_on(moment, days, at)
    event = Event()
    event.add("uid", uuid.uuid4().hex)
    event.add("dtstamp", moment.astimezone(timezone.utc) if moment.tzinfo else datetime.now(timezone.utc))
    event.add("dtstart", first)
    event.add("duration", timedelta(minutes=minutes))
    event.add("rrule", vRecur({"FREQ": "WEEKLY", "BYDAY": [_DAYS[day] for day in days]}))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    if first.tzinfo is not None:
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
