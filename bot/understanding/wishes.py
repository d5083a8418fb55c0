"""What a person asks of an idea in passing: "ten minutes, no money, the kids are asleep, we had a fight"."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.library.filters import Filters

__all__ = ["wishes_in"]

_NUMBERS: Final = {"one": 1, "a": 1, "two": 2, "couple": 2, "three": 3, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30}
_MINUTES: Final = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})[\s-]*(?:of\s+)?(?:min(?:ute)?s?)\b", re.IGNORECASE)
_QUICK: Final = re.compile(r"\b(?:quick\w*|no time|little time|short)\b", re.IGNORECASE)
_FREE: Final = re.compile(r"\b(?:free|no money|without (?:spending|money)|broke|costs? nothing|can'?t afford|cheap)\b", re.IGNORECASE)
_TIRED: Final = re.compile(r"\b(?:tired|exhausted|no energy|low energy|worn out|easy|wiped|drained)\b", re.IGNORECASE)
_CHILDREN: Final = re.compile(r"\b(?:kids?|children|toddler|baby|son|daughter)\b", re.IGNORECASE)
_ASLEEP: Final = re.compile(r"\b(?:asleep|sleep|in bed|at school|away|gone)\b", re.IGNORECASE)
_FIGHT: Final = re.compile(r"\b(?:fight|fought|argu\w+|row|quarrel\w*|yelled)\b", re.IGNORECASE)
_APART: Final = re.compile(r"\b(?:apart|long distance|away for work|travel\w*|deployed|different cit\w+)\b", re.IGNORECASE)


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
    return Filters(**found)
