"""What people say when they are asked where they live, and which time zone that is."""

from __future__ import annotations

import pytest

from bot.places import Found, find, find_country, moved_to, zone_named
from bot.safety.helplines import Helplines
from bot.settings import PROJECT


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Lisbon", "Europe/Lisbon"),
        ("I'm in new york", "America/New_York"),
        ("near Toulouse", "Europe/Paris"),
        ("we live in a small village near toulouse", "Europe/Paris"),
        ("UTC+2", "Etc/GMT-2"),
        ("gmt -5", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC", "Etc/UTC"),
        ("+10", "Etc/GMT-10"),
        ("Central time", "America/Chicago"),
        ("im on eastern time", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("america/new_york", "America/New_York"),
        ("tolouse", "Europe/Paris"),
        ("Lisbn", "Europe/Lisbon"),
        ("new yrok", "America/New_York"),
        ("Portugal", "Europe/Lisbon"),
        ("I live in India.", "Asia/Kolkata"),
        ("the netherlands", "Europe/Amsterdam"),
        ("Scotland", "Europe/London"),
        ("rural Kansas", "America/Chicago"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("Portland ME", "America/New_York"),
        ("birmingham uk", "Europe/London"),
        ("London, Ontario", "America/Toronto"),
        ("London", "Europe/London"),
        ("Paris, Texas", "America/Chicago"),
        ("toulouse in france", "Europe/Paris"),
        ("München", "Europe/Berlin"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("St. Petersburg, Russia", "Europe/Moscow"),
        ("The Hague", "Europe/Amsterdam"),
        ("a suburb of Sydney", "Australia/Sydney"),
        ("LA", "America/Los_Angeles"),
        ("somewhere in Bavaria", "Europe/Berlin"),
        ("I'm staying with my mum in Leeds for now", "Europe/London"),
        ("Nice, France", "Europe/Paris"),
    ],
)
def test_a_place_or_a_zone_is_found(said: str, zone: str) -> None:
    assert find(said).zone == zone and not find(said).choices


@pytest.mark.parametrize(
    ("said", "among"),
    [
        ("Portland", "Portland, Maine"),
        ("birmingham", "Birmingham, Alabama"),
        ("Georgia", "Tbilisi, Georgia"),
        ("the us", "Chicago, Illinois"),
        ("Australia", "Perth, Australia"),
        ("ist", "Dublin, Ireland"),
        ("newcastle", "Newcastle, Australia"),
    ],
)
def test_where_several_are_meant_it_is_asked_back_with_at_most_three_that_can_be_tapped(said: str, among: str) -> None:
    found = find(said)
    assert found.zone is None and among in found.choices and len(found.choices) <= 3
    zones = [find(title).zone for title in found.choices]
    assert None not in zones and len(set(zones)) == len(zones)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "no",
        "skip",
        "i don't know",
        "nice",
        "in bed",
        "the kitchen",
        "not telling you",
        "why do you ask?",
        "he doesn't talk to me",
        "i feel so alone tonight",
        "Mordor",
        "UTC+99",
        "😀",
        "x" * 5000,
        ", , ,",
    ],
)
def test_where_it_is_unsure_nothing_is_found(said: str) -> None:
    assert find(said) == Found()


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("my time zone is Lisbon", "lisbon"),
        ("My timezone is central time.", "central time"),
        ("please change my time zone to Berlin", "berlin"),
        ("time zone: UTC+2", "utc+2"),
        ("I'm on pacific time", "pacific time"),
        ("we need time", None),
    ],
)
def test_somebody_names_their_time_zone(said: str, place: str | None) -> None:
    assert zone_named(said) == place


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("I moved to Berlin", "berlin"),
        ("we've just moved to Texas last month", "texas"),
        ("hey, I'm in Paris now", "paris"),
        ("i live in porto, portugal now", "porto, portugal"),
        ("I moved to Berlin for him and now I'm alone in a flat", None),
        ("he moved to Berlin", None),
    ],
)
def test_somebody_says_in_one_sentence_that_they_live_elsewhere(said: str, place: str | None) -> None:
    found = moved_to(said)
    assert found == place or (place is None and find(found or "", slips=False).zone is None)


@pytest.mark.parametrize(
    ("said", "country", "zone"),
    [
        ("Ireland", "IE", "Europe/Dublin"),
        ("i live in ireland", "IE", "Europe/Dublin"),
        ("the UK", "GB", "Europe/London"),
        ("wales", "GB", "Europe/London"),
        ("usa", "US", None),
        ("the states", "US", None),
        ("i'm in texas", "US", "America/Chicago"),
        ("canda", "CA", None),
        ("Deutschland", "DE", "Europe/Berlin"),
        ("near toulouse", "FR", "Europe/Paris"),
        ("Portland", "US", None),
        ("Atlanta, Georgia", "US", "America/New_York"),
        ("Tbilisi, Georgia", "GE", "Asia/Tbilisi"),
        ("Iceland", "IS", "Atlantic/Reykjavik"),
    ],
)
def test_the_country_that_somebody_names_or_lives_in_is_found(said: str, country: str, zone: str | None) -> None:
    assert find_country(said) == Found(zone, country=country)


@pytest.mark.parametrize("said", ["narnia", "skip", "my husband never talks", "in the middle of nowhere", "", "here"])
def test_no_country_is_guessed_from_words_that_name_none(said: str) -> None:
    assert find_country(said) == Found()


def test_whoever_names_a_place_of_two_countries_is_asked_which() -> None:
    assert find_country("birmingham").choices == ("Birmingham, United Kingdom", "Birmingham, Alabama")
    assert set(find_country("georgia").choices) == {"Atlanta, Georgia", "Tbilisi, Georgia"}


def test_every_country_with_helplines_is_found_by_its_name() -> None:
    rows = Helplines.load(PROJECT / "data" / "helplines.tsv").rows
    assert [row.country for row in rows if row.iso2 != "ZZ" and find_country(row.country).country != row.iso2] == []
