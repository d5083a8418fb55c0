"""A tap counts once, is answered at once, and leaves the chosen button standing."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.telegram import Telegram, load_words
from bot.conversation.messages import Choice, Incoming, Kind
from tests.channels.telegram.rig import ADA, BEN, Receiver, bubble, hear, until
from tests.telegram_double import RunningDouble


@pytest.mark.asyncio
async def test_a_tap_on_a_button_arrives_as_a_choice_and_is_answered(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Would you like an idea?", "Yes, please", "Just listen", number=77))
    (shown,) = double.sent(ADA)
    double.user_taps(ADA, shown.message_id, 1)
    (heard,) = await hear(receiver)
    assert heard == Incoming("tg", str(ADA), "tap:77", "", Kind.CHOICE, Choice(77, 1))
    await until(lambda: shown.shown_titles == ["✓ Just listen"])
    assert double.toasts() == [load_words()["toasts.chosen"]]
    assert double.unanswered_taps() == []


@pytest.mark.asyncio
async def test_a_second_tap_on_the_same_button_changes_nothing(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.user_taps(ADA, shown.message_id, 0, times=3)
    await until(lambda: len(double.toasts()) == 3)
    await until(lambda: double.calls("editMessageReplyMarkup"))
    await asyncio.sleep(0.1)
    assert [heard.choice for heard in receiver.heard] == [Choice(1, 0)]
    assert shown.shown_titles == ["✓ Yes"]
    assert len(double.calls("editMessageReplyMarkup")) == 1
    assert double.unanswered_taps() == []


@pytest.mark.asyncio
async def test_a_tap_on_the_other_button_comes_too_late(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.user_taps(ADA, shown.message_id, 0)
    double.user_taps(ADA, shown.message_id, 1)
    await until(lambda: len(double.toasts()) == 2)
    await until(lambda: double.calls("editMessageReplyMarkup"))
    await asyncio.sleep(0.1)
    assert [heard.choice for heard in receiver.heard] == [Choice(1, 0)]
    assert [heard.external_id for heard in receiver.repeated] == ["tap:1"]
    assert shown.shown_titles == ["✓ Yes"]
    assert len(double.calls("editMessageReplyMarkup")) == 1
    assert sorted(map(str, double.toasts())) == sorted([load_words()["toasts.chosen"], load_words()["toasts.again"]])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "data", ["", "hello", "1", "1:", ":1", "1:2:3", "-1:0", "1:-1", "١:٢", "9" * 30 + ":0", "1:0\n"]
)
async def test_a_tap_with_anything_else_behind_it_is_answered_and_ignored(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, data: str
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.user_taps_data(ADA, shown.message_id, data)
    await until(lambda: double.toasts() == [load_words()["toasts.gone"]])
    assert receiver.heard == []
    assert shown.shown_titles == ["Yes", "No"]


@pytest.mark.asyncio
async def test_a_tap_on_a_bubble_that_telegram_forgot_still_counts_and_its_buttons_go(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.user_taps_data(ADA, shown.message_id, "1:1", forgotten=True)
    assert [heard.choice for heard in await hear(receiver)] == [Choice(1, 1)]
    await until(lambda: shown.shown_titles == [])


@pytest.mark.asyncio
async def test_a_tap_counts_even_if_telegram_takes_neither_answer_nor_edit(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.fail_next("answerCallbackQuery", 400, description="Bad Request: query is too old")
    double.fail_next("editMessageReplyMarkup", 400, description="Bad Request: message can't be edited")
    double.user_taps(ADA, shown.message_id, 0)
    await until(lambda: double.calls("editMessageReplyMarkup"))
    double.user_says(ADA, "and more")
    assert [heard.kind for heard in await hear(receiver, 2)] == [Kind.CHOICE, Kind.TEXT]


@pytest.mark.asyncio
async def test_a_slow_answer_to_one_persons_tap_keeps_nobody_else_waiting(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    double.slow_next("answerCallbackQuery", seconds=1.0)
    double.user_taps(ADA, double.sent(ADA)[0].message_id, 0)
    double.user_says(BEN, "is somebody there?")
    await until(lambda: len(receiver.heard) == 2)
    assert double.calls("editMessageReplyMarkup") == []


@pytest.mark.asyncio
async def test_a_tap_is_answered_although_the_network_failed_at_first(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    await telegram.send(bubble("Ready?", "Yes", "No"))
    (shown,) = double.sent(ADA)
    double.drop_next("answerCallbackQuery", times=2)
    double.fail_next("editMessageReplyMarkup", 502)
    double.user_taps(ADA, shown.message_id, 0)
    await until(lambda: shown.shown_titles == ["✓ Yes"])
    assert double.unanswered_taps() == []
