"""The learned tier: what is read of a message, how passages speak together, and that it never takes anything back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.safety.gate import Gate
from bot.safety.risk import LOUDEST, TOPICS, RiskModel, Vectors, Weights, loudest, passages
from bot.safety.training import fingerprint, ordinary_examples, read_examples, train
from bot.safety.verdict import Level, Topic
from bot.understanding.minilm import encode, encoder_name
from tests.safety.lists import DATA, fresh_ordinary, messages

EXAMPLES = DATA / "safety" / "examples"


@pytest.fixture(scope="module")
def learned() -> Gate:
    return Gate.load(DATA, encode)


def test_the_weights_at_hand_were_made_from_the_examples_at_hand() -> None:
    made_from = Weights.load(DATA / "safety" / "risk.npz").fingerprint
    assert made_from == fingerprint(EXAMPLES, encoder_name()), "The examples changed. Run: toward safety train"


@pytest.mark.parametrize(
    "text",
    [
        "I have written a letter to each of them and found the cat a home",
        "I have worked out which train doesn't stop",
        "the neighbours put thoughts into my tea",
    ],
)
def test_it_hears_what_no_phrase_says(gate: Gate, learned: Gate, text: str) -> None:
    assert gate.screen(text).level is Level.clear
    assert learned.screen(text).level >= Level.ask


def test_what_the_lexicon_heard_is_never_taken_back(gate: Gate, learned: Gate) -> None:
    for _, text in [*messages("explicit"), *messages("veiled")]:
        assert learned.screen(text).level >= gate.screen(text).level


def test_ordinary_messages_are_rarely_stopped(learned: Gate) -> None:
    levels = [learned.screen(text).level for _, text in messages("ordinary")]
    assert levels.count(Level.alarm) <= 0.01 * len(levels)
    assert levels.count(Level.ask) <= 0.05 * len(levels)


def test_a_thousand_ordinary_messages_that_nothing_was_fitted_to_are_rarely_stopped(learned: Gate) -> None:
    levels = [learned.screen(text).level for text in fresh_ordinary()]
    assert len(levels) == 1000
    assert levels.count(Level.alarm) <= 0.01 * len(levels)
    assert levels.count(Level.ask) <= 0.06 * len(levels)


def test_a_failing_encoder_leaves_the_lexicon(caplog: pytest.LogCaptureFixture) -> None:
    def broken(texts: Sequence[str]) -> Vectors:
        raise RuntimeError(texts[0])

    gate = Gate.load(DATA, broken)
    assert gate.screen("they'd be better off without me").level is Level.ask
    assert gate.screen("we had soup").level is Level.clear
    assert "soup" not in caplog.text and "RuntimeError" in caplog.text


def test_an_explicit_crisis_does_not_wait_for_the_encoder() -> None:
    def never(texts: Sequence[str]) -> Vectors:
        raise AssertionError("asked")

    heard = Gate.load(DATA, never).listen("I want to kill myself")
    assert heard.verdict.level is Level.alarm
    assert heard.scores is None


@given(st.text(max_size=600))
def test_no_text_is_lost_in_passages_and_none_is_too_long(text: str) -> None:
    found = passages(text)
    assert all(part.strip() for part in found)
    assert len(found) <= 48
    if len(found) < 48:
        kept = "".join("".join(found).split()).replace(",", "")
        assert set(kept) <= set(text) | {","}
        letters = [character for character in text if character.isalnum()]
        assert sum(character.isalnum() for character in "".join(found)) == len(letters)


def test_a_message_is_as_loud_as_its_loudest_passages() -> None:
    scores = np.array([[1.0] * len(TOPICS), [3.0] * len(TOPICS), [2.0] * len(TOPICS), [0.0] * len(TOPICS)])
    assert loudest(scores.astype(np.float32)).tolist() == [[3.0, 2.0, 1.0]] * len(TOPICS)
    assert loudest(scores[:1].astype(np.float32)).shape == (len(TOPICS), LOUDEST)


def _model(ask: float = 2.0, alarm: float = 4.0) -> RiskModel:
    """One number per text, for self-harm: how many times it says "dark"."""
    only = np.zeros((len(TOPICS), 1), dtype=np.float32)
    only[0, 0] = 1.0
    message = np.zeros((len(TOPICS), LOUDEST), dtype=np.float32)
    message[:, :2] = 1.0
    zero = np.zeros(len(TOPICS), dtype=np.float32)
    loud = np.full(len(TOPICS), 99.0, dtype=np.float32)
    asks, alarms = loud.copy(), loud.copy()
    asks[0], alarms[0] = ask - 8.0, alarm - 8.0  # one passage alone: the missing second counts -8
    weights = Weights(only, zero, message, zero, asks, alarms, 1.0, "test")
    return RiskModel(weights, lambda texts: np.array([[text.count("dark")] for text in texts], dtype=np.float32))


def test_thresholds_make_levels() -> None:
    model = _model()
    levels = [model.judge(model.read("dark " * times)).level for times in (1, 2, 4)]
    assert levels == [Level.clear, Level.ask, Level.alarm]


def test_for_a_day_after_a_question_less_is_enough() -> None:
    model = _model()
    assert model.judge(model.read("dark"), lowered=True).level is Level.ask


def test_earlier_messages_add_to_a_message_that_says_something_itself() -> None:
    model = _model()
    before = [model.read("dark dark")]
    assert model.judge(model.read("dark"), before).level >= Level.ask
    assert model.judge(model.read("soup"), before).level is Level.clear


def test_missing_or_broken_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="toward safety train"):
        Weights.load(tmp_path / "risk.npz")
    (tmp_path / "risk.npz").write_bytes(b"no weights")
    with pytest.raises(ContentError, match="toward safety train"):
        Weights.load(tmp_path / "risk.npz")


def test_learning_twice_gives_the_same_and_is_saved_without_loss(tmp_path: Path) -> None:
    def count(texts: Sequence[str]) -> Vectors:
        return np.array([[len(text) % 7, len(text) % 11, 1.0] for text in texts], dtype=np.float32)

    examples = [*read_examples(EXAMPLES)[::5], *ordinary_examples(["he looked at his phone all evening"] * 3)]
    made, heard = train(examples, lambda text: len(text) % 2 == 0, count, "one")
    again, _ = train(examples, lambda text: len(text) % 2 == 0, count, "one")
    assert np.array_equal(made.passage, again.passage) and np.array_equal(made.ask, again.ask)
    made.save(tmp_path / "risk.npz")
    read = Weights.load(tmp_path / "risk.npz")
    assert np.array_equal(read.message, made.message) and read.fingerprint == "one" and read.lowered == made.lowered
    assert [row.topic for row in heard] == [*TOPICS, Topic.none]


def test_what_is_held_out_changes_thresholds_and_not_what_passages_sound_like() -> None:
    def count(texts: Sequence[str]) -> Vectors:
        return np.array([[len(text) % 7, len(text) % 11, 1.0] for text in texts], dtype=np.float32)

    examples = read_examples(EXAMPLES)[::5]
    kept = {example.text for example in examples[::3]}
    made, _ = train(examples, kept.__contains__, count, "one")
    fewer, _ = train([each for at, each in enumerate(examples) if at % 6], kept.__contains__, count, "one")
    assert np.array_equal(made.passage, fewer.passage)
    assert not np.array_equal(made.ask, fewer.ask)


@pytest.mark.parametrize(
    ("broken", "said"), [("a: [1", "can't be read"), ("- a list", "write groups"), ("a: |\n  x [[ y", "has no ]]")]
)
def test_a_slip_in_the_examples_is_named(tmp_path: Path, broken: str, said: str) -> None:
    (tmp_path / "self_harm.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        read_examples(tmp_path)


def test_examples_without_a_topic_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="lacks the examples"):
        read_examples(tmp_path)
