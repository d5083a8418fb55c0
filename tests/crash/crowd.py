"""People who write to the bot all the time, whether it lives or not, and a Telegram that sometimes delivers twice."""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.telegram_double.server import RunningDouble, answering

__all__ = ["Crowd", "KeepingDouble", "keeping_double"]

_LINES = (
    "we had dinner and he never looked up once",
    "I feel invisible at home",
    "she said she was too tired to talk again",
    "we fought about the dishes, of all things",
    "I just want one evening with no phones",
    "yes",
    "no",
    "an idea please",
    "something small I can do for my partner",
    "something new for the two of us",
    "can you give me questions for tonight",
    "I want us to have a regular check-in",
    "help me see our pattern",
    "just listen",
    "tonight at nine, on the sofa",
    "I felt small and I left the room",
    "good news, we laughed today",
    "what are you, a robot?",
    "I don't want to be alive anymore",
    "that is not what I meant",
)
_COMMANDS = ("/help", "/checkin", "/kindness", "/new", "/questions", "/pattern", "/stop")


class KeepingDouble(RunningDouble):
    """Keeps every update that ever was, and forgets one confirmation in four, so that updates come again."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.updates_made: list[dict[str, Any]] = []
        self.forgotten = 0
        self._chance = chance

    def deliver(self, update: Mapping[str, Any]) -> int:
        update_id = super().deliver(update)
        self.updates_made.append({**update, "update_id": update_id})
        return update_id

    def begin_poll(self, params: dict[str, Any]) -> int:
        if params.get("offset") and self._chance.random() < 0.25:
            self.forgotten += 1
            params = {**params, "offset": 0}
        return super().begin_poll(params)


@contextmanager
def keeping_double(chance: random.Random) -> Iterator[KeepingDouble]:
    """A double that outlives every start of the program."""
    with answering(KeepingDouble(chance)) as double:
        yield double


class Crowd:
    """Chats that go on in a thread of their own until the `with` block ends.

    Args:
        double: where they write.
        chance: what they do and when.
        chats: how many people there are.
        pause: seconds between two things that one person does, on average.
    """

    def __init__(self, double: KeepingDouble, chance: random.Random, chats: int = 30, pause: float = 2.5) -> None:
        self._double = double
        self._chance = chance
        self._pause = pause
        self._next = [(time.monotonic() + chance.random(), 100 + number) for number in range(chats)]
        self._written: dict[int, list[int]] = {}
        self._count = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def _live(self) -> None:
        while not self._over.is_set():
            at, chat = heapq.heappop(self._next)
            if self._over.wait(max(0.0, at - time.monotonic())):
                return
            self._do_something(chat)
            heapq.heappush(self._next, (time.monotonic() + self._chance.expovariate(1 / self._pause), chat))

    def _do_something(self, chat: int) -> None:
        written = self._written.setdefault(chat, [])
        if not written:
            written.append(self._double.user_says(chat, "/start"))
            return
        what = self._chance.random()
        offers = [bubble for bubble in self._double.sent(chat) if bubble.rows][-3:]
        if what < 0.3 and offers:
            self._tap(chat, self._chance.choice(offers).message_id)
        elif what < 0.38:
            self._double.user_says(chat, self._chance.choice(_COMMANDS))
        elif what < 0.43:
            self._double.user_edits(chat, self._chance.choice(written), self._words())
        elif what < 0.47:
            self._double.user_sends(chat, self._chance.choice(("sticker", "voice", "photo")))
        else:
            written.append(self._double.user_says(chat, self._words()))

    def _tap(self, chat: int, message: int) -> None:
        """A tap; often the same one twice, and sometimes on two buttons of the same bubble."""
        buttons = range(sum(len(row) for row in self._double._sent[message].rows))
        self._double.user_taps(chat, message, self._chance.choice(buttons), times=self._chance.choice((1, 1, 2)))
        if self._chance.random() < 0.2:
            self._double.user_taps(chat, message, self._chance.choice(buttons))

    def _words(self) -> str:
        """Something to say; the number makes every message another one."""
        self._count += 1
        return f"{self._chance.choice(_LINES)} ({self._count})"
