"""A turn: everything that one message reads and writes, in one transaction.

Whoever works inside a turn (Rasa's tracker store, the custom actions, the response chooser) finds it with
`current_turn`. An action that runs in a separate action server has no turn around it; `turn_for` then opens one of its
own.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.errors import MemoryFault
from bot.memory.attachments import Attachment
from bot.memory.database import Database
from bot.memory.models import (
    Base,
    ConversationRow,
    MemoryRow,
    OutboxRow,
    PersonKeyRow,
    PersonRow,
    ReminderRow,
    keys_at_hand,
)
from bot.memory.referrals import count_referral

__all__ = [
    "COUNTRY",
    "ZONE",
    "Turn",
    "conversation_named",
    "current_turn",
    "erase_person",
    "new_conversation",
    "person_of",
    "turn_for",
    "unlock",
    "use_database",
]

#: How many texts the coach remembers having said; rule 13 asks for 20 turns of at most two bubbles, or 7 days.
_SAID_KEPT: Final = 160
#: Under these keys the person's time zone and country are remembered; in the state of the conversation for who isn't
#: (memory/zone.py, memory/country.py).
ZONE: Final = "zone"
COUNTRY: Final = "country"
_SAY: Final = sa.insert(OutboxRow.__table__)
_KEYS: Final = PersonKeyRow.__table__
_current: ContextVar[Turn | None] = ContextVar("turn", default=None)
_database: Callable[[], Database] | None = None


class Turn:
    """What one turn may read and write of one person.

    Args:
        session: an open session of `Database.session`, for this person.
        conversation: the row, freshly read.
        person: whose it is.
        now: seconds since 1970, UTC; the turn's only clock.
    """

    def __init__(self, session: Session, conversation: ConversationRow, person: PersonRow, now: float) -> None:
        self.session = session
        self.conversation = conversation
        self.now = now
        self.person = person
        self.state: dict[str, Any] = json.loads(conversation.state) if conversation.state else {}
        self.erased = False
        #: Only the goodbye to somebody who was erased is said here; nothing else is kept of it.
        self.farewell = False
        #: Whether the safety gate let this message pass.
        self.passed_gate = False
        #: Whether no free text is understood in this house, and the button of a script that was pressed then.
        self.buttons_only = False
        self.pressed = ""
        #: Topic and level of helplines that were shown, to be counted.
        self.referred: tuple[str, str] | None = None
        self._memory: dict[str, MemoryRow | None] = {}
        self._bubbles: list[dict[str, Any]] = []
        self._attachments: dict[str, Attachment] = {}

    @property
    def conversation_id(self) -> str:
        """Namespaced id, such as tg:123."""
        return self.conversation.id

    @property
    def locked(self) -> bool:
        """Whether nothing aimed at the partner may be offered (fear, control, violence; bot.conversation.guard)."""
        return bool(self.state.get("safety", {}).get("locked"))

    @property
    def shaken(self) -> bool:
        """Whether safety raised an alarm within the last day."""
        return float(self.state.get("safety", {}).get("shaken_until", 0.0)) > self.now

    @property
    def script_runs(self) -> bool:
        """Whether a counsellor's script is going on and not set aside."""
        script = self.state.get("script")
        return script is not None and not script.get("paused")

    def pause_script(self) -> None:
        """Set a running script aside, with its place; "continue" leads back to it."""
        if "script" in self.state:
            self.state["script"]["paused"] = True

    def interrupt_script(self) -> None:
        """Something was asked in between: the next words may answer that, and not the script's open question."""
        if "script" in self.state:
            self.state["script"]["interrupted"] = True

    # -- memory --------------------------------------------------------------------------------------------------------

    @property
    def consented(self) -> bool:
        """Whether the person agreed to be remembered."""
        return self.person.consented_at is not None

    def set_consent(self, agreed: bool) -> None:
        """Note what the person decided; a refusal also drops what was remembered before."""
        self.person.consented_at = self.now if agreed else None
        if not agreed:
            for row in self.session.scalars(sa.select(MemoryRow).where(MemoryRow.person_id == self.person.id)):
                self.session.delete(row)
            self._memory.clear()
            return
        for key in (ZONE, COUNTRY):
            if key in self.state:
                self.remember(key, self.state.pop(key))

    def recall(self, key: str, default: Any = None) -> Any:
        """What is remembered under `key`, or `default`."""
        row = self._memory_row(key)
        return default if row is None else json.loads(row.value)

    def remember(self, key: str, value: Any) -> None:
        """Remember something JSON-like under `key`. Callers ask `consented` first, or the person in so many words."""
        row = self._memory_row(key)
        if row is None:
            row = MemoryRow(person_id=self.person.id, key=key)
            self.session.add(row)
            self._memory[key] = row
        row.value = json.dumps(value)
        row.updated_at = self.now

    def forget(self, key: str) -> None:
        """Drop what is remembered under `key`, if anything."""
        row = self._memory_row(key)
        if row is not None:
            if sa.inspect(row).pending:
                self.session.expunge(row)
            else:
                self.session.delete(row)
            self._memory[key] = None

    def everything_remembered(self) -> dict[str, Any]:
        """All that is remembered of this person, by key."""
        rows = self.session.scalars(
            sa.select(MemoryRow).where(MemoryRow.person_id == self.person.id).order_by(MemoryRow.key)
        )
        found = {row.key: json.loads(row.value) for row in rows}
        found.update({key: json.loads(row.value) for key, row in self._memory.items() if row is not None})
        return found

    def _memory_row(self, key: str) -> MemoryRow | None:
        if key not in self._memory:
            self._memory[key] = self.session.get(MemoryRow, (self.person.id, key))
        return self._memory[key]

    # -- what was said -------------------------------------------------------------------------------------------------

    def said(self) -> dict[str, int]:
        """The keys of texts said lately, with the number of turns since."""
        now = self.conversation.turns
        return {key: now - turn for key, turn in self.state.get("said", [])}

    def note_said(self, key: str) -> None:
        """Remember that the text with this key was said in this turn."""
        kept = [entry for entry in self.state.get("said", []) if entry[0] != key]
        self.state["said"] = [*kept, [key, self.conversation.turns]][-_SAID_KEPT:]

    # -- the outbox and reminders --------------------------------------------------------------------------------------

    def attach(self, attachment: Attachment) -> str:
        """Have a file ready for a bubble of this turn; returns a name by which Rasa passes it on, without its bytes."""
        name = f"attachment {len(self._attachments) + 1}"
        self._attachments[name] = attachment
        return name

    def attached(self, name: str) -> Attachment | None:
        """The file that `attach` gave this name in this turn."""
        return self._attachments.get(name)

    def say(
        self,
        text: str,
        buttons: list[dict[str, str]],
        inbox_id: int | None,
        attachment: Attachment | None = None,
    ) -> None:
        """Put a bubble into the outbox when the turn settles; `buttons` are {"title", "payload"}."""
        self._bubbles.append(
            {
                "conversation_id": self.conversation.id,
                "person_id": self.person.id,
                "inbox_id": inbox_id,
                "channel": self.conversation.channel,
                "address": self.conversation.address,
                "body": json.dumps({"text": text, "buttons": buttons}),
                "attachment": None if attachment is None else attachment.as_json(),
                "created_at": self.now,
            }
        )

    def last_offer(self) -> list[dict[str, str]]:
        """The buttons of the newest bubble that had any, so that their titles can be typed."""
        offered = self.state.get("offer")
        return offered if isinstance(offered, list) else []

    def remind(self, kind: str, due_at: float, data: dict[str, Any]) -> None:
        """Come back to something at `due_at` (seconds since 1970, UTC)."""
        self.session.add(
            ReminderRow(
                person_id=self.person.id,
                conversation_id=self.conversation.id,
                kind=kind,
                due_at=due_at,
                data=json.dumps(data),
                state="waiting",
            )
        )

    def reminders(self, *states: str) -> list[ReminderRow]:
        """This person's reminders in any of the states, oldest first."""
        wanted = sa.select(ReminderRow).where(ReminderRow.person_id == self.person.id, ReminderRow.state.in_(states))
        return list(self.session.scalars(wanted.order_by(ReminderRow.due_at)))

    def erase(self) -> None:
        """Forget this person when the turn commits: key, words, reminders, everything."""
        self.erased = True

    # -- the end -------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Write what was said, the conversation's own state, and what is counted; the commit follows."""
        if self._bubbles:
            self.session.connection().execute(_SAY, self._bubbles)
            self._bubbles = []
        if self.referred is not None:
            count_referral(self.session, *self.referred, at=self.now)
        if self.farewell:
            return
        self.conversation.state = json.dumps(self.state)
        self.conversation.last_turn_at = self.now


@contextmanager
def current_turn_is(turn: Turn) -> Iterator[Turn]:
    """Let everything inside find `turn`."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)


def current_turn() -> Turn | None:
    """The turn that is being worked on, if any."""
    return _current.get()


def use_database(opener: Callable[[], Database]) -> None:
    """Say how `turn_for` gets a database where no turn is around (a separate action server)."""
    global _database
    _database = opener


@contextmanager
def turn_for(conversation_id: str, clock: Callable[[], float]) -> Iterator[Turn]:
    """The current turn, or one of its own that commits at the end.

    Raises:
        MemoryFault: there is no current turn, and no database to open one in.
    """
    turn = current_turn()
    if turn is not None:
        yield turn
        return
    if _database is None:
        raise MemoryFault(
            "An action ran outside a turn and no database is set. Start actions with `rasa run actions` in the project."
        )
    database = _database()
    channel, address = _split(conversation_id)
    with database.session() as session:
        conversation = session.get(ConversationRow, f"{channel}:{address}") or new_conversation(
            session, database, channel, address, now=clock()
        )
        with keys_at_hand(database.keyring, conversation.person_id):
            own = Turn(session, conversation, person_of(session, conversation), clock())
            with current_turn_is(own):
                yield own
            own.settle()
            if own.erased:
                erase_person(session, database, own.person.id)
                session.expunge_all()
            database.commit(session)
            database.scrub()


def new_conversation(session: Session, database: Database, channel: str, address: str, now: float) -> ConversationRow:
    """Add a new person with a key and a conversation to the session (not committed)."""
    person_id = uuid.uuid4().hex
    session.add(PersonRow(id=person_id, created_at=now))
    session.add(PersonKeyRow(person_id=person_id, wrapped=database.keyring.new_key(person_id)))
    session.flush()
    conversation = ConversationRow(id=f"{channel}:{address}", person_id=person_id, channel=channel, address=address)
    session.add(conversation)
    return conversation


def conversation_named(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation that whoever runs Toward has named.

    Raises:
        MemoryFault: there is none of that id.
    """
    conversation: ConversationRow | None = session.get(ConversationRow, conversation_id)
    if conversation is None:
        raise MemoryFault(
            f"There is no conversation {conversation_id}. The ids are channel and address, such as tg:123."
        )
    return conversation


def person_of(session: Session, conversation: ConversationRow) -> PersonRow:
    """Whose conversation it is.

    Raises:
        MemoryFault: the person was erased in between.
    """
    person: PersonRow | None = session.get(PersonRow, conversation.person_id)
    if person is None:
        raise MemoryFault("This conversation belongs to nobody: its person was erased. Nothing was changed.")
    return person


def unlock(database: Database, conversation_id: str, now: float) -> None:
    """Lift the lock on what is aimed at the partner.

    Raises:
        MemoryFault: there is no such conversation.
    """
    with database.session() as session:
        conversation = conversation_named(session, conversation_id)
        with keys_at_hand(database.keyring, conversation.person_id):
            turn = Turn(session, conversation, person_of(session, conversation), now)
            turn.state.get("safety", {}).pop("locked", None)
            conversation.state = json.dumps(turn.state)
            database.commit(session)


def erase_person(session: Session, database: Database, person_id: str) -> None:
    """Delete a person's key and every row of theirs (not committed). The key goes first: nothing is read without it.

    Whatever table has a column `person_id` is cleared, so that a new one can't be left out.
    """
    session.flush()
    connection = session.connection()
    connection.execute(sa.delete(_KEYS).where(_KEYS.c.person_id == person_id))
    for table in reversed(Base.metadata.sorted_tables):  # those that refer to others come first
        if "person_id" in table.c and table is not _KEYS:
            connection.execute(sa.delete(table).where(table.c.person_id == person_id))
    connection.execute(sa.delete(PersonRow.__table__).where(PersonRow.__table__.c.id == person_id))
    database.keyring.forget(person_id)
    database.needs_scrubbing = True


def _split(conversation_id: str) -> tuple[str, str]:
    channel, _, address = conversation_id.partition(":")
    return (channel, address) if address else ("shell", channel)
