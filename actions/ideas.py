"""Suggesting from the library: two or three choices and "just listen"; nothing twice until the rest has been seen."""

from __future__ import annotations

import json
from typing import Dict, Final, List, Text

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.forms import buttons_of
from bot.library.schema import Idea, Kind, Question, Suggestion
from bot.memory.turn import Turn
from bot.understanding.wishes import wishes_in

_RESPONSES: Final[Dict[Kind, Text]] = {
    "kindness": "say_suggest_kindness",
    "novelty": "say_suggest_novelty",
    "questions": "say_suggest_questions",
}
_KINDS: Final[Dict[Text, Kind]] = {"kindness": "kindness", "novelty": "novelty", "questions": "questions"}


def suggest(say: Say, turn: Turn, kind: Kind) -> List[EventType]:
    """Offer three ideas of a kind that fit what the person asked for; each on a button with its name."""
    picked = shelf().pick(kind, wishes_in(say.text), offered(turn), turn.locked, rng=chance(turn))
    note_offered(turn, [idea.id for idea in picked])
    buttons = [{"title": title_of(idea), "payload": f"/choose_idea{json.dumps({'choice': idea.id})}"} for idea in picked]
    own_care = turn.locked or all(isinstance(idea, Suggestion) and idea.for_self for idea in picked)
    say("say_suggest_own_care" if own_care else _RESPONSES[kind], buttons=[*buttons, listen_button(say)])
    return [asks(None), SlotSet("shelf", kind), SlotSet("idea", None), SlotSet("listening", False), SlotSet("misses", 0.0)]


def own_care(name: object) -> bool:
    """Whether an idea (by its id) is for oneself alone."""
    idea = shelf().by_id(str(name or ""))
    return isinstance(idea, Suggestion) and idea.for_self


def instead(say: Say, turn: Turn) -> List[EventType]:
    """Where a guided part would aim at the partner and may not: care for oneself, and no form after it."""
    return [*suggest(say, turn, "kindness"), FollowupAction("action_listen")]


class Another(CoachAction):
    """None of these: three others of the same kind."""

    called = "action_suggest_another"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return suggest(say, turn, _KINDS.get(str(say.slot("shelf")), "kindness"))


class Choose(CoachAction):
    """Tells the whole of the idea that was chosen, and asks whether it fits."""

    called = "action_choose_idea"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        idea = shelf().by_id(say.entity("choice") or "")
        if not isinstance(idea, (Suggestion, Question)) or (turn.locked and not own_care(idea.id)):
            return suggest(say, turn, _KINDS.get(str(say.slot("shelf")), "kindness"))
        say.text_of(idea.text)
        say("say_ask_plan")
        return [asks("plan"), SlotSet("idea", idea.id), SlotSet("misses", 0.0)]


def title_of(idea: Idea) -> Text:
    """What stands on the button: an idea's name, or the beginning of a question."""
    if isinstance(idea, Suggestion):
        return idea.title
    text = getattr(idea, "text", idea.id)
    words = str(text).replace("{partner}", "").split()
    title = ""
    for word in words:
        if len(title) + len(word) + 2 > 28:
            return f"{title.rstrip(',;')}…"
        title = f"{title} {word}".strip()
    return title


def listen_button(say: Say) -> Dict[Text, Text]:
    """The way out that stands under every suggestion."""
    return next(button for button in buttons_of("say_offer_steps") if button["payload"] == "/ask_just_listen")
