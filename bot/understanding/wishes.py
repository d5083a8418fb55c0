"""What a person asks of an idea in passing: "ten minutes, no money, the kids are asleep, we had a fight"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from bot.library.filters import Filters
from bot.library.schema import Setting, Trouble
from bot.understanding import wish_words as words

__all__ = ["how_many", "which_in", "wishes_in"]

#: What is either asked for or not.
_SIMPLE: Final = {"at_home": words.HOME, "for_self": words.MYSELF}
_TROUBLES: Final[tuple[tuple[Trouble, re.Pattern[str]], ...]] = (
    ("grief", words.GRIEF),
    ("infidelity", words.INFIDELITY),
)

#: Places in a list, as people name them.
_PLACES: Final = (
    re.compile(r"\b(?:first|1st|number one|number 1|top one)\b|^\W*(?:1|one)\W*$", re.IGNORECASE),
    re.compile(r"\b(?:second|2nd|number two|number 2|middle one|the middle)\b|^\W*(?:2|two)\W*$", re.IGNORECASE),
    re.compile(r"\b(?:third|3rd|number three|number 3|last)\b|^\W*(?:3|three)\W*$", re.IGNORECASE),
)
_MOST_WORDS_OF_A_PLACE: Final = 8
_SMALL_WORDS: Final = frozenset(
    "a an the to of for in on at and or with your you i one it that about it's by me my".split()
)


def which_in(text: str, titles: Sequence[str]) -> int | None:
    """Which of the titles a few words mean, by its place ("the second one") or by a word of its own ("the tea one").

    Returns:
        The index in `titles`; None where none is named, or more than one.
    """
    if len(text.split()) > _MOST_WORDS_OF_A_PLACE:
        return None
    named = [place for place, pattern in enumerate(_PLACES[: len(titles)]) if pattern.search(text)]
    if not named:
        said = _words(text)
        named = [place for place, title in enumerate(titles) if said & _words(title)]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+(?:['’]\w+)?", text.casefold())) - _SMALL_WORDS


def how_many(wishes: Filters) -> int:
    """How many things a person asked for."""
    return sum(getattr(wishes, each.name) != each.default for each in fields(Filters))


def wishes_in(text: str) -> Filters:
    """The filters that a message names; nothing is guessed. Of two times or two places, the one named last counts."""
    found: dict[str, Any] = {name: True for name, pattern in _SIMPLE.items() if pattern.search(text)}
    found.update(
        minutes=_minutes_in(text),
        cost="free" if words.FREE.search(text) else "small" if words.CHEAP.search(text) else None,
        energy="low" if words.TIRED.search(text) else None,
        children_present=bool(words.CHILDREN.search(text)) and not words.ASLEEP.search(text),
        setting=_setting_in(text),
        trouble=frozenset(name for name, pattern in _TROUBLES if pattern.search(text)),
        partner_knows=False if words.UNSEEN.search(text) else None,
        rejection="low" if words.NO_RISK.search(text) else None,
        mobility="any" if words.STAYS_PUT.search(text) else None,
        felt_as=frozenset(name for name, pattern in words.FELT.items() if pattern.search(text)),
    )
    if words.FIGHT.search(words.NO_FIGHT.sub(" ", text)):
        found["mood"] = "after_a_fight"
    elif words.TENSE.search(text):
        found["mood"] = "tense"
    return Filters(**found)


def _minutes_in(text: str) -> int | None:
    """The longest that an idea may take."""
    minutes: int | None = None
    for match in words.TIMES.finditer(text):
        name = str(match.lastgroup)
        if name not in ("minutes", "hours"):
            minutes = words.SPANS[name]
            continue
        said = match.group(name).lower()
        number = 1 if said == "an" else words.NUMBERS.get(said) or int(said)
        minutes = min(240, max(1, number * (60 if name == "hours" else 1)))
    return minutes


def _setting_in(text: str) -> Setting | None:
    """Together or apart; somebody who is away is apart, even where something to do together is asked for."""
    if words.APART.search(text):
        return "apart"
    return "together" if words.TOGETHER.search(text) else None
