"""The page of a trial in a real browser: by finger, by keyboard, by ear, and with the server away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.channels.try_page import TryPage, load_texts
from bot.safety.gate import Gate
from bot.scripts.at_hand import OneFile
from bot.settings import PROJECT
from tests.channels.helpers import Serving, until
from tests.web.conftest import DESKTOP, PHONE, Page, resize
from tests.web.test_page import CONTRASTS, WEB, tap

SAMPLE = PROJECT / "tests" / "scripts" / "week_1.txt"
SAYS = load_texts()
FIRST = "From 1 to 10, how close did you feel to Sam this week?"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(PROJECT / "data")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.txt"
    file.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return file


@pytest.fixture
def serving(draft: Path, gate: Gate) -> Iterator[Serving]:
    with Serving(lambda: TryPage(OneFile(draft), gate, SAYS).app()) as there:
        yield there


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def trial(driver: Chrome, serving: Serving, request: Any) -> Iterator[Page]:
    """The page of a trial, found through the list, with its first question open."""
    driver.get("about:blank")
    driver.get_log("browser")
    resize(driver, request.param)
    page = Page(driver, serving.url)
    driver.get(f"{serving.url}/try")
    driver.find_element(By.PARTIAL_LINK_TEXT, "Week 1").click()
    page.hears(FIRST)
    yield page
    page.media()
    driver.get("about:blank")


def notices(page: Page) -> list[str]:
    script = "return [...document.querySelectorAll('.notice')].map((one) => one.lastChild.textContent)"
    found: list[str] = page.driver.execute_script(script)
    return found


def test_a_trial_is_tapped_through_from_the_list_to_the_last_words_and_begun_again(trial: Page) -> None:
    assert trial.one(".trial").text == SAYS["banner"]
    tap(trial, "2")
    trial.hears(
        "I'm sorry it was a hard week. You don't have to fix it alone.", "Would you like Dr. Lee to contact you?"
    )
    for title in ("Yes", "The jar that won't open", "Yes", "Yes, share it", "Yes, share it", "No, keep it private"):
        before = len(trial.words("you"))
        tap(trial, title)
        until(lambda before=before: len(trial.words("you")) > before and trial.shown("#choices button"))
    trial.hears("Take care, Alex.")

    said = notices(trial)
    assert re.fullmatch(r"\[A reminder is set for .+, 19:00, then \"Step review\" begins\.\]", said[0])
    assert said[1:] == [
        "[Kept for later: closeness = 2]",
        "[The counsellor would see: note: closeness was 2]",
        "[The counsellor would see: contact: I would like to be contacted.]",
        SAYS["ended"],
    ]
    assert trial.choices() == [SAYS["begin_again"]]
    tap(trial, SAYS["begin_again"])
    until(lambda: trial.words() == ["Hello Alex. Dr. Lee asked me to check in. It takes about four minutes.", FIRST])
    assert trial.choices() == [str(number) for number in range(1, 11)] and notices(trial) == []
    script = "return [sessionStorage.length, localStorage.length, document.cookie]"
    assert trial.driver.execute_script(script) == [0, 0, ""]
    assert trial.driver.get_log("browser") == []


def test_a_trial_by_keyboard_alone_in_which_safety_answers(trial: Page) -> None:
    trial.write("7")
    trial.hears("What stood out this week?")
    trial.write("I want to kill myself tonight")
    until(lambda: any("findahelpline.com" in words for words in trial.words("coach")))
    trial.write("ok")
    trial.hears("What stood out this week?")
    trial.press(Keys.SHIFT + Keys.TAB + Keys.NULL)  # the last button: "Skip"
    trial.press(Keys.ENTER)
    trial.hears("Did Sam reach out to you at any moment, even a little?")
    assert trial.focused() == "message"


def test_begin_again_shows_the_file_as_it_is_saved_by_now(trial: Page, draft: Path) -> None:
    trial.write("7")
    trial.hears("What stood out this week?")
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("Hello", "Good evening"), encoding="utf-8")
    trial.press("nothing much", Keys.ENTER)
    until(lambda: notices(trial) == [SAYS["changed"]])
    trial.choice(SAYS["begin_again"]).click()
    until(
        lambda: trial.words()[:1] == ["Good evening Alex. Dr. Lee asked me to check in. It takes about four minutes."]
    )

    draft.write_text(text.replace("go to Hard week", "go to Hard weak"), encoding="utf-8")
    trial.one("#again").click()
    until(lambda: notices(trial) and 'Did you mean "Hard week"?' in notices(trial)[0])


def test_an_answer_that_could_not_be_sent_is_not_lost(trial: Page, serving: Serving) -> None:
    serving.stop()
    trial.press("7", Keys.ENTER)
    until(lambda: notices(trial) == [SAYS["offline"]])
    assert [mark.text for mark in trial.shown(".mark")] == [SAYS["refused"]]
    assert trial.one("#message").get_property("value") == "7"
    assert len(trial.choices()) == 10
    serving.start()
    trial.press(Keys.ENTER)
    trial.hears("What stood out this week?")


def test_each_bubble_and_each_remark_is_announced(trial: Page) -> None:
    log = trial.one("#log")
    assert (log.get_attribute("role"), log.get_attribute("aria-live")) == ("log", "polite")
    for answer in ("2", "no", "The jar that won't open", "yes"):
        trial.write(answer)
        until(lambda: trial.shown("#choices button"))
    spoken = trial.driver.execute_script("return [...arguments[0].children].map((one) => one.textContent)", log)
    assert any(
        text.startswith("Coach:May Dr. Lee see this?") and "You can choose: Yes, share it" in text for text in spoken
    )
    assert any(text.startswith(f"{SAYS['aside_spoken']}[A reminder is set for") for text in spoken)


def test_everything_has_a_name_and_room_for_a_thumb(trial: Page) -> None:
    trial.write("7")
    trial.hears("What stood out this week?")
    tree = trial.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {"button", "textbox", "log", "group", "heading", "link"}
    named = {(one["role"]["value"], one["name"]["value"]) for one in tree if one.get("role", {}).get("value") in roles}
    assert named == {
        ("button", "Begin again"), ("button", "Send"), ("button", "Skip"), ("link", "All scripts"),
        ("textbox", "Your message"), ("log", "Conversation"), ("group", "Choices"),
        ("heading", "Week 1 - noticing bids"),
    }  # fmt: skip
    sizes = {one.text or one.tag_name: one.size for one in trial.shown("button, textarea, a, input")}
    assert {name: size for name, size in sizes.items() if size["height"] < 44 or size["width"] < 44} == {}


def test_nothing_scrolls_sideways(trial: Page) -> None:
    trial.write("7")
    trial.hears("What stood out this week?")
    trial.write("Donaudampfschifffahrtsgesellschaft" * 20)
    until(lambda: len(trial.words("coach")) > 3)
    assert trial.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert trial.driver.execute_script(
        "const t = document.getElementById('thread'); return t.scrollWidth <= t.clientWidth"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_background(trial: Page, scheme: str) -> None:
    trial.media(prefers_color_scheme=scheme)
    contrasts = trial.driver.execute_script(CONTRASTS)
    assert {"column", "again", "send", "choice", "words", "message"} <= set(contrasts)
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}


def test_every_text_that_the_page_speaks_comes_from_the_text_file() -> None:
    script = (WEB / "try.js").read_text(encoding="utf-8") + (WEB / "thread.js").read_text(encoding="utf-8")
    template = re.sub(r"<(script|style).*?</\1>", "", (WEB / "try.html").read_text(encoding="utf-8"), flags=re.S)
    assert set(re.findall(r"\btexts\.(\w+)", script)) <= set(SAYS)
    assert set(re.findall(r"\{\{ (\w+) \}\}", template)) <= {*SAYS, "script_name"}
    assert re.sub(r"\{\{ \w+ \}\}|<[^>]*>", "", template).strip() == ""
