"""What goes with a bubble: the right picture for the channel, nothing under the lock, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import pytest
from icalendar import Calendar

from actions.common import Say
from actions.showing import map_told, show, weeks_in_words
from bot.engine.reply import Reply
from bot.memory.attachments import Attachment
from bot.memory.turn import Turn, current_turn
from bot.memory.weeks import note, weeks_of
from tests.conversation.house import Rig

PATTERN = {
    "moment": "I come home and he looks at his phone",
    "felt": "small",
    "did": "I go quiet",
    "partner_did": "he says good night",
    "partner_felt": "(left open)",
    "life": "",
}


class Voice:
    """Hears which files are to go with what was said."""

    partner = "your partner"

    def __init__(self) -> None:
        self.names: list[str] = []

    def attach(self, name: str) -> None:
        self.names.append(name)


def in_a_turn(rig: Rig, does: Callable[[Turn, Voice], object]) -> Any:
    """What comes of something that is done within a turn."""
    came: list[object] = []

    def handle(text: str) -> Sequence[Reply]:
        turn = current_turn()
        assert turn is not None
        turn.set_consent(True)
        came.append(does(turn, Voice()))
        return [Reply("done")]

    rig.engine.does = handle
    rig.says("now")
    return came[0]


def shown(turn: Turn, voice: Voice, what: str, values: Mapping[str, Any] | None = None) -> Attachment | None:
    said = show(cast(Say, voice), turn, what, values or {})
    assert said is bool(voice.names)
    return turn.attached(voice.names[0]) if voice.names else None


@pytest.mark.parametrize(("channel", "media"), [("web", "image/svg+xml"), ("tg", "image/png"), ("term", "image/png")])
def test_the_page_gets_a_drawing_and_telegram_a_photo(rig: Rig, channel: str, media: str) -> None:
    def does(turn: Turn, voice: Voice) -> Attachment | None:
        turn.remember("pattern", PATTERN)
        turn.conversation.channel, was = channel, turn.conversation.channel
        try:
            return shown(turn, voice, "cycle map")
        finally:
            turn.conversation.channel = was

    picture = in_a_turn(rig, does)
    assert picture.kind == "picture" and picture.media_type == media
    assert picture.content.startswith(b"<svg" if channel == "web" else b"\x89PNG")
    assert "I go quiet" in picture.alt and "my guess" in picture.alt
    assert picture.name.split(".")[0] == "picture"


def test_a_plan_stands_on_the_map_as_the_small_move_unless_it_went_badly(rig: Rig) -> None:
    def does(turn: Turn, voice: Voice) -> tuple[str | None, str | None]:
        turn.remember("pattern", PATTERN)
        turn.remember("plan", {"title": "Say hello first"})
        planned = map_told(turn, {}).get("move")
        turn.remember("plan", {"title": "Say hello first", "result": "backfired"})
        return planned, map_told(turn, {}).get("move")

    assert in_a_turn(rig, does) == ("Say hello first", None)


def test_a_part_that_was_skipped_is_not_on_the_map_as_an_answer(rig: Rig) -> None:
    def does(turn: Turn, voice: Voice) -> dict[str, str]:
        from actions.texts import left_open

        turn.remember("pattern", {**PATTERN, "partner_felt": left_open()})
        return map_told(turn, {})

    assert "partner_felt" not in in_a_turn(rig, does)


def test_what_was_answered_just_now_is_on_the_map_also_for_somebody_who_is_not_remembered(rig: Rig) -> None:
    answers = {"did": "I go quiet", "life": ["Work", "Screens"], "my_move": "One plain line", "closeness": 4}
    told = in_a_turn(rig, lambda turn, voice: map_told(turn, answers))
    assert told == {"did": "I go quiet", "life": "Work, Screens", "move": "One plain line"}


def test_somebody_who_is_afraid_of_their_partner_is_shown_no_picture_of_the_two(rig: Rig) -> None:
    def does(turn: Turn, voice: Voice) -> list[object]:
        turn.remember("pattern", PATTERN)
        note(turn, "closeness", 4)
        turn.state["safety"] = {"locked": True}
        return [shown(turn, voice, what) for what in ("cycle map", "weeks")]

    assert in_a_turn(rig, does) == [None, None]


def test_nothing_noted_and_nothing_found_makes_no_picture(rig: Rig) -> None:
    assert (
        in_a_turn(rig, lambda turn, voice: [shown(turn, voice, what) for what in ("cycle map", "weeks")]) == [None] * 2
    )


def test_the_date_goes_by_the_persons_clock_where_it_is_known(rig: Rig) -> None:
    wanted = {"every": [6], "at": "19:30", "minutes": 15, "called": "Your note"}

    def does(turn: Turn, voice: Voice) -> list[Attachment | None]:
        floating = shown(turn, voice, "calendar", wanted)
        turn.remember("zone", "Asia/Tokyo")
        return [floating, shown(turn, Voice(), "calendar", wanted)]

    floating, tokyo = in_a_turn(rig, does)
    assert (floating.kind, floating.name, floating.media_type, floating.alt) == (
        "file",
        "note.ics",
        "text/calendar",
        "Your note",
    )
    assert b"TZID" not in floating.content
    (event,) = Calendar.from_ical(tokyo.content).walk("VEVENT")
    assert str(event["DTSTART"].dt.tzinfo) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("noted", "said", "unsaid"),
    [
        (["made"], "Small reaches from you this week: 1.", "your partner"),
        (["toward", "missed", "missed"], "you turned to 1 and missed 2. Missing some is human", "from you this"),
        (["missed"], "Small reaches from your partner that went by: 1.", "turned"),
        (["toward"], "Small reaches from your partner that you turned to: 1.", "human"),
        (["made"] * 4, "Something kind for you may come first", "your partner"),
        (["made", "made", "made", "made", "met"], "Small reaches from you this week: 5.", "may come first"),
    ],
)
def test_the_words_beside_the_weeks_name_ones_own_misses_and_give_the_partner_no_mark(
    rig: Rig, noted: list[str], said: str, unsaid: str
) -> None:
    def does(turn: Turn, voice: Voice) -> str:
        for one in noted:
            note(turn, "reach", one)
        return weeks_in_words(turn, weeks_of(turn), "your partner")

    words = in_a_turn(rig, does)
    assert said in words and unsaid not in words
    assert len(words.split()) <= 50
    assert "met" not in words.split()
