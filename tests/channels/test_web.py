"""What a browser and the coach can rely on between them, seen from the browser's side of the wire."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import pytest_asyncio
import socketio
import yaml
from starlette.testclient import TestClient

from bot.channels.chat_page import TEXTS, load_texts
from bot.channels.limits import Limits, Rate
from bot.channels.sessions import Sessions
from bot.channels.web import Web
from bot.conversation.messages import Choice, Kind, Outgoing
from bot.errors import ContentError, SendLater
from tests.channels.helpers import PICTURE, FakeConversation, Serving

pytestmark = pytest.mark.asyncio
SECRET = b"the same after every restart"
ACK_SECONDS = 0.5

if not hasattr(aiohttp, "ClientWSTimeout"):
    # python-socketio's client wants a newer aiohttp than Rasa allows; the older one takes the number itself.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close


class Client:
    """One open tab, or one of Rasa's widgets."""

    def __init__(self, url: str, *, confirms: bool = True) -> None:
        self.url = url
        self.confirms = confirms
        self.token: str = ""
        self.bubbles: list[dict[str, Any]] = []
        self.notices: list[str] = []
        self._session = asyncio.Event()
        self.sio = socketio.AsyncClient(reconnection=False)
        self.sio.on("session_confirm", self._confirmed)
        self.sio.on("bot_uttered", self._uttered)
        self.sio.on("notice", self._noticed)

    async def connect(self, origin: str | None = None) -> None:
        headers = {"Origin": origin} if origin else {}
        await self.sio.connect(self.url, headers, transports=["websocket"])

    async def introduce(self, token: Any = None, *, acks: bool = True) -> str:
        self._session.clear()
        await self.sio.emit("session_request", {"session_id": token, "acks": acks})
        await self.session()
        return self.token

    async def session(self) -> str:
        await asyncio.wait_for(self._session.wait(), 5)
        return self.token

    async def say(self, data: Any) -> Any:
        return await self.sio.call("user_uttered", data, timeout=5)

    async def bubble(self, number: int) -> dict[str, Any]:
        """Wait for the bubble with this number, counted from 0."""
        end = time.monotonic() + 5
        while len(self.bubbles) <= number:
            assert time.monotonic() < end, "the bubble never came"
            await asyncio.sleep(0.01)
        return self.bubbles[number]

    def _confirmed(self, token: str) -> None:
        self.token = token
        self._session.set()

    async def _uttered(self, bubble: dict[str, Any]) -> None:
        self.bubbles.append(bubble)
        if not self.confirms:
            await asyncio.sleep(30)

    def _noticed(self, notice: dict[str, str]) -> None:
        self.notices.append(notice["text"])


class Coach:
    """The server: the web channel, and the conversation behind it."""

    def __init__(self) -> None:
        self.conversation = FakeConversation()
        self.sessions = Sessions(SECRET)
        self.web: Web
        self.serving = Serving(self.make)

    def make(self) -> Any:
        self.web = Web(
            self.conversation,
            self.sessions,
            texts=load_texts(),
            origins=["https://clinic.example"],
            limits=Limits(0),
            ack_seconds=ACK_SECONDS,
        )
        self.conversation.channel = self.web
        return self.web.app()

    def send(self, bubble: Outgoing) -> None:
        self.serving.do(self.web.send(bubble))


@pytest.fixture(scope="module")
def server() -> Iterator[Coach]:
    coach = Coach()
    with coach.serving:
        yield coach


@pytest.fixture
def coach(server: Coach) -> Coach:
    fresh = FakeConversation()
    fresh.channel = server.web
    server.conversation = fresh
    server.web._receiver = fresh
    return server


@pytest_asyncio.fixture
async def tabs(coach: Coach) -> AsyncIterator[Any]:
    opened: list[Client] = []

    async def another(**how: Any) -> Client:
        client = Client(coach.serving.url, confirms=how.pop("confirms", True))
        opened.append(client)
        await client.connect(**how)
        return client

    yield another
    for client in opened:
        await client.sio.disconnect()


async def closed(coach: Coach, client: Client) -> None:
    """Close a tab and wait until the server has noticed."""
    await client.sio.disconnect()
    for _ in range(200):
        if not coach.web._rooms:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the server never noticed that the tab was closed")


# ---- who is who


async def test_a_new_tab_gets_a_session_of_its_own(coach: Coach, tabs: Any) -> None:
    first, second = await tabs(), await tabs()

    tokens = {await first.introduce(), await second.introduce()}

    assert len(tokens) == 2
    assert None not in {coach.sessions.open(token) for token in tokens}


async def test_a_tab_that_comes_back_keeps_its_session(coach: Coach, tabs: Any) -> None:
    token = coach.sessions.new().token

    assert await (await tabs()).introduce(token) == token


@pytest.mark.parametrize("forged", ["", "abc", 7, ["x"], {"a": 1}, "A" * 22 + "." + "A" * 43, "x" * 100_000, "\ud800"])
async def test_a_forged_token_gets_a_new_session(coach: Coach, tabs: Any, forged: Any) -> None:
    token = await (await tabs()).introduce(forged)

    assert token != forged
    assert coach.sessions.open(token) is not None


async def test_a_token_of_another_server_never_reaches_that_persons_conversation(coach: Coach, tabs: Any) -> None:
    foreign = Sessions(b"another server's secret").new()
    client = await tabs()

    await client.introduce(foreign.token)
    await client.say({"message": "hello", "session_id": foreign.token})

    assert [one.address for one in coach.conversation.received] == [coach.sessions.open(client.token)]
    assert coach.conversation.received[0].address != foreign.id


async def test_a_widget_that_only_writes_gets_a_session_and_an_answer(coach: Coach, tabs: Any) -> None:
    widget = await tabs()

    await widget.say({"message": "hello", "customData": {}})

    assert (await widget.bubble(0))["text"] == "You wrote: hello"
    assert coach.sessions.open(await widget.session()) == coach.conversation.received[0].address


@pytest.mark.parametrize("nothing", [None, "text", 5, [], {}])
async def test_a_widget_may_ask_for_a_session_with_nothing_in_hand(coach: Coach, tabs: Any, nothing: Any) -> None:
    widget = await tabs()

    await widget.sio.emit("session_request", nothing)

    assert coach.sessions.open(await widget.session()) is not None


async def test_a_valid_token_in_a_message_brings_back_its_conversation(coach: Coach, tabs: Any) -> None:
    session = coach.sessions.new()
    widget = await tabs()

    await widget.say({"message": "hello", "session_id": session.token})

    assert coach.conversation.received[0].conversation_id == f"web:{session.id}"
    assert coach.conversation.woken == [f"web:{session.id}"]


# ---- what arrives


async def test_a_message_arrives_as_it_was_written(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    answer = await client.say({"message": "  He said:\n“fine” 😢 <b>\t", "message_id": "m-1"})

    assert answer == {"received": True}
    [incoming] = coach.conversation.received
    assert (incoming.channel, incoming.external_id, incoming.kind) == ("web", "m-1", Kind.TEXT)
    assert incoming.text == "  He said:\n“fine” 😢 <b>\t"


async def test_a_message_is_acknowledged_only_when_it_is_stored(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()
    coach.conversation.broken = True
    failed = await client.say({"message": "hello", "message_id": "m-1"})
    coach.conversation.broken = False
    stored = await client.say({"message": "hello", "message_id": "m-1"})

    assert (failed, stored) == ({"received": False, "again": True}, {"received": True})
    assert len(coach.conversation.received) == 1


async def test_a_message_sent_again_is_received_once(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    answers = [await client.say({"message": "hello", "message_id": "m-1"}) for _ in range(3)]

    assert answers == [{"received": True}] * 3
    assert len(coach.conversation.received) == 1


async def test_messages_typed_in_a_rush_keep_their_order(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await asyncio.gather(*(client.say({"message": str(number)}) for number in range(20)))

    assert [one.text for one in coach.conversation.received] == [str(number) for number in range(20)]


@pytest.mark.parametrize("bad_id", [None, 5, "", "x" * 65, "tap:3", "a b", "\ud800", ["m"]])
async def test_a_message_with_an_unusable_id_still_counts_as_new(coach: Coach, tabs: Any, bad_id: Any) -> None:
    client = await tabs()
    await client.introduce()

    for _ in range(2):
        await client.say({"message": "no", "message_id": bad_id})

    ids = {one.external_id for one in coach.conversation.received}
    assert len(ids) == 2
    assert bad_id not in list(ids)


async def test_a_tap_names_the_bubble_and_the_button(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "Just listen", "message_id": "m", "metadata": {"bubble": 41, "choice": 1}})

    [incoming] = coach.conversation.received
    assert (incoming.kind, incoming.choice, incoming.external_id) == (Kind.CHOICE, Choice(41, 1), "tap:41")


async def test_a_second_tap_on_the_same_bubble_changes_nothing(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    for index in (0, 1, 0):
        await client.say({"message": "x", "message_id": f"m-{index}", "metadata": {"bubble": 41, "choice": index}})

    assert len(coach.conversation.received) == 1


NO_TAPS: list[Any] = [
    "{}",
    [],
    5,
    {"bubble": 1},
    {"bubble": "1", "choice": 0},
    {"bubble": True, "choice": 0},
    {"bubble": 1.0, "choice": 0},
    {"bubble": 0, "choice": 0},
    {"bubble": 2**70, "choice": 0},
    {"bubble": 1, "choice": -1},
    {"bubble": 1, "choice": 100},
]


@pytest.mark.parametrize("metadata", NO_TAPS)
async def test_a_tap_that_makes_no_sense_counts_as_typed(coach: Coach, tabs: Any, metadata: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "An idea", "metadata": metadata})

    assert [(one.kind, one.text) for one in coach.conversation.received] == [(Kind.TEXT, "An idea")]


async def test_a_command_typed_alone_arrives_as_a_command(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "/Help "})
    await client.say({"message": "/help me"})

    arrived = [(one.kind, one.text) for one in coach.conversation.received]
    assert arrived == [(Kind.COMMAND, "help"), (Kind.TEXT, "/help me")]


RUBBISH: list[Any] = [
    None,
    "text",
    5,
    b"bytes",
    [],
    [[1]],
    {},
    {"message": None},
    {"message": 5},
    {"message": ["a"]},
    {"message": b"bytes"},
    {"message": ""},
    {"message": " \n\0 "},
]


@pytest.mark.parametrize("rubbish", RUBBISH)
async def test_rubbish_is_refused_and_the_conversation_goes_on(coach: Coach, tabs: Any, rubbish: Any) -> None:
    client = await tabs()
    await client.introduce()

    assert await client.say(rubbish) == {"received": False, "again": False}
    assert await client.say({"message": "still here"}) == {"received": True}
    assert [one.text for one in coach.conversation.received] == ["still here"]


@pytest.mark.parametrize("event", ["user_uttered", "session_request", "disconnect", "connect", "anything"])
async def test_an_event_with_too_much_or_too_little_breaks_nothing(coach: Coach, tabs: Any, event: str) -> None:
    client = await tabs()
    await client.introduce()

    await client.sio.emit(event)
    await client.sio.emit(event, ({"message": "quiet"}, 2, 3, 4))

    assert await client.say({"message": "still here"}) == {"received": True}


async def test_a_page_tells_its_time_zone_and_rubbish_is_not_taken_for_one(coach: Coach, tabs: Any) -> None:
    for zone in ("Europe/Lisbon", "Mars/Base", 5, ["UTC"], None):
        client = await tabs()
        await client.sio.emit("session_request", {"acks": True, "zone": zone})
        await client.session()

    assert list(coach.conversation.zones.values()) == ["Europe/Lisbon"]


async def test_a_packet_nested_a_hundred_thousand_deep_breaks_nothing(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.sio.eio.send('2["user_uttered",' + "[" * 100_000)

    assert await client.say({"message": "still here"}) == {"received": True}


async def test_nul_and_half_characters_are_cleaned(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "a\0b \ud83d c"})

    assert [one.text for one in coach.conversation.received] == ["ab \ufffd c"]


async def test_a_very_long_story_is_read_and_a_flood_is_answered_in_words(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    read = await client.say({"message": "😢" * 200_000})
    refused = await client.say({"message": "x" * 200_001})

    assert (read, refused) == ({"received": True}, {"received": False, "again": False})
    assert [len(one.text) for one in coach.conversation.received] == [200_000]
    assert client.notices == [load_texts()["en"]["too_long"]]


async def test_a_browser_without_websockets_is_served_too(coach: Coach) -> None:
    story = json.dumps(["user_uttered", {"message": "quiet" + "😢" * 100_000}])
    async with httpx.AsyncClient(base_url=coach.serving.url, params={"transport": "polling", "EIO": "4"}) as browser:
        hello = json.loads((await browser.get("/socket.io/")).text[1:])
        here = {"transport": "polling", "EIO": "4", "sid": hello["sid"]}
        await browser.post("/socket.io/", params=here, content="40")
        await browser.get("/socket.io/", params=here)
        await browser.post("/socket.io/", params=here, content=f"421{story}")
        answers = ""
        while "43" not in answers:
            answers += (await browser.get("/socket.io/", params=here)).text + "\x1e"
        await browser.post("/socket.io/", params=here, content="41")

    assert '431[{"received":true}]' in answers.split("\x1e")
    assert len(coach.conversation.received[0].text) == 100_005


async def test_nothing_a_person_writes_is_logged(coach: Coach, tabs: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = await tabs()
    client.sio.logger.setLevel(logging.ERROR)  # the client of this test logs what it sends
    client.sio.eio.logger.setLevel(logging.ERROR)
    await client.introduce()

    await client.say({"message": "a secret"})
    coach.conversation.broken = True
    await client.say({"message": "a secret"})
    await client.sio.eio.send('2["user_uttered",{"message":"a secret"')  # broken JSON
    await client.bubble(0)

    assert "MemoryFault" in caplog.text
    assert "secret" not in caplog.text


# ---- what goes out


async def test_a_page_gets_bubbles_with_their_number_and_buttons(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "choose"})

    assert await client.bubble(0) == {"text": "I see two ways.", "metadata": {"id": 1}}
    assert await client.bubble(1) == {
        "text": "Which one?",
        "quick_replies": [
            {"content_type": "text", "title": "An idea", "payload": "An idea"},
            {"content_type": "text", "title": "Just listen", "payload": "Just listen"},
        ],
        "metadata": {"id": 2},
    }


async def test_a_rasa_widget_gets_exactly_rasas_shape(coach: Coach, tabs: Any) -> None:
    widget = await tabs()
    await widget.introduce(acks=False)

    await widget.say({"message": "choose"})

    assert await widget.bubble(0) == {"text": "I see two ways."}
    assert set(await widget.bubble(1)) == {"text", "quick_replies"}


async def test_a_page_gets_a_picture_with_its_words_for_who_cannot_see_it(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    await client.say({"message": "draw"})

    bubble = await client.bubble(0)
    assert (bubble["text"], bubble["metadata"]) == ("Your circle.", {"id": 1})
    assert bubble["attachment"]["type"] == "image"
    payload = bubble["attachment"]["payload"]
    assert (payload["title"], payload["alt"]) == (PICTURE.name, PICTURE.alt)
    start, _, content = payload["src"].partition(",")
    assert (start, base64.b64decode(content)) == ("data:image/svg+xml;base64", PICTURE.content)


async def test_a_rasa_widget_gets_a_picture_the_way_rasa_sends_one_and_of_a_file_the_words(
    coach: Coach, tabs: Any
) -> None:
    widget = await tabs()
    await widget.introduce(acks=False)

    await widget.say({"message": "draw"})
    await widget.say({"message": "date"})

    assert (await widget.bubble(0)).keys() == {"attachment"}
    assert widget.bubbles[0]["attachment"]["type"] == "image"
    assert await widget.bubble(1) == {"text": "Your circle."}
    assert await widget.bubble(2) == {"text": "For your calendar."}


async def test_every_tab_of_a_session_shows_the_answer(coach: Coach, tabs: Any) -> None:
    first, second, stranger = await tabs(), await tabs(), await tabs()
    await second.introduce(await first.introduce())
    await stranger.introduce()

    await first.say({"message": "hello"})

    assert (await first.bubble(0))["text"] == (await second.bubble(0))["text"] == "You wrote: hello"
    assert stranger.bubbles == []


async def test_a_bubble_for_somebody_who_left_waits_until_they_are_back(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    token = await client.introduce()
    address = coach.sessions.open(token)
    assert address
    await closed(coach, client)

    with pytest.raises(SendLater) as later:
        coach.send(Outgoing(1, "web", address, "Your note is ready"))
    assert later.value.seconds is None

    coach.conversation.say("web", address, "Your note is ready")
    back = await tabs()
    await back.introduce(token)
    assert (await back.bubble(0))["text"] == "Your note is ready"
    assert coach.conversation.woken == [f"web:{address}"]


async def test_a_new_session_wakes_nobody(coach: Coach, tabs: Any) -> None:
    await (await tabs()).introduce()

    assert coach.conversation.woken == []


async def test_a_bubble_that_no_page_confirms_is_tried_again_soon(coach: Coach, tabs: Any) -> None:
    frozen = await tabs(confirms=False)
    address = coach.sessions.open(await frozen.introduce())
    assert address

    with pytest.raises(SendLater) as later:
        await asyncio.to_thread(coach.send, Outgoing(1, "web", address, "hello"))

    assert later.value.seconds is not None
    assert 0 < later.value.seconds <= 5


async def test_one_tab_that_confirms_is_enough(coach: Coach, tabs: Any) -> None:
    frozen, awake = await tabs(confirms=False), await tabs()
    address = coach.sessions.open(await awake.introduce(await frozen.introduce()))
    assert address

    before = time.monotonic()
    await asyncio.to_thread(coach.send, Outgoing(1, "web", address, "hello"))

    assert time.monotonic() - before < ACK_SECONDS
    assert len(awake.bubbles) == 1


async def test_a_page_closed_while_a_bubble_is_on_its_way_gets_it_when_it_is_back(coach: Coach, tabs: Any) -> None:
    frozen = await tabs(confirms=False)
    address = coach.sessions.open(await frozen.introduce())
    assert address
    sending = asyncio.create_task(asyncio.to_thread(coach.send, Outgoing(1, "web", address, "hello")))
    await frozen.bubble(0)

    await frozen.sio.disconnect()

    with pytest.raises(SendLater) as later:
        await sending
    assert later.value.seconds is None


async def test_a_widget_that_never_confirms_counts_as_reached(coach: Coach, tabs: Any) -> None:
    widget = await tabs(confirms=False)
    address = coach.sessions.open(await widget.introduce(acks=False))
    assert address

    await asyncio.to_thread(coach.send, Outgoing(1, "web", address, "hello"))

    assert await widget.bubble(0) == {"text": "hello"}


async def test_a_closed_tab_leaves_nothing_behind(coach: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()
    await client.say({"message": "hello"})

    await closed(coach, client)

    assert (coach.web._rooms, coach.web._address_of) == ({}, {})


# ---- floods


@pytest.fixture
def slow(coach: Coach) -> Iterator[Coach]:
    """A server that takes two messages at once and one a minute, from a network ten pages."""
    before, coach.web._limits = coach.web._limits, Limits(1)
    coach.web._limits._conversations = Rate(1, 2)
    yield coach
    coach.web._limits = before


async def test_who_floods_the_coach_is_told_to_wait_and_nothing_is_lost(slow: Coach, tabs: Any) -> None:
    client = await tabs()
    await client.introduce()

    answers = [await client.say({"message": str(number)}) for number in range(4)]

    assert answers == [{"received": True}] * 2 + [{"received": False, "again": True}] * 2
    assert [one.text for one in slow.conversation.received] == ["0", "1"]
    assert client.notices == []


async def test_a_rasa_widget_that_floods_the_coach_is_told_in_words(slow: Coach, tabs: Any) -> None:
    widget = await tabs()
    await widget.introduce(acks=False)

    for _ in range(3):
        await widget.say({"message": "quiet"})

    assert await widget.bubble(0) == {"text": load_texts()["en"]["too_fast"]}


async def test_one_network_cannot_take_all_connections(slow: Coach, tabs: Any) -> None:
    first = await tabs()
    for _ in range(9):
        await tabs()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await tabs()
    await first.sio.disconnect()
    await asyncio.sleep(0.2)

    assert await (await tabs()).introduce()


# ---- origins

ALLOWED = ["https://clinic.example", None]
STRANGE = ["https://strange.example", "null", "https://clinic.example.strange.example", "http://127.0.0.1:1"]


async def by_polling(coach: Coach, origin: str | None) -> int:
    headers = {"Origin": origin} if origin else {}
    async with httpx.AsyncClient(base_url=coach.serving.url, headers=headers) as browser:
        return (await browser.get("/socket.io/", params={"transport": "polling", "EIO": "4"})).status_code


@pytest.mark.parametrize("origin", ALLOWED)
async def test_allowed_origins_and_programs_may_connect(coach: Coach, tabs: Any, origin: str | None) -> None:
    assert await (await tabs(origin=origin)).introduce()
    assert await by_polling(coach, origin) == 200


@pytest.mark.parametrize("origin", STRANGE)
async def test_a_strange_web_page_cannot_connect(coach: Coach, tabs: Any, origin: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        await tabs(origin=origin)
    assert await by_polling(coach, origin) == 400


async def test_the_page_itself_may_connect(coach: Coach, tabs: Any) -> None:
    client = await tabs(origin=coach.serving.url)

    assert await client.introduce()


# ---- the page


async def test_the_page_keeps_its_headers(coach: Coach) -> None:
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        page = await browser.get("/")
        script = await browser.get("/static/page.js")

    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    for response in (page, script):
        assert response.status_code == 200
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


async def test_a_page_elsewhere_may_load_the_tag_and_only_an_allowed_one_may_talk(coach: Coach) -> None:
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        tag = await browser.get("/toward.js")
        module = await browser.get("/static/widget.js")
        allowed = await browser.get("/widget", headers={"Origin": "https://clinic.example"})
        strange = await browser.get("/widget", headers={"Origin": "https://strange.example"})
        own = await browser.get("/widget", headers={"Origin": coach.serving.url})

    for response in (tag, module, allowed, strange):
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert tag.headers["content-type"].startswith("text/javascript")
    assert module.headers["content-encoding"] == "gzip"
    assert [response.status_code for response in (allowed, strange, own)] == [200, 403, 200]
    assert "TOWARD_ORIGINS" in strange.json()["error"]


async def test_only_an_allowed_origin_may_put_the_page_in_a_frame(coach: Coach) -> None:
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        page = await browser.get("/")
        safety = await browser.get("/safety")

    assert "frame-ancestors https://clinic.example;" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none';" in safety.headers["content-security-policy"]


async def test_the_page_is_there_in_every_language_of_the_file(coach: Coach) -> None:
    languages = load_texts()
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        for language, texts in languages.items():
            page = (await browser.get("/", params={"lang": language})).text
            assert f'<html lang="{language}" dir="{texts["direction"]}">' in page
            assert html.escape(texts["danger"]) in page
        regional = (await browser.get("/", params={"lang": "de-AT"})).text
        unknown = (await browser.get("/", params={"lang": "tlh<b>"})).text
        unasked = (await browser.get("/", headers={"Accept-Language": "de"})).text

    assert '<html lang="de"' in regional
    assert '<html lang="en"' in unknown and '<html lang="en"' in unasked


async def test_a_language_that_the_coach_does_not_speak_says_so_where_danger_is_spoken_of() -> None:
    for language, texts in load_texts().items():
        assert ("language_note" in texts) == (language != "en")
        names = {name: set(re.findall(r"{\w+}", text)) for name, text in texts.items()}
        assert {name: found for name, found in names.items() if found} == {
            "choices_spoken": {"{choices}"}, "download": {"{name}"},
        }  # fmt: skip
        assert {name for name, text in texts.items() if len(text.split()) > 50} == set()


async def test_the_page_says_first_what_it_is_and_what_to_do_in_danger(coach: Coach) -> None:
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        page = (await browser.get("/")).text

    for words in ("program, not a person", "coach, not a therapist", "local emergency number"):
        assert words in page
    assert "<title>Notes</title>" in page
    assert "{{" not in page


async def test_health_answers(coach: Coach) -> None:
    async with httpx.AsyncClient(base_url=coach.serving.url) as browser:
        assert (await browser.get("/health")).json() == {"status": "ok"}


async def test_texts_with_html_in_them_stay_text(coach: Coach) -> None:
    texts = load_texts()["en"] | {"welcome": "<b>&\"'", "offline": "</script><script>alert(1)</script>"}
    with TestClient(Web(FakeConversation(), coach.sessions, texts={"en": texts}).app()) as browser:
        page = browser.get("/").text

    assert "<b>" not in page
    assert "&lt;b&gt;&amp;&quot;" in page
    assert "alert(1)</script>" not in page
    settings = page.split('id="settings">')[1].split("</script>")[0]
    assert json.loads(settings)["texts"]["offline"] == texts["offline"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"welcome": None}, "'welcome' is missing"),
        ({"offline": "  "}, "'offline' is missing"),
        ({"send": True}, "'send' is missing"),
        ({"leave_to": "javascript:alert(1)"}, "'leave_to' must begin with https://"),
        ({"direction": "up"}, "'direction' must be ltr or rtl"),
        ({"translations": {"de": {"title": "Notizen"}}}, "is missing in the language 'de'"),
        ({"translations": {False: {}}}, "must be the code of a language"),
        ({"translations": ["de"]}, "'translations' must hold languages"),
    ],
)
async def test_a_broken_text_file_is_named_with_its_cure(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8")) | change
    file = tmp_path / "web.yml"
    file.write_text(yaml.safe_dump(texts), encoding="utf-8")

    with pytest.raises(ContentError, match=named) as broken:
        load_texts(file)
    assert str(file) in str(broken.value)


@pytest.mark.parametrize("content", ["- a list", "a: [", ""])
async def test_a_text_file_that_is_no_list_of_texts_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "web.yml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ContentError, match=r"web\.yml"):
        load_texts(file)
    with pytest.raises(ContentError, match=r"absent\.yml"):
        load_texts(tmp_path / "absent.yml")
