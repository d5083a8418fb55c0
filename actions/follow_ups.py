"""What is said to somebody who tells how a plan went: a line that fits the result and the sort of plan."""

from __future__ import annotations

from typing import List

from actions.common import chance, note_offered, offered, shelf
from bot.library.schema import FollowUp, KindnessIdea, NoveltyIdea, Question
from bot.library.shelf import next_of
from bot.library.spoken import Result, Sort
from bot.memory.turn import Turn

__all__ = ["follow_up"]

#: Ideas that are on no shelf.
_OWN: dict[str, Sort] = {"turn-toward": "bid", "check-in": "check_in"}


def follow_up(turn: Turn, result: Result, idea: str) -> str:
    """A line that this person has not heard lately; first those for just this sort of plan, then those for any.

    Args:
        turn: whose plan it is.
        result: how it went.
        idea: the plan's idea, by its id or its name.
    """
    sort, seen = _sort(idea), offered(turn)
    sorts = ("own_care",) if sort == "own_care" else (sort, "any")  # what is said to any plan may speak of the partner
    fitting = [line for line in shelf().follow_ups if line.result == result and line.sort in sorts]
    own: List[FollowUp] = [line for line in fitting if line.sort == sort and line.id not in seen]
    line = next_of(own or fitting, seen, chance(turn))
    note_offered(turn, [line.id])
    return line.text


def _sort(idea: str) -> Sort:
    found = shelf().by_id(idea)
    if isinstance(found, (KindnessIdea, NoveltyIdea)) and found.for_self:
        return "own_care"
    if isinstance(found, KindnessIdea):
        return "kindness"
    if isinstance(found, NoveltyIdea):
        return "new"
    return "question" if isinstance(found, Question) else _OWN.get(idea, "any")
