"""The page at /safety says what happens, to whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.safety_page import TEXTS, render, route
from bot.errors import ContentError


def test_the_page_says_what_toward_is_and_what_it_does_in_danger() -> None:
    client = TestClient(Starlette(routes=[route({"Cache-Control": "no-store"})]))
    answer = client.get("/safety")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for words in ("not a human", "ending your life", "emergency number", "/clear"):
        assert words in answer.text


def test_what_somebody_writes_into_the_texts_is_shown_and_not_run(tmp_path: Path) -> None:
    file = tmp_path / "page.yml"
    file.write_text(TEXTS.read_text(encoding="utf-8").replace("What this is", "<script>x</script>"), encoding="utf-8")
    assert "<script>" not in render(file)
    assert "&lt;script&gt;" in render(file)


@pytest.mark.parametrize("broken", ["parts: [", "title: Only a title", "title: 1\nback: b\nlanguage: en\nparts: []"])
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "page.yml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError, match=r"page\.yml"):
        render(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"page\.yml"):
        render(tmp_path / "page.yml")
