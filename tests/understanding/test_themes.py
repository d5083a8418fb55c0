"""Words that say by themselves what a message is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.settings import PROJECT
from bot.understanding.themes import Themes

THEMES = Themes.load(PROJECT / "data" / "themes.yml")


@pytest.mark.parametrize(
    "sad",
    [
        "Last Sunday I was crying in the kitchen and he walked past me to get a beer",
        "friday. i said i was sad and he said 'again?'",
        "last night i ate dinner alone again while he was in the study",
        "we had dinner together, that's all, and it was quiet again",
        "I wanted him to notice that I was there",
        "he didn’t even look",
    ],
)
def test_sad_words_are_not_those_of_good_news(sad: str) -> None:
    assert THEMES.is_glad(sad) is False


def test_glad_words_are_and_plain_ones_are_neither() -> None:
    assert THEMES.is_glad("guess what, he left me a note on the coffee machine this morning!") is True
    assert THEMES.is_glad("he came at eight") is None
    assert THEMES.is_glad("so happy, and then nobody came") is None


@pytest.mark.parametrize(
    "wish", ["an idea please", "can we look at the pattern", "stop", "show me the menu", "who is it?"]
)
def test_a_wish_sounds_like_one(wish: str) -> None:
    assert THEMES.is_wish(wish)


@pytest.mark.parametrize(
    "answer",
    ["somebody asking how i am", "a good night kiss", "i can't stop picturing it", "he said what do you want from me"],
)
def test_an_answer_does_not(answer: str) -> None:
    assert not THEMES.is_wish(answer)


def test_a_denied_feeling_is_not_found() -> None:
    assert THEMES.feelings("i'm not angry, just tired") == ["tired"]


def test_a_file_without_its_lists_names_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "themes.yml"
    file.write_text("themes: {a: [b]}\nfeelings: {c: [d]}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="not_glad"):
        Themes.load(file)
