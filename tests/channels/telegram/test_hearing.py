"""What a person says arrives as what it is: words, commands, corrections, things without words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram import COMMANDS, Telegram
from bot.conversation.corrections import what_it_corrects
from bot.conversation.messages import Incoming, Kind
from tests.channels.telegram.rig import ADA, BEN, Receiver, all_confirmed, bubble, hear, until
from tests.telegram_double import RunningDouble


@pytest.mark.asyncio
async def test_what_a_person_writes_arrives_untouched(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    message = double.user_says(ADA, "  He didn't even look up. 😢\nAgain.")
    (heard,) = await hear(receiver)
    assert heard == Incoming("tg", str(ADA), f"m{message}", "  He didn't even look up. 😢\nAgain.", Kind.TEXT)


@pytest.mark.asyncio
async def test_what_people_write_arrives_in_their_order(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    for number in range(30):
        double.user_says(ADA if number % 2 else BEN, str(number))
    assert [heard.text for heard in await hear(receiver, 30)] == [str(number) for number in range(30)]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "clear"])
async def test_a_command_arrives_by_its_name(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, name: str
) -> None:
    double.user_says(ADA, f"/{name}")
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.COMMAND, name)


@pytest.mark.asyncio
async def test_clear_takes_back_what_stands_in_the_chat_and_nobody_elses(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    for number in range(3):
        await telegram.send(bubble(f"secret {number}", number=number + 1))
    await telegram.send(bubble("for Ben", number=9, chat=BEN))
    double.user_says(ADA, "/clear")
    await until(lambda: len(double.sent(ADA)) == 1 and "Cleared" in double.texts(ADA)[0])
    assert double.texts(BEN) == ["for Ben"]
    assert receiver.heard == []


@pytest.mark.asyncio
async def test_a_command_in_capitals_or_with_the_bots_name_is_the_same_command(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "/HELP")
    double.user_says(ADA, "/help@Toward_Test_Bot ")
    assert [(heard.kind, heard.text) for heard in await hear(receiver, 2)] == [(Kind.COMMAND, "help")] * 2


@pytest.mark.asyncio
async def test_a_person_who_comes_by_a_link_brings_its_argument_along(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "/start Zk3_partner-7")
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.COMMAND, "start Zk3_partner-7")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "words",
    ["/clear_all", "/help@another_bot", "/help I can't go on", "/start I can't go on", "/", "/greet{}", "I said /help"],
)
async def test_words_around_a_command_or_an_unknown_command_are_heard_as_words(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, words: str
) -> None:
    double.user_says(ADA, words)
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.TEXT, words)


@pytest.mark.asyncio
async def test_a_person_who_corrects_a_message_is_heard_with_the_new_wording(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    message = double.user_says(ADA, "She left me")
    double.user_edits(ADA, message, "She left me on read")
    first, second = await hear(receiver, 2)
    assert (first.kind, second.kind, second.text) == (Kind.TEXT, Kind.EDIT, "She left me on read")
    assert (first.external_id, what_it_corrects(second.external_id)) == (f"m{message}", f"m{message}")
    assert first.external_id != second.external_id


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("sent", "sort"),
    [
        ("sticker", "sticker"),
        ("animation", "sticker"),
        ("photo", "photo"),
        ("voice", "voice"),
        ("document", "file"),
        ("audio", "file"),
        ("location", "location"),
        ("contact", "contact"),
        ("poll", "poll"),
        ("video", "other"),
        ("video_note", "other"),
        ("dice", "other"),
    ],
)
async def test_a_person_who_sends_something_without_words_is_noticed(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, sent: str, sort: str
) -> None:
    double.user_sends(ADA, sent)
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.UNREADABLE, sort)


@pytest.mark.asyncio
async def test_something_that_telegram_invents_next_year_is_noticed_too(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "", entities=[], hologram={"depth": 3})
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.UNREADABLE, "other")


@pytest.mark.asyncio
@pytest.mark.parametrize("sent", ["photo", "voice", "video", "document"])
async def test_words_under_a_picture_or_recording_are_heard(
    telegram: Telegram, double: RunningDouble, receiver: Receiver, sent: str
) -> None:
    double.user_sends(ADA, sent, caption="This is what he did to the door")
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.TEXT, "This is what he did to the door")


@pytest.mark.asyncio
async def test_an_album_is_noticed_once(telegram: Telegram, double: RunningDouble, receiver: Receiver) -> None:
    for _ in range(4):
        double.user_sends(ADA, "photo", media_group_id="walk")
    await all_confirmed(double)
    assert [(heard.kind, heard.text) for heard in receiver.heard] == [(Kind.UNREADABLE, "photo")]


@pytest.mark.asyncio
async def test_a_message_that_is_passed_on_is_not_taken_for_the_persons_own_words(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Kim"}
    double.user_says(ADA, "I need space", forward_origin=origin)
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.UNREADABLE, "forwarded I need space")


@pytest.mark.asyncio
async def test_what_nobody_said_to_the_coach_is_passed_over_in_silence(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    person = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    chat = {"id": ADA, "type": "private"}
    member = {"user": {"id": 1, "is_bot": True, "first_name": "T"}, "status": "member"}
    base = {"message_id": 9, "date": 1, "chat": chat, "from": person}
    quiet: list[dict[str, Any]] = [
        {
            "my_chat_member": {
                "chat": chat,
                "from": person,
                "date": 1,
                "old_chat_member": member,
                "new_chat_member": member,
            }
        },
        {"channel_post": {"message_id": 9, "date": 1, "chat": {"id": -7, "type": "channel"}, "text": "news"}},
        {"message_reaction": {"chat": chat, "message_id": 9, "date": 1, "old_reaction": [], "new_reaction": []}},
        {"message": {**base, "from": {**person, "is_bot": True}, "text": "I am the bot itself"}},
        {"message": {**base, "message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}},
        {"message": {**base, "pinned_message": {**base, "text": "pinned"}}},
        {"edited_message": {**base, "edit_date": 2, "location": {"latitude": 1.0, "longitude": 1.0}}},
        {"something_new": {"text": "?"}},
    ]
    for update in quiet:
        double.deliver(update)
    double.user_says(ADA, "hello")
    assert [heard.text for heard in await hear(receiver)] == ["hello"]
    await all_confirmed(double)
    assert double.sent(ADA) == []


@pytest.mark.asyncio
async def test_telegram_is_asked_only_for_what_people_say_and_tap(telegram: Telegram, double: RunningDouble) -> None:
    await until(lambda: double.calls("getUpdates"))
    asked = double.calls("getUpdates")[0].params["allowed_updates"]
    assert asked == ["message", "edited_message", "callback_query", "my_chat_member"]


@pytest.mark.asyncio
async def test_somebody_who_blocks_the_coach_is_reminded_of_nothing_any_more(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "hello")
    double.user_blocks(ADA)
    await until(lambda: receiver.left == [f"tg:{ADA}"])
    double.user_returns(ADA)
    double.user_says(ADA, "I'm back")
    await hear(receiver, 2)
    assert receiver.left == [f"tg:{ADA}"]


@pytest.mark.asyncio
async def test_the_old_word_for_erasing_still_works(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "/forget")
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.COMMAND, "delete")
