"""The circle of the pattern, in the person's own words, both halves named."""

from __future__ import annotations

from typing import Any, Dict, Final, Mapping

from actions.texts import left_open, words_of
from bot.understanding.quotes import short

__all__ = ["circle_of", "parts_of"]

#: The parts that are asked for in the script "The pattern"; what life adds stands beside the circle.
_PARTS: Final = ("moment", "felt", "did", "partner_did", "partner_felt", "life")
_CIRCLE: Final = ("moment", "felt", "did", "partner_did", "partner_felt")
#: Words of each part that the circle shows, at most and at least, and of all parts together: it stays one bubble.
_WORDS: Final = 10
_FEW_WORDS: Final = 5
_ROOM: Final = 26


def parts_of(answers: Mapping[str, Any]) -> Dict[str, str]:
    """What answers of a script tell of the circle, by part; nothing where they tell of something else."""
    told = {part: _text(answers.get(part)) for part in _PARTS}
    return told if any(told[part] for part in _CIRCLE) else {}


def circle_of(told: Mapping[str, str], partner: str) -> str:
    """The circle in the person's own words, both halves named; empty where nothing was told of it.

    Args:
        told: words by part.
        partner: what the partner is called.
    """
    shown = _shortened(told)
    lines = [words_of(f"say_circle_{part}").replace("{words}", shown[part]) for part in _CIRCLE if part in shown]
    return " ".join(lines).replace("{partner}", partner)


def _shortened(told: Mapping[str, str]) -> Dict[str, str]:
    answered = {part: words for part, words in told.items() if words and words != left_open()}
    most = next(most for most in range(_WORDS, 0, -1) if _spoken(answered, most) <= _ROOM or most == _FEW_WORDS)
    return {part: short(words, most, clauses=False) for part, words in answered.items()}


def _spoken(answered: Dict[str, str], most: int) -> int:
    """Words of the circle when each part has `most` at most."""
    return sum(min(most, len(answered.get(part, "").split())) for part in _CIRCLE)


def _text(answer: Any) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, (list, tuple)) else str(answer or "")
