"""Checks the whole library at once: the schema, names, look-alikes, templates, and whether filters find enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

from bot.library.filters import Filters, distance, is_safe
from bot.library.likeness import same_openings, words_of
from bot.library.reading import Item, read, same_names
from bot.library.schema import (
    Bid,
    Entry,
    Idea,
    Kind,
    KindnessIdea,
    Mood,
    NoveltyIdea,
    Question,
    Setting,
    Suggestion,
    Trouble,
)
from bot.library.smell import smells
from bot.library.spoken import News, Result

__all__ = ["check", "needed"]

SAME_WORDS = 0.6
SAME_LETTERS = 0.8
_SAME_TRIPLES = 0.3
CHOICES = 3
OWN_CARE = 6

_PARTS = {"opening": 12, "turn": 30, "closing": 15}
_RESULTS: tuple[Result, ...] = ("done", "partly", "not_done", "backfired")
_NEWS: tuple[News, ...] = ("any", "work", "family", "health", "partner", "plan", "small_joy")

_WORD = re.compile(r"[a-z]+")
_MOODS: tuple[Mood, ...] = ("calm", "tense", "after_a_fight")
_SETTINGS: tuple[Setting, ...] = ("together", "apart")
_TROUBLES: tuple[frozenset[Trouble], ...] = (
    frozenset(), frozenset({"grief"}), frozenset({"infidelity"}), frozenset({"grief", "infidelity"})
)  # fmt: skip


class _Amount(NamedTuple):
    """How many items of a file must have something in common.

    Attributes:
        what: the words for it, after "N are".
        tags: what each must have; a list of tags must hold the value, minutes may be at most the value.
    """

    kind: Kind
    least: int
    what: str
    tags: dict[str, object]


_AMOUNTS: tuple[_Amount, ...] = (
    _Amount("kindness", 200, "in the library", {}),
    _Amount("kindness", 60, "under 2 minutes", {"minutes": 1}),
    _Amount("kindness", 60, "low in energy", {"energy": "low"}),
    _Amount("kindness", 30, "for the partner while apart", {"setting": "apart", "for_self": False}),
    _Amount("kindness", 25, "for right after an argument", {"mood": "after_a_fight", "for_self": False}),
    _Amount("kindness", 20, "for oneself", {"for_self": True}),
    _Amount("novelty", 150, "in the library", {}),
    _Amount("novelty", 60, "free", {"cost": "free"}),
    _Amount("novelty", 40, "for at home with children", {"at_home": True, "children_present": True, "for_self": False}),
    _Amount("novelty", 30, "done in ten minutes", {"minutes": 10}),
    _Amount("novelty", 20, "for one's own world", {"for_self": True}),
    _Amount("questions", 400, "in the file", {}),
    _Amount("questions", 60, "safe when tense", {"safe_when_tense": True}),
    *(_Amount("questions", 95, f"of depth {depth}", {"depth": depth}) for depth in (1, 2, 3, 4)),
    _Amount("bids", 100, "in the file", {}),
    _Amount("cycles", 15, "in the file", {}),
    _Amount("cycles", 6, "for everybody, whatever was told", {"when_told": False}),
    _Amount("start_ups", 60, "in the file", {}),
    _Amount("prompts", 60, "in the file", {}),
    *(_Amount("prompts", least, f"for the {part}", {"part": part}) for part, least in _PARTS.items()),
    _Amount("follow_ups", 120, "in the file", {}),
    *(_Amount("follow_ups", 30, f"for {result}", {"result": result}) for result in _RESULTS),
    *(
        _Amount("follow_ups", 10, f"for {result}, whatever the plan", {"result": result, "sort": "any"})
        for result in _RESULTS
    ),
    *(
        _Amount("follow_ups", 5, f"for {result} of care for oneself", {"result": result, "sort": "own_care"})
        for result in _RESULTS
    ),
    _Amount("good_news", 40, "in the file", {}),
    *(_Amount("good_news", 5, f"about {news}", {"about": news}) for news in _NEWS),
)


def check(folder: Path) -> list[str]:
    """Finds everything that is wrong with the library, so that it can be put right in one sitting.

    Args:
        folder: holds a file or a folder for each kind.

    Returns:
        A line for each problem: file, item, and what to do. Empty when the library is fit to ship.
    """
    items, problems = read(folder)
    problems.extend(same_names(items))
    problems.extend(_look_alikes(items))
    problems.extend(same_openings(items))
    problems.extend(smells(items))
    problems.extend(_too_few(items))
    problems.extend(_dead_ends([item.entry for item in items]))
    problems.extend(_gaps([item.entry for item in items]))
    return problems


def _has(entry: Entry, name: str, value: object) -> bool:
    tag = getattr(entry, name)
    if isinstance(tag, tuple):
        return value in tag
    return bool(tag <= value) if name == "minutes" else bool(tag == value)


def _look_alikes(items: Sequence[Item]) -> Iterator[str]:
    """Compares each pair that could be offered in the same place."""
    told = {item.place: _Told.of(item.entry) for item in items}
    for item, other in combinations(items, 2):
        both_can_be_done = isinstance(item.entry, Suggestion) and isinstance(other.entry, Suggestion)
        if not both_can_be_done and item.kind != other.kind:
            continue
        one, two = told[item.place], told[other.place]
        if _words_alike(one, two) or _letters_alike(one, two):
            yield f"{other.place}: it reads much like {item.place}. Rewrite one of them, or drop it."


def _told(entry: Entry) -> str:
    if isinstance(entry, (Suggestion, Question)):
        return entry.text.casefold()
    return (f"{entry.bid} {entry.toward}" if isinstance(entry, Bid) else words_of(entry)).casefold()


class _Told(NamedTuple):
    """A text in the forms in which it is compared."""

    text: str
    words: frozenset[str]
    triples: frozenset[str]

    @classmethod
    def of(cls, entry: Entry) -> _Told:
        """Each form is made once, since every text is held against every other."""
        text = _told(entry)
        triples = frozenset(text[at : at + 3] for at in range(len(text) - 2))
        return cls(text, frozenset(_WORD.findall(text)), triples)


def _words_alike(one: _Told, other: _Told) -> bool:
    return len(one.words & other.words) > SAME_WORDS * len(one.words | other.words)


def _letters_alike(one: _Told, other: _Told) -> bool:
    if len(one.triples & other.triples) < _SAME_TRIPLES * len(one.triples | other.triples):
        return False  # the dear comparison below could only say the same
    matcher = SequenceMatcher(None, one.text, other.text, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # each dearer and sharper than the last
    return all(bound() > SAME_LETTERS for bound in bounds)


def needed(folder: Path) -> list[str]:
    """How much there is of each kind and tag, a line for each kind.

    Args:
        folder: holds the files, which `check` has found right.
    """
    items, _ = read(folder)
    told: dict[Kind, list[str]] = {}
    for amount in _AMOUNTS:
        told.setdefault(amount.kind, []).append(f"{_count(items, amount)} {amount.what} (of {amount.least} needed)")
    return [f"{kind}: {', '.join(counts)}." for kind, counts in told.items()]


def _count(items: Sequence[Item], amount: _Amount) -> int:
    entries = (item.entry for item in items if item.kind == amount.kind)
    return sum(1 for entry in entries if all(_has(entry, *tag) for tag in amount.tags.items()))


def _too_few(items: Sequence[Item]) -> Iterator[str]:
    for amount in _AMOUNTS:
        found = _count(items, amount)
        if found < amount.least:
            more = f"at least {amount.least} are needed. Write {amount.least - found} more."
            yield f"{amount.kind}: {found} are {amount.what}, {more}"


def _dead_ends(entries: Sequence[Entry]) -> Iterator[str]:
    """Finds the moods and troubles in which safety leaves too little to choose from."""
    own_care: list[Idea] = [e for e in entries if isinstance(e, (KindnessIdea, NoveltyIdea)) and e.for_self]
    for mood in _MOODS:
        for trouble in _TROUBLES:
            asked = Filters(mood=mood, trouble=trouble, depth=1)
            when = " and ".join([mood, *sorted(trouble)])
            for kind, model in (("kindness", KindnessIdea), ("novelty", NoveltyIdea), ("questions", Question)):
                left = sum(1 for e in entries if isinstance(e, model) and is_safe(e, asked))
                if left < CHOICES:
                    yield f"{kind}: {left} fit {when}, at least {CHOICES} are needed. Write {CHOICES - left} more."
            afraid = Filters(mood=mood, trouble=trouble | {"fear"})
            left = sum(1 for idea in own_care if is_safe(idea, afraid))
            if left < OWN_CARE:
                yield (
                    f"kindness and novelty: {left} are care for oneself that fits fear, {when}, "
                    f"at least {OWN_CARE} are needed. Write {OWN_CARE - left} more with for_self: true."
                )


def _gaps(entries: Sequence[Entry]) -> Iterator[str]:
    """Finds the wishes that the shelf can't meet without giving one of them up.

    A wish for less (a minute, nothing to pay, little strength, children around) is met by less and less; so where the
    hardest of these find enough, all the others do. What is left to vary is where the two are, and how it is.
    """
    for kind, model in (("kindness", KindnessIdea), ("novelty", NoveltyIdea)):
        ideas = [entry for entry in entries if isinstance(entry, model)]
        for setting, mood, trouble in product(_SETTINGS, _MOODS, _TROUBLES):
            asked = Filters(mood, trouble, 1, "free", "low", setting, children_present=True, at_home=True)
            left = sum(is_safe(idea, asked) and distance(idea, asked) == 0 for idea in ideas)
            if left < CHOICES:
                when = " and ".join([setting, mood, *sorted(trouble)])
                yield (
                    f"{kind}: {left} take a minute, cost nothing, ask little, and fit children, {when}; "
                    f"at least {CHOICES} are needed. Write {CHOICES - left} more."
                )
