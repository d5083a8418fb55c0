"""Whatever is set wrongly: one sentence that says what and what to do, and no stack trace."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

from tests.cli.conftest import Toward
from tests.telegram_double import running_double


def test_a_port_that_is_no_number(toward: Toward) -> None:
    assert "TOWARD_PORT" in toward("person", "export", "tg:1", TOWARD_PORT="banana").complaint()


def test_a_country_that_is_none(toward: Toward) -> None:
    assert "two letters" in toward("person", "export", "tg:1", TOWARD_COUNTRY="Utopia").complaint()


def test_a_time_zone_that_is_none(toward: Toward) -> None:
    assert "Europe/Berlin" in toward("person", "export", "tg:1", TOWARD_ZONE="Middle Earth").complaint()


def test_a_key_that_is_not_base64(toward: Toward) -> None:
    assert "openssl rand -base64 32" in toward("person", "export", "tg:1", TOWARD_KEY="not a key!").complaint()


def test_a_key_that_is_too_short(toward: Toward) -> None:
    said = toward("person", "export", "tg:1", TOWARD_KEY=base64.b64encode(b"short").decode()).complaint()
    assert "it needs 32" in said


def test_a_file_where_the_home_should_be(toward: Toward, tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("")
    assert "TOWARD_HOME" in toward("person", "export", "tg:1", TOWARD_HOME=str(file)).complaint()


def test_a_database_that_does_not_answer(toward: Toward) -> None:
    said = toward("run", DATABASE_URL="postgresql://somebody:secret@127.0.0.1:1/toward").complaint()
    assert "DATABASE_URL" in said
    assert "secret" not in said


def test_a_port_that_is_taken(toward: Toward) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = toward("run", TOWARD_PORT=str(port)).complaint()
    assert f"Port {port} on 127.0.0.1 can't be used" in said
    assert f"TOWARD_PORT={port + 1}" in said


def test_a_token_that_telegram_refuses(toward: Toward) -> None:
    with running_double() as telegram:
        said = toward(
            "run", TELEGRAM_BOT_TOKEN="1:wrong", TELEGRAM_BASE_URL=telegram.base_url, TOWARD_PORT="0"
        ).complaint()
    assert "@BotFather" in said
    assert "1:wrong" not in said
