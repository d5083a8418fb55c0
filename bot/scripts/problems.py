"""What is wrong with a script: the line, the cause, the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Problem", "shown"]


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    Attributes:
        line: from 1.
        text: cause and cure, in words for somebody who is no programmer.
        warning: it may be published all the same.
    """

    line: int
    text: str
    warning: bool = False

    @property
    def kind(self) -> str:
        """What it is called: "Error" or "Warning"."""
        return "Warning" if self.warning else "Error"


def shown(problems: Sequence[Problem], lines: Sequence[str]) -> str:
    """The problems one after the other, each with its line as it was written."""
    parts = []
    for problem in problems:
        written = lines[problem.line - 1].strip() if 0 < problem.line <= len(lines) else ""
        parts.append(f"{problem.kind}, line {problem.line}: {problem.text}" + (f"\n    {written}" if written else ""))
    return "\n".join(parts)
