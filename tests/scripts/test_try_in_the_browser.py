"""`toward script try FILE --web`: the file that a counsellor writes at, in the browser, without a running coach."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import PROJECT

SAMPLE = Path(__file__).parent / "week_1.txt"
TRY = [sys.executable, "-m", "bot", "script", "try"]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """What the command says to open; afterwards Ctrl-C, which must end it without a fuss."""
    file = tmp_path / "draft.txt"
    file.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    environment = {**os.environ, "TOWARD_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        [*TRY, str(file), "--web"],
        cwd=PROJECT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.startswith("Open http://127.0.0.1:"), (said, process.communicate(timeout=30))
    yield said.split()[1]
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)
    assert "Traceback" not in complaints
    assert not (tmp_path / "home").exists(), "nothing was stored, not even an empty database"


def test_a_draft_is_tried_in_the_browser_without_being_published(address: str) -> None:
    page = httpx.get(address)
    assert page.status_code == 200 and "Week 1 - noticing bids" in page.text
    begun = httpx.post(address.partition("?")[0], json={"script": "Week 1 - noticing bids", "answers": []}).json()
    assert begun["bubbles"][0]["text"].startswith("Hello Alex.")
    for file in ("try.js", "thread.js", "page.css"):
        assert httpx.get(address.partition("try")[0] + f"static/{file}").status_code == 200


@pytest.mark.parametrize("more", [["--answers", "a.txt"], ["--transcript", "b.txt"]])
def test_a_replay_and_the_browser_go_apart(more: list[str]) -> None:
    done = subprocess.run([*TRY, str(SAMPLE), "--web", *more], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--web goes without --answers and --transcript" in done.stderr
