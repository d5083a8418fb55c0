"""`python -m benchmarks.scripts`: what a script costs: checking, publishing, and a step beside a plain turn.

In one process and one run, so that ratios hold on any machine. Written to benchmarks/results/scripts.json.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

# These must stand before Rasa is imported.
from bot.engine.without_tensorflow import keep_out
from bot.settings import PROJECT, load_settings

keep_out(PROJECT / "config.yml", learning=False)

from bot.app import House
from bot.channels.typed import typed
from bot.conversation.messages import Incoming, Kind
from bot.engine.model import load_engine, prepare_model
from bot.memory.scripts import assign, publish
from bot.scripts.checker import check_text
from bot.scripts.known import known_beside
from bot.scripts.tree import plain

_RESULTS: Final = PROJECT / "benchmarks" / "results" / "scripts.json"
_TURNS: Final = 60
_TRIES: Final = 9
#: What is said in every turn, to the coach and to the script alike.
_SAID: Final = "he sat down with his phone and I ate alone"


def _long_script(steps: int) -> str:
    """A script with so many questions that are answered in free words."""
    asks = "\n\n".join(
        f"Ask: What stood out on day {number}?\n  free text, save as day_{number}" for number in range(1, steps + 1)
    )
    return f"Script: Many days\nFor: one partner, adults\n\n# Start\nHello.\n\n{asks}\nEnd: Take care.\n"


def _median_ms(call: Callable[[], object], tries: int = _TRIES) -> float:
    taken = []
    for _ in range(tries):
        begin = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def _checking_ms() -> float:
    """Checking 200 lines, with the library and the themes at hand, as `/try` and a second check have them."""
    source = _long_script(64)
    assert 195 <= len(source.splitlines()) <= 205
    known = known_beside()
    check_text(source, known)
    return _median_ms(lambda: check_text(source, known))


def _publishing_s(home: Path) -> float:
    """`toward script publish FILE` as a whole command, the database being there."""
    file = home / "many.txt"
    command = [str(Path(sys.executable).parent / "toward"), "script", "publish", str(file)]
    # As on anybody's machine: what Python compiled at the first run is there at the second.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for number in (63, *range(_TRIES, 2 * _TRIES)):
        file.write_text(_long_script(number), encoding="utf-8")
        if number == 63:
            subprocess.run(command, check=True, capture_output=True, env=around)  # makes the database
            taken = []
            continue
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=around)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def _turns_ms(house: House, incoming: Callable[[int], Incoming], turns: int) -> float:
    """The median of turns in one conversation, stored, answered and committed."""
    loop, taken = asyncio.new_event_loop(), []
    for number in range(turns):
        given = incoming(number)
        begin = time.perf_counter()
        house.conversation.boxes.store([(given, time.time())])
        house.conversation.runner.run(given.conversation_id, loop)
        taken.append((time.perf_counter() - begin) * 1000)
    loop.close()
    return statistics.median(taken[10:])


def _steps_ms(home: Path) -> tuple[float, float]:
    """A plain turn, and a step of a script, with the same words."""
    house = House.build(load_settings(), load_engine(prepare_model()))
    publish(house.database, plain("Many days"), "Many days", _long_script(_TURNS + 20), time.time())
    code = assign(house.database, "Many days", "Dr. Lee", time.time())

    def said(who: str) -> Callable[[int], Incoming]:
        # other words each time: what was read once is not read again
        return lambda number: typed("rest", who, uuid.uuid4().hex, f"{_SAID}, day {number}")

    def in_script(number: int) -> Incoming:
        if number == 0:
            return Incoming("rest", "client", uuid.uuid4().hex, f"start {code}", Kind.COMMAND)
        return typed("rest", "client", uuid.uuid4().hex, "yes" if number == 1 else f"{_SAID}, day {number}")

    _turns_ms(house, said("first"), 20)
    ours = _turns_ms(house, said("somebody"), _TURNS), _turns_ms(house, in_script, _TURNS)
    house.database.close()
    return ours


def main() -> int:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory(prefix="toward-scripts-") as folder:
        os.environ["TOWARD_HOME"] = folder
        plain_ms, step_ms = _steps_ms(Path(folder))
        figures = {
            "check_200_lines_ms": _checking_ms(),
            "publish_command_s": _publishing_s(Path(folder)),
            "plain_turn_ms": plain_ms,
            "script_step_ms": step_ms,
            "step_over_turn_ms": step_ms - plain_ms,
            "step_over_turn": step_ms / plain_ms,
        }
    rounded = {name: round(value, 3) for name, value in figures.items()}
    goals = {"check_200_lines_ms": 100.0, "publish_command_s": 1.0, "step_over_turn_ms": 5.0}
    for name, value in rounded.items():
        goal = goals.get(name)
        print(f"{name:22} {value:10.2f}" + (f"   goal {goal:g}{'' if value <= goal else ' (missed)'}" if goal else ""))
    _RESULTS.write_text(json.dumps({**rounded, "load_average": os.getloadavg()[0]}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
