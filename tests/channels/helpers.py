"""A server in a thread and a conversation that echoes, so that channels can be tested without Rasa."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.conversation.ports import Channel
from bot.errors import MemoryFault, SendLater, SendNever
from bot.memory.attachments import Attachment

__all__ = ["FILE", "PICTURE", "FakeConversation", "Serving", "free_port", "until"]

PICTURE = Attachment(
    "picture",
    "note.svg",
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><circle cx="150" cy="100" r="80"/></svg>',
    "image/svg+xml",
    "A circle: you step back, your partner falls silent.",
)
FILE = Attachment(
    "file", "note.ics", "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n".encode(), "text/calendar", "A date"
)

#: Seconds; long enough for a slow machine, short enough to notice a hang.
PATIENCE = 10.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until `true()` is true and return what it gave; an AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return found


class FakeConversation:
    """Stores and answers like the conversation service and its database; survives the server it is attached to.

    Answers: "choose" gets two buttons, "draw" a picture, "date" a file, "quiet" nothing,
    "slowly" an echo after a second, a tap its button, all else an
    echo. While `broken`, nothing can be stored; while `forgetful`, what is stored looks as if it weren't.
    """

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.repeated: list[Incoming] = []
        self.woken: list[str] = []
        self.waiting: list[Outgoing] = []
        self.delivered: list[Outgoing] = []
        self.broken = False
        self.forgetful = False
        self.zones: dict[str, str] = {}
        self.channel: Channel | None = None
        self._next_id = 1
        self._sending: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, incoming: Incoming) -> bool:
        await asyncio.sleep(0.005)  # a database takes its time, so that a missing order shows
        if self.broken:
            raise MemoryFault(f"no room for {incoming.text}")
        known = {(old.conversation_id, old.external_id) for old in self.received}
        if (incoming.conversation_id, incoming.external_id) in known:
            self.repeated.append(incoming)
            return False
        self.received.append(incoming)
        self._soon(self._answer(incoming))
        if self.forgetful:
            raise MemoryFault("the answer of the database got lost")
        return True

    def note_zone(self, conversation_id: str, zone: str) -> None:
        self.zones[conversation_id] = zone

    def wake(self, conversation_id: str) -> None:
        self.woken.append(conversation_id)
        self._soon(self._deliver(conversation_id))

    async def gone(self, conversation_id: str) -> None:
        self.waiting = [bubble for bubble in self.waiting if bubble.conversation_id != conversation_id]

    def say(
        self, channel: str, address: str, text: str, buttons: tuple[str, ...] = (), attachment: Attachment | None = None
    ) -> Outgoing:
        """Put a bubble into the outbox, as a reminder does."""
        bubble = Outgoing(self._next_id, channel, address, text, buttons, attachment=attachment)
        self._next_id += 1
        self.waiting.append(bubble)
        return bubble

    async def _answer(self, incoming: Incoming) -> None:
        to = incoming.channel, incoming.address
        if incoming.text == "slowly":
            await asyncio.sleep(1.0)
        if incoming.kind is Kind.CHOICE:
            self.say(*to, f"You picked {incoming.text}.")
        elif incoming.text == "choose":
            self.say(*to, "I see two ways.")
            self.say(*to, "Which one?", ("An idea", "Just listen"))
        elif incoming.text == "draw":
            self.say(*to, "Your circle.", attachment=PICTURE)
        elif incoming.text == "date":
            self.say(*to, "For your calendar.", attachment=FILE)
        elif incoming.text != "quiet":
            self.say(*to, f"You wrote: {incoming.text}")
        await self._deliver(incoming.conversation_id)

    async def _deliver(self, conversation_id: str) -> None:
        assert self.channel is not None
        async with self._sending.setdefault(conversation_id, asyncio.Lock()):
            for bubble in [one for one in self.waiting if one.conversation_id == conversation_id]:
                try:
                    await self.channel.send(bubble)
                except SendLater as later:
                    if later.seconds is not None:
                        asyncio.get_running_loop().call_later(later.seconds, self.wake, conversation_id)
                    return
                except SendNever:
                    pass
                self.waiting.remove(bubble)
                self.delivered.append(replace(bubble))

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget_the_loop(self) -> None:
        """Drop what belonged to the event loop of a server that has stopped."""
        self._sending.clear()
        self._tasks.clear()


class Serving:
    """An app served by uvicorn in a thread while the `with` block runs; can stop and start again on the same port."""

    def __init__(self, app: Callable[[], ASGIApp], port: int | None = None) -> None:
        self._make = app
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Serving:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, and return when the port is open."""
        config = uvicorn.Config(
            self._make(),
            port=self.port,
            ws="wsproto",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started)

    def stop(self) -> None:
        """Stop serving, and return when every connection is closed."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server didn't stop"

    def do(self, work: Any) -> Any:
        """Run a coroutine in the server's event loop and return its result."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a plain function in the server's event loop."""

        async def there() -> Any:
            return function(*args)

        return self.do(there())

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve()

        asyncio.run(serve())
