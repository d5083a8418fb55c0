"""A tree laid out flat, so that a place in a script is one number that can be stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.scripts.tree import Condition, End, GoTo, If, Script, Step, plain

__all__ = ["Branch", "Jump", "Program", "laid_out"]


@dataclass(frozen=True)
class Jump:
    """Go on at another place."""

    to: int


@dataclass(frozen=True)
class Branch:
    """Go on at another place unless something is so."""

    condition: Condition
    to: int


@dataclass(frozen=True)
class Program:
    """Steps in a row.

    Attributes:
        script: where they come from.
        steps: in order; jumps stand between them.
        places: where each section begins, by its plain name.
    """

    script: Script
    steps: tuple[Step | Jump | Branch, ...]
    places: dict[str, int]

    def place(self, section: str) -> int:
        """Where a section begins; the end where there is none of that name."""
        return self.places.get(plain(section), len(self.steps) - 1)


#: Programs of trees that are in use; a tree is never changed, so its identity is enough.
_KEPT: Final = 256
_programs: dict[int, Program] = {}


def laid_out(script: Script) -> Program:
    """The program of a tree; worked out once for each."""
    known = _programs.get(id(script))
    if known is None or known.script is not script:
        if len(_programs) >= _KEPT:
            _programs.clear()
        known = _programs[id(script)] = _laid_out(script)
    return known


def _laid_out(script: Script) -> Program:
    steps: list[Step | Jump | Branch] = []
    places: dict[str, int] = {}
    gotos: list[tuple[int, str]] = []

    def emit(tree: tuple[Step, ...]) -> None:
        for step in tree:
            if isinstance(step, GoTo):
                gotos.append((len(steps), step.section))
                steps.append(Jump(0))
            elif isinstance(step, If):
                branch = len(steps)
                steps.append(Branch(step.condition, 0))
                emit(step.then)
                over = len(steps)
                if step.otherwise:
                    steps.append(Jump(0))
                    steps[branch] = Branch(step.condition, len(steps))
                    emit(step.otherwise)
                    steps[over] = Jump(len(steps))
                else:
                    steps[branch] = Branch(step.condition, over)
            else:
                steps.append(step)

    for section in script.sections:
        places[plain(section.name)] = len(steps)
        emit(section.steps)
        steps.append(End(line=section.line))
    for at, name in gotos:
        steps[at] = Jump(places.get(plain(name), len(steps) - 1))
    return Program(script, tuple(steps), places)
