"""Scripts within the coach, its own and a counsellor's: they begin, run their steps, and keep what was agreed to."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Dict, Final, List, Mapping, Sequence, Set, Text

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.circle import circle_of, parts_of
from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.reflecting import heard, themes
from actions.showing import show, weeks_in_words
from actions.tastes import liking
from bot.memory.country import country_of
from bot.memory.measures import Measures, note_kept
from bot.memory.models import ReminderRow
from bot.memory.scripts import assigned, share, source_of, take_back
from bot.memory.turn import Turn
from bot.memory.weeks import weeks_of
from bot.memory.zone import keep_zone, local, must_ask_zone, next_week
from bot.safety.gate import Gate
from bot.scripts.examples import EXAMPLES, example_of
from bot.scripts.folder import shipped
from bot.scripts.known import replies
from bot.scripts.reading import read
from bot.scripts.running import Bubble, Outcome, Running, is_taking_back
from bot.scripts.suggesting import Bid, Idea, bid_for, ideas_for
from bot.scripts.tree import Place, Script, Suggest, plain
from bot.scripts.words import ScriptWords, fill
from bot.settings import PROJECT, load_settings
from bot.understanding.quotes import telling_quote

_VERSIONS_KEPT: Final = 64
#: How many answers of the same name are remembered, for "Show: progress".
_KEPT: Final = 52
#: What is asked before a script begins, and the words for it.
_DOORS: Final = {"note": "ask_note", "consent": "ask_keep"}
#: What short words mean to a script, by their intent, and how surely they must be so: "he asked me why" is near.
_MEANT: Final = {
    "stop": ("stop", 0.45),
    "skip": ("skip", 0.5),
    "go_back": ("back", 0.5),
    "not_meant": ("back", 0.6),
    "maybe": ("unsure", 0.6),
    "ask_why": ("why", 0.65),
}
_SHORT: Final = 10
#: The actions with which the coach goes on after a script.
_PLACES: Final[Dict[Place, Text]] = {
    "listening": "action_just_listen",
    "ways to begin": "action_offer_steps",
    "kindness": "action_suggest_kindness",
    "something new": "action_suggest_novelty",
    "questions": "action_suggest_questions",
    "check-in": "action_offer_check_in",
    "the plan": "action_confirm_plan",
}


@lru_cache(maxsize=1)
def _words() -> ScriptWords:
    return ScriptWords.load()


@lru_cache(maxsize=1)
def _gate() -> Gate:
    return Gate.load(PROJECT / "data")


@lru_cache(maxsize=1)
def _shipped() -> Dict[Text, Script]:
    return {plain(name): script for name, script in shipped().items()}


@lru_cache(maxsize=_VERSIONS_KEPT)
def _tree(source: Text) -> Script:
    return read(source).script


class TurnWorld:
    """What a script may know of the person in this turn."""

    def __init__(self, turn: Turn, say: Say, code: Text) -> None:
        self._turn = turn
        self._say = say
        self._code = code
        #: By name and version: a step looks its own script up again and again.
        self._scripts: Dict[tuple[Text, int | None], tuple[Script, int] | None] = {}

    @property
    def now(self) -> float:
        """The turn's clock."""
        return self._turn.now

    @property
    def local(self) -> datetime:
        """The person's wall clock."""
        return local(self._turn)

    @property
    def locked(self) -> bool:
        """Whether nothing aimed at the partner may be offered."""
        return self._turn.locked

    @cached_property
    def given(self) -> Mapping[Text, Text]:
        """What the person, the partner and the counsellor are called."""
        assignment = assigned(self._turn.session, self._code) if self._code else None
        return {
            "name": str(self._turn.recall("name") or ""),
            "partner": self._say.partner or "your partner",
            "counsellor": assignment.counsellor if assignment else "your counsellor",
            "homework": str(self._turn.recall("homework") or _words().one("homework_unknown", 0, {})),
        }

    def script(self, name: Text, version: int | None) -> tuple[Script, int] | None:
        """A published version; else one that ships with Toward, which has version 0."""
        if (name, version) not in self._scripts:
            self._scripts[name, version] = self._find(name, version)
        return self._scripts[name, version]

    def _find(self, name: Text, version: int | None) -> tuple[Script, int] | None:
        found = source_of(self._turn.session, plain(name), version) if version != 0 else None
        if found is not None:
            return _tree(found[0]), found[1]
        own = _shipped().get(plain(name))
        return None if own is None else (own, 0)

    def ideas(self, suggest: Suggest) -> Sequence[Idea]:
        """Ideas that this person has not seen lately."""
        turn = self._turn
        found = ideas_for(
            suggest, shelf(), offered(turn), self.locked, self.given["partner"], chance(turn), liking(turn)
        )
        note_offered(self._turn, [idea.id for idea in found])
        return found

    def themes(self, text: Text) -> Set[Text]:
        """Of the newest message also what its intent tells."""
        if text != self._say.text:
            return themes().told(text)
        # A feeling that was only guessed leads nobody down a side road.
        return {*themes().told(text, self._say.intent), *heard(self._say).themes}

    def quote(self, text: Text) -> Text:
        """The most telling words."""
        return telling_quote(text)

    def wording(self, texts: Sequence[Text], number: int) -> int:
        """The wording that this person has not read for the longest time (rule 13)."""
        if len(texts) == 1:
            return 0
        said = self._turn.said()
        keys = [f"script:{zlib.crc32(text.encode()):x}" for text in texts]
        never = max(said.values(), default=0) + 1
        best = max(
            range(len(texts)), key=lambda index: (said.get(keys[index], never), -((index - number) % len(texts)))
        )
        self._turn.note_said(keys[best])
        return best

    def bid(self) -> Bid | None:
        """One that this person has not heard lately."""
        found = bid_for(shelf(), offered(self._turn), self.given["partner"], chance(self._turn))
        note_offered(self._turn, [found.id] if found else [])
        return found

    def way_of(self, text: Text) -> Text:
        """By its words."""
        return replies().way_of(text)

    def shown(self, what: Text, answers: Mapping[Text, Any]) -> Text:
        """Helplines of the person's country, as safety says them; the circle of the pattern, in the person's words.

        Of the weeks, what was just answered is counted already.
        """
        if what == "weeks":
            weeks = weeks_of(self._turn, Measures.load().of(answers) if self._turn.consented else ())
            return "" if self._turn.locked else weeks_in_words(self._turn, weeks, self.given["partner"])
        if what == "cycle map":  # it is about the partner, too
            told = parts_of(answers) or self._turn.recall("pattern") or {}
            circle = "" if self._turn.locked else circle_of(told, self.given["partner"])
            frames = _words().texts["circle"]
            return fill(frames[self.wording(frames, 0)], {"circle": circle}) if circle else ""
        if what in EXAMPLES:
            return "" if self._turn.locked else self._example(what)
        if what != "helplines":
            return ""
        country = country_of(self._turn) or load_settings().country or None
        return _gate().say("help_now", country)[-1].text

    def _example(self, what: Text) -> Text:
        """One of the library that this person has not seen lately, near to what they told."""
        told = self.themes(self._say.text) | self.themes(str(self._say.slot("quote") or ""))
        seen = offered(self._turn)
        name, text = example_of(what, shelf(), told, seen, chance(self._turn), _words())
        note_offered(self._turn, [name])
        return text.replace("{partner}", self.given["partner"])


class ScriptStep(CoachAction):
    """Whatever comes next in a script."""

    called = "action_script_step"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.buttons_only:
            say.text = turn.pressed  # handed over by the conversation itself: no classifier has read it
        if is_taking_back(say.text):
            take_back(turn)
            self._utter(say, _words().one("taken_back", turn.conversation.turns, {}))
            return []
        waited = turn.state.get("script", {}).get("waiting") == "timer"
        outcome = self._outcome(say, turn)
        if waited:
            self._drop_timers(turn, outcome)
        events: List[EventType] = [asks(None)]
        for what, values in outcome.effects:
            events += _happens(turn, what, values)
        shown = {values["bubble"]: values for what, values in outcome.effects if what == "show"}
        for number, bubble in enumerate(outcome.bubbles):
            self._utter(say, bubble.text, bubble.buttons)
            if number in shown:
                show(say, turn, shown[number]["what"], shown[number])
        if outcome.done:
            self._over(turn)
        return events

    def _outcome(self, say: Say, turn: Turn) -> Outcome:
        due: Dict[Text, Any] | None = turn.state.pop("due", None)
        if due is not None and due["kind"] == "script_timer":
            running = self._running(say, turn)
            return _nothing_left(turn) if running is None else running.time_is_up()
        wanted: Dict[Text, Any] | None = due["data"] if due is not None else turn.state.pop("begin", None)
        if wanted is not None:
            return self._begin(say, turn, wanted, knock=due is not None)
        running = self._running(say, turn)
        if running is None:
            return _nothing_left(turn)
        if turn.state["script"].get("door"):
            return self._at_the_door(say, turn, running)
        # After something in between (a question to the coach, which rules have answered) the open question comes again.
        return running.hear(say.text, _meant(say)) if _is_answer(say) else running.again()

    def _running(self, say: Say, turn: Turn) -> Running | None:
        state = turn.state.get("script")
        if state is None:
            return None
        state.update(_of_the_house(turn))
        world = TurnWorld(turn, say, state["code"])
        return None if world.script(state["name"], state["version"]) is None else Running(state, world, _words())

    def _begin(self, say: Say, turn: Turn, wanted: Dict[Text, Any], *, knock: bool) -> Outcome:
        code = str(wanted.get("code") or "")
        if knock and not turn.locked and (due_at := next_week(turn, wanted)) is not None:
            turn.remind("script", due_at, wanted)
        running = Running.begin(str(wanted["script"]), TurnWorld(turn, say, code), _words(), code)
        if running is None:
            return _nothing_left(turn)
        running.state.update(_of_the_house(turn), own=bool(wanted.get("own")), weekly=[*_weekly(turn)])
        if wanted.get("own") and say.text:
            running.state["told"] = say.text  # what led here may be said back
        earlier: Dict[Text, Any] | None = turn.state.get("script")
        turn.state["script"] = running.state
        if earlier is not None and (earlier["code"], earlier["name"]) != (code, running.state["name"]):
            running.state["aside"] = earlier  # its place is kept until this one is over
            _drop_timer(turn)  # what it waited for must not ring into this one
        if wanted.get("homework"):
            running.state["answers"]["homework"] = wanted["homework"]
        running.state["earlier"] = {name: turn.recall(f"script.{name}") or [] for name in running.kept_names()}
        if knock:
            return running.at_the_door("note", _DOORS["note"])
        if code and not turn.consented:
            return running.at_the_door("consent", _DOORS["consent"])
        return running.start()

    def _at_the_door(self, say: Say, turn: Turn, running: Running) -> Outcome:
        door = running.state["door"]
        if running.state.pop("paused", False) or not _is_answer(say):
            return running.at_the_door(door, _DOORS[door])
        answer = running.door(say.text)
        if answer == "pause":
            return running.out
        if answer == "stop":
            return running.decline()
        if door == "consent":
            if answer == "yes":
                turn.set_consent(True)
            return running.start()
        if answer != "yes":
            return running.decline()
        return running.start()

    @staticmethod
    def _drop_timers(turn: Turn, outcome: Outcome) -> None:
        """A timer that is waited for no more must not ring."""
        state: Dict[Text, Any] = turn.state.get("script", {})
        begins_anew = any(what == "timer" for what, _ in outcome.effects)
        if state.get("waiting") == "timer" and not (begins_anew or outcome.done or state.get("paused")):
            return
        _drop_timer(turn)

    @staticmethod
    def _over(turn: Turn) -> None:
        """The script is over; one that it had set aside waits for "continue"."""
        ended: Dict[Text, Any] = turn.state.pop("script", {})
        if "aside" in ended:
            turn.state["script"] = {**ended["aside"], "paused": True}

    @staticmethod
    def _utter(say: Say, text: Text, buttons: Sequence[Text] = ()) -> None:
        say.plainly(text, [{"title": title, "payload": title} for title in buttons])


def _drop_timer(turn: Turn) -> None:
    for reminder in turn.reminders("waiting"):
        if reminder.kind == "script_timer":
            reminder.state = "dropped"


def _of_the_house(turn: Turn) -> Dict[Text, bool]:
    """What a script needs to know of this turn: whether only buttons are read, and whether a place is still asked."""
    return {"buttons_only": turn.buttons_only, "asks_zone": must_ask_zone(turn)}


def _weekly(turn: Turn) -> Dict[Text, ReminderRow]:
    """The reminders that come each week, by the script that they begin."""
    waiting = {row: json.loads(row.data) for row in turn.reminders("waiting", "paused", "held")}
    return {plain(str(data["script"])): row for row, data in waiting.items() if data.get("every")}


def _nothing_left(turn: Turn) -> Outcome:
    """The script isn't there any more."""
    name = "ended_by_buttons" if turn.buttons_only else "ended"
    return Outcome([Bubble(_words().one(name, turn.conversation.turns, {}))], done=True)


def begin(say: Say, turn: Turn, name: Text) -> List[EventType]:
    """Begin one of the coach's own guided conversations, or the counsellor's of the same name."""
    turn.state["begin"] = {"script": name, "code": "", "own": True}
    events = ScriptStep().act(say, turn)
    # A script with nothing to ask has led on already.
    leads = any(event["event"] == "followup" for event in events)
    return events if leads else [*events, FollowupAction("action_listen")]


def _meant(say: Say) -> Text:
    """What a few words mean to a script: "can we skip that" is no answer."""
    meant, sure = _MEANT.get(say.intent, ("", 1.0))
    short = 0 < len(say.text.split()) <= _SHORT
    return meant if short and say.confidence >= sure else ""


def _is_answer(say: Say) -> bool:
    return bool(say.text) and say.tracker.latest_action_name in (None, "action_listen")


def _happens(turn: Turn, what: Text, values: Dict[Text, Any]) -> List[EventType]:
    """What a script wants to happen outside of it, in the turn's own transaction; events for Rasa's tracker."""
    if what == "remind":
        if values.get("every") and (earlier := _weekly(turn).get(plain(values["script"]))):
            earlier.state = "dropped"  # another time was found for it
        turn.remind("script", values["due_at"], {name: value for name, value in values.items() if name != "due_at"})
    elif what == "zone":
        keep_zone(turn, values["zone"])
    elif what == "zone_left":
        turn.state["zone_asked"] = True
    elif what == "timer":
        turn.remind("script_timer", values["due_at"], {})
    elif what == "share":
        assignment = assigned(turn.session, values["code"])
        if assignment is not None and not assignment.ended:
            share(turn, values["code"], values["label"], values["value"])
    elif what in ("keep", "homework", "circle"):
        if turn.consented:
            _kept(turn, what, values)
    elif what == "plan":
        idea = values["idea"] or "own"
        return [SlotSet("idea", idea), SlotSet("plan_title", values["title"]), FollowupAction("action_begin_plan")]
    elif what == "lead on":
        told, plans = values["answers"], values["to"] == "the plan"
        slots = [SlotSet(f"plan_{name}", told.get(name)) for name in ("when", "where") if plans]
        return [*slots, FollowupAction(_PLACES[values["to"]])]
    return []


def _kept(turn: Turn, what: Text, values: Dict[Text, Any]) -> None:
    """Answers that outlast a script, of somebody who agreed to be remembered."""
    if what == "homework":
        turn.remember("homework", values["text"])
    elif what == "circle":
        if told := parts_of(values):
            turn.remember("pattern", told)
    else:
        note_kept(turn, values["values"])
        for name, value in values["values"].items():
            turn.remember(f"script.{name}", [*(turn.recall(f"script.{name}") or []), value][-_KEPT:])
