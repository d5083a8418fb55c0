"""The command line as people use it: a process of its own, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings

#: A start takes seconds, on a busy machine more; a command that hangs must not hold up everything else for longer.
_SECONDS = 90
_TOWARD = Path(sys.executable).with_name("toward")


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    status: int
    out: str
    err: str

    def complaint(self) -> str:
        """The one sentence that says why it stopped; fails where the program didn't stop in that way."""
        assert self.status == 1, (self.status, self.out, self.err)
        assert "Traceback" not in self.err
        lines = [line for line in self.err.splitlines() if not line.startswith(("on ", "off ", "Write, "))]
        assert len(lines) == 1, self.err
        return lines[0]


Toward = Callable[..., Ended]


@pytest.fixture(scope="session", autouse=True)
def _model() -> None:
    """Trained before the first command, not within it."""
    trained = subprocess.run([_TOWARD, "train"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert trained.returncode == 0, trained.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str, given: bytes = b"", **settings: str) -> Ended:
    """Run `toward` with these arguments and settings, and none of those of whoever runs the tests."""
    ours = {field.field_info.extra["env"] for field in Settings.__fields__.values()}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    empty = {"TELEGRAM_BOT_TOKEN": "", "DATABASE_URL": "", "TOWARD_KEY": ""}  # stronger than a file .env
    process = subprocess.run(
        [_TOWARD, *arguments],
        input=given,
        capture_output=True,
        cwd=PROJECT,
        env={**inherited, **empty, **{"TOWARD_HOME": str(home), **settings}},
        timeout=_SECONDS,
        check=False,
    )
    return Ended(process.returncode, process.stdout.decode(), process.stderr.decode())


@pytest.fixture
def toward(home: Path) -> Toward:
    """`toward("person", "export", "tg:1", TOWARD_PORT="80")`."""

    def call(*arguments: str, given: bytes = b"", **settings: str) -> Ended:
        return run(home, *arguments, given=given, **settings)

    return call
