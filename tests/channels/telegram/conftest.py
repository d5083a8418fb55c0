"""Telegram with two people in it, and the channel, listening."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.channels.telegram import Telegram
from tests.channels.telegram.rig import ADA, BEN, Receiver, listening
from tests.telegram_double import RunningDouble, running_double


@pytest.fixture
def double() -> Iterator[RunningDouble]:
    """Telegram, in which Ada and Ben have met the bot before."""
    with running_double() as telegram:
        telegram.knows(ADA)
        telegram.knows(BEN)
        yield telegram


@pytest.fixture
def receiver() -> Receiver:
    """Where the channel hands over what people send."""
    return Receiver()


@pytest_asyncio.fixture
async def telegram(double: RunningDouble, receiver: Receiver) -> AsyncIterator[Telegram]:
    """The channel, listening."""
    telegram = listening(double, receiver)
    await telegram.start()
    yield telegram
    await telegram.stop()
