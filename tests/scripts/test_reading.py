"""A script is read as it is meant, however it was typed or pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.scripts.checker import check_text
from bot.scripts.folder import read_file
from bot.scripts.formatting import formatted, meaning
from bot.scripts.reading import KEYWORDS, read
from bot.scripts.tree import Ask, End, GoTo, If, Remind, Run, Say, Suggest
from tests.scripts.corpus import cases, known

SAMPLE = (Path(__file__).parent / "week_1.txt").read_text(encoding="utf-8")


def test_the_sample_is_read_whole() -> None:
    found, problems = check_text(SAMPLE, known())
    assert problems == ()
    script = found.script
    assert (script.name, script.audience) == ("Week 1 - noticing bids", "one partner, adults")
    assert script.keep == ("closeness", "noticed_bid")
    assert [section.name for section in script.sections] == ["Start", "The moment", "Hard week", "Small step"]
    start = script.sections[0].steps
    assert [step.step for step in start] == ["say", "ask", "if", "ask", "reflect", "if", "ask", "say", "go to"]
    assert isinstance(start[1], Ask) and (start[1].low, start[1].high, start[1].save_as) == (1, 10, "closeness")
    assert isinstance(start[3], Ask) and start[3].optional and start[3].how == "free text"
    assert isinstance(start[6], Ask) and [choice.go_to for choice in start[6].choices] == ["The moment", "", ""]
    suggest, homework, remind, end = script.sections[3].steps
    assert isinstance(suggest, Suggest) and suggest.filters == ("low effort", "under 10 minutes", "free")
    assert isinstance(remind, Remind) and (remind.seconds, remind.at, remind.script) == (172800, "19:00", "Step review")
    assert isinstance(end, End) and homework.step == "homework"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("  scale", "\tscale").replace("  - ", "\t- "),
        lambda text: text.replace("  - ", "  • "),
        lambda text: text.replace("  - ", "- "),
        lambda text: text.replace("Ask:", "ASK :").replace("Go to", "go to").replace("If ", "IF "),
        lambda text: text.replace("save as", "Save as").replace("Small step", "small  step"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "// a note to myself\n" + text,
    ],
)
def test_what_is_only_form_changes_nothing(change: object) -> None:
    changed = change(SAMPLE)  # type: ignore[operator]
    assert _folded(meaning(changed)) == _folded(meaning(SAMPLE))


def test_curly_quotes_in_names_are_no_other_name() -> None:
    text = "Script: T\n# It’s hard\nHello.\nGo to It's over\n# It’s over\nEnd: Bye.\n"
    assert check_text(text, known())[1] == ()


def test_an_indented_if_takes_its_lines_and_otherwise_the_others() -> None:
    text = (
        "Script: T\n# Start\nAsk: Ok?\n  yes or no, save as ok\nIf ok is yes:\n  Good.\n  Go to B\n"
        "Otherwise:\n  Not good.\nEnd: Bye.\n# B\nEnd: B."
    )
    step = read(text).script.sections[0].steps[1]
    assert isinstance(step, If)
    assert [type(one) for one in step.then] == [Say, GoTo]
    assert [type(one) for one in step.otherwise] == [Say]


def test_a_sentence_may_begin_like_a_keyword() -> None:
    said = "If it feels hard, rest a while.\n\nRun a bath, or go to bed early tonight and leave all of the dishes."
    text = f"Script: T\n# Start\n{said}\nEnd: Bye."
    steps = read(text).script.sections[0].steps
    assert [step.step for step in steps] == ["say", "say", "end"]
    assert not any(isinstance(step, Run) for step in steps)


def test_a_paragraph_is_one_bubble_and_a_blank_line_begins_the_next() -> None:
    steps = read("Script: T\n# Start\nOne\ntwo.\n\nThree.\nEnd:").script.sections[0].steps
    assert [step.texts for step in steps if isinstance(step, Say)] == [("One two.",), ("Three.",)]


@pytest.mark.parametrize(
    "case", [case for case in cases() if not read(case.whole).problems], ids=lambda case: case.title
)
def test_tidying_never_changes_the_meaning(case: object) -> None:
    whole = case.whole  # type: ignore[attr-defined]
    assert meaning(formatted(whole)) == meaning(whole)
    assert formatted(formatted(whole)) == formatted(whole)


def test_tidying_keeps_comments_and_leaves_a_tidy_text_alone() -> None:
    assert formatted(SAMPLE) == SAMPLE
    assert "// mine" in formatted("Script: T\n// mine\n# Start\nEnd: Bye.")
    with pytest.raises(ContentError, match="toward script check"):
        formatted("Askk: x")


_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [f"{word}: x" for word in KEYWORDS]
            + ["# A", "  - Yes: go to A", "  scale 1 to 3, save as a", "If a is 2:", ""]
        ),
        st.text(max_size=30),
    ),
    max_size=12,
)


@given(_LINES)
def test_no_text_whatever_makes_checking_fail(lines: list[str]) -> None:
    text = "\n".join(lines)
    found, problems = check_text(text, known())
    assert all(1 <= problem.line <= max(1, len(found.lines)) for problem in problems)
    if not found.problems:
        assert meaning(formatted(text)) == meaning(text)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(ContentError, match="Plain text"):
        read_file(tmp_path / "a.docx")
    with pytest.raises(ContentError, match="Check the name"):
        read_file(tmp_path / "none.txt")
    (tmp_path / "b.txt").write_bytes("Script: Grüße".encode("utf-16"))
    assert read_file(tmp_path / "b.txt") == "Script: Grüße"
    (tmp_path / "c.txt").write_bytes("Script: Grüße".encode("cp1252"))
    assert read_file(tmp_path / "c.txt") == "Script: Grüße"


def _folded(node: object) -> object:
    if isinstance(node, dict):
        return {key: _folded(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_folded(value) for value in node]
    return " ".join(node.casefold().split()) if isinstance(node, str) else node


@pytest.mark.parametrize(
    "said",
    [
        "End the day with a cup of tea.",
        "Ask yourself what you need.",
        "Ask Sam tonight: what would help you?",
        "Homework is a big word for it.",
        "Show them that you care.",
        "Wait five minutes before you answer.",
        "Remind yourself that it counts.",
        "Suggest it in a calm hour.",
        "For one evening, leave it be.",
        "Keep it small.",
        "The end is near, and so is the weekend.",
        "Some of it we know: rest helps.",
    ],
)
def test_what_only_begins_like_a_keyword_is_said(said: str) -> None:
    found = read(f"Script: T\n# Start\nHello.\n{said}\nEnd: Bye.\n")
    assert found.problems == ()
    first = found.script.sections[0].steps[0]
    assert isinstance(first, Say) and first.texts == (f"Hello. {said}",)


def test_end_on_a_line_of_its_own_ends() -> None:
    for end in ("End", "END.", "End:"):
        assert isinstance(read(f"Script: T\n# Start\nHello.\n{end}\n").script.sections[0].steps[-1], End)
