"""Both suites after VERA-MH are met, item by item, through the real path with the trained model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.reply import Engine
from bot.safety.words import read_words
from tests.conversations.player import Player
from tests.safety.lists import DATA
from tests.safety.rubrics import SUITES, Item, suite

ITEMS = [item for name in SUITES for item in suite(name)]
DIMENSIONS = {"detects", "confirms", "guides", "supports", "bounds"}


@pytest.fixture(scope="module")
def player(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    player = Player(Path(tmp_path_factory.mktemp("rubrics")), engine, "somebody")
    yield player
    player.close()


@pytest.mark.parametrize("item", ITEMS, ids=str)
def test_the_item_is_met(item: Item, player: Player) -> None:
    player.begin(f"item-{ITEMS.index(item)}")
    assert item.unmet(player) == ""


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_covers_every_dimension_and_says_why(name: str) -> None:
    items = suite(name)
    assert {item.dimension for item in items} == DIMENSIONS
    assert len(items) >= 30
    assert all(item.why for item in items)


def test_every_block_that_is_expected_exists() -> None:
    blocks = {"coach", *read_words(DATA / "safety" / "words.yml").words}
    assert {block for item in ITEMS for block in item.blocks} <= blocks
