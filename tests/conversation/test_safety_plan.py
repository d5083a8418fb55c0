"""The safety plan as a person makes it: one question at a time, their own words, kept only if they say so."""

from __future__ import annotations

import pytest

from bot.conversation.plan import STEPS
from tests.conftest import MovedClock
from tests.conversation.house import Rig

ANSWERS = ["when the house is quiet", "a hot shower", "the library", "my sister Jo", "my doctor", "Jo keeps the key"]


class Home:
    """One person at home, writing."""

    def __init__(self, rig: Rig, clock: MovedClock) -> None:
        self.rig = rig
        self.clock = clock

    def hear(self, text: str) -> list[str]:
        """What the coach says to a message."""
        return [bubble.text for bubble in self.rig.says(text)]


@pytest.fixture
def home(rig: Rig, clock: MovedClock) -> Home:
    return Home(rig, clock)


def _until_done(home: Home) -> list[str]:
    home.hear("I want to kill myself")
    home.hear("A plan to get through this")
    home.hear("Let's write it")
    said: list[str] = []
    for answer in ANSWERS:
        said = home.hear(answer)
    return said


def test_six_questions_lead_to_a_plan_in_their_own_words(home: Home) -> None:
    said = _until_done(home)
    assert all(answer in said[0] for answer in ANSWERS)
    assert "Shall I?" in said[-1]


def test_a_kept_plan_is_shown_when_it_is_asked_for_and_only_then(home: Home) -> None:
    _until_done(home)
    home.hear("yes please")
    assert not any("hot shower" in text for text in home.hear("Hello again"))
    assert "hot shower" in home.hear("my plan")[0]


def test_a_plan_that_was_not_kept_is_gone(home: Home) -> None:
    _until_done(home)
    home.hear("no thanks")
    assert not any("hot shower" in text for text in home.hear("my plan"))


def test_a_kept_plan_can_be_forgotten(home: Home) -> None:
    _until_done(home)
    home.hear("Keep it for me")
    home.hear("forget my plan")
    assert not any("hot shower" in text for text in home.hear("my plan"))


def test_a_yes_that_comes_later_keeps_nothing(home: Home) -> None:
    _until_done(home)
    home.hear("He came home just now")
    home.hear("yes")
    assert not any("hot shower" in text for text in home.hear("my plan"))


def test_no_one_is_an_answer_and_not_a_refusal(home: Home) -> None:
    home.hear("a plan for hard hours")
    for _ in STEPS[:3]:
        home.hear("Skip this one")
    home.hear("no one")
    home.hear("Skip this one")
    assert "no one" in home.hear("Skip this one")[0]


def test_an_alarm_in_the_middle_brings_helplines_and_the_plan_waits(home: Home) -> None:
    home.hear("a plan for hard hours")
    said = home.hear("when I start to think I'm going to kill myself tonight")
    assert any("emergency number" in text for text in said)
    assert "Two of six" in home.hear("Go on with the plan")[0]


def test_an_alarm_at_the_last_step_is_answered_before_the_plan_is_shown(home: Home) -> None:
    home.hear("a plan for hard hours")
    for answer in ANSWERS[:-1]:
        home.hear(answer)
    said = home.hear("nothing, I'm going to kill myself tonight")
    assert any("emergency number" in text for text in said)
    assert not any("Kept" in text for text in home.hear("yes"))
    assert "hot shower" in home.hear("Go on with the plan")[0]


def test_fear_of_the_partner_in_the_middle_is_answered_first(home: Home) -> None:
    home.hear("a plan for hard hours")
    said = home.hear("he hit me again and I'm scared of him")
    assert not any("Two of six" in text for text in said)
    assert "One of six" in home.hear("Go on with the plan")[0]


def test_stopping_loses_nothing_today(home: Home) -> None:
    home.hear("a plan for hard hours")
    home.hear("when the house is quiet")
    home.hear("Stop for now")
    home.hear("He came home just now")
    assert "Two of six" in home.hear("Go on with the plan")[0]


def test_half_a_day_later_an_unfinished_plan_is_gone(home: Home) -> None:
    home.hear("a plan for hard hours")
    home.hear("when the house is quiet")
    home.clock.move(hours=13)
    assert not any("of six" in text for text in home.hear("He came home just now"))


@pytest.mark.parametrize("text", ["my plan", "show my safety plan"])
def test_without_a_plan_one_is_offered(home: Home, text: str) -> None:
    assert "no plan" in home.hear(text)[0]
