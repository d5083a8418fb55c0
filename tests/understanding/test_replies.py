"""An answer to a small reach is heard for what it does; what can't be told is not judged."""

from __future__ import annotations

import pytest

from bot.scripts.known import library, replies

HEARD = {
    "oh no, what happened?": "toward",
    "come sit with me": "toward",
    "i would put the phone away and look at it with her": "toward",
    "Wow, show me!": "toward",
    "what colour was it?": "toward",
    "mm": "away",
    "i'm busy, maybe later": "away",
    "i'd just nod and keep reading": "away",
    "can't you see i'm working": "against",
    "why do you always complain": "against",
    "you could do it yourself for once": "against",
    "the weather was grey": "",
    "sure, but you always do that": "",
}


@pytest.mark.parametrize(("said", "way"), HEARD.items())
def test_an_answer_in_own_words_is_heard(said: str, way: str) -> None:
    assert replies().way_of(said) == way


def test_the_answers_of_the_library_are_hardly_ever_heard_as_their_opposite() -> None:
    """A kind answer that is called a push would hurt; one that is not judged does no harm."""
    bids = library().bids
    wrong = [bid.id for bid in bids if replies().way_of(bid.toward) in ("away", "against")]
    assert len(wrong) <= max(1, len(bids) // 20), wrong
    pushed = [bid.id for bid in bids if replies().way_of(bid.against) == "toward"]
    assert len(pushed) <= len(bids) // 4, pushed
