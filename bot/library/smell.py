"""Finds what reads as if made from a template: the same opening, or the same run of words, again and again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from bot.library.reading import Item
from bot.library.schema import Suggestion

__all__ = ["smells"]

#: So many ideas of a kind may begin with the same two words, one of so many with the same first word.
_SAME_OPENING: Final = 4
_SAME_FIRST: Final = 12
#: A run of so many words may stand in so many ideas of a kind.
_RUN: Final = 4
_SAME_RUN: Final = 4
#: So many ideas of a kind may end with the same three words.
_SAME_END: Final = 2
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\{partner\}")


def smells(items: Sequence[Item]) -> Iterator[str]:
    """A line for each opening, run of words or ending that too many ideas of a kind share."""
    kinds = sorted({item.kind for item in items if isinstance(item.entry, Suggestion)})
    for kind in kinds:
        told = {item.place: item.entry for item in items if item.kind == kind and isinstance(item.entry, Suggestion)}
        texts = {place: _words(entry.text) for place, entry in told.items()}
        smaller = {place: _words(entry.smaller) for place, entry in told.items()}
        first = max(_SAME_OPENING, len(texts) // _SAME_FIRST)
        yield from _shared("begin with", {place: {" ".join(words[:1])} for place, words in texts.items()}, first)
        for sort, lines in (("text", texts), ("smaller", smaller)):
            opening = {place: {" ".join(words[:2])} for place, words in lines.items()}
            yield from _shared(f"begin in {sort} with", opening, _SAME_OPENING)
            ending = {place: {" ".join(words[-3:])} for place, words in lines.items()}
            yield from _shared(f"end in {sort} with", ending, _SAME_END)
        runs = {place: _runs(words) | _runs(smaller[place]) for place, words in texts.items()}
        yield from _shared("have", runs, _SAME_RUN)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> set[str]:
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _shared(what: str, parts: dict[str, set[str]], most: int) -> Iterator[str]:
    where: defaultdict[str, list[str]] = defaultdict(list)
    for place, found in parts.items():
        for part in found:
            where[part].append(place)
    for part, places in where.items():
        if len(places) > most:
            yield (
                f'{places[-1]}: {len(places)} {what} "{part}", {most} is the most. '
                f"Reword {len(places) - most} of them, such as this one."
            )
