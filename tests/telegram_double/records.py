"""What is noted of a bot's requests and messages, and what may go wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["TOKEN", "ApiError", "Call", "Fault", "Json", "Sent"]

Json = dict[str, Any]

#: A token in the form of real ones; it opens nothing.
TOKEN = "1000001:only-the-double-takes-this-one"


@dataclass(frozen=True)
class Call:
    """One request of the bot, with parameters as Telegram reads them; `at` is its moment on the monotonic clock."""

    method: str
    params: Json
    at: float


@dataclass
class Sent:
    """One message that the bot sent.

    Attributes:
        text: its words; of a photo or document, the caption.
        sort: "text", "photo" or "document".
        at: when it arrived, on the monotonic clock.
        rows: the keyboard as it was sent: rows of (title, callback data).
        shown: the keyboard as it is now.
    """

    chat_id: int
    message_id: int
    text: str
    sort: str = "text"
    file: bytes = b""
    file_name: str = ""
    entities: list[Json] = field(default_factory=list)
    spoiler: bool = False
    at: float = 0.0
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    shown: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        """The titles of all buttons as they were sent."""
        return [title for row in self.rows for title, _ in row]

    @property
    def shown_titles(self) -> list[str]:
        """The titles of all buttons that are there now."""
        return [title for row in self.shown for title, _ in row]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a request: an error (`status`), a closed connection (`drop`), or a slow answer (`seconds`).

    With `handled` the request is carried out all the same; only its answer is lost or late.
    """

    status: int = 0
    description: str = ""
    retry_after: int | None = None
    drop: bool = False
    seconds: float = 0.0
    handled: bool = False


class ApiError(Exception):
    """The Bot API says no."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> Json:
        """The body of the answer."""
        answer: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer
