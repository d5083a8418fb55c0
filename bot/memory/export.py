"""All that is stored of one person, opened, for the person."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from bot.memory.attachments import Attachment
from bot.memory.database import Database
from bot.memory.models import ConversationRow, InboxRow, MemoryRow, OutboxRow, PersonRow, ReminderRow, SharedRow
from bot.memory.turn import conversation_named

__all__ = ["export_person"]


def export_person(database: Database, conversation_id: str) -> dict[str, Any]:
    """Everything that belongs to the person behind a conversation.

    Raises:
        MemoryFault: there is no such conversation.
    """
    with database.session() as session:
        row = conversation_named(session, conversation_id)
        person = session.get(PersonRow, row.person_id)

        def of(table: Any) -> list[Any]:
            return list(session.scalars(sa.select(table).where(table.person_id == row.person_id)))

        return {
            "since": _time(person.created_at if person else None),
            "agreed_to_be_remembered": _time(person.consented_at if person else None),
            "conversations": [
                {"id": each.id, "tracker": json.loads(each.tracker or "[]"), "state": json.loads(each.state or "{}")}
                for each in of(ConversationRow)
            ],
            "unanswered": [{"at": _time(each.received_at), "text": each.text} for each in of(InboxRow) if each.text],
            "said_lately": [
                {"at": _time(each.created_at), **json.loads(each.body), **_file(each.attachment)}
                for each in of(OutboxRow)
            ],
            "remembered": {each.key: json.loads(each.value) for each in of(MemoryRow)},
            "shared_with_a_counsellor": [{"code": each.code, **json.loads(each.line)} for each in of(SharedRow)],
            "reminders": [
                {"kind": each.kind, "due": _time(each.due_at), "state": each.state, "data": json.loads(each.data)}
                for each in of(ReminderRow)
            ],
        }


def _file(attachment: str | None) -> dict[str, Any]:
    """A file that went with a bubble: its name, and in words what it shows."""
    if attachment is None:
        return {}
    sent = Attachment.from_json(attachment)
    return {"file": sent.name, "shows": sent.alt}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
