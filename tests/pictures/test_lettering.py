"""Lines break where they fit, and what is left out is marked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.lettering import ELLIPSIS, balanced, cleaned, shown, width, wrapped

ROOM = 276.0
SIZE = 28.0


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(1, 6))
def test_no_line_is_wider_than_its_room_and_there_are_no_more_than_asked_for(text: str, most: int) -> None:
    lines = wrapped(cleaned(text), SIZE, ROOM, most)
    assert len(lines) <= most
    for line in lines:
        # One letter with many marks on it can't be broken.
        assert width(line, SIZE) <= ROOM or len(line) == 1


@settings(deadline=None)
@given(st.text(max_size=400))
def test_with_room_enough_nothing_is_lost(text: str) -> None:
    words = cleaned(text)
    assert "".join(wrapped(words, SIZE, ROOM, 1000)).replace(" ", "") == words.replace(" ", "")


def test_a_family_emoji_and_an_accented_letter_are_not_torn_apart() -> None:
    for letter in ("👩\u200d👩\u200d👧", "e\u0301", "👍🏽"):
        lines = wrapped(letter * 60, SIZE, ROOM, 100)
        assert len(lines) > 1
        assert all(line.startswith(letter) for line in lines)


def test_an_ellipsis_stands_where_words_are_left_out() -> None:
    assert wrapped("one two three " * 40, SIZE, ROOM, 2)[-1].endswith(ELLIPSIS)


def test_centred_lines_leave_no_word_alone() -> None:
    lines = balanced("One small different move can begin here.", SIZE, 480.0, 2)
    assert len(lines) == 2 and len(lines[1].split()) > 1


def test_what_no_font_can_show_is_left_out_and_where_nothing_remains_three_dots_stand() -> None:
    assert shown("tired 🫠 out") == "tired out"
    assert shown("日本") == ELLIPSIS
    assert shown("") == ""
