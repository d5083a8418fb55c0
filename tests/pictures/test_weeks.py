"""The mirror of weeks is honest: dots where answers were given, no line through a few, no mark for a partner."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from bot.memory.weeks import Noted, Reaches, Weeks
from bot.pictures.canvas import Picture
from bot.pictures.weeks import weeks_picture

TODAY = date(2026, 11, 26)
SVG = "{http://www.w3.org/2000/svg}"
CLOSE = "#c2683c"


def noted(*values: object, every: int = 7) -> list[Noted]:
    """One each so many days, the last one today."""
    now = datetime(2026, 11, 26, 20)
    return [
        Noted(now - timedelta(days=every * back), value) for back, value in reversed([*enumerate(reversed(values))])
    ]


def drawn(**notes: list[Noted]) -> Picture:
    picture = weeks_picture(Weeks(TODAY, notes))
    assert picture is not None
    return picture


def dots(picture: Picture) -> list[ElementTree.Element]:
    found = ElementTree.fromstring(picture.svg).iter(f"{SVG}circle")
    return [dot for dot in found if dot.get("fill") == CLOSE]


def lines(picture: Picture) -> list[ElementTree.Element]:
    return [path for path in ElementTree.fromstring(picture.svg).iter(f"{SVG}path") if path.get("stroke") == CLOSE]


def test_two_answers_are_two_dots_without_a_line_and_it_says_so() -> None:
    picture = drawn(closeness=noted(4, 6))
    assert len(dots(picture)) == 2
    assert lines(picture) == []
    assert "They show single days and no direction" in picture.alt


def test_many_answers_are_joined_but_not_over_weeks_of_silence() -> None:
    assert len(lines(drawn(closeness=noted(4, 6, 5, 7, 6)))) == 4
    apart = [*noted(4, 6, 5)]
    apart = [Noted(one.at - timedelta(days=28), one.value) for one in apart] + noted(7, 6)
    assert len(lines(drawn(closeness=apart))) == 3


def test_the_words_name_every_answer_with_its_day_and_no_direction() -> None:
    alt = drawn(closeness=noted(4, 6, 5, 7, 6), loneliness=noted(8, 5)).alt
    assert "26 Nov: 6" in alt and "29 Oct: 4" in alt and "3 hardly ever, 9 often" in alt
    assert not re.search(r"better|worse|more|less|improv|trend|rise|rising|fall|up|down", alt)


def test_seen_by_my_partner_is_called_what_it_is() -> None:
    assert "not a tested scale" in drawn(seen=noted(3)).alt


def test_ones_own_misses_are_shown_and_what_came_back_from_the_partner_is_not() -> None:
    alt = drawn(reach=noted("made", "made", "toward", "missed", every=1)).alt
    assert "I reached out 2" in alt and "I missed one 1" in alt and "turned to it 1" in alt


@pytest.mark.parametrize("count", [7, 30])
def test_a_week_with_many_reaches_says_the_number_and_stays_in_its_place(count: int) -> None:
    picture = drawn(reach=[Noted(datetime(2026, 11, 25, 20), "made")] * count)
    said = ["".join(text.itertext()) for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]
    assert str(count) in said


def test_only_the_last_eight_weeks_are_on_it() -> None:
    picture = drawn(closeness=noted(*range(1, 10), 5, 5, 5))
    assert len(dots(picture)) == 8


def test_nothing_noted_makes_no_picture() -> None:
    assert weeks_picture(Weeks(TODAY, {})) is None
    assert weeks_picture(Weeks(TODAY, {"closeness": [Noted(datetime(2026, 1, 1, 9), 5)]})) is None


def test_reaches_since_a_day_count_what_is_ones_own() -> None:
    weeks = Weeks(TODAY, {"reach": noted("made", "toward", "missed", "missed", every=2)})
    assert weeks.reaches(TODAY - timedelta(days=7)) == Reaches(made=1, turned=1, missed=2)
    assert weeks.reaches(TODAY).noticed == 1
