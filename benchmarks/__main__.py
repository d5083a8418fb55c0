"""`python -m benchmarks`: measure Toward and a fresh `rasa init` bot in one run; `--quick` for a short trial."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from benchmarks.figures import EARLY, LATE, PEOPLE, BenchmarkError, Figures, doubts, turns_median
from benchmarks.load import converse, crowd, read_messages
from benchmarks.report import circumstances, table, write
from benchmarks.servers import Server, check_tools, free_port, prepare, rasa_init, serve, toward

_PROJECT = Path(__file__).resolve().parent.parent
_RESULTS = _PROJECT / "benchmarks" / "results"
#: A trial must not overwrite figures that are quoted.
_TRIALS = _PROJECT / "build" / "benchmarks"


#: Seconds that are waited at most for the machine to come to rest.
_PATIENCE = 120


@dataclass(frozen=True)
class Plan:
    """How much is measured; times in seconds, `limit` for the whole run."""

    starts: int
    warm_up: float
    seconds: float
    limit: float


_FULL = Plan(starts=3, warm_up=3.0, seconds=20.0, limit=12 * 60.0)
_QUICK = Plan(starts=1, warm_up=1.0, seconds=4.0, limit=8 * 60.0)


def _names(prefix: str) -> Iterator[str]:
    """Sender ids that no server has seen: a run's databases are new, a run's names are counted on."""
    return (f"{prefix}-{number}" for number in itertools.count())


async def _measure(server: Server, plan: Plan, console: Console) -> Figures:
    """Take all figures of one server."""
    messages, names = read_messages(), _names("somebody")
    console.print(f"{server.name}: prepared in {await prepare(server):.0f} s")
    starts: list[float] = []
    for _ in range(plan.starts - 1):
        async with serve(server, names) as running:
            starts.append(running.start_seconds)
    async with serve(server, names) as running:
        starts.append(running.start_seconds)
        memory_start = running.memory_mb()
        console.print(f"{server.name}: started in {', '.join(f'{took:.1f}' for took in starts)} s")
        loads = []
        for people in PEOPLE:
            load = await crowd(server.url, people, names, messages, warm_up=plan.warm_up, seconds=plan.seconds)
            console.print(f"{server.name}: {people} at once, {load.per_second:.1f} answers a second")
            loads.append(load)
        memory_load = running.memory_mb()
        turns = await converse(server.url, next(names), messages, LATE[-1])
    return Figures(
        name=server.name,
        start_seconds=tuple(starts),
        memory_start_mb=memory_start,
        memory_load_mb=memory_load,
        loads=tuple(loads),
        early_ms=turns_median(turns, EARLY),
        late_ms=turns_median(turns, LATE),
        logged_errors=server.logged_errors(),
    )


async def _rest() -> None:
    """Wait until the machine has come to rest from whatever was done before, such as training; not for ever."""
    for _ in range(_PATIENCE):
        if os.getloadavg()[0] <= (os.cpu_count() or 1) / 4:
            return
        await asyncio.sleep(1)


async def _run(plan: Plan, only: str | None, console: Console) -> int:
    """Measure the servers one after the other and report; return the exit status."""
    await _rest()
    around, begin = circumstances(quick=plan is _QUICK), time.perf_counter()
    if around.busy:
        console.print(f"The machine is busy (load average {around.load_average}): do not quote these figures.")
    with tempfile.TemporaryDirectory(prefix="toward-benchmark-") as folder:
        both = [rasa_init(Path(folder) / "rasa", free_port()), toward(Path(folder) / "toward", free_port())]
        servers = [server for server in both if only in (None, server.name)]
        check_tools(servers)
        figures = [await _measure(server, plan, console) for server in servers]
    if only is not None:
        console.print(figures[0])
        return _doubted(figures, console)
    baseline, ours = figures
    around = replace(around, wall_seconds=round(time.perf_counter() - begin, 1))
    console.print(table(ours, baseline))
    results = _TRIALS if around.quick else _RESULTS
    write(results, ours, baseline, around)
    console.print(f"Written to {results.relative_to(_PROJECT)}/ after {around.wall_seconds:.0f} s")
    return _doubted(figures, console)


def _doubted(figures: list[Figures], console: Console) -> int:
    """Say what speaks against the figures; return the exit status."""
    found = [doubt for one in figures for doubt in doubts(one)]
    for doubt in found:
        console.print(f"{doubt} Do not quote these figures.", markup=False)
    return 1 if found else 0


async def _bounded(plan: Plan, only: str | None, console: Console) -> int:
    """Run within the plan's limit; an end from outside (SIGTERM) ends the servers too."""
    run = asyncio.create_task(_run(plan, only, console))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, run.cancel)
    try:
        return await asyncio.wait_for(run, plan.limit)
    except asyncio.TimeoutError:
        console.print(f"Stopped: the run took more than {plan.limit / 60:.0f} minutes. Is the machine busy?")
    except BenchmarkError as error:
        console.print(str(error), markup=False)
    return 1


def main() -> int:
    """Read the command line and run; return the exit status (1: something failed, and nothing may be quoted)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a short trial; written to build/benchmarks/, not to be quoted"
    )
    parser.add_argument("--only", choices=("Toward", "rasa init"), help="measure one server and print its raw figures")
    given = parser.parse_args()
    try:
        return asyncio.run(_bounded(_QUICK if given.quick else _FULL, given.only, Console()))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130


if __name__ == "__main__":
    sys.exit(main())
