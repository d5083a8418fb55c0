"""The page in other languages, and in a frame on somebody else's page."""

from __future__ import annotations

from selenium.webdriver import Chrome

from tests.channels.helpers import until
from tests.web.conftest import Coach, Host, Page
from tests.web.test_page import LANGUAGES

# ---- languages


def test_the_page_in_a_language_that_runs_from_right_to_left(page: Page, coach: Coach) -> None:
    page.url += "/?lang=ar"
    page.open()
    page.write("choose")
    page.choice("An idea")

    assert page.driver.title == LANGUAGES["ar"]["title"]
    assert LANGUAGES["ar"]["language_note"] in page.one("#welcome").text
    help_now, name = (
        page.js("return root.querySelector(arguments[0]).getBoundingClientRect().left", one) for one in ("#help", "h1")
    )
    assert help_now < name
    assert {one.get_attribute("lang") for one in page.shown(".coach .words, .choice")} == {"en"}


def test_another_language_is_a_link_away_and_the_code_of_a_script_is_not_lost_on_it(page: Page, coach: Coach) -> None:
    next(one for one in page.shown("#welcome a") if one.text == "Deutsch").click()
    until(lambda: page.one("#help").text == LANGUAGES["de"]["help_now"])
    page.connected()
    page.one("#help").click()
    page.hears("You wrote: help now")
    page.driver.get(f"{page.url}/?lang=de&code=abc234def5")
    until(lambda: "start abc234def5" in coach.texts)

    assert page.driver.current_url.endswith("/?lang=de")


# ---- framed


def test_in_a_frame_of_an_allowed_page_leave_leaves_the_page_around_it(
    driver: Chrome, host: Host, behind: Coach
) -> None:
    host.pages[""] = f'<!doctype html><title>A practice</title><iframe src="{behind.serving.url}/"></iframe>'
    driver.get(host.serving.url)
    driver.switch_to.frame(0)
    page = Page(driver, behind.serving.url)
    page.connected()
    page.one("#message").click()
    page.write("hello")
    page.hears("You wrote: hello")
    page.one("#leave").click()
    driver.switch_to.default_content()

    until(lambda: not driver.current_url.startswith(host.serving.url))
