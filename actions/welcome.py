"""Meeting: welcome, consent to remember, and what follows it."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.country import AskCountry
from actions.listen import explore_on
from bot.memory.country import may_ask_country
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
        return go_on(say, turn)


class Decline(CoachAction):
    """The person would rather not be remembered."""

    called = "action_decline_consent"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.set_consent(False)
        turn.state["consent_asked"] = True
        say("say_consent_no")
        return go_on(say, turn)


def go_on(say: Say, turn: Turn) -> List[EventType]:
    """Ask for the country where that has not been done, else go on with what the person had told."""
    return AskCountry().act(say, turn) if may_ask_country(turn) else explore_on(say)
