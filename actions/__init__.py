"""What the coach does: custom actions for Rasa, one file for each thing; thin, and silent but for the words of domain.yml."""

from __future__ import annotations

from functools import lru_cache

from bot.memory.crypto import load_master_key
from bot.memory.database import Database
from bot.memory.turn import use_database
from bot.settings import load_settings


@lru_cache(maxsize=1)
def _database() -> Database:
    """The database of the settings, opened by the first action that runs outside a turn (`rasa run actions`)."""
    settings = load_settings()
    database = Database(settings.database, load_master_key(settings.key, settings.home / "toward.key"))
    database.upgrade()
    return database


use_database(_database)
