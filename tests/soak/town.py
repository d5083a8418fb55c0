"""A town of people who write to the bot, and a Telegram on a bad day that keeps what it was told."""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Mapping
from typing import Any

from tests.telegram_double import Fault, RunningDouble

__all__ = ["BadDay", "Town"]

_LINES = (
    "we had dinner and he never looked up once",
    "I feel invisible at home",
    "she said she was too tired to talk again",
    "we fought about the dishes, of all things",
    "I just want one evening with no phones",
    "an idea please",
    "something small I can do for my partner",
    "can you give me questions for tonight",
    "help me see our pattern",
    "just listen",
    "I felt small and I left the room",
    "good news, we laughed today",
    "what are you, a robot?",
)
_COMMANDS = ("/help", "/checkin", "/kindness", "/new", "/questions", "/pattern", "/privacy", "/stop")
_SORTS = ("sticker", "voice", "photo", "location", "contact", "poll")
#: How long the network is away altogether, and a wait that is longer than the bot's patience; seconds.
_AWAY = 8.0
_ENDLESS = 17.0


class BadDay(RunningDouble):
    """A double on which requests fail, answers get lost, confirmations are forgotten, and the network goes away once.

    Args:
        chance: decides what goes wrong.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.rates.in_all, self.rates.in_chat = 30, 1.0
        self.weather = self._weather
        self.updates_made: list[dict[str, Any]] = []
        self.faults: dict[str, int] = {}
        #: Chat, moment and length of every pause that was asked for.
        self.pauses: list[tuple[int, float, int]] = []
        self.blocked_at: dict[int, float] = {}
        #: Chat and moment of everything that somebody did and is owed an answer for.
        self.done_at: list[tuple[int, float]] = []
        self._chance = chance
        self._away = float("inf")

    def go_away(self, after: float) -> None:
        """The network is away for a while, so many seconds from now."""
        self._away = time.monotonic() + after

    def deliver(self, update: Mapping[str, Any]) -> int:
        update_id = super().deliver(update)
        self.updates_made.append({**update, "update_id": update_id})
        return update_id

    def begin_poll(self, params: dict[str, Any]) -> int:
        if params.get("offset") and self._chance.random() < 0.1:
            self._count("confirmation forgotten")
            params = {**params, "offset": 0}
        return super().begin_poll(params)

    def user_blocks(self, chat_id: int) -> None:
        super().user_blocks(chat_id)
        self.blocked_at[chat_id] = time.monotonic()

    def _weather(self, method: str, params: dict[str, Any]) -> Fault | None:
        if self._away <= time.monotonic() < self._away + _AWAY:
            return self._noted("network away", Fault(drop=True))
        luck = self._chance.random()
        if method == "getUpdates":
            return self._noted("no updates", Fault(drop=True)) if luck < 0.06 else None
        if method != "sendMessage":
            return self._noted("other request failed", Fault(status=502)) if luck < 0.04 else None
        if luck < 0.010:
            return self._noted("message refused (502)", Fault(status=502))
        if luck < 0.020:
            return self._noted("message lost", Fault(drop=True))
        if luck < 0.030:
            return self._noted("answer lost", Fault(drop=True, handled=True))
        if luck < 0.033:
            return self._noted("answer too late", Fault(seconds=_ENDLESS, handled=True))
        if luck < 0.040:
            pause = self._chance.choice((1, 2, 3))
            self.pauses.append((params["chat_id"], time.monotonic(), pause))
            return self._noted("pause asked for (429)", Fault(status=429, retry_after=pause))
        return None

    def _noted(self, name: str, fault: Fault) -> Fault:
        self._count(name)
        return fault

    def _count(self, name: str) -> None:
        self.faults[name] = self.faults.get(name, 0) + 1


class Town:
    """People who write in a thread of their own. Everybody does one thing, a third of them two more.

    Args:
        double: where they write.
        chance: who does what, and when.
        chats: how many people there are.
        seconds: in which they do it.
    """

    def __init__(self, double: BadDay, chance: random.Random, chats: int, seconds: float) -> None:
        self._double = double
        self._chance = chance
        self._written: dict[int, list[int]] = {}
        self._count = 0
        begun = time.monotonic()
        self._plan: list[tuple[float, int]] = []
        for chat in range(1000, 1000 + chats):
            first = begun + chance.uniform(0.0, 0.8 * seconds)
            self._plan.append((first, chat))
            if chance.random() < 1 / 3:
                self._plan += [(chance.uniform(first, begun + seconds), chat) for _ in range(2)]
        heapq.heapify(self._plan)
        self._thread = threading.Thread(target=self._live, daemon=True)

    def begin(self) -> None:
        """Let them write."""
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until everybody has done what they wanted to."""
        self._thread.join(seconds)

    @property
    def done(self) -> bool:
        """Whether everybody has."""
        return not self._plan

    def _live(self) -> None:
        while self._plan:
            at, chat = self._plan[0]
            time.sleep(max(0.0, at - time.monotonic()))
            if chat not in self._double.blocked_at:
                self._do_something(chat)
            heapq.heappop(self._plan)

    def _do_something(self, chat: int) -> None:
        written, what = self._written.setdefault(chat, []), self._chance.random()
        self._double.done_at.append((chat, time.monotonic()))
        offers = [bubble for bubble in self._double.sent(chat) if bubble.rows][-2:]
        if not written and what < 0.4:
            written.append(self._double.user_says(chat, "/start"))
        elif written and what < 0.5 and offers:
            buttons = range(len(offers[-1].titles))
            self._double.user_taps(
                chat, offers[-1].message_id, self._chance.choice(buttons), self._chance.choice((1, 2))
            )
        elif written and what < 0.6:
            self._double.user_edits(chat, self._chance.choice(written), self._words())
        elif written and what < 0.65:
            self._double.user_blocks(chat)
        elif what < 0.7:
            self._double.user_says(chat, self._chance.choice(_COMMANDS))
        elif what < 0.75:
            self._double.user_sends(chat, self._chance.choice(_SORTS))
        else:
            written.append(self._double.user_says(chat, self._words()))

    def _words(self) -> str:
        """Something to say; the number makes every message another one."""
        self._count += 1
        return f"{self._chance.choice(_LINES)} ({self._count})"
