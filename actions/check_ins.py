"""Step three: a regular check-in of fifteen minutes."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.ideas import suggest
from actions.listen import ByWish
from actions.scripts import begin
from bot.memory.turn import Turn


class OfferCheckIn(ByWish):
    """Explains the fifteen minutes and offers to find a time, or to begin now."""

    called = "action_offer_check_in"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return suggest(say, turn, "kindness")
        say("say_offer_check_in")
        return [asks("check_in"), SlotSet("idea", "check-in"), SlotSet("listening", False), SlotSet("misses", 0.0)]


class FindATime(CoachAction):
    """Sets up the regular time (a plain yes to the offer)."""

    called = "action_find_a_time"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return suggest(say, turn, "kindness")
        return begin(say, turn, "A time for two")
