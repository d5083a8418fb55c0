"""The person's time zone: asked once when a note is agreed to, kept, and changed by saying so."""

from __future__ import annotations

import json
from typing import Dict, Final, List, Text

from rasa_sdk.events import EventType

from actions.common import CoachAction, Say, asks
from actions.texts import buttons_of
from bot.memory.country import country_of, keep_country
from bot.memory.turn import Turn
from bot.memory.zone import keep_zone
from bot.places import country_name, find, moved_to, zone_named
from bot.zones import shown_zone

_ASK: Final = "say_ask_zone"


class AskZone(CoachAction):
    """Where do you live, roughly?"""

    called = "action_ask_zone"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.state["zone_asked"] = True
        country = country_of(turn)
        if country is None:
            say(_ASK)
        else:  # with several times; of all others the zone is known
            say("say_ask_zone_within", country=country_name(country))
        return [asks("zone")]


class SetZone(CoachAction):
    """Goes by the time of the place that was named; asks back which one, or for a bigger one, and then lets it be."""

    called = "action_set_zone"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        text = say.entity("choice") or zone_named(say.text) or moved_to(say.text) or say.text
        found = find(text)
        if found.zone is not None:
            keep_zone(turn, found.zone)
            if found.country is not None:
                keep_country(turn, found.country)
            turn.state.pop("zone_missed", None)
            say("say_zone_set", zone=shown_zone(found.zone))
            return [asks(None)]
        if found.choices:
            say("say_which_zone", buttons=[*map(_button, found.choices), *buttons_of(_ASK)])
            return [asks("zone")]
        if turn.state.get("zone_missed"):
            return LeaveZone().act(say, turn)
        turn.state["zone_missed"] = True
        say("say_zone_not_found", buttons=buttons_of(_ASK))
        return [asks("zone")]


class LeaveZone(CoachAction):
    """It stays with the zone of the house, and isn't asked again."""

    called = "action_leave_zone"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.state["zone_asked"] = True
        turn.state.pop("zone_missed", None)
        say("say_zone_left")
        return [asks(None)]


def _button(place: Text) -> Dict[Text, Text]:
    return {"title": place, "payload": f"/choose_zone{json.dumps({'choice': place})}"}
