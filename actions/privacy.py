"""What is remembered: shown, handed over as files, and erased, each on request."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Text

from rasa_sdk.events import EventType, Restarted

from actions.common import CoachAction, Say, asks
from actions.listen import ByWish
from actions.tastes import happened
from actions.texts import words_of
from bot import zones
from bot.memory.country import country_of
from bot.memory.files import export_files
from bot.memory.turn import Turn
from bot.memory.weeks import WEEKS
from bot.memory.zone import zone_of, zone_used
from bot.places import country_name
from bot.scripts.running import each_week
from bot.settings import load_settings
from bot.zones import shown_zone


class Privacy(ByWish):
    """Who can read this, for how long it is kept, and what the person may do about it, in plain words."""

    called = "action_privacy"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_privacy")
        # Where an exercise, a script or the question of consent waits, that comes next.
        waits = say.tracker.active_loop_name or turn.script_runs or say.slot("open_question") == "consent"
        if not waits:
            say("say_privacy_rights", days=load_settings().keep_days)
        return []


class AskExport(CoachAction):
    """Whoever holds the device could open the files, so it is asked once."""

    called = "action_ask_export"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_ask_export")
        return [asks("export")]


class Export(CoachAction):
    """All that is kept, as two files: a page to read, and JSON."""

    called = "action_export"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        files = export_files(turn)
        for response, file in zip(("say_export", "say_export_for_programs"), files, strict=True):
            say(response, attachment=turn.attach(file))
        return [asks(None)]


class LeaveExport(CoachAction):
    """No files, then."""

    called = "action_leave_export"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_export_left")
        return [asks(None)]


class ShowRemembered(ByWish):
    """Names what is kept. The pattern itself is not shown again unasked: someone else may be reading along."""

    called = "action_show_remembered"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        kept: Dict[Text, Any] = turn.everything_remembered()
        things = [words_of("say_thing_consent")] if turn.consented else []
        if "pattern" in kept:
            things.append(words_of("say_thing_pattern"))
        if "plan" in kept:
            things.append(words_of("say_thing_plan").replace("{title}", str(kept["plan"]["title"])))
        if turn.consented and happened(turn):
            things.append(words_of("say_thing_ideas"))
        if turn.consented and (country := country_of(turn)) is not None:
            things.append(words_of("say_thing_country").replace("{country}", country_name(country)))
        if WEEKS in kept:
            things.append(words_of("say_thing_weeks"))
        for reminder in turn.reminders("waiting", "paused", "held"):
            data = json.loads(reminder.data)
            if data.get("every"):
                due = zones.local(reminder.due_at, zone_used(turn))
                things.append(words_of("say_thing_weekly").replace("{when}", each_week(data["every"], due)))
        if turn.consented and (zone := zone_of(turn)) is not None:
            things.append(words_of("say_thing_zone").replace("{zone}", shown_zone(zone)))
        if things:
            say("say_remembered", things=", ".join(things))
        else:
            say("say_remembered_nothing")
        return [asks(None)]


class AskForget(CoachAction):
    """Erasing can't be undone, so it is asked once."""

    called = "action_ask_forget"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_ask_forget")
        return [asks("forget")]


class Forget(CoachAction):
    """Erases the person when the turn commits."""

    called = "action_forget"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        turn.erase()
        say("say_forgotten")
        return [Restarted()]


class KeepMemory(CoachAction):
    """Nothing is erased, and a later yes does not erase either."""

    called = "action_keep_memory"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_kept")
        return [asks(None)]


class StopReminders(ByWish):
    """No note will come any more."""

    called = "action_stop_reminders"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        for reminder in turn.reminders("waiting", "paused", "held"):
            reminder.state = "dropped"
        say("say_reminders_off")
        return [asks(None)]
