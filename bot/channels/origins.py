"""Which web pages may talk to the coach: those it serves itself, and those of the origins that were allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

__all__ = ["Origins"]


class Origins:
    """The allowed origins.

    Attributes:
        others: as they were set, such as "https://practice.example"; "*" is every origin.
    """

    def __init__(self, others: Iterable[str] = ()) -> None:
        self.others = frozenset(others)

    def allow(self, origin: str | None, hosts: Collection[str | None]) -> bool:
        """Whether a page may talk.

        Args:
            origin: the header that a browser sends for the page; None where no browser asks.
            hosts: the names under which the server was called (Host, and X-Forwarded-Host behind a proxy). A web page
                can't set either of them.
        """
        if origin is None:
            return False
        return "*" in self.others or origin in self.others or urlsplit(origin).netloc in hosts
