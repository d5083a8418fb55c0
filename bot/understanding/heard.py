"""What was heard in a message beside its intent: themes and feelings with their strength, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.safety.risk import passages

__all__ = ["HEARD", "Feeling", "Heard", "Part", "Strength", "heard_in"]

#: Under this name a message of Rasa's carries what was heard in it.
HEARD: Final = "heard"

Strength = Literal["mild", "plain", "strong"]
_STRENGTHS: Final[Mapping[str, Strength]] = {"mild": "mild", "plain": "plain", "strong": "strong"}


@dataclass(frozen=True)
class Feeling:
    """A feeling of the person.

    Attributes:
        name: of data/themes.yml.
        strength: how strongly it is told.
        said: whether the person named it; otherwise it was only heard between the lines, and is a guess.
    """

    name: str
    strength: Strength
    said: bool


@dataclass(frozen=True)
class Part:
    """One passage: how sure each of its themes is, 0 (just given) to 1 (certain)."""

    words: str
    themes: Mapping[str, float]


@dataclass(frozen=True)
class Heard:
    """A message.

    Attributes:
        themes: names, the surest first.
        feelings: those that were said first.
        parts: its passages in order.
    """

    themes: tuple[str, ...] = ()
    feelings: tuple[Feeling, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def strength(self) -> Strength:
        """How strongly the message as a whole is told."""
        told = {feeling.strength for feeling in self.feelings}
        return "strong" if "strong" in told else "mild" if told == {"mild"} else "plain"

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a message; `parts` without their words, which the message has."""
        return {
            "themes": list(self.themes),
            "feelings": [[feeling.name, feeling.strength, feeling.said] for feeling in self.feelings],
            "parts": [{name: round(sure, 2) for name, sure in part.themes.items()} for part in self.parts],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], passages: Sequence[str]) -> Heard:
        """As `as_json` wrote it, with the message's passages beside it."""
        feelings = [
            Feeling(str(name), _STRENGTHS.get(str(strength), "plain"), bool(said))
            for name, strength, said in stored.get("feelings") or ()
        ]
        parts = [
            Part(words, {str(name): float(sure) for name, sure in themes.items()})
            for words, themes in zip(passages, stored.get("parts") or (), strict=False)
        ]
        return cls(tuple(map(str, stored.get("themes") or ())), tuple(feelings), tuple(parts))


def heard_in(message: Mapping[str, Any]) -> Heard:
    """What a message carries, as Rasa's tracker keeps it; nothing where it carries nothing."""
    stored = message.get(HEARD)
    return Heard.from_json(stored, passages(str(message.get("text") or ""))) if isinstance(stored, dict) else Heard()
