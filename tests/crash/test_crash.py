"""Killed at any instant, the program loses nothing, does nothing twice, and sends a chat at most one bubble again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.reply import Engine
from tests.crash.killing import crash, program


def test_nobody_notices_that_the_program_was_killed_fifty_times(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = crash(engine, tmp_path, kills=50, seed=1)
    with capsys.disabled():
        print(f"\n{report.line()}")
    assert report.problems == []
    assert report.inputs > 3 * report.kills
    assert report.lost == report.doubled == 0
    assert report.sent_again <= report.kills


def test_nobody_notices_a_kill_on_postgresql(
    engine: Engine, tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = crash(engine, tmp_path, kills=10, seed=2, database_url=postgres_url)
    with capsys.disabled():
        print(f"\nPostgreSQL: {report.line()}")
    assert report.problems == []
    assert report.inputs > 3 * report.kills
    assert report.lost == report.doubled == 0


def test_a_first_start_that_was_killed_at_any_step_can_be_repeated(tmp_path: Path) -> None:
    settings = {"home": str(tmp_path / "unused"), "key": "", "database_url": "", "telegram_token": ""}
    with program(settings, tmp_path / "program.log") as under_test:
        for step in range(1, 1000):
            home = str(tmp_path / str(step))
            ended = under_test.tell({"step": step, "home": home})["ended"]
            assert ended in ("killed", "finished")
            again = under_test.tell({"step": 0, "home": home})["ended"]
            assert again == "finished", f"after a kill at step {step} it never starts again"
            if ended == "finished":
                break
    assert step > 10
