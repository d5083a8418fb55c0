"""What comes in from a person and what goes out to one: the two shapes that channels and the conversation share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.memory.attachments import Attachment

__all__ = ["Attachment", "Choice", "Incoming", "Kind", "Outgoing"]


class Kind(str, Enum):
    """What sort of thing arrived."""

    TEXT = "text"
    #: A tap on a button of an earlier bubble.
    CHOICE = "choice"
    #: A command such as /start; `Incoming.text` holds its name without the slash ("start").
    COMMAND = "command"
    #: An earlier message was changed; `Incoming.text` holds the new wording.
    EDIT = "edit"
    #: Something without words that the coach can't read; `Incoming.text` holds its sort ("voice", "photo", "sticker",
    #: "file", "location", "contact", "poll", "group", "other").
    UNREADABLE = "unreadable"
    #: A stored reminder fell due; `Incoming.text` holds its id.
    REMINDER = "reminder"


@dataclass(frozen=True)
class Choice:
    """Which button of which bubble was tapped."""

    bubble: int
    index: int


@dataclass(frozen=True)
class Incoming:
    """One thing that a person sent.

    Attributes:
        channel: "tg", "web", "rest" or "term"; the namespace of `address`.
        address: where answers go: a chat id, a session id. Checked by the channel, never taken over as it is.
        external_id: the same for every delivery of the same thing, so that a repeated delivery changes nothing.
        text: what was written, untouched (or what `Kind` says).
    """

    channel: str
    address: str
    external_id: str
    text: str = ""
    kind: Kind = Kind.TEXT
    choice: Choice | None = None

    @property
    def conversation_id(self) -> str:
        """The conversation this belongs to, unique over all channels."""
        return f"{self.channel}:{self.address}"


@dataclass(frozen=True)
class Outgoing:
    """One bubble on its way to a person.

    Attributes:
        id: the outbox row; a channel that can drop doubles does it by this number.
        text: at most 4,096 UTF-16 units, plain text.
        buttons: their titles in order; a tap comes back as `Choice(id, index)`, or the title typed.
        turn: the inbox row that this answers; bubbles of one turn share it.
        attachment: a file that the words go with: a picture under which they stand, or something to keep.
    """

    id: int
    channel: str
    address: str
    text: str
    buttons: tuple[str, ...] = ()
    turn: int = 0
    attachment: Attachment | None = None

    @property
    def conversation_id(self) -> str:
        """The conversation this belongs to, unique over all channels."""
        return f"{self.channel}:{self.address}"
