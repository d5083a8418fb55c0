"""What a script is, once read: one typed, versioned tree. Its JSON schema is docs/script-schema.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Union

from pydantic import BaseModel, Field

__all__ = [
    "FORMAT",
    "SKIPPED",
    "Ask",
    "Calendar",
    "Choice",
    "Condition",
    "Draft",
    "End",
    "GoTo",
    "HandOver",
    "Homework",
    "If",
    "LeadOn",
    "Note",
    "Place",
    "Plan",
    "Reflect",
    "Rehearse",
    "Remind",
    "Run",
    "Say",
    "Script",
    "Section",
    "Show",
    "Shown",
    "Step",
    "Suggest",
    "Wait",
    "is_side_roads",
    "plain",
    "steps_of",
    "theme_of",
]

#: Version of the tree. A stored script of another version is read again from its text.
FORMAT = 1
Shown = Literal[
    "cycle map",
    "weeks",
    "progress",
    "helplines",
    "gentle example",
    "common pattern",
    "opening prompt",
    "speaking prompt",
    "closing prompt",
]
#: What an answer is where its question was left open.
SKIPPED = "skipped"
#: Where the coach can go on by itself. "the plan" is for Toward's own script "Plan".
Place = Literal["listening", "ways to begin", "kindness", "something new", "questions", "check-in", "the plan"]
How = Literal["free text", "yes or no", "scale", "number", "time", "date", "choices", "several"]


class _Strict(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class _Node(_Strict):
    line: int = Field(..., description="where it begins in the text, from 1")


class Say(_Node):
    """One bubble; of several wordings another one each time."""

    step: Literal["say"] = "say"
    texts: tuple[str, ...]


class Choice(_Node):
    """One button, and where it leads."""

    title: str
    go_to: str = ""


class Ask(_Node):
    """A question, how it is answered, and the name under which the answer is kept.

    Other wordings are used in turn. Choices below a free text are examples: who taps one says just that.
    """

    step: Literal["ask"] = "ask"
    text: str
    others: tuple[str, ...] = ()
    how: How
    low: int = 0
    high: int = 0
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    save_as: str = ""


class Condition(_Strict):
    """What must be so: an answer is a value, at least, at most a number; or words that tell of a theme."""

    sort: Literal["is", "at least", "at most", "mentions"]
    name: str = ""
    value: str


class GoTo(_Node):
    """On with another section."""

    step: Literal["go to"] = "go to"
    section: str


class If(_Node):
    """One way or the other."""

    step: Literal["if"] = "if"
    condition: Condition
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...] = ()


class Run(_Node):
    """Another script, and back."""

    step: Literal["run"] = "run"
    script: str


class End(_Node):
    """The last words; empty where nothing is said. The other wordings are used in turn."""

    step: Literal["end"] = "end"
    text: str = ""
    others: tuple[str, ...] = ()


class Reflect(_Node):
    """Gives a free answer back in the person's own words."""

    step: Literal["reflect"] = "reflect"
    name: str


class Show(_Node):
    """A picture, a list, or something of the library."""

    step: Literal["show"] = "show"
    what: Shown


class Wait(_Node):
    """A pause with a timer."""

    step: Literal["wait"] = "wait"
    seconds: int


class Suggest(_Node):
    """Two or three ideas of the library to choose from."""

    step: Literal["suggest"] = "suggest"
    kind: Literal["kindness", "novelty", "question"]
    filters: tuple[str, ...] = ()
    save_as: str = ""


class Homework(_Node):
    """Something to do until the next time."""

    step: Literal["homework"] = "homework"
    text: str


class Remind(_Node):
    """Comes back after a while, at a time of day; then another script may run."""

    step: Literal["remind"] = "remind"
    seconds: int
    at: str = Field("", description="HH:MM, {an answer}, or empty for the same time of day")
    script: str = ""
    every: str = Field("", description="for a reminder each week: its days, such as Sunday or {talk_days}")


class Calendar(_Node):
    """A date for the client's own calendar, each week; its title is theirs to choose, for others may read it."""

    step: Literal["calendar"] = "calendar"
    minutes: int
    every: str = Field(..., description="its days, such as Sunday or {talk_days}")
    at: str = Field(..., description="HH:MM or {an answer}")
    called: str = Field(..., description="the title; a bystander may read it")


class Note(_Node):
    """A line for the counsellor, seen only if the client agrees."""

    step: Literal["note"] = "note"
    text: str


class HandOver(_Node):
    """The counsellor is told, with the client's agreement, that the client would like to be contacted."""

    step: Literal["hand over"] = "hand over"


class LeadOn(_Node):
    """The script is over, and those that ran it; the coach goes on with something of its own."""

    step: Literal["lead on"] = "lead on"
    to: Place


class Plan(_Node):
    """The script is over; the coach makes a small plan of this, with a time and a place."""

    step: Literal["plan"] = "plan"
    text: str


class Rehearse(_Node):
    """Something that a partner might say, from the library; the answer is heard as toward, away or against."""

    step: Literal["rehearse"] = "rehearse"
    save_as: str = ""


class Draft(_Node):
    """Three ways to say what was answered, one after the other: event, feeling and request in the person's words."""

    step: Literal["draft"] = "draft"
    event: str
    feeling: str
    request: str
    save_as: str = ""


Step = Union[
    Say,
    Ask,
    GoTo,
    If,
    Run,
    End,
    Reflect,
    Show,
    Wait,
    Suggest,
    Homework,
    Remind,
    Calendar,
    Note,
    HandOver,
    LeadOn,
    Plan,
    Rehearse,
    Draft,
]
If.update_forward_refs(Step=Step)


class Section(_Node):
    """A named part."""

    name: str
    steps: tuple[Step, ...]


class Script(_Strict):
    """A whole script; it begins with its first section.

    `why` is said to somebody who asks what a question is for; `roads` names the script of its side roads.
    """

    format: int = FORMAT
    name: str
    audience: str = ""
    keep: tuple[str, ...] = ()
    keep_line: int = 1
    why: tuple[str, ...] = ()
    roads: str = ""
    roads_line: int = 1
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """The section of that name, whatever its case and quotes."""
        return next((section for section in self.sections if plain(section.name) == plain(name)), None)


def is_side_roads(script: Script | None) -> bool:
    """Whether a script is a set of side roads: its sections are named by themes and taken by what somebody tells."""
    return script is not None and plain(script.audience).startswith("side roads")


def steps_of(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step, also those inside of conditions, in the order of the text."""
    for step in steps:
        yield step
        if isinstance(step, If):
            yield from steps_of(step.then)
            yield from steps_of(step.otherwise)


def plain(name: str) -> str:
    """A name as it is compared: without case, curly quotes, doubled spaces and a mark at its end."""
    straight = name.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    return " ".join(straight.casefold().split()).rstrip(".!")


def theme_of(name: str) -> str:
    """A theme as it is compared: "feeling unseen" and "unseen" are one."""
    return plain(name).replace("_", " ").replace("-", " ").removeprefix("feeling ")
