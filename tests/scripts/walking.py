"""A client who walks through a script with random answers; what surrounds the script stands still."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.scripts.known import library, replies, themes
from bot.scripts.reading import read
from bot.scripts.running import Bubble, Outcome, Running, State
from bot.scripts.suggesting import Bid, Idea, bid_for, ideas_for
from bot.scripts.tree import Script, Suggest, plain
from bot.scripts.words import ScriptWords
from tests.scripts import phrases
from tests.scripts.random_scripts import Family

__all__ = ["COMMANDS", "StillWorld", "Walk", "answer_to", "words"]

COMMANDS = ("back", "go back", "pause", "stop", "skip", "why do you ask?")
#: Read as a number, a time, a day and a free text alike.
_ANY = "friday at 7"


@lru_cache(maxsize=1)
def words() -> ScriptWords:
    """What the bot says around a script, read once."""
    return ScriptWords.load()


class StillWorld:
    """A world that answers the same question the same way; its clock is moved."""

    def __init__(self, scripts: Mapping[str, Script], *, locked: bool = False) -> None:
        self._scripts = {plain(name): script for name, script in scripts.items()}
        self.local = datetime(2027, 1, 4, 18, 0)
        self.locked = locked
        self.given = {"name": "Alex", "partner": "Sam", "counsellor": "Dr. Lee"}

    @property
    def now(self) -> float:
        return self.local.timestamp()

    def script(self, name: str, version: int | None) -> tuple[Script, int] | None:
        found = self._scripts.get(plain(name))
        return None if found is None else (found, 1)

    def ideas(self, suggest: Suggest) -> Sequence[Idea]:
        return ideas_for(suggest, library(), [], self.locked, "Sam", random.Random(suggest.line))

    def themes(self, text: str) -> set[str]:
        return themes().told(text)

    def quote(self, text: str) -> str:
        return text[:60]

    def wording(self, texts: Sequence[str], number: int) -> int:
        return number % len(texts)

    def bid(self) -> Bid | None:
        return bid_for(library(), [], "Sam", random.Random(7))

    def way_of(self, text: str) -> str:
        return replies().way_of(text)

    def shown(self, what: str, answers: Mapping[str, Any]) -> str:
        return "Somebody is there, day and night.\nOne line\nAnother line" if what == "helplines" else ""


class Walk:
    """One person in one script; every message is heard twice, by the state and by its copy out of storage."""

    def __init__(self, family: Family, *, code: str = "code", locked: bool = False, abroad: bool = False) -> None:
        scripts = {name: read(text).script for name, text in family.texts.items()}
        self.world = StillWorld(scripts, locked=locked)
        begun = Running.begin(family.main, self.world, words(), code)
        assert begun is not None
        self.state: State = begun.state
        self.state["asks_zone"] = abroad
        self.said = begun.start()
        self.effects = [*self.said.effects]

    @property
    def done(self) -> bool:
        return self.said.done

    @property
    def buttons(self) -> list[str]:
        return self.said.bubbles[-1].buttons if self.said.bubbles else []

    @property
    def place(self) -> tuple[object, ...]:
        """Where the client is, and what is waited for."""
        state = self.state
        return state["name"], state["at"], json.dumps(state["stack"]), state["waiting"]

    def hear(self, text: str) -> Outcome:
        """Say something; what comes must not depend on whether the state has been stored in between."""
        self.world.local += timedelta(seconds=20)
        stored = json.loads(json.dumps(self.state))
        self.said = Running(self.state, self.world, words()).hear(text)
        again = Running(stored, self.world, words()).hear(text)
        assert again == self.said and stored == json.loads(json.dumps(self.state)), "the state doesn't survive storing"
        self.effects += self.said.effects
        return self.said

    def rings(self) -> None:
        """The timer of a wait is over."""
        said = Running(self.state, self.world, words()).time_is_up()
        if said.bubbles:
            self.said = said
            self.effects += said.effects


def answer_to(bubbles: Sequence[Bubble], picked: bool, chance: random.Random, *, tired: bool = False) -> str:
    """What a client answers: taps, types, mumbles; a tired one takes the last of the buttons, which leads on."""
    buttons = next((bubble.buttons for bubble in reversed(bubbles) if bubble.buttons), [])
    if not tired:
        return chance.choice(buttons) if buttons and chance.random() < 0.75 else chance.choice(phrases.ANSWERS)
    done = words().texts["done_button"][0]
    if done in buttons:
        return done if picked else buttons[buttons.index(done) - 1]
    leading = [title for title in buttons if title != words().texts["skip_button"][0]]
    return leading[-1] if leading else _ANY
