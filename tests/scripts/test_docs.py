"""What the counsellor's pages show is true: every example is well, every keyword is there, the schema is today's."""

from __future__ import annotations

import json
import re

import pytest

from bot.scripts.checker import check_text
from bot.scripts.known import known_beside
from bot.scripts.reading import KEYWORDS
from bot.scripts.suggesting import FILTER_WORDS
from bot.scripts.tree import Script
from bot.settings import PROJECT

PAGES = {name: (PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("scripts.md", "script-reference.md")}
EXAMPLES = [example for page in PAGES.values() for example in re.findall(r"^```\n(.*?)^```", page, re.M | re.S)]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_has_no_errors(example: str) -> None:
    whole = example if example.startswith("Script:") else f"Script: Example\n{example}"
    _, problems = check_text(whole, known_beside())
    assert [problem for problem in problems if not problem.warning] == []


def test_every_keyword_and_every_filter_is_explained() -> None:
    page = PAGES["script-reference.md"].casefold()
    assert [word for word in KEYWORDS if word.casefold() not in page] == []
    assert [word for word in FILTER_WORDS if f"`{word}`" not in page and word != "low energy"] == []


def test_the_schema_is_todays() -> None:
    written = json.loads((PROJECT / "docs" / "script-schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(Script.schema_json()), "write it again: toward script schema > docs/script-schema.json"
