"""What a channel is: it turns what arrives into `Incoming`, and can send an `Outgoing`."""

from __future__ import annotations

from typing import Protocol

from bot.conversation.messages import Incoming, Outgoing

__all__ = ["Channel", "Receiver"]


class Receiver(Protocol):
    """Where a channel hands over what arrived (bot.conversation.service.Conversation)."""

    async def receive(self, incoming: Incoming) -> bool:
        """Store what arrived; it is durable when this returns, so the channel may then acknowledge it.

        Returns:
            True if it was new, False for a repeated delivery (which changes nothing).
        """

    def note_zone(self, conversation_id: str, zone: str) -> None:
        """The person's device says which time zone (an IANA name) it is in; kept with the next message."""

    def wake(self, conversation_id: str) -> None:
        """Send what waits for this conversation now, because the person is (back) within reach."""

    async def gone(self, conversation_id: str) -> None:
        """The person can't be reached any more (blocked the bot): send nothing that waits, and remind of nothing."""


class Channel(Protocol):
    """One way of meeting people."""

    #: Namespace of addresses: "tg", "web", "rest", "term".
    name: str

    async def send(self, bubble: Outgoing) -> None:
        """Deliver one bubble; returning means that it arrived as far as this channel can tell.

        Raises:
            SendLater: not now (rate limit, network, nobody connected); it stays in the outbox.
            SendNever: this person can't be reached any more (blocked the bot, left).
        """
