"""In a group the coach keeps quiet, and says kindly where it can be met."""

from __future__ import annotations

import pytest

from bot.channels.telegram import Telegram
from bot.conversation.messages import Kind
from tests.channels.telegram.rig import ADA, BEN, GROUP, Receiver, hear
from tests.telegram_double import RunningDouble


@pytest.mark.asyncio
async def test_a_group_that_speaks_to_the_coach_is_heard_once_in_an_hour(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    noon = 1_700_000_000
    double.group_says(GROUP, ADA, "@toward_test_bot she never listens", date=noon)
    double.group_says(GROUP, BEN, "/help", date=noon + 60)
    double.group_says(GROUP, BEN, "/help", date=noon + 3599)
    double.group_says(GROUP - 1, BEN, "/help@toward_test_bot", date=noon + 60)
    double.group_says(GROUP, ADA, "/start", date=noon + 3600)
    heard = await hear(receiver, 3)
    assert [(one.address, one.kind, one.text) for one in heard] == [
        (str(GROUP), Kind.UNREADABLE, "group"),
        (str(GROUP - 1), Kind.UNREADABLE, "group"),
        (str(GROUP), Kind.UNREADABLE, "group"),
    ]


@pytest.mark.asyncio
async def test_a_reply_to_the_coach_in_a_group_speaks_to_it(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    chat = {"id": GROUP, "type": "supergroup", "title": "Sunday walks"}
    me = {"id": double.bot_id, "is_bot": True, "first_name": "Toward"}
    bots = {"message_id": 1, "date": 1, "chat": chat, "from": me, "text": "Hello"}
    double.group_says(GROUP, ADA, "no", reply_to_message=bots)
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.UNREADABLE, "group")


@pytest.mark.asyncio
async def test_what_a_group_says_among_itself_is_never_heard(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.group_says(GROUP, ADA, "shall we go at ten?")
    double.group_says(GROUP, ADA, "/roll@dice_bot and @kim come too, toward_test_bot won't")
    double.user_says(ADA, "just us now")
    assert [heard.text for heard in await hear(receiver)] == ["just us now"]
