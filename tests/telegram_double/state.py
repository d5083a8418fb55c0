"""What Telegram's servers know: chats, messages, and updates that wait to be confirmed."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram_double.records import TOKEN, ApiError, Call, Fault, Json, Sent

__all__ = ["State"]

_DEFAULT_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "channel_post",
    "edited_channel_post",
)


class State:
    """One bot's part of Telegram; every method may be called from any thread."""

    def __init__(self, token: str = TOKEN, username: str = "toward_test_bot") -> None:
        self.token = token
        self.username = username
        self.bot_id = int(token.split(":")[0])
        self._lock = threading.RLock()
        self._calls: list[Call] = []
        self._sent: dict[int, Sent] = {}
        self._sent_to: dict[int, list[Sent]] = defaultdict(list)
        self._people: set[int] = set()
        self._blocked: set[int] = set()
        self._waiting: list[Json] = []
        self._allowed: tuple[str, ...] = _DEFAULT_UPDATES
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._queries: dict[str, bool] = {}
        self._toasts: list[str | None] = []
        self._webhook: Json = {"url": ""}
        self._delivery_error = ""
        self._poll = 0
        self._last_update = 700_000_000
        self._last_message = 0
        self._listeners: list[Callable[[], object]] = []

    def deliver(self, update: Mapping[str, Any]) -> int:
        """Put any update in the queue, asked for or not; without `update_id` it gets the next number."""
        with self._lock:
            update_id = int(update.get("update_id", self._last_update + 1))
            self._last_update = update_id
            self._waiting.append({**update, "update_id": update_id})
            self._notify()
            return update_id

    def confirm(self, update_id: int) -> None:
        """An update has been taken."""
        with self._lock:
            self._waiting = [update for update in self._waiting if update["update_id"] != update_id]

    def begin_poll(self, params: Json) -> int:
        """Begin a request for updates: confirm what is below the offset, and end the request that was open before.

        Returns:
            The number of this request; see `updates`.
        """
        with self._lock:
            if self._webhook["url"]:
                raise ApiError(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active;"
                    " use deleteWebhook to delete the webhook first",
                )
            self._allowed = tuple(params["allowed_updates"]) if params.get("allowed_updates") else self._allowed
            offset = params.get("offset", 0)
            if offset < 0:
                self._waiting = self._waiting[offset:]
            elif offset <= self._last_update + 1:
                # An offset in the future confirms nothing: ids begin anew at random after a quiet week.
                self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
            self._poll += 1
            self._notify()
            return self._poll

    def updates(self, poll: int, limit: int = 100) -> list[Json]:
        """What waits for the bot now.

        Raises:
            ApiError: another request for updates has come since (409).
        """
        with self._lock:
            if poll != self._poll:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return self._waiting[: max(1, min(limit, 100))]

    def on_change(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` (in any thread) when updates may have come; returns what ends that."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    def _check_reachable(self, chat_id: int) -> None:
        if chat_id not in self._people:
            raise ApiError(400, "Bad Request: chat not found")
        if chat_id in self._blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")

    def _from_person(self, chat_id: int, content: Json) -> int:
        self._people.add(chat_id)
        message = self._message(chat_id, content)
        self._queue("message", message)
        return int(message["message_id"])

    def _message(self, chat_id: int, content: Json, message_id: int | None = None) -> Json:
        if message_id is None:
            self._last_message += 1
            message_id = self._last_message
        chat = {"chat": self._chat(chat_id), "from": self._person(chat_id)}
        return {"message_id": message_id, "date": int(time.time()), **chat, **content}

    def _as_message(self, message: Sent) -> Json:
        """A message of the bot's as Telegram shows it."""
        rows = [[{"text": title, "callback_data": data} for title, data in row] for row in message.shown]
        return {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": self._chat(message.chat_id),
            "from": self._myself(),
            **_content(message),
            **({"reply_markup": {"inline_keyboard": rows}} if rows else {}),
        }

    def _queue(self, sort: str, content: Json) -> None:
        if sort in self._allowed:
            self.deliver({sort: content})

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _forget(self, listener: Callable[[], object]) -> None:
        with self._lock:
            self._listeners.remove(listener)

    def _myself(self) -> Json:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Toward", "username": self.username}

    def _membership(self, chat_id: int, old: str, new: str) -> Json:
        status: dict[str, Json] = {"kicked": {"status": "kicked", "until_date": 0}, "member": {"status": "member"}}
        return {
            "chat": self._chat(chat_id),
            "from": self._person(chat_id),
            "date": int(time.time()),
            "old_chat_member": {"user": self._myself(), **status[old]},
            "new_chat_member": {"user": self._myself(), **status[new]},
        }

    @staticmethod
    def _person(user_id: int) -> Json:
        return {"id": user_id, "is_bot": False, "first_name": "Ada"}

    @staticmethod
    def _chat(chat_id: int) -> Json:
        if chat_id < 0:
            return {"id": chat_id, "type": "supergroup", "title": "Sunday walks"}
        return {"id": chat_id, "type": "private", "first_name": "Ada"}

    @staticmethod
    def _entities(text: str) -> list[Json]:
        """Commands and names in a text, as Telegram marks them (offsets count UTF-16 units)."""
        entities = []
        for found in re.finditer(r"(?<![\w/@])(?P<command>/\w{1,32}(?:@\w+)?)|(?<![\w/@])@\w{3,32}", text):
            offset = len(text[: found.start()].encode("utf-16-le")) // 2
            sort = "bot_command" if found["command"] else "mention"
            entities.append({"type": sort, "offset": offset, "length": len(found[0])})
        return entities


def _content(message: Sent) -> Json:
    """What a message carries."""
    if message.sort == "text":
        return {"text": message.text}
    caption = {"caption": message.text, "caption_entities": message.entities} if message.text else {}
    file = {"file_id": str(message.message_id), "file_unique_id": str(message.message_id)}
    if message.sort == "photo":
        return {"photo": [{**file, "width": 1, "height": 1}], **caption}
    return {"document": {**file, "file_name": message.file_name}, **caption}
