"""Rasa's tracker store within a turn: it writes in the turn's own transaction, and keeps the tracker short."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Dict, Final, Iterable, List, Optional, Text, Type

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.errors import MemoryFault
from bot.memory.turn import Turn, current_turn

__all__ = ["TurnTrackerStore", "shorten"]

#: When a tracker holds more messages of the person than this, it is cut back to the newest half.
_MESSAGES: Final = 4


class TurnTrackerStore(TrackerStore):
    """Keeps the tracker in the conversation's row, sealed like all words of a person.

    Rasa replays a whole tracker in every turn, so its length is bounded: older events become the slots and the active
    form that they led to. What has to last longer is in memory, not in the tracker.
    """

    def __init__(self, domain: Optional[Domain]) -> None:
        super().__init__(domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the tracker into the current turn (it is committed with it)."""
        turn = current_turn()
        if turn is None:
            raise MemoryFault(
                "A tracker was saved outside a turn. Send messages through bot.conversation, not to Rasa itself."
            )
        turn.conversation.tracker = json.dumps([_slim(event.as_dict()) for event in shorten(tracker, self.domain)])

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The tracker of the current turn's conversation, None for a new one."""
        turn = current_turn()
        if turn is None or not turn.conversation.tracker:
            return None
        stored: List[Dict[Text, Any]] = json.loads(turn.conversation.tracker)
        events = [event for event in map(_event, stored) if event is not None]
        return DialogueStateTracker.from_events(
            sender_id, [*events, *_after_safety(turn)], self.domain.slots, domain=self.domain
        )

    async def keys(self) -> Iterable[Text]:
        """Rasa lists trackers only for tools that Toward doesn't use."""
        return []


def _after_safety(turn: Turn) -> List[Event]:
    """When safety spoke in between, a later yes answers nothing of the coach's; nor where only buttons are taken."""
    spoke = turn.state.pop("safety_spoke", None)
    return [] if spoke is None and not turn.buttons_only else [SlotSet("open_question", None)]


def shorten(tracker: DialogueStateTracker, domain: Domain) -> List[Event]:
    """The tracker's events; a long one as the state it had come to, followed by its newest messages."""
    events: List[Event] = list(tracker.events)
    messages = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(messages) <= _MESSAGES:
        return events
    # Before every message of the person Rasa has listened; the cut falls between listening and the message.
    cut = messages[-_MESSAGES // 2]
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots, domain=domain)
    state: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    state.extend(SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value)
    return [*state, ActionExecuted(ACTION_LISTEN_NAME), *events[cut:]]


@cache
def _class_of(kind: Text) -> Optional[Type[Event]]:
    """Rasa's class for a kind of event. `Event.from_parameters` searches the tree of classes anew for every event."""
    return next((found for found in all_subclasses(Event) if found.type_name == kind), None)


def _event(parameters: Dict[Text, Any]) -> Optional[Event]:
    kind = _class_of(str(parameters.pop("event")))
    return None if kind is None else kind._from_parameters(parameters)


def _slim(event: Dict[Text, Any]) -> Dict[Text, Any]:
    """An event without what nothing reads again (rankings, tokens, features, ids)."""
    if event.get("event") == "user":
        parsed = event.get("parse_data") or {}
        event["parse_data"] = {key: parsed[key] for key in ("intent", "entities", "text") if key in parsed}
        event["parse_data"]["entities"] = [
            {key: entity[key] for key in ("entity", "value") if key in entity}
            for entity in parsed.get("entities") or []
        ]
    return {key: value for key, value in event.items() if key not in ("metadata", "message_id", "input_channel")}
