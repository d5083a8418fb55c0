"""A complaint becomes a request in the person's own words: event, feeling, wish, and no sweeping word in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.gently import drafts_of, softened, sweeping_in, to_you


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("he came home and went straight to his phone", "you came home and went straight to your phone"),
        ("she never asks about my day", "you never ask about my day"),
        ("my husband was on the couch and I told him about it", "you were on the couch and I told you about it"),
        ("he's always at work", "you're always at work"),
        ("she doesn't look up when I talk to her", "you don't look up when I talk to you"),
        ("I asked, and he watches tv", "I asked, and you watch tv"),
    ],
)
def test_what_is_told_of_somebody_is_turned_to_them(written: str, said: str) -> None:
    assert to_you(written) == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("you never listen", ("never",)),
        ("he is always on his phone, every time", ("always", "every time")),
        ("you are so lazy", ("you are so lazy",)),
        ("on Friday you came home late", ()),
        ("you are at work on Friday", ()),
    ],
)
def test_sweeping_words_are_caught(text: str, found: tuple[str, ...]) -> None:
    assert sweeping_in(text) == found


def test_three_drafts_have_event_feeling_and_request() -> None:
    drafts = drafts_of(
        "When he came home he went straight to his phone.", "I felt like air", "I'd like him to sit with me"
    )
    assert drafts is not None
    assert (
        drafts.texts[0] == "When you came home you went straight to your phone, I felt like air. Could you sit with me?"
    )
    assert len(set(drafts.texts)) == 3
    for text in drafts.texts:
        assert "phone" in text and "like air" in text and "sit with me" in text
        assert len(text.split()) <= 50


def test_a_wish_for_a_thing_is_asked_for_as_a_thing() -> None:
    drafts = drafts_of("she scrolled all through dinner", "alone", "ten minutes without phones")
    assert drafts is not None
    assert drafts.texts[0].endswith("Could we have ten minutes without phones?")


def test_a_wish_told_of_somebody_becomes_a_request_to_them() -> None:
    drafts = drafts_of("he forgot to pick me up", "like i don't count", "that he sets an alarm")
    assert drafts is not None
    assert drafts.texts[0] == "When you forgot to pick me up, I felt like I don't count. Could you set an alarm?"


def test_without_an_event_or_a_wish_there_is_no_draft() -> None:
    assert drafts_of("", "alone", "a hug") is None
    assert drafts_of("he left", "alone", "") is None


WORDS = st.sampled_from(
    "he she never always you are so lazy my husband comes home late I felt alone nothing his phone talk to me".split()
)
PIECES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)


@given(PIECES, PIECES, PIECES)
def test_no_draft_is_long_or_says_always_or_never(event: str, feeling: str, request: str) -> None:
    drafts = drafts_of(event, feeling, request)
    if drafts is not None:
        for text in drafts.texts:
            assert len(text.split()) <= 50
            own = text.replace(feeling, "")
            assert "always" not in softened(own) and "never" not in softened(own)
