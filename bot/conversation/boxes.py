"""The inbox and the outbox as tables: what arrived and was not answered, what was said and has not arrived."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.errors import MemoryFault
from bot.memory.attachments import Attachment
from bot.memory.database import Database
from bot.memory.keeping import Keep, drop_farewells, drop_old
from bot.memory.models import ConversationRow, InboxRow, OutboxRow, ReminderRow, keys_at_hand
from bot.memory.turn import new_conversation

__all__ = ["Boxes"]

log = logging.getLogger(__name__)

# Statements of every turn are built once: SQLAlchemy then looks up what it compiled instead of reading them anew.
_inbox, _outbox, _conversation = InboxRow.__table__, OutboxRow.__table__, ConversationRow.__table__
_WHOSE = sa.select(_conversation.c.person_id).where(_conversation.c.id == sa.bindparam("conversation_id"))
_STORE_SQLITE = sqlite.insert(_inbox).on_conflict_do_nothing()
_STORE_POSTGRESQL = postgresql.insert(_inbox).on_conflict_do_nothing().returning(_inbox.c.id)
#: What arrived is kept for a day, its words only: nobody needs the picture twice.
_NOTE_SENT = (
    sa.update(_outbox)
    .where(_outbox.c.id == sa.bindparam("bubble"))
    .values(sent_at=sa.bindparam("at"), attachment=sa.null())
)
_BUBBLES = (
    sa.select(
        _outbox.c.id, _outbox.c.channel, _outbox.c.address, _outbox.c.body, _outbox.c.inbox_id, _outbox.c.attachment
    )
    .where(_outbox.c.sent_at.is_(None))
    .order_by(_outbox.c.id)
)
_UNSENT_TO = _BUBBLES.where(_outbox.c.conversation_id == sa.bindparam("conversation_id"))


class Boxes:
    """Reads and writes the two boxes. Every method is one short transaction and blocks; call it off the event loop."""

    def __init__(self, database: Database, keep: Keep = Keep()) -> None:
        self.database = database
        self.keep = keep

    # -- what arrived --------------------------------------------------------------------------------------------------

    def store(
        self, arrived: Sequence[tuple[Incoming, float]], sent: Sequence[int] = (), sent_at: float = 0.0
    ) -> list[int | None]:
        """Store messages with their times of arrival in one commit, and with them that bubbles were sent.

        Returns:
            For each the id of its row, or None where it had been stored before.
        """
        try:
            with self.database.session() as session, self.database.write_lock():
                ids = [self._insert(session, incoming, at) for incoming, at in arrived]
                if sent:
                    self._note_sent(session, sent, at=sent_at)
                session.commit()
                return ids
        except sa.exc.SQLAlchemyError as error:
            raise MemoryFault(
                "What arrived could not be stored; it was not acknowledged and will be delivered again."
            ) from error

    def _insert(self, session: Session, incoming: Incoming, at: float) -> int | None:
        connection = session.connection()
        person_id = connection.execute(_WHOSE, {"conversation_id": incoming.conversation_id}).scalar()
        if person_id is None:
            made = new_conversation(session, self.database, incoming.channel, incoming.address, at)
            session.flush()
            person_id = made.person_id
        values = {
            "conversation_id": incoming.conversation_id,
            "person_id": person_id,
            "channel": incoming.channel,
            "external_id": incoming.external_id,
            "kind": incoming.kind.value,
            "text": incoming.text,
            "bubble": incoming.choice.bubble if incoming.choice else None,
            "choice": incoming.choice.index if incoming.choice else None,
            "received_at": at,
            "attempts": 0,
        }
        with keys_at_hand(self.database.keyring, person_id):
            if self.database.sqlite:
                stored = connection.execute(_STORE_SQLITE, values)
                return int(stored.lastrowid) if stored.rowcount else None
            found = connection.execute(_STORE_POSTGRESQL, values).scalar()
            return None if found is None else int(found)

    def row_of(self, incoming: Incoming) -> int | None:
        """The row that stored this message, if it is still there."""
        with self.database.session() as session:
            return self._row_of(session, incoming)

    @staticmethod
    def _row_of(session: Session, incoming: Incoming) -> int | None:
        wanted = sa.select(InboxRow.id).where(
            InboxRow.conversation_id == incoming.conversation_id,
            InboxRow.external_id == incoming.external_id,
            InboxRow.channel == incoming.channel,
        )
        found = session.execute(wanted).scalar()
        return None if found is None else int(found)

    def waiting(self) -> list[str]:
        """Conversations with something unanswered, longest waiting first."""
        with self.database.session() as session:
            wanted = (
                sa.select(InboxRow.conversation_id)
                .where(InboxRow.done_at.is_(None))
                .group_by(InboxRow.conversation_id)
                .order_by(sa.func.min(InboxRow.id))
            )
            return [str(found) for found in session.scalars(wanted)]

    # -- what is said --------------------------------------------------------------------------------------------------

    def unsent(self, channel: str, skip: Iterable[str] = (), limit: int = 100) -> list[Outgoing]:
        """Bubbles of a channel that have not arrived, in order, without those of the conversations in `skip`."""
        wanted = _BUBBLES.where(_outbox.c.channel == channel)
        if skipped := list(skip):
            wanted = wanted.where(_outbox.c.conversation_id.not_in(skipped))
        return self._bubbles(wanted.limit(limit))

    def unsent_to(self, conversation_id: str) -> list[Outgoing]:
        """Bubbles of one conversation that have not arrived, in order."""
        return self._bubbles(_UNSENT_TO, {"conversation_id": conversation_id})

    def _bubbles(self, wanted: Any, values: Mapping[str, str] | None = None) -> list[Outgoing]:
        with self.database.session() as session:
            return [_outgoing(row) for row in session.connection().execute(wanted, values or {})]

    @staticmethod
    def _note_sent(session: Session, ids: Sequence[int], at: float) -> None:
        session.connection().execute(_NOTE_SENT, [{"bubble": one, "at": at} for one in ids])

    def give_up(self, conversation_id: str, at: float) -> None:
        """Somebody can't be reached any more: send them nothing that waits, and stop their reminders."""
        with self.database.session() as session, self.database.write_lock():
            session.execute(
                sa.update(OutboxRow)
                .where(OutboxRow.conversation_id == conversation_id, OutboxRow.sent_at.is_(None))
                .values(sent_at=at, attachment=sa.null())
            )
            session.execute(
                sa.update(ReminderRow)
                .where(ReminderRow.conversation_id == conversation_id, ReminderRow.state == "waiting")
                .values(state="dropped")
            )
            session.commit()

    # -- reminders and tidying -----------------------------------------------------------------------------------------

    def ring(self, now: float) -> list[str]:
        """Put every reminder that fell due into the inbox, once; returns the conversations to wake."""
        with self.database.session() as session, self.database.write_lock():
            wanted = sa.select(ReminderRow).where(ReminderRow.state == "waiting", ReminderRow.due_at <= now)
            first = wanted.order_by(ReminderRow.due_at).limit(100).with_for_update(skip_locked=True)
            due = list(session.scalars(first))
            for reminder in due:
                channel, _, address = reminder.conversation_id.partition(":")
                incoming = Incoming(channel, address, f"reminder:{reminder.id}", str(reminder.id), Kind.REMINDER)
                self._insert(session, incoming, now)
                session.execute(sa.update(ReminderRow).where(ReminderRow.id == reminder.id).values(state="fired"))
            session.commit()
            return [reminder.conversation_id for reminder in due]

    def tidy(self, now: float) -> None:
        """Drop what isn't needed any more, and erase who has not been here for long (`bot.memory.keeping`)."""
        if erased := drop_old(self.database, now, self.keep):
            log.info("%d people were erased whose time was over.", erased)

    def see_off(self, left: Iterable[str], now: float) -> set[str]:
        """Delete the bare rows of conversations in which somebody was erased, and what a journal holds of it.

        Returns:
            The conversations whose goodbye is not delivered yet.
        """
        waiting = drop_farewells(self.database, left, now, self.keep)
        self.database.scrub()
        return waiting


def _outgoing(row: Any) -> Outgoing:
    body = json.loads(row.body)
    titles = tuple(button["title"] for button in body["buttons"])
    attachment = None if row.attachment is None else Attachment.from_json(row.attachment)
    return Outgoing(row.id, row.channel, row.address, body["text"], titles, row.inbox_id or 0, attachment)
