"""Notes that ring while nobody answers: after three of them the coach keeps quiet until the person writes again."""

from __future__ import annotations

import json
from typing import Final

from bot import zones
from bot.memory.models import ReminderRow
from bot.memory.turn import Turn
from bot.memory.zone import next_week, zone_used

__all__ = ["is_held", "person_is_back"]

_MOST: Final = 3
#: A note that was held comes a day after the person is back, not in the middle of what they came for.
_LATER_SECONDS: Final = 86400.0
_TIMER: Final = "script_timer"
#: Whether a note rang since the person wrote last.
_RANG: Final = "note_rang"


def is_held(turn: Turn, row: ReminderRow | None) -> bool:
    """Whether the note that rings is not shown, because the last three were not answered by a word."""
    if row is None or row.kind == _TIMER:
        return False
    turn.state[_RANG] = True  # so that other turns needn't ask the database
    ignored = [other for other in turn.reminders("fired") if other.id != row.id and other.kind != _TIMER]
    if len(ignored) < _MOST:
        return False
    row.state = "held"
    return True


def person_is_back(turn: Turn) -> None:
    """The person has written: earlier notes count as answered, and those that were held wait again."""
    if not turn.state.pop(_RANG, False):
        return
    for row in turn.reminders("fired", "held"):
        if row.state == "held":  # a new one: the old one's ring is in the inbox, and nothing arrives there twice
            data = json.loads(row.data)
            due = next_week(turn, data)  # on its own day, where it has one
            if due is None:
                later = zones.local(turn.now + _LATER_SECONDS, zone_used(turn))
                due = zones.out_of_quiet_hours(later).timestamp()
            turn.remind(row.kind, due, data)
        row.state = "answered"
