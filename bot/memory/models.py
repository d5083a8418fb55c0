"""The tables. Every column with words of a person is `Sealed`; all times are seconds since 1970, UTC."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, Iterator, TypeVar, overload

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator

from bot.memory.crypto import Keyring

__all__ = [
    "AssignmentRow",
    "Base",
    "ConversationRow",
    "InboxRow",
    "MemoryRow",
    "OutboxRow",
    "PersonKeyRow",
    "PersonRow",
    "ReferralRow",
    "ReminderRow",
    "ScriptRow",
    "Sealed",
    "SharedRow",
    "keys_at_hand",
]

T = TypeVar("T")

_keyring: ContextVar[Keyring] = ContextVar("keyring")
_person: ContextVar[str] = ContextVar("person")


@contextmanager
def keys_at_hand(keyring: Keyring, person_id: str | None = None) -> Iterator[None]:
    """Let sealed columns be read; and written, for the person named."""
    ring = _keyring.set(keyring)
    whose = _person.set(person_id) if person_id is not None else None
    try:
        yield
    finally:
        if whose is not None:
            _person.reset(whose)
        _keyring.reset(ring)


class Sealed(TypeDecorator):
    """A text column that is encrypted with the key of the person it belongs to (see `keys_at_hand`)."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        """Seal on the way into the database."""
        return None if value is None else _keyring.get().seal(value, _person.get(), self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        """Open on the way out."""
        return None if value is None else _keyring.get().open(bytes(value), self.column)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Base: Any = declarative_base(metadata=metadata)


class Mapped(Generic[T]):
    """A column, for the type checker: of a row it is its value, of a table something to ask the database by."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, row: None, table: type) -> Any: ...

        @overload
        def __get__(self, row: object, table: type) -> T: ...

        def __get__(self, row: object | None, table: type) -> Any: ...

        def __set__(self, row: object, value: T) -> None: ...


class PersonRow(Base):
    """Somebody who writes to Toward. Nothing here says who."""

    __tablename__ = "person"
    id: Mapped[str] = Column(String(32), primary_key=True)
    created_at: Mapped[float] = Column(Float, nullable=False)
    #: When the person agreed to be remembered; None means that words are dropped once the conversation has rested for a
    #: day.
    consented_at: Mapped[float | None] = Column(Float)


class PersonKeyRow(Base):
    """A person's wrapped data key, in a table of its own: erasing it erases the person.

    A backup leaves this table out (docs/operations.md).
    """

    __tablename__ = "person_key"
    person_id: Mapped[str] = Column(String(32), primary_key=True)
    wrapped: Mapped[bytes] = Column(LargeBinary, nullable=False)


class ConversationRow(Base):
    """One person on one channel, with the bounded tracker of Rasa."""

    __tablename__ = "conversation"
    id: Mapped[str] = Column(String(200), primary_key=True)
    person_id: Mapped[str] = Column(String(32), ForeignKey("person.id"), nullable=False, index=True)
    channel: Mapped[str] = Column(String(8), nullable=False)
    address: Mapped[str] = Column(String(190), nullable=False)
    tracker: Mapped[str | None] = Column(Sealed("conversation.tracker"))
    #: JSON: what was said lately (for variety), the last messages (for safety), since when this session runs.
    state: Mapped[str | None] = Column(Sealed("conversation.state"))
    turns: Mapped[int] = Column(Integer, nullable=False, default=0)
    last_turn_at: Mapped[float | None] = Column(Float)
    #: Guards against two processes that take the same turn: the second one fails and changes nothing.
    __mapper_args__ = {"version_id_col": turns, "version_id_generator": lambda version: (version or 0) + 1}


class InboxRow(Base):
    """What arrived. Its words are dropped when its turn is done; the row stays as long as a repetition may come."""

    __tablename__ = "inbox"
    id: Mapped[int] = Column(Integer, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = Column(String(200), ForeignKey("conversation.id"), nullable=False)
    person_id: Mapped[str] = Column(String(32), nullable=False, index=True)
    channel: Mapped[str] = Column(String(8), nullable=False)
    external_id: Mapped[str] = Column(String(190), nullable=False)
    kind: Mapped[str] = Column(String(16), nullable=False)
    text: Mapped[str | None] = Column(Sealed("inbox.text"))
    bubble: Mapped[int | None] = Column(Integer)
    choice: Mapped[int | None] = Column(Integer)
    received_at: Mapped[float] = Column(Float, nullable=False)
    done_at: Mapped[float | None] = Column(Float)
    attempts: Mapped[int] = Column(Integer, nullable=False, default=0)
    __table_args__ = (
        UniqueConstraint("channel", "conversation_id", "external_id"),
        Index("ix_inbox_waiting", "done_at", "conversation_id", "id"),
    )


class OutboxRow(Base):
    """A bubble for a person.

    `body` is JSON {"text", "buttons": [{"title", "payload"}]}, `attachment` what `Attachment.as_json` makes of a file.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = Column(Integer, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = Column(String(200), ForeignKey("conversation.id"), nullable=False, index=True)
    person_id: Mapped[str] = Column(String(32), nullable=False, index=True)
    inbox_id: Mapped[int | None] = Column(Integer, index=True)
    channel: Mapped[str] = Column(String(8), nullable=False)
    address: Mapped[str] = Column(String(190), nullable=False)
    body: Mapped[str] = Column(Sealed("outbox.body"), nullable=False)
    attachment: Mapped[str | None] = Column(Sealed("outbox.attachment"))
    created_at: Mapped[float] = Column(Float, nullable=False)
    sent_at: Mapped[float | None] = Column(Float)
    __table_args__ = (Index("ix_outbox_waiting", "sent_at", "channel", "id"),)


class MemoryRow(Base):
    """One thing that a person agreed to have remembered; `value` is JSON."""

    __tablename__ = "memory"
    person_id: Mapped[str] = Column(String(32), ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = Column(String(64), primary_key=True)
    value: Mapped[str] = Column(Sealed("memory.value"), nullable=False)
    updated_at: Mapped[float] = Column(Float, nullable=False)


class ReminderRow(Base):
    """Something to come back to.

    `state` is waiting; paused (by an alarm), held (three before it were ignored), or dropped; fired, then answered.
    """

    __tablename__ = "reminder"
    id: Mapped[int] = Column(Integer, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = Column(String(32), ForeignKey("person.id"), nullable=False, index=True)
    conversation_id: Mapped[str] = Column(String(200), ForeignKey("conversation.id"), nullable=False)
    kind: Mapped[str] = Column(String(32), nullable=False)
    data: Mapped[str] = Column(Sealed("reminder.data"), nullable=False)
    due_at: Mapped[float] = Column(Float, nullable=False)
    state: Mapped[str] = Column(String(8), nullable=False, default="waiting")
    __table_args__ = (Index("ix_reminder_due", "state", "due_at"),)


class ReferralRow(Base):
    """How often helplines were shown in a year, by topic and level. Nothing here leads to anybody."""

    __tablename__ = "referral"
    year: Mapped[int] = Column(Integer, primary_key=True, autoincrement=False)
    topic: Mapped[str] = Column(String(16), primary_key=True)
    level: Mapped[str] = Column(String(8), primary_key=True)
    count: Mapped[int] = Column(Integer, nullable=False)


class ScriptRow(Base):
    """One published version of a counsellor's script; it is never changed, so that a running client stays on it."""

    __tablename__ = "script"
    key: Mapped[str] = Column(String(120), primary_key=True)
    version: Mapped[int] = Column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = Column(String(120), nullable=False)
    source: Mapped[str] = Column(Text, nullable=False)
    published_at: Mapped[float] = Column(Float, nullable=False)


class AssignmentRow(Base):
    """A code that a counsellor gives to a client. It doesn't say who took it."""

    __tablename__ = "assignment"
    code: Mapped[str] = Column(String(16), primary_key=True)
    script: Mapped[str] = Column(String(120), nullable=False)
    counsellor: Mapped[str] = Column(String(120), nullable=False)
    created_at: Mapped[float] = Column(Float, nullable=False)
    ended_at: Mapped[float | None] = Column(Float)


class SharedRow(Base):
    """A line that a client agreed to show; `line` is JSON {"label", "value"}."""

    __tablename__ = "shared"
    id: Mapped[int] = Column(Integer, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = Column(String(32), ForeignKey("person.id"), nullable=False, index=True)
    code: Mapped[str] = Column(String(16), nullable=False, index=True)
    line: Mapped[str] = Column(Sealed("shared.line"), nullable=False)
    agreed_at: Mapped[float] = Column(Float, nullable=False)
