"""The page, the real coach and the database together: what a person lives through in a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from bot.app import serve
from bot.engine.reply import Engine
from bot.settings import load_settings
from tests.channels.helpers import until
from tests.web.conftest import DESKTOP, PHONE, Page, resize


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A running house, as `toward run` starts it, in a thread."""
    port = _free_port()
    settings = load_settings(
        home=tmp_path,
        port=port,
        database_url="",
        key="",
        telegram_token="",
        country="US",
        rest=False,
        host="127.0.0.1",
        try_page="here",
    )
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    serving = loop.create_task(serve(settings, lambda: engine, ready.set))

    def live() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serving)
        except asyncio.CancelledError:
            pass
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=live)
    thread.start()
    assert ready.wait(30)
    yield f"http://127.0.0.1:{port}/"
    loop.call_soon_threadsafe(serving.cancel)
    thread.join(30)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_person_tells_a_scene_and_is_answered_in_their_own_words(
    driver: Chrome, address: str, size: tuple[int, int]
) -> None:
    resize(driver, size)
    page = Page(driver, address).open()
    page.write("he eats dinner in front of his phone and i sit there")
    until(lambda: any("his phone" in words for words in page.words("coach")), 30)
    assert any("computer program" in words for words in page.words("coach"))
    page.choice("Yes, remember").click()
    until(lambda: any("forget me" in words for words in page.words("coach")), 30)


def test_help_now_shows_a_line_of_the_country(driver: Chrome, address: str) -> None:
    resize(driver, PHONE)
    page = Page(driver, address).open()
    page.write("help now")
    until(lambda: any("988" in words for words in page.words("coach")), 30)


def test_a_counsellor_tries_a_script_in_the_running_house(driver: Chrome, address: str) -> None:
    resize(driver, PHONE)
    page = Page(driver, address)
    driver.get(f"{address}try?script=Step%20review")
    until(lambda: page.words("coach") and page.choices())
    said = page.words("coach")
    page.choice(page.choices()[0]).click()
    until(lambda: len(page.words("coach")) > len(said))
