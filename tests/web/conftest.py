"""A real browser on the real page, with a conversation behind it that echoes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.remote.webelement import WebElement
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.channels.chat_page import load_texts
from bot.channels.limits import Limits
from bot.channels.sessions import Sessions
from bot.channels.web import Web
from tests.channels.helpers import FakeConversation, Serving, until

CHROMIUM = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    # "Leave" must not really call another site.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip

PHONE = (390, 844)
DESKTOP = (1280, 800)


class Coach:
    """The server: can go away and come back, with the conversation that it had."""

    def __init__(self, origins: Sequence[str] = ()) -> None:
        self.origins = origins
        self.conversation = FakeConversation()
        self.web: Web
        self.serving = Serving(self._make)

    def _make(self) -> ASGIApp:
        self.web = Web(
            self.conversation,
            Sessions(b"the same after a restart"),
            texts=load_texts(),
            origins=self.origins,
            limits=Limits(0),
        )
        self.conversation.channel = self.web
        self.conversation.forget_the_loop()
        return self.web.app()

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [incoming.text for incoming in self.conversation.received]


class Page:
    """One open tab, described the way a person uses it."""

    #: Where the chat stands, as JavaScript.
    root = "document"

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self) -> Page:
        self.driver.get(self.url)
        self.connected()
        return self

    def connected(self) -> str:
        """Wait until the tab has a session, and return its token."""
        found: str = until(lambda: self.js("return sessionStorage.getItem('notes-session')"))
        return found

    def js(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page; `root` is where the chat stands."""
        return self.driver.execute_script(f"const root = {self.root};\n{script}", *arguments)

    def one(self, selector: str) -> WebElement:
        found: WebElement = self.js("return root.querySelector(arguments[0])", selector)
        assert found is not None, selector
        return found

    def shown(self, selector: str) -> list[WebElement]:
        found = self.js("return [...root.querySelectorAll(arguments[0])]", selector)
        return [one for one in found if one.is_displayed()]

    def press(self, *keys: str) -> None:
        """Press keys wherever the focus is. Shift holds until Keys.NULL."""
        self.active().send_keys(*keys)

    def active(self) -> WebElement:
        """What has the focus, also within a shadow root."""
        found: WebElement = self.js("""
            let active = document.activeElement;
            while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
            return active;
        """)
        return found

    def write(self, text: str) -> None:
        """Type into the field and press Enter, after which the message is on the page."""
        before = len(self.words("you"))
        self.press(text, "\ue007")
        until(lambda: len(self.words("you")) == before + 1)

    def words(self, who: str = "") -> list[str]:
        """Return what stands in the bubbles of "you", "coach" or all."""
        script = "return [...root.querySelectorAll(arguments[0])].map((words) => words.textContent)"
        found: list[str] = self.js(script, f".bubble{'.' + who if who else ''} .words")
        return found

    def choices(self) -> list[str]:
        return [button.text for button in self.shown("#choices button")]

    def choice(self, title: str) -> WebElement:
        found: WebElement = until(lambda: [one for one in self.shown("#choices button") if one.text == title])[0]
        return found

    def hears(self, *words: str) -> None:
        """Wait until the coach's last bubbles are these."""
        until(lambda: self.words("coach")[-len(words) :] == list(words))

    def focused(self) -> str:
        found: str = self.js("return arguments[0].id || arguments[0].textContent", self.active())
        return found

    def status(self) -> str:
        return self.one("#status").text

    def media(self, **features: str) -> None:
        """Pretend that the person prefers, for example, `prefers_color_scheme="dark"`."""
        given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": given})


def resize(driver: Chrome, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 2, "mobile": size == PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@contextmanager
def browser(profile: Path, letters: int = 16) -> Iterator[Chrome]:
    """A Chromium of its own; `letters` is the size in pixels that its owner has set."""
    missing = [str(program) for program in (CHROMIUM, DRIVER) if not program.exists()]
    if missing:
        reason = f"The page is tested in a real browser, and there is no {' or '.join(missing)}."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"webkit.webprefs.default_font_size": letters})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options, ChromeService(str(DRIVER)))
    try:
        yield chrome
    finally:
        chrome.quit()


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("chromium")) as chrome:
        yield chrome


@pytest.fixture
def coach() -> Iterator[Coach]:
    there = Coach()
    with there.serving:
        yield there


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(driver: Chrome, coach: Coach, request: Any) -> Iterator[Page]:
    driver.get("about:blank")
    driver.get_log("browser")
    resize(driver, request.param)
    yield Page(driver, coach.serving.url).open()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.get("about:blank")


class Widget(Page):
    """The chat on somebody else's page."""

    root = "document.querySelector('toward-chat')?.shadowRoot"

    def load(self) -> Widget:
        """Open the page; the chat is still closed."""
        self.driver.get(self.url)
        shown = "return [...(root?.querySelectorAll('.launcher, .chat') ?? [])].some((one) => one.checkVisibility())"
        until(lambda: self.js(shown))
        return self

    def open(self) -> Widget:
        """Open the page, and the chat on it."""
        self.load()
        self.one(".launcher").click()
        self.connected()
        until(lambda: self.focused() == "message")
        return self

    @property
    def is_open(self) -> bool:
        return bool(self.shown("dialog"))


class Host:
    """A web server of somebody else, on an origin of its own: pages by path, and headers with them."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.serving = Serving(lambda: Starlette(routes=[Route("/{name:path}", self._page)]))

    async def _page(self, request: Request) -> Response:
        name = request.path_params["name"]
        page = self.pages.get(name)
        kind = "text/javascript" if name.endswith(".js") else "text/html"
        return Response(page or "", 200 if page else 404, self.headers, kind)


HOST_PAGE = """<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A practice</title><link rel="icon" href="data:,"></head>
  <body><main><h1>A practice</h1><p><a id="before" href="second">Another page</a></p>{more}</main>{tag}</body>
</html>"""


@pytest.fixture
def host() -> Iterator[Host]:
    there = Host()
    with there.serving:
        yield there


@pytest.fixture
def behind(host: Host) -> Iterator[Coach]:
    """The coach behind the widget, which lets the host's origin talk."""
    there = Coach([host.serving.url])
    with there.serving:
        yield there


def embed(host: Host, coach: Coach, tag: str = "", more: str = "") -> None:
    """Put the one tag on two pages of the host; `tag` holds its data-..., `more` goes into the page."""
    script = f'<script src="{coach.serving.url}/toward.js" {tag}></script>'
    host.pages[""] = host.pages["second"] = HOST_PAGE.format(more=more, tag=script)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def widget(driver: Chrome, host: Host, behind: Coach, request: Any) -> Iterator[Widget]:
    """The one tag on a page of another origin, not yet opened."""
    driver.get("about:blank")
    driver.get_log("browser")
    resize(driver, request.param)
    embed(host, behind)
    yield Widget(driver, host.serving.url).load()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.get("about:blank")
