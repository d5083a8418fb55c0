"""What a counsellor does on the command line, from the first check to the client's answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import TowardError
from bot.settings import PROJECT

SAMPLE = Path(__file__).parent / "week_1.txt"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOWARD_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def does(*words: object, exit_code: int = 0) -> str:
    done = CliRunner().invoke(app, ["script", *map(str, words)])
    if isinstance(done.exception, TowardError):
        return f"{type(done.exception).__name__}: {done.exception}"
    assert done.exit_code == exit_code, done.output
    return done.output


def test_a_good_script_is_well_and_a_wrong_one_stops_with_its_lines(home: Path) -> None:
    assert "all is well (4 sections)" in does("check", SAMPLE)
    wrong = home / "wrong.txt"
    wrong.write_text(SAMPLE.read_text().replace("go to Hard week", "go to Hard weak"), encoding="utf-8")
    said = does("check", wrong, exit_code=1)
    assert 'Error, line 10: There is no section called "Hard weak". Did you mean "Hard week"?' in said
    assert "wrong.txt: 2 errors, no warnings" in said
    assert "is not published" in does("publish", wrong, exit_code=1)


def test_the_profile_for_buttons_only_refuses_free_text_and_says_why() -> None:
    said = does("check", SAMPLE, "--profile", "illinois", exit_code=1)
    assert "buttons only" in said and "free text" in said
    assert "There is: illinois" in does("check", SAMPLE, "--profile", "ohio")


def test_a_trial_is_replayed_and_saved(home: Path) -> None:
    answers = home / "answers.txt"
    answers.write_text("2\nyes\n[1]\nyes\n[1]\n[2]\n[2]\n[2]\n", encoding="utf-8")
    said = does("try", SAMPLE, "--answers", answers, "--transcript", home / "trial.txt")
    assert said.startswith("bot: Hello Alex. Dr. Lee asked me to check in.")
    assert "[A reminder is set for Wednesday 06 January, 19:00" in said
    assert said.splitlines()[-2] == "bot: Take care, Alex."
    saved = (home / "trial.txt").read_text()
    assert saved.startswith("# Week 1 - noticing bids\n\nbot: Hello Alex.") and "you: [1]" in saved
    assert does("try", SAMPLE, "--answers", answers) == "\n".join(said.splitlines()[:-1]) + "\n", "always the same"


def test_it_is_drawn_as_svg_and_png(home: Path) -> None:
    does("draw", SAMPLE, "-o", home / "week1.svg")
    drawn = (home / "week1.svg").read_text()
    assert "Hard week" in drawn and "closeness 3 or less" in drawn
    # In a process of its own: the tests' one keeps out what serving never needs, and so matplotlib.
    drawing = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bot",
        "script",
        "draw",
        str(SAMPLE),
        "-o",
        str(home / "week1.png"),
    ]
    subprocess.run(drawing, check=True, capture_output=True, cwd=PROJECT)
    assert (home / "week1.png").read_bytes().startswith(b"\x89PNG")
    assert "neither .svg nor .png" in does("draw", SAMPLE, "-o", home / "week1.pdf")


def test_a_dead_end_is_red_and_forty_sections_have_room(home: Path) -> None:
    dead = home / "dead.txt"
    dead.write_text("Script: T\n# Start\nGo to B\n# B\nHello.\n", encoding="utf-8")
    does("draw", dead, "-o", home / "dead.svg")
    assert (home / "dead.svg").read_text().count("#b3261e") == 1
    many = home / "many.txt"
    parts = "".join(
        f"# Part {n}\nAsk: On?\n  - One: go to Part {n + 1}\n  - Two: go to Part {n + 2}\n" for n in range(38)
    )
    many.write_text(f"Script: T\n{parts}# Part 38\nEnd: a\n# Part 39\nEnd: b\n", encoding="utf-8")
    does("draw", many, "-o", home / "many.svg")
    assert (home / "many.svg").read_text().count('font-weight="bold"') == 40


def test_publish_assign_list_results_and_withdraw(home: Path) -> None:
    assert "version 1" in does("publish", SAMPLE)
    assert "already" in does("publish", SAMPLE)
    said = does("assign", "Week 1 - noticing bids", "--counsellor", "Dr. Lee")
    code = said.split()[1]
    assert f"?start={code}" in said and f"?code={code}" in said
    assert "Nothing is shown under this code" in does("results", code)
    assert json.loads(does("results", code, "--format", "json")) == []
    assert does("results", code, "--format", "csv").strip() == "at,label,value"
    assert f"{code}  Week 1 - noticing bids, by Dr. Lee" in does("list")
    assert "withdrawn" in does("unassign", code) and "withdrawn" in does("list")
    assert "There is no code" in does("results", "nothere")
    assert 'Did you mean "Step review"' in does("assign", "Step reviw", "--counsellor", "Dr. Lee")


def test_format_writes_the_house_form(home: Path) -> None:
    file = home / "a.txt"
    file.write_text("script: A\n#start\nend:Bye.\n", encoding="utf-8")
    does("format", file)
    assert file.read_text() == "Script: A\n# start\nEnd: Bye.\n"
