"""A house that takes buttons only: what counts as one, what is answered to all else, and what the engine ever gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.buttons_only import PAYLOADS, ButtonsOnly, ButtonWords
from bot.conversation.messages import Choice, Kind, Outgoing
from bot.conversation.turns import TurnRunner
from bot.engine.reply import Reply
from bot.errors import ContentError, SettingsError
from bot.memory.database import Database
from bot.memory.models import ConversationRow
from bot.memory.scripts import assign, publish
from bot.memory.turn import Turn, current_turn, person_of
from bot.scripts.allowed import ButtonScripts
from bot.scripts.answers import button_meant
from bot.scripts.tree import plain
from bot.settings import PROJECT
from tests.conftest import MovedClock
from tests.conversation.house import Rig

WORDS = ButtonWords.load(PROJECT / "data" / "buttons_only.yml")
BY_BUTTONS = "Script: Small talk\n# Start\nAsk: How was it?\n  - Good\n  - Bad\n  save as mood\nEnd: Thank you.\n"
BY_WORDS = "Script: Diary\n# Start\nAsk: How was it?\n  free text, save as mood\nEnd: Thank you.\n"
LEADS_THERE = "Script: Detour\n# Start\nRun Diary\nEnd: Bye.\n"


class House(Rig):
    """A rig whose engine behaves like a script with one open question."""

    def __init__(self, database: Database, clock: MovedClock) -> None:
        super().__init__(database, clock)
        self.runner.buttons = ButtonsOnly(ButtonScripts(database), WORDS)
        self.pressed: list[str] = []
        self.buttons: tuple[str, ...] = ()
        self.engine.does = self._script

    def publish(self, *sources: str) -> None:
        for source in sources:
            name = source.splitlines()[0].removeprefix("Script: ")
            publish(self.database, plain(name), name, source, 1.0)

    def asks(self, *titles: str) -> None:
        """From now on a script runs that offers these."""
        self.publish(BY_BUTTONS)
        self.buttons = titles
        self.says("/start", kind=Kind.TEXT)
        self.says("small talk")

    def _script(self, text: str) -> Sequence[Reply]:
        turn = current_turn()
        assert turn is not None and turn.buttons_only
        self.pressed.append(turn.pressed)
        if text == "/begin_script":
            begun = turn.state.pop("begin")
            turn.state["script"] = {"name": begun["script"], "code": begun["code"], "buttons_only": True}
            turn.state["disclosed_at"] = turn.now
        return [Reply("and?", tuple({"title": title, "payload": title} for title in self.buttons))]

    def state(self, who: str = "anna") -> dict[str, object]:
        with self.database.session() as session:
            conversation = session.get(ConversationRow, f"web:{who}")
            return Turn(session, conversation, person_of(session, conversation), self.clock()).state


@pytest.fixture
def house(tmp_path: Path, clock: MovedClock, master) -> Iterator[House]:  # type: ignore[no-untyped-def]
    database = Database(f"sqlite:///{tmp_path / 'toward.db'}", master)
    database.upgrade()
    house = House(database, clock)
    yield house
    house.close()
    database.close()


def titles(said: Sequence[Outgoing]) -> list[str]:
    return list(said[-1].buttons)


def test_somebody_new_learns_that_this_is_a_program_and_sees_the_scripts_that_go_by_buttons(house: House) -> None:
    house.publish(BY_BUTTONS, BY_WORDS, LEADS_THERE)
    said = house.says("my husband never talks to me")
    assert "program" in said[0].text and titles(said) == ["Small talk"]
    assert house.engine.heard == []


def test_where_nothing_is_published_a_plain_sentence_says_so(house: House) -> None:
    assert "Nothing can be begun" in house.says("hello")[0].text
    again = house.says("hello?")
    assert titles(again) == [] and "help now" in again[0].text


@pytest.mark.parametrize("typed", ["A walk", "a walk!", "A wlak", "1", "the first one", "number 1", "  A  WALK  "])
def test_a_button_works_typed_with_a_slip_by_its_place_and_by_its_words(house: House, typed: str) -> None:
    house.asks("A walk", "Tea together", "Later, please")
    house.says(typed)
    assert house.pressed[-1] == "A walk" and house.engine.heard[-1] == "/script_due"


@pytest.mark.parametrize("typed", ["7", "seven", "7/10", "7 out of ten", "7."])
def test_a_number_of_the_scale_is_a_button(house: House, typed: str) -> None:
    house.asks(*map(str, range(1, 11)))
    house.says(typed)
    assert house.pressed[-1] == "7"


@pytest.mark.parametrize("typed", ["11", "0", "7 times he left", "I would say 7", "between 3 and 4", "the 7 of us"])
def test_a_number_in_a_sentence_or_off_the_scale_is_not_read(house: House, typed: str) -> None:
    house.asks(*map(str, range(1, 11)))
    before = len(house.engine.heard)
    said = house.says(typed)
    assert len(house.engine.heard) == before and titles(said) == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(
    ("typed", "meant"), [("yeah", "Yes"), ("nope", "No"), ("not sure", "Not sure"), ("yes, but he lies", None)]
)
def test_a_bare_yes_is_the_yes_button_and_a_sentence_that_begins_with_yes_is_not(typed: str, meant: str | None) -> None:
    assert button_meant(typed, ["Yes", "No", "Not sure"]) == meant


def test_a_button_that_is_called_like_a_command_is_the_button(house: House) -> None:
    house.asks("Now", "Later")
    house.says("later")
    assert house.pressed[-1] == "Later"


@pytest.mark.parametrize("word", ["stop", "pause", "back", "why"])
def test_the_words_that_always_work_are_said_to_the_script(house: House, word: str) -> None:
    house.asks("Good", "Bad")
    house.says(word.upper() + ".")
    assert house.pressed[-1] == word and house.engine.heard[-1] == "/script_due"


def test_continue_asks_the_open_question_again_or_presses_go_on(house: House) -> None:
    house.asks("Good", "Bad")
    house.says("continue")
    assert house.pressed[-1] == "" and house.engine.heard[-1] == "/script_due"
    house.buttons = ("Go on",)
    house.says("Bad")
    house.says("continue")
    assert house.pressed[-1] == "Go on"


def test_privacy_and_forgetting_reach_the_coach_and_help_is_answered_here(house: House) -> None:
    house.asks("Good", "Bad")
    helped = house.says("help", kind=Kind.COMMAND)
    assert "forget me" in helped[0].text and titles(helped) == ["Good", "Bad", "Help now"]
    house.says("privacy")
    house.says("Forget me.")
    house.says("take back what I shared")
    assert house.engine.heard[-3:] == ["/ask_privacy", "/ask_forget", "/script_due"]
    assert house.pressed[-1] == "take back what i shared"


def test_free_text_is_refused_kindly_twice_and_then_a_way_out_is_named(house: House) -> None:
    house.asks("Good", "Bad")
    before = len(house.engine.heard)
    said = [house.says(f"and then we talked about the garden {n}")[0] for n in range(22)]
    assert len({bubble.text for bubble in said}) == 22
    assert not any("help now" in bubble.text for bubble in said[:2])
    assert all("help now" in bubble.text.lower() for bubble in said[2:])
    assert all(bubble.buttons == ("Good", "Bad") for bubble in said)
    assert len(house.engine.heard) == before


def test_a_button_in_between_begins_the_count_anew(house: House) -> None:
    house.asks("Good", "Bad")
    for _ in range(3):
        house.says("well you see")
    house.says("good")
    assert "help now" not in house.says("well you see")[0].text.lower()


def test_nothing_of_what_was_typed_is_kept_but_what_safety_reads_again(house: House) -> None:
    house.asks("Good", "Bad")
    house.says("the marigolds came up on tuesday")
    state = house.state()
    assert "marigolds" in json.dumps(state.pop("safety"))
    assert "marigolds" not in json.dumps(state) and "marigolds" not in json.dumps(house.remembered())


def test_danger_is_answered_by_safety_and_only_continue_leads_back(house: House) -> None:
    house.asks("Good", "Bad")
    before = len(house.engine.heard)
    house.says("I want to kill myself")
    back = house.says("the good one of these days")
    assert titles(back) == ["Continue", "Small talk"]
    assert len(house.engine.heard) == before
    house.says("continue")
    assert house.pressed[-1] == "continue"


def test_what_safety_asks_does_not_take_the_scripts_buttons_away(house: House) -> None:
    house.asks(*map(str, range(1, 11)))
    asked = house.says("some days I just want to disappear")
    assert asked[0].buttons == ("Yes", "No", "Not sure")
    house.says("no")
    house.says("8")
    assert house.pressed[-1] == "8"


def test_a_tap_on_a_button_of_an_earlier_question_answers_nothing(house: House) -> None:
    house.asks("Good", "Bad")
    earlier = house.says("continue")[0]
    house.buttons = ("Morning", "Evening")
    house.taps(earlier, 0)
    before = len(house.engine.heard)
    assert titles(house.says("", kind=Kind.CHOICE, choice=Choice(earlier.id, 1))) == ["Morning", "Evening"]
    assert len(house.engine.heard) == before


def test_a_voice_note_or_a_sticker_is_answered_with_the_buttons(house: House) -> None:
    house.asks("Good", "Bad")
    said = house.says("voice", kind=Kind.UNREADABLE)
    assert titles(said) == ["Good", "Bad"] and said[0].text in WORDS.texts["not_read"]


def test_exercises_that_need_words_do_not_begin_by_a_command(house: House) -> None:
    house.asks("Good", "Bad")
    before = len(house.engine.heard)
    for command in ("pattern", "kindness", "checkin"):
        assert titles(house.says(command, kind=Kind.COMMAND)) == ["Good", "Bad"]
    assert len(house.engine.heard) == before


def test_a_code_for_a_script_with_free_text_is_refused_kindly(house: House) -> None:
    house.publish(BY_BUTTONS, BY_WORDS, LEADS_THERE)
    for name in ("Diary", "Detour"):
        code = assign(house.database, name, "Dr. Lee", 2.0)
        said = house.says(f"start {code}", kind=Kind.COMMAND)
        assert said[0].text in WORDS.texts["not_here"] and titles(said) == ["Small talk"]
    assert house.engine.heard == []
    house.says(f"start {assign(house.database, 'Small talk', 'Dr. Lee', 3.0)}", kind=Kind.COMMAND)
    assert house.engine.heard == ["/begin_script"]


def test_script_mode_offers_its_script_and_nothing_else(house: House) -> None:
    house.publish(BY_BUTTONS, BY_WORDS)
    house.runner.script = "Small talk"
    house.says("hi")
    assert house.engine.heard == ["/begin_script"]


def test_whoever_starts_a_house_with_a_script_of_free_text_is_told_line_and_cure(house: House) -> None:
    house.publish(BY_BUTTONS, BY_WORDS, LEADS_THERE)
    scripts = ButtonScripts(house.database)
    with pytest.raises(SettingsError) as told:
        scripts.refuse("Diary")
    assert "Error, line 3" in str(told.value) and "Offer choices instead" in str(told.value)
    assert "Ask: How was it?" in str(told.value)
    with pytest.raises(SettingsError, match=r'line 3: .*"Diary" asks for "free text"'):
        scripts.refuse("Detour")
    with pytest.raises(SettingsError, match='Did you mean "Small talk"'):
        scripts.refuse("Small tlak")
    with pytest.raises(SettingsError, match=r"Error, line \d+: .*\n    Ask: "):
        scripts.refuse("Step review")  # ships with Toward
    scripts.refuse("Small talk")


def test_a_reminder_of_free_talk_stays_quiet_and_takes_no_buttons_away(house: House) -> None:
    house.asks("Good", "Bad")
    assert house.says("999", kind=Kind.REMINDER) == []
    house.says("bad")
    assert house.pressed[-1] == "Bad"


def test_a_file_without_a_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "words.yml").write_text("menu: [Here you are]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"no wording for .*not_read"):
        ButtonWords.load(tmp_path / "words.yml")


TEXTS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        ["/confirm_forget", '/ask_kindness{"x":"y"}', "script:Diary", "word:stop", "Diary", "yes", "Good.", "2", "👍"]
    ),
    st.sampled_from(["feel so unseen by him", "give me an idea", "ok", "go on", "forget me", "/stop", "<b>", "\u200b"]),
)
ACTS = st.lists(st.tuples(st.sampled_from(["text", "command", "tap", "edit"]), TEXTS), min_size=1, max_size=6)


@given(acts=ACTS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_written_the_engine_gets_payloads_of_the_house_and_scripts_get_titles_that_were_offered(
    house: House, acts: list[tuple[str, str]]
) -> None:
    house.publish(BY_BUTTONS, BY_WORDS)
    who = f"somebody{house.clock()}"
    house.clock.move(seconds=1)
    house.buttons = ("Good", "Bad", "Not sure")
    house.engine.heard.clear()
    house.pressed.clear()
    bubbles = house.says("hello", who) + house.says("Small talk", who)
    for how, text in acts:
        if how == "tap" and bubbles and bubbles[-1].buttons:
            choice = Choice(bubbles[-1].id, len(text) % (len(bubbles[-1].buttons) + 1))
            said = house.says("", who, kind=Kind.CHOICE, choice=choice)
        else:
            kind = {"command": Kind.COMMAND, "edit": Kind.EDIT}.get(how, Kind.TEXT)
            said = house.says(text.strip("\0"), who, kind=kind)
        assert len(said) <= 3
        bubbles += said
    assert set(house.engine.heard) <= PAYLOADS
    words = {"", "stop", "pause", "back", "why", "continue", "take back what i shared"}
    assert set(house.pressed) <= words | set(house.buttons)


def test_a_message_that_waits_is_not_read_ahead_for_understanding(house: House) -> None:
    house.engine.expect = lambda text: pytest.fail("nothing may be prepared")  # type: ignore[method-assign]
    runner: TurnRunner = house.runner
    runner.expect("my husband never talks to me")
