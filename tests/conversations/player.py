"""Plays whole dialogues through the real path, and reads and writes them as text that one can read aloud.

    # What the dialogue shows
    you: we only ever talk about bills now
    bot: "We only ever talk about bills now." That sounds like ...
         [Yes, remember] [No, only for now]
         <picture.png>            what goes with the words
    you: [Yes, remember]          a tap on a button
    you: /start                   a command
    -- 25 hours later --          the clock is moved; reminders that fell due ring

A line that begins with "# " is a note. Texts of the bot stand on one line each; `python -m tests.conversations.record
FILE` writes what the coach says today, so that a change of wording is read in the diff before it is committed.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import House
from bot.conversation.messages import Choice, Incoming, Kind, Outgoing
from bot.engine.reply import Engine
from bot.memory.models import ConversationRow
from bot.settings import load_settings
from tests.conftest import MovedClock

FOLDER = Path(__file__).parent
_LATER = re.compile(r"^-- (\d+) (minutes?|hours?|days?) later --$")
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0}


@dataclass
class Step:
    """What the person does, and what the coach answers."""

    given: str
    answers: list[str] = field(default_factory=list)


@dataclass
class Script:
    """A dialogue as it stands in a file."""

    title: str
    steps: list[Step]

    @classmethod
    def read(cls, file: Path) -> Script:
        title, steps = "", []
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.startswith("# "):
                title = title or line[2:]
            elif line.startswith("you: ") or _LATER.match(line):
                steps.append(Step(line.removeprefix("you: ")))
            elif line.startswith(("bot: ", "     [", "     <")):
                steps[-1].answers.append(line)
            elif line.strip():
                raise ValueError(
                    f"{file.name}, line {number}: begin it with 'you: ', 'bot: ', '     [', '     <', '# ' or '-- '"
                )
        return cls(title, steps)

    def written(self) -> str:
        lines = [f"# {self.title}", ""]
        for step in self.steps:
            lines.append(step.given if _LATER.match(step.given) else f"you: {step.given}")
            lines += step.answers
        return "\n".join(lines) + "\n"


class Player:
    """One person in one house, with a clock that is moved; `profile` is the house's."""

    def __init__(self, home: Path, engine: Engine, name: str, profile: str = "") -> None:
        self.clock = MovedClock()
        settings = load_settings(
            home=home, database_url="", key="", country="", telegram_token="", rest=False, profile=profile
        )
        self.house = House.build(settings, engine, self.clock)
        self.boxes = self.house.conversation.boxes
        self.loop = asyncio.new_event_loop()
        self.name = name
        self.turns: list[list[Outgoing]] = []
        self._count = 0

    def begin(self, name: str) -> None:
        """Somebody else, who has said nothing yet."""
        self.name = name
        self.turns = []

    def in_an_exercise(self) -> bool:
        """Whether a guided part waits for this person's answer."""
        with self.house.database.session() as session:
            conversation = session.get(ConversationRow, f"term:{self.name}")
            state = json.loads(conversation.state or "{}") if conversation else {}
        return "script" in state and not state["script"].get("paused")

    def close(self) -> None:
        self.loop.close()
        self.house.database.close()

    def play(self, given: str) -> list[str]:
        """Do one thing and return the coach's answers as lines of a dialogue."""
        later = _LATER.match(given)
        if later:
            self.clock.move(hours=int(later.group(1)) * _HOURS[later.group(2).rstrip("s")])
            self.boxes.ring(self.clock())
        else:
            self.clock.move(seconds=20)
            assert self.boxes.store([(self._incoming(given), self.clock())]) != [None]
        self._answer()
        bubbles = self.boxes.unsent_to(f"term:{self.name}")
        if bubbles:
            self.boxes.store([], [bubble.id for bubble in bubbles], self.clock())
            self.turns.append(bubbles)
        return [line for bubble in bubbles for line in shown(bubble)]

    def _answer(self) -> None:
        while self.house.conversation.runner.run(f"term:{self.name}", self.loop) is not None:
            pass

    def _incoming(self, given: str) -> Incoming:
        self._count += 1
        external = f"m{self._count}"
        if given.startswith("[") and given.endswith("]"):
            for bubble in reversed([bubble for turn in self.turns for bubble in turn]):
                if given[1:-1] in bubble.buttons:
                    tapped = Choice(bubble.id, bubble.buttons.index(given[1:-1]))
                    return Incoming("term", self.name, external, "", Kind.CHOICE, tapped)
            newest = [bubble.buttons for bubble in self.turns[-1]]
            raise AssertionError(f"No button says {given}; the newest are {newest}")
        if re.fullmatch(r"/\w+( \w+)?", given):
            return Incoming("term", self.name, external, given[1:], Kind.COMMAND)
        if re.fullmatch(r"<\w+>", given):
            return Incoming("term", self.name, external, given[1:-1], Kind.UNREADABLE)
        return Incoming("term", self.name, external, given)


def shown(bubble: Outgoing) -> list[str]:
    """A bubble as lines of a dialogue."""
    lines = [f"bot: {' '.join(bubble.text.split())}"]
    if bubble.buttons:
        lines.append("     " + " ".join(f"[{title}]" for title in bubble.buttons))
    if bubble.attachment is not None:
        lines.append(f"     <{bubble.attachment.name}>")
    return lines
