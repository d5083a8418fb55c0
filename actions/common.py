"""What every action of the coach shares: its turn, its voice, and the library it suggests from."""

from __future__ import annotations

import random
import zlib
from functools import lru_cache
from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clock import now
from bot.library.shelf import Shelf
from bot.memory.turn import Turn, turn_for
from bot.settings import PROJECT
from bot.understanding.quotes import telling_quote

__all__ = ["CoachAction", "Say", "asks", "shelf"]

#: How much of what was offered is kept in mind, so that nothing comes twice before the rest.
_OFFERED_KEPT = 1200


class Say:
    """The coach's voice in one action: responses of domain.yml, filled with the person's words."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        message: Dict[Text, Any] = tracker.latest_message or {}
        #: What the person wrote; empty after a tap on a button or a command.
        self.text: Text = "" if str(message.get("text") or "").startswith("/") else str(message.get("text") or "")
        intent: Dict[Text, Any] = message.get("intent") or {}
        self.intent: Text = str(intent.get("name") or "")
        #: How likely the intent is, 0 to 1; a button's is certain.
        self.confidence: float = float(intent.get("confidence") or 0.0)

    def __call__(self, response: Text, buttons: List[Dict[Text, Text]] | None = None, **words: Any) -> None:
        """Say a response; `words` fill its placeholders, `buttons` stand under it."""
        if buttons is None:
            self._dispatcher.utter_message(response=response, **words)
        else:
            self._dispatcher.utter_message(response=response, buttons=buttons, **words)

    def plainly(self, text: Text, buttons: List[Dict[Text, Text]]) -> None:
        """Say a text that is written elsewhere (a counsellor's script), just as it is."""
        self._dispatcher.utter_message(text=text, buttons=buttons)

    def own_text(self, text: Text) -> None:
        """Say a reflection: the person's own words, and a line that is filled in already."""
        self._dispatcher.utter_message(text=text)

    def attach(self, name: Text) -> None:
        """Have a file (`Turn.attach`) go with what was said last."""
        self._dispatcher.utter_message(attachment=name)

    def text_of(self, text: Text) -> None:
        """Say a text of the library."""
        self._dispatcher.utter_message(text=text.replace("{partner}", self.partner))

    @property
    def partner(self) -> Text:
        """What the partner is called."""
        return str(self.tracker.get_slot("partner") or "")

    @property
    def quote(self) -> Text:
        """The most telling words of the person's message; of the newest message with words, where this one has none."""
        return telling_quote(self.text) or str(self.tracker.get_slot("quote") or "")

    def slot(self, name: Text) -> Any:
        """The value of a slot."""
        return self.tracker.get_slot(name)

    def entity(self, name: Text) -> Text | None:
        """What a button carries."""
        value = next(self.tracker.get_latest_entity_values(name), None)
        return None if value is None else str(value)


class CoachAction(Action):
    """An action that works within the turn; subclasses name themselves and write `act`."""

    called: Text = ""

    def name(self) -> Text:
        """Its name in domain.yml."""
        return self.called

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]) -> List[EventType]:
        """Called by Rasa."""
        with turn_for(tracker.sender_id, now) as turn:
            events = self.act(Say(dispatcher, tracker), turn)
        if turn.script_runs and self.called != "action_script_step":
            return events  # back to the script's open question
        if any(event["event"] == "followup" for event in events):
            return events
        # The coach has spoken and listens again; saying so spares Rasa a second prediction, a fifth of a turn.
        return [*events, FollowupAction("action_listen")]

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        """Do it; returns the events for Rasa's tracker."""
        raise NotImplementedError


def asks(question: Text | None) -> EventType:
    """Note what a plain yes or no would answer from now on."""
    return SlotSet("open_question", question)


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The library, read once."""
    return Shelf.load(PROJECT / "data" / "ideas")


def offered(turn: Turn) -> List[Text]:
    """Ids of what this person was offered, oldest first."""
    return list(turn.state.get("offered", []))


def note_offered(turn: Turn, ids: List[Text]) -> None:
    """Remember what was offered."""
    turn.state["offered"] = [*(old for old in offered(turn) if old not in ids), *ids][-_OFFERED_KEPT:]


def chance(turn: Turn) -> random.Random:
    """Chance that is the same when a turn is worked on again."""
    return random.Random(zlib.crc32(f"{turn.conversation_id}:{turn.conversation.turns}".encode()))
