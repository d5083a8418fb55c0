"""What went well comes more often, what hurt stays away for a while, and the unknown is still tried."""

from __future__ import annotations

from random import Random

import pytest

from bot.library import Filters, Shelf
from bot.library.liking import AWAY_DAYS, Happened, Liking, Outcome, giving_rests, likeness
from bot.library.schema import Idea, KindnessIdea, Suggestion

#: Days since 1970, as good as any.
TODAY = 20_000


def channels(ideas: list[Idea]) -> set[str]:
    return {channel for idea in ideas if isinstance(idea, Suggestion) for channel in idea.felt_as}


def rounds(shelf: Shelf, likes: str, seed: int, count: int) -> list[list[Idea]]:
    """What is offered, day by day, to a person who does what is felt as `likes` and leaves the rest undone."""
    happened: list[Happened] = []
    seen: list[str] = []
    offered = []
    for day in range(count):
        liking = Liking(tuple(happened), frozenset(seen) - {each.idea for each in happened}, TODAY + day)
        ideas = shelf.pick("kindness", Filters(), seen, rng=Random(seed * 1000 + day), liking=liking)
        seen += [idea.id for idea in ideas]
        offered.append(ideas)
        wanted = next((idea for idea in ideas if likes in channels([idea])), None)
        if wanted is not None:
            happened.append(Happened(wanted.id, "done", TODAY + day))
        else:
            happened.append(Happened(ideas[0].id, "not_done", TODAY + day))
    return offered


@pytest.mark.parametrize("likes", ["help", "words"])
def test_what_a_person_does_comes_more_often_as_time_goes_on(shelf: Shelf, likes: str) -> None:
    early = late = 0
    for seed in range(8):
        offered = rounds(shelf, likes, seed, 12)
        early += sum(likes in channels([idea]) for ideas in offered[:4] for idea in ideas)
        late += sum(likes in channels([idea]) for ideas in offered[8:12] for idea in ideas)
    assert late > early


def test_two_people_who_like_different_things_are_offered_different_things(shelf: Shelf) -> None:
    def share(likes: str, of: str) -> float:
        ideas = [idea for seed in range(5) for three in rounds(shelf, likes, seed, 12)[4:] for idea in three]
        return sum(of in channels([idea]) for idea in ideas) / len(ideas)

    assert share("help", "help") > share("words", "help")
    assert share("words", "words") > share("help", "words")


def test_a_person_who_likes_one_thing_still_meets_every_other(shelf: Shelf) -> None:
    offered = [idea for three in rounds(shelf, "help", 3, 40) for idea in three]
    assert channels(offered) == {"words", "time", "help", "touch", "being_noticed"}


def test_however_much_was_learned_nothing_comes_twice_before_the_rest(shelf: Shelf) -> None:
    calm = sum("calm" in idea.mood for idea in shelf.kindness)
    seen = [idea.id for three in rounds(shelf, "help", 5, calm // 3) for idea in three]
    assert len(set(seen)) == len(seen)


def test_the_same_turn_worked_on_again_offers_the_same(shelf: Shelf) -> None:
    liking = Liking((Happened("warm-cup", "done", TODAY),), frozenset({"best-bite"}), TODAY)
    once, again = (shelf.pick("kindness", Filters(), [], rng=Random(9), liking=liking) for _ in range(2))
    assert once == again


def test_without_any_experience_chance_decides_as_before(shelf: Shelf) -> None:
    plain = shelf.pick("novelty", Filters(), [], rng=Random(4))
    assert shelf.pick("novelty", Filters(), [], rng=Random(4), liking=Liking(day=TODAY)) == plain


def test_what_is_much_like_an_idea_that_hurt_stays_away_and_comes_back_after_a_month(shelf: Shelf) -> None:
    hurt = shelf.by_id("one-soft-line")
    assert hurt is not None
    happened = (Happened(hurt.id, "backfired", TODAY),)

    def near(day: int) -> bool:
        liking, seen = Liking(happened, day=day), list[str]()
        for turn in range(15):
            ideas = shelf.pick("kindness", Filters(mood="after_a_fight"), seen, rng=Random(turn), liking=liking)
            seen += [idea.id for idea in ideas]
        return any(likeness(idea, hurt) >= 0.6 for idea in map(shelf.by_id, seen) if idea is not None)

    assert not near(TODAY + AWAY_DAYS - 1)
    assert near(TODAY + AWAY_DAYS)


def test_however_much_hurt_three_ideas_are_still_there(shelf: Shelf) -> None:
    everything = tuple(Happened(idea.id, "backfired", TODAY) for idea in shelf.kindness)
    assert len(shelf.pick("kindness", Filters(), [], rng=Random(1), liking=Liking(everything, day=TODAY))) == 3


def test_what_was_liked_a_year_ago_counts_less_than_what_is_liked_now(shelf: Shelf) -> None:
    words, help_ = (
        [idea for idea in shelf.kindness if idea.felt_as == (channel,) and not idea.for_self][:8]
        for channel in ("words", "help")
    )
    then = [Happened(idea.id, "done", TODAY - 365) for idea in words]
    now = [Happened(idea.id, "done", TODAY) for idea in help_]
    wins = 0
    for seed in range(40):
        value = Liking((*then, *now), day=TODAY).draw(shelf.by_id, Random(seed))
        assert value is not None
        wins += value(help_[0]) > value(words[0])
    assert wins > 28


def test_an_idea_that_has_left_the_library_teaches_nothing_and_breaks_nothing(shelf: Shelf) -> None:
    liking = Liking((Happened("gone", "backfired", TODAY),), frozenset({"gone-too"}), TODAY)
    assert len(shelf.pick("kindness", Filters(), [], rng=Random(2), liking=liking)) == 3


@pytest.mark.parametrize("locked", [True, False])
def test_no_experience_leads_past_safety(shelf: Shelf, locked: bool) -> None:
    loved = tuple(Happened(idea.id, "done", TODAY) for idea in shelf.kindness if not idea.for_self)
    for seed in range(20):
        for idea in shelf.pick(
            "kindness", Filters(mood="after_a_fight"), [], locked, rng=Random(seed), liking=Liking(loved, day=TODAY)
        ):
            assert isinstance(idea, KindnessIdea) or locked
            assert isinstance(idea, Suggestion)
            assert "after_a_fight" in idea.mood
            assert idea.for_self or not locked


@pytest.mark.parametrize(
    ("ends", "rests"),
    [
        (["unanswered", "unanswered"], False),
        (["unanswered", "unanswered", "unanswered"], True),
        (["answered", "unanswered", "backfired", "unanswered"], True),
        (["unanswered", "unanswered", "unanswered", "answered"], False),
        (["unanswered", "done", "unanswered", "planned", "unanswered"], True),
    ],
)
def test_giving_rests_after_three_kindnesses_in_a_row_to_which_nothing_came_back(
    ends: list[Outcome], rests: bool
) -> None:
    happened = [Happened("warm-cup", outcome, TODAY) for outcome in ends]
    assert giving_rests(happened, TODAY) is rests
    assert not giving_rests(happened, TODAY + 30)
