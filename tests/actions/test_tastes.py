"""The coach keeps what became of ideas, hears whether anything came back, and minds what was told of the days."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions.common import Say
from actions.tastes import happened, liking, minded, note, note_circumstances, rests, with_circumstances
from bot.library.filters import Filters
from bot.memory.turn import Turn

DAY = 86400.0


def turn_at(state: dict[str, Any], day: float, turns: int = 1) -> Turn:
    """What these functions ask of a turn."""
    return cast(Turn, SimpleNamespace(state=state, now=day * DAY, conversation=SimpleNamespace(turns=turns)))


def says(text: str) -> Say:
    return cast(Say, SimpleNamespace(text=text))


def kindness_then(state: dict[str, Any], day: float, answer: str) -> None:
    """A kindness is done, and the person tells what came back."""
    note(turn_at(state, day, turns=1), "warm-cup", "done")
    minded(says(answer), turn_at(state, day, turns=2))


@pytest.mark.parametrize(
    "answer",
    [
        "nothing",
        "not a word",
        "she didn't even notice",
        "He didn’t react at all.",
        "no reaction, as ever",
        "he shrugged",
    ],
)
def test_three_kindnesses_to_which_nothing_came_back_let_giving_rest(answer: str) -> None:
    state: dict[str, Any] = {}
    for day in (100, 103):
        kindness_then(state, day, answer)
        assert not rests(turn_at(state, day))
    kindness_then(state, 105, answer)
    assert rests(turn_at(state, 105))
    assert not rests(turn_at(state, 140))


@pytest.mark.parametrize("answer", ["she smiled", "nothing big, but he said thanks", "a hug!", "we laughed about it"])
def test_one_answer_from_the_partner_and_giving_goes_on(answer: str) -> None:
    state: dict[str, Any] = {}
    for day in (100, 101, 102):
        kindness_then(state, day, "nothing")
    kindness_then(state, 103, answer)
    assert not rests(turn_at(state, 103))


def test_what_somebody_writes_much_later_is_no_answer_to_what_came_back() -> None:
    state: dict[str, Any] = {}
    note(turn_at(state, 100, turns=1), "warm-cup", "done")
    minded(says("nothing"), turn_at(state, 100, turns=9))
    assert [each.outcome for each in happened(turn_at(state, 100))] == ["done"]


def test_care_for_oneself_is_not_asked_what_came_back() -> None:
    state: dict[str, Any] = {}
    note(turn_at(state, 100), "cool-wrists", "done")
    minded(says("nothing"), turn_at(state, 100, turns=2))
    assert [each.outcome for each in happened(turn_at(state, 100))] == ["done"]


def test_of_what_happened_only_the_idea_the_outcome_and_the_day_are_kept() -> None:
    state: dict[str, Any] = {}
    kindness_then(state, 100.7, "nothing, he never looks up from that phone")
    assert state == {"tastes": [["warm-cup", "done", 100], ["warm-cup", "unanswered", 100]]}


def test_the_smaller_version_counts_for_its_idea_and_what_is_on_no_shelf_for_none() -> None:
    state: dict[str, Any] = {}
    note(turn_at(state, 100), "smaller:smaller:warm-cup", "planned")
    note(turn_at(state, 100), "turn-toward", "planned")
    assert [each.idea for each in happened(turn_at(state, 100))] == ["warm-cup"]


def test_what_was_offered_and_not_taken_is_passed_over() -> None:
    state: dict[str, Any] = {"offered": ["warm-cup", "best-bite", "lost-keys"]}
    note(turn_at(state, 100), "best-bite", "chosen")
    assert liking(turn_at(state, 100)).passed == {"warm-cup", "lost-keys"}


def test_a_fight_told_today_shapes_the_offers_until_tomorrow() -> None:
    state: dict[str, Any] = {}
    note_circumstances(turn_at(state, 100), "we had a huge fight about the dishes")
    assert with_circumstances(turn_at(state, 101), Filters()).mood == "after_a_fight"
    assert with_circumstances(turn_at(state, 102), Filters()).mood == "calm"


def test_an_affair_and_a_loss_that_were_told_are_minded_for_two_months() -> None:
    state: dict[str, Any] = {}
    note_circumstances(turn_at(state, 100), "he had an affair")
    note_circumstances(turn_at(state, 120), "and then my mother died")
    assert with_circumstances(turn_at(state, 150), Filters()).trouble == {"grief", "infidelity"}
    assert with_circumstances(turn_at(state, 170), Filters()).trouble == {"grief"}
    assert state == {"days": {"infidelity": 100, "grief": 120}}
