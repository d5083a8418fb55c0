"""A client gets a code, lives a script within the coach, and decides line by line what the counsellor sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.reply import Engine
from bot.memory.scripts import assign, publish, shared_with, unassign
from bot.scripts.tree import plain
from tests.conversations.player import Player

SAMPLE = (Path(__file__).parent / "week_1.txt").read_text(encoding="utf-8")


class Client:
    """One client with one code."""

    def __init__(self, player: Player, source: str) -> None:
        self.player = player
        self.database = player.house.database
        name = source.splitlines()[0].removeprefix("Script: ")
        publish(self.database, plain(name), name, source, 1.0)
        self.code = assign(self.database, name, "Dr. Lee", 2.0)

    def says(self, *given: str) -> list[str]:
        answers: list[str] = []
        for one in given:
            answers = self.player.play(one)
        return answers

    def begins(self) -> list[str]:
        return self.says(f"/start {self.code}", "yes")


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[Client]:
    player = Player(tmp_path, engine, "client")
    yield Client(player, SAMPLE)
    player.close()


def test_a_code_begins_its_script_after_asking_whether_the_place_may_be_kept(client: Client) -> None:
    asked = client.says(f"/start {client.code}")
    assert any("Dr. Lee" in line or "May I keep" in line or "may I keep" in line for line in asked)
    assert client.says("yes")[1].startswith("bot: From 1 to 10, how close")


def test_the_whole_sample_is_lived_and_only_what_was_agreed_to_is_seen(client: Client) -> None:
    client.begins()
    hard = client.says("2")
    assert hard[0] == "bot: I'm sorry it was a hard week. You don't have to fix it alone."
    picked = client.says("yes")
    title = picked[-1].strip().split("]")[0].strip("[ ")
    asked = client.says(f"[{title}]")[-2]
    assert "May I write to you" in asked or "if I wrote" in asked
    client.says("yes", "Lisbon")
    said = client.says("[Yes, share it]")
    while "     [Yes, share it] [No, keep it private]" in said:
        said = client.says("[No, keep it private]")
    assert said[-1] == "bot: Take care."
    lines = shared_with(client.database, client.code)
    assert [(line["label"], line["value"]) for line in lines] == [("note", "closeness was 2")]
    assert client.says("take back what I shared")
    assert shared_with(client.database, client.code) == []


def test_the_reminder_comes_as_a_plain_note_and_runs_the_next_script(client: Client) -> None:
    client.begins()
    said = client.says("8", "skip", "no")
    said = client.says("[None of these]")
    assert "May I write" in " ".join(said) or "if I wrote" in " ".join(said)
    client.says("yes")
    while not client.says("no")[-1].startswith("bot: Take care"):
        pass
    note = client.says("-- 3 days later --")
    assert "note" in note[0] and "step" not in note[0].lower() and "Dr. Lee" not in note[0]
    opened = client.says("yes")
    assert any("Two days ago you picked a small step" in line for line in opened)


def test_a_question_to_the_coach_in_between_is_answered_and_the_open_question_comes_again(client: Client) -> None:
    client.begins()
    said = client.says("are you a real person?")
    assert said[-2].startswith("bot: From 1 to 10")
    assert len([line for line in said if line.startswith("bot: ")]) == 2
    assert client.says("7")[0].startswith("bot: What stood out")


def test_a_crisis_in_the_middle_is_answered_first_and_the_script_waits(client: Client) -> None:
    client.begins()
    alarm = client.says("I want to kill myself")
    assert not any("How close" in line for line in alarm)
    assert not any(line.startswith("bot: What stood out") for line in client.says("7 out of 10"))
    again = client.says("continue")
    assert any(line.startswith("bot: From 1 to 10") for line in again)


def test_an_exercise_in_between_puts_the_script_aside(client: Client) -> None:
    client.begins()
    client.says("/pattern", "stop")
    assert any(line.startswith("bot: From 1 to 10") for line in client.says("continue"))


def test_a_client_stays_on_the_version_it_began_with(client: Client) -> None:
    client.begins()
    changed = SAMPLE.replace("What stood out this week?", "What was new this week?")
    name = "Week 1 - noticing bids"
    assert publish(client.database, plain(name), name, changed, 3.0) == (2, True)
    assert publish(client.database, plain(name), name, changed, 4.0) == (2, False)
    assert client.says("8")[0] == "bot: What stood out this week?"


def test_a_withdrawn_or_unknown_code_begins_nothing(client: Client) -> None:
    unassign(client.database, client.code, 5.0)
    assert not any("keep" in line and "Dr. Lee" in line for line in client.says(f"/start {client.code}"))
    assert client.says("/start nosuchcode")


def test_three_days_later_the_client_is_met_where_they_were(client: Client) -> None:
    client.begins()
    client.says("-- 3 days later --")
    said = client.says("hello")
    assert any(line.startswith("bot: From 1 to 10") for line in said)


def test_forgetting_the_person_forgets_what_was_shared(client: Client) -> None:
    client.begins()
    client.says("2", "no", "[None of these]", "no", "[Yes, share it]")
    assert shared_with(client.database, client.code)
    client.says("stop", "/forget", "yes")
    assert shared_with(client.database, client.code) == []


def test_who_is_not_safe_after_an_argument_sees_helplines(engine: Engine, tmp_path: Path) -> None:
    player = Player(tmp_path, engine, "somebody")
    player.house.conversation.runner.script = "After an argument"
    try:
        player.play("/start")
        assert any("lila.help" in line or "findahelpline" in line for line in player.play("[No]"))
    finally:
        player.close()


def test_script_mode_begins_every_conversation_with_the_script(engine: Engine, tmp_path: Path) -> None:
    player = Player(tmp_path, engine, "somebody")
    player.house.conversation.runner.script = "Step review"
    try:
        assert any("Two days ago" in line for line in player.play("/start"))
        player.begin("another")
        assert any("Two days ago" in line for line in player.play("hi"))
    finally:
        player.close()


def test_the_circle_that_was_found_with_the_coach_is_shown_in_a_script(engine: Engine, tmp_path: Path) -> None:
    player = Player(tmp_path, engine, "circle")
    client = Client(
        player, "Script: Our circle\nFor: one partner, adults\n\n# Start\nShow: cycle map\nEnd: Take care.\n"
    )
    try:
        assert "still empty" in client.begins()[0]
        client.says("/pattern", "when he comes home late", "small and unseen", "I went quiet")
        client.says("he turned on the tv", "worn out from the day", "two jobs and a baby")
        shown = "\n".join(client.says(f"/start {client.code}"))
        shown = client.says(f"/start {client.code}")[0]
        assert "I went quiet" in shown
        assert "your guess" in shown
    finally:
        player.close()


NOTE = """Script: A thank-you
For: adults

# Start
Homework: thank {partner} for one thing
Remind: after 1 day at 19:00
End: Take care.
"""


def test_a_reminder_without_a_script_of_its_own_brings_the_homework_back(engine: Engine, tmp_path: Path) -> None:
    player = Player(tmp_path, engine, "note")
    client = Client(player, NOTE)
    try:
        asked = client.begins()
        assert "May I write to you" in asked[-2] or "if I wrote" in asked[-2]
        client.says("yes", "skip")
        knock = client.says("-- 40 hours later --")
        assert "note" in knock[0] and "thank" not in knock[0]
        shown = client.says("yes")
        assert "thank your partner for one thing" in "\n".join(shown)
        assert "half of it" in "\n".join(client.says("Not yet")).lower()
    finally:
        player.close()


def test_after_a_question_of_safetys_the_next_words_are_not_kept_as_the_scripts_answer(
    engine: Engine, tmp_path: Path
) -> None:
    player = Player(tmp_path, engine, "between")
    client = Client(
        player, "Script: One\nFor: adults\n\n# Start\nAsk: What stood out?\n  free text, save as it\nEnd: {it}\n"
    )
    try:
        client.begins()
        assert "What stood out?" not in "\n".join(client.says("they'd all be better off without me"))
        client.says("no")
        assert client.says("it's just been a long week, I'm tired")[-1] == "bot: What stood out?"
        assert client.says("the walk on sunday") == ["bot: The walk on sunday"]
    finally:
        player.close()


def test_back_in_the_script_a_yes_answers_the_script_and_not_the_alarm(engine: Engine, tmp_path: Path) -> None:
    player = Player(tmp_path, engine, "yes")
    client = Client(
        player,
        "Script: One\nFor: adults\n\n# Start\nAsk: Did you sleep?\n  yes or no, save as it\nEnd: So it was {it}.\n",
    )
    try:
        client.begins()
        client.says("I want to kill myself")
        assert client.says("continue")[-2] == "bot: Did you sleep?"
        assert client.says("yes") == ["bot: So it was yes."]
    finally:
        player.close()
