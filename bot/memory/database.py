"""The database: opening it, bringing its tables up to date, and sessions that can read and write sealed words."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.errors import MemoryFault
from bot.memory.crypto import Keyring, MasterKey, load_master_key
from bot.memory.models import PersonKeyRow, keys_at_hand
from bot.settings import Settings

__all__ = ["Database", "open_database"]

_MIGRATIONS = Path(__file__).with_name("migrations")
#: How long SQLite waits for another process that writes, in seconds; and for readers before the journal is cut.
_BUSY_SECONDS = 30
_SCRUB_MS = 200


class Database:
    """One SQLite file or one PostgreSQL database.

    Sessions don't flush by themselves: a turn reads what it needs, thinks, and writes everything in one short
    transaction at its end. On SQLite (WAL) that transaction begins with the first write, so nobody waits while the
    coach thinks.
    """

    def __init__(self, url: str, master: MasterKey) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        try:
            if self.sqlite and (file := sa.engine.make_url(url).database):
                Path(file).parent.mkdir(parents=True, exist_ok=True)
            arguments: dict[str, Any] = (
                {"check_same_thread": False, "timeout": _BUSY_SECONDS} if self.sqlite else {"connect_timeout": 10}
            )
            pool: dict[str, Any] = {} if self.sqlite else {"pool_size": 8, "pool_pre_ping": True}
            if self.sqlite:
                pool["poolclass"] = sa.pool.QueuePool
            self.engine: Any = sa.create_engine(url, future=True, connect_args=arguments, **pool)
        except (OSError, sa.exc.ArgumentError) as error:
            raise MemoryFault(
                f"The database at {self.shown} can't be used: {error}. Check DATABASE_URL or TOWARD_HOME."
            ) from error
        if self.sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
        self.keyring = Keyring(master, self._wrapped_key)
        # SQLite has one writer; waiting for a lock of ours is fair and quick, its own way of waiting sleeps.
        self._writing: Any = threading.RLock() if self.sqlite else _NoLock()
        #: Somebody was erased, and the journal of SQLite may still hold their (sealed) rows and their key.
        self.needs_scrubbing = False

    @property
    def shown(self) -> str:
        """The address without a password, for messages."""
        try:
            return str(sa.engine.make_url(self.url).render_as_string(hide_password=True))
        except sa.exc.ArgumentError:
            return "DATABASE_URL"

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            MemoryFault: the database can't be reached or written.
            KeyGone: the master key is not the one that this database was made with.
        """
        try:
            if not self._is_up_to_date():
                self._migrate()
            with self.engine.connect() as connection:
                first = connection.execute(sa.select(PersonKeyRow.person_id, PersonKeyRow.wrapped).limit(1)).first()
        except (sa.exc.SQLAlchemyError, OSError) as error:
            raise MemoryFault(
                f"The database at {self.shown} can't be opened or written ({_short(error)}). "
                "Check DATABASE_URL, or that the folder TOWARD_HOME exists and can be written."
            ) from error
        if first is not None:
            self.keyring.master.unwrap(bytes(first.wrapped), first.person_id)

    def _is_up_to_date(self) -> bool:
        """Whether the newest migration was made; alembic, half a second to import, is then not needed."""
        if not sa.inspect(self.engine).has_table("alembic_version"):
            return False
        newest = max(file.stem.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
        with self.engine.connect() as connection:
            return bool(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == newest)

    def _migrate(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.begin() as connection:
            if self.sqlite:  # its driver would commit each table by itself, and a killed first start leave half of them
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def session(self, person_id: str | None = None) -> Iterator[Session]:
        """A session that rolls back unless `commit` is called; sealed columns are written for `person_id`."""
        with keys_at_hand(self.keyring, person_id), Session(self.engine, autoflush=False, future=True) as session:
            yield session

    def commit(self, session: Session) -> None:
        """Write and commit what a session holds, all of it or nothing.

        Raises:
            MemoryFault: the database refused; nothing was written.
        """
        try:
            with self._writing:
                session.flush()
                session.commit()
        except sa.exc.SQLAlchemyError as error:
            session.rollback()
            raise MemoryFault(f"The database did not take a turn ({_short(error)}); nothing was written.") from error

    def write_lock(self) -> Any:
        """Held by whoever writes outside `commit`."""
        return self._writing

    def scrub(self) -> bool:
        """Bring SQLite's journal (`-wal`) into the file, where what was deleted is overwritten, and cut it to nothing.

        Returns:
            Whether that is done; not while somebody reads, then it has to be tried again.
        """
        if self.sqlite and self.needs_scrubbing:
            with self._writing, self.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={_SCRUB_MS}")  # whoever writes must not wait for long
                try:
                    busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
            self.needs_scrubbing = bool(busy)
        return not (self.sqlite and self.needs_scrubbing)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _wrapped_key(self, person_id: str) -> bytes | None:
        with self.engine.connect() as connection:
            found = connection.execute(
                sa.select(PersonKeyRow.wrapped).where(PersonKeyRow.person_id == person_id)
            ).scalar()
        return None if found is None else bytes(found)


def open_database(settings: Settings) -> Database:
    """The database of these settings, brought up to date.

    Raises:
        MemoryFault, SettingsError, KeyGone: it can't be opened; the message says what to do.
    """
    database = Database(settings.database, load_master_key(settings.key, settings.home / "toward.key"))
    database.upgrade()
    return database


class _NoLock:
    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit that was acknowledged survives a power cut, not only a crash of the program.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten, in the file too.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _short(error: BaseException) -> str:
    """An error without the statement and its parameters, which may hold words."""
    original = getattr(error, "orig", None) or error
    return f"{type(original).__name__}: {str(original).splitlines()[0][:200]}"
