"""Errands that the next update need not wait for: a tap's answer and buttons, and emptying a chat."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.api import Bot, seconds_of
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import Numbers

__all__ = ["Errands"]

logger = logging.getLogger(__name__)

#: How far back /clear reaches. Message numbers count up over all chats, and Telegram takes a hundred at a time.
_CLEARED: Final = 10_000
_CLEARED_AT_ONCE: Final = 100
#: How often an answer to a tap is tried; with growing pauses that is a quarter of a minute.
_TRIES: Final = 5


class Errands:
    """Does them beside everything else.

    Args:
        bot: what does them.
        pace: when.
        numbers: of all messages that are known.
        words: the channel's own texts.
        first: the pause after a first failure, in seconds; it doubles from one to the next.
    """

    def __init__(self, bot: Bot, pace: Pace, numbers: Numbers, words: Mapping[str, str], first: float) -> None:
        self._bot = bot
        self._pace = pace
        self._numbers = numbers
        self._words = words
        self._first = first
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Begin an errand."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Give what is begun so long, and leave the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()

    async def clear(self, asked: Message) -> None:
        """Take back what can still be taken back: both sides of this chat, as far as Telegram allows (48 hours)."""
        newest = asked.message_id
        for last in range(newest, max(0, newest - _CLEARED), -_CLEARED_AT_ONCE):
            numbers = list(range(max(1, last - _CLEARED_AT_ONCE + 1), last + 1))
            try:
                await self._pace.turn_in_all()
                await self._bot.delete_messages(asked.chat.id, numbers)
            except TelegramError as error:
                logger.warning("Telegram did not clear all of a chat (%s)", type(error).__name__)
        with contextlib.suppress(TelegramError):
            await self._pace.turn_in_chat(asked.chat.id)
            sent = await self._bot.send_message(asked.chat.id, self._words["notes.cleared"])
            self._numbers.note(asked.chat.id, sent.message_id)
            self._pace.sent(asked.chat.id)

    async def acknowledge_tap(self, query: CallbackQuery, new: bool, known: bool) -> None:
        """End the button's waiting sign, and leave of the bubble's buttons only the one that was chosen."""
        toast = "chosen" if new else "again" if known else "gone"
        text = self._words[f"toasts.{toast}"]
        await self._persist(lambda: self._bot.answer_callback_query(query.id, text=text), paced=False)
        if not new or query.message is None:
            return
        chat, number, chosen = query.message.chat.id, query.message.message_id, self._only_chosen(query)
        await self._persist(lambda: self._bot.edit_message_reply_markup(chat, number, reply_markup=chosen), paced=True)

    async def _persist(self, request: Callable[[], Awaitable[object]], paced: bool) -> None:
        """Ask for something that may be asked for twice, a few times if need be."""
        pause = self._first
        for _ in range(_TRIES):
            try:
                if paced:
                    await self._pace.turn_in_all()
                await request()
                return
            except (BadRequest, Forbidden) as error:
                # After a while Telegram takes no answer to a tap any more; the sign has gone by itself then.
                logger.debug("Telegram did not take what belongs to a tap (%s)", type(error).__name__)
                return
            except TelegramError as error:
                await asyncio.sleep(seconds_of(error) if isinstance(error, RetryAfter) else pause)
                pause *= 2

    def _only_chosen(self, query: CallbackQuery) -> InlineKeyboardMarkup | None:
        """The keyboard with the tapped button alone; None (no keyboard) where Telegram no longer knows the old one."""
        message = query.message
        if not isinstance(message, Message) or message.reply_markup is None:
            return None
        for button in (button for row in message.reply_markup.inline_keyboard for button in row):
            if button.callback_data == query.data:
                title = self._words["buttons.chosen"].replace("{title}", button.text)
                return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=query.data)]])
        return None
