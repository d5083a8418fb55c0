"""What an update says: words, a command, a tap, a correction, or something that the coach can't read."""

from __future__ import annotations

import re
from typing import Any, Final

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import filters

from bot.channels.telegram.api import Bot
from bot.channels.telegram.words import COMMANDS
from bot.conversation.messages import Choice, Incoming, Kind

__all__ = ["CHANNEL", "has_left", "incoming_from", "messages_in", "numbers_in", "parse"]

CHANNEL: Final = "tg"

#: Commands that are not in the menu (any more), but that people know.
_ALSO: Final = {"forget": "delete"}
#: What of a message makes it which sort of `Kind.UNREADABLE`; the first match counts (an animation is a document, too).
_SORTS: Final = (
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
_ESSENTIALS: Final = ("message_id", "date", "edit_date", "chat", "from", "text", "caption")
_COMMAND: Final = re.compile(
    r"/(?P<name>[A-Za-z0-9_]+)(?:@(?P<bot>[A-Za-z0-9_]+))?(?: +(?P<argument>[A-Za-z0-9_-]{1,64}))?\s*"
)
_CALLBACK: Final = re.compile(r"(?P<bubble>[0-9]{1,18}):(?P<index>[0-9]{1,3})")


def parse(raw: dict[str, Any], bot: Bot) -> Update:
    """Read an update; where the library stumbles over some part of a message, read at least its words."""
    try:
        return Update.de_json(raw, bot)
    except (AttributeError, KeyError, TypeError, ValueError):
        short: dict[str, Any] = {"update_id": raw["update_id"]}
        for name in ("message", "edited_message"):
            if name in raw:
                short[name] = {part: raw[name][part] for part in _ESSENTIALS if part in raw[name]}
        return Update.de_json(short, bot)


def messages_in(update: Update) -> list[tuple[int, int]]:
    """Chat and number of the messages that an update shows."""
    found = [update.message, update.edited_message, update.callback_query and update.callback_query.message]
    return [(message.chat.id, message.message_id) for message in found if message]


def numbers_in(raw: dict[str, Any]) -> list[tuple[int, int]]:
    """The same of an update that was not read yet, as far as it has them where they always are."""
    found = [raw[part] for part in ("message", "edited_message") if isinstance(raw.get(part), dict)]
    numbers = [(one.get("chat"), one.get("message_id")) for one in found]
    return [
        (chat["id"], number)
        for chat, number in numbers
        if isinstance(chat, dict) and isinstance(chat.get("id"), int) and isinstance(number, int)
    ]


def has_left(update: Update) -> str | None:
    """The address of somebody who has just blocked the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type != ChatType.PRIVATE:
        return None
    return str(change.chat.id) if change.new_chat_member.status == ChatMemberStatus.BANNED else None


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
    # A message keeps its number, however often it is delivered and corrected.
    address, external_id = str(message.chat.id), f"m{message.message_id}"
    if message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        if update.message is None or not _speaks_to(me, message):
            return None
        return Incoming(CHANNEL, address, external_id, "group", Kind.UNREADABLE)
    if message.chat.type != ChatType.PRIVATE:
        return None
    words = message.text or message.caption
    if update.edited_message is not None:
        # Without words it is a shared location that moves.
        correction = f"{external_id}:e{update.update_id}"
        return Incoming(CHANNEL, address, correction, words, Kind.EDIT) if words else None
    if words and message.forward_origin is not None:
        # Somebody else's words: safety reads them, and the coach doesn't take them for the person's own.
        return Incoming(CHANNEL, address, external_id, f"forwarded {words}", Kind.UNREADABLE)
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
    name = _ALSO.get(name, name)
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
