"""A client lives a script: forward, back, in between, after three days, and with safety above it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from bot.safety.gate import Gate
from bot.scripts.checker import check_text
from bot.scripts.folder import SHIPPED, read_file, scripts_in
from bot.scripts.known import known_beside
from bot.scripts.reading import read
from bot.scripts.running import Bubble
from bot.scripts.trial import Trial
from bot.scripts.words import ScriptWords
from bot.settings import PROJECT
from tests.safety.lists import messages
from tests.scripts.corpus import known

AT = datetime(2027, 1, 4, 18, 0)
GIVEN = {"name": "Alex", "partner": "Sam", "counsellor": "Dr. Lee"}
SAMPLE = (Path(__file__).parent / "week_1.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def gate() -> Gate:
    return Gate.load(PROJECT / "data")


def trial(text: str, head: str = "Script: T\n# Start\n", **given: str) -> Trial:
    whole = text if text.startswith("Script:") else head + text
    others = {name: known().scripts[name] for name in known().scripts}
    return Trial(read(whole).script, others, gate(), AT, {**GIVEN, **given})


def texts(bubbles: list[Bubble]) -> list[str]:
    return [bubble.text for bubble in bubbles]


def test_the_sample_runs_as_written() -> None:
    one = trial(SAMPLE)
    assert texts(one.begin()) == [
        "Hello Alex. Dr. Lee asked me to check in. It takes about four minutes.",
        "From 1 to 10, how close did you feel to Sam this week?",
    ]
    assert texts(one.hear("about a 2"))[0] == "I'm sorry it was a hard week. You don't have to fix it alone."
    picked = one.hear("yes")
    assert len(picked[-1].buttons) == 4
    asked = one.hear(picked[-1].buttons[0])
    assert "Wednesday, 6 January, at 19:00" in asked[-1].text
    said = texts(one.hear("yes"))
    assert any("reminder is set for Wednesday 06 January, 19:00" in text for text in said)
    assert '"closeness was 2"' in said[-1]
    for _ in range(5):
        if one.done:
            break
        said = texts(one.hear("yes"))
    assert one.done and "Take care, Alex." in said


def test_a_condition_on_what_was_told_leads_to_its_section() -> None:
    one = trial(SAMPLE)
    one.begin()
    one.hear("8")
    said = texts(one.hear("we were at a party and it was loud"))
    assert not any("hard week" in text for text in said)
    for script, told in (
        (SAMPLE, "I felt invisible at the party, like air"),
        (SAMPLE.replace("feeling unseen", "screens"), "he was on his phone all week"),
    ):
        two = trial(script)
        two.begin()
        two.hear("8")
        assert any("hard week" in text for text in texts(two.hear(told)))


def test_an_answer_that_is_not_understood_is_asked_again_and_then_may_be_skipped() -> None:
    one = trial("Ask: How close?\n  scale 1 to 3, save as c\nThank you.\nEnd: Bye.")
    one.begin()
    first, second = one.hear("purple")[0], one.hear("green")[0]
    assert "from 1 to 3" in first.text and first.buttons == ["1", "2", "3"]
    assert second.text != first.text and second.buttons == ["1", "2", "3", "Skip"]
    assert texts(one.hear("skip")) == ["Thank you.", "Bye."]


def test_going_back_asks_the_question_before_again_and_its_answer_counts_anew() -> None:
    one = trial(
        "Ask: How close?\n  scale 1 to 3, save as c\nAsk: How warm?\n  scale 1 to 3, save as w\n{c} and {w}.\nEnd: Bye."
    )
    one.begin()
    one.hear("1")
    assert texts(one.hear("go back")) == ["How close?"]
    one.hear("3")
    assert texts(one.hear("2"))[0] == "3 and 2."


def test_there_is_nothing_before_the_first_question() -> None:
    one = trial("Ask: How close?\n  scale 1 to 3, save as c\nEnd: Bye.")
    one.begin()
    assert texts(one.hear("back"))[-1] == "How close?"


def test_why_is_answered_and_the_question_comes_again() -> None:
    one = trial("Ask: How close?\n  scale 1 to 3, save as c\nEnd: Bye.")
    one.begin()
    said = texts(one.hear("why do you ask?"))
    assert said[0] in [text.replace("{counsellor}", "Dr. Lee") for text in ScriptWords.load().texts["why"]]
    assert said[1] == "How close?"


def test_any_question_may_be_skipped_as_the_answer_to_why_says() -> None:
    one = trial("Ask: How close?\n  scale 1 to 10, save as c\nEnd: Bye.")
    one.begin()
    said = texts(one.hear("why do you ask?"))[0]
    assert "skip" in said or "leave it open" in said
    assert texts(one.hear("skip")) == ["Bye."]


def test_stop_ends_and_pause_keeps_the_place() -> None:
    one = trial("Ask: How close?\n  scale 1 to 3, save as c\nEnd: Bye.")
    one.begin()
    assert "continue" in texts(one.hear("pause"))[0]
    assert texts(one.hear("continue"))[-1] == "How close?"
    one.hear("stop")
    assert one.done


def test_who_comes_back_after_three_days_is_met_where_they_were() -> None:
    one = trial("Ask: What stood out?\n  free text, save as note\nEnd: Bye.")
    one.begin()
    one.world.local += timedelta(days=3)
    said = texts(one.hear("hello"))
    assert said[1] == "What stood out?"
    assert not one.done
    one.hear("He sang in the kitchen.")
    assert one.done


def test_a_real_answer_after_three_days_is_taken() -> None:
    one = trial("Ask: What stood out?\n  free text, save as note\nYou said: {note}\nEnd: Bye.")
    one.begin()
    one.world.local += timedelta(days=3)
    assert texts(one.hear("He sang in the kitchen on Sunday."))[0] == "You said: He sang in the kitchen on Sunday."


def test_no_more_than_two_bubbles_come_before_the_client_can_answer() -> None:
    one = trial("One.\n\nTwo.\n\nThree.\n\nFour.\n\nAsk: Ok?\n  yes or no, save as ok\nEnd: Bye.")
    first = one.begin()
    assert texts(first) == ["One.", "Two."] and first[-1].buttons == ["Go on"]
    second = one.hear("Go on")
    assert texts(second) == ["Three.", "Four."]
    assert texts(one.hear("ok")) == ["Ok?"]


def test_another_script_runs_and_comes_back() -> None:
    one = trial("Before.\nRun Step review\nAfter.\nEnd: All done.")
    assert texts(one.begin()) == ["Before.", "Bye."]
    assert texts(one.hear("go on")) == ["After.", "All done."]
    assert one.done


def test_wait_waits_and_go_on_ends_it() -> None:
    one = trial("Sit down.\nWait: 5 minutes\nWelcome back.\nEnd: Bye.")
    assert "5 minutes" in one.begin()[-1].text
    assert texts(one.hear("hm"))[0] in ScriptWords.load().texts["waiting"]
    assert texts(one.hear("go on")) == ["Welcome back.", "Bye."]


def test_several_choices_are_tapped_one_by_one() -> None:
    one = trial("Ask: Which?\n  pick several, save as w\n  - Walk\n  - Talk\n  - Rest\nSo {w}.\nEnd: Bye.")
    one.begin()
    assert one.hear("Walk")[-1].buttons == ["Talk", "Rest", "That's all"]
    one.hear("Rest")
    assert texts(one.hear("That's all"))[0] == "So Walk, Rest."


def test_wordings_take_turns_and_a_missing_name_leaves_no_gap() -> None:
    one = trial("Hello, {name}.\nAsk: Ok?\n  yes or no, save as ok\nEnd: Bye.", name="")
    assert texts(one.begin())[0] == "Hello."


def test_an_idea_can_be_declined() -> None:
    one = trial("Suggest: kindness, free, save as step\nHomework: {step}\nEnd: Bye.")
    one.begin()
    assert texts(one.hear("none of these")) == ["Bye."]


def test_with_the_lock_nothing_aims_at_the_partner() -> None:
    one = trial("Suggest: kindness, save as step\nHomework: Tell {partner} how you feel.\nEnd: Bye.")
    one.world.locked = True
    offer = one.begin()
    assert "you" in offer[-1].text
    said = texts(one.hear(offer[-1].buttons[0]))
    assert not any("how you feel" in text for text in said)
    chosen = trial("Suggest: kindness, save as step\nHomework: {step}\nEnd: Bye.")
    chosen.world.locked = True
    title = chosen.begin()[-1].buttons[0]
    assert title in texts(chosen.hear(title))[0], "what is for oneself alone stays"
    couples = trial("Hello.\nEnd: Bye.", head="Script: T\nFor: couples\n# Start\n")
    couples.world.locked = True
    assert texts(couples.begin())[0] != "Hello." and couples.done


def test_helplines_are_shown_as_safety_says_them() -> None:
    one = trial("Show: helplines\nEnd: Bye.")
    assert texts(one.begin()) == [gate().say("help_now")[-1].text, "Bye."]


def test_a_note_is_asked_about_line_by_line() -> None:
    one = trial("Note to counsellor: a hard week\nEnd: Bye.")
    asked = one.begin()
    assert "a hard week" in asked[0].text and asked[0].buttons == ["Yes, share it", "No, keep it private"]
    assert texts(one.hear("no")) == ["Bye."]
    two = trial("Note to counsellor: a hard week\nEnd: Bye.")
    two.begin()
    assert "[The counsellor would see: note: a hard week]" in texts(two.hear("yes"))


def test_a_note_that_only_tells_answers_that_were_skipped_is_not_asked_about() -> None:
    script = (
        "Ask: How close?\n  scale 1 to 10, optional, save as close\nNote to counsellor: Closeness: {close}.\nEnd: Bye."
    )
    skipped, told = trial(script), trial(script)
    skipped.begin()
    assert texts(skipped.hear("skip")) == ["Bye."]
    told.begin()
    assert "Closeness: 3." in texts(told.hear("3"))[0]


def test_an_answer_that_is_said_back_as_a_sentence_gets_its_full_stop() -> None:
    one = trial(
        'Ask: When?\n  free text, optional, save as when\n  - Tonight\n"{when}" All right, "{when}" it is.\nEnd: Bye.'
    )
    one.begin()
    assert texts(one.hear("Tonight"))[0] == '"Tonight." All right, "Tonight" it is.'
    two = trial('Ask: When?\n  free text, optional, save as when\n"{when}" All right.\nEnd: Bye.')
    two.begin()
    assert texts(two.hear("skip"))[0] == "All right."


def test_there_are_twelve_templates_and_more() -> None:
    assert len(scripts_in(SHIPPED / "templates")) >= 12


TEMPLATES = sorted([*(SHIPPED / "templates").glob("*.txt"), Path(__file__).parent / "week_1.txt"])


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_every_walk_through_a_template_ends_and_keeps_the_rules(file: Path) -> None:
    found, problems = check_text(read_file(file), known_beside(file))
    assert problems == ()
    for seed in range(12):
        chance = random.Random(seed)
        one = Trial(found.script, {**scripts_in(SHIPPED / "templates"), **known().scripts}, gate(), AT, GIVEN)
        bubbles = one.begin()
        for _ in range(120):
            said = [bubble for bubble in bubbles if not bubble.text.startswith("[")]
            assert said and (len(said) <= 2 or one.done), texts(bubbles)
            assert all("{" not in bubble.text for bubble in bubbles)
            if one.done:
                break
            buttons = next((bubble.buttons for bubble in reversed(bubbles) if bubble.buttons), [])
            bubbles = one.hear(chance.choice(buttons) if buttons else "We laughed in the kitchen on Sunday.")
        assert one.done, f"seed {seed}"


def test_at_every_step_of_random_walks_a_crisis_is_answered_before_the_script() -> None:
    crises = [text for _, text in messages("explicit")]
    scripts = {**scripts_in(SHIPPED / "templates"), **known().scripts}
    sources = [read_file(file) for file in TEMPLATES]
    for seed in range(300):
        chance = random.Random(seed)
        one = Trial(read(chance.choice(sources)).script, scripts, gate(), AT, GIVEN)
        bubbles = one.begin()
        for _ in range(chance.randint(0, 12)):
            if one.done:
                break
            buttons = next((bubble.buttons for bubble in reversed(bubbles) if bubble.buttons), [])
            bubbles = one.hear(chance.choice(buttons) if buttons else "We laughed in the kitchen.")
        crisis = chance.choice(crises)
        before = dict(one._running.state["answers"])
        said = one.hear(crisis)
        expected = gate().answer(gate().screen(crisis), None, ())
        assert texts(said) == [bubble.text for bubble in expected]
        assert one._running.state["answers"] == before, "the script heard it"
