"""Letters on pictures: how wide words are, where lines break, and what no font here can show.

Lato for what is written in Latin letters, DejaVu Sans for the rest; both come with packages, nothing is fetched.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

__all__ = ["ELLIPSIS", "balanced", "cleaned", "font_files", "is_right_to_left", "shown", "width", "wrapped"]

ELLIPSIS: Final = "…"
_FILES: Final = (
    ("font-lato", "font_lato/files/Lato-Regular.ttf"),
    ("font-lato", "font_lato/files/Lato-Bold.ttf"),
    ("font-lato", "font_lato/files/Lato-Italic.ttf"),
    ("matplotlib", "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"),
    ("matplotlib", "matplotlib/mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
)
#: How much wider bold letters are.
_BOLD: Final = 1.12
#: How much wider than Lato's letters those of DejaVu are, where that isn't at hand to be measured.
_WIDEST: Final = 1.25
#: Width of a letter that no font here has, in ems.
_UNKNOWN: Final = 1.0
#: What can't stand in XML, and what turns the direction of everything after it.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
#: Signs that belong to the letter before them: a line never breaks in front of one.
_JOINING: Final = frozenset("\u200d\ufe0e\ufe0f")


@lru_cache(maxsize=1)
def font_files() -> tuple[Path, ...]:
    """The fonts of the packages that are installed."""
    found = []
    for package, file in _FILES:
        try:
            path = Path(str(distribution(package).locate_file(file)))
        except PackageNotFoundError:  # a lean installation without it
            continue
        if path.is_file():
            found.append(path)
    return tuple(found)


@lru_cache(maxsize=1)
def _advances() -> dict[int, float]:
    """How far each character moves on, in ems, in the widest font that has it: a browser may use its own letters."""
    from fontTools.ttLib import TTFont

    widths: dict[int, float] = {}
    room = 1.0 if any("DejaVu" in file.name for file in font_files()) else _WIDEST
    for file in font_files():
        if "Bold" in file.name or "Italic" in file.name:
            continue
        with TTFont(file, lazy=True) as font:
            em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
            for code, glyph in font.getBestCmap().items():
                widths[code] = max(widths.get(code, 0.0), advances[glyph][0] / em * room)
    return widths


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is at most, in the units of `size`."""
    known = _advances()
    ems = sum(0.0 if _joins(letter) else known.get(ord(letter), _UNKNOWN) for letter in text)
    return ems * size * (_BOLD if bold else 1.0)


def cleaned(text: str) -> str:
    """A person's words on one line, without signs that would break the picture."""
    return " ".join(_UNFIT.sub("", text).split())


def shown(text: str) -> str:
    """The words without letters that no font here has (some emoji, scripts of the Far East); "…" where none is left."""
    known = _advances()
    kept = "".join(letter for letter in text if ord(letter) in known and letter not in _JOINING)
    return " ".join(kept.split()) if any(not letter.isspace() for letter in kept) else (ELLIPSIS if text else "")


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """The words in at most so many lines; what is left out ends in "…".

    Args:
        text: cleaned words.
        size: of the letters.
        room: width of a line, in the same units.
        most: lines.
    """
    lines: list[str] = [""]
    for word in text.split():
        for piece in _pieces(word, size, room):
            joined = f"{lines[-1]} {piece}".strip()
            if width(joined, size) <= room:
                lines[-1] = joined
            else:
                lines.append(piece)
    if len(lines) <= most:
        return [line for line in lines if line]
    last = lines[most - 1]
    while last and width(last + ELLIPSIS, size) > room:
        last = last.rpartition(" ")[0] if " " in last else last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:.–-") + ELLIPSIS]


def balanced(text: str, size: float, room: float, most: int) -> list[str]:
    """Lines of about the same length, to be centred: no single word stands on the last one."""
    lines = wrapped(text, size, room, most)
    if not lines or lines[-1].endswith(ELLIPSIS):
        return lines
    while room > size and len(narrower := wrapped(text, size, room - 10, most + 1)) == len(lines):
        lines, room = narrower, room - 10
    return lines


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is of a script written from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found in ("R", "AL") for found in directions if found in ("L", "R", "AL")), False)


def _pieces(word: str, size: float, room: float) -> list[str]:
    """A word, broken where it is wider than a line."""
    pieces, piece = [], ""
    for letter in word:
        if piece and not _joins(letter) and piece[-1] not in _JOINING and width(piece + letter, size) > room:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def _joins(letter: str) -> bool:
    return letter in _JOINING or unicodedata.category(letter) in ("Mn", "Me") or "\U0001f3fb" <= letter <= "\U0001f3ff"
