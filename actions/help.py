"""When the coach doesn't understand: other words first, then a menu and the way to a person; never a loop."""

from __future__ import annotations

import unicodedata
from typing import Final, List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.ideas import refined, suggest
from actions.listen import ByWish, reflect
from actions.reflecting import themes
from actions.tastes import minded
from bot.memory.turn import Turn

#: A message of so many words is somebody telling something, whatever the classifier made of it.
_TELLING: Final = 4


class Help(ByWish):
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
        if _in_another_script(say.text):
            return other_language(say)
        if (chosen := refined(say, turn)) is not None:
            return chosen
        minded(say, turn)
        told = (
            len(say.text.split()) >= _TELLING
            or say.slot("open_question") == "tell"
            or bool(themes().themes(say.text, ""))
        )
        if told and say.text and "?" not in say.text and not themes().is_wish(say.text):
            return reflect(say, turn)
        return missed(say, turn, "say_not_understood")


class OutOfScope(ByWish):
    """Something that a coach can't help with."""

    called = "action_out_of_scope"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return other_language(say) if _in_another_script(say.text) else missed(say, turn, "say_out_of_scope")


class NotMeant(CoachAction):
    """The person says that they were misread."""

    called = "action_not_meant"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_not_meant")
        return [asks("tell")]


def other_language(say: Say) -> List[EventType]:
    """A menu would help nobody who can't be read at all."""
    say("say_other_language")
    return [asks(None)]


def missed(say: Say, turn: Turn, response: str) -> List[EventType]:
    """Say so once; at the second time in a row show the menu and the human option."""
    misses = float(say.slot("misses") or 0) + 1
    if misses >= 2 and not turn.locked:
        say("say_menu")
        return [SlotSet("misses", 0.0), asks("steps")]
    say(response)
    return [SlotSet("misses", misses), asks(None)]


def _in_another_script(text: str) -> bool:
    """Whether most letters are not Latin."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) * 2 < len(letters)
