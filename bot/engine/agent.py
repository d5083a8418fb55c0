"""Rasa as a library: loading the trained model, and answering one message within a turn.

TensorFlow must be kept out (bot.engine.without_tensorflow) before this module is imported; `bot.app` sees to that.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Final, Sequence

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from rasa.core.agent import Agent  # noqa: E402 - the two settings must stand before Rasa is imported
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from bot.engine.actions import InProcessActions  # noqa: E402
from bot.engine.reply import Reply  # noqa: E402
from bot.engine.responses import FreshResponses  # noqa: E402
from bot.engine.tracker_store import TurnTrackerStore  # noqa: E402
from bot.errors import TrainingError  # noqa: E402
from bot.memory.turn import Turn, current_turn  # noqa: E402
from bot.understanding.encoder import begin_to_read  # noqa: E402

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
            raise TrainingError(f"The model {model} can't be loaded ({error}). Delete it and run `toward train`.") from error
        if not self._agent.is_ready() or self._agent.domain is None:
            raise TrainingError(f"The model {model} can't be used. Delete it and run `toward train`.")
        self._processor: Any = self._agent.processor
        self.domain = self._agent.domain
        # Not through Rasa's fail-safe wrapper: it falls back to memory on an error, and loses what it then holds.
        self._processor.tracker_store = TurnTrackerStore(self.domain)
        self.responses = FreshResponses(self.domain.responses)
        self._processor.nlg = self.responses

    async def handle(self, conversation_id: str, text: str) -> Sequence[Reply]:
        """Answer one message within the current turn."""
        output = CollectingOutputChannel()
        await self._processor.handle_message(UserMessage(text, output, conversation_id, input_channel="toward"))
        replies = [
            Reply(str(message["text"]).strip(), tuple(_button(button) for button in message.get("buttons") or ()))
            for message in output.messages
            if message.get("text")
        ]
        turn = current_turn()
        return replies if turn is None else await self._disclose(turn, replies)

    def expect(self, text: str) -> None:
        """Begin to read a message while its turn has not come."""
        begin_to_read(text)

    async def parse(self, text: str) -> dict[str, Any]:
        """What Rasa understands of a text: {"intent": {"name", "confidence"}, "intent_ranking": [...], ...}."""
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
        return [Reply(str(variations[0].get("text", "")).strip()), *replies] if variations[0].get("text") else replies


def _button(button: dict[str, Any]) -> dict[str, str]:
    return {"title": str(button["title"]), "payload": str(button.get("payload") or "")}
