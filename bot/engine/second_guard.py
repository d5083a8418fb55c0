"""The second guard, inside Rasa: a component that reads for danger and a policy that answers before any other.

Toward's own gate stands before Rasa. Plain `rasa shell`, `rasa run` or a test knows nothing of it; there these two, on
the same detector, answer danger from domain.yml, without an action server. Behind the gate they let pass what it
passed.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Dict, Iterator, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.certain_policy import CertainPolicy
from bot.memory.turn import current_turn
from bot.safety.gate import Gate
from bot.safety.verdict import Level
from bot.settings import PROJECT
from bot.understanding.minilm import encode

__all__ = ["DANGER", "SafetyComponent", "SafetyPolicy", "only_understanding", "response_for"]

#: The intent of a message that the guard stopped; nothing else predicts it.
DANGER = "danger"
_SAFETY = "safety"
_only_understanding: ContextVar[bool] = ContextVar("only_understanding", default=False)


@contextmanager
def only_understanding() -> Iterator[None]:
    """Nobody is answered inside: what the classifiers found is asked for, and whoever asks reads for danger as well."""
    token = _only_understanding.set(True)
    try:
        yield
    finally:
        _only_understanding.reset(token)


@lru_cache(maxsize=1)
def _gate() -> Gate:
    return Gate.load(PROJECT / "data", encode)


def response_for(topic: Text, level: Text) -> Text:
    """The response of domain.yml that answers a topic ("self_harm") at a level ("ask" or "alarm")."""
    return f"utter_danger_{topic}_{level}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyComponent(GraphComponent):
    """Gives a message that sounds like danger the intent `danger`, with topic and level beside it."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyComponent:
        """Make the component for a graph; the detector is read when it is first needed."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Overrule what the classifiers found, where there is danger."""
        turn = current_turn()
        if _only_understanding.get() or (turn is not None and turn.passed_gate):
            return messages
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            verdict = _gate().screen(text)
            if verdict.level is not Level.clear:
                found = {"name": DANGER, "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
                message.set("intent_ranking", [found], add_to_output=True)
                told = {"topic": verdict.topic.name, "level": verdict.level.name}
                message.set(_SAFETY, told, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are no messages of anybody."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(CertainPolicy):
    """Answers the intent `danger` before every rule, story and form, and then listens."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Above every other policy."""
        return {"priority": 100}

    def next_action(self, tracker: DialogueStateTracker) -> Optional[Text]:
        """The answer to danger, and then listening."""
        message = tracker.latest_message
        if message is None or message.intent_name != DANGER:
            return None
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            return str(ACTION_LISTEN_NAME)
        told = (message.parse_data or {}).get(_SAFETY) or {}
        return response_for(str(told.get("topic")), str(told.get("level")))
