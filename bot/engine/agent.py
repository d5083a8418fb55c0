"""Rasa as a library: loading the trained model, and answering one message within a turn.

TensorFlow must be kept out (bot.engine.without_tensorflow) before this module is imported; `bot.app` sees to that.
"""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Sequence

# These must stand before Rasa is imported.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from rasa.utils.log_utils import configure_structlog

from bot.engine.actions import InProcessActions
from bot.engine.quicker import make_quicker
from bot.engine.reply import Reply
from bot.engine.responses import FreshResponses
from bot.engine.runner import PlannedRunner
from bot.engine.second_guard import only_understanding
from bot.engine.tracker_store import TurnTrackerStore
from bot.errors import TrainingError
from bot.memory.turn import Turn, current_turn
from bot.understanding.encoder import begin_to_read

__all__ = ["RasaEngine"]

log = logging.getLogger(__name__)

#: After this long a conversation is reminded that it talks with a program (New York, California; see docs of safety).
_DISCLOSE_EVERY: Final = 3 * 3600.0
_DISCLOSURE: Final = "say_disclosure"


class RasaEngine:
    """A loaded model with in-process actions.

    Args:
        model: the archive that training made.

    Raises:
        TrainingError: there is no such model, or it can't be loaded.
    """

    def __init__(self, model: Path) -> None:
        configure_structlog(logging.WARNING)
        if not model.exists():
            raise TrainingError(f"There is no trained model at {model}. Run `toward train`.")
        self.actions = InProcessActions()
        try:
            self._agent = Agent.load(str(model), action_endpoint=self.actions)
        except RasaException as error:
            raise TrainingError(
                f"The model {model} can't be loaded ({error}). Delete it and run `toward train`."
            ) from error
        if not self._agent.is_ready() or self._agent.domain is None:
            raise TrainingError(f"The model {model} can't be used. Delete it and run `toward train`.")
        self._processor: Any = self._agent.processor
        self.domain = self._agent.domain
        # Not through Rasa's fail-safe wrapper: it falls back to memory on an error, and loses what it then holds.
        self._processor.tracker_store = TurnTrackerStore(self.domain)
        self.responses = FreshResponses(self.domain.responses)
        self._processor.nlg = self.responses
        self._processor.graph_runner = PlannedRunner(self._processor.graph_runner)
        make_quicker(self._processor)

    async def handle(self, conversation_id: str, text: str) -> Sequence[Reply]:
        """Answer one message within the current turn."""
        output = CollectingOutputChannel()
        await self._processor.handle_message(UserMessage(text, output, conversation_id, input_channel="toward"))
        turn = current_turn()
        replies = _replies(output.messages, turn)
        return replies if turn is None else await self._disclose(turn, replies)

    def expect(self, text: str) -> None:
        """Begin to read a message while its turn has not come."""
        begin_to_read(text)

    async def parse(self, text: str) -> dict[str, Any]:
        """What Rasa understands of a text: {"intent": {"name", "confidence"}, "intent_ranking": [...], ...}.

        It is not read for danger; that is the gate's to say.
        """
        with only_understanding():
            parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(text, sender_id="classify"))
        return parsed

    async def _disclose(self, turn: Turn, replies: list[Reply]) -> list[Reply]:
        """Say that this is a program at the start, and again after three hours of talk."""
        last = turn.state.get("disclosed_at")
        talking = turn.now - float(turn.conversation.last_turn_at or 0.0) < _DISCLOSE_EVERY
        if last is not None and not (talking and turn.now - float(last) > _DISCLOSE_EVERY):
            return replies
        turn.state["disclosed_at"] = turn.now
        variations = self.domain.responses.get(_DISCLOSURE) or [{}]
        # The first wording is for the beginning, the second one for somebody who has read it before.
        text = str(variations[0 if last is None else -1].get("text") or "").strip()
        return [Reply(text), *replies] if text else replies


def _replies(messages: Sequence[dict[str, Any]], turn: Turn | None) -> list[Reply]:
    """What Rasa said; a file comes right after the words that it belongs to, by the name that the turn gave it."""
    replies: list[Reply] = []
    for message in messages:
        if message.get("text"):
            buttons = tuple(_button(button) for button in message.get("buttons") or ())
            replies.append(Reply(str(message["text"]).strip(), buttons))
        elif turn is not None and replies and (attachment := turn.attached(str(message.get("attachment")))):
            replies[-1] = replace(replies[-1], attachment=attachment)
    return replies


def _button(button: dict[str, Any]) -> dict[str, str]:
    return {"title": str(button["title"]), "payload": str(button.get("payload") or "")}
