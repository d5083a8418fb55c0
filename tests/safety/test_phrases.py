"""The language of the lexicon, as a clinician would write it."""

from __future__ import annotations

import pytest

from bot.safety.phrases import Finder, Phrase, PhraseError, expand

SETS = {"partner": [("he",), ("my", "wife")]}


def found(phrase: str, text: str) -> bool:
    return bool(Finder([("x", Phrase.read(phrase, SETS))]).find([*text.split(), "."]))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("kill myself", "i will kill myself tonight"),
        ("(kill|end it for) myself", "i end it for myself"),
        ("take my [own] life", "take my life"),
        ("take my [own] life", "take my own life"),
        ("giv* away", "giving away"),
        ("@partner ~2 hit me", "my wife has once hit me"),
        ("want to die .", "want to die"),
        ("kill myself", "i want to kill . myself i mean"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("kill myself", "kill him myself"),
        ("kill myself", "overkill myself"),
        ("@partner ~2 hit me", "he said that it hit me"),
        ("@partner ~2 hit me", "he left . then hit me"),
        ("want to die .", "want to die laughing"),
        ("kill myself", "kill . him . myself"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "cure"),
    [
        ("don't go", "stray"),
        ("dont go", 'read as "do not"'),
        ("@friend left", "not one of the sets"),
        ("[really] sad", "begin and end"),
        ("sad ~2", "begin and end"),
        ("(sad", "stray"),
        ("a* b", "letters or more before the star"),
        ("(sad|) now", "empty choice"),
    ],
)
def test_a_slip_in_a_phrase_is_named(phrase: str, cure: str) -> None:
    with pytest.raises(PhraseError, match=cure.replace("*", r"\*")):
        Phrase.read(phrase, SETS)


def test_a_set_may_stand_inside_a_choice() -> None:
    assert expand("dear @partner", SETS) == [("dear", "he"), ("dear", "my", "wife")]


def test_the_real_match_is_found_behind_a_false_start() -> None:
    hits = Finder([("x", Phrase.read("hit me", SETS))]).find(["hit", "me", ".", "hit", "me"])
    assert [hit.start for hit in hits] == [0, 3]
