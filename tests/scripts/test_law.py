"""Safety stands above scripts, through the real path; `make scripts` counts the same ten thousand times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.engine.reply import Engine
from tests.scripts.client import Client, client
from tests.scripts.law import BROKEN, walk


@pytest.fixture
def one(engine: Engine) -> Iterator[Client]:
    with client(engine, "law") as somebody:
        yield somebody


def test_at_every_step_of_a_random_script_a_crisis_is_answered_by_safety_alone(one: Client) -> None:
    found = walk(one, range(60))
    assert {name: found.counts[name] for name in BROKEN if found.counts[name]} == {}, found.cases
    assert found.counts["crises"] >= 120 and found.counts["continued"] >= 40 and found.counts["couples"] >= 5


def test_a_gate_that_hears_nothing_would_be_noticed(one: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one.player.house.guard, "before", lambda turn, text, own_data=False: None)
    assert walk(one, range(5)).counts["bypasses"] >= 5


def test_an_alarm_that_pauses_nothing_would_be_noticed(one: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.memory.turn.Turn.pause_script", lambda turn: None)
    assert walk(one, range(5)).counts["answers_changed"] >= 5


def test_a_lock_that_scripts_for_couples_pass_would_be_noticed(one: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.scripts.running.Running._is_barred", lambda running, script: False)
    assert walk(one, range(3000, 3040)).counts["lock_broken"] >= 3
