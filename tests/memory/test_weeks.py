"""What is noted of a person's weeks is theirs: kept only where they agreed, sealed, and gone when they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.reply import Reply
from bot.errors import ContentError
from bot.memory.measures import Measures, note_kept
from bot.memory.turn import current_turn
from bot.memory.weeks import WEEKS, Reaches, note, weeks_of
from bot.scripts.folder import shipped
from bot.scripts.tree import Ask, steps_of
from tests.conversation.house import Rig

LONELY = ("lonely_companion", "lonely_left_out", "lonely_apart")


def kept(rig: Rig, *answers: dict[str, Any], agreed: bool = True) -> None:
    """One turn for each: what a script kept is noted."""

    def does(text: str) -> Sequence[Reply]:
        turn = current_turn()
        assert turn is not None
        if agreed and not turn.consented:
            turn.set_consent(True)
        note_kept(turn, answers[int(text.split()[-1])])
        return [Reply("noted")]

    rig.engine.does = does
    for number in range(len(answers)):
        rig.says(f"number {number}")


def reaches(rig: Rig) -> Reaches:
    found: list[Reaches] = []

    def does(text: str) -> Sequence[Reply]:
        turn = current_turn()
        assert turn is not None
        weeks = weeks_of(turn)
        found.append(weeks.reaches(weeks.since))
        return [Reply("seen")]

    rig.engine.does = does
    rig.says("how many")
    return found[0]


def test_what_a_script_kept_is_noted_with_its_time(rig: Rig) -> None:
    kept(rig, {"closeness": 7, "their_reach": "I saw it too late", "willing": "yes", "step": "tea"})
    weeks = rig.remembered()[WEEKS]
    at = int(rig.clock()) // 60 * 60
    assert weeks == {"closeness": [[at, 7]], "reach": [[at, "missed"]], "kept": [[at, "talk"]]}


def test_somebody_who_did_not_agree_leaves_no_weeks_behind(rig: Rig) -> None:
    kept(rig, {"closeness": 7}, agreed=False)
    assert WEEKS not in rig.remembered()


def test_weeks_are_sealed_in_the_database(rig: Rig) -> None:
    kept(rig, {"my_reach": "It went by"})
    with rig.database.session() as session:
        stored = session.execute(sa.text("SELECT value FROM memory WHERE key = 'weeks'")).scalar_one()
    assert b"made" not in bytes(stored)


def test_loneliness_counts_only_where_all_three_questions_were_answered(rig: Rig) -> None:
    kept(rig, dict.fromkeys(LONELY, "Often"), dict.fromkeys(LONELY[:2], "Often"), dict.fromkeys(LONELY, "Hardly ever"))
    assert [value for _, value in rig.remembered()[WEEKS]["loneliness"]] == [9, 3]


def test_reaches_that_nobody_met_are_noticed_and_one_that_was_met_is_enough_to_go_on(rig: Rig) -> None:
    went_by, met = {"my_reach": "It went by"}, {"my_reach": "We met for a moment"}
    kept(rig, went_by, went_by, went_by)
    assert reaches(rig) == Reaches(made=3)
    kept(rig, went_by)
    assert reaches(rig) == Reaches(made=4, alone=True)
    kept(rig, met)
    assert reaches(rig) == Reaches(made=5)


def test_old_notes_make_room_for_new_ones(rig: Rig) -> None:
    def does(text: str) -> Sequence[Reply]:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)
        for number in range(450):
            note(turn, "closeness", number % 11)
        return [Reply("noted")]

    rig.engine.does = does
    rig.says("a year")
    assert len(rig.remembered()[WEEKS]["closeness"]) == 400


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*Measures.load().scales, *Measures.load().words, *LONELY]), st.text() | st.integers()
    )
)
def test_whatever_a_script_keeps_under_these_names_only_what_fits_is_noted(answers: dict[str, Any]) -> None:
    for what, value in Measures.load().of(answers):
        assert value in ({"reach": ("made", "met", "toward", "missed"), "kept": ("talk",)}.get(what) or range(11))


def test_every_title_that_the_scripts_offer_is_understood() -> None:
    measures = Measures.load()
    asked = {}
    for script in shipped().values():
        for ask in (step for section in script.sections for step in steps_of(section.steps) if isinstance(step, Ask)):
            asked.setdefault(ask.save_as, set()).update(choice.title for choice in ask.choices)
    for name in ("my_reach", "their_reach"):
        assert asked[name] == set(measures.words[name][1])
    for name in measures.lonely:
        assert asked[name] == set(measures.points)
    assert set(measures.scales) <= set(asked)


def test_a_broken_file_of_measures_is_named(tmp_path: Path) -> None:
    file = tmp_path / "measures.yml"
    file.write_text("scales: {mood: [mood]}\nloneliness: {asks: [], points: {}}\nwords: {}\n")
    with pytest.raises(ContentError, match="mood"):
        Measures.load(file)
    file.write_text("scales: 3")
    with pytest.raises(ContentError, match="can't be used"):
        Measures.load(Path(str(file)))
