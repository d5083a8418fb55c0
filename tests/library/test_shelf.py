"""A person who asks for an idea is never left without one, never bored, and never put at risk."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library import Filters, Shelf
from bot.library.filters import RELAX_ORDER, distance
from bot.library.schema import (
    Channel,
    Cost,
    Energy,
    Kind,
    Mobility,
    Mood,
    Question,
    Rejection,
    Suggestion,
    Trouble,
)

from .conftest import SHIPPED

KINDS: tuple[Kind, ...] = get_args(Kind)
DOABLE: tuple[Kind, ...] = ("kindness", "novelty")
MOODS: tuple[Mood, ...] = get_args(Mood)
TROUBLES: list[frozenset[Trouble]] = [
    frozenset(some) for some in chain.from_iterable(combinations(get_args(Trouble), size) for size in range(4))
]
SHELF = Shelf.load(SHIPPED)


def maybe(values: object) -> st.SearchStrategy[object]:
    """One of the values of a Literal, or no wish at all."""
    return st.none() | st.sampled_from(get_args(values))


ANY_FILTERS = st.builds(
    Filters,
    mood=st.sampled_from(MOODS),
    trouble=st.sampled_from(TROUBLES),
    minutes=st.none() | st.integers(1, 240),
    cost=maybe(Cost),
    energy=maybe(Energy),
    setting=st.none() | st.sampled_from(["together", "apart"]),
    children_present=st.booleans(),
    at_home=st.booleans(),
    rejection=maybe(Rejection),
    partner_knows=st.sampled_from([None, False, True]),
    felt_as=st.frozensets(st.sampled_from(get_args(Channel)), max_size=2),
    mobility=maybe(Mobility),
    for_self=st.booleans(),
    depth=st.none() | st.integers(1, 4),
)


def safe(idea: object, filters: Filters) -> bool:
    """Says again, in the words of the rule, what may be offered."""
    if isinstance(idea, Suggestion):
        return filters.mood in idea.mood and not filters.trouble.intersection(idea.not_when)
    if isinstance(idea, Question):
        return idea.safe_when_tense or (filters.mood == "calm" and not filters.trouble)
    return True


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(KINDS), ANY_FILTERS, st.booleans(), st.integers(0, 2**16))
def test_whatever_a_person_asks_for_three_safe_ideas_come(
    kind: Kind, filters: Filters, locked: bool, seed: int
) -> None:
    ideas = SHELF.pick(kind, filters, [], locked, rng=Random(seed))
    assert len({idea.id for idea in ideas}) == 3
    assert all(safe(idea, filters) for idea in ideas)


@pytest.mark.parametrize(("kind", "mood", "trouble", "locked"), product(KINDS, MOODS, TROUBLES, [False, True]))
def test_the_hardest_wishes_in_every_mood_and_trouble_still_find_three(
    shelf: Shelf, kind: Kind, mood: Mood, trouble: frozenset[Trouble], locked: bool
) -> None:
    hardest = Filters(
        mood, trouble, 1, "free", "low", "together", True, True, "low", False, frozenset({"touch"}), "any", True, 1
    )
    assert len(shelf.pick(kind, hardest, [], locked, rng=Random(1))) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_offered_twice_until_the_rest_has_been_seen(shelf: Shelf, kind: Kind) -> None:
    rng, seen = Random(7), list[str]()
    everything = {idea.id for idea in getattr(shelf, kind) if safe(idea, Filters())}
    while len(seen) < len(everything):
        seen += [idea.id for idea in shelf.pick(kind, Filters(), seen, n=1, rng=rng)]
    assert set(seen) == everything


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), ANY_FILTERS, st.booleans(), st.integers(0, 2**16))
def test_with_wishes_too_each_round_is_over_before_the_next_begins(
    kind: Kind, filters: Filters, locked: bool, seed: int
) -> None:
    rng, seen = Random(seed), list[str]()
    for _ in range(25):
        seen += [idea.id for idea in SHELF.pick(kind, filters, seen, locked, rng=rng)]
    size = len(set(seen))
    rounds = [seen[start : start + size] for start in range(len(seen) - size + 1)]
    assert all(len(set(each)) == size for each in rounds)


def test_what_was_seen_longest_ago_comes_back_first(shelf: Shelf) -> None:
    seen = [idea.id for idea in shelf.bids]
    seen.append(seen.pop(0))
    assert [bid.id for bid in shelf.pick("bids", Filters(), seen, rng=Random(3))] == seen[:3]


def test_the_unseen_come_by_chance(shelf: Shelf) -> None:
    first = {shelf.pick("kindness", Filters(), [], rng=Random(seed))[0].id for seed in range(60)}
    assert len(first) > 10


def test_the_same_chance_gives_the_same_ideas(shelf: Shelf) -> None:
    once, again = (shelf.pick("novelty", Filters(), [], rng=Random(5)) for _ in range(2))
    assert once == again


def test_an_id_that_has_left_the_library_does_no_harm(shelf: Shelf) -> None:
    assert len(shelf.pick("kindness", Filters(), ["an-idea-of-last-year"], rng=Random(1))) == 3


@pytest.mark.parametrize("kind", DOABLE)
@pytest.mark.parametrize("seed", range(40))
def test_three_choices_differ_in_how_care_is_felt_and_how_long_it_takes(shelf: Shelf, kind: Kind, seed: int) -> None:
    ideas = [idea for idea in shelf.pick(kind, Filters(), [], rng=Random(seed)) if isinstance(idea, Suggestion)]
    assert len({idea.felt_as for idea in ideas}) == 3
    assert len({idea.minutes for idea in ideas}) == 3


@pytest.mark.parametrize("seed", range(20))
def test_three_questions_come_from_three_depths(shelf: Shelf, seed: int) -> None:
    asked = shelf.pick("questions", Filters(), [], rng=Random(seed))
    assert len({question.depth for question in asked if isinstance(question, Question)}) == 3


def test_wishes_that_can_be_met_are_met(shelf: Shelf) -> None:
    filters = Filters(minutes=10, cost="free", energy="low", setting="together", felt_as=frozenset({"words"}))
    for seed in range(20):
        for idea in shelf.pick("kindness", filters, [], rng=Random(seed)):
            assert isinstance(idea, Suggestion)
            assert idea.minutes <= 10
            assert (idea.cost, idea.energy) == ("free", "low")
            assert idea.setting in ("together", "either")
            assert "words" in idea.felt_as


def test_taste_is_given_up_before_what_the_body_can_do(shelf: Shelf) -> None:
    filters = Filters(minutes=1, felt_as=frozenset({"touch"}), mobility="any", setting="together")
    for idea in shelf.pick("novelty", filters, [], rng=Random(2)):
        assert isinstance(idea, Suggestion)
        assert idea.mobility == "any"
        assert idea.setting in ("together", "either")
        assert idea.minutes == 1
        assert "touch" not in idea.felt_as


def test_the_first_wish_given_up_costs_least_and_the_last_costs_most(shelf: Shelf) -> None:
    walk = next(idea for idea in shelf.novelty if idea.mobility == "walking" and "words" not in idea.felt_as)
    assert distance(walk, Filters()) == 0
    assert distance(walk, Filters(felt_as=frozenset({"words"}))) == 1
    assert distance(walk, Filters(felt_as=frozenset({"words"}), mobility="any")) == len(RELAX_ORDER)


def test_a_person_who_wants_a_light_question_gets_no_deeper_one(shelf: Shelf) -> None:
    for mood, depth in product(MOODS, range(1, 5)):
        for question in shelf.pick("questions", Filters(mood=mood, depth=depth), [], n=5, rng=Random(4)):
            assert isinstance(question, Question)
            assert question.depth <= depth


def test_a_person_who_wants_deep_questions_gets_the_deepest_first(shelf: Shelf) -> None:
    for question in shelf.pick("questions", Filters(depth=4), [], rng=Random(4)):
        assert isinstance(question, Question)
        assert question.depth == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("filters", "locked"), [(Filters(), True), (Filters(trouble=frozenset({"fear"})), False), (Filters(depth=2), True)]
)
def test_a_person_who_is_not_safe_gets_only_care_for_themselves(
    shelf: Shelf, kind: Kind, filters: Filters, locked: bool
) -> None:
    rng, seen = Random(11), list[str]()
    for mood in MOODS:
        for _ in range(8):
            for idea in shelf.pick(kind, replace(filters, mood=mood), seen, locked, rng=rng):
                assert isinstance(idea, Suggestion)
                assert idea.for_self
                assert (idea.setting, idea.partner_knows) == ("apart", False)
                assert "fear" not in idea.not_when
                assert "{partner}" not in idea.text + idea.smaller
                seen.append(idea.id)
    assert len(set(seen)) >= 6


def test_the_lock_holds_even_where_a_tag_was_forgotten(shelf: Shelf) -> None:
    careless = tuple(idea.copy(update={"not_when": ()}) for idea in shelf.kindness)
    for seed in range(20):
        for idea in replace(shelf, kindness=careless).pick("kindness", Filters(), [], locked=True, rng=Random(seed)):
            assert isinstance(idea, Suggestion)
            assert idea.for_self


def test_an_idea_is_found_by_its_id(shelf: Shelf) -> None:
    for entry in shelf.everything:
        assert shelf.by_id(entry.id) is entry
    assert shelf.by_id("gone") is None


@pytest.mark.parametrize(
    "typed", ["I've got the morning", "i’ve got the morning", "  I'VE  GOT the Morning. ", "I've got the morning!"]
)
def test_a_button_can_be_typed_in_any_hurry(shelf: Shelf, typed: str) -> None:
    assert shelf.by_title(typed) is shelf.by_id("morning-shift")


def test_words_that_are_no_button_find_nothing(shelf: Shelf) -> None:
    assert shelf.by_title("I had a bad day") is None
