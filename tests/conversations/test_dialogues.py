"""Every dialogue here is played through the real path with the trained model, and held to how Toward talks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.transcripts import Exchange, Transcript, breaches_of
from bot.engine.reply import Engine
from tests.conversations.player import FOLDER, Player, Script
from tests.conversations.record import PAGE, page

DIALOGUES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("file", DIALOGUES, ids=lambda file: file.stem)
def test_the_dialogue_goes_as_it_is_written(file: Path, engine: Engine, tmp_path: Path) -> None:
    script = Script.read(file)
    player = Player(tmp_path, engine, file.stem)
    try:
        for step in script.steps:
            assert player.play(step.given) == step.answers, f"after: {step.given}"
        keeps_the_rules(player, script)
    finally:
        player.close()


def keeps_the_rules(player: Player, script: Script) -> None:
    """The linter of whole conversations finds nothing."""
    turns = iter(player.turns)
    exchanges = []
    for step in script.steps:
        bubbles = next(turns) if step.answers else []
        titles = tuple(title for bubble in bubbles for title in bubble.buttons)
        exchanges.append(Exchange(step.given, tuple(bubble.text for bubble in bubbles), titles))
    breaches = [str(breach) for breach in breaches_of(Transcript(player.name, tuple(exchanges)))]
    assert breaches == []


def test_there_are_dialogues_enough() -> None:
    assert len(DIALOGUES) >= 120
    days = [file for file in DIALOGUES if re.search(r"^-- \d+ (?:hours|days) later", file.read_text("utf-8"), re.M)]
    assert len(days) >= 20


def test_the_page_shows_three_of_them_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: python -m tests.conversations.record FILE"


def test_the_five_steps_are_reached_by_free_text_and_by_buttons() -> None:
    """Pattern, turning toward, check-in, novelty, kindness: each is entered both ways in some dialogue."""
    signs = {
        "pattern": "The pattern is the trouble|We look for what keeps happening",
        "bids": "are called bids|A bid is a small reach",
        "check-in": "A check-in is 15 minutes|Fifteen minutes, phones away",
        "novelty": "wake two people up|out of the usual|haven't done for a while",
        "kindness": "small kindnesses|Small ones, on purpose|without anyone asking",
    }
    ways: dict[str, set[str]] = {name: set() for name in signs}
    for file in DIALOGUES:
        for step in Script.read(file).steps:
            for name, sign in signs.items():
                if any(re.search(sign, answer) for answer in step.answers):
                    ways[name].add("button" if step.given.startswith("[") else "text")
    assert all(found >= {"button", "text"} for found in ways.values()), ways
