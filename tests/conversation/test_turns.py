"""A turn: one message in, its answer out, everything committed together; on SQLite and on PostgreSQL."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.messages import Choice, Kind
from bot.conversation.turns import readable
from bot.engine.reply import Reply
from bot.errors import MemoryFault
from bot.memory.models import ConversationRow, InboxRow, MemoryRow, OutboxRow, PersonKeyRow, PersonRow, ReminderRow
from bot.memory.turn import current_turn
from tests.conversation.house import Rig


def rows(rig: Rig, table: type) -> int:
    with rig.database.session() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0)


def test_what_a_person_writes_is_answered_once(rig: Rig) -> None:
    assert [bubble.text for bubble in rig.says("he was kind today")] == ["heard: he was kind today"]
    assert rig.answer() == 0


def test_a_repeated_delivery_changes_nothing(rig: Rig) -> None:
    assert rig.arrives("hello there", key="same") is not None
    assert rig.arrives("hello there", key="same") is None
    assert rig.answer() == 1
    assert rig.arrives("hello there", key="same") is None
    assert rig.answer() == 0
    assert rig.remembered() == {"count": 1}


def test_the_same_message_number_from_two_people_is_two_messages(rig: Rig) -> None:
    assert rig.arrives("from anna", key="1") is not None
    assert rig.arrives("from ben", who="ben", key="1") is not None


def test_messages_are_answered_in_the_order_they_came(rig: Rig) -> None:
    for word in ("first thing", "second thing", "third thing"):
        rig.arrives(word)
    rig.answer()
    assert [bubble.text for bubble in rig.collect()] == [
        "heard: first thing",
        "heard: second thing",
        "heard: third thing",
    ]


def test_a_second_tap_on_the_same_button_changes_nothing(rig: Rig) -> None:
    rig.engine.does = lambda text: [
        Reply("choose", ({"title": "Tea", "payload": "/tea"}, {"title": "Walk", "payload": "/walk"}))
    ]
    bubble = rig.says("what could i do")[0]
    assert rig.taps(bubble, 1)
    assert rig.taps(bubble, 1) == []
    assert rig.taps(bubble, 0) == []
    assert rig.engine.heard == ["what could i do", "/walk"]


def test_a_button_also_works_typed(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("choose", ({"title": "A small kindness", "payload": "/ask_kindness"},))]
    rig.says("what now")
    rig.says("a small kindness!")
    assert rig.engine.heard[-1] == "/ask_kindness"


def test_a_tap_on_somebody_elses_button_is_not_obeyed(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("choose", ({"title": "Forget me", "payload": "/confirm_forget"},))]
    bubble = rig.says("hello out there")[0]
    rig.taps(bubble, 0, who="ben")
    assert rig.engine.heard == ["hello out there"]


@pytest.mark.parametrize("choice", [Choice(10**9, 0), Choice(1, 99), Choice(1, -1)])
def test_a_tap_on_a_button_that_never_was_is_answered_kindly(rig: Rig, choice: Choice) -> None:
    rig.says("hello out there")
    assert rig.says("", kind=Kind.CHOICE, choice=choice)
    assert rig.engine.heard == ["hello out there"]


@pytest.mark.parametrize("typed", ['/affirm{"a": 1}', "/restart", "//confirm_forget", "/session_start"])
def test_a_command_to_rasa_typed_by_a_person_is_text(rig: Rig, typed: str) -> None:
    rig.says(typed)
    assert not rig.engine.heard[-1].startswith("/")


def test_a_known_command_reaches_the_coach(rig: Rig) -> None:
    rig.says("help", kind=Kind.COMMAND)
    rig.says("start abc", kind=Kind.COMMAND)
    assert rig.engine.heard == ["/ask_help", "/start"]


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b\u200d\ufeff", "\x00\x00"])
def test_an_empty_message_gets_a_question_and_not_silence(rig: Rig, nothing: str) -> None:
    assert len(rig.says(nothing)) == 1
    assert rig.engine.heard == []


@pytest.mark.parametrize("signs", ["😭😭😭", "...", "💔", "?!"])
def test_a_message_without_words_is_asked_about(rig: Rig, signs: str) -> None:
    assert len(rig.says(signs)) == 1
    assert rig.engine.heard == []


@pytest.mark.parametrize(
    "sort", ["voice", "photo", "sticker", "file", "location", "contact", "poll", "group", "other", "new_kind"]
)
def test_what_can_not_be_read_is_said_so(rig: Rig, sort: str) -> None:
    assert len(rig.says(sort, kind=Kind.UNREADABLE)) == 1


def test_a_very_long_message_is_read_at_both_ends_and_screened_whole(rig: Rig) -> None:
    filler = "we sit there and nothing is said at all. " * 2500
    rig.says("it began last winter. " + filler + " and tonight he smiled")
    assert len(rig.engine.heard[-1]) < 13_000
    assert rig.engine.heard[-1].startswith("it began") and rig.engine.heard[-1].endswith("smiled")
    danger = rig.says(filler + " i want to kill myself. " + filler, who="ben")
    assert len(rig.engine.heard) == 1, "safety answers; the coach is not asked"
    assert len(danger) >= 1


def test_an_alarm_pauses_reminders_and_the_coach_is_not_asked(rig: Rig) -> None:
    def remind(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        turn.remind("follow_up", rig.clock() + 3600, {})

    rig.engine.does = remind  # type: ignore[assignment]
    rig.says("let us plan something")
    assert rig.says("I am going to kill myself tonight")
    with rig.database.session() as session:
        assert [row.state for row in session.scalars(sa.select(ReminderRow))] == ["paused"]
    rig.clock.move(hours=2)
    assert rig.boxes.ring(rig.clock()) == []


def test_an_alarm_is_answered_when_the_engine_raises(rig: Rig) -> None:
    def fails(text: str) -> None:
        raise RuntimeError("no model")

    rig.engine.does = fails  # type: ignore[assignment]
    assert any("?" in bubble.text or "call" in bubble.text.lower() for bubble in rig.says("i want to end my life"))


def test_a_failing_turn_is_answered_kindly_changes_nothing_and_logs_no_words(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(text: str) -> None:
        raise ValueError(f"could not read {text}")

    logging.disable(logging.NOTSET)
    rig.engine.does = fails  # type: ignore[assignment]
    bubbles = rig.says("my secret sentence")
    assert len(bubbles) == 1
    assert rig.remembered() == {}, "what the failing turn remembered is not kept"
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_a_message_that_killed_the_process_three_times_is_answered_without_the_engine(rig: Rig) -> None:
    def dies(text: str) -> None:
        raise SystemExit("killed")

    rig.engine.does = dies  # type: ignore[assignment]
    rig.arrives("the one that crashes")
    for _ in range(2):
        rig.restart()
        with pytest.raises(SystemExit):
            rig.answer()
    rig.restart()
    assert rig.answer() == 1
    assert len(rig.collect()) == 1
    assert len(rig.engine.heard) == 2, "at the third start the engine is not asked again"


def test_another_message_is_not_blamed_for_a_death(rig: Rig) -> None:
    rig.arrives("nothing wrong with this one")
    for _ in range(5):
        rig.restart()
    assert rig.answer() == 1
    assert [bubble.text for bubble in rig.collect()] == ["heard: nothing wrong with this one"]


def test_when_the_commit_fails_nothing_is_kept_and_the_message_waits(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.arrives("keep this please")
    with monkeypatch.context() as broken:
        broken.setattr("sqlalchemy.orm.Session.commit", _refuse)
        with pytest.raises(MemoryFault):
            rig.answer()
    assert rig.collect() == []
    assert rig.answer() == 1
    assert rig.remembered() == {"count": 1}
    assert len(rig.collect()) == 1


def _refuse(*_: object) -> None:
    raise sa.exc.OperationalError("COMMIT", None, Exception("disk full"))


def test_a_reminder_rings_once_through_the_same_path(rig: Rig) -> None:
    def remind(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        if not text.startswith("/"):
            turn.remind("follow_up", rig.clock() + 3600, {"note": 1})

    rig.engine.does = remind  # type: ignore[assignment]
    rig.says("remind me please")
    assert rig.boxes.ring(rig.clock()) == []
    rig.clock.move(hours=2)
    assert rig.boxes.ring(rig.clock()) == ["web:anna"]
    assert rig.boxes.ring(rig.clock()) == []
    assert rig.answer() == 1
    assert rig.engine.heard[-1] == "/follow_up_due"


def test_no_words_of_a_person_stand_in_the_database(rig: Rig) -> None:
    secret = "the blue heron by the pier"
    rig.engine.does = lambda text: [Reply(f"you said {secret}")]
    rig.arrives(secret)
    with rig.database.engine.connect() as connection:
        dump = "".join(
            repr(row)
            for table in ("inbox", "outbox", "conversation", "memory")
            for row in connection.execute(sa.text(f"SELECT * FROM {table}"))
        )
    rig.answer()
    with rig.database.engine.connect() as connection:
        for table in ("inbox", "outbox", "conversation", "memory", "reminder"):
            for row in connection.execute(sa.text(f"SELECT * FROM {table}")):
                dump += repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
    assert "heron" not in dump
    assert any(secret in bubble.text for bubble in rig.collect())


def test_the_words_of_a_message_are_dropped_once_it_is_answered(rig: Rig) -> None:
    rig.says("only for this moment")
    with rig.database.session() as session:
        assert session.scalars(sa.select(InboxRow)).one().text is None


def test_erasing_leaves_nothing_but_the_goodbye(rig: Rig) -> None:
    def forget(text: str) -> list[Reply] | None:
        turn = current_turn()
        assert turn is not None
        if text == "wipe it all":
            turn.erase()
            return [Reply("it is done")]
        turn.remind("follow_up", rig.clock() + 60, {})
        return None

    rig.engine.does = forget
    rig.says("something private")
    with rig.database.session() as session:
        person = session.scalars(sa.select(PersonRow)).one().id
    assert [bubble.text for bubble in rig.says("wipe it all")] == ["it is done"]
    with rig.database.session() as session:
        assert session.get(PersonKeyRow, person) is None
        assert session.get(PersonRow, person) is None
    assert rows(rig, MemoryRow) == 0
    assert rows(rig, ReminderRow) == 0
    assert rows(rig, OutboxRow) == 1
    assert rig.says("hello again, stranger")[0].text == "heard: hello again, stranger"


def test_what_is_not_needed_any_more_is_dropped_after_a_day(rig: Rig) -> None:
    rig.says("no consent was given")
    rig.clock.move(days=2)
    rig.boxes.tidy(rig.clock())
    with rig.database.session() as session:
        row = session.get(ConversationRow, "web:anna")
        assert row.tracker is None and row.state is None
    assert rows(rig, OutboxRow) == 0
    rig.clock.move(days=7)
    rig.boxes.tidy(rig.clock())
    assert rows(rig, InboxRow) == 0


def test_a_person_who_agreed_is_still_known_after_two_days(rig: Rig) -> None:
    def agree(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)

    rig.engine.does = agree  # type: ignore[assignment]
    rig.says("yes you may remember")
    rig.clock.move(days=2)
    rig.boxes.tidy(rig.clock())
    with rig.database.session() as session:
        assert session.get(ConversationRow, "web:anna").state is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), max_size=300))
def test_whatever_is_written_gets_an_answer(rig: Rig, text: str) -> None:
    assert 1 <= len(rig.says(text)) <= 3


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), max_size=30_000))
@settings(max_examples=50, deadline=None)
def test_what_rasa_reads_can_always_be_encoded_and_is_bounded(text: str) -> None:
    kept = readable(text)
    kept.encode("utf-8")
    assert len(kept) <= 12_001 and "\x00" not in kept
