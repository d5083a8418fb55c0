"""What an answer to a bid does: it turns toward, away or against. Read by its words (data/replies.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.content import yaml_files
from bot.errors import ContentError
from bot.understanding.themes import pattern_of

__all__ = ["WAYS", "Replies"]

WAYS: Final = ("toward", "away", "against")
#: A murmur, and nothing else.
_MURMUR: Final = re.compile(
    r"[\"'“]?(?:m+|mm-?hm+|hm+|uh-?huh|ok(?:ay)?|fine|nice|cool|huh|yeah|yep|lol|k)\b[\s.!…\"'”]*", re.I
)
_QUESTION: Final = re.compile(r"\?\s*[\"'”’]?\s*$")


@dataclass(frozen=True)
class Replies:
    """Words by way; an entry is a phrase in which * stands for the rest of a word."""

    _words: dict[str, re.Pattern[str]]

    @classmethod
    def load(cls, file: Path) -> Replies:
        """Read the file.

        Raises:
            ContentError: it can't be read, or lacks one of the three ways.
        """
        try:
            loaded = yaml_files.load(file)
            return cls({way: pattern_of(loaded[way]) for way in WAYS})
        except (KeyError, TypeError) as error:
            raise ContentError(
                f"{file}: it needs a list of phrases for each of {', '.join(WAYS)} ({error})."
            ) from error

    def way_of(self, text: str) -> str:
        """One of `WAYS`; empty where the words tell none of them, or speak for two.

        A reproach outweighs a murmur beside it. A question shows interest where nothing else speaks.
        """
        if _MURMUR.fullmatch(text.strip()):
            return "away"
        found = {way for way, words in self._words.items() if words.search(text)}
        if "against" in found:
            return "" if "toward" in found else "against"
        if len(found) == 1:
            return found.pop()
        if "toward" in found:
            return ""
        return "toward" if _QUESTION.search(text.strip()) else ""
