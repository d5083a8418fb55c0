"""What was said in danger is come back to once, in the next session, and tells nobody who reads along what it was."""

from __future__ import annotations

from tests.conftest import MovedClock
from tests.conversation.house import Rig


def _texts(rig: Rig, text: str) -> list[str]:
    return [bubble.text for bubble in rig.says(text)]


def test_after_an_alarm_the_next_session_asks_once(rig: Rig, clock: MovedClock) -> None:
    rig.says("I want to kill myself")
    clock.move(hours=30)
    assert "one plain question" in _texts(rig, "good evening")[0]
    rig.says("no")
    clock.move(hours=30)
    assert _texts(rig, "good evening") == ["heard: good evening"]


def test_within_the_same_session_it_is_not_asked_again(rig: Rig, clock: MovedClock) -> None:
    rig.says("I want to kill myself")
    rig.says("yes")
    clock.move(hours=1)
    assert _texts(rig, "she came over, we drank tea") == ["heard: she came over, we drank tea"]


def test_a_yes_in_the_next_session_brings_people_again(rig: Rig, clock: MovedClock) -> None:
    rig.says("I want to kill myself")
    clock.move(hours=30)
    rig.says("good evening")
    assert any("emergency number" in text for text in _texts(rig, "yes"))


def test_after_fear_the_next_session_asks_whether_it_is_safe_to_write(rig: Rig, clock: MovedClock) -> None:
    rig.says("he hit me and I am scared of him")
    clock.move(hours=30)
    (said,) = _texts(rig, "good evening")
    assert "safe" in said
    assert not any(word in said for word in ("hit", "scared", "afraid", "partner"))


def test_a_question_answered_with_yes_is_followed_up_like_an_alarm(rig: Rig, clock: MovedClock) -> None:
    rig.says("they'd be better off without me")
    rig.says("yes")
    clock.move(hours=30)
    assert "one plain question" in _texts(rig, "good evening")[0]


def test_words_after_a_command_are_read_for_danger_too(rig: Rig) -> None:
    from bot.conversation.messages import Kind

    said = rig.says("start I want to kill myself", kind=Kind.COMMAND)
    assert any("emergency number" in bubble.text for bubble in said)
    assert rig.engine.heard == []
