"""What the coach does: custom actions for Rasa, one file for each thing; their words are in domain.yml."""

from __future__ import annotations

from functools import lru_cache

from bot.memory.database import Database, open_database
from bot.memory.turn import use_database
from bot.settings import load_settings


@lru_cache(maxsize=1)
def _database() -> Database:
    """The database of the settings, opened by the first action that runs outside a turn (`rasa run actions`)."""
    return open_database(load_settings())


use_database(_database)
