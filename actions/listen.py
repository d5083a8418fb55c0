"""Listening: reflect, explore, comfort; ideas only after the question whether they are wanted."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Final, List, Text

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import CoachAction, Say, asks
from actions.returning import comes_again
from bot.memory.turn import Turn
from bot.settings import PROJECT
from bot.understanding.themes import Themes

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
#: Where understanding is unsure, a word may say it: a feeling or a theme of data/themes.yml.
_OF_WORDS: Final = {
    "invisible": "say_reflect_unseen",
    "lonely": "say_reflect_lonely",
    "parallel_lives": "say_reflect_unseen",
    "effort": "say_reflect_unseen",
    "silence": "say_reflect_unseen",
}
#: Turns of exploring before the question whether an idea is wanted; no suggestion comes before it.
_EXPLORE: Final = ("say_explore_first", "say_explore_need")
#: After the offer was passed over, the next one comes after this many turns.
_OFFER_EVERY: Final = 4
#: Below this the reflection stays with the person's words and names no feeling.
_SURE: Final = 0.28
#: While the coach waits to be told something, a wish that doesn't sound like one is only believed above this.
_PLAIN: Final = 0.75
#: Good news is cheered above this, unless its words are sad; below it, where its words are glad.
_GLAD: Final = 0.6
#: While the coach only listens, it adds a word of its own to every third reflection.
_STAY_EVERY: Final = 3
#: After so long a rest, in seconds, exploring begins anew.
_REST: Final = 6 * 3600.0


class Reflect(CoachAction):
    """Says back what was told, in the person's own words, and leads on one step."""

    called = "action_reflect"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return reflect(say, turn, reflection_of(say))


class ByWish(CoachAction):
    """An action that somebody wished for; where the coach had asked to be told something, the answer is no wish."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]) -> List[EventType]:
        """Called by Rasa."""
        if _answers(Say(dispatcher, tracker)):
            return await Reflect().run(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain)


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
        glad = themes().is_glad(say.text)
        if say.text and (glad is False or (glad is None and say.confidence < _GLAD)):
            return reflect(say, turn, reflection_of(say))
        say("say_good_news", quote=say.quote)
        return [asks("tell"), SlotSet("misses", 0.0)]


class GoOn(CoachAction):
    """A plain yes or no that answers nothing in particular."""

    called = "action_go_on"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if say.intent == "deny":
            say("say_no_need")
        else:
            say("say_stay" if say.slot("listening") else "say_go_on")
        return [asks("tell")]


class BotChallenge(ByWish):
    """A program, and it says so."""

    called = "action_bot_challenge"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("utter_bot_challenge")
        return []


@lru_cache(maxsize=1)
def themes() -> Themes:
    """The words of data/themes.yml, read once."""
    return Themes.load(PROJECT / "data" / "themes.yml")


def reflection_of(say: Say) -> str:
    """The reflection that the message calls for; of what was read as a wish, the likeliest of what people tell."""
    if say.intent in REFLECTIONS or say.intent == "tell_more":
        likely = (say.intent, say.confidence)
    else:
        ranking = (say.tracker.latest_message or {}).get("intent_ranking") or []
        told = ((str(found["name"]), float(found["confidence"])) for found in ranking)
        likely = next(((name, sure) for name, sure in told if name in REFLECTIONS or name == "tell_more"), ("", 0.0))
    if likely[1] >= _SURE:
        return REFLECTIONS.get(likely[0], _ANYTHING)
    named = [*themes().themes(say.text, ""), *themes().feelings(say.text)]
    return next((response for name, response in _OF_WORDS.items() if name in named), _ANYTHING)


def _answers(say: Say) -> bool:
    """Whether a message, whatever it was taken for, is an answer to what the coach had asked."""
    waiting = say.slot("open_question") == "tell"
    return waiting and bool(say.text) and say.confidence < _PLAIN and not themes().is_wish(say.text)


def reflect(say: Say, turn: Turn, response: str) -> List[EventType]:
    """One reflection, then the one question that this point of the conversation calls for."""
    quote = say.quote
    rested = turn.now - float(turn.conversation.last_turn_at or turn.now) > _REST
    explored = 0 if rested else int(say.slot("explored") or 0)
    events: List[EventType] = [
        SlotSet("explored", float(explored + 1)),
        SlotSet("misses", 0.0),
        SlotSet("quote", quote),
    ]
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
    if comes_again(turn, [*themes().themes(say.text, say.intent), *themes().feelings(say.text)]):
        say("say_pain_returns")
        return [*events, asks("tell")]
    if say.slot("listening"):
        if explored % _STAY_EVERY == 0 or not quote:
            say("say_stay")
        return [*events, asks("tell")]
    # The consent question took the first place in exploring; what it displaced is asked with the answer to it.
    if explored < len(_EXPLORE):
        say(_EXPLORE[explored])
        return [*events, asks("tell")]
    if (explored - len(_EXPLORE)) % _OFFER_EVERY == 0:
        say("say_offer_ideas_or_listen")
        return [*events, asks("ideas_or_listen")]
    say("say_explore_more" if explored % 2 else "say_stay")
    return [*events, asks("tell")]
