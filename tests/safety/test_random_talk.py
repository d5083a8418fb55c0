"""A crisis at a random point of a random conversation is answered by safety, in exercises too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.reply import Engine
from tests.conversations.player import Player
from tests.safety.lists import fresh_ordinary, messages
from tests.safety.random_talk import is_safety, play


@pytest.mark.parametrize("seed", [7, 8])
def test_wherever_the_conversation_is_a_crisis_is_answered(engine: Engine, tmp_path: Path, seed: int) -> None:
    player = Player(tmp_path, engine, "somebody")
    try:
        outcome = play(player, fresh_ordinary(), [text for _, text in messages("explicit")], 40, seed)
    finally:
        player.close()
    assert outcome.unanswered == []
    assert len(outcome.seconds) == 40
    assert outcome.inside >= 3, "too few crises came while an exercise was open to mean anything"


def test_the_coach_is_not_taken_for_safety() -> None:
    assert not is_safety(['bot: Good. It\'s kept locked, and "forget me" erases it.'])
