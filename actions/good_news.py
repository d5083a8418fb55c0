"""The reply to good news: lively, and about this kind of news where its words say which."""

from __future__ import annotations

from functools import lru_cache

from actions.common import chance, note_offered, offered, shelf
from bot.library.shelf import next_of
from bot.memory.turn import Turn
from bot.settings import PROJECT
from bot.understanding.news import KindsOfNews

__all__ = ["reply_to"]


@lru_cache(maxsize=1)
def _kinds() -> KindsOfNews:
    return KindsOfNews(PROJECT / "data" / "news.yml")


def reply_to(turn: Turn, news: str) -> str:
    """A reply that this person has not read lately; first one about just this, then one that fits any news."""
    kind, seen = _kinds().of(news), offered(turn)
    fitting = [reply for reply in shelf().good_news if reply.about in (kind, "any")]
    own = [reply for reply in fitting if reply.about == kind and reply.id not in seen]
    reply = next_of(own or fitting, seen, chance(turn))
    note_offered(turn, [reply.id])
    return reply.text
