"""Asking for one's own data, or for its end, is heard wherever the conversation stands; only danger comes before it."""

from __future__ import annotations

import pytest

from bot.engine.reply import Reply
from tests.conversation.house import Rig


def heard(rig: Rig) -> str:
    return rig.engine.heard[-1] if rig.engine.heard else ""


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("forget me", "/ask_forget"),
        ("Forget me!", "/ask_forget"),
        ("erase everything", "/ask_forget"),
        ("delete my data", "/ask_forget"),
        ("Export my data.", "/ask_export"),
    ],
)
def test_the_words_that_the_coach_promised_to_obey_need_no_understanding(rig: Rig, typed: str, asked: str) -> None:
    rig.says(typed)
    assert heard(rig) == asked


def test_somebody_in_the_middle_of_the_plan_for_hard_hours_is_not_taken_to_have_answered(rig: Rig) -> None:
    rig.says("new plan")
    rig.says("when the house is quiet")
    rig.says("forget me")
    assert heard(rig) == "/ask_forget"
    assert "quiet" not in heard(rig)


def test_somebody_under_age_may_have_everything_erased(rig: Rig) -> None:
    rig.says("i am 15 and my boyfriend ignores me")
    rig.says("no")
    before = len(rig.engine.heard)
    rig.says("tell me about kindness")
    assert len(rig.engine.heard) == before  # nothing of the coach is for them
    rig.engine.does = lambda text: [Reply("Shall I?", ({"title": "Yes, erase it", "payload": "/confirm_forget"},))]
    rig.says("forget me")
    assert heard(rig) == "/ask_forget"
    rig.says("Yes, erase it")
    assert heard(rig) == "/confirm_forget"


def test_danger_in_the_same_breath_is_answered_first(rig: Rig) -> None:
    said = rig.says("forget me, i want to kill myself tonight")
    assert rig.engine.heard == []
    assert len(said) >= 1
