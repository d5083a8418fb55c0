"""Counts the library by kind and tag, for whoever writes for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from bot.library.schema import (
    Channel,
    Cost,
    Energy,
    Entry,
    Idea,
    KindnessIdea,
    Mobility,
    Mood,
    NoveltyIdea,
    Rejection,
    Setting,
    Suggestion,
    Trouble,
)
from bot.library.shelf import Shelf

__all__ = ["amounts"]

_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "cost": get_args(Cost),
    "energy": get_args(Energy),
    "setting": get_args(Setting),
    "mood": get_args(Mood),
    "felt_as": get_args(Channel),
    "rejection": get_args(Rejection),
    "mobility": get_args(Mobility),
    "not_when": get_args(Trouble),
}
_YES: Final = ("children_present", "partner_knows", "at_home", "for_self")
_SPANS: Final = (1, 2, 5, 10, 30, 240)


def amounts(shelf: Shelf) -> Iterator[str]:
    """A line for each kind, and below it one for each tag."""
    kinds: tuple[tuple[str, Sequence[Idea]], ...] = (
        ("kindness", shelf.kindness), ("novelty", shelf.novelty), ("questions", shelf.questions), ("bids", shelf.bids)
    )  # fmt: skip
    for name, entries in kinds:
        yield f"{name}: {len(entries)}"
        if entries and isinstance(entries[0], Suggestion):
            yield from _of_suggestions([entry for entry in entries if isinstance(entry, (KindnessIdea, NoveltyIdea))])
        elif name == "questions":
            yield _line("depth", _counted(entries, "depth"), ("1", "2", "3", "4"))
            yield f"  safe when tense: {sum(bool(getattr(entry, 'safe_when_tense', False)) for entry in entries)}"


def _of_suggestions(entries: Sequence[KindnessIdea | NoveltyIdea]) -> Iterator[str]:
    spans = Counter(str(next(most for most in _SPANS if entry.minutes <= most)) for entry in entries)
    yield _line("minutes, at most", spans, tuple(map(str, _SPANS)))
    for tag, values in _TAGS.items():
        yield _line(tag, _counted(entries, tag), values)
    told = (f"{tag} {sum(bool(getattr(entry, tag, False)) for entry in entries)}" for tag in _YES)
    yield f"  {', '.join(told)}"


def _counted(entries: Sequence[Entry], tag: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in entries:
        value = getattr(entry, tag)
        found.update(map(str, value if isinstance(value, tuple) else (value,)))
    return found


def _line(tag: str, found: Counter[str], values: tuple[str, ...]) -> str:
    return f"  {tag}: {', '.join(f'{value} {found[value]}' for value in values)}"
