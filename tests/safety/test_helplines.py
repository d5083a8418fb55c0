"""Who can be reached from where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.safety.helplines import Helplines, stale
from bot.safety.verdict import Topic
from tests.safety.lists import DATA

FILE = DATA / "helplines.tsv"
LINES = Helplines.load(FILE)


def test_every_shipped_row_has_all_its_fields() -> None:
    for row in LINES.rows:
        for name in ("iso2", "country", "emergency", "topic", "name", "display", "hours", "who", "url", "source"):
            assert getattr(row, name), f"{row.country}: {name}"
        assert row.confidence in ("A", "B")
        assert row.topic in ("suicide_crisis", "domestic_violence")
        assert row.dial or "." in row.display
        assert row.url.startswith("https://")
        assert not row.verified  # nobody has telephoned them; whoever does changes this line


def test_short_codes_are_dialed_as_written() -> None:
    assert not any(row.dial.startswith(("+", "00")) for row in LINES.rows)


@pytest.mark.parametrize("field", ["display", "hours", "source", "date", "verified", "emergency"])
def test_a_row_that_lacks_a_field_is_named(tmp_path: Path, field: str) -> None:
    head, first, *_ = FILE.read_text(encoding="utf-8").splitlines()
    values = first.split("\t")
    values[head.split("\t").index(field)] = ""
    broken = tmp_path / "helplines.tsv"
    broken.write_text("\n".join([head, "\t".join(values)]), encoding="utf-8")
    with pytest.raises(ContentError, match=f"line 2: {field} missing"):
        Helplines.load(broken)


def test_the_line_for_the_topic_comes_first() -> None:
    assert LINES.lines_for("US", Topic.self_harm)[0].display == "988"
    assert LINES.lines_for("us", Topic.abuse)[0].name == "National Domestic Violence Hotline"


@pytest.mark.parametrize("topic", list(Topic))
def test_nobody_gets_more_than_three_lines_or_none(topic: Topic) -> None:
    for country in [None, "XX", *{row.iso2 for row in LINES.rows}]:
        assert 1 <= len(LINES.lines_for(country, topic)) <= 3


@pytest.mark.parametrize("country", [None, "", "XX", "PK"])
def test_an_unknown_country_gets_the_directories_and_nothing_guessed(country: str | None) -> None:
    assert {line.display for line in LINES.lines_for(country, Topic.abuse)} == {"findahelpline.com", "lila.help"}
    assert LINES.lines_for(country, Topic.self_harm)[0].display == "findahelpline.com"
    assert LINES.emergency(country) is None


def test_a_country_without_a_crisis_line_gets_the_directory_and_its_emergency_number() -> None:
    assert LINES.lines_for("CZ", Topic.self_harm)[0].iso2 == "ZZ"
    assert LINES.emergency("CZ") == "112 / police 158"


def test_where_every_line_is_for_some_people_only_a_directory_for_everyone_follows() -> None:
    assert [line.iso2 for line in LINES.lines_for("FR", Topic.abuse)] == ["FR", "ZZ"]


def test_united_kingdom_is_known_by_both_its_codes() -> None:
    assert LINES.lines_for("UK", Topic.self_harm) == LINES.lines_for("GB", Topic.self_harm)


def test_rows_grow_stale_after_ninety_days() -> None:
    row = LINES.rows[0]
    assert stale([row], row.date) == ()
    assert stale([row], date.fromordinal(row.date.toordinal() + 90)) == ()
    assert stale([row], date.fromordinal(row.date.toordinal() + 91)) == (row,)
