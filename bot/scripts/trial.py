"""Trying a script out: as a client would see it, with safety in front, and nothing stored."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.safety.gate import Gate
from bot.safety.verdict import Level
from bot.scripts.examples import EXAMPLES, example_of
from bot.scripts.known import library, replies, themes
from bot.scripts.running import Bubble, Outcome, Running
from bot.scripts.suggesting import Bid, Idea, bid_for, ideas_for
from bot.scripts.tree import Script, Suggest, plain
from bot.scripts.words import ScriptWords
from bot.understanding.quotes import telling_quote

__all__ = ["EXAMPLE_NAMES", "Aside", "Trial", "TrialWorld"]

#: What client, partner and counsellor are called in a trial.
EXAMPLE_NAMES: Final = {"name": "Alex", "partner": "Sam", "counsellor": "Dr. Lee", "homework": "say one thank-you"}


@dataclass
class Aside(Bubble):
    """What would happen outside; a client doesn't read it."""


class TrialWorld:
    """A world without anybody in it: no memory, a clock that stands where it is put."""

    def __init__(self, scripts: Mapping[str, Script], gate: Gate, at: datetime, given: Mapping[str, str]) -> None:
        self._gate = gate
        self._scripts = {plain(name): script for name, script in scripts.items()}
        self.local = at
        self.locked = False
        self._given = given
        self._seen: list[str] = []

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.local.timestamp()

    @property
    def given(self) -> Mapping[str, str]:
        """Example values."""
        return self._given

    def script(self, name: str, version: int | None) -> tuple[Script, int] | None:
        """One of the scripts at hand."""
        found = self._scripts.get(plain(name))
        return None if found is None else (found, 1)

    def ideas(self, suggest: Suggest) -> Sequence[Idea]:
        """Ideas of the library, always the same ones, so that a trial can be replayed."""
        chance = random.Random(len(self._seen))
        found = ideas_for(suggest, library(), self._seen, self.locked, self._given["partner"], chance)
        self._seen += [idea.id for idea in found]
        return found

    def themes(self, text: str) -> set[str]:
        """By their words; a running bot hears more of them."""
        return themes().told(text)

    def quote(self, text: str) -> str:
        """The most telling words."""
        return telling_quote(text)

    def shown(self, what: str, answers: Mapping[str, Any]) -> str:
        """Helplines as safety says them, something of the library; nothing was lived yet that could be drawn."""
        if what == "helplines":
            return self._gate.say("help_now")[-1].text
        if what not in EXAMPLES or self.locked:
            return ""
        chance = random.Random(len(self._seen))
        name, text = example_of(what, library(), (), self._seen, chance, ScriptWords.load())
        self._seen.append(name)
        return text.replace("{partner}", self._given["partner"])

    def wording(self, texts: Sequence[str], number: int) -> int:
        """One after the other, so that a trial can be replayed."""
        return number % len(texts)

    def bid(self) -> Bid | None:
        """A bid of the library, always the same ones."""
        found = bid_for(library(), self._seen, self._given["partner"], random.Random(len(self._seen)))
        self._seen += [found.id] if found else []
        return found

    def way_of(self, text: str) -> str:
        """By its words."""
        return replies().way_of(text)


class Trial:
    """One trial run.

    Args:
        script: what is tried.
        scripts: others that it may run.
        gate: reads every answer first, as it does for a client.
        at: the local time at which it begins.
        given: {name}, {partner} and {counsellor}.
    """

    def __init__(
        self, script: Script, scripts: Mapping[str, Script], gate: Gate, at: datetime, given: Mapping[str, str]
    ) -> None:
        self.world = TrialWorld({**scripts, script.name: script}, gate, at, given)
        self._gate = gate
        begun = Running.begin(script.name, self.world, ScriptWords.load(), code="trial")
        assert begun is not None
        self._running = begun
        self._words = begun.words
        self.done = False

    def begin(self) -> list[Bubble]:
        """The first bubbles."""
        return self._said(self._running.start())

    def hear(self, text: str) -> list[Bubble]:
        """What follows an answer; danger is answered first, and the script waits."""
        verdict = self._gate.screen(text)
        if verdict.level is not Level.clear:
            if verdict.level is Level.alarm:
                self._running.state["paused"] = True
            return [Bubble(said.text, list(said.buttons)) for said in self._gate.answer(verdict, None, ())]
        self.world.local += timedelta(seconds=20)
        running = Running(self._running.state, self.world, self._words)
        return self._said(running.hear(text))

    def _said(self, outcome: Outcome) -> list[Bubble]:
        self.done = outcome.done
        return [*self._effects(outcome), *outcome.bubbles]

    @staticmethod
    def _effects(outcome: Outcome) -> Iterator[Aside]:
        """What would happen outside, said in brackets."""
        for what, values in outcome.effects:
            if what == "remind":
                due = datetime.fromtimestamp(values["due_at"])
                then = f', then "{values["script"]}" begins' if values["script"] else ""
                weekly = ", and each week" if values.get("every") else ""
                yield Aside(f"[A reminder is set for {due:%A %d %B, %H:%M}{weekly}{then}.]")
            elif what == "show":
                yield Aside(f"[Beside the words stands: {values['what']}]")
            elif what == "share":
                yield Aside(f"[The counsellor would see: {values['label']}: {values['value']}]")
            elif what == "keep":
                kept = ", ".join(f"{name} = {value}" for name, value in values["values"].items())
                yield Aside(f"[Kept for later: {kept}]")
            elif what == "plan":
                yield Aside(f"[The coach would make a plan of this: {values['title']}]")
            elif what == "lead on":
                yield Aside(f"[The coach would go on with: {values['to']}]")
