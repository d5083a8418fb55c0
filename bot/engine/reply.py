"""What an engine gives back: replies, before they become bubbles in the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.memory.attachments import Attachment

__all__ = ["Engine", "Reply"]


@dataclass(frozen=True)
class Reply:
    """A bubble as Rasa or the gate wants it said; buttons are {"title", "payload"}, a file goes with the words."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    attachment: Attachment | None = None


class Engine(Protocol):
    """What answers when safety has passed a message (bot.engine.agent.RasaEngine)."""

    def handle(self, conversation_id: str, text: str) -> Awaitable[Sequence[Reply]]:
        """Answer one message within the current turn."""

    def expect(self, text: str) -> None:
        """A message is on its way; whatever can be worked out about it on another core may begin."""
