"""The coach in the terminal: bubbles as paragraphs, buttons by number, works without colour and over ssh."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.conversation.messages import Choice, Incoming, Kind, Outgoing
from bot.conversation.ports import Receiver
from bot.errors import SendLater

__all__ = ["Terminal"]

#: How long the terminal waits for another bubble before it shows the prompt again, in seconds.
_PAUSE = 0.25
#: Longer lines are hard to read.
_WIDTH = 84
_COMMANDS = set("start help checkin kindness new questions pattern map mirror reach privacy forget stop".split())


class Terminal:
    """The channel "term": one conversation, new each time unless `address` is given.

    Args:
        receiver: gets what is typed.
        transcript: where the conversation is saved, in the form of tests/conversations.
        address: a name to come back to.
        lines: what is typed; standard input without it.
    """

    name = "term"

    def __init__(
        self, receiver: Receiver, transcript: Path | None = None, *, address: str = "", lines: TextIO | None = None
    ) -> None:
        self._receiver = receiver
        self._transcript = transcript
        self._lines = lines
        self._console = Console(highlight=False)
        self._console.width = min(self._console.width, _WIDTH)
        self._address = address or uuid.uuid4().hex
        self._said: list[str] = []
        self._offer: Outgoing | None = None
        self._arrived = asyncio.Event()

    async def send(self, bubble: Outgoing) -> None:
        """Print a bubble, with its buttons numbered.

        Raises:
            SendLater: it belongs to another conversation than the one that is held here.
        """
        if bubble.address != self._address:
            raise SendLater("This conversation is not on the screen.")
        self._console.print()
        self._console.print(bubble.text, markup=False, style="bold" if self._console.is_terminal else None)
        if bubble.attachment is not None:
            self._console.print(f"({bubble.attachment.alt})", markup=False)
        self._said.append(f"bot: {_on_one_line(bubble.text)}")
        self._offer = bubble if bubble.buttons else None
        for number, title in enumerate(bubble.buttons, start=1):
            self._console.print(f"  {number}. {title}", markup=False)
        if bubble.buttons:
            self._said.append("     " + " ".join(f"[{title}]" for title in bubble.buttons))
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
            await self._say("/start")
            while (line := await self._next_line()) is not None:
                if line.strip() == "/quit":
                    break
                await self._say(line)
        finally:
            await stop()
            if self._transcript is not None:
                self._transcript.write_text("\n".join(self._said) + "\n", encoding="utf-8")

    async def _say(self, line: str) -> None:
        incoming = self._incoming(line)
        tapped = self._offer.buttons[incoming.choice.index] if self._offer and incoming.choice else None
        self._said.append(f"you: {_on_one_line(line) if tapped is None else f'[{tapped}]'}")
        await self._deliver(incoming)

    async def _next_line(self) -> str | None:
        """Ask for a line; None at the end of the input."""
        self._console.print("\n> ", end="")
        loop = asyncio.get_running_loop()
        read: asyncio.Future[str] = loop.create_future()

        def arrived(line: str) -> None:
            if not read.done():
                read.set_result(line)

        def wait_for_it() -> None:
            line = self._read()
            with contextlib.suppress(RuntimeError):  # the loop is closed: the person left with Ctrl-C
                loop.call_soon_threadsafe(arrived, line)

        # A daemon, so that Ctrl-C need not wait for one more line.
        threading.Thread(target=wait_for_it, name="keyboard", daemon=True).start()
        line = await read
        if not line:
            self._console.print()
            return None
        line = line.rstrip("\r\n")
        if not self._shown_while_typed:
            self._console.print(line, markup=False)
        return line

    def _read(self) -> str:
        if self._lines is not None:
            return self._lines.readline()
        # Without Python's buffer: a thread that waits in it would bring the whole interpreter down at the end.
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as keyboard:
            return keyboard.readline().decode("utf-8", "replace")

    @property
    def _shown_while_typed(self) -> bool:
        return self._lines is None and sys.stdin.isatty()

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


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
