"""Safety's place in the turn: what the gate needs to remember between messages, and what it does to reminders."""

from __future__ import annotations

from typing import Any, Final

from bot.memory.turn import Turn
from bot.safety.detector import Level, Topic, Verdict
from bot.safety.gate import Bubble, Gate, read_answer

__all__ = ["Guard", "verdict_json"]

#: Earlier messages that are read together with the new one.
_RECENT: Final = 5
#: How much of an earlier message is kept for that.
_RECENT_CHARACTERS: Final = 1000
#: After an "ask" the threshold stays lower for a day.
_LOWERED_SECONDS: Final = 24 * 3600.0
#: An unanswered direct question counts as open for this long.
_OPEN_SECONDS: Final = 12 * 3600.0


class Guard:
    """Puts the gate in front of a turn.

    Args:
        gate: the detector with its words and helplines; no I/O.
        country: two letters, for helplines, until the person has named one.
    """

    def __init__(self, gate: Gate, country: str | None = None) -> None:
        self.gate = gate
        self.country = country

    def before(self, turn: Turn, text: str) -> list[Bubble] | None:
        """What safety answers to a message, or None when the coach may have it."""
        memory: dict[str, Any] = turn.state.setdefault("safety", {})
        recent = list(memory.get("recent", []))
        memory["recent"] = [*recent, text[:_RECENT_CHARACTERS]][-_RECENT:]
        lowered = float(memory.get("lowered_until", 0.0)) > turn.now
        verdict = self.gate.screen(text, before=recent, lowered=lowered)
        if verdict.level is not Level.alarm and (answer := self._answer_to_question(turn, memory, text)) is not None:
            return answer
        if verdict.level is Level.clear:
            return None
        memory["lowered_until"] = turn.now + _LOWERED_SECONDS
        if verdict.level is Level.ask:
            memory["asked"] = {"topic": verdict.topic.name, "at": turn.now}
        else:
            self._protect(turn, memory, verdict.topic)
        return self._said(turn, memory, self.gate.answer(verdict, self._country(turn), memory.get("seen", [])))

    def emergency(self, text: str) -> list[Bubble] | None:
        """The answer to an alarm when nothing can be remembered: no database, no conversation. None where there is no alarm."""
        verdict = self.gate.screen(text)
        return self.gate.answer(verdict, self.country, ()) if verdict.level is Level.alarm else None

    def _answer_to_question(self, turn: Turn, memory: dict[str, Any], text: str) -> list[Bubble] | None:
        asked = memory.get("asked")
        if not asked or turn.now - float(asked["at"]) > _OPEN_SECONDS:
            return None
        answer = read_answer(text)
        if answer is None:
            return None
        del memory["asked"]
        topic = Topic[asked["topic"]]
        if answer == "yes":
            self._protect(turn, memory, topic)
        return self._said(turn, memory, self.gate.reply_to_ask(topic, answer, self._country(turn), memory.get("seen", [])))

    def _protect(self, turn: Turn, memory: dict[str, Any], topic: Topic) -> None:
        """An alarm pauses every reminder, and fear of the partner locks what is aimed at the partner."""
        memory.pop("asked", None)
        memory["alarm"] = {"topic": topic.name, "at": turn.now}
        for reminder in turn.reminders("waiting"):
            reminder.state = "paused"
        if topic in (Topic.abuse, Topic.harm_to_others, Topic.child_at_risk):
            memory["locked"] = True

    def _country(self, turn: Turn) -> str | None:
        return turn.recall("country") or self.country

    @staticmethod
    def _said(turn: Turn, memory: dict[str, Any], bubbles: list[Bubble]) -> list[Bubble]:
        memory["seen"] = [*memory.get("seen", []), *(bubble.key for bubble in bubbles if bubble.key)][-12:]
        return bubbles


def verdict_json(verdict: Verdict) -> dict[str, str]:
    """A verdict as `toward classify` prints it."""
    return {"topic": verdict.topic.name, "level": verdict.level.name}
