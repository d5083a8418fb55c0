"""How fast anybody may write on the web: so many messages at once, then so many a minute.

A person never meets these limits; a program that floods the coach is slowed, and nobody else waits for it.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable

__all__ = ["Limits", "Rate", "network"]

#: A full store is tidied when it has grown to so many names.
_TIDY_AT = 10_000


class Rate:
    """A bucket of tokens for each name: full at first, filled up evenly, one taken for each message."""

    def __init__(self, a_minute: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the rate.

        Args:
            a_minute: messages a minute in the long run; 0 for no limit.
            at_once: messages that may come in a rush.
            clock: seconds, from any beginning.
        """
        self._a_second = a_minute / 60
        self._at_once = at_once
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, name: str) -> bool:
        """Take one token of this name; False where none is left."""
        if not self._a_second:
            return True
        now = self._clock()
        if len(self._left) >= _TIDY_AT:
            self._tidy(now)
        left = self._now(name, now)
        self._left[name] = (left - 1 if left >= 1 else left, now)
        return left >= 1

    def _now(self, name: str, now: float) -> float:
        left, since = self._left.get(name, (self._at_once, now))
        return min(self._at_once, left + (now - since) * self._a_second)

    def _tidy(self, now: float) -> None:
        """Forget the names whose bucket is full again."""
        self._left = {name: kept for name, kept in self._left.items() if self._now(name, now) < self._at_once}


class Limits:
    """The limits of the web channel, all taken from one number.

    Args:
        a_minute: messages a minute in one conversation (`Settings.rate`); 0 for none at all. A rush of half as many is
            allowed. One network address, behind which a whole practice may sit, has ten times as much, and so many
            open pages.
    """

    def __init__(self, a_minute: int = 60, clock: Callable[[], float] = time.monotonic) -> None:
        self._conversations = Rate(a_minute, max(1, a_minute // 2), clock)
        self._networks = Rate(10 * a_minute, 5 * a_minute, clock)
        self._most_open = 10 * a_minute
        self._open: dict[str, int] = {}

    def allow(self, conversation: str, host: str) -> bool:
        """Whether one more message may come from this conversation and this network."""
        return self._conversations.allows(conversation) and self._networks.allows(host)

    def opened(self, host: str) -> bool:
        """Note that a page is opened; False, and nothing noted, where this network has too many."""
        count = self._open.get(host, 0)
        if self._most_open and count >= self._most_open:
            return False
        self._open[host] = count + 1
        return True

    def closed(self, host: str) -> None:
        """Note that a page is closed."""
        count = self._open.pop(host, 1) - 1
        if count > 0:
            self._open[host] = count


def network(host: str) -> str:
    """What counts as one caller: an address, of IPv6 the first half, which one household or office shares."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return host
