"""What Telegram's servers know and do: chats, messages, buttons, updates waiting to be confirmed, faults on demand.

Nothing in here knows of HTTP; every method may be called from any thread.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["TOKEN", "ApiError", "Call", "Fault", "Sent", "TelegramDouble"]

Json = dict[str, Any]

#: A token in the form of real ones; it opens nothing.
TOKEN = "1000001:only-the-double-takes-this-one"

#: What each sort of message carries, as small as the Bot API's types allow.
_FILE: Json = {"file_id": "file", "file_unique_id": "unique"}
_PICTURE: Json = {**_FILE, "width": 1, "height": 1}
_CONTENTS: dict[str, Json] = {
    "sticker": {"sticker": {**_PICTURE, "type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}},
    "photo": {"photo": [_PICTURE]},
    "voice": {"voice": {**_FILE, "duration": 3}},
    "video": {"video": {**_PICTURE, "duration": 3}},
    "video_note": {"video_note": {**_FILE, "length": 1, "duration": 3}},
    "animation": {"animation": {**_PICTURE, "duration": 3}, "document": _FILE},
    "audio": {"audio": {**_FILE, "duration": 3}},
    "document": {"document": _FILE},
    "location": {"location": {"latitude": 1.0, "longitude": 1.0}},
    "contact": {"contact": {"phone_number": "1", "first_name": "Ada"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Tea?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
}

#: Parameters that a client sends as JSON inside of a form.
_JSON_PARAMETERS = {"reply_markup", "commands", "allowed_updates", "message_ids", "link_preview_options"}
_INTEGER_PARAMETERS = {"chat_id", "message_id", "offset", "timeout", "limit"}
_DEFAULT_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "channel_post",
    "edited_channel_post",
)


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
        rows: the keyboard as it was sent: rows of (title, callback data).
        shown: the keyboard as it is now.
    """

    chat_id: int
    message_id: int
    text: str
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


class TelegramDouble:
    """Telegram, as far as one bot can tell.

    Methods `user_...`, `group_...` and `deliver` are what happens in Telegram; `sent`, `calls` and the like are for
    looking; `fail_next`, `drop_next` and `slow_next` make things go wrong; `api_...` answers the bot.
    """

    def __init__(self, token: str = TOKEN, username: str = "toward_test_bot") -> None:
        self.token = token
        self.username = username
        self.bot_id = int(token.split(":")[0])
        self._lock = threading.RLock()
        self._calls: list[Call] = []
        self._sent: dict[int, Sent] = {}
        self._people: set[int] = set()
        self._blocked: set[int] = set()
        self._waiting: list[Json] = []
        self._allowed: tuple[str, ...] = _DEFAULT_UPDATES
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._queries: dict[str, bool] = {}
        self._toasts: list[str | None] = []
        self._webhook = ""
        self._poll = 0
        self._last_update = 700_000_000
        self._last_message = 0
        self._listeners: list[Callable[[], object]] = []

    # What people do

    def user_says(self, chat_id: int, text: str, **more: Any) -> int:
        """A person writes to the bot; `more` are further fields of the message. Returns the message's number."""
        with self._lock:
            return self._from_person(chat_id, {"text": text, "entities": self._entities(text), **more})

    def user_sends(self, chat_id: int, sort: str, caption: str | None = None, **more: Any) -> int:
        """A person sends a sticker, photo, voice, video, document, ... perhaps with a caption."""
        words = {} if caption is None else {"caption": caption, "caption_entities": self._entities(caption)}
        with self._lock:
            return self._from_person(chat_id, {**_CONTENTS[sort], **words, **more})

    def user_sends_sticker(self, chat_id: int) -> int:
        """A person sends a sticker."""
        return self.user_sends(chat_id, "sticker")

    def user_edits(self, chat_id: int, message_id: int, text: str, **more: Any) -> None:
        """A person changes what they wrote."""
        with self._lock:
            message = self._message(chat_id, {"text": text, "entities": self._entities(text), **more}, message_id)
            self._queue("edited_message", {**message, "edit_date": int(time.time())})

    def user_taps(self, chat_id: int, message_id: int, index: int, times: int = 1) -> list[str]:
        """A person taps a button of a bubble as it was sent, once or several times in a row.

        Returns:
            The callback queries' ids.
        """
        buttons = [data for row in self._sent[message_id].rows for _, data in row]
        return [self.user_taps_data(chat_id, message_id, buttons[index]) for _ in range(times)]

    def user_taps_data(self, chat_id: int, message_id: int, data: str, forgotten: bool = False) -> str:
        """A tap with any callback data, as a changed client may send; `forgotten`: Telegram has lost the message."""
        with self._lock:
            query = f"query-{len(self._queries) + 1}"
            self._queries[query] = False
            message: Json = {"chat": self._chat(chat_id), "message_id": message_id, "date": 0}
            if not forgotten:
                message = self._as_message(self._sent[message_id])
            person = self._person(chat_id)
            self._queue(
                "callback_query", {"id": query, "from": person, "message": message, "chat_instance": "1", "data": data}
            )
            return query

    def user_blocks(self, chat_id: int) -> None:
        """A person blocks the bot: nothing that it sends arrives from now on."""
        with self._lock:
            self._blocked.add(chat_id)
            self._queue("my_chat_member", self._membership(chat_id, "member", "kicked"))

    def user_returns(self, chat_id: int) -> None:
        """A person unblocks the bot."""
        with self._lock:
            self._blocked.discard(chat_id)
            self._queue("my_chat_member", self._membership(chat_id, "kicked", "member"))

    def group_says(self, group_id: int, user_id: int, text: str, **more: Any) -> int:
        """Someone writes in a group that the bot is in; ids of groups are negative."""
        with self._lock:
            self._people.add(group_id)
            message = self._message(group_id, {"text": text, "entities": self._entities(text), **more})
            self._queue("message", {**message, "from": self._person(user_id)})
            return int(message["message_id"])

    def deliver(self, update: Mapping[str, Any]) -> int:
        """Put any update in the queue, asked for or not; without `update_id` it gets the next number."""
        with self._lock:
            update_id = int(update.get("update_id", self._last_update + 1))
            self._last_update = update_id
            self._waiting.append({**update, "update_id": update_id})
            self._notify()
            return update_id

    def knows(self, chat_id: int) -> None:
        """This person wrote to the bot some time ago, so the bot may write to them."""
        with self._lock:
            self._people.add(chat_id)

    # What a test looks at

    def sent(self, chat_id: int) -> list[Sent]:
        """What the bot sent to a chat, oldest first."""
        with self._lock:
            return [message for message in self._sent.values() if message.chat_id == chat_id]

    def texts(self, chat_id: int) -> list[str]:
        """The texts of what the bot sent to a chat, oldest first."""
        return [message.text for message in self.sent(chat_id)]

    def calls(self, method: str | None = None) -> list[Call]:
        """Every request of the bot, in order; only those of one method, if it is named."""
        with self._lock:
            return [call for call in self._calls if method in (None, call.method)]

    def toasts(self) -> list[str | None]:
        """What was shown after taps, in order; None where a tap was answered without a text."""
        with self._lock:
            return list(self._toasts)

    def unanswered_taps(self) -> list[str]:
        """The callback queries that the bot has not answered."""
        with self._lock:
            return [query for query, answered in self._queries.items() if not answered]

    def unconfirmed(self) -> list[int]:
        """The ids of the updates that Telegram still keeps, because the bot has not confirmed them."""
        with self._lock:
            return [update["update_id"] for update in self._waiting]

    # What goes wrong

    def fail_next(
        self, method: str, status: int, retry_after: int | None = None, description: str = "", times: int = 1
    ) -> None:
        """Answer the next `times` requests of a method with an error."""
        self._plan(method, Fault(status=status, description=description, retry_after=retry_after), times)

    def drop_next(self, method: str, handled: bool = False, times: int = 1) -> None:
        """Close the connection instead of answering; with `handled`, after the request was carried out."""
        self._plan(method, Fault(drop=True, handled=handled), times)

    def slow_next(self, method: str, seconds: float) -> None:
        """Carry the next request out at once, but let its answer wait."""
        self._plan(method, Fault(seconds=seconds, handled=True), 1)

    def mend(self, method: str) -> None:
        """Forget what was to go wrong with a method."""
        with self._lock:
            self._faults[method].clear()

    def set_webhook(self, url: str) -> None:
        """Have a webhook in place, as another program may have left one."""
        with self._lock:
            self._webhook = url

    # What the bot asks for

    def record(self, method: str, params: Mapping[str, str]) -> tuple[Json, Fault | None]:
        """Note a request as it came in; returns its parameters read, and what is to go wrong with it."""
        read: Json = {}
        for name, value in params.items():
            if name in _JSON_PARAMETERS:
                read[name] = json.loads(value)
            else:
                read[name] = int(value) if name in _INTEGER_PARAMETERS else value
        with self._lock:
            self._calls.append(Call(method, read, time.monotonic()))
            return read, self._faults[method].pop(0) if self._faults[method] else None

    def answer(self, method: str, params: Json) -> Any:
        """The result of any method but getUpdates.

        Raises:
            ApiError: Telegram refuses.
        """
        handler = getattr(self, f"api_{re.sub('([A-Z])', lambda found: '_' + found[1].lower(), method)}", None)
        if handler is None:
            raise ApiError(404, "Not Found: method not found")
        with self._lock:
            return handler(params)

    def begin_poll(self, params: Json) -> int:
        """Begin a request for updates: confirm what is below the offset, and end the request that was open before.

        Returns:
            The number of this request; see `updates`.
        """
        with self._lock:
            if self._webhook:
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

    def api_get_me(self, _params: Json) -> Json:
        """getMe."""
        return {
            **self._myself(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def api_delete_webhook(self, _params: Json) -> bool:
        """deleteWebhook."""
        self._webhook = ""
        return True

    def api_set_my_commands(self, params: Json) -> bool:
        """setMyCommands."""
        for command in params["commands"]:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    def api_send_chat_action(self, params: Json) -> bool:
        """sendChatAction."""
        self._check_reachable(params["chat_id"])
        return True

    def api_send_message(self, params: Json) -> Json:
        """sendMessage."""
        self._check_reachable(params["chat_id"])
        text = params.get("text", "").strip()
        if not text:
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) > 2 * 4096:
            raise ApiError(400, "Bad Request: message is too long")
        rows = _keyboard(params)
        self._last_message += 1
        message = Sent(params["chat_id"], self._last_message, text, rows, rows)
        self._sent[message.message_id] = message
        return self._as_message(message)

    def api_delete_messages(self, params: Json) -> bool:
        """deleteMessages: numbers that are not there are passed over, as Telegram does."""
        numbers = params["message_ids"]
        if not 1 <= len(numbers) <= 100:
            raise ApiError(400, "Bad Request: wrong number of messages to delete")
        for number in numbers:
            if number in self._sent and self._sent[number].chat_id == params["chat_id"]:
                del self._sent[number]
        return True

    def api_answer_callback_query(self, params: Json) -> bool:
        """answerCallbackQuery."""
        query, text = params["callback_query_id"], params.get("text")
        if self._queries.get(query, True):
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if text is not None and len(text) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self._queries[query] = True
        self._toasts.append(text)
        return True

    def api_edit_message_reply_markup(self, params: Json) -> Json:
        """editMessageReplyMarkup."""
        message = self._sent.get(params["message_id"])
        if message is None or message.chat_id != params["chat_id"]:
            raise ApiError(400, "Bad Request: message to edit not found")
        rows = _keyboard(params)
        if rows == message.shown:
            raise ApiError(400, "Bad Request: message is not modified")
        message.shown = rows
        return self._as_message(message)

    # How it is done

    def _plan(self, method: str, fault: Fault, times: int) -> None:
        with self._lock:
            self._faults[method] += [fault] * times

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
        rows = [[{"text": title, "callback_data": data} for title, data in row] for row in message.shown]
        return {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": self._chat(message.chat_id),
            "from": self._myself(),
            "text": message.text,
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


def _keyboard(params: Json) -> list[list[tuple[str, str]]]:
    """The inline keyboard in a request: rows of (title, callback data)."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return [[(button["text"], button["callback_data"]) for button in row] for row in rows]
