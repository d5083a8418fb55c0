"""Answers are understood as people give them."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.scripts.answers import Answer, day_of, number_of, one_of, read_answer, time_of, yes_no
from bot.scripts.tree import Ask, Choice

TUESDAY = datetime(2026, 11, 24, 15, 0)
BIDS = ("Yes", "No", "I'm not sure")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("7", 7), ("seven", 7), ("about 7/10", 7), ("I'd say a 4", 4), ("six out of ten", 6), ("8 out of 10", 8),
     ("-2", -2), ("a 3 or 4", None), ("no one cares", None), ("lots", None), ("one", 1)],
)  # fmt: skip
def test_a_number_is_found_where_there_is_one(said: str, meant: int | None) -> None:
    assert number_of(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("around half seven", "19:30"), ("7pm", "19:00"), ("7 a.m.", "07:00"), ("quarter to nine in the morning", "08:45"),
     ("noon", "12:00"), ("19.30", "19:30"), ("8 in the evening", "20:00"), ("ten past six", "18:10"),
     ("tomorrow night", "21:00"), ("07:30", "07:30"), ("half past nine tonight", "21:30"), ("12 pm", "12:00"),
     ("25:00", None), ("soon", None)],
)  # fmt: skip
def test_a_time_is_read_as_it_is_said(said: str, meant: str | None) -> None:
    assert time_of(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("friday", "2026-11-27"), ("in three days", "2026-11-27"), ("3 December", "2026-12-03"), ("tonight", "2026-11-24"),
     ("at the weekend", "2026-11-28"), ("tomorrow at seven", "2026-11-25"), ("sunday morning", "2026-11-29"),
     ("on sunday at 8 pm", "2026-11-29"), ("tomorrow night", "2026-11-25"), ("whenever", None)],
)  # fmt: skip
def test_a_day_is_read_as_it_is_said(said: str, meant: str | None) -> None:
    day = day_of(said, TUESDAY)
    assert (day and day.date().isoformat()) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("yes", "Yes"), ("nope", "No"), ("not sure", "I'm not sure"), ("im not sure", "I'm not sure"), ("2", "No"),
     ("the third one", "I'm not sure"), ("the last", "I'm not sure"), ("YES!", "Yes"), ("he was at work", None)],
)  # fmt: skip
def test_a_choice_is_found_typed_counted_or_meant(said: str, meant: str | None) -> None:
    assert one_of(said, BIDS) == meant


@pytest.mark.parametrize(
    ("said", "meant"), [("yes, I would like that", "yes"), ("no thanks", "no"), ("idk", "not sure"), ("soup", None)]
)
def test_yes_and_no_have_many_words(said: str, meant: str | None) -> None:
    assert yes_no(said) == meant


def test_a_scale_takes_no_number_outside_of_it() -> None:
    ask = Ask(line=1, text="How close?", how="scale", low=1, high=10)
    assert read_answer(ask, "ten", TUESDAY) == Answer(10)
    assert read_answer(ask, "11", TUESDAY) is None


def test_several_choices_are_taken_from_one_sentence() -> None:
    choices = tuple(Choice(line=1, title=title) for title in ("A walk", "A call", "Nothing"))
    ask = Ask(line=1, text="Which?", how="several", choices=choices)
    assert read_answer(ask, "a walk and a call", TUESDAY) == Answer(["A walk", "A call"])
    assert read_answer(ask, "1, 3", TUESDAY) == Answer(["A walk", "Nothing"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [("the second one", "A call"), ("The first", "A walk"), ("a walk", "A walk"), ("the fifth one", "the fifth one"),
     ("the first one who asks me", "the first one who asks me"), ("first I cry", "first I cry")],
)  # fmt: skip
def test_an_example_below_a_free_text_may_be_named_by_its_place(said: str, kept: str) -> None:
    choices = tuple(Choice(line=1, title=title) for title in ("A walk", "A call", "Nothing"))
    ask = Ask(line=1, text="What helps?", how="free text", choices=choices)
    assert read_answer(ask, said, TUESDAY) == Answer(kept)
