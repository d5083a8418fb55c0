"""What the counsellor's pages show is true: every example is well, every keyword is there, the schema is today's.

The guide's first script is drawn and played as the page shows it, and each of its slips gives the message it quotes.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.content.grade import grade
from bot.safety.gate import Gate
from bot.scripts.checker import check_text
from bot.scripts.drawing import draw
from bot.scripts.known import known_beside
from bot.scripts.reading import KEYWORDS, read
from bot.scripts.suggesting import FILTER_WORDS
from bot.scripts.tree import Script
from bot.scripts.trial import EXAMPLE_NAMES, Aside, Trial
from bot.settings import PROJECT

PAGES = {name: (PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("scripts.md", "script-reference.md")}
GUIDE = PAGES["scripts.md"]
FENCED = [block for page in PAGES.values() for block in re.findall(r"^```(\w*)\n(.*?)^```$", page, re.M | re.S)]
EXAMPLES = [text for kind, text in FENCED if not kind]
FIRST = EXAMPLES[0]
(TRANSCRIPT,) = [text for kind, text in FENCED if kind == "transcript"]
SLIPS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| (.+) \|$", GUIDE, re.M)
#: What a few lines of the guide stand on: the answer that the first script saves.
BEFORE = "# Start\nAsk: From 1 to 10, how close did you feel?\n  scale 1 to 10, save as closeness\n"


def whole(example: str) -> str:
    """An example as a script: with a head, a beginning, an end, and the sections that it leads to."""
    if example.startswith("Script:"):
        return example
    if "# " not in example:
        named = re.findall(r"go to (.+)", example, re.I)
        ends = "" if example.splitlines()[-1].startswith("Go to") else "End: Bye.\n"
        example = BEFORE + example + ends + "".join(f"\n# {name}\nEnd: Bye.\n" for name in named)
    return f"Script: Example\n{example}"


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_has_no_errors(example: str) -> None:
    _, problems = check_text(whole(example), known_beside())
    assert [problem for problem in problems if not problem.warning or example in GUIDE] == []


def test_the_first_script_is_played_as_the_guide_shows_it() -> None:
    gate, at = Gate.load(PROJECT / "data"), datetime(2027, 1, 4, 18, 0)
    trial = Trial(read(FIRST).script, {}, gate, at, EXAMPLE_NAMES)
    lines, bubbles = [], trial.begin()
    for answer in [*re.findall(r"^you: (.+)$", TRANSCRIPT, re.M), None]:
        lines += [f"bot: {bubble.text}" for bubble in bubbles if not isinstance(bubble, Aside)]
        if answer is not None:
            lines.append(f"you: {answer}")
            bubbles = trial.hear(answer)
    assert lines == TRANSCRIPT.splitlines()
    assert trial.done


def test_the_picture_in_the_guide_is_todays(tmp_path: Path) -> None:
    (shown,) = re.findall(r"!\[.+\]\((.+\.svg)\)", GUIDE)
    draw(read(FIRST).script, tmp_path / "first.svg")
    written = (PROJECT / "docs" / shown).read_text(encoding="utf-8")
    assert written == (tmp_path / "first.svg").read_text(encoding="utf-8"), "draw the guide's first script again"


@pytest.mark.parametrize(("meant", "written", "said"), SLIPS)
def test_a_slip_gives_the_message_that_the_guide_quotes(meant: str, written: str, said: str) -> None:
    lines = FIRST.splitlines()
    at = lines.index(meant)
    lines[at] = written
    _, problems = check_text("\n".join(lines), known_beside())
    assert [problem.text for problem in problems] == [said]
    assert problems[0].line in (at, at + 1), "on its own line; how to answer is missed at the question above"


def test_the_guide_is_short_and_in_plain_words() -> None:
    assert len(SLIPS) == 5
    assert len(GUIDE.splitlines()) <= 120
    prose = re.sub(r"```.*?```", "", GUIDE, flags=re.S)
    prose = re.sub(r"`[^`]*`|^\|.*$|^#.*$|!?\[[^\]]*\]\([^)]*\)", "", prose, flags=re.M)
    found = grade(prose)
    assert found is not None and found.years <= 8
    assert not re.search(r"\b(branch\w*|variables?|syntax|parse\w*|execut\w+|strings?|boolean|loops?)\b", prose, re.I)


def test_every_command_of_the_guide_is_there() -> None:
    from bot.script_commands import script_app

    there = {
        command.name or command.callback.__name__ for command in script_app.registered_commands if command.callback
    }
    assert set(re.findall(r"`toward script (\w+)", GUIDE)) <= there


def test_every_keyword_and_every_filter_is_explained() -> None:
    page = PAGES["script-reference.md"].casefold()
    assert [word for word in KEYWORDS if word.casefold() not in page] == []
    assert [word for word in FILTER_WORDS if f"`{word}`" not in page and word != "low energy"] == []


def test_the_schema_is_todays() -> None:
    written = json.loads((PROJECT / "docs" / "script-schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(Script.schema_json()), "write it again: toward script schema > docs/script-schema.json"
