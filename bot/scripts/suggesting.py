"""The words of `Suggest:` as filters of the library."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.library.filters import Filters, distance, is_safe
from bot.library.schema import Kind
from bot.library.shelf import Shelf

__all__ = ["FILTER_WORDS", "KINDS", "Count", "counter", "filters_a_question", "filters_of", "unknown_filter"]

#: How many ideas of a kind fit some filters.
Count = Callable[[str, Sequence[str]], int]
KINDS: Final[dict[str, Kind]] = {"kindness": "kindness", "novelty": "novelty", "question": "questions"}
_MEANING: Final[dict[str, dict[str, Any]]] = {
    "free": {"cost": "free"},
    "low cost": {"cost": "small"},
    "low effort": {"energy": "low"},
    "low energy": {"energy": "low"},
    "medium effort": {"energy": "medium"},
    "together": {"setting": "together"},
    "apart": {"setting": "apart"},
    "with children": {"children_present": True},
    "at home": {"at_home": True},
    "low risk": {"rejection": "low"},
    "in secret": {"partner_knows": False},
    "sitting": {"mobility": "any"},
    "for myself": {"for_self": True},
    "tense": {"mood": "tense"},
    "after a fight": {"mood": "after_a_fight"},
    "words": {"felt_as": frozenset({"words"})},
    "time": {"felt_as": frozenset({"time"})},
    "help": {"felt_as": frozenset({"help"})},
    "touch": {"felt_as": frozenset({"touch"})},
    "being noticed": {"felt_as": frozenset({"being_noticed"})},
}
_MINUTES: Final = re.compile(r"^(?:under|at most|up to|less than) (\d+) minutes?$")
_DEPTH: Final = re.compile(r"^depth ([1-4])$")
#: What may be written, as it is shown to a counsellor.
FILTER_WORDS: Final = (*_MEANING, "under 10 minutes", "depth 1")


def unknown_filter(word: str) -> bool:
    """Whether a word filters nothing."""
    return not (word in _MEANING or _MINUTES.match(word) or _DEPTH.match(word))


def filters_a_question(word: str) -> bool:
    """Whether a word means something for questions, which only differ in depth and in what they bear."""
    return bool(_DEPTH.match(word)) or "mood" in _MEANING.get(word, {})


def filters_of(words: Sequence[str]) -> Filters:
    """Filters of some words; unknown ones are passed over (the checker names them)."""
    filters = Filters()
    for word in words:
        if found := _MINUTES.match(word):
            filters = replace(filters, minutes=int(found.group(1)))
        elif found := _DEPTH.match(word):
            filters = replace(filters, depth=int(found.group(1)))
        else:
            filters = replace(filters, **_MEANING.get(word, {}))
    return filters


def counter(shelf: Shelf) -> Count:
    """Counts in a library."""
    pools: dict[str, Any] = {"kindness": shelf.kindness, "novelty": shelf.novelty, "question": shelf.questions}

    def count(kind: str, words: Sequence[str]) -> int:
        wanted = filters_of(words)
        return sum(is_safe(idea, wanted) and distance(idea, wanted) == 0 for idea in pools[kind])

    return count
