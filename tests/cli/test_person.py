"""A conversation in the terminal, and what the person may then ask for: everything that is stored, or its end."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, run
from tests.conversations.player import Script

SAID = "he said hi to the dog and not to me. i feel invisible"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("person")


@pytest.fixture(scope="module")
def ended(home: Path) -> Ended:
    given = f"{SAID}\n1\nlast night he asked what is for dinner\n/quit\nnobody hears this\n".encode()
    return run(home, "chat", "--as", "anna", "--transcript", str(home / "said.txt"), given=given)


def test_the_coach_talks_in_the_terminal(ended: Ended) -> None:
    assert ended.status == 0, ended.err
    assert "hi to the dog" in ended.out.split(SAID, 1)[1]
    assert "  1. Yes, remember" in ended.out
    assert f"> {SAID}" in ended.out
    assert "Traceback" not in ended.err


def test_what_comes_after_quit_is_not_read(ended: Ended) -> None:
    assert "nobody hears this" not in ended.out


def test_the_transcript_can_be_played_as_a_dialogue(ended: Ended, home: Path) -> None:
    script = Script.read(home / "said.txt")
    assert [step.given for step in script.steps] == [
        "/start",
        SAID,
        "[Yes, remember]",
        "last night he asked what is for dinner",
    ]
    assert all(step.answers for step in script.steps)


def test_the_same_name_goes_on_with_the_same_conversation(ended: Ended, home: Path) -> None:
    again = run(home, "chat", "--as", "anna", given=b"/quit\n")
    assert "Welcome back" in again.out or "again" in again.out
    assert "May I remember" not in again.out


def test_a_person_can_have_all_that_is_stored_and_can_have_it_erased(ended: Ended, home: Path) -> None:
    exported = run(home, "person", "export", "term:anna")
    assert exported.status == 0, exported.err
    stored = json.loads(exported.out)
    assert stored["agreed_to_be_remembered"] is not None
    assert [each["id"] for each in stored["conversations"]] == ["term:anna"]
    assert SAID in json.dumps(stored)

    assert run(home, "person", "erase", "term:anna").out == "Erased.\n"

    assert "There is no conversation term:anna" in run(home, "person", "export", "term:anna").complaint()
    database = sqlite3.connect(home / "toward.db")
    tables = ("person", "person_key", "conversation", "inbox", "outbox", "memory", "reminder")
    assert [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == [0] * len(tables)
    database.close()


def test_somebody_who_was_never_here_can_not_be_erased(home: Path) -> None:
    assert "There is no conversation tg:1" in run(home, "person", "erase", "tg:1").complaint()


def test_a_transcript_that_can_not_be_written_is_said_before_the_conversation(home: Path) -> None:
    ended = run(home, "chat", "--transcript", str(home / "no" / "where.txt"), given=b"hello\n")
    assert "Name another file" in ended.complaint()
    assert ended.out == ""
