"""What kept answers mean for the mirror of weeks: data/measures.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import ContentError
from bot.memory.turn import Turn
from bot.memory.weeks import SORTS, note
from bot.settings import PROJECT

__all__ = ["Measures", "note_kept"]

_FILE: Final = PROJECT / "data" / "measures.yml"
_HIGHEST: Final = 10


@dataclass(frozen=True)
class Measures:
    """The file, read.

    Attributes:
        scales: what is noted, by the name of the answer that has a number from 0 to 10.
        lonely: names of the three answers, in order; and the points of each title.
        words: for a name, what is noted, and the word for each title.
    """

    scales: Mapping[str, str]
    lonely: tuple[str, ...]
    points: Mapping[str, int]
    words: Mapping[str, tuple[str, Mapping[str, str]]]

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, file: Path = _FILE) -> Measures:
        """Read it once.

        Raises:
            ContentError: the file is missing, or isn't as its first lines say.
        """
        try:
            read = yaml.safe_load(file.read_text(encoding="utf-8"))
            lonely, words = read["loneliness"], read["words"]
            found = cls(
                {name: what for what, names in read["scales"].items() for name in names},
                tuple(lonely["asks"]),
                dict(lonely["points"]),
                {name: (entry["as"], dict(entry["means"])) for name, entry in words.items()},
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise ContentError(
                f"{file} can't be used ({type(error).__name__}). Put it back from the repository."
            ) from None
        if unknown := ({*found.scales.values()} | {what for what, _ in found.words.values()}) - set(SORTS):
            raise ContentError(f"{file} names {sorted(unknown)}, which no picture shows. There is: {', '.join(SORTS)}.")
        return found

    def of(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What is noted of some answers: ("closeness", 7), ("reach", "missed")."""
        for name, value in answers.items():
            if name in self.scales and isinstance(value, int) and 0 <= value <= _HIGHEST:
                yield self.scales[name], value
            elif name in self.words:
                what, means = self.words[name]
                if (word := means.get(str(value))) is not None:
                    yield what, word
        points = [self.points.get(str(answers.get(name))) for name in self.lonely]
        if all(points):
            yield "loneliness", sum(point for point in points if point)


def note_kept(turn: Turn, answers: Mapping[str, Any]) -> None:
    """Note what kept answers say about the week."""
    for what, value in Measures.load().of(answers):
        note(turn, what, value)
