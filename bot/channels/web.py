"""The web channel: Socket.IO with Rasa's event names, so that Rasa's web widgets connect too, and the pages beside it.

    client                                                      server
    session_request {session_id?: token, acks?: true,       ->
                     zone?: "Europe/Lisbon"}
                                                            <-  session_confirm token
    user_uttered {message, session_id?, message_id?,        ->  acknowledged once it is stored:
                  metadata?: {bubble, choice}}                  {received: true} | {received: false, again: true|false}
                                                            <-  bot_uttered {text, quick_replies?, attachment?,
                                                                             metadata?: {id}}
                                                            <-  notice {text}

A client that asks for `acks` confirms every bubble and drops doubles by `metadata.id`. All others get exactly Rasa's
shape, because widgets tell bubbles apart by counting keys.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels import safety_page
from bot.channels.chat_page import ChatPage, Languages
from bot.channels.limits import Limits, network
from bot.channels.origins import Origins
from bot.channels.pages import HEADERS, static
from bot.channels.rasa_shape import attached, utterances
from bot.channels.sessions import Sessions
from bot.channels.typed import LONGEST, clean, typed
from bot.conversation.messages import Choice, Incoming, Kind, Outgoing
from bot.conversation.ports import Receiver
from bot.errors import SendLater
from bot.zones import is_zone

__all__ = ["Web"]

log = logging.getLogger(__name__)

#: Characters in one Socket.IO packet. Far above `LONGEST`, so that a text somewhat too long gets an answer in words.
_BIGGEST_PACKET = 4_000_000
#: Seconds after which a page that stays connected but silent is tried again.
_TRY_AGAIN = 1.0
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

_RECEIVED = {"received": True}
_REFUSED = {"received": False, "again": False}
_AGAIN = {"received": False, "again": True}


@dataclass
class _Room:
    """What is open of one session.

    Attributes:
        sockets: ids of its connections (one a tab), and whether each confirms bubbles.
        order: held while a message is stored, so that messages are stored in the order they arrived.
        waiting: bubbles on their way; each is resolved by the first confirmation, or False when nobody is left.
    """

    sockets: dict[str, bool] = field(default_factory=dict)
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: set[asyncio.Future[bool]] = field(default_factory=set)


class Web:
    """The channel "web": the address of a conversation is the id of a signed session.

    All of it belongs to the event loop that serves `app()`.
    """

    name = "web"

    def __init__(
        self,
        receiver: Receiver,
        sessions: Sessions,
        *,
        texts: Languages,
        origins: Sequence[str] = (),
        routes: Sequence[BaseRoute] = (),
        limits: Limits | None = None,
        ack_seconds: float = 5.0,
    ) -> None:
        """Put the channel together.

        Args:
            receiver: where messages go.
            sessions: who is who.
            texts: what the page says, in each language (`bot.channels.chat_page.load_texts`).
            origins: web origins beside the server's own that may connect (`Settings.allowed_origins`).
            routes: further addresses of the same app (REST, documents).
            limits: how fast anybody may write; the usual ones without it.
            ack_seconds: how long a page has to confirm a bubble.
        """
        self._receiver = receiver
        self._sessions = sessions
        said = next(iter(texts.values()))
        self._too_long, self._too_fast = said["too_long"], said["too_fast"]
        self._origins = Origins(origins)
        self._page = ChatPage(texts, self._origins)
        self._limits = limits or Limits()
        self._host_of: dict[str, str] = {}
        self._routes = tuple(routes)
        self._ack_seconds = ack_seconds
        self._rooms: dict[str, _Room] = {}
        self._address_of: dict[str, str] = {}
        self._sio = self._socketio()

    def app(self) -> Starlette:
        """Return the page, its files, `/health`, `/socket.io` and the further routes as one ASGI app.

        uvicorn must serve it with `ws="wsproto"`: its other websocket code needs a newer `websockets` than Rasa allows.
        """
        return Starlette(
            routes=[
                *self._page.routes(),
                Route("/health", _health),
                safety_page.route(HEADERS),
                static(),
                Mount("/socket.io", socketio.ASGIApp(self._sio, socketio_path=None)),
                *self._routes,
            ],
            lifespan=self._lifespan,
        )

    async def send(self, bubble: Outgoing) -> None:
        """Show one bubble in every open tab of its session; returns when the first has confirmed it.

        Raises:
            SendLater: no tab is open (`seconds` is None), or none confirmed in time.
        """
        room = self._rooms.get(bubble.address)
        if room is None:
            raise SendLater("Nobody has this conversation open.")
        arrived: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        room.waiting.add(arrived)
        try:
            for socket, acks in tuple(room.sockets.items()):
                await self._show(socket, bubble, acks, partial(_resolve, arrived, True))
            if not await asyncio.wait_for(arrived, self._ack_seconds):
                raise SendLater("The page was closed before the bubble arrived.")
        except asyncio.TimeoutError:
            raise SendLater("No open page confirmed the bubble.", seconds=_TRY_AGAIN) from None
        finally:
            room.waiting.discard(arrived)

    async def close(self) -> None:
        """End the background work of Socket.IO. `app()` does this itself unless it is mounted in another app."""
        await self._sio.shutdown()

    def _socketio(self) -> Any:
        # At level INFO Socket.IO logs whole packets, and with them what people write.
        quiet = logging.getLogger(f"{__name__}.socketio")
        quiet.setLevel(logging.WARNING)
        server = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=self._may_connect,
            max_http_buffer_size=_BIGGEST_PACKET,
            logger=quiet,
            engineio_logger=quiet,
        )
        server.on("connect", self._on_connect)
        server.on("session_request", self._on_session_request)
        server.on("user_uttered", self._on_user_uttered)
        server.on("disconnect", self._on_disconnect)
        return server

    def _may_connect(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        return self._origins.allow(origin, {environ.get("HTTP_HOST"), environ.get("HTTP_X_FORWARDED_HOST")})

    async def _on_connect(self, socket: str, environ: Mapping[str, Any], *_: Any) -> bool:
        client = environ["asgi.scope"].get("client")
        host = network(client[0]) if client else ""
        if not self._limits.opened(host):
            return False  # refused; the page tries again
        self._host_of[socket] = host
        return True

    async def _on_session_request(self, socket: str, data: Any = None, *_: Any) -> None:
        data = data if isinstance(data, dict) else {}
        token = data.get("session_id")
        address = self._sessions.open(token)
        known = address is not None
        if address is None:
            session = self._sessions.new()
            address, token = session.id, session.token
        self._join(socket, address, acks=data.get("acks") is True)
        if is_zone(zone := data.get("zone")):
            self._receiver.note_zone(f"{self.name}:{address}", zone)
        await self._sio.emit("session_confirm", token, to=socket)
        if known:
            self._receiver.wake(f"{self.name}:{address}")

    async def _on_user_uttered(self, socket: str, data: Any = None, *_: Any) -> dict[str, bool]:
        if not isinstance(data, dict):
            return _REFUSED
        text, choice = data.get("message"), _choice(data.get("metadata"))
        if not isinstance(text, str):
            return _REFUSED
        if len(text) > LONGEST:
            await self._sio.emit("notice", {"text": self._too_long}, to=socket)
            return _REFUSED
        text = clean(text)
        if not text.strip() and choice is None:
            return _REFUSED
        address = await self._whose(socket, data.get("session_id"))
        if not self._limits.allow(address, self._host_of.get(socket, "")):
            return await self._slowed(socket, address)
        return await self._receive(address, _incoming(address, text, choice, data.get("message_id")))

    async def _on_disconnect(self, socket: str, *_: Any) -> None:
        self._leave(socket)
        host = self._host_of.pop(socket, None)
        if host is not None:
            self._limits.closed(host)

    async def _slowed(self, socket: str, address: str) -> dict[str, bool]:
        """Too fast: the page keeps the message and sends it again; a widget that doesn't is told so in words."""
        room = self._rooms.get(address)
        if room is not None and room.sockets.get(socket) is False:
            await self._sio.emit("bot_uttered", {"text": self._too_fast}, to=socket)
        return _AGAIN

    async def _receive(self, address: str, incoming: Incoming) -> dict[str, bool]:
        room = self._rooms.get(address) or _Room()
        async with room.order:
            try:
                await self._receiver.receive(incoming)
            except Exception as error:  # whatever went wrong, the page keeps the message and tries again
                # Only the kind of error: its text and its traceback could hold what the person wrote.
                log.error("A web message could not be stored (%s); the page will send it again.", type(error).__name__)
                return _AGAIN
        return _RECEIVED

    async def _whose(self, socket: str, token: Any) -> str:
        """Return the address that a message belongs to: its own token's, else its connection's, else a new one."""
        named = self._sessions.open(token)
        current = self._address_of.get(socket)
        if named is not None and named != current:
            self._join(socket, named, acks=current is not None and self._rooms[current].sockets[socket])
            self._receiver.wake(f"{self.name}:{named}")
            return named
        if current is not None:
            return current
        session = self._sessions.new()
        self._join(socket, session.id, acks=False)
        await self._sio.emit("session_confirm", session.token, to=socket)
        return session.id

    def _join(self, socket: str, address: str, *, acks: bool) -> None:
        self._leave(socket)
        if self._sio.manager.is_connected(socket, "/"):  # it may have gone while its message waited
            self._address_of[socket] = address
            self._rooms.setdefault(address, _Room()).sockets[socket] = acks

    def _leave(self, socket: str) -> None:
        address = self._address_of.pop(socket, None)
        if address is None:
            return
        room = self._rooms[address]
        del room.sockets[socket]
        if not room.sockets:
            del self._rooms[address]
            for arrived in room.waiting:
                _resolve(arrived, False)

    async def _show(self, socket: str, bubble: Outgoing, acks: bool, confirmed: Callable[..., None]) -> None:
        if acks:
            utterance = {**utterances(bubble)[-1], "metadata": {"id": bubble.id}}
            if bubble.attachment is not None:
                utterance["attachment"] = attached(bubble.attachment)
            await self._sio.emit("bot_uttered", utterance, to=socket, callback=confirmed)
            return
        for utterance in utterances(bubble):
            await self._sio.emit("bot_uttered", utterance, to=socket)
        if socket in self._address_of:
            confirmed()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        await self.close()


def _choice(metadata: Any) -> Choice | None:
    """Read which button was tapped; None for anything that isn't two whole numbers in range."""
    if not isinstance(metadata, dict):
        return None
    bubble, index = metadata.get("bubble"), metadata.get("choice")
    if type(bubble) is not int or type(index) is not int or not 0 < bubble < 2**63 or not 0 <= index < 100:
        return None
    return Choice(bubble, index)


def _incoming(address: str, text: str, choice: Choice | None, message_id: Any) -> Incoming:
    if choice is not None:
        # Named after the bubble, not after the tap: a second tap on any of its buttons is the same thing again.
        return Incoming(Web.name, address, f"tap:{choice.bubble}", text, Kind.CHOICE, choice)
    usable = isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)
    return typed(Web.name, address, message_id if usable else uuid.uuid4().hex, text)


def _resolve(arrived: asyncio.Future[bool], value: bool, *_: Any) -> None:
    if not arrived.done():
        arrived.set_result(value)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})
