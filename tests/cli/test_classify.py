"""`toward classify`, which other programs talk to: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, run

LINES = (
    b'{"text":"we only ever talk about bills now"}',
    b"",
    b"   ",
    b'{"text":"sometimes i think about ending my life"}',
    b'{"text":"lone \\ud83d surrogate, and he still does not look up from his phone"}',
    json.dumps({"text": "we only ever talk about bills now. " * 3000}).encode(),
    b'{"text":"/start{\\"partner\\":\\"x\\"}"}',
    b'{"text":""}',
    b'{"text":"caf\xe9 alone again"}',  # not UTF-8
    b'["text"]',
    b'{"text":"nobody reads this one"}',
)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    home: Path = tmp_path_factory.mktemp("classify")
    return run(home, "classify", given=b"\n".join(LINES) + b"\n")


@pytest.fixture(scope="module")
def answers(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def test_every_line_with_words_gets_one_line_of_answer_and_empty_lines_none(answers: list[dict[str, Any]]) -> None:
    assert len(answers) == 7


def test_an_answer_has_what_the_contract_names(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        assert list(answer) == ["intent", "confidence", "themes", "feelings", "safety"]
        assert isinstance(answer["intent"], str)
        assert 0 <= answer["confidence"] <= 1
        assert all(isinstance(name, str) for name in [*answer["themes"], *answer["feelings"]])
        assert set(answer["safety"]) == {"topic", "level"}


def test_talking_about_bills_only_is_feeling_unseen(answers: list[dict[str, Any]]) -> None:
    assert answers[0]["intent"] == "feel_unseen"
    assert answers[0]["safety"] == {"topic": "none", "level": "clear"}


def test_a_person_in_danger_is_heard(answers: list[dict[str, Any]]) -> None:
    assert answers[1]["safety"] == {"topic": "self_harm", "level": "alarm"}


def test_a_hundred_thousand_characters_are_answered_like_any_other_line(answers: list[dict[str, Any]]) -> None:
    assert len(LINES[5]) > 100_000
    assert "only_logistics" in answers[3]["themes"]


def test_nothing_at_all_is_not_understood_and_nothing_breaks(answers: list[dict[str, Any]]) -> None:
    assert (answers[5]["intent"], answers[5]["confidence"]) == ("nlu_fallback", 0.0)


def test_a_command_that_is_typed_is_text(answers: list[dict[str, Any]]) -> None:
    assert not (answers[4]["intent"] == "start" and answers[4]["confidence"] == 1.0)


def test_a_broken_line_ends_it_with_a_sentence_that_names_the_line(ended: Ended) -> None:
    assert ended.complaint().startswith("Line 10 is not of the form")
