"""Finds every text that Toward says: one small reader for each kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from bot.content import yaml_files
from bot.content.finding import Finding
from bot.errors import ContentError

__all__ = ["Text", "read_texts"]

Kind = Literal["bubble", "button", "idea"]


@dataclass(frozen=True)
class Text:
    """Something that a person reads.

    Attributes:
        file: relative to the project.
        where: the name of the text, and which wording of it.
        words: the text itself, with its {placeholders}.
        kind: "bubble" is said by the bot, "button" is a title to tap, "idea" comes from the library.
        wording_of: the name that several wordings share; empty where a text has only one.
        titles: of the buttons under this bubble.
        exempt: rules that this text need not keep.
        why: the reason for that.
        once: it is said once to a person, so one wording is enough.
    """

    file: str
    where: str
    words: str
    kind: Kind = "bubble"
    wording_of: str = ""
    titles: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    why: str = ""
    once: bool = False


def read_texts(project: Path) -> tuple[list[Text], list[Finding]]:
    """Every text in the project, and a finding for each file that can't be read.

    Args:
        project: the folder that holds domain.yml and data/.
    """
    texts: list[Text] = []
    findings: list[Finding] = []
    for pattern, read in _READERS:
        files = sorted(project.glob(pattern))
        if not files and "*" not in pattern:
            findings.append(Finding(pattern, "the file", "file", "it is missing. Put it back from the repository."))
        for file in files:
            name = file.relative_to(project).as_posix()
            try:
                texts.extend(list(read(name, yaml_files.load(file))))
            except ContentError as error:
                findings.append(Finding(name, "the file", "file", str(error).replace(f"{project}/", "")))
    return texts, findings


#: Names under which something stands that nobody reads: settings of a page, what a button sends, marks for the program.
_NOT_READ = frozenset(
    {"attachment", "button_type", "channel", "condition", "direction", "exempt", "help_sends", "id"}
    | {"image", "why"}
    | {"language", "leave_to", "level", "metadata", "once", "payload", "scope", "sends", "topic", "url", "version"}
    | {"translations"}  # the rules are made for English
)  # fmt: skip
_BUTTONS = frozenset({"buttons", "choices", "quick_replies", "title", "titles"})
_IDEA_FIELDS = (
    *("title", "text", "smaller", "question"),
    *("bid", "toward", "away", "against", "why"),
    *("moment", "goes_round", "one", "one_inside", "one_move", "other", "other_inside", "other_move"),
    *("before", "event", "feeling", "request"),
)
#: Of these, what stands on a button.
_IDEA_TITLES = frozenset({"title", "one", "other"})


def _domain(file: str, content: Any) -> Iterator[Text]:
    """`responses:` of domain.yml."""
    for name, wordings in _mapping(_mapping(content).get("responses")).items():
        yield from _wordings(file, name, wordings)


def _by_name(file: str, content: Any) -> Iterator[Text]:
    """A flat file: a name, and a list of wordings under it."""
    for name, wordings in _mapping(content).items():
        yield from _wordings(file, name, wordings)


def _scripts(file: str, content: Any) -> Iterator[Text]:
    """What the bot says around scripts: names with wordings; those that end in "_button" are titles."""
    for name, wordings in _mapping(content).items():
        button = name.endswith("_button")
        place = _Place(file, (name,), "" if button else name, button, {"once": name == "shared_contact"})
        yield from _walk(place, wordings)


def _safety(file: str, content: Any) -> Iterator[Text]:
    """Blocks of data/safety/words.yml, each with variants of one or two bubbles, and the buttons that blocks share."""
    top = _mapping(content)
    for name, button in _mapping(top.get("buttons")).items():
        title = _mapping(button).get("title")
        if isinstance(title, str):
            yield Text(file, f"buttons, {name}", title, kind="button")
    for name, block in _mapping(top.get("words")).items():
        for number, variant in enumerate(_mapping(block).get("say") or [], 1):
            for at, bubble in enumerate(variant if isinstance(variant, list) else [variant], 1):
                yield Text(file, f"{name}, wording {number}, bubble {at}", str(bubble).strip(), once=True)


def _nested(file: str, content: Any) -> Iterator[Text]:
    """Names within names, and texts at the ends."""
    yield from _walk(_Place(file), content)


def _ideas(file: str, content: Any) -> Iterator[Text]:
    """A list of ideas; of each, the fields that a person reads."""
    for number, item in enumerate(content if isinstance(content, list) else [], 1):
        fields = _mapping(item)
        for name in _IDEA_FIELDS:
            if isinstance(fields.get(name), str):
                where = f"item {number} ({fields.get('id', 'no id')}), {name}"
                yield Text(file, where, fields[name].strip(), kind="button" if name in _IDEA_TITLES else "idea")


def _reflections(file: str, content: Any) -> Iterator[Text]:
    """Groups of reflections that share what they are for, and the frames in which the person's own words open one."""
    if isinstance(content, dict):
        for name, frames in content.items():
            for at, line in enumerate(frames if isinstance(frames, list) else [], 1):
                yield Text(file, f"{name}, wording {at}", str(line).strip(), once=True)
    for number, group in enumerate(content if isinstance(content, list) else [], 1):
        lines = _mapping(group).get("say")
        if not isinstance(lines, list) or not lines:
            raise ContentError(f'group {number} has no lines under "say:". Add one, or remove the group.')
        for at, line in enumerate(lines, 1):
            yield Text(file, f"group {number}, line {at}", str(line).strip(), once=True)


_READERS: tuple[tuple[str, Callable[[str, Any], Iterator[Text]]], ...] = (
    ("domain.yml", _domain),
    ("data/edges.yml", _by_name),
    ("data/buttons_only*.yml", _scripts),
    ("data/safety/words*.yml", _safety),
    ("data/channels/*.yml", _nested),
    ("data/pictures*.yml", _nested),
    ("data/ideas/*.yml", _ideas),
    ("data/ideas/*/*.yml", _ideas),
    ("data/scripts/words*.yml", _scripts),
    ("data/reflections/*.yml", _reflections),
)


@dataclass(frozen=True)
class _Place:
    """Where a walk through a file has come to, and what holds from there on."""

    file: str
    steps: tuple[str, ...] = ()
    wording_of: str = ""
    button: bool = False
    marks: dict[str, Any] = field(default_factory=dict)

    def into(self, step: str, button: bool | None = None) -> _Place:
        """One step further in."""
        return replace(self, steps=(*self.steps, step), button=self.button if button is None else button)

    def text(self, words: str, titles: tuple[str, ...] = ()) -> Text:
        return Text(
            file=self.file,
            where=", ".join(self.steps),
            words=words.strip(),
            kind="button" if self.button else "bubble",
            wording_of="" if self.button else self.wording_of,
            titles=titles,
            exempt=_strings(self.marks.get("exempt")),
            why=str(self.marks.get("why") or ""),
            once=self.marks.get("once") is True,
        )


def _wordings(file: str, name: str, wordings: Any) -> Iterator[Text]:
    yield from _walk(_Place(file, (name,), wording_of=name), wordings)


def _walk(place: _Place, content: Any) -> Iterator[Text]:
    if isinstance(content, str):
        if content.strip():
            yield place.text(content)
    elif isinstance(content, bool) and place.button:
        raise ContentError(
            f"{', '.join(place.steps)}: a yes or no without quotes is not read as text. Put quotes around it."
        )
    elif isinstance(content, list):
        for number, item in enumerate(content, 1):
            yield from _walk(place.into(f"{'button' if place.button else 'wording'} {number}"), item)
    elif isinstance(content, dict):
        yield from _walk_names(place, content)


def _walk_names(place: _Place, content: dict[str, Any]) -> Iterator[Text]:
    """A bubble with its marks and buttons, or simply names."""
    if isinstance(content.get("text"), str):
        place = replace(place, marks={**place.marks, **content, **_mapping(content.get("metadata"))})
        yield place.text(content["text"], tuple(_titles(content)))
        content = {name: value for name, value in content.items() if name != "text"}
    for name, value in content.items():
        if name not in _NOT_READ:
            yield from _walk(place.into(str(name), button=place.button or name in _BUTTONS), value)


def _titles(content: dict[str, Any]) -> Iterator[str]:
    for name in _BUTTONS & set(content):
        for button in content[name] if isinstance(content[name], list) else []:
            title = button.get("title") if isinstance(button, dict) else button
            if isinstance(title, str):
                yield title


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in (value if isinstance(value, list) else [value] if value else []))


def _mapping(value: Any) -> dict[str, Any]:
    return {str(name): item for name, item in value.items()} if isinstance(value, dict) else {}
