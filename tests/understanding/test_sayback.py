"""What of a message is said back: the heart of it, in the person's own words or retold."""

from __future__ import annotations

from bot.understanding.heard import Heard, Part
from bot.understanding.sayback import SayBack, say_back
from bot.understanding.sentences import split_sentences

POST = (
    "Sorry this is long. We've been together 14 years and have two kids. He used to call me from the train every day. "
    "These days he gets home at seven and disappears into the study. I do bath time and stories alone. "
    "I booked a sitter in May and he cancelled because of a deadline. He isn't a bad man. "
    "Last week was my birthday and I cried in the bathroom. My sister says I'm ungrateful. "
    "I don't want to leave. I just want to be somebody's favourite person again. "
    "Thanks for reading if you got this far."
)


def back(text: str) -> SayBack:
    return say_back(text, Heard())


def test_a_scene_is_retold() -> None:
    (piece,) = back("i made dinner and he just stayed on his phone the whole time").pieces
    assert piece.shown == "You made dinner and he stayed on his phone the whole time."


def test_two_short_sentences_that_belong_together_are_told_together() -> None:
    (piece,) = back("I wrote him a letter. He put it in a drawer.").pieces
    assert piece.shown == "You wrote him a letter. He put it in a drawer."


def test_i_guess_is_no_part_of_what_happened() -> None:
    (piece,) = back("i guess i sit in the car because nobody needs a charger there").pieces
    assert piece.shown == "You sit in the car because nobody needs a charger there."


def test_what_somebody_said_without_its_marks_is_not_retold() -> None:
    assert back("he said where's the charger").pieces[0].quoted


def test_poor_grammar_is_quoted_as_it_was_written() -> None:
    (piece,) = back("Yesterday I make nice dinner and he eat in front of computer").pieces
    assert piece.shown == '"Yesterday I make nice dinner and he eat in front of computer."'


def test_one_foreign_sentence_makes_the_others_quotes_too() -> None:
    (piece,) = back("He no talk with me. I cook and he goes away.").pieces
    assert piece.quoted


def test_a_question_stays_a_question() -> None:
    (piece,) = back("is it normal that we don't kiss anymore").pieces
    assert piece.asked and piece.words == "Is it normal that we don't kiss anymore?"


def test_a_long_post_is_summed_up_in_two_or_three_things_out_of_its_middle() -> None:
    told = back(POST)
    shown = " ".join(piece.shown for piece in told.pieces)
    assert 2 <= len(told.pieces) <= 3
    assert len(shown.split()) <= 32
    assert "Sorry" not in shown and "Thanks" not in shown and "bad man" not in shown


def test_what_was_heard_decides_which_sentence_carries_most() -> None:
    text = "I cried on Monday because he left me alone. We had pasta and he held my hand under the table."
    first, second = split_sentences(text)
    parts = (Part(first, {}), Part(second, {"hope": 1.0}))
    assert "hand" in say_back(text, Heard(parts=parts), "hope").pieces[0].words
    assert "Monday" in say_back(text, Heard(parts=parts), "").pieces[0].words


def test_nothing_is_said_back_of_nothing() -> None:
    assert back("").pieces == ()
