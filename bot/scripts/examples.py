"""What `Show:` takes from the library: a softer opening, a pattern that others know, something to say in a check-in."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import Final

from bot.library.schema import Cycle
from bot.library.shelf import Shelf, next_of
from bot.library.spoken import Part
from bot.scripts.words import ScriptWords

__all__ = ["EXAMPLES", "example_of"]

_PARTS: Final[dict[str, Part]] = {"opening prompt": "opening", "speaking prompt": "turn", "closing prompt": "closing"}
EXAMPLES: Final = frozenset({"gentle example", "common pattern", *_PARTS})


def example_of(
    what: str, shelf: Shelf, told: Collection[str], seen: Sequence[str], rng: random.Random, words: ScriptWords
) -> tuple[str, str]:
    """One that fits what was told and was not seen lately.

    Args:
        what: as it stands after `Show:`.
        told: themes of what the person said.
        seen: ids that this person has met, oldest first.
        words: what stands around it.

    Returns:
        Its id and its text; both empty where `what` is nothing of the library.
    """
    turn = rng.randrange(64)
    if what == "gentle example":
        near = [pair for pair in shelf.start_ups if pair.theme in told]
        pair = next_of(near or shelf.start_ups, seen, rng)
        return pair.id, words.one("gentle_example", turn, {"before": pair.before, "after": pair.after})
    if what == "common pattern":
        cycle = _nearest(shelf.cycles, told, seen, rng)
        return cycle.id, words.one("common_pattern", turn, {"moment": cycle.moment, "goes_round": cycle.goes_round})
    if what in _PARTS:
        prompt = next_of([prompt for prompt in shelf.prompts if prompt.part == _PARTS[what]], seen, rng)
        return prompt.id, words.one("check_in_prompt", turn, {"prompt": prompt.text})
    return "", ""


def _nearest(cycles: Sequence[Cycle], told: Collection[str], seen: Sequence[str], rng: random.Random) -> Cycle:
    """First those that what was told points to; those that are kept back until then never come otherwise."""
    near = [cycle for cycle in cycles if set(cycle.themes) & set(told) and cycle.id not in seen]
    return next_of(near or [cycle for cycle in cycles if not cycle.when_told], seen, rng)
