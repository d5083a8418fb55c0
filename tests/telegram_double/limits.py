"""Telegram's speed limits, and how fast a bot really was."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence

__all__ = ["Rates", "most_in_a_second"]


class Rates:
    """Refuses what comes too fast: more than `in_all` messages a second, or two within `in_chat` seconds to a chat.

    Both are None at first: no limit.
    """

    def __init__(self) -> None:
        self.in_all: int | None = None
        self.in_chat: float | None = None
        self.refused = 0
        self._lately: deque[float] = deque()
        self._last: dict[int, float] = defaultdict(float)

    def too_fast(self, chat: int) -> int | None:
        """Seconds that the bot has to wait now, None if a message may go (it then counts)."""
        now = time.monotonic()
        while self._lately and now - self._lately[0] >= 1.0:
            self._lately.popleft()
        in_all = self.in_all is not None and len(self._lately) >= self.in_all
        in_chat = self.in_chat is not None and now - self._last[chat] < self.in_chat
        if in_all or in_chat:
            self.refused += 1
            return 1
        self._lately.append(now)
        self._last[chat] = now
        return None


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most moments that lie within one second."""
    ordered = sorted(moments)
    return max((index - bisect_left(ordered, at - 1.0 + 1e-9) + 1 for index, at in enumerate(ordered)), default=0)
