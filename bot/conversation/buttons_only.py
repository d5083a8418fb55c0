"""A house that takes buttons only (`TOWARD_PROFILE=illinois`): no free text is understood there.

Safety has read a message before it comes here. It is then a button (tapped, or typed: its title, its place, its
number), one of a few words that always work, or it is left unread and answered kindly. What reaches Rasa is
one of a few payloads, whose meaning is fixed, and never a word of the person's: the title of a script's button is
handed to the script itself (`Turn.pressed`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.content import yaml_files
from bot.conversation.messages import Kind
from bot.engine.reply import Reply
from bot.memory.turn import Turn
from bot.scripts.allowed import ButtonScripts
from bot.scripts.answers import button_meant
from bot.scripts.tree import Script, plain

__all__ = ["PAYLOADS", "ButtonWords", "ButtonsOnly", "Step"]

#: All that the engine is ever given in such a house.
PAYLOADS: Final = frozenset(
    {"/begin_script", "/script_due", "/ask_privacy", "/ask_forget", "/confirm_forget", "/keep_memory"}
)
#: Buttons of the house itself: "word:continue", "script:Week 1".
_WORD: Final = "word:"
_SCRIPT: Final = "script:"
_TAKE_BACK: Final = "take back what i shared"
#: Words that always work, as `_plain` gives them, and what each means.
_ALWAYS: Final[Mapping[str, str]] = {
    said: word
    for word, sayings in {
        "stop": "stop|stop here|quit|end this|i want to stop|cancel",
        "pause": "pause|later|not now|another time",
        "back": "back|go back|previous",
        "continue": "continue|go on|carry on|resume|ready|ok|okay|next",
        "why": "why|why do you ask",
        "help": "help|menu",
        "privacy": "privacy|who can read this",
        "forget": "forget|forget me|forget everything|erase me|erase everything|delete my data",
        "take back": f"{_TAKE_BACK}|stop sharing|unshare",
        "start": "start",
    }.items()
    for said in sayings.split("|")
}
_GO_ON: Final = "go on"
#: So many unread messages in a row are answered without naming a way out.
_PATIENCE: Final = 2
_MOST_OFFERED: Final = 20
_NEEDED: Final = frozenset(
    "continue_button help_now_button greeting greeting_nothing menu nothing nothing_open help not_here note_not_here "
    "not_read not_read_help".split()
)
Button = dict[str, str]


@dataclass(frozen=True)
class ButtonWords:
    """What such a house says: texts of data/buttons_only.yml, each in several wordings."""

    texts: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, file: Path) -> ButtonWords:
        """Read the file.

        Raises:
            ContentError: it is missing, isn't YAML, or lacks a text.
        """
        return cls(yaml_files.wordings(file, _NEEDED))

    def fresh(self, turn: Turn, name: str) -> str:
        """The wording that this person has not read for the longest time."""
        said, wordings = turn.said(), self.texts[name]
        keys = [f"buttons_only.{name}/{number}" for number in range(len(wordings))]
        never = max(said.values(), default=0) + 1
        best = max(range(len(wordings)), key=lambda number: (said.get(keys[number], never), -number))
        turn.note_said(keys[best])
        return wordings[best]


@dataclass(frozen=True)
class Step:
    """What comes of a message: what is said from here, and the payload that the engine gets, if any."""

    replies: tuple[Reply, ...] = ()
    payload: str = ""


class ButtonsOnly:
    """Decides what a message is where nothing but buttons is taken.

    Args:
        scripts: which may run here.
        words: what is said here.
    """

    def __init__(self, scripts: ButtonScripts, words: ButtonWords) -> None:
        self._scripts = scripts
        self._words = words

    def hear(self, turn: Turn, kind: Kind, text: str, payload: str | None, script: str = "") -> Step:
        """What comes of a message that safety let pass.

        Args:
            turn: the turn; that no free text is understood is noted there for the actions.
            kind: what arrived.
            text: what was written, or the name of a command.
            payload: of the tapped button; or what a reminder, a code or script mode begins.
            script: the script of script mode; without one there is a menu.
        """
        turn.buttons_only = True
        if kind is Kind.REMINDER:
            return self._rings(turn, payload)
        if payload == "/begin_script":
            return self._begins(turn)
        pressed = None if kind is Kind.UNREADABLE else self._meant(turn, kind, text, payload, script)
        if pressed is None:
            return self._unread(turn, script)
        turn.state.pop("unread", None)
        return self._pressed(turn, pressed, script)

    def shown(self, turn: Turn, replies: Sequence[Reply]) -> list[Reply]:
        """The replies with buttons of this house only, and never without one while something waits."""
        if not replies or turn.erased:
            return list(replies)
        *before, last = replies
        buttons = [button for button in last.buttons if self._works(turn, button)]
        if not buttons and "script" in turn.state:
            buttons = self._open(turn) if turn.script_runs else [self._continue()]
        turn.state["buttons"] = buttons
        return [*(replace(reply, buttons=()) for reply in before), replace(last, buttons=tuple(buttons))]

    # -- what a message is ---------------------------------------------------------------------------------------------

    def _meant(self, turn: Turn, kind: Kind, text: str, payload: str | None, script: str) -> str | None:
        """The payload of what was tapped or typed: a button, or a word that always works; None for anything else."""
        if payload and _of_the_house(payload):
            return payload
        always = f"{_WORD}{_ALWAYS[_plain(text)]}" if _plain(text) in _ALWAYS else None
        if kind is Kind.COMMAND:
            return always
        offered = {button["title"]: button["payload"] for button in self._offered(turn, script)}
        if payload:  # of a script: only a button that is open, not one of an earlier question
            return payload if payload in offered.values() else None
        # "Later" may be what a button says.
        same = (title for title in offered if title == text or (_plain(title) == _plain(text) != ""))
        if (title := next(same, None)) is not None:
            return offered[title]
        if always is None and (title := button_meant(text, [*offered])) is not None:
            return offered[title]
        return always

    def _pressed(self, turn: Turn, payload: str, script: str) -> Step:
        if payload.startswith(_SCRIPT):
            turn.state["begin"] = {"script": payload.removeprefix(_SCRIPT), "code": ""}
            return self._begins(turn)
        if payload.startswith(_WORD):
            return self._always(turn, payload.removeprefix(_WORD), script)
        if payload in PAYLOADS:
            return Step(payload=payload)
        turn.pressed = payload
        return Step(payload="/script_due")

    def _always(self, turn: Turn, word: str, script: str) -> Step:
        """A word that works at any time."""
        if word in ("privacy", "forget"):
            return Step(payload=f"/ask_{word}")
        if word == "take back":
            turn.pressed = _TAKE_BACK
            return Step(payload="/script_due")
        if word == "start":
            turn.pause_script()
            return Step((self._menu_said(turn, script),))
        if word == "help":
            help_now = self._words.texts["help_now_button"][0]
            buttons = [button for button in self._offered(turn, script) if button["title"] != help_now]
            buttons.append({"title": help_now, "payload": help_now})
            return Step((Reply(self._words.fresh(turn, "help"), tuple(buttons)),))
        return self._to_the_script(turn, word, script)

    def _to_the_script(self, turn: Turn, word: str, script: str) -> Step:
        """Stop, pause, back, continue, why: said to the script that runs or waits."""
        if "script" not in turn.state or (word in ("pause", "why") and not turn.script_runs):
            return Step((Reply(self._words.fresh(turn, "nothing_open"), tuple(self._menu(turn, script))),))
        if word == "continue" and turn.script_runs:
            # Where the script waits to go on there is a button for it; elsewhere its question comes again.
            going = [button for button in self._open(turn) if plain(button["title"]) == _GO_ON]
            word = going[0]["payload"] if going else ""
        if word == "back" and turn.state["script"].get("door"):
            word = ""
        turn.pressed = word
        return Step(payload="/script_due")

    # -- scripts -------------------------------------------------------------------------------------------------------

    def _rings(self, turn: Turn, payload: str | None) -> Step:
        """A script's reminder; one of a plan that was made in free talk earlier stays quiet."""
        if payload != "/script_due":
            return Step()
        due = turn.state["due"]
        if due["kind"] == "script" and not self._scripts.may_run(str(due["data"]["script"])):
            del turn.state["due"]
            return Step((Reply(self._words.fresh(turn, "note_not_here"), tuple(self._open(turn))),))
        return Step(payload=payload)

    def _begins(self, turn: Turn) -> Step:
        """A code, a button of the menu or script mode begins a script, if that can be gone through by buttons."""
        if self._scripts.may_run(str(turn.state["begin"]["script"])):
            return Step(payload="/begin_script")
        del turn.state["begin"]
        return Step((Reply(self._words.fresh(turn, "not_here"), tuple(self._offered(turn, ""))),))

    # -- what is open --------------------------------------------------------------------------------------------------

    def _unread(self, turn: Turn, script: str) -> Step:
        """Not a button: the open ones are shown again, with other words each time, and soon with a way out."""
        if turn.script_runs and not turn.state["script"].get("buttons_only"):
            return Step(payload="/script_due")  # the profile is new: the question comes again, or is left out
        if turn.state.get("disclosed_at") is None and not turn.script_runs:
            return Step((self._menu_said(turn, script),))
        turn.state["unread"] = int(turn.state.get("unread", 0)) + 1
        buttons = self._offered(turn, script)
        if not buttons and not turn.script_runs:
            return Step((Reply(self._words.fresh(turn, "nothing")),))
        name = "not_read" if turn.state["unread"] <= _PATIENCE else "not_read_help"
        said = Reply(self._words.fresh(turn, name), tuple(buttons))
        return Step((said,), "" if buttons else "/script_due")

    def _menu_said(self, turn: Turn, script: str) -> Reply:
        """The menu; for somebody new with the words that this is a program."""
        buttons = self._menu(turn, script)
        first = turn.state.get("disclosed_at") is None
        name = ("greeting" if buttons else "greeting_nothing") if first else ("menu" if buttons else "nothing")
        if first:
            turn.state["disclosed_at"] = turn.now
        return Reply(self._words.fresh(turn, name), tuple(buttons))

    def _offered(self, turn: Turn, script: str) -> list[Button]:
        """The buttons that may be pressed now: those that are open, else the menu."""
        return self._open(turn) if turn.script_runs else self._open(turn) or self._menu(turn, script)

    def _open(self, turn: Turn) -> list[Button]:
        """The buttons that were shown last; safety's own don't take their place."""
        shown: list[Button] = turn.state.get("buttons", turn.last_offer())
        return [button for button in shown if self._works(turn, button)]

    def _works(self, turn: Turn, button: Button) -> bool:
        payload = button["payload"]
        if _of_the_house(payload):
            return True
        help_now = payload in self._words.texts["help_now_button"]
        return help_now or (turn.script_runs and bool(payload) and not payload.startswith("/"))

    def _menu(self, turn: Turn, script: str) -> list[Button]:
        waits = [self._continue()] if "script" in turn.state else []
        names = [script] if script else [found.name for found in self._scripts.offered() if not _barred(turn, found)]
        return [*waits, *({"title": name, "payload": f"{_SCRIPT}{name}"} for name in names[:_MOST_OFFERED])]

    def _continue(self) -> Button:
        return {"title": self._words.texts["continue_button"][0], "payload": f"{_WORD}continue"}


def _of_the_house(payload: str) -> bool:
    """Whether a payload means the same at any time; that of a script's button is its title."""
    return payload.startswith((_WORD, _SCRIPT)) or payload in PAYLOADS


def _barred(turn: Turn, script: Script) -> bool:
    """Whether it is for couples, and the partner is feared."""
    return turn.locked and "couple" in plain(script.audience)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()
