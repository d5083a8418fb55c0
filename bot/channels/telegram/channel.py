"""The channel: nothing is acknowledged to Telegram before it is stored.

python-telegram-bot's own Updater confirms an update once it lies in a queue in memory, so a crash loses it. The loop
here asks for updates itself and moves its offset past one only after `Receiver.receive` returned; what Telegram then
delivers again after a crash is known by its `external_id`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.api import HEARD, Bot, Waits, seconds_of
from bot.channels.telegram.errands import Errands
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import BAD_TOKEN, Numbers, Sender
from bot.channels.telegram.typing import Typing
from bot.channels.telegram.updates import CHANNEL, has_left, incoming_from, messages_in, numbers_in, parse
from bot.channels.telegram.webhook import CALLS_AT_ONCE, Webhook
from bot.channels.telegram.words import COMMANDS
from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.conversation.ports import Receiver
from bot.errors import SettingsError

__all__ = ["Telegram"]

logger = logging.getLogger(__name__)

#: A group that speaks to the bot is answered once in this time, and so many groups are kept in mind.
_GROUP_PAUSE: Final = timedelta(hours=1)
_GROUPS: Final = 1000
#: When the channel stops, what is on its way has so many seconds.
_FINISHING: Final = 2.0

_TWO_POLLERS: Final = (
    "Another program is fetching this bot's messages: Telegram allows one per token. Stop the other copy of Toward"
    " (or give this one a token of its own)."
)


class Telegram:
    """The channel "tg": private chats with a Telegram bot."""

    name = CHANNEL

    def __init__(
        self,
        token: str,
        receiver: Receiver,
        words: Mapping[str, str],
        base_url: str = "https://api.telegram.org/bot",
        waits: Waits = Waits(),
        commands: Sequence[str] = COMMANDS,
        webhook: Webhook | None = None,
    ) -> None:
        """Prepare the channel; nothing is sent before `start`.

        Args:
            token: from @BotFather.
            receiver: gets everything that people send.
            words: texts of the channel's own, from `load_words`.
            base_url: where the Bot API is; the token follows it directly.
            waits: how long to wait for things.
            commands: those of the menu.
            webhook: where Telegram calls; without one it is asked for updates (long polling).

        Raises:
            SettingsError: the token is empty.
        """
        if not token.strip():
            raise SettingsError(BAD_TOKEN)
        self._receiver = receiver
        self._words = words
        self._waits = waits
        self._commands = tuple(commands)
        self._webhook = webhook
        self._bot = Bot(token.strip(), base_url, waits)
        self._pace = Pace()
        self._numbers = Numbers()
        self._typing = Typing(self._bot, self._pace, waits.typing)
        self._sender = Sender(self._bot, self._pace, self._typing, self._numbers, waits)
        self._introduced = False
        self._offset: int | None = None
        self._pause = waits.first
        self._trouble: type[Exception] | None = None
        self._told: str | None = None
        self._loop: asyncio.Task[None] | None = None
        self._errands = Errands(self._bot, self._pace, self._numbers, words, waits.first)
        self._groups_answered: dict[str, datetime] = {}
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self) -> None:
        """Say who we are to Telegram and begin to listen; without a network it begins as soon as there is one.

        Raises:
            SettingsError: Telegram refuses the token; the message says what to do.
        """
        try:
            await self._introduce()
        except InvalidToken:
            await self._bot.shutdown()
            # The library's message holds the token: it must not show up in a traceback.
            raise SettingsError(BAD_TOKEN) from None
        except TelegramError as error:
            self._note_trouble(error)
        listen = self._poll() if self._webhook is None else self._watch(self._webhook)
        self._loop = asyncio.create_task(listen, name="telegram")

    async def stop(self) -> None:
        """Stop listening and close all connections. What was not stored yet, Telegram delivers again next time."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None
        await self._take_webhook_down()
        await self._sender.finish(_FINISHING)
        await self._typing.stop()
        await self._errands.finish(_FINISHING)
        await self._bot.shutdown()
        self._introduced = False

    async def send(self, bubble: Outgoing) -> None:
        """Deliver one bubble at Telegram's pace; see `Sender.send`.

        Raises:
            SendLater: Telegram asks for a pause, or can't be reached, or did not answer in time.
            SendNever: the person blocked the bot or deleted the account, or the chat is gone.
        """
        await self._sender.send(bubble)

    # -- who we are ----------------------------------------------------------------------------------------------------

    async def _introduce(self) -> None:
        """Check the token, say how updates shall come, and set the menu and what people read before they begin."""
        await self._bot.initialize()
        if self._webhook is None:
            await self._bot.delete_webhook()
        else:
            self._webhook.hand_to(self._take)
            await self._put_webhook_up(self._webhook)
        self._introduced = True
        try:
            await self._bot.set_my_commands(
                [BotCommand(name, self._words[f"commands.{name}"]) for name in self._commands]
            )
            await self._bot.set_my_short_description(self._words["profile.short"])
            await self._bot.set_my_description(self._words["profile.long"])
        except TelegramError as error:
            logger.warning(
                "Telegram did not take the menu of commands (%s); it keeps the one it has.", type(error).__name__
            )
        how = "called" if self._webhook else "listening"
        logger.info("Telegram: %s as @%s", how, self._bot.bot.username)

    async def _put_webhook_up(self, webhook: Webhook) -> None:
        await self._bot.set_webhook(
            webhook.url, secret_token=webhook.secret, allowed_updates=list(HEARD), max_connections=CALLS_AT_ONCE
        )

    async def _take_webhook_down(self) -> None:
        """Without us there is nobody to call: Telegram keeps what comes until the next start, for a day."""
        if self._webhook is None:
            return
        self._webhook.hand_to(None)
        if self._introduced:
            with contextlib.suppress(TelegramError):
                await self._bot.delete_webhook()

    # -- listening -----------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        """Take one update after the other, in order, for ever."""
        while True:
            try:
                if not self._introduced:
                    await self._introduce()
                # After trouble without waiting for more: others want to know what there is (`Numbers.behind`).
                waits = replace(self._waits, poll=0) if self._numbers.behind else self._waits
                updates = await self._bot.fetch(self._offset, waits)
            except Exception as error:  # whatever it is, people still wait to be heard
                self._numbers.behind = True
                self._note_trouble(error)
                await asyncio.sleep(self._pause_after(error))
                continue
            self._note_recovery()
            for raw in updates:
                for chat, number in numbers_in(raw):
                    self._numbers.note(chat, number)
            self._numbers.behind = False
            for raw in updates:
                await self._take_surely(raw)
                # Never the highest so far: after a quiet week Telegram starts again at a random, maybe lower, number.
                self._offset = raw["update_id"] + 1

    async def _watch(self, webhook: Webhook) -> None:
        """See that the webhook stays in place, and say it where Telegram can't reach it."""
        while True:
            try:
                if not self._introduced:
                    await self._introduce()
                info = await self._bot.get_webhook_info()
                if info.url != webhook.url:
                    logger.warning("The webhook was gone; it is put up again. Does another program use this token?")
                    await self._put_webhook_up(webhook)
                elif info.last_error_message and info.pending_update_count and info.last_error_message != self._told:
                    logger.error(
                        "Telegram could not deliver to PUBLIC_URL: %s. %d updates wait there. docs/operations.md says "
                        "what a proxy must pass on.",
                        info.last_error_message,
                        info.pending_update_count,
                    )
                self._told = info.last_error_message
            except Exception as error:
                self._note_trouble(error)
                await asyncio.sleep(self._pause_after(error))
                continue
            self._note_recovery()
            await asyncio.sleep(self._waits.watch)

    async def _take_surely(self, raw: dict[str, Any]) -> None:
        """Take an update, however often that takes; skipping it would lose what a person said."""
        pause = self._waits.first
        while True:
            try:
                return await self._take(raw)
            except Exception as error:  # a MemoryFault, as a rule; nothing else may lose a message either
                logger.error(
                    "Update %s could not be stored (%s); trying again until it is.",
                    raw["update_id"],
                    type(error).__name__,
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._waits.longest)

    async def _take(self, raw: dict[str, Any]) -> None:
        """See one update through until it is stored, or known to be nothing for us.

        Raises:
            Exception: it could not be stored.
        """
        try:
            update = parse(raw, self._bot)
            for chat, number in messages_in(update):
                self._numbers.note(chat, number)
            incoming, left = incoming_from(update, self._bot.bot), has_left(update)
        except Exception as error:  # an update that nobody can read must not stop all the others
            logger.error("Skipped update %s, which can't be read (%s)", raw["update_id"], type(error).__name__)
            return
        if left is not None:
            await self._receiver.gone(f"{CHANNEL}:{left}")
        new = False
        if incoming is not None and incoming.kind is Kind.COMMAND and incoming.text == "clear" and update.message:
            self._errands.run(self._errands.clear(update.message))
        elif incoming is not None and not self._group_was_answered(incoming, update):
            new = await self._hand_over(incoming, update)
        if update.callback_query is not None:
            answer = self._errands.acknowledge_tap(update.callback_query, new, known=incoming is not None)
            self._errands.run(answer)

    async def _hand_over(self, incoming: Incoming, update: Update) -> bool:
        """Store it, in the order of its chat."""
        order = self._order.setdefault(incoming.address, asyncio.Lock())
        async with order:
            new = await self._receiver.receive(incoming)
        if incoming.kind is Kind.UNREADABLE and incoming.text == "group" and update.message:
            if len(self._groups_answered) >= _GROUPS:
                self._groups_answered.clear()
            self._groups_answered[incoming.address] = update.message.date
        elif new:
            self._typing.expect(int(incoming.address))
        return new

    def _group_was_answered(self, incoming: Incoming, update: Update) -> bool:
        """Whether this is a group that has been answered lately."""
        if incoming.kind is not Kind.UNREADABLE or incoming.text != "group" or update.message is None:
            return False
        last = self._groups_answered.get(incoming.address)
        return last is not None and update.message.date - last < _GROUP_PAUSE

    # -- trouble -------------------------------------------------------------------------------------------------------

    def _note_trouble(self, error: Exception) -> None:
        """Log what is wrong, once until it changes; never the error's own text: it may hold the token or a message."""
        if self._trouble is type(error):
            return
        self._trouble = type(error)
        if isinstance(error, InvalidToken):
            logger.error(BAD_TOKEN)
        elif isinstance(error, Conflict):
            logger.error("%s Trying again every %.0f s.", _TWO_POLLERS, self._waits.slow)
        else:
            logger.warning("Telegram can't be reached (%s); trying again until it can.", type(error).__name__)

    def _note_recovery(self) -> None:
        if self._trouble is not None:
            logger.info("Telegram can be reached again.")
        self._trouble = None
        self._pause = self._waits.first

    def _pause_after(self, error: Exception) -> float:
        """Seconds until the next attempt."""
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        if isinstance(error, (Conflict, InvalidToken)):
            return self._waits.slow
        pause = self._pause
        self._pause = min(2 * pause, self._waits.longest)
        return pause
