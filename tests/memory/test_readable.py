"""The page that somebody gets who asks for a copy: everything in it, in words, and nothing that runs."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.engine.reply import Reply
from bot.errors import ContentError
from bot.memory.export import export_person
from bot.memory.files import as_page
from bot.memory.readable import PAGE_WORDS, load_page_words
from bot.memory.turn import current_turn
from tests.conversation.house import Rig


class Read(HTMLParser):
    """What a person reads of a page, and the tags that make it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(rig: Rig) -> Read:
    return Read(as_page(export_person(rig.database, "web:anna"), "2026-11-26"))


def test_somebody_reads_what_they_let_be_remembered_in_words(rig: Rig) -> None:
    def plan(text: str) -> list[Reply]:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)
        turn.remember("plan", {"title": "A note in the lunch box", "when": "on friday", "smaller": None})
        turn.remind("follow_up", turn.now + 86400, {"wanted": 1.0})
        return [Reply("I wrote it down.")]

    rig.engine.does = plan
    rig.says("let us do that")
    read = page_of(rig)
    for words in ("Your plan", "A note in the lunch box", "on friday", "You agreed to be remembered on", "web:anna"):
        assert words in read.text
    assert "I wrote it down." in read.text and "2026-11-26" in read.text


def test_whoever_is_not_remembered_reads_that(rig: Rig) -> None:
    rig.says("hello")
    assert "You didn't agree to be remembered" in page_of(rig).text


def test_what_somebody_wrote_can_not_become_a_part_of_the_page(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply(f"You wrote: {text}")]
    rig.says("<script>alert(1)</script><img src=x onerror=alert(2)> & he left")
    read = page_of(rig)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)> & he left" in read.text
    assert read.tags <= set("html head meta title style body h1 h2 p ul li dl dt dd span time".split())


def test_a_page_word_that_is_missing_is_named(tmp_path: Path) -> None:
    words = PAGE_WORDS.read_text(encoding="utf-8").replace("  rest:", "  remainder:")
    (tmp_path / "export.yml").write_text(words, encoding="utf-8")
    with pytest.raises(ContentError, match=r"sections\.rest is missing"):
        load_page_words(tmp_path / "export.yml")
    with pytest.raises(ContentError, match="Put the file back"):
        load_page_words(tmp_path / "nowhere.yml")
