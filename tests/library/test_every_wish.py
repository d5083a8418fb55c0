"""Whatever somebody may say of their evening, three ideas fit it with no wish given up."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library import Filters, Shelf
from bot.library.filters import distance, is_safe
from bot.library.schema import Cost, Energy, Kind, Mood, Setting, Trouble

from .conftest import SHIPPED

SHELF = Shelf.load(SHIPPED)
MINUTES: tuple[int | None, ...] = (None, 1, 2, 5, 10, 15, 30, 60, 120)
COSTS: tuple[Cost | None, ...] = (None, "free", "small")
ENERGIES: tuple[Energy | None, ...] = (None, "low", "medium")
SETTINGS: tuple[Setting | None, ...] = (None, "together", "apart")
MOODS: tuple[Mood, ...] = ("calm", "tense", "after_a_fight")
TROUBLES: tuple[frozenset[Trouble], ...] = (
    frozenset(), frozenset({"grief"}), frozenset({"infidelity"}), frozenset({"grief", "infidelity"})
)  # fmt: skip
KINDS: tuple[Kind, ...] = ("kindness", "novelty")


def fitting(kind: Kind, asked: Filters) -> frozenset[str]:
    """The ids of all that fits one wish; what fits several wishes fits each of them."""
    return frozenset(idea.id for idea in getattr(SHELF, kind) if distance(idea, asked) == 0)


@pytest.mark.parametrize("kind", KINDS)
def test_for_every_time_cost_strength_house_place_mood_and_trouble_three_ideas_fit(kind: Kind) -> None:
    short = {minutes: fitting(kind, Filters(minutes=minutes)) for minutes in MINUTES}
    safe = {
        (mood, trouble): frozenset(idea.id for idea in getattr(SHELF, kind) if is_safe(idea, Filters(mood, trouble)))
        for mood, trouble in product(MOODS, TROUBLES)
    }
    wishes = [
        {cost: fitting(kind, Filters(cost=cost)) for cost in COSTS},
        {energy: fitting(kind, Filters(energy=energy)) for energy in ENERGIES},
        {children: fitting(kind, Filters(children_present=children)) for children in (False, True)},
        {setting: fitting(kind, Filters(setting=setting)) for setting in SETTINGS},
        {at_home: fitting(kind, Filters(at_home=at_home)) for at_home in (False, True)},
    ]
    empty = []
    for minutes, days in product(short.items(), safe.items()):
        for chosen in product(*(wish.items() for wish in wishes)):
            left = minutes[1] & days[1]
            for _, ids in chosen:
                left &= ids
            if len(left) < 3:
                empty.append((minutes[0], days[0], [name for name, _ in chosen]))
    assert empty == []


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.builds(
        Filters,
        mood=st.sampled_from(MOODS),
        trouble=st.sampled_from(TROUBLES),
        minutes=st.sampled_from(MINUTES),
        cost=st.sampled_from(COSTS),
        energy=st.sampled_from(ENERGIES),
        setting=st.sampled_from(SETTINGS),
        children_present=st.booleans(),
        at_home=st.booleans(),
    ),
    st.integers(0, 2**16),
)
def test_three_are_offered_and_each_keeps_every_wish(kind: Kind, asked: Filters, seed: int) -> None:
    ideas = SHELF.pick(kind, asked, [], rng=Random(seed))
    assert len({idea.id for idea in ideas}) == 3
    assert all(distance(idea, asked) == 0 for idea in ideas)


@pytest.mark.parametrize(("mood", "trouble"), product(MOODS, TROUBLES))
def test_a_person_who_is_afraid_finds_three_things_for_a_minute_that_cost_nothing(
    mood: Mood, trouble: frozenset[Trouble]
) -> None:
    asked = Filters(mood, trouble | {"fear"}, 1, "free", "low", children_present=True)
    ideas = SHELF.pick("kindness", asked, [], rng=Random(1))
    assert [distance(idea, asked) for idea in ideas] == [0, 0, 0]
