"""What the conversation itself says, before or instead of Rasa: texts of data/edges.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ContentError

__all__ = ["EdgeWords"]


@dataclass(frozen=True)
class EdgeWords:
    """Texts by name, each in several wordings.

    Names: "empty", "no_words", "broken", "busy", "back", and "unreadable_<sort>" for what can't be read.
    """

    texts: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, file: Path) -> EdgeWords:
        """Read the file.

        Raises:
            ContentError: it can't be read, isn't YAML, or lacks a text; the message names file, line and cure.
        """
        try:
            loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise ContentError(f"{file} can't be read ({error}). Restore it from the repository.") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise ContentError(
                f"{file}, line {line}: this is not YAML. Check the indentation and quotes there."
            ) from error
        if not isinstance(loaded, dict) or not all(isinstance(value, list) and value for value in loaded.values()):
            raise ContentError(f"{file}: every name needs a list of wordings, each on a line that begins with '- '.")
        texts = {str(name): tuple(str(text).strip() for text in wordings) for name, wordings in loaded.items()}
        missing = {"empty", "no_words", "broken", "unreadable_other"} - set(texts)
        if missing:
            names = ", ".join(sorted(missing))
            raise ContentError(f"{file}: no wording for {names}. Add the name with at least one line under it.")
        return cls(texts)

    def pick(self, name: str, turn: int) -> str:
        """A wording that changes from turn to turn; falls back from "unreadable_<sort>" to "unreadable_other"."""
        wordings = self.texts.get(name) or self.texts["unreadable_other"]
        return wordings[turn % len(wordings)]
