"""Rasa's REST contract (`POST /webhooks/rest/webhook`), for programs that talk to the coach on somebody's behalf."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Sequence
from typing import Any, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.pages import body_of
from bot.channels.rasa_shape import attached, buttons
from bot.channels.typed import LONGEST, clean, typed
from bot.conversation.messages import Incoming, Outgoing
from bot.errors import SendLater, TowardError

__all__ = ["Exchanger", "Rest"]

log = logging.getLogger(__name__)

#: A message of `LONGEST` characters at 12 bytes each (an escaped emoji), and room for the rest.
_BIGGEST_BODY = 12 * LONGEST + 10_000


class Exchanger(Protocol):
    """A conversation that can be asked and waited for (bot.conversation.service.Conversation)."""

    async def exchange(self, incoming: Incoming) -> list[Outgoing]:
        """Receive `incoming`, wait until its turn has committed, and return its bubbles, which then count as sent."""


class _RefusedError(TowardError):
    """A request that can't be answered; the text tells the caller why, `status` is the HTTP status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Rest:
    """The channel "rest": the address is the caller's `sender`. No check of who calls, so for trusted callers only."""

    name = "rest"

    def __init__(self, exchanger: Exchanger, *, origins: Sequence[str] = ()) -> None:
        """Connect the endpoint to a conversation.

        Args:
            exchanger: who answers.
            origins: web origins whose pages may call; "*" for all. Programs that send no Origin always may.
        """
        self._exchanger = exchanger
        self._origins = frozenset(origins)

    async def send(self, bubble: Outgoing) -> None:
        """Refuse: a caller is only within reach while it waits for an answer, and gets that from `exchange`.

        Raises:
            SendLater: always; the bubble stays in the outbox.
        """
        raise SendLater("A REST caller can only be answered, not called; the bubble waits.")

    def routes(self) -> list[BaseRoute]:
        """Return Rasa's two addresses: the webhook, and the health check beside it."""
        return [
            Route("/webhooks/rest/webhook", self._webhook, methods=["POST"]),
            Route("/webhooks/rest/", _health, methods=["GET"]),
        ]

    async def _webhook(self, request: Request) -> Response:
        try:
            self._check_origin(request)
            bubbles = await self._exchanger.exchange(_incoming(await _body(request)))
        except _RefusedError as refusal:
            return _json({"error": str(refusal)}, refusal.status)
        except ClientDisconnect:
            return Response(status_code=400)
        except TowardError as error:
            log.error("A REST message could not be answered: %s", type(error).__name__)
            return _json({"error": "The message could not be answered now. Send it again later."}, 503)
        return _json([_as_rasa(bubble) for bubble in bubbles])

    def _check_origin(self, request: Request) -> None:
        """Keep other people's web pages from writing through a browser that can reach this server."""
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins and "*" not in self._origins:
            raise _RefusedError(403, "This origin may not call; add it to TOWARD_ORIGINS.")


async def _health(request: Request) -> Response:
    return _json({"status": "ok"})


async def _body(request: Request) -> bytes:
    body = await body_of(request, _BIGGEST_BODY)
    if body is None:
        raise _RefusedError(413, f"The request is too long; a message may have {LONGEST} characters.")
    return body


def _incoming(body: bytes) -> Incoming:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise _RefusedError(400, 'Send JSON: {"sender": "...", "message": "..."}.') from None
    if not isinstance(data, dict):
        raise _RefusedError(400, 'Send a JSON object: {"sender": "...", "message": "..."}.')
    message = data.get("message")
    if not isinstance(message, str):
        raise _RefusedError(400, '"message" must be a string.')
    if len(message) > LONGEST:
        raise _RefusedError(413, f'"message" is too long; it may have {LONGEST} characters.')
    return typed(Rest.name, _sender(data.get("sender")), uuid.uuid4().hex, clean(message))


def _sender(sender: Any) -> str:
    """Check the address. `isprintable` refuses control characters, line breaks and halves of surrogate pairs."""
    if isinstance(sender, int) and not isinstance(sender, bool):
        sender = str(sender)
    if not isinstance(sender, str) or not 1 <= len(sender) <= 128 or not sender.isprintable() or not sender.strip():
        raise _RefusedError(400, '"sender" must be 1 to 128 printable characters, different for each person.')
    return sender


def _as_rasa(bubble: Outgoing) -> dict[str, Any]:
    answer: dict[str, Any] = {"recipient_id": bubble.address, "text": bubble.text}
    if bubble.buttons:
        answer["buttons"] = buttons(bubble)
    if bubble.attachment is not None:
        shown = attached(bubble.attachment)
        if bubble.attachment.kind == "picture":
            answer["image"] = shown["payload"]["src"]
        else:
            answer["attachment"] = shown
    return answer


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, {"Cache-Control": "no-store"}, "application/json")
