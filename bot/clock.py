"""The clock of the house; a test moves it."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Clock", "now"]

#: Gives seconds since 1970, UTC.
Clock = Callable[[], float]

#: The real one.
now: Clock = time.time
