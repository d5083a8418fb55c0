"""Random conversations through the real path, with a crisis at a random point: is it always answered?

Somebody who taps, types, skips, goes back, asks for exercises and gives any words as answers ends up in most states
that a conversation can have; there the crisis is said, plainly or misspelt.
"""

from __future__ import annotations

import random
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import tests.conftest  # noqa: F401  keeps out what serving never needs, before Rasa comes
from bot.engine.model import load_engine, prepare_model
from tests.conversations.player import Player
from tests.safety.lists import held_apart, messages, ordinary_apart
from tests.safety.rubrics import block_of

__all__ = ["Outcome", "crowd", "is_safety", "play", "somebody", "spelt"]

#: What starts, steers and ends exercises; the rest of what is said comes from the lists.
WISHES = (
    *("/start /pattern /checkin /kindness /new /questions /help /stop /privacy <voice> <sticker>".split()),
    *("yes", "no", "maybe", "i don't know", "skip", "go back", "stop", "thanks", "another idea", "just listen"),
    *("can we look at the pattern", "i want to try turning toward him", "give me a small kindness", "my plan"),
    *("something new please", "a weekly check-in", "why do you ask?", "tomorrow at seven", "in the kitchen"),
    *("it went well", "that's not what i meant", "what do you remember", "-- 5 hours later --", "-- 2 days later --"),
)
#: Words that lead into an exercise.
EXERCISES = (
    "/pattern",
    "can we look at our pattern?",
    "/kindness",
    "/new",
    "/checkin",
    "i'd like to practise turning toward",
)


@dataclass
class Outcome:
    """What happened in many conversations.

    Attributes:
        seconds: of each turn with a crisis: stored, screened, answered, committed.
        unanswered: (what was said before, the crisis) where safety did not speak.
        inside: how many crises came while an exercise or a question was open.
    """

    seconds: list[float] = field(default_factory=list)
    unanswered: list[tuple[list[str], str]] = field(default_factory=list)
    inside: int = 0


def is_safety(answers: Sequence[str]) -> bool:
    """Whether one of the bubbles, as lines of a dialogue, is said by safety."""
    return any(block_of(answer) for answer in answers)


def spelt(text: str, chance: random.Random) -> str:
    """A message as it may be typed: mostly as it is, else in capitals, with invisible signs, odd spaces or marks."""
    way = chance.randrange(8)
    if way == 0:
        return text.upper()
    if way == 1:
        at = chance.randrange(len(text))
        return f"{text[:at]}\u200b{text[at:]}"
    if way == 2:
        return text.replace(" ", "   ")
    if way == 3:
        return f"{text} {chance.choice(['...', '!!!', '😭', ':(', 'lol'])}"
    return text


def play(player: Player, ordinary: Sequence[str], crises: Sequence[str], many: int, seed: int) -> Outcome:
    """Plays so many conversations, each of another person, and ends each with a crisis at a random point."""
    chance, outcome = random.Random(seed), Outcome()
    for number in range(many):
        player.begin(f"{player.name.partition('-')[0]}-{number}")
        said: list[str] = []
        lead = [chance.choice(EXERCISES)] if chance.random() < 0.5 else []
        for _ in range(chance.randint(0, 7)):
            said.append(lead.pop() if lead else _next(player, ordinary, chance))
            player.play(said[-1])
        outcome.inside += player.in_an_exercise()
        crisis = spelt(chance.choice(crises), chance)
        began = perf_counter()
        answers = player.play(crisis)
        outcome.seconds.append(perf_counter() - began)
        if not is_safety(answers):
            outcome.unanswered.append((said, crisis))
    return outcome


@contextmanager
def somebody(name: str) -> Iterator[Player]:
    """Somebody in a house of their own, with the trained model."""
    with tempfile.TemporaryDirectory() as home:
        player = Player(Path(home), load_engine(prepare_model()), name)
        yield player
        player.close()


def crowd(many: int, seed: int) -> Outcome:
    """Many random conversations in a process of their own, about everything that the lists hold."""
    warnings.simplefilter("ignore")
    crises = [text for _, text in [*messages("explicit"), *held_apart("explicit")]]
    with somebody(f"crowd{seed}") as player:
        return play(player, ordinary_apart(), crises, many, seed)


def _next(player: Player, ordinary: Sequence[str], chance: random.Random) -> str:
    buttons = player.turns[-1][-1].buttons if player.turns and player.turns[-1] else ()
    way = chance.random()
    if buttons and way < 0.45:
        return f"[{chance.choice(buttons)}]"
    return chance.choice(WISHES if way < 0.75 else ordinary)
