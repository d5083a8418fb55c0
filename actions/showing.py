"""Pictures and files that go with a bubble: the cycle map, the weeks, a date for the calendar. Made when asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Dict, Final, List, Mapping, Text

from actions.common import Say
from actions.texts import left_open, wordings_of, words_of
from bot.calendar_file import weekly
from bot.memory.attachments import Attachment
from bot.memory.turn import Turn
from bot.memory.weeks import Reaches, Weeks, weeks_of
from bot.memory.zone import local, zone_of
from bot.pictures.canvas import Picture
from bot.pictures.cycle_map import PARTS, cycle_map
from bot.pictures.weeks import SHOWN, weeks_picture

__all__ = ["map_told", "show", "weeks_in_words"]

#: File names tell a bystander nothing.
_PICTURE: Final = "picture"
_CALENDAR: Final = "note.ics"
#: Channels that can't draw SVG: Telegram, and a terminal's files, which are opened with whatever there is.
_ONLY_PNG: Final = ("tg", "term")
#: Weeks of one's own reaches that are looked at before more of them are advised against (rule 11).
_LATELY: Final = timedelta(days=14)


def show(say: Say, turn: Turn, what: Text, values: Mapping[Text, Any]) -> bool:
    """Have a picture or a file go with what was said last; False where there is nothing to show.

    Args:
        say: the voice that just spoke.
        turn: whose it is.
        what: "cycle map", "weeks" or "calendar".
        values: for the calendar "every", "at", "minutes" and "called"; for the map "answers" that were given just now.
    """
    if what == "calendar":
        now: datetime = local(turn) if zone_of(turn) else local(turn).replace(tzinfo=None)
        date = weekly(values["called"], values["every"], values["at"], values["minutes"], now)
        say.attach(turn.attach(Attachment("file", _CALENDAR, date, "text/calendar", str(values["called"]))))
        return True
    picture = None if turn.locked else _picture(say, turn, what, values.get("answers") or {})
    if picture is not None:
        say.attach(turn.attach(_file(turn, picture)))
    return picture is not None


def map_told(turn: Turn, answers: Mapping[Text, Any]) -> Dict[Text, Text]:
    """What is on the map: the pattern, and the small different move where one was found or planned.

    Args:
        turn: what is remembered stands in, where nothing of the pattern was answered just now.
        answers: of a script, by the names of the parts; `my_move` is the move.
    """
    pattern: Dict[Text, Any] = {part: answers[part] for part in PARTS if answers.get(part)}
    pattern = {**pattern, "move": answers.get("my_move")} if pattern else turn.recall("pattern") or {}
    told = {part: _text(words) for part, words in pattern.items() if words and words != left_open()}
    plan: Dict[Text, Text] = turn.recall("plan") or {}
    if told and plan.get("title") and plan.get("result") != "backfired":
        told.setdefault("move", plan["title"])
    return told


def weeks_in_words(turn: Turn, weeks: Weeks, partner: Text) -> Text:
    """What stands beside the picture of weeks: one's own reaches and misses of this week; never a mark for the partner.

    Empty where nothing was noted in the weeks that the picture shows.
    """
    if not weeks.last(SHOWN):
        return ""
    this_week = weeks.reaches(weeks.until - timedelta(days=weeks.until.weekday()))
    lines = [_freshest(turn, "say_weeks_shown")]
    counted = {"made": this_week.made, "turned": this_week.turned, "missed": this_week.missed}
    lines += [_filled(f"say_weeks_{which}", partner=partner, **counted) for which in _reached(this_week)]
    if this_week.missed:
        lines.append(words_of("say_weeks_missed"))
    if weeks.reaches(weeks.until - _LATELY).alone:
        lines.append(words_of("say_weeks_alone"))
    return " ".join(lines)


def _reached(this_week: Reaches) -> List[Text]:
    """Which sentences say what was reached and seen; none of them says nought."""
    made = ["made"] if this_week.made else []
    if this_week.turned and this_week.missed:
        return [*made, "noticed"]
    return [*made, *(["turned"] if this_week.turned else []), *(["only_missed"] if this_week.missed else [])]


def _text(answer: Any) -> Text:
    return ", ".join(map(str, answer)) if isinstance(answer, (list, tuple)) else str(answer)


def _picture(say: Say, turn: Turn, what: Text, answers: Mapping[Text, Any]) -> Picture | None:
    if what == "weeks":
        return weeks_picture(weeks_of(turn))
    return cycle_map(map_told(turn, answers), say.partner, local(turn).date())


def _file(turn: Turn, picture: Picture) -> Attachment:
    """SVG for whatever can draw it, sharp at any size; PNG, a fifth of a second's work, where only that is shown."""
    if turn.conversation.channel not in _ONLY_PNG:
        return Attachment("picture", f"{_PICTURE}.svg", picture.svg.encode(), "image/svg+xml", picture.alt)
    return Attachment("picture", f"{_PICTURE}.png", picture.png(), "image/png", picture.alt)


def _freshest(turn: Turn, response: Text) -> Text:
    """The wording that this person has not read for the longest time (rule 13)."""
    said, wordings = turn.said(), wordings_of(response)
    keys = [f"{response}/{number}" for number in range(len(wordings))]
    best = max(range(len(keys)), key=lambda number: (said.get(keys[number], len(said) + 10_000), -number))
    turn.note_said(keys[best])
    return wordings[best]


def _filled(response: Text, **values: object) -> Text:
    text = words_of(response)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
