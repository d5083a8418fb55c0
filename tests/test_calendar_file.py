"""A date for one's own calendar: each week at the wall clock's time, under a title that gives nothing away."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.calendar_file import weekly

LISBON = ZoneInfo("Europe/Lisbon")
MONDAY = datetime(2027, 3, 22, 12, 0, tzinfo=LISBON)


def event_of(file: bytes) -> dict[str, object]:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return dict(event)


def test_two_evenings_a_week_stand_in_the_calendar_at_the_same_time_of_day() -> None:
    file = weekly("Fifteen minutes", (2, 6), "19:30", 15, MONDAY)
    event = event_of(file)
    assert event["DTSTART"].dt == datetime(2027, 3, 24, 19, 30, tzinfo=LISBON)
    assert event["DURATION"].dt == timedelta(minutes=15)
    assert (event["RRULE"]["FREQ"], event["RRULE"]["BYDAY"]) == (["WEEKLY"], ["WE", "SU"])
    # The zone's own rules go with it, so that it stays at 19:30 when the clocks change on 28 March.
    assert b"BEGIN:VTIMEZONE" in file and b"TZID=Europe/Lisbon" in file


def test_whoever_looks_at_the_calendar_reads_the_title_and_nothing_else_of_it() -> None:
    file = weekly("Your note", (6,), "20:00", 15, MONDAY)
    text = file.decode().lower()
    assert "your note" in text
    assert not any(word in text for word in ("toward", "partner", "couple", "coach", "talk", "relationship"))


def test_a_title_with_signs_of_the_format_stays_one_title() -> None:
    title = "Us; you, me\nBEGIN:VEVENT"
    assert str(event_of(weekly(title, (6,), "20:00", 15, MONDAY))["SUMMARY"]) == title


def test_without_a_known_zone_it_goes_by_the_clock_of_the_device() -> None:
    file = weekly("Your note", (0,), "20:00", 15, MONDAY.replace(tzinfo=None))
    assert b"DTSTART:20270322T200000\r\n" in file
    assert b"VTIMEZONE" not in file
