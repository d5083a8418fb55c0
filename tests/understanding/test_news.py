"""Good news is answered as what it is."""

from __future__ import annotations

import pytest

from bot.settings import PROJECT
from bot.understanding.news import KindsOfNews

KINDS = KindsOfNews(PROJECT / "data" / "news.yml")


@pytest.mark.parametrize(
    ("news", "kind"),
    [
        ("I got the job!!", "work"),
        ("the scan came back clear", "health"),
        ("our daughter took her first steps", "family"),
        ("my husband left me a note this morning", "partner"),
        ("it worked, we talked for an hour", "plan"),
        ("the sun came out and I sat in the garden", "small_joy"),
        ("what a lovely evening", "any"),
        ("my wife got the job she wanted", "any"),
    ],
)
def test_news_is_known_by_its_words_and_stays_open_where_they_say_two_things(news: str, kind: str) -> None:
    assert KINDS.of(news) == kind
