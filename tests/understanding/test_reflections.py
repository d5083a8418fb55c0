"""The authored lines: enough of them, chosen by what was understood, and not the same one again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from bot.errors import ContentError
from bot.library.checks import SAME_WORDS
from bot.settings import PROJECT
from bot.understanding.heard import Feeling, Heard
from bot.understanding.reflections import Reflection, Reflections
from bot.understanding.themes import Themes

THEMES = Themes.load(PROJECT / "data" / "themes.yml")
FOLDER = PROJECT / "data" / "reflections"
SHIPPED = Reflections.load(FOLDER, THEMES.listed, THEMES.listed_feelings)


def chosen(situation: str, heard: Heard = Heard(), facts: str = "theirs partner", adding: bool = True) -> Reflection:
    return SHIPPED.choose([situation], heard, facts.split(), adding=adding, room=40, said={})


def felt(name: str, said: bool = True) -> Heard:
    return Heard(feelings=(Feeling(name, "plain", said),))


def test_there_are_six_hundred_and_half_of_them_add_a_feeling_or_a_need() -> None:
    assert len(SHIPPED.all) >= 600
    assert sum(reflection.adds != "nothing" for reflection in SHIPPED.all) * 2 >= len(SHIPPED.all)


def test_no_two_read_alike() -> None:
    words = [(one.text, set(one.text.casefold().replace(".", "").replace(",", "").split())) for one in SHIPPED.all]
    for at, (text, these) in enumerate(words):
        for other, those in words[at + 1 :]:
            assert len(these & those) <= SAME_WORDS * len(these | those), f"{text} / {other}"


def test_every_situation_has_enough_to_go_round_without_a_feeling_or_a_fact() -> None:
    plain = Counter(one.situation for one in SHIPPED.all if one.feeling == one.strength == "any" and not one.facts)
    assert min(plain.values()) >= 7, plain


def test_nobody_reads_the_same_line_twice_in_twenty_turns() -> None:
    said: dict[str, int] = {}
    for turn in range(60):
        line = SHIPPED.choose(["unseen"], Heard(), ["theirs"], adding=turn % 3 != 2, room=40, said=said, chance=turn)
        assert line.key not in said
        said = {key: since + 1 for key, since in said.items() if since < 19} | {line.key: 0}


def test_a_feeling_that_was_only_guessed_is_not_taken_up_as_said() -> None:
    assert chosen("conflict", felt("angry")).feeling == "angry"
    assert chosen("conflict", felt("angry", said=False)).feeling == "any"


def test_strong_words_are_kept_for_who_speaks_strongly() -> None:
    for number in range(40):
        line = SHIPPED.choose(["betrayal"], Heard(), ["theirs"], adding=True, room=40, said={}, chance=number)
        assert line.strength == "any"


def test_the_partner_is_only_spoken_of_where_there_is_one() -> None:
    lines = [SHIPPED.choose(["lonely"], Heard(), [], adding=True, room=40, said={}, chance=at) for at in range(40)]
    assert not any("{partner}" in line.text for line in lines)


def test_who_had_the_affair_is_not_told_about_trust_that_was_broken() -> None:
    for number in range(40):
        line = SHIPPED.choose(["betrayal"], Heard(), ["mine"], adding=True, room=40, said={}, chance=number)
        assert "theirs" not in line.facts


def test_an_unknown_theme_is_met_with_a_line_that_fits_anything() -> None:
    assert chosen("weather").situation == "anything"


def test_a_short_room_is_kept() -> None:
    assert len(SHIPPED.choose(["grief"], Heard(), [], adding=True, room=12, said={}).text.split()) <= 12


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("- for: {adds: nothing, feeling: green}\n  say: [So.]\n", "green is no feeling"),
        ("- for: {adds: nothing, facts: [monday]}\n  say: [So.]\n", "monday is no fact"),
        ("- for: {adds: much}\n  say: [So.]\n", "adds"),
        ("- for: {adds: nothing}\n  say: [Is that so?]\n", "asks nothing"),
        ("- for: {adds: nothing}\n  say: ['{name} said so.']\n", "in braces"),
        ("text\n", "not a list of groups"),
    ],
)
def test_a_broken_file_is_named_with_its_group(tmp_path: Path, broken: str, says: str) -> None:
    folder = Path(copytree(FOLDER, tmp_path / "reflections"))
    (folder / "unseen.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        Reflections.load(folder, THEMES.listed, THEMES.listed_feelings)


def test_a_file_for_an_unknown_theme_is_refused(tmp_path: Path) -> None:
    folder = Path(copytree(FOLDER, tmp_path / "reflections"))
    (folder / "weather.yml").write_text("- for: {adds: nothing}\n  say: [So.]\n", encoding="utf-8")
    with pytest.raises(ContentError, match="no theme weather"):
        Reflections.load(folder, THEMES.listed, THEMES.listed_feelings)
