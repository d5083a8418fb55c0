"""How the parts are put together: settings in, a running house out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from bot.channels.chat_page import load_texts
from bot.channels.limits import Limits
from bot.channels.rest import Rest
from bot.channels.sessions import Sessions
from bot.channels.telegram import BUTTON_COMMANDS, COMMANDS, Telegram, Webhook
from bot.channels.telegram import load_words as load_telegram_words
from bot.channels.try_page import TryPage
from bot.channels.try_page import load_texts as load_try_texts
from bot.channels.web import Web
from bot.clock import Clock, now
from bot.conversation.boxes import Boxes
from bot.conversation.buttons_only import ButtonsOnly, ButtonWords
from bot.conversation.guard import Guard
from bot.conversation.service import Conversation
from bot.conversation.turns import TurnRunner
from bot.conversation.words import EdgeWords
from bot.engine.reply import Engine
from bot.errors import SettingsError, TrainingError
from bot.memory.database import Database, open_database
from bot.memory.keeping import Keep
from bot.safety.gate import Gate
from bot.scripts.allowed import ButtonScripts
from bot.scripts.at_hand import Published
from bot.settings import PROJECT, Settings
from bot.understanding.minilm import encode

__all__ = ["House", "serve"]

log = logging.getLogger(__name__)


@dataclass
class House:
    """Everything that a conversation needs, in one process.

    Attributes:
        database: the one database.
        guard: safety, in front of every turn.
        conversation: the one path.
    """

    database: Database
    guard: Guard
    conversation: Conversation
    _engine: list[Engine]

    @classmethod
    def build(
        cls, settings: Settings, engine: Engine | None = None, clock: Clock = now, project: Path = PROJECT
    ) -> House:
        """Put the parts together; the engine may come later (`furnish`).

        Raises:
            SettingsError: the profile of the house forbids the script of script mode; the message says where and why.
        """
        database = open_database(settings)
        buttons = _buttons_only(settings, database, project / "data") if settings.profile else None
        guard = Guard(Gate.load(project / "data", encode), settings.country or None)
        engines: list[Engine] = [] if engine is None else [engine]
        words = EdgeWords.load(project / "data" / "edges.yml")
        runner = TurnRunner(database, guard, lambda: _the(engines), words, clock, settings.script, buttons)
        return cls(
            database, guard, Conversation(Boxes(database, Keep.for_days(settings.keep_days)), runner, clock), engines
        )

    def furnish(self, engine: Engine) -> None:
        """Hand over the engine, once it is loaded."""
        self._engine[:] = [engine]

    async def stop(self) -> None:
        """Finish what is begun and close the database."""
        await self.conversation.stop()
        self.database.close()


def _buttons_only(settings: Settings, database: Database, data: Path) -> ButtonsOnly:
    scripts = ButtonScripts(database)
    if settings.script:
        scripts.refuse(settings.script)
    return ButtonsOnly(scripts, ButtonWords.load(data / "buttons_only.yml"))


def _the(engines: list[Engine]) -> Engine:
    if not engines:
        raise TrainingError("There is no engine yet. It is loaded while the program starts.")
    return engines[0]


async def serve(settings: Settings, engine: Callable[[], Engine], ready: Callable[[], None] = lambda: None) -> None:
    """Serve the page, Telegram if there is a token, and reminders, until the process is told to stop.

    The sockets are open and safety answers before the engine is loaded; coaching begins when it is.

    Raises:
        SettingsError: the port is taken, or Telegram refuses the token.
    """
    import uvicorn

    listening = _listen(settings.host, settings.port)
    house = House.build(settings)
    sessions = Sessions(house.database.keyring.master.derive("web sessions"))
    routes: list[BaseRoute] = []
    if settings.rest:
        routes += Rest(house.conversation, origins=settings.allowed_origins).routes()
    if settings.try_page != "off":
        everywhere = settings.try_page == "everywhere"
        scripts = Published(house.database)
        routes += TryPage(scripts, house.guard.gate, load_try_texts(), everywhere=everywhere).routes()
    webhook: Webhook | None = None
    if settings.telegram_token and settings.public_url:
        webhook = Webhook(settings.public_url, house.database.keyring.master.derive("telegram webhook").hex())
        routes.append(webhook.route())
    web = Web(
        house.conversation,
        sessions,
        texts=load_texts(),
        origins=settings.allowed_origins,
        routes=routes,
        limits=Limits(settings.rate),
    )
    house.conversation.attach(web)
    telegram: Telegram | None = None
    if settings.telegram_token:
        telegram = Telegram(
            settings.telegram_token,
            house.conversation,
            load_telegram_words(),
            settings.telegram_base_url,
            commands=BUTTON_COMMANDS if settings.profile else COMMANDS,
            webhook=webhook,
        )
        house.conversation.attach(telegram)
    await house.conversation.start()
    server = uvicorn.Server(
        uvicorn.Config(web.app(), log_level="warning", access_log=False, ws="wsproto", timeout_graceful_shutdown=3)
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        house.furnish(await asyncio.to_thread(engine))
        await house.conversation.answer_from_now_on()
        if telegram is not None:
            await telegram.start()
        ready()
        await asyncio.shield(serving)  # so that the server closes its connections before anything else goes
    finally:
        server.should_exit = True
        if telegram is not None:
            await _quietly(telegram.stop())
        await _quietly(serving)
        listening.close()
        await house.stop()


async def _quietly(awaitable: Awaitable[Any]) -> None:
    with contextlib.suppress(Exception, asyncio.CancelledError):
        await awaitable


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit it; without it every short answer waits 40 ms for more to send.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"Port {port} on {host} can't be used ({error.strerror}). Is Toward running already? "
            f"Stop it, or choose another port: TOWARD_PORT={port + 1} make run"
        ) from None
    listening.listen(512)
    return listening
