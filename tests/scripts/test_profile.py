"""Whoever runs a house of buttons only is told in time which scripts can't be used there, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.doctor import Finding, examine
from bot.errors import SettingsError, TowardError
from bot.memory.database import open_database
from bot.memory.scripts import assign
from bot.settings import load_settings

TYPED = Path(__file__).parent / "week_1.txt"
TWO_DAYS_ON = (
    "Script: Two days on\n# Start\nAsk: Did it happen?\n  yes or no, save as happened\nEnd: Until next time.\n"
)


def does(*words: object) -> str:
    done = CliRunner().invoke(app, ["script", *map(str, words)])
    return f"{done.exception}" if isinstance(done.exception, TowardError) else done.output


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Switches the profile of a house."""
    monkeypatch.setenv("TOWARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def switch(profile: str) -> None:
        monkeypatch.setenv("TOWARD_PROFILE", profile)

    return switch


def doctor() -> Finding:
    return next(finding for finding in examine(load_settings()) if finding.what == "profile")


def test_check_and_publish_hold_to_the_profile_of_the_house(house: Callable[[str], None], tmp_path: Path) -> None:
    house("illinois")
    assert "buttons only" in does("check", TYPED)
    assert "is not published" in does("publish", TYPED)
    file = tmp_path / "two.txt"
    file.write_text(TWO_DAYS_ON, encoding="utf-8")
    assert "version 1" in does("publish", file)
    house("")
    assert "version 1" in does("publish", TYPED)


def test_a_script_that_runs_one_with_free_text_is_refused_at_that_line(
    house: Callable[[str], None], tmp_path: Path
) -> None:
    file = tmp_path / "around.txt"
    file.write_text("Script: Around\n# Start\nHello.\nRun Step review\nEnd: Bye.\n", encoding="utf-8")
    assert "all is well" in does("check", file)
    house("illinois")
    said = does("check", file)
    assert 'line 4: This profile allows buttons only, and "Step review" asks for "free text"' in said


def test_a_script_with_free_text_is_not_given_to_a_client(house: Callable[[str], None]) -> None:
    house("illinois")
    said = does("assign", "Step review", "--counsellor", "Dr. Lee")
    assert "can't be used in a house with TOWARD_PROFILE=illinois" in said and "Offer choices instead" in said
    assert "Code " in does("assign", "Fifteen minutes for two", "--counsellor", "Dr. Lee")


def test_the_doctor_names_a_code_that_begins_nothing_and_a_house_that_offers_nothing(
    house: Callable[[str], None], tmp_path: Path
) -> None:
    house("")
    assert doctor().state == "ok"
    does("publish", TYPED)
    code = assign(open_database(load_settings()), "Week 1 - noticing bids", "Dr. Lee", 1.0)
    house("illinois")
    found = doctor()
    assert found.state == "wrong" and code in found.says and "unassign" in found.says
    does("unassign", code)
    assert doctor().state == "off"
    file = tmp_path / "two.txt"
    file.write_text(TWO_DAYS_ON, encoding="utf-8")
    does("publish", file)
    assert doctor().state == "ok" and "1 published" in doctor().says


def test_the_doctor_names_the_line_of_script_mode_that_has_to_be_typed(
    house: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    house("illinois")
    monkeypatch.setenv("TOWARD_SCRIPT", "Step review")
    assert doctor().state == "wrong" and "Error, line" in doctor().says


def test_a_profile_that_there_is_not_is_named(house: Callable[[str], None]) -> None:
    house("ohio")
    with pytest.raises(SettingsError, match="TOWARD_PROFILE: must be illinois, or empty"):
        load_settings()
