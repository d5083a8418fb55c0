"""Checks the whole library at once: the schema, names, look-alikes, and whether every filter finds enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bot.library.filters import Filters, is_safe
from bot.library.reading import Item, read, same_names
from bot.library.schema import Bid, Entry, Idea, Kind, KindnessIdea, Mood, NoveltyIdea, Question, Suggestion, Trouble

__all__ = ["check"]

SAME_WORDS = 0.6
SAME_LETTERS = 0.8
CHOICES = 3
OWN_CARE = 6

_MOODS: tuple[Mood, ...] = ("calm", "tense", "after_a_fight")
_TROUBLES: tuple[frozenset[Trouble], ...] = (
    frozenset(), frozenset({"grief"}), frozenset({"infidelity"}), frozenset({"grief", "infidelity"})
)  # fmt: skip


class _Amount(NamedTuple):
    """How many items of a file must have something in common.

    Attributes:
        what: the words for it, after "N of them are".
    """

    kind: Kind
    least: int
    what: str
    counts: Callable[[Entry], bool]


def _partner_kindness(entry: Entry) -> bool:
    return isinstance(entry, KindnessIdea) and not entry.for_self


_AMOUNTS: tuple[_Amount, ...] = (
    _Amount("kindness", 36, "in the file", lambda e: True),
    _Amount("kindness", 12, "under 2 minutes", lambda e: isinstance(e, KindnessIdea) and e.minutes < 2),
    _Amount("kindness", 12, "low in energy", lambda e: isinstance(e, KindnessIdea) and e.energy == "low"),
    _Amount("kindness", 6, "for the partner while apart", lambda e: _partner_kindness(e) and _tag(e, "setting", "apart")),
    _Amount("kindness", 5, "right after an argument", lambda e: _partner_kindness(e) and _tag(e, "mood", "after_a_fight")),
    _Amount("kindness", 4, "for oneself", lambda e: isinstance(e, KindnessIdea) and e.for_self),
    _Amount("novelty", 34, "in the file", lambda e: True),
    _Amount("novelty", 14, "free", lambda e: _tag(e, "cost", "free")),
    _Amount(
        "novelty", 9, "at home with children", lambda e: isinstance(e, NoveltyIdea) and e.at_home and e.children_present
    ),
    _Amount("novelty", 7, "done in ten minutes", lambda e: isinstance(e, NoveltyIdea) and e.minutes <= 10),
    _Amount("novelty", 3, "for one's own world", lambda e: isinstance(e, NoveltyIdea) and e.for_self),
    _Amount("questions", 64, "in the file", lambda e: True),
    _Amount("questions", 14, "safe when tense", lambda e: isinstance(e, Question) and e.safe_when_tense),
    _Amount("questions", 10, "of depth 1", lambda e: _tag(e, "depth", 1)),
    _Amount("questions", 10, "of depth 2", lambda e: _tag(e, "depth", 2)),
    _Amount("questions", 10, "of depth 3", lambda e: _tag(e, "depth", 3)),
    _Amount("questions", 10, "of depth 4", lambda e: _tag(e, "depth", 4)),
    _Amount("bids", 14, "in the file", lambda e: True),
)


def check(folder: Path) -> list[str]:
    """Finds everything that is wrong with the library, so that it can be put right in one sitting.

    Args:
        folder: holds kindness.yml, novelty.yml, questions.yml and bids.yml.

    Returns:
        A line for each problem: file, item, and what to do. Empty when the library is fit to ship.
    """
    items, problems = read(folder)
    problems.extend(same_names(items))
    problems.extend(_look_alikes(items))
    problems.extend(_too_few(items))
    problems.extend(_dead_ends([item.entry for item in items]))
    return problems


def _tag(entry: Entry, name: str, value: object) -> bool:
    tag = getattr(entry, name)
    return value in tag if isinstance(tag, tuple) else bool(tag == value)


def _look_alikes(items: Sequence[Item]) -> Iterator[str]:
    """Compares each pair that could be offered in the same place."""
    told = [(item, words, frozenset(re.findall(r"[a-z]+", words))) for item in items for words in [_told(item.entry)]]
    for (item, words, tokens), (other, other_words, other_tokens) in combinations(told, 2):
        if isinstance(item.entry, Suggestion) != isinstance(other.entry, Suggestion) or (
            not isinstance(item.entry, Suggestion) and item.kind != other.kind
        ):
            continue
        shared = len(tokens & other_tokens) / max(1, len(tokens | other_tokens))
        if shared > SAME_WORDS or _letters_alike(words, other_words):
            yield f"{other.place}: it reads much like {item.place}. Rewrite one of them, or drop it."


def _told(entry: Entry) -> str:
    if isinstance(entry, (Suggestion, Question)):
        return entry.text.casefold()
    return f"{entry.bid} {entry.toward}".casefold() if isinstance(entry, Bid) else ""


def _letters_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # each dearer and sharper than the last
    return all(bound() > SAME_LETTERS for bound in bounds)


def _too_few(items: Sequence[Item]) -> Iterator[str]:
    for amount in _AMOUNTS:
        found = sum(1 for item in items if item.kind == amount.kind and amount.counts(item.entry))
        if found < amount.least:
            more = f"at least {amount.least} are needed. Write {amount.least - found} more."
            yield f"{amount.kind}.yml: {found} are {amount.what}, {more}"


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
                    yield f"{kind}.yml: {left} fit {when}, at least {CHOICES} are needed. Write {CHOICES - left} more."
            afraid = Filters(mood=mood, trouble=trouble | {"fear"})
            left = sum(1 for idea in own_care if is_safe(idea, afraid))
            if left < OWN_CARE:
                yield (
                    f"kindness.yml and novelty.yml: {left} are care for oneself that fits fear, {when}, "
                    f"at least {OWN_CARE} are needed. Write {OWN_CARE - left} more with for_self: true."
                )
