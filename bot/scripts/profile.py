"""Profiles: what a law or a practice asks of a house. `illinois` allows buttons only; no free text is understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.scripts.problems import Problem
from bot.scripts.tree import Ask, Remind, Run, Script, plain, steps_of

__all__ = ["ILLINOIS", "PROFILES", "has_to_be_typed", "is_typed"]

ILLINOIS: Final = "illinois"
PROFILES: Final = (ILLINOIS,)
#: Ways to answer that no button gives.
_TYPED: Final = frozenset({"free text", "number", "time", "date"})


def is_typed(step: object) -> bool:
    """Whether a step asks for something that no button under it gives."""
    return isinstance(step, Ask) and step.how in _TYPED and not step.choices


def has_to_be_typed(script: Script, others: Mapping[str, Script]) -> Iterator[Problem]:
    """Every place where a script, or one that it leads to, asks for something that no button gives.

    Args:
        script: the script.
        others: scripts that it may run, by their plain names.
    """
    for section in script.sections:
        for step in steps_of(section.steps):
            if isinstance(step, Ask) and is_typed(step):
                yield Problem(
                    step.line,
                    f'This profile allows buttons only, and "{step.how}" has to be typed. Offer choices instead.',
                )
            elif isinstance(step, (Run, Remind)) and (how := _typed_in(step.script, others, {plain(script.name)})):
                yield Problem(
                    step.line,
                    f'This profile allows buttons only, and "{step.script}" asks for "{how}", which has to be typed. '
                    "Offer choices there, or lead to another script.",
                )


def _typed_in(name: str, others: Mapping[str, Script], seen: set[str]) -> str:
    """What a script asks to be typed, itself or in one that it leads to; empty where nothing is."""
    script = others.get(plain(name))
    if script is None or plain(name) in seen:
        return ""
    seen.add(plain(name))
    for section in script.sections:
        for step in steps_of(section.steps):
            if isinstance(step, Ask) and is_typed(step):
                return step.how
            if isinstance(step, (Run, Remind)) and (how := _typed_in(step.script, others, seen)):
                return how
    return ""
