"""The address that Telegram calls where `PUBLIC_URL` is set; whoever calls must know the secret."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.pages import body_of

__all__ = ["CALLS_AT_ONCE", "Webhook"]

log = logging.getLogger(__name__)

_PATH: Final = "/telegram"
_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_BIGGEST_BODY: Final = 1_000_000
#: Calls that Telegram may make at the same time. It never makes two for the same chat.
CALLS_AT_ONCE: Final = 10

_TakeUpdate = Callable[[dict[str, Any]], Awaitable[None]]


class Webhook:
    """Takes updates from Telegram's calls.

    Args:
        public_url: under which the web server is reached from outside.
        secret: what Telegram has to send along; letters, digits, "-" and "_" only.
    """

    def __init__(self, public_url: str, secret: str) -> None:
        self.url = f"{public_url.rstrip('/')}{_PATH}"
        self.secret = secret
        self._take: _TakeUpdate | None = None

    def route(self) -> Route:
        """The address, for the web server."""
        return Route(_PATH, self._called, methods=["POST"])

    def hand_to(self, take: _TakeUpdate | None) -> None:
        """Give every update to `take`; an update is acknowledged when that returned. With None, none is taken."""
        self._take = take

    async def _called(self, request: Request) -> Response:
        known = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(known.encode(), self.secret.encode()):
            return Response(status_code=403)
        try:
            body = await body_of(request, _BIGGEST_BODY)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            raw = json.loads(body)
            usable = isinstance(raw["update_id"], int)
        except (ValueError, RecursionError, KeyError, TypeError):
            usable = False
        if not usable:
            return Response(status_code=400)
        if self._take is None:
            return Response(status_code=503)
        try:
            await self._take(raw)
        except Exception as error:  # Telegram keeps the update and calls again
            log.error("An update could not be stored (%s); Telegram will deliver it again.", type(error).__name__)
            return Response(status_code=503)
        return Response()
