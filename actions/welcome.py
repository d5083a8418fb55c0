"""Meeting: welcome, and consent to remember."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from bot.memory.turn import Turn


class Welcome(CoachAction):
    """Greets, and says hello again to someone who was here before."""

    called = "action_welcome"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        known = bool(turn.state.get("welcomed"))
        turn.state["welcomed"] = True
        say("say_welcome_back" if known else "say_welcome")
        return [asks(None), SlotSet("misses", 0.0)]


class Remember(CoachAction):
    """The person agreed to be remembered."""

    called = "action_remember_consent"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.set_consent(True)
        turn.state["consent_asked"] = True
        say("say_consent_yes")
        return explore_on(say)


class Decline(CoachAction):
    """The person would rather not be remembered."""

    called = "action_decline_consent"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.set_consent(False)
        turn.state["consent_asked"] = True
        say("say_consent_no")
        return explore_on(say)


def explore_on(say: Say) -> List[EventType]:
    """Go on with what the person had told."""
    told = float(say.slot("explored") or 0) > 0
    if say.slot("listening"):
        say("say_stay")
    else:
        say("say_explore_first" if told else "say_go_on")
    return [asks("tell")]
