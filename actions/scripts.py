"""A counsellor's script within the coach: begins by a code or a reminder, runs its steps, keeps what was agreed to."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Dict, Final, List, Mapping, Sequence, Set, Text

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.listen import themes
from bot.memory.scripts import assigned, share, source_of, take_back
from bot.memory.turn import Turn
from bot.safety.gate import Gate
from bot.scripts.folder import shipped
from bot.scripts.reading import read
from bot.scripts.running import Outcome, Running, is_taking_back
from bot.scripts.suggesting import Idea, ideas_for
from bot.scripts.tree import Script, Suggest, plain
from bot.scripts.words import ScriptWords
from bot.settings import PROJECT, load_settings
from bot.understanding.quotes import telling_quote

_VERSIONS_KEPT: Final = 64
#: How many answers of the same name are remembered, for "Show: progress".
_KEPT: Final = 52


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
        """The local time of whoever runs Toward."""
        return datetime.fromtimestamp(self._turn.now)

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

    def shown(self, what: Text) -> Text:
        """Helplines of the person's country, as safety says them; nothing can be drawn yet."""
        if what != "helplines":
            return ""
        country = self._turn.recall("country") or load_settings().country or None
        return _gate().say("help_now", country)[-1].text


class ScriptStep(CoachAction):
    """Whatever comes next in a script."""

    called = "action_script_step"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if is_taking_back(say.text):
            take_back(turn)
            self._utter(say, _words().one("taken_back", turn.conversation.turns, {}))
            return []
        outcome = self._outcome(say, turn)
        for bubble in outcome.bubbles:
            self._utter(say, bubble.text, bubble.buttons)
        for what, values in outcome.effects:
            _happens(turn, what, values)
        if outcome.done:
            turn.state.pop("script", None)
        return [ActiveLoop(None), SlotSet("requested_slot", None), asks(None)]

    def _outcome(self, say: Say, turn: Turn) -> Outcome:
        due: Dict[Text, Any] | None = turn.state.pop("due", None)
        if due is not None and due["kind"] == "script_timer":
            running = self._running(say, turn)
            return Outcome(done=True) if running is None else running.time_is_up()
        wanted: Dict[Text, Any] | None = due["data"] if due is not None else turn.state.pop("begin", None)
        if wanted is not None:
            return self._begin(say, turn, wanted, knock=due is not None)
        running = self._running(say, turn)
        if running is None:
            return Outcome(done=True)
        if turn.state["script"].get("door"):
            return self._at_the_door(say, turn, running)
        # After something in between (a question to the coach, which rules have answered) the open question comes again.
        return running.hear(say.text) if _is_answer(say) else running.again()

    def _running(self, say: Say, turn: Turn) -> Running | None:
        state = turn.state.get("script")
        if state is None:
            return None
        world = TurnWorld(turn, say, state["code"])
        return None if world.script(state["name"], state["version"]) is None else Running(state, world, _words())

    def _begin(self, say: Say, turn: Turn, wanted: Dict[Text, Any], *, knock: bool) -> Outcome:
        code = str(wanted.get("code") or "")
        running = Running.begin(str(wanted["script"]), TurnWorld(turn, say, code), _words(), code)
        if running is None:
            return Outcome(done=True)
        turn.state["script"] = running.state
        running.state["earlier"] = {name: turn.recall(f"script.{name}") or [] for name in running.kept_names()}
        if knock:
            return running.at_the_door("note", "ask_note")
        if code and not turn.consented:
            return running.at_the_door("consent", "ask_keep")
        return running.start()

    def _at_the_door(self, say: Say, turn: Turn, running: Running) -> Outcome:
        door, answer = running.state["door"], running.door(say.text)
        if door == "consent":
            if answer == "yes":
                turn.set_consent(True)
            return running.start()
        if answer != "yes":
            return running.decline()
        return running.start()

    @staticmethod
    def _utter(say: Say, text: Text, buttons: Sequence[Text] = ()) -> None:
        say.plainly(text, [{"title": title, "payload": title} for title in buttons])


def _is_answer(say: Say) -> bool:
    return bool(say.text) and say.tracker.latest_action_name in (None, "action_listen")


def _happens(turn: Turn, what: Text, values: Dict[Text, Any]) -> None:
    """What a script wants to happen outside of it, in the turn's own transaction."""
    if what == "remind" and values["script"]:
        turn.remind("script", values["due_at"], {"script": values["script"], "code": values["code"]})
    elif what == "timer":
        turn.remind("script_timer", values["due_at"], {})
    elif what == "share":
        assignment = assigned(turn.session, values["code"])
        if assignment is not None and not assignment.ended:
            share(turn, values["code"], values["label"], values["value"])
    elif what == "keep" and turn.consented:
        for name, value in values["values"].items():
            turn.remember(f"script.{name}", [*(turn.recall(f"script.{name}") or []), value][-_KEPT:])
    elif what == "homework" and turn.consented:
        turn.remember("homework", values["text"])
