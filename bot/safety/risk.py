"""The learned tier: how much each part of a message sounds like danger, told by sentence vectors and trained weights.

A message is read in passages, its sentences. Each passage is scored for every topic by a logistic regression over
its vector; the loudest passages of the message, and of the messages before it, decide together. The weights are made by
`toward safety train` from data/safety/examples/ and lie in data/safety/risk.npz, so that they are there without any
training. What the lexicon raised is never taken back here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.errors import ContentError
from bot.safety.verdict import CLEAR, Level, Topic, Verdict

__all__ = ["LOUDEST", "TOPICS", "Encode", "Reading", "RiskModel", "Weights", "passages"]

Vectors = npt.NDArray[np.float32]
#: Turns texts into unit vectors, one row each.
Encode = Callable[[Sequence[str]], Vectors]

#: The order of the topics in every array.
TOPICS: Final = (
    Topic.self_harm,
    Topic.abuse,
    Topic.harm_to_others,
    Topic.child_at_risk,
    Topic.psychosis,
    Topic.minor,
)
#: How many of a message's loudest passages speak for it.
LOUDEST: Final = 3
#: What stands in for a passage that isn't there: as quiet as can be.
_QUIET: Final = -8.0
#: Passages of one message that are read; of a longer one the first and the last.
_MOST: Final = 48
_SHORT: Final = 4
_LONG: Final = 28  # words: a longer sentence is cut at its joints
_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\s*\n+\s*")
_JOINT: Final = re.compile(r"\s*[,;:–—]\s+|\s+(?=(?:and|but|so|because|then|when|while)\s)")

#: Loudest passages of a message, most first: (topics, LOUDEST) scores on the logit scale.
Reading = npt.NDArray[np.float32]


def passages(text: str) -> list[str]:
    """The parts of a message that are scored: its sentences; very short ones join the one before them."""
    sentences: list[str] = []
    for part in (piece.strip() for piece in _END.split(text)):
        if not part:
            continue
        for piece in _pieces(part) if len(part.split()) > _LONG else [part]:
            if sentences and len(piece.split()) < _SHORT:
                sentences[-1] = f"{sentences[-1]} {piece}"
            else:
                sentences.append(piece)
    half = _MOST // 2
    return sentences if len(sentences) <= _MOST else [*sentences[:half], *sentences[-half:]]


def _pieces(sentence: str) -> list[str]:
    """A long sentence cut at commas and joining words, and where it has none, by the number of its words."""
    found: list[str] = []
    for piece in _JOINT.split(sentence):
        words = piece.split()
        for start in range(0, len(words), _LONG):
            part = " ".join(words[start : start + _LONG])
            if found and len(found[-1].split()) < _LONG // 2:
                found[-1] = f"{found[-1]}, {part}"
            else:
                found.append(part)
    return found


@dataclass(frozen=True)
class Weights:
    """What was learned.

    Attributes:
        passage: (topics, dimensions) and `passage_bias` (topics,): a passage's scores are `passage @ vector + bias`.
        message: (topics, LOUDEST) and `message_bias` (topics,): the same from the loudest passages.
        ask: (topics,) scores of a message from which one question is asked.
        alarm: (topics,) scores from which help is offered at once.
        lowered: how much less is enough for a day after something was asked.
        fingerprint: of the examples and the code that they were made from.
    """

    passage: Vectors
    passage_bias: Vectors
    message: Vectors
    message_bias: Vectors
    ask: Vectors
    alarm: Vectors
    lowered: float
    fingerprint: str

    def save(self, file: Path) -> None:
        """Write them, without pickle."""
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in self.__dict__.items()})

    @classmethod
    def load(cls, file: Path) -> Weights:
        """Read them.

        Raises:
            ContentError: the file is missing or broken.
        """
        try:
            with np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in cls.__dataclass_fields__}
        except (OSError, ValueError, KeyError) as error:
            raise ContentError(
                f"{file} can't be read ({type(error).__name__}). Restore it from the repository, "
                "or make it again with: toward safety train"
            ) from error
        lowered, fingerprint = float(arrays.pop("lowered")), str(arrays.pop("fingerprint"))
        return cls(lowered=lowered, fingerprint=fingerprint, **arrays)


class RiskModel:
    """Weights with an encoder. Stateless; safe to share.

    Args:
        weights: see `Weights`.
        encode: turns texts into vectors; may take a while at its first call.
    """

    def __init__(self, weights: Weights, encode: Encode) -> None:
        self._weights = weights
        self._encode = encode

    def read(self, text: str) -> Reading:
        """The loudest passages of one message, per topic."""
        parts = passages(text)
        if not parts:
            return np.full((len(TOPICS), LOUDEST), _QUIET, dtype=np.float32)
        # Half of a surrogate pair is no character to the encoder's tokenizer.
        parts = [part.encode("utf-8", "replace").decode() for part in parts]
        scores = self._encode(parts) @ self._weights.passage.T + self._weights.passage_bias
        return loudest(scores)

    def judge(self, now: Reading, before: Sequence[Reading] = (), lowered: bool = False) -> Verdict:
        """What a message amounts to, alone or with the ones before it.

        Args:
            now: of the message itself.
            before: of up to five earlier ones; they speak only where this one says something, too.
            lowered: whether something was asked within a day.
        """
        score = self.scores(now)
        if before:
            together = self.scores(loudest(np.concatenate([now, *before], axis=1).T))
            # Half of what the others add: each was judged when it came.
            score = np.where(now[:, 0] > 0.0, np.maximum(score, (score + together) / 2), score)
        above = score - (self._weights.ask - (self._weights.lowered if lowered else 0.0))
        best = int(np.argmax(above))
        if above[best] < 0.0:
            return CLEAR
        level = Level.alarm if score[best] >= self._weights.alarm[best] else Level.ask
        topic = TOPICS[best]
        return Verdict(topic, level, (f"risk.{topic.value}",))

    def scores(self, reading: Reading) -> Vectors:
        """A message's score per topic, on the logit scale."""
        found: Vectors = (reading * self._weights.message).sum(axis=1) + self._weights.message_bias
        return found


def loudest(scores: Vectors) -> Reading:
    """The `LOUDEST` highest of (passages, topics) scores, per topic, most first; quiet where there are fewer."""
    ordered = -np.sort(-scores, axis=0)[:LOUDEST].T
    reading: Reading = np.full((len(TOPICS), LOUDEST), _QUIET, dtype=np.float32)
    reading[:, : ordered.shape[1]] = ordered
    return reading
