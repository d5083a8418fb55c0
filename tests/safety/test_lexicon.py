"""A broken lexicon or words file is told by file, entry and cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.safety.detector import Detector
from bot.safety.lexicon import read_lexicon
from bot.safety.words import read_words
from tests.safety.lists import DATA

LEXICON = DATA / "safety" / "lexicon.yml"
WORDS = DATA / "safety" / "words.yml"


def broken(tmp_path: Path, source: Path, old: str, new: str) -> Path:
    text = source.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / source.name
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  level: alarm", "  level: loud", 'entry "self_harm.kill_myself".*write hint, ask or alarm'),
        ("  scope: self", "  scope: me", 'entry "self_harm.kill_myself".*scope'),
        ("id: self_harm.kill_myself", "id: kill_myself", "topics: self_harm"),
        ("id: self_harm.suicidal", "id: self_harm.kill_myself", "stands there twice"),
        ("(kill|killing|killed) myself", "(kill|killing|killed myself", "self_harm.kill_myself.*stray"),
        ("(kill|killing|killed) myself", "I'm dead", "self_harm.kill_myself"),
        ("@partner ~3 @struck me", "@parter ~3 @struck me", "abuse.violence.*not one of the sets"),
        ("  level: alarm", "  level: alarm\n  weight: 3", "weight"),
        ("entries:", "entries: [", "not readable YAML"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = broken(tmp_path, LEXICON, old, new)
    with pytest.raises(ContentError, match=re.escape(str(file))) as caught:
        Detector.load(file)
    assert re.search(told, str(caught.value), re.DOTALL)


def test_a_missing_lexicon_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Put the file back"):
        Detector.load(tmp_path / "lexicon.yml")


def test_every_topic_has_entries_to_ask_and_to_alarm() -> None:
    levels: dict[str, set[str]] = {}
    for entry in read_lexicon(LEXICON).entries:
        levels.setdefault(entry.topic.value, set()).add(entry.level)
    assert set(levels) == {"self_harm", "abuse", "harm_to_others", "child_at_risk", "psychosis", "minor"}
    assert all({"ask", "alarm"} <= found for found in levels.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("review: clinical psychologist", "review: a friend", "nobody who reviews"),
        ("It's good that you told me.", "word " * 50, "50 is the most"),
        ("It's good that you told me.", "Are you there?", "two questions"),
        ("[lines, back]", "[lines, bakc]", "not under buttons"),
    ],
)
def test_a_broken_block_of_words_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        read_words(broken(tmp_path, WORDS, old, new))
