"""The repository as a whole: what anyone who clones it may rely on, whatever file they open."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli import app
from bot.content.nlu import read_nlu
from bot.engine.training import Sources
from bot.settings import PROJECT, Settings

#: Written by others, or by a program; what they say is not the project's to choose.
FOREIGN = ("uv.lock", "bot/web/vendor/", "tests/web/vendor/", "bot/understanding/tokenizer/", "LICENSE")
#: Put together here, so that this file doesn't hold what it looks for.
MACHINE = tuple("/" + "/".join(parts) for parts in (("work", ""), ("root", ""), ("opt", "pypi"), ("tmp", "bash_")))
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + r"XX)\b")
TELEGRAM_TOKEN = re.compile(r"\b\d{8,10}:[\w-]{35}\b")
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")
#: Code in a page: a block between fences, an indented line, words between backticks.
CODE = re.compile(r"^```.*?\n(.*?)^```|^ {4,}(\S.*)$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
TOLD = re.compile(r"(?:^|[ /])(?P<program>make|toward) (?P<rest>[a-z](?:[a-z ]|(?<=[a-z])-(?=[a-z]))*)")
VARIABLE = re.compile(r"\b(?:TOWARD_[A-Z_]+|TELEGRAM_[A-Z_]+|DATABASE_URL|PUBLIC_URL)\b")
TARGET = re.compile(r"^(?P<name>[a-z-]+):.*?(?:## (?P<says>.+))?$", re.MULTILINE)


def tracked(*endings: str) -> list[Path]:
    """Files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    found = sorted({PROJECT / name for name in listed if name and name.endswith(endings or ("",))})
    return [file for file in found if file.is_file()]


def shown(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    for file in tracked():
        try:
            yield shown(file), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def own_texts() -> list[tuple[str, str]]:
    return [(name, text) for name, text in texts() if not name.startswith(FOREIGN)]


def pages() -> list[tuple[str, str]]:
    return [(shown(file), file.read_text(encoding="utf-8")) for file in tracked(".md") if shown(file) not in FOREIGN]


def targets() -> Mapping[str, str]:
    """Targets of the Makefile with what `make help` says of them; empty where it says nothing."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return {found["name"]: found["says"] or "" for found in TARGET.finditer(makefile)}


def commands(group: Any, before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every command of the command line, such as ("person", "erase")."""
    found: set[tuple[str, ...]] = set()
    for name, command in getattr(group, "commands", {}).items():
        found |= {(*before, name)} | commands(command, (*before, name))
    return found


def unknown_commands(page: str) -> list[str]:
    """What a page tells its reader to type, and what doesn't exist."""
    known = commands(typer.main.get_command(app))
    groups = {command[:1] for command in known if len(command) == 2}
    missing = []
    lines = [line.partition("#")[0] for block in CODE.findall(page) for line in "".join(block).splitlines()]
    for told in (told for line in lines for told in TOLD.finditer(line)):
        words = tuple(told["rest"].split())
        if told["program"] == "make":
            exists = words[0] in targets()
        else:
            exists = words[:2] in known if words[:1] in groups and len(words) > 1 else words[:1] in known
        if not exists:
            missing.append(told.group().strip(" /"))
    return missing


def trained_on() -> dict[str, set[str]]:
    """Files under data/ that are of Rasa's form, with what they hold: nlu, rules, stories."""
    kinds = {"nlu", "rules", "stories"}
    found = {}
    for file in tracked(".yml"):
        if shown(file).startswith("data/"):
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            if isinstance(content, dict) and kinds & set(content):
                found[shown(file)] = kinds & set(content)
    return found


def test_no_file_names_a_path_of_this_machine() -> None:
    assert [(name, path) for name, text in texts() for path in MACHINE if path in text] == []


def test_no_file_holds_a_token_or_a_private_key() -> None:
    assert TELEGRAM_TOKEN.search("say 123456789:" + "a" * 35)
    assert [name for name, text in texts() if TELEGRAM_TOKEN.search(text) or PRIVATE_KEY.search(text)] == []


def test_nothing_is_left_to_be_done_later() -> None:
    assert [name for name, text in own_texts() if UNFINISHED.search(text)] == []


def test_nothing_that_a_patch_or_an_editor_leaves_behind_is_kept() -> None:
    assert [shown(file) for file in tracked(".orig", ".rej", ".bak", ".swp", "~", ".pyc")] == []


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = []
    for file in tracked(".py"):
        source = file.read_text(encoding="utf-8")
        if not source.strip() and file.name == "__init__.py" and shown(file).startswith("tests/"):
            continue  # it only marks a folder of tests
        said = ast.get_docstring(ast.parse(source)) or ""
        if not source.startswith('"""') or len(said.partition("\n")[0].split()) < 4:
            silent.append(shown(file))
    assert silent == []


def test_every_type_that_is_not_checked_is_named() -> None:
    bare = re.compile(r"# type: " + r"ignore(?!\[[a-z-]+(?:, [a-z-]+)*\])")
    assert [name for name, text in own_texts() if name.endswith(".py") and bare.search(text)] == []


def test_every_type_that_the_program_does_not_check_has_a_reason_beside_it() -> None:
    unexplained = re.compile(r"# type: " + r"ignore\[[^\]]*\](?!  # \w)")
    program = [(name, text) for name, text in own_texts() if name.startswith(("bot/", "actions/", "benchmarks/"))]
    assert [name for name, text in program if unexplained.search(text)] == []


def test_every_room_has_its_place_among_the_layers() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter", encoding="utf-8")
    placed = set(re.findall(r"[\w.]+", contracts["importlinter:contract:layers"]["layers"]))
    modules = {".".join(file.relative_to(PROJECT).with_suffix("").parts[:2]) for file in tracked(".py")}
    rooms = {name for name in modules if name.startswith("bot.") and not name.startswith("bot.__")} | {"actions"}
    assert rooms == placed


def test_a_command_that_does_not_exist_would_be_found_in_a_page() -> None:
    page = (
        "To\nmake sure: `make run`, `toward person erase tg:1`, `toward person forgive`\n\n"
        "    make nothing\n\n```sh\nTOWARD_PORT=1 make chat  # make do\n.venv/bin/toward nowhere --now\n```\n"
    )
    assert sorted(unknown_commands(page)) == ["make nothing", "toward nowhere", "toward person forgive"]


def test_every_command_that_a_page_names_exists() -> None:
    written = [(name, page) for name, page in pages() if not name.endswith("dialogues.md")]  # there people talk
    assert [(name, told) for name, page in written for told in unknown_commands(page)] == []


def test_every_target_that_the_makefile_promises_is_made_whether_or_not_a_file_has_its_name() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == {name for name, says in targets().items() if says}


def test_every_variable_that_a_page_names_can_be_set() -> None:
    known = {field.field_info.extra["env"] for field in Settings.__fields__.values()}
    used = {name for file in tracked(".py") for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    assert known <= used
    assert [
        (name, variable) for name, page in pages() for variable in VARIABLE.findall(page) if variable not in used
    ] == []


def test_all_that_rasa_learns_from_is_trained_on_and_makes_an_old_model_stale() -> None:
    read = {shown(file) for file in Sources(PROJECT).files() if shown(file).startswith("data/")}
    themes = {name for name in read if name.startswith("data/themes")}
    assert read - themes == set(trained_on())
    assert themes == {"data/themes.yml", *(shown(file) for file in (PROJECT / "data" / "themes").glob("*.yml"))}


def test_the_examples_that_rasa_reads_are_the_ones_that_are_checked() -> None:
    checked = {shown(example.file) for examples in read_nlu(PROJECT / "data").values() for example in examples}
    assert checked == {name for name, holds in trained_on().items() if "nlu" in holds}


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "endpoints.yml", "credentials.yml"])
def test_rasas_own_tools_find_their_files_where_they_look(name: str) -> None:
    assert isinstance(yaml.safe_load((PROJECT / name).read_text(encoding="utf-8")), dict)
