"""One bubble on its way to a chat, and what to make of an answer that never comes.

Telegram has no way to send a thing only once: after a time-out nobody knows whether it arrived. It is not blindly sent
again then, but looked for. In private chats Telegram numbers the messages of a bot in one row, over all its chats; so
what arrived has a number just above the newest one that was known when it was sent, and one that belongs to nothing
else. Telegram is asked to give the message of such a number the buttons that it would have: "message is not modified"
says that it is there, and changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from telegram import InputFile, LinkPreviewOptions, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.api import CONNECTIONS, Bot, Waits, seconds_of, was_never_sent
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.pieces import Piece, in_words, pieces_of
from bot.channels.telegram.typing import Typing
from bot.conversation.messages import Outgoing
from bot.errors import SendLater, SendNever

__all__ = ["BAD_TOKEN", "Numbers", "Sender"]

logger = logging.getLogger(__name__)

BAD_TOKEN: Final = (
    "Telegram does not accept the bot token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN"
    " (and check TELEGRAM_BASE_URL if you set it)."
)
#: Bad requests that say that there is nobody (any more) at this address.
_NOBODY: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
)
#: Numbers above the newest known one that are looked at, unless so many newer ones are known that what was sent before
#: them must lie among them; and how many are looked at in all.
_BEYOND: Final = 5
_WELL_AFTER: Final = 30
_MOST_LOOKS: Final = 40
#: A bubble that may have arrived waits, but no longer than this, until the numbers of what people wrote are known.
_CATCHING_UP: Final = 30.0
#: Ids of channels and supergroups lie below this; they number their messages themselves.
_SUPERGROUPS: Final = -1_000_000_000_000
#: A second message of the same bubble waits for its turn for about a second; then the sign of typing is shown.
_SIGN_AFTER: Final = 0.2


class Numbers:
    """The numbers of messages that are known: what people wrote and what they were sent."""

    def __init__(self, kept: int = 5000) -> None:
        self.newest = 0
        #: Whether what people wrote can't be fetched: then many numbers are theirs, and nobody here knows it yet.
        self.behind = False
        self._known: OrderedDict[int, None] = OrderedDict()
        self._kept = kept

    def note(self, chat: int, number: int) -> None:
        """A message of this number is known."""
        if chat <= _SUPERGROUPS:
            return
        self.newest = max(self.newest, number)
        self._known[number] = None
        if len(self._known) > self._kept:
            self._known.popitem(last=False)

    def unknown_above(self, number: int) -> Iterator[int]:
        """Numbers that a message may have which was sent when `number` was the newest."""
        beyond = _BEYOND if self.newest < number + _WELL_AFTER else 0
        above = range(number + 1, max(self.newest, number) + beyond + 1)
        looked = [one for one in above if one not in self._known]
        return iter(looked[:_MOST_LOOKS])


@dataclass
class _Progress:
    """How far a bubble has come.

    Attributes:
        arrived: its pieces that have arrived.
        doubt: the newest number before one that may have arrived.
        since: when that was, on the loop's clock.
    """

    arrived: int = 0
    doubt: int | None = None
    since: float = 0.0


class Sender:
    """Sends bubbles, each chat's by themselves, all at Telegram's pace.

    Args:
        bot: what sends.
        pace: when.
        typing: told that somebody was answered.
        numbers: of all messages that are known.
        waits: how long to wait after a failure.
    """

    def __init__(self, bot: Bot, pace: Pace, typing: Typing, numbers: Numbers, waits: Waits) -> None:
        self._bot = bot
        self._pace = pace
        self._typing = typing
        self._numbers = numbers
        self._waits = waits
        self._progress: dict[tuple[int, int], _Progress] = {}
        self._open = asyncio.Semaphore(CONNECTIONS)
        self._sending = 0

    async def send(self, bubble: Outgoing) -> None:
        """Deliver one bubble, in several messages where it is longer than Telegram allows; buttons go with the last.

        Raises:
            SendLater: Telegram asks for a pause, or can't be reached, or did not answer in time.
            SendNever: the person blocked the bot or deleted the account, or the chat is gone.
        """
        if not re.fullmatch(r"-?[0-9]+", bubble.address):
            raise SendNever("This is not the address of a Telegram chat.")
        chat, pieces = int(bubble.address), pieces_of(bubble)
        key = chat, bubble.id  # what is said without a database has the same few numbers for everybody
        progress = self._progress.setdefault(key, _Progress())
        self._sending += 1
        try:
            while progress.arrived < len(pieces):
                await self._see_through(chat, pieces[progress.arrived], progress)
                progress.arrived += 1
        except SendNever:
            del self._progress[key]
            raise
        finally:
            self._sending -= 1
        del self._progress[key]
        self._typing.answered(chat)

    async def finish(self, seconds: float) -> None:
        """Give what is being sent so long to arrive."""
        for _ in range(round(seconds / 0.05)):
            if not self._sending:
                return
            await asyncio.sleep(0.05)

    async def _see_through(self, chat: int, piece: Piece, progress: _Progress) -> None:
        """Look for a piece that may have arrived, or send it."""
        now = asyncio.get_running_loop().time()
        if progress.doubt is not None and self._numbers.behind and now < progress.since + _CATCHING_UP:
            raise SendLater("What people wrote meanwhile has to be fetched first.", self._waits.resend)
        if self._pace.wait_for(chat) > _SIGN_AFTER:
            self._typing.expect(chat, after=_SIGN_AFTER)
        await self._pace.turn_in_chat(chat)
        async with self._open:
            if progress.doubt is not None:
                arrived = await self._has_arrived(chat, piece, progress.doubt)
                progress.doubt = None
                if arrived:
                    return
            await self._pace.turn_in_all()
            before = self._numbers.newest
            try:
                message = await self._try(chat, piece)
            except TelegramError as error:
                if _may_have_arrived(error):
                    progress.doubt, progress.since = before, asyncio.get_running_loop().time()
                raise self._what_to_do(error, chat) from error
            finally:
                self._pace.sent(chat)
            self._pace.went_well()
            self._numbers.note(chat, message.message_id)

    async def _try(self, chat: int, piece: Piece) -> Message:
        """Send it; a picture that Telegram refuses is told in words."""
        try:
            return await self._send(chat, piece)
        except BadRequest as error:
            if piece.attachment is None or _is_nobody(error):
                raise
            logger.error("Telegram refused a %s: %s", piece.attachment.kind, error.message)
            return await self._send(chat, in_words(piece))

    async def _send(self, chat: int, piece: Piece) -> Message:
        if piece.attachment is None:
            return await self._bot.send_message(
                chat,
                piece.text,
                entities=piece.entities or None,
                reply_markup=piece.keyboard,
                # A preview would put a helpline's page on the screen, for anybody to see.
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        file = InputFile(piece.attachment.content, filename=piece.attachment.name)
        if piece.attachment.kind == "picture":
            return await self._bot.send_photo(
                chat,
                file,
                caption=piece.text or None,
                caption_entities=piece.entities or None,
                reply_markup=piece.keyboard,
                # It opens with a tap, so that neither a notification nor a glance shows it.
                has_spoiler=True,
            )
        return await self._bot.send_document(
            chat,
            file,
            caption=piece.text or None,
            caption_entities=piece.entities or None,
            reply_markup=piece.keyboard,
            disable_content_type_detection=True,
        )

    async def _has_arrived(self, chat: int, piece: Piece, newest: int) -> bool:
        """Whether a piece is there that was sent when `newest` was the newest number, without an answer."""
        if chat < 0:
            return True  # others write in a group, too; that a word there is lost is better than that it comes twice
        if not newest:
            return False  # nothing was known yet, right after the start
        for number in self._numbers.unknown_above(newest):
            await self._pace.turn_in_all()
            try:
                await self._bot.edit_message_reply_markup(chat, number, reply_markup=piece.keyboard)
            except BadRequest as error:
                self._pace.went_well()
                if "not modified" not in error.message.lower():
                    continue
            except TelegramError as error:
                raise self._what_to_do(error, chat) from error
            self._numbers.note(chat, number)
            return True
        return False

    def _what_to_do(self, error: TelegramError, chat: int) -> SendLater | SendNever:
        """What an error of the library means for a bubble."""
        if isinstance(error, RetryAfter):
            self._pace.went_well()
            pause = seconds_of(error)
            self._pace.asked_for(chat, pause)
            return SendLater("Telegram asks for a pause.", pause)
        if isinstance(error, (Forbidden, ChatMigrated)) or _is_nobody(error):
            return SendNever(f"Telegram: {error.message}")
        if isinstance(error, BadRequest):
            # A fault of ours, not of the network. It must not be lost, and hurrying won't help.
            logger.error("Telegram refused a bubble: %s", error.message)
            return SendLater("Telegram refused this bubble; the log says why.", self._waits.longest)
        if isinstance(error, InvalidToken):
            return SendLater(BAD_TOKEN, self._waits.slow)
        self._pace.failed()
        if isinstance(error, TimedOut) and not was_never_sent(error):
            return SendLater("Telegram did not answer in time; the bubble may have arrived.", self._waits.resend)
        return SendLater("Telegram can't be reached.", self._waits.resend)


def _may_have_arrived(error: TelegramError) -> bool:
    """Whether the request may have been carried out all the same: no answer, or one from somewhere on the way."""
    refused = isinstance(error, (RetryAfter, Forbidden, ChatMigrated, BadRequest, InvalidToken))
    return not refused and not was_never_sent(error)


def _is_nobody(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and any(sign in error.message.lower() for sign in _NOBODY)
