"""The country is what the person said: kept where they agreed, for this talk only where not, and used by safety."""

from __future__ import annotations

import pytest

from bot.memory.country import country_of, keep_country, may_ask_country, note_country_asked
from bot.memory.turn import Turn, current_turn
from tests.conversation.house import Rig


def within(rig: Rig, does: object) -> None:
    """Do something in a turn."""

    def act(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        does(turn)  # type: ignore[operator]

    rig.engine.does = act  # type: ignore[assignment]
    rig.says("something")


@pytest.mark.parametrize(("code", "line"), [("IE", "Samaritans"), ("US", "988"), ("IS", "findahelpline.com")])
def test_help_now_names_the_lines_of_the_country_that_was_said(rig: Rig, code: str, line: str) -> None:
    within(rig, lambda turn: keep_country(turn, code))
    said = " ".join(bubble.text for bubble in rig.says("help now"))
    assert line in said


def test_without_a_country_nothing_is_guessed(rig: Rig) -> None:
    assert "findahelpline.com" in " ".join(bubble.text for bubble in rig.says("help now"))


def test_a_country_is_remembered_with_consent_and_goes_with_a_no(rig: Rig) -> None:
    within(rig, lambda turn: keep_country(turn, "IE"))
    assert "country" not in rig.remembered()
    within(rig, lambda turn: turn.set_consent(True))
    assert rig.remembered()["country"] == "IE"
    within(rig, lambda turn: turn.set_consent(False))
    assert "country" not in rig.remembered()


def test_it_is_asked_once_and_never_where_it_is_known_or_nothing_is_to_be_asked(rig: Rig) -> None:
    seen: list[bool] = []

    def look(turn: Turn) -> None:
        seen.append(may_ask_country(turn))
        turn.state["safety"]["locked"] = True
        seen.append(may_ask_country(turn))
        turn.state["safety"].pop("locked")
        note_country_asked(turn)
        seen.append(may_ask_country(turn))
        turn.state.pop("country_asked")
        keep_country(turn, "US")
        turn.state.pop("country_asked")
        seen.append(may_ask_country(turn))
        assert country_of(turn) == "US"

    within(rig, look)
    assert seen == [True, False, False, False]
