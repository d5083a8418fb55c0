"""What a counsellor reads when something is wrong: every message of the corpus, and what holds for all of them."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from bot.scripts.checker import check_text
from bot.scripts.problems import shown
from tests.scripts.corpus import Case, cases, known

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_is_wrong_is_said(case: Case) -> None:
    assert case.says() == case.said
    assert case.said, "nothing is said about it"


def test_the_corpus_is_long_enough() -> None:
    assert len(CASES) >= 120
    assert len({case.whole for case in CASES}) == len(CASES)


def test_messages_say_the_cause_in_plain_words() -> None:
    for line in {line for case in CASES for line in case.said}:
        said = line.partition(": ")[2]
        assert re.search(r"[.?]\"?$", said), said
        assert not re.search(r"exception|invalid|syntax|token|parse|unexpected|illegal|null|None\b", said), said


def test_problems_come_in_the_order_of_the_text_with_their_lines() -> None:
    text = "Script: T\n# Start\nAskk: x?\nGo to Nowhere\n"
    found, problems = check_text(text, known())
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert "    Askk: x?" in shown(problems, found.lines)


def test_two_hundred_lines_are_checked_in_a_moment() -> None:
    steps = "".join(
        f"# Part {n}\nHello.\nAsk: How is it now?\n  scale 1 to 10, save as a{n}\nGo to Part {n + 1}\n"
        for n in range(39)
    )
    text = f"Script: Long\n{steps}# Part 39\nEnd: Bye.\n"
    check_text(text, known())
    began = perf_counter()
    _, problems = check_text(text, known())
    assert problems == ()
    assert perf_counter() - began < 5, "not a benchmark: only that it doesn't take for ever"
