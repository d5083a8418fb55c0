"""The Telegram channel against a double of the Bot API: what a person does there, and what they get to see."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import ApplicationBuilder

from bot.channels import telegram as channel
from bot.channels.telegram import COMMANDS, WORDS_FILE, Telegram, Waits, load_words, split_text
from bot.conversation.messages import Choice, Incoming, Kind, Outgoing
from bot.errors import ContentError, MemoryFault, SendLater, SendNever, SettingsError
from bot.settings import PROJECT
from tests.telegram_double import TOKEN, RemoteDouble, RunningDouble, running_double

#: The library announces that lengths of time will be `timedelta`s one day; the channel takes both.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

ADA, BEN, GROUP = 101, 202, -1001
WAITS = Waits(poll=5, first=0.02, longest=0.1, slow=0.3, answer=2.0, resend=0.5)


class Receiver:
    """A conversation that only remembers what it was told; a repeated delivery is known by its id."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.repeated: list[Incoming] = []
        self.faults: list[Exception] = []
        self.stored = asyncio.Event()
        self.stored.set()
        self.asked = 0

    async def receive(self, incoming: Incoming) -> bool:
        """Store it, unless the next fault comes first; lasts until `stored` is set."""
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        await self.stored.wait()
        if incoming.external_id in [earlier.external_id for earlier in self.heard]:
            self.repeated.append(incoming)
            return False
        self.heard.append(incoming)
        return True

    def wake(self, conversation_id: str) -> None:
        """Telegram keeps what it is given; nobody has to be woken."""


async def until(happened: Callable[[], Any]) -> None:
    """Wait until something is the case; fails after five seconds."""
    for _ in range(500):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("This did not happen within five seconds.")


def listening(double: RunningDouble, receiver: Receiver, waits: Waits = WAITS) -> Telegram:
    """A channel that talks to the double."""
    return Telegram(TOKEN, receiver, load_words(), double.base_url, waits)


def bubble(text: str = "What happened then?", *buttons: str, number: int = 1, chat: int = ADA) -> Outgoing:
    """A bubble for Ada."""
    return Outgoing(id=number, channel="tg", address=str(chat), text=text, buttons=buttons)


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


async def hear(receiver: Receiver, count: int = 1) -> list[Incoming]:
    """What people said, once it is `count` things; a little later there must not be more."""
    await until(lambda: len(receiver.heard) >= count)
    await asyncio.sleep(0.05)
    assert len(receiver.heard) == count
    return receiver.heard


async def all_confirmed(double: RunningDouble) -> None:
    """Wait until Telegram was told that everything arrived."""
    await until(lambda: not double.unconfirmed())


# What a person says


@pytest.mark.asyncio
async def test_what_a_person_writes_arrives_untouched(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    double.user_says(ADA, "  He didn't even look up. 😢\nAgain.")
    update = double.unconfirmed()[0]
    (heard,) = await hear(receiver)
    assert heard == Incoming("tg", str(ADA), f"u{update}", "  He didn't even look up. 😢\nAgain.", Kind.TEXT)


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
async def test_a_forwarded_message_is_heard_as_words(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Kim"}
    double.user_says(ADA, "I need space", forward_origin=origin)
    (heard,) = await hear(receiver)
    assert (heard.kind, heard.text) == (Kind.TEXT, "I need space")


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
    assert asked == ["message", "edited_message", "callback_query"]


# Groups


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


# Taps


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
    double.fail_next("editMessageReplyMarkup", 502)
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


# Nothing is lost


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


# A bad connection


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
    await until(lambda: len(double.calls("getUpdates")) == 3)
    _, refused, again = double.calls("getUpdates")
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


# What a person gets to see


@pytest.mark.asyncio
async def test_a_person_reads_the_bubble_as_it_was_written(telegram: Telegram, double: RunningDouble) -> None:
    await telegram.send(bubble("So *that* <b>look</b> _again_ [hm](x). Was it the look?"))
    assert double.texts(ADA) == ["So *that* <b>look</b> _again_ [hm](x). Was it the look?"]
    params = double.calls("sendMessage")[0].params
    assert "parse_mode" not in params
    assert "reply_markup" not in params


@pytest.mark.asyncio
async def test_a_helplines_page_is_not_shown_as_a_preview(telegram: Telegram, double: RunningDouble) -> None:
    await telegram.send(bubble("Someone is there now: https://findahelpline.com"))
    assert double.calls("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.asyncio
async def test_short_buttons_share_a_row_and_long_ones_have_their_own(
    telegram: Telegram, double: RunningDouble
) -> None:
    titles = ("Yes", "Not now", "I would rather talk about it", "Skip", "Stop", "Help")
    await telegram.send(bubble("Where to?", *titles, number=9))
    (shown,) = double.sent(ADA)
    assert [[title for title, _ in row] for row in shown.rows] == [
        ["Yes", "Not now"],
        ["I would rather talk about it"],
        ["Skip", "Stop"],
        ["Help"],
    ]
    assert [data for row in shown.rows for _, data in row] == [f"9:{index}" for index in range(6)]


@pytest.mark.asyncio
async def test_the_buttons_of_the_largest_bubble_number_still_fit(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    largest = 2**53
    await telegram.send(bubble("Ready?", "Yes", number=largest))
    double.user_taps(ADA, double.sent(ADA)[0].message_id, 0)
    assert (await hear(receiver))[0].choice == Choice(largest, 0)


@pytest.mark.asyncio
async def test_a_long_text_arrives_whole_in_parts_with_the_buttons_at_its_end(
    telegram: Telegram, double: RunningDouble
) -> None:
    sentence = "We sat in the car and neither of us said a word. 😶 "
    text = sentence * 200
    await telegram.send(bubble(text, "Yes", "No"))
    shown = double.sent(ADA)
    assert " ".join(part.text for part in shown) == text.strip()
    assert all(part.text.endswith(("word.", "😶")) for part in shown)
    assert [part.titles for part in shown] == [[]] * (len(shown) - 1) + [["Yes", "No"]]


@pytest.mark.asyncio
async def test_a_long_text_that_was_broken_off_goes_on_where_it_stopped(
    telegram: Telegram, double: RunningDouble
) -> None:
    long = bubble("One more line of it.\n" * 300)
    double.slow_next("sendMessage", seconds=0)
    double.fail_next("sendMessage", 502)
    with pytest.raises(SendLater):
        await telegram.send(long)
    await telegram.send(long)
    assert "\n".join(double.texts(ADA)) == long.text.strip()


@given(st.text(alphabet=st.sampled_from('ab .!?\n"’…😶é'), max_size=300), st.integers(2, 40))
def test_a_text_cut_into_parts_loses_nothing_but_white_space(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part and len(part.encode("utf-16-le")) <= 2 * limit for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three.\n\nFour five six.", ["One two. Three.", "Four five six."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("A. " + "b" * 25, ["A. " + "b" * 17, "b" * 8]),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert split_text(text, 20) == parts


# When a person can't be reached


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


@pytest.mark.asyncio
async def test_a_bubble_whose_answer_never_came_is_sent_once_more(double: RunningDouble, receiver: Receiver) -> None:
    telegram = listening(double, receiver, Waits(poll=1, answer=0.3))
    await telegram.start()
    double.slow_next("sendMessage", seconds=1.0)
    with pytest.raises(SendLater, match="may have arrived"):
        await telegram.send(bubble())
    await telegram.send(bubble())
    assert len(double.texts(ADA)) == 2
    await telegram.stop()


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


# The menu, the words, the log


@pytest.mark.asyncio
async def test_a_person_finds_every_command_in_the_menu(telegram: Telegram, double: RunningDouble) -> None:
    (call,) = double.calls("setMyCommands")
    words = load_words()
    assert [(each["command"], each["description"]) for each in call.params["commands"]] == [
        (name, words[f"commands.{name}"]) for name in COMMANDS
    ]


@pytest.mark.asyncio
async def test_a_menu_that_telegram_refuses_keeps_nobody_from_talking(
    double: RunningDouble, receiver: Receiver
) -> None:
    double.fail_next("setMyCommands", 400)
    double.user_says(ADA, "hello")
    telegram = listening(double, receiver)
    await telegram.start()
    await hear(receiver)
    await telegram.stop()


@pytest.mark.asyncio
async def test_no_log_holds_a_persons_words_or_the_token(
    double: RunningDouble, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram = listening(double, receiver)
    await telegram.start()
    receiver.faults = [MemoryFault("could not write: zebra secret")]
    double.user_says(ADA, "zebra secret")
    double.deliver({"message": {"message_id": 1, "date": 1, "chat": {"zebra secret": 1}}})
    double.fail_next("sendMessage", 429, retry_after=1)
    double.fail_next("sendMessage", 400, description="Bad Request: something")
    double.drop_next("sendMessage")
    for _ in range(3):
        with pytest.raises(SendLater):
            await telegram.send(bubble("You wrote: zebra secret", "zebra secret"))
    await telegram.send(bubble("You wrote: zebra secret", "zebra secret"))
    double.user_taps(ADA, double.sent(ADA)[0].message_id, 0)
    await until(lambda: len(double.toasts()) == 1)
    await hear(receiver, 2)
    await telegram.stop()
    assert "listening as @toward_test_bot" in caplog.text
    assert "zebra secret" not in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text


def test_the_menu_names_no_trouble_to_somebody_who_sees_the_phone() -> None:
    lines = " ".join(text.lower() for name, text in load_words().items() if name.startswith("commands."))
    named = ["lonel", "unseen", "partner", "husband", "wife", "relationship", "marriage", "crisis", "suicide", "abuse"]
    assert not [word for word in named if word in lines]


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("toasts", "again", None, "toasts.again must be a text"),
        ("toasts", "again", "x" * 201, "1 to 200"),
        ("commands", "help", "   ", "commands.help must be a text"),
        ("commands", "help", ..., "commands.help is missing"),
        ("buttons", ..., ..., "buttons.chosen is missing"),
    ],
)
def test_a_broken_line_in_the_channels_words_is_named(
    tmp_path: Path, section: str, key: Any, value: Any, said: str
) -> None:
    words = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    if key is ...:
        del words[section]
    elif value is ...:
        del words[section][key]
    else:
        words[section][key] = value
    broken = tmp_path / "telegram.yml"
    broken.write_text(yaml.safe_dump(words), encoding="utf-8")
    with pytest.raises(ContentError, match=said) as caught:
        load_words(broken)
    assert str(broken) in str(caught.value)


def test_words_that_are_not_there_or_not_yaml_say_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="can't be read"):
        load_words(tmp_path / "nothing.yml")
    (tmp_path / "torn.yml").write_text("toasts: [", encoding="utf-8")
    with pytest.raises(ContentError, match="line 1"):
        load_words(tmp_path / "torn.yml")


def test_the_channel_is_called_tg() -> None:
    assert Telegram.name == channel.CHANNEL == "tg"


# The double on its own, for tests that kill the program


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
