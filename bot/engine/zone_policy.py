"""A place that answers "Where do you live?", and a person who says that their time zone is another one."""

from __future__ import annotations

from typing import Any, Dict, Final, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.certain_policy import CertainPolicy
from bot.memory.turn import Turn, current_turn
from bot.memory.zone import zone_of
from bot.places import Found, find, moved_to, zone_named

__all__ = ["ZonePolicy"]

SET: Final = "action_set_zone"
LEAVE: Final = "action_leave_zone"
#: Short answers that leave the question open.
_LEAVING: Final = frozenset({"skip", "deny", "maybe"})
#: Short messages that speak to the coach and not to the question.
_WISHES: Final = frozenset(
    "stop affirm greet goodbye thanks ask_why ask_help ask_privacy ask_forget ask_remembered ask_change_reminder "
    "bot_challenge ask_just_listen not_meant".split()
)
_SURE: Final = 0.5
#: More words than these are somebody telling something, unless they name a place; and more than those, even then.
_SHORT: Final = 4
_LONG: Final = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ZonePolicy(CertainPolicy):
    """Predicts `action_set_zone` for what tells a time zone, and nothing otherwise."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Below scripts, above rules and forms."""
        return {"priority": 85}

    def next_action(self, tracker: DialogueStateTracker) -> Optional[Text]:
        """Setting the zone, or leaving it, where that was asked or said."""
        turn, message = current_turn(), tracker.latest_message
        if turn is None or message is None or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return None
        text = str(message.text or "")
        if text.startswith("/"):
            return None
        if _names_a_zone(text) or _has_moved(turn, text):
            return SET
        if tracker.get_slot("open_question") != "zone":
            return None
        return _answered(text, str(message.intent_name or ""), float((message.intent or {}).get("confidence") or 0.0))


def _names_a_zone(text: Text) -> bool:
    """Whether somebody says what their time zone is; "I'm in a bad time" is none."""
    named = zone_named(text)
    return named is not None and ("zone" in text.casefold() or find(named, slips=False) != Found())


def _has_moved(turn: Turn, text: Text) -> bool:
    """Whether somebody whose zone is known names another place; for all others it is a part of their story."""
    if (place := moved_to(text)) is None or (known := zone_of(turn)) is None:
        return False
    found = find(place, slips=False)
    return found.zone not in (None, known)


def _answered(text: Text, intent: Text, sure: float) -> Optional[Text]:
    words = len(text.split())
    found = find(text) if words <= _LONG else Found()
    if (found.zone or found.choices) and (words <= _SHORT or find(text, slips=False) == found):
        return SET
    if words > _SHORT or "?" in text:
        return None
    if intent in _LEAVING:
        return LEAVE
    return None if intent in _WISHES and sure >= _SURE else SET
