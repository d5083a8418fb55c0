"""axe-core finds nothing to mend, on the page and on the widget, in any state, light or dark, in any language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.channels.helpers import until
from tests.web.conftest import DESKTOP, PHONE, Coach, Host, Page, Widget, embed, resize

VENDOR = Path(__file__).parent / "vendor"
AXE = (VENDOR / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: arguments[0] }).then(
      ({ violations, passes }) => done([passes.length, violations.map((one) =>
        `${one.id}: ${one.nodes.map((node) => node.target.flat().join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")}`)]),
      (error) => done([0, [String(error)]]));
"""  # noqa: E501


def findings(page: Page) -> list[str]:
    """What axe-core objects to in what is shown now."""
    if not page.driver.execute_script("return typeof axe === 'object'"):
        page.driver.execute_script(AXE)
    passed, found = page.driver.execute_async_script(RUN, RULES)
    assert passed > 15 or found, "axe looked at nothing"
    return list(found)


def first(page: Page, coach: Coach) -> None:
    """Nothing was said."""


def talking(page: Page, coach: Coach) -> None:
    page.write("he never looks up")
    page.hears("You wrote: he never looks up")
    page.write("choose")
    page.choice("An idea")


def waiting(page: Page, coach: Coach) -> None:
    page.write("slowly")
    until(lambda: page.shown("#writing"), 0.9)


def pictures(page: Page, coach: Coach) -> None:
    page.write("draw")
    page.write("date")
    page.hears("For your calendar.")


def offline(page: Page, coach: Coach) -> None:
    coach.serving.stop()
    until(lambda: page.shown("#status"))
    page.write("lost for now")
    page.one("#help").click()
    until(lambda: page.shown(".notice") and page.shown(".mark"))


def back(page: Page, coach: Coach) -> None:
    coach.serving.start()
    page.hears("You wrote: lost for now", "You wrote: help now")
    until(lambda: not page.shown(".mark"))


def cleared(page: Page, coach: Coach) -> None:
    page.one("#message").click()
    page.press("/clear", Keys.ENTER)
    until(lambda: not page.words())


STATES: list[Callable[[Page, Coach], None]] = [first, talking, waiting, pictures, offline, back, cleared]


def walked(page: Page, coach: Coach) -> dict[str, list[str]]:
    """Go through every state; what axe found in each."""
    found = {}
    for state in STATES:
        state(page, coach)
        found[state.__name__] = findings(page)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_in_every_state(page: Page, coach: Coach, scheme: str) -> None:
    page.media(prefers_color_scheme=scheme)

    assert walked(page, coach) == {state.__name__: [] for state in STATES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_widget_in_every_state(widget: Widget, behind: Coach, scheme: str) -> None:
    widget.media(prefers_color_scheme=scheme)
    closed = findings(widget)
    widget.open()

    assert closed == []
    assert walked(widget, behind) == {state.__name__: [] for state in STATES}


@pytest.mark.parametrize("language", ["de", "es", "ar"])
def test_other_languages(driver: Chrome, coach: Coach, language: str) -> None:
    resize(driver, PHONE)
    page = Page(driver, f"{coach.serving.url}/?lang={language}").open()
    before = findings(page)
    talking(page, coach)

    assert (before, findings(page)) == ([], [])


@pytest.mark.parametrize("path", ["safety"])
def test_pages_to_read(driver: Chrome, coach: Coach, path: str) -> None:
    resize(driver, PHONE)
    driver.get(f"{coach.serving.url}/{path}")

    assert findings(Page(driver, driver.current_url)) == []


def test_a_chat_in_a_place_of_its_own(driver: Chrome, host: Host, behind: Coach) -> None:
    resize(driver, DESKTOP)
    embed(host, behind, more="<toward-chat inline></toward-chat>")
    widget = Widget(driver, host.serving.url).load()
    widget.connected()
    widget.one("#message").click()
    talking(widget, behind)

    assert findings(widget) == []


def test_axe_itself_would_find_something(page: Page) -> None:
    page.js("root.getElementById('help').textContent = ''; root.querySelector('.danger').style.color = '#ddd'")

    assert {found.partition(":")[0] for found in findings(page)} >= {"button-name", "color-contrast"}


# ---- what axe can't see


@pytest.fixture
def narrow(driver: Chrome, coach: Coach) -> Iterator[Page]:
    """A desk at 400 %: 320 pixels are left."""
    resize(driver, (320, 256))
    yield Page(driver, coach.serving.url).open()
    resize(driver, DESKTOP)


def test_at_400_percent_nothing_is_lost_and_nothing_scrolls_sideways(narrow: Page) -> None:
    narrow.write("choose")
    narrow.choice("Just listen").click()
    narrow.hears("You picked Just listen.")

    assert narrow.js("return document.documentElement.scrollWidth <= innerWidth")
    for selector in ("#help", "#leave", "#message", ".send"):
        box = narrow.js(BOX, selector)
        assert box["left"] >= 0 and box["right"] <= 320 and box["top"] >= 0 and box["bottom"] <= 256, selector


BOX = "const { left, right, top, bottom } = root.querySelector(arguments[0]).getBoundingClientRect(); return {left, right, top, bottom}"  # noqa: E501


def test_more_space_between_letters_and_lines_hides_nothing(page: Page, coach: Coach) -> None:
    page.js("""
        root.adoptedStyleSheets = [new CSSStyleSheet()];
        root.adoptedStyleSheets[0].replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
          word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    """)
    talking(page, coach)

    clipped = """
        const hides = (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
        const texts = [...root.querySelectorAll("button, .words, .welcome p, .name")];
        return texts.filter(hides).map((one) => one.textContent);
    """
    assert page.js(clipped) == []
    assert page.js("return document.documentElement.scrollWidth <= innerWidth")


def test_the_vendored_programs_are_the_ones_that_their_readme_names() -> None:
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    for name, named in re.findall(r"^\| (\S+\.js) \|.*\| ([0-9a-f]{64}) \|$", readme, re.MULTILINE):
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == named
    assert {file.name for file in VENDOR.glob("*.js")} == set(re.findall(r"^\| (\S+\.js) \|", readme, re.MULTILINE))
