"""A person's sentence said back to them: I becomes you, and whatever is doubtful stays in their own words."""

from __future__ import annotations

import re

import pytest

from bot.content.yaml_files import load
from bot.settings import PROJECT
from bot.understanding.doubts import is_foreign
from bot.understanding.parsing import parse
from bot.understanding.plain import plain
from bot.understanding.retelling import clauses
from bot.understanding.sentences import split_sentences


def all_of(sentence: str) -> list[str]:
    """Every stretch that is retold, the longest first."""
    doc = parse(plain(sentence))
    if is_foreign(doc):
        return []
    return sorted((clause.retold for clause in clauses(doc, 22) if clause.retold), key=len, reverse=True)


@pytest.mark.parametrize(
    ("written", "retold"),
    [
        (
            "i made dinner last night and he just stayed on his phone the whole time",
            "You made dinner last night and he stayed on his phone the whole time.",
        ),
        ("my wife and i barely talk", "You and your wife barely talk."),
        (
            "me and my husband have been sleeping in separate rooms for two years",
            "You and your husband have been sleeping in separate rooms for two years.",
        ),
        ("we ate in silence", "You two ate in silence."),
        ("we took the kids to my mother", "You took the kids to your mother."),
        ("I was so tired and he was asleep", "You were so tired and he was asleep."),
        ("when i came home he was already asleep", "When you came home he was already asleep."),
        ("i wish he would ask me how my day was", "You wish he would ask you how your day was."),
        (
            'I told her about my promotion and she said "is this mine?"',
            'You told her about your promotion and she said "is this mine?".',
        ),
        ("My DH works, eats, showers, sleeps", "Your husband works, eats, showers, sleeps."),
        ("dont laugh but ive been crying in my car", "You've been crying in your car."),
        ("so my (29F) boyfriend forgot our anniversary lol", "Your boyfriend forgot your anniversary."),
        ("we're like strangers and I'm sad", "You two are like strangers and you're sad."),
        ("i feel like he doesn't love me anymore", "You feel like he doesn't love you anymore."),
        ("He didn't even look up when I came in", "He didn't look up."),
    ],
)
def test_i_becomes_you_and_everything_else_stays(written: str, retold: str) -> None:
    assert retold in all_of(written)


@pytest.mark.parametrize(
    "foreign",
    [
        "he no speak with me, only phone",
        "My husband he is all day on phone",
        "Yesterday I make nice dinner",
        "he eat in front of computer",
        "she watching her series all evening",
        "he have no time for me",
        "I has nobody",
    ],
)
def test_the_grammar_of_another_language_is_left_as_it_was_written(foreign: str) -> None:
    assert all_of(foreign) == []


@pytest.mark.parametrize(
    "verdict",
    [
        "he is a narcissist",
        "he doesn't care about me",
        "she never listens to me",
        "I'm too needy",
        "I am the problem",
        "he's selfish and lazy",
        "she hates me",
        "I am worthless",
    ],
)
def test_a_verdict_on_anybody_is_not_repeated_as_a_fact(verdict: str) -> None:
    assert all_of(verdict) == []


@pytest.mark.parametrize(
    "unclear",
    [
        "you know how he is",
        "should i leave him",
        "how do i get him to talk to me",
        "he qwrtz past me",
        "he and i don't talk",
        "HE LEFT AGAIN",
        "what he did",
    ],
)
def test_what_is_unclear_is_not_retold(unclear: str) -> None:
    assert all_of(unclear) == []


def test_a_stretch_is_a_whole_sentence_and_never_half_of_one() -> None:
    found = all_of("I booked a sitter in May and he cancelled because of a deadline")
    assert found == [
        "You booked a sitter in May and he cancelled because of a deadline.",
        "He cancelled because of a deadline.",
        "You booked a sitter in May.",
    ]


def test_no_retelling_of_any_post_that_ships_leaves_the_writer_in_it() -> None:
    """Over hundreds of sentences by many hands: no I, me or my outside quotes, one full stop, a capital first."""
    examples = "\n".join(str(block["examples"]) for block in load(PROJECT / "data" / "nlu" / "posts.yml")["nlu"])
    posts = [line[2:] for line in examples.splitlines() if line.startswith("- ")][::12]
    retold = [text for post in posts for sentence in split_sentences(post)[:6] for text in all_of(sentence)]
    assert len(retold) > 150
    for text in retold:
        own = re.sub(r'"[^"]*"', "", text)
        assert not re.search(r"\b(?:I|me|my|mine|myself|am|we|us|our)\b", own), text
        assert re.fullmatch(r"[^a-z].*[^.]\.", text), text
        assert "  " not in text and " ." not in text and " ," not in text, text
