"""One crash test: a crowd, a program that is killed again and again, a last start that may finish, and the ledger."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.app import open_database
from bot.engine.reply import Engine
from bot.settings import PROJECT, load_settings
from tests.crash.crowd import Crowd, keeping_double
from tests.crash.ledger import Report, is_finished, judge
from tests.telegram_double import TOKEN

__all__ = ["Program", "crash", "program"]

#: Beginnings of log lines that a killed program has no reason to write.
_OURS = ("CRITICAL", "ERROR bot", "ERROR root", "ERROR asyncio")
#: Seconds from a start to the kill, least and most. Starting takes about 0.3 of them; the rest is work.
_LIFE = (0.05, 1.3)
#: Seconds that the last start has for all that is left.
_PATIENCE = 90.0


class Program:
    """Drives tests.crash.program."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, command: dict[str, Any]) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that starts the program has ended; its log says why"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def program(settings: dict[str, Any], log: Path) -> Iterator[Program]:
    """The program with these settings, loaded but not started; its log goes to a file."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    environment.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    command = [sys.executable, "-m", "tests.crash.program", json.dumps(settings)]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            started = Program(process)
            assert started.answer() == {"ready": True}
            yield started
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=30)


def crash(engine: Engine, folder: Path, *, kills: int, seed: int, database_url: str = "") -> Report:
    """Kill the program so many times under load, let it finish, and judge.

    Args:
        engine: for the replay.
        folder: an empty folder for home, log and replay.
        kills: how often.
        seed: decides when it is killed and what people do.
        database_url: a PostgreSQL database; SQLite without it.
    """
    begun = time.monotonic()
    chance = random.Random(seed)
    with keeping_double(random.Random(seed + 1)) as double:
        given = {
            "home": str(folder / "home"),
            "key": "",
            "database_url": database_url,
            "telegram_token": TOKEN,
            "telegram_base_url": double.base_url,
            "host": "127.0.0.1",
            "port": 0,
            "rest": False,
            "country": "",
        }
        log = folder / "program.log"
        problems: list[str] = []
        moments: list[float] = []
        with program(given, log) as under_test:
            with Crowd(double, random.Random(seed + 2)):
                for number in range(1, kills + 1):
                    done = under_test.tell({"seconds": chance.uniform(*_LIFE)})
                    moments.append(done["killed_at"])
                    if done["ended"] != "killed":
                        problems.append(f"start {number} ended by itself")
            under_test.tell({"seconds": None})
            database = open_database(load_settings(**given))
            try:
                end = time.monotonic() + _PATIENCE
                while not is_finished(database, double) and time.monotonic() < end:
                    time.sleep(0.3)
                time.sleep(0.5)  # whatever is done twice after all would be done now
            finally:
                database.close()
            under_test.tell({})
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            report = judge(load_settings(**given), double, moments, engine, Path(scratch))
    complaints = [line for line in log.read_text().splitlines() if line.startswith(_OURS)]
    report.problems += [*problems, *(f"the log says: {line}" for line in complaints[:5])]
    report.seconds = time.monotonic() - begun
    return report
