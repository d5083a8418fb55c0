"""Notes that nobody answers: three, and then the coach keeps quiet until the person writes again."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from bot.memory.models import ConversationRow, ReminderRow, keys_at_hand
from tests.conversation.house import Rig


def sets(rig: Rig, days: int, kind: str = "follow_up", **data: object) -> None:
    with rig.database.session() as session:
        conversation = session.get(ConversationRow, "web:anna")
        with keys_at_hand(rig.database.keyring, conversation.person_id):
            due = rig.clock() + days * 86400
            row = ReminderRow(person_id=conversation.person_id, conversation_id="web:anna", kind=kind, due_at=due)
            row.data, row.state = json.dumps(data), "waiting"
            session.add(row)
            session.commit()


def a_day_passes(rig: Rig) -> list[str]:
    rig.clock.move(days=1, seconds=1)
    rig.boxes.ring(rig.clock())
    rig.answer()
    return [bubble.text for bubble in rig.collect()]


def test_three_ignored_notes_pause_the_next_ones_until_the_person_writes(rig: Rig) -> None:
    rig.says("hello")
    for days in range(1, 7):
        sets(rig, days)
    assert [len(a_day_passes(rig)) for _ in range(5)] == [1, 1, 1, 0, 0]
    rig.says("hello again")
    # The sixth comes on its day, and those that were held come again, a day after the person was back.
    assert len(a_day_passes(rig)) == 3


def test_a_word_in_between_is_an_answer(rig: Rig) -> None:
    rig.says("hello")
    for days in range(1, 6):
        sets(rig, days)
    assert [len(a_day_passes(rig)) for _ in range(2)] == [1, 1]
    rig.says("not now")
    assert [len(a_day_passes(rig)) for _ in range(3)] == [1, 1, 1]


def test_a_note_that_comes_each_week_and_was_held_comes_back_on_its_own_day(rig: Rig) -> None:
    rig.says("hello")
    for days in range(1, 4):
        sets(rig, days)
    # It is Friday, 08:00; the weekly note falls due on Tuesday and is held.
    sets(rig, 4, "script", every=[1], at="19:30", script="Fifteen minutes for two", chosen=True)
    assert [len(a_day_passes(rig)) for _ in range(4)] == [1, 1, 1, 0]
    rig.says("hello again")
    with rig.database.session() as session, keys_at_hand(rig.database.keyring):
        (again,) = session.query(ReminderRow).filter(ReminderRow.state == "waiting")
        assert f"{datetime.fromtimestamp(again.due_at, timezone.utc):%A %H:%M}" == "Tuesday 19:30"
        assert again.due_at - rig.clock() < 7 * 86400


def test_timers_of_an_exercise_are_no_notes(rig: Rig) -> None:
    rig.says("hello")
    for days in range(1, 6):
        sets(rig, days, "script_timer")
    assert all(len(a_day_passes(rig)) == 1 for _ in range(5))


def test_an_alarm_pauses_what_was_held_too(rig: Rig) -> None:
    rig.says("hello")
    for days in range(1, 5):
        sets(rig, days)
    assert [len(a_day_passes(rig)) for _ in range(4)] == [1, 1, 1, 0]
    rig.says("I want to kill myself")
    assert a_day_passes(rig) == []


def test_the_zone_of_a_page_is_kept_in_the_conversations_state_with_the_next_message(rig: Rig) -> None:
    rig.runner.note_zone("web:anna", "Pacific/Auckland")
    rig.says("hello")
    with rig.database.session() as session, keys_at_hand(rig.database.keyring):
        state = json.loads(session.get(ConversationRow, "web:anna").state)
    assert state["page_zone"] == "Pacific/Auckland"
    assert "zone" not in rig.remembered()
