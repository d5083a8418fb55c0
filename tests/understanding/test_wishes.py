"""What a person asks of an idea in passing, and which of three ideas a few words mean."""

from __future__ import annotations

import pytest

from bot.library.filters import Filters
from bot.understanding.wishes import which_in, wishes_in

TITLES = ("Water for the night", "Feet in warm water", "Luck before the meeting")


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ("something together", Filters(setting="together")),
        ("at home, no money", Filters(at_home=True, cost="free")),
        ("ten minutes, the kids are awake", Filters(minutes=10, children_present=True)),
        ("the kids are asleep", Filters()),
        ("she's away for work, something together by phone", Filters(setting="apart")),
        ("something nice", Filters()),
    ],
)
def test_only_what_is_said_becomes_a_filter(said: str, wishes: Filters) -> None:
    assert wishes_in(said) == wishes


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("the first one", 0),
        ("1", 0),
        ("second", 1),
        ("i'll take number three", 2),
        ("the last one please", 2),
        ("the one with the meeting", 2),
        ("the one with water", None),
        ("the third time this week that he came home late and said nothing", None),
        ("none of these", None),
    ],
)
def test_a_few_words_choose_one_of_three(said: str, place: int | None) -> None:
    assert which_in(said, TITLES) == place
