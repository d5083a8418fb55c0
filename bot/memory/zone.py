"""Where a person's clock stands: their time zone as they said it, else as their page knows it, else the house's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot import zones
from bot.memory.turn import ZONE, Turn
from bot.settings import load_settings

__all__ = ["keep_zone", "local", "must_ask_zone", "next_week", "note_page_zone", "zone_of", "zone_used"]

#: What the browser said, in the conversation's state; what the person says comes first.
_OF_PAGE: Final = "page_zone"


def zone_of(turn: Turn) -> str | None:
    """The person's own zone, where it is known."""
    known = turn.recall(ZONE) or turn.state.get(ZONE) or turn.state.get(_OF_PAGE)
    return known if zones.is_zone(known) else None


def zone_used(turn: Turn) -> str:
    """The zone that this person's times are in."""
    return zone_of(turn) or load_settings().house_zone


def local(turn: Turn) -> datetime:
    """The person's wall clock in this turn."""
    return zones.local(turn.now, zone_used(turn))


def must_ask_zone(turn: Turn) -> bool:
    """Whether to ask where the person lives: once, and not where it is known."""
    return not turn.buttons_only and not turn.state.get("zone_asked") and zone_of(turn) is None


def keep_zone(turn: Turn, zone: str) -> None:
    """Go by another zone from now on; reminders with a time of day keep it, and none comes in the quiet hours.

    What a reminder carries: "at", its time of day; "chosen", where the person named that; else "wanted", its moment
    before the quiet hours were left out.
    """
    old = zone_used(turn)
    if turn.consented:
        turn.remember(ZONE, zone)
        turn.state.pop(ZONE, None)
    else:  # for this conversation only
        turn.state[ZONE] = zone
    for reminder in turn.reminders("waiting", "paused"):
        data = json.loads(reminder.data)
        if reminder.kind == "script_timer":
            continue
        due = float(data.get("wanted") or reminder.due_at)
        if data.get("at"):
            due = zones.still_at(due, old, zone, turn.now)
        # A time that the person named stands.
        reminder.due_at = due if data.get("chosen") else zones.out_of_quiet_hours(zones.local(due, zone)).timestamp()


def next_week(turn: Turn, data: Mapping[str, Any]) -> float | None:
    """When a reminder that comes each week comes next; None for one that comes once.

    Args:
        turn: its clock, and whose it is.
        data: what the reminder carries: "every", days of the week from 0 for Monday; "at"; "chosen" as above.
    """
    days = data.get("every")
    if not days:
        return None
    due = zones.next_on(local(turn), days, str(data["at"]))
    return (due if data.get("chosen") else zones.out_of_quiet_hours(due)).timestamp()


def note_page_zone(turn: Turn, zone: str) -> None:
    """Note what the person's browser says."""
    turn.state[_OF_PAGE] = zone
