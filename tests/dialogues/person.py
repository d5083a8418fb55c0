"""A simulated person: what they would do next, given what they have just read. The same seed always does the same."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["GOALS", "Person", "person"]

#: What somebody has come for; the five steps come often.
GOALS: Final = (
    "pattern", "bids", "check-in", "novelty", "kindness", "curiosity", "gently", "lonely", "cheer", "listen",
)  # fmt: skip
#: How the buttons lead to what somebody has come for.
_BUTTONS: Final = {
    "pattern": ("See our pattern", "An idea, please", "One small thing", "Offer me something"),
    "bids": ("Turn toward each other", "An idea, please", "Show me ideas first", "Offer me something"),
    "check-in": ("A regular check-in", "Show me ideas first", "One small thing", "An idea, please"),
    "novelty": ("Something new", "Show me ideas first", "An idea, please", "Offer me something"),
    "kindness": ("A small kindness", "Show me ideas first", "One small thing", "An idea, please"),
    "curiosity": ("Show me ideas first", "Something new", "An idea, please"),
    "gently": ("Say it gently", "Show me ideas first", "An idea, please"),
    "lonely": ("It hurts right now", "Just listen"),
    "cheer": ("An idea, please",),
    "listen": ("Just listen",),
}
#: Which of the pools answers a question, by words in it; the first that fits.
_POOLS: Final = (
    ("moments", r"when it began|did it start|first small thing"),
    ("felts", r"feel right then|in that second, what was there|went through you|like inside you|felt like"),
    ("dids", r"did you do next|do with that feeling"),
    ("partner_dids", r"what did your partner do|came back from your partner"),
    ("guesses", r"partner have felt|going on inside your partner"),
    ("lives", r"what adds to it|makes this harder"),
    (
        "moves",
        r"say in that second|begin it differently|do instead|in its place|come back to each other|we're all right",
    ),
    ("bids", r"reached for you|small reach, from|small reach comes"),
    ("replies", r"say back|might you answer|could you answer|would you say"),
    ("raws", r"hold back|complaint"),
    ("events", r"camera|seen or heard|stands for it|last one, what happened"),
    ("feelings", r"how did that feel|do to you|feel, right there"),
    ("requests", r"like instead|the wish in it|in one small step|this week, what should"),
    ("whens", r"When could it be|good time|small gap"),
    ("wheres", r"where will you be|could it happen|might it fit"),
    ("nows", r"like right now|feel it most"),
    ("someones", r"comes to mind|whose voice"),
    ("news", r"something good lately|pleased or proud"),
    ("results", r"How did it go|became of it"),
    ("places", r"Where do you live|city or country|bigger city"),
)
_TEMPERAMENTS: Final = ("buttons", "words", "terse", "tearful", "reluctant", "slow")


@lru_cache(maxsize=1)
def _lines() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "lines.yml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Chances:
    """How likely somebody is to tap, to leave the road, to refuse, to ask back, and to be silent for a while."""

    taps: float
    roads: float
    refuses: float
    asides: float
    silent: float


_CHANCES: Final = {
    "buttons": Chances(0.95, 0.02, 0.03, 0.03, 0.03),
    "words": Chances(0.15, 0.05, 0.04, 0.05, 0.04),
    "terse": Chances(0.5, 0.03, 0.08, 0.04, 0.04),
    "tearful": Chances(0.5, 0.25, 0.05, 0.02, 0.05),
    "reluctant": Chances(0.4, 0.06, 0.25, 0.08, 0.04),
    "slow": Chances(0.6, 0.05, 0.05, 0.04, 0.16),
}


class Person:
    """Somebody who has come for something, with a temperament of their own."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.goal = GOALS[seed % len(GOALS)]
        self.temperament = _TEMPERAMENTS[(seed // len(GOALS) + seed) % len(_TEMPERAMENTS)]
        self.asks_by_words = (seed // len(GOALS)) % 2 == 0
        self.chances = _CHANCES[self.temperament]
        self.turns = self.chance.randint(14, 26)
        self.done = 0
        self.used: set[str] = set()
        self.asked = False
        self.was_silent = False

    @property
    def name(self) -> str:
        """Goal and temperament, in words."""
        return f"{self.goal}-{self.temperament}"

    def next(self, texts: list[str], buttons: list[str]) -> str | None:
        """What they do now: words, "[a button]", "-- a pause --"; None when they have gone."""
        self.done += 1
        if self.done == 1:
            return self._one("openings")
        if self.done > self.turns:
            return self._one("byes") if self.done == self.turns + 1 else None
        if self.was_silent:
            self.was_silent = False
            if not buttons:
                return self._one("backs")
        elif self.chance.random() < self.chances.silent:
            self.was_silent = True
            return self.chance.choice(("-- 25 hours later --", "-- 3 days later --", "-- 8 hours later --"))
        said = " ".join(texts)
        if "18 or older" in said:  # all sixty are
            return self.chance.choice(("yes", "[Yes]"))
        if not self.asked and self.done >= 4 and "May I" not in said and self.asks_by_words:
            self.asked = True
            return self.chance.choice(_lines()["asks"][self.goal])
        if buttons:
            return self._before(buttons, said)
        return self._aside() or self._words(said)

    def _before(self, buttons: list[str], said: str) -> str:
        """In front of buttons: tap, type one, leave the road, or just write on."""
        if (wanted := next((title for title in _BUTTONS[self.goal] if title in buttons), None)) and not self.asked:
            self.asked = wanted in _BUTTONS[self.goal][:1]
            return f"[{wanted}]" if self.chance.random() < max(self.chances.taps, 0.5) else wanted.lower()
        if (aside := self._aside()) is not None:
            return aside
        known = self._pool(said)
        if known and self.chance.random() > self.chances.taps:
            return self._one(known)
        title = self.chance.choice(buttons)
        if self.chance.random() < self.chances.taps:
            return f"[{title}]"
        ways = [title.lower().rstrip("."), title.lower()]
        if len(buttons) <= 5 and not known:
            ways.append(("the first one", "the second one", "the third one", "4", "the last one")[buttons.index(title)])
        return self.chance.choice(ways)

    def _aside(self) -> str | None:
        """A side road, a refusal, a question back; each of them not too often."""
        dice = self.chance.random()
        for chance, pool in (
            (self.chances.roads, "roads"),
            (self.chances.refuses, "refusals"),
            (self.chances.asides, "asides"),
            (0.03, "news_good"),
        ):
            if dice < chance:
                return self._one(pool)
            dice -= chance
        return None

    def _words(self, said: str) -> str:
        return self._one(self._pool(said) or "tells")

    @staticmethod
    def _pool(said: str) -> str:
        return next((pool for pool, words in _POOLS if re.search(words, said)), "")

    def _one(self, pool: str) -> str:
        """A line that this person has not said yet; the pool anew when all are said."""
        lines = [line for line in _lines()[pool] if line not in self.used] or _lines()[pool]
        line = str(self.chance.choice(lines))
        self.used.add(line)
        return line


def person(seed: int) -> Person:
    """The person of a number."""
    return Person(seed)
