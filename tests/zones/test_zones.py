"""Wall clocks anywhere on earth: reminders ring at the time that was said, and nobody is written to at night."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zones import (
    QUIET_FROM,
    QUIET_UNTIL,
    after,
    days_named,
    is_zone,
    local,
    machine_zone,
    next_at,
    next_on,
    out_of_quiet_hours,
    shown_zone,
    still_at,
)

ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 1)).map(
    lambda moment: moment.replace(tzinfo=timezone.utc).timestamp()
)
TIMES = st.times().map(lambda one: f"{one:%H:%M}")
DAYS = st.integers(0, 60)


def exists(day: date, clock: time, zone: str) -> bool:
    """Whether a wall clock in the zone ever shows this, told by going there and back."""
    said = datetime.combine(day, clock, ZoneInfo(zone))
    return said.astimezone(timezone.utc).astimezone(ZoneInfo(zone)).replace(fold=0) == said


def at(zone: str, *clock: int) -> datetime:
    return datetime(*clock, tzinfo=ZoneInfo(zone))


@settings(max_examples=400, deadline=None)
@given(ZONES, MOMENTS, DAYS, TIMES)
def test_a_reminder_rings_at_the_time_that_was_said_or_at_the_first_one_after_it(
    zone: str, now: float, days: int, said: str
) -> None:
    due = next_at(local(now, zone), said, days * 86400)
    assert due.timestamp() > now
    wanted = time.fromisoformat(said)
    if exists(due.date(), wanted, zone):
        assert due.time() == wanted
        return
    # The clocks jumped over it: a minute earlier the wall clock still stood before the time that was said.
    day = due.date() if due.time() >= wanted else due.date() - timedelta(days=1)
    before = local(due.timestamp() - 60, zone)
    assert (before.date(), before.time()) < (day, wanted) <= (due.date(), due.time())


@settings(max_examples=300, deadline=None)
@given(ZONES, MOMENTS, st.integers(1, 60), TIMES)
def test_it_rings_on_the_day_that_was_said(zone: str, now: float, days: int, said: str) -> None:
    today = local(now, zone)
    due = next_at(today, said, days * 86400)
    wanted = today.date() + timedelta(days=days)
    if exists(wanted, time.fromisoformat(said), zone) and exists(wanted, today.time(), zone):
        assert due.date() == wanted


@settings(max_examples=300, deadline=None)
@given(ZONES, MOMENTS)
def test_nothing_that_the_coach_proposes_comes_in_the_quiet_hours(zone: str, now: float) -> None:
    moved = out_of_quiet_hours(local(now, zone))
    assert QUIET_UNTIL <= moved.time() < QUIET_FROM
    assert 0 <= moved.timestamp() - now <= 37 * 3600
    assert out_of_quiet_hours(moved) == moved


@settings(max_examples=200, deadline=None)
@given(ZONES, MOMENTS, st.integers(0, 100 * 3600))
def test_a_stretch_of_hours_is_exact_and_days_keep_the_time_of_day(zone: str, now: float, seconds: int) -> None:
    later = after(local(now, zone), seconds).timestamp()
    assert later - now == pytest.approx(seconds, abs=86400 if seconds >= 86400 else 1)


@settings(max_examples=200, deadline=None)
@given(ZONES, ZONES, MOMENTS, st.floats(60, 86400 * 30))
def test_who_moves_keeps_the_time_of_day(old: str, new: str, now: float, ahead: float) -> None:
    due = local(float(int(now + ahead)), old)
    moved = local(still_at(due.timestamp(), old, new, now), new)
    assert moved.timestamp() > now
    if exists(moved.date(), due.time().replace(fold=0), new):
        assert moved.time().replace(fold=0) == due.time().replace(fold=0)


def test_a_time_that_the_clocks_jump_over_is_the_first_one_after_it() -> None:
    due = next_at(at("Europe/Berlin", 2027, 3, 27, 20, 0), "02:30", 86400)
    assert due == at("Europe/Berlin", 2027, 3, 28, 3, 0) and due.timestamp() == 1_806_195_600


def test_a_time_that_comes_twice_is_the_first_of_both() -> None:
    due = next_at(at("America/New_York", 2027, 11, 6, 20, 0), "01:30", 86400)
    assert due.utcoffset() == timedelta(hours=-4)


def test_two_days_over_the_night_of_the_change_are_two_days() -> None:
    evening = at("Europe/Lisbon", 2027, 3, 27, 23, 30)
    assert next_at(evening, "19:00", 2 * 86400) == at("Europe/Lisbon", 2027, 3, 29, 19, 0)
    assert after(evening, 2 * 86400) == at("Europe/Lisbon", 2027, 3, 29, 23, 30)


def test_two_hours_over_the_change_are_two_hours() -> None:
    assert after(at("Europe/Berlin", 2027, 3, 28, 1, 0), 7200) == at("Europe/Berlin", 2027, 3, 28, 4, 0)


def test_a_day_that_never_was_leads_to_the_next_one() -> None:
    assert next_at(at("Pacific/Apia", 2011, 12, 29, 12, 0), "19:00", 86400) == at("Pacific/Apia", 2011, 12, 31, 19, 0)


def test_a_time_of_today_that_has_passed_is_tomorrows() -> None:
    assert next_at(at("Asia/Tokyo", 2027, 1, 4, 20, 0), "07:00", 7200) == at("Asia/Tokyo", 2027, 1, 5, 7, 0)


@pytest.mark.parametrize(
    ("clock", "moved"),
    [
        ((2027, 1, 4, 21, 29), (2027, 1, 4, 21, 29)),
        ((2027, 1, 4, 21, 30), (2027, 1, 5, 8, 0)),
        ((2027, 1, 4, 23, 59), (2027, 1, 5, 8, 0)),
        ((2027, 1, 5, 0, 0), (2027, 1, 5, 8, 0)),
        ((2027, 1, 5, 7, 59), (2027, 1, 5, 8, 0)),
        ((2027, 1, 5, 8, 0), (2027, 1, 5, 8, 0)),
    ],
)
def test_what_falls_into_the_night_comes_the_next_morning(clock: tuple[int, ...], moved: tuple[int, ...]) -> None:
    assert out_of_quiet_hours(at("Africa/Lagos", *clock)) == at("Africa/Lagos", *moved)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Lisbon", "Lisbon"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+5", "UTC-5"),
        ("Etc/GMT", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_zone_is_said_as_people_say_it(zone: str, shown: str) -> None:
    assert shown_zone(zone) == shown


@pytest.mark.parametrize("rubbish", [None, 5, "", "Mars/Base", "../etc/passwd", "America", ["Europe/Berlin"], {}])
def test_what_is_no_zone_is_known_as_none(rubbish: object) -> None:
    assert not is_zone(rubbish)


def test_the_machine_has_a_zone() -> None:
    assert is_zone(machine_zone())


@settings(max_examples=200, deadline=None)
@given(ZONES, MOMENTS, st.sets(st.integers(0, 6), min_size=1), TIMES)
def test_what_comes_each_week_comes_on_its_days_and_within_eight_days(
    zone: str, now: float, days: set[int], said: str
) -> None:
    moment = local(now, zone)
    due = next_on(moment, days, said)
    assert due.weekday() in days
    # Samoa once left out a whole day.
    assert 0 < due.timestamp() - now <= 9 * 86400


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Sunday", (6,)),
        ("sundays and Wednesdays", (2, 6)),
        ("Thursday, Monday", (0, 3)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("weekday", (0, 1, 2, 3, 4)),
        ("the weekend", (5, 6)),
        ("monkey business", ()),
        ("", ()),
    ],
)
def test_days_of_the_week_are_read_as_people_name_them(said: str, days: tuple[int, ...]) -> None:
    assert days_named(said) == days
