"""The safety gate: reads every text first, and answers an alarm without Rasa, the database or the network."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.safety.detector import Detector
from bot.safety.helplines import Helpline, Helplines
from bot.safety.normalise import END, fold
from bot.safety.verdict import Level, Scope, Topic, Verdict

if TYPE_CHECKING:
    from bot.safety.risk import Encode, RiskModel
    from bot.safety.words import Words

__all__ = ["Answer", "Bubble", "Gate", "Heard"]

log = logging.getLogger(__name__)

Answer = Literal["yes", "no", "unsure"]
_ANSWERS: Final[tuple[Answer, ...]] = ("yes", "no", "unsure")
_LONGEST_ANSWER: Final = 6  # words; more is a message, not an answer
_POLITE_WORDS: Final = "please thanks sorry honestly actually just really um uh er well oh hmm lol"
_POLITE: Final = frozenset(_POLITE_WORDS.split())


@dataclass(frozen=True)
class Bubble:
    """One thing said.

    Attributes:
        text: as shown.
        buttons: titles, which are also what a tap sends.
        key: the variant, to be remembered and handed back as `seen`; empty where the bubble only follows another.
        refers: whether it names helplines.
    """

    text: str
    buttons: tuple[str, ...] = ()
    key: str = ""
    refers: bool = False


@dataclass(frozen=True)
class Heard:
    """What the gate heard in one message.

    Attributes:
        verdict: topic, level and cues.
        scores: what the learned tier read, as nested lists of numbers, to be remembered for the messages that follow;
            None where it was not needed or not there.
    """

    verdict: Verdict
    scores: list[list[float]] | None = None


class Gate:
    """Screens and answers. No input or output after loading; safe to share.

    Args:
        detector: the lexicon, always there.
        words: what is said.
        helplines: whom to call.
        risk: the learned tier; without it, or where it fails, the lexicon alone speaks.
    """

    def __init__(self, detector: Detector, words: Words, helplines: Helplines, risk: RiskModel | None = None) -> None:
        self._detector = detector
        self._risk = risk
        self._words = words
        self.helplines = helplines
        self.plan_words = words.plan
        self._read_as: dict[str, Answer] = {
            fold(line): answer for answer in _ANSWERS for line in words.answers[answer] if line.strip()
        }
        self._buttons: dict[str, str] = {}
        for name, button in words.buttons.items():
            for said in (button.title, *button.typed):
                self._buttons.setdefault(fold(said), name)

    @classmethod
    def load(cls, data: Path, encode: Encode | None = None) -> Gate:
        """Reads lexicon, words, helplines and, where there is an encoder, the learned weights.

        Args:
            data: the folder that holds `safety/` and `helplines.tsv`.
            encode: turns texts into the vectors that the weights were made for.

        Raises:
            ContentError: a file is missing or broken; names file, entry and cure.
        """
        # pydantic takes longer to import than this whole room; only loading needs it.
        from bot.safety.risk import RiskModel, Weights
        from bot.safety.words import read_words

        detector = Detector.load(data / "safety" / "lexicon.yml")
        risk = None if encode is None else RiskModel(Weights.load(data / "safety" / "risk.npz"), encode)
        return cls(detector, read_words(data / "safety" / "words.yml"), Helplines.load(data / "helplines.tsv"), risk)

    def screen(self, text: str, before: Sequence[str] = (), lowered: bool = False) -> Verdict:
        """What one message amounts to; see `listen`."""
        return self.listen(text, before, lowered).verdict

    def listen(
        self,
        text: str,
        before: Sequence[str] = (),
        lowered: bool = False,
        scores_before: Sequence[list[list[float]] | None] = (),
        ours: bool = False,
    ) -> Heard:
        """Reads one message with the lexicon and, unless that raised an alarm already, with the learned tier.

        The louder of the two counts: neither takes back what the other heard.

        Args:
            text: what the person wrote, of any length.
            before: up to five earlier messages of theirs, oldest first.
            lowered: whether something was asked in the last 24 hours.
            scores_before: the `scores` of those messages.
            ours: it is the title of a button that Toward itself has just shown. The lexicon reads it like any other
                words; the learned tier, which weighs how a person puts something, has nothing of theirs to weigh.
        """
        told = self._detector.screen(text, before, lowered)
        if told.level is Level.alarm or self._risk is None or ours:
            return Heard(told)
        try:
            reading = self._risk.read(text)
            learned = self._risk.judge(reading, _readings(scores_before), lowered)
        except Exception as error:  # whatever an encoder may raise: the lexicon has spoken
            log.error("The learned tier of safety failed with %s; the lexicon alone was heard.", type(error).__name__)
            return Heard(told)
        return Heard(learned if learned.level > told.level else told, reading.round(2).tolist())

    def answer(self, verdict: Verdict, country: str | None, seen: Sequence[str]) -> list[Bubble]:
        """What to say to a verdict: nothing when clear, one question for an ask, words and helplines for an alarm.

        Args:
            verdict: from `screen`.
            country: ISO code of two letters, or None when unknown.
            seen: keys of the variants said before, oldest first.
        """
        if verdict.level is Level.clear:
            return []
        block = f"{verdict.topic.value}.{verdict.level.name}"
        if verdict.level is Level.ask and self.is_about_another(verdict):
            block = self._other(block)
        return self.say(block, country, seen)

    def is_about_another(self, verdict: Verdict) -> bool:
        """Whether it is a friend, a brother, somebody else who may be in danger."""
        return bool(verdict.cues) and self._detector.scope(verdict.cues[0]) is Scope.other

    def _other(self, block: str) -> str:
        return f"{block}_other" if f"{block}_other" in self._words.words else block

    def reply_to_ask(
        self, topic: Topic, answer: Answer, country: str | None, seen: Sequence[str], *, other: bool = False
    ) -> list[Bubble]:
        """What to say once the question of an ask has been answered; `other`: it was about somebody else."""
        block = f"{topic.value}.{answer}"
        return self.say(self._other(block) if other else block, country, seen)

    def reply_to_alarm(self, topic: Topic, answer: Answer, country: str | None, seen: Sequence[str]) -> list[Bubble]:
        """What to say once the question of an alarm ("Are you safe to chat now?") is answered; nothing for a minor."""
        block = f"{topic.value}.alarm_{answer}"
        return self.say(block, country, seen) if block in self._words.words else []

    def say(self, block: str, country: str | None = None, seen: Sequence[str] = ()) -> list[Bubble]:
        """A block of words.yml by name, such as "help_now", "when_broken", "misunderstood", "back" or "abuse.plan".

        Raises:
            KeyError: there is no such block.
        """
        said = self._words.words[block]
        number = _next(block, len(said.say), seen)
        texts = list(said.say[number])
        keys = [f"{block}.{number + 1}", *[""] * (len(texts) - 1)]
        if said.lines:
            topic = block.split(".")[0]
            about = Topic[topic] if topic in Topic.__members__ else Topic.none
            # The same people, introduced otherwise: nobody gets the same block twice in a row.
            heading = _next("lines", len(self._words.helplines.heading), seen)
            texts.append(self._lines(country, about, said.lines, heading))
            keys.append(f"lines.{heading + 1}")
        buttons = tuple(self._words.buttons[button].title for button in said.buttons)
        last = len(texts) - 1
        return [
            Bubble(
                text,
                buttons if at == last else (),
                keys[at],
                bool(said.lines) and at == last,
            )
            for at, text in enumerate(texts)
        ]

    def read_answer(self, text: str) -> Answer | None:
        """Reads a short reply as yes, no or unsure; None means it is a message of its own."""
        words = [word for word in fold(text).split() if word != END]
        bare = [word for word in words if word not in _POLITE]
        if len(bare) > _LONGEST_ANSWER:
            return None
        return self._read_as.get(" ".join(words)) or self._read_as.get(" ".join(bare))

    def read_button(self, text: str) -> str | None:
        """The name of the button that was tapped or typed ("plan", "back", "lines", ...), or None.

        Two buttons share the typed form "plan"; the first in the file is meant, and the caller knows the topic.
        """
        return self._buttons.get(fold(text))

    def _lines(self, country: str | None, topic: Topic, most: int, heading: int) -> str:
        words = self._words.helplines
        lines = [self._line(line) for line in self.helplines.lines_for(country, topic)[:most]]
        emergency = self.helplines.emergency(country) or words.emergency_unknown
        return "\n".join([words.heading[heading], *lines, words.emergency.format(emergency=emergency)])

    def _line(self, line: Helpline) -> str:
        words = self._words.helplines
        whom = ", ".join(part for part in (line.region, "" if line.is_for_all else line.who) if part)
        shown = words.line.format(
            name=line.name,
            who=words.who.format(who=whom) if whom else "",
            display=line.display,
            hours=words.hours.format(hours=line.hours) if line.dial else "",
        )
        return shown + (words.also.format(also=line.also.split(";")[0]) if line.also else "")


def _readings(scores: Sequence[list[list[float]] | None]) -> list[Any]:
    import numpy as np

    return [np.array(one, dtype=np.float32) for one in scores if one]


def _next(block: str, variants: int, seen: Sequence[str]) -> int:
    """The first variant that was not said yet, else the one said longest ago."""
    last_said = {key: at for at, key in enumerate(seen)}
    return min(range(variants), key=lambda number: last_said.get(f"{block}.{number + 1}", -1))
