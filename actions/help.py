"""When the coach doesn't understand: other words first, then a menu and the way to a person; never a loop."""

from __future__ import annotations

from typing import Final, List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.ideas import suggest
from actions.listen import reflect
from bot.memory.turn import Turn

#: A message of so many words is somebody telling something, whatever the classifier made of it.
_TELLING: Final = 4


class Help(CoachAction):
    """What can be done here, and where a person can be found."""

    called = "action_help"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return suggest(say, turn, "kindness")
        say("say_help")
        return [asks("steps"), SlotSet("misses", 0.0)]


class NotUnderstood(CoachAction):
    """Not understood: what somebody tells is said back; a few words are asked about once, then comes the menu."""

    called = "action_not_understood"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if len(say.text.split()) >= _TELLING and "?" not in say.text:
            return reflect(say, turn, "say_reflect_more")
        return missed(say, turn, "say_not_understood")


class OutOfScope(CoachAction):
    """Something that a coach can't help with."""

    called = "action_out_of_scope"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return missed(say, turn, "say_out_of_scope")


class NotMeant(CoachAction):
    """The person says that they were misread."""

    called = "action_not_meant"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_not_meant")
        return [asks(None)]


def missed(say: Say, turn: Turn, response: str) -> List[EventType]:
    """Say so once; at the second time in a row show the menu and the human option."""
    misses = float(say.slot("misses") or 0) + 1
    if misses >= 2 and not turn.locked:
        say("say_menu")
        return [SlotSet("misses", 0.0), asks("steps")]
    say(response)
    return [SlotSet("misses", misses), asks(None)]
