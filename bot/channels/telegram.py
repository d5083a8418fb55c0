"""Telegram: long polling in, bubbles out, with nothing acknowledged to Telegram before it is stored.

python-telegram-bot's own Updater confirms an update once it lies in a queue in memory, so a crash loses it. The loop
here asks for updates itself and moves its offset past one only after `Receiver.receive` returned; what Telegram then
delivers again after a crash is known by its `external_id`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from telegram import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.constants import ChatType, MessageLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import AIORateLimiter, ExtBot, filters
from telegram.request import HTTPXRequest

from bot.conversation.messages import Choice, Incoming, Kind, Outgoing
from bot.conversation.ports import Receiver
from bot.errors import ContentError, SendLater, SendNever, SettingsError
from bot.settings import PROJECT

__all__ = [
    "BUTTON_COMMANDS",
    "COMMANDS",
    "WORDS_FILE",
    "Telegram",
    "Waits",
    "incoming_from",
    "load_words",
    "split_text",
]

logger = logging.getLogger(__name__)

CHANNEL = "tg"
WORDS_FILE = PROJECT / "data" / "channels" / "telegram.yml"

#: Commands that work where no free text is understood.
BUTTON_COMMANDS = ("start", "help", "stop", "privacy", "clear", "forget")
#: The commands that Toward knows; anything else that begins with a slash is text.
COMMANDS = tuple("start help checkin kindness new questions pattern mirror stop privacy clear forget".split())
#: How far back /clear reaches. Message numbers count up over all chats, and Telegram takes a hundred at a time.
_CLEARED = 1000
_CLEARED_AT_ONCE = 100

#: Every text of data/channels/telegram.yml by its dotted name, with the most characters that Telegram takes.
_WORDS = {
    **{f"commands.{name}": 256 for name in COMMANDS},
    **{f"toasts.{name}": 200 for name in ("chosen", "again", "gone")},
}
_WORDS["buttons.chosen"] = 40
_WORDS["notes.cleared"] = 400

_HEARD = ("message", "edited_message", "callback_query")
#: What of a message makes it which sort of `Kind.UNREADABLE`; the first match counts (an animation is a document, too).
_SORTS = (
    ("voice", "voice"),
    ("photo", "photo"),
    ("sticker", "sticker"),
    ("animation", "sticker"),
    ("document", "file"),
    ("audio", "file"),
    ("location", "location"),
    ("contact", "contact"),
    ("poll", "poll"),
)
#: What suffices of a message to hear its words, should the library not be able to read all of it.
_ESSENTIALS = ("message_id", "date", "edit_date", "chat", "from", "text", "caption")
_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]+)(?:@(?P<bot>[A-Za-z0-9_]+))?(?: +(?P<argument>[A-Za-z0-9_-]{1,64}))?\s*"
)
_CALLBACK = re.compile(r"(?P<bubble>[0-9]{1,18}):(?P<index>[0-9]{1,3})")
_GROUP_PAUSE = timedelta(hours=1)

#: Bad requests that say that there is nobody (any more) at this address.
_NOBODY = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
)
#: Two buttons share a row when both titles are at most this long, so that neither is cut off on a narrow phone.
_SHORT_TITLE = 15
#: Where a long text may be cut, best first: after a paragraph, a line, a sentence, a word.
_BREAKS = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"[.!?\u2026][\"'\u201d\u2019)]*\s", r"\s"))

_BAD_TOKEN = (
    "Telegram does not accept the bot token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN"
    " (and check TELEGRAM_BASE_URL if you set it)."
)
_TWO_POLLERS = (
    "Another program is fetching this bot's messages: Telegram allows one per token. Stop the other copy of Toward"
    " (or give this one a token of its own)."
)


@dataclass(frozen=True)
class Waits:
    """How long the channel waits for things, in seconds.

    Attributes:
        poll: for how long Telegram holds a request for updates open.
        first: the pause after a first failure; it doubles from one failure to the next.
        longest: the longest such pause.
        slow: the pause while another program polls or the token is refused; somebody has to act first.
        answer: how long an answer of Telegram may take.
        resend: the pause before a bubble is sent again, where the network failed.
    """

    poll: int = 25
    first: float = 1.0
    longest: float = 60.0
    slow: float = 30.0
    answer: float = 15.0
    resend: float = 5.0


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
    ) -> None:
        """Prepare the channel; nothing is sent before `start`.

        Args:
            token: from @BotFather.
            receiver: gets everything that people send.
            words: texts of the channel's own, from `load_words`.
            base_url: where the Bot API is; the token follows it directly.
            waits: how long to wait for things.
            commands: those of the menu.

        Raises:
            SettingsError: the token is empty.
        """
        if not token.strip():
            raise SettingsError(_BAD_TOKEN)
        _keep_libraries_quiet()
        self._receiver = receiver
        self._words = words
        self._waits = waits
        self._commands = tuple(commands)
        self._bot = _Bot(
            token=token.strip(),
            base_url=base_url,
            request=HTTPXRequest(read_timeout=waits.answer, write_timeout=waits.answer, pool_timeout=waits.answer),
            get_updates_request=HTTPXRequest(connection_pool_size=1),
            # No retries in here: what Telegram puts off waits in the outbox, where a crash can't lose it.
            rate_limiter=AIORateLimiter(max_retries=0),
        )
        self._introduced = False
        self._offset: int | None = None
        self._pause = waits.first
        self._trouble: type[Exception] | None = None
        self._loop: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._groups_answered: dict[str, datetime] = {}
        self._parts_sent: dict[int, int] = {}

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
            raise SettingsError(_BAD_TOKEN) from None
        except TelegramError as error:
            self._note_trouble(error)
        self._loop = asyncio.create_task(self._listen(), name="telegram")

    async def stop(self) -> None:
        """Stop listening and close all connections. What was not stored yet, Telegram delivers again next time."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None
        if self._errands:
            await asyncio.wait(self._errands, timeout=2)
        for errand in list(self._errands):
            errand.cancel()
        await self._bot.shutdown()
        self._introduced = False

    async def send(self, bubble: Outgoing) -> None:
        """Deliver one bubble, in several messages where it is longer than Telegram allows; buttons go with the last.

        Telegram has no way to send a thing only once: after a time-out nobody knows whether it arrived. It is then sent
        again, because a bubble that comes twice is better than one that never comes.

        Raises:
            SendLater: Telegram asks for a pause, or can't be reached, or did not answer in time.
            SendNever: the person blocked the bot or deleted the account, or the chat is gone.
        """
        if not re.fullmatch(r"-?[0-9]+", bubble.address):
            raise SendNever("This is not the address of a Telegram chat.")
        parts = split_text(bubble.text)
        for number in range(self._parts_sent.get(bubble.id, 0), len(parts)):
            last = number == len(parts) - 1
            await self._send_message(int(bubble.address), parts[number], _keyboard(bubble) if last else None)
            self._parts_sent[bubble.id] = number + 1
        self._parts_sent.pop(bubble.id, None)

    async def _send_message(self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        try:
            await self._bot.send_message(
                chat_id=chat_id,
                text=text,
                reply_markup=keyboard,
                # A preview would put a helpline's page on the screen, for anybody to see.
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except RetryAfter as error:
            raise SendLater("Telegram asks for a pause.", _seconds(error)) from error
        except (Forbidden, ChatMigrated) as error:
            raise SendNever(f"Telegram: {error.message}") from error
        except BadRequest as error:
            if any(sign in error.message.lower() for sign in _NOBODY):
                raise SendNever(f"Telegram: {error.message}") from error
            # A fault of ours, not of the network. It must not be lost, and hurrying won't help.
            logger.error("Telegram refused a bubble: %s", error.message)
            raise SendLater("Telegram refused this bubble; the log says why.", self._waits.longest) from error
        except TimedOut as error:
            raise SendLater(
                "Telegram did not answer in time; the bubble may have arrived.", self._waits.answer
            ) from error
        except InvalidToken:
            raise SendLater(_BAD_TOKEN, self._waits.slow) from None
        except TelegramError as error:
            raise SendLater("Telegram can't be reached.", self._waits.resend) from error

    async def _introduce(self) -> None:
        """Check the token, make polling possible and set the menu of commands."""
        await self._bot.initialize()
        await self._bot.delete_webhook()
        self._introduced = True
        try:
            await self._bot.set_my_commands(
                [BotCommand(name, self._words[f"commands.{name}"]) for name in self._commands]
            )
        except TelegramError as error:
            logger.warning(
                "Telegram did not take the menu of commands (%s); it keeps the one it has.", type(error).__name__
            )
        logger.info("Telegram: listening as @%s", self._bot.bot.username)

    async def _listen(self) -> None:
        """Take one update after the other, in order, for ever."""
        while True:
            try:
                if not self._introduced:
                    await self._introduce()
                updates = await self._bot.fetch(self._offset, self._waits)
            except Exception as error:  # whatever it is, people still wait to be heard
                self._note_trouble(error)
                await asyncio.sleep(self._pause_after(error))
                continue
            self._note_recovery()
            for raw in updates:
                await self._take(raw)
                # Never the highest so far: after a quiet week Telegram starts again at a random, maybe lower, number.
                self._offset = raw["update_id"] + 1

    async def _take(self, raw: dict[str, Any]) -> None:
        """See one update through until it is stored, or known to be nothing for us."""
        try:
            update = self._parse(raw)
            incoming = incoming_from(update, self._bot.bot)
        except Exception as error:  # an update that nobody can read must not stop all the others
            logger.error("Skipped update %s, which can't be read (%s)", raw["update_id"], type(error).__name__)
            return
        if incoming is not None and incoming.kind is Kind.COMMAND and incoming.text == "clear" and update.message:
            self._run_errand(self._clear(update.message))
            return
        if incoming is not None and not self._group_was_answered(incoming, update):
            new = await self._hand_over(incoming, raw["update_id"])
        else:
            incoming, new = None, False
        if update.callback_query is not None:
            self._run_errand(self._acknowledge_tap(update.callback_query, new, known=incoming is not None))

    async def _clear(self, asked: Message) -> None:
        """Take back what can still be taken back: both sides of this chat, as far as Telegram allows (48 hours)."""
        newest = asked.message_id
        for last in range(newest, max(0, newest - _CLEARED), -_CLEARED_AT_ONCE):
            numbers = list(range(max(1, last - _CLEARED_AT_ONCE + 1), last + 1))
            try:
                await self._bot.delete_messages(asked.chat.id, numbers)
            except TelegramError as error:
                logger.warning("Telegram did not clear all of a chat (%s)", type(error).__name__)
        with contextlib.suppress(TelegramError):
            await self._bot.send_message(asked.chat.id, self._words["notes.cleared"])

    def _parse(self, raw: dict[str, Any]) -> Update:
        """Read an update; where the library stumbles over some part of a message, read at least its words."""
        try:
            return Update.de_json(raw, self._bot)
        except (AttributeError, KeyError, TypeError, ValueError):
            short: dict[str, Any] = {"update_id": raw["update_id"]}
            for name in ("message", "edited_message"):
                if name in raw:
                    short[name] = {part: raw[name][part] for part in _ESSENTIALS if part in raw[name]}
            return Update.de_json(short, self._bot)

    async def _hand_over(self, incoming: Incoming, update_id: int) -> bool:
        """Store it, however often that takes; skipping it would lose what a person said."""
        pause = self._waits.first
        while True:
            try:
                return await self._receiver.receive(incoming)
            except Exception as error:  # a MemoryFault, as a rule; nothing else may lose a message either
                logger.error(
                    "Update %s could not be stored (%s); trying again in %.0f s", update_id, type(error).__name__, pause
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._waits.longest)

    def _group_was_answered(self, incoming: Incoming, update: Update) -> bool:
        """Whether this comes from a group that heard within the last hour that Toward talks to one person at a time."""
        if update.message is None or incoming.kind is not Kind.UNREADABLE or incoming.text != "group":
            return False
        answered = self._groups_answered.get(incoming.address)
        if answered is not None and update.message.date - answered < _GROUP_PAUSE:
            return True
        self._groups_answered[incoming.address] = update.message.date
        return False

    async def _acknowledge_tap(self, query: CallbackQuery, new: bool, known: bool) -> None:
        """End the button's waiting sign, and leave of the bubble's buttons only the one that was chosen."""
        toast = "chosen" if new else "again" if known else "gone"
        try:
            await self._bot.answer_callback_query(query.id, text=self._words[f"toasts.{toast}"])
        except TelegramError as error:
            # After a while Telegram takes no answer any more; the sign has gone by itself then.
            logger.debug("A tap could not be answered (%s)", type(error).__name__)
        if not new or query.message is None:
            return
        try:
            await self._bot.edit_message_reply_markup(
                chat_id=query.message.chat.id,
                message_id=query.message.message_id,
                reply_markup=self._only_chosen(query),
            )
        except TelegramError as error:
            logger.debug("The buttons of a bubble stay as they are (%s)", type(error).__name__)

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

    def _run_errand(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something that the next update need not wait for."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _note_trouble(self, error: Exception) -> None:
        """Log what is wrong, once until it changes; never the error's own text: it may hold the token or a message."""
        if self._trouble is type(error):
            return
        self._trouble = type(error)
        if isinstance(error, InvalidToken):
            logger.error(_BAD_TOKEN)
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
        """Seconds until the next attempt to fetch updates."""
        if isinstance(error, RetryAfter):
            return _seconds(error)
        if isinstance(error, (Conflict, InvalidToken)):
            return self._waits.slow
        pause = self._pause
        self._pause = min(2 * pause, self._waits.longest)
        return pause


class _Bot(ExtBot[int]):
    """The library's bot, plus fetching updates unparsed.

    `get_updates` parses all of them at once: one that it can't read makes it fail for all, and log everybody's words.
    """

    async def fetch(self, offset: int | None, waits: Waits) -> list[dict[str, Any]]:
        """Wait for updates from `offset` on; everything before it is thereby confirmed, and gone from Telegram."""
        result = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": waits.poll, "allowed_updates": list(_HEARD)},
            read_timeout=waits.poll + waits.answer,
        )
        if not isinstance(result, list) or not all(isinstance(raw.get("update_id"), int) for raw in result):
            raise NetworkError("This is not an answer of the Bot API.")
        return result


def incoming_from(update: Update, me: User) -> Incoming | None:
    """What a person said with this update, or None where nobody said anything to the coach.

    Args:
        update: what Telegram delivered.
        me: the bot itself, to know when a group speaks to it.
    """
    if update.callback_query is not None:
        return _tap(update.callback_query)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    address, external_id = str(message.chat.id), f"u{update.update_id}"
    if message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        if update.message is None or not _speaks_to(me, message):
            return None
        return Incoming(CHANNEL, address, external_id, "group", Kind.UNREADABLE)
    if message.chat.type != ChatType.PRIVATE:
        return None
    words = message.text or message.caption
    if update.edited_message is not None:
        # Without words it is a shared location that moves.
        return Incoming(CHANNEL, address, external_id, words, Kind.EDIT) if words else None
    if words:
        command = _command(words, me)
        return Incoming(CHANNEL, address, external_id, command or words, Kind.COMMAND if command else Kind.TEXT)
    if filters.StatusUpdate.ALL.check_update(update):
        return None
    sort = next((sort for part, sort in _SORTS if getattr(message, part)), "other")
    if message.media_group_id:
        # An album arrives as one update for each picture; it deserves one answer.
        external_id = f"album:{message.media_group_id}"
    return Incoming(CHANNEL, address, external_id, sort, Kind.UNREADABLE)


def _tap(query: CallbackQuery) -> Incoming | None:
    """A tap on one of our buttons; None for anything that we never put on a button."""
    found = _CALLBACK.fullmatch(query.data or "")
    if found is None or query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return None
    choice = Choice(int(found["bubble"]), int(found["index"]))
    return Incoming(CHANNEL, str(query.message.chat.id), f"tap:{choice.bubble}", "", Kind.CHOICE, choice)


def _command(text: str, me: User) -> str | None:
    """The name of the command that this text is, with the argument of a deep link after "start"; None if it is none.

    A command with more words behind it is text: those words must reach the safety gate like any others.
    """
    found = _COMMAND.fullmatch(text)
    if found is None or (found["bot"] and found["bot"].lower() != (me.username or "").lower()):
        return None
    name, argument = found["name"].lower(), found["argument"]
    if name not in COMMANDS or (argument and name != "start"):
        return None
    return f"{name} {argument}" if argument else name


def _speaks_to(me: User, message: Message) -> bool:
    """Whether a message in a group is meant for the bot: a command, its name, or a reply to it."""
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == me.id:
        return True
    name = f"@{me.username}".lower()
    for entity, text in {**message.parse_entities(), **message.parse_caption_entities()}.items():
        if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id:
            return True
        if entity.type == MessageEntity.MENTION and text.lower() == name:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and ("@" not in text or text.lower().endswith(name)):
            return True
    return False


def _keyboard(bubble: Outgoing) -> InlineKeyboardMarkup | None:
    """The bubble's buttons under its text, two in a row where both are short."""
    rows: list[list[InlineKeyboardButton]] = []
    for index, title in enumerate(bubble.buttons):
        button = InlineKeyboardButton(title, callback_data=f"{bubble.id}:{index}")
        if rows and len(rows[-1]) == 1 and max(len(title), len(rows[-1][0].text)) <= _SHORT_TITLE:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def split_text(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units, after a paragraph, line, sentence or word if it can be."""
    parts = []
    rest = text.strip()
    while len(rest.encode("utf-16-le")) > 2 * limit:
        # A character outside of the basic plane may lie across the limit; half of one is no text.
        room = rest.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")
        cut = _end_of_part(room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _end_of_part(room: str) -> int:
    """Where to cut: after the last good break in the second half of the room, so that no part is a mere scrap."""
    for pattern in _BREAKS:
        ends = [found.end() for found in pattern.finditer(room) if found.end() > len(room) // 2]
        if ends:
            return ends[-1]
    return len(room)


def load_words(path: Path = WORDS_FILE) -> dict[str, str]:
    """Read the channel's own texts; keys are dotted ("commands.help", "toasts.chosen").

    Raises:
        ContentError: the file or one of its texts is missing, empty or too long; the message says which.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError(f"{path}: can't be read ({error.strerror}). Put the file back.") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: is not valid YAML. {error}") from error
    words = {}
    for name, most in _WORDS.items():
        section, key = name.split(".")
        try:
            text = content[section][key]
        except (KeyError, TypeError):
            raise ContentError(f"{path}: {name} is missing. Add it.") from None
        if not isinstance(text, str) or not 0 < len(text.strip()) <= most:
            raise ContentError(f"{path}: {name} must be a text of 1 to {most} characters.")
        words[name] = text.strip()
    return words


def _seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _keep_libraries_quiet() -> None:
    """Silence the libraries' log lines: addresses hold the token, requests and answers hold people's words."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
