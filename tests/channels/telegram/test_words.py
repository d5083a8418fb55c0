"""The menu, the words, the log."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels import telegram as channel
from bot.channels.telegram import COMMANDS, WORDS_FILE, Telegram, load_words
from bot.errors import ContentError, MemoryFault, SendLater
from tests.channels.telegram.rig import ADA, Receiver, bubble, hear, listening, until
from tests.telegram_double import TOKEN, RunningDouble


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
