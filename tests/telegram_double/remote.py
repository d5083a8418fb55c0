"""Drives a double in another process by the same methods: `RemoteDouble(address).user_says(chat_id=7, ...)`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

__all__ = ["RemoteDouble"]


class RemoteDouble:
    """The double at an address; arguments go by name, and what comes back is plain JSON."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    @property
    def base_url(self) -> str:
        """What TELEGRAM_BASE_URL must be."""
        return f"{self.address}/bot"

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            body = json.dumps(arguments).encode()
            with urlopen(Request(f"{self.address}/double/{method}", data=body), timeout=10) as answer:
                return json.loads(answer.read())["result"]

        return call
