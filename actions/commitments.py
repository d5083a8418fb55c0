"""From an idea to a small plan: when, where, what if not; and one question about it a day later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Dict, Final, List, Text

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks, shelf
from actions.cycles import half_of
from actions.follow_ups import follow_up
from actions.ideas import instead, own_care
from actions.listen import ByWish, Reflect
from actions.scripts import begin
from actions.tastes import note
from actions.texts import left_open, words_of
from actions.zone import AskZone
from bot import zones
from bot.library.schema import Question, Suggestion
from bot.library.spoken import Result
from bot.memory import weeks
from bot.memory.turn import Turn
from bot.memory.zone import local, must_ask_zone, zone_used

_KIND: Final = "follow_up"
#: One question, a day after the plan was made (rule 10 allows 24 to 48 hours).
_FOLLOW_UP_SECONDS: Final = 24 * 3600.0
#: An idea that was found in a guided conversation; what it is stands in the slot `plan_title`.
_FOUND: Final = "own"
#: Before the name of an idea whose smaller version is the plan.
_SMALLER: Final = "smaller:"
_OWN: Final = {"turn-toward": "say_idea_turn_toward", "check-in": "say_idea_check_in"}
_RESULTS: Final[Dict[Text, Result]] = {
    "plan_done": "done",
    "plan_partly": "partly",
    "plan_not_done": "not_done",
    "plan_backfired": "backfired",
}


class BeginPlan(CoachAction):
    """Takes the idea that was agreed on, and asks when and where (the script "Plan")."""

    called = "action_begin_plan"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked and not own_care(str(say.slot("idea") or "").replace(_SMALLER, "")):
            return instead(say, turn)
        idea = say.slot("idea") or (turn.recall("plan") or {}).get("idea")
        return [SlotSet("idea", idea), SlotSet("misses", 0.0), *begin(say, turn, "Plan")]


class ConfirmPlan(CoachAction):
    """Says the plan back, with what to do if it doesn't work out, and offers to ask tomorrow."""

    called = "action_confirm_plan"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        plan = _plan(say)
        note(turn, plan["idea"], "planned")
        if turn.consented:
            turn.remember("plan", plan)
        told = [plan[part].rstrip(" .?!…") for part in ("when", "where") if plan[part] and plan[part] != left_open()]
        moment = ", ".join(told) or words_of("say_any_time")
        words: Dict[Text, Any] = {**plan, "when": moment}
        say("say_plan_made_question" if plan["title"].endswith("?") else "say_plan_made", **words)
        say("say_ask_follow_up")
        return [asks("follow_up")]


class AgreeFollowUp(CoachAction):
    """Keeps the plan and sets the reminder, in the turn's own transaction."""

    called = "action_agree_follow_up"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        for earlier in turn.reminders("waiting", "paused", "held"):
            if earlier.kind == _KIND:  # a counsellor's reminders stay
                earlier.state = "dropped"
        # Agreeing to be asked is agreeing that this one plan is kept, also for someone who is not remembered otherwise.
        turn.remember("plan", _plan(say))
        wanted = turn.now + _FOLLOW_UP_SECONDS
        due = zones.out_of_quiet_hours(zones.local(wanted, zone_used(turn)))
        turn.remind(_KIND, due.timestamp(), {"wanted": wanted})
        if due.date() - local(turn).date() == timedelta(days=1):
            say("say_follow_up_yes")
        else:
            say("say_follow_up_later", day=f"{due:%A}")
        return AskZone().act(say, turn) if must_ask_zone(turn) else [asks(None)]


class DeclineFollowUp(CoachAction):
    """No note, then."""

    called = "action_decline_follow_up"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_follow_up_no")
        return [asks(None)]


class FollowUpDue(CoachAction):
    """The reminder rang: a note that gives nothing away."""

    called = "action_follow_up_due"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if not turn.recall("plan"):
            say("say_no_note")
            return [asks(None)]
        say("say_note_ready")
        return [asks("note")]


class OpenNote(CoachAction):
    """Shows the plan and asks how it went."""

    called = "action_open_note"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        plan: Dict[Text, Any] | None = turn.recall("plan")
        if not plan or turn.locked:
            say("say_no_note")
            return [asks(None)]
        say("say_ask_result_question" if plan["title"].endswith("?") else "say_ask_result", title=plan["title"])
        return [asks("result"), SlotSet("idea", plan["idea"])]


class NotNow(CoachAction):
    """The note can wait."""

    called = "action_not_now"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        say("say_not_now")
        return [asks(None)]


class PlanResult(ByWish):
    """Answers how it went: done, partly, not, backfired. No guilt, no streaks."""

    called = "action_plan_result"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        plan: Dict[Text, Any] = turn.recall("plan") or {}
        idea = str(plan.get("idea") or "").replace(_SMALLER, "")
        if (not plan and say.text) or (turn.locked and not own_care(idea)):
            return Reflect().act(say, turn)
        result = _RESULTS.get(say.intent, "partly")
        if plan and result == "done":
            weeks.note(turn, "kept", "plan")
        if plan:
            turn.remember("plan", {**plan, "result": result})
            note(turn, plan.get("idea"), result)
        line = follow_up(turn, result, idea).replace("{partner}", say.partner)
        if result == "not_done":
            smaller = str(plan.get("smaller") or words_of("say_smaller_any"))
            say("say_result_not_done", line=line, smaller=smaller)
            return [asks("plan"), SlotSet("idea", f"{_SMALLER}{plan.get('idea') or 'turn-toward'}")]
        say.text_of(line)
        return [asks("tell"), SlotSet("idea", plan.get("idea"))]


def _plan(say: Say) -> Dict[Text, Text]:
    """The plan as it stands in the slots."""
    name = str(say.slot("idea") or "")
    idea = shelf().by_id(name.replace(_SMALLER, ""))
    title: Text
    smaller: Text = words_of("say_smaller_any")
    if isinstance(idea, Suggestion):
        title, smaller = idea.title, idea.smaller
    elif isinstance(idea, Question):
        title = idea.text
    elif half := half_of(name.replace(_SMALLER, "")):
        title = half[1].rstrip(".")
    elif name.replace(_SMALLER, "") == _FOUND:
        title = str(say.slot("plan_title") or words_of("say_idea_turn_toward")).rstrip(".")
    else:
        title = words_of(_OWN.get(name, "say_idea_turn_toward")).rstrip(".")
    for _ in range(name.count(_SMALLER)):
        title = f"{smaller[:1].upper()}{smaller[1:]}".rstrip(".")
        smaller = words_of("say_smaller_least" if smaller == words_of("say_smaller_any") else "say_smaller_any")
    when, where = (str(say.slot(slot) or left_open()) for slot in ("plan_when", "plan_where"))
    told = {"title": title, "when": _tidy(when), "where": _tidy(where), "smaller": smaller}
    return {"idea": name, **{key: text.replace("{partner}", say.partner) for key, text in told.items()}}


def _tidy(words: Text) -> Text:
    cut = " ".join(words.split()[:10]).rstrip(".,;!")
    return f"{cut[:1].lower()}{cut[1:]}" if cut[:2] != "I " and not cut.startswith("I'") else cut
