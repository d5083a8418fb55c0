"""How long what is kept, and the end of it: old words are dropped by the clock, erased people without a trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.memory.database import Database
from bot.memory.models import (
    ConversationRow,
    InboxRow,
    MemoryRow,
    OutboxRow,
    PersonRow,
    ReminderRow,
    SharedRow,
)
from bot.memory.turn import erase_person

__all__ = ["DAY", "Keep", "drop_farewells", "drop_old", "overdue"]

DAY: Final = 86400.0
#: How many people are erased in one transaction; the next ones wait for their own.
_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Keep:
    """How long what is kept, in seconds.

    Attributes:
        person: everything of somebody, after their last turn.
        rest: the words of somebody who did not agree to be remembered, after their last turn; bubbles, once delivered.
        unheard: bubbles that could not be delivered.
        past: reminders that rang and were answered, or were dropped.
        repeats: the mark that a message was answered. Telegram may repeat a delivery for 24 hours.
        farewell: the mark of the message with which somebody was erased; a delivery is repeated at once or not at all.
    """

    person: float = 365 * DAY
    rest: float = DAY
    unheard: float = 30 * DAY
    past: float = 30 * DAY
    repeats: float = 7 * DAY
    farewell: float = 20.0

    @classmethod
    def for_days(cls, days: int) -> Keep:
        """As usual, and everything of somebody for so many days after their last turn."""
        return cls(person=days * DAY)


def drop_old(database: Database, now: float, keep: Keep) -> int:
    """Drop what isn't needed any more; returns how many people were erased wholly.

    Args:
        database: where.
        now: seconds since 1970.
        keep: how long what is kept.
    """
    with database.session() as session, database.write_lock():
        _drop_words(session, now, keep)
        session.commit()
    erased = 0
    while some := _erase_some(database, now, keep):
        erased += some
    return erased


def overdue(database: Database, now: float, keep: Keep) -> int:
    """How many people should have been erased by now and were not."""
    with database.session() as session:
        wanted = sa.select(sa.func.count()).select_from(PersonRow).where(_is_over(now, keep))
        return int(session.execute(wanted).scalar_one())


def drop_farewells(database: Database, conversations: Iterable[str], now: float, keep: Keep) -> set[str]:
    """Delete the bare rows that somebody who was erased needed for the goodbye.

    Returns:
        The conversations that still wait for it; one in which somebody wrote again is a new one and waits for nothing.
    """
    waiting = set()
    for conversation_id in conversations:
        with database.session() as session, database.write_lock():
            row = session.get(ConversationRow, conversation_id, with_for_update=True)
            if row is None or row.last_turn_at is not None:
                continue
            gone = session.scalar(sa.select(PersonRow.id).where(PersonRow.id == row.person_id, _is_bare(now, keep)))
            if gone is None:
                waiting.add(conversation_id)
            else:
                _erase(session, database, [gone])
    return waiting


def _drop_words(session: Session, now: float, keep: Keep) -> None:
    unremembered = sa.text("person_id IN (SELECT id FROM person WHERE consented_at IS NULL)")
    session.execute(sa.delete(InboxRow).where(InboxRow.done_at < now - keep.repeats))
    session.execute(sa.delete(OutboxRow).where(OutboxRow.sent_at < now - keep.rest))
    session.execute(sa.delete(OutboxRow).where(OutboxRow.sent_at.is_(None), OutboxRow.created_at < now - keep.unheard))
    session.execute(
        sa.delete(ReminderRow).where(
            ReminderRow.state.in_(("answered", "dropped")), ReminderRow.due_at < now - keep.past
        )
    )
    session.execute(
        sa.update(ConversationRow)
        .where(ConversationRow.last_turn_at < now - keep.rest, unremembered)
        .values(tracker=None, state=None)
        .execution_options(synchronize_session=False)
    )


def _erase_some(database: Database, now: float, keep: Keep) -> int:
    with database.session() as session, database.write_lock():
        over = sa.select(PersonRow.id).where(_is_over(now, keep)).limit(_AT_ONCE)
        return _erase(session, database, list(session.scalars(over.with_for_update(skip_locked=True))))


def _erase(session: Session, database: Database, people: list[str]) -> int:
    for person_id in people:
        erase_person(session, database, person_id)
    session.expunge_all()
    session.commit()
    return len(people)


def _is_over(now: float, keep: Keep) -> Any:
    return sa.or_(_has_rested(now, keep), _is_bare(now, keep))


def _has_rested(now: float, keep: Keep) -> Any:
    """Nobody has written for as long as a person is kept, and nothing of theirs waits for an answer."""
    return sa.and_(
        PersonRow.created_at < now - keep.person,
        ~_has(ConversationRow, ConversationRow.last_turn_at >= now - keep.person),
        ~_has(InboxRow, InboxRow.done_at.is_(None)),
    )


def _is_bare(now: float, keep: Keep) -> Any:
    """Nothing is left of somebody but an address: nothing remembered or shared, nothing to come back to or to deliver.

    Before the first turn (or after the last: a goodbye is no turn of the new person's) marks and bubbles last less.
    """
    new = ~_has(ConversationRow, ConversationRow.last_turn_at.is_not(None))
    mark, bubble = (sa.case((new, one), else_=other) for one, other in ((keep.farewell, keep.repeats), (keep.rest, 0)))
    return sa.and_(
        PersonRow.consented_at.is_(None),
        PersonRow.created_at < now - keep.farewell,
        ~_has(ConversationRow, sa.or_(ConversationRow.state.is_not(None), ConversationRow.tracker.is_not(None))),
        ~_has(MemoryRow),
        ~_has(SharedRow),
        ~_has(ReminderRow, ReminderRow.state.not_in(("answered", "dropped"))),
        ~_has(InboxRow, sa.or_(InboxRow.done_at.is_(None), InboxRow.done_at > now - mark)),
        ~_has(OutboxRow, OutboxRow.sent_at.is_(None), sa.or_(~new, OutboxRow.created_at > now - bubble)),
    )


def _has(table: Any, *which: Any) -> Any:
    return sa.exists().where(table.person_id == PersonRow.id, *which).correlate(PersonRow)
