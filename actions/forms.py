"""Guided parts as Rasa forms: any words answer a question, but a short wish ("stop", "why?") is no answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Final, List, Text

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import CoachAction, Say, asks
from actions.listen import ByWish
from bot.memory.turn import Turn
from bot.settings import PROJECT
from bot.understanding.quotes import short, telling_quote

#: Short messages with these intents speak to the coach, not to the question.
_WISHES: Final = frozenset(
    {
        "stop",
        "go_back",
        "skip",
        "ask_why",
        "ask_help",
        "ask_privacy",
        "ask_forget",
        "bot_challenge",
        "ask_just_listen",
        "not_meant",
        "thanks",
    }
)
_SHORT: Final = 12
_SURE: Final = 0.35
#: A "maybe" or "don't know" of so many words is no answer.
_UNDECIDED: Final = 5
#: Questions that begin with the answer before; each has wordings without it.
_BEGINS_WITH_A_QUOTE: Final = frozenset(
    f"say_ask_{slot}"
    for slot in (
        "pattern_felt",
        "pattern_did",
        "pattern_partner_did",
        "pattern_partner_felt",
        "pattern_life",
        "plan_where",
    )
)


class WordsForm(Action):
    """A form whose every slot takes the person's words as they are; subclasses name themselves."""

    called: Text = ""
    #: Whether a plain "no", "maybe" or "I don't know" leaves a question open instead of answering it.
    undecided_leaves_open: bool = False

    def name(self) -> Text:
        """Its name in domain.yml."""
        return self.called

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]) -> List[EventType]:
        """Fill the requested slot with the message; with nothing, for a button's intent or a wish in between."""
        requested = tracker.get_slot("requested_slot")
        message: Dict[Text, Any] = tracker.latest_message or {}
        text = str(message.get("text") or "").strip()
        if not requested or not text:
            return []
        if text.startswith("/"):
            return self.from_button(tracker, str(requested))
        intent: Dict[Text, Any] = message.get("intent") or {}
        wish = intent.get("name") in _WISHES and float(intent.get("confidence") or 0) >= _SURE
        if wish and len(text.split()) <= _SHORT:
            return []
        if self.undecided_leaves_open and intent.get("name") in ("maybe", "deny") and len(text.split()) <= _UNDECIDED:
            return [SlotSet(str(requested), left_open()), SlotSet("quote", None)]
        return [SlotSet(str(requested), text), SlotSet("quote", telling_quote(text))]

    def from_button(self, tracker: Tracker, requested: Text) -> List[EventType]:
        """What a button's payload answers; most leave the form to the rules."""
        return []


class AskMoment(CoachAction):
    """Asks for one slot; the subclasses stand for the others."""

    called = "action_ask_pattern_moment"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        quote, response = str(say.slot("quote") or ""), self.called.replace("action_", "say_", 1)
        # Where the question before was left open there is nothing to begin with.
        say(response if quote or response not in _BEGINS_WITH_A_QUOTE else f"{response}_bare", quote=quote)
        return []


class AskFelt(AskMoment):
    """What was felt."""

    called = "action_ask_pattern_felt"


class AskDid(AskMoment):
    """What was done."""

    called = "action_ask_pattern_did"


class AskPartnerDid(AskMoment):
    """What the partner did."""

    called = "action_ask_pattern_partner_did"


class AskPartnerFelt(AskMoment):
    """What the partner may have felt: a guess."""

    called = "action_ask_pattern_partner_felt"


class AskLife(AskMoment):
    """What life adds."""

    called = "action_ask_pattern_life"


class AskBidNoticed(AskMoment):
    """A bid of one's own days."""

    called = "action_ask_bid_noticed"


class AskPlanWhen(AskMoment):
    """When the plan is to happen."""

    called = "action_ask_plan_when"


class AskPlanWhere(AskMoment):
    """Where it is to happen."""

    called = "action_ask_plan_where"


class GoBack(ByWish):
    """Asks the question before this one again."""

    called = "action_go_back"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        form = say.tracker.active_loop_name
        slots = _slots_of(form) if form else []
        requested = say.slot("requested_slot")
        at = slots.index(requested) if requested in slots else 0
        if at == 0:
            say("say_nothing_to_go_back_to")
            return []
        events: List[EventType] = [SlotSet(slots[at - 1], None)]
        if at >= 2:
            before = str(say.slot(slots[at - 2]) or "")
            events.append(SlotSet("quote", None if before == left_open() else short(before)))
        return events


class Skip(CoachAction):
    """Leaves the question open and goes on."""

    called = "action_skip"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        requested = say.slot("requested_slot")
        if not requested:
            return []
        return [SlotSet(str(requested), left_open()), SlotSet("quote", None)]


class LeaveExercise(ByWish):
    """Stops whatever was going on; nothing is owed."""

    called = "action_leave_exercise"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_left_exercise")
        return [asks(None), SlotSet("requested_slot", None)]


class Why(ByWish):
    """Says what a question is for."""

    called = "action_why"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        form = say.tracker.active_loop_name
        say(f"say_why_{form}" if form else "say_why")
        return []


@lru_cache(maxsize=1)
def _domain() -> Dict[Text, Any]:
    loaded: Dict[Text, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def left_open() -> str:
    """What stands where a question was skipped."""
    return str(_domain()["responses"]["say_skipped"][0]["text"])


def words_of(response: str) -> str:
    """The text of a response that is put into another one."""
    return str(_domain()["responses"][response][0]["text"])


def wordings_of(response: str) -> List[str]:
    """All the texts of a response that is put into another one."""
    return [str(wording["text"]) for wording in _domain()["responses"][response]]


def _slots_of(form: Text) -> List[Text]:
    return list(_domain()["forms"][form]["required_slots"])


def buttons_of(response: str) -> List[Dict[Text, Text]]:
    """The buttons of a response, to stand under another one too."""
    return list(_domain()["responses"][response][0]["buttons"])
