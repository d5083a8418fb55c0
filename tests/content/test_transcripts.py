"""A conversation is held to the rules as a whole: what one text alone can't show."""

from __future__ import annotations

import pytest

from bot.content.transcripts import Exchange, Transcript, breaches_of, figures_of

KIND = '"He went to bed." That leaves a quiet house.'


def rules(*exchanges: tuple[str, tuple[str, ...]]) -> list[str]:
    told = Transcript("talk", tuple(Exchange(given, bubbles) for given, bubbles in exchanges))
    return [breach.rule for breach in breaches_of(told)]


def test_a_kind_short_turn_is_well() -> None:
    assert rules(("he went to bed without a word", (KIND, "What was that like?"))) == []


@pytest.mark.parametrize(
    ("rule", "bubbles"),
    [
        ("answered", ()),
        ("bubbles", ("One.", "Two.", "Three.")),
        ("one-question", ("What was that like?", "Since when?")),
        ("length", ("It is so. " * 20,)),
        ("verdict", ("That sounds toxic.",)),
        ("blame", ("You should talk to each other.",)),
        ("feeling", ("I love that you said it.",)),
        ("placeholder", ("What did {partner} do?",)),
    ],
)
def test_a_turn_that_breaks_a_rule_is_named(rule: str, bubbles: tuple[str, ...]) -> None:
    assert rule in rules(("so it was", bubbles))


def test_what_the_person_said_is_not_the_coachs() -> None:
    assert (
        rules(("he is toxic, why does he do that?", ('"He is toxic, why does he do that?" That weighs on you.',))) == []
    )


def test_the_same_words_within_twenty_turns_are_a_loop() -> None:
    between = [("ok", (f"Number {number}.",)) for number in range(20)]
    assert "repetition" in rules(("a", ("Take your time.",)), *between[:19], ("b", ("Take your time.",)))
    assert rules(("a", ("Take your time.",)), *between, ("b", ("Take your time.",))) == []


def test_somebody_who_tells_is_reflected_at_least_as_often_as_asked() -> None:
    asked = [(f"and then number {number} happened to me", (f"What came then, after {number}?",)) for number in range(4)]
    assert "reflections" in rules(*asked)
    heard = [
        (
            f"and then number {number} happened to me",
            (f'"Number {number} happened to me." That stays.', f"And {number}?"),
        )
        for number in range(4)
    ]
    assert rules(*heard) == []


def test_words_that_are_retold_to_the_person_count_as_given_back_and_the_coachs_own_do_not() -> None:
    def talk(said: str) -> list[str]:
        return rules(*((f"my wife told me {n} times to go", (f"{said} And {n}?",)) for n in range(4)))

    assert talk("Your wife told you to go.") == []
    assert talk("It may have been a sad hour in that kitchen.") == ["reflections"]


def test_a_button_that_is_typed_tells_nothing_that_could_be_given_back() -> None:
    title = "Put a hand on their shoulder"
    turns = [Exchange(title.lower(), (f"And then, {number}?",), (title,)) for number in range(5)]
    first = Exchange("hi", ("What fits?",), (title,))
    assert [breach.rule for breach in breaches_of(Transcript("talk", (first, *turns)))] == []


def test_a_hard_style_is_told_over_the_whole() -> None:
    hard = "Communication difficulties in relationships necessitate considerable perseverance."
    assert "grade" in rules(
        *((f"{number}", (hard.replace("perseverance", f"perseverance {number}"),)) for number in range(3))
    )


def test_the_disclosure_and_helplines_stand_outside_of_the_count() -> None:
    program = "I'm Toward, a computer program and not a person. I can't feel."
    assert rules(("hi", (program, "Hello.", "Where would you like to begin?"))) == []


def test_the_table_counts_turns_questions_and_reflections() -> None:
    talk = Transcript(
        "talk", (Exchange("he went to bed", (KIND, "What was that like?")), Exchange("-- 2 days later --", ()))
    )
    figures = figures_of([talk])
    assert (figures.turns, figures.bubbles, figures.questions, figures.reflections) == (1, 2, 1, 1)
    assert not figures.breaches
