"""For somebody who set their browser to letters twice as large, on the page and on somebody else's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.web.conftest import DESKTOP, PHONE, Coach, Host, Page, Widget, browser, embed, resize

LETTERS = 32
BOX = "const r = root.querySelector(arguments[0]).getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom]"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("large"), letters=LETTERS) as chrome:
        yield chrome


@pytest.fixture(params=["page", "widget"])
def chat(large: Chrome, host: Host, behind: Coach, request: pytest.FixtureRequest) -> Iterator[Page]:
    # The practice's own page fixes its letters; the chat on it follows the person all the same.
    embed(host, behind, more="<style>html { font-size: 10px }</style>")
    yield Page(large, behind.serving.url) if request.param == "page" else Widget(large, host.serving.url)
    large.get("about:blank")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_letter_grows_and_everything_stays_in_reach(chat: Page, size: tuple[int, int]) -> None:
    resize(chat.driver, size)
    chat.open()
    chat.write("he looks at his phone")
    chat.write("choose")
    chat.choice("Just listen")

    sizes = chat.js("""
        return [".words", "#message", ".help", ".small", "time", ".choice"].map((name) =>
          parseFloat(getComputedStyle(root.querySelector(name)).fontSize));
    """)
    assert min(sizes) >= LETTERS * 0.75, sizes
    assert chat.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    for selector in ("#help", "#leave", "#message", ".send"):
        left, right, top, bottom = chat.js(BOX, selector)
        assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1], selector
    chat.choice("Just listen").click()
    chat.hears("You picked Just listen.")
