"""The test lists of this folder: one message a line, with its topic where it has one.

Those in data/ met the phrases, which were widened with them; those in messages/ are held apart from phrases and
weights.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "data"
APART = Path(__file__).parent / "messages"
DATA = Path(__file__).parents[2] / "data"


def messages(kind: str) -> list[tuple[str, str]]:
    """All (topic, text) of one kind: "explicit", "mentions", "veiled" or "ordinary" (topic "none")."""
    files = sorted([*HERE.glob(f"{kind}.txt"), *HERE.glob(f"{kind}_*.txt")])
    return [row for file in files for row in one_list(file.stem)]


def one_list(name: str) -> list[tuple[str, str]]:
    """The (topic, text) rows of one file."""
    rows = [line.rpartition("\t") for line in _lines(HERE / f"{name}.txt")]
    return [(topic or "none", text) for topic, _, text in rows]


def fresh_ordinary() -> list[str]:
    """A thousand ordinary messages, many alarming in their words, written apart from phrases and examples."""
    return _lines(APART / "ordinary_a.txt")


def held_apart(kind: str) -> list[tuple[str, str]]:
    """All (topic, text) of one kind that nothing was fitted to: "explicit" or "veiled"."""
    rows = [line.partition("\t") for file in sorted(APART.glob(f"{kind}_*.txt")) for line in _lines(file)]
    return [(topic, text) for topic, _, text in rows]


def ordinary_apart() -> list[str]:
    """Every ordinary message that nothing was fitted to."""
    return [line for file in sorted(APART.glob("ordinary_*.txt")) for line in _lines(file)]


def vents() -> list[str]:
    """One-sided complaints about a partner, without danger."""
    return [line for file in sorted(APART.glob("vents*.txt")) for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
