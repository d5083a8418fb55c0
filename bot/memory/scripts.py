"""Published scripts, the codes that lead to them, and what clients agreed to share."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.errors import MemoryFault
from bot.memory.database import Database
from bot.memory.models import AssignmentRow, ScriptRow, SharedRow, keys_at_hand
from bot.memory.turn import Turn

__all__ = [
    "Assignment",
    "assign",
    "assigned",
    "assignments",
    "publish",
    "published",
    "share",
    "shared_with",
    "source_of",
    "take_back",
    "unassign",
]

#: Without letters and digits that are mistaken for each other.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LONG: Final = 10


@dataclass(frozen=True)
class Assignment:
    """A code: `script` is the script's name, `ended` whether it was withdrawn."""

    code: str
    script: str
    counsellor: str
    created_at: float
    ended: bool


def publish(database: Database, key: str, name: str, source: str, now: float) -> tuple[int, bool]:
    """Make a text the newest version of a script.

    Returns:
        The version, and whether it is a new one (the same text again is none).
    """
    with database.session() as session, database.write_lock():
        newest = _newest(session, key)
        if newest is not None and newest.source == source:
            return int(newest.version), False
        version = 1 if newest is None else int(newest.version) + 1
        session.add(ScriptRow(key=key, version=version, name=name, source=source, published_at=now))
        session.commit()
        return version, True


def published(session: Session) -> list[ScriptRow]:
    """The newest version of every script, by name."""
    rows = session.scalars(sa.select(ScriptRow).order_by(ScriptRow.key, ScriptRow.version))
    return sorted({row.key: row for row in rows}.values(), key=lambda row: row.name)


def source_of(session: Session, key: str, version: int | None = None) -> tuple[str, int] | None:
    """Text and version of a script, the newest where none is named; None where there is none."""
    row = _newest(session, key) if version is None else session.get(ScriptRow, (key, version))
    return None if row is None else (str(row.source), int(row.version))


def _newest(session: Session, key: str) -> ScriptRow | None:
    wanted = sa.select(ScriptRow).where(ScriptRow.key == key).order_by(ScriptRow.version.desc()).limit(1)
    found: ScriptRow | None = session.scalars(wanted).first()
    return found


def assign(database: Database, script: str, counsellor: str, now: float) -> str:
    """A new code for a script, to be given to one client."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
    with database.session() as session, database.write_lock():
        session.add(AssignmentRow(code=code, script=script, counsellor=counsellor, created_at=now))
        session.commit()
    return code


def unassign(database: Database, code: str, now: float) -> None:
    """Withdraw a code: it begins nothing any more, and nothing more is shared under it.

    Raises:
        MemoryFault: there is no such code.
    """
    with database.session() as session, database.write_lock():
        row = session.get(AssignmentRow, code)
        if row is None:
            raise MemoryFault(f"There is no code {code}. `toward script list` shows the codes.")
        row.ended_at = row.ended_at or now
        session.commit()


def assigned(session: Session, code: str) -> Assignment | None:
    """What a code leads to; None for an unknown one."""
    row = session.get(AssignmentRow, code.strip().lower())
    return None if row is None else _assignment(row)


def assignments(session: Session) -> list[Assignment]:
    """All codes, the newest first."""
    rows = session.scalars(sa.select(AssignmentRow).order_by(AssignmentRow.created_at.desc()))
    return [_assignment(row) for row in rows]


def _assignment(row: AssignmentRow) -> Assignment:
    return Assignment(row.code, row.script, row.counsellor, row.created_at, row.ended_at is not None)


def share(turn: Turn, code: str, label: str, value: str) -> None:
    """Keep a line that the client has just agreed to show."""
    line = json.dumps({"label": label, "value": value})
    turn.session.add(SharedRow(person_id=turn.person.id, code=code, line=line, agreed_at=turn.now))


def take_back(turn: Turn) -> int:
    """Delete everything that this person shared; returns how many lines that were."""
    rows = list(turn.session.scalars(sa.select(SharedRow).where(SharedRow.person_id == turn.person.id)))
    for row in rows:
        turn.session.delete(row)
    return len(rows)


def shared_with(database: Database, code: str) -> list[dict[str, Any]]:
    """The lines that were agreed to under a code, oldest first: {"at", "label", "value"}.

    Raises:
        MemoryFault: there is no such code.
    """
    with database.session() as session:
        if session.get(AssignmentRow, code) is None:
            raise MemoryFault(f"There is no code {code}. `toward script list` shows the codes.")
        with keys_at_hand(database.keyring):
            rows = session.scalars(sa.select(SharedRow).where(SharedRow.code == code).order_by(SharedRow.id))
            return [{"at": row.agreed_at, **json.loads(row.line)} for row in rows]
