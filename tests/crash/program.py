"""The program under test, started often: this process loads Rasa and the safety words once; every start is a fork.

What runs in the child is what `toward run` runs. Commands come as lines of JSON on standard input and are answered on
standard output:

    {"seconds": 0.4}    start, kill after so long             -> {"killed_at": 123.4, "ended": "killed"}
    {"seconds": null}   start and leave it until the next line -> {"started": true}, then {"ended": "killed"}
    {"step": 7, "home": "..."}
                        first start in that folder, killed after its 7th step
                                                               -> {"ended": "killed"}, or "finished" if it has fewer
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import signal
import ssl
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from actions.common import shelf
from bot.app import open_database, serve
from bot.engine.model import load_engine, prepare_model
from bot.safety.gate import Gate
from bot.settings import PROJECT, Settings, load_settings
from bot.understanding.minilm import encode

#: What a start imports at its leisure; imported once, before the first one.
_LATE = (
    *("alembic.command", "alembic.config", "alembic.runtime.environment", "alembic.autogenerate"),
    *("anyio._backends._asyncio", "httpcore", "uvicorn.lifespan.on", "uvicorn.protocols.http.auto"),
)
#: Calls after which a killed process leaves something else behind than before.
_LASTING = frozenset(
    ("open", "write", "flush", "fsync", "close", "mkdir", "link", "replace", "rename", "unlink", "execute", "commit")
)


def main() -> None:
    """Load, then start and kill as told until standard input ends."""
    settings = load_settings(**json.loads(sys.argv[1]))
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("rasa", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    engine, gate = load_engine(prepare_model()), Gate.load(PROJECT / "data", encode)
    shelf()
    if threading.active_count() > 1:
        raise RuntimeError("A fork keeps only the thread that forks: load the model before starting others.")
    _say({"ready": True})
    for module in _LATE:
        importlib.import_module(module)
    certificates = ssl.create_default_context()
    # A real start reads these anew, for 1.5 s; nothing in them can be lost.
    with patch.object(Gate, "load", return_value=gate), patch("ssl.create_default_context", return_value=certificates):
        for line in sys.stdin:
            command = json.loads(line)
            if "step" in command:
                elsewhere = settings.copy(update={"home": Path(command["home"])})
                _say({"ended": _kill(_fork(partial(_first_start, elsewhere, command["step"])), None)})
                continue
            started = _fork(lambda: asyncio.run(serve(settings, lambda: engine)))
            if command["seconds"] is None:
                _say({"started": True})
                sys.stdin.readline()
                _say({"ended": _kill(started, 0.0)})
            else:
                killed_at = time.monotonic() + command["seconds"]
                _say({"killed_at": killed_at, "ended": _kill(started, command["seconds"])})


def _fork(work: Callable[[], object]) -> int:
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        work()
        status = 0
    except BaseException:
        logging.exception("The program ended")
    finally:
        os._exit(status)


def _kill(process: int, seconds: float | None) -> str:
    """Kill a child after so many seconds (None: it ends by itself); says how it ended."""
    if seconds is not None:
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "killed"
    return "finished" if status == 0 else "failed"


def _first_start(settings: Settings, step: int) -> None:
    """Make key file and database, and be killed right after the `step`th call that leaves something behind."""
    left = step

    def count(_frame: FrameType, event: str, called: Any) -> None:
        nonlocal left
        if event == "c_return" and getattr(called, "__name__", "") in _LASTING:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    open_database(settings).close()
    sys.setprofile(None)


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
