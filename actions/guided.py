"""The guided conversations that ship with Toward: which wish begins which script of data/scripts/."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType, SlotSet

from actions.common import Say
from actions.ideas import instead, suggest
from actions.listen import ByWish
from actions.scripts import begin
from bot.library.filters import Filters
from bot.memory.turn import Turn
from bot.understanding.wishes import wishes_in


class Guided(ByWish):
    """Begins a script; subclasses name it."""

    script: str = ""
    #: Whether it aims at the partner, so that somebody who is afraid of them is offered care for themselves instead.
    about_both: bool = True

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked and self.about_both:
            return instead(say, turn)
        return [*begin(say, turn, self.script), SlotSet("listening", False), SlotSet("misses", 0.0)]


class BeginPattern(Guided):
    """The pattern without blame."""

    called = "action_begin_pattern"
    script = "The pattern"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.state["pattern_offered"] = True
        return super().act(say, turn)


class BeginBids(Guided):
    """Turning toward each other."""

    called = "action_begin_bids"
    script = "Bids"


class BeginGentleWords(Guided):
    """From a complaint to a request."""

    called = "action_begin_gentle_words"
    script = "Say it gently"


class BeginCuriosity(Guided):
    """Open questions, by how it is between the two tonight; who has said what kind is shown some at once."""

    called = "action_begin_curiosity"
    script = "Curiosity"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return suggest(say, turn, "questions") if wishes_in(say.text) != Filters() else super().act(say, turn)


class BeginLonelyNow(Guided):
    """For the hour in which it hurts."""

    called = "action_begin_lonely_now"
    script = "Lonely now"
    about_both = False


class BeginReceiving(Guided):
    """How to receive the partner's good news."""

    called = "action_begin_good_news"
    script = "Good news"
