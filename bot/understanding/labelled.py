"""Reads data/themes/*.yml: sentences under the themes, feelings and strength that all of them carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.content.yaml_files import load
from bot.errors import ContentError

__all__ = ["FEELS", "STRENGTHS", "Labelled", "read_labelled"]

#: In front of the name of a feeling, because "lonely" is a theme as well.
FEELS: Final = "feels "
STRENGTHS: Final = ("strong", "mild")
#: Stands before the bar where no theme is told.
_NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Labelled:
    """A sentence and every label that it carries."""

    text: str
    labels: frozenset[str]


def read_labelled(folder: Path, themes: Collection[str], feelings: Collection[str]) -> list[Labelled]:
    """All sentences, file by file.

    Args:
        folder: data/themes.
        themes: names that may stand before the bar.
        feelings: names that may stand after it, beside "strong" and "mild".

    Raises:
        ContentError: a file is broken, a label is unknown, or a sentence stands twice.
    """
    found: dict[str, Labelled] = {}
    for file in sorted(folder.glob("*.yml")):
        for labels, text in _sentences(file, load(file), set(themes), set(feelings)):
            known = " ".join(text.casefold().split())
            if known in found:
                raise ContentError(f'{file}: "{text}" stands twice. Keep one, under all labels that it carries.')
            found[known] = Labelled(text, labels)
    if not found:
        raise ContentError(f"{folder}: there are no sentences. Put the folder back from the repository.")
    return list(found.values())


def _sentences(file: Path, content: Any, themes: set[str], feelings: set[str]) -> Iterator[tuple[frozenset[str], str]]:
    if not isinstance(content, dict):
        raise ContentError(f'{file}: it needs lines like "unseen screens | hurt:" with lists of sentences under them.')
    for key, sentences in content.items():
        before, bar, after = str(key).partition("|")
        about = set(before.split()) - {_NOTHING}
        unknown = sorted(about - themes) + sorted(set(after.split()) - feelings - set(STRENGTHS))
        if unknown or not bar:
            raise ContentError(
                f'{file}: "{key}" is not of the form "themes | feelings"'
                + (
                    f"; {', '.join(unknown)} is no name of data/themes.yml. Add it there, or correct it."
                    if unknown
                    else "."
                )
            )
        if not isinstance(sentences, list) or not sentences:
            raise ContentError(f'{file}: "{key}" has no list of sentences under it. Add one, or remove the line.')
        labels = {*about, *(name if name in STRENGTHS else FEELS + name for name in after.split())}
        for text in sentences:
            if not isinstance(text, str):
                raise ContentError(f'{file}: "{text}" under "{key}" is not read as text. Put quotes around it.')
            yield frozenset(labels), text
