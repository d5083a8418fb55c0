"""Carries updates to a webhook: one at a time for each chat, several chats at once, again until they are taken."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.telegram_double.state import State

__all__ = ["Courier"]

_AGAIN = 0.2
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Courier:
    """Runs beside a double while the `with` block lasts."""

    def __init__(self, double: State) -> None:
        self._double = double
        self._changed = threading.Event()
        self._over = False
        self._busy: set[int] = set()
        self._not_before: dict[int, float] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._carriers = ThreadPoolExecutor(10)

    def __enter__(self) -> Courier:
        self._forget = self._double.on_change(self._changed.set)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._changed.set()
        self._thread.join(timeout=10)
        self._forget()
        self._carriers.shutdown(wait=True)

    def _run(self) -> None:
        while not self._over:
            self._changed.wait(timeout=0.05)
            self._changed.clear()
            with self._double._lock:
                hook, waiting = dict(self._double._webhook), list(self._double._waiting)
            if hook["url"]:
                self._carry_all(hook, waiting)

    def _carry_all(self, hook: dict[str, Any], waiting: list[dict[str, Any]]) -> None:
        seen: set[int] = set()
        for update in waiting:
            chat = _chat_of(update)
            first = chat not in seen
            seen.add(chat)
            if first and chat not in self._busy and self._not_before.get(chat, 0.0) <= time.monotonic():
                self._busy.add(chat)
                self._carriers.submit(self._carry, hook, chat, update)

    def _carry(self, hook: dict[str, Any], chat: int, update: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", _SECRET: hook.get("secret_token", "")}
        try:
            with urlopen(Request(hook["url"], json.dumps(update).encode(), headers), timeout=10):
                self._double.confirm(update["update_id"])
        except (OSError, HTTPError) as error:
            self._double._delivery_error = f"Wrong response from the webhook: {error}"
            self._not_before[chat] = time.monotonic() + _AGAIN
        finally:
            self._busy.discard(chat)
            self._changed.set()


def _chat_of(update: dict[str, Any]) -> int:
    content = next(value for name, value in update.items() if name != "update_id")
    message = content.get("message", content)
    return int(message.get("chat", {}).get("id", 0)) if isinstance(message, dict) else 0
