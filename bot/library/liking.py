"""What a person's own experience says of an idea: which kinds of ideas went well, and which hurt.

The method is Thompson sampling over traits; docs/methods.md ("How ideas are chosen") explains it to a reader.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.library.schema import Bid, Entry, Idea, NoveltyIdea, Question, Suggestion

__all__ = ["AWAY_DAYS", "OUTCOMES", "Happened", "Liking", "Outcome", "giving_rests", "likeness", "traits"]

#: What became of an idea: read in full, planned; done, done in part, not done, done and it hurt; and, after a kindness
#: was done, whether anything came back.
Outcome = Literal["chosen", "planned", "done", "partly", "not_done", "backfired", "answered", "unanswered"]
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)

#: How much each outcome speaks for (first) or against (second) the traits of its idea.
_EVIDENCE: Final[Mapping[str, tuple[float, float]]] = {
    "chosen": (0.5, 0.0),
    "planned": (0.5, 0.0),
    "done": (2.0, 0.0),
    "partly": (1.0, 0.0),
    "not_done": (0.0, 0.5),
    "backfired": (0.0, 3.0),
    "answered": (1.0, 0.0),
    "unanswered": (0.0, 1.0),
}
#: An idea that was on the table while others were taken speaks a little against its traits.
_PASSED: Final = 0.2
#: Evidence counts half after so many days, so that a person may change.
_HALF_LIFE: Final = 60.0
#: For so many days ideas much like one that backfired stay away; "much like" is a likeness from here on.
AWAY_DAYS: Final = 30
_MUCH_LIKE: Final = 0.6
#: So many kindnesses in a row to which nothing came back, or which hurt, and giving rests (rule 11) for so many days.
_UNANSWERED: Final = 3
_REST_DAYS: Final = 30
_SPANS: Final = (2, 10, 30, 240)


@dataclass(frozen=True)
class Happened:
    """One thing that became of one idea.

    Attributes:
        idea: its id.
        day: days since 1970, UTC; nothing finer is kept.
    """

    idea: str
    outcome: Outcome
    day: int


@dataclass(frozen=True)
class Liking:
    """What happened with ideas so far, oldest first, seen from a day.

    Attributes:
        passed: ids that were offered and not taken.
        day: today, in days since 1970, UTC.
    """

    happened: tuple[Happened, ...] = ()
    passed: frozenset[str] = frozenset()
    day: int = 0

    def draw(self, find: Callable[[str], Idea | None], rng: random.Random) -> Callable[[Idea], float] | None:
        """Guesses, once for each trait, how well ideas with it go, and gives back how well an idea may go: 0 to 1.

        A trait that was seldom met is guessed at wildly, one that was often met narrowly: so what went well comes
        more often, and what is unknown is still tried.

        Args:
            find: gives the idea of an id, or None where it has left the library.
            rng: where chance comes from; the same chance gives the same guesses.

        Returns:
            None where nothing has happened yet.
        """
        if not self.happened:
            return None
        good: defaultdict[str, float] = defaultdict(float)
        bad: defaultdict[str, float] = defaultdict(float)
        for each in self.happened:
            idea = find(each.idea)
            weight = 0.5 ** (max(0, self.day - each.day) / _HALF_LIFE)
            for trait in traits(idea) if idea is not None else ():
                good[trait] += weight * _EVIDENCE[each.outcome][0]
                bad[trait] += weight * _EVIDENCE[each.outcome][1]
        for name in self.passed:
            idea = find(name)
            for trait in traits(idea) if idea is not None else ():
                bad[trait] += _PASSED
        guessed: dict[str, float] = {}

        def value(idea: Idea) -> float:
            own = sorted(traits(idea))
            for trait in own:
                if trait not in guessed:
                    guessed[trait] = rng.betavariate(1.0 + good[trait], 1.0 + bad[trait])
            return sum(guessed[trait] for trait in own) / max(1, len(own))

        return value

    def keeps_away(self, idea: Idea, find: Callable[[str], Idea | None]) -> bool:
        """Whether an idea is too much like one that hurt lately."""
        hurt = (find(each.idea) for each in self.happened if each.outcome == "backfired" and self._lately(each))
        return any(other is not None and likeness(idea, other) >= _MUCH_LIKE for other in hurt)

    def _lately(self, each: Happened) -> bool:
        return self.day - each.day < AWAY_DAYS


def giving_rests(happened: Sequence[Happened], day: int) -> bool:
    """Whether kindness went unanswered again and again, so that no more of it is asked of the person for a while."""
    ends = [each for each in happened if each.outcome in ("answered", "unanswered", "backfired")]
    last = ends[-_UNANSWERED:]
    if len(last) < _UNANSWERED or day - last[-1].day >= _REST_DAYS:
        return False
    return all(each.outcome != "answered" for each in last)


def traits(idea: Entry) -> frozenset[str]:
    """What ideas have in common for a person: how care is felt, how long it takes, what it asks and what it risks."""
    if isinstance(idea, Suggestion):
        span = next(most for most in _SPANS if idea.minutes <= most)
        own = {*idea.felt_as, f"up to {span} minutes", f"{idea.energy} energy", f"{idea.rejection} exposure"}
        if isinstance(idea, NoveltyIdea):
            own.add("at home" if idea.at_home else "out")
        return frozenset(own | ({"for oneself"} if idea.for_self else set()))
    if isinstance(idea, Question):
        return frozenset({f"depth {idea.depth}"})
    return frozenset({"bid"} if isinstance(idea, Bid) else ())


def likeness(one: Entry, other: Entry) -> float:
    """How much of their traits two ideas share: 0 for nothing, 1 for all of it."""
    own, others = traits(one), traits(other)
    return len(own & others) / max(1, len(own | others))
