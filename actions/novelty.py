"""Step four: curiosity and novelty, as things to do and questions to ask."""

from __future__ import annotations

from typing import List

from rasa_sdk.events import EventType

from actions.common import Say
from actions.ideas import suggest
from actions.listen import ByWish
from bot.memory.turn import Turn


class SuggestNovelty(ByWish):
    """Three things out of the usual."""

    called = "action_suggest_novelty"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return suggest(say, turn, "novelty")


class SuggestQuestions(ByWish):
    """Three open questions for tonight."""

    called = "action_suggest_questions"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return suggest(say, turn, "questions")
