"""Step three: a regular check-in of fifteen minutes."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import Say, asks
from actions.ideas import suggest
from actions.listen import ByWish
from bot.memory.turn import Turn


class OfferCheckIn(ByWish):
    """Explains the fifteen minutes and offers to find a time."""

    called = "action_offer_check_in"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return suggest(say, turn, "kindness")
        say("say_offer_check_in")
        return [asks("plan"), SlotSet("idea", "check-in"), SlotSet("listening", False), SlotSet("misses", 0.0)]
