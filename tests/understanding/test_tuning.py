"""Tuning the encoder: which messages it may see, and that what it computes is the encoder, and learns."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from bot.safety.risk import TOPICS
from bot.safety.training import Example
from bot.safety.verdict import Topic
from bot.settings import PROJECT
from bot.understanding.tuning import fingerprint, held_out, lessons_of

_SEEN = next(text for text in (f"he took my keys {number}" for number in range(99)) if not held_out(text))
_UNSEEN = next(text for text in (f"he took my keys {number}" for number in range(99)) if held_out(text))


def test_about_a_seventh_of_all_messages_is_kept_away() -> None:
    kept = sum(held_out(f"message number {number}") for number in range(2000))
    assert 0.11 < kept / 2000 < 0.17


@given(st.text())
def test_a_message_is_kept_away_always_or_never(text: str) -> None:
    assert held_out(text) is held_out(text)


def test_a_message_that_is_kept_away_teaches_nothing_wherever_it_stands() -> None:
    examples = [Example(Topic.abuse, text, (text,), ()) for text in (_SEEN, _UNSEEN)]
    lessons = lessons_of(examples, {"feel_unseen": [_SEEN, _UNSEEN]})
    assert {lesson.text for lesson in lessons} == {_SEEN}


def test_the_loud_part_teaches_danger_and_the_quiet_one_none() -> None:
    told = Example(Topic.abuse, f"{_SEEN}. We had soup.", (_SEEN,), ("We had soup.",))
    example = told if not held_out(told.text) else Example(Topic.abuse, _SEEN, (_SEEN,), ("We had soup.",))
    loud, quiet = lessons_of([example], {})
    assert (loud.text, loud.topic, quiet.text, quiet.topic) == (_SEEN, TOPICS.index(Topic.abuse), "We had soup.", -1)
    assert quiet.weight < loud.weight


def test_an_intent_teaches_its_whole_message() -> None:
    lessons = lessons_of([], {"b_second": [_SEEN], "a_first": ["hello there"]})
    assert {(lesson.text, lesson.intent) for lesson in lessons if lesson.intent >= 0} >= {(_SEEN, 1)}
    assert fingerprint(lessons) == fingerprint(list(lessons)) != fingerprint(lessons[1:])


_PROGRAM = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
from bot.safety.risk import TOPICS
from bot.understanding import tuning
from bot.understanding.minilm import package, word_pieces
from bot.understanding.weights import package_weights
import onnxruntime, tensorflow as tf

weights = package_weights(package())
texts = ["he hides my passport from me", "he hides my birthday present from me"]
student = tuning._Student(tf, weights, len(TOPICS), 2)
slow = onnxruntime.InferenceSession(str(package()), providers=["CPUExecutionProvider"])
padded = np.zeros((2, 12), dtype=np.int32); mask = np.zeros((2, 12), dtype=np.float32)
for row, pieces in enumerate(word_pieces(texts)):
    padded[row, : len(pieces)], mask[row, : len(pieces)] = pieces, 1
for row, (vector, pieces) in enumerate(zip(student.vectors(padded, mask, 0.0).numpy(), word_pieces(texts))):
    ids = np.array([pieces], dtype=np.int64)
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean = slow.run(None, given)[0][0].mean(axis=0)
    assert vector @ mean / np.linalg.norm(mean) > 0.999, "TensorFlow computes another encoder"

tuning._BATCH, tuning._EPOCHS, tuning._RATE = 8, 6, 3e-4
lessons = [tuning.Lesson(f"{texts[0]} {n}", topic=1) for n in range(16)]
lessons += [tuning.Lesson(f"{texts[1]} {n}", topic=-1, intent=n % 2) for n in range(16)]
before = student.vectors(padded, mask, 0.0).numpy()
layers = tuning.tune(weights, lessons, word_pieces)
student = tuning._Student(tf, {**weights, **layers}, len(TOPICS), 2)
after = student.vectors(padded, mask, 0.0).numpy()
near, nearer = after[0] @ after[1], before[0] @ before[1]
assert near < nearer - 0.1, f"passport and present have not moved apart: {nearer} to {near}"
assert not any(name.startswith("embeddings.") for name in layers)
print("learned")
"""


def test_what_is_tuned_is_the_encoder_and_a_few_lessons_are_learned() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "learned", done.stderr[-2000:]
