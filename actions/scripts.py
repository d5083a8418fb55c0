"""A counsellor's script within the coach: begins by a code or a reminder, runs its steps, keeps what was agreed to."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Dict, Final, List, Mapping, Sequence, Set, Text

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.listen import themes
from actions.patterns import circle_of
from actions.showing import show, weeks_in_words
from bot.memory.measures import Measures, note_kept
from bot.memory.models import ReminderRow
from bot.memory.scripts import assigned, share, source_of, take_back
from bot.memory.turn import Turn
from bot.memory.weeks import weeks_of
from bot.memory.zone import keep_zone, local, must_ask_zone, next_week
from bot.safety.gate import Gate
from bot.scripts.folder import shipped
from bot.scripts.reading import read
from bot.scripts.running import Bubble, Outcome, Running, is_taking_back
from bot.scripts.suggesting import Idea, ideas_for
from bot.scripts.tree import Script, Suggest, plain
from bot.scripts.words import ScriptWords
from bot.settings import PROJECT, load_settings
from bot.understanding.quotes import telling_quote

_VERSIONS_KEPT: Final = 64
#: How many answers of the same name are remembered, for "Show: progress".
_KEPT: Final = 52
#: What is asked before a script begins, and the words for it.
_DOORS: Final = {"note": "ask_note", "consent": "ask_keep"}


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
        found = ideas_for(suggest, shelf(), offered(self._turn), self.locked, self.given["partner"], chance(self._turn))
        note_offered(self._turn, [idea.id for idea in found])
        return found

    def themes(self, text: Text) -> Set[Text]:
        """Of the newest message also what its intent tells."""
        return themes().told(text, self._say.intent if text == self._say.text else "")

    def quote(self, text: Text) -> Text:
        """The most telling words."""
        return telling_quote(text)

    def shown(self, what: Text, answers: Mapping[Text, Any]) -> Text:
        """Helplines of the person's country, as safety says them; the circle of the pattern, in the person's words.

        Of the weeks, what was just answered is counted already.
        """
        if what == "weeks":
            weeks = weeks_of(self._turn, Measures.load().of(answers) if self._turn.consented else ())
            return "" if self._turn.locked else weeks_in_words(self._turn, weeks, self.given["partner"])
        if what == "cycle map":  # it is about the partner, too
            return "" if self._turn.locked else circle_of(self._turn.recall("pattern") or {}, self.given["partner"])
        if what != "helplines":
            return ""
        country = self._turn.recall("country") or load_settings().country or None
        return _gate().say("help_now", country)[-1].text


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
        for what, values in outcome.effects:
            _happens(turn, what, values)
        shown = {values["bubble"]: values for what, values in outcome.effects if what == "show"}
        for number, bubble in enumerate(outcome.bubbles):
            self._utter(say, bubble.text, bubble.buttons)
            if number in shown:
                show(say, turn, shown[number]["what"], shown[number])
        if outcome.done:
            self._over(turn)
        return [ActiveLoop(None), SlotSet("requested_slot", None), asks(None)]

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
        return running.hear(say.text) if _is_answer(say) else running.again()

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
        running.state.update(_of_the_house(turn), weekly=[*_weekly(turn)])
        earlier: Dict[Text, Any] | None = turn.state.get("script")
        turn.state["script"] = running.state
        if earlier is not None and (earlier["code"], earlier["name"]) != (code, running.state["name"]):
            running.state["aside"] = earlier  # its place is kept until this one is over
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
        for reminder in turn.reminders("waiting"):
            if reminder.kind == "script_timer":
                reminder.state = "dropped"

    @staticmethod
    def _over(turn: Turn) -> None:
        """The script is over; one that it had set aside waits for "continue"."""
        ended: Dict[Text, Any] = turn.state.pop("script", {})
        if "aside" in ended:
            turn.state["script"] = {**ended["aside"], "paused": True}

    @staticmethod
    def _utter(say: Say, text: Text, buttons: Sequence[Text] = ()) -> None:
        say.plainly(text, [{"title": title, "payload": title} for title in buttons])


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
    turn.state["begin"] = {"script": name, "code": ""}
    return [*ScriptStep().act(say, turn), FollowupAction("action_listen")]


def _is_answer(say: Say) -> bool:
    return bool(say.text) and say.tracker.latest_action_name in (None, "action_listen")


def _happens(turn: Turn, what: Text, values: Dict[Text, Any]) -> None:
    """What a script wants to happen outside of it, in the turn's own transaction."""
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
    elif what == "keep" and turn.consented:
        note_kept(turn, values["values"])
        for name, value in values["values"].items():
            turn.remember(f"script.{name}", [*(turn.recall(f"script.{name}") or []), value][-_KEPT:])
    elif what == "homework" and turn.consented:
        turn.remember("homework", values["text"])
