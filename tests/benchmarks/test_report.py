"""The benchmark's figures are right: made-up times in, known percentiles, ratios and files out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.figures import (
    EARLY,
    LATE,
    BenchmarkError,
    Exchange,
    Figures,
    Load,
    doubts,
    growth,
    of_window,
    percentile,
    summary,
    turns_median,
)
from benchmarks.load import read_messages
from benchmarks.report import Circumstances, markdown, rows, write


def _load(people: int, per_second: float, p50: float, p95: float) -> Load:
    return Load(
        people, seconds=20, answered=200, without_text=50, failed=0, per_second=per_second, p50_ms=p50, p95_ms=p95
    )


OURS = Figures(
    "Toward",
    (4.0, 9.0, 5.0),
    200,
    300,
    (_load(1, 100, 8, 12), _load(4, 110, 30, 50), _load(16, 120, 120, 200)),
    early_ms=10,
    late_ms=12,
    logged_errors=0,
)
BASELINE = Figures(
    "rasa init",
    (20.0, 30.0, 25.0),
    1000,
    1200,
    (_load(1, 25, 40, 60), _load(4, 25, 150, 300), _load(16, 30, 500, 1000)),
    early_ms=30,
    late_ms=450,
    logged_errors=6,
)
AROUND = Circumstances(
    "2026-01-02T03:04:05+00:00", False, 2, "Test CPU", "Linux", "3.10.0", 0.1, {"rasa": "3.6.21"}, 500.0
)


@pytest.mark.parametrize(
    ("share", "expected"), [(0, 1.0), (0.5, 50.0), (0.501, 51.0), (0.95, 95.0), (0.99, 99.0), (1, 100.0)]
)
def test_a_percentile_is_a_time_that_somebody_really_waited(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == expected


def test_one_answer_is_its_own_percentile() -> None:
    assert percentile([7.0], 0.5) == percentile([7.0], 0.95) == 7.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], -0.1), ([1.0], 1.1)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="at least one value"):
        percentile(values, share)


def test_only_what_was_answered_in_the_window_counts() -> None:
    exchanges = [
        Exchange(ended=9.9, seconds=5.0, bubbles=1),  # the warm-up
        Exchange(ended=10.0, seconds=0.1, bubbles=2),
        Exchange(ended=11.0, seconds=0.3, bubbles=0),
        Exchange(ended=11.5, seconds=30.0, bubbles=0, failed=True),
        Exchange(ended=14.0, seconds=5.0, bubbles=1),  # too late
    ]

    load = of_window(exchanges, people=2, begin=10.0, seconds=4.0)

    assert load == Load(2, 4.0, answered=2, without_text=1, failed=1, per_second=0.5, p50_ms=100.0, p95_ms=300.0)


def test_a_silent_server_has_no_figures() -> None:
    with pytest.raises(BenchmarkError, match="None of 1 messages was answered"):
        of_window([Exchange(ended=11.0, seconds=1.0, bubbles=0, failed=True)], people=1, begin=10.0, seconds=4.0)


def test_the_tenth_turn_is_the_middle_of_the_turns_around_it() -> None:
    turns = [float(number) for number in range(1, 506)]

    assert turns_median(turns, EARLY) == 10.5
    assert turns_median(turns, LATE) == 500.5


def test_a_conversation_that_broke_off_has_no_five_hundredth_turn() -> None:
    with pytest.raises(ValueError, match="has 504 turns; 505 are needed"):
        turns_median([1.0] * 504, LATE)


def test_every_ratio_is_ours_over_the_baseline() -> None:
    assert summary(OURS, BASELINE) == pytest.approx(
        {
            "start_ratio": 5 / 25,
            "memory_ratio": 300 / 1200,
            "memory_start_ratio": 200 / 1000,
            "throughput_ratio_1": 100 / 25,
            "throughput_ratio_4": 110 / 25,
            "throughput_ratio_16": 120 / 30,
            "p95_ratio_16": 200 / 1000,
            "growth_500_over_10": 1.2,
            "baseline_growth_500_over_10": 15.0,
            "turn_p50_ms": 8,
        }
    )


def test_a_server_beside_itself_is_neither_better_nor_worse() -> None:
    assert {row.ratio for row in rows(OURS, OURS)} == {1.0}
    assert growth(OURS) == 1.2


def test_a_few_errors_beside_many_answers_are_let_pass() -> None:
    assert doubts(OURS) == doubts(BASELINE) == []


def test_a_server_that_answers_by_excuses_is_not_quoted() -> None:
    assert doubts(replace(OURS, logged_errors=446)) == ["Toward logged 446 errors."]


def test_a_server_that_drops_messages_is_not_quoted() -> None:
    dropping = replace(OURS, loads=(*OURS.loads[:2], replace(OURS.load(16), failed=3)))

    assert doubts(dropping) == ["Toward did not answer 3 messages."]


def test_a_number_of_people_that_was_not_measured_is_refused() -> None:
    with pytest.raises(KeyError):
        OURS.load(5)


def test_a_run_leaves_figures_a_table_and_a_drawing(tmp_path: Path) -> None:
    write(tmp_path, OURS, BASELINE, AROUND)

    figures = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert figures["start_ratio"] == 0.2
    assert figures["ours"]["loads"][2]["p95_ms"] == 200
    assert figures["baseline"]["start_seconds"] == [20.0, 30.0, 25.0]
    assert figures["circumstances"]["processors"] == 2
    text = (tmp_path / "latest.md").read_text(encoding="utf-8")
    assert "| start until the first answer | 5.0 s | 25.0 s | 0.20 |" in text
    assert "do not quote" not in text
    assert ElementTree.parse(tmp_path / "latest.svg").getroot().tag.endswith("svg")


def test_figures_from_a_busy_machine_say_so() -> None:
    assert "do not quote" in markdown(OURS, BASELINE, replace(AROUND, load_average=1.3))


def test_people_have_enough_to_say_and_say_nothing_twice() -> None:
    messages = read_messages()

    assert len(messages) >= 60
    assert len(set(messages)) == len(messages)
    assert not any(message.startswith(("#", "/")) for message in messages)
