"""Runs a script for one person: a state that is JSON, a message in, bubbles and effects out.

No input or output of its own. A place in a script is a number (see program.py); answers, places to go back to and
scripts to return to lie in the state. What the world gives (ideas, themes, other scripts, the clock) comes through
`World`; what is to happen outside (remind, note, share) goes out as effects, and the caller commits both together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bot import zones
from bot.places import Found, find
from bot.scripts.answers import Answer, one_of, read_answer, time_of, yes_no
from bot.scripts.profile import is_typed
from bot.scripts.program import Branch, Jump, Program, laid_out
from bot.scripts.suggesting import Bid, Idea
from bot.scripts.tree import (
    SKIPPED,
    Ask,
    Calendar,
    Condition,
    Draft,
    End,
    HandOver,
    Homework,
    LeadOn,
    Note,
    Plan,
    Reflect,
    Rehearse,
    Remind,
    Run,
    Say,
    Script,
    Show,
    Suggest,
    Wait,
    is_side_roads,
    plain,
    theme_of,
)
from bot.scripts.words import GIVEN, ScriptWords, fill
from bot.understanding.gently import drafts_of, softened, sweeping_in
from bot.understanding.quotes import short

__all__ = ["NOTE", "Bubble", "Outcome", "Running", "State", "World", "each_week", "is_going_on", "is_taking_back"]

#: JSON-like; see `Running.begin`.
State = dict[str, Any]
#: Rule 2: at most two bubbles before the person can answer.
_BUBBLES: Final = 2
#: The script that a reminder begins which names none; it ships with Toward.
NOTE: Final = "Your note"
_LONGEST: Final = 50
#: An answer between quotation marks that stands as a sentence of its own, before another one.
_ENDS_A_SENTENCE: Final = re.compile(r'"\{(\w+)\}"(?= [A-Z])')
#: What is shown as a picture beside its words.
_PICTURES: Final = ("cycle map", "weeks")
#: Words of an answer of one's own that are said back within another text.
_QUOTED: Final = 12
#: Somebody who says so much instead of "go on" has told something.
_TELLS: Final = 4
#: What tells that a question is left open, in so many words at most.
_UNDECIDED: Final = 5
_MISSES: Final = 2
#: After so long a rest the person is met where they were.
_REST_SECONDS: Final = 12 * 3600.0
_GREETING: Final = 3
_GREETINGS: Final = frozenset("hi|hello|hey|good morning|good evening|im back|i'm back".split("|"))
_MOST_STEPS: Final = 2000
_COMMANDS: Final = {
    "stop": frozenset("stop|stop here|quit|end this|i want to stop|cancel".split("|")),
    "pause": frozenset("pause|later|not now|another time|can we do this later".split("|")),
    "back": frozenset("back|go back|previous|the one before".split("|")),
    "why": frozenset("why|why do you ask|why do you want to know|what is this for".split("|")),
    "skip": frozenset("skip|skip this|next|pass|i'd rather not say|rather not say".split("|")),
    "on": frozenset("on|go on|continue|ready|next|ok|okay|carry on".split("|")),
}


def is_going_on(text: str) -> bool:
    """Whether somebody wants to go on with a script that waits."""
    return plain(text).rstrip("!. ") in ("continue", "go on", "carry on", "resume", "go on with it", "let's continue")


def _as_sentence(said: re.Match[str], values: Mapping[str, Any]) -> str:
    answer = str(values.get(said[1]) or "")
    return f'"{answer}."' if answer[-1:].isalnum() else said[0]


def is_taking_back(text: str) -> bool:
    """Whether somebody takes back what they agreed to share."""
    return plain(text).rstrip("!. ") in ("take back what i shared", "stop sharing", "unshare", "don't share anything")


class World(Protocol):
    """What surrounds a script."""

    @property
    def now(self) -> float:
        """Seconds since 1970."""

    @property
    def local(self) -> datetime:
        """The person's local time."""

    @property
    def locked(self) -> bool:
        """Whether nothing aimed at the partner may be offered."""

    @property
    def given(self) -> Mapping[str, str]:
        """Values of {name}, {partner} and {counsellor}."""

    def script(self, name: str, version: int | None) -> tuple[Script, int] | None:
        """A script with its version; the newest where none is named."""

    def ideas(self, suggest: Suggest) -> Sequence[Idea]:
        """Two or three ideas that fit."""

    def themes(self, text: str) -> set[str]:
        """Themes that a text tells of."""

    def quote(self, text: str) -> str:
        """The most telling words of a text."""

    def shown(self, what: str, answers: Mapping[str, Any]) -> str:
        """A text for what `Show:` names, but for "progress"; empty where there is none.

        `answers` are those that aren't remembered yet.
        """

    def wording(self, texts: Sequence[str], number: int) -> int:
        """Which of several wordings is said now; `number` counts how often this place of the script came up."""

    def bid(self) -> Bid | None:
        """Something that a partner might say, with three answers; another one each time."""

    def way_of(self, text: str) -> str:
        """What an answer in own words does: "toward", "away", "against"; empty where that can't be told."""


@dataclass
class Bubble:
    """One thing said, with titles of buttons."""

    text: str
    buttons: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What came of a message.

    Attributes:
        bubbles: to be said, at most two before the person can answer.
        effects: (what, values): "remind", "timer", "share", "keep", "homework", "zone", "zone_left", "circle" (what was
            told of the pattern), "lead on" (where to, and the answers), "plan" (of what), "show" (a picture, or a date
            for the calendar, that goes with the last bubble).
        done: whether the script is over.
    """

    bubbles: list[Bubble] = field(default_factory=list)
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    done: bool = False


class Running:
    """One person in one script.

    Args:
        state: as `begin` made it and earlier messages left it; it is changed.
        world: see `World`.
        words: what the bot says around a script.
    """

    def __init__(self, state: State, world: World, words: ScriptWords) -> None:
        self.state = state
        self.world = world
        self.words = words
        self.out = Outcome()

    @classmethod
    def begin(cls, name: str, world: World, words: ScriptWords, code: str = "") -> Running | None:
        """The beginning of a script; None where there is no such script."""
        found = world.script(name, None)
        if found is None:
            return None
        script, version = found
        state: State = {
            "name": script.name,
            "version": version,
            "at": 0,
            "answers": {},
            "waiting": "",
            "misses": 0,
            "turn": 0,
            "trail": [],
            "stack": [],
            "lines": [],
            "code": code,
            "last": world.now,
        }
        return cls(state, world, words)

    def kept_names(self) -> tuple[str, ...]:
        """Names of the answers that outlast this script."""
        return self._program().script.keep

    def at_the_door(self, door: str, word: str) -> Outcome:
        """Ask before the script begins: whether the note may be opened, whether the place may be kept."""
        self.state["door"] = door
        self._say(self._word(word), [self._word("yes_button"), self._word("no_button")])
        return self.out

    def door(self, text: str) -> str | None:
        """What was answered at the door: yes, no, not sure; or "stop", "pause"."""
        command = self._command(text, "")
        self.state["turn"] += 1
        if command == "pause":
            self.state["paused"] = True
            self._say(self._word("paused"))
            return command
        self.state.pop("door", None)
        return command if command == "stop" else yes_no(text)

    def decline(self) -> Outcome:
        """The script doesn't begin."""
        self._say(self._word("stopped"))
        return self._finish()

    # -- what the caller does ------------------------------------------------------------------------------------------

    def start(self) -> Outcome:
        """The first bubbles."""
        return self._go_on()

    def hear(self, text: str, meant: str = "") -> Outcome:
        """What follows a message of the person's.

        Args:
            text: what was written or tapped.
            meant: "stop", "back", "skip", "why" or "unsure", where the text is understood so and is no plain answer.
        """
        rested = self.world.now - float(self.state["last"]) > _REST_SECONDS
        self.state["last"] = self.world.now
        self.state["turn"] += 1
        waiting = self.state["waiting"]
        if waiting == "rehearse" and meant not in ("stop", "skip"):
            meant = ""  # "what do you need it for?" is said to the partner
        command = self._command(text, waiting) or ("" if self._is_plain_answer(text) else meant)
        if self.state.pop("paused", False):
            if command == "stop":
                return self._stop()
            return self.again(back=True)
        if self.state.pop("interrupted", False) and not command and not self._is_plain_answer(text):
            return self.again()
        if self._barred() and command != "stop":
            return self._go_on()
        if rested and ((len(text.split()) <= _GREETING and self._read(text) is None) or self._free_text_greeting(text)):
            return self.again(back=True)
        if command == "stop":
            return self._stop()
        if command == "pause":
            self.state["paused"] = True
            self._say(self._word("paused"))
            return self.out
        if command == "back":
            return self._back()
        if command == "why" and waiting in ("answer", "suggest", "rehearse", "draft", "remind", "zone", "share"):
            self._say(self._why())
            return self.again()
        return self._take(text, command)

    def again(self, back: bool = False) -> Outcome:
        """The open question once more: after something in between, or after a rest."""
        if self._barred():
            return self._go_on()
        if back:
            self._say(self._word("welcome_back"))
        waiting, step = self.state["waiting"], self._step()
        if waiting == "answer" and isinstance(step, Ask):
            if self._must_be_typed(step):
                return self._leave_out()
            self._ask(step)
        elif waiting == "suggest" and isinstance(step, Suggest) and not self._offer_is_unsafe():
            self._offer(step)
        elif waiting == "rehearse" and isinstance(step, Rehearse):
            self._ask_reply()
        elif waiting == "draft" and isinstance(step, Draft):
            self._offer_draft()
        elif waiting == "remind" and isinstance(step, Remind):
            self._ask_remind(step)
        elif waiting == "zone" and isinstance(step, Remind) and self.state.get("buttons_only"):
            return self._placed(step, "", "skip")  # a place would have to be typed
        elif waiting == "zone":
            self._ask_zone("ask_zone")
        elif waiting == "share":
            self._ask_share()
        else:
            return self._go_on()
        return self.out

    def time_is_up(self) -> Outcome:
        """The timer of `Wait:` rang."""
        if self.state.get("paused"):
            self._say(self._word("paused"))
            return self.out
        return self._move_on() if self.state["waiting"] == "timer" else self.again()

    # -- hearing -------------------------------------------------------------------------------------------------------

    def _command(self, text: str, waiting: str) -> str:
        folded = plain(text).rstrip("?!. ")
        found = next((name for name, said in _COMMANDS.items() if folded in said), "")
        step = self._step()
        if found and waiting == "answer" and isinstance(step, Ask) and step.how != "free text":
            # A choice may be called "Later" or "Stop".
            return "" if folded in [plain(choice.title) for choice in step.choices] else found
        return found

    def _free_text_greeting(self, text: str) -> bool:
        step = self._step()
        return plain(text).rstrip("!. ") in _GREETINGS and isinstance(step, Ask) and step.how == "free text"

    def _read(self, text: str) -> Answer | None:
        step = self._step()
        if self.state["waiting"] == "answer" and isinstance(step, Ask):
            return read_answer(step, text, self.world.local)
        return Answer(text)

    def _is_plain_answer(self, text: str) -> bool:
        """Whether a text can be meant for nothing but the open question, although something came in between."""
        waiting, step = self.state["waiting"], self._step()
        if waiting == "answer" and isinstance(step, Ask):
            if step.how == "free text":
                return plain(text) in [plain(choice.title) for choice in step.choices]
            return self._read(text) is not None
        return waiting not in ("remind", "share", "zone", "rehearse", "draft", "on", "suggest")

    def _take(self, text: str, command: str) -> Outcome:
        waiting, step = self.state["waiting"], self._step()
        if waiting == "answer" and isinstance(step, Ask):
            return self._answered(step, text, command)
        if waiting == "suggest" and isinstance(step, Suggest):
            if self._offer_is_unsafe():
                return self.again()
            return self._chosen(step, text, command)
        if waiting == "rehearse" and isinstance(step, Rehearse):
            return self._replied(step, text, command)
        if waiting == "draft" and isinstance(step, Draft):
            return self._drafted(step, text, command)
        if waiting == "remind" and isinstance(step, Remind):
            return self._reminded(step, text)
        if waiting == "zone" and isinstance(step, Remind):
            return self._placed(step, text, command)
        if waiting == "share":
            return self._shared(text)
        if waiting == "timer" and command != "on":
            self._say(self._word("waiting"), [self._word("go_on_button")])
            return self.out
        if waiting == "timer":
            return self._move_on()
        if command != "on" and len(text.split()) >= _TELLS and (quote := self.world.quote(text)):
            self._say(self._word("reflect", quote=quote))  # somebody told something instead of going on
        return self._go_on()

    def _answered(self, ask: Ask, text: str, command: str) -> Outcome:
        if self._must_be_typed(ask):
            return self._leave_out()
        if command == "skip":  # nobody has to answer; only optional questions offer it
            self.state.pop("picked", None)
            self._trail()
            return self._move_on()
        if ask.how == "free text" and (command == "unsure" or self._is_undecided(ask, text)):
            self._say(self._word("left_open"))
            self._trail()
            return self._move_on()
        if ask.how == "several":
            return self._several(ask, text)
        answer = read_answer(ask, text, self.world.local)
        if answer is None:
            return self._missed(ask, text)
        self._keep(ask.save_as, answer.value)
        self._trail()
        chosen = next((choice for choice in ask.choices if plain(choice.title) == plain(str(answer.value))), None)
        if ask.how == "free text":
            self.state["told"] = answer.value
            others = [name for name in self.state.get("own_words", []) if name != ask.save_as]
            self.state["own_words"] = [*others, *([ask.save_as] if chosen is None and ask.save_as else [])]
        if ask.how in ("choices", "free text") and chosen is not None and chosen.go_to:
            return self._move_on(self._program().place(chosen.go_to))
        if ask.how == "free text" and chosen is None and self._take_a_road():
            return self._go_on()
        return self._move_on()

    def _is_undecided(self, ask: Ask, text: str) -> bool:
        """Whether a question is left open: "I don't know" says nothing that could be given back."""
        titles = [plain(choice.title) for choice in ask.choices]
        return len(text.split()) <= _UNDECIDED and yes_no(text) == "not sure" and plain(text) not in titles

    def _take_a_road(self, back: bool = False) -> bool:
        """Whether an answer tells of something that has a side road, which is taken once; then it goes on from here.

        With `back` the open question comes again after it.
        """
        name = self._program().script.roads
        found = self.world.script(name, None) if name else None
        if found is None:
            return False
        roads, version = found
        told = {theme_of(theme) for theme in self.world.themes(str(self.state["told"]))}
        taken: list[str] = self.state.get("roads", [])
        for section in roads.sections:
            if theme_of(section.name) in told and section.name not in taken:
                self.state["roads"] = [*taken, section.name]
                self.state["stack"].append([self.state["name"], self.state["version"], self.state["at"] + (not back)])
                self.state.update(name=roads.name, version=version, at=laid_out(roads).place(section.name))
                self.state["reflected"] = True  # what is said there answers these words
                return True
        return False

    def _several(self, ask: Ask, text: str) -> Outcome:
        picked: list[str] = list(self.state.get("picked", []))
        done = plain(text) in (plain(self._word("done_button")), "done", "that is all", "no more")
        if not done:
            answer = read_answer(ask, text, self.world.local)
            if answer is None:
                return self._missed(ask, text)
            new = [title for title in answer.value if title not in picked] if isinstance(answer.value, list) else []
            picked += new
            tapped_one = len(new) == 1 and plain(text) == plain(new[0])
            if tapped_one and len(picked) < len(ask.choices):
                self.state["picked"] = picked
                self._say(self._word("one_more", picked=", ".join(picked)), self._buttons(ask))
                return self.out
        if not picked and not ask.optional:
            return self._missed(ask, text)
        self.state.pop("picked", None)
        self._keep(ask.save_as, picked)
        self._trail()
        return self._move_on()

    def _told_instead(self, ask: Ask, text: str) -> bool:
        """Whether somebody told something instead of choosing: it is answered first, then the question comes again."""
        if len(text.split()) < _TELLS + 1 or "?" in text or self.state["misses"]:
            return False
        self.state["told"] = text
        if self._take_a_road(back=True):
            self.state["waiting"] = ""
            self.state.pop("reflected", None)
            return True
        quote = self.world.quote(text)
        if quote:
            self._say(self._word("reflect", quote=quote))
            self._ask(ask)
        return bool(quote)

    def _missed(self, ask: Ask, text: str) -> Outcome:
        """Not understood: said kindly, the second time with every way to answer on a button."""
        if self._told_instead(ask, text):
            return self._go_on() if self.state["waiting"] == "" else self.out
        self.state["misses"] += 1
        name = {
            "scale": "not_a_scale",
            "number": "not_a_number",
            "time": "not_a_time",
            "date": "not_a_date",
            "yes or no": "not_yes_or_no",
            "free text": "nothing_said",
        }.get(ask.how, "not_a_choice")
        said = self._word(name, self.state["misses"] - 1, low=ask.low, high=ask.high)
        self._say(said, self._buttons(ask))
        return self.out

    def _must_be_typed(self, step: Any) -> bool:
        """Whether a step asks for words in a house that takes buttons only."""
        return bool(self.state.get("buttons_only")) and is_typed(step)

    def _leave_out(self) -> Outcome:
        """The open question can't be answered here any more: on with the next one."""
        self._say(self._word("left_out"))
        return self._move_on()

    def _chosen(self, suggest: Suggest, text: str, command: str) -> Outcome:
        ideas = [Idea(**idea) for idea in self.state.get("offer", [])]
        none = plain(text) == plain(self._word("none_of_these_button")) or command == "skip" or yes_no(text) == "no"
        title = None if none else one_of(text, [idea.title for idea in ideas])
        if title is None and not none:
            self.state["misses"] += 1
            if self.state["misses"] < _MISSES:
                self._say(self._word("not_a_choice"), self._offered())
                return self.out
        self.state.pop("offer", None)
        idea = next((idea for idea in ideas if idea.title == title), None)
        self._keep(suggest.save_as, idea.title if idea else "")
        if idea is not None:
            self.state["ideas"] = {**self.state.get("ideas", {}), suggest.save_as: idea.id}
            if self.world.locked:
                self.state["own_care"] = [*self.state.get("own_care", []), suggest.save_as]
            self._say(idea.text)
        return self._move_on()

    def _reminded(self, remind: Remind, text: str) -> Outcome:
        chosen = self._chosen_time(remind, text)
        if not chosen and yes_no(text) != "yes":
            return self._move_on()
        self.state["chosen"] = chosen
        if self.state.get("asks_zone"):
            self._ask_zone("ask_zone")
            return self.out
        return self._set_reminder(remind, self.world.local, "remind_set" if chosen else "")

    def _chosen_time(self, remind: Remind, text: str) -> str:
        """The other time that the person names instead; empty where none is named."""
        time = time_of(text) if any(map(str.isdigit, text)) else None
        return time if time and time != f"{self._due(remind, self.world.local):%H:%M}" else ""

    def _comes_weekly(self, remind: Remind) -> bool:
        """Whether a script comes each week already, and this one doesn't ask for other days."""
        return "{" not in remind.every and plain(remind.script) in self.state.get("weekly", [])

    def _weekly(self, step: Remind | Calendar) -> tuple[tuple[int, ...], str]:
        """Days of the week, and HH:MM, of what comes each week; empty where the answers name none."""
        days = zones.days_named(fill(step.every, self._values()))
        at = step.at if "{" not in step.at else time_of(fill(step.at, self._values())) or ""
        return days, at

    def _placed(self, remind: Remind, text: str, command: str) -> Outcome:
        """Where the client lives; without it the reminder goes by the clock of the house."""
        left = command == "skip" or yes_no(text) in ("no", "not sure")
        found = Found() if left else find(text)
        if found.choices:
            self._ask_zone("which_zone", found.choices)
            return self.out
        if found.zone is None and not left and self.state["misses"] < _MISSES - 1:
            self.state["misses"] += 1
            self._ask_zone("zone_not_found")
            return self.out
        if found.zone is None:
            self.out.effects.append(("zone_left", {}))
            return self._set_reminder(remind, self.world.local, "remind_set_here")
        self.out.effects.append(("zone", {"zone": found.zone}))
        return self._set_reminder(remind, zones.local(self.world.now, found.zone), "remind_set")

    def _set_reminder(self, remind: Remind, local: datetime, word: str) -> Outcome:
        chosen = self.state.pop("chosen", "")
        due = self._due(remind, local, chosen)
        values: dict[str, Any] = {"due_at": due.timestamp(), "script": remind.script, "code": self.state["code"]}
        if not remind.script:
            values.update(script=NOTE, homework=self._values().get("homework"))
        if remind.every:
            days, at = self._weekly(remind)
            # A time that the client gave as an answer is one that they named.
            values.update(every=list(days), at=chosen or at, chosen=bool(chosen) or "{" in remind.at)
        elif at := chosen or remind.at:
            values.update(at=at, chosen=bool(chosen))
        else:
            values.update(wanted=zones.after(local, remind.seconds).timestamp())
        self.out.effects.append(("remind", values))
        if word:
            when = each_week(values["every"], due) if remind.every else _spoken(due)
            self._say(self._word(word, when=when))
        return self._move_on()

    def _shared(self, text: str) -> Outcome:
        agreed = yes_no(text) == "yes" or plain(text) == plain(self._word("share_button"))
        declined = yes_no(text) == "no" or plain(text) == plain(self._word("private_button"))
        if not agreed and not declined:
            return self.again()
        line = self.state["lines"].pop(0)
        if agreed:
            self.out.effects.append(("share", {"code": self.state["code"], "label": line[0], "value": line[1]}))
        return self._go_on()

    # -- going on ------------------------------------------------------------------------------------------------------

    def _move_on(self, to: int | None = None) -> Outcome:
        self.state["at"] = self.state["at"] + 1 if to is None else to
        return self._go_on()

    def _go_on(self) -> Outcome:
        """Run until the person is asked, the bubbles are full, or the script is over."""
        self.state["waiting"], self.state["misses"] = "", 0
        for _ in range(_MOST_STEPS):
            if self._do(self._program().steps[self.state["at"]]):
                return self.out
        return self._finish()  # a script that goes round for ever; the checker finds these before

    def _do(self, step: Any) -> bool:
        """One step; True where the person comes next, or it is over."""
        if isinstance(step, Jump):
            self.state["at"] = step.to
            return False
        if isinstance(step, Branch):
            self.state["at"] = self.state["at"] + 1 if self._holds(step.condition) else step.to
            return False
        if self._barred():
            return self._leave()
        if isinstance(step, End):
            return self._end(step)
        if isinstance(step, Homework):
            return self._homework(step)
        if self._must_be_typed(step):
            self.state["at"] += 1
            return False
        if isinstance(step, (Say, Ask, Reflect, Show, Wait, Suggest, Rehearse, Draft, LeadOn, Plan)) and self._full():
            return True
        if isinstance(step, (LeadOn, Plan)):
            return self._lead_on(step)
        if isinstance(step, Rehearse):
            return self._rehearse()
        if isinstance(step, Draft):
            return self._draft(step)
        if isinstance(step, Ask):
            self._ask(step)
            return True
        if isinstance(step, Suggest):
            return self._suggest(step)
        if isinstance(step, Remind):
            if step.every and (self._comes_weekly(step) or not all(self._weekly(step))):
                self.state["at"] += 1
                return False
            if self._full():
                return True
            self._ask_remind(step)
            return True
        if isinstance(step, Calendar):
            return self._calendar(step)
        if isinstance(step, Wait):
            until = self.world.now + step.seconds
            self.out.effects.append(("timer", {"due_at": until}))
            self._say(self._word("wait", length=_length(step.seconds)), [self._word("go_on_button")])
            self.state["waiting"] = "timer"
            return True
        if isinstance(step, Run):
            return self._run(step)
        self._quietly(step)
        self.state["at"] += 1
        return False

    def _quietly(self, step: Any) -> None:
        """Steps after which nobody is asked."""
        if isinstance(step, Say):
            self._say(self._wording(step, step.texts))
        elif isinstance(step, Reflect):
            said = str(self.state["answers"].get(step.name) or "")
            if not self.state.pop("reflected", False) and (quote := self.world.quote(said)):
                self._say(self._word("reflect", quote=quote))
        elif isinstance(step, Show):
            self._show(step)
        elif isinstance(step, Note):
            if self._says_something(step.text):
                self._for_counsellor("note", fill(step.text, self._values()))
        elif isinstance(step, HandOver):
            self._for_counsellor("contact", self._word("shared_contact"))

    def _told(self, what: str) -> Mapping[str, Any]:
        """What was answered and isn't remembered yet: of the weeks only what is about to be kept."""
        if what != "weeks":
            return dict(self.state["answers"])
        kept = [values["values"] for what, values in self.out.effects if what == "keep"]
        return {name: value for values in kept for name, value in values.items()}

    def _calendar(self, step: Calendar) -> bool:
        days, at = self._weekly(step)
        if days and at:
            if self._full():
                return True
            self._say(self._word("calendar"))
            title = fill(step.called, self._values())
            self._goes_along("calendar", every=list(days), at=at, minutes=step.minutes, called=title)
        self.state["at"] += 1
        return False

    def _goes_along(self, what: str, **values: Any) -> None:
        """A picture or a file that goes with the bubble that was just said."""
        self.out.effects.append(("show", {"what": what, "bubble": len(self.out.bubbles) - 1, **values}))

    def _show(self, step: Show) -> None:
        if step.what == "progress":
            self._say(self._progress())
            return
        if step.what == "weeks":
            self._keep_for_later()  # so that they are on the picture
        answers = self.state["answers"]
        shown = self.world.shown(step.what, self._told(step.what))
        self._say(shown or self._word("no_pictures"))
        if shown and step.what in _PICTURES:
            self._goes_along(step.what, answers=dict(answers))
        if step.what == "cycle map" and not self.world.locked:
            self.out.effects.append(("circle", dict(answers)))

    def _wording(self, step: Say | Ask | End, texts: Sequence[str]) -> str:
        """The wording whose turn it is, filled."""
        count = self.state.setdefault("said", {})
        number = int(count.get(str(step.line), self.state["turn"] if len(texts) > 1 else 0))
        count[str(step.line)] = number + 1
        return self._filled(texts[self.world.wording(texts, number)])

    def _filled(self, text: str) -> str:
        """A text with its {names}; answers of the person's own stand in it shortened, and as quotes between marks."""
        values = self._values()
        if told := self.world.quote(str(values["told"])):
            text = text.replace("{told}", told)
        for name in self.state.get("own_words", []):
            said = str(values.get(name) or "")
            text = text.replace(f'"{{{name}}}"', f'"{short(said, _QUOTED, clauses=False)}"' if said else "")
            if len(said.split()) > _QUOTED:
                values[name] = short(said, _QUOTED, clauses=False)
        return fill(_ENDS_A_SENTENCE.sub(lambda said: _as_sentence(said, values), text), values)

    def _lead_on(self, step: LeadOn | Plan) -> bool:
        """The script is over, and those that ran it; the coach goes on."""
        self._keep_for_later()
        if self.state["code"] and self.state["lines"]:
            self._ask_share()
            return True
        if isinstance(step, Plan):
            named = self.state.get("ideas", {}).get(step.text.strip(" {}."), "")
            self.out.effects.append(("plan", {"title": self._filled(step.text), "idea": named}))
        else:
            self.out.effects.append(("lead on", {"to": step.to, "answers": dict(self.state["answers"])}))
        self._finish()
        return True

    def _rehearse(self) -> bool:
        bid = self.world.bid()
        if bid is None or self.world.locked:
            self.state["at"] += 1
            return False
        self.state["bid"] = {**bid.__dict__, "replies": [list(reply) for reply in bid.replies]}
        self._ask_reply()
        return True

    def _ask_reply(self) -> None:
        self.state["waiting"] = "rehearse"
        bid = self.state["bid"]
        said = self._word("rehearse", bid=bid["bid"])
        self._say(said, [reply for _, reply in bid["replies"]])

    def _replied(self, step: Rehearse, text: str, command: str) -> Outcome:
        """What an answer does is said, without marking it right or wrong."""
        bid = self.state.pop("bid")
        if command in ("skip", "unsure") or yes_no(text) == "not sure":
            way, heard = "open", "rehearse_open"
        else:
            tapped = next((way for way, reply in bid["replies"] if plain(reply) == plain(text)), "")
            way = tapped or self.world.way_of(text) or "own"
            heard = f"rehearse_{way}" if tapped or way == "own" else f"rehearse_own_{way}"
        self._keep(step.save_as, way)
        toward = next(reply for way, reply in bid["replies"] if way == "toward")
        self._say(self._word(heard, quote=self.world.quote(text), toward=toward, why=bid["why"]))
        return self._move_on()

    def _draft(self, step: Draft) -> bool:
        answers = self.state["answers"]
        pieces = [str(answers.get(name) or "") for name in (step.event, step.feeling, step.request)]
        drafts = drafts_of(*pieces)
        if drafts is None:
            self.state["at"] += 1
            return False
        self.state["drafts"] = {"texts": list(drafts.texts), "at": 0, "softened": list(drafts.softened)}
        self._offer_draft()
        return True

    def _offer_draft(self) -> None:
        self.state["waiting"] = "draft"
        drafts = self.state["drafts"]
        number = drafts["at"] % len(drafts["texts"])
        buttons = [self._word(f"{name}_button") for name in ("draft_take", "draft_next", "draft_leave")]
        self._say(self._word(f"draft_{number + 1}", draft=drafts["texts"][number]), buttons)

    def _drafted(self, step: Draft, text: str, command: str) -> Outcome:
        """One is taken, the next is shown, or somebody writes their own; what was changed is said with the reason."""
        drafts = self.state["drafts"]
        if plain(text) == plain(self._word("draft_next_button")) or yes_no(text) in ("no", "not sure"):
            drafts["at"] += 1
            self._offer_draft()
            return self.out
        if command == "skip" or plain(text) == plain(self._word("draft_leave_button")):
            self.state.pop("drafts")
            return self._move_on()
        taken = plain(text) == plain(self._word("draft_take_button")) or yes_no(text) == "yes"
        if not taken and len(text.split()) < _TELLS:
            self._offer_draft()
            return self.out
        if not taken and (found := sweeping_in(text)):
            # Rule 8: caught, and a gentler wording offered, once; who keeps it keeps it.
            drafts.update(texts=[softened(text), *drafts["texts"]], at=0)
            self._say(self._word("draft_sweeping", words=found[0]))
            self._offer_draft()
            return self.out
        self._keep(step.save_as, drafts["texts"][drafts["at"] % len(drafts["texts"])] if taken else text)
        self.state.pop("drafts")
        if taken:
            words = drafts["softened"]
            self._say(self._word("draft_changed", words=words[0]) if words else self._word("draft_kept"))
        return self._move_on()

    def _homework(self, step: Homework) -> bool:
        words = self._filled(step.text).strip()
        # Where the partner is feared only what was chosen since then, for oneself alone, may be homework.
        barred = self.world.locked and step.text.strip(" .{}") not in self.state.get("own_care", [])
        if not barred and any(character.isalnum() for character in words):
            said = self._word("homework", homework=words if words.endswith((".", "!", "?")) else f"{words}.")
            if not self._joins(said) and self._full():
                return True
            self.out.effects.append(("homework", {"text": words}))
            self.state["answers"]["homework"] = words
            self._add(said)
        self.state["at"] += 1
        return False

    def _run(self, step: Run) -> bool:
        found = self.world.script(step.script, None)
        self.state["at"] += 1
        if found is None or len(self.state["stack"]) > 8:
            return False
        script, version = found
        if self._is_barred(script):
            return False
        self.state["stack"].append([self.state["name"], self.state["version"], self.state["at"]])
        self.state.update(name=script.name, version=version, at=0)
        return False

    def _end(self, step: End) -> bool:
        if self._leaves_all(step):
            self.state["stack"] = []
        if self.state["stack"]:
            if step.text:
                if self._full():
                    return True
                self._say(self._wording(step, (step.text, *step.others)))
            self.state["also_kept"] = [*self.state.get("also_kept", []), *self.kept_names()]
            name, version, at = self.state["stack"].pop()
            self.state.update(name=name, version=version, at=at)
            return False
        self._keep_for_later()
        if self.state["code"] and self.state["lines"]:
            if self._full():
                return True
            self._ask_share()
            return True
        if self._full():
            return True
        self._say(self._wording(step, (step.text, *step.others)) if step.text else self._word(self._ended()))
        self._finish()
        return True

    def _leaves_all(self, step: End) -> bool:
        """Whether this is an end that somebody chose on a side road: then it is the end of the whole."""
        script, taken = self._program().script, self.state.get("roads", [])
        if not is_side_roads(script) or not taken:
            return False
        inside = [section.name for section in script.sections if section.line <= step.line]
        return bool(inside) and inside[-1] != taken[-1]

    def _barred(self) -> bool:
        """Whether the script that is going on is for couples, and the partner is feared since it began."""
        return self._is_barred(self._program().script)

    def _is_barred(self, script: Script) -> bool:
        return self.world.locked and "couple" in plain(script.audience)

    def _leave(self) -> bool:
        """Out of a script for couples: back to the one that ran it, or to the end."""
        if self.state["stack"]:
            name, version, at = self.state["stack"].pop()
            self.state.update(name=name, version=version, at=at)
            return False
        if self._full():
            return True
        self._say(self._word("not_now"))
        self._finish()
        return True

    def _ended(self) -> str:
        return "ended_by_buttons" if self.state.get("buttons_only") else "ended"

    def _finish(self) -> Outcome:
        self.out.done = True
        return self.out

    def _stop(self) -> Outcome:
        self._say(self._word("stopped"))
        return self._finish()

    def _back(self) -> Outcome:
        if not self.state["trail"]:
            self._say(self._word("no_way_back"))
            return self.again()
        name, version, at, stack, *lines = self.state["trail"].pop()
        self.state.update(name=name, version=version, at=at, stack=stack)
        if lines:  # what was noted since then is noted anew
            self.state["lines"] = lines[0]
        self.state.pop("kept", None)
        self.state.pop("picked", None)
        return self._go_on()

    # -- saying --------------------------------------------------------------------------------------------------------

    def _full(self) -> bool:
        """Whether two bubbles have been said: then the person comes first."""
        if len(self.out.bubbles) < _BUBBLES:
            return False
        self.out.bubbles[-1].buttons = [self._word("go_on_button")]
        self.state["waiting"] = "on"
        return True

    def _say(self, text: str, buttons: Sequence[str] = ()) -> None:
        if text:
            self.out.bubbles.append(Bubble(text, list(buttons)))

    def _add(self, text: str) -> None:
        """Say it in the same breath as what was just said, where that stays short."""
        if self._joins(text):
            self.out.bubbles[-1].text += f" {text}"
        else:
            self._say(text)

    def _joins(self, text: str) -> bool:
        last = self.out.bubbles[-1] if self.out.bubbles else None
        return last is not None and not last.buttons and len(f"{last.text} {text}".split()) <= _LONGEST

    def _ask(self, ask: Ask) -> None:
        self.state["waiting"] = "answer"
        self._say(self._wording(ask, (ask.text, *ask.others)), self._buttons(ask))

    def _buttons(self, ask: Ask) -> list[str]:
        titles = {
            "yes or no": [self._word(name) for name in ("yes_button", "no_button", "unsure_button")],
            "scale": [str(number) for number in range(ask.low, ask.high + 1)],
        }.get(ask.how, [choice.title for choice in ask.choices])
        picked = self.state.get("picked", []) if ask.how == "several" else []
        if ask.how == "several":
            titles = [*(title for title in titles if title not in picked), self._word("done_button")]
        may_skip = (ask.optional or self.state["misses"] >= _MISSES) and not picked
        return [*titles, self._word("skip_button")] if may_skip else titles

    def _suggest(self, step: Suggest) -> bool:
        ideas = list(self.world.ideas(step))
        if not ideas:
            self.state["at"] += 1
            return False
        self.state["offer"] = [idea.__dict__ for idea in ideas]
        self.state["offer_locked"] = self.world.locked
        self._offer(step)
        return True

    def _offer_is_unsafe(self) -> bool:
        """Whether the ideas on offer were chosen before the partner was feared."""
        return self.world.locked and not self.state.get("offer_locked")

    def _offer(self, step: Suggest) -> None:
        self.state["waiting"] = "suggest"
        name = "suggest_for_yourself" if self.world.locked else f"suggest_{step.kind}"
        self._say(self._word(name), self._offered())

    def _offered(self) -> list[str]:
        """The buttons under an offer."""
        return [*(idea["title"] for idea in self.state["offer"]), self._word("none_of_these_button")]

    def _ask_remind(self, step: Remind) -> None:
        self.state["waiting"] = "remind"
        due = self._due(step, self.world.local)
        when = each_week(self._weekly(step)[0], due) if step.every else _spoken(due)
        self._say(self._word("ask_remind", when=when), [self._word("yes_button"), self._word("no_button")])

    def _ask_zone(self, word: str, places: Sequence[str] = ()) -> None:
        self.state["waiting"] = "zone"
        self._say(self._word(word), [*places, self._word("skip_button")])

    def _ask_share(self) -> None:
        self.state["waiting"] = "share"
        label, value = self.state["lines"][0]
        line = value if label in ("note", "contact") else f"{label}: {value}"
        buttons = [self._word("share_button"), self._word("private_button")]
        self._say(self._word("ask_share", line=line), buttons)

    def _word(self, name: str, number: int | None = None, **values: object) -> str:
        texts = self.words.texts[name]
        return fill(
            texts[self.world.wording(texts, self.state["turn"] if number is None else number)],
            {**self._values(), **values},
        )

    def _why(self) -> str:
        """What a question is for; of the script itself where it says so."""
        if why := self._program().script.why:
            return self._filled(why[self.world.wording(why, self.state["turn"])])
        return self._word("why" if self.state["code"] else "why_own")

    # -- what is known -------------------------------------------------------------------------------------------------

    def _program(self) -> Program:
        found = self.world.script(self.state["name"], self.state["version"])
        if found is None:
            raise KeyError(self.state["name"])
        return laid_out(found[0])

    def _step(self) -> Any:
        steps = self._program().steps
        return steps[self.state["at"]] if self.state["at"] < len(steps) else None

    def _values(self) -> dict[str, Any]:
        return {**self.world.given, "told": self.state.get("told", ""), **self.state["answers"]}

    def _keep(self, name: str, value: Any) -> None:
        if name:
            self.state["answers"][name] = value
            self.state["own_care"] = [other for other in self.state.get("own_care", []) if other != name]

    def _trail(self) -> None:
        place = [self.state[part] for part in ("name", "version", "at")]
        place += [[*self.state["stack"]], [*self.state["lines"]]]
        self.state["trail"] = [*self.state["trail"], place][-20:]

    def _keep_for_later(self) -> None:
        """Answers named by `Keep:`, of this script and those it ran, outlast it and may be shared, line by line."""
        if self.state.get("kept"):
            return
        self.state["kept"] = True
        names = dict.fromkeys([*self.kept_names(), *self.state.get("also_kept", [])])
        kept = {name: self.state["answers"][name] for name in names if name in self.state["answers"]}
        before = self.state.get("kept_values", {})
        if new := {name: value for name, value in kept.items() if name not in before or before[name] != value}:
            self.out.effects.append(("keep", {"values": new}))
        self.state["kept_values"] = kept
        if self.state["code"]:
            self.state["lines"] += [
                [name.replace("_", " "), ", ".join(value) if isinstance(value, list) else str(value)]
                for name, value in kept.items()
                if value not in ("", [])
            ]

    def _says_something(self, text: str) -> bool:
        """Whether a note still tells anything: not where it tells answers, and each of them was skipped."""
        names = set(re.findall(r"\{(\w+)\}", text)) - set(GIVEN)
        values = self._values()
        return not names or any(values.get(name) not in (None, "", []) for name in names)

    def _for_counsellor(self, label: str, text: str) -> None:
        if self.state["code"]:
            self.state["lines"].append([label, text])

    def _progress(self) -> str:
        for name in self._program().script.keep:
            values = [*self.state.get("earlier", {}).get(name, []), self.state["answers"].get(name)]
            numbers = [str(value) for value in values if isinstance(value, int)]
            if numbers:
                return self._word("progress", answer=name.replace("_", " "), values=", ".join(numbers))
        return ""

    def _holds(self, condition: Condition) -> bool:
        if condition.sort == "mentions":
            told = {theme_of(name) for name in self.world.themes(str(self.state.get("told", "")))}
            return theme_of(condition.value) in told
        value = self.state["answers"].get(condition.name)
        if condition.sort == "is" and plain(condition.value) == SKIPPED:
            return value in (None, "", [])
        if condition.sort == "is":
            values = value if isinstance(value, list) else [value]
            return plain(condition.value) in [plain(str(one)) for one in values if one is not None]
        if not isinstance(value, int):
            return False
        return value >= int(condition.value) if condition.sort == "at least" else value <= int(condition.value)

    def _due(self, remind: Remind, local: datetime, chosen: str = "") -> datetime:
        """When a reminder rings: never in the quiet hours, but at a time that the client named."""
        if remind.every:
            days, at = self._weekly(remind)
            due = zones.next_on(local, days, chosen or at)
            return due if chosen or "{" in remind.at else zones.out_of_quiet_hours(due)
        if chosen:
            return zones.next_at(local, chosen, remind.seconds)
        due = zones.next_at(local, remind.at, remind.seconds) if remind.at else zones.after(local, remind.seconds)
        return zones.out_of_quiet_hours(due)


def _spoken(due: datetime) -> str:
    return f"on {due:%A}, {due.day} {due:%B}, at {due:%H:%M}"


def each_week(days: Sequence[int], first: datetime) -> str:
    """Such as "every Sunday and Thursday, at 19:30"; the first time falls on one of these days."""
    if len(days) == 7:
        return f"every day, at {first:%H:%M}"
    names = [f"{first + timedelta(days=(day - first.weekday()) % 7):%A}" for day in days]
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"every {listed}, at {first:%H:%M}"


def _length(seconds: int) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
