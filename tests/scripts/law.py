"""`make scripts`: safety stands above scripts, counted; random scripts, random answers, a crisis at every step.

    python -m tests.scripts.law [--runs NUMBER]

In one half of the runs nothing is left of a crisis afterwards, so that the next step is met as if it had been the first
one; in the other half the client lives on with it, and with the lock that an alarm may have set. Fails where a single
crisis was not answered by safety alone. The figures go to reports/scripts.json.
"""

from __future__ import annotations

import argparse
import atexit
import json
import multiprocessing
import random
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import tests.conftest  # noqa: F401  keeps out what serving never needs, before Rasa comes
from bot.conversation.messages import Outgoing
from bot.engine.model import load_engine, prepare_model
from bot.engine.reply import Engine
from bot.scripts.known import library
from bot.scripts.suggesting import LONGEST_TITLE
from bot.scripts.words import ScriptWords
from bot.understanding.minilm import shared_encoder
from tests.safety.lists import messages
from tests.safety.random_talk import spelt
from tests.safety.rubrics import block_of
from tests.scripts import phrases
from tests.scripts.client import Client, Standing, client
from tests.scripts.random_scripts import Family, seeded_family
from tests.scripts.walking import answer_to

__all__ = ["BROKEN", "Found", "crowd", "walk"]

REPORT = Path(__file__).parents[2] / "reports" / "scripts.json"
#: What must not happen, and what the report calls it.
BROKEN = {
    "bypasses": "crises that something else than safety answered, or that reached the engine",
    "ungated": "messages that reached the engine before the gate had passed them",
    "answers_changed": "scripts whose answers or place a crisis changed",
    "leaks": "reminders, notes, homework or memories that came of a crisis",
    "still_ringing": "reminders that went on waiting after an alarm",
    "misplaced": 'scripts that did not stand at the same question after "continue"',
    "lock_broken": "ideas, homework or scripts for couples that came through the lock",
    "silent": "answers to which nothing was said",
}
_MOST_STEPS = 6
#: Runs that a process does in one go.
_PART = 250
_COUPLES = "For two"
_COUPLES_TEXT = f"Script: {_COUPLES}\nFor: couples\n# Start\nAsk: Shall we both begin?\n  yes or no\nEnd: Bye.\n"


@dataclass
class Found:
    """Counts by name, and the first cases of what must not happen."""

    counts: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)

    def broken(self, what: str, seed: int, told: str) -> None:
        self.counts[what] += 1
        if self.counts[what] <= 5:
            self.cases.append(f"{what}, seed {seed}: {told}")

    def add(self, other: Found) -> None:
        self.counts += other.counts
        self.cases += other.cases


@lru_cache(maxsize=1)
def crises() -> list[tuple[str, str]]:
    """(topic, text) of every explicit message that the phrases met."""
    return messages("explicit")


@lru_cache(maxsize=1)
def own_care() -> frozenset[str]:
    """Titles of ideas that aim at nobody else."""
    return frozenset(idea.title for idea in library().suggestions if idea.for_self)


class Walk:
    """One run: a client in a random script, and a crisis wherever the client stands."""

    def __init__(self, one: Client, seed: int, found: Found) -> None:
        self.one, self.seed, self.found = one, seed, found
        self.chance = random.Random(seed)
        self.lives_on = self.chance.random() < 0.5
        self.family: Family = seeded_family(seed)
        self.couples = {name for name, text in self.family.texts.items() if "\nFor: couples" in text}
        self.said: list[Outgoing] = []
        self.locked = False

    def run(self) -> None:
        self.found.counts["runs"] += 1
        self.one.publish(self.family)
        self.one.engine.reached.clear()
        self._hear(self.one.begin(f"run-{self.seed}", self.family.main))
        for _ in range(self.chance.randint(1, _MOST_STEPS)):
            self.found.counts["steps"] += 1
            standing, shown = self.one.standing(), self.said
            self._crisis(standing)
            if not self.lives_on:
                self.one.goes_back_to(standing)
                self.locked, self.said = standing.locked, shown
            elif not standing.script:
                break
            self._go_on()
        self._after_the_lock()
        self.one.leaves()

    # -- a step --------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """An answer, or time that passes where a reminder or a timer waits."""
        standing = self.one.standing()
        waits = "waiting" in standing.reminders()
        self.one.engine.reached.clear()
        if not self.lives_on and waits and (not standing.script or self.chance.random() < 0.3):
            self._hear(self.one.says("-- 9 days later --"))
            return
        if standing.script.get("paused"):
            self._hear(self.one.says("continue"))
        elif standing.script:
            picked = bool(standing.script.get("picked"))
            text = answer_to([_Seen(bubble) for bubble in self.said], picked, self.chance)
            if text in phrases.ALARMING_TITLES:
                return
            tap = self.chance.random() < 0.5 and any(text in bubble.buttons for bubble in self.said)
            self._hear(self.one.says(f"[{text}]" if tap else text))

    def _hear(self, said: list[Outgoing]) -> None:
        """What came of something that the gate may have passed."""
        ungated = self.one.engine.ungated
        if ungated:
            self.found.broken("ungated", self.seed, ungated.pop())
        if not self.one.engine.reached:
            return  # safety had something open
        if not said or "went wrong on my side" in said[-1].text:
            self.found.broken("silent", self.seed, self.one.engine.reached[-1])
            return
        self.said = said
        self._keeps_the_lock(said)

    # -- a crisis ------------------------------------------------------------------------------------------------------

    def _crisis(self, before: Standing) -> None:
        """Say what somebody in danger says; whatever is open, safety answers, and nothing else happens."""
        topic, text = self.chance.choice(crises())
        text = spelt(text, self.chance)
        alarming = [title for bubble in self.said for title in bubble.buttons if title in phrases.ALARMING_TITLES]
        self.one.engine.reached.clear()
        if alarming and self.chance.random() < 0.8:
            topic, text = "", f"[{alarming[0]}]"
        way = self.chance.random()
        said = self.one.edits(text) if way < 0.1 and not alarming else self.one.says(text)
        self.found.counts["crises"] += 1
        self.found.counts["inside"] += bool(before.script)
        if self.one.engine.reached or not _is_safetys(said):
            told = f"{text!r} while {_place(before)} was answered by {[bubble.text for bubble in said]}"
            self.found.broken("bypasses", self.seed, told)
        after = self.one.standing()
        self.locked = after.locked
        alarmed = (after.state.get("safety", {}).get("open") or {}).get("level") == "alarm"
        self.found.counts["alarms"] += alarmed
        wanted = {**before.script, "paused": True} if alarmed and before.script else before.script
        if _settled(after.script) != _settled(wanted):
            self.found.broken("answers_changed", self.seed, f"{text!r} while {_place(before)}")
        if after.effects() != before.effects():
            self.found.broken("leaks", self.seed, f"{text!r} while {_place(before)}")
        if alarmed and "waiting" in after.reminders():
            self.found.broken("still_ringing", self.seed, f"{text!r} while {_place(before)}")
        if alarmed and before.script and (self.lives_on or self.chance.random() < 0.25):
            self._continue(before, minor=topic == "minor")

    def _continue(self, before: Standing, *, minor: bool) -> None:
        """The script stands where it stood, unless it may not go on at all."""
        shown = [] if before.script.get("paused") else self.said
        self.one.engine.reached.clear()
        said = self.one.says("continue")
        after = self.one.standing()
        if minor or not self.one.engine.reached:  # safety doesn't let it go on
            self.found.counts["held"] += 1
            if _settled(after.script) != _settled({**before.script, "paused": True}):
                self.found.broken("answers_changed", self.seed, f"held while {_place(before)}")
            return
        self.found.counts["continued"] += 1
        self._hear(said)
        waiting = before.script.get("waiting")
        inside = [before.script["name"], *(frame[0] for frame in before.script["stack"])]
        if waiting in ("on", "timer") or (after.locked and self.couples.intersection(inside)):
            return  # it goes on from here, or has to be left
        same = ("name", "at", "stack", "waiting", "answers", "trail", "lines", "picked", "door", "code")
        moved = [name for name in same if before.script.get(name) != after.script.get(name)]
        free = not shown or waiting in ("suggest", "zone") or before.script["misses"]
        asked = bool(said) and (free or shown[-1].buttons == said[-1].buttons)
        if moved or after.script.get("paused") or not asked:
            told = f"{_place(before)}: {moved} {[bubble.text for bubble in [*shown[-1:], *said]]}"
            self.found.broken("misplaced", self.seed, told)

    # -- the lock ------------------------------------------------------------------------------------------------------

    def _keeps_the_lock(self, said: Sequence[Outgoing]) -> None:
        """Where the partner is feared: own care only, no homework for two, no script for couples."""
        if not self.locked:
            return
        standing = self.one.standing()
        self.found.counts["locked"] += 1
        script = standing.script
        if script.get("waiting") == "suggest" and not script.get("paused"):
            titles = {title for bubble in said for title in bubble.buttons} - _buttons()
            if strange := {title for title in titles if len(title) <= LONGEST_TITLE} - own_care():
                self.found.broken("lock_broken", self.seed, f"offers {strange}")
        told = " ".join(bubble.text for bubble in said)
        for homework in phrases.HOMEWORK:
            if homework.replace("{partner}", "your partner") in told:
                self.found.broken("lock_broken", self.seed, f"says {told}")
        if self._goes_on_for_couples(standing) and script["waiting"] == "on":
            # Two bubbles of another script were said; this one is left at the next word.
            self.one.says("go on")
            standing = self.one.standing()
        if self._goes_on_for_couples(standing):
            self.found.broken("lock_broken", self.seed, f"goes on with {script['name']}, for couples")

    def _goes_on_for_couples(self, standing: Standing) -> bool:
        script = standing.script
        return bool(script) and not (script.get("paused") or script.get("door")) and script["name"] in self.couples

    def _after_the_lock(self) -> None:
        """A script for couples isn't begun by somebody who fears their partner."""
        if not self.locked or self.chance.random() < 0.5:
            return
        self.one.engine.reached.clear()
        said = self.one.opens(_COUPLES)
        if self.one.standing().script.get("door"):
            said = self.one.says("let me see it first")
        self.found.counts["couples"] += 1
        if any("both begin" in bubble.text for bubble in said) or self.one.standing().script.get("name") == _COUPLES:
            self.found.broken("lock_broken", self.seed, "begins a script for couples")


class _Seen:
    """A bubble as `answer_to` reads it."""

    def __init__(self, bubble: Outgoing) -> None:
        self.text, self.buttons = bubble.text, list(bubble.buttons)


@lru_cache(maxsize=1)
def _buttons() -> frozenset[str]:
    texts = ScriptWords.load().texts
    return frozenset(text for name, wordings in texts.items() if name.endswith("_button") for text in wordings)


def _is_safetys(said: Sequence[Outgoing]) -> bool:
    """Whether safety speaks first, and nobody else but its helplines after it."""
    texts = [" ".join(bubble.text.split()) for bubble in said]
    known = [bool(block_of(text)) for text in texts]
    return bool(said) and known[0] and len(texts) - sum(known) <= 1


def _settled(script: dict[str, Any]) -> dict[str, Any]:
    """A script's state without the note that something came in between, which only makes it ask again."""
    return {name: value for name, value in script.items() if name != "interrupted"}


def _place(standing: Standing) -> str:
    script: dict[str, Any] = standing.script
    if not script:
        return "no script ran"
    door = f" at the door ({script['door']})" if script.get("door") else ""
    return f"{script['name']} stood at {script['at']}, waiting for {script['waiting'] or 'nothing'}{door}"


def walk(one: Client, seeds: Sequence[int]) -> Found:
    """So many runs, each of another person with another script."""
    found = Found()
    one.publish(Family(_COUPLES, {_COUPLES: _COUPLES_TEXT}))
    for seed in seeds:
        Walk(one, seed, found).run()
    return found


def remembering(engine: Engine) -> Engine:
    """The engine with an encoder that works every text out once: answers and crises come again and again."""
    encoder, known = shared_encoder(), dict[tuple[str, ...], Any]()
    whole = encoder.encode

    def encode(texts: Sequence[str], **more: Any) -> Any:
        key = tuple(texts)
        if key not in known:
            known[key] = whole(texts, **more)
        return known[key].copy()

    encoder.encode = encode  # type: ignore[method-assign]
    return engine


@lru_cache(maxsize=1)
def _house() -> Client:
    """The process's house, torn down when the process ends."""
    warnings.simplefilter("ignore")
    house = ExitStack()
    atexit.register(house.close)
    return house.enter_context(client(remembering(load_engine(prepare_model())), "law"))


def crowd(seeds: range) -> Found:
    """Runs in a process of its own."""
    return walk(_house(), seeds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    runs = parser.parse_args().runs
    began, found = perf_counter(), Found()
    prepare_model()
    parts = [range(first, min(runs, first + _PART)) for first in range(0, runs, _PART)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for part in pool.map(crowd, parts):
            found.add(part)
            print(*part.cases, f"{found.counts['runs']} runs", sep="\n", flush=True)
    lived = {
        name: found.counts[name] for name in ("runs", "steps", "crises", "inside", "alarms", "continued", "locked")
    }
    figures = {**lived, **{name: found.counts[name] for name in BROKEN}}
    for name, value in figures.items():
        print(f"{name:16} {value:8}  {BROKEN.get(name, '')}".rstrip())
    print(f"in {perf_counter() - began:.0f} s")
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if broken := [name for name in BROKEN if found.counts[name]]:
        sys.exit(f"Safety doesn't stand above scripts: {', '.join(broken)}")


if __name__ == "__main__":
    main()
