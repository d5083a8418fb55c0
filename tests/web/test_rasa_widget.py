"""A widget that was written for Rasa, by others (rasa-webchat from npm), talks to Toward unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.channels.helpers import until
from tests.web.conftest import DESKTOP, Coach, Host, resize

SCRIPT = (Path(__file__).parent / "vendor" / "rasa-webchat.js").read_text(encoding="utf-8")
PAGE = """<!doctype html><meta charset="utf-8"><title>A page with Rasa's widget</title><div id="webchat"></div>
<script src="rasa-webchat.js"></script>
<script>
  WebChat.default({{ socketUrl: "{url}", socketPath: "/socket.io/", title: "Talk", customData: {{ language: "en" }},
    customMessageDelay: () => 0, withRules: false }}, document.getElementById("webchat"));
</script>"""


class Webchat:
    """The widget, described the way a person uses it."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self) -> Webchat:
        self.driver.get(self.url)
        until(lambda: self.driver.find_elements(By.CSS_SELECTOR, ".rw-launcher"))[0].click()
        until(lambda: self.driver.find_elements(By.CSS_SELECTOR, ".rw-new-message"))
        return self

    def write(self, text: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, ".rw-new-message").send_keys(text, Keys.ENTER)

    def said(self, who: str = "response") -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent.trim())"
        found: list[str] = self.driver.execute_script(script, f".rw-{who}")
        return found


@pytest.fixture
def webchat(driver: Chrome, host: Host, behind: Coach) -> Iterator[Webchat]:
    resize(driver, DESKTOP)
    host.pages["rasa-webchat.js"] = SCRIPT
    host.pages[""] = PAGE.format(url=behind.serving.url)
    yield Webchat(driver, host.serving.url).open()
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")
    driver.get("about:blank")


def test_words_and_quick_replies(webchat: Webchat, behind: Coach) -> None:
    webchat.write("he never looks up")
    until(lambda: webchat.said() == ["You wrote: he never looks up"])
    webchat.write("choose")
    replies = until(lambda: webchat.driver.find_elements(By.CSS_SELECTOR, ".rw-reply"))
    assert [reply.text for reply in replies] == ["An idea", "Just listen"]
    replies[1].click()
    until(lambda: behind.texts == ["he never looks up", "choose", "Just listen"])
    until(lambda: webchat.said()[-1] == "You wrote: Just listen")

    assert len({one.address for one in behind.conversation.received}) == 1


def test_a_picture(webchat: Webchat) -> None:
    webchat.write("draw")
    picture = until(lambda: webchat.driver.find_elements(By.CSS_SELECTOR, "img.rw-image-frame"))[0]

    assert picture.get_attribute("src").startswith("data:image/svg+xml;base64,")
    until(lambda: "Your circle." in webchat.said())


def test_it_comes_back_to_the_same_conversation(webchat: Webchat, behind: Coach) -> None:
    webchat.write("hello")
    until(lambda: webchat.said() == ["You wrote: hello"])
    webchat.driver.refresh()
    until(lambda: webchat.driver.find_elements(By.CSS_SELECTOR, ".rw-new-message, .rw-launcher"))
    if not webchat.driver.find_elements(By.CSS_SELECTOR, ".rw-new-message"):
        webchat.driver.find_element(By.CSS_SELECTOR, ".rw-launcher").click()
    until(lambda: webchat.driver.find_elements(By.CSS_SELECTOR, ".rw-new-message"))
    webchat.write("again")
    until(lambda: behind.texts == ["hello", "again"])

    assert len({one.address for one in behind.conversation.received}) == 1
