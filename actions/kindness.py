"""Step five: small acts of kindness."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType

from actions.common import Say
from actions.ideas import suggest
from actions.listen import ByWish
from bot.memory.turn import Turn


class SuggestKindness(ByWish):
    """Three small acts that fit today."""

    called = "action_suggest_kindness"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return suggest(say, turn, "kindness")
