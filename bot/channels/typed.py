"""What typed text means, the same for every channel that takes JSON (web page, Rasa widgets, REST)."""

from __future__ import annotations

import re

from bot.conversation.messages import Incoming, Kind

__all__ = ["COMMANDS", "LONGEST", "clean", "typed"]

#: Typed alone, with a slash in front, these are commands on every channel.
COMMANDS = frozenset(
    {"help", "start", "stop", "privacy", "export", "forget", "delete"}
    | {"checkin", "kindness", "new", "questions", "pattern", "map", "mirror", "reach", "remind"}
)

_START = re.compile(r"/start ([A-Za-z0-9]{6,16})", re.IGNORECASE)
#: Characters in the longest message that is still read: a whole diary fits, a flood doesn't.
LONGEST = 200_000


def clean(text: str) -> str:
    """Drop NUL, which databases refuse, and make half a surrogate pair a visible U+FFFD; all else stays as written."""
    text = text.replace("\0", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Two halves that belong together become their character; a half alone becomes U+FFFD.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def typed(channel: str, address: str, external_id: str, text: str) -> Incoming:
    """Make an `Incoming` of cleaned text: a command if it is one of `COMMANDS` alone, text otherwise.

    Behind /start the code of a script may stand.
    """
    word = text.strip()
    if begin := _START.fullmatch(word):
        return Incoming(channel, address, external_id, f"start {begin.group(1).lower()}", Kind.COMMAND)
    if word.startswith("/") and word[1:].lower() in COMMANDS:
        return Incoming(channel, address, external_id, word[1:].lower(), Kind.COMMAND)
    return Incoming(channel, address, external_id, text)
