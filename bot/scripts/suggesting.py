"""`Suggest:`: its words as filters of the library, and the ideas that come of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.library import schema
from bot.library.filters import Filters, distance, is_safe
from bot.library.liking import Liking
from bot.library.schema import Kind, Question, Suggestion
from bot.library.shelf import Shelf, title_of
from bot.scripts.tree import Suggest

__all__ = [
    "FILTER_WORDS",
    "LONGEST_TITLE",
    "Bid",
    "Count",
    "Idea",
    "bid_for",
    "counter",
    "filters_a_question",
    "ideas_for",
    "unknown_filter",
]

#: Characters on a button of a script.
LONGEST_TITLE: Final = 40
_OFFERED: Final = 3
#: How many ideas of a kind fit some filters.
Count = Callable[[str, Sequence[str]], int]
_KINDS: Final[dict[str, Kind]] = {"kindness": "kindness", "novelty": "novelty", "question": "questions"}
_MEANING: Final[dict[str, dict[str, Any]]] = {
    "free": {"cost": "free"},
    "low cost": {"cost": "small"},
    "low effort": {"energy": "low"},
    "low energy": {"energy": "low"},
    "medium effort": {"energy": "medium"},
    "together": {"setting": "together"},
    "apart": {"setting": "apart"},
    "with children": {"children_present": True},
    "at home": {"at_home": True},
    "low risk": {"rejection": "low"},
    "in secret": {"partner_knows": False},
    "sitting": {"mobility": "any"},
    "for myself": {"for_self": True},
    "tense": {"mood": "tense"},
    "after a fight": {"mood": "after_a_fight"},
    "words": {"felt_as": frozenset({"words"})},
    "time": {"felt_as": frozenset({"time"})},
    "help": {"felt_as": frozenset({"help"})},
    "touch": {"felt_as": frozenset({"touch"})},
    "being noticed": {"felt_as": frozenset({"being_noticed"})},
}
_MINUTES: Final = re.compile(r"^(?:under|at most|up to|less than) (\d+) minutes?$")
_DEPTH: Final = re.compile(r"^depth ([1-4])$")
#: What may be written, as it is shown to a counsellor.
FILTER_WORDS: Final = (*_MEANING, "under 10 minutes", "depth 1")


@dataclass(frozen=True)
class Bid:
    """Something that a partner might say, and three answers to it, in an order that gives nothing away.

    Attributes:
        id: of the library.
        bid: what is heard.
        replies: (way, words), where the way is "toward", "away" or "against".
        why: what the first of them does.
    """

    id: str
    bid: str
    replies: tuple[tuple[str, str], ...]
    why: str


@dataclass(frozen=True)
class Idea:
    """Something to choose: `text` is what is said of it, `title` stands on its button."""

    id: str
    title: str
    text: str


def unknown_filter(word: str) -> bool:
    """Whether a word filters nothing."""
    return not (word in _MEANING or _MINUTES.match(word) or _DEPTH.match(word))


def filters_a_question(word: str) -> bool:
    """Whether a word means something for questions, which only differ in depth and in what they bear."""
    return bool(_DEPTH.match(word)) or "mood" in _MEANING.get(word, {})


def _filters(words: Sequence[str]) -> Filters:
    """Filters of some words; unknown ones are passed over (the checker names them)."""
    filters = Filters()
    for word in words:
        if found := _MINUTES.match(word):
            filters = replace(filters, minutes=int(found.group(1)))
        elif found := _DEPTH.match(word):
            filters = replace(filters, depth=int(found.group(1)))
        else:
            filters = replace(filters, **_MEANING.get(word, {}))
    return filters


def ideas_for(
    suggest: Suggest,
    shelf: Shelf,
    seen: Sequence[str],
    locked: bool,
    partner: str,
    rng: random.Random,
    liking: Liking | None = None,
) -> list[Idea]:
    """Three ideas that fit a `Suggest:` line, chosen by what went well for this person before."""
    kind, filters = _KINDS[suggest.kind], _filters(suggest.filters)
    picked = shelf.pick(kind, filters, seen, locked, _OFFERED, rng=rng, liking=liking)
    return [
        Idea(idea.id, title_of(idea, LONGEST_TITLE), _told(idea, partner))
        for idea in picked
        if isinstance(idea, (Suggestion, Question))
    ]


def _told(idea: Suggestion | Question, partner: str) -> str:
    """What is said of an idea; a question for the partner stands in quotes, since the coach doesn't ask it."""
    text = idea.text.replace("{partner}", partner)
    return f'"{text}"' if isinstance(idea, Question) else text


def bid_for(shelf: Shelf, seen: Sequence[str], partner: str, rng: random.Random) -> Bid | None:
    """A bid to rehearse that was not seen lately; None where the library has none."""
    picked = shelf.pick("bids", Filters(), seen, n=1, rng=rng)
    for bid in picked:
        if isinstance(bid, schema.Bid):
            replies = [("toward", bid.toward), ("away", bid.away), ("against", bid.against)]
            rng.shuffle(replies)
            return Bid(bid.id, bid.bid.replace("{partner}", partner), tuple(replies), bid.why)
    return None


def counter(shelf: Shelf) -> Count:
    """Counts in a library."""
    pools: dict[str, Any] = {"kindness": shelf.kindness, "novelty": shelf.novelty, "question": shelf.questions}

    def count(kind: str, words: Sequence[str]) -> int:
        wanted = _filters(words)
        return sum(is_safe(idea, wanted) and distance(idea, wanted) == 0 for idea in pools[kind])

    return count
