"""A bad connection, a second copy, a wrong token."""

from __future__ import annotations

import logging

import pytest
from telegram.ext import ApplicationBuilder

from bot.channels.telegram import Telegram, load_words
from bot.errors import SettingsError
from tests.channels.telegram.rig import ADA, WAITS, Receiver, hear, listening, until
from tests.telegram_double import TOKEN, RunningDouble


@pytest.mark.asyncio
async def test_a_person_is_heard_after_the_network_came_back(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    double.drop_next("getUpdates", times=2)
    double.fail_next("getUpdates", 502)
    double.user_says(ADA, "wakes the open request")
    await until(lambda: receiver.heard)
    double.user_says(ADA, "are you back?")
    assert [heard.text for heard in await hear(receiver, 2)][1] == "are you back?"
    assert caplog.text.count("Telegram can't be reached") == 1
    assert caplog.text.count("Telegram can be reached again.") == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "retry_after", "pause"), [(409, None, WAITS.slow), (401, None, WAITS.slow), (429, 1, 1)]
)
async def test_telegram_is_left_alone_for_as_long_as_it_takes(
    telegram: Telegram, double: RunningDouble, status: int, retry_after: int | None, pause: float
) -> None:
    await until(lambda: double.calls("getUpdates"))
    double.fail_next("getUpdates", status, retry_after)
    double.user_says(ADA, "ends the open request")
    await until(lambda: len(double.calls("getUpdates")) >= 3)
    _, refused, again = double.calls("getUpdates")[:3]
    assert again.at - refused.at >= pause


@pytest.mark.asyncio
async def test_a_coach_that_starts_without_a_network_listens_as_soon_as_there_is_one(
    double: RunningDouble, receiver: Receiver
) -> None:
    double.drop_next("getMe", times=3)
    double.user_says(ADA, "hello?")
    telegram = listening(double, receiver)
    await telegram.start()
    assert [heard.text for heard in await hear(receiver)] == ["hello?"]
    assert double.calls("setMyCommands")
    await telegram.stop()


@pytest.mark.asyncio
async def test_a_second_copy_of_the_coach_is_named_in_the_log_and_waited_out(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: double.calls("getUpdates"))
    async with ApplicationBuilder().token(TOKEN).base_url(double.base_url).build().bot as other:
        assert await other.get_updates(timeout=0) == ()
    await until(lambda: "one per token" in caplog.text)
    double.user_says(ADA, "still there?")
    assert [heard.text for heard in await hear(receiver)] == ["still there?"]
    assert caplog.text.count("one per token") == 1


@pytest.mark.asyncio
async def test_a_webhook_that_was_left_behind_does_not_keep_people_from_being_heard(
    double: RunningDouble, receiver: Receiver
) -> None:
    double.set_webhook("https://old.example/hook")
    double.user_says(ADA, "hello")
    telegram = listening(double, receiver)
    await telegram.start()
    await hear(receiver)
    await telegram.stop()


@pytest.mark.asyncio
@pytest.mark.parametrize("token", ["1000001:a-wrong-one", "nonsense", "", "  "])
async def test_a_wrong_token_says_what_to_do_and_does_not_show_the_token(
    double: RunningDouble, receiver: Receiver, token: str
) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN") as caught:
        await Telegram(token, receiver, load_words(), double.base_url, WAITS).start()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert not token.strip() or token not in str(caught.value)


@pytest.mark.asyncio
async def test_a_token_that_is_revoked_while_people_talk_is_named_in_the_log(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    double.fail_next("getUpdates", 401, description="Unauthorized")
    double.user_says(ADA, "one")
    await until(lambda: "TELEGRAM_BOT_TOKEN" in caplog.text)
    double.user_says(ADA, "two")
    assert [heard.text for heard in await hear(receiver, 2)] == ["one", "two"]
