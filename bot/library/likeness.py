"""Whether a file of ideas sounds as if it had been filled in: too many lines that set in with the same words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.library.entry import Entry, Words
from bot.library.reading import Item

__all__ = ["same_openings", "words_of"]

#: So many first words make an opening.
OPENING = 3
#: So many lines of a field may open alike, and of a long file so much.
OPEN_ALIKE = 4
SHARE = 0.03

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\{partner\}")


def same_openings(items: Sequence[Item]) -> Iterator[str]:
    """Says of each file which opening a person would soon know by heart, field by field."""
    openings: dict[tuple[str, str], dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        for name, text in _texts(item.entry):
            first = _WORD.findall(text.casefold())[:OPENING]
            if len(first) == OPENING:
                openings[item.kind, name][" ".join(first)].append(item)
    count = {kind: sum(1 for item in items if item.kind == kind) for kind, _ in openings}
    for (kind, name), found in openings.items():
        most = max(OPEN_ALIKE, int(SHARE * count[kind]))
        for opening, alike in found.items():
            if len(alike) > most:
                yield (
                    f'{alike[most].place}: {name} opens with "{opening}", and so do {len(alike) - 1} more '
                    f"in this kind; {most} are the most. Begin some of them in other ways."
                )


def words_of(entry: Entry) -> str:
    """All that a person reads of an entry, in one line."""
    return " ".join(text for _, text in _texts(entry))


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """The fields that a person reads."""
    for name, field in entry.__fields__.items():
        if field.type_ is Words:
            yield name, str(getattr(entry, name))
