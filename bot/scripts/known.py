"""What a script may refer to outside itself: other scripts, the themes, the library."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bot.library.shelf import Shelf
from bot.scripts.checker import Known
from bot.scripts.folder import scripts_in, shipped
from bot.scripts.suggesting import counter
from bot.settings import PROJECT
from bot.understanding.replies import Replies
from bot.understanding.themes import Themes

__all__ = ["known_beside", "library", "replies", "themes"]


@lru_cache(maxsize=1)
def library() -> Shelf:
    """The library, read once."""
    return Shelf.load(PROJECT / "data" / "ideas")


@lru_cache(maxsize=1)
def themes() -> Themes:
    """The themes, read once."""
    return Themes.load(PROJECT / "data" / "themes.yml")


@lru_cache(maxsize=1)
def replies() -> Replies:
    """What answers to a bid sound like, read once."""
    return Replies.load(PROJECT / "data" / "replies.yml")


def known_beside(file: Path | None = None, *, free_text: bool = True) -> Known:
    """Shipped scripts and templates, those beside the file, the themes and the library."""
    beside = scripts_in(file.resolve().parent) if file else {}
    return Known(themes().names, {**shipped(), **beside}, _count, free_text)


def _count(kind: str, words: Sequence[str]) -> int:
    """How many ideas fit; the library is read when the first script asks, which most don't."""
    return counter(library())(kind, words)
