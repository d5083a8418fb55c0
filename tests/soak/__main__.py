"""`python -m tests.soak`: a thousand chats with the real program, on a bad day; prints what came of it."""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.engine.model import prepare_model
from bot.memory.database import open_database
from bot.settings import PROJECT, load_settings
from tests.channels.helpers import free_port
from tests.soak.ledger import Soaked, is_finished, judge
from tests.soak.town import BadDay, Town
from tests.telegram_double import TOKEN
from tests.telegram_double.server import answering


def main() -> None:
    """Run it, print the figures and what went wrong, and exit with 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--chats", type=int, default=1000, help="how many people write")
    parser.add_argument("--seconds", type=float, default=110.0, help="in which they do")
    parser.add_argument("--seed", type=int, default=1, help="decides what they do and what goes wrong")
    parser.add_argument("--bound", type=float, default=180.0, help="all of it ends after so many seconds")
    parser.add_argument("--report", type=Path, help="file for the figures as JSON")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    warnings.simplefilter("ignore")
    prepare_model()  # training isn't part of the bad day
    with tempfile.TemporaryDirectory() as folder:
        soaked = soak(Path(folder), arguments.chats, arguments.seconds, arguments.seed, arguments.bound)
    for line in soaked.lines():
        print(line)
    for problem in soaked.problems[:20]:
        print(f"  {problem}")
    if arguments.report:
        arguments.report.write_text(soaked.as_json(), encoding="utf-8")
    sys.exit(1 if soaked.problems else 0)


def soak(folder: Path, chats: int, seconds: float, seed: int, bound: float) -> Soaked:
    """Start the program, let the town write to it, wait until everything is answered, and judge."""
    begun = time.monotonic()
    with answering(BadDay(random.Random(seed))) as double, _program(folder, double) as program:
        if not _until(lambda: bool(double.calls("getUpdates")), begun + bound / 2):
            return Soaked(problems=[f"the program did not start; its log: {_log(folder)}"])
        database = open_database(load_settings(home=folder, database_url="", key=""))
        town = Town(double, random.Random(seed + 1), chats, seconds)
        double.go_away(after=seconds / 3)
        town.begin()
        finished = _until(lambda: town.done and is_finished(database, double), begun + bound)
        time.sleep(1.0)  # something that comes twice may still be on its way
        soaked = judge(database, double)
        soaked.seconds = round(time.monotonic() - begun, 1)
        if not finished:
            soaked.problems.append(f"not everything was answered within {bound:.0f} s")
        if program.poll() is not None:
            soaked.problems.append(f"the program ended by itself; its log: {_log(folder)}")
        database.close()
    return soaked


@contextmanager
def _program(folder: Path, double: BadDay) -> Iterator[subprocess.Popen[bytes]]:
    """`toward run`, as anybody starts it."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": double.base_url,
        "TOWARD_HOME": str(folder),
        "TOWARD_PORT": str(free_port()),
        "DATABASE_URL": "",
        "PUBLIC_URL": "",
        "TOWARD_KEY": "",
        "TOWARD_PROFILE": "",
        "TOWARD_SCRIPT": "",
    }
    with (folder / "program.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until(happened: Callable[[], bool], end: float) -> bool:
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.5)
    return False


def _log(folder: Path) -> str:
    return (folder / "program.log").read_text(errors="replace")[-800:]


if __name__ == "__main__":
    main()
