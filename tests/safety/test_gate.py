"""What the person hears from the gate."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.safety.gate import Gate
from bot.safety.verdict import CLEAR, Level, Topic, Verdict

TOPICS = [topic for topic in Topic if topic is not Topic.none]
COUNTRIES = ["US", "GB", "CA", "BE", "DE", "AR", "JP", "PK", None]


def test_a_clear_message_is_not_answered_by_the_gate(gate: Gate) -> None:
    assert gate.answer(CLEAR, "US", []) == []


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("topic", TOPICS)
def test_an_alarm_is_one_bubble_and_then_the_lines(gate: Gate, topic: Topic, country: str | None) -> None:
    words, lines = gate.answer(Verdict(topic, Level.alarm), country, [])
    assert len(words.text.split()) <= 50
    assert len(lines.text.split()) <= 50
    assert (gate.helplines.emergency(country) or "your local emergency number") in lines.text
    assert (words.text + lines.text).count("?") <= 1
    assert words.buttons == ()


def test_in_the_united_states_the_crisis_line_is_named(gate: Gate) -> None:
    _, lines = gate.answer(gate.screen("I want to kill myself"), "US", [])
    assert "988" in lines.text


@pytest.mark.parametrize("topic", TOPICS)
def test_the_same_block_is_never_said_twice_running(gate: Gate, topic: Topic) -> None:
    seen: list[str] = []
    texts = []
    for _ in range(7):
        first = gate.answer(Verdict(topic, Level.alarm), "US", seen)[0]
        seen.append(first.key)
        texts.append(first.text)
    assert len(set(texts[:3])) == 3
    assert all(one != other for one, other in pairwise(texts))


def test_an_ask_is_one_question_with_answers_to_tap(gate: Gate) -> None:
    (bubble,) = gate.answer(gate.screen("they'd be better off without me"), "US", [])
    assert bubble.text.count("?") == 1
    assert bubble.buttons == ("Yes", "No", "Not sure")


def test_somebody_elses_suicide_is_not_answered_as_if_it_were_the_writers(gate: Gate) -> None:
    (bubble,) = gate.answer(gate.screen("my brother killed himself last spring"), "US", [])
    assert bubble.key.startswith("self_harm.ask_other")


@pytest.mark.parametrize("topic", TOPICS)
def test_yes_brings_people_and_no_brings_one_gentle_line(gate: Gate, topic: Topic) -> None:
    yes = gate.reply_to_ask(topic, "yes", "US", [])
    no = gate.reply_to_ask(topic, "no", "US", [])
    if topic is Topic.minor:  # "Are you 18 or older?"
        yes, no = no, yes
    else:
        assert no[-1].text.count("24/7") <= 1
    assert "988" in yes[-1].text or "1-800-799-7233" in yes[-1].text


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic is not Topic.minor])
@pytest.mark.parametrize("answer", ["yes", "no", "unsure"])
def test_the_question_of_an_alarm_has_an_answer_too(gate: Gate, topic: Topic, answer: str) -> None:
    assert gate.reply_to_alarm(topic, answer, "GB", [])  # type: ignore[arg-type]


def test_a_minor_is_not_asked_further(gate: Gate) -> None:
    assert gate.reply_to_alarm(Topic.minor, "yes", "US", []) == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", "yes"), ("yeah, I am", "yes"), ("y", "yes"), ("I do.", "yes"), ("no", "no"), ("Nope!", "no"),
        ("no, I'm not", "no"),
        ("No thanks", "no"), ("not sure", "unsure"), ("idk", "unsure"), ("maybe", "unsure"), ("not really", "unsure"),
        ("not anymore", "unsure"), ("yes and no", "unsure"), ("sometimes", "unsure"), ("I don't know", "unsure"),
        ("kinda", "unsure"), ("dunno", "unsure"),
    ],
)  # fmt: skip
def test_short_replies_are_read(gate: Gate, text: str, answer: str) -> None:
    assert gate.read_answer(text) == answer


@pytest.mark.parametrize(
    "text", ["", "no one cares if I live", "yes but he took the keys again and left", "he hit me", "never mind", "👍"]
)
def test_what_is_not_an_answer_is_a_message(gate: Gate, text: str) -> None:
    assert gate.read_answer(text) is None


@pytest.mark.parametrize("block", ["help_now", "when_broken", "misunderstood", "back", "self_harm.plan", "abuse.plan"])
def test_there_are_words_for_help_failure_and_coming_back(gate: Gate, block: str) -> None:
    first = gate.say(block, "US", [])
    assert first[0].key == f"{block}.1"
    if block in ("help_now", "when_broken"):
        assert "988" in first[-1].text


def test_a_button_is_known_tapped_or_typed(gate: Gate) -> None:
    assert gate.read_button("You misunderstood me") == "misunderstood"
    assert gate.read_button("back") == "back"
    assert gate.read_button("my back hurts") is None
