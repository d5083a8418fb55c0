"""Web sessions: who a browser tab is, told by a signed token that nobody else can make."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

__all__ = ["Session", "Sessions"]

#: 128 random bits and a SHA-256 signature, both base64 for URLs, without padding.
_TOKEN = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})", re.ASCII)
#: Keeps these signatures apart from anything else that is ever signed with the same secret.
_PURPOSE = b"toward web session\0"


@dataclass(frozen=True)
class Session:
    """A conversation on the web.

    Attributes:
        id: the address of the conversation; may be stored.
        token: proves to the server that a browser owns `id`; only ever goes to that browser.
    """

    id: str
    token: str


class Sessions:
    """Makes sessions and recognizes them again, without storing anything."""

    def __init__(self, secret: bytes) -> None:
        """Take the signing key.

        Args:
            secret: at least 16 random bytes; the same after a restart, or every tab gets a new session.

        Raises:
            ValueError: `secret` is too short to protect anybody.
        """
        if len(secret) < 16:
            raise ValueError("The secret of web sessions needs at least 16 bytes.")
        self._secret = secret

    def new(self) -> Session:
        """Make a session that never existed before."""
        name = secrets.token_urlsafe(16)
        return Session(name, f"{name}.{self._signature(name)}")

    def open(self, token: object) -> str | None:
        """Return the id that `token` proves, or None if this server didn't sign it.

        Args:
            token: whatever the browser sent; anything but a string is just not a token.
        """
        found = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        if found is None:
            return None
        name, signature = found.groups()
        return name if hmac.compare_digest(signature, self._signature(name)) else None

    def _signature(self, name: str) -> str:
        digest = hmac.new(self._secret, _PURPOSE + name.encode("ascii"), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
