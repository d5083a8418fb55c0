"""What tests share: databases of both kinds, a clock that is moved, a house with a scripted engine."""

from __future__ import annotations

import base64
import logging
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TOWARD_ZONE", "UTC")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.engine.without_tensorflow import keep_out
from bot.settings import PROJECT

keep_out(PROJECT / "config.yml")  # before any test imports Rasa

import pytest
import sqlalchemy as sa

from bot.engine.model import load_engine, prepare_model
from bot.engine.reply import Engine
from bot.memory.crypto import MasterKey
from bot.memory.database import Database

if TYPE_CHECKING:
    from tests.conversation.house import Rig

POSTGRES = os.environ.get("TOWARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def move(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.at += seconds + 3600 * hours + 86400 * days


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def master() -> MasterKey:
    return MasterKey(bytes(range(32)))


def _postgres_answers() -> bool:
    try:
        engine = sa.create_engine(POSTGRES, connect_args={"connect_timeout": 3})
        with engine.connect():
            return True
    except sa.exc.SQLAlchemyError:
        return False


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A schema of its own on the PostgreSQL at hand; skips where there is none, but never in CI."""
    if not _postgres_answers():
        if os.environ.get("CI"):
            pytest.fail(f"CI needs PostgreSQL at {POSTGRES}")
        pytest.skip(f"no PostgreSQL at {POSTGRES}")
    schema = f"toward_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(POSTGRES, future=True)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'toward.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str, master: MasterKey) -> Iterator[Database]:
    database = Database(database_url, master)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def rig(database: Database, clock: MovedClock) -> Iterator[Rig]:
    """One person's conversation with a scripted engine, without threads."""
    from tests.conversation.house import Rig  # which needs the clock above

    rig = Rig(database, clock)
    yield rig
    rig.close()


@pytest.fixture
def key_text() -> str:
    return base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Rasa with the trained model; trained here where it is not."""
    logging.disable(logging.INFO)
    return load_engine(prepare_model())
