"""The same pain on a third day is noticed, said once, and only to somebody who agreed to be remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.engine.reply import Engine
from bot.settings import PROJECT
from tests.conversations.player import Player

SAID = [
    text["text"]
    for text in yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["responses"]["say_pain_returns"]
]
DAYS = (
    "I feel invisible when he looks at the tv all evening",
    "again I was invisible at dinner, he never looked up from his phone",
    "tonight i feel invisible once more, he walked past me",
    "and I feel invisible today as well, like on every sunday",
    "he talked past me all evening, I felt invisible",
)


@pytest.fixture
def player(engine: Engine, tmp_path: Path) -> Iterator[Player]:
    found = Player(tmp_path, engine, "returning")
    yield found
    found.close()


def says_it(answers: list[str]) -> bool:
    return any(text in answer for text in SAID for answer in answers)


def told(player: Player, agreed: str) -> list[bool]:
    heard = []
    for number, line in enumerate(DAYS):
        heard.append(says_it(player.play(line)))
        if number == 0:
            player.play(agreed)
            player.play("[Skip this]")  # the country
        player.play("-- 2 days later --")
    return heard


def test_somebody_who_is_remembered_hears_it_on_the_third_day_that_is_kept_and_not_on_the_next(player: Player) -> None:
    assert told(player, "[Yes, remember]") == [False, False, False, True, False], "what came before the yes isn't kept"


def test_somebody_who_is_not_remembered_never_hears_it(player: Player) -> None:
    assert told(player, "[No, only for now]") == [False] * 5


def test_the_same_pain_twice_in_one_evening_is_one_evening(player: Player) -> None:
    player.play(DAYS[0])
    player.play("[Yes, remember]")
    assert not any(says_it(player.play(line)) for line in DAYS[1:])
