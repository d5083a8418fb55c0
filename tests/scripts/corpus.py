"""Wrong scripts with what checking says of them: tests/scripts/wrong.txt.

    === what is wrong
    the script ("Script: Test" and "# Start" stand in front where it names neither)
    > Error, line 4: what is said

`python -m tests.scripts.corpus` writes what is said today, so that a change is read in the diff before it is committed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.library.shelf import Shelf
from bot.scripts.checker import Known, check_text
from bot.scripts.reading import read
from bot.scripts.suggesting import counter
from bot.settings import PROJECT

__all__ = ["FILE", "Case", "cases", "known"]

FILE = Path(__file__).parent / "wrong.txt"
OTHERS = {
    "Step review": "Script: Step review\n# Start\nEnd: Bye.",
    "Round trip": "Script: Round trip\n# Start\nRun Test\nEnd: Bye.",
}


@dataclass(frozen=True)
class Case:
    """One wrong script."""

    title: str
    text: str
    said: tuple[str, ...]

    def says(self) -> tuple[str, ...]:
        """What checking says of it."""
        _, problems = check_text(self.whole, known())
        return tuple(f"{problem.kind}, line {problem.line}: {problem.text}" for problem in problems)

    @property
    def whole(self) -> str:
        head = "" if re.match(r"Script\b|\s*$", self.text) else "Script: Test\n\n# Start\n"
        return head + self.text


@lru_cache(maxsize=1)
def known() -> Known:
    """Two other scripts, a few themes, the real library."""
    scripts = {name: read(text).script for name, text in OTHERS.items()}
    themes = ("feeling unseen", "feeling lonely", "only logistics", "screens", "conflict")
    return Known(themes, scripts, counter(Shelf.load(PROJECT / "data" / "ideas")))


def cases() -> list[Case]:
    """All of them."""
    found = []
    for block in re.split(r"^=== ", FILE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, rest = block.partition("\n")
        lines = rest.rstrip("\n").split("\n")
        said = tuple(line[2:] for line in lines if line.startswith("> "))
        found.append(Case(title, "\n".join(line for line in lines if not line.startswith("> ")), said))
    return found


def main() -> None:
    parts = ["\n".join([f"=== {case.title}", case.text, *(f"> {line}" for line in case.says())]) for case in cases()]
    FILE.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
