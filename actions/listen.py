"""Listening: reflect, explore, comfort; ideas only after the question whether they are wanted."""

from __future__ import annotations

from typing import Final, List

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from bot.memory.turn import Turn

#: How each intent is reflected.
REFLECTIONS: Final = {
    "feel_unseen": "say_reflect_unseen",
    "feel_lonely": "say_reflect_lonely",
    "blame_or_conflict": "say_reflect_conflict",
    "infidelity_or_separation": "say_reflect_separation",
    "low_mood": "say_reflect_low",
    "self_blame": "say_reflect_self_blame",
    "partner_refuses": "say_reflect_refuses",
    "hope": "say_reflect_hope",
}
_ANYTHING: Final = "say_reflect_more"
#: Turns of exploring before the question whether an idea is wanted; no suggestion comes before it.
_EXPLORE: Final = ("say_explore_first", "say_explore_need")
#: After the offer was passed over, the next one comes after this many turns.
_OFFER_EVERY: Final = 4
#: Below this the reflection stays with the person's words and names no feeling.
_SURE: Final = 0.28
#: After so long a rest, in seconds, exploring begins anew.
_REST: Final = 6 * 3600.0


class Reflect(CoachAction):
    """Says back what was told, in the person's own words, and leads on one step."""

    called = "action_reflect"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return reflect(say, turn, REFLECTIONS.get(say.intent, _ANYTHING) if say.confidence >= _SURE else _ANYTHING)


class JustListen(CoachAction):
    """From now on the coach only listens."""

    called = "action_just_listen"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_just_listen")
        return [asks(None), SlotSet("listening", True), SlotSet("misses", 0.0)]


class GoodNews(CoachAction):
    """Good news first gets a lively, specific reply."""

    called = "action_good_news"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_good_news", quote=say.quote)
        return [asks(None), SlotSet("misses", 0.0)]


class GoOn(CoachAction):
    """A plain yes or no that answers nothing in particular."""

    called = "action_go_on"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_stay" if say.slot("listening") else "say_go_on")
        return [asks(None)]


def reflect(say: Say, turn: Turn, response: str) -> List[EventType]:
    """One reflection, then the one question that this point of the conversation calls for."""
    quote = say.quote
    rested = turn.now - float(turn.conversation.last_turn_at or turn.now) > _REST
    explored = 0 if rested else int(say.slot("explored") or 0)
    events: List[EventType] = [SlotSet("explored", float(explored + 1)), SlotSet("misses", 0.0), SlotSet("quote", quote)]
    if turn.locked or turn.shaken:
        # After an alarm nothing is asked and nothing explored: company, and the way to help.
        say("say_reflect_safe", quote=quote or "…")
        return [*events, asks(None)]
    if quote:
        say(response, quote=quote)
    if not turn.state.get("consent_asked"):
        turn.state["consent_asked"] = turn.state["welcomed"] = True
        say("say_ask_consent")
        return [*events, asks("consent")]
    if say.slot("listening"):
        say("say_stay")
        return [*events, asks(None)]
    # The consent question took the first place in exploring; what it displaced is asked with the answer to it.
    if explored < len(_EXPLORE):
        say(_EXPLORE[explored])
        return [*events, asks(None)]
    if (explored - len(_EXPLORE)) % _OFFER_EVERY == 0:
        say("say_offer_ideas_or_listen")
        return [*events, asks("ideas_or_listen")]
    say("say_explore_more" if explored % 2 else "say_stay")
    return [*events, asks(None)]
