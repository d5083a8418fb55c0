"""What a piece of good news is about: words of data/news.yml."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content import yaml_files

__all__ = ["KindsOfNews"]


class KindsOfNews:
    """Word lists by kind; an entry is a phrase in which * stands for the rest of a word."""

    def __init__(self, file: Path) -> None:
        """Read the file.

        Raises:
            ContentError: it can't be read, or a kind has no list of words.
        """
        self._kinds = {kind: _pattern(phrases) for kind, phrases in yaml_files.wordings(file, ()).items()}

    @property
    def names(self) -> list[str]:
        """Every kind there are words for."""
        return list(self._kinds)

    def of(self, text: str) -> str:
        """The kind that the words name; "any" where they name none, or several."""
        found = [kind for kind, pattern in self._kinds.items() if pattern.search(text)]
        return found[0] if len(found) == 1 else "any"


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)
