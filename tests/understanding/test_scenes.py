"""Who did what, when and how often; what the writer did, and what they wanted. Nothing is guessed."""

from __future__ import annotations

import pytest

from bot.understanding.scenes import Scene, read_scene
from bot.understanding.sentences import split_sentences


def scene(text: str) -> Scene:
    return read_scene(list(enumerate(split_sentences(text))))


def test_dinner_beside_a_screen_has_two_people_and_an_evening() -> None:
    told = scene("I made dinner last night and he stayed on his phone")
    mine, theirs = told.deeds
    assert (mine.who, mine.verb, mine.what, mine.when, mine.past) == ("self", "make", "dinner", "last night", True)
    assert (theirs.who, theirs.verb, theirs.negated) == ("partner", "stay", False)
    assert {"gave", "once", "partner", "two"} <= told.facts and "often" not in told.facts


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("he never asks me anything", "never"),
        ("she scrolls every night", "every night"),
        ("we fight all the time", "all the time"),
        ("he doesn't hug me anymore", "anymore"),
    ],
)
def test_how_often_is_read_from_the_words(text: str, often: str) -> None:
    told = scene(text)
    assert [deed.often for deed in told.deeds] == [often]
    assert "often" in told.facts


def test_one_day_in_may_is_not_often() -> None:
    assert "often" not in scene("I booked a sitter in May and he cancelled").facts


def test_what_was_not_done_is_told_from_what_was() -> None:
    looked, came = scene("he didn't look up when I came in").deeds
    assert looked.negated and not came.negated


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I just want him to look at me", "him to look at me"),
        ("I wish he would ask me how my day was", "he would ask me how my day was"),
        ("that he sits down with me for five minutes", "that he sits down with me for five minutes"),
        ("I don't want to leave", ""),
        ("he wants to be left alone", ""),
    ],
)
def test_a_wish_is_the_writers_own(text: str, wanted: str) -> None:
    assert scene(text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("my husband went out", "partner"),
        ("my wife and I talked", "both"),
        ("we talked", "both"),
        ("our son cried", "child"),
        ("my mother called", "other"),
        ("the dinner burned", "thing"),
    ],
)
def test_whose_deed_it_is(text: str, whose: str) -> None:
    assert scene(text).deeds[0].who == whose


def test_he_is_nobody_in_particular_after_a_brother_was_named() -> None:
    told = scene("my brother came by and he laughed")
    assert told.deeds[-1].who == "unsure"


def test_reaching_out_and_waiting_are_noticed() -> None:
    assert "reached" in scene("I asked her to talk and she said later").facts
    assert "waited" in scene("I waited until two").facts
    assert "reached" not in scene("I didn't ask").facts


def test_poor_english_still_tells_who_did_what() -> None:
    told = scene("Yesterday I make nice dinner and he eat in front of computer")
    assert [(deed.who, deed.verb) for deed in told.deeds] == [("self", "make"), ("partner", "eat")]
    assert all(not clause.retold for sentence in told.told for clause in sentence.clauses)


def test_a_message_without_a_verb_has_no_scene() -> None:
    assert scene("a hug").deeds == () and scene("").told == ()
