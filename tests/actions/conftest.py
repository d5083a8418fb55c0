"""Somebody who talks with the trained coach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.engine.reply import Engine
from tests.conversations.player import Player

Talk = Callable[..., list[str]]


@pytest.fixture
def talk(engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """Says the lines one after the other and returns the answer to the last one."""
    player = Player(tmp_path, engine, "guards")

    def say(*lines: str) -> list[str]:
        answers: list[str] = []
        for line in lines:
            answers = player.play(line)
        return answers

    yield say
    player.close()
