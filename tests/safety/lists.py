"""The test lists of this folder: one message a line, with its topic where it has one."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "data"
DATA = Path(__file__).parents[2] / "data"


def messages(kind: str) -> list[tuple[str, str]]:
    """All (topic, text) of one kind: "explicit", "mentions", "veiled" or "ordinary" (topic "none")."""
    files = sorted([*HERE.glob(f"{kind}.txt"), *HERE.glob(f"{kind}_*.txt")])
    return [row for file in files for row in one_list(file.stem)]


def one_list(name: str) -> list[tuple[str, str]]:
    """The (topic, text) rows of one file."""
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.rpartition("\t") for line in lines if line and not line.startswith("#")]
    return [(topic or "none", text) for topic, _, text in rows]


def fresh_ordinary() -> list[str]:
    """A thousand ordinary messages, many alarming in their words, written apart from phrases and examples."""
    lines = (HERE.parent / "messages" / "ordinary_a.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
