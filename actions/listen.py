"""Listening: reflect, explore, comfort; ideas only after the question whether they are wanted."""

from __future__ import annotations

from typing import Any, Dict, Final, List, Text

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import CoachAction, Say, asks
from actions.good_news import reply_to
from actions.reflecting import reflection, themes
from actions.returning import comes_again
from actions.tastes import minded, note_circumstances
from bot.memory.turn import Turn

#: Turns of exploring before the question whether an idea is wanted; no suggestion comes before it.
_EXPLORE: Final = ("say_explore_first", "say_explore_need")
#: After the offer was passed over, the next one comes after this many turns.
_OFFER_EVERY: Final = 4
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
        minded(say, turn)
        return reflect(say, turn)


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
        minded(say, turn)
        glad = themes().is_glad(say.text)
        if say.text and (glad is False or (glad is None and say.confidence < _GLAD)):
            return reflect(say, turn)
        say("say_good_news", quote=say.quote, reply=reply_to(turn, say.text).replace("{partner}", say.partner))
        return [asks("tell"), SlotSet("misses", 0.0)]


class GoOn(CoachAction):
    """A plain yes or no that answers nothing in particular."""

    called = "action_go_on"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        minded(say, turn)
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


def explore_on(say: Say) -> List[EventType]:
    """Go on with what the person had told."""
    told = float(say.slot("explored") or 0) > 0
    if say.slot("listening"):
        say("say_stay")
    else:
        say("say_explore_first" if told else "say_go_on")
    return [asks("tell")]


def _answers(say: Say) -> bool:
    """Whether a message, whatever it was taken for, is an answer to what the coach had asked."""
    waiting = say.slot("open_question") in ("tell", "country")
    return waiting and bool(say.text) and say.confidence < _PLAIN and not themes().is_wish(say.text)


def reflect(say: Say, turn: Turn) -> List[EventType]:
    """One reflection, then the one question that this point of the conversation calls for."""
    quote = say.quote
    note_circumstances(turn, say.text)
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
        say.own_text(reflection(say, turn, answers_a_wish=explored == len(_EXPLORE)))
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
