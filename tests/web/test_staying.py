"""What stays in the browser, what goes with the tab, and what other tabs of the same conversation show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.channels.helpers import until
from tests.web.conftest import Coach, Page
from tests.web.test_page import TEXTS, gone

# ---- remembered on this device


def test_nothing_outlasts_the_tab_unless_the_person_asks_to_be_remembered(page: Page, coach: Coach) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    page.js("sessionStorage.clear()")  # the tab is closed
    page.open()
    page.write("somebody else")
    page.hears("You wrote: somebody else")
    page.one("#remember").click()
    page.js("sessionStorage.clear()")
    page.open()
    assert page.one("#remember").is_selected()
    assert [one.text for one in page.shown(".notice")] == [TEXTS["resumed"]]
    page.one("#message").click()
    page.write("still me")
    page.hears("You wrote: still me")

    first, second, third = (one.address for one in coach.conversation.received)
    assert first != second == third


def test_leaving_forgets_the_device_too(page: Page) -> None:
    page.one("#remember").click()
    until(lambda: page.js("return localStorage.length") == 1)
    page.one("#leave").click()

    assert gone(page)
    page.open()
    assert page.js("return localStorage.length") == 0
    assert not page.one("#remember").is_selected()


def test_whoever_changes_their_mind_is_forgotten_again(page: Page) -> None:
    page.one("#remember").click()
    page.one("#remember").click()

    assert page.js("return localStorage.length") == 0


# ---- several tabs


@pytest.fixture
def second(page: Page) -> Iterator[str]:
    """A second tab of the same conversation, and the first in front."""
    first = page.driver.current_window_handle
    page.driver.execute_script("window.open(location.href)")  # takes a copy of the session with it
    other = next(handle for handle in page.driver.window_handles if handle != first)
    page.driver.switch_to.window(other)
    until(lambda: [notice.text for notice in page.shown(".notice")] == [TEXTS["resumed"]])
    page.driver.switch_to.window(first)
    yield other
    page.driver.switch_to.window(other)
    page.driver.close()
    page.driver.switch_to.window(first)


def test_what_is_said_and_chosen_in_one_tab_shows_in_the_other(page: Page, second: str) -> None:
    page.write("choose")
    page.choice("An idea").click()
    page.hears("You picked An idea.")
    page.driver.switch_to.window(second)
    page.hears("You picked An idea.")

    assert page.words("you") == ["choose", "An idea"]
    assert page.choices() == []


def test_leaving_in_one_tab_leaves_in_all(page: Page, second: str) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    page.one("#leave").click()
    page.driver.switch_to.window(second)

    assert gone(page)


def test_a_question_that_is_replaced_does_not_throw_away_the_focus(page: Page, coach: Coach) -> None:
    page.write("choose")
    page.choice("An idea")
    page.press(Keys.SHIFT + Keys.TAB + Keys.NULL)
    assert page.focused() == "Just listen"
    address = coach.conversation.received[0].address
    coach.conversation.say("web", address, "Your note is ready")
    coach.serving.call(coach.conversation.wake, f"web:{address}")
    page.hears("Your note is ready")

    assert page.focused() == "message"


def test_back_and_forth_in_the_browser_goes_on_with_the_same_conversation(page: Page, coach: Coach) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    page.driver.get(f"{page.url}/safety")
    page.driver.back()
    page.connected()
    page.one("#message").click()
    page.write("again")
    page.hears("You wrote: again")

    assert len({one.address for one in coach.conversation.received}) == 1
    assert coach.texts == ["hello", "again"]
