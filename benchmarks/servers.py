"""The two servers: Toward, and a fresh `rasa init` bot. How each is made, started, weighed and ended."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import BenchmarkError
from benchmarks.load import first_answer

__all__ = ["Running", "Server", "check_tools", "free_port", "prepare", "rasa_init", "serve", "toward"]

_PROJECT = Path(__file__).resolve().parent.parent
#: Programs are taken from the environment that runs the benchmark, so both servers share every package.
_BIN = Path(sys.executable).parent
#: Seconds: making and training a bot; a start; an orderly end.
_PREPARING = 240.0
_STARTING = 120.0
_ENDING = 10.0


@dataclass(frozen=True)
class Server:
    """How to run one of the two.

    Attributes:
        name: what the report calls it.
        prepare: the command that makes and trains it, once.
        run: the command that serves it.
        folder: where both commands run.
        environment: what the commands are given on top of this process's environment.
    """

    name: str
    prepare: tuple[str, ...]
    run: tuple[str, ...]
    folder: Path
    port: int
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Rasa's REST address."""
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"

    def logged_errors(self) -> int:
        """How many lines of level ERROR it has written so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return sum(" ERROR " in line for line in lines)


def toward(home: Path, port: int) -> Server:
    """Toward as `toward run` serves it, remembering in `home`; Telegram stays off whatever a file .env says."""
    home.mkdir()
    environment = {
        "TOWARD_REST": "1",
        "TOWARD_HOST": "127.0.0.1",
        "TOWARD_PORT": str(port),
        "TOWARD_HOME": str(home),
        "TOWARD_KEY": "",
        "TELEGRAM_BOT_TOKEN": "",
        "DATABASE_URL": "",
    }
    program = str(_BIN / "toward")
    return Server("Toward", (program, "train"), (program, "run"), _PROJECT, port, home / "log.txt", environment)


def rasa_init(home: Path, port: int) -> Server:
    """The bot that `rasa init` makes, with its default configuration (DIET, TED), as `rasa run` serves it."""
    bot = home / "bot"
    bot.mkdir(parents=True)
    program = str(_BIN / "rasa")
    return Server(
        "rasa init",
        (program, "init", "--no-prompt", "--init-dir", str(bot)),
        (program, "run", "--interface", "127.0.0.1", "--port", str(port)),
        bot,
        port,
        home / "log.txt",
        # Its own home folder: Rasa notes there that it was run.
        {"RASA_TELEMETRY_ENABLED": "false", "HOME": str(home), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
    )


def check_tools(servers: Iterable[Server]) -> None:
    """See that nothing is missing before minutes are spent.

    Raises:
        BenchmarkError: a program is missing; the text says which and what to do.
    """
    if shutil.which("ps") is None:
        raise BenchmarkError("The program ps is missing, which memory is read with. Install it (package procps).")
    for server in servers:
        if not Path(server.run[0]).exists():
            raise BenchmarkError(f"{server.run[0]} is missing. Run `uv sync` and start the benchmark with `uv run`.")


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A server that has answered.

    Attributes:
        start_seconds: from starting the process to the first answer with text.
        pid: the process; its children count with it.
    """

    start_seconds: float
    pid: int

    def memory_mb(self) -> float:
        """Resident memory of the process and all its children (MB of 10^6 bytes)."""
        table = _processes()
        return sum(table[pid][1] for pid in _family(self.pid, table)) * 1024 / 1e6


async def prepare(server: Server) -> float:
    """Make and train a server; return the seconds it took.

    Raises:
        BenchmarkError: the command failed or took too long.
    """
    begin = time.perf_counter()
    async with _process(server, server.prepare) as process:
        try:
            status = await asyncio.wait_for(process.wait(), _PREPARING)
        except asyncio.TimeoutError:
            raise BenchmarkError(
                f"{server.name} took more than {_PREPARING:.0f} s to train.{_end_of(server.log)}"
            ) from None
        if status:
            raise BenchmarkError(f"{server.name} could not be trained (status {status}).{_end_of(server.log)}")
    return time.perf_counter() - begin


@asynccontextmanager
async def serve(server: Server, names: Iterator[str]) -> AsyncIterator[Running]:
    """Start a server, wait for its first answer, and end it whatever happens.

    Args:
        server: a prepared one.
        names: sender ids that the server has not seen.

    Raises:
        BenchmarkError: it ended before it answered, or took too long.
    """
    begin = time.perf_counter()
    async with _process(server, server.run) as process:
        answered = asyncio.create_task(first_answer(server.url, names))
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({answered, ended}, timeout=_STARTING, return_when=asyncio.FIRST_COMPLETED)
            took = time.perf_counter() - begin
            if not answered.done():
                what = "ended before it answered" if ended.done() else f"did not answer within {_STARTING:.0f} s"
                raise BenchmarkError(f"{server.name} {what}.{_end_of(server.log)}")
            answered.result()
        finally:
            answered.cancel()
            ended.cancel()
        yield Running(took, process.pid)


@asynccontextmanager
async def _process(server: Server, command: tuple[str, ...]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a command in a process group of its own, its output in the server's log; leave none of the group behind."""
    with server.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=server.folder,
            env={**os.environ, **server.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await asyncio.shield(_end(process))


async def _end(process: asyncio.subprocess.Process) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            await asyncio.wait_for(process.wait(), _ENDING)
        except asyncio.TimeoutError:
            continue
    await process.wait()


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    return "\nThe end of its log:\n" + "\n".join(lines)


def _processes() -> dict[int, tuple[int, int]]:
    """All processes: id -> (id of the parent, resident memory in KiB)."""
    table = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = (map(int, line.split()) for line in table.splitlines())
    return {pid: (parent, size) for pid, parent, size in rows}


def _family(pid: int, table: Mapping[int, tuple[int, int]]) -> list[int]:
    """The process, its children, their children and so on."""
    children = [child for child, (parent, _) in table.items() if parent == pid]
    return [pid, *(one for child in children for one in _family(child, table))]
