"""People who write to a server through Rasa's REST contract: each waits for the answer, then sends the next message."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp

from benchmarks.figures import Exchange, Load, of_window

__all__ = ["MESSAGES", "converse", "crowd", "first_answer", "read_messages", "say"]

MESSAGES = Path(__file__).with_name("messages.txt")
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


async def first_answer(url: str, message: str, names: Iterator[str]) -> None:
    """Return when `message` is answered with text; every try is another person's first word. Waits for ever: bound it."""
    async with _session() as session:
        while not (await say(session, url, next(names), message)).bubbles:
            await asyncio.sleep(_POLL)


async def crowd(
    url: str, senders: Sequence[str], messages: Sequence[str], opening: Sequence[str], *, warm_up: float, seconds: float
) -> Load:
    """Let people write at once, each with a sender id of their own, and sum up a window after the warm-up.

    Args:
        url: the REST address.
        senders: one id for each person, new to the server.
        messages: what they draw from.
        opening: what each says first; not counted.
        warm_up: seconds that are not counted, from when the last person is through the opening.
        seconds: length of the window.

    Raises:
        ValueError: nothing was answered in the window.
    """
    async with _session(len(senders)) as session:
        for message in opening:
            await asyncio.gather(*(say(session, url, sender, message) for sender in senders))
        begin = time.perf_counter() + warm_up
        everyone = (
            _until(begin + seconds, session, url, sender, _shuffled(messages, seed))
            for seed, sender in enumerate(senders)
        )
        exchanges = list(itertools.chain.from_iterable(await asyncio.gather(*everyone)))
    return of_window(exchanges, len(senders), begin, seconds)


async def _until(
    end: float, session: aiohttp.ClientSession, url: str, sender: str, messages: Iterator[str]
) -> list[Exchange]:
    exchanges: list[Exchange] = []
    while time.perf_counter() < end:
        exchanges.append(await say(session, url, sender, next(messages)))
        if exchanges[-1].failed:
            await asyncio.sleep(_POLL)  # a refusing server must not be counted thousands of times
    return exchanges


async def converse(url: str, sender: str, messages: Sequence[str], opening: Sequence[str], turns: int) -> list[float]:
    """Hold one long conversation and return what each turn took (ms), the opening left out.

    Raises:
        RuntimeError: a turn failed; a gap would make the median mean something else.
    """
    taken: list[float] = []
    async with _session() as session:
        for message in opening:
            await say(session, url, sender, message)
        for message in itertools.islice(_shuffled(messages, 0), turns):
            exchange = await say(session, url, sender, message)
            if exchange.failed:
                raise RuntimeError(f"Turn {len(taken) + 1} of the long conversation failed; look at the server's log.")
            taken.append(exchange.seconds * 1000)
    return taken
