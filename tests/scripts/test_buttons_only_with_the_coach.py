"""A house that takes buttons only, through the real path with the trained model: no classifier reads their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.conversation.buttons_only import PAYLOADS, ButtonsOnly, ButtonWords
from bot.engine.reply import Engine, Reply
from bot.errors import SettingsError
from bot.memory.models import ConversationRow
from bot.memory.scripts import assign, publish, shared_with
from bot.memory.turn import Turn, person_of
from bot.scripts.allowed import ButtonScripts
from bot.scripts.tree import plain
from bot.settings import PROJECT
from tests.conversations.player import Player

BY_BUTTONS = (Path(__file__).parent / "by_buttons.txt").read_text(encoding="utf-8")
BY_WORDS = (Path(__file__).parent / "week_1.txt").read_text(encoding="utf-8")
TWO_DAYS_ON = (
    "Script: Two days on\n# Start\nAsk: Did it happen?\n  yes or no, save as happened\nEnd: Until next time.\n"
)


class Heard:
    """The engine, with a note of what reached it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.texts: list[str] = []

    def expect(self, text: str) -> None:
        self.engine.expect(text)

    async def handle(self, conversation_id: str, text: str) -> Sequence[Reply]:
        self.texts.append(text)
        return await self.engine.handle(conversation_id, text)


class Client:
    """One client in one house, and what reached the engine."""

    def __init__(self, home: Path, engine: Engine, profile: str = "illinois") -> None:
        self.heard = Heard(engine)
        self.player = Player(home, self.heard, "client", profile)
        self.database = self.player.house.database

    def publish(self, *sources: str) -> None:
        for source in sources:
            name = source.splitlines()[0].removeprefix("Script: ")
            publish(self.database, plain(name), name, source, 1.0)

    def says(self, *given: str) -> list[str]:
        answers: list[str] = []
        for one in given:
            answers = self.player.play(one)
        return answers

    def state(self) -> dict[str, object]:
        with self.database.session() as session:
            conversation = session.get(ConversationRow, "term:client")
            return Turn(session, conversation, person_of(session, conversation), self.player.clock()).state


@pytest.fixture
def client(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Fails where Rasa's classifiers are given anything but a payload of the house."""
    read: list[str] = []
    parse = MessageProcessor._parse_message_with_graph

    def noted(self: MessageProcessor, message: UserMessage, *more: object) -> dict[str, Any]:
        read.append(message.text)
        return parse(self, message, *more)

    monkeypatch.setattr(MessageProcessor, "_parse_message_with_graph", noted)
    client = Client(tmp_path, engine)
    client.publish(BY_BUTTONS, TWO_DAYS_ON, BY_WORDS)
    yield client
    client.player.close()
    assert set(read) == set(client.heard.texts) <= PAYLOADS


def test_the_menu_greets_and_a_whole_script_is_gone_through_by_taps(client: Client) -> None:
    greeted = client.says("hello there")
    assert "program" in greeted[0] and greeted[1] == "     [By buttons] [Two days on]"
    asked = client.says("[By buttons]")
    assert asked[-2] == "bot: From 1 to 10, how close did you feel this week?"
    assert client.says("[8]")[0] == "bot: Which of these happened?"
    client.says("[We laughed]")
    assert client.says("[That's all]")[0] == "bot: What would you like for the days ahead?"
    planned = client.says("[A walk together]")
    assert "A walk together." in planned[0] and planned[-1] == "     [Yes] [No]"
    assert client.says("[Yes]") == ["bot: Take care."]
    assert client.says("-- 3 days later --")[-1] == "     [Yes] [No]"
    assert "bot: Did it happen?" in client.says("[Yes]")
    assert client.says("[Not sure]") == ["bot: Until next time."]


def test_a_whole_script_is_gone_through_by_typing_what_the_buttons_say(client: Client) -> None:
    client.says("hi", "by buttons", "seven", "we argued", "that's all", "2")
    assert client.says("nope") == ["bot: Take care."]


def test_a_code_asks_first_and_what_is_shared_is_agreed_to_by_buttons(client: Client) -> None:
    code = assign(client.database, "By buttons", "Dr. Lee", 2.0)
    assert client.says(f"/start {code}")[-1] == "     [Yes] [No]"
    client.says("yes")
    assert client.says("2")[-2] == "bot: Would you like Dr. Lee to contact you?"
    said = client.says("yes")
    assert said[-1] == "     [Yes, share it] [No, keep it private]"
    said = client.says("yes")
    while said[-1].startswith("     "):
        said = client.says("no")
    assert said[-1] == "bot: Be gentle with yourself."
    assert shared_with(client.database, code)
    assert client.says("take back what I shared")
    assert shared_with(client.database, code) == []


def test_free_text_is_refused_kindly_twice_and_then_with_a_way_out_and_the_place_is_kept(client: Client) -> None:
    client.says("hi", "[By buttons]")
    buttons = "     " + " ".join(f"[{number}]" for number in range(1, 11))
    said = [client.says(text) for text in ("he never asks how my day was", "we only talk about the kids", "it hurts")]
    assert all(lines[1] == buttons for lines in said)
    assert len({lines[0] for lines in said}) == 3
    assert "help now" not in said[0][0] + said[1][0] and "help now" in said[2][0] and "top" in said[2][0]
    assert client.says("6")[0] == "bot: Which of these happened?"


def test_danger_in_the_middle_is_answered_by_safety_as_always_and_the_script_waits(client: Client) -> None:
    client.says("hi", "[By buttons]")
    alarm = client.says("I want to kill myself")
    assert any("988" in line or "findahelpline" in line for line in alarm)
    assert not any("From 1 to 10" in line for line in client.says("7"))
    assert any("help" in line.lower() for line in client.says("help now"))
    assert any("From 1 to 10" in line for line in client.says("continue"))
    assert client.says("7")[0] == "bot: Which of these happened?"


def test_stop_pause_back_and_continue_work_as_words(client: Client) -> None:
    client.says("hi", "[By buttons]", "5")
    assert any("From 1 to 10" in line for line in client.says("back"))
    assert client.says("pause")[-1] == "     [Continue]"
    assert any("From 1 to 10" in line for line in client.says("[Continue]"))
    assert client.says("stop")[0].startswith(("bot: All right, we stop", "bot: Then it ends"))
    assert client.says("continue")[-1] == "     [By buttons] [Two days on]"


def test_a_question_about_privacy_is_answered_and_the_open_question_comes_again(client: Client) -> None:
    client.says("hi", "[By buttons]")
    said = client.says("privacy")
    assert "locked" in said[0] and said[-2].startswith("bot: From 1 to 10")


def test_forget_me_erases_after_one_question_by_button(client: Client) -> None:
    client.says("hi", "[By buttons]", "5")
    assert client.says("forget me")[-1] == "     [Yes, erase everything] [No, keep it]"
    assert client.says("no")[-1] == "     [Continue]"
    client.says("forget me")
    assert client.says("yes")[-1].startswith("bot: ")
    assert "script" not in client.state()
    assert "program" in client.says("hello")[0]


def test_a_copy_of_everything_comes_after_one_question_by_button(client: Client) -> None:
    client.says("hi", "[By buttons]", "5")
    assert client.says("export my data")[-1] == "     [Yes, send the files] [No, not here]"
    assert client.says("no")[-1] == "     [Continue]"
    client.says("export")
    assert len([line for line in client.says("yes") if line.startswith("bot: ")]) == 2


def test_a_code_for_a_script_with_free_text_begins_nothing(client: Client) -> None:
    code = assign(client.database, "Week 1 - noticing bids", "Dr. Lee", 2.0)
    said = client.says(f"/start {code}")
    assert "typed" in said[0] and client.heard.texts == []
    assert "script" not in client.state()


def test_a_house_does_not_start_with_a_script_of_free_text(engine: Engine, tmp_path: Path) -> None:
    from bot.app import House
    from bot.settings import load_settings

    settings = load_settings(home=tmp_path, database_url="", key="", profile="illinois", script="Step review")
    with pytest.raises(SettingsError, match="Offer choices instead"):
        House.build(settings, engine)


def test_where_the_profile_is_switched_on_an_open_free_text_question_is_left_out(
    engine: Engine, tmp_path: Path
) -> None:
    client = Client(tmp_path, engine, profile="")
    try:
        client.publish(BY_WORDS)
        code = assign(client.database, "Week 1 - noticing bids", "Dr. Lee", 2.0)
        client.says(f"/start {code}", "yes")
        assert client.says("7")[0] == "bot: What stood out this week?"
        words = ButtonWords.load(PROJECT / "data" / "buttons_only.yml")
        client.player.house.conversation.runner.buttons = ButtonsOnly(ButtonScripts(client.database), words)
        client.heard.texts.clear()
        said = client.says("we laughed about the neighbors")
        assert "typed" in said[0] or "own words" in said[0]
        assert "Did" in said[1] and "reach out" in said[1] and said[2].startswith("     [Yes]")
        assert "neighbors" not in str({**client.state(), "safety": None})
        client.says("yes")
        assert set(client.heard.texts) <= PAYLOADS
    finally:
        client.player.close()
