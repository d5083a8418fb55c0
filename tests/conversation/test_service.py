"""The conversation as channels see it: handed over once, answered once, sent once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.conversation.messages import Incoming, Outgoing
from bot.conversation.service import Conversation
from bot.errors import MemoryFault, SendLater
from bot.memory.database import Database
from tests.conftest import MovedClock
from tests.conversation.house import RecordingChannel, Rig

Seen = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def running(rig: Rig, channel: RecordingChannel, *, answering: bool = True) -> AsyncIterator[Conversation]:
    conversation = Conversation(rig.boxes, rig.runner, rig.clock)
    conversation.attach(channel)
    await conversation.start()
    if answering:
        await conversation.answer_from_now_on()
    try:
        yield conversation
    finally:
        await conversation.stop()
        rig.close()


async def shown(channel: RecordingChannel, count: int, seconds: float = 10.0) -> list[str]:
    async def enough() -> None:
        while len(channel.shown) < count:
            await asyncio.sleep(0.01)

    await asyncio.wait_for(enough(), seconds)
    return [bubble.text for bubble in channel.shown]


def said(number: int, who: str = "anna") -> Incoming:
    return Incoming("web", who, f"{who}-{number}", f"message number {number}")


@pytest.mark.asyncio
async def test_what_arrives_is_answered_in_order_for_each_person(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel) as conversation:
        await asyncio.gather(
            *(conversation.receive(said(number, who)) for number in range(5) for who in ("anna", "ben", "cleo"))
        )
        await shown(channel, 15)
    for who in ("anna", "ben", "cleo"):
        texts = [bubble.text for bubble in channel.shown if bubble.address == who]
        assert texts == [f"heard: message number {number}" for number in range(5)]


@pytest.mark.asyncio
async def test_a_repeated_delivery_is_told_from_a_new_one(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel) as conversation:
        assert await conversation.receive(said(1)) is True
        assert await conversation.receive(said(1)) is False
        await shown(channel, 1)
        await asyncio.sleep(0.2)
    assert len(channel.shown) == 1


@pytest.mark.asyncio
async def test_two_deliveries_at_once_are_one_message(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel) as conversation:
        new = await asyncio.gather(*(conversation.receive(said(7)) for _ in range(8)))
        await shown(channel, 1)
    assert sorted(new) == [False] * 7 + [True]


@pytest.mark.asyncio
async def test_what_came_before_the_model_was_loaded_is_answered_when_it_is(
    database: Database, clock: MovedClock
) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel, answering=False) as conversation:
        await conversation.receive(said(1))
        await asyncio.sleep(0.3)
        assert channel.shown == []
        await conversation.answer_from_now_on()
        assert await shown(channel, 1) == ["heard: message number 1"]


@pytest.mark.asyncio
async def test_what_an_earlier_process_left_is_answered_and_sent(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    rig.arrives("left in the inbox")
    rig.arrives("left in the outbox", who="ben")
    await asyncio.to_thread(rig.answer, "ben")
    async with running(rig, channel):
        texts = await shown(channel, 2)
    assert sorted(texts) == ["heard: left in the inbox", "heard: left in the outbox"]


@pytest.mark.asyncio
async def test_a_person_who_is_away_gets_everything_on_coming_back(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    channel.away = {"anna"}
    async with running(rig, channel) as conversation:
        for number in range(3):
            await conversation.receive(said(number))
        await conversation.receive(said(0, "ben"))
        assert await shown(channel, 1) == ["heard: message number 0"], "others are not held up"
        channel.away = set()
        conversation.wake("web:anna")
        texts = await shown(channel, 4)
    assert texts[1:] == [f"heard: message number {number}" for number in range(3)]


@pytest.mark.asyncio
async def test_a_bubble_that_is_put_off_comes_later_and_in_order(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    channel.faults = [SendLater("too many", seconds=0.0), ConnectionError("odd")]
    async with running(rig, channel) as conversation:
        await conversation.receive(said(1))
        await conversation.receive(said(2))
        texts = await shown(channel, 2)
    assert texts == ["heard: message number 1", "heard: message number 2"]


@pytest.mark.asyncio
async def test_someone_who_blocked_the_bot_is_left_alone(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    channel.gone = {"anna"}
    async with running(rig, channel) as conversation:
        await conversation.receive(said(1))
        await conversation.receive(said(1, "ben"))
        await shown(channel, 1)
        # Two turns are worked on at once; who of the two is first, nobody knows.
        for _ in range(500):
            if not rig.boxes.unsent("web"):
                break
            await asyncio.sleep(0.01)
    assert [bubble.address for bubble in channel.shown] == ["ben"]
    assert rig.boxes.unsent("web") == []


@pytest.mark.asyncio
async def test_an_exchange_returns_the_answer_of_its_own_turn_and_sends_it_once(
    database: Database, clock: MovedClock
) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel) as conversation:
        bubbles = await conversation.exchange(Incoming("rest", "cli", "1", "over rest please"))
        assert [bubble.text for bubble in bubbles] == ["heard: over rest please"]
        again = await conversation.exchange(Incoming("rest", "cli", "2", "and once more"))
        assert [bubble.text for bubble in again] == ["heard: and once more"]


@pytest.mark.asyncio
async def test_a_crisis_is_answered_even_when_nothing_can_be_stored(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()

    def broken(*_: object) -> None:
        raise MemoryFault("the disk is full")

    async with running(rig, channel) as conversation:
        monkeypatch.setattr(rig.boxes, "store", broken)
        with pytest.raises(MemoryFault):
            await conversation.receive(Incoming("web", "anna", "1", "i want to kill myself"))
        assert channel.shown, "help is said although the database is down"
        shown_so_far = len(channel.shown)
        with pytest.raises(MemoryFault):
            await conversation.receive(Incoming("web", "anna", "2", "we only talk about bills"))
        assert len(channel.shown) == shown_so_far


@pytest.mark.asyncio
async def test_a_turn_that_the_database_refused_is_tried_again(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    real, refused = rig.database.commit, []

    def once(session: object) -> None:
        if not refused:
            refused.append(True)
            raise MemoryFault("locked for a moment")
        real(session)  # type: ignore[arg-type]

    monkeypatch.setattr(rig.database, "commit", once)
    async with running(rig, channel) as conversation:
        await conversation.receive(said(1))
        assert await shown(channel, 1) == ["heard: message number 1"]
    assert rig.remembered() == {"count": 1}


@pytest.mark.asyncio
async def test_an_answer_that_is_quicker_than_its_caller_is_not_missed(database: Database, clock: MovedClock) -> None:
    """The worker may take a message up while the task that stored it has not gone on yet."""
    rig, channel = Rig(database, clock), RecordingChannel()
    async with running(rig, channel) as conversation:

        async def one(number: int) -> int:
            return len(await conversation.exchange(Incoming("rest", f"p{number % 3}", str(number), "word by word")))

        async def busy() -> None:
            while True:
                for who in range(3):
                    conversation._wake_worker(f"rest:p{who}")
                await asyncio.sleep(0)

        spinning = asyncio.create_task(busy())
        for start in range(0, 60, 3):
            got = await asyncio.wait_for(asyncio.gather(*(one(start + who) for who in range(3))), 20)
            assert got == [1, 1, 1]
        spinning.cancel()


@pytest.mark.asyncio
async def test_a_slow_connection_of_one_person_keeps_nobody_else_waiting(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), SlowForAnna()
    async with running(rig, channel) as conversation:
        await conversation.receive(said(1))
        await conversation.receive(said(1, "ben"))
        await conversation.receive(said(2, "ben"))
        await shown(channel, 2)
        assert [bubble.address for bubble in channel.shown] == ["ben", "ben"]
        channel.free.set()
        await shown(channel, 3)


@pytest.mark.asyncio
async def test_who_has_left_is_sent_nothing_that_waits(database: Database, clock: MovedClock) -> None:
    rig, channel = Rig(database, clock), RecordingChannel()
    channel.away = {"anna"}
    async with running(rig, channel) as conversation:
        await conversation.receive(said(1))
        await asyncio.to_thread(_until, lambda: rig.boxes.unsent("web"))
        await conversation.gone("web:anna")
        assert rig.boxes.unsent("web") == []


@pytest.mark.asyncio
async def test_with_hundreds_waiting_few_are_opened_for_each_that_can_be_sent(
    database: Database, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a bubble is decrypting it: all of them again for each that arrives was most of what a busy hour did."""
    rig, channel = Rig(database, clock), OneByOne()
    people, opened = 150, 0
    unsent = rig.boxes.unsent

    def counting(*arguments: Any) -> list[Outgoing]:
        nonlocal opened
        found = unsent(*arguments)
        opened += len(found)
        return found

    monkeypatch.setattr(rig.boxes, "unsent", counting)
    async with running(rig, channel) as conversation:
        await asyncio.gather(*(conversation.receive(said(1, f"person {number}")) for number in range(people)))
        await asyncio.to_thread(_until, lambda: len(unsent("web", (), 2 * people)) == people, 30)
        opened = 0
        channel.free.set()
        await shown(channel, people, 60)
    assert opened <= 8 * people


class OneByOne(RecordingChannel):
    """One connection, when it is set free: while one bubble is on its way, all others wait."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        self.line = asyncio.Lock()

    async def send(self, bubble: Outgoing) -> None:
        await self.free.wait()
        async with self.line:
            await asyncio.sleep(0.005)
            await super().send(bubble)


class SlowForAnna(RecordingChannel):
    """Sends to Anna only when it is set free."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def send(self, bubble: Outgoing) -> None:
        if bubble.address == "anna":
            await self.free.wait()
        await super().send(bubble)


def _until(happened: Callable[[], object], seconds: float = 5.0) -> None:
    for _ in range(int(seconds * 100)):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError(f"This did not happen within {seconds:.0f} seconds.")
