"""The sign of typing: shown to somebody whose answer takes a moment, and to nobody who is answered at once."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.api import Bot
from bot.channels.telegram.pace import Pace

__all__ = ["Typing"]

log = logging.getLogger(__name__)

#: Telegram shows the sign for five seconds.
_SHOWN: Final = 4.5
#: After so many times the sign would promise too much.
_TIMES: Final = 3


class Typing:
    """Shows the sign in chats where an answer is due.

    Args:
        bot: what shows it.
        pace: it is shown only where nobody waits for a message.
        after: seconds of waiting before it is shown.
    """

    def __init__(self, bot: Bot, pace: Pace, after: float) -> None:
        self._bot = bot
        self._pace = pace
        self._after = after
        self._chats: dict[int, asyncio.Task[None]] = {}

    def expect(self, chat: int, after: float | None = None) -> None:
        """An answer in this chat is due."""
        if chat not in self._chats:
            self._chats[chat] = asyncio.create_task(self._show(chat, self._after if after is None else after))

    def answered(self, chat: int) -> None:
        """It has come."""
        task = self._chats.pop(chat, None)
        if task is not None:
            task.cancel()

    async def stop(self) -> None:
        """Show it to nobody any more."""
        tasks = list(self._chats.values())
        self._chats.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, chat: int, after: float) -> None:
        await asyncio.sleep(after)
        try:
            for _ in range(_TIMES):
                if self._pace.spare():
                    await self._bot.send_chat_action(chat, ChatAction.TYPING)
                await asyncio.sleep(_SHOWN)
        except TelegramError as error:
            log.debug("A sign of typing was not shown (%s)", type(error).__name__)
        self._chats.pop(chat, None)
