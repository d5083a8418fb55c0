"""Somebody who talks to a whole house through one of its channels, as a person does it there: by typing and tapping."""

from __future__ import annotations

import asyncio
import queue
import time
from io import StringIO
from typing import Any

import aiohttp
import httpx
import socketio

from bot.channels.terminal import Terminal, load_words
from bot.conversation.messages import Outgoing
from bot.conversation.ports import Receiver

__all__ = ["InTerminal", "OnThePage", "Person", "ThroughRest"]

if not hasattr(aiohttp, "ClientWSTimeout"):
    # python-socketio's client wants a newer aiohttp than Rasa allows; the older one takes the number itself.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close

#: Seconds that an answer may take on a busy machine, and after which nothing more is to come.
_PATIENCE, _QUIET = 30.0, 0.3


class Person:
    """One person; subclasses know their channel.

    Attributes:
        address: the end of the conversation's id, once the person has written.
        sees: all that was shown, oldest first.
    """

    channel = ""

    def __init__(self) -> None:
        self.address = ""
        self.sees: list[str] = []

    async def comes(self) -> None:
        """Open it, where that has to be done."""

    async def leaves(self) -> None:
        """Close it again."""

    async def says(self, text: str) -> list[str]:
        """Write, and wait for the answer; returns it."""
        before = len(self.sees)
        await self.write(text)
        end = time.monotonic() + _PATIENCE
        while len(self.sees) == before:
            assert time.monotonic() < end, f"no answer to {text!r}"
            await asyncio.sleep(0.02)
            self.look()
        seen = 0
        while seen != len(self.sees):  # until nothing more comes
            seen = len(self.sees)
            await asyncio.sleep(_QUIET)
            self.look()
        return self.sees[before:]

    async def write(self, text: str) -> None:
        """Send words."""
        raise NotImplementedError

    async def taps(self, title: str) -> list[str]:
        """Press a button; typing its title is the same where nothing can be pressed."""
        return await self.says(title)

    def look(self) -> None:
        """Note what has appeared."""


class OnThePage(Person):
    """In the web page, with Socket.IO."""

    channel = "web"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._sio = socketio.AsyncClient(reconnection=False)
        self._sio.on("bot_uttered", self._uttered)
        self._sio.on("session_confirm", self._confirmed)
        self._newest: dict[str, Any] = {}

    async def comes(self) -> None:
        await self._sio.connect(self._url, transports=["websocket"])
        await self._sio.emit("session_request", {"acks": True, "zone": "Europe/Lisbon"})
        while not self.address:
            await asyncio.sleep(0.01)

    async def leaves(self) -> None:
        await self._sio.disconnect()

    async def write(self, text: str) -> None:
        await self._sio.call("user_uttered", {"message": text}, timeout=10)

    async def taps(self, title: str) -> list[str]:
        titles = [reply["title"] for reply in self._newest["quick_replies"]]
        tap = {"bubble": self._newest["metadata"]["id"], "choice": titles.index(title)}
        before = len(self.sees)
        await self._sio.call("user_uttered", {"message": title, "metadata": tap}, timeout=10)
        while len(self.sees) == before:
            await asyncio.sleep(0.02)
        return self.sees[before:]

    def _confirmed(self, token: str) -> None:
        self.address = token.partition(".")[0]

    def _uttered(self, bubble: dict[str, Any]) -> bool:
        self._newest = bubble
        self.sees.append(bubble["text"])
        return True


class ThroughRest(Person):
    """Through somebody's own program."""

    channel = "rest"

    def __init__(self, url: str, address: str) -> None:
        super().__init__()
        self._url = url
        self.address = address

    async def write(self, text: str) -> None:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            body = {"sender": self.address, "message": text}
            answer = await client.post(f"{self._url}/webhooks/rest/webhook", json=body)
        self.sees += [bubble["text"] for bubble in answer.json()]


class _Keys(StringIO):
    """A keyboard at which somebody types one line after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: queue.Queue[str] = queue.Queue()

    def readline(self, size: int | None = -1, /) -> str:
        return self.typed.get()


class InTerminal(Person):
    """At a terminal, under a name."""

    channel = "term"

    def __init__(self, receiver: Receiver, name: str, files: Any) -> None:
        super().__init__()
        self.address = name
        self._keys = _Keys()
        person = self

        class Shown(Terminal):
            async def send(self, bubble: Outgoing) -> None:
                await super().send(bubble)
                person.sees.append(bubble.text)

        self.terminal = Shown(receiver, load_words(), files=files, address=name, lines=self._keys)
        self._talk: asyncio.Task[None] | None = None

    async def comes(self) -> None:
        async def nothing() -> None:
            """The house lives on its own."""

        self._talk = asyncio.create_task(self.terminal.talk(nothing, nothing, nothing))
        while not self.sees:
            await asyncio.sleep(0.02)

    async def leaves(self) -> None:
        self._keys.typed.put("/quit\n")
        if self._talk is not None:
            await self._talk

    async def write(self, text: str) -> None:
        self._keys.typed.put(f"{text}\n")
