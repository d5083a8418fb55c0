"""The one tag on somebody else's page: a chat in a corner that disturbs nothing and is disturbed by nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.channels.helpers import until
from tests.web.conftest import DESKTOP, PHONE, Coach, Host, Page, Widget, embed, resize
from tests.web.size import LIMIT, sizes
from tests.web.test_page import LANGUAGES, TEXTS, gone, tap


def loaded(page: Page) -> list[str]:
    found: list[str] = page.js("return performance.getEntriesByType('resource').map((one) => one.name)")
    return found


def color(page: Page, selector: str, name: str = "backgroundColor") -> str:
    found: str = page.js("return getComputedStyle(root.querySelector(arguments[0]))[arguments[1]]", selector, name)
    return found


# ---- talking


def test_one_tag_brings_a_whole_conversation_to_another_origin(widget: Widget, behind: Coach) -> None:
    widget.open()
    widget.write("he never looks up")
    widget.hears("You wrote: he never looks up")
    widget.write("choose")
    tap(widget, "Just listen")
    widget.hears("You picked Just listen.")

    assert behind.texts == ["he never looks up", "choose", "Just listen"]
    assert [one["message"] for one in widget.driver.get_log("browser")] == []


def test_nothing_is_connected_or_kept_before_somebody_opens_it(widget: Widget, behind: Coach) -> None:
    assert not any("socket.io" in address for address in loaded(widget))
    assert widget.js("return [sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]
    assert behind.web._rooms == {}


def test_a_whole_conversation_by_keyboard_alone(widget: Widget, behind: Coach) -> None:
    for _ in range(3):
        widget.press(Keys.TAB)
        if widget.focused() == TEXTS["open"]:
            break
    widget.press(Keys.ENTER)
    until(lambda: widget.focused() == "message")
    widget.connected()
    widget.press("choose", Keys.ENTER)
    widget.hears("I see two ways.", "Which one?")
    widget.press(Keys.SHIFT + Keys.TAB + Keys.NULL)
    assert widget.focused() == "Just listen"
    widget.press(Keys.ENTER)
    widget.hears("You picked Just listen.")
    assert widget.focused() == "message"
    widget.press(Keys.ESCAPE)
    assert not widget.is_open
    assert widget.focused() == TEXTS["open"]
    widget.press(Keys.ENTER)
    until(lambda: widget.focused() == "message")
    widget.press("back again", Keys.ENTER)
    widget.hears("You wrote: back again")

    assert widget.words("you") == ["choose", "Just listen", "back again"]
    assert behind.texts == ["choose", "Just listen", "back again"]


def test_the_close_button_closes_and_the_conversation_waits(widget: Widget) -> None:
    widget.open()
    widget.write("hello")
    widget.hears("You wrote: hello")
    widget.one("#close").click()
    assert (widget.is_open, widget.focused()) == (False, TEXTS["open"])
    widget.one(".launcher").click()

    assert widget.words() == ["hello", "You wrote: hello"]


def test_a_message_that_comes_while_it_is_closed_is_announced_and_marked(widget: Widget, behind: Coach) -> None:
    widget.open()
    widget.write("hello")
    widget.hears("You wrote: hello")
    widget.one("#close").click()
    address = behind.conversation.received[0].address
    behind.conversation.say("web", address, "Your note is ready")
    behind.serving.call(behind.conversation.wake, f"web:{address}")
    until(lambda: widget.one("[role=status].unseen").get_property("textContent") == TEXTS["news"])

    assert "new" in widget.one(".launcher").get_attribute("class").split()
    widget.one(".launcher").click()
    assert widget.words("coach")[-1] == "Your note is ready"
    assert widget.one("[role=status].unseen").get_property("textContent") == ""


def test_the_next_page_of_the_site_goes_on_without_taking_the_focus_or_covering_a_phone(
    widget: Widget, behind: Coach, request: Any
) -> None:
    widget.open()
    widget.write("hello")
    widget.hears("You wrote: hello")
    widget.url += "/second"
    widget.load()
    if request.node.callspec.id == "phone":
        assert not widget.is_open
        widget.one(".launcher").click()
    else:
        until(lambda: widget.is_open)
        assert widget.driver.execute_script("return document.activeElement === document.body")
    until(lambda: [one.text for one in widget.shown(".notice")] == [TEXTS["resumed"]])
    widget.one("#message").click()
    widget.write("again")
    widget.hears("You wrote: again")

    assert len({one.address for one in behind.conversation.received}) == 1


def test_on_a_phone_nothing_behind_it_can_be_reached(widget: Widget, request: Any) -> None:
    widget.open()
    reached = []
    for _ in range(12):
        widget.press(Keys.TAB)
        reached.append(widget.focused())

    on_a_phone = request.node.callspec.id == "phone"
    assert widget.js("return root.querySelector('dialog').matches(':modal')") == on_a_phone
    if on_a_phone:
        assert "before" not in reached
        box = widget.js("const r = root.querySelector('dialog').getBoundingClientRect(); return [r.x, r.y, r.width]")
        assert box == [0, 0, PHONE[0]]


# ---- leaving


def test_esc_once_puts_it_out_of_sight_and_twice_leaves_the_page(widget: Widget) -> None:
    widget.open()
    widget.write("hello")
    widget.press(Keys.ESCAPE)
    assert not widget.is_open
    widget.press(Keys.ESCAPE)

    assert gone(widget)


def test_leave_now_leaves_the_page_around_it_and_forgets(widget: Widget) -> None:
    widget.open()
    widget.write("hello")
    widget.hears("You wrote: hello")
    widget.one("#leave").click()

    assert gone(widget)
    widget.load()
    assert widget.js("return sessionStorage.length") == 0
    assert not widget.is_open


def test_esc_on_the_page_around_it_stays_the_pages_own(widget: Widget) -> None:
    widget.press(Keys.ESCAPE, Keys.ESCAPE)

    assert widget.driver.current_url.startswith(widget.url)


# ---- two looks that don't mix

LOUD = """<style>
  * { font-family: monospace; letter-spacing: 3px; color: purple; line-height: 3; text-transform: uppercase }
  html { font-size: 10px } button { background: red; font-size: 40px } p { margin: 50px; display: none }
</style><button id="theirs">Theirs</button>"""


def test_styles_of_the_page_stay_outside_and_those_of_the_chat_inside(
    driver: Chrome, host: Host, behind: Coach
) -> None:
    resize(driver, DESKTOP)
    looks = {}
    for name, more in (("plain", '<button id="theirs">Theirs</button>'), ("loud", LOUD)):
        embed(host, behind, more=more)
        widget = Widget(driver, host.serving.url).open()
        widget.write(name)
        widget.hears(f"You wrote: {name}")
        looks[name] = widget.js("""
            return [".name", ".help", ".words", "#message", ".chat"].map((one) => {
              const style = getComputedStyle(root.querySelector(one));
              return ["color", "fontSize", "fontFamily", "letterSpacing", "lineHeight", "textTransform", "display",
                "backgroundColor", "marginTop"].map((name) => style[name]);
            });
        """)
        theirs = widget.js("""
            const style = getComputedStyle(document.getElementById("theirs"));
            return [style.backgroundColor, style.borderRadius];
        """)
        widget.js("sessionStorage.clear()")

    assert looks["plain"] == looks["loud"]
    assert theirs == ["rgb(255, 0, 0)", "0px"]


def test_a_practice_chooses_colors_and_size(driver: Chrome, host: Host, behind: Coach) -> None:
    resize(driver, DESKTOP)
    style = "<style>toward-chat { --toward-accent: rgb(90, 0, 90); --toward-size: 24px }</style>"
    embed(host, behind, 'data-label="Talk it over"', style)
    widget = Widget(driver, host.serving.url).load()

    assert widget.one(".launcher").text == "Talk it over"
    assert color(widget, ".launcher") == "rgb(90, 0, 90)"
    assert color(widget, ".launcher", "fontSize") == "25.5px"


@pytest.mark.parametrize(
    ("theme", "device", "dark"),
    [("", "dark", True), ("", "light", False), ("dark", "light", True), ("light", "dark", False)],
)
def test_dark_follows_the_device_unless_the_tag_says_otherwise(
    driver: Chrome, host: Host, behind: Coach, theme: str, device: str, dark: bool
) -> None:
    resize(driver, DESKTOP)
    embed(host, behind, f'data-theme="{theme}"' if theme else "")
    widget = Widget(driver, host.serving.url)
    widget.media(prefers_color_scheme=device)
    widget.open()

    assert (sum(map(int, re.findall(r"\d+", color(widget, ".chat"))[:3])) < 150) == dark
    widget.media()


def test_another_language_turns_it_round_and_marks_what_the_coach_says(
    driver: Chrome, host: Host, behind: Coach
) -> None:
    resize(driver, DESKTOP)
    embed(host, behind, 'data-language="ar"')
    widget = Widget(driver, host.serving.url).open()
    widget.write("choose")
    widget.choice("An idea")

    assert widget.one(".corner").get_attribute("lang") == "ar"
    assert LANGUAGES["ar"]["language_note"] in widget.one("#welcome").text
    assert widget.js("return root.querySelector('dialog').getBoundingClientRect().left") < 30
    assert widget.js("return root.querySelector('.you').getBoundingClientRect().left") < 200
    assert {one.get_attribute("lang") for one in widget.shown(".coach .words, .choice")} == {"en"}


def test_a_place_of_its_own_on_the_page(driver: Chrome, host: Host, behind: Coach) -> None:
    resize(driver, DESKTOP)
    embed(host, behind, more='<p><input id="theirs"></p><toward-chat inline></toward-chat>')
    widget = Widget(driver, host.serving.url).load()
    widget.connected()
    assert widget.driver.execute_script("return document.activeElement === document.body"), "it takes no focus"
    widget.one("#message").click()
    widget.write("hello")
    widget.hears("You wrote: hello")
    assert not widget.shown(".launcher, #close")
    assert widget.js("return document.querySelectorAll('toward-chat').length") == 1
    widget.press(Keys.ESCAPE)
    assert widget.status() == TEXTS["leave_again"]
    widget.press(Keys.ESCAPE)

    assert gone(widget)


# ---- where it may be


def test_a_page_that_was_not_allowed_gets_no_chat_and_its_maker_reads_why(
    driver: Chrome, host: Host, coach: Coach
) -> None:
    embed(host, coach)
    driver.get_log("browser")
    driver.get(host.serving.url)
    said = until(lambda: [one["message"] for one in driver.get_log("browser") if "TOWARD_ORIGINS" in one["message"]])

    assert "could not be loaded" in said[0]
    assert driver.execute_script("return document.querySelector('toward-chat')") is None
    with pytest.raises(AssertionError):  # nor does it get a line to the coach
        until(lambda: driver.execute_async_script(CONNECT, coach.serving.url) == "open", 1)


CONNECT = """
    const [url, done] = arguments;
    const line = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    line.onopen = () => done("open");
    line.onerror = () => done("refused");
"""


def test_all_that_a_page_loads_for_it_weighs_no_more_than_30_kb(widget: Widget, behind: Coach) -> None:
    widget.open()
    widget.write("draw")
    widget.hears("Your circle.")
    fetched = {
        address.removeprefix(behind.serving.url).removeprefix("/static").lstrip("/").partition("?")[0]
        for address in loaded(widget)
        if address.startswith(behind.serving.url) and "socket.io/?" not in address
    }
    counted = {name.lstrip("/") for name in sizes()}

    assert fetched <= counted
    assert sum(packed for _, packed in sizes().values()) <= LIMIT
