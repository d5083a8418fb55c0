"""`toward doctor` and `toward ideas check`: what is set up, what is missing, what to do."""

from __future__ import annotations

import os
from pathlib import Path

from tests.cli.conftest import Toward


def test_doctor_finds_a_new_house_in_order(toward: Toward, home: Path) -> None:
    ended = toward("doctor")
    assert ended.status == 0, ended.err
    assert "✓ database and key" in ended.err
    assert "– Telegram: set TELEGRAM_BOT_TOKEN" in ended.err
    assert "✗" not in ended.err
    assert (home / "toward.key").stat().st_mode & 0o777 == 0o600


def test_doctor_minds_a_key_that_others_can_read(toward: Toward, home: Path) -> None:
    home.mkdir()
    (home / "toward.key").write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    os.chmod(home / "toward.key", 0o644)
    ended = toward("doctor")
    assert ended.status == 1
    assert f"chmod 600 {home / 'toward.key'}" in ended.err
    assert "Traceback" not in ended.err


def test_the_library_that_ships_has_no_problem(toward: Toward) -> None:
    ended = toward("ideas", "check")
    assert ended.status == 0, ended.out
    assert "No problem" in ended.out
