"""Reads and checks data/safety/lexicon.yml, so that a slip in it is told by name when the program starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Extra, ValidationError, validator

from bot.errors import ContentError
from bot.safety.verdict import Level, Scope, Topic

__all__ = ["Cues", "Entry", "Idiom", "Lexicon", "read_lexicon", "read_yaml"]

HINT = "hint"


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


def _lines(value: object) -> object:
    """A block of text as its lines; what else stands there is left for pydantic to refuse."""
    return tuple(line.strip() for line in value.splitlines() if line.strip()) if isinstance(value, str) else value


Lines = tuple[str, ...]


class Entry(_Strict):
    """One thing a person may say, in several ways.

    `level` is "alarm", "ask" or "hint"; two different hints near each other ask, one alone only when the threshold
    is lowered.
    """

    id: str
    level: str
    scope: Scope
    say: Lines
    why: str = ""

    _split = validator("say", pre=True, allow_reuse=True)(_lines)

    @validator("level")
    def _level_is_known(cls, level: str) -> str:
        if level not in (HINT, Level.ask.name, Level.alarm.name):
            raise ValueError(f'level is "{level}"; write hint, ask or alarm')
        return level

    @validator("say")
    def _says_something(cls, say: tuple[str, ...]) -> tuple[str, ...]:
        if not say:
            raise ValueError("add at least one phrase under say")
        return say

    @validator("id")
    def _topic_is_known(cls, name: str) -> str:
        topic, _, own = name.partition(".")
        topics = [topic.name for topic in Topic if topic is not Topic.none]
        if topic not in topics or not own:
            raise ValueError(f'"{name}" is not a topic, a dot and a name; topics: {", ".join(topics)}')
        return name

    @property
    def topic(self) -> Topic:
        return Topic[self.id.split(".")[0]]


class Idiom(_Strict):
    """A harmless way of speaking that has an alarming word in it."""

    id: str
    say: Lines
    why: str = ""

    _split = validator("say", pre=True, allow_reuse=True)(_lines)


class Cues(_Strict):
    """What makes an explicit phrase a mention: negation, the past, somebody else's words, somebody else."""

    negation: Lines
    not_negation: Lines
    bridge: Lines
    past: Lines
    now: Lines
    reported: Lines
    others: Lines
    own: Lines

    _split = validator("*", pre=True, allow_reuse=True)(_lines)


class Lexicon(_Strict):
    """The whole file."""

    sets: dict[str, Lines]
    cues: Cues
    entries: tuple[Entry, ...]
    idioms: tuple[Idiom, ...]

    @validator("sets", pre=True)
    def _split_sets(cls, sets: object) -> object:
        return {name: _lines(members) for name, members in sets.items()} if isinstance(sets, dict) else sets


def read_yaml(path: Path) -> Any:
    """The contents of a YAML file.

    Raises:
        ContentError: the file is missing or not YAML; names the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise ContentError(
            f"{path} can't be read ({error.strerror}). Put the file back, or check its permissions."
        ) from error
    except yaml.YAMLError as error:
        raise ContentError(
            f"{path} is not readable YAML: {error}. Check the indentation and the quotes there."
        ) from error


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon, checked.

    Raises:
        ContentError: names the file, the entry and the cure.
    """
    content = read_yaml(path)
    try:
        lexicon = Lexicon.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(f"{path}: {_place(first['loc'], content)}: {first['msg']}. Mend this entry.") from error
    names = [entry.id for entry in lexicon.entries] + [idiom.id for idiom in lexicon.idioms]
    for name in names:
        if names.count(name) > 1:
            raise ContentError(f'{path}: entry "{name}" stands there twice. Give one of them another id, or join them.')
    return lexicon


def _place(location: tuple[int | str, ...], content: Any) -> str:
    """Where in the file, with the id of the entry instead of its number."""
    steps: list[str] = []
    for step in location:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        named = content.get("id") if isinstance(content, dict) else None
        steps.append(f'entry "{named}"' if named else str(step))
    return " > ".join(steps)
