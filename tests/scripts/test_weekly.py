"""What comes each week: a note on days that the client names, and a date for the client's own calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.scripts.checker import check_text
from bot.scripts.known import known_beside
from bot.scripts.reading import read
from bot.scripts.running import Running, each_week
from bot.scripts.tree import Calendar, Remind
from tests.scripts.walking import StillWorld, words

SET_UP = """Script: Set up
# Start
Ask: Which days could it be?
  pick several, optional, save as days
  - Monday
  - Thursday
Ask: At what time?
  time, optional, save as at
Remind: every {days} at {at}, then run Talk
Calendar: 15 minutes every {days} at {at}, called Your note
End: Bye.
"""
TALK = "Script: Talk\n# Start\nRemind: every Sunday at 18:00, then run Talk\nEnd: Bye.\n"


def begun(name: str = "Set up", weekly: tuple[str, ...] = ()) -> Running:
    world = StillWorld({"Set up": read(SET_UP).script, "Talk": read(TALK).script})
    running = Running.begin(name, world, words())
    assert running is not None
    running.state["weekly"] = [*weekly]
    return running


def walked(*answers: str, name: str = "Set up", weekly: tuple[str, ...] = ()) -> tuple[list[str], dict[str, Any]]:
    """All that is said, and the effects by name."""
    running = begun(name, weekly)
    outcomes = [running.start()]
    for answer in answers:
        running = Running(running.state, running.world, words())
        outcomes.append(running.hear(answer))
    effects = {what: values for outcome in outcomes for what, values in outcome.effects}
    return [bubble.text for outcome in outcomes for bubble in outcome.bubbles], effects


def test_days_and_time_that_the_client_named_are_said_back_and_kept() -> None:
    said, effects = walked("Monday", "Thursday", "half past seven in the evening", "yes")
    assert any("every Monday and Thursday, at 19:30" in text for text in said)
    remind = effects["remind"]
    assert (remind["every"], remind["at"], remind["script"]) == ([0, 3], "19:30", "Talk")
    # It is Monday, 18:00.
    assert datetime.fromtimestamp(remind["due_at"]) == datetime(2027, 1, 4, 19, 30)
    assert effects["show"] == {
        "what": "calendar",
        "bubble": 0,
        "every": [0, 3],
        "at": "19:30",
        "minutes": 15,
        "called": "Your note",
    }


def test_a_late_hour_stands_where_the_client_named_it_and_is_moved_where_the_script_did() -> None:
    _, effects = walked("Monday", "done", "22:15", "yes")
    assert f"{datetime.fromtimestamp(effects['remind']['due_at']):%A %H:%M}" == "Monday 22:15"
    assert effects["remind"]["chosen"]
    late = TALK.replace("18:00", "23:00")
    world = StillWorld({"Talk": read(late).script})
    running = Running.begin("Talk", world, words())
    assert running is not None
    running.start()
    (remind,) = [values for what, values in running.hear("yes").effects if what == "remind"]
    assert f"{datetime.fromtimestamp(remind['due_at']):%A %H:%M}" == "Monday 08:00"


def test_another_time_in_the_answer_is_taken() -> None:
    _, effects = walked("Monday", "done", "19:30", "20:00 would be better")
    assert effects["remind"]["at"] == "20:00"


def test_a_no_sets_nothing_and_the_calendar_is_still_offered() -> None:
    _, effects = walked("Monday", "done", "19:30", "no")
    assert "remind" not in effects and effects["show"]["what"] == "calendar"


def test_without_days_nothing_is_asked_and_nothing_comes() -> None:
    said, effects = walked("skip", "19:30")
    assert said[-1] == "Bye." and not effects


def test_what_comes_each_week_already_is_not_asked_again() -> None:
    asked, _ = walked(name="Talk")
    assert "every Sunday, at 18:00" in asked[0]
    said, effects = walked(name="Talk", weekly=("talk",))
    assert said == ["Bye."] and not effects


def test_the_lines_are_read_as_they_are_meant() -> None:
    script = read(
        "# Start\nRemind: every Sunday and Wednesday at 7 pm\n"
        "Calendar: 15 minutes every weekend at 9.15, called “Our walk”.\nEnd"
    ).script
    remind, calendar, _ = script.sections[0].steps
    assert isinstance(remind, Remind) and isinstance(calendar, Calendar)
    assert (remind.every, remind.at, remind.script) == ("Sunday and Wednesday", "19:00", "")
    assert (calendar.minutes, calendar.at, calendar.called) == (15, "09:15", "Our walk")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Remind: every other moon at 19:00", '"other moon" names no day of the week'),
        ("Remind: every Sunday at noonish", '"noonish" is no time of day'),
        ("Calendar: every Sunday", "is no date for a calendar"),
        ("Calendar: 15 minutes every Sunday at 25:00, called Tea", '"25:00" is no time of day'),
        ("Remind: every {dais} at 19:00", "{dais} is not known here"),
        ("Calendar: 15 minutes every {days} at 19:00, called Tea", "{days} is not known here"),
    ],
)
def test_a_slip_is_named_with_its_cure(line: str, said: str) -> None:
    _, problems = check_text(f"Script: T\n# Start\n{line}\nEnd: Bye.", known_beside())
    assert [problem.line for problem in problems] == [3]
    assert said in problems[0].text


def test_days_are_listed_as_one_says_them() -> None:
    monday = datetime(2027, 1, 4, 19, 30)
    assert each_week([0], monday) == "every Monday, at 19:30"
    assert each_week([0, 2, 6], monday) == "every Monday, Wednesday and Sunday, at 19:30"
    assert each_week([*range(7)], monday) == "every day, at 19:30"
