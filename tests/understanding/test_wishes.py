"""What a person asks of an idea in passing, and which of three ideas a few words mean."""

from __future__ import annotations

import pytest

from bot.library.filters import Filters
from bot.understanding.wishes import which_in, wishes_in

TITLES = ("Water for the night", "Feet in warm water", "Luck before the meeting")


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ("something together", Filters(setting="together")),
        ("at home, no money", Filters(at_home=True, cost="free")),
        ("ten minutes, the kids are awake", Filters(minutes=10, children_present=True)),
        ("the kids are asleep", Filters()),
        ("she's away for work, something together by phone", Filters(setting="apart")),
        ("something nice", Filters()),
        (
            "ten minutes, no money, kids asleep, we had a fight",
            Filters(minutes=10, cost="free", mood="after_a_fight"),
        ),
        ("something for when he's away", Filters(setting="apart")),
        ("I'm exhausted", Filters(energy="low")),
        ("i’m so tired, barely slept", Filters(energy="low")),
        ("we've got half an hour tonight", Filters(minutes=30)),
        ("an hour, maybe two", Filters(minutes=60)),
        ("two hours on sunday", Filters(minutes=120)),
        ("five min max", Filters(minutes=5)),
        ("a couple of minutes", Filters(minutes=2)),
        ("ten minutes, no wait, an hour", Filters(minutes=60)),
        ("something quick", Filters(minutes=10)),
        ("only on my lunch break", Filters(minutes=10)),
        ("a whole evening without the kids", Filters(minutes=120)),
        ("money's tight until payday", Filters(cost="free")),
        ("we're broke", Filters(cost="free")),
        ("I don't want to spend anything", Filters(cost="free")),
        ("i can't spend more time on this", Filters()),
        ("a free evening", Filters()),
        ("something cheap", Filters(cost="small")),
        ("the toddler is with us", Filters(children_present=True)),
        ("my son is at school", Filters()),
        ("we don't have kids", Filters()),
        ("things are tense", Filters(mood="tense")),
        ("she's not talking to me", Filters(mood="tense")),
        ("we argued last night", Filters(mood="after_a_fight")),
        ("he yelled and i yelled", Filters(mood="after_a_fight")),
        ("we had a fight with words i regret", Filters(mood="after_a_fight")),
        ("we never fight", Filters()),
        ("three nights in a row", Filters()),
        ("my wife works nights", Filters(setting="apart")),
        ("we live in different cities", Filters(setting="apart")),
        ("while she is at work", Filters(setting="apart")),
        ("something i can do by text", Filters(setting="apart")),
        ("my partner is in the hospital", Filters(setting="apart")),
        ("something for the two of us at home, it's raining", Filters(setting="together", at_home=True)),
        ("no babysitter", Filters(at_home=True)),
        ("something just for me", Filters(for_self=True)),
        ("a bit of self care", Filters(for_self=True)),
        ("something nice to say", Filters(felt_as=frozenset({"words"}))),
        ("could I help her out with chores", Filters(felt_as=frozenset({"help"}))),
        ("he refuses to join anything", Filters(partner_knows=False)),
        ("nothing where i can get rejected", Filters(rejection="low")),
        ("i'm in a wheelchair", Filters(mobility="any")),
        ("my mom died in May", Filters(trouble=frozenset({"grief"}))),
        ("we lost our baby", Filters(trouble=frozenset({"grief"}))),
        ("my phone died and i nearly died laughing", Filters()),
        ("he had an affair", Filters(trouble=frozenset({"infidelity"}))),
        ("she cheated, and i still want to be kind", Filters(trouble=frozenset({"infidelity"}))),
    ],
)
def test_only_what_is_said_becomes_a_filter(said: str, wishes: Filters) -> None:
    assert wishes_in(said) == wishes


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("the first one", 0),
        ("1", 0),
        ("second", 1),
        ("i'll take number three", 2),
        ("the last one please", 2),
        ("the one with the meeting", 2),
        ("the one with water", None),
        ("the third time this week that he came home late and said nothing", None),
        ("none of these", None),
    ],
)
def test_a_few_words_choose_one_of_three(said: str, place: int | None) -> None:
    assert which_in(said, TITLES) == place
