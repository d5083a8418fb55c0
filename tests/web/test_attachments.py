"""Pictures and files that come with what the coach says: seen, heard, saved, and harmless."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.helpers import FILE, PICTURE, until
from tests.web.conftest import Coach, Page


def saved(page: Page, folder: Path) -> Path:
    """Press the link under an attachment; the file that the browser then has."""
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder), "eventsEnabled": False}
    )
    page.one(".file").click()
    [file] = until(lambda: [one for one in folder.iterdir() if one.suffix != ".crdownload" and one.stat().st_size])
    return Path(file)


def test_a_picture_is_shown_with_words_for_who_cannot_see_it_and_can_be_saved(page: Page, tmp_path: Path) -> None:
    page.write("draw")
    page.hears("Your circle.")
    picture = page.one(".coach img")
    until(lambda: picture.get_property("naturalWidth") == 300)

    assert picture.accessible_name == PICTURE.alt
    until(
        lambda: (
            page.js("const t = root.getElementById('thread'); return t.scrollHeight - t.scrollTop - t.clientHeight") < 2
        )
    )
    box = page.js("const r = root.querySelector('.coach img').getBoundingClientRect(); return [r.left, r.right]")
    assert 0 <= box[0] < box[1] <= page.driver.execute_script("return innerWidth")
    assert page.one(".file").text == f"Save {PICTURE.name}"
    file = saved(page, tmp_path)
    assert (file.name, file.read_bytes()) == (PICTURE.name, PICTURE.content)


def test_a_file_is_saved_as_it_was_made(page: Page, tmp_path: Path) -> None:
    page.write("date")
    page.hears("For your calendar.")
    file = saved(page, tmp_path)

    assert (file.name, file.read_bytes()) == (FILE.name, FILE.content)
    assert [one["message"] for one in page.driver.get_log("browser")] == []


@pytest.mark.parametrize(
    ("payload", "offered"),
    [
        ({"src": "https://strange.example/spy.png"}, []),
        ({"src": "javascript:alert(1)", "title": "x"}, []),
        ({"src": "data:text/html,<script>document.title='owned'</script>"}, ["application/octet-stream"]),
        ({}, []),
    ],
)
def test_an_attachment_calls_nobody_and_runs_nothing(
    page: Page, coach: Coach, payload: dict[str, str], offered: list[str]
) -> None:
    page.js("""
        window.offered = [];
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { window.offered.push(blob.type); return make(blob); };
    """)
    bubble = {"text": "Look", "attachment": {"type": "image", "payload": payload}}
    coach.serving.do(coach.web._sio.emit("bot_uttered", bubble))
    page.hears("Look")

    assert page.js("return root.querySelectorAll('.coach img').length") == 0
    assert page.js("return window.offered") == offered
    assert len(page.shown(".coach a")) == len(offered)
