"""Where PUBLIC_URL is set, Telegram calls: with a secret, in order, and again until what it brings is stored."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram import Telegram, Webhook, load_words
from bot.errors import MemoryFault, SettingsError
from bot.settings import load_settings
from tests.channels.telegram.rig import ADA, BEN, WAITS, Receiver, all_confirmed, hear, until
from tests.telegram_double import TOKEN, Courier, RunningDouble

SECRET = "only-telegram-knows-this"


@asynccontextmanager
async def called(double: RunningDouble, receiver: Receiver, watch: float = 300.0) -> AsyncIterator[Webhook]:
    """The channel behind a web server, and Telegram calling it."""
    listener = socket.create_server(("127.0.0.1", 0))
    webhook = Webhook(f"http://127.0.0.1:{listener.getsockname()[1]}/", SECRET)
    app = Starlette(routes=[webhook.route()])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    waits = replace(WAITS, watch=watch)
    telegram = Telegram(TOKEN, receiver, load_words(), double.base_url, waits, webhook=webhook)
    try:
        with Courier(double):
            await telegram.start()
            yield webhook
            await telegram.stop()
    finally:
        server.should_exit = True
        await serving
        listener.close()


@pytest.mark.asyncio
async def test_the_webhook_is_put_up_with_a_secret_and_taken_down_at_the_end(
    double: RunningDouble, receiver: Receiver
) -> None:
    async with called(double, receiver) as webhook:
        (call,) = double.calls("setWebhook")
        assert (call.params["url"], call.params["secret_token"]) == (webhook.url, SECRET)
        assert webhook.url.endswith("/telegram")
        assert double.calls("getUpdates") == []
    assert len(double.calls("deleteWebhook")) == 1
    double.user_says(ADA, "and now?")
    assert len(double.unconfirmed()) == 1


@pytest.mark.asyncio
async def test_what_people_write_is_heard_once_and_in_their_order(double: RunningDouble, receiver: Receiver) -> None:
    async with called(double, receiver):
        for number in range(20):
            double.user_says(ADA if number % 2 else BEN, str(number))
        heard = await hear(receiver, 20)
        await all_confirmed(double)
    for chat, wanted in ((BEN, range(0, 20, 2)), (ADA, range(1, 20, 2))):
        assert [one.text for one in heard if one.address == str(chat)] == [str(number) for number in wanted]


@pytest.mark.asyncio
async def test_what_could_not_be_stored_is_brought_again(double: RunningDouble, receiver: Receiver) -> None:
    async with called(double, receiver):
        receiver.faults = [MemoryFault("away"), RuntimeError("a fault of ours")]
        double.user_says(ADA, "first")
        double.user_says(ADA, "second")
        assert [heard.text for heard in await hear(receiver, 2)] == ["first", "second"]
        await all_confirmed(double)


@pytest.mark.asyncio
async def test_what_came_while_the_coach_was_away_is_brought_when_it_is_back(
    double: RunningDouble, receiver: Receiver
) -> None:
    async with called(double, receiver):
        pass
    double.user_says(ADA, "is anybody there?")
    async with called(double, receiver):
        assert [heard.text for heard in await hear(receiver)] == ["is anybody there?"]


@pytest.mark.asyncio
@pytest.mark.parametrize("secret", [None, "", "guessed", SECRET + "x", "ö"])
async def test_who_does_not_know_the_secret_is_not_heard(
    double: RunningDouble, receiver: Receiver, secret: str | None
) -> None:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    message = {"message_id": 1, "date": 1, "chat": {"id": ADA, "type": "private"}, "text": "I am Ada"}
    forged = {"update_id": 1, "message": {**message, "from": {"id": ADA, "is_bot": False, "first_name": "A"}}}
    async with called(double, receiver) as webhook, httpx.AsyncClient() as stranger:
        answer = await stranger.post(webhook.url, json=forged, headers=headers)
        assert answer.status_code == 403
        assert receiver.heard == []


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id": "1"}', b'{"message": {}}', b"[" * 100_000])
async def test_what_is_no_update_is_refused(double: RunningDouble, receiver: Receiver, body: bytes) -> None:
    async with called(double, receiver) as webhook, httpx.AsyncClient() as telegram:
        answer = await telegram.post(webhook.url, content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        assert answer.status_code == 400


@pytest.mark.asyncio
async def test_a_webhook_that_another_program_took_away_is_put_up_again(
    double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    async with called(double, receiver, watch=0.1):
        await until(lambda: double.calls("getWebhookInfo"))
        double.api_delete_webhook({})
        await until(lambda: len(double.calls("setWebhook")) == 2)
        double.user_says(ADA, "still there?")
        assert [heard.text for heard in await hear(receiver)] == ["still there?"]
    assert "another program" in caplog.text


@pytest.mark.asyncio
async def test_a_coach_that_starts_without_a_network_is_called_as_soon_as_there_is_one(
    double: RunningDouble, receiver: Receiver
) -> None:
    double.drop_next("getMe", times=3)
    double.user_says(ADA, "hello?")
    async with called(double, receiver):
        assert [heard.text for heard in await hear(receiver)] == ["hello?"]


@pytest.mark.parametrize("url", ["coach.example.org", "http://coach.example.org", "ftp://x"])
def test_an_address_that_telegram_cannot_call_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        load_settings(public_url=url)


def test_a_bot_api_server_of_ones_own_may_call_without_tls() -> None:
    given = load_settings(telegram_base_url="http://127.0.0.1:8081/bot", public_url="http://10.0.0.2:5005/")
    assert given.public_url == "http://10.0.0.2:5005"
