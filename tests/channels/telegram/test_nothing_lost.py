"""Whatever dies or breaks, what a person wrote is kept, in its order."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.telegram import Telegram
from bot.conversation.messages import Kind
from bot.errors import MemoryFault
from tests.channels.telegram.rig import ADA, BEN, Receiver, all_confirmed, hear, listening, until
from tests.telegram_double import RunningDouble


@pytest.mark.asyncio
async def test_telegram_keeps_a_message_until_it_is_stored(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    receiver.stored.clear()
    double.user_says(ADA, "please don't lose this")
    await until(lambda: receiver.asked == 1)
    await asyncio.sleep(0.2)
    assert len(double.unconfirmed()) == 1
    receiver.stored.set()
    await all_confirmed(double)
    assert [heard.text for heard in receiver.heard] == ["please don't lose this"]


@pytest.mark.asyncio
async def test_a_message_that_was_being_stored_when_the_coach_died_is_delivered_again(
    double: RunningDouble, receiver: Receiver
) -> None:
    dying = listening(double, receiver)
    await dying.start()
    double.user_says(ADA, "one")
    await all_confirmed(double)
    receiver.stored.clear()
    double.user_says(ADA, "two")
    double.user_says(ADA, "three")
    await until(lambda: receiver.asked == 2)
    await dying.stop()
    assert [heard.text for heard in receiver.heard] == ["one"]
    assert len(double.unconfirmed()) == 2

    receiver.stored.set()
    next_life = listening(double, receiver)
    await next_life.start()
    await all_confirmed(double)
    await next_life.stop()
    assert [heard.text for heard in receiver.heard] == ["one", "two", "three"]


@pytest.mark.asyncio
async def test_a_message_stored_just_before_the_coach_died_is_recognized_the_second_time(
    double: RunningDouble, receiver: Receiver
) -> None:
    for text in ("one", "two"):
        double.user_says(ADA, text)
    dying = listening(double, receiver)
    receiver.stored.clear()
    await dying.start()
    await until(lambda: receiver.asked == 1)
    double.drop_next("getUpdates", times=50)
    receiver.stored.set()
    await until(lambda: len(receiver.heard) == 2)
    await dying.stop()
    await asyncio.sleep(0.5)  # its last request may still be on its way, and is dropped like the others
    assert len(double.unconfirmed()) == 2

    double.mend("getUpdates")
    next_life = listening(double, receiver)
    await next_life.start()
    await all_confirmed(double)
    await next_life.stop()
    assert [heard.text for heard in receiver.heard] == ["one", "two"]
    assert [heard.external_id for heard in receiver.repeated] == [heard.external_id for heard in receiver.heard]


@pytest.mark.asyncio
async def test_a_database_that_is_away_delays_a_message_and_keeps_the_order(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    receiver.faults = [MemoryFault("away"), MemoryFault("away"), RuntimeError("a fault of ours")]
    double.user_says(ADA, "first")
    double.user_says(BEN, "second")
    assert [heard.text for heard in await hear(receiver, 2)] == ["first", "second"]
    assert receiver.asked == 5
    await all_confirmed(double)


@pytest.mark.asyncio
async def test_a_message_nobody_can_read_does_not_silence_the_next_one(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    broken = double.deliver({"message": {"message_id": "?", "text": "dear diary", "chat": 5, "from": "nobody"}})
    double.user_says(ADA, "hello")
    assert [heard.text for heard in await hear(receiver)] == ["hello"]
    await all_confirmed(double)
    assert f"Skipped update {broken}" in caplog.text
    assert "dear diary" not in caplog.text


@pytest.mark.asyncio
async def test_words_beside_something_that_nobody_can_read_are_still_heard(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    message = double.user_says(ADA, "I'm not safe tonight", reply_to_message={"poll": "of another time"})
    double.user_edits(ADA, message, "I'm not safe here", poll="of another time")
    assert [(heard.kind, heard.text) for heard in await hear(receiver, 2)] == [
        (Kind.TEXT, "I'm not safe tonight"),
        (Kind.EDIT, "I'm not safe here"),
    ]


@pytest.mark.asyncio
async def test_after_a_quiet_week_telegram_counts_anew_and_is_still_heard(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "before")
    await all_confirmed(double)
    message = {"message_id": 5, "date": 1, "chat": {"id": ADA, "type": "private"}, "text": "after"}
    double.deliver(
        {"update_id": 4_000, "message": {**message, "from": {"id": ADA, "is_bot": False, "first_name": "A"}}}
    )
    await until(lambda: len(receiver.heard) == 2)
    await all_confirmed(double)
    double.user_says(ADA, "and on")
    assert [heard.text for heard in await hear(receiver, 3)] == ["before", "after", "and on"]
    assert receiver.repeated == []
