"""A client of a random script in the real path: the gate, the engine and the database, and all that is stored."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.engine.reply import Engine, Reply
from bot.memory.database import Database
from bot.memory.models import ConversationRow, MemoryRow, PersonRow, ReminderRow, SharedRow
from bot.memory.scripts import assign, publish
from bot.memory.turn import current_turn
from bot.scripts.tree import plain
from tests.conversations.player import Player
from tests.scripts.random_scripts import Family

__all__ = ["Client", "Standing", "WatchedEngine", "client"]

_OWN = {table.__tablename__: table for table in (MemoryRow, ReminderRow, SharedRow)}


class WatchedEngine:
    """The engine, with a note of what reached it, and whether the gate had passed that."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reached: list[str] = []
        self.ungated: list[str] = []

    def expect(self, text: str) -> None:
        self.engine.expect(text)

    async def handle(self, conversation_id: str, text: str) -> Sequence[Reply]:
        turn = current_turn()
        self.reached.append(text)
        if turn is None or not turn.passed_gate:
            self.ungated.append(text)
        return await self.engine.handle(conversation_id, text)


@dataclass(frozen=True)
class Standing:
    """What is stored of a client: the rows as they lie in the database, and the conversation's state, opened."""

    rows: dict[str, list[tuple[Any, ...]]]
    state: dict[str, Any]

    @property
    def script(self) -> dict[str, Any]:
        found = self.state.get("script")
        return found if isinstance(found, dict) else {}

    @property
    def locked(self) -> bool:
        return bool(self.state.get("safety", {}).get("locked"))

    def effects(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything but the conversation and whether reminders ring: what a script may have done outside of it."""
        others = {name: rows for name, rows in self.rows.items() if name not in ("conversation", "reminder")}
        return {**others, "reminder": [row[:-1] for row in self.rows["reminder"]]}

    def reminders(self) -> list[str]:
        return [row[-1] for row in self.rows["reminder"]]


class Client:
    """Somebody new for every script, in one house."""

    def __init__(self, home: Path, engine: Engine, name: str) -> None:
        self.engine = WatchedEngine(engine)
        self.player = Player(home, self.engine, name)
        self.database: Database = self.player.house.database
        # Nothing here has to survive a power cut.
        sa.event.listen(self.database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        self.database.engine.dispose()

    def publish(self, family: Family) -> None:
        for name, text in family.texts.items():
            publish(self.database, plain(name), name, text, 1.0)

    def begin(self, name: str, script: str) -> list[Outgoing]:
        """Somebody who has said nothing yet opens the link to a script."""
        self.player.begin(name)
        return self.opens(script)

    def opens(self, script: str) -> list[Outgoing]:
        return self.says(f"/start {assign(self.database, script, 'Dr. Lee', 2.0)}")

    def says(self, given: str) -> list[Outgoing]:
        """Write, tap ("[title]"), command ("/start") or let time pass ("-- 3 days later --")."""
        before = len(self.player.turns)
        self.player.play(given)
        return [bubble for turn in self.player.turns[before:] for bubble in turn]

    def edits(self, text: str) -> list[Outgoing]:
        """Change the words of an earlier message."""
        usual = self.player._incoming
        self.player._incoming = lambda given: Incoming(  # type: ignore[method-assign]
            "term", self.player.name, f"edit{len(self.player.turns)}", given, Kind.EDIT
        )
        try:
            return self.says(text)
        finally:
            self.player._incoming = usual  # type: ignore[method-assign]

    def standing(self) -> Standing:
        """Everything that is stored of this client now."""
        with self.database.session() as session:
            conversation = session.get(ConversationRow, f"term:{self.player.name}")
            state, person = json.loads(conversation.state or "{}"), conversation.person_id
            bare = session.connection().exec_driver_sql
            rows = {
                name: [tuple(row) for row in bare(f"SELECT * FROM {name} WHERE person_id = ? ORDER BY 1, 2", (person,))]
                for name in (*_OWN, ConversationRow.__tablename__)
            }
            rows["person"] = [tuple(row) for row in bare("SELECT * FROM person WHERE id = ?", (person,))]
        return Standing(rows, state)

    def goes_back_to(self, standing: Standing) -> None:
        """As if nothing had been said since."""
        person = standing.rows["person"][0][0]
        with self.database.write_lock(), self.database.engine.begin() as connection:
            for name in _OWN:
                connection.exec_driver_sql(f"DELETE FROM {name} WHERE person_id = ?", (person,))
                for row in standing.rows[name]:
                    marks = ", ".join("?" * len(row))
                    connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", row)
            for table in (PersonRow, ConversationRow):
                columns = [column.name for column in table.__table__.columns]
                sets = ", ".join(f"{column} = ?" for column in columns)
                row = standing.rows[table.__tablename__][0]
                connection.exec_driver_sql(f"UPDATE {table.__tablename__} SET {sets} WHERE id = ?", (*row, row[0]))

    def leaves(self) -> None:
        """Nothing rings any more for those who were here."""
        with self.database.write_lock(), self.database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE reminder SET state = 'dropped' WHERE state = 'waiting'")

    def close(self) -> None:
        self.player.close()


@contextmanager
def client(engine: Engine, name: str) -> Iterator[Client]:
    """A client in a house of their own, which is torn down afterwards."""
    with tempfile.TemporaryDirectory() as home:
        one = Client(Path(home), engine, name)
        try:
            yield one
        finally:
            one.close()
