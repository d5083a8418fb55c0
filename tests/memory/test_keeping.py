"""How long what is kept: by the clock, for people who agreed and who didn't, and what is left of somebody erased."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.messages import Kind
from bot.engine.reply import Reply
from bot.memory.crypto import MasterKey
from bot.memory.database import Database
from bot.memory.keeping import DAY, Keep, overdue
from bot.memory.models import (
    Base,
    ConversationRow,
    InboxRow,
    OutboxRow,
    PersonKeyRow,
    PersonRow,
    ReminderRow,
    SharedRow,
    keys_at_hand,
)
from bot.memory.turn import current_turn, erase_person
from tests.conversation.house import Rig

KEEP = Keep.for_days(90)


@pytest.fixture(autouse=True)
def _keeps_ninety_days(rig: Rig) -> None:
    rig.boxes.keep = KEEP


def left(rig: Rig, table: type) -> int:
    with rig.database.session() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def agree(rig: Rig) -> None:
    def does(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)

    rig.engine.does = does  # type: ignore[assignment]
    rig.says("yes, remember")
    rig.engine.does = lambda text: None


def begin_erasing(rig: Rig) -> None:
    def does(text: str) -> list[Reply]:
        turn = current_turn()
        assert turn is not None
        turn.erase()
        return [Reply("it is done")]

    rig.engine.does = does


def tidy_after(rig: Rig, days: float) -> None:
    rig.clock.move(days=days)
    rig.boxes.tidy(rig.clock())


def test_somebody_who_agreed_is_kept_as_long_as_the_house_says_and_then_erased_wholly(rig: Rig) -> None:
    agree(rig)
    tidy_after(rig, 89)
    assert left(rig, PersonKeyRow) == 1 and rig.remembered()
    assert overdue(rig.database, rig.clock(), KEEP) == 0
    rig.clock.move(days=2)
    assert overdue(rig.database, rig.clock(), KEEP) == 1
    rig.boxes.tidy(rig.clock())
    tables = [table for table in Base.metadata.sorted_tables if table.name != "referral"]
    with rig.database.session() as session:
        assert {table.name: session.execute(sa.select(table)).all() for table in tables} == {
            table.name: [] for table in tables
        }
    assert overdue(rig.database, rig.clock(), KEEP) == 0


def test_every_word_begins_the_time_anew(rig: Rig) -> None:
    agree(rig)
    for _ in range(4):
        tidy_after(rig, 60)
        rig.says("i am still here")
    assert left(rig, PersonRow) == 1 and rig.remembered()["count"] == 5


def test_somebody_whose_message_waits_for_an_answer_is_not_erased(rig: Rig) -> None:
    agree(rig)
    rig.clock.move(days=100)
    rig.arrives("i am back")
    rig.boxes.tidy(rig.clock())
    assert rig.answer() == 1
    assert rig.remembered()["count"] == 2


def test_of_somebody_who_did_not_agree_not_even_the_address_stays(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("heard")]
    rig.arrives("hello there")
    with rig.database.session() as session:
        person = session.scalars(sa.select(PersonRow)).one()
    rig.answer()
    rig.collect()
    with rig.database.session(person.id) as session:  # what the scripted engine remembers of everybody
        session.execute(sa.text("DELETE FROM memory"))
        session.commit()
    tidy_after(rig, 2)
    assert left(rig, ConversationRow) == 1  # a delivery may still be repeated
    tidy_after(rig, 6)
    assert [left(rig, table) for table in (PersonRow, PersonKeyRow, ConversationRow, InboxRow)] == [0, 0, 0, 0]


def test_what_somebody_shared_with_a_counsellor_outlasts_a_no_to_being_remembered(rig: Rig) -> None:
    rig.says("hello there")
    with rig.database.session() as session:
        person = session.scalars(sa.select(PersonRow)).one().id
        with keys_at_hand(rig.database.keyring, person):
            session.add(SharedRow(person_id=person, code="abcdefgh", line="{}", agreed_at=rig.clock()))
            rig.database.commit(session)
    tidy_after(rig, 30)
    assert left(rig, SharedRow) == 1
    tidy_after(rig, 61)
    assert left(rig, SharedRow) == 0


def test_a_bubble_that_nobody_ever_fetched_does_not_wait_for_ever(rig: Rig) -> None:
    agree(rig)
    rig.arrives("and then i closed the page")
    rig.answer()
    tidy_after(rig, 29)
    assert [bubble.text for bubble in rig.collect()] == ["heard: and then i closed the page"]
    rig.arrives("and once more")
    rig.answer()
    tidy_after(rig, 31)
    assert rig.collect() == []


def test_a_note_that_was_answered_goes_after_a_month_and_one_that_waits_stays(rig: Rig) -> None:
    def plan(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)
        for state, days in (("answered", 1), ("dropped", 1), ("waiting", 80)):
            turn.remind("follow_up", turn.now + days * DAY, {})
            turn.session.flush()
            turn.reminders("waiting")[-1].state = state

    rig.engine.does = plan  # type: ignore[assignment]
    rig.says("tomorrow then")
    tidy_after(rig, 32)
    with rig.database.session() as session:
        assert [row.state for row in session.scalars(sa.select(ReminderRow))] == ["waiting"]


def test_whoever_was_erased_is_gone_within_a_minute_after_the_goodbye(rig: Rig) -> None:
    rig.says("something private")
    begin_erasing(rig)
    rig.arrives("yes, erase", key="m-erase")
    rig.answer()
    assert rig.runner.farewells == {"web:anna"}
    assert rig.boxes.see_off(rig.runner.farewells, rig.clock()) == {"web:anna"}  # the goodbye is still on its way
    assert [bubble.text for bubble in rig.collect()] == ["it is done"]
    assert rig.arrives("yes, erase", key="m-erase") is None  # delivered once more: nothing comes of it
    rig.clock.move(seconds=30)
    assert rig.boxes.see_off(rig.runner.farewells, rig.clock()) == set()
    tables = (PersonRow, PersonKeyRow, ConversationRow, InboxRow, OutboxRow)
    assert [left(rig, table) for table in tables] == [0] * len(tables)


def test_whoever_writes_again_after_erasing_is_a_stranger_and_stays(rig: Rig) -> None:
    begin_erasing(rig)
    rig.says("yes, erase")
    rig.engine.does = lambda text: None
    assert rig.says("hello?")[0].text == "heard: hello?"
    rig.clock.move(seconds=30)
    assert rig.boxes.see_off(rig.runner.farewells, rig.clock()) == set()
    assert rig.remembered() == {"count": 1}


def test_a_goodbye_that_a_killed_process_left_is_cleared_away_by_the_next(rig: Rig) -> None:
    begin_erasing(rig)
    rig.says("yes, erase")
    tidy_after(rig, 1 / 24)
    assert left(rig, ConversationRow) == 0


def test_a_goodbye_that_never_arrives_goes_after_a_day(rig: Rig) -> None:
    begin_erasing(rig)
    rig.arrives("yes, erase")
    rig.answer()
    tidy_after(rig, 0.5)
    assert left(rig, OutboxRow) == 1
    tidy_after(rig, 0.6)
    assert left(rig, OutboxRow) == 0 and left(rig, PersonRow) == 0


def test_a_table_that_is_added_one_day_is_erased_too(rig: Rig) -> None:
    """Whatever has a column `person_id` is somebody's."""
    rig.says("hello")
    with rig.database.session() as session:
        person = session.scalars(sa.select(PersonRow)).one().id
        asked: list[str] = []
        sa.event.listen(rig.database.engine, "before_cursor_execute", lambda *call: asked.append(str(call[2])))
        erase_person(session, rig.database, person)
        rig.database.commit(session)
    named = {table.name for table in Base.metadata.sorted_tables if "person_id" in table.c}
    deleted = [one.split()[2] for one in asked if one.startswith("DELETE")]
    assert named <= set(deleted) and "person" in deleted
    assert deleted[0] == "person_key"  # without it nothing can be read, whatever happens next


def test_nothing_of_an_erased_person_stays_in_the_file_or_its_journal(tmp_path: Path, master: MasterKey) -> None:
    from tests.conftest import MovedClock

    file = tmp_path / "toward.db"
    database = Database(f"sqlite:///{file}", master)
    database.upgrade()
    rig = Rig(database, MovedClock())
    rig.engine.does = lambda text: [Reply(f"you said {text}")]
    for number in range(30):
        rig.arrives(f"something private {number}")
        rig.answer()
    with database.engine.connect() as connection:
        key = bytes(connection.execute(sa.select(PersonKeyRow.wrapped)).scalar_one())
        sealed = [bytes(body) for body in connection.execute(sa.text("SELECT body FROM outbox")).scalars()]

    def traces() -> int:
        files = b"".join(each.read_bytes() for each in sorted(tmp_path.glob("toward.db*")))
        return sum(one in files for one in (key, *sealed))

    assert traces() == 1 + 30
    begin_erasing(rig)
    rig.says("yes, erase", kind=Kind.TEXT)
    rig.clock.move(seconds=30)
    reader = database.engine.connect()  # somebody reads: the journal can't be cut now
    rows = reader.execute(sa.text("SELECT 1 FROM alembic_version UNION ALL SELECT 2 FROM alembic_version"))
    rows.fetchone()
    rig.boxes.see_off(rig.runner.farewells, rig.clock())
    assert database.needs_scrubbing
    rows.close()
    reader.close()
    assert database.scrub()
    assert traces() == 0
    assert (tmp_path / "toward.db-wal").stat().st_size == 0
    rig.close()
    database.close()
