"""Telegram, as far as one bot can tell: what people do there, what it answers, what goes wrong.

Nothing in here knows of HTTP; every method may be called from any thread.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram_double.limits import Rates
from tests.telegram_double.methods import Methods
from tests.telegram_double.people import People
from tests.telegram_double.records import TOKEN, ApiError, Call, Fault, Json, Sent

__all__ = ["TelegramDouble"]

#: Parameters that a client sends as JSON inside of a form.
_JSON_PARAMETERS = {
    "reply_markup",
    "commands",
    "allowed_updates",
    "message_ids",
    "link_preview_options",
    "entities",
    "caption_entities",
}
_INTEGER_PARAMETERS = {"chat_id", "message_id", "offset", "timeout", "limit", "max_connections"}


class TelegramDouble(People, Methods):
    """Telegram, as far as one bot can tell.

    Methods `user_...`, `group_...` and `deliver` are what happens in Telegram; `sent`, `calls` and the like are for
    looking; `fail_next`, `drop_next`, `slow_next`, `weather` and `rates` make things go wrong; `api_...` answers the
    bot.
    """

    def __init__(self, token: str = TOKEN, username: str = "toward_test_bot") -> None:
        super().__init__(token, username)
        #: How fast the bot may send; nothing is limited until it is told.
        self.rates = Rates()
        #: What goes wrong with a request of a method, where nothing was planned.
        self.weather: Callable[[str, Json], Fault | None] = lambda method, params: None

    # What a test looks at

    def sent(self, chat_id: int) -> list[Sent]:
        """What the bot sent to a chat, oldest first."""
        with self._lock:
            return list(self._sent_to[chat_id])

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
            self._webhook = {"url": url}

    def _plan(self, method: str, fault: Fault, times: int) -> None:
        with self._lock:
            self._faults[method] += [fault] * times

    # What the bot asks for

    def record(self, method: str, params: Mapping[str, Any]) -> tuple[Json, Fault | None]:
        """Note a request as it came in; returns its parameters read, and what is to go wrong with it."""
        read: Json = {}
        for name, value in params.items():
            if name in _JSON_PARAMETERS:
                read[name] = json.loads(value)
            else:
                read[name] = int(value) if name in _INTEGER_PARAMETERS else value
        with self._lock:
            self._calls.append(Call(method, read, time.monotonic()))
            if self._faults[method]:
                return read, self._faults[method].pop(0)
        return read, self.weather(method, read)

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
