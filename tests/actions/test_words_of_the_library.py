"""What the library says in a conversation, through the trained coach: patterns others know, follow-ups, good news."""

from __future__ import annotations

from actions.common import shelf
from actions.cycles import half_of
from tests.actions.conftest import Talk

OFFERED = ("he is on his phone all evening", "[No, only for now]", "[Skip this]", "i want ideas")
FEARS = "i'm scared of him, he hit me last night"


def test_somebody_who_tells_of_screens_is_shown_the_pattern_of_screens_first(talk: Talk) -> None:
    shown = " ".join(talk(*OFFERED, "[Patterns others know]"))
    near = [cycle for cycle in shelf().cycles if "screens" in cycle.themes]
    assert any(cycle.goes_round in shown for cycle in near)


def test_a_yes_leads_to_both_halves_and_a_half_to_its_own_move(talk: Talk) -> None:
    inside = " ".join(talk(*OFFERED, "[Patterns others know]", "yes"))
    cycle = next(cycle for cycle in shelf().cycles if cycle.one_inside in inside)
    assert cycle.other_inside in inside
    moved = " ".join(talk(f"[{cycle.one}]"))
    assert cycle.one_move in moved
    assert "guess" in moved
    assert cycle.other_move not in moved


def test_another_one_shows_another_until_none_is_left_and_then_asks_for_their_own(talk: Talk) -> None:
    shown = [" ".join(talk(*OFFERED, "[Patterns others know]"))]
    while "[Show me another]" in shown[-1]:
        shown.append(" ".join(talk("[Show me another]")))
    assert len(set(shown)) == len(shown) > sum(1 for cycle in shelf().cycles if not cycle.when_told)
    assert "[See our pattern]" in shown[-1]
    assert not [cycle.id for cycle in shelf().cycles if cycle.themes == ("betrayal",) and cycle.moment in str(shown)]


def test_a_half_that_is_gone_from_the_library_is_none() -> None:
    assert half_of("cycle-of-last-year:one") is None
    assert half_of("cycle-two-screens:third") is None


def test_somebody_who_is_not_safe_is_shown_no_pattern_of_two(talk: Talk) -> None:
    talk(*OFFERED)
    talk(FEARS)
    talk("no")
    answer = " ".join(talk("[Patterns others know]"))
    assert not any(cycle.moment in answer or cycle.goes_round in answer for cycle in shelf().cycles)


def test_news_of_work_is_met_with_a_reply_about_work(talk: Talk) -> None:
    answer = " ".join(talk("good news, i got the job, i'm so happy!"))
    assert any(reply.text in answer for reply in shelf().good_news if reply.about == "work")
