"""The coach in the terminal: bubbles as paragraphs, buttons by number, works without colour and over ssh."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.conversation.ports import Receiver
from bot.conversation.messages import Choice, Incoming, Kind, Outgoing

__all__ = ["Terminal"]

#: How long the terminal waits for another bubble before it shows the prompt again, in seconds.
_PAUSE = 0.25
_COMMANDS = {"start", "help", "checkin", "kindness", "new", "questions", "pattern", "privacy", "forget", "stop"}


class Terminal:
    """The channel "term": one conversation, new each time unless `address` is given."""

    name = "term"

    def __init__(self, receiver: Receiver, transcript: Path | None = None, *, lines: TextIO | None = None) -> None:
        self._receiver = receiver
        self._transcript = transcript
        self._lines = lines or sys.stdin
        self._console = Console(highlight=False)
        self._address = uuid.uuid4().hex
        self._said: list[str] = []
        self._offer: Outgoing | None = None
        self._arrived = asyncio.Event()

    async def send(self, bubble: Outgoing) -> None:
        """Print a bubble, with its buttons numbered."""
        self._console.print()
        self._console.print(bubble.text, markup=False, style="bold" if self._console.is_terminal else None)
        self._said.append(f"bot: {bubble.text}")
        self._offer = bubble if bubble.buttons else None
        for number, title in enumerate(bubble.buttons, start=1):
            self._console.print(f"  {number}. {title}", markup=False)
            self._said.append(f"     [{title}]")
        self._arrived.set()

    async def talk(
        self,
        start: Callable[[], Awaitable[None]],
        answer: Callable[[], Awaitable[None]],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        """Hold one conversation until the input ends or the person writes /quit."""
        await start()
        await answer()
        try:
            await self._deliver(Incoming(self.name, self._address, uuid.uuid4().hex, "start", Kind.COMMAND))
            while (line := await asyncio.to_thread(self._read)) is not None:
                if line.strip() == "/quit":
                    break
                self._said.append(f"you: {line}")
                await self._deliver(self._incoming(line))
        finally:
            await stop()
            if self._transcript is not None:
                self._transcript.write_text("\n".join(self._said) + "\n", encoding="utf-8")

    def _read(self) -> str | None:
        self._console.print("\n> ", end="")
        line = self._lines.readline()
        return line.rstrip("\r\n") if line else None

    def _incoming(self, line: str) -> Incoming:
        key, text = uuid.uuid4().hex, line.strip()
        if self._offer is not None and text.isdecimal() and 1 <= int(text) <= len(self._offer.buttons):
            choice = Choice(self._offer.id, int(text) - 1)
            return Incoming(self.name, self._address, f"tap:{self._offer.id}", kind=Kind.CHOICE, choice=choice)
        if text.startswith("/") and text[1:] in _COMMANDS:
            return Incoming(self.name, self._address, key, text[1:], Kind.COMMAND)
        return Incoming(self.name, self._address, key, line)

    async def _deliver(self, incoming: Incoming) -> None:
        self._arrived.clear()
        if not await self._receiver.receive(incoming):
            return
        await self._arrived.wait()
        while True:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), _PAUSE)
            except asyncio.TimeoutError:
                return
