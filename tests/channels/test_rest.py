"""A program that calls Rasa's REST address gets what it would get from Rasa."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from bot.channels.rest import Rest
from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.errors import MemoryFault, SendLater
from bot.memory.attachments import Attachment
from tests.channels.helpers import FILE, PICTURE

pytestmark = pytest.mark.asyncio
WEBHOOK = "/webhooks/rest/webhook"


class Answering:
    """Echoes with two bubbles, the second with buttons."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.broken = False
        self.attachment: Attachment | None = None

    async def exchange(self, incoming: Incoming) -> list[Outgoing]:
        if self.broken:
            raise MemoryFault("the disk is full")
        self.received.append(incoming)
        to = incoming.channel, incoming.address
        first = Outgoing(1, *to, incoming.text, attachment=self.attachment)
        return [first, Outgoing(2, *to, "Which?", ("An idea", "Just listen"))]


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest_asyncio.fixture
async def caller(answering: Answering) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Rest(answering, origins=["https://clinic.example"]).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://coach") as client:
        yield client


async def test_a_message_is_answered_in_rasas_shape(caller: httpx.AsyncClient, answering: Answering) -> None:
    response = await caller.post(WEBHOOK, json={"sender": "p-17", "message": "he never looks up"})

    assert response.json() == [
        {"recipient_id": "p-17", "text": "he never looks up"},
        {
            "recipient_id": "p-17",
            "text": "Which?",
            "buttons": [
                {"title": "An idea", "payload": "An idea"},
                {"title": "Just listen", "payload": "Just listen"},
            ],
        },
    ]
    assert [one.conversation_id for one in answering.received] == ["rest:p-17"]


async def test_a_picture_and_a_file_come_in_rasas_shape(caller: httpx.AsyncClient, answering: Answering) -> None:
    answering.attachment = PICTURE
    picture = (await caller.post(WEBHOOK, json={"sender": "p", "message": "draw"})).json()[0]
    answering.attachment = FILE
    file = (await caller.post(WEBHOOK, json={"sender": "p", "message": "date"})).json()[0]

    assert picture["image"].startswith("data:image/svg+xml;base64,")
    assert file["attachment"]["type"] == "file"
    assert file["attachment"]["payload"]["title"] == "note.ics"


async def test_the_same_words_twice_are_two_messages(caller: httpx.AsyncClient, answering: Answering) -> None:
    for _ in range(2):
        await caller.post(WEBHOOK, json={"sender": "p-17", "message": "no"})

    assert len({one.external_id for one in answering.received}) == 2


async def test_a_command_is_a_command_here_too(caller: httpx.AsyncClient, answering: Answering) -> None:
    await caller.post(WEBHOOK, json={"sender": 5, "message": "/help"})

    assert [(one.address, one.kind, one.text) for one in answering.received] == [("5", Kind.COMMAND, "help")]


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "\ud800", "word " * 30_000])
async def test_unusual_text_is_answered(caller: httpx.AsyncClient, text: str) -> None:
    response = await caller.post(WEBHOOK, content=json.dumps({"sender": "p", "message": text}))

    assert response.status_code == 200
    assert len(response.json()) == 2


@pytest.mark.parametrize("sender", [None, "", "  ", "a\nb", "a\0b", "\ud800", "x" * 129, True, 1.5, ["p"], {"id": "p"}])
async def test_nobody_shares_a_conversation_by_a_bad_address(
    caller: httpx.AsyncClient, answering: Answering, sender: Any
) -> None:
    response = await caller.post(WEBHOOK, content=json.dumps({"sender": sender, "message": "hello"}))

    assert response.status_code == 400
    assert "sender" in response.json()["error"]
    assert not answering.received


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b"null",
        b"[" * 200_000,
        b'{"sender": "p"}',
        b'{"sender": "p", "message": 7}',
    ],
)
async def test_a_broken_request_is_told_what_to_send(
    caller: httpx.AsyncClient, answering: Answering, body: bytes
) -> None:
    response = await caller.post(WEBHOOK, content=body)

    assert response.status_code == 400
    assert "message" in response.json()["error"]
    assert not answering.received


@pytest.mark.parametrize("characters", [200_001, 2_500_000])
async def test_a_flood_is_refused(caller: httpx.AsyncClient, answering: Answering, characters: int) -> None:
    response = await caller.post(WEBHOOK, json={"sender": "p", "message": "x" * characters})

    assert response.status_code == 413
    assert not answering.received


async def test_a_diary_of_two_hundred_thousand_emoji_is_read(caller: httpx.AsyncClient, answering: Answering) -> None:
    response = await caller.post(WEBHOOK, content=json.dumps({"sender": "p", "message": "😢" * 200_000}))

    assert response.status_code == 200
    assert len(answering.received[0].text) == 200_000


async def test_a_strange_web_page_cannot_write_through_somebodys_browser(
    caller: httpx.AsyncClient, answering: Answering
) -> None:
    message = {"sender": "p", "message": "hello"}
    strange = await caller.post(WEBHOOK, json=message, headers={"Origin": "https://strange.example"})
    allowed = await caller.post(WEBHOOK, json=message, headers={"Origin": "https://clinic.example"})

    assert (strange.status_code, allowed.status_code) == (403, 200)
    assert len(answering.received) == 1


async def test_a_caller_hears_when_a_message_was_not_stored(
    caller: httpx.AsyncClient, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    answering.broken = True

    response = await caller.post(WEBHOOK, json={"sender": "p", "message": "a secret"})

    assert response.status_code == 503
    assert "MemoryFault" in caplog.text
    assert "secret" not in caplog.text


async def test_a_reminder_waits_because_a_caller_cannot_be_called() -> None:
    with pytest.raises(SendLater) as later:
        await Rest(Answering()).send(Outgoing(1, "rest", "p", "Your note is ready"))

    assert later.value.seconds is None


async def test_rasas_health_check_answers(caller: httpx.AsyncClient) -> None:
    assert (await caller.get("/webhooks/rest/")).json() == {"status": "ok"}
