"""What our own buttons say isn't weighed like a person's words; what a person says, and a counsellor's answers, are."""

from __future__ import annotations

import pytest

from bot.engine.reply import Reply
from bot.memory.turn import current_turn
from bot.safety.gate import Gate
from bot.safety.verdict import Level
from bot.settings import PROJECT
from bot.understanding.minilm import encode
from tests.conversation.house import Rig

#: The learned tier hears more in it than we meant.
TITLE = "The long way, on purpose"


@pytest.fixture(scope="module")
def learned() -> Gate:
    gate = Gate.load(PROJECT / "data", encode)
    assert gate.screen(TITLE).level is Level.ask, "This title is heard rightly now; take another one."
    return gate


@pytest.fixture(autouse=True)
def _with_the_learned_tier(rig: Rig, learned: Gate) -> None:
    rig.runner.guard.gate = learned


def offers(title: str, rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("One of these?", ({"title": title, "payload": "/take_it"},))]


def test_a_tap_on_our_button_goes_through(rig: Rig) -> None:
    offers(TITLE, rig)
    rig.taps(rig.says("an idea, please")[-1], 0)
    assert rig.engine.heard[-1] == "/take_it"


def test_the_same_words_typed_below_it_go_through(rig: Rig) -> None:
    offers(TITLE, rig)
    rig.says("an idea, please")
    rig.says(f" {TITLE.lower()} ")
    assert rig.engine.heard[-1] == "/take_it"


def test_the_same_words_are_asked_about_where_nobody_offered_them(rig: Rig) -> None:
    rig.says("an idea, please")
    assert "?" in rig.says(TITLE)[-1].text
    assert rig.engine.heard == ["an idea, please"]


def test_more_than_the_button_says_is_weighed_as_ever(rig: Rig) -> None:
    offers(TITLE, rig)
    rig.says("an idea, please")
    rig.says(f"{TITLE}, and I have written a letter to each of them")
    assert rig.engine.heard == ["an idea, please"]


def test_plain_danger_on_a_button_is_answered_all_the_same(rig: Rig) -> None:
    offers("I want to kill myself", rig)
    rig.taps(rig.says("an idea, please")[-1], 0)
    assert rig.engine.heard == ["an idea, please"]


def test_an_answer_that_a_counsellor_wrote_is_weighed_like_the_clients_words(rig: Rig) -> None:
    def asks(text: str) -> list[Reply]:
        turn = current_turn()
        assert turn is not None
        turn.state["script"] = {"name": "Intake", "waiting": "answer"}
        return [Reply("How was it?", ({"title": TITLE, "payload": ""},))]

    rig.engine.does = asks
    bubble = rig.says("hello")[-1]
    rig.taps(bubble, 0)
    assert rig.engine.heard == ["hello"]
