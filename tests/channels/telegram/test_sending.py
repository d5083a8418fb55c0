"""When a person can't be reached: refusals, pauses, and answers that never come."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.channels.telegram import Telegram, Waits
from bot.conversation.messages import Outgoing
from bot.errors import SendLater, SendNever
from tests.channels.telegram.rig import ADA, BEN, WAITS, Receiver, bubble, hear, listening
from tests.telegram_double import Fault, RunningDouble
from tests.telegram_double.limits import most_in_a_second


@pytest.mark.asyncio
async def test_a_person_who_blocked_the_coach_is_never_written_to_again(
    telegram: Telegram, double: RunningDouble
) -> None:
    double.user_blocks(ADA)
    with pytest.raises(SendNever, match="blocked"):
        await telegram.send(bubble())


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "bad",
    [
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the group chat"),
    ],
)
async def test_a_person_or_group_that_is_gone_is_never_written_to_again(
    telegram: Telegram, double: RunningDouble, bad: tuple[int, str]
) -> None:
    double.fail_next("sendMessage", bad[0], description=bad[1])
    with pytest.raises(SendNever):
        await telegram.send(bubble())
    assert double.texts(ADA) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("address", ["", "@somebody", "web-3", "1.5"])
async def test_an_address_that_is_no_chat_is_never_written_to(
    telegram: Telegram, double: RunningDouble, address: str
) -> None:
    with pytest.raises(SendNever):
        await telegram.send(Outgoing(id=1, channel="tg", address=address, text="Hello"))
    assert double.calls("sendMessage") == []


@pytest.mark.asyncio
async def test_telegram_asking_for_a_pause_is_given_it(telegram: Telegram, double: RunningDouble) -> None:
    double.fail_next("sendMessage", 429, retry_after=17)
    with pytest.raises(SendLater) as caught:
        await telegram.send(bubble())
    assert caught.value.seconds == 17
    await telegram.send(bubble(chat=BEN))
    assert len(double.texts(BEN)) == 1


@pytest.mark.asyncio
async def test_a_bubble_that_the_network_lost_is_kept_for_later(telegram: Telegram, double: RunningDouble) -> None:
    double.drop_next("sendMessage")
    double.fail_next("sendMessage", 502)
    for _ in range(2):
        with pytest.raises(SendLater) as caught:
            await telegram.send(bubble())
        assert caught.value.seconds == WAITS.resend
    assert double.texts(ADA) == []
    await telegram.send(bubble())
    assert len(double.texts(ADA)) == 1


async def survive(telegram: Telegram, given: Outgoing) -> None:
    """Send a bubble as the outbox does: again and again until it has arrived."""
    for _ in range(20):
        try:
            return await telegram.send(given)
        except SendLater as later:
            await asyncio.sleep(min(later.seconds or 0.0, 0.05))
    raise AssertionError("It never arrived.")


@pytest.mark.asyncio
@pytest.mark.parametrize("buttons", [(), ("Yes", "No")])
@pytest.mark.parametrize("lost", ["the question", "the answer"])
async def test_a_bubble_whose_answer_never_came_is_looked_for_and_arrives_once(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, buttons: tuple[str, ...], lost: str
) -> None:
    double.user_says(ADA, "hello")
    await hear(receiver)
    double.drop_next("sendMessage", handled=lost == "the answer")
    await survive(telegram, bubble("What happened then?", *buttons))
    assert double.texts(ADA) == ["What happened then?"]
    assert double.sent(ADA)[0].shown_titles == list(buttons)
    assert len(double.calls("sendMessage")) == (1 if lost == "the answer" else 2)


@pytest.mark.asyncio
async def test_a_bubble_is_found_among_what_others_wrote_and_were_sent_meanwhile(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "hello")
    await hear(receiver)
    double.drop_next("sendMessage", handled=True)
    with pytest.raises(SendLater):
        await telegram.send(bubble("for Ada", "Yes"))
    for number in range(3):
        double.user_says(BEN, f"and I {number}")
        await telegram.send(bubble(f"for Ben {number}", "Yes", number=10 + number, chat=BEN))
    await hear(receiver, 4)
    await survive(telegram, bubble("for Ada", "Yes"))
    assert double.texts(ADA) == ["for Ada"]
    assert [one.shown_titles for one in double.sent(BEN)] == [["Yes"]] * 3


@pytest.mark.asyncio
async def test_what_is_said_to_two_people_without_a_database_reaches_both_whole(
    telegram: Telegram, double: RunningDouble
) -> None:
    """Such bubbles have the same few numbers for everybody."""
    long = "Someone is there now. " * 300
    double.slow_next("sendMessage", seconds=0)
    double.fail_next("sendMessage", 502)
    with pytest.raises(SendLater):
        await telegram.send(bubble(long, number=-1))
    await telegram.send(bubble(long, number=-1, chat=BEN))
    assert " ".join(double.texts(BEN)) == long.strip()


@pytest.mark.asyncio
async def test_an_answer_that_comes_too_late_is_none_and_the_bubble_is_there_once(
    double: RunningDouble, receiver: Receiver
) -> None:
    telegram = listening(double, receiver, Waits(poll=1, answer=0.5))
    await telegram.start()
    double.user_says(ADA, "hello")
    await hear(receiver)
    double.slow_next("sendMessage", seconds=1.5)
    with pytest.raises(SendLater, match="may have arrived"):
        await telegram.send(bubble())
    await survive(telegram, bubble())
    assert double.texts(ADA) == ["What happened then?"]
    await telegram.stop()


@pytest.mark.asyncio
async def test_an_hour_without_a_network_loses_and_doubles_nothing(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "hello")
    await hear(receiver)
    hour = iter([Fault(drop=True)] * 8)
    double.weather = lambda method, params: next(hour, None)
    first = asyncio.create_task(survive(telegram, bubble("one")))
    double.user_says(ADA, "are you there?")
    await first
    await survive(telegram, bubble("two", number=2))
    assert double.texts(ADA) == ["one", "two"]
    assert [heard.text for heard in await hear(receiver, 2)] == ["hello", "are you there?"]


@pytest.mark.asyncio
async def test_nobody_gets_two_messages_in_a_second_and_others_dont_wait_for_them(
    telegram: Telegram, double: RunningDouble
) -> None:
    double.rates.in_chat = 1.0
    for number in (1, 2):
        await telegram.send(bubble(str(number), number=number))
    third = asyncio.create_task(telegram.send(bubble("3", number=3)))
    await telegram.send(bubble("for Ben", number=4, chat=BEN))
    assert not third.done()
    await third
    moments = [sent.at for sent in double.sent(ADA)]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(moments))
    assert double.rates.refused == 0


@pytest.mark.asyncio
async def test_everybody_together_gets_at_most_thirty_messages_a_second(
    telegram: Telegram, double: RunningDouble
) -> None:
    double.rates.in_all = 30
    people = range(1000, 1060)
    for person in people:
        double.knows(person)
    await asyncio.gather(*(survive(telegram, bubble("Hello", number=person, chat=person)) for person in people))
    assert most_in_a_second([double.sent(person)[0].at for person in people]) <= 30
    assert double.rates.refused == 0


@pytest.mark.asyncio
async def test_a_pause_that_two_people_are_told_of_is_meant_for_everybody(
    telegram: Telegram, double: RunningDouble
) -> None:
    double.fail_next("sendMessage", 429, retry_after=1, times=2)
    for number, chat in ((1, ADA), (2, BEN)):
        with pytest.raises(SendLater):
            await telegram.send(bubble(number=number, chat=chat))
    refused = double.calls("sendMessage")[0].at
    double.knows(303)
    await telegram.send(bubble(number=3, chat=303))
    assert double.sent(303)[0].at - refused >= 1.0


@pytest.mark.asyncio
async def test_a_bubble_that_telegram_refuses_is_kept_and_the_log_says_why(
    telegram: Telegram, double: RunningDouble, caplog: pytest.LogCaptureFixture
) -> None:
    double.fail_next("sendMessage", 400, description="Bad Request: BUTTON_DATA_INVALID")
    with pytest.raises(SendLater):
        await telegram.send(bubble())
    assert "button_data_invalid" in caplog.text.lower()


@pytest.mark.asyncio
async def test_a_bubble_for_a_coach_that_has_stopped_is_kept_for_later(
    double: RunningDouble, receiver: Receiver
) -> None:
    telegram = listening(double, receiver)
    await telegram.start()
    await telegram.stop()
    with pytest.raises(SendLater):
        await telegram.send(bubble())
