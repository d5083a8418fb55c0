"""All that is stored of a person as files that they can take with them: a page to read, and JSON."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from bot import zones
from bot.memory.attachments import Attachment
from bot.memory.export import export_of
from bot.memory.readable import load_page_words, readable_page
from bot.memory.turn import Turn
from bot.memory.zone import zone_used

__all__ = ["as_json", "as_page", "export_files"]


def export_files(turn: Turn) -> tuple[Attachment, Attachment]:
    """The page and the JSON, as of this turn; their names tell a bystander nothing."""
    stored = export_of(turn.session, turn.person)
    day = zones.local(turn.now, zone_used(turn)).date().isoformat()
    words = _words()
    page, data = as_page(stored, day), as_json(stored)
    return (
        Attachment("file", f"notes-{day}.html", page.encode(), "text/html", words["files.page"]),
        Attachment("file", f"notes-{day}.json", data.encode(), "application/json", words["files.data"]),
    )


def as_page(stored: dict[str, Any], day: str) -> str:
    """What `export_person` gave, as one page to read; `day` is when it was made."""
    return readable_page(stored, _words(), day)


def as_json(stored: dict[str, Any]) -> str:
    """What `export_person` gave, for programs."""
    return json.dumps(stored, indent=2, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return load_page_words()
