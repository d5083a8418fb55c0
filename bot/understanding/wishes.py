"""What a person asks of an idea in passing: "ten minutes, no money, the kids are asleep, we had a fight"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.library.filters import Filters

__all__ = ["which_in", "wishes_in"]

_NUMBERS: Final = {
    "one": 1,
    "a": 1,
    "two": 2,
    "couple": 2,
    "three": 3,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
}
_MINUTES: Final = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})[\s-]*(?:of\s+)?(?:min(?:ute)?s?)\b", re.IGNORECASE)
_QUICK: Final = re.compile(r"\b(?:quick\w*|no time|little time|short)\b", re.IGNORECASE)
_FREE: Final = re.compile(
    r"\b(?:free|no money|without (?:spending|money)|broke|costs? nothing|can'?t afford|cheap)\b", re.IGNORECASE
)
_TIRED: Final = re.compile(r"\b(?:tired|exhausted|no energy|low energy|worn out|easy|wiped|drained)\b", re.IGNORECASE)
_CHILDREN: Final = re.compile(r"\b(?:kids?|children|toddler|baby|son|daughter)\b", re.IGNORECASE)
_ASLEEP: Final = re.compile(r"\b(?:asleep|sleep|in bed|at school|away|gone)\b", re.IGNORECASE)
_FIGHT: Final = re.compile(r"\b(?:fight|fought|argu\w+|row|quarrel\w*|yelled)\b", re.IGNORECASE)
_TOGETHER: Final = re.compile(r"\b(?:together|both of us|the two of us)\b", re.IGNORECASE)
_HOME: Final = re.compile(r"\b(?:at home|from home|indoors|inside|stay(?:ing)? in|the couch|the sofa)\b", re.IGNORECASE)
_APART: Final = re.compile(
    r"\b(?:apart|long distance|away for work|travel\w*|deployed|different cit\w+)\b", re.IGNORECASE
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


def wishes_in(text: str) -> Filters:
    """The filters that a message names; nothing is guessed."""
    found: dict[str, Any] = {}
    if minutes := _MINUTES.search(text):
        said = minutes.group(1).lower()
        found["minutes"] = max(1, _NUMBERS.get(said) or int(said))
    elif _QUICK.search(text):
        found["minutes"] = 10
    if _FREE.search(text):
        found["cost"] = "free"
    if _TIRED.search(text):
        found["energy"] = "low"
    if _CHILDREN.search(text) and not _ASLEEP.search(text):
        found["children_present"] = True
    if _FIGHT.search(text):
        found["mood"] = "after_a_fight"
    if _APART.search(text):
        found["setting"] = "apart"
    elif _TOGETHER.search(text):
        found["setting"] = "together"
    if _HOME.search(text):
        found["at_home"] = True
    return Filters(**found)
