"""Makes data/safety/risk.npz: what passages sound like, and how loud they must be until something is asked.

What a passage sounds like is learned from examples, on vectors of the tuned encoder (`toward tune`). Thresholds come
from messages that neither had seen: so many ordinary ones may be asked about, and no more; what of the dangerous ones
is then heard is printed, per topic.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from bot.errors import ContentError
from bot.safety.risk import LOUDEST, TOPICS, Encode, Vectors, Weights, loudest, passages
from bot.safety.verdict import Topic

__all__ = ["Example", "Outcome", "fingerprint", "ordinary_examples", "read_examples", "train"]

#: Share of ordinary messages that may be asked about because of one topic, and that may be taken for an alarm.
_ASK: Final = {
    Topic.self_harm: 0.012,
    Topic.abuse: 0.012,
    Topic.harm_to_others: 0.0025,
    Topic.child_at_risk: 0.0015,
    Topic.psychosis: 0.001,
    Topic.minor: 0.0015,
}
_ALARM: Final = 0.0003
#: How much less (logits) is enough for a day after something was asked.
_LOWERED: Final = 0.8
_STRENGTH: Final = 1.0  # inverse of the regularisation
_OTHER_TOPIC: Final = 0.3  # weight of another topic's passages as examples of what a topic is not
_BESIDE: Final = 0.5  # weight of a dangerous message's unmarked passages
_MARK: Final = re.compile(r"\[\[|\]\]")


@dataclass(frozen=True)
class Example:
    """One message.

    Attributes:
        topic: what a careful clinician would ask about; `none` where nothing.
        text: without marks.
        loud: the parts that carry the danger; all of it where nothing was marked.
        quiet: the parts beside them.
    """

    topic: Topic
    text: str
    loud: tuple[str, ...]
    quiet: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What was heard of the messages that nothing was learned from, for one topic.

    Attributes:
        topic: the topic.
        messages: how many there are.
        asked: share that leads to a question or more, whatever the topic named.
        alarmed: share that leads to help at once.
    """

    topic: Topic
    messages: int
    asked: float
    alarmed: float


def read_examples(folder: Path) -> list[Example]:
    """Every example of data/safety/examples/.

    Raises:
        ContentError: a file is missing, is no mapping of groups to lines, or has a mark that isn't closed.
    """
    found: list[Example] = []
    for topic in (*TOPICS, Topic.none):
        name = "ordinary" if topic is Topic.none else topic.value
        for file in sorted(folder.glob(f"{name}*.yml")):
            found.extend(_read(file, topic))
    if not {example.topic for example in found} >= {*TOPICS, Topic.none}:
        raise ContentError(f"{folder} lacks the examples of a topic. Restore them from the repository.")
    return found


def _read(file: Path, topic: Topic) -> list[Example]:
    try:
        groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{file} can't be read: {error}") from error
    if not isinstance(groups, dict) or not all(isinstance(lines, str) for lines in groups.values()):
        raise ContentError(f'{file}: write groups, each a name, ": |" and one message a line below it.')
    return [
        _example(line.strip(), topic, file) for lines in groups.values() for line in lines.splitlines() if line.strip()
    ]


def _example(line: str, topic: Topic, file: Path) -> Example:
    parts = _MARK.split(line)
    if _MARK.findall(line) != ["[[", "]]"] * (len(parts) // 2):
        raise ContentError(f'{file}: in "{line[:60]}" a [[ has no ]], or the other way round.')
    text = " ".join(part.strip() for part in parts if part.strip())
    if topic is Topic.none:
        return Example(topic, text, (), tuple(passages(text)))
    if len(parts) == 1:
        # Unmarked: a message of up to three sentences is dangerous as it stands; of a longer one nobody said where.
        whole = (text,) if len(passages(text)) <= 3 else ()
        return Example(topic, text, whole, ())
    loud = [passage for part in parts[1::2] for passage in passages(part)]
    quiet = [passage for part in parts[::2] for passage in passages(part)]
    return Example(topic, text, tuple(loud), tuple(quiet))


def fingerprint(folder: Path, encoder: str) -> str:
    """Changes when the examples change, how they are read, or the encoder (`encoder_name`)."""
    digest = hashlib.sha256(encoder.encode())
    here = Path(__file__).parent
    for file in [*sorted(folder.glob("*.yml")), here / "risk.py", here / "training.py"]:
        digest.update(f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def ordinary_examples(texts: Sequence[str]) -> list[Example]:
    """Messages that were written for something else and are no danger (what people tell the coach)."""
    return [Example(Topic.none, text, (), tuple(passages(text))) for text in texts]


def train(
    examples: Sequence[Example], held_out: Callable[[str], bool], encode: Encode, stamp: str
) -> tuple[Weights, list[Outcome]]:
    """Learn what passages sound like, and find how the loudest of a message decide together, and from where.

    Args:
        examples: of every topic, and ordinary ones.
        held_out: the messages that neither the encoder nor a passage's weights may learn from.
        encode: turns texts into vectors.
        stamp: `fingerprint`.

    Returns:
        The weights, and what the messages held out were heard as, ordinary ones last. Some thirty numbers are fitted to
        these, no more, so the shares are nearly those of messages that nothing was fitted to.
    """
    passage, passage_bias = _learn_passages([each for each in examples if not held_out(each.text)], encode)
    unseen = [each for each in examples if held_out(each.text)]
    topics = np.array([example.topic.value for example in unseen])
    parts = [passages(example.text) for example in unseen]
    every = list(dict.fromkeys(part for some in parts for part in some))
    scored = dict(zip(every, encode(every) @ passage.T + passage_bias, strict=True))
    readings = np.array([loudest(np.array([scored[part] for part in some])) for some in parts])
    message, message_bias = _learn_messages(readings, topics)
    scores = (readings * message).sum(axis=2) + message_bias
    ordinary = scores[topics == Topic.none.value]
    ask = np.array([np.quantile(ordinary[:, at], 1 - _ASK[topic]) for at, topic in enumerate(TOPICS)])
    alarm = np.array([np.quantile(ordinary[:, at], 1 - _ALARM) + 1.0 for at in range(len(TOPICS))])
    alarm = np.maximum(alarm, ask + 1.0)
    thresholds = ask.astype(np.float32), alarm.astype(np.float32)
    made = Weights(passage, passage_bias, message, message_bias, *thresholds, _LOWERED, stamp)
    heard = []
    for topic in (*TOPICS, Topic.none):
        own = scores[topics == topic.value]
        heard.append(
            Outcome(topic, len(own), float((own >= ask).any(axis=1).mean()), float((own >= alarm).any(axis=1).mean()))
        )
    return made, heard


def _learn_passages(examples: Sequence[Example], encode: Encode) -> tuple[Vectors, Vectors]:
    """A logistic regression per topic over the vectors of the examples' parts."""
    from sklearn.linear_model import LogisticRegression

    texts: list[str] = []
    topic: list[str] = []
    counts: list[float] = []
    for example in examples:
        beside = 1.0 if example.topic is Topic.none else _BESIDE
        texts += [*example.loud, *example.quiet]
        topic += [example.topic.value] * len(example.loud) + [Topic.none.value] * len(example.quiet)
        counts += [1.0] * len(example.loud) + [beside] * len(example.quiet)
    vectors, topics = encode(texts), np.array(topic)
    weights, bias = [], []
    for each in TOPICS:
        own = topics == each.value
        weight = np.where(own | (topics == Topic.none.value), np.array(counts), _OTHER_TOPIC)
        weight[own] *= (weight[~own].sum() / weight[own].sum()) ** 0.5  # rare topics speak up, half way
        regression = LogisticRegression(C=_STRENGTH, max_iter=500).fit(vectors, own, sample_weight=weight)
        weights.append(regression.coef_[0])
        bias.append(regression.intercept_[0])
    return np.array(weights, dtype=np.float32), np.array(bias, dtype=np.float32)


def _learn_messages(readings: Any, topics: Any) -> tuple[Vectors, Vectors]:
    from sklearn.linear_model import LogisticRegression

    weights, bias = np.zeros((len(TOPICS), LOUDEST), dtype=np.float32), np.zeros(len(TOPICS), dtype=np.float32)
    for at, topic in enumerate(TOPICS):
        chosen = np.isin(topics, [topic.value, Topic.none.value])
        regression = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500)
        regression.fit(readings[chosen, at], topics[chosen] == topic.value)
        weights[at], bias[at] = regression.coef_[0], regression.intercept_[0]
    return weights, bias
