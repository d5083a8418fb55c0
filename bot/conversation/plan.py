"""The safety plan: six steps after Stanley & Brown (2012), in the person's own words, kept only if they say so.

Stanley, B. & Brown, G. K. (2012). Safety Planning Intervention: a brief intervention to mitigate suicide risk.
Cognitive and Behavioral Practice, 19(2), 256-264.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.memory.turn import Turn
from bot.safety.verdict import Level, Topic, Verdict
from bot.safety.words import PlanWords

__all__ = ["STEPS", "SafetyPlan"]

#: The steps in their order; each is the block "plan.<step>" of data/safety/words.yml.
STEPS: Final = ("warning", "alone", "places", "people", "helpers", "distance")
#: An unfinished plan waits for so long.
_WAITS_SECONDS: Final = 12 * 3600.0
_LONGEST: Final = 300  # characters of one answer that are kept
_KEY: Final = "safety_plan"
_SHOW: Final = frozenset({"my plan", "my safety plan", "show my plan", "show me my plan", "show my safety plan"})
_FORGET: Final = frozenset({"forget my plan", "delete my plan", "forget my safety plan", "delete my safety plan"})
_NEW: Final = frozenset({"new plan", "write my plan", "a plan for hard hours"})


class SafetyPlan:
    """The plan within one turn.

    Args:
        turn: where a kept plan is remembered.
        memory: safety's part of the conversation's state; an unfinished plan waits there, under "plan".
    """

    def __init__(self, turn: Turn, memory: dict[str, Any]) -> None:
        self._turn = turn
        self._memory = memory

    def hear(self, text: str, button: str | None, verdict: Verdict) -> str | None:
        """The block to say to a message, None where it has nothing to do with a plan.

        Args:
            text: the message.
            button: the safety button that it taps or types, or "yes", "no", "unsure" where it is a short answer.
            verdict: what the gate heard in it; an alarm is answered with helplines, and the plan waits.
        """
        if verdict.level is not Level.alarm and (block := self._asked_for(text, button)) is not None:
            return block
        waiting = self._waiting()
        if waiting is None:
            return None
        if waiting["step"] >= len(STEPS) and not waiting.get("paused"):
            return self._decided(waiting, button) if verdict.level is Level.clear else None
        if button in ("yes", "no", "unsure"):  # "no one" is an answer to "Whom could you tell?"
            button = None
        if button == "plan_later":
            waiting["paused"] = True
            return "plan.later"
        if button == "plan_on":
            waiting["paused"] = False
            return self._question(waiting)
        own_words = button is None
        if waiting["step"] >= len(STEPS) or (own_words and waiting.get("paused")):
            return None
        if not own_words and button != "plan_skip":
            return None
        if verdict.level is not Level.clear and verdict.topic is not Topic.self_harm:
            waiting["paused"] = True  # another danger is answered first; the plan waits
            return None
        if own_words:
            waiting["answers"][STEPS[waiting["step"]]] = " ".join(text.split())[:_LONGEST]
        waiting["step"] += 1
        if verdict.level is Level.alarm:
            waiting["paused"] = True
            return "plan.alarm"
        return self._question(waiting)

    def written(self, words: PlanWords) -> str:
        """The plan as text, a line for each step that has words; empty where there is none."""
        waiting = self._memory.get("plan")
        answers = waiting["answers"] if waiting else self._turn.recall(_KEY, {})
        lines = [f"{lead}: {answers[step]}" for step, lead in words.steps.items() if answers.get(step)]
        return "\n".join([words.heading, *lines]) if lines else ""

    def _asked_for(self, text: str, button: str | None) -> str | None:
        asked = " ".join(re.findall(r"[a-z]+", text.casefold()))
        if button == "plan_begin" or asked in _NEW:
            self._memory["plan"] = {"step": 0, "answers": {}, "at": self._turn.now}
            return f"plan.{STEPS[0]}"
        if asked in _FORGET:
            self._memory.pop("plan", None)
            self._turn.forget(_KEY)
            return "plan.dropped"
        if asked in _SHOW:
            return "plan.mine" if self._turn.recall(_KEY) else "plan.none"
        return None

    def _waiting(self) -> dict[str, Any] | None:
        waiting: dict[str, Any] | None = self._memory.get("plan")
        if waiting is not None and self._turn.now - float(waiting["at"]) > _WAITS_SECONDS:
            del self._memory["plan"]
            return None
        return waiting

    def _question(self, waiting: dict[str, Any]) -> str:
        if waiting["step"] < len(STEPS):
            return f"plan.{STEPS[waiting['step']]}"
        if not waiting["answers"]:
            del self._memory["plan"]
            return "plan.empty"
        return "plan.done"

    def _decided(self, waiting: dict[str, Any], button: str | None) -> str | None:
        """Kept only on a clear yes to the question; once something else was said, only the button means it."""
        if button == "plan_keep" or (button == "yes" and waiting["step"] == len(STEPS)):
            self._turn.remember(_KEY, waiting["answers"])
            del self._memory["plan"]
            return "plan.kept"
        if button == "plan_drop" or (button in ("no", "unsure") and waiting["step"] == len(STEPS)):
            del self._memory["plan"]
            return "plan.dropped"
        waiting["step"] = len(STEPS) + 1
        return None
