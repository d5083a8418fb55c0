"""The shelf the coach suggests from: loads the library and picks a few ideas that fit and are safe."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from bot.errors import ContentError
from bot.library.checks import check
from bot.library.filters import Filters, distance, is_safe
from bot.library.liking import Liking
from bot.library.reading import Item, matching_title, read, same_names
from bot.library.schema import (
    Bid,
    Cycle,
    Entry,
    FollowUp,
    GoodNews,
    Idea,
    Kind,
    KindnessIdea,
    NoveltyIdea,
    Prompt,
    Question,
    StartUp,
    Suggestion,
)

__all__ = ["Shelf", "check", "next_of", "title_of"]

#: For each choice so many of the likeliest ideas are held against each other.
_FIRST: Final = 12
_E = TypeVar("_E", bound=Entry)


@dataclass(frozen=True)
class Shelf:
    """The whole library, read once and never changed."""

    kindness: tuple[KindnessIdea, ...]
    novelty: tuple[NoveltyIdea, ...]
    questions: tuple[Question, ...]
    bids: tuple[Bid, ...]
    cycles: tuple[Cycle, ...]
    start_ups: tuple[StartUp, ...]
    prompts: tuple[Prompt, ...]
    follow_ups: tuple[FollowUp, ...]
    good_news: tuple[GoodNews, ...]
    _ids: dict[str, Idea] = field(init=False, repr=False, compare=False)
    _titles: dict[str, KindnessIdea | NoveltyIdea] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ids", {entry.id: entry for entry in self.everything})
        object.__setattr__(self, "_titles", {matching_title(idea.title): idea for idea in self.suggestions})

    @property
    def everything(self) -> Sequence[Idea]:
        """All entries, kind by kind."""
        entries: list[Idea] = [*self.suggestions, *self.questions, *self.bids, *self.cycles, *self.start_ups]
        return [*entries, *self.prompts, *self.follow_ups, *self.good_news]

    @property
    def suggestions(self) -> tuple[KindnessIdea | NoveltyIdea, ...]:
        """Everything that can be done: kindness, then novelty."""
        return self.kindness + self.novelty

    @classmethod
    def load(cls, folder: Path) -> Shelf:
        """Reads the library.

        Args:
            folder: holds a file or a folder for each kind, such as bids.yml.

        Raises:
            ContentError: a file, an item or a name is wrong; each line names the file, the item and the cure.
        """
        items, problems = read(folder)
        problems.extend(same_names(items))
        if problems:
            raise ContentError("\n".join(problems))
        return cls(
            _of(KindnessIdea, items),
            _of(NoveltyIdea, items),
            _of(Question, items),
            _of(Bid, items),
            _of(Cycle, items),
            _of(StartUp, items),
            _of(Prompt, items),
            _of(FollowUp, items),
            _of(GoodNews, items),
        )

    def by_id(self, entry_id: str) -> Idea | None:
        """Finds what was offered once by its id; None where it has left the library since."""
        return self._ids.get(entry_id)

    def by_title(self, typed: str) -> KindnessIdea | NoveltyIdea | None:
        """Finds an idea by its button's words, however they are typed; None where no button says so."""
        return self._titles.get(matching_title(typed))

    def pick(
        self,
        kind: Kind,
        filters: Filters,
        seen: Sequence[str],
        locked: bool = False,
        n: int = 3,
        *,
        rng: random.Random,
        liking: Liking | None = None,
    ) -> list[Idea]:
        """Picks a few ideas that differ from each other.

        What is unsafe in this mood or trouble is left out for good. Of the rest, the wishes in `filters` are given up
        one by one, in `RELAX_ORDER`, until at least `n` ideas fit. Among these none comes twice before all the others
        have come: first what was never seen, the nearest to the wishes and the least alike; then what was seen
        longest ago.

        Where something is known of what went well, it chooses among the unseen that are equally near; the last of
        several is left to chance all the same, so that the unknown is tried. What is much like an idea that hurt
        lately is left out as long as others are safe.

        Args:
            kind: which file to pick from.
            filters: what the person asks for.
            seen: the ids already offered to this person, oldest first.
            locked: True where the person is not safe with the partner. Then only care for oneself is picked, from
                kindness and novelty together, whatever `kind` says. So it is with "fear" in `filters.trouble`.
            n: how many, at least 1.
            rng: where chance comes from.
            liking: what became of earlier ideas.

        Returns:
            `n` ideas, fewer only where fewer are safe.
        """
        liking = liking or Liking()
        pool = self._safe(kind, filters, locked)
        harmless = [idea for idea in pool if not liking.keeps_away(idea, self.by_id)]
        pool = harmless if len(harmless) >= n else pool
        nearest = sorted(distance(idea, filters) for idea in pool)[:n]
        pool = [idea for idea in pool if distance(idea, filters) <= max(nearest, default=0)]
        last_seen = {entry_id: turn for turn, entry_id in enumerate(seen)}
        fresh = [idea for idea in pool if idea.id not in last_seen]
        known = sorted((idea for idea in pool if idea.id in last_seen), key=lambda idea: last_seen[idea.id])
        value = liking.draw(self.by_id, rng)
        liked = [] if value is None else _likeliest(fresh, filters, n - 1, value)
        chosen = _least_alike(fresh, filters, n, rng, liked)
        return chosen + known[: n - len(chosen)]

    def _safe(self, kind: Kind, filters: Filters, locked: bool) -> list[Idea]:
        if locked or "fear" in filters.trouble:
            filters = replace(filters, trouble=filters.trouble | {"fear"})
            return [idea for idea in self.suggestions if idea.for_self and is_safe(idea, filters)]
        whole: Sequence[Idea] = getattr(self, kind)  # a kind is called like its shelf
        return [idea for idea in whole if is_safe(idea, filters)]


def next_of(entries: Sequence[_E], seen: Sequence[str], rng: random.Random) -> _E:
    """One of some entries, by chance among those never seen; the one seen longest ago where all were.

    Args:
        entries: at least one.
        seen: the ids that this person has met, oldest first.
        rng: where chance comes from.
    """
    last_seen = {entry_id: turn for turn, entry_id in enumerate(seen)}
    fresh = [entry for entry in entries if entry.id not in last_seen]
    return rng.choice(fresh) if fresh else min(entries, key=lambda entry: last_seen[entry.id])


def _of(model: type[_E], items: Sequence[Item]) -> tuple[_E, ...]:
    return tuple(item.entry for item in items if isinstance(item.entry, model))


def _likeliest(ideas: list[Idea], filters: Filters, n: int, value: Callable[[Idea], float]) -> list[Idea]:
    """Takes up to `n`, nearest to the wishes first, then what may go best and is not much like those already taken."""
    ranked = sorted((distance(idea, filters), -value(idea), place) for place, idea in enumerate(ideas))
    far = {ideas[place].id: (away, low) for away, low, place in ranked}
    left = [ideas[place] for _, _, place in ranked[: n * _FIRST]]  # far enough back, unlikeness helps no more
    chosen: list[Idea] = []
    while left and len(chosen) < n:
        best = min(left, key=lambda idea: (far[idea.id][0], far[idea.id][1] + _alike(idea, chosen) / 2))
        left.remove(best)
        chosen.append(best)
    return chosen


def _least_alike(
    ideas: list[Idea], filters: Filters, n: int, rng: random.Random, chosen: Sequence[Idea] = ()
) -> list[Idea]:
    """Adds to those chosen until there are `n`, nearest to the wishes first, each as unlike the others as can be."""
    chosen = list(chosen)
    left = rng.sample([idea for idea in ideas if idea not in chosen], len(ideas) - len(chosen))
    while left and len(chosen) < n:
        best = min(left, key=lambda idea: (distance(idea, filters), _alike(idea, chosen)))
        left.remove(best)
        chosen.append(best)
    return chosen


def _alike(idea: Idea, chosen: list[Idea]) -> float:
    """How much an idea has in common with those already taken, 0 for nothing and 1 for each that feels the same."""
    own = _traits(idea)
    return sum(len(own & _traits(other)) / max(1, len(own | _traits(other))) for other in chosen)


def _traits(idea: Idea) -> frozenset[str]:
    """What makes two choices feel the same: the way care is felt and the time it takes, or how a question sets in."""
    if isinstance(idea, Suggestion):
        span = next(most for most in (2, 10, 30, 240) if idea.minutes <= most)
        return frozenset({*idea.felt_as, f"up to {span} minutes"})
    if isinstance(idea, Question):
        return frozenset({f"depth {idea.depth}", " ".join(idea.text.split()[:2]).casefold()})
    return frozenset()


def title_of(idea: Idea, longest: int) -> str:
    """What stands on a button of so many characters: an idea's name, or the beginning of a question."""
    if isinstance(idea, Suggestion):
        return idea.title
    title = ""
    for word in str(getattr(idea, "text", idea.id)).replace("{partner}", "").split():
        if len(title) + len(word) + 2 > longest:
            return f"{title.rstrip(',;')}…"
        title = f"{title} {word}".strip()
    return title
