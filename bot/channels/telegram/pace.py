"""Telegram's speed limits: 30 messages a second in all, one a second to a chat; and the pauses that it asks for.

Where the network is away, what is sent into it may have arrived or not, and has to be looked for afterwards, number by
number. So after a few failures in a row only one request a second is risked, until one succeeds.
"""

from __future__ import annotations

import asyncio
from typing import Final

__all__ = ["Pace"]

#: Seconds between two messages to different people: 25 a second, so that a network which bunches them together
#: doesn't make more than 30 of them.
_BETWEEN: Final = 0.04
#: Seconds from the arrival of a message in a chat until the next one is sent there.
_IN_CHAT: Final = 1.0
#: The same for groups: Telegram takes 20 a minute.
_IN_GROUP: Final = 3.0
#: Chats are forgotten when so many are known; by then the older ones may be written to again anyway.
_CHATS: Final = 2000
#: After so many failures in a row the network counts as away; then so many seconds lie between two requests.
_AWAY_AFTER: Final = 3
_BETWEEN_PROBES: Final = 1.0
#: Whoever waits looks so often whether the network has come back.
_LOOK: Final = 0.25


class Pace:
    """Says when the next message may go. All of it belongs to one event loop."""

    def __init__(self) -> None:
        self._next = 0.0
        self._paused = 0.0
        self._failures = 0
        self._queue = asyncio.Lock()
        self._queued = 0
        self._in_chat: dict[int, float] = {}
        self._asked: dict[int, float] = {}

    async def turn_in_chat(self, chat: int) -> None:
        """Wait until a message may go to this chat, as far as the chat is concerned."""
        while (wait := self._in_chat.get(chat, 0.0) - _now()) > 0:
            await asyncio.sleep(wait)

    async def turn_in_all(self) -> None:
        """Wait until anything may be sent at all; whoever asks first goes first."""
        self._queued += 1
        try:
            async with self._queue:
                while (wait := max(self._next, self._paused) - _now()) > 0:
                    await asyncio.sleep(min(wait, _LOOK))
                # Counted from when it was due: who wakes up a little late doesn't make everybody else later.
                due = max(self._next, self._paused, _now() - _BETWEEN)
                self._next = due + (_BETWEEN_PROBES if self._is_away else _BETWEEN)
        finally:
            self._queued -= 1

    def went_well(self) -> None:
        """Telegram answered, whatever it said: the network is there."""
        if self._is_away:
            self._next = _now() + _BETWEEN
        self._failures = 0

    def failed(self) -> None:
        """Telegram could not be reached, or did not answer."""
        self._failures += 1
        if self._is_away:
            self._next = max(self._next, _now() + _BETWEEN_PROBES)

    @property
    def _is_away(self) -> bool:
        return self._failures >= _AWAY_AFTER

    def wait_for(self, chat: int) -> float:
        """Seconds until a message may go to this chat, if nothing else fails."""
        in_all = max(self._next, self._paused, _now()) + self._queued * _BETWEEN
        return max(self._in_chat.get(chat, 0.0), in_all) - _now()

    def spare(self) -> bool:
        """Take a place for something dispensable, if nobody waits for one."""
        if self._queued or max(self._next, self._paused) > _now():
            return False
        self._next = _now() + _BETWEEN
        return True

    def sent(self, chat: int) -> None:
        """A message to this chat has arrived, or may have."""
        if len(self._in_chat) >= _CHATS:
            now = _now()
            self._in_chat = {known: until for known, until in self._in_chat.items() if until > now}
        self._pause(chat, _IN_CHAT if chat > 0 else _IN_GROUP)

    def asked_for(self, chat: int, seconds: float) -> None:
        """Telegram wants a pause. Where it wants one of a second chat meanwhile, it means everybody."""
        now = _now()
        self._asked = {asked: until for asked, until in self._asked.items() if until > now}
        self._asked[chat] = now + seconds
        self._pause(chat, seconds)
        if len(self._asked) > 1:
            self._paused = max(self._paused, min(self._asked.values()))

    def _pause(self, chat: int, seconds: float) -> None:
        self._in_chat[chat] = max(self._in_chat.get(chat, 0.0), _now() + seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()
