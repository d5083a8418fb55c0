"""Suggesting from the library: two or three choices and "just listen"; nothing twice until the rest has been seen."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Dict, Final, List, Text

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.listen import ByWish, Reflect
from actions.tastes import liking, note, note_circumstances, rests, with_circumstances
from actions.texts import buttons_of
from bot.library.filters import Filters
from bot.library.schema import Idea, Kind, Question, Suggestion
from bot.library.shelf import title_of
from bot.memory.turn import Turn
from bot.understanding.wishes import how_many, which_in, wishes_in

_RESPONSES: Final[Dict[Kind, Text]] = {
    "kindness": "say_suggest_kindness",
    "novelty": "say_suggest_novelty",
    "questions": "say_suggest_questions",
}
#: Characters of a button's title that fit on a phone.
_LONGEST_TITLE: Final = 28
#: A wish about the ideas on the table is said in so many words; more are told for their own sake.
_FEW_WORDS: Final = 8
#: With two wishes in it, it may be this long: "ten minutes, no money, the kids are asleep, and we had a fight".
_SOME_WORDS: Final = 16
_RESTING: Final = "say_suggest_resting"
#: Characters of what was asked for that another look keeps in mind.
_WISHES_KEPT: Final = 400
_QUOTED: Final = re.compile(r'"[^"]*"')
_KINDS: Final[Dict[Text, Kind]] = {"kindness": "kindness", "novelty": "novelty", "questions": "questions"}


def suggest(say: Say, turn: Turn, kind: Kind, before: Text = "") -> List[EventType]:
    """Offer three ideas of a kind that fit what the person asked for, also `before`; each on a button with its name."""
    wishes = f"{before} {say.text}".strip()[-_WISHES_KEPT:]
    note_circumstances(turn, say.text)
    asked = with_circumstances(turn, wishes_in(wishes))
    resting = kind == "kindness" and not turn.locked and rests(turn)
    picked = _at_rest(turn, asked) if resting else _picked(turn, kind, asked)
    note_offered(turn, [idea.id for idea in picked])
    own_care = turn.locked or all(isinstance(idea, Suggestion) and idea.for_self for idea in picked)
    response = _RESTING if resting else "say_suggest_own_care" if own_care else _RESPONSES[kind]
    say(response, buttons=[*_buttons(picked), listen_button(say)])  # _RESTING brings a button of its own, for a talk
    kept = [SlotSet("shelf", kind), SlotSet("choices", [idea.id for idea in picked]), SlotSet("wishes", wishes)]
    return [asks("which"), *kept, SlotSet("idea", None), SlotSet("listening", False), SlotSet("misses", 0.0)]


def _picked(turn: Turn, kind: Kind, asked: Filters, n: int = 3) -> List[Idea]:
    """Ideas that fit, by what went well before."""
    return shelf().pick(kind, asked, offered(turn), turn.locked, n, rng=chance(turn), liking=liking(turn))


def _at_rest(turn: Turn, asked: Filters) -> List[Idea]:
    """Where giving went unanswered again and again: care for oneself, and little that lays one's heart open."""
    own = _picked(turn, "kindness", replace(asked, for_self=True), n=2)
    quiet = _picked(turn, "kindness", replace(asked, rejection="low", partner_knows=False), n=3)
    return [*own, *(idea for idea in quiet if idea not in own)][:3]


def refined(say: Say, turn: Turn) -> List[EventType] | None:
    """What a few words do to the choices on the table: take one, or look again with a wish. None for other words."""
    if say.slot("open_question") != "which" or not say.text:
        return None
    if (idea := _meant(say)) is not None:
        return _tell(say, turn, idea)
    named = how_many(wishes_in(say.text))
    words = len(say.text.split())
    is_wish = (named >= 1 and words <= _FEW_WORDS) or (named >= 2 and words <= _SOME_WORDS)
    return again(say, turn) if is_wish else None


def again(say: Say, turn: Turn) -> List[EventType]:
    """Three others of the same kind, with the wishes that were named for the first ones."""
    return suggest(say, turn, _KINDS.get(str(say.slot("shelf")), "kindness"), before=str(say.slot("wishes") or ""))


def own_care(name: object) -> bool:
    """Whether an idea (by its id) is for oneself alone."""
    idea = shelf().by_id(str(name or ""))
    return isinstance(idea, Suggestion) and idea.for_self


def instead(say: Say, turn: Turn) -> List[EventType]:
    """Where a guided part would aim at the partner and may not: care for oneself, and no form after it."""
    return [*suggest(say, turn, "kindness"), FollowupAction("action_listen")]


class Another(ByWish):
    """None of these: three others of the same kind."""

    called = "action_suggest_another"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return again(say, turn)


class AskWhich(CoachAction):
    """A yes to three ideas: which one?"""

    called = "action_ask_which"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        choices = [idea for idea in map(shelf().by_id, say.slot("choices") or []) if idea is not None]
        if not choices:
            return again(say, turn)
        say("say_ask_which", buttons=[*_buttons(choices), listen_button(say)])
        return [asks("which")]


class Given(CoachAction):
    """A time, a place or a few words: one more wish for the ideas on the table, or simply told."""

    called = "action_given"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        chosen = refined(say, turn)
        return Reflect().act(say, turn) if chosen is None else chosen


class LetWait(CoachAction):
    """Neither yes nor no to an idea: it stays where it is."""

    called = "action_let_wait"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_can_wait")
        return [asks(say.slot("open_question"))]


class Choose(CoachAction):
    """Tells the whole of the idea that was chosen, and asks whether it fits."""

    called = "action_choose_idea"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if say.text:
            chosen = refined(say, turn)
            if chosen is not None:
                return chosen
            if say.slot("open_question") == "which":
                return AskWhich().act(say, turn)
            if say.slot("open_question") == "tell" or len(say.text.split()) > 3:
                return Reflect().act(say, turn)
            say("say_not_understood")
            return [asks(None)]
        return _tell(say, turn, shelf().by_id(say.entity("choice") or ""))


def _tell(say: Say, turn: Turn, idea: Idea | None) -> List[EventType]:
    """The whole of an idea, and whether it fits; others where it is gone or may not be offered any more."""
    if not isinstance(idea, (Suggestion, Question)) or (turn.locked and not own_care(idea.id)):
        return again(say, turn)
    if isinstance(idea, Question):
        say("say_question_chosen", question=idea.text.replace("{partner}", say.partner))
    else:
        say.text_of(idea.text)
    note(turn, idea.id, "chosen")
    # One question a turn: where the idea asks something, nothing else is asked.
    asks_itself = isinstance(idea, Suggestion) and "?" in _QUOTED.sub("", idea.text)
    say("say_offer_plan" if asks_itself else "say_ask_plan")
    return [asks("plan"), SlotSet("idea", idea.id), SlotSet("misses", 0.0)]


def _meant(say: Say) -> Idea | None:
    """The idea on the table that a few words name by its place or by its title."""
    choices: List[Text] = list(say.slot("choices") or [])
    ideas = [shelf().by_id(name) for name in choices]
    titles = [title_of(idea, _LONGEST_TITLE) if idea is not None else "" for idea in ideas]
    place = which_in(say.text, titles)
    return None if place is None else ideas[place]


def _buttons(ideas: List[Idea]) -> List[Dict[Text, Text]]:
    return [
        {"title": title_of(idea, _LONGEST_TITLE), "payload": f"/choose_idea{json.dumps({'choice': idea.id})}"}
        for idea in ideas
    ]


def listen_button(say: Say) -> Dict[Text, Text]:
    """The way out that stands under every suggestion."""
    return next(button for button in buttons_of("say_offer_steps") if button["payload"] == "/ask_just_listen")
