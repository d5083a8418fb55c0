"""The person's country, for helplines: asked once after consent, kept, and changed by saying so."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Dict, Final, List, Text

from rasa_sdk.events import EventType

from actions.common import CoachAction, Say, asks
from actions.listen import explore_on
from actions.texts import buttons_of
from bot.memory.country import keep_country, note_country_asked
from bot.memory.turn import Turn
from bot.memory.zone import keep_zone, zone_of
from bot.places import country_name, find_country, moved_to
from bot.safety.helplines import Helplines
from bot.settings import PROJECT

_ASK: Final = "say_ask_country"
_MISSED: Final = "country_missed"


class AskCountry(CoachAction):
    """In which country do you live?"""

    called = "action_ask_country"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        note_country_asked(turn)
        say(_ASK)
        return [asks("country")]


class SetCountry(CoachAction):
    """Shows helplines of this country from now on; asks back which one, or what it is called, and then lets it be."""

    called = "action_set_country"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        asked = say.slot("open_question") == "country"
        text = say.entity("choice") or moved_to(say.text) or say.text
        found = find_country(text)
        if found.country is None:
            return self._asks_back(say, turn, list(found.choices))
        turn.state.pop(_MISSED, None)
        keep_country(turn, found.country)
        if found.zone is not None and zone_of(turn) is None:
            keep_zone(turn, found.zone)  # so that it needn't be asked for a note
        listed = helplines().emergency(found.country) is not None
        say("say_country_set" if listed else "say_country_unlisted", country=country_name(found.country))
        return explore_on(say) if asked else [asks(None)]

    @staticmethod
    def _asks_back(say: Say, turn: Turn, choices: List[Text]) -> List[EventType]:
        if choices:
            say("say_which_zone", buttons=[*map(_button, choices), *buttons_of(_ASK)])
            return [asks("country")]
        if turn.state.get(_MISSED):
            return LeaveCountry().act(say, turn)
        turn.state[_MISSED] = True
        say("say_country_not_found", buttons=buttons_of(_ASK))
        return [asks("country")]


class LeaveCountry(CoachAction):
    """It stays unknown, and isn't asked again."""

    called = "action_leave_country"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        note_country_asked(turn)
        turn.state.pop(_MISSED, None)
        say("say_country_left")
        return explore_on(say) if say.slot("open_question") == "country" else [asks(None)]


@lru_cache(maxsize=1)
def helplines() -> Helplines:
    """Whom safety can name, read once."""
    return Helplines.load(PROJECT / "data" / "helplines.tsv")


def _button(place: Text) -> Dict[Text, Text]:
    return {"title": place, "payload": f"/choose_country{json.dumps({'choice': place})}"}
