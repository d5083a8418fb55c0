"""How much is heard and how often too much, on lists that were written apart from the lexicon.

The numbered lists met the lexicon once before it was widened with them; the first line of each file says what was
heard then. Those figures, not these, show how it does on words it has never met: explicit two in three to four in
five, veiled one in six to one in three. What is asserted here is that nothing once heard is lost again.
"""

from __future__ import annotations

from bot.safety.gate import Gate
from bot.safety.verdict import Level
from tests.safety.lists import messages, one_list


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(messages("explicit")) >= 150
    assert len(messages("veiled")) >= 120
    assert len(messages("ordinary")) >= 400


def test_no_explicit_message_is_missed(gate: Gate) -> None:
    assert [text for _, text in messages("explicit") if gate.screen(text).level < Level.ask] == []


def test_nearly_every_explicit_message_is_an_alarm(gate: Gate) -> None:
    rows = messages("explicit")
    assert sum(gate.screen(text).level is Level.alarm for _, text in rows) >= 0.95 * len(rows)


def test_the_first_explicit_list_is_all_alarm(gate: Gate) -> None:
    assert [text for _, text in one_list("explicit") if gate.screen(text).level < Level.alarm] == []


def test_veiled_messages_are_asked_about(gate: Gate) -> None:
    rows = messages("veiled")
    assert sum(gate.screen(text).level >= Level.ask for _, text in rows) >= 0.98 * len(rows)


def test_ordinary_sadness_and_anger_are_rarely_asked_about_and_never_an_alarm(gate: Gate) -> None:
    rows = messages("ordinary")
    levels = [gate.screen(text).level for _, text in rows]
    assert levels.count(Level.alarm) == 0
    assert levels.count(Level.ask) <= 0.01 * len(rows)


def test_the_topic_is_the_right_one(gate: Gate) -> None:
    rows = [*messages("explicit"), *messages("veiled")]
    assert sum(gate.screen(text).topic.value == topic for topic, text in rows) >= 0.97 * len(rows)


def test_what_neighbors_an_everyday_sentence_is_still_an_alarm(gate: Gate) -> None:
    assert [text for _, text in one_list("explicit_6") if gate.screen(text).level < Level.alarm] == []


def test_everyday_sentences_in_the_words_of_alarms_are_none(gate: Gate) -> None:
    levels = [gate.screen(text).level for _, text in one_list("everyday")]
    assert len(levels) >= 900
    assert levels.count(Level.alarm) == 0
    assert levels.count(Level.ask) <= 0.01 * len(levels)
