"""What is typed in a hurry, written out."""

from __future__ import annotations

import pytest

from bot.understanding.plain import plain


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("im so tired rn", "I'm so tired right now"),
        ("Dont know, didnt ask", "Don't know, didn't ask"),
        ("My DH [42M] and I (39f)", "My husband and I"),
        ("dh works", "my husband works"),
        ("he left bc of me lol 😂", "he left because of me"),
        ("idk i just feel sad", "I just feel sad"),
        ("my SO is away", "my partner is away"),
        ("he said “fine” …", 'he said "fine" …'),
        ("i think i'm done", "I think I'm done"),
        ("we were well and he is ill", "we were well and he is ill"),
    ],
)
def test_short_forms_are_written_out_and_nothing_else_is_changed(typed: str, written: str) -> None:
    assert plain(typed) == written
