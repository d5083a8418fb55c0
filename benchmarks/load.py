"""People who write to a server through Rasa's REST contract: each waits for the answer, then sends the next message."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp

from benchmarks.figures import BenchmarkError, Exchange, Load, of_window

__all__ = ["MESSAGES", "OPENING", "VISIT", "converse", "crowd", "first_answer", "read_messages", "say"]

MESSAGES = Path(__file__).with_name("messages.txt")
#: What everybody says first.
OPENING = ("hi",)
#: Messages of one person's visit.
VISIT = 20
#: An answer that takes longer than this (s) counts as failed.
_PATIENCE = 30.0
#: Seconds between two tries to reach a server that is starting.
_POLL = 0.05


def read_messages(path: Path = MESSAGES) -> list[str]:
    """Return the messages, one a line; lines that begin with `#` are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _shuffled(messages: Sequence[str], seed: int) -> Iterator[str]:
    """One person's messages, for ever: all in an order of their own, the same in every run and for both servers."""
    order = list(messages)
    random.Random(seed).shuffle(order)
    return itertools.cycle(order)


async def say(session: aiohttp.ClientSession, url: str, sender: str, message: str) -> Exchange:
    """Send one message and read the whole answer. A failure is noted, not raised."""
    begin = time.perf_counter()
    try:
        async with session.post(url, json={"sender": sender, "message": message}) as response:
            answer = await response.json()
            failed = response.status != 200
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        answer, failed = [], True
    now = time.perf_counter()
    bubbles = 0 if failed else sum(bool(bubble.get("text")) for bubble in answer)
    return Exchange(ended=now, seconds=now - begin, bubbles=bubbles, failed=failed)


def _session(people: int = 1) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=_PATIENCE), connector=aiohttp.TCPConnector(limit=people), trust_env=False
    )


async def first_answer(url: str, names: Iterator[str]) -> None:
    """Return when a first word is answered with text; every try is somebody else's. Waits for ever: bound it."""
    async with _session() as session:
        while not (await say(session, url, next(names), OPENING[0])).bubbles:
            await asyncio.sleep(_POLL)


async def crowd(
    url: str, people: int, names: Iterator[str], messages: Sequence[str], *, warm_up: float, seconds: float
) -> Load:
    """Let so many people write at once and sum up a window after the warm-up.

    After a visit of `VISIT` messages somebody new takes a person's place. With one endless conversation instead, the
    faster server would be asked for the longer one, and this would measure length, which `converse` does.

    Args:
        url: the REST address.
        people: how many are there at any time.
        names: sender ids that the server has not seen.
        messages: what they draw from.
        warm_up: seconds that are not counted.
        seconds: length of the window.

    Raises:
        BenchmarkError: nothing was answered in the window.
    """
    begin = time.perf_counter() + warm_up
    async with _session(people) as session:
        places = (_place(begin + seconds, session, url, names, _shuffled(messages, seed)) for seed in range(people))
        exchanges = list(itertools.chain.from_iterable(await asyncio.gather(*places)))
    return of_window(exchanges, people, begin, seconds)


async def _place(
    end: float, session: aiohttp.ClientSession, url: str, names: Iterator[str], messages: Iterator[str]
) -> list[Exchange]:
    """One person after the other, each for a visit, until the end."""
    exchanges: list[Exchange] = []
    while True:
        sender = next(names)
        for message in itertools.chain(OPENING, itertools.islice(messages, VISIT - len(OPENING))):
            if time.perf_counter() >= end:
                return exchanges
            exchanges.append(await say(session, url, sender, message))
            if exchanges[-1].failed:
                await asyncio.sleep(_POLL)  # a refusing server must not be counted thousands of times


async def converse(url: str, sender: str, messages: Sequence[str], turns: int) -> list[float]:
    """Hold one long conversation and return what each turn took (ms).

    Raises:
        BenchmarkError: a turn failed; a gap would make the median mean something else.
    """
    taken: list[float] = []
    async with _session() as session:
        for message in itertools.islice(itertools.chain(OPENING, _shuffled(messages, 0)), turns):
            exchange = await say(session, url, sender, message)
            if exchange.failed:
                raise BenchmarkError(f"Turn {len(taken) + 1} of the long conversation failed.")
            taken.append(exchange.seconds * 1000)
    return taken
