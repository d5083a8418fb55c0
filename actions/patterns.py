"""Whether to look at the pattern, and the ways to begin."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.ideas import suggest
from actions.listen import ByWish
from bot.memory.turn import Turn


class OfferPattern(ByWish):
    """Ideas are wanted: the first offer is to look at the pattern, later ones go to the four ways."""

    called = "action_offer_pattern"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.state.get("pattern_offered") or turn.locked:
            return offer_steps(say, turn)
        turn.state["pattern_offered"] = True
        say("say_offer_pattern")
        return [asks("pattern"), SlotSet("listening", False), SlotSet("misses", 0.0)]


class OfferSteps(CoachAction):
    """The four ways to begin."""

    called = "action_offer_steps"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return offer_steps(say, turn)


def offer_steps(say: Say, turn: Turn) -> List[EventType]:
    """Show the four ways; someone who isn't safe with the partner is offered care for themselves instead."""
    if turn.locked:
        return suggest(say, turn, "kindness")
    say("say_offer_steps")
    return [asks("steps"), SlotSet("listening", False), SlotSet("misses", 0.0)]
