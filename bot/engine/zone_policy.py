"""A place that answers "Where do you live?", and a person who says that their time zone or country is another one."""

from __future__ import annotations

import re
from typing import Any, Dict, Final, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.certain_policy import CertainPolicy
from bot.memory.country import country_of, was_asked_country
from bot.memory.turn import Turn, current_turn
from bot.memory.zone import zone_of
from bot.places import Found, find, find_country, moved_to, zone_named

__all__ = ["ZonePolicy"]

SET: Final = "action_set_zone"
#: For each question about a place: what an answer leads to, and what a "no" does.
_QUESTIONS: Final = {
    "zone": (SET, "action_leave_zone"),
    "country": ("action_set_country", "action_leave_country"),
}
#: Short answers that leave the question open.
_LEAVING: Final = frozenset({"skip", "deny", "maybe"})
#: Short messages that speak to the coach and not to the question.
_WISHES: Final = frozenset(
    "stop affirm greet goodbye thanks ask_why ask_help ask_privacy ask_forget ask_export ask_remembered "
    "ask_change_reminder bot_challenge ask_just_listen not_meant".split()
)
_SURE: Final = 0.5
#: More words than these are somebody telling something, unless they name a place; and more than those, even then.
_SHORT: Final = 4
#: So many words may be the name of a country that can't be found.
_NAME: Final = 2
#: "One of us" is no country.
_ABOUT_US: Final = re.compile(r"\b(?:of|to|with|between|for|at|both|about|around|behind) us\b", re.IGNORECASE)
_LONG: Final = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ZonePolicy(CertainPolicy):
    """Predicts `action_set_zone` or `action_set_country` for what tells one, and nothing otherwise."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Below scripts, above rules and forms."""
        return {"priority": 85}

    def next_action(self, tracker: DialogueStateTracker) -> Optional[Text]:
        """Setting the zone or the country, or leaving it, where that was asked or said."""
        turn, message = current_turn(), tracker.latest_message
        if turn is None or message is None or tracker.latest_action_name != ACTION_LISTEN_NAME:
            return None
        text = str(message.text or "")
        if text.startswith("/"):
            return None
        question = tracker.get_slot("open_question")
        if _names_a_zone(text) or (question != "country" and _has_moved(turn, text)):
            return SET
        if question not in _QUESTIONS:
            return _QUESTIONS["country"][0] if _names_their_country(turn, text) else None
        if question == "country" and not _may_be_a_country(text):
            return None
        sure = float((message.intent or {}).get("confidence") or 0.0)
        return _answered(text, str(message.intent_name or ""), sure, *_QUESTIONS[question])


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


def _names_their_country(turn: Turn, text: Text) -> bool:
    """Whether somebody who was asked for it says, in one short sentence, in which country they live."""
    if not was_asked_country(turn) or (place := moved_to(text)) is None:
        return False
    found = find_country(place, slips=False)
    return found.country not in (None, country_of(turn))


def _may_be_a_country(text: Text) -> bool:
    """Whether few words answer the question after the country; whoever goes on telling has passed it over."""
    words = len(text.split())
    if words <= _NAME or _ABOUT_US.search(text) is not None:
        return words <= _NAME
    found = find_country(moved_to(text) or text, slips=False)
    return (found.country is not None or bool(found.choices)) and (words <= _SHORT or moved_to(text) is not None)


def _answered(text: Text, intent: Text, sure: float, set_it: Text, leave_it: Text) -> Optional[Text]:
    words = len(text.split())
    found = find(text) if words <= _LONG else Found()
    if (found.zone or found.choices) and (words <= _SHORT or find(text, slips=False) == found):
        return set_it
    if words > _SHORT or "?" in text:
        return None
    if intent in _LEAVING:
        return leave_it
    return None if intent in _WISHES and sure >= _SURE else set_it
