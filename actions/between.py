"""Stop, back and why, where nothing guided is going on; a running script hears them itself."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType

from actions.common import Say, asks
from actions.listen import ByWish
from bot.memory.turn import Turn


class GoBack(ByWish):
    """There is nothing to go back to."""

    called = "action_go_back"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_nothing_to_go_back_to")
        return []


class LeaveExercise(ByWish):
    """Stops whatever was going on; nothing is owed."""

    called = "action_leave_exercise"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_left_exercise")
        return [asks(None)]


class Why(ByWish):
    """Says what a question is for."""

    called = "action_why"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_why")
        return []
