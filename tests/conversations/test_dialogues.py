"""Every dialogue here is played through the real path with the trained model, and held to how Toward talks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.engine.reply import Engine
from tests.conversations.player import FOLDER, Player, Script

DIALOGUES = sorted(FOLDER.glob("*.txt"))
#: Crisis answers and the disclosure at the start may stand beside an answer of two bubbles.
DISCLOSURE = "computer program and not a person"


@pytest.mark.parametrize("file", DIALOGUES, ids=lambda file: file.stem)
def test_the_dialogue_goes_as_it_is_written(file: Path, engine: Engine, tmp_path: Path) -> None:
    script = Script.read(file)
    player = Player(tmp_path, engine, file.stem)
    try:
        for step in script.steps:
            assert player.play(step.given) == step.answers, f"after: {step.given}"
        keeps_the_rules(player)
    finally:
        player.close()


def keeps_the_rules(player: Player) -> None:
    said: dict[str, int] = {}
    for number, bubbles in enumerate(player.turns):
        texts = [bubble.text for bubble in bubbles if DISCLOSURE not in bubble.text]
        assert 1 <= len(texts) <= 2, f"{len(texts)} bubbles at once: {texts}"
        own_words = re.sub(r'"[^"]*"', "", " ".join(texts))
        assert own_words.count("?") <= 1, f"two questions in one turn: {texts}"
        for text in texts:
            assert len(text.split()) <= 60, f"{len(text.split())} words: {text}"
            assert "{" not in text, f"a placeholder was left: {text}"
            assert number - said.get(text, -99) > 20, f"said twice within 20 turns: {text}"
            said[text] = number


def test_there_are_dialogues_enough() -> None:
    assert len(DIALOGUES) >= 25


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
