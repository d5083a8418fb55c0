"""What is said in danger: short, plain, one question, never the forbidden."""

from __future__ import annotations

import re

import pytest

from bot.safety.gate import Gate
from bot.safety.verdict import Level, Topic
from bot.safety.words import read_words
from tests.safety.lists import DATA

WORDS = read_words(DATA / "safety" / "words.yml")
BUBBLES = [(key, bubble) for key, said in WORDS.words.items() for variant in said.say for bubble in variant]
NEVER = "he|she|his|hers|him|abuser|toxic|narcissist|committed|should|victim|mentally ill|crazy|promise|both sides"
TOPICS = [topic for topic in Topic if topic is not Topic.none]


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Flesch-Kincaid with syllables counted by vowel groups; what textstat counts with has to be downloaded."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|\"|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(("key", "bubble"), BUBBLES)
def test_a_bubble_is_short_and_plain(key: str, bubble: str) -> None:
    assert len(bubble.split()) <= 50
    assert grade(bubble) <= 6


@pytest.mark.parametrize(("key", "bubble"), BUBBLES)
def test_a_bubble_never_labels_lectures_or_names_a_number(key: str, bubble: str) -> None:
    assert not re.search(rf"\b({NEVER})\b", bubble, re.IGNORECASE)
    assert not re.search(r"\d{3}", bubble)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_alarm_has_three_variants_and_an_ask_two(topic: Topic) -> None:
    assert len(WORDS.words[f"{topic.value}.alarm"].say) >= 3
    assert len(WORDS.words[f"{topic.value}.ask"].say) >= 2
    for answer in ("yes", "no", "unsure"):
        assert len(WORDS.words[f"{topic.value}.{answer}"].say) >= 2


@pytest.mark.parametrize("topic", TOPICS)
def test_every_ask_asks_exactly_one_question(topic: Topic) -> None:
    assert all(" ".join(variant).count("?") == 1 for variant in WORDS.words[f"{topic.value}.ask"].say)


def test_no_text_stands_there_twice() -> None:
    texts = [bubble for _, bubble in BUBBLES]
    assert len(set(texts)) == len(texts)


def test_there_are_never_more_than_two_bubbles_with_lines_or_without() -> None:
    for said in WORDS.words.values():
        assert all(len(variant) + bool(said.lines) <= 2 for variant in said.say)


def test_every_button_can_be_tapped_without_setting_off_an_alarm(gate: Gate) -> None:
    for button in WORDS.buttons.values():
        for typed in (button.title, *button.typed):
            assert gate.screen(typed, lowered=True).level is Level.clear


def test_the_crisis_words_ask_about_suicide_directly() -> None:
    asked = " ".join(bubble for variant in WORDS.words["self_harm.ask"].say for bubble in variant)
    assert "ending your life" in asked
    assert "suicide" in asked
