"""What docs/embed.md tells people to copy works as it stands there, and so does the demo page."""

from __future__ import annotations

import re
from typing import Any

import pytest
import socketio
from selenium.webdriver import Chrome

from bot.settings import PROJECT
from tests.channels.helpers import until
from tests.web.conftest import DESKTOP, HOST_PAGE, Coach, Host, Page, Widget, resize
from tests.web.test_axe import findings
from tests.web.test_page import LANGUAGES, TEXTS, WEB
from tests.web.test_rasa_widget import SCRIPT, Webchat

DOCS = (PROJECT / "docs" / "embed.md").read_text(encoding="utf-8")
HTML: list[str] = re.findall(r"^```html\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
TAGS = [block for block in HTML if "toward.js" in block]
DEMO = (PROJECT / "docs" / "demo" / "index.html").read_text(encoding="utf-8")


def here(text: str, coach: Coach) -> str:
    """What the page says of https://coach.example, said of a server that runs."""
    url = coach.serving.url
    return text.replace("wss://coach.example", url.replace("http", "ws")).replace("https://coach.example", url)


def opened(driver: Chrome, host: Host, block: str) -> Widget:
    resize(driver, DESKTOP)
    widget = Widget(driver, host.serving.url)
    if "inline" not in block:
        return widget.open()
    widget.load()
    widget.connected()
    widget.one("#message").click()
    return widget


@pytest.mark.parametrize("block", TAGS, ids=range(len(TAGS)))
def test_every_example_brings_the_chat(driver: Chrome, host: Host, behind: Coach, block: str) -> None:
    host.pages[""] = HOST_PAGE.format(more="", tag=here(block, behind))
    widget = opened(driver, host, block)
    widget.write("hello")
    widget.hears("You wrote: hello")

    assert findings(widget) == []


def test_the_policy_that_a_page_needs_is_enough(driver: Chrome, host: Host, behind: Coach) -> None:
    [policy] = re.findall(r"^script-src .*$", DOCS, re.MULTILINE)
    host.headers["Content-Security-Policy"] = f"default-src 'none'; {here(policy, behind)}"
    page = HOST_PAGE.replace('<link rel="icon" href="data:,">', "")
    host.pages[""] = page.format(more="", tag=here(TAGS[0], behind))
    host.pages["favicon.ico"] = "nothing"
    driver.get("about:blank")
    driver.get_log("browser")
    widget = opened(driver, host, "")
    widget.write("draw")
    widget.hears("Your circle.")
    until(lambda: widget.one("img").get_property("naturalWidth") == 300)

    assert [one["message"] for one in driver.get_log("browser") if "favicon" not in one["message"]] == []


def test_the_frame_shows_the_page(driver: Chrome, host: Host, behind: Coach) -> None:
    [frame] = [block for block in HTML if "<iframe" in block]
    host.pages[""] = HOST_PAGE.format(more=here(frame, behind), tag="")
    driver.get(host.serving.url)
    driver.switch_to.frame(0)
    page = Page(driver, behind.serving.url)
    page.connected()

    assert TEXTS["danger"] in page.one("#welcome").text
    driver.switch_to.default_content()


def test_the_example_with_rasas_widget_talks(driver: Chrome, host: Host, behind: Coach) -> None:
    [block] = [block for block in HTML if "WebChat" in block]
    host.pages["rasa-webchat.js"] = SCRIPT
    host.pages[""] = HOST_PAGE.format(more=here(block, behind), tag="")
    resize(driver, DESKTOP)
    webchat = Webchat(driver, host.serving.url).open()
    webchat.write("hello")
    until(lambda: webchat.said() == ["You wrote: hello"])
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")


def test_the_example_in_python_talks(behind: Coach, capsys: pytest.CaptureFixture[str]) -> None:
    [block] = re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    made: list[Any] = []

    class Client(socketio.SimpleClient):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    source = here(block, behind).replace("socketio.SimpleClient()", "Client()")
    exec(compile(source, "embed.md", "exec"), {"Client": Client})
    made[0].disconnect()

    assert "You wrote: He never looks up from his phone." in capsys.readouterr().out


def test_every_attribute_variable_and_language_is_named_and_exists() -> None:
    script = (WEB / "widget.js").read_text(encoding="utf-8")
    styles = "".join((WEB / name).read_text(encoding="utf-8") for name in ("chat.css", "dark.css", "widget.css"))
    used = {re.sub(r"([A-Z])", r"-\1", name).lower() for name in re.findall(r"options\.(\w+)", script)}
    table = re.findall(r"^\| `data-.*$", DOCS, re.MULTILINE)

    assert {re.match(r"\| `data-([\w-]+)`", row)[1] for row in table} == used  # type: ignore[index]
    assert set(re.findall(r"`(--toward-[\w-]+)`", DOCS)) == set(re.findall(r"var\((--toward-[\w-]+)", styles))
    [languages] = [row for row in table if "data-language" in row]
    assert re.findall(r"`(\w\w)`", languages)[:-1] == list(LANGUAGES)
    assert TEXTS["leave_to"] in DOCS and TEXTS["remember"] in DOCS and f'"{TEXTS["open"]}"' in DOCS


def test_the_demo_page_is_accessible_and_the_coach_answers_on_it(driver: Chrome, host: Host, behind: Coach) -> None:
    assert DEMO.count("http://127.0.0.1:5005") == 1
    host.pages[""] = DEMO.replace("http://127.0.0.1:5005", behind.serving.url)
    resize(driver, DESKTOP)
    widget = Widget(driver, host.serving.url).load()
    assert widget.one(".launcher").text == "Talk it over"
    assert findings(widget) == []
    widget.open()
    widget.write("hello")
    widget.hears("You wrote: hello")

    assert findings(widget) == []


def test_make_demo_serves_the_origin_that_it_allows() -> None:
    recipe = (PROJECT / "Makefile").read_text(encoding="utf-8").partition("\ndemo:")[2].partition("\n\n")[0]

    assert "--directory docs/demo" in recipe
    assert re.findall(r"http\.server (\d+)", recipe) == re.findall(r"TOWARD_ORIGINS=http://127\.0\.0\.1:(\d+)", recipe)
