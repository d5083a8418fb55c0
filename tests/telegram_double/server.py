"""The double on a port of its own: the Bot API's HTTP, and `/double/<method>` for driving it from another process."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import HTTP
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.telegram_double.api import TelegramDouble
from tests.telegram_double.records import ApiError, Fault

__all__ = ["RunningDouble", "answering", "build_app", "running_double", "serve"]

#: What another process may call.
_REMOTE = {
    "user_says",
    "user_sends",
    "user_sends_sticker",
    "user_edits",
    "user_taps",
    "user_taps_data",
    "user_blocks",
    "user_returns",
    "group_says",
    "deliver",
    "knows",
    "sent",
    "texts",
    "calls",
    "toasts",
    "unanswered_taps",
    "unconfirmed",
    "fail_next",
    "drop_next",
    "slow_next",
    "mend",
    "set_webhook",
}


class RunningDouble(TelegramDouble):
    """A double that answers at an address."""

    address: str = ""

    @property
    def base_url(self) -> str:
        """What TELEGRAM_BASE_URL must be."""
        return f"{self.address}/bot"


class _ClosedConnection(Response):
    """No answer: the server closes the connection in the middle of one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})


Double = TypeVar("Double", bound=RunningDouble)


def build_app(double: TelegramDouble) -> Starlette:
    """The web application around a double."""

    async def bot_api(request: Request) -> Response:
        if request.path_params["token"] != double.token:
            return _refusal(ApiError(401, "Unauthorized"))
        method = request.path_params["method"]
        params, fault = double.record(method, await _parameters(request))
        if fault is not None and not fault.handled:
            return _wrong(fault)
        try:
            result = await _get_updates(double, params) if method == "getUpdates" else double.answer(method, params)
        except ApiError as error:
            return _refusal(error)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
            if fault.drop:
                return _ClosedConnection()
        return JSONResponse({"ok": True, "result": result})

    async def remote(request: Request) -> Response:
        if request.path_params["method"] not in _REMOTE:
            return JSONResponse({"error": "no such method"}, status_code=404)
        result = getattr(double, request.path_params["method"])(**json.loads(await request.body() or b"{}"))
        return JSONResponse({"result": _plain(result)})

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", bot_api, methods=["GET", "POST"]),
            Route("/double/{method}", remote, methods=["POST"]),
        ]
    )


async def _parameters(request: Request) -> dict[str, Any]:
    """The parameters of a request as the Bot API takes them: in the address, as a form or as JSON."""
    params = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        given = json.loads(body or b"{}")
        return {
            **params,
            **{name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()},
        }
    if kind.startswith("multipart/form-data"):
        return {**params, **_parts(kind, body)}
    return {**params, **dict(parse_qsl(body.decode(), keep_blank_values=True))}


def _parts(kind: str, body: bytes) -> dict[str, Any]:
    """The parts of a form with files; a file is its name and its content."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
    read: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        read[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
    return read


async def _get_updates(double: TelegramDouble, params: dict[str, Any]) -> list[dict[str, Any]]:
    """getUpdates: wait until there is something, or `timeout` seconds have passed."""
    end = time.monotonic() + params.get("timeout", 0)
    poll = double.begin_poll(params)
    changed, loop = asyncio.Event(), asyncio.get_running_loop()
    stop_listening = double.on_change(lambda: loop.call_soon_threadsafe(changed.set))
    try:
        while True:
            changed.clear()
            updates = double.updates(poll, params.get("limit", 100))
            left = end - time.monotonic()
            if updates or left <= 0:
                return updates
            try:
                await asyncio.wait_for(changed.wait(), left)
            except asyncio.TimeoutError:
                return []
    finally:
        stop_listening()


def _wrong(fault: Fault) -> Response:
    if fault.drop:
        return _ClosedConnection()
    usual = {400: "Bad Request", 403: "Forbidden", 409: "Conflict", 429: "Too Many Requests", 502: "Bad Gateway"}
    description = fault.description or usual.get(fault.status, "Internal Server Error")
    return _refusal(ApiError(fault.status, description, fault.retry_after))


def _refusal(error: ApiError) -> Response:
    return JSONResponse(error.as_json(), status_code=error.status)


def _plain(result: Any) -> Any:
    """A result of the double as JSON can carry it."""
    if isinstance(result, list):
        return [_plain(part) for part in result]
    if isinstance(result, bytes):
        return result.decode("latin-1")
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {name: _plain(value) for name, value in dataclasses.asdict(result).items()}
    return result


@contextmanager
def running_double(port: int = 0) -> Iterator[RunningDouble]:
    """A double that answers on loopback until the block ends; port 0 takes a free one."""
    with answering(RunningDouble(), port) as double:
        yield double


@contextmanager
def answering(double: Double, port: int = 0) -> Iterator[Double]:
    """Any kind of double, answering on loopback from a thread of its own until the block ends."""
    server, listener = serve(double, port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)
        listener.close()


def serve(double: RunningDouble, port: int) -> tuple[uvicorn.Server, socket.socket]:
    """A server for the double and the socket to run it on, which already takes connections."""
    listener = socket.create_server(("127.0.0.1", port))
    double.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        build_app(double), log_config=None, log_level="critical", access_log=False, lifespan="off", ws="none"
    )
    return uvicorn.Server(config), listener
