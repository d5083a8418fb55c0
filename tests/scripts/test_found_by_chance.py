"""What random scripts have found: each of these went wrong once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.engine.reply import Engine
from bot.memory.models import ReminderRow
from bot.scripts.checker import check_text
from bot.scripts.drawing import pictured
from bot.scripts.reading import read
from bot.scripts.running import Outcome
from tests.conversations.player import Player
from tests.scripts.corpus import known
from tests.scripts.law import own_care
from tests.scripts.random_scripts import Family
from tests.scripts.test_with_the_coach import Client
from tests.scripts.walking import Walk, words

LONG = " ".join(["So it was."] * 16)
WAIT = "Script: W\n# Start\nWait: 5 minutes\nAsk: How was it?\n  free text\nAsk: And now?\n  free text\nEnd: Bye."


def walk(text: str, **others: str) -> Walk:
    return Walk(Family("T", {"T": f"Script: T\n{text}", **others}))


def texts(said: Outcome) -> list[str]:
    return [bubble.text for bubble in said.bubbles]


def errors(text: str) -> list[str]:
    return [problem.text for problem in check_text(f"Script: T\n{text}", known())[1] if not problem.warning]


# -- reading, checking, drawing ----------------------------------------------------------------------------------------


def test_a_suggestion_right_below_a_question_is_a_step_of_its_own() -> None:
    assert (
        errors("# Start\nAsk: How was it?\n  free text, save as it\nSuggest: kindness, save as step\nEnd: {step}") == []
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Start\nAsk: On?\n  yes or no, save as on\nGo to A\n# A\nIf on is yes: go to B\nGo to A\n# B\nEnd: Bye.",
         ["This goes round for ever: A -> A. Put a question or an end in it."]),
        ("# Start\nRun Asking\nGo to Start\n", []),
    ],
)  # fmt: skip
def test_a_silent_round_is_found_on_every_way_and_a_script_that_asks_breaks_it(text: str, said: list[str]) -> None:
    asking = {"Asking": read("Script: Asking\n# Start\nAsk: How?\n  free text\nEnd: Bye.").script}
    problems = check_text(f"Script: T\n{text}", type(known())(scripts=asking))[1]
    assert [problem.text for problem in problems if not problem.warning] == said


def test_a_script_that_leads_back_is_drawn_from_its_first_section_down() -> None:
    text = (
        "# Start\nAsk: A?\n  - One: go to Start\n  - Two: go to Middle\n# Middle\nAsk: B?\n  - One: go to Start\n"
        "  - Two: go to Last\n# Last\nAsk: C?\n  - One: go to Middle\n  - Two: go to Out\n# Out\nEnd: Bye.\n"
        "# Lost\nGo to Start\n"
    )
    heights = {box.name: box.y for box in pictured(read(f"Script: T\n{text}").script).boxes}
    assert heights["start"] < heights["middle"] < heights["last"] < heights["out"]


# -- running -----------------------------------------------------------------------------------------------------------


def test_homework_is_no_third_bubble() -> None:
    one = walk(f"# Start\n{LONG}\n\n{LONG}\n\nHomework: Sleep well.\nEnd: Bye.")
    assert len(one.said.bubbles) == 2
    assert "Sleep well." in texts(one.hear("go on"))[0]


def test_what_was_picked_before_a_skip_is_not_picked_in_the_next_question() -> None:
    several = "Ask: Which?\n  pick several, optional, save as {}\n  - Tea\n  - Bread\n  - Milk\n"
    one = walk(f"# Start\n{several.format('a')}{several.format('b')}End: Bye.")
    one.hear("Tea")
    one.hear("skip")
    one.hear("Milk")
    one.hear("That's all")
    assert one.state["answers"]["b"] == ["Milk"]


def test_what_is_picked_already_is_not_offered_again_after_a_pause() -> None:
    one = walk("# Start\nAsk: Which?\n  pick several, save as a\n  - Tea\n  - Bread\n  - Milk\nEnd: Bye.")
    one.hear("Tea")
    one.hear("pause")
    assert one.hear("continue").bubbles[-1].buttons == ["Bread", "Milk", "That's all"]


def test_who_may_skip_may_still_skip_after_a_pause() -> None:
    one = walk("# Start\nAsk: How close?\n  scale 1 to 2\nEnd: Bye.")
    for said in ("purple", "green", "pause"):
        one.hear(said)
    assert one.hear("continue").bubbles[-1].buttons == ["1", "2", "Skip"]


def test_a_reminder_is_never_due_in_the_past() -> None:
    one = walk("# Start\nRemind: after 2 hours at 07:00, then run T\nEnd: Bye.")
    one.hear("yes")
    due = datetime.fromtimestamp(dict(one.effects)["remind"]["due_at"])
    assert one.world.local < due < one.world.local + timedelta(days=1)


def test_an_answer_that_was_changed_by_going_back_is_kept_and_noted_once() -> None:
    one = walk(
        "Keep: warmth\n# Start\nAsk: How warm?\n  scale 1 to 5, save as warmth\nNote to counsellor: It was {warmth}.\n"
        "End: Bye."
    )
    one.hear("2")
    one.hear("back")
    one.hear("4")
    assert [values for what, values in one.effects if what == "keep"][-1] == {"values": {"warmth": 4}}
    assert one.state["lines"] == [["note", "It was 4."], ["warmth", "4"]]


# -- the lock ----------------------------------------------------------------------------------------------------------


def test_ideas_that_were_offered_before_the_fear_are_not_offered_after_it() -> None:
    one = walk("# Start\nSuggest: novelty, together, save as idea\nHomework: {idea}\nEnd: Bye.")
    before = one.said.bubbles[-1].buttons[:-1]
    assert not own_care() & set(before)
    one.world.locked, one.state["paused"] = True, True
    after = one.hear("continue").bubbles[-1].buttons[:-1]
    assert set(after) <= own_care()
    assert not any(title in text for text in texts(one.hear(after[0])) for title in before)


def test_own_words_under_the_name_of_an_own_care_idea_are_no_homework_under_the_lock() -> None:
    text = "# Start\nSuggest: kindness, save as it\nAsk: What else?\n  free text, save as it\nHomework: {it}\nEnd: Bye."
    one = Walk(Family("T", {"T": f"Script: T\n{text}"}), locked=True)
    one.hear(one.said.bubbles[-1].buttons[0])
    one.hear("Tell Sam all of it.")
    assert "homework" not in dict(one.effects)


COUPLES = "Script: Two\nFor: couples\n# Start\nAsk: Both here?\n  yes or no\nEnd: Good."


def test_a_script_for_couples_is_left_out_where_another_runs_it() -> None:
    one = Walk(Family("T", {"T": "Script: T\n# Start\nHello.\nRun Two\nEnd: Bye.", "Two": COUPLES}), locked=True)
    assert texts(one.said) == ["Hello.", "Bye."]


def test_a_script_for_couples_is_left_when_fear_comes_up_in_it() -> None:
    one = walk("# Start\nRun Two\nAsk: And you?\n  free text\nEnd: Bye.", Two=COUPLES)
    one.world.locked, one.state["paused"] = True, True
    assert texts(one.hear("continue")) == ["And you?"]
    alone = Walk(Family("Two", {"Two": COUPLES}))
    alone.world.locked, alone.state["paused"] = True, True
    assert alone.hear("continue").done
    assert alone.said.bubbles[0].text in words().texts["not_now"]


# -- with the coach ----------------------------------------------------------------------------------------------------


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[Client]:
    player = Player(tmp_path, engine, "client")
    yield Client(player, WAIT)
    player.close()


def test_a_timer_that_nobody_waits_for_any_more_does_not_ring(client: Client) -> None:
    client.begins()
    client.says("go on")
    assert client.says("-- 10 minutes later --") == []
    assert client.says("It was good.")[0] == "bot: And now?"


def test_a_timer_does_not_ring_into_another_exercise_and_the_script_goes_on_after_it(client: Client) -> None:
    client.begins()
    client.says("/pattern")
    assert client.says("-- 10 minutes later --") == []
    client.says("stop")
    assert any('"go on"' in line for line in client.says("continue"))


def test_after_a_stop_no_timer_rings(client: Client) -> None:
    client.begins()
    client.says("stop")
    with client.database.session() as session:
        assert [row.state for row in session.query(ReminderRow)] == ["dropped"]


def test_a_crisis_before_the_first_question_leaves_the_door_where_it_was(client: Client) -> None:
    asked = client.says(f"/start {client.code}")[-2:]
    client.says("I want to kill myself")
    again = client.says("continue")
    assert "may I keep" in again[0] or "May I keep" in again[0]
    assert again[-1] == asked[-1]
    assert "5 minutes" in client.says("just begin please")[0]
    assert client.says("go on")[0] == "bot: How was it?"


def test_a_question_to_the_coach_at_the_door_is_no_answer(client: Client) -> None:
    client.says(f"/start {client.code}")
    said = client.says("are you a real person?")
    assert said[-1] == "     [Yes] [No]" and not any("5 minutes" in line for line in said)


def test_stop_and_not_now_count_at_the_door(client: Client) -> None:
    client.says(f"/start {client.code}")
    assert any('"continue"' in line for line in client.says("not now"))
    assert any("keep" in line for line in client.says("continue"))
    assert not any("5 minutes" in line for line in client.says("stop"))


def test_a_note_that_comes_in_the_middle_of_a_script_does_not_cost_its_place(client: Client) -> None:
    review = "Script: Review\n# Start\nAsk: How did it go?\n  free text\nEnd: Done."
    remind = "Remind: after 1 day, then run Review\nAsk:"
    week = Client(client.player, review.replace("Review", "Week").replace("Ask:", remind))
    Client(client.player, review)
    week.begins()
    if week.says("yes")[-1] != "bot: How did it go?":  # where the clock stands is asked first
        week.says("skip")
    assert "note" in week.says("-- 2 days later --")[0]
    assert week.says("yes")[-1] == "bot: How did it go?"
    assert week.says("Rather well, thanks.")[-1] == "bot: Done."
    assert week.says("continue")[-1] == "bot: How did it go?"


def test_what_a_script_that_was_run_wants_to_keep_is_kept_with_the_rest() -> None:
    other = "Script: Other\nKeep: close\n# Start\nAsk: How close?\n  scale 1 to 3, save as close\nEnd: Thank you."
    one = walk("Keep: warm\n# Start\nRun Other\nAsk: How warm?\n  scale 1 to 3, save as warm\nEnd: Bye.", Other=other)
    one.hear("2")
    one.hear("3")
    assert dict(one.effects)["keep"] == {"values": {"warm": 3, "close": 2}}
