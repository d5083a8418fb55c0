"""Opening the database: its tables are brought up to date, and what is up to date costs no time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.memory.database import Database
from bot.memory.models import Base


def _version(database: Database) -> str:
    with database.engine.connect() as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())


def test_a_new_database_gets_every_table_and_the_newest_version(database: Database) -> None:
    assert set(Base.metadata.tables) <= set(sa.inspect(database.engine).get_table_names())
    config = Config()
    config.set_main_option("script_location", str(Path("bot") / "memory" / "migrations"))
    assert _version(database) == ScriptDirectory.from_config(config).get_current_head()


def test_an_older_database_is_brought_up_to_date(database: Database) -> None:
    newest = _version(database)
    config = Config()
    config.set_main_option("script_location", str(Path("bot") / "memory" / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    assert not sa.inspect(database.engine).has_table("shared")
    database.upgrade()
    assert _version(database) == newest
    assert sa.inspect(database.engine).has_table("shared")


def test_opening_what_is_up_to_date_needs_no_migrations(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from bot.memory.crypto import MasterKey; from bot.memory.database import Database\n"
        f"Database('sqlite:///{tmp_path / 'one.db'}', MasterKey(bytes(32))).upgrade()\n"
        "print('alembic' in sys.modules)"
    )
    said = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["True", "False"]
