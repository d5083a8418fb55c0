"""What a person asks of an idea, what safety asks of it, and how far an idea is from a wish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.library.schema import (
    Channel,
    Cost,
    Energy,
    Idea,
    Mobility,
    Mood,
    Question,
    Rejection,
    Setting,
    Suggestion,
    Trouble,
)

__all__ = ["RELAX_ORDER", "Filters", "distance", "is_safe"]

_COSTS: tuple[Cost, ...] = ("free", "small", "some")
_ENERGIES: tuple[Energy, ...] = ("low", "medium", "high")
_REJECTIONS: tuple[Rejection, ...] = ("low", "medium")


@dataclass(frozen=True)
class Filters:
    """What an idea has to fit. Everything but `mood` and `trouble` is a wish and may be relaxed.

    Attributes:
        mood: how it is between the two right now; never relaxed.
        trouble: what the person lives with; never relaxed. "fear" has the effect of the safety lock.
        minutes: the longest it may take.
        cost: the most it may cost.
        energy: the most it may ask of the person.
        setting: "together" or "apart"; ideas for either fit both.
        children_present: True where children are around.
        at_home: True where nobody can leave home; only novelty knows the difference.
        rejection: the most exposure to rejection.
        partner_knows: False where the partner must not have to know or agree.
        felt_as: the ways in which care is felt; one of them is enough.
        mobility: "any" where walking is not possible.
        for_self: True where the person wants something for their own care.
        depth: the deepest a question may go, 1 to 4; a deeper one is never picked, the nearest below comes first.
    """

    mood: Mood = "calm"
    trouble: frozenset[Trouble] = frozenset()
    minutes: int | None = None
    cost: Cost | None = None
    energy: Energy | None = None
    setting: Setting | None = None
    children_present: bool = False
    at_home: bool = False
    rejection: Rejection | None = None
    partner_knows: bool | None = None
    felt_as: frozenset[Channel] = frozenset()
    mobility: Mobility | None = None
    for_self: bool = False
    depth: int | None = None


Fit = Callable[[Suggestion, Filters], bool]

RELAX_ORDER: tuple[tuple[str, Fit], ...] = (
    ("felt_as", lambda idea, asked: not asked.felt_as or bool(asked.felt_as & set(idea.felt_as))),
    ("minutes", lambda idea, asked: asked.minutes is None or idea.minutes <= asked.minutes),
    ("energy", lambda idea, asked: _at_most(_ENERGIES, idea.energy, asked.energy)),
    ("cost", lambda idea, asked: _at_most(_COSTS, idea.cost, asked.cost)),
    ("at_home", lambda idea, asked: not asked.at_home or getattr(idea, "at_home", True)),
    ("children_present", lambda idea, asked: not asked.children_present or idea.children_present),
    ("rejection", lambda idea, asked: _at_most(_REJECTIONS, idea.rejection, asked.rejection)),
    ("partner_knows", lambda idea, asked: asked.partner_knows is not False or not idea.partner_knows),
    ("setting", lambda idea, asked: asked.setting is None or idea.setting in (asked.setting, "either")),
    ("for_self", lambda idea, asked: not asked.for_self or idea.for_self),
    ("mobility", lambda idea, asked: asked.mobility != "any" or idea.mobility == "any"),
)
"""The wishes in the order in which they are given up, from taste to what the body can do."""


def is_safe(idea: Idea, asked: Filters) -> bool:
    """Says whether an idea may be offered at all; what this refuses is never picked, whatever else is relaxed."""
    if isinstance(idea, Suggestion):
        return asked.mood in idea.mood and not asked.trouble & set(idea.not_when)
    if isinstance(idea, Question):
        if asked.depth is not None and idea.depth > asked.depth:
            return False
        return idea.safe_when_tense or (asked.mood == "calm" and not asked.trouble)
    return True


def distance(idea: Idea, asked: Filters) -> int:
    """Says how far an idea is from the wishes.

    Returns:
        0 where it fits. For kindness and novelty, how many wishes, in `RELAX_ORDER`, must be given up before it fits;
        for a question, how many depths it lies above the one asked for.
    """
    if isinstance(idea, Suggestion):
        return max((place for place, (_, fits) in enumerate(RELAX_ORDER, 1) if not fits(idea, asked)), default=0)
    if isinstance(idea, Question) and asked.depth is not None:
        return asked.depth - idea.depth
    return 0


def _at_most(scale: tuple[str, ...], value: str, most: str | None) -> bool:
    return most is None or scale.index(value) <= scale.index(most)
