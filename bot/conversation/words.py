"""What the conversation itself says, before or instead of Rasa: texts of data/edges.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.content import yaml_files

__all__ = ["EdgeWords"]

_NEEDED: Final = frozenset({"empty", "no_words", "broken", "corrected", "corrected_earlier", "unreadable_other"})


@dataclass(frozen=True)
class EdgeWords:
    """Texts by name, each in several wordings.

    Names: "empty", "no_words", "broken", "corrected", "corrected_earlier"; "unreadable_<sort>" for what can't be read.
    """

    texts: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, file: Path) -> EdgeWords:
        """Read the file.

        Raises:
            ContentError: it can't be read, isn't YAML, or lacks a text; the message names file, line and cure.
        """
        return cls(yaml_files.wordings(file, _NEEDED))

    def pick(self, name: str, turn: int) -> str:
        """A wording that changes from turn to turn; falls back from "unreadable_<sort>" to "unreadable_other"."""
        wordings = self.texts.get(name) or self.texts["unreadable_other"]
        return wordings[turn % len(wordings)]
