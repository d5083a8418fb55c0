"""Nobody can flood the coach, and nobody who talks the way people talk ever notices that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.limits import Limits, Rate, network


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_rush_is_let_through_until_it_becomes_a_flood_and_waiting_helps() -> None:
    clock = Hand()
    rate = Rate(60, 3, clock)

    assert [rate.allows("one") for _ in range(5)] == [True, True, True, False, False]
    clock.now = 2.0
    assert [rate.allows("one") for _ in range(3)] == [True, True, False]


def test_a_flood_of_one_slows_nobody_else() -> None:
    rate = Rate(60, 1, Hand())

    assert [rate.allows("flood"), rate.allows("flood"), rate.allows("somebody")] == [True, False, True]


@given(st.lists(st.floats(0, 30), max_size=80), st.integers(1, 300), st.integers(1, 50))
def test_whatever_the_rhythm_no_more_comes_through_than_was_set(
    pauses: list[float], a_minute: int, at_once: int
) -> None:
    clock = Hand()
    rate = Rate(a_minute, at_once, clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += rate.allows("one")

    assert passed <= at_once + clock.now * a_minute / 60 + 1e-6


@given(st.lists(st.floats(1, 30), max_size=60))
def test_whoever_keeps_the_rate_is_never_slowed(pauses: list[float]) -> None:
    clock = Hand()
    rate = Rate(60, 1, clock)
    for pause in pauses:
        clock.now += pause + 1e-6
        assert rate.allows("one")


def test_names_of_people_who_are_gone_are_forgotten() -> None:
    clock = Hand()
    rate = Rate(60, 5, clock)
    for number in range(10_000):
        rate.allows(str(number))
    clock.now = 3600.0
    rate.allows("the next")

    assert set(rate._left) == {"the next"}


def test_no_limit_lets_everything_through() -> None:
    limits = Limits(0)

    assert all(limits.allow("one", "here") and limits.opened("here") for _ in range(1000))


def test_one_network_holds_so_many_pages_and_a_closed_one_makes_room() -> None:
    limits = Limits(1)
    assert [limits.opened("here") for _ in range(11)] == [True] * 10 + [False]
    limits.closed("here")

    assert [limits.opened("here"), limits.opened("here"), limits.opened("there")] == [True, False, True]


def test_new_conversations_do_not_get_a_network_round_its_limit() -> None:
    limits = Limits(60, Hand())

    assert sum(limits.allow(str(number), "here") for number in range(1000)) == 300


@pytest.mark.parametrize(
    ("host", "same"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("a socket", "a socket"),
    ],
)
def test_a_household_counts_as_one(host: str, same: str) -> None:
    assert network(host) == same
