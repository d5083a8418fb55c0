"""The page as a person meets it: on a phone and on a desk, by hand, by keyboard, by ear, on a bad line."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from bot.channels.chat_page import load_texts
from bot.conversation.messages import Kind
from tests.channels.helpers import until
from tests.web.conftest import Coach, Page

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
LANGUAGES = load_texts()
TEXTS = LANGUAGES["en"]


def tap(page: Page, title: str, times: int = 1) -> None:
    """Tap a button with a finger."""
    button = page.choice(title)
    script = "const r = arguments[0].getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]"
    x, y = page.driver.execute_script(script, button)
    for _ in range(times):
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


# ---- first view


def test_the_first_view_says_what_this_is_and_what_to_do_in_danger(page: Page) -> None:
    welcome = page.one("#welcome").text

    assert page.driver.title == "Notes"
    for name in ("welcome", "danger", "leaving_note"):
        assert TEXTS[name] in welcome
    assert page.words() == []


def test_a_person_can_write_at_once(page: Page) -> None:
    assert page.focused() == "message"


def test_the_page_says_which_time_zone_it_is_in(page: Page, coach: Coach) -> None:
    zone = page.driver.execute_script("return Intl.DateTimeFormat().resolvedOptions().timeZone")
    until(lambda: bool(coach.conversation.zones))

    assert set(coach.conversation.zones.values()) == {zone}


def test_help_now_and_leave_are_in_sight_even_in_a_long_conversation(page: Page, coach: Coach) -> None:
    for number in range(6):
        page.write(f"{number} " + "a long evening " * 30)
    page.hears(*[f"You wrote: {number} " + ("a long evening " * 30) for number in range(6)][-1:])

    script = (
        "const r = document.getElementById(arguments[0]).getBoundingClientRect(); return r.top >= 0 && r.bottom < 100"
    )
    assert page.driver.execute_script(script, "help")
    assert page.driver.execute_script(script, "leave")


# ---- talking


def test_a_conversation_by_keyboard_alone(page: Page, coach: Coach) -> None:
    page.press("first line", Keys.SHIFT + Keys.ENTER + Keys.NULL, "second line", Keys.ENTER)
    page.hears("You wrote: first line\nsecond line")
    page.press("choose", Keys.ENTER)
    page.hears("I see two ways.", "Which one?")
    page.press(Keys.SHIFT + Keys.TAB + Keys.NULL)
    assert page.focused() == "Just listen"
    page.press(Keys.ENTER)
    page.hears("You picked Just listen.")
    assert page.focused() == "message"
    page.press("thanks", Keys.ENTER)
    page.hears("You wrote: thanks")

    assert coach.texts == ["first line\nsecond line", "choose", "Just listen", "thanks"]


def test_every_control_can_be_reached_with_tab_and_shows_where_it_is(page: Page) -> None:
    page.write("choose")
    page.choice("An idea")
    reached = []
    for _ in range(13):  # the links of the welcome, too
        page.press(Keys.TAB)
        reached.append(page.focused())
        outline = page.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        if reached[-1] not in {"", "Notes"} and page.driver.execute_script(
            "return document.activeElement !== document.body"
        ):
            assert outline == "solid", reached[-1]

    assert {"Send", "help", "leave", "thread", "remember", "An idea", "Just listen"} <= set(reached)


def test_an_empty_message_is_not_sent(page: Page, coach: Coach) -> None:
    page.press(Keys.ENTER, "   ", Keys.ENTER)
    page.one(".send").click()
    page.press("\ue003" * 3, "hello", Keys.ENTER)
    page.hears("You wrote: hello")

    assert coach.texts == ["hello"]


def test_the_send_button_sends_and_leaves_the_person_in_the_field(page: Page, coach: Coach) -> None:
    page.press("hello")
    page.one(".send").click()
    page.hears("You wrote: hello")

    assert page.focused() == "message"
    assert page.one("#message").get_property("value") == ""


def test_the_field_grows_with_the_text_and_shrinks_again(page: Page) -> None:
    def height() -> int:
        return page.one("#message").size["height"]

    small = height()
    page.press(*[Keys.SHIFT + Keys.ENTER + Keys.NULL] * 4)
    grown = height()
    page.press(*[Keys.SHIFT + Keys.ENTER + Keys.NULL] * 40)
    full = height()
    page.press("x", Keys.ENTER)

    assert small < grown < full
    assert full <= page.driver.execute_script("return innerHeight") * 0.45
    assert height() == small


def test_dots_show_that_an_answer_is_coming(page: Page) -> None:
    page.write("slowly")
    until(lambda: page.shown("#writing"), 0.9)
    page.hears("You wrote: slowly")

    assert not page.shown("#writing")


def test_a_text_too_long_to_read_is_said_so_and_stays_in_the_field(page: Page, coach: Coach) -> None:
    page.driver.execute_script("document.getElementById('message').value = 'x'.repeat(200001)")
    page.press(Keys.ENTER)

    until(lambda: [notice.text for notice in page.shown(".notice")] == [TEXTS["too_long"]])
    assert len(page.one("#message").get_property("value")) == 200_001
    assert coach.texts == []


# ---- buttons


def test_buttons_stand_under_the_last_bubble_only_and_go_after_a_choice(page: Page, coach: Coach) -> None:
    page.write("choose")
    page.choice("An idea").click()
    page.hears("You picked An idea.")

    assert page.choices() == []
    assert page.words("you") == ["choose", "An idea"]
    assert [(one.kind, one.text) for one in coach.conversation.received][1:] == [(Kind.CHOICE, "An idea")]
    page.write("choose")
    page.choice("An idea")
    assert page.choices() == ["An idea", "Just listen"]


def test_typing_instead_of_tapping_takes_the_buttons_away(page: Page, coach: Coach) -> None:
    page.write("choose")
    page.choice("An idea")
    page.write("neither")
    page.hears("You wrote: neither")

    assert page.choices() == []


@pytest.mark.parametrize("how", ["finger", "mouse", "same instant"])
def test_a_double_tap_chooses_once(page: Page, coach: Coach, how: str) -> None:
    page.write("choose")
    button = page.choice("Just listen")
    if how == "finger":
        tap(page, "Just listen", times=2)
    elif how == "mouse":
        ActionChains(page.driver).double_click(button).perform()
    else:
        page.driver.execute_script("arguments[0].click(); arguments[0].click()", button)
    page.hears("You picked Just listen.")
    page.write("done")
    page.hears("You wrote: done")

    assert coach.texts == ["choose", "Just listen", "done"]
    assert page.words("you") == ["choose", "Just listen", "done"]


def test_a_tap_leaves_the_focus_in_the_field(page: Page) -> None:
    page.write("choose")
    tap(page, "An idea")
    page.hears("You picked An idea.")

    assert page.focused() == "message"


def test_typing_after_a_click_beside_the_field_still_goes_into_it(page: Page, coach: Coach) -> None:
    page.one("#welcome").click()
    assert page.focused() == "thread"
    page.press("hello", Keys.ENTER)
    page.hears("You wrote: hello")

    assert coach.texts == ["hello"]


def test_help_now_asks_for_help(page: Page, coach: Coach) -> None:
    page.one("#help").click()
    page.hears("You wrote: help now")

    assert coach.texts == ["help now"]


# ---- leaving, coming back


def test_clear_empties_the_page_and_says_what_stays(page: Page, coach: Coach) -> None:
    page.write("he read my messages again")
    page.hears("You wrote: he read my messages again")
    page.press("/clear", Keys.ENTER)
    until(lambda: page.words() == [])

    assert TEXTS["cleared"] in page.one("#log").text
    assert coach.texts == ["he read my messages again"]


def gone(page: Page) -> bool:
    """Whether the tab shows another page, and "back" doesn't lead to this one."""
    until(lambda: not page.driver.current_url.startswith(page.url))
    page.driver.back()
    return not page.driver.current_url.startswith(page.url)


def test_esc_twice_leaves(page: Page) -> None:
    page.write("choose")
    page.press(Keys.ESCAPE)
    assert page.status() == TEXTS["leave_again"]
    page.press(Keys.ESCAPE)

    assert gone(page)


def test_esc_once_stays(page: Page) -> None:
    page.press(Keys.ESCAPE)
    until(lambda: not page.shown("#status"))
    page.press(Keys.ESCAPE)
    page.write("still here")

    page.hears("You wrote: still here")


def test_the_leave_button_leaves_and_forgets_the_session(page: Page, coach: Coach) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    page.one("#leave").click()

    assert gone(page)
    page.open()
    page.write("somebody else")
    page.hears("You wrote: somebody else")
    assert len({one.address for one in coach.conversation.received}) == 2
    assert not page.shown(".notice")


def test_reloading_goes_on_with_the_same_conversation_and_shows_nothing_of_it(page: Page, coach: Coach) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    page.open()

    assert page.words() == []
    assert [notice.text for notice in page.shown(".notice")] == [TEXTS["resumed"]]
    page.write("again")
    page.hears("You wrote: again")
    assert len({one.address for one in coach.conversation.received}) == 1


def test_the_browser_keeps_nothing_but_the_session_and_that_only_in_the_tab(page: Page) -> None:
    page.write("a secret")
    page.hears("You wrote: a secret")
    script = "return [Object.keys(sessionStorage), localStorage.length, document.cookie]"

    assert page.driver.execute_script(script) == [["notes-session"], 0, ""]
    assert "secret" not in page.driver.execute_script("return sessionStorage.getItem('notes-session')")


# ---- a bad line


def test_the_server_restarts_and_nothing_is_lost_or_doubled(page: Page, coach: Coach) -> None:
    page.write("before")
    page.hears("You wrote: before")
    coach.serving.stop()
    until(lambda: page.status() == TEXTS["offline"])
    page.write("in between")
    page.write("and this")
    assert [mark.text for mark in page.shown(".mark")] == [TEXTS["unsent"]] * 2
    coach.serving.start()

    page.hears("You wrote: before", "You wrote: in between", "You wrote: and this")
    page.write("after")
    page.hears("You wrote: after")
    assert coach.texts == ["before", "in between", "and this", "after"]
    assert page.words("coach") == [f"You wrote: {text}" for text in coach.texts]
    assert len({one.address for one in coach.conversation.received}) == 1
    assert not page.shown(".mark")
    until(lambda: not page.shown("#status"))


def test_a_message_whose_receipt_got_lost_is_sent_again_under_the_same_name(page: Page, coach: Coach) -> None:
    coach.conversation.forgetful = True
    page.write("hello")
    until(lambda: coach.texts)
    coach.conversation.forgetful = False

    until(lambda: coach.conversation.repeated)
    page.hears("You wrote: hello")
    until(lambda: not page.shown(".mark"))
    assert coach.texts == ["hello"]
    assert page.words() == ["hello", "You wrote: hello"]


def test_a_bubble_that_comes_twice_is_shown_once(page: Page, coach: Coach) -> None:
    page.write("hello")
    page.hears("You wrote: hello")
    for _ in range(2):
        coach.serving.do(coach.web.send(coach.conversation.delivered[0]))
    page.write("again")
    page.hears("You wrote: again")

    assert page.words("coach") == ["You wrote: hello", "You wrote: again"]


def test_help_now_helps_without_a_line(page: Page, coach: Coach) -> None:
    coach.serving.stop()
    until(lambda: page.status() == TEXTS["offline"])
    page.one("#help").click()

    assert [notice.text for notice in page.shown(".notice")] == [TEXTS["help_offline"]]
    coach.serving.start()
    page.hears("You wrote: help now")


def test_a_second_tab_of_the_same_conversation_shows_the_answers_too(page: Page, coach: Coach) -> None:
    first = page.driver.current_window_handle
    page.driver.execute_script("window.open(location.href)")  # takes a copy of the session with it
    page.driver.switch_to.window(page.driver.window_handles[-1])
    try:
        until(lambda: [notice.text for notice in page.shown(".notice")] == [TEXTS["resumed"]])
        page.driver.switch_to.window(first)
        page.write("hello")
        page.hears("You wrote: hello")
        page.driver.switch_to.window(page.driver.window_handles[-1])
        page.hears("You wrote: hello")
        page.driver.close()
    finally:
        page.driver.switch_to.window(first)


# ---- by ear


def test_each_bubble_is_announced_once(page: Page, coach: Coach) -> None:
    page.driver.execute_script("""
        window.announced = [];
        new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) =>
          window.announced.push(node.textContent)))).observe(document.getElementById("log"), { childList: true });
    """)
    page.write("choose")
    page.hears("I see two ways.", "Which one?")
    announced = page.driver.execute_script("return window.announced")

    log = page.one("#log")
    assert (log.get_attribute("role"), log.get_attribute("aria-live")) == ("log", "polite")
    assert [re.sub(r"\d.*", "", text).strip() for text in announced] == [
        "You:choose",
        "Coach:I see two ways.",
        "Coach:Which one?You can choose: An idea, Just listen.",
    ]


def test_everything_has_a_name_for_a_screen_reader(page: Page) -> None:
    page.write("choose")
    page.choice("An idea")
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {
        (node["role"]["value"], node["name"]["value"])
        for node in tree
        if node.get("role", {}).get("value") in {"button", "checkbox", "textbox", "log", "group", "heading"}
    }

    assert named == {
        ("button", "Help now"), ("button", "Leave"), ("button", "Send"), ("button", "An idea"),
        ("button", "Just listen"), ("textbox", "Your message"), ("log", "Messages"), ("group", "Choices"),
        ("heading", "Notes"), ("checkbox", "Remember me on this device"),
    }  # fmt: skip


# ---- by eye and hand


def test_nothing_scrolls_sideways(page: Page) -> None:
    page.write("Donaudampfschifffahrtsgesellschaft" * 20)
    page.write("choose")
    page.choice("An idea")
    script = """
        return [...document.querySelectorAll("*")].filter((one) => !one.closest(".unseen, head")
          && one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.outerHTML.slice(0, 80))"""

    assert page.driver.execute_script(script) == []
    assert page.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert page.driver.execute_script(
        "const t = document.getElementById('thread'); return t.scrollWidth <= t.clientWidth"
    )


def test_only_the_thread_scrolls_so_that_the_field_stays_where_it_is(page: Page) -> None:
    for _ in range(8):
        page.write("choose")
        page.choice("An idea").click()
        page.hears("You picked An idea.")
    page.write("slowly")
    until(lambda: page.shown("#writing"), 0.9)
    script = "const one = document.querySelector(arguments[0]); return one.scrollHeight - one.clientHeight"
    document, thread = (page.driver.execute_script(script, selector) for selector in ("html", "#thread"))

    assert document <= 0 < thread


def test_a_person_who_reads_further_up_is_not_pulled_down(page: Page, coach: Coach) -> None:
    for number in range(8):
        page.write(f"{number} a long evening and nobody asks how it was for me, not once, all week")
    page.hears("You wrote: 7 a long evening and nobody asks how it was for me, not once, all week")
    page.driver.execute_script("document.getElementById('thread').scrollTop = 0")
    address = coach.conversation.received[0].address
    coach.conversation.say("web", address, "Your note is ready")
    coach.serving.call(coach.conversation.wake, f"web:{address}")
    page.hears("Your note is ready")

    assert page.driver.execute_script("return document.getElementById('thread').scrollTop") == 0


def test_every_target_is_large_enough_for_a_thumb(page: Page) -> None:
    page.write("choose")
    page.choice("An idea")

    sizes = {one.text or one.tag_name: one.size for one in page.shown("button, textarea, a, .tick")}
    assert {"Help now", "Leave", "Send", "An idea", "Just listen", "textarea", TEXTS["remember"], "Deutsch"} <= set(
        sizes
    )
    assert {name: size for name, size in sizes.items() if size["height"] < 44 or size["width"] < 44} == {}


CONTRASTS = """
    function rgba(text) { return text.match(/[\\d.]+/g).map(Number); }
    function luminance(color) {
      const [r, g, b] = color.slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    function behind(one) {
      for (; one; one = one.parentElement) {
        const color = rgba(getComputedStyle(one).backgroundColor);
        if (color.length < 4 || color[3] === 1) return color;
      }
      return [255, 255, 255];
    }
    function ratio(a, b) {
      const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
      return (light + 0.05) / (dark + 0.05);
    }
    const found = {};
    for (const one of document.body.querySelectorAll("*")) {
      const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if ((words || one.placeholder) && one.checkVisibility() && !one.closest(".unseen, script, noscript")) {
        const style = one.placeholder ? getComputedStyle(one, "::placeholder") : getComputedStyle(one);
        found[one.className || one.id || one.tagName] = ratio(rgba(style.color), behind(one));
      }
    }
    return found;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_background(page: Page, coach: Coach, scheme: str) -> None:
    page.media(prefers_color_scheme=scheme)
    page.open()
    page.write("choose")
    page.choice("An idea")
    page.press(Keys.ESCAPE)
    coach.conversation.broken = True
    page.press("lost", Keys.ENTER)
    until(lambda: page.shown(".mark"))
    coach.conversation.broken = False
    page.hears("You wrote: lost")
    page.write("choose")
    page.choice("An idea")

    contrasts = page.driver.execute_script(CONTRASTS)
    assert {"help", "leave", "send", "choice", "words", "small", "TIME", "message", "notice"} <= set(contrasts)
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}


def test_dark_and_light_follow_the_device(page: Page) -> None:
    backgrounds = {}
    for scheme in ("light", "dark"):
        page.media(prefers_color_scheme=scheme)
        color = page.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        backgrounds[scheme] = sum(map(int, re.findall(r"\d+", color)[:3]))

    assert backgrounds["dark"] < 150 < 600 < backgrounds["light"]


@pytest.mark.parametrize(("wish", "moving"), [("reduce", 0), ("no-preference", 3)])
def test_nothing_moves_for_a_person_who_wants_calm(page: Page, wish: str, moving: int) -> None:
    page.media(prefers_reduced_motion=wish)
    page.write("slowly")
    until(lambda: page.shown("#writing"), 0.9)

    assert page.driver.execute_script("return document.getAnimations().length") == moving


# ---- what people write


def test_html_is_shown_as_the_text_it_is(page: Page, coach: Coach) -> None:
    nasty = "<img src=x onerror=\"document.title='owned'\"><b>bold</b> &amp; {{ title }}"
    page.write(nasty)
    page.hears(f"You wrote: {nasty}")
    address = coach.conversation.received[0].address
    coach.conversation.say("web", address, nasty, (nasty,))
    coach.serving.call(coach.conversation.wake, f"web:{address}")
    page.choice(nasty)

    assert page.words("you") == [nasty]
    assert page.driver.title == "Notes"
    assert page.driver.execute_script("return document.querySelectorAll('main img, main b').length") == 0


@pytest.mark.parametrize(
    ("text", "direction"), [("אני לבד", "rtl"), ("أشعر بالوحدة Anna", "rtl"), ("I am alone אני", "ltr")]
)
def test_right_to_left_writing_runs_from_right_to_left(page: Page, coach: Coach, text: str, direction: str) -> None:
    page.write(text)
    script = "return getComputedStyle(document.querySelector('.you .words')).direction"

    assert page.driver.execute_script(script) == direction
    until(lambda: coach.texts == [text])


def test_line_breaks_and_emoji_stay(page: Page, coach: Coach) -> None:
    page.driver.execute_script("document.getElementById('message').value = 'one\\n\\n  two 😢'")
    page.press(Keys.ENTER)
    page.hears("You wrote: one\n\n  two 😢")

    assert coach.texts == ["one\n\n  two 😢"]
    assert (
        page.driver.execute_script("return getComputedStyle(document.querySelector('.words')).whiteSpace") == "pre-wrap"
    )


# ---- the files


def test_the_page_keeps_its_own_rules_and_calls_nobody_else(page: Page) -> None:
    page.write("choose")
    page.choice("An idea").click()
    page.hears("You picked An idea.")
    loaded: list[str] = page.driver.execute_script(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
    )
    complaints: list[dict[str, Any]] = page.driver.get_log("browser")

    assert {address.split("?")[0].removeprefix(page.url) for address in loaded} >= {
        "/static/page.js",
        "/static/chat.css",
    }
    assert all(address.replace("ws://", "http://").startswith(page.url) for address in loaded)
    assert [one["message"] for one in complaints] == []


def test_the_vendored_client_is_the_one_that_its_readme_names() -> None:
    readme = (WEB / "vendor" / "README.md").read_text(encoding="utf-8")
    file = WEB / "vendor" / "socket.io.esm.min.js"
    [named] = re.findall(r"sha256 ([0-9a-f]{64})", readme)
    [version] = re.findall(r"socket\.io-client ([\d.]+)", readme)

    assert hashlib.sha256(file.read_bytes()).hexdigest() == named
    assert f"Socket.IO v{version}" in file.read_text(encoding="utf-8")[:100]
    assert "MIT" in (WEB / "vendor" / "LICENSE").read_text(encoding="utf-8")


def test_every_text_that_the_page_speaks_comes_from_the_text_file() -> None:
    script = "".join(file.read_text(encoding="utf-8") for file in WEB.glob("*.js") if file.name != "try.js")
    template = "".join((WEB / name).read_text(encoding="utf-8") for name in ("index.html", "chat.html"))
    template = re.sub(r"<(script|style).*?</\1>", "", template, flags=re.S)
    said = re.sub(r"\{\{ \w+ \}\}|<[^>]*>", "", template)

    assert set(re.findall(r"\btexts\.(\w+)", script)) <= set(TEXTS)
    assert said.replace("×", "").strip() == ""
    assert not re.findall(r'(?:title|placeholder|aria-label|alt)="(?!\{\{)[^"]+"', template)


def test_a_counsellors_link_begins_the_script_and_its_code_leaves_the_address(page: Page, coach: Coach) -> None:
    page.driver.get(f"{page.url}?code=abc234def5")
    until(lambda: "start abc234def5" in coach.texts)
    assert "abc234def5" not in page.driver.current_url
    assert page.words("you") == []
