"""The figures of a benchmark run: what is counted, and how raw times become percentiles, medians and ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.errors import TowardError

__all__ = [
    "EARLY",
    "LATE",
    "Exchange",
    "Figures",
    "Load",
    "growth",
    "of_window",
    "percentile",
    "summary",
    "turns_median",
]

#: How many people write at once, one load after the other.
PEOPLE = (1, 4, 16)
#: Turns (counted from 1) whose median stands for the 10th and the 500th turn of a conversation.
EARLY = range(6, 16)
LATE = range(496, 506)


class BenchmarkError(TowardError):
    """The run can't go on, or means nothing: a server could not be made, started or reached. The text says which."""


@dataclass(frozen=True)
class Exchange:
    """One message and its answer, as the person's side sees it.

    Attributes:
        ended: when the answer was read, on the clock that the window is given in (s).
        seconds: from sending the message to having read the answer.
        bubbles: how many texts came back.
        failed: the server refused, broke off or took too long.
    """

    ended: float
    seconds: float
    bubbles: int
    failed: bool = False


@dataclass(frozen=True)
class Load:
    """What so many people at once got in a window of `seconds`. Times are in ms, over answered messages only."""

    people: int
    seconds: float
    answered: int
    without_text: int
    failed: int
    per_second: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Figures:
    """All raw figures of one server.

    Attributes:
        start_seconds: from starting the process to its first answer with text, once for each start.
        memory_start_mb: resident memory of the process and its children after the last start (MB of 10^6 bytes).
        memory_load_mb: the same after all load.
        loads: one for each number of people.
        early_ms: median turn around the 10th of one conversation.
        late_ms: median turn around the 500th of the same conversation.
        logged_errors: lines of level ERROR in the server's log; an apology is a quick answer, and none.
    """

    name: str
    start_seconds: tuple[float, ...]
    memory_start_mb: float
    memory_load_mb: float
    loads: tuple[Load, ...]
    early_ms: float
    late_ms: float
    logged_errors: int

    def load(self, people: int) -> Load:
        """Return the load with so many people.

        Raises:
            KeyError: that many were not measured.
        """
        for load in self.loads:
            if load.people == people:
                return load
        raise KeyError(people)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of `values` do not exceed (nearest rank).

    Raises:
        ValueError: there are no values, or the share is out of range.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("A percentile needs at least one value and a share from 0 to 1.")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def of_window(exchanges: Sequence[Exchange], people: int, begin: float, seconds: float) -> Load:
    """Sum up the exchanges that ended in the window from `begin` on, leaving out the warm-up and what came after.

    Raises:
        BenchmarkError: nothing was answered in the window.
    """
    inside = [one for one in exchanges if begin <= one.ended < begin + seconds]
    times = [one.seconds * 1000 for one in inside if not one.failed]
    if not times:
        raise BenchmarkError(f"None of {len(inside)} messages was answered in {seconds:.0f} s.")
    return Load(
        people=people,
        seconds=seconds,
        answered=len(times),
        without_text=sum(not one.failed and not one.bubbles for one in inside),
        failed=len(inside) - len(times),
        per_second=len(times) / seconds,
        p50_ms=percentile(times, 0.50),
        p95_ms=percentile(times, 0.95),
    )


def turns_median(turn_ms: Sequence[float], turns: range) -> float:
    """Return the median over some turns of a conversation, counted from 1.

    Raises:
        ValueError: the conversation was too short.
    """
    if len(turn_ms) < turns[-1]:
        raise ValueError(f"The conversation has {len(turn_ms)} turns; {turns[-1]} are needed.")
    return median(turn_ms[number - 1] for number in turns)


def doubts(figures: Figures) -> list[str]:
    """Return why a server's figures should not be quoted: messages not answered, or many errors (over 1 %)."""
    found = []
    failed = sum(load.failed for load in figures.loads)
    if failed:
        found.append(f"{figures.name} did not answer {failed} messages.")
    if figures.logged_errors > sum(load.answered for load in figures.loads) / 100:
        found.append(f"{figures.name} logged {figures.logged_errors} errors.")
    return found


def growth(figures: Figures) -> float:
    """Return how many times as long the 500th turn takes as the 10th."""
    return figures.late_ms / figures.early_ms


def summary(ours: Figures, baseline: Figures) -> dict[str, float]:
    """Return the comparison; each `..._ratio` is ours / baseline: below 1 is better, but for throughput above 1."""
    throughput = {
        f"throughput_ratio_{people}": ours.load(people).per_second / baseline.load(people).per_second
        for people in PEOPLE
    }
    return {
        "start_ratio": median(ours.start_seconds) / median(baseline.start_seconds),
        "memory_ratio": ours.memory_load_mb / baseline.memory_load_mb,
        "memory_start_ratio": ours.memory_start_mb / baseline.memory_start_mb,
        **throughput,
        "p95_ratio_16": ours.load(16).p95_ms / baseline.load(16).p95_ms,
        "growth_500_over_10": growth(ours),
        "baseline_growth_500_over_10": growth(baseline),
        "turn_p50_ms": ours.load(1).p50_ms,
    }
