"""Fine-tunes the sentence encoder on the project's own examples: what sounds like danger, and what a message means.

The six layers of the encoder learn two things at once: which topic of danger a passage stands for (several may be
true), and which intent a message has. Word and position vectors stay as they were trained, so that words which no
example holds keep their places, and a quarter of the old layers is kept, for the same reason (averaging the weights
before and after holds up better on what the examples don't cover: Wortsman et al., 2022, WiSE-FT). `toward tune` writes
them to data/encoder/; nobody needs it to run or to train Toward.

TensorFlow, which is in Rasa's tree, computes it: a quarter of an hour on two cores. Numbers are seeded and the
operations are deterministic, so the same machine makes the same weights.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.safety.risk import TOPICS, passages
from bot.safety.training import Example
from bot.safety.verdict import Topic
from bot.understanding.weights import EMBEDDINGS

__all__ = ["Lesson", "fingerprint", "held_out", "lessons_of", "tune"]

Array = npt.NDArray[Any]

_HEADS: Final = 12
_LAYERS: Final = 6
_WIDTH: Final = 384
#: Unit vectors times this: their numbers are then of the size that the heads' learning rate is meant for.
_SCALE: Final = _WIDTH**0.5
_BATCH: Final = 32
_EPOCHS: Final = 2
_RATE: Final = 8e-5
_HEAD_RATE: Final = 2e-3
_WARM_UP: Final = 0.08
_DROPOUT: Final = 0.1
_SMOOTHING: Final = 0.05
#: How much of the layers stays as it was.
_OLD: Final = 0.25
#: What an intent's lesson counts beside one of danger, and how far it also says: no danger here.
_INTENT: Final = 0.3
_NO_DANGER: Final = 0.5
#: What a quiet part of a dangerous message counts, and an ordinary passage of what people tell; how many of those.
_BESIDE: Final = 0.5
_TOLD: Final = 0.7
_SHARE: Final = 35
#: Word pieces of a lesson that are read; longer ones are cut, to keep the time of a step in bounds.
_PIECES: Final = 96
#: Per cent of all messages that no lesson may hold: thresholds are found on them.
_HELD_OUT: Final = 14


@dataclass(frozen=True)
class Lesson:
    """One text and what it stands for.

    Attributes:
        text: a passage or a whole message.
        topic: number of the topic of danger, -1 for none, -2 where the text teaches intents only.
        intent: number of the intent, -1 where the text teaches topics only.
        weight: what it counts.
    """

    text: str
    topic: int = -2
    intent: int = -1
    weight: float = 1.0


def held_out(text: str) -> bool:
    """Whether a message is kept away from the lessons; always the same ones, whatever is added."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % 100 < _HELD_OUT


def lessons_of(examples: Sequence[Example], told: Mapping[str, Sequence[str]]) -> list[Lesson]:
    """What there is to learn, but for the messages of `held_out`.

    Args:
        examples: messages of danger and ordinary ones, in parts.
        told: what people tell the coach, by intent.
    """
    found: list[Lesson] = []
    for example in examples:
        if not held_out(example.text):
            ordinary = example.topic is Topic.none
            topic = -1 if ordinary else TOPICS.index(example.topic)
            found += [Lesson(part, topic) for part in example.loud]
            found += [Lesson(part, -1, weight=1.0 if ordinary else _BESIDE) for part in example.quiet]
    for intent, name in enumerate(sorted(told)):
        for text in told[name]:
            if not held_out(text):
                found.append(Lesson(text, intent=intent))
                parts = passages(text) if len(text.split()) > 3 else []
                found += [Lesson(part, -1, weight=_TOLD) for part in parts if zlib.crc32(part.encode()) % 100 < _SHARE]
    return found


def fingerprint(lessons: Sequence[Lesson]) -> str:
    """Of what was learned from; kept beside the weights."""
    digest = hashlib.sha256()
    for lesson in lessons:
        digest.update(repr(lesson).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def tune(
    weights: dict[str, Array],
    lessons: Sequence[Lesson],
    pieces: Callable[[Sequence[str]], list[list[int]]],
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Array]:
    """Learn the layers' weights.

    Args:
        weights: the encoder's, by their names (`bot.understanding.weights`); they are not changed.
        lessons: texts, no message of `held_out` among them.
        pieces: the numbers of each text's word pieces.
        say: hears how far it is.

    Returns:
        The weights of the layers, by their names.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # it has nothing to say of use
    import tensorflow as tf

    tf.keras.utils.set_random_seed(7)
    tf.config.experimental.enable_op_determinism()
    topics, intents = len(TOPICS), max(lesson.intent for lesson in lessons) + 1
    student = _Student(tf, weights, topics, intents)
    read = pieces([lesson.text for lesson in lessons])
    batches = _batches([numbers[:_PIECES] for numbers in read], lessons, topics)
    steps = _EPOCHS * len(batches)
    layers = tf.keras.optimizers.legacy.Adam(_RATE, epsilon=1e-6)
    heads = tf.keras.optimizers.legacy.Adam(_HEAD_RATE)
    positive = _lift(lessons, topics)

    @tf.function(reduce_retracing=True, autograph=False)
    def step(ids: Any, mask: Any, topic: Any, topic_weight: Any, intent: Any, intent_weight: Any) -> Any:
        with tf.GradientTape() as tape:
            vector = student.vectors(ids, mask, _DROPOUT) * _SCALE
            loss = student.loss(vector, topic, topic_weight, positive, intent, intent_weight)
        trained = [*student.layers, *student.heads]
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, trained), 1.0)
        layers.apply_gradients(zip(gradients[: len(student.layers)], student.layers, strict=True))
        heads.apply_gradients(zip(gradients[len(student.layers) :], student.heads, strict=True))
        return loss

    order = np.random.default_rng(7)
    done, sum_of_losses = 0, 0.0
    for _ in range(_EPOCHS):
        for at in order.permutation(len(batches)):
            pace = min(1.0, (done + 1) / (_WARM_UP * steps)) * (1.0 - max(0.0, done / steps - _WARM_UP))
            layers.learning_rate.assign(_RATE * pace)
            heads.learning_rate.assign(_HEAD_RATE * pace)
            sum_of_losses += float(step(*(tf.constant(array) for array in batches[at])))
            done += 1
            if done % 50 == 0:
                say(f"step {done} of {steps}, loss {sum_of_losses / 50:.3f}")
                sum_of_losses = 0.0
    return {name: _OLD * weights[name] + (1 - _OLD) * value for name, value in student.learned().items()}


def _lift(lessons: Sequence[Lesson], topics: int) -> Array:
    """How much louder a rare topic's passages count: the root of how rare it is, four times at most."""
    counts = np.array([sum(lesson.topic == at for lesson in lessons) for at in range(topics)], dtype=np.float64)
    others = sum(lesson.topic == -1 for lesson in lessons)
    return np.minimum(4.0, np.sqrt(others / np.maximum(counts, 1))).astype(np.float32)


def _batches(pieces: list[list[int]], lessons: Sequence[Lesson], topics: int) -> list[tuple[Array, ...]]:
    """Lessons of about the same length together."""
    jitter = np.random.default_rng(7).random(len(pieces))
    order = sorted(range(len(pieces)), key=lambda at: (len(pieces[at]) // 3, jitter[at]))
    return [
        _batch([pieces[at] for at in chosen], [lessons[at] for at in chosen], topics)
        for chosen in _chunks(order, _BATCH)
    ]


def _batch(pieces: list[list[int]], lessons: Sequence[Lesson], topics: int) -> tuple[Array, ...]:
    longest = max(map(len, pieces))
    ids = np.zeros((len(pieces), longest), dtype=np.int32)
    mask = np.zeros((len(pieces), longest), dtype=np.float32)
    topic = np.zeros((len(pieces), topics), dtype=np.float32)
    weight = np.zeros((len(pieces), topics), dtype=np.float32)
    intent = np.array([max(lesson.intent, 0) for lesson in lessons], dtype=np.int32)
    intent_weight = np.array([_INTENT * (lesson.intent >= 0) * lesson.weight for lesson in lessons], dtype=np.float32)
    for row, (numbers, lesson) in enumerate(zip(pieces, lessons, strict=True)):
        ids[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1.0
        if lesson.topic >= 0:
            topic[row, lesson.topic] = 1.0
            weight[row] = 0.3  # what another topic's passage says of this one is not much
            weight[row, lesson.topic] = 1.0
        else:
            weight[row] = 1.0 if lesson.topic == -1 else _NO_DANGER
        weight[row] *= lesson.weight
    return ids, mask, topic, weight, intent, intent_weight


def _chunks(order: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


class _Student:
    """The encoder's layers in TensorFlow, with two heads."""

    def __init__(self, tf: Any, weights: dict[str, Array], topics: int, intents: int) -> None:
        self._tf = tf
        self._weights: dict[str, Any] = {}
        for name, value in weights.items():
            frozen = name.startswith(EMBEDDINGS)
            self._weights[name] = tf.constant(value) if frozen else tf.Variable(value, name=name)
        self._names = [name for name in weights if not name.startswith(EMBEDDINGS)]
        self.layers = [self._weights[name] for name in self._names]
        draw = np.random.default_rng(7)
        self._topic = tf.Variable(draw.normal(0, 0.02, (_WIDTH, topics)).astype(np.float32))
        self._topic_bias = tf.Variable(np.full(topics, -2.0, dtype=np.float32))
        self._intent = tf.Variable(draw.normal(0, 0.02, (_WIDTH, intents)).astype(np.float32))
        self._intent_bias = tf.Variable(np.zeros(intents, dtype=np.float32))
        self.heads = [self._topic, self._topic_bias, self._intent, self._intent_bias]

    def vectors(self, ids: Any, mask: Any, dropout: float) -> Any:
        """Unit vectors of a batch: the mean of the last states over what is no padding."""
        tf, w = self._tf, self._weights
        length = tf.shape(ids)[1]
        place = w["embeddings.position_embeddings.weight"][:length] + w["embeddings.token_type_embeddings.weight"][0]
        state = self._norm(tf.gather(w["embeddings.word_embeddings.weight"], ids) + place, "embeddings.LayerNorm")
        hidden = (1.0 - mask)[:, None, None, :] * -1e9
        for layer in range(_LAYERS):
            state = self._layer(state, hidden, f"encoder.layer.{layer}.", dropout)
        mean = tf.reduce_sum(state * mask[:, :, None], 1) / tf.reduce_sum(mask, 1, keepdims=True)
        return tf.nn.l2_normalize(mean, axis=-1)

    def loss(self, vector: Any, topic: Any, weight: Any, positive: Any, intent: Any, intent_weight: Any) -> Any:
        """What a batch got wrong: topics each by itself, intents against each other."""
        tf = self._tf
        scores = vector @ self._topic + self._topic_bias
        danger = tf.nn.weighted_cross_entropy_with_logits(topic, scores, positive) * weight
        named = tf.one_hot(intent, self._intent.shape[1])
        smooth = named * (1 - _SMOOTHING) + _SMOOTHING / self._intent.shape[1]
        meant = tf.nn.softmax_cross_entropy_with_logits(smooth, vector @ self._intent + self._intent_bias)
        size = tf.cast(tf.shape(vector)[0], tf.float32)
        return (tf.reduce_sum(danger) + tf.reduce_sum(meant * intent_weight)) / size

    def learned(self) -> dict[str, Array]:
        """Weights of the layers."""
        return {name: self._weights[name].numpy() for name in self._names}

    def _layer(self, state: Any, hidden: Any, name: str, dropout: float) -> Any:
        tf = self._tf
        seen = self._attend(state, hidden, name + "attention.self.")
        seen = self._dense(seen, name + "attention.output.dense")
        state = self._norm(state + tf.nn.dropout(seen, dropout), name + "attention.output.LayerNorm")
        thought = tf.nn.gelu(self._dense(state, name + "intermediate.dense"))
        thought = self._dense(thought, name + "output.dense")
        return self._norm(state + tf.nn.dropout(thought, dropout), name + "output.LayerNorm")

    def _attend(self, state: Any, hidden: Any, name: str) -> Any:
        tf = self._tf
        shape = tf.shape(state)

        def split(part: str) -> Any:
            wide = tf.reshape(self._dense(state, name + part), (shape[0], shape[1], _HEADS, _WIDTH // _HEADS))
            return tf.transpose(wide, (0, 2, 1, 3))

        scores = tf.matmul(split("query"), split("key"), transpose_b=True) / (_WIDTH / _HEADS) ** 0.5
        mixed = tf.matmul(tf.nn.softmax(scores + hidden), split("value"))
        return tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), shape)

    def _dense(self, state: Any, name: str) -> Any:
        return self._tf.matmul(state, self._weights[name + ".weight"]) + self._weights[name + ".bias"]

    def _norm(self, state: Any, name: str) -> Any:
        tf = self._tf
        mean, variance = tf.nn.moments(state, axes=[-1], keepdims=True)
        scaled = (state - mean) * tf.math.rsqrt(variance + 1e-12)
        return scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"]
