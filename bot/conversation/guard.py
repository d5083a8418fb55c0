"""Safety's place in the turn: what the gate needs to remember between messages, and what it does to reminders."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.conversation.plan import SafetyPlan
from bot.memory.country import country_of
from bot.memory.turn import Turn
from bot.safety.gate import Bubble, Gate
from bot.safety.verdict import Level, Topic, Verdict
from bot.scripts.running import is_going_on

__all__ = ["Guard", "verdict_json"]

#: Earlier messages that are read together with the new one.
_RECENT: Final = 5
#: How much of an earlier message is kept for that.
_RECENT_CHARACTERS: Final = 1000
#: After an "ask" the threshold stays lower for a day.
_LOWERED_SECONDS: Final = 24 * 3600.0
#: For a day after an alarm the coach asks and explores nothing.
_SHAKEN_SECONDS: Final = 24 * 3600.0
#: After so long a rest a new session begins.
_REST_SECONDS: Final = 6 * 3600.0
#: An unanswered direct question counts as open for this long.
_OPEN_SECONDS: Final = 12 * 3600.0
#: Keys of safety texts that are remembered as said.
_SEEN: Final = 40
#: The words that always lead to help.
_HELP_NOW: Final = frozenset({"help now", "helpnow", "help me now", "i need help now"})
#: Buttons under safety texts, and the block each leads to.
_BLOCKS: Final = {
    "lines": "help_now",
    "misunderstood": "misunderstood",
    "back": "back",
    "plan_steps": "self_harm.plan_steps",
}
#: After an alarm about these, the next session begins with a question: the block, and how loud its answer is taken.
_FOLLOW_UP: Final = {
    Topic.self_harm: ("came_back", Level.ask),
    Topic.abuse: ("came_back_home", Level.alarm),
}
#: Asking for the lock to be lifted, which is not done in the conversation.
_LIFT: Final = frozenset({"lift the lock", "lift the pause", "unlock", "unlock the exercises"})


class Guard:
    """Puts the gate in front of a turn.

    Args:
        gate: the detector with its words and helplines; no I/O.
        country: two letters, for helplines, until the person has named one.
    """

    def __init__(self, gate: Gate, country: str | None = None) -> None:
        self.gate = gate
        self.country = country

    def before(self, turn: Turn, text: str, *, own_data: bool = False) -> list[Bubble] | None:
        """What safety answers to a message, or None when the coach may have it.

        Args:
            turn: the turn.
            text: the message.
            own_data: it asks for the person's own data, or their end. Nothing but an alarm comes before that: no
                plan takes it for an answer, and nobody is kept from it.
        """
        memory: dict[str, Any] = turn.state.setdefault("safety", {})
        recent, scores = list(memory.get("recent", [])), list(memory.get("scores", []))
        lowered = float(memory.get("lowered_until", 0.0)) > turn.now
        ours = _is_our_button(turn, text)
        heard = self.gate.listen(text, before=recent, lowered=lowered, scores_before=scores, ours=ours)
        verdict = heard.verdict
        plan = SafetyPlan(turn, memory)
        memory["recent"] = [*recent, text[:_RECENT_CHARACTERS]][-_RECENT:]
        memory["scores"] = [*scores, heard.scores][-_RECENT:]
        if verdict.level is not Level.alarm and _plain(text) in _HELP_NOW:
            memory["open"] = {"topic": Topic.none.name, "level": Level.alarm.name, "at": turn.now}
            self._protect(turn, memory, Topic.none)
            return self._say(turn, "help_now")
        if own_data and verdict.level is not Level.alarm:
            return None  # the whole message is one of a few fixed ones: what was doubted is what came before it
        button = self.gate.read_button(text) or self.gate.read_answer(text)
        if (block := plan.hear(text, button, verdict)) is not None:
            if verdict.level is Level.alarm:
                memory["lowered_until"] = turn.now + _LOWERED_SECONDS
                self._protect(turn, memory, verdict.topic)
            return self._plan_said(turn, plan, block)
        if verdict.level is not Level.alarm and (answer := self._go_on(turn, memory, text)) is not None:
            return answer
        if turn.locked and verdict.level is not Level.alarm and _plain(text) in _LIFT:
            return self._say(turn, "lifting")
        if verdict.level is Level.clear:
            if (again := self._ask_again(turn, memory)) is not None:
                return again
            if float(memory.get("minor_until", 0.0)) > turn.now:
                return self._say(turn, "minor.alarm")
            return None
        memory["lowered_until"] = turn.now + _LOWERED_SECONDS
        other = self.gate.is_about_another(verdict)
        memory["open"] = {"topic": verdict.topic.name, "level": verdict.level.name, "at": turn.now, "other": other}
        if verdict.level is Level.alarm:
            self._protect(turn, memory, verdict.topic)
        return self._said(turn, self.gate.answer(verdict, self._country(turn), self._seen(turn)))

    def emergency(self, text: str) -> list[Bubble] | None:
        """The answer to an alarm when nothing can be remembered (no database); None where there is no alarm."""
        verdict = self.gate.screen(text)
        return self.gate.answer(verdict, self.country, ()) if verdict.level is Level.alarm else None

    def _ask_again(self, turn: Turn, memory: dict[str, Any]) -> list[Bubble] | None:
        """An alarm, and a tap on "you misunderstood", is asked about once more: in the next session."""
        rested = turn.now - float(turn.conversation.last_turn_at or turn.now) > _REST_SECONDS
        if not rested or not ("ask_again" in memory or "follow_up" in memory):
            return None
        alarmed, doubted = memory.pop("follow_up", None), memory.pop("ask_again", None)
        topic = Topic[alarmed or doubted]
        if topic is Topic.none:
            return None
        block, level = _FOLLOW_UP[topic] if alarmed else (f"{topic.value}.ask", Level.ask)
        memory["open"] = {"topic": topic.name, "level": level.name, "at": turn.now}
        return self._say(turn, block)

    def _plan_said(self, turn: Turn, plan: SafetyPlan, block: str) -> list[Bubble]:
        shown = plan.written(self.gate.plan_words) if block in ("plan.done", "plan.mine") else ""
        bubbles = self._say(turn, block)
        return [Bubble(shown), *bubbles] if shown else bubbles

    def _say(self, turn: Turn, block: str) -> list[Bubble]:
        return self._said(turn, self.gate.say(block, self._country(turn), self._seen(turn)))

    def _go_on(self, turn: Turn, memory: dict[str, Any], text: str) -> list[Bubble] | None:
        """What follows an answer, or a button, to what safety asked before; None where nothing of it is open."""
        opened = memory.get("open")
        if not opened or turn.now - float(opened["at"]) > _OPEN_SECONDS:
            return None
        if "script" in turn.state and is_going_on(text):
            del memory["open"]  # back in the script, a yes answers the script
            return None
        topic, country, seen = Topic[opened["topic"]], self._country(turn), self._seen(turn)
        button = self.gate.read_button(text)
        if button in _BLOCKS or button in ("plan", "safety_plan"):
            if button in ("back", "misunderstood"):
                del memory["open"]
            if button == "misunderstood":
                memory["ask_again"] = topic.name
            return self._say(turn, _block(button, topic))
        answer = self.gate.read_answer(text)
        if answer is None or topic is Topic.none:
            return None
        if opened["level"] == Level.alarm.name:
            bubbles = self.gate.reply_to_alarm(topic, answer, country, seen)
            return self._said(turn, bubbles) if bubbles else None
        other = bool(opened.get("other"))
        if answer == "no" or other:
            del memory["open"]
        else:
            opened["level"] = Level.alarm.name
            self._protect(turn, memory, topic)
        if topic is Topic.minor:  # "Are you 18 or older?": here a no is the alarm
            memory["minor_until"] = 0.0 if answer == "yes" else turn.now + _LOWERED_SECONDS
        return self._said(turn, self.gate.reply_to_ask(topic, answer, country, seen, other=other))

    def _protect(self, turn: Turn, memory: dict[str, Any], topic: Topic) -> None:
        """An alarm pauses every reminder, and fear of the partner locks what is aimed at the partner."""
        turn.state["safety_spoke"] = "alarm"
        turn.pause_script()
        if topic is not Topic.none:  # "help now" alone says nothing of how somebody is
            memory["shaken_until"] = turn.now + _SHAKEN_SECONDS
        for reminder in turn.reminders("waiting", "held"):
            reminder.state = "paused"
        if topic in _FOLLOW_UP:
            memory["follow_up"] = topic.name
        if topic in (Topic.abuse, Topic.harm_to_others, Topic.child_at_risk):
            memory["locked"] = True
        if topic is Topic.minor:
            memory["minor_until"] = turn.now + _LOWERED_SECONDS

    def _country(self, turn: Turn) -> str | None:
        return country_of(turn) or self.country

    @staticmethod
    def _seen(turn: Turn) -> list[str]:
        return list(turn.state.get("safety", {}).get("seen", []))

    def _said(self, turn: Turn, bubbles: list[Bubble]) -> list[Bubble]:
        turn.state.setdefault("safety_spoke", "ask")
        turn.interrupt_script()
        opened = turn.state["safety"].get("open") or {"topic": Topic.none.name, "level": Level.ask.name}
        if any(bubble.refers for bubble in bubbles):
            turn.referred = (opened["topic"], opened["level"])
        turn.state["safety"]["seen"] = [*self._seen(turn), *(bubble.key for bubble in bubbles if bubble.key)][-_SEEN:]
        return bubbles


def _block(button: str, topic: Topic) -> str:
    if button == "safety_plan":
        return "abuse.plan"
    if button == "plan":
        return "abuse.plan" if topic is Topic.abuse else "self_harm.plan"
    return _BLOCKS[button]


def _is_our_button(turn: Turn, text: str) -> bool:
    """Whether these are the words of a button below the newest bubble that the house wrote.

    The answers that a counsellor wrote below a question count as the client's own words.
    """
    script = turn.state.get("script")
    if script is not None and not (script.get("own") or script.get("paused")) and script.get("waiting") == "answer":
        return False
    wanted = text.strip().casefold()
    return any(button["title"].casefold() == wanted for button in turn.last_offer())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", text.casefold()))


def verdict_json(verdict: Verdict) -> dict[str, str]:
    """A verdict as `toward classify` prints it."""
    return {"topic": verdict.topic.name, "level": verdict.level.name}
