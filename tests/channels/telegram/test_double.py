"""The double of the Bot API on its own."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.channels.telegram import Telegram, load_words
from bot.settings import PROJECT
from tests.channels.telegram.rig import ADA, WAITS, Receiver, bubble, hear
from tests.telegram_double import TOKEN, RemoteDouble


@pytest.mark.asyncio
async def test_the_double_lives_on_in_a_process_of_its_own(receiver: Receiver) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.telegram_double", cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        remote = RemoteDouble((await process.stdout.readline()).decode().strip())
        await asyncio.to_thread(remote.user_says, chat_id=ADA, text="hello")
        telegram = Telegram(TOKEN, receiver, load_words(), remote.base_url, WAITS)
        await telegram.start()
        await hear(receiver)
        await telegram.send(bubble("Hello, Ada."))
        await telegram.stop()
        assert [message["text"] for message in await asyncio.to_thread(remote.sent, chat_id=ADA)] == ["Hello, Ada."]
    finally:
        process.kill()
        await process.wait()
