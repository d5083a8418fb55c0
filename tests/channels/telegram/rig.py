"""What tests of the Telegram channel share: a conversation that remembers what it was told, and ways to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.channels.telegram import Telegram, Waits, load_words
from bot.conversation.messages import Attachment, Incoming, Outgoing
from tests.telegram_double import TOKEN, RunningDouble

ADA, BEN, GROUP = 101, 202, -1001
WAITS = Waits(poll=5, first=0.02, longest=0.1, slow=0.3, answer=2.0, resend=0.5)


class Receiver:
    """A conversation that only remembers what it was told; a repeated delivery is known by its id."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.repeated: list[Incoming] = []
        self.left: list[str] = []
        self.faults: list[Exception] = []
        self.stored = asyncio.Event()
        self.stored.set()
        self.asked = 0

    async def receive(self, incoming: Incoming) -> bool:
        """Store it, unless the next fault comes first; lasts until `stored` is set."""
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        await self.stored.wait()
        if incoming.external_id in [earlier.external_id for earlier in self.heard]:
            self.repeated.append(incoming)
            return False
        self.heard.append(incoming)
        return True

    def wake(self, conversation_id: str) -> None:
        """Telegram keeps what it is given; nobody has to be woken."""

    async def gone(self, conversation_id: str) -> None:
        """Note who can't be reached any more."""
        self.left.append(conversation_id)


async def until(happened: Callable[[], Any]) -> None:
    """Wait until something is the case; fails after five seconds."""
    for _ in range(500):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("This did not happen within five seconds.")


def listening(double: RunningDouble, receiver: Receiver, waits: Waits = WAITS) -> Telegram:
    """A channel that talks to the double."""
    return Telegram(TOKEN, receiver, load_words(), double.base_url, waits)


def bubble(
    text: str = "What happened then?",
    *buttons: str,
    number: int = 1,
    chat: int = ADA,
    attachment: Attachment | None = None,
) -> Outgoing:
    """A bubble for Ada."""
    return Outgoing(id=number, channel="tg", address=str(chat), text=text, buttons=buttons, attachment=attachment)


async def hear(receiver: Receiver, count: int = 1) -> list[Incoming]:
    """What people said, once it is `count` things; a little later there must not be more."""
    await until(lambda: len(receiver.heard) >= count)
    await asyncio.sleep(0.05)
    assert len(receiver.heard) == count
    return receiver.heard


async def all_confirmed(double: RunningDouble) -> None:
    """Wait until Telegram was told that everything arrived."""
    await until(lambda: not double.unconfirmed())
