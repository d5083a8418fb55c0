"""What is wrong with the examples is told with file, line and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.nlu import Example, check_nlu, read_nlu
from bot.errors import ContentError

WORDS = (
    "amber birch cedar delta ember fjord grove haven islet jetty "
    "knoll larch maple north ocean pearl quill river stone thorn"
)


def many(count: int, start: int = 0) -> list[str]:
    """Sentences that share no opening."""
    names = WORDS.split()
    return [f"{names[n % 20]} {names[n // 20 % 20]} {n} was quiet" for n in range(start, start + count)]


def project(folder: Path, domain: str = "intents: [told, asked]", **intents: list[str]) -> Path:
    """A project with these examples; what is not given has forty good ones."""
    (folder / "data").mkdir()
    (folder / "domain.yml").write_text(domain, encoding="utf-8")
    wanted = {"told": many(40), "asked": many(40, start=100), **intents}
    blocks = [
        f"- intent: {name}\n  examples: |\n" + "".join(f"    - {e}\n" for e in group)
        for name, group in wanted.items()
        if group
    ]
    (folder / "data" / "nlu.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    return folder


def found(folder: Path) -> list[tuple[str, str]]:
    return [(finding.rule, finding.where) for finding in check_nlu(folder)[0]]


def test_good_examples_have_no_findings(tmp_path: Path) -> None:
    assert check_nlu(project(tmp_path)) == ([], 80)


def test_examples_are_read_from_every_file_with_their_lines(tmp_path: Path) -> None:
    project(tmp_path, told=["one two"], asked=[])
    (tmp_path / "data" / "nlu").mkdir()
    more = tmp_path / "data" / "nlu" / "asks.yml"
    more.write_text(
        "nlu:\n- synonym: x\n  examples: |\n    - y\n- intent: asked\n  examples: |\n    - a\n\n    - b\n",
        encoding="utf-8",
    )
    assert read_nlu(tmp_path / "data") == {
        "told": (Example("one two", "told", tmp_path / "data" / "nlu.yml", 5),),
        "asked": (Example("a", "asked", more, 7), Example("b", "asked", more, 9)),
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("nlu:\n- intent: told\n  examples: |\n    - a\n   - b\n", "line 5"),
        ("nlu:\n- intent: told\n  examples:\n    - a\n", 'line 4: the examples of told run together. Write "exam'),
        ("nlu:\n- intent: told\n  examples: >\n    - a\n    - b\n", "with the bar"),
        ("nlu:\n- intent: told\n  examples: |\n    - a\n    b\n", 'line 5: "b" is no example of told'),
        ("nlu:\n- intent: told\n  examples: |\n    - a\n      - b\n", 'line 5: "- b" is no example of told'),
        ("nlu:\n- intent: told\n  examples: |\n    - a\n    -\n", 'line 5: "-" is no example of told'),
        ("nlu:\n- intnet: told\n", "line 2: this is neither intent, synonym, lookup nor regex. Did you mean intent?"),
        ("nlu:\n- intent: told\n", "line 2: told has no examples"),
        ("nlu:\n- intent: told\n  examples: |\n    - a\n  examples: |\n    - b\n", 'line 5: "examples" stands twice'),
        ("nlu:\n- told\n", "line 2: there should be names here"),
        ("intents: [told]\n", 'line 1: there is no list under "nlu:"'),
        ("", 'line 1: there is no list under "nlu:"'),
        ("nlu:\n- intent: told\n\texamples: |\n", "spaces instead of a tab"),
    ],
)  # fmt: skip
def test_a_slip_in_the_file_stops_with_line_and_cure(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "nlu.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_nlu(tmp_path)
    assert str(error.value).startswith(f"{file}, line ")
    assert told in str(error.value)


def test_a_missing_file_is_a_finding_for_the_check_and_an_error_at_start(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Put the file back"):
        read_nlu(tmp_path / "data")
    findings, examples = check_nlu(tmp_path)
    assert [finding.rule for finding in findings] == ["nlu-file"]
    assert examples == 0


def test_an_intent_that_nothing_leads_to_is_found(tmp_path: Path) -> None:
    project(tmp_path, domain="intents: [told, asked, nlu_fallback, lost: {use_entities: []}]")
    assert found(tmp_path) == [("nlu-intent", "intent lost")]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("domain.yml", "intents: [told, asked, open_note]\nresponses: {u: [{buttons: [{payload: /open_note}]}]}\n"),
        ("data/channels/telegram.yml", "commands:\n  open_note: Open it\n"),
        ("actions/notes.py", "PAYLOAD = '/open_note{\"idea\": \"x\"}'\n"),
    ],
)  # fmt: skip
def test_an_intent_that_a_button_or_a_command_sends_needs_no_examples(tmp_path: Path, file: str, content: str) -> None:
    project(tmp_path, domain="intents: [told, asked, open_note]")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content, encoding="utf-8")
    assert found(tmp_path) == []


def test_a_project_may_lie_in_a_folder_that_is_called_like_a_room_of_data(tmp_path: Path) -> None:
    (tmp_path / "ideas").mkdir()
    buttons = "responses: {u: [{buttons: [{payload: /open_note}]}]}"
    assert found(project(tmp_path / "ideas", domain=f"intents: [told, asked, open_note]\n{buttons}\n")) == []


def test_examples_for_an_intent_that_the_domain_lacks_are_found_with_the_near_name(tmp_path: Path) -> None:
    findings, _ = check_nlu(project(tmp_path, domain="intents: [told, asks]"))
    assert [finding.rule for finding in findings] == ["nlu-intent", "nlu-intent"]
    assert "Did you mean asks?" in findings[1].message


def test_another_broken_file_does_not_hide_what_is_wrong_with_the_examples(tmp_path: Path) -> None:
    project(tmp_path, told=many(39))
    (tmp_path / "data" / "rules.yml").write_text("rules: a: b\n", encoding="utf-8")
    assert [rule for rule, _ in found(tmp_path)] == ["nlu-file", "nlu-few"]


@pytest.mark.parametrize(("count", "enough"), [(39, False), (40, True)])
def test_an_intent_has_forty_examples(tmp_path: Path, count: int, enough: bool) -> None:
    assert (found(project(tmp_path, told=many(count))) == []) is enough


@pytest.mark.parametrize(
    "twin", ["He's in the other room!", "hes in the other room", "HE’S in the [other room](place)"]
)
def test_the_same_words_are_found_whatever_their_case_and_marks(tmp_path: Path, twin: str) -> None:
    project(tmp_path, told=[*many(40), "he's in the other room"], asked=[*many(40, start=100), twin])
    assert [rule for rule, _ in found(tmp_path)] == ["nlu-same"]


def test_the_same_words_within_an_intent_are_found(tmp_path: Path) -> None:
    assert found(project(tmp_path, told=[*many(40), "yes", "Yes."])) == [("nlu-same", "line 46, told")]


def test_examples_of_marks_alone_are_told_apart(tmp_path: Path) -> None:
    assert found(project(tmp_path, told=[*many(40), "?", "!!", "👍"])) == []


def test_nearly_the_same_words_in_two_intents_are_found_and_in_one_they_are_not(tmp_path: Path) -> None:
    one, other = (
        "every night we sit there and look at two phones",
        "every night we sit there and look at two phones now",
    )
    project(tmp_path, told=[*many(40), one], asked=[*many(40, start=100), other])
    assert [rule for rule, _ in found(tmp_path)] == ["nlu-alike"]


def test_nearly_the_same_words_within_one_intent_are_allowed(tmp_path: Path) -> None:
    one, other = "every night we sit there and look at two phones", "so every night we sit there and look at two phones"
    assert found(project(tmp_path, told=[*many(40), one, other])) == []


def test_half_the_same_words_in_two_intents_are_allowed(tmp_path: Path) -> None:
    one, other = "every night we sit there and look at two phones", "every night we sit there and cry about our cat"
    assert found(project(tmp_path, told=[*many(40), one], asked=[*many(40, start=100), other])) == []


@pytest.mark.parametrize(
    ("plain", "alike", "smells"),
    [
        (60, 6, True),  # 6 of 66 are more than 8 %
        (98, 3, False),  # 3 of 101 are not
        (62, 2, False),  # two people may begin alike
        (40, 6, True),  # 6 of 46 are more than 12 %
        (40, 5, False),  # 5 of 45 are not
    ],
)
def test_a_sentence_filled_again_and_again_is_found(tmp_path: Path, plain: int, alike: int, smells: bool) -> None:
    filled = [f"i feel so {word} tonight" for word in WORDS.split()[:alike]]
    rules = [rule for rule, _ in found(project(tmp_path, told=[*many(plain), *filled]))]
    assert rules == (["nlu-template"] if smells else [])
