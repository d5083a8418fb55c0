"""Listening: reflect, explore, comfort; ideas only after the question whether they are wanted."""

from __future__ import annotations

from typing import Final, List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from bot.memory.turn import Turn

#: How each intent is reflected.
REFLECTIONS: Final = {
    "feel_unseen": "utter_reflect_unseen",
    "feel_lonely": "utter_reflect_lonely",
    "blame_or_conflict": "utter_reflect_conflict",
    "infidelity_or_separation": "utter_reflect_separation",
    "low_mood": "utter_reflect_low",
    "self_blame": "utter_reflect_self_blame",
    "partner_refuses": "utter_reflect_refuses",
    "hope": "utter_reflect_hope",
}
_ANYTHING: Final = "utter_reflect_more"
#: Turns of exploring before the question whether an idea is wanted; no suggestion comes before it.
_EXPLORE: Final = ("utter_explore_first", "utter_explore_need")
#: After the offer was passed over, the next one comes after this many turns.
_OFFER_EVERY: Final = 4


class Reflect(CoachAction):
    """Says back what was told, in the person's own words, and leads on one step."""

    called = "action_reflect"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return reflect(say, turn, REFLECTIONS.get(say.intent, _ANYTHING))


class JustListen(CoachAction):
    """From now on the coach only listens."""

    called = "action_just_listen"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("utter_just_listen")
        return [asks(None), SlotSet("listening", True), SlotSet("misses", 0.0)]


class GoodNews(CoachAction):
    """Good news first gets a lively, specific reply."""

    called = "action_good_news"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("utter_good_news", quote=say.quote)
        return [asks(None), SlotSet("misses", 0.0)]


class GoOn(CoachAction):
    """A plain yes or no that answers nothing in particular."""

    called = "action_go_on"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("utter_stay" if say.slot("listening") else "utter_go_on")
        return [asks(None)]


def reflect(say: Say, turn: Turn, response: str) -> List[EventType]:
    """One reflection, then the one question that this point of the conversation calls for."""
    quote = say.quote
    explored = float(say.slot("explored") or 0)
    events: List[EventType] = [SlotSet("explored", explored + 1), SlotSet("misses", 0.0), SlotSet("quote", quote)]
    if quote:
        say(response, quote=quote)
    if not turn.state.get("consent_asked"):
        turn.state["consent_asked"] = turn.state["welcomed"] = True
        say("utter_ask_consent")
        return [*events, asks("consent")]
    if say.slot("listening"):
        say("utter_stay")
        return [*events, asks(None)]
    # The consent question took the place of the first exploring one, which `explore_on` then asks.
    step = int(explored) - 1
    if step < len(_EXPLORE):
        say(_EXPLORE[max(0, step)])
        return [*events, asks(None)]
    if (step - len(_EXPLORE)) % _OFFER_EVERY == 0:
        say("utter_offer_ideas_or_listen")
        return [*events, asks("ideas_or_listen")]
    say("utter_explore_more" if step % 2 else "utter_stay")
    return [*events, asks(None)]
