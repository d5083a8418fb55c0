"""Reads and checks the examples that understanding learns from: data/nlu.yml and data/nlu/*.yml.

`read_nlu` is also used when the program starts: a slip that Rasa would skip with a warning is an error here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import ceil
from pathlib import Path
from typing import Any, Final

import yaml

from bot.content import yaml_files
from bot.content.finding import Finding
from bot.errors import ContentError

__all__ = ["Example", "check_nlu", "domain_intents", "read_nlu", "said_by_the_program"]

FEWEST_EXAMPLES: Final = 40
ALIKE: Final = 0.9
ALIKE_FROM_WORDS: Final = 5
OPENING: Final = 3
#: Up to this many examples an intent is small: its share of like openings may be larger.
SMALL_INTENT: Final = 60
SHARE: Final = 0.08
SHARE_IN_SMALL: Final = 0.12
#: Two people may begin alike; three of them are a pattern.
FEWEST_ALIKE: Final = 3

#: What Rasa, or the second guard, brings along: neither needs examples.
_RASA_INTENTS: Final = frozenset({"restart", "back", "session_start", "nlu_fallback", "out_of_scope", "danger"})
_KINDS: Final = ("intent", "synonym", "lookup", "regex")
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_WORD = re.compile(r"[^\W_]+")
_COMMAND = re.compile(r"^/([a-z]\w*)")
_COMMAND_IN_CODE = re.compile(r"""["']/([a-z]\w*)""")


@dataclass(frozen=True)
class Example:
    """Something a person might write.

    Attributes:
        text: as it is written in the file, entities marked.
        line: counted from 1.
    """

    text: str
    intent: str
    file: Path
    line: int


def read_nlu(folder: Path) -> dict[str, tuple[Example, ...]]:
    """The examples of every intent, in the order of the files.

    Args:
        folder: holds nlu.yml and, if there is more, nlu/*.yml.

    Raises:
        ContentError: a file is missing or broken; names file, line and cure.
    """
    found: dict[str, list[Example]] = {}
    for file in (folder / "nlu.yml", *sorted((folder / "nlu").glob("*.yml"))):
        for example in _examples_in(file):
            found.setdefault(example.intent, []).append(example)
    return {intent: tuple(examples) for intent, examples in found.items()}


def check_nlu(project: Path) -> tuple[list[Finding], int]:
    """Everything that is wrong with the examples.

    Args:
        project: the folder that holds domain.yml and data/.

    Returns:
        What is wrong, and how many examples there are.
    """
    try:
        examples = read_nlu(project / "data")
    except ContentError as error:
        return [Finding("data/nlu", "the file", "nlu-file", str(error).replace(f"{project}/", ""))], 0
    findings = [
        *_names(project, examples),
        *_too_few(project, examples),
        *_same(project, examples),
        *_alike(project, examples),
        *_templates(project, examples),
    ]
    return findings, sum(map(len, examples.values()))


def domain_intents(project: Path) -> frozenset[str]:
    """The names under `intents:` of domain.yml.

    Raises:
        ContentError: domain.yml is missing or broken.
    """
    content = yaml_files.load(project / "domain.yml")
    listed = content.get("intents") if isinstance(content, dict) else None
    return frozenset(str(name) for item in listed or [] for name in (item if isinstance(item, dict) else [item]))


def said_by_the_program(project: Path) -> frozenset[str]:
    """Intents that arrive as "/name": from buttons and commands in data, and from code that makes buttons.

    Raises:
        ContentError: a file in data/ is broken.
    """
    names: set[str] = set()
    for file in (project / "domain.yml", *sorted((project / "data").rglob("*.yml"))):
        rooms = file.relative_to(project).parts[:-1]
        if file.name != "nlu.yml" and not {"nlu", "ideas"} & set(rooms) and file.is_file():
            names.update(_commands(yaml_files.load(file)))
    for folder in ("actions", "bot"):
        for file in sorted((project / folder).rglob("*.py")):
            names.update(_COMMAND_IN_CODE.findall(file.read_text(encoding="utf-8")))
    return frozenset(names)


def _commands(content: Any) -> Iterator[str]:
    """Names after a slash, and the names under `commands:` (a chat's menu)."""
    if isinstance(content, str):
        yield from _COMMAND.findall(content)
    elif isinstance(content, list):
        for item in content:
            yield from _commands(item)
    elif isinstance(content, dict):
        if isinstance(content.get("commands"), dict):
            yield from map(str, content["commands"])
        for value in content.values():
            yield from _commands(value)


def _examples_in(file: Path) -> Iterator[Example]:
    root = yaml_files.nodes(file)
    items = _fields(file, root).get("nlu") if root is not None else None
    if not isinstance(items, yaml.SequenceNode):
        raise ContentError(
            f'{file}, line 1: there is no list under "nlu:". Write "nlu:" and put "- intent: name" under it.'
        )
    for item in items.value:
        yield from _examples_of(file, item)


def _examples_of(file: Path, item: yaml.Node) -> Iterator[Example]:
    fields = _fields(file, item)
    kind = next((name for name in _KINDS if name in fields), None)
    if kind is None:
        near = next((close for name in fields for close in get_close_matches(name, ("intent",), n=1)), None)
        cure = "Did you mean intent?" if near else 'Begin it with "- intent: name".'
        raise ContentError(
            f"{file}, line {_line(item)}: this is neither {', '.join(_KINDS[:-1])} nor {_KINDS[-1]}. {cure}"
        )
    if kind != "intent":
        return
    intent = str(fields["intent"].value)
    block = fields.get("examples")
    if block is None:
        raise ContentError(
            f'{file}, line {_line(item)}: {intent} has no examples. Write "examples: |" and the examples under it.'
        )
    if not isinstance(block, yaml.ScalarNode) or block.style != "|":
        raise ContentError(
            f'{file}, line {_line(block)}: the examples of {intent} run together. Write "examples: |", with the bar.'
        )
    for number, line in enumerate(block.value.splitlines(), block.start_mark.line + 2):
        if line.startswith("-") and line[1:].strip():
            yield Example(line[1:].strip(), intent, file, number)
        elif line.strip():
            cure = 'Begin it with "- ", right under the others, with a text behind it; notes belong above the intent.'
            raise ContentError(f'{file}, line {number}: "{line.strip()[:40]}" is no example of {intent}. {cure}')


def _fields(file: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise ContentError(
            f'{file}, line {_line(node)}: there should be names here, such as "intent:" and "examples: |".'
        )
    fields: dict[str, yaml.Node] = {}
    for name, value in node.value:
        if name.value in fields:
            raise ContentError(
                f'{file}, line {_line(name)}: "{name.value}" stands twice here. Join them, or begin a new "- intent:".'
            )
        fields[str(name.value)] = value
    return fields


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _names(project: Path, examples: Mapping[str, tuple[Example, ...]]) -> Iterator[Finding]:
    """An intent that only one of the two files knows is never understood, or understood for nothing."""
    try:
        known, from_program = domain_intents(project), said_by_the_program(project)
    except ContentError as error:
        yield Finding("data", "a file", "nlu-file", str(error).replace(f"{project}/", ""))
        return
    trained = {name.split("/")[0] for name in examples}
    for name in sorted(known - trained - from_program - _RASA_INTENTS):
        message = f'it has no examples, and nothing sends "/{name}". Write {FEWEST_EXAMPLES} examples, or remove it.'
        yield Finding("domain.yml", f"intent {name}", "nlu-intent", message)
    for name in sorted(trained - known - _RASA_INTENTS):
        close = get_close_matches(name, known, n=1)
        cure = f"Did you mean {close[0]}?" if close else "Add it to intents: of domain.yml."
        example = next(group[0] for intent, group in examples.items() if intent.split("/")[0] == name)
        yield _finding(project, example, "nlu-intent", f"domain.yml doesn't know this intent. {cure}")


def _too_few(project: Path, examples: Mapping[str, tuple[Example, ...]]) -> Iterator[Finding]:
    for group in examples.values():
        if len(group) < FEWEST_EXAMPLES:
            missing = FEWEST_EXAMPLES - len(group)
            message = (
                f"it has {len(group)} examples, {FEWEST_EXAMPLES} are needed. Write {missing} more, in as many voices."
            )
            yield _finding(project, group[0], "nlu-few", message)


def _same(project: Path, examples: Mapping[str, tuple[Example, ...]]) -> Iterator[Finding]:
    """The same words in two intents teach that either is wrong half of the time; in one, they teach nothing."""
    first: dict[tuple[str, ...], Example] = {}
    for example in _all(examples):
        known = first.setdefault(_folded(example.text), example)
        if known is not example:
            message = (
                f'"{example.text}" stands already in {known.intent}, {_place(project, known)}. Remove one of them.'
            )
            yield _finding(project, example, "nlu-same", message)


def _alike(project: Path, examples: Mapping[str, tuple[Example, ...]]) -> Iterator[Finding]:
    """Examples of different intents that share nearly all their words.

    Two sets of which the shared part is at least nine tenths must share one of their rarest words, so only examples
    with a rare word in common are compared.
    """
    folded = {example: _folded(example.text) for example in _all(examples)}
    long = {example: frozenset(tokens) for example, tokens in folded.items() if len(tokens) >= ALIKE_FROM_WORDS}
    common = Counter(word for tokens in long.values() for word in tokens)
    by_rare_word: dict[str, list[Example]] = {}
    for example, tokens in long.items():
        rarest = sorted(tokens, key=lambda word: (common[word], word))[: len(tokens) - ceil(ALIKE * len(tokens)) + 1]
        met = dict.fromkeys(other for word in rarest for other in by_rare_word.get(word, ()))
        for other in met:
            apart = other.intent != example.intent and folded[other] != folded[example]
            if apart and len(tokens & long[other]) >= ALIKE * len(tokens | long[other]):
                message = f'"{example.text}" is nearly {other.intent}, {_place(project, other)}. Reword or remove one.'
                yield _finding(project, example, "nlu-alike", message)
        for word in rarest:
            by_rare_word.setdefault(word, []).append(example)


def _templates(project: Path, examples: Mapping[str, tuple[Example, ...]]) -> Iterator[Finding]:
    """Examples made by filling one sentence again and again teach its first words, not the meaning."""
    for group in examples.values():
        most = SHARE if len(group) > SMALL_INTENT else SHARE_IN_SMALL
        openings: dict[tuple[str, ...], list[Example]] = {}
        for example in group:
            words = _folded(example.text)
            if len(words) >= OPENING:
                openings.setdefault(words[:OPENING], []).append(example)
        for opening, alike in openings.items():
            if len(alike) >= FEWEST_ALIKE and len(alike) > most * len(group):
                lines = ", ".join(str(example.line) for example in alike)
                message = (
                    f'{len(alike)} of {len(group)} examples begin with "{" ".join(opening)}" (lines {lines}), '
                    f"{most:.0%} is the most. Say some of them in another way."
                )
                yield _finding(project, alike[0], "nlu-template", message)


def _all(examples: Mapping[str, tuple[Example, ...]]) -> Iterable[Example]:
    return (example for group in examples.values() for example in group)


def _folded(text: str) -> tuple[str, ...]:
    """The words without case, marks, apostrophes and entities; a text of marks alone stays as it is."""
    plain = _ENTITY.sub(r"\1", text).casefold().replace("'", "").replace("’", "")
    return tuple(_WORD.findall(plain)) or (plain,)


def _place(project: Path, example: Example) -> str:
    return f"{_relative(project, example.file)} line {example.line}"


def _finding(project: Path, example: Example, rule: str, message: str) -> Finding:
    return Finding(_relative(project, example.file), f"line {example.line}, {example.intent}", rule, message)


def _relative(project: Path, file: Path) -> str:
    return file.relative_to(project).as_posix()
