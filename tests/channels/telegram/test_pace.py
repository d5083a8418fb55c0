"""How fast bubbles go: in a row, after pauses, and hardly at all where the network is away."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.channels.telegram import Telegram, pace
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import Numbers
from bot.channels.telegram.updates import numbers_in
from bot.errors import SendLater
from tests.channels.telegram.rig import bubble
from tests.telegram_double import RunningDouble


@pytest.fixture(autouse=True)
def _shorter_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_BETWEEN_PROBES", 0.4)


async def _moments(one: Pace, number: int) -> list[float]:
    """When each of so many, who ask at once, may go; seconds from now."""
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def goes() -> float:
        await one.turn_in_all()
        return loop.time() - begun

    return await asyncio.gather(*(goes() for _ in range(number)))


@pytest.mark.asyncio
async def test_whoever_asks_first_goes_first_and_nobody_together() -> None:
    moments = await _moments(Pace(), 5)
    assert moments == sorted(moments) and moments[-1] >= 3 * 0.04  # one place that was free may be taken late


@pytest.mark.asyncio
async def test_a_failure_or_two_hold_nobody_up() -> None:
    one = Pace()
    one.failed()
    one.failed()
    assert (await _moments(one, 3))[-1] < 0.4


@pytest.mark.asyncio
async def test_after_three_failures_in_a_row_one_at_a_time_tries() -> None:
    one = Pace()
    for _ in range(3):
        one.failed()
    moments = await _moments(one, 2)
    assert moments[0] >= 0.3 and moments[1] - moments[0] >= 0.3


@pytest.mark.asyncio
async def test_when_one_arrives_everybody_goes_on() -> None:
    one = Pace()
    for _ in range(3):
        one.failed()
    await one.turn_in_all()
    one.went_well()
    assert (await _moments(one, 3))[-1] < 0.4


@pytest.mark.asyncio
async def test_while_others_wait_no_sign_of_typing_takes_their_place() -> None:
    one = Pace()
    waiting = asyncio.gather(*(one.turn_in_all() for _ in range(4)))
    await asyncio.sleep(0)
    assert not one.spare()
    assert one.wait_for(1) > 0.1
    await waiting
    await asyncio.sleep(0.05)
    assert one.spare()


@pytest.mark.asyncio
async def test_little_is_sent_into_a_network_that_is_away(telegram: Telegram, double: RunningDouble) -> None:
    double.drop_next("sendMessage", times=100)
    chats = [telegram.send(bubble(chat=chat)) for chat in range(500, 530)]
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.gather(*chats, return_exceptions=True), timeout=2.0)
    assert 3 <= len(double.calls("sendMessage")) <= 12


@pytest.mark.asyncio
async def test_what_may_have_arrived_is_not_looked_for_before_what_people_wrote_is_known(
    telegram: Telegram, double: RunningDouble
) -> None:
    double.drop_next("sendMessage", handled=True)
    told = bubble()
    with pytest.raises(SendLater):
        await telegram.send(told)
    telegram._numbers.behind = True
    with pytest.raises(SendLater, match="fetched first"):
        await telegram.send(told)
    assert double.calls("editMessageReplyMarkup") == []


def test_where_many_newer_numbers_are_known_nothing_above_them_is_looked_at() -> None:
    numbers = Numbers()
    for number in range(1, 11):
        numbers.note(7, number)
    assert list(numbers.unknown_above(9)) == [11, 12, 13, 14, 15]
    for number in range(12, 60):
        numbers.note(7, number)
    assert list(numbers.unknown_above(10)) == [11]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"message": "?"},
        {"message": {"message_id": "?", "chat": {"id": 5}}},
        {"message": {"message_id": 7, "chat": 5}},
        {"edited_message": {"message_id": 7}},
    ],
)
def test_numbers_are_taken_only_from_updates_that_have_them(raw: dict[str, object]) -> None:
    assert numbers_in(raw) == []
    assert numbers_in({**raw, "message": {"message_id": 7, "chat": {"id": 5}}}) == [(5, 7)]
