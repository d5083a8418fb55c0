"""A person's own words, short enough to be said back, and never made worse by that."""

from __future__ import annotations

import pytest

from bot.understanding.quotes import short, telling_quote


@pytest.mark.parametrize(
    ("written", "said_back"),
    [
        ("i feel like i'm invisible", "I feel like I'm invisible."),
        ("But he said 'again?'", "He said 'again?'"),
        ('he says "fine" and leaves', "He says 'fine' and leaves."),
        ('So i told him "you never listen', "I told him you never listen."),
        ("what do you want from me?", "What do you want from me?"),
        ("and then i slept on the couch", "Then I slept on the couch."),
        ("hi, so i miss him", "I miss him."),
        ("the kids' room is a mess, and we don't talk", "The kids' room is a mess, and we don't talk."),
        ("goin' home alone", "Goin' home alone."),
        ("", ""),
    ],
)
def test_a_quote_reads_as_the_person_would_write_it_with_time(written: str, said_back: str) -> None:
    assert telling_quote(written) == said_back


@pytest.mark.parametrize(
    ("written", "heart"),
    [
        ("friday. i said i was sad and he said 'again?'", "sad"),
        ("His mother came by. He forgot my birthday and I cried alone in the bath.", "cried alone"),
        ("We have a dog. We moved in May. I never feel that he sees me.", "never feel"),
    ],
)
def test_the_sentence_with_the_feeling_comes_before_the_first_one(written: str, heart: str) -> None:
    assert heart in telling_quote(written)


def test_a_piece_of_the_circle_keeps_its_words_and_does_not_end_on_a_loose_one() -> None:
    told = "I went to the kitchen and banged the pots until he looked up"
    assert short(told, 8, clauses=False) == "I went to the kitchen and banged…"
    assert short("i left", 8, clauses=False) == "I left."
