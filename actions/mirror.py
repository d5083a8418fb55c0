"""The mirror: a picture of the person's weeks, and the one or two taps that fill it. Never a mark for the partner."""

from __future__ import annotations

from typing import Dict, Final, List, Text

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.ideas import instead
from actions.listen import ByWish
from actions.scripts import begin
from actions.showing import show, weeks_in_words
from bot.memory.turn import Turn
from bot.memory.weeks import weeks_of

#: What a button names, and the script that it begins.
_TALKS: Final[Dict[Text, Text]] = {
    "time": "A time for two",
    "now": "Fifteen minutes for two",
    "reach": "A small reach",
    "seen": "Seen today",
    "week": "My week",
}
#: These are of use only where they are kept.
_NOTED: Final = frozenset({"reach", "seen", "week"})


class ShowMirror(ByWish):
    """The weeks as a picture, with words beside it; what fills them where nothing is there yet."""

    called = "action_show_mirror"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        if not turn.consented:
            return _ask_to_remember(say)
        words = weeks_in_words(turn, weeks_of(turn), say.partner)
        if words:
            say("say_mirror", words=words)
            show(say, turn, "weeks", {})
        else:
            say("say_mirror_empty")
        return [asks(None), SlotSet("misses", 0.0)]


class ShowMap(CoachAction):
    """The cycle map as a picture, where the pattern is remembered."""

    called = "action_show_map"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        if turn.recall("pattern"):
            say("say_map")
            if show(say, turn, "cycle map", {}):
                return [asks(None)]
        say("say_map_none")
        return [asks("pattern")]


class BeginTalk(ByWish):
    """Begins what a button names: setting a time for two, the fifteen minutes, or a note for the mirror."""

    called = "action_begin_talk"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        name = say.entity("choice") or "reach"
        if name in _NOTED and not turn.consented:
            return _ask_to_remember(say)
        return [*begin(say, turn, _TALKS.get(name, _TALKS["reach"])), SlotSet("listening", False)]


def _ask_to_remember(say: Say) -> List[EventType]:
    say("say_mirror_needs_memory")
    return [asks("consent")]
