"""What somebody types reaches the coach as they wrote it, whatever bytes a program puts in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.typed import COMMANDS, clean, typed
from bot.conversation.messages import Kind


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_ordinary_text_stays_exactly_as_written(text: str) -> None:
    assert clean(text) == text


@given(st.text(st.characters()))
def test_any_text_can_be_stored(text: str) -> None:
    stored = clean(text)

    assert "\0" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored


def test_nul_is_dropped_so_that_it_hides_no_word() -> None:
    assert clean("ki\0ll") == "kill"


def test_half_an_emoji_becomes_a_visible_mark_and_two_halves_become_the_emoji() -> None:
    assert clean("sad \ud83d here") == "sad \ufffd here"
    assert clean("\ude22") == "\ufffd"
    assert clean("sad \ud83d\ude22") == "sad 😢"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_typed_alone_is_a_command(name: str) -> None:
    incoming = typed("web", "a", "1", f"  /{name.upper()} \n")

    assert (incoming.kind, incoming.text) == (Kind.COMMAND, name)


@pytest.mark.parametrize(
    "text", ["/help me please", "help", "/intent{}", '/ask{"a": "b"}', "/", "/unknown", "//help", "/help/stop"]
)
def test_anything_else_with_a_slash_is_just_text(text: str) -> None:
    incoming = typed("web", "a", "1", text)

    assert (incoming.kind, incoming.text) == (Kind.TEXT, text)


def test_behind_start_the_code_of_a_script_may_stand() -> None:
    begun = typed("web", "anna", "1", " /start ABC234def5 ")
    assert (begun.kind, begun.text) == (Kind.COMMAND, "start abc234def5")
    assert typed("web", "anna", "1", "/start with all of it").kind is Kind.TEXT
