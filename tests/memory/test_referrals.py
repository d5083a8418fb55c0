"""Once a year somebody asks how often people were shown help: numbers, and nobody's name."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.errors import MemoryFault
from bot.memory.database import Database
from bot.memory.models import ReferralRow
from bot.memory.referrals import referrals
from bot.memory.turn import unlock
from tests.conftest import MovedClock
from tests.conversation.house import Rig


def test_each_time_helplines_are_shown_is_counted(rig: Rig) -> None:
    rig.says("I want to kill myself")
    rig.says("he hit me and I am scared of him", who="ben")
    rig.says("I'm going to kill myself", who="ben")
    counted = {(topic, level): count for _, topic, level, count in referrals(rig.database)}
    assert counted == {("self_harm", "alarm"): 2, ("abuse", "alarm"): 1}


def test_a_question_without_helplines_is_not_counted(rig: Rig) -> None:
    rig.says("they'd be better off without me")
    assert referrals(rig.database) == []


def test_a_new_year_begins_a_new_count(rig: Rig, clock: MovedClock) -> None:
    rig.says("I want to kill myself")
    clock.move(days=400)
    rig.says("I want to kill myself")
    years = [year for year, *_ in referrals(rig.database)]
    assert len(years) == 2 and years[0] > years[1]


def test_nothing_in_the_counts_leads_to_a_person() -> None:
    assert {column.name for column in sa.inspect(ReferralRow).columns} == {"year", "topic", "level", "count"}


def test_a_turn_that_fails_counts_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(session: object) -> None:
        raise MemoryFault("no room")

    rig.arrives("I want to kill myself")
    with monkeypatch.context() as patched:
        patched.setattr(rig.database, "commit", refuse)
        with pytest.raises(MemoryFault):
            rig.answer()
    assert referrals(rig.database) == []


def test_the_lock_is_lifted_from_outside_and_stays_lifted(rig: Rig) -> None:
    locked: list[bool] = []
    from bot.memory.turn import current_turn

    rig.engine.does = lambda text: locked.append(bool(current_turn() and current_turn().locked))  # type: ignore[union-attr]
    rig.says("he hit me and I am scared of him")
    rig.says("the weather was nice today")
    unlock(rig.database, "web:anna", rig.clock())
    rig.says("we had soup for dinner")
    assert locked == [True, False]


def test_words_in_the_chat_do_not_lift_the_lock(rig: Rig) -> None:
    rig.says("he hit me and I am scared of him")
    assert "not from inside this chat" in rig.says("unlock")[0].text


def test_lifting_the_lock_of_nobody_says_so(database: Database) -> None:
    with pytest.raises(MemoryFault, match="There is no conversation"):
        unlock(database, "web:nobody", 0.0)
